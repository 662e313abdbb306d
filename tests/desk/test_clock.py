"""The clock stops while the applicant has it, and what is overdue goes up one level by itself, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from enrollment.desk.actions import Decision, decide_application
from enrollment.desk.undoing import undo_decision
from enrollment.rules.access import VISITOR
from enrollment.rules.applications import Step
from enrollment.rules.stages import FoundingStep
from enrollment.status.actions import correct_application
from enrollment.storage.applications import Application, ApplicationAct
from enrollment.storage.audit import AuditEntry
from enrollment.storage.escalation import escalate_overdue
from tests import make
from tests.cast import NEXT_COUNTY, PREFECTURE, sign_in

NOW, DUE = make.NOW, date(2021, 12, 7)
LATE = DUE + timedelta(days=1)


def at(day):
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)


def send_back(cast, row, day, version=1):
    sent = Decision(step=Step.RETURNED, version=version, marked=("name",), note="请核对")
    return decide_application(row.number, sent, by=cast.city.as_actor(), now=at(day), today=day)


def correct(row, day):
    told = {"name": "李建民"} if row.kind == "join" else {"words": "请看附言"}
    return correct_application(row.link, told, by=VISITOR, now=at(day), today=day, review_working_days=5)


def steps_of(session):
    session.rollback()
    return list(session.scalars(select(ApplicationAct.step).order_by(ApplicationAct.id)))


@pytest.mark.parametrize(
    ("returned", "left", "due"),
    [
        (date(2021, 12, 3), 2, date(2022, 1, 12)),
        (DUE, 0, date(2022, 1, 11)),
        (date(2021, 12, 20), 0, date(2022, 1, 11)),
    ],
    ids=["two days left", "on the last day", "overdue"],
)
def test_a_return_keeps_the_days_and_a_correction_goes_on_with_them(context, session, cast, returned, left, due):
    row = make.join_application(session)

    sent = send_back(cast, row, returned)
    assert (sent.due_on, sent.days_left) == (None, left)
    back = correct(row, date(2022, 1, 10))

    assert (back.due_on, back.days_left) == (due, None)


def test_the_days_of_a_transfer_are_days_of_the_calendar(context, session, cast):
    member = make.member(session, cast.shunda_union)
    row = make.request(session, member, "transfer", application={"due_on": date(2021, 12, 15)})

    assert send_back(cast, row, date(2021, 12, 5)).days_left == 10
    assert correct(row, date(2021, 12, 20)).due_on == date(2021, 12, 30)


def test_what_has_no_day_gets_the_whole_limit(context, session, cast):
    row = make.join_application(session, application={"due_on": None})

    assert send_back(cast, row, DUE).days_left is None
    assert correct(row, DUE).due_on == date(2021, 12, 14)


def test_a_transfer_that_has_no_day_gets_the_whole_limit(context, session, cast):
    member = make.member(session, cast.shunda_union)
    row = make.request(session, member, "transfer", application={"due_on": None})

    assert send_back(cast, row, date(2021, 12, 5)).days_left is None
    assert correct(row, date(2021, 12, 20)).due_on == date(2022, 1, 4)


def test_an_undone_return_has_its_day_again(context, session, cast):
    row = make.join_application(session)
    escalate_overdue(at(LATE), LATE)
    send_back(cast, row, LATE)

    undo_decision(row.number, by=cast.city.as_actor(), now=at(LATE))

    session.rollback()
    session.refresh(row)
    assert (row.due_on, row.days_left, row.escalated_at) == (DUE, None, at(LATE))


def test_no_day_is_due_while_the_applicant_has_it(client, session, cast):
    row = make.join_application(session)
    with client.application.test_request_context():
        send_back(cast, row, date(2021, 12, 3))

    page = sign_in(client).get("/desk?view=applicant").get_data(as_text=True)
    csv = client.get("/applications.csv?view=applicant").get_data(as_text=True)

    assert row.number in page
    assert str(DUE) not in page + csv


@pytest.mark.parametrize(("today", "goes_up"), [(DUE, False), (LATE, True)])
def test_the_day_after_the_last_it_goes_up(context, session, cast, today, goes_up):
    row = make.join_application(session)

    for _round in range(2):
        escalate_overdue(at(today), today)

    assert steps_of(session) == ["submitted", "escalated"] if goes_up else ["submitted"]
    session.refresh(row)
    assert (row.state, row.version, row.escalated_at) == ("submitted", 1, at(today) if goes_up else None)
    lines = [(line.actor, line.subject) for line in session.scalars(select(AuditEntry))]
    assert lines == ([("system", "1")] if goes_up else [])


def test_only_what_waits_for_the_office_goes_up(context, session, cast):
    make.join_application(session, steps=(Step.SUBMITTED, Step.RETURNED))
    make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED))
    make.founding_application(session, steps=(FoundingStep.STARTED, FoundingStep.SUBMITTED))

    escalate_overdue(at(date(2022, 6, 1)), date(2022, 6, 1))

    assert session.scalars(select(Application.escalated_at)).all() == [None] * 3


def test_each_time_limit_goes_up_once(context, session, cast):
    row = make.join_application(session)
    escalate_overdue(at(LATE), LATE)
    send_back(cast, row, LATE)
    correct(row, LATE)
    for day in (LATE, LATE + timedelta(days=30), LATE + timedelta(days=60)):
        escalate_overdue(at(day), day)

    assert steps_of(session) == ["submitted", "escalated", "returned", "corrected", "escalated"]


def test_several_at_once_pass_up_once(app, session, cast):
    for _n in range(10):
        make.join_application(session)

    def pass_up(_n):
        with app.app_context():
            escalate_overdue(at(LATE), LATE)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(pass_up, range(4)))

    session.rollback()
    passed = select(func.count()).select_from(ApplicationAct).where(ApplicationAct.step == "escalated")
    assert session.scalar(passed) == 10


def test_the_prefecture_has_a_view_of_it_and_the_county_a_mark(client, session, cast, monkeypatch):
    monkeypatch.setattr("enrollment.web.clock.now", lambda: at(LATE))
    row = make.join_application(session)
    waiting = make.join_application(session, application={"due_on": date(2021, 12, 20)})
    with client.application.test_request_context():
        escalate_overdue(at(LATE), LATE)

    above = sign_in(client, PREFECTURE).get("/desk?view=escalated").get_data(as_text=True)
    county = sign_in(client).get("/desk").get_data(as_text=True)
    case = client.get(f"/desk/{row.number}").get_data(as_text=True)
    own = client.get(f"/status/{row.link}").get_data(as_text=True)

    assert row.number in above
    assert waiting.number not in above
    assert above.count("passed up<") == county.count("passed up<") == 1
    for page in (case, own):
        assert "Overdue: passed up one level" in page
        assert "It was due on 2021-12-07" in page
    assert "By itself" in own
    assert row.number not in sign_in(client, NEXT_COUNTY).get("/desk?view=escalated").get_data(as_text=True)
