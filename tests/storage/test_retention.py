"""What a run drops, what it leaves, and what holds it; that nothing is dropped twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from enrollment.rules.access import SYSTEM
from enrollment.rules.applications import Step
from enrollment.rules.retention import Matter, Periods
from enrollment.rules.stages import FoundingStep
from enrollment.storage import retention
from enrollment.storage.accounts import SignIn
from enrollment.storage.applications import (
    Application,
    ApplicationAct,
    FoundingDetails,
    FoundingUnit,
    JoinDetails,
    RequestDetails,
)
from enrollment.storage.audit import AuditEntry
from enrollment.storage.foundings import FoundingCandidate, FoundingMeeting, GroupMember, UnionOfficer
from enrollment.storage.ledger import LedgerEntry
from enrollment.storage.outbox import Message, PhoneCode
from enrollment.storage.people import kept_numbers
from enrollment.storage.retention import RetentionRun, Tally, drop_what_is_due, what_is_due
from tests import make
from tests.conftest import counted

F = FoundingStep
PERIODS = Periods()
MOVED = datetime(2021, 11, 30, 4, 0, tzinfo=UTC)
IDENTITY = "652301199001010005"
OTHER = "652302199001090005"


def after(days):
    """Noon in Beijing, so many days after everything moved."""
    return MOVED + timedelta(days=days)


def dropped(days, **more):
    """Matter → how many were dropped, were held and come due, all counties together."""
    found = drop_what_is_due(PERIODS, by=SYSTEM, now=after(days), **more)
    return {matter: (tally.due, tally.held, tally.ahead) for (_county, matter), tally in found.items()}


def fresh(session, row):
    session.rollback()
    session.refresh(row)
    return row


def of(session, table, application):
    session.rollback()
    return session.get_one(table, application.id, populate_existing=True)


@pytest.mark.parametrize("step", [Step.REFUSED, Step.WITHDRAWN])
def test_what_an_applicant_told_goes_and_that_there_was_an_application_stays(context, session, cast, step):
    row = make.join_application(
        session,
        steps=(Step.SUBMITTED, step),
        identity=IDENTITY,
        plate="新B12345",
        filled_by_name="王组织",
        hires=2,
        application={
            "form_token": "token",
            "submission_key": "token-hash-of-the-number",
            "union_id": cast.city_pool.id,
        },
    )
    act = session.scalars(select(ApplicationAct).where(ApplicationAct.step == step)).one()
    act.reason, act.note, act.fields = "under_16", "李建国说过", ["name"]
    first = session.scalars(select(ApplicationAct).where(ApplicationAct.step == Step.SUBMITTED)).one()
    first.actor = "王组织"
    session.commit()
    matter = Matter(step)

    assert dropped(149) == {}
    assert dropped(150) == dropped(179) == {matter: (0, 0, 1)}
    assert of(session, JoinDetails, row).name == "李建国"
    assert dropped(180) == {matter: (1, 0, 0)}
    assert dropped(181) == {}

    join = of(session, JoinDetails, row)
    told = (join.name, join.identity, join.identity_masked, join.phone, join.phone_masked, join.employer_name)
    assert (*told, join.plate, join.filled_by_name) == ("",) * 8
    assert (join.work_region, join.home_region, join.group, join.relation, join.hires) == (None,) * 5
    assert (join.phone_confirmed_at, join.born_on, join.sex) == (None, date(1990, 1, 1), "2")
    assert (join.consent_version, join.identity_consent, join.confirmed_by) == ("2021-11", True, "code")
    row = fresh(session, row)
    assert (row.state, row.county_code, row.union_id) == (str(matter), "652301", cast.city_pool.id)
    assert (row.started_at, row.submitted_at) == (MOVED, MOVED)
    assert (row.form_token, row.submission_key[:8], row.dropped_on) == (None, "dropped-", date(2022, 5, 29))
    assert fresh(session, act).reason == "under_16"
    assert (act.note, act.fields, act.at, act.actor) == ("", ["name"], MOVED, "")
    assert fresh(session, first).actor == ""


def test_a_birthday_becomes_a_year_and_hashes_match_nothing(context, session, cast):
    identity = make.identity_number(date(1990, 7, 8))
    row = make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED), identity=identity)
    before = of(session, JoinDetails, row)
    matches = {before.identity_match, before.phone_match}

    dropped(180)

    join = of(session, JoinDetails, row)
    assert join.born_on == date(1990, 1, 1)
    assert {join.identity_match, join.phone_match}.isdisjoint(matches)
    assert len({join.identity_match, join.phone_match}) == 2


def test_a_cadre_who_acted_stays_named(context, session, cast):
    row = make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED))
    act = session.scalars(select(ApplicationAct).where(ApplicationAct.step == Step.REFUSED)).one()
    act.account_id, act.actor = cast.city.id, cast.city.name
    session.commit()

    dropped(180)

    assert (fresh(session, act).actor, act.account_id) == ("张干部", cast.city.id)
    assert fresh(session, row).dropped_on is not None


@pytest.mark.parametrize("other", ["joining", "asking", "erasing"])
def test_while_something_of_the_same_person_is_under_way_all_is_kept(context, session, cast, other):
    row = make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED), identity=IDENTITY)
    make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED), identity=OTHER)
    if other == "joining":
        now = make.join_application(session, identity=IDENTITY)
    elif other == "asking":
        now = make.request(session, make.member(session, cast.shunda_union, identity=IDENTITY), "leave")
    else:
        now = make.request(session, None, "erase", about_id=row.id)

    assert dropped(1000)[Matter.REFUSED] == (1, 1, 0)
    assert of(session, JoinDetails, row).name == "李建国"

    session.get_one(Application, now.id).state = "withdrawn"
    session.commit()
    assert dropped(1000)[Matter.REFUSED] == (1, 0, 0)


def test_what_is_with_the_union_or_made_a_member_is_never_touched(context, session, cast):
    waiting = make.join_application(session, identity=IDENTITY)
    approved = make.join_application(session, steps=(Step.SUBMITTED, Step.APPROVED), identity=OTHER)
    member = make.member(session, cast.shunda_union, identity=OTHER, phone="13812341234")
    asking = make.request(session, member, "leave", words="回老家")
    preparing = make.founding_application(session, steps=(F.STARTED, F.SUBMITTED, F.GROUP_APPROVED))
    sent = make.founding_application(session, steps=(F.STARTED, F.SUBMITTED))
    back = make.founding_application(session, steps=(F.STARTED, F.SUBMITTED, F.RETURNED))

    assert dropped(40_000) == {}

    assert {of(session, JoinDetails, row).name for row in (waiting, approved)} == {"李建国"}
    assert (of(session, RequestDetails, asking).words, fresh(session, member).phone) == ("回老家", "13812341234")
    phones = {of(session, FoundingDetails, row).contact_phone for row in (preparing, sent, back)}
    assert phones == {"13800000002"}


def test_what_was_returned_and_never_corrected_is_withdrawn_and_then_dropped(context, session, cast):
    steps = (Step.SUBMITTED, Step.RETURNED)
    row = make.join_application(session, steps=steps, identity=IDENTITY)
    member = make.member(session, cast.shunda_union)
    asking = make.request(session, member, "correct", steps=steps, words="看看", told='{"name": "马小"}')

    assert dropped(89) == {Matter.RETURNED: (0, 0, 2)}
    assert dropped(90) == {Matter.RETURNED: (2, 0, 0)}
    assert dropped(91) == {}

    assert of(session, JoinDetails, row).name == ""
    assert (of(session, RequestDetails, asking).words, of(session, RequestDetails, asking).told) == ("", None)
    row = fresh(session, row)
    assert (row.state, row.under_way_match, row.dropped_on) == ("withdrawn", None, date(2022, 2, 28))
    assert (fresh(session, asking).state, asking.dropped_on) == ("withdrawn", date(2022, 2, 28))
    ended = session.scalars(select(ApplicationAct).where(ApplicationAct.step == Step.WITHDRAWN)).all()
    assert {(act.reason, act.at) for act in ended} == {("abandoned", after(90))}


def test_two_that_were_returned_do_not_hold_each_other_but_one_that_waits_does(context, session, cast):
    steps = (Step.SUBMITTED, Step.RETURNED)
    for _each in range(2):
        make.join_application(session, steps=steps, identity=IDENTITY, confirmed_by="")
    make.join_application(session, steps=steps, identity=OTHER, confirmed_by="")
    make.join_application(session, identity=OTHER)

    assert dropped(90) == {Matter.RETURNED: (2, 1, 0)}


def test_the_words_of_a_decided_request_go_and_the_decision_stays(context, session, cast):
    member = make.member(session, cast.shunda_union)
    row = make.request(session, member, "leave", steps=(Step.SUBMITTED, Step.REFUSED), words="回老家")
    act = session.scalars(select(ApplicationAct).where(ApplicationAct.step == Step.REFUSED)).one()
    act.note = "会费未清"
    session.commit()

    assert dropped(364) == {Matter.REQUEST: (0, 0, 1)}
    assert dropped(365) == {Matter.REQUEST: (1, 0, 0)}

    assert of(session, RequestDetails, row).words == ""
    assert (fresh(session, act).note, fresh(session, row).state) == ("会费未清", "refused")
    assert fresh(session, member).phone != ""


def test_a_draft_of_a_founding_is_withdrawn_and_whoever_it_names_goes(context, session, cast):
    row = make.founding_application(
        session,
        way="new_joint",
        units=({}, {"contact_name": "李强", "contact_phone": "13800000009", "answer": "asked"}),
    )
    session.scalars(select(GroupMember)).one().cv = "2015年起任站长"
    session.commit()

    assert dropped(89) == {Matter.DRAFT: (0, 0, 1)}
    assert dropped(90) == {Matter.DRAFT: (1, 0, 0)}
    assert dropped(91) == {}

    details = of(session, FoundingDetails, row)
    assert (details.contact_name, details.contact_phone, details.wish, details.business) == ("", "", "", "快递收派")
    units = session.execute(select(FoundingUnit.contact_name, FoundingUnit.contact_phone)).all()
    assert [tuple(unit) for unit in units] == [("", None)] * 2
    assert session.scalar(select(func.count(GroupMember.id))) == 0
    assert (fresh(session, row).state, row.dropped_on) == ("withdrawn", date(2022, 2, 28))
    last = session.scalars(select(ApplicationAct).order_by(ApplicationAct.id.desc())).first()
    assert (last.step, last.reason) == ("withdrawn", "abandoned")


def test_of_a_founding_that_was_sent_the_names_in_papers_stay(context, session, cast):
    row = make.founding_application(session, steps=(F.STARTED, F.SUBMITTED, F.REFUSED))
    member = session.scalars(select(GroupMember)).one()
    member.cv = "2015年起任站长"
    session.commit()

    assert dropped(364) == {Matter.FOUNDING: (0, 0, 1)}
    assert dropped(365) == {Matter.FOUNDING: (1, 0, 0)}

    details = of(session, FoundingDetails, row)
    assert (details.contact_name, details.contact_phone, details.wish) == ("", "", "全体职工同意")
    assert (fresh(session, member).name, member.post, member.cv) == ("马晓", "快递员", "")
    assert (fresh(session, row).state, row.dropped_on) == ("refused", date(2022, 11, 30))


def test_a_founding_is_over_when_its_last_stage_is(context, session, cast):
    steps = (F.STARTED, F.SUBMITTED, F.GROUP_APPROVED, F.PREPARED, F.MEETING_REQUESTED, F.MEETING_APPROVED,
             F.MEETING_HELD, F.SESSION_HELD, F.RESULT_REPORTED, F.APPROVED, F.REGISTERED)  # fmt: skip
    row = make.founding_application(session, way="own_committee", steps=steps)

    assert dropped(1000) == {Matter.FOUNDING: (0, 1, 0)}
    make.step_founding(session, row, F.CONCLUDED, at=after(1000))
    assert dropped(1364) == {Matter.FOUNDING: (0, 0, 1)}
    assert dropped(1365) == {Matter.FOUNDING: (1, 0, 0)}
    assert of(session, FoundingDetails, row).contact_phone == ""


@pytest.fixture
def gone(session, cast):
    """Somebody who has left, with everything that can be kept of a member."""
    who = {"identity": IDENTITY, "phone": "13912345678", "employer_id": cast.shunda.id}
    person = make.member(session, cast.shunda_union, **who)
    make.join_application(
        session, steps=(Step.SUBMITTED, Step.APPROVED), identity=IDENTITY, name="马晓", plate="新B12345"
    )
    make.entry(session, person, cast.shunda_union, "exited", on=date(2021, 11, 30))
    return person


@pytest.mark.parametrize("end", ["exited", "expelled", "died"])
def test_of_a_former_member_the_core_of_the_archive_stays(context, session, cast, end):
    person = make.member(session, cast.shunda_union, identity=IDENTITY, phone="13912345678", employer_id=cast.shunda.id)
    applied = make.join_application(
        session, steps=(Step.SUBMITTED, Step.APPROVED), identity=IDENTITY, name="马晓", plate="新B12345"
    )
    make.entry(session, person, cast.shunda_union, end, on=date(2021, 11, 30))

    assert dropped(364) == {Matter.FORMER_MEMBER: (0, 0, 1)}
    assert dropped(365) == {Matter.FORMER_MEMBER: (1, 0, 0)}
    assert dropped(366) == {}

    person = fresh(session, person)
    assert (person.name, person.identity, person.born_on, person.sex) == ("马晓", IDENTITY, date(1990, 1, 1), "2")
    assert (person.phone, person.phone_masked, person.group, person.dropped_on) == ("", "", "other", date(2022, 11, 30))
    assert (person.relation, person.work_region, person.home_region, person.employer_id) == (None,) * 4
    join = of(session, JoinDetails, applied)
    assert (join.name, join.identity) == ("马晓", IDENTITY)
    assert (join.phone, join.plate, join.employer_name, join.work_region) == ("", "", "", None)
    entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)).all()
    assert [(entry.kind, entry.effective_on) for entry in entries] == [
        ("joined", date(2021, 6, 1)), (end, date(2021, 11, 30))
    ]  # fmt: skip


def test_who_is_retained_or_on_the_way_is_no_former_member(context, session, cast):
    people = [make.member(session, cast.shunda_union) for _each in range(3)]
    for person, kind in zip(people, ("retained", "transferred_out"), strict=False):
        make.entry(session, person, cast.shunda_union, kind, on=date(2021, 11, 30))

    assert dropped(40_000) == {}
    assert all(fresh(session, person).phone for person in people)


def test_who_never_was_a_member_by_a_corrected_entry_is_a_former_one(context, session, cast):
    person = make.member(session, cast.shunda_union)
    wrong = session.scalars(select(LedgerEntry)).one()
    make.entry(session, person, cast.shunda_union, "corrected", on=wrong.effective_on, corrects=wrong.id)

    assert dropped(365) == {Matter.FORMER_MEMBER: (1, 0, 0)}
    assert dropped(366) == {}
    assert_nobody(session, person)


def assert_nobody(session, person):
    """Nothing of the person is left but that the ledger was corrected; the hashes match nothing."""
    fresh(session, person)
    assert (person.name, person.identity, person.identity_masked) == ("", "", "")
    assert (person.phone, person.phone_masked, person.phone_confirmed_at) == ("", "", None)
    assert (person.born_on.month, person.born_on.day, person.group, person.relation) == (1, 1, "other", None)
    assert (person.work_region, person.home_region, person.employer_id) == (None, None, None)
    assert (
        session.scalar(
            select(func.count()).select_from(JoinDetails).where(JoinDetails.identity_match == person.identity_match)
        )
        == 0
    )
    assert person.identity_match not in {kept_numbers(number, "")["identity_match"] for number in ("", IDENTITY, OTHER)}
    entries = select(LedgerEntry.kind).where(LedgerEntry.person_id == person.id).order_by(LedgerEntry.id)
    assert session.scalars(entries).all() == ["joined", "corrected"]


@pytest.mark.parametrize("step", [Step.REFUSED, Step.WITHDRAWN])
def test_whose_approval_was_undone_goes_with_the_application(context, session, cast, step):
    row = make.join_application(session, identity=OTHER, steps=(Step.SUBMITTED, step))
    person = make.member(session, cast.shunda_union, identity=OTHER, employer_id=cast.shunda.id)
    wrong = session.scalars(select(LedgerEntry)).one()
    make.entry(session, person, cast.shunda_union, "corrected", on=wrong.effective_on, corrects=wrong.id)
    member = make.member(session, cast.shunda_union, identity=IDENTITY)

    assert dropped(179) == {Matter(step): (0, 0, 1)}
    assert fresh(session, person).name == "马晓"
    assert dropped(180) == {Matter(step): (1, 0, 0)}

    assert_nobody(session, person)
    assert person.dropped_on == date(2021, 11, 30) + timedelta(days=180)
    assert of(session, JoinDetails, row).name == ""
    assert (fresh(session, member).name, member.identity) == ("马晓", IDENTITY)
    assert dropped(366) == {}


def test_who_was_a_member_keeps_the_core_when_a_later_application_goes(context, session, cast):
    person = make.member(session, cast.shunda_union, identity=OTHER)
    make.entry(session, person, cast.shunda_union, "exited", on=date(2021, 11, 30))
    make.join_application(session, identity=OTHER, steps=(Step.SUBMITTED, Step.REFUSED))

    assert dropped(180) == {Matter.REFUSED: (1, 0, 0)}

    assert (fresh(session, person).name, person.identity, person.dropped_on) == ("马晓", OTHER, None)
    assert dropped(365) == {Matter.FORMER_MEMBER: (1, 0, 0)}
    assert (fresh(session, person).name, person.identity, person.phone) == ("马晓", OTHER, "")


def test_an_exit_written_down_late_counts_from_the_day_it_is_written_down(context, session, cast):
    person = make.member(session, cast.shunda_union, on=date(2015, 1, 1))
    make.entry(session, person, cast.shunda_union, "exited", on=date(2016, 1, 1))

    assert dropped(364) == {Matter.FORMER_MEMBER: (0, 0, 1)}


def test_an_exit_to_come_is_none_yet(context, session, cast):
    person = make.member(session, cast.shunda_union)
    make.entry(session, person, cast.shunda_union, "exited", on=date(2022, 11, 30))

    assert dropped(365) == {}
    assert dropped(729) == {Matter.FORMER_MEMBER: (0, 0, 1)}
    assert dropped(730) == {Matter.FORMER_MEMBER: (1, 0, 0)}


def test_what_the_person_asks_for_moves_the_day(context, session, gone):
    make.request(session, gone, "correct", steps=(Step.SUBMITTED, Step.REFUSED), at=after(300))

    assert Matter.FORMER_MEMBER not in dropped(600)
    assert dropped(665)[Matter.FORMER_MEMBER] == (1, 0, 0)


@pytest.mark.parametrize("hold", ["asking", "joining", "standing", "womens member", "officer"])
def test_what_holds_a_former_member(context, session, cast, gone, hold):
    founding = make.founding_application(session, steps=(F.STARTED, F.SUBMITTED, F.GROUP_APPROVED))
    if hold == "asking":
        make.request(session, gone, "erase")
    elif hold == "joining":
        make.join_application(session, identity=IDENTITY)
    elif hold == "standing":
        listed = {"round": 1, "body": "committee", "place": 1, "name": gone.name, "relation": "none"}
        session.add(FoundingCandidate(application_id=founding.id, person_id=gone.id, **listed))
    elif hold == "womens member":
        day = date(2021, 12, 10)
        planned = {
            "meeting_on": day,
            "place": "分拨中心",
            "notice_from": day,
            "listed_on": day,
            "term_years": 5,
            "seats": 3,
        }
        session.add(FoundingMeeting(application_id=founding.id, round=1, womens_person_id=gone.id, **planned))
    else:
        seat = {"name": gone.name, "body": "committee", "from_on": date(2021, 1, 1)}
        session.add(UnionOfficer(union_id=cast.shunda_union.id, person_id=gone.id, **seat))
    session.commit()

    assert dropped(365)[Matter.FORMER_MEMBER] == (0, 1, 0)
    assert fresh(session, gone).phone == "13912345678"


def test_messages_that_are_done_with_go_and_open_ones_stay(context, session):
    kept = {"phone": "", "phone_match": b"p" * 32, "template": "phone_code", "values": "{}", "queued_at": MOVED}
    session.add_all(
        [
            Message(key="sent", sent_at=MOVED, **kept),
            Message(key="given up", failure="too late", **kept),
            Message(key="waiting", next_at=MOVED, **kept),
            Message(key="claimed", claimed_until=MOVED, **kept),
        ]
    )
    session.commit()

    assert dropped(183) == {Matter.MESSAGE: (0, 0, 2)}
    assert dropped(184) == {Matter.MESSAGE: (2, 0, 0)}
    session.rollback()
    assert session.scalars(select(Message.key).order_by(Message.id)).all() == ["waiting", "claimed"]


def test_sign_ins_are_a_log_of_half_a_year_since_the_last_click(context, session, cast):
    seen = {"account_id": cast.city.id, "login_match": b"l" * 32, "address": "10.0.0.1", "agent": "Firefox"}
    the_day_before = MOVED - timedelta(days=1)
    session.add_all(
        [
            SignIn(at=the_day_before, seen_at=the_day_before, outcome="wrong_password", **seen),
            SignIn(at=the_day_before, seen_at=MOVED, outcome="password", ended_at=MOVED, ended_by="signed_out", **seen),
        ]
    )
    session.commit()

    assert dropped(183) == {Matter.SIGN_IN: (1, 0, 1)}
    assert dropped(184) == {Matter.SIGN_IN: (1, 0, 0)}
    assert session.scalar(select(func.count(SignIn.id))) == 0


def test_codes_go_when_no_limit_needs_them(context, session):
    hashes = dict.fromkeys(("phone_match", "address_match", "code_match"), b"h" * 32)
    session.add(PhoneCode(purpose="status", sent_at=MOVED, **hashes))
    session.commit()

    assert dropped(1) == {Matter.CODE: (0, 0, 1)}
    assert dropped(2) == {Matter.CODE: (1, 0, 0)}
    assert session.scalar(select(func.count(PhoneCode.id))) == 0


def test_the_day_begins_in_beijing(context, session, cast):
    make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED), at=datetime(2021, 11, 30, 16, 0, tzinfo=UTC))
    midnight = datetime(2022, 5, 29, 16, 0, tzinfo=UTC)  # of the 30th

    def at(now):
        return [tally.due for tally in what_is_due(PERIODS, now).values()]

    assert (at(midnight - timedelta(seconds=1)), at(midnight)) == ([0], [1])


def test_looking_changes_nothing_and_says_the_oldest_by_county(context, session, cast):
    steps = (Step.SUBMITTED, Step.REFUSED)
    make.join_application(session, steps=steps, at=after(-3))
    make.join_application(session, steps=steps)
    make.join_application(session, steps=steps, application={"county_code": "652302"})
    make.join_application(session, identity=OTHER)
    make.join_application(session, steps=steps, identity=OTHER)

    found = what_is_due(PERIODS, after(180))

    assert found == {
        ("652301", Matter.REFUSED): Tally(due=2, held=1, oldest=date(2021, 11, 27)),
        ("652302", Matter.REFUSED): Tally(due=1, oldest=date(2021, 11, 30)),
    }
    session.rollback()
    assert [session.scalar(select(func.count(row.id))) for row in (AuditEntry, RetentionRun)] == [0, 0]
    assert session.scalar(select(func.count()).where(Application.dropped_on.is_not(None))) == 0


def test_a_run_is_kept_with_its_numbers_and_each_batch_has_its_line(context, session, cast, monkeypatch):
    monkeypatch.setattr("enrollment.storage.overdue.BATCH", 2)
    monkeypatch.setattr("enrollment.storage.retention.BATCH", 2)
    for _time in range(4):
        make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED))

    assert dropped(180) == {Matter.REFUSED: (4, 0, 0)}

    session.rollback()
    [run] = session.scalars(select(RetentionRun))
    assert (run.begun_at, run.ended_at, run.actor, run.automatic_on) == (after(180), after(180), "system", None)
    assert run.counts == [{"county": "652301", "matter": "refused", "due": 4, "held": 0, "ahead": 0}]
    assert run.periods == {
        "draft": 90, "refused": 180, "request": 365, "founding": 365, "former_member": 365, "message": 184,
        "sign_in": 184,
    }  # fmt: skip
    lines = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(line.act, line.actor, line.subject, line.note) for line in lines] == [
        ("drop_data", "system", "", "begun"),
        ("drop_data", "system", "refused", "2 dropped"),
        ("drop_data", "system", "refused", "2 dropped"),
        ("drop_data", "system", "", "ended: 4"),
    ]


def test_a_run_that_is_broken_off_keeps_what_it_did_and_the_next_goes_on(context, session, cast, monkeypatch):
    monkeypatch.setattr("enrollment.storage.overdue.BATCH", 2)
    monkeypatch.setattr("enrollment.storage.retention.BATCH", 2)
    for _time in range(3):
        make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED))

    def crash():
        if session.scalar(select(func.count()).where(Application.dropped_on.is_not(None))):
            raise ConnectionError
        session.rollback()
        return True

    with pytest.raises(ConnectionError):
        dropped(180, go_on=crash)
    session.rollback()
    assert dropped(180) == {Matter.REFUSED: (1, 0, 0)}

    session.rollback()
    runs = session.scalars(select(RetentionRun).order_by(RetentionRun.id)).all()
    assert [(run.ended_at is None, [line["due"] for line in run.counts]) for run in runs] == [(True, [2]), (False, [1])]


def test_a_run_stops_when_it_is_told_to(context, session, cast):
    make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED))

    assert dropped(180, go_on=lambda: False) == {}
    assert session.scalars(select(RetentionRun.ended_at)).all() == [None]


def test_the_product_itself_does_it_once_a_day_whoever_comes_first(context, session, cast):
    make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED))

    first = drop_what_is_due(PERIODS, by=SYSTEM, now=after(180), automatic=True)
    second = drop_what_is_due(PERIODS, by=SYSTEM, now=after(180) + timedelta(hours=3), automatic=True)
    tomorrow = drop_what_is_due(PERIODS, by=SYSTEM, now=after(181), automatic=True)

    assert ([tally.due for tally in first.values()], second, tomorrow) == ([1], None, {})
    days = session.scalars(select(RetentionRun.automatic_on).order_by(RetentionRun.id)).all()
    assert days == [date(2022, 5, 29), date(2022, 5, 30)]


def test_two_runs_at_one_moment_drop_nothing_twice(app, session, cast):
    for _each in range(5):
        make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED))

    def run(_number):
        with app.app_context():
            found = drop_what_is_due(PERIODS, by=SYSTEM, now=after(180))
            return sum(tally.due for tally in found.values())

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(run, range(2))) == 5
    session.rollback()
    assert session.scalar(select(func.count()).where(Application.dropped_on.is_not(None))) == 5


def test_what_moved_while_it_was_looked_at_is_left(context, session, cast):
    """The batch looks again once the rows are its own: one was corrected since, one is still silent."""
    silent = make.join_application(session, steps=(Step.SUBMITTED, Step.RETURNED), identity=IDENTITY)
    corrected = make.join_application(session, steps=(Step.SUBMITTED, Step.RETURNED, Step.CORRECTED), identity=OTHER)
    run_id = retention._begin(PERIODS, SYSTEM, after(90), None)
    found = retention._Found(PERIODS, date(2022, 2, 28))

    retention._drop_batch(Matter.RETURNED, [silent.id, corrected.id], found, run_id, by=SYSTEM, now=after(90))

    assert [tally.due for tally in found.tallies.values()] == [1]
    assert (of(session, JoinDetails, silent).name, of(session, JoinDetails, corrected).name) == ("", "李建国")
    assert session.scalars(select(RetentionRun)).one().counts == found.counts


@pytest.mark.parametrize("matter", ["refused", "former"])
def test_one_and_thirty_cost_the_same_statements(context, session, cast, statements, matter):
    def put(number):
        for _time in range(number):
            if matter == "refused":
                make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED))
            else:
                person = make.member(session, cast.shunda_union)
                make.entry(session, person, cast.shunda_union, "exited", on=date(2021, 11, 30))

    put(1)
    with counted(statements) as one:
        what_is_due(PERIODS, after(180))
    put(29)
    with counted(statements) as thirty:
        what_is_due(PERIODS, after(180))

    assert len(one) == len(thirty)
