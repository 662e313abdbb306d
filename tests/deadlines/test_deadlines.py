"""What a cadre must not miss: found to the day, of the own territory, at a constant price."""

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from enrollment.deadlines import queries
from enrollment.rules.regions import Territory
from enrollment.rules.reminders import Matter
from enrollment.rules.stages import FoundingStep
from enrollment.storage.applications import Application, ApplicationAct
from enrollment.storage.foundings import UnionTerm
from enrollment.storage.unions import Union
from enrollment.web import clock
from tests import make
from tests.cast import NEXT_COUNTY, PREFECTURE, Cast, sign_in
from tests.conftest import counted

S = FoundingStep
CITY = Territory("652301")
SENT = (S.STARTED, S.SUBMITTED)
REPORTED = (*SENT, S.GROUP_APPROVED, S.PREPARED, S.MEETING_REQUESTED, S.MEETING_APPROVED, S.MEETING_HELD)
ON = make.TODAY


def term(session: Session, union: Union, ends_on: date, **changes: object) -> UnionTerm:
    values = {"union_id": union.id, "ordinal": 1, "years": 5, "elected_on": date(2017, 1, 1), "ends_on": ends_on}
    row = UnionTerm(**values | changes)
    session.add(row)
    session.commit()
    return row


def found(territory: Territory = CITY, on: date = ON) -> list[tuple[Matter, str, date]]:
    return [(each.matter, each.name, each.due_on) for each in queries.deadlines(territory, on)]


def test_replies_are_listed_by_stage_with_their_day(context: None, cast: Cast, session: Session) -> None:
    make.founding_application(session, steps=SENT, union_name="甲工会")
    make.founding_application(session, steps=(*REPORTED, S.RESULT_REPORTED), union_name="乙工会")
    make.founding_application(session, steps=(S.SUBMITTED,), way="join_joint", contact_name="马晓")
    make.founding_application(session, steps=(*SENT, S.GROUP_APPROVED), union_name="在筹备")
    make.founding_application(session, steps=(*SENT, S.WITHDRAWN), union_name="已放弃")

    day = date(2021, 12, 7)
    assert found() == [
        (Matter.GROUP_REPLY, "甲工会", day),
        (Matter.ESTABLISHMENT, "乙工会", day),
        (Matter.JOIN_REPLY, "马晓", day),
    ]


def test_unanswered_invitations_are_worth_a_call_after_a_week(context: None, cast: Cast, session: Session) -> None:
    units = ({}, {"name": "未答复", "answer": None}, {"name": "已答复"}, {"name": "问过", "answer": "asked"})
    make.founding_application(session, way="new_joint", units=units)

    assert found() == [(Matter.INVITATION, "未答复", ON + timedelta(days=7))]


def test_who_was_invited_later_has_a_week_from_then(context: None, cast: Cast, session: Session) -> None:
    row = make.founding_application(session, way="new_joint", units=({}, {"name": "迟来网点", "answer": None}))
    make.step_founding(session, row, S.INVITED, at=make.NOW + timedelta(days=10))
    act = session.scalars(select(ApplicationAct).order_by(ApplicationAct.id.desc())).first()
    act.note = "别的网点、迟来网点"
    session.commit()

    assert found() == [(Matter.INVITATION, "迟来网点", ON + timedelta(days=17))]


@pytest.mark.parametrize(("steps", "listed"), [((S.RETURNED,), True), ((S.GROUP_APPROVED,), False)])
def test_neighbors_answer_after_a_return_too_but_not_once_the_group_is_approved(
    context: None, cast: Cast, session: Session, steps: tuple[FoundingStep, ...], *, listed: bool
) -> None:
    make.founding_application(session, steps=(*SENT, *steps), way="new_joint", units=({}, {}, {"answer": None}))

    assert len(found()) == listed


@pytest.mark.parametrize(("days", "listed"), [(-400, True), (0, True), (90, True), (91, False)])
def test_build_9_a_term_is_listed_from_90_days_before_it_ends(
    context: None, cast: Cast, session: Session, days: int, *, listed: bool
) -> None:
    ends_on = ON + timedelta(days=days)
    term(session, cast.shunda_union, ends_on)

    assert found() == ([(Matter.TERM, "顺达快递有限公司工会委员会", ends_on)] if listed else [])


@pytest.mark.parametrize(("days", "listed"), [(-1, True), (30, True), (31, False)])
def test_a_certificate_is_listed_from_30_days_before_it_ends(
    context: None, cast: Cast, session: Session, days: int, *, listed: bool
) -> None:
    until = ON + timedelta(days=days)
    term(session, cast.joint_union, ON + timedelta(days=900), certificate_until=until)

    assert found() == ([(Matter.CERTIFICATE, "昌吉市快递行业联合工会委员会", until)] if listed else [])


def test_past_terms_and_ended_unions_are_no_matter(context: None, cast: Cast, session: Session) -> None:
    term(session, cast.shunda_union, ON, closed_on=ON)
    ended = make.union(session, dissolved_on=ON, dissolved_cause="by_vote")
    term(session, ended, ON)

    assert found() == []


def test_another_county_is_not_told(context: None, cast: Cast, session: Session) -> None:
    make.founding_application(session, steps=SENT, union_name="甲工会")
    term(session, cast.shunda_union, ON)

    assert found(Territory("652302")) == []
    assert len(found(Territory("652300"))) == 2


# --- the page -----------------------------------------------------------------------------------------------------


def listed(answer: TestResponse) -> list[str]:
    """The names on the page, in order."""
    return re.findall(r"<bdi>(.*?)</bdi>", answer.get_data(as_text=True))


@pytest.fixture
def late(cast: Cast, session: Session) -> Application:
    """A result whose 15 days are over since yesterday, a reply due today, a term that ends in a month."""
    today = clock.today()
    row = make.founding_application(session, steps=(*REPORTED, S.RESULT_REPORTED), union_name="超期的")
    row.due_on = today - timedelta(days=1)
    other = make.founding_application(session, steps=SENT, union_name="今天的")
    other.due_on = today
    session.commit()
    term(session, cast.shunda_union, today + timedelta(days=30))
    return row


def test_the_soonest_comes_first_and_an_overdue_result_is_passed_up(client: FlaskClient, late: Application) -> None:
    answer = sign_in(client).get("/deadlines")

    assert listed(answer) == ["超期的", "今天的", "顺达快递有限公司工会委员会"]
    shown = answer.get_data(as_text=True)
    assert "1 day overdue" in shown
    assert "passed up to the prefecture union" in shown
    assert f'href="/foundings/{late.number}"' in shown
    assert "30 days left" in shown


@pytest.mark.parametrize(
    ("urgency", "names"),
    [
        ("overdue", ["超期的"]),
        ("due", ["今天的"]),
        ("ending", ["顺达快递有限公司工会委员会"]),
        ("odd", ["超期的", "今天的", "顺达快递有限公司工会委员会"]),
    ],
)
def test_each_view_shows_its_own(client: FlaskClient, late: Application, urgency: str, names: list[str]) -> None:
    assert listed(sign_in(client).get(f"/deadlines?urgency={urgency}")) == names


def test_a_prefecture_may_ask_for_one_county_and_a_county_for_no_other(client: FlaskClient, late: Application) -> None:
    assert listed(sign_in(client, NEXT_COUNTY).get("/deadlines")) == []
    assert client.get("/deadlines?county=652301").status_code == 404
    sign_in(client, PREFECTURE)
    assert len(listed(client.get("/deadlines?county=652301"))) == 3
    assert listed(client.get("/deadlines?county=652302")) == []


def test_a_long_list_goes_on_over_pages(client: FlaskClient, cast: Cast, session: Session) -> None:
    for _ in range(51):
        make.founding_application(session, steps=SENT)

    assert len(listed(sign_in(client).get("/deadlines"))) == 50
    assert len(listed(client.get("/deadlines?page=2"))) == 1
    assert len(listed(client.get("/deadlines?page=9"))) == 1


@pytest.mark.parametrize("number", [1, 30])
def test_it_costs_the_same_for_any_number(
    context: None, cast: Cast, session: Session, statements: list[str], number: int
) -> None:
    for _ in range(number):
        make.founding_application(session, steps=SENT)
        make.founding_application(session, way="new_joint", units=({}, {"answer": None}))

    with counted(statements) as sent:
        assert len(queries.deadlines(CITY, ON)) == 2 * number

    assert len(sent) == 5
