"""Employers of a territory on a date: one selection behind list, count and export; one employer with its history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from enrollment.rules.access import Scope
from enrollment.rules.regions import Territory
from enrollment.storage.accounts import Account
from enrollment.storage.database import db
from enrollment.storage.headcounts import workers_on
from enrollment.storage.ledger import Membership
from enrollment.storage.neighbors import is_there
from enrollment.storage.origins import begun_from
from enrollment.storage.pairings import guidance
from enrollment.storage.people import Person
from enrollment.storage.unions import Coverage, Depot, Employer, Headcount, Union
from enrollment.storage.visits import Visit
from enrollment.unions.queries import coverage_holds, union_stands
from enrollment.web.export import as_text
from enrollment.web.filters import region_name
from enrollment.web.lists import FIRST, Chosen, Found, Page, Place, page_of, rows_of
from enrollment.web.wording import word_for


@dataclass(frozen=True, slots=True)
class Filters:
    """``q`` is part of the name; ``group`` a word of the rulebook; ``covered`` is yes, no or empty."""

    q: str = ""
    group: str = ""
    covered: str = ""


ALL = Filters()


@dataclass(frozen=True, slots=True)
class OneEmployer:
    """One employer with everything kept about it."""

    facts: Found
    scope: Scope
    as_of: date
    members: int
    depots: Sequence[Found]
    headcounts: Sequence[Found]
    coverage: Sequence[Found]
    visits: Sequence[Found]
    guided: Found | None


def employers(territory: Territory, as_of: date, filters: Filters = ALL, place: Place = FIRST) -> Page:
    """A page of the employers surveyed by ``as_of``, by name. Covered ones are there also when never surveyed.

    So that the lists behind the figures have as many rows as the figures say (STAT-3, STAT-4).
    """
    total = number_of_employers(territory, as_of, filters)
    return page_of(_chosen(territory, as_of, filters), (Employer.name, Employer.id), Employer.code, place, total)


def number_of_employers(territory: Territory, as_of: date, filters: Filters = ALL) -> int:
    """How many ``employers`` there are in all."""
    return db.session.scalar(_chosen(territory, as_of, filters).with_only_columns(func.count())) or 0


def export_rows(
    territory: Territory, as_of: date, filters: Filters = ALL
) -> tuple[list[str], Iterator[tuple[object, ...]]]:
    """Headings, and the rows of ``employers`` one after the other as they are read."""
    header = [
        _("Name of the employer"),
        _("Work"),
        _("County"),
        _("Workers"),
        _("Union"),
        _("Credit code"),
        _("Filing number"),
        _("Employer code"),
        _("Brand"),
        _("Latitude"),
        _("Longitude"),
    ]
    statement = _chosen(territory, as_of, filters).order_by(Employer.name, Employer.id)
    return header, (_line_of_file(row) for row in rows_of(statement))


def one_employer(territory: Territory, code: str, as_of: date) -> OneEmployer | None:
    """One employer, None when there is none. Members and visits are those of the territory."""
    facts = db.session.execute(
        select(
            Employer.id,
            Employer.code,
            Employer.name,
            Employer.county_code,
            Employer.region_code,
            Employer.group,
            Employer.credit_code,
            Employer.filing_number,
            Employer.brand,
            Employer.latitude.is_not(None).label("is_located"),
            Employer.closed_on,
            workers_on(as_of).label("workers"),
            *begun_from(Employer),
        ).where(Employer.code == code)
    ).first()
    if facts is None:
        return None
    return OneEmployer(
        facts=facts,
        scope=Scope(facts.county_code, employer=facts.id),
        as_of=as_of,
        members=db.session.scalar(_members(territory, facts.id, as_of)) or 0,
        depots=db.session.execute(_depots(facts.id)).all(),
        headcounts=db.session.execute(_headcounts(facts.id)).all(),
        coverage=db.session.execute(_coverage(facts.id)).all(),
        visits=db.session.execute(_visits(territory, facts.id)).all(),
        guided=db.session.execute(guidance(facts.id, as_of)).first(),
    )


def _chosen(territory: Territory, as_of: date, filters: Filters) -> Chosen:
    """The one selection behind list, count and export."""
    chosen = (
        select(
            Employer.code,
            Employer.name,
            Employer.group,
            Employer.county_code,
            Employer.credit_code,
            Employer.filing_number,
            Employer.brand,
            Employer.latitude,
            Employer.longitude,
            workers_on(as_of).label("workers"),
            Union.code.label("union_code"),
            Union.name.label("union_name"),
            Union.county_code.label("union_county"),
        )
        .select_from(Employer)
        .outerjoin(Union, Union.id == _covering(as_of).scalar_subquery())
        .where(Employer.county_code.in_(territory.counties), is_there(as_of))
    )
    if filters.q:
        chosen = chosen.where(Employer.name.contains(filters.q, autoescape=True))
    if filters.group:
        chosen = chosen.where(Employer.group == filters.group)
    if filters.covered == "yes":
        return chosen.where(Union.id.is_not(None))
    surveyed = select(Headcount.id).where(Headcount.employer_id == Employer.id, Headcount.surveyed_on <= as_of)
    chosen = chosen.where(surveyed.correlate(Employer).exists())
    return chosen.where(Union.id.is_(None)) if filters.covered == "no" else chosen


def _covering(as_of: date) -> Select[int]:
    """Id of the union that covers the employer of the row on the day (BUILD-7: at most one), the latest if two do."""
    union = aliased(Union)
    covering = select(Coverage.union_id).join(union, union.id == Coverage.union_id)
    covering = covering.where(Coverage.employer_id == Employer.id, coverage_holds(as_of), union_stands(as_of, union))
    return covering.order_by(Coverage.from_on.desc(), Coverage.id.desc()).limit(1).correlate(Employer)


def _line_of_file(row: Found) -> tuple[object, ...]:
    return (
        row.name,
        word_for(row.group, "group"),
        region_name(row.county_code),
        row.workers,
        row.union_name,
        as_text(row.credit_code),
        as_text(row.filing_number),
        row.code,
        row.brand,
        row.latitude,
        row.longitude,
    )


def _members(territory: Territory, employer_id: int, as_of: date) -> Select[int]:
    """STAT-10: persons who work there and are members on the day, wherever in the territory their union is."""
    return (
        select(func.count())
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .join(Union, Union.id == Membership.union_id)
        .where(Person.employer_id == employer_id, Union.county_code.in_(territory.counties))
        .where(Membership.from_on <= as_of, or_(Membership.until_on.is_(None), Membership.until_on > as_of))
    )


def _depots(employer_id: int) -> Chosen:
    columns = select(Depot.name, Depot.region_code, Depot.filing_number)
    return columns.where(Depot.employer_id == employer_id).order_by(Depot.name, Depot.id)


def _headcounts(employer_id: int) -> Chosen:
    """All ever recorded, newest first; ``holds``: not corrected since."""
    last = func.max(Headcount.correction).over(partition_by=Headcount.surveyed_on)
    columns = select(
        Headcount.surveyed_on,
        Headcount.workers,
        Headcount.source,
        Headcount.recorded_at,
        Account.name.label("recorded_by"),
        (Headcount.correction == last).label("holds"),
    ).outerjoin(Account, Account.id == Headcount.recorded_by)
    found = columns.where(Headcount.employer_id == employer_id)
    return found.order_by(Headcount.surveyed_on.desc(), Headcount.correction.desc())


def _coverage(employer_id: int) -> Chosen:
    columns = select(
        Union.code,
        Union.name,
        Union.county_code,
        Coverage.from_on,
        Coverage.until_on,
        Coverage.begun_document,
        Coverage.ended_cause,
        Coverage.ended_document,
    )
    covering = columns.select_from(Coverage).join(Union, Union.id == Coverage.union_id)
    return covering.where(Coverage.employer_id == employer_id).order_by(Coverage.from_on.desc(), Coverage.id.desc())


def _visits(territory: Territory, employer_id: int) -> Chosen:
    columns = select(Visit.code, Visit.kind, Visit.visited_on, Visit.place, Visit.people_met)
    visits = columns.where(Visit.employer_id == employer_id, Visit.county_code.in_(territory.counties))
    return visits.order_by(Visit.visited_on.desc(), Visit.id.desc())
