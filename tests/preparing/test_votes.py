"""Stage 5: the assembly as it was held, what came of it, and what is done when too few are elected (ELEC-12 … 20)."""

from datetime import date, datetime, timedelta

import pytest

from enrollment.approving import queries as upper
from enrollment.preparing import queries, voting
from enrollment.rules.election import Body
from enrollment.rules.stages import Stage
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.foundings import FoundingBallot, FoundingMeeting
from tests import make
from tests.preparing.way import MEETING, NOTICE, REPLIED, Way, how_many, stands


def result(way):
    """What the group's page shows of the vote."""
    return way.look(lambda: queries.page_of(queries.founding(way.link), MEETING)["outcome"])


def elected(way, body="committee"):
    return [row.name for row in result(way).rows if row.elected and row.body == body]


def reasons_of(act, *args, **told):
    with pytest.raises(Refused) as no:
        act(*args, **told)
    return no.value.reasons


@pytest.fixture
def met(way):
    """The meeting is approved and was held; nothing is recorded yet."""
    return way.begin().to(Stage.MEETING)


@pytest.fixture
def audited(way):
    """The same with an audit committee: nine members, three of four for each."""
    way.begin(sizes=(5, 4)).to(Stage.MEETING_REQUEST)
    committee = [stands(each) for each in way.people[:4]]
    audit = [stands(each, "audit") for each in way.people[4:8]]
    way.plan(audit_seats=3, candidates=[*committee, *audit])
    way.ask()
    return way.to(Stage.MEETING)


def nine(way: Way, *yes: int, body: str = "committee"):
    return way.counted(*yes, body=body, issued=9, returned=9)


# --- recorded ------------------------------------------------------------------------------------------------------


def test_votes_are_recorded_as_they_were_counted(met):
    ids = met.ids("committee")

    met.record(5, 4, 3, 0, minutes="会议记录", counted=[met.counted(4, 4, 3, 0, returned=5, void=1)])

    found = met.founding()
    meeting, [ballot] = found.meeting, found.ballots
    assert (meeting.meeting_on, meeting.entitled, meeting.present, meeting.rules_adopted) == (MEETING, 5, 5, True)
    assert (meeting.counters, meeting.minutes, meeting.fewer_seats) == ("赵六", "会议记录", False)
    assert (ballot.round, ballot.body, ballot.number) == (1, "committee", 1)
    assert (ballot.issued, ballot.returned, ballot.void) == (5, 5, 1)
    assert ballot.votes == dict(zip(ids, (4, 4, 3, 0), strict=True))
    assert (met.stage, met.state) == (Stage.FIRST_SESSION, "preparing")
    assert met.steps()[-1] == "meeting_held"
    assert met.audit()[-1] == ("prepare_founding", met.number, "")
    assert {kind for kind, _round in met.papers()} >= {"attendance_sheet", "ballot"}
    assert met.papers()["attendance_sheet", 1].issued_on == MEETING


def test_the_page_shows_who_is_elected_and_by_which_numbers(met):
    met.record()

    shown = result(met)
    assert (shown.entitled, shown.present, shown.quorum, shown.needed) == (5, 5, 4, 3)
    assert (shown.broken, shown.open_reasons, shown.open_seats, shown.is_complete) == ((), (), {}, True)
    assert [(row.name, row.votes, row.elected) for row in shown.rows] == [
        ("会员1", (5,), True),
        ("会员2", (4,), True),
        ("会员3", (3,), True),
        ("会员1", (1,), False),
    ]


def test_before_the_meeting_there_is_no_result(met):
    assert result(met) is None


def test_who_should_attend_are_the_members_of_the_day_of_the_meeting(met):
    pool, unit = met.cast.city_pool, met.units[0]
    make.members(met.session, pool, 1, on=MEETING, employer_id=unit.id)
    make.members(met.session, pool, 1, on=MEETING + timedelta(days=1), employer_id=unit.id)
    make.entry(met.session, met.people[4], pool, "retained", MEETING)

    met.record(on=MEETING + timedelta(days=3))

    assert met.founding().meeting.entitled == 5


def test_the_result_is_judged_with_the_members_of_the_day_of_the_meeting(way):
    """Six of eight seats are too few from 201 members on (ELEC-5); who joins later has not voted."""
    way.begin("own_committee", (200,)).to(Stage.MEETING_REQUEST)
    way.plan(seats=7, candidates=[stands(each) for each in way.people[:8]])
    way.ask()
    way.to(Stage.MEETING)
    votes = way.counted(180, 170, 160, 150, 140, 130, 100, 9, issued=200, returned=200)
    way.record(present=200, counted=[votes])
    later = MEETING + timedelta(days=1)
    make.members(way.session, way.cast.city_pool, 1, on=later, employer_id=way.units[0].id)

    way.met(voting.leave_seats_open, on=later)
    way.offices(on=later)
    way.report(on=later)
    way.approve(on=REPLIED)

    assert (way.stage, len(elected(way))) == (Stage.REGISTRATION, 6)
    shown = [
        len(way.look(lambda: queries.page_of(queries.founding(way.link), REPLIED)["roster"])),
        len(way.look(lambda: upper.page_of(way.founding(), REPLIED)["roster"])),
    ]
    assert shown == [200, 200]


def test_elec_11_as_many_delegates_should_attend_as_were_agreed_to(way):
    way.begin("own_committee", (101,)).to(Stage.MEETING_REQUEST)
    way.plan(delegates=30)
    way.ask()
    way.to(Stage.MEETING)
    full = way.counted(30, 25, 20, 5, issued=30, returned=30)

    way.record(present=30, counted=[full])

    assert way.founding().meeting.entitled == 30
    assert (result(way).quorum, result(way).needed) == (20, 16)
    assert way.offices().position.stage is Stage.RESULT_REPORT


def test_a_meeting_to_come_has_no_votes(met):
    before = met.audit()

    assert reasons_of(met.record, on=MEETING - timedelta(days=1)) == ("meeting_is_to_come",)
    assert (met.founding().meeting.present, how_many(met.session, FoundingBallot)) == (None, 0)
    assert (met.stage, met.audit()) == (Stage.MEETING, before)


@pytest.mark.parametrize(("at", "refused"), [("2021-12-09T15:59", False), ("2021-12-09T16:00", True)])
def test_elec_10_an_assembly_before_its_approval_does_not_count(met, at, refused):
    """The approval is dated in Beijing: the evening before in UTC is the day itself."""
    met.founding().last("meeting_approved").at = datetime.fromisoformat(f"{at}+00:00")
    met.session.commit()
    day = MEETING - timedelta(days=1)

    if refused:
        assert reasons_of(met.record, held_on=day) == ("meeting_before_approval",)
        assert (met.founding().meeting.present, met.stage) == (None, Stage.MEETING)
    met.record(held_on=MEETING if refused else day)

    assert met.stage is Stage.FIRST_SESSION


def test_elec_20_an_assembly_is_held_again_on_a_later_day(met):
    met.record(present=3, counted=[met.counted(3, 3, 3, 0, issued=3, returned=3)])
    met.hold_again()

    assert reasons_of(met.record, held_on=MEETING) == ("meeting_not_repeated",)
    met.record()

    assert [each.meeting_on for each in met.founding().meetings] == [MEETING, MEETING + timedelta(days=1)]
    assert reasons_of(met.correct, held_on=MEETING) == ("meeting_not_repeated",)


def test_the_second_tap_finds_the_votes_recorded(met):
    met.record()

    with pytest.raises(Conflict):
        met.record(1, 1, 1, 1)

    assert how_many(met.session, FoundingBallot) == 1
    assert met.steps().count("meeting_held") == 1


@pytest.mark.parametrize("body", ["committee", "audit", "officer"])
def test_only_candidates_of_this_list_have_votes(way, body):
    other = Way(way.app, way.session, way.cast).begin("own_committee", (5,)).to(Stage.MEETING)
    strangers = other.ids("committee")
    way.begin(union_name="昌吉市城南快递行业联合工会委员会").to(Stage.MEETING)
    before = way.audit()

    with pytest.raises(Missing):
        way.record(counted=[way.counted(5, 4, 3, 1, body=body, ids=strangers)])

    assert (way.founding().ballots, way.founding().meeting.present) == ([], None)
    assert (way.stage, way.audit()) == (Stage.MEETING, before)


# --- broken --------------------------------------------------------------------------------------------------------

BROKEN = [
    ("ELEC-12 three of five", {"present": 3, "issued": 3, "returned": 3, "yes": (3, 3, 3, 0)}, ("no_quorum",)),
    ("ELEC-12 nobody", {"present": 0, "issued": 0, "returned": 0, "yes": (0, 0, 0, 0)}, ("no_quorum",)),
    ("ELEC-16 a proxy", {"present": 4}, ("more_ballots_than_present",)),
    ("ELEC-18 one too many", {"issued": 4}, ("more_ballots_than_issued",)),
    ("ELEC-18 void ones hold no votes", {"void": 1, "yes": (5, 3, 3, 1)}, ("more_votes_than_ballots",)),
    ("ELEC-18 more marks than seats", {"yes": (5, 4, 4, 3)}, ("more_votes_than_marks",)),
    ("six of five", {"present": 6, "issued": 6, "returned": 6}, ("more_present_than_entitled",)),
    ("no rules", {"rules_adopted": False}, ("rules_not_adopted",)),
    ("ELEC-10", {"held_on": date(2021, 12, 7)}, ("notice_too_short",)),
    ("nobody voted", {"counted": []}, ("committee_not_voted",)),
]  # fmt: skip


def recorded_with(way, changes):
    counted = {name: changes.pop(name) for name in ("issued", "returned", "void") if name in changes}
    yes = changes.pop("yes", (5, 4, 3, 1))
    told = {"counted": [way.counted(*yes, **counted)]} | changes
    return way.record(**told)


@pytest.mark.parametrize(("changes", "reasons"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_assembly_elects_nobody_and_can_only_be_repeated_or_reported(met, changes, reasons):
    recorded_with(met, dict(changes))

    assert (result(met).broken, result(met).open_reasons, elected(met)) == (reasons, (), [])
    before = met.audit()
    assert reasons_of(met.offices) == reasons
    assert reasons_of(met.vote_again, met.counted(5, 4, 3, 1)) == ("no_seat_is_open",)
    assert (met.stage, met.audit()) == (Stage.FIRST_SESSION, before)

    met.report()
    assert (met.stage, met.state) == (Stage.ESTABLISHMENT, "submitted")


def test_a_broken_assembly_is_held_again_with_the_same_plan(met):
    met.record(present=3, counted=[met.counted(3, 3, 3, 0, issued=3, returned=3)])

    met.hold_again()

    first, second = met.founding().meetings
    plan = ("meeting_on", "starts_at", "place", "notice_from", "delegates", "term_years", "seats", "audit_seats")
    assert [getattr(second, name) for name in plan] == [getattr(first, name) for name in plan]
    assert (first.present, second.present, second.entitled, second.round) == (3, None, None, 2)
    assert (met.stage, met.state) == (Stage.MEETING, "preparing")
    assert met.steps()[-1] == "meeting_again"
    rows = met.founding().candidates
    assert [(each.round, each.place, each.person_id, each.relation) for each in rows] == [
        (n, place, met.people[place - 1].id, "none") for n in (1, 2) for place in (1, 2, 3, 4)
    ]

    met.record()
    assert [each.round for each in met.founding().ballots] == [1, 2]
    assert {("attendance_sheet", 1), ("attendance_sheet", 2), ("ballot", 1), ("ballot", 2)} <= set(met.papers())
    met.offices()
    assert met.stage is Stage.RESULT_REPORT
    # Nobody of the first round has got an office.
    assert [each.office for each in met.founding().candidates] == ["", "", "", "", "chair", "", "", ""]


def test_the_votes_of_the_first_round_count_no_more_in_the_second(met):
    old = met.ids("committee")
    met.record(present=3, counted=[met.counted(3, 3, 3, 0, issued=3, returned=3)])
    met.hold_again()

    with pytest.raises(Missing):
        met.record(counted=[met.counted(5, 4, 3, 1, ids=old)])


def test_after_too_short_a_notice_the_candidates_are_asked_for_again(met):
    met.record(held_on=date(2021, 12, 7))

    met.hold_again()

    assert (met.stage, met.steps()[-1]) == (Stage.MEETING_REQUEST, "list_again")
    met.plan(notice_from=date(2021, 12, 13), meeting_on=date(2021, 12, 20))
    met.ask(on=MEETING)
    assert {("meeting_request", 1), ("meeting_request", 2)} <= set(met.papers())
    assert met.founding().position.round == 2
    assert [meeting.meeting_on for meeting in met.founding().meetings] == [date(2021, 12, 7), date(2021, 12, 20)]


def test_nothing_is_repeated_that_was_in_order(met):
    met.record()
    before = met.audit()

    assert reasons_of(met.hold_again) == ("nothing_to_repeat",)
    assert (met.audit(), how_many(met.session, FoundingMeeting)) == (before, 1)


@pytest.mark.parametrize("stage", [Stage.MEETING_REQUEST, Stage.MEETING, Stage.ESTABLISHMENT, Stage.REGISTRATION])
def test_what_follows_a_vote_has_its_stage(way, stage):
    way.begin().to(stage)
    before = way.audit()

    for act in (way.hold_again, way.leave_seats_open, way.vote_again):
        with pytest.raises(Conflict):
            act()
    with pytest.raises(Conflict):
        way.group(voting.correct_record, None, today=MEETING)
    assert way.audit() == before


# --- open seats ----------------------------------------------------------------------------------------------------


def test_a_tie_is_voted_on_again_by_those_tied(met):
    met.record(5, 4, 3, 3)
    ids = met.ids("committee")
    assert (result(met).open_reasons, result(met).open_seats) == (("tie",), {Body.COMMITTEE: 1})
    assert elected(met) == ["会员1", "会员2"]
    assert reasons_of(met.offices) == ("tie",)
    assert reasons_of(met.report) == ("tie",)

    met.vote_again(met.counted(1, 4, ids=ids[2:]))

    assert [(each.number, each.votes) for each in met.founding().ballots] == [
        (1, dict(zip(ids, (5, 4, 3, 3), strict=True))),
        (2, dict(zip(ids[2:], (1, 4), strict=True))),
    ]
    assert [(row.votes, row.elected) for row in result(met).rows] == [
        ((5, None), True),
        ((4, None), True),
        ((3, 1), False),
        ((3, 4), True),
    ]
    assert (result(met).is_complete, met.stage, met.steps()[-1]) == (True, Stage.FIRST_SESSION, "voted_again")


def test_open_seats_are_voted_on_until_they_are_filled(met):
    met.record(5, 4, 2, 1)
    ids = met.ids("committee")
    assert (result(met).open_reasons, result(met).open_seats) == (("seats_open",), {Body.COMMITTEE: 1})

    met.vote_again(met.counted(2, 2, ids=ids[2:]))
    assert result(met).open_reasons == ("seats_open",)
    met.vote_again(met.counted(4, 1, ids=ids[2:]))

    assert [each.number for each in met.founding().ballots] == [1, 2, 3]
    assert elected(met) == ["会员1", "会员2", "会员3"]
    assert reasons_of(met.vote_again, met.counted(4, 1, ids=ids[2:])) == ("no_seat_is_open",)


def test_another_vote_that_was_sent_twice_counts_once(met):
    met.record(5, 2, 2, 1)
    ids, read = met.ids("committee"), met.founding().application.version
    again = met.counted(5, 2, 1, ids=ids[1:])
    met.vote_again(again, version=read)
    before = met.audit()

    with pytest.raises(Conflict):
        met.vote_again(again, version=read)

    assert result(met).open_reasons == ("seats_open",)
    assert ([each.number for each in met.founding().ballots], met.audit()) == ([1, 2], before)


@pytest.mark.parametrize(
    ("first", "places"),
    [((5, 4, 3, 3), (1, 2, 3)), ((5, 4, 3, 3), (0, 2, 3)), ((5, 4, 2, 1), (1, 2, 3))],
    ids=["elected and not tied", "elected", "elected, nobody tied"],
)
def test_elec_19_who_is_elected_or_not_tied_stands_no_more(met, first, places):
    met.record(*first)
    ids = [met.ids("committee")[place] for place in places]

    assert reasons_of(met.vote_again, met.counted(5, 4, 3, ids=ids)) == ("stands_no_more",)
    assert how_many(met.session, FoundingBallot) == 1


def test_each_committee_has_votes_of_its_own(audited):
    way = audited
    way.record(present=9, counted=[nine(way, 9, 8, 7, 1), nine(way, 9, 8, 4, 1, body="audit")])
    ids = way.ids("audit")
    assert result(way).open_seats == {Body.AUDIT: 1}
    assert elected(way, "audit") == ["会员5", "会员1"]
    assert reasons_of(way.vote_again, nine(way, 9, 8, 7, 1)) == ("no_seat_is_open",)

    again = way.counted(2, 6, body="audit", ids=ids[2:], issued=9, returned=9)
    way.vote_again(again)

    assert elected(way, "audit") == ["会员5", "会员1", "会员3"]
    assert result(way).is_complete


def test_an_audit_committee_that_was_not_voted_on_breaks_the_assembly(audited):
    audited.record(present=9, counted=[nine(audited, 9, 8, 7, 1)])

    assert audited.founding().outcome(9).broken == ("audit_not_voted",)


def test_a_runoff_that_is_broken_breaks_the_whole(met):
    met.record(5, 4, 3, 3)
    ids = met.ids("committee")

    met.vote_again(met.counted(4, 1, ids=ids[2:], issued=4))

    assert (result(met).broken, elected(met)) == (("more_ballots_than_issued",), [])


def test_the_assembly_may_agree_to_fewer_seats_within_the_size(way):
    way.begin(sizes=(5, 4)).to(Stage.MEETING_REQUEST)
    way.plan(seats=5, candidates=[stands(each) for each in way.people[:6]])
    way.ask()
    way.to(Stage.MEETING)
    way.record(present=9, counted=[nine(way, 9, 9, 8, 4, 3, 1)])
    assert result(way).open_reasons == ("seats_open",)

    way.leave_seats_open()
    way.leave_seats_open()

    assert (result(way).is_complete, way.founding().meeting.fewer_seats) == (True, True)
    assert way.steps().count("voted_again") == 1
    assert way.founding().acts[-1].reason == "fewer_seats"
    assert reasons_of(way.vote_again, nine(way, 9, 9, 8, 4, 3, 1)) == ("no_seat_is_open",)
    assert [note for _act, _subject, note in way.audit()[-2:]] == ["", "sent again"]
    assert way.offices().position.stage is Stage.RESULT_REPORT


def test_a_committee_below_the_least_size_is_not_agreed_to(met):
    met.record(5, 4, 2, 1)

    assert reasons_of(met.leave_seats_open) == ("seats_open",)
    assert (result(met).open_reasons, met.founding().meeting.fewer_seats) == (("seats_open",), False)


def test_fewer_seats_are_no_answer_to_a_tie(met):
    met.record(5, 4, 3, 3)

    assert reasons_of(met.leave_seats_open) == ("tie",)
    assert met.steps()[-1] == "meeting_held"


@pytest.mark.parametrize("changes", [{}, {"rules_adopted": False}], ids=["full", "broken"])
def test_where_no_seat_is_open_none_is_left_open(met, changes):
    met.record(**changes)

    assert reasons_of(met.leave_seats_open) == ("no_seat_is_open",)
    assert met.founding().meeting.fewer_seats is False


def test_a_tie_or_open_seats_can_also_end_in_a_new_assembly(met):
    met.record(5, 4, 2, 1)

    met.hold_again()

    assert (met.stage, met.steps()[-1]) == (Stage.MEETING, "meeting_again")


# --- corrected -----------------------------------------------------------------------------------------------------


def test_a_record_is_corrected_with_the_reason_and_the_old_figures(met):
    met.record(5, 4, 3, 3)
    ids = met.ids("committee")
    met.vote_again(met.counted(1, 4, ids=ids[2:]))

    met.correct(5, 4, 3, 2, correction="数错了")

    found = met.founding()
    assert [(each.number, each.votes) for each in found.ballots] == [(1, dict(zip(ids, (5, 4, 3, 2), strict=True)))]
    assert (found.acts[-1].step, found.acts[-1].note) == ("record_corrected", "数错了")
    [old] = found.past_records
    assert (old["held_on"], old["present"], old["counters"], old["corrected_at"][:10]) == (
        "2021-12-10", 5, "赵六", "2021-12-10",
    )  # fmt: skip
    assert [[yes for _name, yes in ballot["votes"]] for ballot in old["ballots"]] == [[5, 4, 3, 3], [1, 4]]
    assert (met.stage, elected(met)) == (Stage.FIRST_SESSION, ["会员1", "会员2", "会员3"])
    assert met.audit()[-1] == ("prepare_founding", met.number, "")


def test_a_correction_says_what_else_was_typed_wrong_and_writes_the_sheet_again(met):
    met.record(rules_adopted=False, held_on=date(2021, 12, 9))
    first = met.papers()["attendance_sheet", 1].content

    met.correct(5, 4, 3, 1, present=4, counters="", counted=[met.counted(4, 4, 3, 1, issued=4, returned=4)])

    [old] = met.founding().past_records
    assert (old["held_on"], old["rules_adopted"], old["counters"]) == ("2021-12-09", False, "赵六")
    sheets = {edition: row for (kind, edition), row in met.papers().items() if kind == "attendance_sheet"}
    assert [sheets[edition].issued_on for edition in (1, 2)] == [date(2021, 12, 9), MEETING]
    assert (sheets[1].content, "实到会：4人" in str(sheets[2].content)) == (first, True)
    assert met.look(lambda: queries.paper(queries.founding(met.link), "attendance_sheet", MEETING)).paper.body == tuple(
        sheets[2].content["body"]
    )


def test_after_a_correction_the_next_assembly_has_the_next_sheet(met):
    met.record(present=4, counted=[met.counted(4, 3, 3, 0, issued=4, returned=4)])
    met.correct(present=3, counted=[met.counted(3, 3, 3, 0, issued=3, returned=3)])
    met.hold_again()
    met.record()

    editions = sorted(edition for kind, edition in met.papers() if kind == "attendance_sheet")
    assert (editions, met.papers()["attendance_sheet", 3].issued_on) == ([1, 2, 3], MEETING + timedelta(days=1))


def test_a_correction_takes_back_the_consent_to_fewer_seats(way):
    way.begin(sizes=(5, 4)).to(Stage.MEETING_REQUEST)
    way.plan(seats=5, candidates=[stands(each) for each in way.people[:6]])
    way.ask()
    way.to(Stage.MEETING)
    way.record(present=9, counted=[nine(way, 9, 9, 8, 4, 3, 1)])
    way.leave_seats_open()

    way.correct(present=9, counted=[nine(way, 9, 9, 8, 4, 4, 1)])

    assert way.founding().meeting.fewer_seats is False
    assert result(way).open_reasons == ("seats_open",)


def test_a_correction_needs_its_reason_and_a_day_that_has_been(met):
    met.record()
    before = met.audit()

    assert reasons_of(met.correct, 5, 5, 5, 0, correction="") == ("correction_reason_missing",)
    assert reasons_of(met.correct, 5, 5, 5, 0, on=MEETING - timedelta(days=1)) == ("meeting_is_to_come",)
    [ballot] = met.founding().ballots
    assert (list(ballot.votes.values()), met.audit()) == ([5, 4, 3, 1], before)


def test_later_votes_are_corrected_with_the_first_and_have_to_follow_from_it(met):
    met.record(5, 4, 3, 3)
    ids = met.ids("committee")
    met.vote_again(met.counted(1, 4, ids=ids[2:]))
    first, later = met.counted(5, 4, 3, 3), met.counted(2, 3, ids=ids[2:])

    met.correct(counted=[first, later])
    assert [list(each.votes.values()) for each in met.founding().ballots] == [[5, 4, 3, 3], [2, 3]]
    assert elected(met) == ["会员1", "会员2", "会员1"]  # of the second unit

    assert reasons_of(met.correct, counted=[met.counted(5, 4, 3, 2), later]) == ("later_votes_do_not_fit",)
    assert elected(met) == ["会员1", "会员2", "会员1"]  # of the second unit


def test_numbers_that_break_the_assembly_are_asked_for_once_more(met):
    broken = {"present": 3, "counted": [met.counted(3, 3, 3, 0, issued=3, returned=3)]}

    assert reasons_of(met.record, **broken, sure=False) == ("looks_broken", "no_quorum")
    assert (met.stage, met.founding().ballots) == (Stage.MEETING, [])


def test_elec_17_who_watches_the_count_does_not_stand(met):
    met.record(counters="赵六、会员2")

    assert result(met).broken == ("counter_is_candidate",)


def test_elec_17_somebody_voters_wrote_in_is_elected(way):
    way.begin(sizes=(4, 2)).to(Stage.MEETING)
    fifth = way.people[4]
    wrote = {"person_id": fifth.id, "name": fifth.name, "unit_name": "西域网点"}
    ids = way.ids("committee")
    counted = way.counted(6, 5, 1, 1, issued=6, returned=6, written_in=[
        voting.WrittenIn(**wrote, relation="none", yes=5)
    ])  # fmt: skip

    way.record(present=6, counted=[counted])

    assert elected(way) == ["会员1", "会员2", fifth.name]
    assert [each.written_in for each in way.founding().lists["committee"]] == [False] * 4 + [True]
    assert len(way.papers()["ballot", 1].content["tables"][0]["rows"]) == 4
    standing = way.counted(6, 5, 4, 1, issued=6, returned=6, ids=ids, written_in=[
        voting.WrittenIn(person_id=way.people[0].id, name="会员1", unit_name="", relation="none", yes=1)
    ])  # fmt: skip
    assert reasons_of(way.correct, present=6, counted=[standing]) == ("written_in_stands",)
    way.correct(present=6, counted=[way.counted(6, 5, 4, 1, issued=6, returned=6, ids=ids)])
    assert elected(way) == ["会员1", "会员2", "会员3"]
    assert len(way.founding().lists["committee"]) == 4


def test_elec_8_a_relative_of_the_head_who_was_written_in_breaks_the_vote(way):
    way.begin(sizes=(4, 2)).to(Stage.MEETING)
    fifth = way.people[4]
    barred = voting.WrittenIn(person_id=fifth.id, name=fifth.name, unit_name="", relation="near_relative", yes=5)

    way.record(present=6, counted=[way.counted(6, 5, 1, 1, issued=6, returned=6, written_in=[barred])])

    assert result(way).broken == ("barred_candidate",)


def test_a_correction_can_break_what_counted_before(met):
    met.record()

    met.correct(present=3, counted=[met.counted(3, 3, 3, 0, issued=3, returned=3)])

    assert (result(met).broken, met.founding().meeting.present) == (("no_quorum",), 3)


def test_a_correction_of_one_round_leaves_the_other_as_it_was(met):
    met.record(present=3, counted=[met.counted(3, 3, 3, 0, issued=3, returned=3)])
    met.hold_again()
    met.record()

    met.correct(5, 5, 5, 0)

    assert [(each.round, list(each.votes.values())) for each in met.founding().ballots] == [
        (1, [3, 3, 3, 0]),
        (2, [5, 5, 5, 0]),
    ]


def test_once_reported_the_record_stays(way):
    way.begin().to(Stage.ESTABLISHMENT)

    with pytest.raises(Conflict):
        way.correct(5, 5, 5, 0)


# --- one officer ---------------------------------------------------------------------------------------------------


def test_one_officer_is_elected_without_a_first_session(way):
    way.begin("one_officer", (5,)).to(Stage.MEETING)

    way.record(2, 3)

    assert (way.stage, elected(way, "officer")) == (Stage.RESULT_REPORT, ["会员2"])
    with pytest.raises(Conflict):
        way.group(voting.hold_session, {}, today=MEETING)


def test_an_office_nobody_won_is_voted_on_again(way):
    way.begin("one_officer", (5,)).to(Stage.MEETING)
    way.record(2, 2)
    assert result(way).open_reasons == ("seats_open",)
    assert reasons_of(way.report) == ("seats_open",)

    way.vote_again(way.counted(1, 4, body="officer"))

    assert (way.stage, elected(way, "officer")) == (Stage.RESULT_REPORT, ["会员2"])


# --- days of notice are those of the plan --------------------------------------------------------------------------


def test_the_notice_counts_until_the_day_the_meeting_was_held(met):
    met.record(held_on=date(2021, 12, 8))

    assert (met.founding().meeting.notice_from, result(met).broken) == (NOTICE, ())
