"""The command ``match``: what cadres' scripts rely on."""

import json

import pytest
from click.testing import CliRunner
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from enrollment import commands, create_app
from enrollment.settings import Settings
from enrollment.storage.database import db
from tests import make


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command on a database with three units of one park, and a joint union with one more near it."""
    keys = Settings.from_environment({"DATABASE_URL": "sqlite://"}, tmp_path)
    settings = keys.but(database_url=f"sqlite:///{tmp_path}/c.sqlite3")
    monkeypatch.setattr(Settings, "from_environment", lambda: settings)
    with create_app(settings).app_context():
        upgrade()
        with Session(db.engine) as session:
            for code, workers, north in (("A", 9, 44.0), ("B", 11, 44.0027), ("C", 6, 44.0072)):
                place = {"region_code": "652301401", "latitude": north, "longitude": 87.3}
                make.employer(session, code=code, name=f"{code}车队", workers=workers, group="truck_driver", **place)
            make.union(session, code="U", name="昌吉市快递联合工会", kind="joint", region_code="652301002")
            make.employer(session, code="D", name="四人网点", workers=4, region_code="652301002")
        db.engine.dispose()
    return lambda *arguments: CliRunner().invoke(commands.cli, ("match", *arguments))


def test_json_has_employers_workers_reason_and_the_existing_union(run):
    done = run("--territory", "652301")

    assert done.exit_code == 0
    assert json.loads(done.output) == [
        {
            "employers": [{"code": "D", "name": "四人网点", "workers": 4}],
            "workers": 4,
            "reason": "可加入昌吉市快递联合工会，同一乡镇（街道），共4人",
            "existing_union": {"code": "U", "name": "昌吉市快递联合工会"},
        },
        {
            "employers": [
                {"code": "B", "name": "B车队", "workers": 11},
                {"code": "A", "name": "A车队", "workers": 9},
                {"code": "C", "name": "C车队", "workers": 6},
            ],
            "workers": 26,
            "reason": "同一园区，相距800米，同行业（货车司机），11 + 9 + 6 = 26人",
            "existing_union": None,
        },
    ]
    assert run("--territory", "652301").output == done.output


def test_the_table_has_one_line_for_each_proposal(run):
    lines = [line.split("\t") for line in run("--format", "table").output.splitlines()]

    assert lines == [
        ["昌吉市", "四人网点", "4", "可加入昌吉市快递联合工会，同一乡镇（街道），共4人", "昌吉市快递联合工会"],
        ["昌吉市", "B车队、A车队、C车队", "26", "同一园区，相距800米，同行业（货车司机），11 + 9 + 6 = 26人", ""],
    ]


def test_another_county_has_none_and_an_unknown_one_is_said(run):
    assert json.loads(run("--territory", "652302").output) == []
    assert "is neither the prefecture (652300) nor" in run("--territory", "110000").stderr
