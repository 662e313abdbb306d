"""What the desk shows: the queue, one case with the rule's opinion, likely duplicates."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from enrollment.rules.applications import State
from enrollment.rules.eligibility import Answer, decide
from enrollment.rules.ledger import Entry, Standing, objections, standing_on
from enrollment.rules.regions import Territory, county_of
from enrollment.rules.requests import RequestKind, entries_of_approval
from enrollment.rules.requests import objections as request_objections
from enrollment.storage.applications import (
    Application,
    ApplicationAct,
    JoinDetails,
    RequestDetails,
)
from enrollment.storage.database import db
from enrollment.storage.ledger import Membership, has_counted, history
from enrollment.storage.people import Person
from enrollment.storage.referrals import Referral
from enrollment.storage.unions import Union
from enrollment.web.clock import BEIJING

PAGE = 50

VIEWS: dict[str, tuple[State, ...]] = {
    "waiting": (State.SUBMITTED,),
    "overdue": (State.SUBMITTED,),
    "escalated": (State.SUBMITTED,),
    "applicant": (State.RETURNED, State.GATHERING, State.PREPARING),
    "done": (State.APPROVED, State.REFUSED, State.WITHDRAWN),
    "all": tuple(State),
}
"""The views of the queue and the states each shows; overdue shows those past their day, escalated those passed up."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which cases: one object behind list, counts and export."""

    view: str = "waiting"
    kind: str = ""
    county: str = ""


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


_WHO = (
    joinedload(Application.join),
    joinedload(Application.request).joinedload(RequestDetails.person),
    selectinload(Application.units),
)
"""What names who asks."""


def _filters(territory: Territory, search: Search) -> list[ColumnElement[bool]]:
    """What list and counts have in common."""
    filters: list[ColumnElement[bool]] = [Application.county_code.in_(territory.counties)]
    if search.kind:
        filters.append(Application.kind == search.kind)
    if search.county:
        filters.append(Application.county_code == search.county)
    return filters


def _found(territory: Territory, search: Search, today: date) -> Select[Application]:
    found = select(Application).where(*_filters(territory, search), Application.state.in_(VIEWS[search.view]))
    if search.view == "escalated":
        return found.where(Application.escalated_at.is_not(None))
    return found.where(Application.due_on < today) if search.view == "overdue" else found


def cases(territory: Territory, search: Search, today: date, *, page: int = 1) -> list[Case]:
    """One page of the queue: what is due first comes first, decided ones newest first."""
    newest = search.view == "done"
    order = (Application.id.desc(),) if newest else (Application.due_on.is_(None), Application.due_on, Application.id)
    found = _found(territory, search, today).order_by(*order).limit(PAGE).offset((page - 1) * PAGE)
    rows = db.session.scalars(found.options(*_WHO))
    return [_case(row, today) for row in rows]


def first_numbers(territory: Territory, search: Search, today: date, most: int) -> list[str]:
    """Numbers of what the search finds, what is due first, no more than ``most``."""
    found = _found(territory, search, today).order_by(Application.due_on.is_(None), Application.due_on, Application.id)
    return list(db.session.scalars(found.with_only_columns(Application.number).limit(most)))


def all_cases(territory: Territory, search: Search, today: date) -> Iterator[Case]:
    """Every case of the search, oldest first, read while it is sent: nothing is asked before the first is wanted."""
    found = _found(territory, search, today).order_by(Application.id).execution_options(yield_per=500)
    rows = db.session.scalars(found.options(*_WHO))
    for row in rows:
        yield _case(row, today)


def _case(row: Application, today: date) -> Case:
    asking = row.join or (row.request.person if row.request else None)
    who = asking.name if asking else "、".join(unit.name for unit in row.units)
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
    late = func.count().filter(Application.due_on < today)
    passed_up = func.count(Application.escalated_at)
    by_state = select(Application.state, func.count(), late, passed_up).where(*_filters(territory, search))
    rows = {row[0]: row for row in db.session.execute(by_state.group_by(Application.state))}
    totals = {view: sum(rows[state][1] for state in states if state in rows) for view, states in VIEWS.items()}
    waiting = rows.get(State.SUBMITTED, (State.SUBMITTED, 0, 0, 0))
    return totals | {"overdue": waiting[2], "escalated": waiting[3]}


def case(territory: Territory, number: str) -> Application | None:
    """One application with all that its page shows; None when it is not there or not in the territory."""
    found = select(Application).where(Application.number == number, Application.county_code.in_(territory.counties))
    return db.session.scalar(
        found.options(
            joinedload(Application.join),
            joinedload(Application.request).options(
                joinedload(RequestDetails.person), joinedload(RequestDetails.to_union)
            ),
            joinedload(Application.union),
            joinedload(Application.visit),
            joinedload(Application.event),
            joinedload(Application.poster_union),
            joinedload(Application.poster_employer),
            selectinload(Application.acts).joinedload(ApplicationAct.account),
        )
    )


def opinion(application: Application, today: date) -> Answer | None:
    """The rule's opinion on a worker's answers as of ``today``."""
    return decide(application.join.as_facts(), today) if application.join else None


@dataclass(frozen=True, slots=True)
class RequestOpinion:
    """Where the person stands, what stands against the request, and what a correction would change."""

    standing: Standing
    union_name: str
    reasons: tuple[str, ...]
    changes: dict[str, str]


def request_opinion(application: Application, today: date) -> RequestOpinion | None:
    """The rule's opinion on a member's request as of ``today``."""
    details = application.request
    if details is None:
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
        json.loads(details.told or "{}"),
    )


def referrals(territory: Territory, *, page: int = 1) -> Sequence[Referral]:
    """Who was referred to the Corps, newest first (ROUTE-10): no names, a number to ask after."""
    found = select(Referral).where(Referral.county_code.in_(territory.counties)).order_by(Referral.id.desc())
    return db.session.scalars(found.limit(PAGE).offset((page - 1) * PAGE)).all()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Somebody who may be the same person, and by what (``identity``, ``phone``, ``name_and_birth``).

    Of another county only ``by`` and ``standing`` are told, everything else is empty.
    """

    by: str
    standing: str
    name: str = ""
    identity_masked: str = ""
    phone_masked: str = ""
    code: str = ""
    number: str = ""


def likenesses(territory: Territory, application: Application) -> list[Likeness]:
    """Likely duplicates of a worker among people and among other applications."""
    join = application.join
    if join is None:
        return []
    made_by = join.identity_match if application.state == State.APPROVED else None  # the member it made is no likeness
    return [*_people_like(territory, join, made_by), *_applications_like(territory, join)]


def _alike(model: type[Person | JoinDetails], join: JoinDetails) -> ColumnElement[bool]:
    return or_(
        model.identity_match == join.identity_match,
        model.phone_match == join.phone_match,
        and_(model.name == join.name, model.born_on == join.born_on),
    )


def _by(row: Person | JoinDetails, join: JoinDetails) -> str:
    if row.identity_match == join.identity_match:
        return "identity"
    return "phone" if row.phone_match == join.phone_match else "name_and_birth"


def _people_like(territory: Territory, join: JoinDetails, made_by: bytes | None) -> Iterator[Likeness]:
    current = and_(Membership.person_id == Person.id, Membership.until_on.is_(None))
    found = select(Person, Union.county_code).outerjoin(Membership, current).outerjoin(Union)
    alike = and_(_alike(Person, join), Person.identity_match != made_by) if made_by else _alike(Person, join)
    for person, county in db.session.execute(found.where(alike, has_counted()).order_by(Person.id).limit(PAGE)):
        standing = "member" if county else "none"
        own = territory.covers(county or county_of(person.work_region or ""))
        who = (person.name, person.identity_masked, person.phone_masked, person.code) if own else ()
        yield Likeness(_by(person, join), standing, *who)


def _applications_like(territory: Territory, join: JoinDetails) -> Iterator[Likeness]:
    found = select(JoinDetails, Application).join(Application).where(Application.id != join.application_id)
    for other, row in db.session.execute(found.where(_alike(JoinDetails, join)).order_by(Application.id).limit(PAGE)):
        own = territory.covers(row.county_code)
        who = (other.name, other.identity_masked, other.phone_masked, "", row.number) if own else ()
        yield Likeness(_by(other, join), row.state, *who)


def union_asked_for(application: Application) -> str:
    """The union a transfer asks for, by its name; empty where none is."""
    to_union = application.request.to_union if application.request else None
    return to_union.name if to_union else ""
