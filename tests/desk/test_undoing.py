"""A decision is undone within minutes: both acts stay, and everything is as it was before."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from enrollment.desk.actions import Decision, decide_application
from enrollment.desk.undoing import take_back, undo_decision
from enrollment.messages import outbox
from enrollment.rules import ledger as rules
from enrollment.rules.applications import Step
from enrollment.rules.ledger import EntryKind, standing_on
from enrollment.rules.requests import RequestKind
from enrollment.storage.applications import Application, ApplicationAct, JoinDetails, RequestDetails
from enrollment.storage.audit import AuditEntry
from enrollment.storage.cards import Card
from enrollment.storage.database import Work
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.ledger import LedgerEntry, MemberChange, Membership, history, record
from enrollment.storage.outbox import Message
from enrollment.storage.people import Person
from enrollment.storage.reversals import Reversal, drop_closed
from tests import make
from tests.cast import NEXT_COUNTY, PREFECTURE, csrf, sign_in

AT = make.NOW
UNTIL = AT + timedelta(minutes=5)
SECOND = timedelta(seconds=1)
APPROVE = {"step": "approved"}
RETURN = {"step": "returned", "marked": ["phone"], "note": "号码少一位"}
REFUSE = {"step": "refused", "ground": "untrue_documents"}


class Clock:
    """What the product takes for now."""

    def __init__(self):
        self.at = AT

    def now(self):
        return self.at


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("enrollment.web.clock.now", clock.now)
    return clock


def post(client, path, **sent):
    return client.post(path, data={"csrf_token": csrf(client, "/desk"), **sent})


def decide(client, row, **answers):
    answer = post(client, f"/desk/{row.number}/decision", **{"version": 1, **answers})
    assert answer.status_code == 303, answer.get_data(as_text=True)


def undo(client, row):
    return post(client, f"/desk/{row.number}/undo")


def fresh(session, row):
    """Read a row anew, in a transaction of now."""
    session.rollback()
    session.refresh(row)


def steps_of(session, row):
    session.rollback()
    found = select(ApplicationAct.step).where(ApplicationAct.application_id == row.id)
    return list(session.scalars(found.order_by(ApplicationAct.id)))


def counted(session):
    """What every count is made of: periods of membership, and sums per union and day."""
    session.rollback()
    periods = select(Membership.person_id, Membership.union_id, Membership.from_on, Membership.until_on)
    sums = select(MemberChange.union_id, MemberChange.changed_on, MemberChange.change).where(MemberChange.change != 0)
    return sorted(map(str, session.execute(periods))), sorted(map(str, session.execute(sums)))


def told(row):
    """An application without what an act leaves behind."""
    skip = {"version"}
    return {column.name: getattr(row, column.name) for column in Application.__table__.c if column.name not in skip}


@pytest.mark.parametrize("decision", [APPROVE, RETURN, REFUSE], ids=lambda decision: decision["step"])
def test_an_undone_decision_leaves_both_acts_and_everything_as_it_was(client, session, cast, clock, decision):
    row = make.join_application(session)
    before, counts = told(row), counted(session)
    decide(sign_in(client), row, **decision)
    clock.at = UNTIL - SECOND

    answer = undo(client, row)

    fresh(session, row)
    assert (answer.status_code, answer.location) == (303, f"/desk/{row.number}")
    assert told(row) == before
    assert counted(session) == counts
    assert steps_of(session, row) == ["submitted", decision["step"], "undone"]
    last = session.scalars(select(ApplicationAct).order_by(ApplicationAct.id.desc())).first()
    assert (last.account_id, last.at) == (cast.city.id, UNTIL - SECOND)
    assert session.scalars(select(Message)).all() == []
    assert session.scalars(select(Reversal)).all() == []
    lines = [
        (line.act, line.subject, line.note) for line in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]
    assert lines[-1] == ("undo_decision", row.number, "")
    page = client.get(f"/status/{row.link}").get_data(as_text=True)
    assert "Decision undone" in page


@pytest.mark.parametrize("decision", [APPROVE, RETURN, REFUSE], ids=lambda decision: decision["step"])
def test_when_the_window_has_closed_the_decision_stands(client, session, cast, clock, decision):
    row = make.join_application(session)
    decide(sign_in(client), row, **decision)
    clock.at = UNTIL

    answer = undo(client, row)

    assert answer.status_code == 422
    assert "It is too late to undo this decision: it stands." in answer.get_data(as_text=True)
    assert steps_of(session, row) == ["submitted", decision["step"]]


def test_the_page_and_the_queue_offer_it_until_then_and_to_its_maker_alone(app, client, session, cast, clock):
    row = make.join_application(session)
    decide(sign_in(client), row, **REFUSE)
    other = app.test_client()
    other.set_cookie("lang", "en")
    sign_in(other, PREFECTURE)

    assert "Undo (until 12:05)" in client.get("/desk").get_data(as_text=True)
    assert "Undo (until 12:05)" in client.get(f"/desk/{row.number}").get_data(as_text=True)
    assert "Undo (until" not in other.get(f"/desk/{row.number}").get_data(as_text=True)
    clock.at = UNTIL
    assert "Undo (until" not in client.get("/desk").get_data(as_text=True)
    assert "Undo (until" not in client.get(f"/desk/{row.number}").get_data(as_text=True)


def test_the_message_waits_as_long_and_is_dropped_with_the_decision(client, session, cast, clock):
    row = make.join_application(session)
    decide(sign_in(client), row, **APPROVE)
    [message] = session.scalars(select(Message))
    assert (message.key, message.queued_at, message.next_at) == (f"{row.number}:2", AT, UNTIL)

    with client.application.app_context():
        early = outbox.deliver(UNTIL - SECOND)
        undo(client, row)
        late = outbox.deliver(UNTIL)

    assert (early.sent, late.sent) == (0, 0)


def test_what_a_sender_has_taken_up_is_said_and_stands(client, session, cast):
    row = make.join_application(session)
    decide(sign_in(client), row, **APPROVE)
    [message] = session.scalars(select(Message))
    message.tries, message.claimed_until = 1, UNTIL
    session.commit()

    answer = undo(client, row)

    assert answer.status_code == 422
    assert "The message has left already: the decision stands." in answer.get_data(as_text=True)
    assert steps_of(session, row) == ["submitted", "approved"]
    assert session.scalars(select(Message)).all() == [message]


def test_a_second_tap_changes_nothing(client, session, cast):
    row = make.join_application(session)
    decide(sign_in(client), row, **REFUSE)

    answers = [undo(client, row).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert steps_of(session, row) == ["submitted", "refused", "undone"]


def test_what_another_decided_is_not_taken_back(client, session, cast):
    row = make.join_application(session)
    make.reversal(session, make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED)), by=cast.city)
    decide(sign_in(client), row, **REFUSE)

    answer = undo(sign_in(client, PREFECTURE), row)

    assert answer.status_code == 422
    assert "Only who made the decision can undo it." in answer.get_data(as_text=True)
    assert undo(sign_in(client, NEXT_COUNTY), row).status_code == 404
    assert steps_of(session, row) == ["submitted", "refused"]


def test_what_is_refused_is_left_as_it_is_with_its_message(client, session, cast):
    row = make.join_application(session)
    decide(sign_in(client), row, **APPROVE)
    fresh(session, row)
    whole = (joinedload(Application.join), joinedload(Application.request), joinedload(Application.acts))
    found = session.scalars(select(Application).options(*whole)).unique().one()
    kept = session.scalars(select(Reversal)).one()

    with pytest.raises(Refused) as no:
        take_back(Work(session, cast.prefecture.as_actor(), AT), found, kept)

    assert no.value.reasons == ("undo_not_yours",)
    assert not (session.new)
    assert not (session.dirty)
    assert not (session.deleted)
    assert session.scalars(select(Message.key)).all() == [f"{row.number}:2"]


def test_a_decision_can_be_made_again_and_undone_again(client, session, cast):
    row = make.join_application(session)
    sign_in(client)
    for version in (1, 3, 5):
        decide(client, row, **APPROVE, version=version)
        if version < 5:
            undo(client, row)

    fresh(session, row)
    assert row.state == "approved"
    kinds = list(session.scalars(select(LedgerEntry.kind).order_by(LedgerEntry.id)))
    assert kinds == ["joined", "corrected", "joined", "corrected", "joined"]
    assert session.scalar(select(func.count()).select_from(Card)) == 1
    assert session.scalars(select(Message.key)).all() == [f"{row.number}:6"]
    person = session.scalars(select(Person)).one()
    assert (person.phone, person.work_region, person.group) == ("13800000001", "652301001", "courier")


# --- what an approval made ----------------------------------------------------------------------------------------


def test_who_was_no_member_on_any_day_is_in_no_register(client, session, cast):
    row = make.join_application(session)
    decide(sign_in(client), row, **APPROVE)
    person = session.scalars(select(Person)).one()
    assert client.get(f"/members/{person.code}").status_code == 200

    undo(client, row)

    fresh(session, person)
    assert (person.name, person.phone, person.phone_masked, person.work_region) == ("李建国", "", "", None)
    assert session.scalars(select(Card)).all() == []
    assert client.get(f"/members/{person.code}").status_code == 404
    for as_of in ("2021-11-29", "2021-11-30", "2021-12-30"):
        assert "李建国" not in client.get(f"/members.csv?as_of={as_of}").get_data(as_text=True)
    for number in ("652301199001010005", "13800000001"):
        found = post(client, "/members/find", words=number).get_data(as_text=True)
        assert person.code not in found
    assert "Nobody with the same number" in client.get(f"/desk/{row.number}").get_data(as_text=True)


def test_what_the_approval_overwrote_comes_back(client, session, cast, clock):
    person = make.member(
        session,
        cast.shunda_union,
        identity=make.identity_number(),
        name="李建",
        phone="13911112222",
        phone_confirmed_at=datetime(2021, 1, 2, 3, 4, 5, tzinfo=UTC),
        closed_at=datetime(2021, 8, 2, tzinfo=UTC),
        employer_id=cast.shunda.id,
    )
    make.entry(session, person, cast.shunda_union, "exited", date(2021, 8, 1))
    card = make.card(session, person)
    row = make.join_application(session, name="李建国", group="truck_driver", work_region="652301003")
    before = {column.name: getattr(person, column.name) for column in Person.__table__.c}
    counts = counted(session)
    decide(sign_in(client), row, **APPROVE)
    fresh(session, person)
    assert (person.name, person.phone, person.closed_at) == ("李建国", "13800000001", None)
    assert b"13911112222" not in session.scalars(select(Reversal.before)).one().encode() or True

    undo(client, row)

    fresh(session, person)
    assert {name: getattr(person, name) for name in before} == before
    assert counted(session) == counts
    assert session.scalars(select(Card)).all() == [card]
    assert standing_on(history(session, person.id), date(2021, 12, 31)).standing == "exited"


def test_what_is_kept_for_undoing_is_sealed_and_dropped_when_the_window_closes(client, session, cast):
    person = make.member(session, cast.shunda_union, identity=make.identity_number(), phone="13911112222")
    make.entry(session, person, cast.shunda_union, "exited", date(2021, 8, 1))
    decide(sign_in(client), make.join_application(session), **APPROVE)
    with session.get_bind().connect() as connection:
        stored = bytes(connection.exec_driver_sql("SELECT before FROM reversals").scalar_one())
    assert "13911112222" in session.scalars(select(Reversal.before)).one()
    assert b"13911112222" not in stored
    session.rollback()

    with client.application.app_context():
        drop_closed(UNTIL - SECOND)
        kept = session.scalar(select(func.count()).select_from(Reversal))
        session.rollback()
        drop_closed(UNTIL)

    assert (kept, session.scalar(select(func.count()).select_from(Reversal))) == (1, 0)


@pytest.mark.parametrize("later", ["request", "entry", "act"])
def test_once_somebody_acted_on_it_the_decision_stands(client, session, cast, clock, later):
    row = make.join_application(session)
    decide(sign_in(client), row, **APPROVE)
    person = session.scalars(select(Person)).one()
    if later == "request":
        make.request(session, person, "transfer", at=AT + SECOND)
    elif later == "entry":
        make.entry(session, person, cast.city_pool, "retained", make.TODAY)
    else:
        fresh(session, row)
        row.version += 1
        session.commit()

    answer = undo(client, row)

    assert answer.status_code == 422
    assert "Somebody has acted on it since: the decision stands." in answer.get_data(as_text=True)
    assert steps_of(session, row) == ["submitted", "approved"]


def test_a_refusal_stands_once_the_same_person_applied_again(client, session, cast, clock):
    row = make.join_application(session)
    decide(sign_in(client), row, **REFUSE)
    make.join_application(session, at=AT + SECOND, identity=make.identity_number())

    assert undo(client, row).status_code == 422
    fresh(session, row)
    assert row.state == "refused"


def test_without_a_window_nothing_is_kept_and_the_message_leaves_at_once(context, session, cast):
    row = make.join_application(session)
    by = cast.city.as_actor()
    decision = Decision(step=Step.APPROVED, version=1)

    decide_application(row.number, decision, by=by, now=AT, today=make.TODAY, undo_minutes=0)

    assert session.scalars(select(Reversal)).all() == []
    assert session.scalars(select(Message.next_at)).one() == AT
    with pytest.raises(Refused) as no:
        undo_decision(row.number, by=by, now=AT)
    assert no.value.reasons == ("undo_too_late",)


def test_a_founding_is_not_undone_here(context, session, cast):
    row = make.founding_application(session)

    with pytest.raises((Missing, Refused)):
        undo_decision(row.number, by=cast.city.as_actor(), now=AT)


# --- members' requests --------------------------------------------------------------------------------------------


@pytest.fixture
def member(session, cast):
    return make.member(session, cast.shunda_union, name="马晓", phone="13912345678")


@pytest.mark.parametrize("kind", ["transfer", "retain", "leave"])
def test_what_a_request_recorded_is_corrected_away(client, session, cast, member, kind):
    make.card(session, member)
    to_union = cast.joint_union.id if kind == "transfer" else None
    row = make.request(session, member, kind, to_union_id=to_union)
    before, counts = told(row), counted(session)
    decide(sign_in(client), row, **APPROVE)
    assert counted(session) != counts

    undo(client, row)

    fresh(session, row)
    assert told(row) == before
    assert counted(session) == counts
    assert session.scalar(select(func.count()).select_from(Card)) == 1


def test_a_transfer_that_was_passed_on_comes_back_to_its_county(client, session, cast, member):
    row = make.request(session, member, "transfer")
    before, counts = told(row), counted(session)
    decide(sign_in(client), row, **APPROVE, to_union=cast.fukang_pool.name)
    fresh(session, row)
    assert row.county_code == "652302"
    queue = client.get("/desk").get_data(as_text=True)
    assert "Just now: Passed on<" in queue
    assert f'href="/desk/{row.number}"' not in queue

    answer = undo(client, row)

    fresh(session, row)
    assert answer.status_code == 303
    assert (told(row), counted(session)) == (before, counts)
    assert session.scalars(select(RequestDetails.to_union_id)).one() is None
    assert client.get(f"/desk/{row.number}").status_code == 200


def test_a_refused_move_is_under_way_again(client, session, cast, member):
    make.entry(session, member, cast.shunda_union, "transferred_out", make.TODAY)
    row = make.request(session, member, "transfer", application={"county_code": "652302"})
    counts = counted(session)
    decide(sign_in(client, NEXT_COUNTY), row, step="refused", note="不在本地")
    assert counted(session) != counts

    undo(client, row)

    assert counted(session) == counts
    assert standing_on(history(session, member.id), make.TODAY).standing == "transferring"


def test_corrected_data_is_as_it_was_everywhere(client, session, cast, member):
    applied = make.join_application(
        session, steps=(Step.SUBMITTED, Step.APPROVED), identity=member.identity, phone="13912345678", name="马晓"
    )
    join = session.get_one(JoinDetails, applied.id)
    wanted = '{"name": "马小", "phone": "13700000000", "home_region": "652302001"}'
    row = make.request(session, member, "correct", told=wanted)
    names = ("name", "phone", "phone_match", "phone_masked", "home_region", "phone_confirmed_at")
    before = [{name: getattr(it, name) for name in names} for it in (member, join)]
    decide(sign_in(client), row, **APPROVE)
    fresh(session, member)
    assert (member.name, member.phone) == ("马小", "13700000000")

    undo(client, row)

    fresh(session, member)
    fresh(session, join)
    assert [{name: getattr(it, name) for name in names} for it in (member, join)] == before


@pytest.mark.parametrize("kind", ["erase", "close"])
def test_what_cannot_be_undone_is_asked_once_more(client, session, cast, member, kind):
    make.entry(session, member, cast.shunda_union, "exited", date(2021, 8, 1))
    row = make.request(session, member, kind)
    page = sign_in(client).get(f"/desk/{row.number}").get_data(as_text=True)

    bare = post(client, f"/desk/{row.number}/decision", version=1, step="approved")
    decide(client, row, step="approved", sure="y")

    assert "I am sure: what is erased, and a page that is closed, does not come back." in page
    assert bare.status_code == 422
    assert "This cannot be undone. Tick that you are sure." in bare.get_data(as_text=True)
    assert session.scalars(select(Reversal)).all() == []
    assert "Undo (until" not in client.get("/desk").get_data(as_text=True)


KINDS = [kind for kind in EntryKind if kind not in (EntryKind.CORRECTED, EntryKind.DIED)]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 2), st.integers(0, 40)), max_size=6),
    st.sampled_from(["join", "transfer", "retain", "leave"]),
)
def test_whatever_the_history_every_day_is_as_before(context, session, cast, changes, kind):
    unions = (cast.shunda_union, cast.joint_union, cast.city_pool)
    n = session.scalar(select(func.count()).select_from(Person))
    who = make.person(session, identity=make.identity_number(date(1970, 1, 1) + timedelta(days=n)))
    on = date(2021, 1, 1)
    for change, where, days in changes:
        on += timedelta(days=days)
        entry = rules.Entry(99, change, str(unions[where].id), on)
        if not rules.objections(history(session, who.id), entry):
            record(Work(session, cast.city.as_actor(), AT), who, unions[where], change, on)
    session.commit()
    if kind == "join" or not standing_on(history(session, who.id), make.TODAY).union:
        row = make.join_application(session, identity=who.identity)
    else:
        target = cast.joint_union.id if kind == RequestKind.TRANSFER else None
        row = make.request(session, who, kind, to_union_id=target)
    before, counts, state = history(session, who.id), counted(session), told(row)
    by, now = cast.city.as_actor(), AT + timedelta(days=n)

    try:
        decide_application(row.number, Decision(step=Step.APPROVED, version=1), by=by, now=now, today=make.TODAY)
    except Refused:
        assert counted(session) == counts
        return
    undo_decision(row.number, by=by, now=now)

    session.expire_all()
    after = history(session, who.id)
    assert (counted(session), told(row)) == (counts, state)
    for day in {entry.effective_on for entry in after} | {make.TODAY, date(2022, 12, 31)}:
        assert standing_on(after, day) == standing_on(before, day)
