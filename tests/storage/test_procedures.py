"""A founding as one thing: its parts in order, its next round, and what it says before anything is there."""

from datetime import date

import pytest

from enrollment.approving import establishing
from enrollment.preparing.vote_forms import held_form
from enrollment.rules.access import SYSTEM
from enrollment.rules.election import Body
from enrollment.rules.papers import PaperKind
from enrollment.rules.stages import Ball, FoundingStep, Stage
from enrollment.storage import procedures
from enrollment.storage.applications import Application
from enrollment.storage.database import Work
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.founding_facts import (
    meeting_objections,
    preparation_objections,
    request_objections,
    result_objections,
)
from enrollment.storage.founding_papers import edition, facts_of, kinds_for, part_of
from tests import make
from tests.preparing.way import MEETING, NOTICE, REPLIED, TODAY, Way, stands


@pytest.fixture
def way(app, session, cast):
    return Way(app, session, cast)


def work(way):
    return Work(way.session, SYSTEM, make.NOW)


# --- one thing -----------------------------------------------------------------------------------------------------


def test_a_founding_that_is_not_there_is_none(session, cast):
    joining = make.join_application(session)

    assert procedures.founding_where(session, Application.link == "NOBODY") is None
    assert procedures.founding_where(session, Application.id == joining.id) is None


def test_before_anything_is_there_a_founding_is_empty(way):
    found = way.begin().founding()

    assert (found.meeting, found.lists, found.seats, found.outcome(0), found.votes(Body.COMMITTEE)) == (
        None,
        {},
        {},
        None,
        [],
    )
    assert (found.last(FoundingStep.RETURNED), found.last(FoundingStep.STARTED, FoundingStep.AGREED).step) == (
        None,
        "agreed",
    )
    assert result_objections(found, [], [], TODAY) == ("meeting_not_recorded",)
    assert meeting_objections(found, [], TODAY) == ("meeting_missing",)


def test_the_employers_are_those_on_our_lists_of_units_that_agreed(way):
    way.begin(sizes=(3, 2, 2))
    first, second, third = way.founding().application.units
    second.answer, third.employer_id = "declined", None
    way.session.commit()

    assert way.founding().employer_ids == [first.employer_id]
    assert [unit.id for unit in way.founding().standing] == [first.id, third.id]


def test_the_lists_stay_in_the_order_of_the_ballot_paper(way):
    way.begin(sizes=(5, 4)).to(Stage.MEETING_REQUEST)
    people = way.people
    mixed = [stands(people[3]), stands(people[0], "audit"), stands(people[1]), stands(people[2], "audit")]

    way.plan(audit_seats=3, candidates=mixed)

    lists = {body: [each.person_id for each in listed] for body, listed in way.founding().lists.items()}
    assert lists == {"committee": [people[3].id, people[1].id], "audit": [people[0].id, people[2].id]}
    assert way.founding().seats == {"committee": 3, "audit": 3}


def test_an_act_is_its_actors_alone(way):
    found = way.begin().founding()

    for step, who in ((FoundingStep.SUBMITTED, Ball.UPPER), (FoundingStep.GROUP_APPROVED, Ball.UPPER)):
        with pytest.raises(Conflict):
            procedures.take(work(way), found, step, who=who)
    assert way.steps() == ["started", "agreed"]


def test_a_taken_step_says_where_it_leads_and_by_whom(way):
    found = way.begin().founding()

    after = procedures.take(
        work(way), found, FoundingStep.SUBMITTED, who=Ball.GROUP, actor="马晓", fields=["wish"], note="请批示"
    )
    way.session.commit()

    assert (after.stage, found.application.state) == (Stage.GROUP_REPLY, "submitted")
    act = way.founding().acts[-1]
    assert (act.step, act.actor, act.fields, act.note, act.at) == ("submitted", "马晓", ["wish"], "请批示", make.NOW)


def test_a_unit_agrees_to_one_founding_at_a_time(way):
    way.begin()
    shared = way.units[0].id
    own = way.founding().application.id

    assert procedures.agreed_elsewhere(way.session, [shared], 0) is False
    way.send()
    assert procedures.agreed_elsewhere(way.session, [shared], own) is False
    assert procedures.agreed_elsewhere(way.session, [shared], 0) is True
    assert procedures.agreed_elsewhere(way.session, [], 0) is False
    way.reply("refused", "不在本市")
    assert procedures.agreed_elsewhere(way.session, [shared], 0) is False


# --- without its meeting -------------------------------------------------------------------------------------------


def without_meeting(way, stage):
    """A founding whose meeting is gone, as no act leaves it."""
    way.begin().to(stage)
    way.session.delete(way.founding().meeting)
    way.session.commit()


def test_a_repetition_without_a_plan_begins_without_one(way):
    without_meeting(way, Stage.ESTABLISHMENT)

    way.reply("meeting_again", "无会议记录", on=REPLIED)

    assert (way.stage, way.founding().meetings) == (Stage.MEETING, [])
    assert [each.round for each in way.founding().candidates] == [1] * 4 + [2] * 4


def test_votes_without_a_planned_meeting_are_missing(way):
    without_meeting(way, Stage.MEETING)

    with pytest.raises(Missing):
        way.record()


def test_what_follows_a_meeting_says_that_there_is_none(way):
    without_meeting(way, Stage.FIRST_SESSION)

    for act in (way.report, way.offices):
        with pytest.raises(Refused) as no:
            act()
        assert no.value.reasons == ("meeting_not_recorded",)
    for act, reason in ((way.hold_again, "nothing_to_repeat"), (way.vote_again, "no_seat_is_open")):
        with pytest.raises(Refused) as no:
            act()
        assert no.value.reasons == (reason,)


def test_no_term_and_no_officers_come_of_a_founding_without_its_meeting(way):
    without_meeting(way, Stage.ESTABLISHMENT)
    found, union = way.founding(), way.cast.joint_union

    for act in (
        lambda: establishing._begin_term(work(way), found, union),
        lambda: establishing._seat_officers(work(way), found, union, 5),
    ):
        with pytest.raises(Refused) as no:
            act()
        assert no.value.reasons == ("meeting_not_recorded",)


def test_a_form_for_votes_stays_empty_without_a_meeting(way):
    way.begin()

    with way.app.test_request_context("/?lang=en"):
        form = held_form(way.founding(), {}, {}, correcting=True)

    assert (form.held_on.data, form.sections(), "entitled" in form, "correction" in form) == (None, [], False, True)


# --- a re-election -------------------------------------------------------------------------------------------------


def test_a_re_election_asks_nothing_of_units_and_writes_no_papers_of_theirs(way):
    way.begin("re_election", (), units=(), application={"union_id": way.cast.joint_union.id}, group=())
    found = way.founding()

    assert preparation_objections(found, [], TODAY) == ()
    assert request_objections(found, TODAY)[-1:] == ("group_is_empty",)
    assert part_of(found, PaperKind.GROUP_REQUEST) is None
    assert edition(found, PaperKind.GROUP_REQUEST) == 1
    assert kinds_for(found) == (PaperKind.MEETING_REQUEST,)


def test_the_facts_of_a_re_election_name_no_place_and_the_next_term(way):
    way.begin("re_election", (), units=(), application={"union_id": way.cast.joint_union.id})

    told = facts_of(way.session, way.founding(), TODAY)

    assert (told.place, told.units, told.session, told.upper_union) == ("", (), 1, "昌吉市总工会")


# --- facts of the papers -------------------------------------------------------------------------------------------


def test_the_facts_of_the_papers_are_those_of_the_rows(way):
    way.begin().to(Stage.ESTABLISHMENT)

    told = facts_of(way.session, way.founding(), REPLIED)

    assert (told.workers, told.members, told.entitled, told.present) == (5, 5, 5, 5)
    assert [unit.members for unit in told.units] == [3, 2]
    assert [unit.contact for unit in told.units] == ["马晓", ""]
    assert (told.meeting.day, told.meeting.notice_from, told.meeting.term_years) == (MEETING, NOTICE, 5)
    [contest] = told.contests
    [vote] = contest.votes
    assert (contest.seats, vote.issued, vote.returned, vote.void) == (3, 5, 5, 0)
    assert [(each.yes, each.elected, each.office) for each in contest.candidates] == [
        (5, True, "主席"),
        (4, True, ""),
        (3, True, ""),
        (1, False, ""),
    ]
    assert {row.unit for row in told.roster} == {"东风网点", "西域网点"}
    assert {row.joined_on for row in told.roster} == {date(2021, 11, 29)}


def test_after_the_meeting_the_papers_tell_of_the_members_of_its_day(way):
    way.begin().to(Stage.RESULT_REPORT)
    make.members(way.session, way.cast.city_pool, 1, on=REPLIED, employer_id=way.units[0].id)

    assert facts_of(way.session, way.founding(), REPLIED).members == 5


def test_a_unit_on_no_list_has_no_members_in_the_papers(way):
    way.begin("own_committee", (), units=({"name": "无名网点", "filing_number": "备201"},))

    [unit] = facts_of(way.session, way.founding(), TODAY).units

    assert (unit.members, unit.number) == (0, "备201")


def test_a_candidate_from_outside_and_a_barred_one_are_told_as_such(way):
    way.begin().to(Stage.MEETING_REQUEST)
    rows = [stands(way.people[0], relation="near_relative", office="vice_chair")]
    way.plan(candidates=[*rows, stands(way.people[1]) | {"person_id": None, "unit_name": ""}])

    first, second = facts_of(way.session, way.founding(), TODAY).contests[0].candidates

    assert (first.relation, first.proposed, first.sex, bool(first.born), first.yes) == (
        "近亲属",
        "副主席",
        way.people[0].sex,
        True,
        None,
    )
    assert (second.relation, second.proposed, second.sex, second.born) == ("", "", "", "")
