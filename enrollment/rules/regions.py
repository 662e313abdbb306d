"""Regions (行政区划): the GB/T 2260 tree of the prefecture down to townships, and the development zones.

Development zones have no county code of their own, so they carry internal codes under the prefecture (domain 12.1).
A *county* here is an approving node: one of the seven counties and cities, or one of the three zones.
"""

from dataclasses import dataclass

PREFECTURE = "652300"
BINGTUAN_TOWNSHIP_DIGIT = "5"
"""Township codes ending 5xx are farms of the Corps (兵团), whose workers belong to its own unions (ROUTE-10)."""

WUJIAQU = "659004"
"""五家渠市 lies inside the prefecture's outline but belongs to the Corps' sixth division (domain 12.1)."""


OUTSIDE = "outside"
"""What somebody answers who works or lives outside the prefecture."""


@dataclass(frozen=True, slots=True)
class Region:
    """A place of the tree. ``county`` is the approving node it belongs to (itself for a node, empty above)."""

    code: str
    name: str
    parent: str
    county: str

    @property
    def is_park(self) -> bool:
        """A development zone, or a township-level code 4xx (park, forest farm …), which is no township."""
        return self.code in ZONES or (len(self.code) == len("652301400") and self.code[6] == "4")

    @property
    def is_bingtuan(self) -> bool:
        """Ground of the Corps (兵团), ROUTE-10."""
        return is_bingtuan(self.code)


ZONES: dict[str, str] = {
    "ZD": "准东经济技术开发区",
    "CJGX": "昌吉高新技术产业开发区",
    "CJNK": "昌吉国家农业科技园区",
}

COUNTIES: dict[str, str] = {
    "652301": "昌吉市",
    "652302": "阜康市",
    "652323": "呼图壁县",
    "652324": "玛纳斯县",
    "652325": "奇台县",
    "652327": "吉木萨尔县",
    "652328": "木垒哈萨克自治县",
}

# The statistics list keeps these codes inside counties, but the zone's own union approves there.
_INSIDE_ZONE = {
    "652301402": "CJGX",
    "652301400": "CJNK",
    "652327106": "ZD",
    "652325109": "ZD",
}

# 国家统计局 统计用区划 2023: three digits after the county code, then the name.
_TOWNSHIPS: dict[str, str] = {
    "652301": (
        "001宁边路街道 002延安北路街道 003北京南路街道 004建国路街道 005中山路街道 006绿洲路街道 100硫磺沟镇 101三工镇 102榆树沟镇 103二六工镇 "
        "104大西渠镇 105六工镇 106滨湖镇 107佃坝镇 202阿什里哈萨克民族乡 203庙尔沟乡 400农业科技园区 401北部荒漠管理站 402高新区 500兵团蔡家湖镇分部 "
        "503共青团农场 504军户农场"
    ),
    "652302": (
        "001博峰街道 002阜新街道 003准东街道 100甘河子镇 101城关镇 102九运街镇 103滋泥泉子镇 201上户沟哈萨克族乡 202水磨沟乡 203三工河哈萨克族乡 "
        "503土墩子农场 504六运湖农场 505二二二团农场"
    ),
    "652323": (
        "100呼图壁镇 101大丰镇 102雀尔沟镇 103二十里店镇 104园户村镇 105五工台镇 201石梯子哈萨克民族乡 402国有林管理中心 405呼图壁种牛场 520一零五团 "
        "521一零六团 523芳草湖总场"
    ),
    "652324": (
        "100玛纳斯镇 101乐土驿镇 102包家店镇 103凉州户镇 104北五岔镇 105六户地镇 106兰州湾镇 201广东地乡 202清水河子哈萨克民族乡 203塔西河乡 "
        "204旱卡子滩乡 400玛电工业区 402平原林场 404农科院试验站 520新湖农场 521一四七团 522一四八团 523一四九团 524一五零团"
    ),
    "652325": (
        "100奇台镇 101老奇台镇 102半截沟镇 103吉布库镇 104东湾镇 105西地镇 106碧流河镇 107三个庄子镇 108西北湾镇 109芨芨湖镇 202坎尔孜乡 "
        "203五马场乡 204古城乡 205乔仁乡 206七户乡 208塔塔尔乡 503兵团奇台农场 504北塔山牧场"
    ),
    "652327": (
        "100吉木萨尔镇 101三台镇 102泉子街镇 103北庭镇 104二工镇 105大有镇 106五彩湾镇 202庆阳湖乡 203老台乡 205新地乡 500红旗农场"
    ),
    "652328": (
        "100木垒镇 101西吉尔镇 102东城镇 103新户镇 200英格堡乡 201照壁山乡 203雀仁乡 204白杨河乡 205大石头乡 206大南沟乌孜别克乡 207博斯坦乡"
    ),
}


def _tree() -> dict[str, Region]:
    nodes = {**COUNTIES, **ZONES}
    tree = {PREFECTURE: Region(PREFECTURE, "昌吉回族自治州", "", "")}
    tree |= {code: Region(code, name, PREFECTURE, code) for code, name in nodes.items()}
    for county, townships in _TOWNSHIPS.items():
        for entry in townships.split():
            code = county + entry[:3]
            tree[code] = Region(code, entry[3:], county, _INSIDE_ZONE.get(code, county))
    return tree


def is_bingtuan(code: str) -> bool:
    """Whether ``code`` is ground of the Corps: a 5xx township code, or any code of its city 五家渠 (ROUTE-10)."""
    return code.startswith(WUJIAQU) or (len(code) == len("652301500") and code[6] == BINGTUAN_TOWNSHIP_DIGIT)


REGIONS: dict[str, Region] = _tree()


def townships_of(county: str) -> list[Region]:
    """The places below an approving node that people name as place of work or residence, in code order."""
    return [r for r in REGIONS.values() if r.county == county and r.code != county]


def county_of(code: str) -> str:
    """The approving node of a region code, or the prefecture for anything not below a node."""
    region = REGIONS.get(code)
    return (region.county if region else "") or PREFECTURE


@dataclass(frozen=True, slots=True)
class Territory:
    """What someone may see or a figure covers (管辖范围): the whole prefecture, or one approving node.

    ``union``: only what belongs to this one basic union in it, by its row. Such a part has no ``counties`` and covers
    nothing, so that whoever forgets to ask for the union finds nothing.
    """

    code: str
    union: int | None = None

    @property
    def counties(self) -> tuple[str, ...]:
        """Codes of the approving nodes inside, with the prefecture's own code for the whole; none for one union."""
        if self.union is not None:
            return ()
        return (*COUNTIES, *ZONES, PREFECTURE) if self.code == PREFECTURE else (self.code,)

    @property
    def name(self) -> str:
        return REGIONS[self.code].name

    def covers(self, county: str) -> bool:
        return county in self.counties


NOWHERE = Territory("", union=0)
"""A territory that holds nothing: what an employer's contact reads of members and visits."""


def territory(code: str) -> Territory | None:
    """The territory named by ``code``, or None when the code is neither the prefecture nor an approving node."""
    return Territory(code) if code == PREFECTURE or code in COUNTIES or code in ZONES else None
