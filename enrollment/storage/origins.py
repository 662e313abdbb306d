"""Where an application was begun (来源): a poster of a union, an employer, a visit or an event, by its short code."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Label, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from enrollment.rules.access import Scope
from enrollment.rules.applications import State
from enrollment.storage.applications import Application
from enrollment.storage.events import Event
from enrollment.storage.unions import Coverage, Employer, Union
from enrollment.storage.visits import Visit

UNION, EMPLOYER, VISIT, EVENT = "u", "e", "v", "m"
"""First part of a short link, and of ``via`` in an address: ``/e/AB12CD34`` travels as ``via=e-AB12CD34``."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a short code stands for, and what it already answers of the guide. ``column``: in ``applications``."""

    letter: str
    code: str
    row_id: int
    column: str
    name: str
    county_code: str
    region_code: str
    group: str | None = None
    employer_name: str = ""

    @property
    def scope(self) -> Scope:
        """Where it belongs; a union's and an employer's own people may hang up its poster."""
        own = {UNION: "union", EMPLOYER: "employer"}
        return Scope(self.county_code, **({own[self.letter]: self.row_id} if self.letter in own else {}))

    @property
    def via(self) -> str:
        """The short code as it travels in an address."""
        return f"{self.letter}-{self.code}"


def origin(session: Session, via: str) -> Origin | None:
    """The origin behind ``via``; None for none or one that does not exist (any more)."""
    letter, _, code = via.partition("-")
    finder = _FINDERS.get(letter)
    return finder(session, code) if finder and code else None


def begun_from(table: type[Union | Employer | Visit | Event]) -> tuple[Label[int], Label[int]]:
    """Columns ``started`` and ``approved``: the applications begun from the poster of the row, whatever their place.

    They belong into a selection of ``table`` and cost no statement of their own.
    """
    of_this = _BEGUN[table] == table.id
    started = select(func.count()).select_from(Application).where(of_this).correlate(table)
    approved = started.where(Application.state == State.APPROVED)
    return started.scalar_subquery().label("started"), approved.scalar_subquery().label("approved")


def _union(session: Session, code: str) -> Origin | None:
    row = session.scalar(select(Union).where(Union.code == code, Union.dissolved_on.is_(None)))
    if row is None:
        return None
    covered = select(Employer.name).join(Coverage).where(Coverage.union_id == row.id, Coverage.until_on.is_(None))
    names = list(session.scalars(covered.limit(2)))
    only = names[0] if len(names) == 1 else ""
    return Origin(UNION, code, row.id, "poster_union_id", row.name, row.county_code, row.region_code, row.group, only)


def _employer(session: Session, code: str) -> Origin | None:
    row = session.scalar(select(Employer).where(Employer.code == code))
    if row is None:
        return None
    return Origin(
        EMPLOYER, code, row.id, "poster_employer_id", row.name, row.county_code, row.region_code, row.group, row.name
    )


def _visit(session: Session, code: str) -> Origin | None:
    row = session.scalar(select(Visit).where(Visit.code == code))
    return None if row is None else Origin(VISIT, code, row.id, "visit_id", row.place, row.county_code, row.region_code)


def _event(session: Session, code: str) -> Origin | None:
    row = session.scalar(select(Event).where(Event.code == code))
    return None if row is None else Origin(EVENT, code, row.id, "event_id", row.name, row.county_code, row.region_code)


_FINDERS: dict[str, Callable[[Session, str], Origin | None]] = {
    UNION: _union,
    EMPLOYER: _employer,
    VISIT: _visit,
    EVENT: _event,
}

_BEGUN: dict[type[Union | Employer | Visit | Event], InstrumentedAttribute[int | None]] = {
    Union: Application.poster_union_id,
    Employer: Application.poster_employer_id,
    Visit: Application.visit_id,
    Event: Application.event_id,
}
