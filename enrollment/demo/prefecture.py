"""Employers with depots and headcounts, unions and what they cover: the published totals, spread over ten nodes."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from enrollment.demo.chance import Chance
from enrollment.demo.names import credit_code, employer_name
from enrollment.demo.nodes import JOINTS, NODES, Node, towns_of
from enrollment.rules import kinds, regions

Row = dict[str, Any]

WORKERS, SINGLE_WORKERS, JOINT_WORKERS = 9951, 7350, 252
MEMBERS = 6310
_OF_ONE, _OF_JOINT, _OF_NONE = "single", "joint", "none"


_TOWNSHIPS = ("652301001", "652301105", "652302101", "652323100", "652324100", "652325100", "652327100", "652328100")
_GROUPS = {"courier": 44, "truck_driver": 40, "food_rider": 9, "ride_hailing_driver": 7}
_FILED = {"courier": "昌邮备", "truck_driver": "昌交备", "food_rider": "昌商备", "ride_hailing_driver": "昌交备"}
_JOINT_MOST, _SINGLE_MOST, _NONE_MOST = 14, 200, 80
_DEPOT_FROM = 16
_OLD_UNION_AGO = 1420


@dataclass(slots=True, kw_only=True)
class Place:
    """An employer while the demo is being made. ``union_id`` and ``founded_ago`` of the union that covers it."""

    row: Row
    node: Node
    workers: int
    members: int = 0
    joint: bool = False
    union_id: int = 0
    founded_ago: int = 0

    @property
    def id(self) -> int:
        return int(self.row["id"])


@dataclass(slots=True)
class Prefecture:
    """Everything of this file, ready to be written; ids count from 1."""

    places: list[Place] = field(default_factory=list)
    unions: list[Row] = field(default_factory=list)
    coverages: list[Row] = field(default_factory=list)

    @property
    def employers(self) -> list[Row]:
        """The rows of the places."""
        return [place.row for place in self.places]

    @property
    def covered(self) -> list[Place]:
        """Places with a union, in the order of their ids."""
        return [place for place in self.places if place.union_id]

    def union_at(self, county: str, kind: str) -> Row:
        """The first union of a kind in a county."""
        return next(u for u in self.unions if (u["county_code"], u["kind"]) == (county, kind))

    def uncovered(self, county: str, group: str) -> list[Place]:
        """Places of a county and a group without a union, small ones first."""
        found = (p for p in self.places if not p.union_id and (p.node.code, p.row["group"]) == (county, group))
        return sorted(found, key=lambda place: (place.workers, place.id))


def make_prefecture(chance: Chance) -> Prefecture:
    """Exactly the published figures: employers, workers, single and joint unions, members to come."""
    prefecture = Prefecture()
    sizes = _sizes(chance)
    for node in NODES:
        for role in _roles(node):
            _add_place(chance, prefecture, node, role, sizes)
    _add_joint_coverage(chance, prefecture)
    _add_places_of_refuge(chance, prefecture)
    _number_approvals(prefecture)
    _share_members(chance, prefecture)
    return prefecture


def _sizes(chance: Chance) -> dict[str, list[int]]:
    """Workers per unit by the union it will have: most under 25, some of 60 to 200."""
    draw = chance.random

    def usual(count: int, log_mean: float) -> list[int]:
        return [round(draw.lognormvariate(log_mean, 0.55)) for _ in range(count)]

    def large(count: int, most: int) -> list[int]:
        return [draw.randint(60, most) for _ in range(count)]

    units = {
        _OF_ONE: (SINGLE_WORKERS, 4, _SINGLE_MOST, usual(269, 2.95) + large(13, _SINGLE_MOST)),
        _OF_JOINT: (JOINT_WORKERS, 3, _JOINT_MOST, [draw.randint(3, 12) for _ in range(35)]),
        _OF_NONE: (
            WORKERS - SINGLE_WORKERS - JOINT_WORKERS,
            2,
            _NONE_MOST,
            usual(199, 2.2) + large(3, _NONE_MOST),
        ),
    }
    fitted = {}
    for role, (total, low, high, numbers) in units.items():
        fitted[role] = chance.fit(numbers, total, low=low, highs=[high] * len(numbers))
        draw.shuffle(fitted[role])
    return fitted


def _roles(node: Node) -> list[tuple[str, str | None]]:
    """For each employer of a node: which union it will have, and its group where that is fixed."""
    joint: list[tuple[str, str | None]] = [
        (_OF_JOINT, it.group) for it in JOINTS if it.node == node.code for _ in range(it.units)
    ]
    single: list[tuple[str, str | None]] = [(_OF_ONE, None)] * node.singles
    return single + joint + [(_OF_NONE, None)] * (node.employers - node.singles - len(joint))


def _add_place(
    chance: Chance, prefecture: Prefecture, node: Node, role: tuple[str, str | None], sizes: dict[str, list[int]]
) -> None:
    kind, fixed = role
    group = fixed or chance.one_of(_GROUPS)
    workers = sizes[kind].pop()
    region = chance.random.choice(towns_of(node.code))
    small = workers < _DEPOT_FROM
    # Only counties have towns of their own whose name says more than the node's.
    town = "" if node.code in regions.ZONES else region.name
    name = employer_name(chance, place=node.short, town=town, group=group, small=small and bool(town))
    number = len(prefecture.places) + 1
    coded = not small or chance.random.randrange(8) > 0
    row: Row = {
        "id": number,
        "code": chance.code(),
        "name": name,
        "county_code": node.code,
        "region_code": region.code,
        "group": group,
        "credit_code": credit_code(number, name, node.code) if coded else None,
        "filing_number": None if coded else f"{_FILED[group]}{chance.day(0).year - 1}{number:04d}",
    }
    place = Place(row=row, node=node, workers=workers)
    prefecture.places.append(place)
    if kind == _OF_ONE:
        place.founded_ago = _founding_ago(chance)
        place.union_id = _add_union(chance, prefecture, kinds.SINGLE, node, place.founded_ago, name, region.code, group)
        _cover(prefecture, place, chance)
    elif kind == _OF_JOINT:
        place.joint = True


def _founding_ago(chance: Chance) -> int:
    """When a single union was founded: some years ago, in the first months of the year, most since September."""
    share = chance.random.randrange(100)
    if share < 12:  # noqa: PLR2004 -- percent
        return chance.ago(335, _OLD_UNION_AGO)
    return chance.ago(92, 330) if share < 48 else chance.ago(3, 91)  # noqa: PLR2004


def _add_union(  # noqa: PLR0917 -- what a union is made of
    chance: Chance,
    prefecture: Prefecture,
    kind: kinds.Kind,
    node: Node,
    ago: int,
    stem: str,
    region: str,
    group: str | None,
) -> int:
    number = len(prefecture.unions) + 1
    founded = chance.day(ago)
    prefecture.unions.append(
        {
            "id": number,
            "code": chance.code(),
            "name": stem + kind.name_suffix,
            "kind": kind.code,
            "county_code": node.code,
            "region_code": region,
            "group": group,
            "founded_on": founded,
            "approved_on": founded,
        }
    )
    return number


def _cover(prefecture: Prefecture, place: Place, chance: Chance) -> None:
    prefecture.coverages.append(
        {
            "id": len(prefecture.coverages) + 1,
            "union_id": place.union_id,
            "employer_id": place.id,
            "from_on": chance.day(place.founded_ago),
            "until_on": None,
        }
    )


def _add_joint_coverage(chance: Chance, prefecture: Prefecture) -> None:
    by_code = {node.code: node for node in NODES}
    for joint in JOINTS:
        node = by_code[joint.node]
        stem = node.short + joint.trade
        union_id = _add_union(chance, prefecture, kinds.JOINT, node, joint.ago, stem, node.code, joint.group)
        for place in prefecture.places:
            if place.node == node and place.joint:
                place.union_id, place.founded_ago = union_id, joint.ago
                _cover(prefecture, place, chance)


def _add_places_of_refuge(chance: Chance, prefecture: Prefecture) -> None:
    """Pools, zone unions and township unions: where those go whose unit has no union (REG-4)."""
    by_code = {node.code: node for node in NODES}
    for node in NODES:
        name = regions.REGIONS[node.code].name
        _add_union(chance, prefecture, kinds.POOL, node, 1421, name, node.code, None)
        if node.code in regions.ZONES:
            _add_union(chance, prefecture, kinds.PARK, node, 1300, name, node.code, None)
    for code in _TOWNSHIPS:
        region = regions.REGIONS[code]
        node = by_code[region.county]
        _add_union(chance, prefecture, kinds.TOWNSHIP, node, 1250, node.short + region.name, code, None)


def _number_approvals(prefecture: Prefecture) -> None:
    """Each node numbers its replies (批复) of a year in the order of their dates."""
    letters = {node.code: node.letters for node in NODES}
    serials: Counter[tuple[str, int]] = Counter()
    for union in sorted(prefecture.unions, key=lambda union: (union["approved_on"], union["id"])):
        county, year = union["county_code"], union["approved_on"].year
        serials[county, year] += 1
        union["approval_number"] = f"{letters[county]}〔{year}〕{serials[county, year]}号"


def _share_members(chance: Chance, prefecture: Prefecture) -> None:
    """How many of each covered unit's workers are members: never more than work there."""
    covered = prefecture.covered
    wished = [place.workers * (place.node.keen + chance.random.randint(-18, 16)) // 100 for place in covered]
    shared = chance.fit(wished, MEMBERS, low=2, highs=[place.workers for place in covered])
    for place, members in zip(covered, shared, strict=True):
        place.members = members
