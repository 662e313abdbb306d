"""The first assembly (会员大会) of a founding: what stands against its plan, and what came of it (domain 4, 7.4)."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from enrollment.rules import election
from enrollment.rules.election import Ballot, Body, Candidate, Result

CHAIR, VICE_CHAIR, AUDIT_CHAIR, WOMENS_MEMBER = "chair", "vice_chair", "audit_chair", "womens_member"
OFFICES: tuple[str, ...] = (CHAIR, VICE_CHAIR, AUDIT_CHAIR, WOMENS_MEMBER)
"""Offices of stage 6 (ELEC-1, ELEC-23, BUILD-8)."""

WOMEN = "women"
"""The body of a member for women workers who was not elected to the committee."""

BARRED_RELATIONS: tuple[str, ...] = ("head", "legal_representative", "partner", "near_relative")
"""ELEC-8, LAW-3: who may not stand in the own unit; ``near_relative`` as of 民法典 art. 1045."""

NO_RELATION = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the preparatory group asks for in stage 3. ``candidates``: by body, in the order of the ballot paper.

    ``delegates``: how many meet instead of all members, 0 for none. ``women``: who of the members is a woman.
    ``listed_on``: the first day on which this list can have hung out: there was a group to write it, or it has named
    somebody new since it was sent.
    """

    members: int
    meeting_on: date
    notice_from: date
    listed_on: date
    delegates: int
    term_years: int
    seats: Mapping[Body, int]
    candidates: Mapping[Body, Sequence[Candidate]]
    women: Collection[str] = ()


def main_body(seats: Mapping[Body, int]) -> Body:
    """The committee, or the one officer in its place."""
    return Body.OFFICER if Body.OFFICER in seats else Body.COMMITTEE


def plan_objections(plan: Plan, today: date) -> tuple[str, ...]:
    """Every reason why this meeting and these candidates cannot be approved (stage 3, the gate of stage 4)."""
    found = {
        "term_is_3_or_5": plan.term_years not in election.TERMS,
        "delegates_only_above_100": bool(plan.delegates) and not election.delegates_allowed(plan.members),
        "meeting_is_past": plan.meeting_on < today,
        "notice_too_short": not election.notice_is_long_enough(plan.notice_from, plan.meeting_on),
        "notice_before_the_list": plan.notice_from < plan.listed_on,
    }
    reasons = [code for code, holds in found.items() if holds]
    for body, seats in plan.seats.items():
        reasons += election.seats_objections(body, seats, plan.members)
        reasons += election.list_objections(plan.candidates.get(body, ()), seats, body)
    if any(_listed_twice(listed) for listed in plan.candidates.values()):
        reasons.append("listed_twice")
    if _on_both(plan.candidates):
        reasons.append("on_both_lists")
    return tuple(dict.fromkeys(reasons))


def plan_warnings(plan: Plan) -> tuple[str, ...]:
    """What is unusual and yet no bar: domain 4.1 and 4.2 are practice, and bodies can be completed later."""
    main, least_most = main_body(plan.seats), election.usual_delegates(plan.members)
    listed = {candidate.name for candidates in plan.candidates.values() for candidate in candidates}
    found = {
        "even_seats": plan.seats[main] % 2 == 0,
        "delegates_unusual": bool(plan.delegates) and not least_most[0] <= plan.delegates <= least_most[1],
        "no_audit_committee": main is Body.COMMITTEE and Body.AUDIT not in plan.seats,
        "no_woman_stands": main is Body.COMMITTEE and bool(plan.women) and not listed & set(plan.women),
    }
    return tuple(code for code, holds in found.items() if holds)


def _listed_twice(listed: Sequence[Candidate]) -> bool:
    """Whether a list names somebody more than once, which makes no second candidate (ELEC-13)."""
    return len({candidate.name for candidate in listed}) < len(listed)


def _on_both(candidates: Mapping[Body, Sequence[Candidate]]) -> bool:
    audit = {candidate.name for candidate in candidates.get(Body.AUDIT, ())}
    main = {candidate.name for body in (Body.COMMITTEE, Body.OFFICER) for candidate in candidates.get(body, ())}
    return bool(audit & main)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One ballot of one body as recorded; the second and later ones fill the seats still open."""

    body: Body
    issued: int
    returned: int
    void: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """The assembly as recorded. ``fewer_seats``: it agreed to leave the seats open that nobody won (ELEC-19).

    ``counters_stand``: somebody who watched the count (监票人) is a candidate (ELEC-17).
    """

    members: int
    entitled: int
    present: int
    notice_from: date
    meeting_on: date
    rules_adopted: bool
    fewer_seats: bool
    counters_stand: bool = False
    seats: Mapping[Body, int]
    votes: tuple[Vote, ...]


def names_in(text: str) -> set[str]:
    """The names in a line in which people are told one after another."""
    return {name for name in re.split(r"[\s、，,；;]+", text) if name}


def day_objections(
    held_on: date, today: date, *, approved_on: date | None = None, before: date | None = None
) -> tuple[str, ...]:
    """What stands against the day on which an assembly is said to have been held.

    ``approved_on``: when the upper union agreed to it (ELEC-10: report first). ``before``: the day of the assembly
    that it repeats (ELEC-20).
    """
    found = {
        "meeting_is_to_come": held_on > today,
        "meeting_before_approval": approved_on is not None and held_on < approved_on,
        "meeting_not_repeated": before is not None and held_on <= before,
    }
    return tuple(code for code, holds in found.items() if holds)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the assembly.

    ``broken``: what makes it invalid; ``open_reasons``: what has to be voted on again. ``results``: the votes of each
    body in order; ``elected``: names by body.
    """

    broken: tuple[str, ...]
    open_reasons: tuple[str, ...]
    results: Mapping[Body, tuple[Result, ...]]
    elected: Mapping[Body, tuple[str, ...]]
    open_seats: Mapping[Body, int]

    @property
    def is_valid(self) -> bool:
        return not self.broken

    @property
    def is_complete(self) -> bool:
        """Nothing is broken and nothing has to be voted on again."""
        return not self.broken and not self.open_reasons

    @property
    def from_the_list(self) -> bool:
        """Whether the candidates have to be asked for anew, and not only the assembly held again."""
        return bool({"too_few_candidates", "barred_candidate", "notice_too_short"} & set(self.broken))


def outcome(meeting: Meeting) -> Outcome:
    """Who is elected, what is broken (ELEC-20: it may not be approved), and what is still open."""
    broken = [] if meeting.rules_adopted else ["rules_not_adopted"]
    broken += ["counter_is_candidate"] if meeting.counters_stand else []
    results: dict[Body, tuple[Result, ...]] = {}
    elected: dict[Body, tuple[str, ...]] = {}
    open_seats: dict[Body, int] = {}
    open_reasons: list[str] = []
    for body, seats in meeting.seats.items():
        found = _results(meeting, body, seats)
        results[body] = found
        elected[body] = tuple(name for result in found for name in result.elected)
        open_seats[body] = seats - len(elected[body])
        broken += [reason for result in found if not result.valid for reason in result.reasons]
        if not found:
            broken.append(f"{body}_not_voted")
        elif found[-1].valid:
            open_reasons += _still_open(meeting, body, elected[body], found[-1])
    unique = tuple(dict.fromkeys(broken))
    return Outcome(unique, tuple(dict.fromkeys(open_reasons)), results, {} if unique else elected, open_seats)


def _results(meeting: Meeting, body: Body, seats: int) -> tuple[Result, ...]:
    """The votes of one body, each for the seats that were left."""
    found: list[Result] = []
    for vote in (each for each in meeting.votes if each.body is body):
        ballot = Ballot(
            entitled=meeting.entitled,
            present=meeting.present,
            issued=vote.issued,
            returned=vote.returned,
            seats=found[-1].open_seats if found else seats,
            candidates=vote.candidates,
            void=vote.void,
            body=body,
            again=bool(found),
        )
        found.append(election.count(ballot, notice_from=meeting.notice_from, meeting_on=meeting.meeting_on))
    return tuple(found)


def standing_again(found: Outcome, body: Body, listed: Sequence[str]) -> tuple[str, ...]:
    """Who of a list stands in the next vote on the seats still open: those tied, else all not elected (ELEC-19).

    ``listed``: names in the order of the ballot paper. Nobody where no seat is open.
    """
    if not found.open_seats.get(body):
        return ()
    tied, elected = found.results[body][-1].tied, found.elected.get(body, ())
    return tuple(name for name in listed if (name in tied if tied else name not in elected))


def _still_open(meeting: Meeting, body: Body, elected: tuple[str, ...], last: Result) -> tuple[str, ...]:
    """ELEC-19: another vote, or by consent of the assembly fewer seats within ELEC-5."""
    if not last.reasons:
        return ()
    enough = not election.seats_objections(body, len(elected), meeting.members)
    return () if meeting.fewer_seats and enough and last.reasons == ("seats_open",) else last.reasons


def office_objections(
    offices: Mapping[str, str],
    elected: Mapping[Body, Sequence[str]],
    *,
    audit_expected: bool,
    women: Collection[str] = (),
) -> tuple[str, ...]:
    """What stands against the offices of stage 6: name by office, empty where none (ELEC-1, ELEC-14, ELEC-23).

    ``women``: the names of all members who are; with any of them a committee has one of them look after the women
    workers, elected or not (BUILD-8).
    """
    committee = (*elected.get(Body.COMMITTEE, ()), *elected.get(Body.OFFICER, ()))
    audit = elected.get(Body.AUDIT, ())
    found = {
        "chair_missing": not offices.get(CHAIR),
        "chair_not_elected": offices.get(CHAIR, "") not in ("", *committee),
        "vice_chair_not_elected": offices.get(VICE_CHAIR, "") not in ("", *committee),
        "one_person_one_office": bool(offices.get(CHAIR)) and offices.get(CHAIR) == offices.get(VICE_CHAIR),
        "audit_chair_missing": audit_expected and not offices.get(AUDIT_CHAIR),
        "audit_chair_not_elected": offices.get(AUDIT_CHAIR, "") not in ("", *audit),
        "womens_member_missing": bool(women) and Body.COMMITTEE in elected and not offices.get(WOMENS_MEMBER),
        "womens_member_is_no_woman": offices.get(WOMENS_MEMBER, "") not in ("", *women),
    }
    return tuple(code for code, holds in found.items() if holds)
