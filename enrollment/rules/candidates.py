"""Who can stand together (可联合的单位): small units, the joint unions there are, and what speaks for both."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from enrollment.rules import statute
from enrollment.rules.places import Place, rounded
from enrollment.rules.regions import COUNTIES, REGIONS, ZONES, is_bingtuan


class Why(StrEnum):
    """What speaks for it, in the order it is said."""

    EXISTING_UNION = "existing_union"
    SAME_PARK = "same_park"
    SAME_TOWNSHIP = "same_township"
    NEAREST_TOWNSHIP = "nearest_township"
    DISTANCE = "distance"
    SAME_BRAND = "same_brand"
    SAME_TRADE = "same_trade"
    WORKERS = "workers"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason with what it is about: the ``name`` of a union or a brand, the code of a trade, or ``numbers``.

    The number of a distance is in meters, to 100; those of workers are of each unit, in the order of the units.
    """

    why: Why
    name: str = ""
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A legal unit without a union. ``county`` is its approving node; ``group`` its trade; ``brand`` may be empty."""

    code: str
    name: str
    county: str
    place: Place
    group: str
    workers: int
    brand: str = ""

    @property
    def is_small(self) -> bool:
        """BUILD-1, LAW-5: not bound to form its own; in a county or zone, and not on ground of the Corps (ROUTE-10)."""
        approved_somewhere = self.county in COUNTIES or self.county in ZONES
        few = 1 <= self.workers < statute.MUST_FORM_MEMBERS
        return approved_somewhere and few and not is_bingtuan(self.place.region)

    @property
    def order(self) -> tuple[str, bool, str, int, str]:
        """Where no place decides: the same trade, the same brand, the larger; the code tells all apart."""
        return self.group, not self.brand, self.brand, -self.workers, self.code

    def is_distinct_from(self, other: "Candidate") -> bool:
        """BUILD-4, BUILD-5: another legal unit, not the same enterprise entered again."""
        return self.code != other.code and self.name.strip() != other.name.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class JointUnion:
    """A joint union that stands. ``group`` is the trade it takes in, None for all trades.

    ``places``: its own and those of the units it covers.
    """

    code: str
    name: str
    county: str
    group: str | None
    places: tuple[Place, ...]

    def is_in(self, locality: str) -> bool:
        """Whether it stands or covers a unit there."""
        return bool(locality) and any(place.locality == locality for place in self.places)


def meters_between(one: Place, other: Place) -> float:
    """Meters, infinite where one of the places is not known so closely."""
    here, there = one.point, other.point
    return math.dist(here, there) if here and there else math.inf


def unlike(one: Candidate, other: Candidate) -> tuple[bool, bool]:
    """Whether they differ in brand, and in trade: sorts what is alike first."""
    return not one.brand or one.brand != other.brand, one.group != other.group


def shared(units: Sequence[Candidate]) -> tuple[Reason, ...]:
    """What speaks for these units together, but for their size. Of distances the longest between two of them."""
    localities = {unit.place.locality for unit in units}
    apart = max(meters_between(one.place, other.place) for one in units for other in units)
    brand = _same(Why.SAME_BRAND, {unit.brand for unit in units})
    trade = _same(Why.SAME_TRADE, {unit.group for unit in units})
    return (*locality_of(*localities), *distance_of(apart), *brand, *trade)


def _same(why: Why, names: set[str]) -> tuple[Reason, ...]:
    return tuple(Reason(why, name) for name in names if name) if len(names) == 1 else ()


def locality_of(*codes: str) -> tuple[Reason, ...]:
    """The same park or the same township; nothing for several, or where it is not known."""
    if len(codes) > 1 or not codes[0]:
        return ()
    return (Reason(Why.SAME_PARK if REGIONS[codes[0]].is_park else Why.SAME_TOWNSHIP),)


def distance_of(meters: float) -> tuple[Reason, ...]:
    """The distance where it is known."""
    return (Reason(Why.DISTANCE, numbers=(rounded(meters),)),) if math.isfinite(meters) else ()


def workers_of(units: Sequence[Candidate]) -> Reason:
    """The workers of each."""
    return Reason(Why.WORKERS, numbers=tuple(unit.workers for unit in units))
