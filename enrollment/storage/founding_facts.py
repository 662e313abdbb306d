"""A founding's rows as facts of the rulebook, and what the rules say at each gate; both sides ask the same."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from enrollment.rules.applications import UNDER_WAY
from enrollment.rules.election import Body, Candidate
from enrollment.rules.founding import JOIN_JOINT, NEW_JOINT, OWN_COMMITTEE, Depot, Unit, stand_together, ways_for
from enrollment.rules.identity import Sex
from enrollment.rules.meetings import (
    BARRED_RELATIONS,
    OFFICES,
    WOMENS_MEMBER,
    Outcome,
    Plan,
    office_objections,
    plan_objections,
    plan_warnings,
)
from enrollment.rules.stages import RE_ELECTION, FoundingStep, Stage
from enrollment.rules.union_names import name_objections, name_warnings
from enrollment.storage.applications import Application, ApplicationAct, FoundingDetails, FoundingUnit
from enrollment.storage.foundings import FoundingCandidate
from enrollment.storage.procedures import Founding
from enrollment.storage.rosters import RosterLine
from enrollment.storage.unions import Union


def request_objections(founding: Founding, on: date) -> tuple[str, ...]:
    """What stands against a preparatory group (stage 1): the way, the group, the name (BUILD-1 … BUILD-4, 7.3)."""
    if _is_of_an_ended_union(founding):
        return ("union_has_ended",)
    if founding.way == JOIN_JOINT:
        return _way_objections(founding.way, [unit.as_fact() for unit in founding.standing], on)
    reasons = [*_way_objections(founding.way, [unit.as_fact() for unit in founding.standing], on)]
    reasons += name_objections(founding.details.union_name, founding.way)
    found = {
        "business_missing": not founding.details.business,
        "wish_missing": not founding.details.wish,
        "group_is_empty": not founding.group,
        "group_without_posts": not all(row.unit_name and row.post for row in founding.group),
    }
    reasons += [code for code, holds in found.items() if holds]
    return tuple(dict.fromkeys(reasons))


def _is_of_an_ended_union(founding: Founding) -> bool:
    """Whether the union to join, or to elect anew, stands no more; then this can only be refused or given up."""
    union = founding.application.union
    return union is not None and union.dissolved_on is not None


def preparation_objections(founding: Founding, roster: Sequence[RosterLine], on: date) -> tuple[str, ...]:
    """What is missing of the members (stage 2): now the real ones count, unit by unit (LAW-5, BUILD-3)."""
    members = members_by_employer(roster)
    return _way_objections(founding.way, [_as_member_fact(unit, members) for unit in founding.standing], on)


def members_by_employer(roster: Sequence[RosterLine]) -> dict[int, int]:
    """How many members each employer has on the roster."""
    found: dict[int, int] = {}
    for line in roster:
        if line.employer_id:
            found[line.employer_id] = found.get(line.employer_id, 0) + 1
    return found


def _as_member_fact(unit: FoundingUnit, members: Mapping[int, int]) -> Unit:
    joined = members.get(unit.employer_id or 0, 0)
    return Unit(unit.name, (Depot(max(unit.workers, joined), joined, unit.barred),))


def _way_objections(way: str, units: Sequence[Unit], on: date) -> tuple[str, ...]:
    if way == RE_ELECTION or not units:
        return ()
    if way == NEW_JOINT:
        return stand_together(units, on).reasons
    if way == JOIN_JOINT:
        return ways_for(units[0], on).joint.reasons
    found = ways_for(units[0], on)
    return (found.own_committee if way == OWN_COMMITTEE else found.one_officer).reasons


def plan_of(founding: Founding, roster: Sequence[RosterLine]) -> Plan | None:
    """The plan of the present meeting as facts; persons are told apart by their row, outsiders by name."""
    meeting = founding.meeting
    if meeting is None:
        return None
    return Plan(
        members=len(roster),
        meeting_on=meeting.meeting_on,
        notice_from=meeting.notice_from,
        listed_on=meeting.listed_on,
        delegates=meeting.delegates,
        term_years=meeting.term_years,
        seats=founding.seats,
        candidates={body: [_candidate(each) for each in listed] for body, listed in founding.lists.items()},
        women=[f"{line.person.id}" for line in roster if line.person.sex == Sex.FEMALE],
    )


def _candidate(row: FoundingCandidate) -> Candidate:
    return Candidate(f"{row.person_id or row.name}", barred=row.relation in BARRED_RELATIONS)


def meeting_objections(founding: Founding, roster: Sequence[RosterLine], today: date) -> tuple[str, ...]:
    """What stands against the meeting, its candidates and the name, which may be another by now (stages 3 and 4)."""
    if _is_of_an_ended_union(founding):
        return ("union_has_ended",)
    plan = plan_of(founding, roster)
    if plan is None:
        return ("meeting_missing",)
    gathered = preparation_objections(founding, roster, today)
    members = {line.person.id for line in roster}
    strangers = any(each.person_id and each.person_id not in members for each in _listed(founding))
    named = () if founding.way == RE_ELECTION else name_objections(founding.details.union_name, founding.way)
    found = (*named, *gathered, *plan_objections(plan, today), *(("candidate_is_no_member",) if strangers else ()))
    return tuple(dict.fromkeys(found))


def _listed(founding: Founding) -> list[FoundingCandidate]:
    return [each for listed in founding.lists.values() for each in listed]


def women_of(founding: Founding, lines: Sequence[RosterLine]) -> set[str]:
    """The women among the members, as offices name them: candidates by their ids, anybody as ``member_key``."""
    standing = (each for each in _listed(founding) if each.person and each.person.sex == Sex.FEMALE)
    return {str(each.id) for each in standing} | {
        member_key(line.person.id) for line in lines if line.person.sex == Sex.FEMALE
    }


def member_key(person_id: int) -> str:
    """How an office names a member who is not elected."""
    return f"member-{person_id}"


def result_objections(
    founding: Founding, lines: Sequence[RosterLine], now: Sequence[RosterLine], today: date
) -> tuple[str, ...]:
    """What keeps a result from being approved (stage 8, ELEC-20): broken, unfinished, or without its officers.

    ``lines``: the members of the day of the assembly; ``now``: those of ``today``, who still have to make a union of
    this kind (BUILD-1 … BUILD-4), with everybody elected among them.
    """
    if _is_of_an_ended_union(founding):
        return ("union_has_ended",)
    found = founding.outcome(len(lines))
    if found is None:
        return ("meeting_not_recorded",)
    if not found.is_complete:
        return (*found.broken, *found.open_reasons)
    gathered = preparation_objections(founding, now, today)
    left = ("elected_is_no_member",) if _who_left(founding, found, now) else ()
    if not founding.position.is_past(Stage.FIRST_SESSION):
        return (*gathered, *left)
    return (*gathered, *left, *offices_objections(founding, offices_of(founding), found, lines))


def _who_left(founding: Founding, found: Outcome, now: Sequence[RosterLine]) -> bool:
    """Whether somebody elected, or who looks after the women workers, is a member no more; outsiders never were."""
    elected = {number for ids in found.elected.values() for number in ids}
    seated = {each.person_id for each in _listed(founding) if str(each.id) in elected and each.person_id}
    if founding.meeting and founding.meeting.womens_person_id:
        seated.add(founding.meeting.womens_person_id)
    return not seated <= {line.person.id for line in now}


def offices_objections(
    founding: Founding, offices: Mapping[str, str], found: Outcome, lines: Sequence[RosterLine]
) -> tuple[str, ...]:
    """What stands against these offices, ids by office (stage 6)."""
    audit_expected, women = Body.AUDIT in founding.seats, women_of(founding, lines)
    return office_objections(offices, found.elected, audit_expected=audit_expected, women=women)


def offices_of(founding: Founding) -> dict[str, str]:
    """Candidate ids by office, as the first session gave them."""
    given = {office: str(each.id) for each in _listed(founding) for office in each.office.split()}
    if founding.meeting and founding.meeting.womens_person_id:
        given[WOMENS_MEMBER] = member_key(founding.meeting.womens_person_id)
    return {office: given.get(office, "") for office in OFFICES}


def plan_notes(founding: Founding, roster: Sequence[RosterLine]) -> tuple[str, ...]:
    """What is unusual but allowed: in the name, until the union stands in the plan of its meeting."""
    named = name_warnings(founding.details.union_name) if founding.way != JOIN_JOINT else ()
    plan = None if founding.position.is_past(Stage.MEETING) else plan_of(founding, roster)
    return (*named, *(plan_warnings(plan) if plan else ()))


def name_is_taken(session: Session, founding: Founding) -> bool:
    """Whether another union has the proposed name, or another founding whose preparatory group is approved."""
    name, own = founding.details.union_name, founding.application
    other = select(Union.id).where(Union.name == name)
    if own.union_id:
        other = other.where(Union.id != own.union_id)
    approved = select(ApplicationAct.id).where(
        ApplicationAct.application_id == Application.id, ApplicationAct.step == FoundingStep.GROUP_APPROVED
    )
    held = (
        select(Application.id)
        .join(FoundingDetails)
        .where(FoundingDetails.union_name == name, Application.id != own.id)
        .where(Application.state.in_(UNDER_WAY), approved.exists())
    )
    return session.scalar(select(or_(other.exists(), held.exists()))) or False
