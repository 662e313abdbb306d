"""Units without a union (未建会单位) as the rulebook matches them; for the head's form and the cadre's proposals."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, exists, or_, select
from sqlalchemy.orm import Session

from enrollment.rules import statute
from enrollment.rules.candidates import Candidate
from enrollment.rules.places import Place
from enrollment.storage.unions import Coverage, Employer, Headcount


def covered(on: date) -> ColumnElement[bool]:
    """The condition that an employer belongs to a union now (BUILD-7)."""
    current = or_(Coverage.until_on.is_(None), Coverage.until_on > on)
    return exists().where(Coverage.employer_id == Employer.id, current)


def workers_on(on: date) -> ScalarSelect[int]:
    """An employer's workers by the latest survey up to ``on`` (inclusive); NULL where there was none."""
    return (
        select(Headcount.workers)
        .where(Headcount.employer_id == Employer.id, Headcount.surveyed_on <= on)
        .order_by(Headcount.surveyed_on.desc())
        .limit(1)
        .scalar_subquery()
    )


def units(on: date) -> Select[*tuple[Any, ...]]:
    """Employers with what matching asks of them; ``workers`` is NULL for one not surveyed by the day."""
    return select(
        Employer.code,
        Employer.name,
        Employer.county_code,
        Employer.region_code,
        Employer.group,
        Employer.brand,
        Employer.latitude,
        Employer.longitude,
        workers_on(on).label("workers"),
    )


def small_uncovered(on: date) -> Select[*tuple[Any, ...]]:
    """Of ``units`` those that stand, that no union covers and that need not form their own (BUILD-1)."""
    stands = or_(Employer.closed_on.is_(None), Employer.closed_on > on)
    return units(on).where(stands, ~covered(on), workers_on(on).between(1, statute.MUST_FORM_MEMBERS - 1))


def as_candidate(row: Row[*tuple[Any, ...]]) -> Candidate:
    """A row of ``units`` as the rulebook sees it."""
    return Candidate(
        code=row.code,
        name=row.name,
        county=row.county_code,
        place=Place(row.region_code, row.latitude, row.longitude),
        group=row.group,
        workers=row.workers or 0,
        brand=row.brand or "",
    )


def known_employer(session: Session, *, credit_code: str, name: str, county: str) -> Employer | None:
    """The employer our lists know by its credit code, else by its name in the county; either may be empty."""
    by_code = select(Employer).where(Employer.credit_code == credit_code)
    by_name = select(Employer).where(Employer.name == name, Employer.county_code == county).order_by(Employer.id)
    known = session.scalars(by_code).first() if credit_code else None
    return known or (session.scalars(by_name).first() if name else None)
