"""Likely duplicates of who applies, among people and among other applications, to be seen side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Label, and_, case, or_, select

from enrollment.rules.applications import State
from enrollment.rules.likeness import Same, Traits, alike, near_births
from enrollment.rules.regions import Territory, county_of
from enrollment.storage.applications import Application, JoinDetails
from enrollment.storage.database import db
from enrollment.storage.ledger import Membership, has_counted
from enrollment.storage.people import Person
from enrollment.storage.unions import Employer, Union
from enrollment.web.clock import day_of
from enrollment.web.lists import Chosen, Found

MOST = 6
"""As many as a screen holds side by side."""

_CANDIDATES = 500
_SURE = frozenset({Same.IDENTITY, Same.PHONE, Same.NAME_AND_BIRTH})


@dataclass(frozen=True, slots=True)
class Column:
    """One record of the table. ``code`` opens a person, ``number`` an application; ``state``: standing or state.

    Of another county, or union, nothing is told but what it has in common (``same``).
    """

    same: tuple[Same, ...] = ()
    differs: frozenset[str] = frozenset()
    own: bool = True
    name: str = ""
    identity_masked: str = ""
    phone_masked: str = ""
    born_on: date | None = None
    employer: str = ""
    union: str = ""
    state: str = ""
    on: date | None = None
    code: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The application, its likenesses (the gravest first), and how many more there are than are shown."""

    this: Column
    others: list[Column]
    more: int


def side_by_side(territory: Territory, application: Application) -> SideBySide | None:
    """An application to join beside everybody who may be the same person; None where no worker applies."""
    join = application.join
    if join is None or application.dropped_on:
        return None
    this = Column(
        name=join.name,
        identity_masked=join.identity_masked,
        phone_masked=join.phone_masked,
        born_on=join.born_on,
        employer=join.employer_name,
        union=application.union.name if application.union else "",
        state=application.state,
        on=_day(application.submitted_at),
    )
    made_by = join.identity_match if application.state == State.APPROVED else None  # the member it made is no likeness
    people = (_person(territory, row) for row in _found(_people(made_by), Person, join))
    others = (_other(territory, row) for row in _found(_applications(join), JoinDetails, join))
    found = [
        _beside(this, column, same)
        for column, traits in (*people, *others)
        if (same := alike(_traits(join), traits)) and (column.own or _SURE.intersection(same))
    ]
    found.sort(key=lambda column: list(Same).index(column.same[0]))
    return SideBySide(this, found[:MOST], max(0, len(found) - MOST))


def _beside(this: Column, column: Column, same: tuple[Same, ...]) -> Column:
    if not column.own:
        return Column(same, own=False)
    numbers = {"identity_masked": Same.IDENTITY, "phone_masked": Same.PHONE}
    differs = {name for name, shared in numbers.items() if shared not in same}
    differs |= {
        name for name in ("name", "born_on", "employer", "union") if getattr(column, name) != getattr(this, name)
    }
    fields = {name: getattr(column, name) for name in Column.__slots__}
    return Column(**fields | {"same": same, "differs": frozenset(differs)})


def _found(columns: Chosen, table: type[Person | JoinDetails], join: JoinDetails) -> Iterator[Found]:
    """The rows that may be alike, by indexed columns; what is sure comes before the limit is reached."""
    numbers = or_(table.identity_match == join.identity_match, table.phone_match == join.phone_match)
    begins, ends = (
        table.name.startswith(join.name[0], autoescape=True),
        table.name.endswith(join.name[-1], autoescape=True),
    )
    near_name = and_(table.born_on == join.born_on, or_(begins, ends))
    near_birth = and_(table.name == join.name, table.born_on.in_(near_births(join.born_on)))
    found = columns.where(or_(numbers, near_name, near_birth)).add_columns(*_of(table))
    yield from db.session.execute(found.order_by(case((numbers, 0), else_=1), table.name).limit(_CANDIDATES))


def _of(table: type[Person | JoinDetails]) -> list[Label[Any] | ColumnElement[Any]]:
    """The columns both have; never the sealed numbers, which would be opened one by one."""
    names = ("name", "born_on", "identity_match", "phone_match", "identity_masked", "phone_masked")
    return [getattr(table, name).label(name) for name in names]


def _people(made_by: bytes | None) -> Chosen:
    current = and_(Membership.person_id == Person.id, Membership.until_on.is_(None))
    columns = (
        Person.code,
        Person.work_region,
        Employer.name.label("employer"),
        Union.name.label("union_name"),
        Union.county_code,
        Union.id.label("union_id"),
        Membership.from_on,
    )
    found: Chosen = select(*columns).select_from(Person).where(has_counted())
    found = found.outerjoin(Employer, Employer.id == Person.employer_id)
    found = found.outerjoin(Membership, current).outerjoin(Union, Union.id == Membership.union_id)
    return found.where(Person.identity_match != made_by) if made_by else found


def _applications(join: JoinDetails) -> Chosen:
    columns = (
        Application.number,
        Application.state,
        Application.submitted_at,
        Application.county_code,
        Application.union_id,
        JoinDetails.employer_name.label("employer"),
        Union.name.label("union_name"),
    )
    found: Chosen = (
        select(*columns).select_from(JoinDetails).join(Application, Application.id == JoinDetails.application_id)
    )
    found = found.outerjoin(Union, Union.id == Application.union_id)
    return found.where(JoinDetails.application_id != join.application_id)


def _person(territory: Territory, row: Found) -> tuple[Column, Traits]:
    own = _is_own(territory, row.county_code or county_of(row.work_region or ""), row.union_id)
    standing = "member" if row.county_code else "none"
    return _column(row, own=own, state=standing, on=row.from_on, code=row.code), _traits(row)


def _other(territory: Territory, row: Found) -> tuple[Column, Traits]:
    own = _is_own(territory, row.county_code, row.union_id)
    return _column(row, own=own, state=row.state, on=_day(row.submitted_at), number=row.number), _traits(row)


def _is_own(territory: Territory, county: str, union: int | None) -> bool:
    return union == territory.union if territory.union else territory.covers(county)


def _column(row: Found, **more: Any) -> Column:  # noqa: ANN401 -- the rest of the columns
    return Column(
        name=row.name,
        identity_masked=row.identity_masked,
        phone_masked=row.phone_masked,
        born_on=row.born_on,
        employer=row.employer or "",
        union=row.union_name or "",
        **more,
    )


def _traits(row: Any) -> Traits:  # noqa: ANN401 -- the details themselves, or a row with their columns
    return Traits(row.name, row.born_on, row.identity_match, row.phone_match)


def _day(at: datetime | None) -> date | None:
    return day_of(at) if at else None
