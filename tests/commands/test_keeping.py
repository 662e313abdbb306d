"""The commands that keep data safe: ``audit verify``, ``audit seal``, ``keys rotate``."""

import base64
from functools import partial

import pytest
from click.testing import CliRunner
from sqlalchemy import LargeBinary, select, text, type_coerce
from sqlalchemy.orm import Session

from enrollment import commands
from enrollment.commands.start import migrated
from enrollment.rules.access import SYSTEM, Act
from enrollment.settings import Settings, data_keys_in
from enrollment.storage.audit import AuditEntry
from enrollment.storage.database import db, transaction
from enrollment.storage.people import Person
from enrollment.storage.vault import Vault
from tests import make

FROM_ENVIRONMENT = Settings.from_environment


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a database and keys of its own, which every command reads anew; and what else is set there."""
    given = {"DATABASE_URL": f"sqlite:///{tmp_path}/c.sqlite3"}
    monkeypatch.setattr(Settings, "from_environment", lambda: FROM_ENVIRONMENT(given, tmp_path))
    return tmp_path, given


def run(*arguments):
    return CliRunner().invoke(commands.cli, arguments)


def rows(act):
    """Something in the database of the place."""
    with migrated(Settings.from_environment()).app_context():
        with Session(db.engine, expire_on_commit=False) as session:
            found = act(session)
            session.commit()
        db.engine.dispose()
    return found


def test_an_audit_that_was_changed_is_told_with_the_first_entry(place):
    def sign(session):
        for _time in range(3):
            with transaction(by=SYSTEM, act=Act.SIGN_IN):
                pass

    rows(sign)
    before = run("audit", "verify")
    sealing = run("audit", "seal")
    after = run("audit", "verify")
    assert [(done.exit_code, done.output) for done in (before, sealing, after)] == [
        (0, "3 entries, 0 of them sealed\n"), (0, "3 entries sealed\n"), (0, "3 entries, 3 of them sealed\n"),
    ]  # fmt: skip

    rows(lambda session: session.execute(text("DROP TRIGGER audit_entries_stay_update")))
    rows(lambda session: session.execute(text("UPDATE audit_entries SET actor = 'anders' WHERE id = 2")))
    broken = run("audit", "verify")

    assert (broken.exit_code, broken.output) == (1, "entry 2 is not as it was sealed\n")


def test_keys_are_exchanged_while_it_serves(place):
    folder, _given = place
    rows(lambda session: make.person(session, phone="13812341234"))
    serving, path = Vault(), folder / "keys.json"
    serving.unlock(data_keys_in(path), b"m" * 32, anew=partial(data_keys_in, path))

    done = run("keys", "rotate")

    assert (done.exit_code, done.output) == (0, "2 values encrypted with the new key\n")
    assert (len(data_keys_in(path)), path.stat().st_mode & 0o777) == (2, 0o600)
    [kept] = rows(lambda session: session.scalars(select(type_coerce(Person.phone, LargeBinary))).all())
    assert not serving.is_current(kept)
    assert serving.open(bytes(kept), "phone") == "13812341234"
    assert rows(lambda session: session.scalars(select(Person.phone)).all()) == ["13812341234"]
    note = rows(lambda session: session.scalars(select(AuditEntry.note).where(AuditEntry.act == "rotate_keys")).one())
    assert note == "2 values"


def test_with_a_key_of_the_environment_the_new_one_is_named_there(place):
    _folder, given = place
    old, new = (base64.b64encode(each * 32).decode() for each in (b"d", b"e"))
    given["DATA_KEY"] = old
    rows(make.person)

    alone = run("keys", "rotate")
    given["DATA_KEY"] = f"{new}, {old}"
    both = run("keys", "rotate")

    assert (alone.exit_code, "put the new one before it" in alone.output) == (1, True)
    assert (both.exit_code, both.output) == (0, "2 values encrypted with the new key\n")
    given["DATA_KEY"] = new
    assert len(rows(lambda session: session.scalars(select(Person.identity)).all())) == 1
