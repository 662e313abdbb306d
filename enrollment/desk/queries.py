"""What the desk shows: the queue, the way from case to case, one case with the rule's opinion."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from enrollment.rules.access import VISITOR, Actor
from enrollment.rules.applications import State, Step
from enrollment.rules.eligibility import Answer, decide
from enrollment.rules.ledger import Entry, Standing, objections, standing_on
from enrollment.rules.regions import Territory
from enrollment.rules.requests import RequestKind, entries_of_approval, sources
from enrollment.rules.requests import objections as request_objections
from enrollment.rules.stages import FoundingStep
from enrollment.storage.applications import (
    FOUND,
    Application,
    ApplicationAct,
    FoundingDetails,
    JoinDetails,
    RequestDetails,
    lies_in,
)
from enrollment.storage.database import db
from enrollment.storage.desks import is_mine
from enrollment.storage.ledger import history
from enrollment.storage.people import Person
from enrollment.storage.referrals import Referral
from enrollment.storage.tables import Instant
from enrollment.storage.unions import Union
from enrollment.web.clock import BEIJING

PAGE = 50

_ARRIVALS = (Step.SUBMITTED, Step.CORRECTED, Step.PASSED_ON)
_REPLIES = (
    FoundingStep.GROUP_APPROVED,
    FoundingStep.MEETING_APPROVED,
    FoundingStep.MEETING_AGAIN,
    FoundingStep.LIST_AGAIN,
    FoundingStep.RETURNED,
)


def _last_of(steps: Iterable[str]) -> ScalarSelect[str]:
    of_this = select(ApplicationAct.step).where(ApplicationAct.application_id == Application.id)
    last = of_this.where(ApplicationAct.step.in_(steps)).order_by(ApplicationAct.id.desc()).limit(1)
    return last.correlate(Application).scalar_subquery()


def _back_from_correction() -> ColumnElement[bool]:
    """It came in last as a correction; a founding is back from one when the last reply to it was a return."""
    return or_(
        and_(Application.kind != FOUND, _last_of(_ARRIVALS) == Step.CORRECTED),
        and_(Application.kind == FOUND, _last_of(_REPLIES) == FoundingStep.RETURNED),
    )


@dataclass(frozen=True, slots=True)
class View:
    """A view of the queue: the states it shows, what else they must be on a day, and from which end they are read."""

    states: tuple[State, ...]
    narrowed: Callable[[date, Actor], ColumnElement[bool]] | None = None
    newest_first: bool = False

    def holds(self, today: date, by: Actor) -> list[ColumnElement[bool]]:
        """The conditions of this view, behind its list and its count."""
        narrowed = [self.narrowed(today, by)] if self.narrowed else []
        return [Application.state.in_(self.states), *narrowed]


_WAITING = (State.SUBMITTED,)

VIEWS: dict[str, View] = {
    "mine": View(_WAITING, lambda _today, by: is_mine(by)),
    "waiting": View(_WAITING),
    "today": View(_WAITING, lambda today, _by: Application.due_on == today),
    "overdue": View(_WAITING, lambda today, _by: Application.due_on < today),
    "escalated": View(_WAITING, lambda _today, _by: Application.escalated_at.is_not(None)),
    "corrected": View(_WAITING, lambda _today, _by: _back_from_correction()),
    "applicant": View((State.RETURNED, State.GATHERING, State.PREPARING)),
    "done": View((State.APPROVED, State.REFUSED, State.WITHDRAWN), newest_first=True),
    "all": View(tuple(State), newest_first=True),
}
"""The views of the queue. A further one needs its line here and its words in ``QUEUE_VIEWS``."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which cases: one object behind list, counts, export, and the way from case to case.

    ``union`` is part of the name of the union applied to; both days are inclusive. ``by``: whose the cases of the view
    ``mine`` are; it stands in no address, and neither does anything of a person.
    """

    view: str = "waiting"
    kind: str = ""
    county: str = ""
    group: str = ""
    union: str = ""
    sent_from: date | None = None
    sent_to: date | None = None
    by: Actor = VISITOR

    def address(self, **changes: str) -> dict[str, Any]:
        """What of it stands in an address, always in one order; the first view is left out."""
        asked = {
            field.name: str(getattr(self, field.name) or "") for field in fields(self) if field.name != "by"
        } | changes
        return {name: text for name, text in asked.items() if text and (name, text) != ("view", "waiting")}


@dataclass(frozen=True, slots=True)
class Case:
    """A line of the queue. ``days_left`` counts calendar days to the due date, negative when overdue."""

    number: str
    kind: str
    who: str
    county_code: str
    state: str
    submitted_on: date | None
    due_on: date | None
    days_left: int | None
    escalated: bool = False


WHO = (
    joinedload(Application.join),
    joinedload(Application.request).options(joinedload(RequestDetails.person), joinedload(RequestDetails.about)),
    selectinload(Application.units),
    joinedload(Application.founding).load_only(FoundingDetails.union_name),
)
"""What names who asks."""


def _filters(territory: Territory, search: Search) -> list[ColumnElement[bool]]:
    """What list and counts have in common."""
    filters: list[ColumnElement[bool]] = [lies_in(territory)]
    if search.kind:
        filters.append(Application.kind == search.kind)
    if search.county:
        filters.append(Application.county_code == search.county)
    if search.sent_from:
        filters.append(Application.submitted_at >= _begin_of(search.sent_from))
    if search.sent_to:
        filters.append(Application.submitted_at < _begin_of(search.sent_to + timedelta(days=1)))
    if search.group:
        filters.append(of_workers(JoinDetails.group == search.group, Person.group == search.group))
    if search.union:
        named = select(Union.id).where(Union.name.contains(search.union, autoescape=True))
        filters.append(Application.union_id.in_(named))
    return filters


def of_workers(applying: ColumnElement[bool], asking: ColumnElement[bool]) -> ColumnElement[bool]:
    """The applications of workers who are ``applying``, and the requests of members who are ``asking``."""
    joins = select(JoinDetails.application_id).where(applying)
    requests = select(RequestDetails.application_id).join(Person, Person.id == RequestDetails.person_id).where(asking)
    return or_(Application.id.in_(joins), Application.id.in_(requests))


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


def _found(territory: Territory, search: Search, today: date) -> Select[Application]:
    return select(Application).where(*_filters(territory, search), *VIEWS[search.view].holds(today, search.by))


_SINCE = func.coalesce(Application.submitted_at, Application.started_at)
"""Since when a case waits; it and the id are the order of every view."""


def _in_order(found: Select[Application], *, newest_first: bool) -> Select[Application]:
    key = (_SINCE, Application.id)
    return found.order_by(*(column.desc() if newest_first else column for column in key))


def cases(territory: Territory, search: Search, today: date, *, page: int = 1) -> list[Case]:
    """One page of the queue: what has waited longest comes first, decided ones newest first."""
    found = _in_order(_found(territory, search, today), newest_first=VIEWS[search.view].newest_first)
    rows = db.session.scalars(found.limit(PAGE).offset((page - 1) * PAGE).options(*WHO))
    return [as_case(row, today) for row in rows]


def first_numbers(territory: Territory, search: Search, today: date, most: int) -> list[str]:
    """Numbers of what the search finds in its order, no more than ``most``."""
    found = _in_order(_found(territory, search, today), newest_first=VIEWS[search.view].newest_first)
    return list(db.session.scalars(found.with_only_columns(Application.number).limit(most)))


def all_cases(territory: Territory, search: Search, today: date) -> Iterator[Case]:
    """Every case of the search in that order, read while it is sent: nothing is asked before the first is wanted."""
    found = _in_order(_found(territory, search, today), newest_first=VIEWS[search.view].newest_first)
    rows = db.session.scalars(found.execution_options(yield_per=500).options(*WHO))
    for row in rows:
        yield as_case(row, today)


def beside(territory: Territory, search: Search, today: date, application: Application) -> tuple[str, str]:
    """Numbers of the case before and the case after this one in a list, empty at its ends; it may have left the list.

    Foundings are passed over: they have pages of their own.
    """
    found, newest_first = _found(territory, search, today), VIEWS[search.view].newest_first
    since = application.submitted_at or application.started_at
    here, key = tuple_(literal(since, Instant()), literal(application.id)), tuple_(_SINCE, Application.id)
    sides = (found.where(key < here), True), (found.where(key > here), False)
    numbers = []
    for side, backwards in reversed(sides) if newest_first else sides:
        nearest = _in_order(side.where(Application.kind != FOUND), newest_first=backwards)
        numbers.append(db.session.scalar(nearest.with_only_columns(Application.number).limit(1)) or "")
    return numbers[0], numbers[1]


def as_case(row: Application, today: date) -> Case:
    """The line of the queue for an application read with ``WHO``."""
    asking = row.join or (row.request.asker if row.request else None)
    units = "、".join(unit.name for unit in row.units)
    who = asking.name if asking else units or (row.founding.union_name if row.founding else "")  # a union's new term
    left = (row.due_on - today).days if row.due_on and row.state == State.SUBMITTED else None
    submitted_on = row.submitted_at.astimezone(BEIJING).date() if row.submitted_at else None
    return Case(
        row.number,
        row.kind,
        who,
        row.county_code,
        row.state,
        submitted_on,
        row.due_on,
        left,
        escalated=left is not None and row.escalated_at is not None,
    )


def counts(territory: Territory, search: Search, today: date) -> dict[str, int]:
    """How many each view holds, under the same filters."""
    all_of_them = select(func.count()).select_from(Application).where(*_filters(territory, search))
    each = [
        all_of_them.where(*view.holds(today, search.by)).scalar_subquery().label(name) for name, view in VIEWS.items()
    ]
    return dict(zip(VIEWS, db.session.execute(select(*each)).one(), strict=True))


def case(territory: Territory, number: str) -> Application | None:
    """One application with all that its page shows; None when it is not there or not in the territory."""
    found = select(Application).where(Application.number == number, lies_in(territory))
    return db.session.scalar(
        found.options(
            joinedload(Application.join),
            joinedload(Application.request).options(
                joinedload(RequestDetails.person),
                joinedload(RequestDetails.to_union),
                joinedload(RequestDetails.about).joinedload(JoinDetails.application),
            ),
            joinedload(Application.union),
            joinedload(Application.visit),
            joinedload(Application.event),
            joinedload(Application.poster_union),
            joinedload(Application.poster_employer),
            selectinload(Application.acts).joinedload(ApplicationAct.account),
        )
    )


def last_act(number: str, account_id: int | None) -> Row[str, str, str, str] | None:
    """What this account did last to an application: its number and county, the step and its words; None for nothing."""
    told = select(Application.number, Application.county_code, ApplicationAct.step, ApplicationAct.note)
    acts = told.join(ApplicationAct, ApplicationAct.application_id == Application.id)
    own = acts.where(Application.number == number, ApplicationAct.account_id == account_id)
    return db.session.execute(own.order_by(ApplicationAct.id.desc()).limit(1)).first()


def opinion(application: Application, today: date) -> Answer | None:
    """The rule's opinion on a worker's answers as of ``today``, while they are kept."""
    told = application.join if application.dropped_on is None else None
    return decide(told.as_facts(), today) if told else None


@dataclass(frozen=True, slots=True)
class RequestOpinion:
    """Where the person stands, what stands against the request and by which clauses, what a correction would change."""

    standing: Standing
    union_name: str
    reasons: tuple[str, ...]
    sources: tuple[str, ...]
    changes: dict[str, str]


def request_opinion(application: Application, today: date) -> RequestOpinion | None:
    """The rule's opinion on a member's request as of ``today``; there is none on an applicant's."""
    details = application.request
    if details is None or details.person_id is None:
        return None
    entries = history(db.session(), details.person_id)
    held, kind = standing_on(entries, today), RequestKind(application.kind)
    target = str(details.to_union_id or "")
    reasons = list(request_objections(kind, held.standing)) if held.standing is not Standing.TRANSFERRING else []
    next_number = max(entry.number for entry in entries) + 1
    for change, union in entries_of_approval(kind, held, target, reaches=False):
        reasons += objections(entries, Entry(next_number, change, union, today))
    return RequestOpinion(
        held.standing,
        db.session.get_one(Union, int(held.union)).name,
        tuple(dict.fromkeys(reasons)),
        sources(kind, today),
        json.loads(details.told or "{}"),
    )


def referrals(territory: Territory, *, page: int = 1) -> Sequence[Referral]:
    """Who was referred to the Corps, newest first (ROUTE-10): no names, a number to ask after."""
    found = select(Referral).where(Referral.county_code.in_(territory.counties)).order_by(Referral.id.desc())
    return db.session.scalars(found.limit(PAGE).offset((page - 1) * PAGE)).all()


def union_asked_for(application: Application) -> str:
    """The union a transfer asks for, by its name; empty where none is."""
    to_union = application.request.to_union if application.request else None
    return to_union.name if to_union else ""
