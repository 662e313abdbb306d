"""Public look-ups: what the law offers a depot, joint unions near it, neighbors without a union, an invitation.

Names of units and their size only, no personal data, hence no territory.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, or_, select
from sqlalchemy.orm import joinedload

from enrollment.rules import founding, kinds, statute
from enrollment.rules.regions import county_of
from enrollment.storage.applications import Application, FoundingUnit, sent_before
from enrollment.storage.database import db
from enrollment.storage.unions import Coverage, Employer, Headcount, Union

NEIGHBORS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class JointUnion:
    """A joint union a depot may join, and how many units it covers now."""

    code: str
    name: str
    units: int


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A unit without a union, with its workers by the latest survey."""

    code: str
    name: str
    region_code: str
    workers: int


@dataclass(frozen=True, slots=True)
class Offers:
    """The answer to a head: must or may, the ways in order, and the joint unions of the county if it is known."""

    must_form: bool
    candidates: int
    ways: tuple[founding.Choice, ...]
    unions: tuple[JointUnion, ...]

    @property
    def any_open(self) -> bool:
        return any(choice.way.possible for choice in self.ways)

    def is_open(self, way: str | None) -> bool:
        """Whether this one of the ways is open."""
        return any(choice.code == way and choice.way.possible for choice in self.ways)


def offers(unit: founding.Unit, region: str, on: date) -> Offers:
    """What the law leaves open to the unit. Without a township every county may still have a joint union."""
    unions = joint_unions(region, on) if region else ()
    ways = founding.choices(unit, on, joint_union_here=bool(unions) or not region)
    return Offers(unit.must_form, unit.eligible_candidates, ways, unions)


def joint_unions(region: str, on: date) -> tuple[JointUnion, ...]:
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
    return tuple(JointUnion(*row) for row in db.session.execute(found))


def joint_union_of(county: str, on: date) -> ColumnElement[bool]:
    """The condition that a union is a joint union of the county, active on ``on``."""
    standing = or_(Union.dissolved_on.is_(None), Union.dissolved_on > on)
    return (Union.kind == kinds.JOINT.code) & (Union.county_code == county) & (Union.founded_on <= on) & standing


def neighbors(region: str, on: date, *, name: str, own_name: str, picked: Collection[str]) -> list[Neighbor]:
    """Units of the county that no union covers and that need not form their own, at most 30.

    Picked ones first, then those of the township, then the rest. ``name`` narrows the list, except for the picked.
    """
    workers = workers_on(on)
    is_picked = Employer.code.in_(picked)
    found = (
        select(Employer.code, Employer.name, Employer.region_code, workers)
        .where(
            Employer.county_code == county_of(region),
            Employer.name != own_name,
            ~covered(on),
            workers.between(1, statute.MUST_FORM_MEMBERS - 1),
            or_(is_picked, Employer.name.icontains(name, autoescape=True)),
        )
        .order_by(is_picked.desc(), Employer.region_code != region, Employer.name, Employer.id)
    )
    return [Neighbor(*row) for row in db.session.execute(found.limit(NEIGHBORS_SHOWN))]


def covered(on: date) -> ColumnElement[bool]:
    """The condition that an employer belongs to a union now (BUILD-7)."""
    current = or_(Coverage.until_on.is_(None), Coverage.until_on > on)
    return exists().where(Coverage.employer_id == Employer.id, current)


def workers_on(on: date) -> ScalarSelect[int]:
    """An employer's workers by the latest survey up to ``on``; NULL where there was none."""
    return (
        select(Headcount.workers)
        .where(Headcount.employer_id == Employer.id, Headcount.surveyed_on <= on)
        .order_by(Headcount.surveyed_on.desc())
        .limit(1)
        .scalar_subquery()
    )


def application_sent(submission_key: str) -> Application | None:
    """The application a form with this key has made."""
    return sent_before(db.session(), submission_key)


def invitation(link: str) -> FoundingUnit | None:
    """The invited unit behind a link with its application and all units; None for the asking unit itself."""
    whole = joinedload(FoundingUnit.application)
    found = (
        select(FoundingUnit)
        .where(FoundingUnit.link == link)
        .options(whole.joinedload(Application.founding), whole.selectinload(Application.units))
    )
    unit = db.session.scalars(found).one_or_none()
    return unit if unit and unit is not unit.application.units[0] else None
