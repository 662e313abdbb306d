"""What the preparatory group's page shows. The link is the right to see it, so there is no territory; no numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from enrollment.rules import stages
from enrollment.rules.applications import State
from enrollment.rules.election import Body, quorum, votes_needed, womens_body
from enrollment.rules.founding import JOIN_JOINT
from enrollment.rules.identity import Sex
from enrollment.rules.papers import PAPERS, PaperKind
from enrollment.rules.stages import FoundingStep, Stage
from enrollment.storage.applications import Application, FoundingUnit, JoinDetails
from enrollment.storage.cards import Seen, looks_at_application
from enrollment.storage.database import db
from enrollment.storage.failures import Missing
from enrollment.storage.founding_facts import (
    meeting_objections,
    members_by_employer,
    plan_notes,
    preparation_objections,
    request_objections,
    result_objections,
)
from enrollment.storage.founding_papers import paper_of, papers_for, past_paper, past_papers
from enrollment.storage.foundings import UnionTerm
from enrollment.storage.neighbors import joint_unions
from enrollment.storage.papers import FoundingPaper
from enrollment.storage.procedures import Founding, founding_where
from enrollment.storage.rosters import RosterLine, roster, voters
from enrollment.storage.unions import Employer
from enrollment.web.papers import ShownPaper


@dataclass(frozen=True, slots=True)
class UnitCount:
    """A unit that agreed, with how far its people are: members, applications under way, people working there."""

    unit: FoundingUnit
    members: int
    under_way: int

    @property
    def percent(self) -> int:
        """Members of all who work there, rounded down; never over 100."""
        return min(100, 100 * self.members // max(self.unit.workers, 1))


def founding(link: str) -> Founding | None:
    """The founding behind the group's link."""
    return founding_where(db.session(), Application.link == link)


def people(found: Founding, today: date) -> list[RosterLine]:
    """The roster of the present meeting: of its day once it was held."""
    return voters(db.session(), found, today)


def joint_unions_for(found: Founding, today: date) -> dict[str, str]:
    """Names of the joint unions a depot can ask to join, by code; none where the founding asks for something else."""
    if found.way != JOIN_JOINT:
        return {}
    own = found.application.units[0]
    return {union.code: union.name for union in joint_unions(db.session(), own.region_code, today)}


def unit_names(lines: Sequence[RosterLine]) -> dict[int, str]:
    """Names of the employers of these members."""
    ids = {line.employer_id for line in lines if line.employer_id}
    named = select(Employer.id, Employer.name).where(Employer.id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(named)}


def unit_counts(found: Founding, lines: Sequence[RosterLine]) -> list[UnitCount]:
    """How many of each unit have joined, and how many have applied; two statements for any number of units."""
    members = members_by_employer(lines)
    waiting = _applications_under_way(found)
    return [
        UnitCount(unit, members.get(unit.employer_id or 0, 0), waiting.get(unit.employer_id or 0, 0))
        for unit in found.standing
    ]


def _applications_under_way(found: Founding) -> dict[int, int]:
    """Applications of people of these employers that somebody still has to decide, by employer."""
    employer = Employer.id
    from_there = or_(Application.poster_employer_id == employer, JoinDetails.employer_name == Employer.name)
    counted = (
        select(employer, func.count(Application.id.distinct()))
        .join(Application, Application.county_code == found.county_code)
        .join(JoinDetails, JoinDetails.application_id == Application.id)
        .where(employer.in_(found.employer_ids), from_there)
        .where(Application.state.in_((State.SUBMITTED, State.RETURNED)))
        .group_by(employer)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


def page_of(found: Founding, today: date) -> dict[str, Any]:
    """Everything the page shows: stages, what is next, what stands against it."""
    at, lines, listed = found.position, people(found, today), papers(found)
    reply = dict(listed).get(PaperKind.ESTABLISHMENT_REPLY)
    return {
        "founding": found,
        "application": found.application,
        "at": at,
        "numbers": stage_rows(found),
        "roster": lines,
        "women": sum(line.person.sex == "2" for line in lines),
        "womens_body": womens_body(sum(line.person.sex == Sex.FEMALE for line in lines)),
        "counts": unit_counts(found, lines),
        "lacking": lacking(found, lines, today),
        "warnings": plan_notes(found, lines),
        "outcome": outcome_rows(found, len(lines)),
        "returned": found.last(FoundingStep.RETURNED, FoundingStep.MEETING_AGAIN, FoundingStep.LIST_AGAIN),
        "refused": found.last(FoundingStep.REFUSED),
        "approved": found.last(FoundingStep.APPROVED),
        "can_withdraw": FoundingStep.WITHDRAWN in stages.open_steps(at),
        "term": term_of(found),
        "papers": listed,
        "past_papers": past_papers(db.session(), found),
        "reply_number": reply.number if reply else "",
        "today": today,
    }


def looks(found: Founding) -> list[Seen]:
    """Who looked at the phones of this founding, newest first."""
    return looks_at_application(db.session(), found.application.id)


def stage_rows(found: Founding) -> list[tuple[int, str, str]]:
    """Number, first stage of that number, and whether it is done, now or to come."""
    at = found.position
    rows = []
    for number in stages.numbers(found.way):
        parts = [part for part in stages.PROCEDURES[found.way] if part.number == number]
        is_now = at.part is not None and at.part.number == number
        done = all(at.is_past(part.stage) for part in parts) and at.state not in (State.REFUSED, State.WITHDRAWN)
        rows.append((number, parts[0].stage.value, "now" if is_now else "done" if done else "ahead"))
    return rows


def lacking(found: Founding, lines: Sequence[RosterLine], today: date) -> tuple[str, ...]:
    """What keeps the present stage from being done; the same rules the gates ask."""
    stage = found.position.stage
    if stage in (Stage.GROUP_REQUEST, Stage.JOIN_REQUEST):
        return request_objections(found, today)
    if stage is Stage.PREPARATION:
        return preparation_objections(found, lines, today)
    if stage is Stage.MEETING_REQUEST:
        return meeting_objections(found, lines, today)
    if stage in (Stage.FIRST_SESSION, Stage.RESULT_REPORT):
        return result_objections(found, lines, roster(db.session(), found, today), today)
    return ()


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate with what came of the votes, for a table."""

    name: str
    unit_name: str
    body: str
    votes: tuple[int | None, ...]
    elected: bool
    office: str


@dataclass(frozen=True, slots=True)
class OutcomeRows:
    """The result in words and rows. ``needed``: votes that elect; ``open_seats`` by body, where any are open.

    ``may_stay_open``: with the consent of the assembly nothing more has to be voted on.
    """

    entitled: int
    present: int
    quorum: int
    needed: int
    broken: tuple[str, ...]
    open_reasons: tuple[str, ...]
    open_seats: dict[Body, int]
    may_stay_open: bool
    rows: list[CandidateRow]

    @property
    def is_complete(self) -> bool:
        return not self.broken and not self.open_reasons


def outcome_rows(found: Founding, members: int) -> OutcomeRows | None:
    """What came of the present meeting; None before it was recorded."""
    outcome, meeting, agreed = found.outcome(members), found.meeting, found.outcome(members, fewer_seats=True)
    if outcome is None or meeting is None:
        return None
    rows = []
    for body, listed in found.lists.items():
        ballots, elected = found.votes(body), set(outcome.elected.get(body, ()))
        for each in listed:
            votes = tuple(ballot.votes.get(str(each.id)) for ballot in ballots)
            rows.append(CandidateRow(each.name, each.unit_name, body, votes, str(each.id) in elected, each.office))
    return OutcomeRows(
        entitled=meeting.entitled or 0,
        present=meeting.present or 0,
        quorum=quorum(meeting.entitled or 0),
        needed=votes_needed(meeting.entitled or 0),
        broken=outcome.broken,
        open_reasons=outcome.open_reasons,
        open_seats={body: seats for body, seats in outcome.open_seats.items() if seats and outcome.is_valid},
        may_stay_open=bool(agreed and agreed.is_complete),
        rows=rows,
    )


def term_of(found: Founding) -> UnionTerm | None:
    """The term that came of this founding."""
    return db.session.scalar(select(UnionTerm).where(UnionTerm.application_id == found.application.id))


def registration_kept(found: Founding) -> dict[str, object]:
    """What of stage 9 was kept; the certificate is proposed to be valid as long as the term."""
    days = {item: date.fromisoformat(day) for item, day in found.details.checklist.items()}
    term = term_of(found)
    if term is None:
        return {**days}
    until = term.certificate_until if "legal_person" in days else None  # else it is that of the term before
    return {**days, "credit_code": term.credit_code, "certificate_until": until or term.ends_on}


def papers(found: Founding) -> list[tuple[PaperKind, FoundingPaper | None]]:
    """The papers of the stages reached, drafts among them; of the upper union's only those it has issued."""
    return papers_for(db.session(), found, upper=False)


def paper(found: Founding, kind: str, today: date, edition: int | None = None) -> ShownPaper:
    """One of these papers, or an earlier ``edition`` of it; raises ``Missing`` for any other."""
    if edition:
        return ShownPaper(past_paper(db.session(), found, kind, edition), is_issued=True, may_edit=False)
    row = next(((each, row) for each, row in papers(found) if each == kind), None)
    if row is None:
        raise Missing
    shown, kept = paper_of(db.session(), found, row[0], today)
    form, is_issued = PAPERS[row[0]], bool(kept and kept.issued_on)
    return ShownPaper(shown, is_issued, form.editable and not form.by_upper and not is_issued)
