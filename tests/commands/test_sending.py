"""The command that sends what waits."""

import json
import signal
from dataclasses import dataclass, field

import pytest
from click.testing import CliRunner

from enrollment import commands
from enrollment.commands import sending
from enrollment.commands.start import migrated
from enrollment.messages.gateways import Receipt
from enrollment.messages.office import Office, open_office
from enrollment.messages.outbox import queue
from enrollment.rules.access import SYSTEM, Act
from enrollment.storage.database import db, transaction
from enrollment.web import clock
from tests.conftest import SETTINGS


@dataclass
class Noting:
    """A gateway that ends the service after so many messages."""

    last: int = 0
    sent: list[str] = field(default_factory=list)

    def send(self, _phone, _template, _values, key):
        self.sent.append(key)
        if len(self.sent) == self.last:
            signal.raise_signal(signal.SIGTERM)
        return Receipt(key)


@pytest.fixture
def app(tmp_path, monkeypatch):
    """The application the command makes."""
    app = migrated(SETTINGS.but(database_url=f"sqlite:///{tmp_path}/c.sqlite3"))
    monkeypatch.setattr(sending, "migrated", lambda: app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def own_signal():
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def put(app, *keys):
    with app.app_context(), transaction(by=SYSTEM, act=Act.APPLY, now=clock.now()) as work:
        for key in keys:
            queue(work, "13800000001", "application_decided", {"number": "211130-ABCDE", "result": "已通过"}, key)


def run(*arguments):
    done = CliRunner().invoke(commands.cli, ["messages", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return [json.loads(told) for told in done.stdout.replace("}\n{", "}\n\n{").split("\n\n")]


def test_once_sends_all_that_is_due_and_says_how_many(app):
    gateway, keys = Noting(), [f"n{n:02}" for n in range(25)]
    open_office(app, Office(gateway, shows_codes=False, wake=lambda: None))
    put(app, *keys)

    assert run() == [{"sent": 25, "failed": 0, "waiting": 0, "stuck": 0}]
    assert gateway.sent == keys
    assert run("--once") == [{"sent": 0, "failed": 0, "waiting": 0, "stuck": 0}]


def test_forever_goes_on_until_it_is_told_to_stop_and_is_silent_when_idle(app, own_signal, monkeypatch):
    gateway, rounds = Noting(last=2), iter([(), ("n2",), ("n3",)])
    open_office(app, Office(gateway, shows_codes=False, wake=lambda: None))
    put(app, "n1")

    class Impatient(sending.Event):
        def wait(self, timeout=None):
            assert timeout == 5
            put(app, *next(rounds, ()))
            return self.is_set()

    monkeypatch.setattr(sending, "Event", Impatient)

    assert run("--forever") == [
        {"sent": 1, "failed": 0, "waiting": 0, "stuck": 0},
        {"sent": 1, "failed": 0, "waiting": 0, "stuck": 0},
    ]
    assert gateway.sent == ["n1", "n2"]
