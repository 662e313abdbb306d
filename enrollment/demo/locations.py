"""Where the demo's employers are, and whose franchise its couriers drive for: invented, near their township."""

import math

from enrollment.demo.chance import Chance
from enrollment.demo.prefecture import Prefecture
from enrollment.rules import regions

_SEATS = {
    "652301": (44.011, 87.308),
    "652302": (44.164, 87.953),
    "652323": (44.189, 86.899),
    "652324": (44.304, 86.214),
    "652325": (44.022, 89.594),
    "652327": (44.000, 89.181),
    "652328": (43.835, 90.286),
    "ZD": (44.770, 89.100),
    "CJGX": (44.062, 87.352),
    "CJNK": (44.105, 87.382),
}
_RING_KM = {"0": 1.5, "1": 9.0, "2": 16.0, "4": 6.0}
"""How far from the seat of its county a street, a town, a township or a park lies."""

_GOLDEN_ANGLE = math.radians(137.5)
_KM_PER_DEGREE = 111.2
_JITTER_KM = 0.6
_KNOWN_PERCENT = 80
_BRANDS = {"中通": 24, "圆通": 20, "韵达": 18, "申通": 14, "极兔": 14, "邮政": 10}


def locate(chance: Chance, prefecture: Prefecture) -> None:
    """Four of five employers get coordinates, four of five couriers a brand. ``chance`` is a stream of its own."""
    centers = {town.code: _center(node, at) for node in _SEATS for at, town in enumerate(regions.townships_of(node))}
    for place in prefecture.places:
        row, known = place.row, chance.random.randrange(100) < _KNOWN_PERCENT
        north, east = (chance.random.gauss(0, _JITTER_KM) for _ in range(2))
        latitude, longitude = _moved(*centers[row["region_code"]], north, east)
        branded = chance.random.randrange(100) < _KNOWN_PERCENT
        brand = chance.one_of(_BRANDS)
        row |= {
            "brand": brand if branded and row["group"] == "courier" else None,
            "latitude": latitude if known else None,
            "longitude": longitude if known else None,
        }


def _center(node: str, number: int) -> tuple[float, float]:
    """The center of the township with this number in its county, always the same."""
    town = regions.townships_of(node)[number]
    far, angle = _RING_KM.get(town.code[6], 12.0) * (1 + number / 20), number * _GOLDEN_ANGLE
    return _moved(*_SEATS[node], far * math.cos(angle), far * math.sin(angle))


def _moved(latitude: float, longitude: float, north_km: float, east_km: float) -> tuple[float, float]:
    """A place so many kilometers away, to some ten meters."""
    return (
        round(latitude + north_km / _KM_PER_DEGREE, 4),
        round(longitude + east_km / (_KM_PER_DEGREE * math.cos(math.radians(latitude))), 4),
    )
