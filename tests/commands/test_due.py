"""The command ``deadlines``: what a cadre's morning list relies on."""

import json
from datetime import date

import pytest
from click.testing import CliRunner
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from enrollment import commands, create_app
from enrollment.rules.stages import FoundingStep
from enrollment.settings import Settings
from enrollment.storage.database import db
from enrollment.storage.foundings import UnionTerm
from tests import make

S = FoundingStep


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command on a database with a result reported and a term that ends."""
    keys = Settings.from_environment({"DATABASE_URL": "sqlite://"}, tmp_path)
    settings = keys.but(database_url=f"sqlite:///{tmp_path}/c.sqlite3")
    monkeypatch.setattr(Settings, "from_environment", lambda: settings)
    steps = (S.STARTED, S.SUBMITTED, S.GROUP_APPROVED, S.PREPARED, S.MEETING_REQUESTED, S.MEETING_APPROVED,
             S.MEETING_HELD, S.RESULT_REPORTED)  # fmt: skip
    with create_app(settings).app_context():
        upgrade()
        with Session(db.engine, expire_on_commit=False) as session:
            make.founding_application(
                session, steps=steps, union_name="四人网点工会", application={"number": "211130-AAAAA"}
            )
            union = make.union(session, code="U", name="顺达工会委员会", county_code="652302")
            day = date(2022, 1, 31)
            session.add(UnionTerm(union_id=union.id, ordinal=1, years=3, elected_on=date(2019, 1, 31), ends_on=day))
            session.commit()
        db.engine.dispose()
    return lambda *arguments: CliRunner().invoke(commands.cli, ("deadlines", *arguments))


def test_json_says_what_is_overdue_and_what_ends(run):
    done = run("--on", "2021-12-08")

    assert done.exit_code == 0
    assert json.loads(done.output) == [
        {
            "matter": "establishment",
            "code": "211130-AAAAA",
            "name": "四人网点工会",
            "county": "652301",
            "due_on": "2021-12-07",
            "days_left": -1,
            "state": "overdue",
            "passed_up": True,
        },
        {
            "matter": "term",
            "code": "U",
            "name": "顺达工会委员会",
            "county": "652302",
            "due_on": "2022-01-31",
            "days_left": 54,
            "state": "ending",
            "passed_up": False,
        },
    ]


def test_a_territory_and_the_day_narrow_it(run):
    assert [each["code"] for each in json.loads(run("--on", "2021-12-07", "--territory", "652302").output)] == ["U"]
    assert [each["state"] for each in json.loads(run("--on", "2021-12-07", "--territory", "652301").output)] == ["due"]
    assert json.loads(run("--on", "2021-10-01", "--territory", "652302").output) == []


def test_the_table_has_one_line_for_each(run):
    lines = [line.split("\t") for line in run("--on", "2021-12-08", "--format", "table").output.splitlines()]

    assert lines == [
        ["2021-12-07", "已超期", "选举结果批复（15日）", "四人网点工会", "昌吉市"],
        ["2022-01-31", "即将到期", "届满换届", "顺达工会委员会", "阜康市"],
    ]
