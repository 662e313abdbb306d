"""The command line: words and keys that cadres' scripts rely on."""

import csv
import io
import json
import socket
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, insert, text, update

from enrollment import commands, create_app, demo
from enrollment.commands import start
from enrollment.settings import Settings, SettingsError
from enrollment.storage.accounts import Account
from enrollment.storage.database import db
from tests.cast import LIGHT

DRIVER = {
    "group": "truck_driver",
    "relation": "affiliated_owner",
    "birth_date": "1985-01-01",
    "work_region": "ZD",
    "home_region": "652328100",
    "affiliate_admits": False,
    "hires": 0,
    "already_member": False,
}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command on a database of its own; the keys are made for it."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/commands.sqlite3")
    keys = Settings.from_environment({"DATABASE_URL": "sqlite://"}, tmp_path)
    monkeypatch.setattr(Settings, "from_environment", lambda: keys.but(database_url=f"sqlite:///{tmp_path}/c.sqlite3"))

    def invoke(*arguments, facts=None):
        return CliRunner().invoke(commands.cli, arguments, input=None if facts is None else json.dumps(facts))

    return invoke


def test_help_lists_every_command(run):
    listed = run("help").output

    for word in ("answer", "check", "demo", "export", "rates", "serve", "verify-card", "python3 app.py test"):
        assert word in listed


@pytest.mark.parametrize(
    ("what", "value", "normal"),
    [
        ("identity", "65230119920507000x", "65230119920507000X"),
        ("identity", "652303197508080006", "652303197508080006"),
        ("credit-code", "81440000mcl468545m", "81440000MCL468545M"),
        ("phone", "+86 138 1234 5678", "13812345678"),
        ("plate", "新B·12345", "新B12345"),
        ("name", "阿卜杜拉•买买提", "阿卜杜拉·买买提"),
    ],
)
def test_check_prints_the_normal_form(run, what, value, normal):
    done = run("check", what, value)

    assert (done.exit_code, done.output) == (0, f"{normal}\n")


def test_check_prints_the_reason_and_exits_with_one(run):
    done = run("check", "identity", "652301199002300005")

    told = json.loads(done.output)
    assert done.exit_code == 1
    assert set(told) == {"reason", "says"}
    assert told["reason"] == "identity_birth_date"
    assert told["says"]


def test_answer_join_for_the_affiliated_driver(run):
    told = json.loads(run("answer", "join", "-", "--on", "2021-11-30", facts=DRIVER).output)

    assert set(told) == {"outcome", "options", "reasons", "sources", "on"}
    assert (told["outcome"], told["on"]) == ("unions", "2021-11-30")
    assert [(o["kind"], o["place"], o["region"]) for o in told["options"]] == [
        ("industry", "industry", "ZD"),
        ("park", "work", "ZD"),
        ("township", "home", "652328100"),
    ]
    assert all("LAW-2" not in o["sources"] for o in told["options"])


def test_answer_join_cites_the_law_of_the_day_asked(run):
    told = json.loads(run("answer", "join", "-", "--on", "2022-01-01", facts=DRIVER).output)

    assert all("LAW-2" in o["sources"] for o in told["options"])


PLACES = {"work_region": "652301001", "home_region": "652301002"}

# The eight who ask most: what is known of them, the outcome, the unions in order, reasons.
CASES = {
    "courier of a depot of four without a union": (
        {"group": "courier", "relation": "labor_contract", "employer_has_union": False, **PLACES},
        "unions", ["township:work", "industry:industry"], [],
    ),
    "owner-driver living in Mulei, working in Zhundong": (
        DRIVER, "unions", ["industry:industry", "park:work", "township:home"], [],
    ),
    "hired driver of an affiliated truck": (
        {"group": "truck_driver", "relation": "affiliated_hired", "affiliate_admits": True, **PLACES},
        "unions", ["industry:industry", "township:work", "township:home", "single:affiliate"], [],
    ),
    "dispatched worker, the agency without a union": (
        {"group": "courier", "relation": "dispatch", "employer_has_union": False, "affiliate_admits": True, **PLACES},
        "unions", ["single:affiliate", "township:work", "industry:industry"], [],
    ),
    "food rider on two platforms": (
        {"group": "food_rider", "relation": "part_time_multi", **PLACES},
        "unions", ["township:work", "township:home", "industry:industry"], [],
    ),
    "retired and hired again": (
        {"group": "courier", "relation": "retired_rehired", **PLACES}, "manual_review", [], ["retired_rehired"],
    ),
    "owner employing two": (
        {"group": "truck_driver", "relation": "affiliated_owner", "hires": 2, **PLACES},
        "manual_review", [], ["employs_others"],
    ),
    "address of the Corps": (
        {"group": "courier", "relation": "incomplete", "work_region": "652323520"}, "referral", [], ["bingtuan"],
    ),
    "sixteen today": (
        {"group": "courier", "relation": "de_facto", "employer_has_union": False, "birth_date": "2010-11-25", **PLACES},
        "unions", ["township:work", "industry:industry"], [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_answer_join_is_right_for_each_of_the_cases(run, case):
    facts, outcome, unions, reasons = CASES[case]

    told = json.loads(run("answer", "join", "-", "--on", "2026-11-25", facts=facts).output)

    assert told["outcome"] == outcome
    assert [f"{option['kind']}:{option['place']}" for option in told["options"]] == unions
    assert told["reasons"] == reasons


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        (("--lang", "en"), "The union of road freight is there for all who drive trucks, whoever they belong to."),
        (("--lang", "zh"), "道路货运行业工会，货车司机都能入，不管车挂在哪家。"),
        ((), "道路货运行业工会，货车司机都能入，不管车挂在哪家。"),
    ],
)
def test_each_option_says_why_in_the_language_asked(run, lang, sentence):
    told = json.loads(run("answer", "join", "-", *lang, facts=DRIVER).output)

    assert told["options"][0]["says"] == sentence
    assert all(option["says"] for option in told["options"])


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"relation": "pilot"}, 'The fact relation cannot be "pilot".'),
        ({"birth_date": "30 Feb"}, 'The fact birth_date cannot be "30 Feb".'),
        ({"hires": -1}, "The fact hires cannot be -1."),
        ({"employer_has_union": "yes"}, 'The fact employer_has_union cannot be "yes".'),
        ({"work_region": 652301}, "The fact work_region cannot be 652301."),
        ([], "The facts must be one JSON object."),
    ],
)
def test_facts_that_cannot_be_read_are_one_sentence(run, facts, sentence):
    done = run("answer", "join", "-", facts=facts)

    assert (done.exit_code, done.stderr) == (2, f"{sentence}\n")


def test_what_is_no_json_and_what_is_no_date(run, tmp_path):
    odd = tmp_path / "facts.json"
    odd.write_text("{")

    assert run("answer", "join", str(odd)).stderr == "The facts are not JSON.\n"
    assert "is not a date: write it as YYYY-MM-DD." in run("answer", "join", "-", "--on", "soon", facts={}).stderr


def test_an_unknown_fact_is_mentioned_and_passed_over(run):
    done = run("answer", "join", "-", facts={"shoe_size": 43})

    assert done.exit_code == 0
    assert done.stderr == "The fact shoe_size is not known and was passed over.\n"


ELECTION = {
    "entitled": 24, "present": 16, "ballots_issued": 16, "ballots_returned": 16, "seats": 3,
    "candidates": [
        {"name": "甲", "yes": 13, "barred": False}, {"name": "乙", "yes": 16, "barred": False},
        {"name": "丙", "yes": 4, "barred": False}, {"name": "丁", "yes": 15, "barred": False},
    ],
    "notice_from": "2021-11-22", "meeting_on": "2021-11-29",
}  # fmt: skip


def test_answer_election_says_who_is_elected(run):
    assert json.loads(run("answer", "election", "-", facts=ELECTION).output) == {
        "valid": True,
        "quorum": 16,
        "votes_needed": 13,
        "elected": ["乙", "丁", "甲"],
        "open_seats": 0,
        "reasons": [],
    }


def test_answer_election_says_what_is_broken(run):
    facts = ELECTION | {"present": 15, "ballots_issued": 15, "ballots_returned": 15, "meeting_on": None}

    told = json.loads(run("answer", "election", "-", "--on", "2021-11-26", facts=facts).output)

    assert (told["valid"], told["elected"], told["open_seats"]) == (False, [], 3)
    assert told["reasons"] == ["no_quorum", "more_votes_than_ballots", "more_votes_than_marks", "notice_too_short"]


def test_answer_election_knows_one_officer_and_void_ballots(run):
    facts = ELECTION | {"seats": 1, "candidates": [{"name": "甲", "yes": 15}], "body": "officer", "ballots_void": 1}

    assert json.loads(run("answer", "election", "-", facts=facts).output)["elected"] == ["甲"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"entitled": None}, "Facts need entitled."),
        ({"present": -1}, "The fact present cannot be -1."),
        ({"seats": 0}, "There is nothing to elect without seats and people entitled to vote."),
        ({"candidates": "甲"}, "Facts need candidates: a list of name, yes and barred."),
        ({"candidates": ["甲"]}, "Each candidate needs a name, the yes votes, and whether the law bars them."),
        ({"notice_from": None}, "Facts need notice_from and meeting_on, each as YYYY-MM-DD."),
        ({"meeting_on": "soon"}, 'The fact meeting_on cannot be "soon".'),
        ({"body": "king"}, 'The fact body cannot be "king".'),
    ],
)
def test_answer_election_says_what_it_cannot_read(run, changes, sentence):
    done = run("answer", "election", "-", facts=ELECTION | changes)

    assert (done.exit_code, done.stderr) == (2, f"{sentence}\n")


def test_answer_found_for_a_depot_of_four_with_owner_and_spouse(run):
    facts = {"units": [{"name": "甲", "depots": [{"workers": 4, "members": 4, "barred": 2}]}]}

    told = json.loads(run("answer", "found", "-", facts=facts).output)

    unit = told["units"][0]
    assert {key: unit[key] for key in ("name", "members", "eligible_candidates", "must_form")} == {
        "name": "甲",
        "members": 4,
        "eligible_candidates": 2,
        "must_form": False,
    }
    assert {way: unit["ways"][way]["possible"] for way in unit["ways"]} == {
        "own_committee": False,
        "one_officer": True,
        "joint": True,
    }
    assert unit["ways"]["own_committee"]["reasons"] == ["too_few_candidates"]
    assert {key: told["joint"][key] for key in ("possible", "members", "reasons")} == {
        "possible": False,
        "members": 4,
        "reasons": ["too_few_units", "too_few_candidates"],
    }


def test_answer_found_counts_the_depots_of_one_unit_together(run):
    facts = {"units": [{"name": "甲", "depots": [{"workers": 4, "members": 4, "barred": 0}] * 7}]}

    unit = json.loads(run("answer", "found", "-", facts=facts).output)["units"][0]

    assert (unit["members"], unit["must_form"]) == (28, True)
    assert unit["ways"]["one_officer"] == {
        "possible": False,
        "reasons": ["must_form_committee"],
        "sources": unit["ways"]["one_officer"]["sources"],
    }


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "Facts need units: a list of legal units, each with name and depots."),
        ({"units": [{"name": "甲"}]}, "Each unit needs a name and a list of depots."),
        ({"units": [{"name": "甲", "depots": [4]}]}, "Each depot needs workers, members and barred."),
        (
            {"units": [{"name": "甲", "depots": [{"workers": 4, "members": 5}]}]},
            "A depot cannot have more members, or more barred people, than workers.",
        ),
    ],
)
def test_units_that_cannot_be_read_are_one_sentence(run, facts, sentence):
    done = run("answer", "found", "-", facts=facts)

    assert (done.exit_code, done.stderr) == (2, f"{sentence}\n")


def cards_prove_membership_and_the_export_is_a_look(run):
    with create_engine(Settings.from_environment().database_url).connect() as connection:
        code, union = connection.execute(
            text(
                "SELECT cards.code, unions.name FROM cards JOIN memberships USING (person_id) "
                "JOIN unions ON unions.id = memberships.union_id"
            )
        ).first()
        looks = connection.execute(text("SELECT role, reason, territory_code, as_of FROM looks")).all()
        connection.engine.dispose()
    valid, unknown = run("verify-card", code.lower()), run("verify-card", "NONE")
    today = start.clock.today().isoformat()
    assert (valid.exit_code, json.loads(valid.output)) == (0, {"valid": True, "union": union, "on": today})
    assert (unknown.exit_code, json.loads(unknown.output)) == (1, {"valid": False, "union": None, "on": today})
    assert looks == [("visitor", "年度核对", "652300", "2021-11-30")]


def test_the_demo_and_its_figures(run):
    loaded = run("demo")
    again = run("demo")
    told = json.loads(run("rates", "--as-of", "2021-11-30").output)

    assert json.loads(loaded.output)["members"] == 6310
    assert again.exit_code == 1
    assert {key: value for key, value in told.items() if key != "published"} == {
        "members": 6310,
        "workers": 9951,
        "rate": "63.4",
        "unions": 287,
        "single_unions": 282,
        "joint_unions": 5,
        "employers": 519,
        "units_covered": 317,
        "coverage": "61.1",
        "as_of": "2021-11-30",
    }
    rate = next(figure for figure in told["published"] if figure["figure"] == "rate")
    assert (rate["value"], rate["computed"], rate["difference"]) == ("64", "63.4", "0.6")

    table = run("rates", "--as-of", "2021-11-30", "--format", "table").output.splitlines()
    assert table[-1].split("\t") == ["昌吉回族自治州", "6310", "9951", "63.4", "287", "317", "519", "61.1"]
    assert run("rates", "--as-of", "2021-11-30", "--format", "csv").stdout_bytes.startswith(b"\xef\xbb\xbf")
    assert "is neither the prefecture (652300) nor" in run("rates", "--territory", "110000").stderr

    sizes = {}
    for what in ("members", "unions", "employers", "visits", "events", "rates", "applications"):
        done = run("export", what, "--as-of", "2021-11-30")
        sizes[what] = len(list(csv.reader(io.StringIO(done.stdout_bytes.decode("utf-8-sig"))))) - 1
    assert (sizes["members"], sizes["employers"], sizes["rates"], sizes["events"]) == (6310, 519, 11, 1)
    city = run("export", "members", "--as-of", "2021-11-30", "--territory", "652301").stdout_bytes.decode("utf-8-sig")
    assert 0 < len(city.splitlines()) - 1 < 6310
    assert "**************" in city

    assert run("export", "members", "--full").exit_code == 2
    assert run("export", "unions", "--full", "--reason", "x").exit_code == 2
    full = run("export", "members", "--full", "--reason", "年度核对", "--as-of", "2021-11-30").stdout_bytes.decode()
    assert "**************" not in full
    assert "at most 200 characters" in run("export", "members", "--full", "--reason", "长" * 201).stderr
    cards_prove_membership_and_the_export_is_a_look(run)


def test_serving_prints_where_and_who_and_hands_over(run, monkeypatch, tmp_path):
    handed = []
    monkeypatch.setattr(start.os, "execv", lambda program, words: handed.append((Path(program).name, words)))
    monkeypatch.setattr(start.os, "chdir", lambda _path: None)

    first, second = run("serve"), run("serve")

    assert "Loading the demo prefecture ..." in first.output
    assert "Loading the demo prefecture ..." not in second.output
    for said in (first.output, second.output):
        assert "Enrollment is at http://127.0.0.1:8000/" in said
        assert "sign in as changji-city" in said
    assert handed[0][0] == "gunicorn"
    assert "--bind=127.0.0.1:8000" in handed[0][1]
    with create_engine(f"sqlite:///{tmp_path}/c.sqlite3").connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM employers")).scalar() == 519
        connection.engine.dispose()


def test_a_port_in_use_is_one_sentence(run, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = Settings.from_environment()
        monkeypatch.setattr(Settings, "from_environment", lambda: settings.but(port=port))
        done = run("serve")

    assert done.exit_code == 1
    assert f"Port {port} is in use." in done.output


def test_settings_that_do_not_fit_are_one_sentence(monkeypatch):
    def odd():
        raise SettingsError("PORT must be a whole number from 1 to 65535, not 'x'.")

    monkeypatch.setattr(commands, "cli", lambda **_words: odd())

    with pytest.raises(SystemExit) as end:
        commands.main()

    assert str(end.value) == "PORT must be a whole number from 1 to 65535, not 'x'."


def test_today_is_a_date():
    assert start.Day().convert("today", None, None) == start.clock.today()
    assert start.Day().convert(date(2021, 1, 1), None, None) == date(2021, 1, 1)


def test_production_is_served_without_the_demo(run, monkeypatch):
    monkeypatch.setattr(start, "_hand_over_to_gunicorn", lambda _settings: None)
    settings = Settings.from_environment()
    monkeypatch.setattr(Settings, "from_environment", lambda: settings.but(production=True))

    said = run("serve").output

    assert "Loading" not in said
    assert "sign in as" not in said
    with create_app(settings).app_context():
        assert demo.database_is_empty()
        assert demo.sign_ins() == ()
        db.engine.dispose()


def test_production_does_not_start_while_the_demos_password_opens_an_account(run, monkeypatch):
    served = []
    monkeypatch.setattr(start, "_hand_over_to_gunicorn", served.append)
    settings = Settings.from_environment().but(production=True)
    monkeypatch.setattr(Settings, "from_environment", lambda: settings)

    def account(login, password, *, active=True):
        row = {"login": login, "password_hash": LIGHT.hash(password), "active": active, "code": login}
        return row | {"name": "某干部", "territory_code": "652300", "role": "prefecture_cadre"}

    demo_, own = demo.DEMO_PASSWORD, "a password of their own"
    rows = [
        account("fukang", demo_),
        account("changji", own),
        account("qitai", demo_, active=False),
        account("wang", demo_),
    ]
    app = start.migrated(settings)
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(insert(Account), rows)
        refused = run("serve")
        with db.engine.begin() as connection:
            connection.execute(update(Account).values(password_hash=LIGHT.hash(own)))
        started = run("serve")
        db.engine.dispose()

    assert refused.exit_code == 1
    assert "These accounts still have the demo's password, which everybody can read: fukang." in refused.output
    assert started.exit_code == 0
    assert served == [settings]
