"""Headcounts and depots of the employers: the denominator of every rate, with its sources."""

from collections.abc import Iterator
from datetime import date

from enrollment.demo.chance import Chance
from enrollment.demo.nodes import towns_of
from enrollment.demo.prefecture import Place, Prefecture, Row

_DEPOTS_FROM = 16
_SOURCES = {
    "courier": "邮政管理局快递企业名录",
    "truck_driver": "交通运输局货运企业名录",
    "food_rider": "商务局平台企业名录",
    "ride_hailing_driver": "交通运输局网约车企业名录",
}
_REGISTER = "市场监管局企业登记名录"


def make_headcounts(chance: Chance, prefecture: Prefecture) -> list[Row]:
    """A first survey in the winter before, for half of them another in summer, and the one that counts."""
    rows = [
        {"employer_id": place.id, "surveyed_on": on, "workers": workers, "source": source}
        for place in prefecture.places
        for on, workers, source in _surveys(chance, place)
    ]
    return [{"id": number, **row} for number, row in enumerate(rows, start=1)]


def _surveys(chance: Chance, place: Place) -> Iterator[tuple[date, int, str]]:
    """Day, workers and source; earlier counts lie around the last one."""
    draw = chance.random
    usual = _SOURCES[str(place.row["group"])]
    yield chance.day(chance.ago(335, 360)), max(1, place.workers * draw.randint(88, 112) // 100), _REGISTER
    if draw.randrange(2):
        yield chance.day(chance.ago(140, 190)), max(1, place.workers * draw.randint(92, 108) // 100), usual
    yield chance.day(chance.ago(6, 34)), place.workers, draw.choice([usual, usual, usual, _REGISTER])


def make_depots(chance: Chance, prefecture: Prefecture) -> list[Row]:
    """Filed depots (备案网点) of the larger courier enterprises, one for about nine workers (BUILD-5)."""
    rows = [
        _depot(chance, place, serial)
        for place in prefecture.places
        if place.row["group"] == "courier" and place.workers >= _DEPOTS_FROM
        for serial in range(1, min(place.workers // 9, 9) + 1)
    ]
    return [{"id": number, **row} for number, row in enumerate(rows, start=1)]


def _depot(chance: Chance, place: Place, serial: int) -> Row:
    town = chance.random.choice(towns_of(place.node.code))
    return {
        "employer_id": place.id,
        "name": f"{place.row['name']}{town.name}第{serial}网点",
        "region_code": town.code,
        "filing_number": f"昌邮备{chance.day(0).year}{place.id:04d}-{serial:02d}",
    }
