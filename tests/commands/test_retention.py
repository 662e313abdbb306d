"""The command ``retention``: says what is due, and drops it."""

import json
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from flask_migrate import upgrade
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enrollment import commands, create_app
from enrollment.rules.applications import Step
from enrollment.settings import Settings
from enrollment.storage.applications import Application
from enrollment.storage.audit import AuditEntry
from enrollment.storage.database import db
from enrollment.storage.retention import RetentionRun
from tests import make

NOW = datetime(2022, 6, 1, 4, 0, tzinfo=UTC)
REFUSED = (Step.SUBMITTED, Step.REFUSED)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A database with refused applications in two counties, one that is held, and one due soon."""
    keys = Settings.from_environment({"DATABASE_URL": "sqlite://"}, tmp_path)
    settings = keys.but(database_url=f"sqlite:///{tmp_path}/c.sqlite3")
    monkeypatch.setattr(Settings, "from_environment", lambda: settings)
    monkeypatch.setattr("enrollment.web.clock.now", lambda: NOW)
    with create_app(settings).app_context():
        upgrade()
        with Session(db.engine, expire_on_commit=False) as session:
            make.join_application(session, steps=REFUSED, at=datetime(2021, 11, 1, 4, 0, tzinfo=UTC))
            make.join_application(session, steps=REFUSED, application={"county_code": "652302"})
            identity = "652302199001090005"
            make.join_application(session, identity=identity)
            make.join_application(session, steps=REFUSED, identity=identity)
            make.join_application(session, steps=REFUSED, at=datetime(2021, 12, 10, 4, 0, tzinfo=UTC))
        db.engine.dispose()
    return settings


def run(*arguments):
    return CliRunner().invoke(commands.cli, ("retention", *arguments))


def rows(settings, *columns):
    with create_app(settings).app_context():
        found = db.session.execute(select(*columns)).all()
        db.engine.dispose()
    return [tuple(row) for row in found]


def test_a_dry_run_says_what_is_due_and_changes_nothing(place):
    done = run("--dry-run")

    assert done.exit_code == 0
    lines = [line.split("\t") for line in done.output.splitlines()]
    assert lines[0] == ["", "days kept", "due", "kept longer", "due in 30 days", "oldest"]
    assert lines[3] == ["未通过的入会申请", "180", "2", "1", "1", "2021-11-01"]
    assert [line[0] for line in lines[1:11]] == [
        "开了头没有提交的建会申请", "退回后一直没有补正的申请", "未通过的入会申请", "已撤回的入会申请",
        "已办结的会员事项", "已办结或终止的建会申请", "已退出的会员", "已发完的短信记录", "登录记录", "短信验证码",
    ]  # fmt: skip
    assert {tuple(line[2:]) for line in [*lines[1:3], *lines[4:11]]} == {("0", "0", "0", "-")}
    assert lines[11] == ["dry run: 2 due, nothing was changed"]
    assert rows(place, func.count(Application.dropped_on)) == [(0,)]
    assert rows(place, RetentionRun.id) == rows(place, AuditEntry.id) == []


def test_a_run_drops_it_and_the_second_finds_nothing(place):
    first, second = run(), run()

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output.splitlines()[3] == "未通过的入会申请\t180\t2\t1\t1\t2021-11-01"
    assert first.output.splitlines()[0].split("\t")[2] == "dropped"
    assert [done.output.splitlines()[-1] for done in (first, second)] == ["2 dropped", "0 dropped"]
    assert rows(place, func.count(Application.dropped_on)) == [(2,)]
    assert rows(place, RetentionRun.actor, RetentionRun.automatic_on) == [("system", None)] * 2
    assert rows(place, AuditEntry.note) == [("begun",), ("2 dropped",), ("ended: 2",), ("begun",), ("ended: 0",)]


def test_json_says_the_same(place):
    told = {each["matter"]: each for each in json.loads(run("--dry-run", "--format", "json").output)}

    assert told["refused"] == {
        "matter": "refused", "days": 180, "due": 2, "held": 1, "due_in_30_days": 1, "oldest": str(date(2021, 11, 1))
    }  # fmt: skip
    assert told["code"]["days"] == 2
