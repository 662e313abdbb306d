"""The ten approving nodes of the demo and its five joint unions: who, where, how many."""

from dataclasses import dataclass

from enrollment.rules import regions


@dataclass(frozen=True, slots=True)
class Node:
    """One approving node and its share. ``keen``: percent of a covered unit's workers who joined, before rounding."""

    code: str
    login: str
    short: str
    letters: str
    employers: int
    singles: int
    keen: int


NODES = (
    Node("652301", "changji-city", "昌吉市", "昌市工发", 150, 81, 84),
    Node("652302", "fukang", "阜康市", "阜工发", 62, 34, 86),
    Node("652323", "hutubi", "呼图壁县", "呼工发", 48, 26, 80),
    Node("652324", "manas", "玛纳斯县", "玛工发", 46, 25, 78),
    Node("652325", "qitai", "奇台县", "奇工发", 55, 30, 88),
    Node("652327", "jimsar", "吉木萨尔县", "吉工发", 36, 19, 76),
    Node("652328", "mori", "木垒县", "木工发", 24, 13, 72),
    Node("ZD", "zhundong", "准东开发区", "准工发", 44, 25, 92),
    Node("CJGX", "gaoxin", "昌吉高新区", "昌高工发", 32, 17, 82),
    Node("CJNK", "nongye", "昌吉农业科技园区", "昌农工发", 22, 12, 74),
)


@dataclass(frozen=True, slots=True)
class Joint:
    """One joint union: node, group, how many units, days since it was founded."""

    node: str
    group: str
    trade: str
    units: int
    ago: int


JOINTS = (
    Joint("652301", "courier", "快递行业", 9, 221),
    Joint("652302", "courier", "快递行业", 7, 76),
    Joint("652325", "courier", "快递行业", 6, 41),
    Joint("ZD", "truck_driver", "道路货运行业", 8, 110),
    Joint("652324", "truck_driver", "道路货运行业", 5, 13),
)


def towns_of(node: str) -> list[regions.Region]:
    """Places of a node where its own unions work: not the Corps' ground, no park inside a county."""
    towns = [region for region in regions.townships_of(node) if not region.is_bingtuan]
    return [town for town in towns if node in regions.ZONES or not town.is_park]
