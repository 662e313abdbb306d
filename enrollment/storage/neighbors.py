"""Units without a union (未建会单位) as the rulebook matches them, and the joint unions they may join."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from enrollment.rules import statute
from enrollment.rules.applications import UNDER_WAY, State
from enrollment.rules.candidates import Candidate
from enrollment.rules.founding import OWN_COMMITTEE
from enrollment.rules.kinds import JOINT, KINDS
from enrollment.rules.places import Place
from enrollment.rules.regions import county_of
from enrollment.rules.stages import FoundingStep
from enrollment.storage.applications import Application, FoundingUnit
from enrollment.storage.headcounts import workers_on
from enrollment.storage.unions import Coverage, Employer, Union


@dataclass(frozen=True, slots=True)
class JointUnion:
    """A joint union a depot may join, and how many units it covers now."""

    code: str
    name: str
    units: int


def covered(on: date) -> ColumnElement[bool]:
    """The condition that an employer belongs to a union now (BUILD-7)."""
    current = or_(Coverage.until_on.is_(None), Coverage.until_on > on)
    return exists().where(Coverage.employer_id == Employer.id, current)


def is_there(on: date) -> ColumnElement[bool]:
    """The condition that an employer has not closed by the day."""
    return or_(Employer.closed_on.is_(None), Employer.closed_on > on)


def without_union(on: date) -> ColumnElement[bool]:
    """The condition that an employer is there and no union covers it now (未建会)."""
    return and_(is_there(on), ~covered(on))


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
    """Of ``units`` those free to stand together: no union covers them and they need not form their own (BUILD-1).

    Who has agreed to a founding whose request is sent is not free (BUILD-7).
    """
    free = (without_union(on), ~Employer.id.in_(bound_by_foundings()))
    return units(on).where(*free, workers_on(on).between(1, statute.MUST_FORM_MEMBERS - 1))


def bound_by_foundings() -> Select[int | None]:
    """Ids of employers that have agreed in a founding under way; a request that was never sent binds nobody."""
    return (
        select(FoundingUnit.employer_id)
        .join(Application)
        .where(
            FoundingUnit.employer_id.is_not(None),
            FoundingUnit.answer == FoundingStep.AGREED,
            Application.state.in_(UNDER_WAY),
            Application.state != State.GATHERING,
        )
    )


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


def known_employer(
    session: Session, *, credit_code: str, name: str, county: str, filing_number: str = ""
) -> Employer | None:
    """The employer of the county our lists know by its credit code, else filing number, else name; each may be empty.

    Another credit code than the one told is another legal unit, whatever its name (BUILD-5).
    """
    here = select(Employer).where(Employer.county_code == county).order_by(Employer.id)
    if credit_code:
        here = here.where(or_(Employer.credit_code.is_(None), Employer.credit_code == credit_code))
    ways = (
        (credit_code, here.where(Employer.credit_code == credit_code)),
        (filing_number, here.where(Employer.filing_number == filing_number)),
        (name, here.where(Employer.name == name)),
    )
    found = (session.scalars(which).first() for told, which in ways if told)
    return next((employer for employer in found if employer), None)


def is_listed_elsewhere(session: Session, credit_code: str | None, county: str) -> bool:
    """Whether the credit code is that of an employer of another county: only that county founds with it."""
    other = select(Employer.id).where(Employer.credit_code == credit_code, Employer.county_code != county)
    return bool(credit_code) and session.scalar(other) is not None


def is_bound(session: Session, employer_id: int, way: str, on: date) -> bool:
    """Whether a union covers the employer and keeps it from this way of founding.

    Who shares a union with others may form its own and leave with the approval (BUILD-7).
    """
    if session.scalar(select(Employer.id).where(Employer.id == employer_id, covered(on))) is None:
        return False
    kind = select(Union.kind).join(Coverage, Coverage.union_id == Union.id)
    held = session.scalar(kind.where(Coverage.employer_id == employer_id, Coverage.until_on.is_(None)))
    return not (way == OWN_COMMITTEE and held is not None and KINDS[held].may_cover_several)


def joint_unions(session: Session, region: str, on: date) -> tuple[JointUnion, ...]:
    """The active joint unions of the county of ``region``, those of the township itself first."""
    units = (
        select(func.count(Coverage.id))
        .where(
            Coverage.union_id == Union.id,
            Coverage.from_on <= on,
            or_(Coverage.until_on.is_(None), Coverage.until_on > on),
        )
        .scalar_subquery()
    )
    found = (
        select(Union.code, Union.name, units)
        .where(joint_union_of(county_of(region), on))
        .order_by(Union.region_code != region, Union.name)
    )
    return tuple(JointUnion(*row) for row in session.execute(found))


def joint_union_of(county: str, on: date) -> ColumnElement[bool]:
    """The condition that a union is a joint union of the county, active on ``on``."""
    standing = or_(Union.dissolved_on.is_(None), Union.dissolved_on > on)
    return (Union.kind == JOINT.code) & (Union.county_code == county) & (Union.founded_on <= on) & standing
