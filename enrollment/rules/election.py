"""Elections (选举): attendance and votes → who is elected, or what must be done again (domain 4, exact arithmetic).

A reason that breaks the procedure makes the election invalid, and the upper union may not approve it (ELEC-20). A tie
or seats nobody won do not: those elected stay elected, and the assembly votes again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from enrollment.rules.deadlines import has_working_days

NOTICE_WORKING_DAYS = 5
"""ELEC-10: the list of candidates hangs out for five working days or more."""

TERMS: tuple[int, ...] = (3, 5)
"""LAW-12, ELEC-21: the term of a grassroots union in years."""

ASSEMBLY_ONLY_MEMBERS = 100
"""CH-14, ELEC-11: up to this many members vote in person; the texts touch at exactly 100, where all of them meet."""

WOMENS_COMMITTEE_MEMBERS = 10
"""BUILD-8, ELEC-24: from this many women a committee of theirs (女职工委员会), else one member (女职工委员)."""

AUDIT_SEATS = (3, 11)
"""ELEC-23: least and most seats of the audit committee (经费审查委员会)."""


class Body(StrEnum):
    """What is elected: the committee, its standing committee, the audit committee, or one organizer or chair."""

    COMMITTEE = "committee"
    STANDING = "standing"
    AUDIT = "audit"
    OFFICER = "officer"


_SURPLUS_PERCENT: dict[Body, int] = {Body.COMMITTEE: 5, Body.STANDING: 10, Body.AUDIT: 5}
"""ELEC-13: more candidates than seats (差额), by how much. One organizer or chair may stand alone (ELEC-14)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on the ballot. ``barred``: head, legal representative, partner, or a near relative of one (ELEC-8).

    ``written_in`` (另选他人): by voters, on the ballot and not on the list (ELEC-17).
    """

    name: str
    yes: int = 0
    barred: bool = False
    written_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """One vote as it was counted. ``entitled`` (应到会): members or delegates who should attend, retained ones not.

    ``candidates`` in the order of the ballot paper. ``void``: ballots with more marks than seats (ELEC-18). ``again``:
    one more vote on seats that are still open.
    """

    entitled: int
    present: int
    issued: int
    returned: int
    seats: int
    candidates: tuple[Candidate, ...]
    void: int = 0
    body: Body = Body.COMMITTEE
    again: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What the rules say of one vote.

    ``elected``: names by votes, then in the order of the ballot paper; nobody where the procedure was broken.
    ``quorum`` and ``votes_needed`` are numbers of people. ``tied``: who has to stand in the runoff.
    """

    valid: bool
    quorum: int
    votes_needed: int
    elected: tuple[str, ...]
    open_seats: int
    reasons: tuple[str, ...]
    tied: tuple[str, ...] = ()


def quorum(entitled: int) -> int:
    """ELEC-12: two thirds of those who should attend, rounded up."""
    return -(-2 * entitled // 3)


def votes_needed(entitled: int) -> int:
    """ELEC-19: more than half of those who *should* attend, not of those present."""
    return entitled // 2 + 1


def recall_needed(entitled: int) -> int:
    """LAW-14: a chair is recalled by more than half of all members or delegates."""
    return entitled // 2 + 1


def extraordinary(members: int) -> int:
    """LAW-13: one third of the members, rounded up, may ask for an extraordinary assembly."""
    return -(-members // 3)


def min_candidates(seats: int, body: Body = Body.COMMITTEE, *, again: bool = False) -> int:
    """ELEC-13: how many must stand at least; the surplus is rounded up and never less than one.

    ``again``: in one more vote one more than the open seats is enough, as those tied may be no more (ELEC-19).
    """
    percent = _SURPLUS_PERCENT.get(body)
    if percent is None:
        return seats
    return seats + 1 if again else max(seats + 1, -(-(100 + percent) * seats // 100))


@dataclass(frozen=True, slots=True)
class Size:
    """How many seats a committee may have; ``one_officer``: one chair or organizer will do instead."""

    least: int
    most: int
    one_officer: bool = False


_SIZES: tuple[tuple[int, Size], ...] = (
    (24, Size(3, 5, one_officer=True)),
    (200, Size(3, 7)),
    (1_000, Size(7, 15)),
    (5_000, Size(15, 21)),
    (10_000, Size(21, 29)),
    (50_000, Size(29, 37)),
)
_LARGEST = Size(37, 45)


def committee_size(members: int) -> Size:
    """ELEC-5: the seats of a committee by the number of members (the table of domain 4.1, local where disputed)."""
    return next((size for most, size in _SIZES if members <= most), _LARGEST)


def womens_body(women: int) -> str:
    """BUILD-8: what the women of a union have, founded together with it."""
    return "womens_committee" if women >= WOMENS_COMMITTEE_MEMBERS else "womens_member"


def delegates_allowed(members: int) -> bool:
    """ELEC-11: whether delegates may meet (会员代表大会) instead of all members (会员大会)."""
    return members > ASSEMBLY_ONLY_MEMBERS


_DELEGATES: tuple[tuple[int, tuple[int, int]], ...] = (
    (200, (30, 40)),
    (1_000, (40, 60)),
    (5_000, (60, 90)),
    (10_000, (90, 130)),
    (50_000, (130, 180)),
)
_MOST_DELEGATES = (180, 240)


def usual_delegates(members: int) -> tuple[int, int]:
    """Least and most delegates for so many members (domain 4.2, told as usual and not as law)."""
    return next((range_ for most, range_ in _DELEGATES if members <= most), _MOST_DELEGATES)


def notice_is_long_enough(notice_from: date, meeting_on: date) -> bool:
    """ELEC-10: five working days of notice, the first day counted and the day of the meeting not."""
    return has_working_days(notice_from, meeting_on, NOTICE_WORKING_DAYS)


def seats_objections(body: Body, seats: int, members: int) -> tuple[str, ...]:
    """What stands against this many seats (ELEC-5, ELEC-23)."""
    if body is Body.OFFICER:
        return () if seats == 1 and committee_size(members).one_officer else ("officer_only_below_25",)
    least, most = AUDIT_SEATS if body is Body.AUDIT else (committee_size(members).least, committee_size(members).most)
    return () if least <= seats <= most else (f"{body}_seats_outside_size",)


def list_objections(
    candidates: Sequence[Candidate], seats: int, body: Body = Body.COMMITTEE, *, again: bool = False
) -> tuple[str, ...]:
    """What stands against a list of candidates: too few who may stand (ELEC-13), a barred one on it (ELEC-8)."""
    barred = sum(candidate.barred for candidate in candidates)
    able = sum(not candidate.barred and not candidate.written_in for candidate in candidates)
    reasons = []
    if able < min_candidates(seats, body, again=again):
        reasons.append("too_few_candidates")
    if barred:
        reasons.append("barred_candidate")
    return tuple(reasons)


def count(ballot: Ballot, *, notice_from: date, meeting_on: date) -> Result:
    """Who is elected, and everything that breaks the procedure or has to be voted on again."""
    listed = list_objections(ballot.candidates, ballot.seats, ballot.body, again=ballot.again)
    broken = [*_against_attendance(ballot), *listed]
    if not notice_is_long_enough(notice_from, meeting_on):
        broken.append("notice_too_short")
    result = Result(
        valid=not broken,
        quorum=quorum(ballot.entitled),
        votes_needed=votes_needed(ballot.entitled),
        elected=(),
        open_seats=ballot.seats,
        reasons=tuple(broken),
    )
    if broken:
        return result
    elected, tied = _winners(ballot, result.votes_needed)
    open_seats = ballot.seats - len(elected)
    reasons = ("tie",) if tied else ("seats_open",) if open_seats else ()
    return replace(result, elected=elected, open_seats=open_seats, reasons=reasons, tied=tied)


def _against_attendance(ballot: Ballot) -> list[str]:
    """ELEC-12, ELEC-16 (no proxy), ELEC-18."""
    valid = ballot.returned - ballot.void
    found = {
        "more_present_than_entitled": ballot.present > ballot.entitled,
        "no_quorum": ballot.present < quorum(ballot.entitled),
        "more_ballots_than_present": ballot.issued > ballot.present,
        "more_ballots_than_issued": ballot.returned > ballot.issued,
        "more_votes_than_ballots": any(each.yes > valid for each in ballot.candidates),
        "more_votes_than_marks": sum(each.yes for each in ballot.candidates) > ballot.seats * valid,
    }
    return [code for code, holds in found.items() if holds]


def _winners(ballot: Ballot, needed: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names elected, and names tied for the last seats (ELEC-19): who is tied has not won yet."""
    able = sorted((each for each in ballot.candidates if each.yes >= needed), key=lambda each: -each.yes)
    if len(able) <= ballot.seats:
        return tuple(each.name for each in able), ()
    last, next_after = able[ballot.seats - 1].yes, able[ballot.seats].yes
    if last > next_after:
        return tuple(each.name for each in able[: ballot.seats]), ()
    return (
        tuple(each.name for each in able if each.yes > last),
        tuple(each.name for each in able if each.yes == last),
    )
