"""Nearness of places (远近): the park or township they lie in, meters between them, and the nearest first."""

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from enrollment.rules.regions import COUNTIES, PREFECTURE, REGIONS, ZONES

Point = tuple[float, float, float]
"""A point of the globe in meters from its center. Over 50 km a straight line is 13 cm shorter than the arc."""

_EARTH_METERS = 6_371_008.8
_STEP = 100
_LEAF = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: a region's code, and degrees (WGS 84) where they are known; both or none.

    ``locality``: the park or township, empty where no more than the county is known; a zone and its park are one.
    ``point``: the coordinates as a point of the globe.
    """

    region: str
    latitude: float | None = None
    longitude: float | None = None
    locality: str = field(init=False)
    point: Point | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "locality", _locality(self.region))
        object.__setattr__(self, "point", _point(self.latitude, self.longitude))


def _locality(code: str) -> str:
    region = REGIONS.get(code)
    if region is None or code in COUNTIES or code == PREFECTURE:
        return ""
    return region.county if region.is_park and region.county in ZONES else code


def _point(latitude: float | None, longitude: float | None) -> Point | None:
    if latitude is None or longitude is None:
        return None
    north, east = math.radians(latitude), math.radians(longitude)
    radius = _EARTH_METERS * math.cos(north)
    return radius * math.cos(east), radius * math.sin(east), _EARTH_METERS * math.sin(north)


def rounded(meters: float) -> int:
    """Meters as they are said and compared: to 100, and never less."""
    return max(_STEP, _STEP * math.floor(meters / _STEP + 0.5))


@dataclass(slots=True)
class _Part:
    """Points close together: a few, or two parts. ``left`` counts those not taken out."""

    low: Point
    high: Point
    above: "_Part | None"
    left: int
    numbers: list[int] = field(default_factory=list)
    halves: list["_Part"] = field(default_factory=list)

    def gap(self, at: Point) -> float:
        """How far the point lies from the box of this part, 0 inside."""
        sides = zip(self.low, at, self.high, strict=True)
        return math.hypot(*(max(low - here, 0.0, here - high) for low, here, high in sides))


class Nearby:
    """Points found by nearness; what was taken out is found no more.

    A tree of halves: a thousand points in one building cost no more than a thousand in a steppe.
    """

    def __init__(self, points: Sequence[Point]) -> None:
        self._points = points
        self._part_of: dict[int, _Part] = {}
        self._whole = self._halved(list(range(len(points))), None) if points else None

    def holds(self, number: int) -> bool:
        """Whether the point is still there."""
        return number in self._part_of

    def take(self, number: int) -> None:
        """Take a point out that is still there."""
        leaf = self._part_of.pop(number)
        leaf.numbers.remove(number)
        part: _Part | None = leaf
        while part:
            part.left -= 1
            part = part.above

    def nearest(self, at: Point) -> Iterator[tuple[float, int]]:
        """Meters and numbers of the points still there, the nearest first. Nothing may be taken out meanwhile."""
        waiting: list[tuple[float, int, int, _Part | None]] = [(0.0, 1, 0, self._whole)] if self._whole else []
        serial = 0
        while waiting:
            meters, _kind, number, part = heapq.heappop(waiting)
            if part is None:
                yield meters, number
                continue
            for each in part.numbers:  # a point comes before a part as near: of equal points only some are looked at
                heapq.heappush(waiting, (math.dist(at, self._points[each]), 0, each, None))
            for half in part.halves:
                if half.left:
                    serial -= 1  # of parts as near the newest first: down to the points, not across all parts
                    heapq.heappush(waiting, (half.gap(at), 1, serial, half))

    def _halved(self, numbers: list[int], above: _Part | None) -> _Part:
        sides = list(zip(*(self._points[number] for number in numbers), strict=True))
        low, high = tuple(map(min, sides)), tuple(map(max, sides))
        part = _Part(low, high, above, len(numbers))
        if len(numbers) <= _LEAF:
            part.numbers = numbers
            self._part_of |= dict.fromkeys(numbers, part)
            return part
        axis = max(range(3), key=lambda side: high[side] - low[side])
        numbers.sort(key=lambda number: (self._points[number][axis], number))
        middle = len(numbers) // 2
        part.halves = [self._halved(numbers[:middle], part), self._halved(numbers[middle:], part)]
        return part
