"""Events: logged once, seen by their own county, counted; they change nobody's membership."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from enrollment.posters import queries
from enrollment.posters.actions import log_event
from enrollment.posters.queries import EventPage, Filters
from enrollment.rules.access import Act, Actor, Role
from enrollment.rules.applications import Step
from enrollment.rules.regions import Territory
from enrollment.storage.audit import AuditEntry
from enrollment.storage.database import db
from enrollment.storage.events import Event
from enrollment.storage.failures import Conflict, Missing
from enrollment.storage.ledger import LedgerEntry, Membership
from enrollment.web import clock
from tests import make
from tests.cast import NEXT_COUNTY, PREFECTURE, Cast, sign_in
from tests.conftest import counted

ALL, CITY, FUKANG = Territory("652300"), Territory("652301"), Territory("652302")
FILLED = {"name": "集中入会仪式", "held_on": "2021-11-20", "region_code": "652301002", "place": "快递分拨中心"}


def _log(cast: Cast, territory: Territory = CITY, key: str = "a-key", **changes: Any) -> str:
    by = Actor(Role.COUNTY_CADRE, "张干部", cast.city.id, territory)
    answers = FILLED | {"held_on": date(2021, 11, 20)} | changes
    return log_event(answers, key=key, territory=territory, by=by, now=make.NOW)


@pytest.mark.usefixtures("context")
def test_an_event_is_kept_with_an_audit_line_and_changes_no_membership(session: Session, cast: Cast) -> None:
    code = _log(cast)

    event = session.scalars(select(Event)).one()
    assert (event.code, event.name, event.held_on, event.place) == (
        code, "集中入会仪式", date(2021, 11, 20), "快递分拨中心",
    )  # fmt: skip
    assert (event.county_code, event.region_code, event.account_id, event.recorded_at, event.submission_key) == (
        "652301", "652301002", cast.city.id, make.NOW, "a-key",
    )  # fmt: skip
    line = session.scalars(select(AuditEntry)).one()
    assert (line.act, line.subject, line.actor, line.account_id) == (Act.LOG_EVENT, code, "张干部", cast.city.id)
    assert session.scalars(select(LedgerEntry)).all() == []
    assert session.scalars(select(Membership)).all() == []


@pytest.mark.usefixtures("context")
def test_the_same_form_twice_is_one_event_and_one_audit_line(session: Session, cast: Cast) -> None:
    first, second = _log(cast), _log(cast, name="另一个名称")

    assert first == second
    assert session.scalars(select(Event.name)).all() == ["集中入会仪式"]
    assert len(session.scalars(select(AuditEntry)).all()) == 1


@pytest.mark.usefixtures("context")
def test_a_key_used_in_another_county_leads_nowhere(cast: Cast) -> None:
    _log(cast, ALL, region_code="652302001")

    with pytest.raises(Conflict):
        _log(cast)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("township", ["652302001", "652301402", "nowhere"])
def test_a_place_of_another_county_is_not_there(session: Session, cast: Cast, township: str) -> None:
    with pytest.raises(Missing):
        _log(cast, region_code=township)

    assert session.scalars(select(Event)).all() == []
    assert session.scalars(select(AuditEntry)).all() == []


@pytest.mark.usefixtures("context")
def test_events_come_newest_first_each_with_what_was_begun_from_it(session: Session) -> None:
    old = make.event(session, held_on=date(2021, 6, 1))
    new = make.event(session, held_on=date(2021, 12, 1))
    same_day = make.event(session, held_on=date(2021, 12, 1))
    make.event(session, county_code="652302", region_code="652302001")
    make.join_application(session, application={"event_id": old.id})
    make.join_application(session, steps=(Step.SUBMITTED, Step.APPROVED), application={"event_id": old.id})
    make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED), application={"event_id": old.id})

    found = queries.events(CITY, Filters())

    assert [(row.code, row.started, row.approved) for row in found.rows] == [
        (same_day.code, 0, 0), (new.code, 0, 0), (old.code, 3, 1),
    ]  # fmt: skip
    assert (found.total, found.number, found.last) == (3, 1, 1)


@pytest.mark.usefixtures("context")
def test_both_days_of_the_filter_are_inclusive_and_no_event_is_an_empty_page(session: Session) -> None:
    codes = [make.event(session, held_on=date(2021, 11, day)).code for day in (1, 2, 3, 4)]

    found = queries.events(CITY, Filters(date(2021, 11, 2), date(2021, 11, 3)))

    assert [row.code for row in found.rows] == [codes[2], codes[1]]
    assert queries.events(FUKANG, Filters()) == EventPage([], 0, 1, 1)


@pytest.mark.usefixtures("context")
def test_the_list_costs_the_same_statements_for_one_event_and_for_sixty(
    session: Session, statements: list[str]
) -> None:
    make.event(session)
    with counted(statements) as few:
        queries.events(CITY, Filters())

    for _ in range(60):
        make.event(session)
    db.session.remove()  # what was read stays as it was until then
    with counted(statements) as many:
        second = queries.events(CITY, Filters(), page=2)

    assert (len(few), len(many)) == (2, 2)
    assert (len(second.rows), second.number, second.last) == (11, 2, 2)
    assert queries.events(CITY, Filters(), page=10**30) == second


@pytest.mark.usefixtures("context")
def test_the_file_has_the_events_of_the_list(session: Session, cast: Cast) -> None:
    make.event(session, code="M-ONE", account_id=cast.city.id)
    make.event(session, held_on=date(2021, 12, 24))

    header, (row,) = queries.export_rows(CITY, Filters(to_on=date(2021, 11, 30)))

    assert row == [
        "M-ONE", date(2021, 11, 20), "集中入会仪式", "昌吉市", "延安北路街道", "快递分拨中心", "张干部", 0, 0,
    ]  # fmt: skip
    assert len(header) == len(row)


# --- pages ---------------------------------------------------------------------------------------------------------


def _hidden(text: str, name: str) -> str:
    return text.split(f'name="{name}"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def _kept(client: FlaskClient) -> dict[str, str]:
    text = client.get("/events/new").get_data(as_text=True)
    return {name: _hidden(text, name) for name in ("csrf_token", "submission_key")}


def _text(answer: TestResponse) -> str:
    return " ".join(answer.get_data(as_text=True).split())


@pytest.mark.usefixtures("cast")
def test_a_second_tap_leads_to_the_same_event(client: FlaskClient, session: Session) -> None:
    sign_in(client)
    filled = FILLED | _kept(client)

    first, second = (client.post("/events/new", data=filled) for _ in range(2))

    code = session.scalars(select(Event.code)).one()
    assert [(answer.status_code, answer.location) for answer in (first, second)] == [(303, f"/events/{code}")] * 2


@pytest.mark.usefixtures("cast")
def test_an_event_may_lie_ahead(client: FlaskClient, session: Session) -> None:
    sign_in(client)

    assert client.post("/events/new", data=FILLED | _kept(client) | {"held_on": "2099-01-01"}).status_code == 303
    assert session.scalars(select(Event.held_on)).one() == date(2099, 1, 1)


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize(
    "question, answer, sentence",
    [
        ("name", " ", "Enter the name of the event."),
        ("name", "长" * 121, "Enter at most 120 characters."),
        ("held_on", "", "Enter the day of the event."),
        ("held_on", "soon", "Enter a day such as 2021-11-30."),
        ("region_code", "", "Choose the township."),
        ("region_code", "652302001", "Not a valid choice."),
        ("place", "", "Enter the place of the event."),
    ],
)
def test_an_answer_that_does_not_fit_is_told_and_the_others_are_kept(
    client: FlaskClient, session: Session, question: str, answer: str, sentence: str
) -> None:
    sign_in(client)

    sent = client.post("/events/new?lang=en", data=FILLED | _kept(client) | {question: answer})

    assert sent.status_code == 422
    assert sentence in _text(sent)
    for name in {"name", "held_on", "place"} - {question}:
        assert f'value="{FILLED[name]}"' in _text(sent)
    assert session.scalars(select(Event)).all() == []


@pytest.mark.usefixtures("cast")
def test_the_form_begins_with_today_and_the_own_townships(client: FlaskClient) -> None:
    text = _text(sign_in(client).get("/events/new"))

    assert f'value="{clock.today()}"' in text
    assert '<option value="652301001">宁边路街道</option>' in text
    assert "652302001" not in text
    assert '<optgroup label="阜康市"><option value="652302001">' in _text(
        sign_in(client, PREFECTURE).get("/events/new")
    )


def test_the_page_shows_facts_code_and_what_came_of_it(client: FlaskClient, session: Session, cast: Cast) -> None:
    event = make.event(session, account_id=cast.city.id)

    text = _text(sign_in(client).get(f"/events/{event.code}?lang=en"))

    assert f"http://localhost/m/{event.code}</a>" in text
    assert '<svg viewBox="0 0' in text
    for fact in ("集中入会仪式", "2021-11-20", "昌吉市 延安北路街道", "快递分拨中心", "张干部"):
        assert f"<dd>{fact}</dd>" in text or f"<h1>{fact}</h1>" in text
    assert "Logged by" not in _text(client.get(f"/events/{make.event(session).code}"))


@pytest.mark.usefixtures("cast")
def test_the_event_of_another_county_is_not_there(client: FlaskClient, session: Session) -> None:
    event = make.event(session)

    sign_in(client, NEXT_COUNTY)

    assert client.get(f"/events/{event.code}").status_code == 404
    assert client.get("/events/NOTHING2").status_code == 404
    assert event.code not in client.get("/events").get_data(as_text=True)
    assert event.code not in client.get("/events.csv").get_data(as_text=True)
    for path in ("/events", "/events.csv"):
        assert client.get(f"{path}?county=652301").status_code == 404


@pytest.mark.usefixtures("cast")
def test_the_list_says_how_many_and_its_file_has_the_same(client: FlaskClient, session: Session) -> None:
    make.event(session, code="OLD", held_on=date(2021, 11, 1))
    make.event(session, code="NEW", held_on=date(2021, 11, 2))
    make.event(session, code="LATER", held_on=date(2021, 11, 3))
    asked = "from=2021-11-01&to=2021-11-02"

    text = _text(sign_in(client).get(f"/events?{asked}&lang=en"))
    file = client.get(f"/events.csv?{asked}&lang=en")
    lines = file.get_data().decode("utf-8-sig").splitlines()

    assert "2 events" in text
    assert f'href="/events.csv?{asked.replace("&", "&amp;")}"' in text
    assert "LATER" not in text
    assert [line.split(",")[0] for line in lines] == ["Code", "NEW", "OLD"]
    assert lines[0].endswith(",Applications started,Applications approved")
    assert 'filename="events_652301_2021-11-02.csv"' in file.headers["Content-Disposition"]
    assert "%E6%B4%BB%E5%8A%A8_" in file.headers["Content-Disposition"]


@pytest.mark.usefixtures("cast")
def test_the_prefecture_can_look_at_one_county(client: FlaskClient, session: Session) -> None:
    make.event(session, code="HERE")
    make.event(session, code="THERE", county_code="652302", region_code="652302001")

    text = _text(sign_in(client, PREFECTURE).get("/events?county=652302"))

    assert "/events/THERE" in text
    assert "/events/HERE" not in text


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("asked", ["from=bad", "to=2021-02-30"])
def test_a_filter_that_makes_no_sense_is_told(client: FlaskClient, asked: str) -> None:
    sign_in(client)

    answer = client.get(f"/events?{asked}&lang=en")

    assert answer.status_code == 422
    assert "Enter a day such as 2021-11-30." in _text(answer)
    assert client.get(f"/events.csv?{asked}").status_code == 422


@pytest.mark.usefixtures("cast")
def test_a_long_list_has_a_next_and_a_previous_page(client: FlaskClient, session: Session) -> None:
    for _ in range(51):
        make.event(session)

    sign_in(client)

    assert 'rel="next" href="/events?page=2"' in _text(client.get("/events"))
    assert 'rel="prev" href="/events?page=1"' in _text(client.get("/events?page=2"))


@pytest.mark.usefixtures("cast")
def test_without_any_event_the_list_says_so(client: FlaskClient) -> None:
    assert "No event yet that fits." in _text(sign_in(client).get("/events?lang=en"))


def test_a_visitor_is_sent_to_sign_in(client: FlaskClient) -> None:
    for path in ("/events", "/events/new", "/events/ABC", "/events.csv"):
        assert client.get(path).headers["Location"] == f"/signin?next={path}"
