"""The first assembly (domain 4, 7.4): what stands against its plan, what came of it, who may hold which office."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from enrollment.rules import election
from enrollment.rules.election import Body, Candidate
from enrollment.rules.meetings import (
    BARRED_RELATIONS,
    OFFICES,
    Meeting,
    Outcome,
    Plan,
    Vote,
    day_objections,
    main_body,
    office_objections,
    outcome,
    plan_objections,
    plan_warnings,
    standing_again,
)

TODAY = date(2021, 11, 22)  # a Monday
MEETING = date(2021, 11, 29)
COMMITTEE, AUDIT, OFFICER = Body.COMMITTEE, Body.AUDIT, Body.OFFICER


def stand(names, barred=""):
    return [Candidate(name, barred=name in barred) for name in names]


# --- the plan ------------------------------------------------------------------------------------------------------


def plan(**changes):
    """26 members, a committee of three and an audit committee of three, one candidate more for each."""
    values = {
        "members": 26,
        "meeting_on": MEETING,
        "listed_on": date(2021, 11, 1),
        "notice_from": TODAY,
        "delegates": 0,
        "term_years": 5,
        "seats": {COMMITTEE: 3, AUDIT: 3},
        "candidates": {COMMITTEE: stand("甲乙丙丁"), AUDIT: stand("子丑寅卯")},
    }
    return Plan(**values | changes)


def one_officer(**changes):
    values = {"members": 4, "seats": {OFFICER: 1}, "candidates": {OFFICER: stand("甲")}}
    return plan(**values | changes)


PLANS = [
    ("a plan that fits", plan(), ()),
    ("LAW-12 three years", plan(term_years=3), ()),
    ("LAW-12 four years", plan(term_years=4), ("term_is_3_or_5",)),
    ("ELEC-11 delegates of 100", plan(members=100, delegates=30), ("delegates_only_above_100",)),
    ("ELEC-11 delegates of 101", plan(members=101, delegates=30), ()),
    ("7.4-3 yesterday", plan(meeting_on=TODAY - timedelta(days=1), notice_from=date(2021, 11, 1)),
     ("meeting_is_past",)),
    ("7.4-3 today", plan(meeting_on=TODAY, notice_from=date(2021, 11, 15)), ()),
    ("ELEC-10 five working days", plan(meeting_on=date(2021, 11, 27)), ()),
    ("ELEC-10 four working days", plan(meeting_on=date(2021, 11, 26)), ("notice_too_short",)),
    ("ELEC-10 notice after the meeting", plan(notice_from=MEETING + timedelta(days=1)), ("notice_too_short",)),
    ("ELEC-5 two seats", plan(seats={COMMITTEE: 2, AUDIT: 3}), ("committee_seats_outside_size",)),
    ("ELEC-5 eight seats of 26", plan(seats={COMMITTEE: 8}, candidates={COMMITTEE: stand("甲乙丙丁戊己庚辛壬")}),
     ("committee_seats_outside_size",)),
    ("ELEC-5 six seats of 24", plan(members=24, seats={COMMITTEE: 6}, candidates={COMMITTEE: stand("甲乙丙丁戊己庚")}),
     ("committee_seats_outside_size",)),
    ("ELEC-23 two seats of audit", plan(seats={COMMITTEE: 3, AUDIT: 2}), ("audit_seats_outside_size",)),
    ("ELEC-23 no audit committee yet", plan(seats={COMMITTEE: 3}, candidates={COMMITTEE: stand("甲乙丙丁")}), ()),
    ("ELEC-13 three for three", plan(candidates={COMMITTEE: stand("甲乙丙"), AUDIT: stand("子丑寅卯")}),
     ("too_few_candidates",)),
    ("ELEC-13 nobody for audit", plan(candidates={COMMITTEE: stand("甲乙丙丁")}), ("too_few_candidates",)),
    ("ELEC-8 a relative beside enough others",
     plan(candidates={COMMITTEE: stand("甲乙丙丁戊", "戊"), AUDIT: stand("子丑寅卯")}), ("barred_candidate",)),
    ("ELEC-8 a relative fills no list", plan(candidates={COMMITTEE: stand("甲乙丙丁", "丁"), AUDIT: stand("子丑寅卯")}),
     ("too_few_candidates", "barred_candidate")),
    ("ELEC-13 one person fills no two rows",
     plan(candidates={COMMITTEE: stand("甲乙丙甲"), AUDIT: stand("子丑寅卯")}), ("listed_twice",)),
    ("ELEC-23 one person twice for audit",
     plan(candidates={COMMITTEE: stand("甲乙丙丁"), AUDIT: stand("子丑寅卯子")}), ("listed_twice",)),
    ("ELEC-23 on both lists", plan(candidates={COMMITTEE: stand("甲乙丙丁"), AUDIT: stand("子丑寅甲")}),
     ("on_both_lists",)),
    ("ELEC-23 the officer on the audit list",
     one_officer(seats={OFFICER: 1, AUDIT: 3}, candidates={OFFICER: stand("甲乙"), AUDIT: stand("子丑寅甲")}),
     ("on_both_lists",)),
    ("ELEC-14 one officer alone", one_officer(), ()),
    ("LAW-5 one officer of 24", one_officer(members=24), ()),
    ("LAW-5 one officer of 25", one_officer(members=25), ("officer_only_below_25",)),
    ("ELEC-14 nobody stands", one_officer(candidates={}), ("too_few_candidates",)),
    ("ELEC-8 the head as officer", one_officer(candidates={OFFICER: stand("甲", "甲")}),
     ("too_few_candidates", "barred_candidate")),
    ("everything at once, each once",
     plan(term_years=1, delegates=1, meeting_on=TODAY - timedelta(days=3), seats={COMMITTEE: 2, AUDIT: 12},
          candidates={COMMITTEE: stand("甲甲", "甲"), AUDIT: stand("甲", "甲")}),
     ("term_is_3_or_5", "delegates_only_above_100", "meeting_is_past", "notice_too_short",
      "committee_seats_outside_size", "too_few_candidates", "barred_candidate", "audit_seats_outside_size",
      "listed_twice", "on_both_lists")),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "reasons"), [row[1:] for row in PLANS], ids=[row[0] for row in PLANS])
def test_a_plan_is_told_everything_that_stands_against_it(asked, reasons):
    assert plan_objections(asked, TODAY) == reasons


@pytest.mark.parametrize(
    ("asked", "warnings"),
    [
        (plan(), ()),
        (plan(seats={COMMITTEE: 4, AUDIT: 3}), ("even_seats",)),
        (plan(seats={COMMITTEE: 3, AUDIT: 4}), ()),
        (one_officer(), ()),
        (plan(members=101, delegates=29), ("delegates_unusual",)),
        (plan(members=101, delegates=30), ()),
        (plan(members=200, delegates=40), ()),
        (plan(members=200, delegates=41), ("delegates_unusual",)),
        (plan(seats={COMMITTEE: 3}, candidates={COMMITTEE: stand("甲乙丙丁")}), ("no_audit_committee",)),
        (plan(women=["戊"]), ("no_woman_stands",)),
        (plan(women=["戊", "丁"]), ()),
        (plan(women=["寅"]), ()),
        (one_officer(women=["戊"]), ()),
    ],
    ids=[
        "4.1 three", "4.1 four", "4.1 audit may be even", "4.1 one officer", "4.2 29 of 101", "4.2 30 of 101",
        "4.2 40 of 200", "4.2 41 of 200", "ELEC-23 no audit", "ELEC-7 no woman stands", "ELEC-7 a woman stands",
        "ELEC-7 a woman stands for audit", "BUILD-8 one officer",
    ],
)  # fmt: skip
def test_what_is_usual_is_a_warning_and_no_law(asked, warnings):
    assert plan_warnings(asked) == warnings
    assert not set(warnings) & set(plan_objections(asked, TODAY))


def test_the_committee_is_the_main_body_unless_one_officer_takes_its_place():
    assert main_body({COMMITTEE: 3, AUDIT: 3}) is COMMITTEE
    assert main_body({OFFICER: 1}) is OFFICER


def test_elec_8_bars_these_relations_to_the_head():
    assert BARRED_RELATIONS == ("head", "legal_representative", "partner", "near_relative")
    assert OFFICES == ("chair", "vice_chair", "audit_chair", "womens_member")


# --- what came of it -----------------------------------------------------------------------------------------------


def vote(body, *yes, names="甲乙丙丁", barred="", issued=24, returned=24, void=0):
    """One ballot: candidates by name with these votes."""
    candidates = tuple(Candidate(name, votes, name in barred) for name, votes in zip(names, yes, strict=True))
    return Vote(body=body, issued=issued, returned=returned, void=void, candidates=candidates)


def held(*votes, **changes):
    """An assembly of 26 members (quorum 18, 14 votes elect), 24 of them there, for a committee of three."""
    values = {
        "members": 26,
        "entitled": 26,
        "present": 24,
        "notice_from": TODAY,
        "meeting_on": MEETING,
        "rules_adopted": True,
        "fewer_seats": False,
        "seats": {COMMITTEE: 3},
    }
    return Meeting(**values | {"votes": votes} | changes)


FIRST = vote(COMMITTEE, 24, 20, 15, 12)
TIE = vote(COMMITTEE, 24, 18, 15, 15)
OPEN = vote(COMMITTEE, 24, 20, 13, 12)
WITH_AUDIT = {"seats": {COMMITTEE: 3, AUDIT: 3}}
AUDIT_VOTE = vote(AUDIT, 24, 22, 20, 3, names="子丑寅卯")
FIVE = {"seats": {COMMITTEE: 5}}
FOUR_OF_FIVE = vote(COMMITTEE, 24, 20, 18, 15, 13, 12, names="甲乙丙丁戊己")

# Rule; the assembly; who is elected to which body, seats still open by body, what has to be voted on again.
VALID = [
    ("ELEC-19 complete", held(FIRST), {COMMITTEE: "甲乙丙"}, {COMMITTEE: 0}, ()),
    ("ELEC-12 18 of 26 are enough",
     held(vote(COMMITTEE, 18, 16, 14, 2, issued=18, returned=18), present=18), {COMMITTEE: "甲乙丙"},
     {COMMITTEE: 0}, ()),
    ("ELEC-23 with an audit committee", held(FIRST, AUDIT_VOTE, **WITH_AUDIT),
     {COMMITTEE: "甲乙丙", AUDIT: "子丑寅"}, {COMMITTEE: 0, AUDIT: 0}, ()),
    ("ELEC-14 one officer",
     held(vote(OFFICER, 3, names="甲", issued=4, returned=4), members=4, entitled=4, present=4, seats={OFFICER: 1}),
     {OFFICER: "甲"}, {OFFICER: 0}, ()),
    ("ELEC-19 a tie", held(TIE), {COMMITTEE: "甲乙"}, {COMMITTEE: 1}, ("tie",)),
    ("ELEC-19 a tie and its runoff", held(TIE, vote(COMMITTEE, 14, 10, names="丙丁")), {COMMITTEE: "甲乙丙"},
     {COMMITTEE: 0}, ()),
    ("ELEC-19 a tie again", held(vote(COMMITTEE, 24, 15, 15, 15), vote(COMMITTEE, 16, 16, 16, names="乙丙丁")),
     {COMMITTEE: "甲"}, {COMMITTEE: 2}, ("tie",)),
    ("ELEC-19 a runoff nobody won", held(TIE, vote(COMMITTEE, 12, 12, names="丙丁")), {COMMITTEE: "甲乙"},
     {COMMITTEE: 1}, ("seats_open",)),
    ("ELEC-19 a runoff where fewer seats were agreed to", held(TIE, vote(COMMITTEE, 14, 10, names="丙丁"),
     fewer_seats=True), {COMMITTEE: "甲乙丙"}, {COMMITTEE: 0}, ()),
    ("ELEC-19 a seat nobody won", held(OPEN), {COMMITTEE: "甲乙"}, {COMMITTEE: 1}, ("seats_open",)),
    ("ELEC-19 another vote fills it", held(OPEN, vote(COMMITTEE, 9, 15, names="丙丁")), {COMMITTEE: "甲乙丁"},
     {COMMITTEE: 0}, ()),
    ("ELEC-19 the third vote fills it",
     held(OPEN, vote(COMMITTEE, 13, 11, names="丙丁"), vote(COMMITTEE, 14, 10, names="丙丁")),
     {COMMITTEE: "甲乙丙"}, {COMMITTEE: 0}, ()),
    ("ELEC-19 nobody at all", held(vote(COMMITTEE, 13, 12, 11, 10)), {COMMITTEE: ""}, {COMMITTEE: 3}, ("seats_open",)),
    ("ELEC-19 fewer seats within ELEC-5", held(FOUR_OF_FIVE, **FIVE, fewer_seats=True), {COMMITTEE: "甲乙丙丁"},
     {COMMITTEE: 1}, ()),
    ("ELEC-19 not without consent", held(FOUR_OF_FIVE, **FIVE), {COMMITTEE: "甲乙丙丁"}, {COMMITTEE: 1},
     ("seats_open",)),
    ("ELEC-5 not below three", held(OPEN, fewer_seats=True), {COMMITTEE: "甲乙"}, {COMMITTEE: 1}, ("seats_open",)),
    ("ELEC-5 201 members: not below seven",
     held(vote(COMMITTEE, *[150] * 6, 90, 80, 70, names="甲乙丙丁戊己庚辛壬", issued=200, returned=200), members=201,
          entitled=201, present=200, seats={COMMITTEE: 8}, fewer_seats=True),
     {COMMITTEE: "甲乙丙丁戊己"}, {COMMITTEE: 2}, ("seats_open",)),
    ("ELEC-19 a tie is no seat to leave open",
     held(vote(COMMITTEE, 24, 20, 18, 16, 15, 15, names="甲乙丙丁戊己"), **FIVE, fewer_seats=True),
     {COMMITTEE: "甲乙丙丁"}, {COMMITTEE: 1}, ("tie",)),
    ("ELEC-23 fewer seats of audit: not below three",
     held(FIRST, vote(AUDIT, 24, 22, 13, 3, names="子丑寅卯"), **WITH_AUDIT, fewer_seats=True),
     {COMMITTEE: "甲乙丙", AUDIT: "子丑"}, {COMMITTEE: 0, AUDIT: 1}, ("seats_open",)),
    ("ELEC-14 an officer nobody elected cannot be left out",
     held(vote(OFFICER, 2, names="甲", issued=4, returned=4), members=4, entitled=4, present=4, seats={OFFICER: 1},
          fewer_seats=True), {OFFICER: ""}, {OFFICER: 1}, ("seats_open",)),
    ("ELEC-19 each body's own reason, each once",
     held(TIE, vote(AUDIT, 24, 22, 13, 3, names="子丑寅卯"), **WITH_AUDIT),
     {COMMITTEE: "甲乙", AUDIT: "子丑"}, {COMMITTEE: 1, AUDIT: 1}, ("tie", "seats_open")),
    ("ELEC-19 the same reason of two bodies once",
     held(OPEN, vote(AUDIT, 24, 22, 13, 3, names="子丑寅卯"), **WITH_AUDIT),
     {COMMITTEE: "甲乙", AUDIT: "子丑"}, {COMMITTEE: 1, AUDIT: 1}, ("seats_open",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("meeting", "elected", "open_seats", "reasons"), [row[1:] for row in VALID], ids=[row[0] for row in VALID]
)
def test_a_valid_assembly_elects_and_says_what_is_still_open(meeting, elected, open_seats, reasons):
    found = outcome(meeting)

    assert (found.broken, found.open_reasons) == ((), reasons)
    assert {body: "".join(names) for body, names in found.elected.items()} == elected
    assert found.open_seats == open_seats
    assert (found.is_valid, found.is_complete, found.from_the_list) == (True, not reasons, False)


# Rule; the assembly; what breaks it, and whether its list was at fault.
BROKEN = [
    ("ELEC-12 17 of 26", held(vote(COMMITTEE, 17, 16, 15, 2, issued=17, returned=17), present=17), ("no_quorum",),
     False),
    ("ELEC-18 more back than issued", held(vote(COMMITTEE, 23, 20, 15, 2, issued=23)), ("more_ballots_than_issued",),
     False),
    ("ELEC-16 no proxy", held(vote(COMMITTEE, 24, 20, 15, 2, issued=25)), ("more_ballots_than_present",), False),
    ("ELEC-18 more votes than ballots", held(vote(COMMITTEE, 24, 20, 15, 2, void=1)), ("more_votes_than_ballots",),
     False),
    ("ELEC-2 more there than entitled", held(FIRST, entitled=23), ("more_present_than_entitled",), False),
    ("ELEC-13 three for three", held(vote(COMMITTEE, 24, 20, 15, names="甲乙丙")), ("too_few_candidates",), True),
    ("ELEC-8 a relative", held(vote(COMMITTEE, 24, 20, 15, 11, 2, names="甲乙丙丁戊", barred="戊")),
     ("barred_candidate",), True),
    ("ELEC-10", held(FIRST, notice_from=date(2021, 11, 23)), ("notice_too_short",), True),
    ("ELEC-10 rules not adopted", held(FIRST, rules_adopted=False), ("rules_not_adopted",), False),
    ("ELEC-1 no vote on the committee", held(), ("committee_not_voted",), False),
    ("ELEC-14 no vote on the officer", held(seats={OFFICER: 1}, members=4), ("officer_not_voted",), False),
    ("ELEC-23 no vote on the audit committee", held(FIRST, **WITH_AUDIT), ("audit_not_voted",), False),
    ("ELEC-23 one broken body breaks the whole",
     held(FIRST, vote(AUDIT, 24, 22, 20, names="子丑寅"), **WITH_AUDIT), ("too_few_candidates",), True),
    ("ELEC-18 a broken runoff breaks the whole", held(TIE, vote(COMMITTEE, 14, 10, names="丙丁", issued=25)),
     ("more_ballots_than_present",), False),
    ("ELEC-20 everything, each once",
     held(vote(COMMITTEE, 9, 9, 9, names="甲乙丙", barred="甲"), vote(AUDIT, 9, 9, 9, names="子丑寅"),
          present=9, rules_adopted=False, notice_from=MEETING, **WITH_AUDIT),
     ("rules_not_adopted", "no_quorum", "more_ballots_than_present", "too_few_candidates", "barred_candidate",
      "notice_too_short"), True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("meeting", "broken", "from_the_list"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_a_broken_assembly_elects_nobody(meeting, broken, from_the_list):
    found = outcome(meeting)

    assert found.broken == broken
    assert found.elected == {}
    assert (found.is_valid, found.is_complete, found.from_the_list) == (False, False, from_the_list)


def test_what_is_open_is_said_beside_what_is_broken():
    found = outcome(held(TIE, rules_adopted=False))

    assert (found.broken, found.open_reasons) == (("rules_not_adopted",), ("tie",))
    assert not found.is_complete


def test_each_vote_of_a_body_is_for_the_seats_left_by_the_one_before():
    found = outcome(held(OPEN, vote(COMMITTEE, 9, 15, names="丙丁"), AUDIT_VOTE, **WITH_AUDIT))

    assert [(result.elected, result.open_seats) for result in found.results[COMMITTEE]] == [
        (("甲", "乙"), 1),
        (("丁",), 0),
    ]
    assert [result.elected for result in found.results[AUDIT]] == [("子", "丑", "寅")]


@given(st.data())
def test_nobody_sits_twice_and_never_more_than_there_are_seats(data):
    seats = data.draw(st.integers(3, 7))
    first = data.draw(st.lists(st.integers(0, 24), min_size=seats + 1, max_size=9))
    assume(sum(first) <= seats * 24)
    names = "甲乙丙丁戊己庚辛壬"[: len(first)]
    meeting = held(vote(COMMITTEE, *first, names=names), seats={COMMITTEE: seats})
    left = [name for name in names if name not in outcome(meeting).elected[COMMITTEE]]
    second = data.draw(st.lists(st.integers(0, 24), min_size=len(left), max_size=len(left)))

    found = outcome(held(*meeting.votes, vote(COMMITTEE, *second, names=left), seats={COMMITTEE: seats}))

    if found.is_valid:
        sitting = found.elected[COMMITTEE]
        assert len(sitting) == len({*sitting}) == seats - found.open_seats[COMMITTEE]
        votes = dict(zip(names, first, strict=True))
        again = dict(zip(left, second, strict=True))
        assert all(max(votes[name], again.get(name, 0)) >= election.votes_needed(26) for name in sitting)


def test_an_outcome_is_complete_only_without_anything_broken_or_open():
    nothing = Outcome((), (), {}, {}, {})

    assert (nothing.is_valid, nothing.is_complete) == (True, True)


@pytest.mark.parametrize(
    ("days", "reasons"),
    [
        ({}, ()),
        ({"today": MEETING - timedelta(days=1)}, ("meeting_is_to_come",)),
        ({"approved_on": MEETING}, ()),
        ({"approved_on": MEETING + timedelta(days=1)}, ("meeting_before_approval",)),
        ({"before": MEETING - timedelta(days=1)}, ()),
        ({"before": MEETING}, ("meeting_not_repeated",)),
        (
            {"today": TODAY, "approved_on": MEETING + timedelta(days=1), "before": MEETING},
            ("meeting_is_to_come", "meeting_before_approval", "meeting_not_repeated"),
        ),
    ],
)
def test_elec_10_an_assembly_is_held_after_its_approval_and_after_the_one_it_repeats(days, reasons):
    assert day_objections(MEETING, **{"today": MEETING} | days) == reasons


NAMES = ("甲", "乙", "丙", "丁")


@pytest.mark.parametrize(
    ("meeting", "body", "names"),
    [
        (held(TIE), COMMITTEE, ("丙", "丁")),
        (held(OPEN), COMMITTEE, ("丙", "丁")),
        (held(vote(COMMITTEE, 24, 12, 12, 12)), COMMITTEE, ("乙", "丙", "丁")),
        (held(TIE, vote(COMMITTEE, 12, 12, names="丙丁")), COMMITTEE, ("丙", "丁")),
        (held(FIRST), COMMITTEE, ()),
        (held(FIRST), AUDIT, ()),
    ],
    ids=["tied", "one open", "two open", "a runoff nobody won", "complete", "not elected at all"],
)
def test_elec_19_those_tied_stand_again_or_else_all_not_elected(meeting, body, names):
    assert standing_again(outcome(meeting), body, NAMES) == names


# --- offices -------------------------------------------------------------------------------------------------------

ELECTED = {COMMITTEE: ("甲", "乙", "丙"), AUDIT: ("子", "丑", "寅")}
ALL = {"chair": "甲", "vice_chair": "乙", "audit_chair": "子", "womens_member": "丙"}

SESSIONS = [
    ("ELEC-1 all four", ALL, True, ()),
    ("ELEC-1 a chair alone", {"chair": "甲"}, False, ("womens_member_missing",)),
    ("ELEC-1 empty names beside the chair",
     {"chair": "甲", "vice_chair": "", "audit_chair": "", "womens_member": "丙"}, False, ()),
    ("ELEC-1 no chair", ALL | {"chair": ""}, True, ("chair_missing",)),
    ("ELEC-1 a chair and nothing else is named", {"womens_member": "丙"}, False, ("chair_missing",)),
    ("BUILD-8 nobody for the women", ALL | {"womens_member": ""}, True, ("womens_member_missing",)),
    ("BUILD-8 a man for the women", ALL | {"womens_member": "乙"}, True, ("womens_member_is_no_woman",)),
    ("BUILD-8 a woman who was not elected", ALL | {"womens_member": "戊"}, True, ()),
    ("ELEC-14 a chair nobody elected", ALL | {"chair": "丁"}, True, ("chair_not_elected",)),
    ("ELEC-14 a chair out of the audit committee", ALL | {"chair": "丑"}, True, ("chair_not_elected",)),
    ("ELEC-14 a vice chair nobody elected", ALL | {"vice_chair": "丁"}, True, ("vice_chair_not_elected",)),
    ("ELEC-14 one person for both", ALL | {"vice_chair": "甲"}, True, ("one_person_one_office",)),
    ("ELEC-23 no chair of audit", ALL | {"audit_chair": ""}, True, ("audit_chair_missing",)),
    ("ELEC-23 none is due", ALL | {"audit_chair": ""}, False, ()),
    ("ELEC-23 a chair of audit nobody elected", ALL | {"audit_chair": "卯"}, True, ("audit_chair_not_elected",)),
    ("ELEC-23 the chair cannot lead the audit", ALL | {"audit_chair": "甲"}, True, ("audit_chair_not_elected",)),
    ("everything", {"vice_chair": "丁", "audit_chair": "丁"}, True,
     ("chair_missing", "vice_chair_not_elected", "audit_chair_not_elected", "womens_member_missing")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("offices", "audit_expected", "reasons"), [row[1:] for row in SESSIONS], ids=[row[0] for row in SESSIONS]
)
def test_offices_go_to_those_elected_and_one_to_each(offices, audit_expected, reasons):
    assert office_objections(offices, ELECTED, audit_expected=audit_expected, women="丙戊") == reasons


def test_build_8_asks_for_nobody_without_women_or_without_a_committee():
    chair = {"chair": "甲"}

    assert office_objections(chair, ELECTED, audit_expected=False) == ()
    assert office_objections(chair, {OFFICER: ("甲",)}, audit_expected=False, women="甲") == ()


def test_where_nobody_was_elected_nobody_holds_an_office():
    assert office_objections({"chair": "甲"}, {}, audit_expected=False) == ("chair_not_elected",)
