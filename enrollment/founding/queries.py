"""Public look-ups: what the law offers a depot, joint unions near it, neighbors without a union, an invitation.

Names of units and their size only, hence no territory; an invitation or a founding only by its secret link.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from enrollment.rules import founding
from enrollment.rules.applications import State
from enrollment.rules.candidates import Candidate, Reason
from enrollment.rules.matching import neighbors_of
from enrollment.rules.places import Place
from enrollment.rules.regions import county_of
from enrollment.rules.stages import FoundingStep
from enrollment.storage.applications import Application, ApplicationAct, FoundingUnit, sent_before
from enrollment.storage.database import db
from enrollment.storage.neighbors import JointUnion, as_candidate, joint_unions, known_employer, small_uncovered
from enrollment.storage.procedures import Founding, founding_where
from enrollment.storage.unions import Employer

NEIGHBORS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A unit without a union, with its workers by the latest survey, and why it fits if the head's depot is known."""

    code: str
    name: str
    region_code: str
    workers: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Offers:
    """The answer to a head: must or may, the ways in order, and the joint unions of the county if it is known."""

    must_form: bool
    members: int
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
    unions = joint_unions(db.session(), region, on) if region else ()
    ways = founding.choices(unit, on, joint_union_here=bool(unions) or not region)
    return Offers(unit.must_form, unit.members, unit.eligible_candidates, ways, unions)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which neighbors are looked for: around whom (names and numbers as told), by part of a ``name``, what is picked.

    ``credit_code`` is in normal form or empty.
    """

    region: str
    own_name: str = ""
    credit_code: str = ""
    name: str = ""
    picked: Collection[str] = ()


def neighbors(sought: Sought, on: date) -> list[Neighbor]:
    """Units of the county that no union covers and that need not form their own, at most 30.

    Picked ones first, then by the rule of matching around the head's depot when our lists know it, else those of the
    township and the rest by name. A name narrows the list, except for the picked.
    """
    is_picked = Employer.code.in_(sought.picked)
    found = small_uncovered(on).where(
        Employer.county_code == county_of(sought.region),
        Employer.name != sought.own_name,
        or_(is_picked, Employer.name.icontains(sought.name, autoescape=True)),
    )
    own = _own_depot(sought)
    if own:
        return _ranked(own, [as_candidate(row) for row in db.session.execute(found)], sought.picked)
    by_name = found.order_by(is_picked.desc(), Employer.region_code != sought.region, Employer.name, Employer.id)
    return [
        Neighbor(row.code, row.name, row.region_code, row.workers)
        for row in db.session.execute(by_name.limit(NEIGHBORS_SHOWN))
    ]


def _own_depot(sought: Sought) -> Candidate | None:
    """The head's depot as our lists know it, at the township told; how many work there does not matter here."""
    county = county_of(sought.region)
    own = known_employer(db.session(), credit_code=sought.credit_code, name=sought.own_name, county=county)
    if own is None:
        return None
    place = Place(sought.region, own.latitude, own.longitude)
    return Candidate(
        code=own.code, name=own.name, county=county, place=place, group=own.group, workers=0, brand=own.brand or ""
    )


def _ranked(own: Candidate, candidates: Sequence[Candidate], picked: Collection[str]) -> list[Neighbor]:
    first = [unit for unit in candidates if unit.code in picked]
    rest = [unit for unit in candidates if unit.code not in picked]
    near = (*neighbors_of(own, first, most=NEIGHBORS_SHOWN), *neighbors_of(own, rest, most=NEIGHBORS_SHOWN))
    return [
        Neighbor(it.unit.code, it.unit.name, it.unit.place.region, it.unit.workers, it.reasons)
        for it in near[:NEIGHBORS_SHOWN]
    ]


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


def still_open(unit: FoundingUnit) -> bool:
    """Whether the invited unit can still answer: until the request is sent or the others go on without it (BUILD-4)."""
    if unit.answer == FoundingStep.LEFT_OUT:
        return False
    approved = select(ApplicationAct.id).where(
        ApplicationAct.application_id == unit.application_id, ApplicationAct.step == FoundingStep.GROUP_APPROVED
    )
    waiting = unit.application.state in (State.GATHERING, State.RETURNED)
    return waiting and db.session.scalars(approved.limit(1)).first() is None


def founding_behind(link: str) -> Founding | None:
    """The founding behind the group's link."""
    return founding_where(db.session(), Application.link == link)
