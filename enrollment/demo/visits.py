"""Welfare visits of the demo: a year of them by season (domain 10.1), and three of these days."""

from dataclasses import dataclass
from datetime import date, timedelta

from enrollment.demo.chance import Chance
from enrollment.demo.membership import instant
from enrollment.demo.nodes import NODES
from enrollment.demo.prefecture import Prefecture, Row
from enrollment.rules.regions import REGIONS
from enrollment.rules.welfare import Fund, VisitKind


@dataclass(frozen=True, slots=True)
class Season:
    """How often a kind of visit takes place, when (days before the as-of date), with what, at how many yuan a head."""

    kind: VisitKind
    times: int
    latest: int
    earliest: int
    goods: tuple[str, ...]
    yuan: tuple[int, int]
    note: str


_WARMTH = Season(
    VisitKind.WINTER_WARMTH,
    10,
    277,
    332,
    ("棉手套、护膝、保温杯", "米、面、清油", "防寒帽、暖宝宝"),
    (60, 180),
    "了解春节期间值班安排。",
)
_COOLING = Season(
    VisitKind.SUMMER_COOLING,
    14,
    92,
    178,
    ("水杯、手套、毛巾、矿泉水", "梨、桃、矿泉水", "藿香正气水、冰袖、清凉油", "西瓜、矿泉水、遮阳帽"),
    (25, 70),
    "现场讲解入会政策，有人询问挂靠车辆能否入会。",
)
_GIFTS = Season(
    VisitKind.JOINING_GIFT,
    5,
    2,
    85,
    ("入会大礼包：背包、雨衣、反光背心", "入会大礼包：保温杯、手电"),
    (80, 120),
    "集中入会仪式后发放。",
)
_SEASONS = (
    _WARMTH,
    Season(VisitKind.SPRING_JOBS, 4, 215, 272, ("招聘信息册、政策问答",), (3, 8), "介绍岗位与技能培训班。"),
    _COOLING,
    Season(VisitKind.AUTUMN_SCHOOLING, 3, 75, 110, ("助学金、书包文具",), (500, 1000), "资助会员子女入学。"),
    _GIFTS,
    Season(VisitKind.HEALTH_CHECK, 2, 30, 140, ("免费体检：血压、血糖、颈腰椎",), (90, 150), "与县医院合办。"),
    Season(VisitKind.HARDSHIP_HELP, 2, 20, 200, ("慰问金",), (1000, 2000), "因病致困，已建档。"),
)
_OF_MONTH = {12: _WARMTH, 1: _WARMTH, 2: _WARMTH, 6: _COOLING, 7: _COOLING, 8: _COOLING}
_PLACES = {
    "courier": ("快递分拨中心", "快递网点集中区", "邮政快递驿站"),
    "truck_driver": ("物流园停车场", "货运信息市场", "司机之家"),
    "food_rider": ("骑手驿站",),
    "ride_hailing_driver": ("网约车充电站",),
}
_FUNDS = {Fund.UPPER_UNION: 45, Fund.OWN_UNION: 30, Fund.STATE: 12, Fund.EMPLOYER: 8, Fund.DONATION: 5}
_SHARES = {node.code: node.employers for node in NODES}
RECENT = (("652301", 3), ("ZD", 5), ("652302", 10))
"""Node and days before today of the visits of these days."""


def make_visits(chance: Chance, prefecture: Prefecture, cadres: dict[str, int], today: date) -> list[Row]:
    """Visits in order of their dates, the recent ones last; ids count from 1."""
    planned = [
        (chance.day(chance.ago(season.latest, season.earliest)), chance.one_of(_SHARES), season)
        for season in _SEASONS
        for _ in range(season.times)
    ]
    planned.sort(key=lambda plan: plan[0])
    season = _OF_MONTH.get(today.month, _GIFTS)
    planned += [(today - timedelta(days=ago), county, season) for county, ago in sorted(RECENT, key=lambda it: -it[1])]
    return [
        {"id": number, **_visit(chance, prefecture, on, county, season), "account_id": cadres[county]}
        for number, (on, county, season) in enumerate(planned, start=1)
    ]


def _visit(chance: Chance, prefecture: Prefecture, on: date, county: str, season: Season) -> Row:
    draw = chance.random
    host = draw.choice([place for place in prefecture.places if place.node.code == county])
    alone = season.kind is VisitKind.HARDSHIP_HELP
    met = 1 if alone else draw.randint(6, max(12, min(host.workers * 2, 90)))
    linked = draw.randrange(3)  # to the unit, to its union, or to a place alone
    founded = host.union_id and prefecture.unions[host.union_id - 1]["founded_on"] <= on
    return {
        "code": chance.code(),
        "kind": season.kind.value,
        "visited_on": on,
        "county_code": county,
        "region_code": host.row["region_code"],
        "place": f"{REGIONS[host.row['region_code']].name}{draw.choice(_PLACES[host.row['group']])}",
        "union_id": host.union_id if linked == 1 and founded else None,
        "employer_id": host.id if linked == 0 or alone else None,
        "people_met": met,
        "goods": draw.choice(season.goods),
        "amount_fen": met * draw.randint(*season.yuan) * 100,
        "fund": chance.one_of(_FUNDS).value,
        "note": season.note,
        "recorded_at": instant(chance, on),
        "submission_key": chance.code(32),
    }
