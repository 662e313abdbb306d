"""Unions of a territory on a date: one selection behind list, count and export; one union with its coverage.

Members are sums of changes per union (STAT-6), so the price goes with the unions shown, never with their members.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import aliased

from enrollment.rules.access import Scope
from enrollment.rules.coverage import must_form_own, warnings_for
from enrollment.rules.kinds import COUNTED as COUNTED_KINDS
from enrollment.rules.kinds import KINDS, POOL, Kind
from enrollment.rules.rates import Rate
from enrollment.rules.regions import Territory
from enrollment.storage.database import db
from enrollment.storage.headcounts import workers_on
from enrollment.storage.ledger import MemberChange, Membership
from enrollment.storage.origins import begun_from
from enrollment.storage.people import Person
from enrollment.storage.unions import Coverage, Employer, Union
from enrollment.web.filters import region_name
from enrollment.web.lists import FIRST, Chosen, Found, Page, Place, page_of, rows_of
from enrollment.web.wording import word_for

COUNTED = "counted"
"""The filter for the kinds that are organizations of STAT-1."""


@dataclass(frozen=True, slots=True)
class Filters:
    """``q`` is part of the name; ``kind`` a kind's code, ``counted``, or empty for all but holding pools."""

    q: str = ""
    kind: str = ""


ALL = Filters()


@dataclass(frozen=True, slots=True)
class OneUnion:
    """One union on a day, with all coverage it ever had."""

    facts: Found
    scope: Scope
    as_of: date
    covers: Sequence[Found]

    @property
    def kind(self) -> Kind:
        return KINDS[self.facts.kind]

    @property
    def in_force(self) -> list[Found]:
        """The coverage that holds on the day."""
        return [row for row in self.covers if row.from_on <= self.as_of and not _over(row.until_on, self.as_of)]

    @property
    def at_other_times(self) -> list[Found]:
        """The coverage that does not hold on the day, any more or yet."""
        return [row for row in self.covers if row not in self.in_force]

    def must_form_own(self, row: Found) -> bool:
        """BUILD-1: the unit of this row shares the union with others and has 25 members or more."""
        return self.kind.may_cover_several and must_form_own(row.members)

    @property
    def bound(self) -> bool:
        """Whether any unit must form its own."""
        return any(self.must_form_own(row) for row in self.in_force)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What needs action on the day, as codes (LAW-5)."""
        return warnings_for(self.kind, len(self.in_force)) if self.stands else ()

    @property
    def stands(self) -> bool:
        """Whether the union is active on the day."""
        return self.facts.founded_on <= self.as_of and not _over(self.facts.dissolved_on, self.as_of)

    @property
    def rate(self) -> Rate:
        """STAT-9: members per workers of the units covered on the day, as last surveyed by then."""
        return Rate(self.facts.members, sum(row.workers or 0 for row in self.in_force), self.as_of)


def unions(territory: Territory, as_of: date, filters: Filters = ALL, place: Place = FIRST) -> Page:
    """A page of the unions that are active on ``as_of``, by name."""
    total = number_of_unions(territory, as_of, filters)
    return page_of(_chosen(territory, as_of, filters), (Union.name, Union.id), Union.code, place, total)


def number_of_unions(territory: Territory, as_of: date, filters: Filters = ALL) -> int:
    """How many ``unions`` there are in all."""
    return db.session.scalar(_chosen(territory, as_of, filters).with_only_columns(func.count())) or 0


def export_rows(
    territory: Territory, as_of: date, filters: Filters = ALL
) -> tuple[list[str], Iterator[tuple[object, ...]]]:
    """Headings, and the rows of ``unions`` one after the other as they are read."""
    header = [
        _("Name of the union"),
        _("Kind"),
        _("County"),
        _("Members"),
        _("Units covered"),
        _("Founded on"),
        _("Approval number"),
        _("Union code"),
    ]
    statement = _chosen(territory, as_of, filters).order_by(Union.name, Union.id)
    return header, (_line_of_file(row) for row in rows_of(statement))


def one_union(code: str, as_of: date) -> OneUnion | None:
    """One union on ``as_of``, whether it stands or not; None when there is none. For the guard to let through."""
    successor = aliased(Union)
    facts = db.session.execute(
        select(
            Union.id,
            Union.code,
            Union.name,
            Union.kind,
            Union.county_code,
            Union.region_code,
            Union.group,
            Union.founded_on,
            Union.dissolved_on,
            Union.dissolved_cause,
            Union.dissolved_document,
            Union.approval_number,
            Union.approved_on,
            successor.code.label("successor_code"),
            successor.name.label("successor_name"),
            members_on(as_of).label("members"),
            *begun_from(Union),
        )
        .outerjoin(successor, successor.id == Union.merged_into_id)
        .where(Union.code == code)
    ).first()
    if facts is None:
        return None
    return OneUnion(
        facts, Scope(facts.county_code, facts.id), as_of, db.session.execute(_coverage(facts.id, as_of)).all()
    )


def members_on(as_of: date) -> ScalarSelect[int]:
    """Members of the union of the row at the end of ``as_of``."""
    changes = select(func.coalesce(func.sum(MemberChange.change), 0))
    changes = changes.where(MemberChange.union_id == Union.id, MemberChange.changed_on <= as_of)
    return changes.correlate(Union).scalar_subquery()


def members_at(as_of: date) -> ScalarSelect[int]:
    """Members who work at the employer of the row, in whatever union of the county of ``Union`` (BUILD-1)."""
    holding = aliased(Union)
    held = select(func.count()).select_from(Membership).join(Person, Person.id == Membership.person_id)
    held = held.join(holding, holding.id == Membership.union_id)
    held = held.where(Person.employer_id == Employer.id, holding.county_code == Union.county_code)
    held = held.where(Membership.from_on <= as_of, or_(Membership.until_on.is_(None), Membership.until_on > as_of))
    return held.correlate(Employer, Union).scalar_subquery()


def union_stands(as_of: date, union: type[Union] = Union) -> ColumnElement[bool]:
    """The union is active on the day."""
    return and_(union.founded_on <= as_of, or_(union.dissolved_on.is_(None), union.dissolved_on > as_of))


def coverage_holds(as_of: date) -> ColumnElement[bool]:
    """The coverage is in force on the day."""
    return and_(Coverage.from_on <= as_of, or_(Coverage.until_on.is_(None), Coverage.until_on > as_of))


def _over(ends_on: date | None, as_of: date) -> bool:
    return ends_on is not None and ends_on <= as_of


def _chosen(territory: Territory, as_of: date, filters: Filters) -> Chosen:
    """The one selection behind list, count and export."""
    units = select(func.count(Coverage.employer_id.distinct())).where(
        Coverage.union_id == Union.id, coverage_holds(as_of)
    )
    chosen = select(
        Union.code,
        Union.name,
        Union.kind,
        Union.county_code,
        Union.founded_on,
        Union.approval_number,
        members_on(as_of).label("members"),
        units.correlate(Union).scalar_subquery().label("units"),
    ).where(Union.county_code.in_(territory.counties), union_stands(as_of), _of_kind(filters.kind))
    if filters.q:
        chosen = chosen.where(Union.name.contains(filters.q, autoescape=True))
    return chosen


def _of_kind(kind: str) -> ColumnElement[bool]:
    if not kind:
        return Union.kind != POOL.code
    return Union.kind.in_(COUNTED_KINDS if kind == COUNTED else (kind,))


def _line_of_file(row: Found) -> tuple[object, ...]:
    return (
        row.name,
        word_for(row.kind, "kind"),
        region_name(row.county_code),
        row.members,
        row.units,
        row.founded_on,
        row.approval_number,
        row.code,
    )


def _coverage(union_id: int, as_of: date) -> Chosen:
    return (
        select(
            Employer.code,
            Employer.name,
            Employer.county_code,
            Coverage.from_on,
            Coverage.until_on,
            Coverage.begun_document,
            Coverage.ended_cause,
            Coverage.ended_document,
            workers_on(as_of).label("workers"),
            members_at(as_of).label("members"),
        )
        .select_from(Coverage)
        .join(Employer, Employer.id == Coverage.employer_id)
        .join(Union, Union.id == Coverage.union_id)
        .where(Coverage.union_id == union_id)
        .order_by(Coverage.from_on.desc(), Employer.name, Coverage.id)
    )
