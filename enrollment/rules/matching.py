"""Neighbor matching (就近联合建会), BUILD-4: which small units without a union can stand together, and why.

Nothing merges by a proposal: each unit consents for itself. The order is fixed: a joint union nearby, the same park or
township, distance, brand and trade, and where all that is equal the larger unit, then the code. So the same facts make
the same proposals, in whatever order they come.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from enrollment.rules import statute
from enrollment.rules.candidates import (
    Candidate,
    JointUnion,
    Reason,
    Why,
    distance_of,
    locality_of,
    meters_between,
    shared,
    unlike,
    workers_of,
)
from enrollment.rules.grouping import grouped
from enrollment.rules.places import Nearby, Place, rounded

NEAR_METERS = 5_000
"""Local practice, not law: a joint union of another township is nearby when it, or a unit of it, lies within."""

UNITS_AT_A_TIME = 10
"""Local practice, not law: how many units one proposal to join a joint union names. The law knows no cap."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Units of one county that can join ``union``, or form one together where it is None."""

    units: tuple[Candidate, ...]
    union: JointUnion | None
    reasons: tuple[Reason, ...]

    @property
    def county(self) -> str:
        return self.units[0].county

    @property
    def workers(self) -> int:
        return sum(unit.workers for unit in self.units)


@dataclass(frozen=True, slots=True)
class NearUnion:
    """A joint union that one unit can join, and why."""

    union: JointUnion
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A unit that another can form a joint union with, and why; its size is not among the reasons."""

    unit: Candidate
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class OwnProposal:
    """The best for one unit: joint unions nearby to join, then neighbors to form one with, each in order."""

    unions: tuple[NearUnion, ...]
    neighbors: tuple[Neighbor, ...]


def proposals(candidates: Iterable[Candidate], unions: Iterable[JointUnion]) -> tuple[Proposal, ...]:
    """Each small unit in at most one proposal; counties in the order of their codes, in each those to join first.

    A proposal without a union has two or more distinct legal units of one county (BUILD-4). An enterprise entered more
    than once counts together, and from 25 workers is proposed nothing (BUILD-1, BUILD-5).
    """
    small: defaultdict[str, list[Candidate]] = defaultdict(list)
    for unit in sorted(_not_bound(candidates), key=lambda unit: unit.order):
        small[unit.county].append(unit)
    known: defaultdict[str, list[JointUnion]] = defaultdict(list)
    for union in unions:
        known[union.county].append(union)
    return tuple(proposal for county in sorted(small) for proposal in _of_county(small[county], known[county]))


def proposal_for(
    unit: Candidate, candidates: Iterable[Candidate], unions: Iterable[JointUnion], *, most: int
) -> OwnProposal:
    """The joint unions near ``unit`` and at most ``most`` of the small units of its county, the best first.

    Nothing for a unit that is not small: it forms its own union (BUILD-1).
    """
    if not unit.is_small:
        return OwnProposal((), ())
    near = sorted(_unions_near(unit, unions), key=lambda ranked: ranked[0])
    return OwnProposal(tuple(found for _rank_of_it, found in near), neighbors_of(unit, candidates, most=most))


def neighbors_of(unit: Candidate, candidates: Iterable[Candidate], *, most: int) -> tuple[Neighbor, ...]:
    """At most ``most`` small units of the county of ``unit``, whatever its own size: the best first."""
    others = (o for o in candidates if o.is_small and o.county == unit.county and unit.is_distinct_from(o))
    beside = heapq.nsmallest(most, others, key=lambda other: _rank(unit, other))
    return tuple(Neighbor(other, shared((unit, other))) for other in beside)


def _not_bound(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Small units, without those that together with a namesake of the county are bound to form their own (BUILD-5)."""
    found = list(candidates)
    together: defaultdict[tuple[str, str], int] = defaultdict(int)
    for unit in found:
        together[unit.county, unit.name.strip()] += unit.workers
    most = statute.MUST_FORM_MEMBERS - 1
    return [unit for unit in found if unit.is_small and together[unit.county, unit.name.strip()] <= most]


def _of_county(units: Sequence[Candidate], unions: Sequence[JointUnion]) -> Iterator[Proposal]:
    register = _Register(unions)
    joining: defaultdict[tuple[str, str], list[tuple[float, Candidate]]] = defaultdict(list)
    left = []
    for unit in units:
        if near := register.nearest(unit):
            joining[near[1].code, unit.place.locality].append((near[0], unit))
        else:
            left.append(unit)
    by_code = {union.code: union for union in unions}
    for (code, _locality), found in sorted(joining.items(), key=lambda item: item[0]):
        yield from _to_join(by_code[code], found)
    for group in grouped(left):
        yield Proposal(tuple(group), None, _why_together(group))


def _to_join(union: JointUnion, found: list[tuple[float, Candidate]]) -> Iterator[Proposal]:
    """Units of one locality near the union, the nearest first, some at a time."""
    found.sort(key=lambda each: (each[0], each[1].order))
    for start in range(0, len(found), UNITS_AT_A_TIME):
        part = found[start : start + UNITS_AT_A_TIME]
        units = tuple(unit for _meters, unit in part)
        farthest = part[-1][0]
        yield Proposal(units, union, (*_why_to_join(union, units[0], farthest), workers_of(units)))


def _why_to_join(union: JointUnion, unit: Candidate, meters: float) -> tuple[Reason, ...]:
    """``meters`` to what is nearest of the union, infinite where that is not known."""
    here = locality_of(unit.place.locality) if union.is_in(unit.place.locality) else ()
    trade = (Reason(Why.SAME_TRADE, union.group),) if union.group else ()
    return (Reason(Why.EXISTING_UNION, union.name), *here, *distance_of(meters), *trade)


def _why_together(group: Sequence[Candidate]) -> tuple[Reason, ...]:
    localities = {unit.place.locality for unit in group}
    apart = (Reason(Why.NEAREST_TOWNSHIP),) if len(localities) > 1 and "" not in localities else ()
    return (*apart, *shared(group), workers_of(group))


def _unions_near(
    unit: Candidate, unions: Iterable[JointUnion]
) -> Iterator[tuple[tuple[bool, float, bool, str], NearUnion]]:
    for union in unions:
        near = _Register([union]).nearest(unit) if union.county == unit.county else None
        if near:
            rank = (not union.is_in(unit.place.locality), _step(near[0]), union.group is None, union.code)
            yield rank, NearUnion(union, _why_to_join(union, unit, near[0]))


def _rank(unit: Candidate, other: Candidate) -> tuple[bool, float, bool, bool, str, str]:
    elsewhere = not unit.place.locality or unit.place.locality != other.place.locality
    step = _step(meters_between(unit.place, other.place))
    return elsewhere, step, *unlike(unit, other), other.name, other.code


def _step(meters: float) -> float:
    return rounded(meters) if math.isfinite(meters) else meters


class _Register:
    """The joint unions of one county by where they are and whom they take in."""

    def __init__(self, unions: Iterable[JointUnion]) -> None:
        self._there: defaultdict[str, list[tuple[Place, JointUnion]]] = defaultdict(list)
        for union in unions:
            for place in union.places:
                for where in {"", place.locality}:
                    self._there[where].append((place, union))
        self._shelves: dict[tuple[str, str], _Shelf] = {}

    def nearest(self, unit: Candidate) -> tuple[float, JointUnion] | None:
        """A union for the unit: in the same park or township, else within ``NEAR_METERS``; and how many meters away.

        In the same park or township the distance may not be known and is infinite then.
        """
        locality = unit.place.locality
        if locality and (here := self._shelf(locality, unit).nearest(unit)):
            return here
        near = self._shelf("", unit).nearest(unit)
        return near if near and near[0] <= NEAR_METERS else None

    def _shelf(self, locality: str, unit: Candidate) -> "_Shelf":
        key = locality, unit.group
        if key not in self._shelves:
            fits = [(place, union) for place, union in self._there[locality] if union.group in {None, unit.group}]
            self._shelves[key] = _Shelf(fits)
        return self._shelves[key]


class _Shelf:
    """Joint unions that take in one trade, by their places."""

    def __init__(self, found: Iterable[tuple[Place, JointUnion]]) -> None:
        ranked = sorted(found, key=lambda each: (each[1].group is None, each[1].code))
        self._unions = [union for _place, union in ranked]
        located = sorted((place.point, number) for number, (place, _union) in enumerate(ranked) if place.point)
        self._numbers = [number for _point, number in located]
        self._nearby = Nearby([point for point, _number in located])

    def nearest(self, unit: Candidate) -> tuple[float, JointUnion] | None:
        if unit.place.point and self._numbers:
            meters, found = next(self._nearby.nearest(unit.place.point))
            return meters, self._unions[self._numbers[found]]
        return (math.inf, self._unions[0]) if self._unions else None
