"""People and their ledger: the members of today, those who moved, stayed away, left or died, and three corrections."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from enrollment.demo.chance import Chance
from enrollment.demo.names import Somebody, somebody
from enrollment.demo.prefecture import Place, Prefecture, Row
from enrollment.rules import kinds, ledger, regions
from enrollment.rules.ledger import EntryKind
from enrollment.web.clock import BEIJING

TRANSFERRED_BETWEEN, TRANSFERRED_FROM_POOL = 20, 20
RETAINED, EXITED, DECEASED = 45, 60, 4
_CORRECTED = 3
_LAST_YEAR = 330
_OLD_ENOUGH = 92

_RELATIONS = {
    "courier": {"labor_contract": 45, "incomplete": 34, "de_facto": 15, "dispatch": 6},
    "truck_driver": {"affiliated_owner": 46, "labor_contract": 34, "affiliated_hired": 15, "de_facto": 5},
    "food_rider": {"incomplete": 60, "self_platform": 25, "dispatch": 15},
    "ride_hailing_driver": {"self_platform": 60, "incomplete": 28, "labor_contract": 12},
}


@dataclass(frozen=True, slots=True)
class Change:
    """One entry to be made: kind, union, days before the as-of date; ``corrects`` counts from the person's first."""

    kind: EntryKind
    union_id: int
    ago: int
    document: str = ""
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of today as the casework needs one: who, where, and the entry that tells of the joining."""

    person: Somebody
    row: Row
    place: Place
    entry: Row


@dataclass(slots=True)
class Membership:
    """Everything of this file, ready to be written; ids count from 1. ``cadres``: account id of each node."""

    cadres: dict[str, int]
    people: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    memberships: list[Row] = field(default_factory=list)
    plain: list[Member] = field(default_factory=list)
    changes: Counter[tuple[int, date]] = field(default_factory=Counter)

    @property
    def member_changes(self) -> list[Row]:
        """The rows of ``member_changes``."""
        return [{"union_id": u, "changed_on": on, "change": n} for (u, on), n in self.changes.items() if n]


def make_members(chance: Chance, prefecture: Prefecture, cadres: dict[str, int]) -> Membership:
    """The members of today in every covered unit, and besides them the former ones."""
    membership = Membership(cadres)
    today = [place for place in prefecture.covered for _ in range(place.members)]
    young = [n for n, place in enumerate(today) if place.founded_ago < _LAST_YEAR - _OLD_ENOUGH and not place.joint]
    moved_in = set(chance.random.sample(young, TRANSFERRED_FROM_POOL))
    others = chance.random.sample([n for n in range(len(today)) if n not in moved_in], TRANSFERRED_BETWEEN + _CORRECTED)
    between, corrected = set(others[:TRANSFERRED_BETWEEN]), others[TRANSFERRED_BETWEEN:]
    for n, place in enumerate(today):
        if n in moved_in:
            life = _from_pool(chance, prefecture, place)
        elif n in between:
            life = _from_union(chance, prefecture, place)
        elif n in corrected:
            life = _corrected(chance, place, corrected.index(n))
        else:
            life = [Change(EntryKind.JOINED, place.union_id, _joining_ago(chance, place), "入会申请书")]
        _live(chance, prefecture, membership, place, life)
    for kind, document, count in (
        (EntryKind.RETAINED, "保留会籍登记", RETAINED),
        (EntryKind.EXITED, "退会声明", EXITED),
        (EntryKind.DIED, "家属告知", DECEASED),
    ):
        for _ in range(count):
            place = chance.random.choice(_long_standing(prefecture))
            _live(chance, prefecture, membership, place, _ended(chance, place, kind, document))
    return membership


def _joining_ago(chance: Chance, place: Place) -> int:
    """Many join when their union is founded, the others one by one since."""
    if chance.random.randrange(100) < 55:  # noqa: PLR2004 -- percent
        return place.founded_ago
    return chance.ago(1, min(place.founded_ago, _LAST_YEAR))


def _from_pool(chance: Chance, prefecture: Prefecture, place: Place) -> list[Change]:
    """Taken in by the county's pool before the unit had a union, moved on when it was founded (REG-4)."""
    pool = int(prefecture.union_at(place.node.code, kinds.POOL.code)["id"])
    joined = chance.ago(place.founded_ago + 20, place.founded_ago + _OLD_ENOUGH)
    return [
        Change(EntryKind.JOINED, pool, joined, "入会申请书"),
        Change(EntryKind.TRANSFERRED_OUT, pool, place.founded_ago, "会籍转移单"),
        Change(EntryKind.TRANSFERRED_IN, place.union_id, place.founded_ago, "会籍转移单"),
    ]


def _from_union(chance: Chance, prefecture: Prefecture, place: Place) -> list[Change]:
    """Moved with a change of employer (REG-2): out of the old union, some days later into the new one."""
    old = chance.random.choice([other for other in _long_standing(prefecture) if other.union_id != place.union_id])
    arrived = chance.ago(1, min(place.founded_ago, 60))
    left = chance.ago(arrived, arrived + 14)
    joined = chance.ago(left + 5, max(left + 5, old.founded_ago))
    return [
        Change(EntryKind.JOINED, old.union_id, joined, "入会申请书"),
        Change(EntryKind.TRANSFERRED_OUT, old.union_id, left, "会籍转移单"),
        Change(EntryKind.TRANSFERRED_IN, place.union_id, arrived, "会籍转移单"),
    ]


def _corrected(chance: Chance, place: Place, serial: int) -> list[Change]:
    """A wrong date of joining, or (the last) an exit entered for a namesake; both struck by a correction."""
    joined = _joining_ago(chance, place)
    if serial < _CORRECTED - 1:
        return [
            Change(EntryKind.JOINED, place.union_id, max(1, joined - 1), "入会申请书"),
            Change(EntryKind.CORRECTED, place.union_id, max(1, joined - 1), "更正：入会日期误录", corrects=0),
            Change(EntryKind.JOINED, place.union_id, joined, "入会申请书"),
        ]
    left = max(1, joined // 2)
    return [
        Change(EntryKind.JOINED, place.union_id, joined, "入会申请书"),
        Change(EntryKind.EXITED, place.union_id, left, "退会声明"),
        Change(EntryKind.CORRECTED, place.union_id, left, "更正：同名误录", corrects=1),
    ]


def _ended(chance: Chance, place: Place, kind: EntryKind, document: str) -> list[Change]:
    joined = chance.ago(40, place.founded_ago)
    return [
        Change(EntryKind.JOINED, place.union_id, joined, "入会申请书"),
        Change(kind, place.union_id, chance.ago(1, joined - 10), document),
    ]


def _long_standing(prefecture: Prefecture) -> list[Place]:
    return [place for place in prefecture.covered if place.founded_ago >= _OLD_ENOUGH]


def _live(chance: Chance, prefecture: Prefecture, membership: Membership, place: Place, life: list[Change]) -> None:
    """One person with the entries of ``life``; the periods of membership are the fold of these entries."""
    person = somebody(chance, joined_ago=max(change.ago for change in life))
    person_id = len(membership.people) + 1
    facts = []
    first = len(membership.entries) + 1
    for change in life:
        row = _entry(chance, prefecture, membership, person_id, change, first)
        membership.entries.append(row)
        facts.append(
            ledger.Entry(row["id"], change.kind, str(change.union_id), row["effective_on"], row["corrects_id"])
        )
    stints = ledger.stints(facts)
    for stint in stints:
        _count(membership, person_id, stint)
    stands = bool(stints) and stints[-1].until_on is None
    row = _person_row(chance, person_id, person, place, employed=stands)
    membership.people.append(row)
    if len(life) == 1:
        membership.plain.append(Member(person, row, place, membership.entries[-1]))


def _entry(  # noqa: PLR0917 -- an entry has that many parts
    chance: Chance, prefecture: Prefecture, membership: Membership, person_id: int, change: Change, first: int
) -> Row:
    county = str(prefecture.unions[change.union_id - 1]["county_code"])
    on = chance.day(change.ago)
    before = [row["recorded_at"] for row in membership.entries[first - 1 :]]
    return {
        "id": len(membership.entries) + 1,
        "person_id": person_id,
        "union_id": change.union_id,
        "kind": change.kind.value,
        "effective_on": on,
        "recorded_at": max([instant(chance, on), *before]),
        "account_id": membership.cadres[county],
        "document": change.document,
        "corrects_id": None if change.corrects is None else first + change.corrects,
    }


def _count(membership: Membership, person_id: int, stint: ledger.Stint) -> None:
    union_id = int(stint.union)
    membership.memberships.append(
        {
            "id": len(membership.memberships) + 1,
            "person_id": person_id,
            "union_id": union_id,
            "from_on": stint.from_on,
            "until_on": stint.until_on,
        }
    )
    membership.changes[union_id, stint.from_on] += 1
    if stint.until_on:
        membership.changes[union_id, stint.until_on] -= 1


def _person_row(chance: Chance, person_id: int, person: Somebody, place: Place, *, employed: bool) -> Row:
    group = str(place.row["group"])
    home = chance.random.choice(regions.townships_of(place.node.code))
    far = chance.random.randrange(20) == 0
    return {
        "id": person_id,
        "code": chance.code(),
        **person.columns,
        "group": group,
        "relation": chance.one_of(_RELATIONS[group]),
        "work_region": place.row["region_code"],
        "home_region": None if far else place.row["region_code"] if home.is_bingtuan else home.code,
        "employer_id": place.id if employed else None,
    }


def instant(chance: Chance, on: date) -> datetime:
    """A minute of that day's office hours, Beijing time."""
    minutes = timedelta(minutes=chance.random.randint(0, 480))
    return datetime.combine(on, time(10), BEIJING) + minutes
