"""ELEC-5 … ELEC-24: the calculators and vectors of domain 4.3 and 14, one row per clause."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from enrollment.rules import election
from enrollment.rules.election import Ballot, Body, Candidate, Size, count

NOTICE, MEETING = date(2021, 11, 22), date(2021, 11, 29)  # Monday to Monday


def ballot(*yes, barred=(), **changes):
    """A vote of 24 members for three seats; candidates 甲, 乙 … with these votes."""
    names = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
    values = {"entitled": 24, "present": 24, "issued": 24, "returned": 24, "seats": 3}
    candidates = tuple(Candidate(name, votes, name in barred) for name, votes in zip(names, yes, strict=False))
    return Ballot(**values | {"candidates": candidates} | changes)


def counted(*yes, notice_from=NOTICE, meeting_on=MEETING, **changes):
    return count(ballot(*yes, **changes), notice_from=notice_from, meeting_on=meeting_on)


@pytest.mark.parametrize(
    ("entitled", "quorum", "needed"),
    [(4, 3, 3), (10, 7, 6), (24, 16, 13), (25, 17, 13), (60, 40, 31), (99, 66, 50), (100, 67, 51), (1, 1, 1)],
)
def test_elec_12_and_19_quorum_and_majority_are_of_those_who_should_attend(entitled, quorum, needed):
    assert election.quorum(entitled) == quorum
    assert election.votes_needed(entitled) == needed
    assert election.recall_needed(entitled) == needed


@pytest.mark.parametrize(("members", "third"), [(1, 1), (3, 1), (4, 2), (24, 8), (25, 9), (100, 34)])
def test_law_13_a_third_may_call_the_assembly(members, third):
    assert election.extraordinary(members) == third


@pytest.mark.parametrize(
    ("seats", "committee", "standing"),
    [(3, 4, 4), (5, 6, 6), (7, 8, 8), (11, 12, 13), (15, 16, 17), (21, 23, 24), (29, 31, 32)],
)
def test_elec_13_more_stand_than_there_are_seats(seats, committee, standing):
    assert election.min_candidates(seats) == committee
    assert election.min_candidates(seats, Body.AUDIT) == committee
    assert election.min_candidates(seats, Body.STANDING) == standing


@pytest.mark.parametrize(
    ("body", "seats", "again"),
    [(Body.COMMITTEE, 3, 4), (Body.COMMITTEE, 21, 22), (Body.AUDIT, 21, 22), (Body.STANDING, 11, 12),
     (Body.OFFICER, 1, 1)],
)  # fmt: skip
def test_elec_13_one_more_than_the_open_seats_is_enough_in_another_vote(body, seats, again):
    assert election.min_candidates(seats, body, again=True) == again


def test_elec_19_those_tied_are_enough_for_the_runoff():
    tied = counted(*(20,) * 22, seats=21, entitled=24, again=True)

    assert (tied.valid, tied.reasons) == (True, ("tie",))


def test_elec_14_one_officer_may_stand_alone():
    assert election.min_candidates(1, Body.OFFICER) == 1


# (members, least, most, whether one chair or organizer will do)
SIZES = [
    (4, 3, 5, True), (24, 3, 5, True), (25, 3, 7, False), (200, 3, 7, False), (201, 7, 15, False),
    (1_000, 7, 15, False), (1_001, 15, 21, False), (5_000, 15, 21, False), (5_001, 21, 29, False),
    (10_000, 21, 29, False), (10_001, 29, 37, False), (50_000, 29, 37, False), (50_001, 37, 45, False),
]  # fmt: skip


@pytest.mark.parametrize(("members", "least", "most", "one"), SIZES)
def test_elec_5_the_size_of_a_committee_goes_with_the_members(members, least, most, one):
    assert election.committee_size(members) == Size(least, most, one)


@pytest.mark.parametrize(
    ("body", "seats", "members", "reasons"),
    [
        (Body.COMMITTEE, 3, 26, ()),
        (Body.COMMITTEE, 2, 26, ("committee_seats_outside_size",)),
        (Body.COMMITTEE, 7, 26, ()),
        (Body.COMMITTEE, 8, 26, ("committee_seats_outside_size",)),
        (Body.COMMITTEE, 7, 24, ("committee_seats_outside_size",)),
        (Body.AUDIT, 3, 26, ()),
        (Body.AUDIT, 2, 26, ("audit_seats_outside_size",)),
        (Body.AUDIT, 11, 26, ()),
        (Body.AUDIT, 12, 26, ("audit_seats_outside_size",)),
        (Body.OFFICER, 1, 24, ()),
        (Body.OFFICER, 1, 25, ("officer_only_below_25",)),
        (Body.OFFICER, 2, 24, ("officer_only_below_25",)),
    ],
)
def test_elec_5_and_23_seats_stay_inside_the_size(body, seats, members, reasons):
    assert election.seats_objections(body, seats, members) == reasons


@pytest.mark.parametrize(("women", "body"), [(0, "womens_member"), (9, "womens_member"), (10, "womens_committee")])
def test_build_8_ten_women_have_a_committee(women, body):
    assert election.womens_body(women) == body


@pytest.mark.parametrize(("members", "allowed"), [(99, False), (100, False), (101, True)])
def test_elec_11_up_to_100_members_meet_themselves(members, allowed):
    assert election.delegates_allowed(members) is allowed


@pytest.mark.parametrize(
    ("notice_from", "meeting_on", "long_enough"),
    [
        (date(2021, 11, 22), date(2021, 11, 29), True),
        (date(2021, 11, 22), date(2021, 11, 27), True),
        (date(2021, 11, 22), date(2021, 11, 26), False),
        (date(2021, 11, 23), date(2021, 11, 29), False),
        (date(2021, 9, 28), date(2021, 10, 8), False),
        (date(2021, 9, 28), date(2021, 10, 9), False),
        (date(2021, 9, 28), date(2021, 10, 11), True),
        (date(2021, 11, 29), date(2021, 11, 22), False),
    ],
    ids=[
        "Monday to Monday",
        "Monday to Saturday",
        "Monday to Friday: four days",
        "Tuesday to Monday: four days",
        "National Day does not count",
        "Friday counts, the Saturday is the meeting's",
        "the made-up Saturday counts",
        "after the meeting",
    ],
)
def test_elec_10_the_list_hangs_out_five_working_days(notice_from, meeting_on, long_enough):
    assert election.notice_is_long_enough(notice_from, meeting_on) is long_enough


# (clause, votes, changes, elected, open seats, reasons)
VALID = [
    ("ELEC-19 three of four", (24, 20, 13, 12), {}, "甲乙丙", 0, ()),
    ("ELEC-19 13 of 24 with 16 there", (16, 14, 13, 2), {"present": 16, "issued": 16, "returned": 16}, "甲乙丙", 0, ()),
    ("ELEC-19 12 of 24 is not enough", (16, 14, 12, 2), {"present": 16, "issued": 16, "returned": 16},
     "甲乙", 1, ("seats_open",)),
    ("ELEC-19 by votes, not by the list", (13, 24, 20, 2), {}, "乙丙甲", 0, ()),
    ("ELEC-19 equal votes stay in the order of the list", (20, 24, 20, 2), {}, "乙甲丙", 0, ()),
    ("ELEC-19 a tie for the last seat", (24, 18, 15, 15), {}, "甲乙", 1, ("tie",)),
    ("ELEC-19 a tie of three for two", (24, 15, 15, 15), {}, "甲", 2, ("tie",)),
    ("ELEC-19 nobody", (1, 2, 3, 4), {}, "", 3, ("seats_open",)),
    ("ELEC-18 every mark used", (24, 20, 20, 8), {}, "甲乙丙", 0, ()),
    ("ELEC-18 a ballot that stayed away", (20, 19, 18, 2), {"returned": 20}, "甲乙丙", 0, ()),
    ("ELEC-14 one officer alone", (13,), {"seats": 1, "body": Body.OFFICER}, "甲", 0, ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("votes", "changes", "elected", "open_seats", "reasons"), [row[1:] for row in VALID], ids=[row[0] for row in VALID]
)
def test_a_valid_vote_elects_those_with_more_than_half(votes, changes, elected, open_seats, reasons):
    result = counted(*votes, **changes)

    assert result.valid
    assert (result.quorum, result.votes_needed) == (16, 13)
    assert ("".join(result.elected), result.open_seats, result.reasons) == (elected, open_seats, reasons)


def test_who_is_tied_stands_in_the_runoff():
    assert counted(24, 15, 15, 15).tied == ("乙", "丙", "丁")
    assert counted(24, 17, 16, 15).tied == ()


# What breaks the procedure: clause, votes, what else is different, every reason.
BROKEN = [
    ("ELEC-12 15 of 24", (15, 14, 13, 2), {"present": 15, "issued": 15, "returned": 15}, ("no_quorum",)),
    ("ELEC-13 three for three", (24, 20, 18), {}, ("too_few_candidates",)),
    ("ELEC-13 22 for 21", (24,) * 8, {"seats": 21}, ("too_few_candidates",)),
    ("ELEC-8 a barred one", (24, 20, 15, 9, 2), {"barred": "乙"}, ("barred_candidate",)),
    ("ELEC-8 a barred one does not fill the list", (24, 20, 15, 9), {"barred": "丁"},
     ("too_few_candidates", "barred_candidate")),
    ("ELEC-18 more returned than issued", (24, 20, 18, 2), {"issued": 23}, ("more_ballots_than_issued",)),
    ("ELEC-16 no proxy", (20, 19, 18, 2), {"present": 20}, ("more_ballots_than_present",)),
    ("more present than entitled", (24, 20, 18, 2), {"present": 25}, ("more_present_than_entitled",)),
    ("more votes than ballots", (24, 20, 18, 2), {"returned": 23}, ("more_votes_than_ballots",)),
    ("ELEC-18 void ballots hold no votes", (24, 20, 18, 2), {"void": 1}, ("more_votes_than_ballots",)),
    ("ELEC-18 more marks than seats", (24, 20, 20, 9), {}, ("more_votes_than_marks",)),
    ("ELEC-18 more marks on valid ballots than seats", (23, 20, 20, 7), {"void": 1}, ("more_votes_than_marks",)),
    ("ELEC-10", (24, 20, 18, 2), {"notice_from": date(2021, 11, 23)}, ("notice_too_short",)),
]  # fmt: skip


@pytest.mark.parametrize(("votes", "changes", "reasons"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_procedure_elects_nobody(votes, changes, reasons):
    result = counted(*votes, **changes)

    assert not result.valid
    assert result.reasons == reasons
    assert (result.elected, result.open_seats) == ((), changes.get("seats", 3))


def test_everything_that_is_broken_is_said():
    result = counted(9, 9, 9, barred="甲", present=9, issued=10, returned=11, notice_from=MEETING)

    assert result.reasons == (
        "no_quorum",
        "more_ballots_than_present",
        "more_ballots_than_issued",
        "too_few_candidates",
        "barred_candidate",
        "notice_too_short",
    )


@given(st.data())
def test_whoever_is_elected_has_more_than_half_and_nobody_with_more_was_left_out(data):
    entitled = data.draw(st.integers(1, 60))
    present = data.draw(st.integers(election.quorum(entitled), entitled))
    seats = data.draw(st.integers(1, 7))
    votes = data.draw(st.lists(st.integers(0, present), min_size=seats + 1, max_size=12))
    assume(sum(votes) <= seats * present)
    candidates = tuple(Candidate(str(n), yes) for n, yes in enumerate(votes))
    asked = Ballot(
        entitled=entitled, present=present, issued=present, returned=present, seats=seats, candidates=candidates
    )

    result = count(asked, notice_from=NOTICE, meeting_on=MEETING)

    won = [votes[int(name)] for name in result.elected]
    lost = [yes for n, yes in enumerate(votes) if str(n) not in result.elected]
    assert result.valid
    assert len(won) + result.open_seats == seats
    assert all(2 * yes > entitled for yes in won)
    assert won == sorted(won, reverse=True)
    assert max(lost, default=-1) <= min(won, default=entitled)
    if not result.tied and result.open_seats:
        assert all(2 * yes <= entitled for yes in lost)
    assert ("tie" in result.reasons) == bool(result.tied)
