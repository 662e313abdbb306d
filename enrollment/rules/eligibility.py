"""Which union a worker may join (入会资格): facts and a date → lawful unions in order, or what stands in the way.

The machine ranks and explains; the worker chooses and a person approves (domain 6.2, principles 1 and 3).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from enrollment.rules import kinds, regions, statute


class Group(StrEnum):
    """Worker group (从业群体), domain 9.2."""

    TRUCK_DRIVER = "truck_driver"
    RIDE_HAILING_DRIVER = "ride_hailing_driver"
    COURIER = "courier"
    FOOD_RIDER = "food_rider"
    OTHER = "other"


class Relation(StrEnum):
    """How the worker stands to a company (用工关系): ROUTE-1 … ROUTE-10."""

    LABOR_CONTRACT = "labor_contract"
    DE_FACTO = "de_facto"
    INCOMPLETE = "incomplete"
    SELF_PLATFORM = "self_platform"
    DISPATCH = "dispatch"
    AFFILIATED_OWNER = "affiliated_owner"
    AFFILIATED_HIRED = "affiliated_hired"
    PART_TIME_MULTI = "part_time_multi"
    BOSS = "boss"
    RETIRED_REHIRED = "retired_rehired"
    BINGTUAN = "bingtuan"


class Outcome(StrEnum):
    UNIONS = "unions"
    MANUAL_REVIEW = "manual_review"
    REFERRAL = "referral"
    NOT_YET = "not_yet"
    TRANSFER = "transfer"


class Place(StrEnum):
    """Where a lawful union is found, seen from the worker."""

    EMPLOYER = "employer"
    AFFILIATE = "affiliate"
    INDUSTRY = "industry"
    WORK = "work"
    HOME = "home"
    POOL = "pool"


class Refusal(StrEnum):
    """ELIG-R: the closed list of grounds on which an application may be refused (不予接收理由), domain 5.3.

    Never ethnicity, religion, sex, education, occupation (LAW-1), a missing contract, dues or household register.
    """

    UNDER_16 = "under_16"
    ALREADY_MEMBER = "already_member"
    NOT_VOLUNTARY = "not_voluntary"
    REJECTS_CHARTER = "rejects_charter"
    OUTSIDE_THIS_UNION = "outside_this_union"
    UNTRUE_DOCUMENTS = "untrue_documents"
    EMPLOYS_OTHERS = "employs_others"
    BINGTUAN = "bingtuan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the worker told. None = not known. ``hires``: people the worker employs."""

    group: Group | None = None
    relation: Relation | None = None
    birth_date: date | None = None
    work_region: str | None = None
    home_region: str | None = None
    employer_has_union: bool | None = None
    affiliate_admits: bool | None = None
    hires: int | None = None
    already_member: bool | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One lawful union: its kind and where it is, the reason code, and the rule IDs in force it rests on."""

    kind: str
    place: Place
    region: str | None
    reason: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The decision on a date: outcome, lawful unions best first, every reason, and the rule IDs in force."""

    outcome: Outcome
    options: tuple[Option, ...]
    reasons: tuple[str, ...]
    sources: tuple[str, ...]
    on: date


def age_on(birth: date, on: date) -> int:
    """Full years (周岁) on ``on``; a birthday counts on its day, one of 29 February on 1 March of a common year."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def sixteen_on(birth: date) -> date:
    """The day somebody born on ``birth`` reaches 16 (劳动法 art. 15): the birthday, or 1 March where it is missing."""
    try:
        return birth.replace(year=birth.year + statute.MIN_AGE_YEARS)
    except ValueError:  # born on 29 February, and no such day
        return date(birth.year + statute.MIN_AGE_YEARS, 3, 1)


def is_minor_worker(birth: date, on: date) -> bool:
    """Whether someone may work but is protected as a minor (未成年工): 16 or 17 on ``on`` (domain 11)."""
    return statute.MIN_AGE_YEARS <= age_on(birth, on) < statute.ADULT_YEARS


def under_age(birth: date, on: date) -> bool:
    """Whether someone born on ``birth`` is under 16 on ``on`` (劳动法 art. 15)."""
    return age_on(birth, on) < statute.MIN_AGE_YEARS


def decide(facts: Facts, on: date) -> Answer:
    """Every lawful union for these facts on ``on``, best first, or what has to happen instead (ROUTE-1 … ROUTE-10).

    What stands in the way is named completely; the gravest decides the outcome: too young, already a member,
    ground of the Corps, then matters a person must look at. Nobody is refused here.
    """
    blocks = list(_blocks(facts, on))
    if blocks:
        outcome = min((outcome for outcome, *_ in blocks), key=_GRAVEST.index)
        transfer_alone = {outcome for outcome, *_ in blocks} == {Outcome.TRANSFER}
        options = _to_move_to(facts, on) if transfer_alone else ()
        reasons = tuple(reason for _, reason, _ in blocks)
        sources = tuple(dict.fromkeys(source for *_, ids in blocks for source in statute.cite(ids, on)))
        return Answer(outcome, options, reasons, sources, on)
    reasons = tuple(_reasons(facts))
    return Answer(
        Outcome.UNIONS,
        _options(facts, on),
        reasons,
        statute.cite(("CH-1", "LAW-1", "LAW-2"), on),
        on,
    )


def fallback(facts: Facts, on: date) -> Option:
    """The county's holding pool (周转库): open to whoever has no union to choose, or does not want to (REG-4)."""
    return _pool(facts, on)


def suggested_refusals(answer: Answer) -> tuple[Refusal, ...]:
    """The grounds of ELIG-R that the answer's own reasons point to, for the person who decides."""
    return tuple(Refusal(reason) for reason in answer.reasons if reason in _GROUNDS)


_GROUNDS = frozenset(ground.value for ground in Refusal)
_GRAVEST = (Outcome.NOT_YET, Outcome.TRANSFER, Outcome.REFERRAL, Outcome.MANUAL_REVIEW)


def _blocks(facts: Facts, on: date) -> Iterator[tuple[Outcome, str, tuple[str, ...]]]:
    """What keeps these facts from the plain way: outcome, reason code, rule IDs."""
    if facts.birth_date and under_age(facts.birth_date, on):
        yield Outcome.NOT_YET, Refusal.UNDER_16.value, ("AGE-16",)
    if facts.already_member:
        yield (
            Outcome.TRANSFER,
            Refusal.ALREADY_MEMBER.value,
            ("CH-10", "REG-2", "REG-10"),
        )
    if facts.relation is Relation.BINGTUAN or (facts.work_region and regions.is_bingtuan(facts.work_region)):
        yield Outcome.REFERRAL, Refusal.BINGTUAN.value, ()
    if facts.relation is Relation.BOSS or (facts.hires or 0) > 0:
        yield Outcome.MANUAL_REVIEW, Refusal.EMPLOYS_OTHERS.value, ("CH-1",)
    if _stays_retained(facts):
        yield Outcome.MANUAL_REVIEW, "retired_rehired", ("CH-9", "REG-15")


def _stays_retained(facts: Facts) -> bool:
    """Retired and hired again: the retained membership stays where it is and nothing new is joined (REG-15)."""
    return facts.relation is Relation.RETIRED_REHIRED


def _reasons(facts: Facts) -> Iterator[str]:
    """What the person who approves should know although it blocks nothing."""
    if facts.relation is None:
        yield "relation_unknown"
    if facts.relation in _ASKS_EMPLOYER and facts.employer_has_union is None:
        yield "employer_union_unknown"
    if facts.relation is Relation.AFFILIATED_OWNER and facts.affiliate_admits is None:
        yield "affiliate_unknown"
    if not facts.work_region:
        yield "work_region_unknown"
    elif facts.work_region not in regions.REGIONS:
        yield "work_region_outside"
    elif facts.work_region in regions.COUNTIES:
        yield "township_unknown"


_ASKS_EMPLOYER = frozenset({Relation.LABOR_CONTRACT, Relation.DE_FACTO, Relation.DISPATCH})


_Maker = Callable[[Facts, date], Option | None]


def _employer(facts: Facts, on: date) -> Option | None:
    if not facts.employer_has_union:
        return None
    reason, ids = {
        Relation.DISPATCH: ("dispatch_union", ("ROUTE-5", "REG-7", "LAW-2")),
        Relation.INCOMPLETE: ("platform_union", ("ROUTE-3", "LAW-2")),
        Relation.SELF_PLATFORM: ("platform_union", ("ROUTE-4", "LAW-2")),
        Relation.PART_TIME_MULTI: ("unit_union_one_only", ("REG-5", "CH-10", "LAW-2")),
    }.get(facts.relation or Relation.LABOR_CONTRACT, ("employer_union", ("LAW-1", "CH-1")))
    return Option(
        kinds.SINGLE.code,
        Place.EMPLOYER,
        facts.work_region,
        reason,
        statute.cite(ids, on),
    )


def _affiliate(facts: Facts, on: date) -> Option | None:
    if not facts.affiliate_admits:
        return None
    if facts.relation is Relation.DISPATCH:
        reason, ids = "using_unit_union", ("ROUTE-5", "REG-7")
    else:
        reason, ids = "affiliate_union", (_route(facts, "ROUTE-6a"), "LAW-2")
    return Option(
        kinds.SINGLE.code,
        Place.AFFILIATE,
        facts.work_region,
        reason,
        statute.cite(ids, on),
    )


def _industry(facts: Facts, on: date) -> Option | None:
    if facts.group in (None, Group.OTHER):
        return None
    where = facts.work_region or facts.home_region
    region = regions.county_of(where) if where else regions.PREFECTURE
    ids = (_route(facts, "REG-4"), "LAW-6", "LAW-2")
    return Option(
        kinds.INDUSTRY.code,
        Place.INDUSTRY,
        region,
        f"industry_{facts.group}",
        statute.cite(ids, on),
    )


def _zone(facts: Facts, on: date) -> Option | None:
    """The union of the zone that the township of work lies in: both may take the worker in."""
    zone = regions.county_of(facts.work_region or "")
    return _at(facts, zone, Place.WORK, on) if zone in regions.ZONES and zone != facts.work_region else None


def _work(facts: Facts, on: date) -> Option | None:
    return _at(facts, facts.work_region, Place.WORK, on)


def _home(facts: Facts, on: date) -> Option | None:
    return _at(facts, facts.home_region, Place.HOME, on)


def _at(facts: Facts, code: str | None, place: Place, on: date) -> Option | None:
    """The union of a township, street or zone (小三级); none for a whole county, outside or on Corps ground."""
    region = regions.REGIONS.get(code or "")
    if region is None or region.code in regions.COUNTIES or region.is_bingtuan:
        return None
    if place is Place.HOME and region.code in (facts.work_region, regions.county_of(facts.work_region or "")):
        return None  # named already, as the place of work
    kind = kinds.PARK if region.is_park else kinds.TOWNSHIP
    ids = (_route(facts, "REG-4"), "REG-5", "LAW-2")
    return Option(
        kind.code,
        place,
        region.code,
        f"{kind.code}_of_{place}",
        statute.cite(dict.fromkeys(ids), on),
    )


def _pool(facts: Facts, on: date) -> Option:
    where = next(
        (code for code in (facts.work_region, facts.home_region) if code in regions.REGIONS),
        None,
    )
    county = regions.county_of(where) if where else regions.PREFECTURE
    return Option(kinds.POOL.code, Place.POOL, county, "county_pool", statute.cite(("REG-4",), on))


def _route(facts: Facts, otherwise: str) -> str:
    """The ROUTE rule of the relation, where it has a text of its own."""
    return _ROUTE.get(facts.relation, otherwise) if facts.relation else otherwise


_ROUTE = {
    Relation.INCOMPLETE: "ROUTE-3",
    Relation.SELF_PLATFORM: "ROUTE-4",
    Relation.AFFILIATED_OWNER: "ROUTE-6a",
    Relation.AFFILIATED_HIRED: "ROUTE-6b",
    Relation.PART_TIME_MULTI: "ROUTE-7",
}

_WORK = (_zone, _work)
_AT_THE_UNIT = (*_WORK, _industry)

# domain 6.2, first choice and fallbacks in order. A unit's own union ends the search for its employees (应加入).
_ORDER: dict[Relation | None, tuple[_Maker, ...]] = {
    Relation.LABOR_CONTRACT: (_employer, *_AT_THE_UNIT),
    Relation.DE_FACTO: (_employer, *_AT_THE_UNIT),
    Relation.INCOMPLETE: (*_WORK, _home, _industry, _employer),
    Relation.SELF_PLATFORM: (*_WORK, _home, _industry, _employer),
    Relation.DISPATCH: (_employer, _affiliate, *_AT_THE_UNIT),
    Relation.AFFILIATED_OWNER: (_affiliate, _industry, *_WORK, _home),
    Relation.AFFILIATED_HIRED: (_industry, *_WORK, _home, _affiliate),
    Relation.PART_TIME_MULTI: (_employer, *_WORK, _home, _industry),
    None: (_employer, _affiliate, _industry, *_WORK, _home),
}


def _to_move_to(facts: Facts, on: date) -> tuple[Option, ...]:
    """Where a member may move (REG-10): the lawful unions, but no pool, which is for those who have none yet."""
    return tuple(option for option in _options(facts, on) if option.place is not Place.POOL)


def _options(facts: Facts, on: date) -> tuple[Option, ...]:
    """Lawful unions best first; the county's pool closes the list when something that ranks them is unknown."""
    ends_the_search = facts.relation in _ASKS_EMPLOYER and facts.employer_has_union
    makers = (_employer,) if ends_the_search else _ORDER.get(facts.relation, _ORDER[None])
    found = [option for maker in makers if (option := maker(facts, on))]
    if not found or (any(_reasons(facts)) and not ends_the_search):
        found.append(_pool(facts, on))
    return tuple(found)
