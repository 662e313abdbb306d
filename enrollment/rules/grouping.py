"""Groups of neighbors (就近分组): the small units of one county → groups that can found a joint union (BUILD-4)."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from enrollment.rules import statute
from enrollment.rules.candidates import Candidate, meters_between, unlike
from enrollment.rules.places import Nearby, Point, rounded

ENOUGH_WORKERS = statute.MUST_FORM_MEMBERS
"""Local practice, not law: a group grows until it has as many workers as oblige one unit. The law knows no cap."""

REMOTE_METERS = 30_000
"""Local practice, not law: so far a unit may lie that has nobody in its township, or whose township is not known."""

Group = list[Candidate]


def grouped(units: Iterable[Candidate]) -> list[Group]:
    """Groups of two or more distinct legal units; who finds nobody is in none. ``units`` are of one county, in order.

    Within a park or township first, around the unit that has a neighbor closest. What remains goes to the nearest
    group there, or else in the nearest township.
    """
    there: defaultdict[str, list[Candidate]] = defaultdict(list)
    for unit in units:
        there[unit.place.locality].append(unit)
    groups: list[Group] = []
    alone: list[Candidate] = []
    for locality in sorted(there):
        together = list(_within(there[locality]) if locality else _around([*_located(there[""])], REMOTE_METERS))
        groups += [group for group in together if _is_joint(group)]
        alone += [unit for group in together if not _is_joint(group) for unit in group]
    return _with_the_alone(groups, alone)


def _is_joint(group: Group) -> bool:
    return any(group[0].is_distinct_from(other) for other in group)


def _is_enough(group: Group) -> bool:
    return sum(unit.workers for unit in group) >= ENOUGH_WORKERS


def _located(units: Iterable[Candidate]) -> Iterator[Candidate]:
    return (unit for unit in units if unit.place.point)


def _within(units: Sequence[Candidate]) -> Iterator[Group]:
    """Groups of one park or township: by distance, then those whose place is not known closer, in their order."""
    group: Group = []
    for found in _around([*_located(units)], math.inf):
        if _is_enough(found):
            yield found
        else:
            group = found  # there is only one, the last
    for unit in units:
        if not unit.place.point:
            group.append(unit)
            if _is_enough(group):
                yield group
                group = []
    if group:
        yield group


def _around(units: Sequence[Candidate], farthest: float) -> Iterator[Group]:
    """Each group grows around one unit; the closest neighbors begin, so that the far ones tear nothing apart."""
    points = [point for unit in units if (point := unit.place.point)]
    nearby = Nearby(points)
    closest = [_closest(nearby, points[number], number) for number in range(len(units))]
    for number in sorted(range(len(units)), key=lambda number: (closest[number], number)):
        if nearby.holds(number):
            yield _grown(units, points, nearby, number, farthest)


def _closest(nearby: Nearby, at: Point, number: int) -> float:
    return next((rounded(meters) for meters, other in nearby.nearest(at) if other != number), math.inf)


def _grown(units: Sequence[Candidate], points: Sequence[Point], nearby: Nearby, seed: int, farthest: float) -> Group:
    """The unit with the nearest of those left, to 100 m; among them the same brand, the same trade, the larger."""
    nearby.take(seed)
    looked_at = islice(nearby.nearest(points[seed]), ENOUGH_WORKERS - 1)  # each has a worker: more are never needed
    found = [(meters, other) for meters, other in looked_at if meters <= farthest]
    found.sort(
        key=lambda each: (rounded(each[0]), *unlike(units[seed], units[each[1]]), -units[each[1]].workers, each[1])
    )
    group = [units[seed]]
    for _meters, other in found:
        if _is_enough(group):
            break
        nearby.take(other)
        group.append(units[other])
    return group


def _with_the_alone(groups: list[Group], alone: Sequence[Candidate]) -> list[Group]:
    """Everybody left over joins the nearest group of the own township, else the nearest unit of the county."""
    group_of = {unit.code: group for group in groups for unit in group}
    for unit in alone:
        here = [group for group in groups if group[0].place.locality == unit.place.locality != ""]
        if here:
            group_of[unit.code] = min(here, key=partial(_way_to, unit))
            group_of[unit.code].append(unit)
    settled = [unit for group in groups for unit in group]
    remote = [*_located(unit for unit in alone if unit.code not in group_of)]
    for unit in remote:
        if unit.code not in group_of and (near := _nearest(unit, [*settled, *remote], group_of)):
            if near.code not in group_of:
                group_of[near.code] = [near]
                groups.append(group_of[near.code])
            group_of[unit.code] = group_of[near.code]
            group_of[unit.code].append(unit)
    return groups


def _way_to(unit: Candidate, group: Group) -> tuple[float, int, str]:
    nearest = min(meters_between(unit.place, other.place) for other in group)
    return nearest, sum(other.workers for other in group), group[0].code


def _nearest(unit: Candidate, others: Iterable[Candidate], group_of: Mapping[str, Group]) -> Candidate | None:
    """The nearest distinct unit not too far away; one whose group is large enough already counts as twice as far."""

    def rank(other: Candidate) -> tuple[float, bool, bool, int, str]:
        meters = meters_between(unit.place, other.place)
        counted = 2 * meters if _is_enough(group_of.get(other.code, [])) else meters
        return counted, *unlike(unit, other), -other.workers, other.code

    distinct = (other for other in others if unit.is_distinct_from(other))
    return min((o for o in distinct if meters_between(unit.place, o.place) <= REMOTE_METERS), key=rank, default=None)
