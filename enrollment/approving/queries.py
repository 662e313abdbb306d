"""Foundings of a territory: the list by who has to act, and one with all the rules say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from enrollment.rules import stages
from enrollment.rules.applications import State
from enrollment.rules.papers import PAPERS, PaperKind
from enrollment.rules.regions import Territory
from enrollment.rules.stages import Ball, FoundingStep, Position, Stage
from enrollment.storage.applications import FOUND, Application
from enrollment.storage.database import db
from enrollment.storage.failures import Missing
from enrollment.storage.founding_facts import (
    meeting_objections,
    members_by_employer,
    name_is_taken,
    plan_notes,
    request_objections,
    result_objections,
)
from enrollment.storage.founding_papers import paper_of, papers_for, past_paper, past_papers
from enrollment.storage.foundings import UnionTerm
from enrollment.storage.papers import FoundingPaper
from enrollment.storage.procedures import Founding, founding_where
from enrollment.storage.rosters import RosterLine, roster, voters
from enrollment.web.papers import ShownPaper

PAGE = 50

VIEWS: dict[str, tuple[State, ...]] = {
    "waiting": (State.SUBMITTED,),
    "overdue": (State.SUBMITTED,),
    "group": (State.GATHERING, State.PREPARING, State.RETURNED),
    "done": (State.APPROVED, State.REFUSED, State.WITHDRAWN),
}
"""The views of the list and the states each shows; overdue shows those past their day."""


@dataclass(frozen=True, slots=True)
class Line:
    """A founding in the list. ``days_left`` to the reply, negative when overdue, None where no reply is due."""

    number: str
    name: str
    way: str
    county_code: str
    at: Position
    units: int
    workers: int
    due_on: date | None
    days_left: int | None


def foundings(territory: Territory, view: str, today: date, *, page: int = 1) -> list[Line]:
    """One page of the list: what is due first comes first, decided ones newest first."""
    order = (Application.id.desc(),) if view == "done" else (Application.due_on.is_(None), Application.due_on)
    found = select(Application).where(*_chosen(territory, view, today)).order_by(*order, Application.id)
    rows = db.session.scalars(
        found.limit(PAGE)
        .offset((page - 1) * PAGE)
        .options(joinedload(Application.founding), selectinload(Application.units), selectinload(Application.acts))
    )
    return [_line(row, today) for row in rows]


def counts(territory: Territory, today: date) -> dict[str, int]:
    """How many each view holds."""
    late = func.count().filter(Application.due_on < today)
    mine = (Application.kind == FOUND, Application.county_code.in_(territory.counties))
    by_state = select(Application.state, func.count(), late).where(*mine).group_by(Application.state)
    rows = {row[0]: row for row in db.session.execute(by_state)}
    totals = {view: sum(rows[state][1] for state in states if state in rows) for view, states in VIEWS.items()}
    return totals | {"overdue": rows[State.SUBMITTED][2] if State.SUBMITTED in rows else 0}


def _chosen(territory: Territory, view: str, today: date) -> list[ColumnElement[bool]]:
    chosen = [
        Application.kind == FOUND,
        Application.county_code.in_(territory.counties),
        Application.state.in_(VIEWS[view]),
    ]
    return [*chosen, Application.due_on < today] if view == "overdue" else chosen


def _line(row: Application, today: date) -> Line:
    way = row.founding.way if row.founding else ""
    at = stages.position(way, [FoundingStep(act.step) for act in row.acts])
    standing = [unit for unit in row.units if unit.answer == FoundingStep.AGREED]
    return Line(
        number=row.number,
        name=(row.founding.union_name if row.founding else "") or "、".join(unit.name for unit in row.units),
        way=way,
        county_code=row.county_code,
        at=at,
        units=len(standing),
        workers=sum(unit.workers for unit in standing),
        due_on=row.due_on,
        days_left=(row.due_on - today).days if row.due_on else None,
    )


def founding(territory: Territory, number: str) -> Founding | None:
    """One founding; None when it is not there or not in the territory."""
    return founding_where(db.session(), Application.number == number, Application.county_code.in_(territory.counties))


def page_of(found: Founding, today: date) -> dict[str, Any]:
    """Everything a case's page shows: what it consists of, what the gate's rules say, what may be decided."""
    at = found.position
    lines = voters(db.session(), found, today)
    steps = stages.open_steps(at) if at.ball is Ball.UPPER and at.state is State.SUBMITTED else frozenset()
    return {
        "founding": found,
        "application": found.application,
        "at": at,
        "parts": [(part, _where(at, part.stage)) for part in stages.PROCEDURES[found.way]],
        "members": members_by_employer(lines),
        "roster": lines,
        "women": sum(line.person.sex == "2" for line in lines),
        "lacking": gate_objections(found, lines, today),
        "warnings": plan_notes(found, lines),
        "outcome": found.outcome(len(lines)),
        "papers": papers(found),
        "past_papers": past_papers(db.session(), found),
        "may_approve": at.part is not None and at.part.done_by in steps,
        "may_refuse": FoundingStep.REFUSED in steps,
        "may_return": FoundingStep.RETURNED in steps,
        "may_leave_out": FoundingStep.LEFT_OUT in steps,
        "may_repeat": FoundingStep.MEETING_AGAIN in steps,
        "term": db.session.scalar(select(UnionTerm).where(UnionTerm.application_id == found.application.id)),
        "overdue": found.application.due_on is not None and found.application.due_on < today,
        "today": today,
    }


def _where(at: Position, stage: Stage) -> str:
    if at.stage is stage:
        return "now"
    return "done" if at.is_past(stage) and at.state not in (State.REFUSED, State.WITHDRAWN) else "ahead"


def gate_objections(found: Founding, lines: Sequence[RosterLine], today: date) -> tuple[str, ...]:
    """Everything that stands against an approval at the present gate."""
    stage = found.position.stage
    by_stage = {
        Stage.GROUP_REPLY: lambda: request_objections(found, today),
        Stage.JOIN_REPLY: lambda: request_objections(found, today),
        Stage.MEETING_REPLY: lambda: meeting_objections(found, lines, today),
        Stage.ESTABLISHMENT: lambda: result_objections(found, lines, roster(db.session(), found, today), today),
    }
    if stage not in by_stage:
        return ()
    taken = stage is not Stage.JOIN_REPLY and name_is_taken(db.session(), found)
    return (*by_stage[stage](), *(("union_name_taken",) if taken else ()))


def papers(found: Founding) -> list[tuple[PaperKind, FoundingPaper | None]]:
    """The papers of the stages reached, drafts among them; of the group's only those it has sent."""
    return papers_for(db.session(), found, upper=True)


def paper(found: Founding, kind: str, today: date, edition: int | None = None) -> ShownPaper:
    """One of these papers, or an earlier ``edition`` of it; raises ``Missing`` for any other."""
    if edition:
        return ShownPaper(past_paper(db.session(), found, kind, edition), is_issued=True, may_edit=False)
    known = next((each for each, _row in papers(found) if each == kind), None)
    if known is None:
        raise Missing
    shown, row = paper_of(db.session(), found, known, today)
    is_issued = bool(row and row.issued_on)
    return ShownPaper(shown, is_issued, PAPERS[known].by_upper and not is_issued)
