"""Who can found what (建会), BUILD-1 … BUILD-5: members of a legal unit → the ways the law leaves open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from enrollment.rules import kinds, statute


@dataclass(frozen=True, slots=True)
class Depot:
    """A place of work (网点). ``barred``: owners, partners and their near relatives among the workers (ELEC-8)."""

    workers: int
    members: int
    barred: int = 0


@dataclass(frozen=True, slots=True)
class Unit:
    """A legal unit (用人单位) with all its depots: depots without a licence count at their enterprise (BUILD-5)."""

    name: str
    depots: tuple[Depot, ...]

    @property
    def workers(self) -> int:
        return sum(depot.workers for depot in self.depots)

    @property
    def members(self) -> int:
        return sum(depot.members for depot in self.depots)

    @property
    def eligible_candidates(self) -> int:
        """Members who may surely stand for the committee: the barred are taken to be among the members (LAW-3)."""
        return sum(max(0, depot.members - depot.barred) for depot in self.depots)

    @property
    def must_form(self) -> bool:
        """BUILD-1, LAW-5: 25 members or more *must* form a committee of their own."""
        return self.members >= statute.MUST_FORM_MEMBERS


@dataclass(frozen=True, slots=True)
class Way:
    """Whether one way is open, with every reason code, and the rule IDs in force it rests on."""

    possible: bool
    reasons: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """The three lawful ways for one unit (BUILD-2)."""

    own_committee: Way
    one_officer: Way
    joint: Way


@dataclass(frozen=True, slots=True)
class Together:
    """Whether several units can stand together in one joint union, and with how many members."""

    possible: bool
    members: int
    reasons: tuple[str, ...]
    sources: tuple[str, ...]


def fold(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Legal units named more than once become one, with all their depots (BUILD-5)."""
    depots: dict[str, tuple[Depot, ...]] = {}
    for unit in units:
        depots[unit.name.strip()] = depots.get(unit.name.strip(), ()) + unit.depots
    return tuple(Unit(name, found) for name, found in depots.items())


def ways_for(unit: Unit, on: date) -> Ways:
    """BUILD-1 … BUILD-3: a committee of one's own, one organizer (组织员) or chair, or a joint committee."""
    return Ways(
        own_committee=_way(_against_own_committee(unit), ("LAW-5", "BUILD-3", "ELEC-8"), on),
        one_officer=_way(_against_one_officer(unit), ("LAW-5", "CH-12", "ELEC-8"), on),
        joint=_way(_against_joint(unit), ("LAW-5",), on),
    )


NEW_JOINT, JOIN_JOINT, ONE_OFFICER, OWN_COMMITTEE = (
    "new_joint",
    "join_joint",
    "one_officer",
    "own_committee",
)


WAYS_TO_FOUND: tuple[str, ...] = (NEW_JOINT, JOIN_JOINT, ONE_OFFICER, OWN_COMMITTEE)
"""The ways a head may choose; a re-election is begun by the upper union."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a head may choose: the code of the way, and whether and why it is open."""

    code: str
    way: Way


def choices(unit: Unit, on: date, *, joint_union_here: bool) -> tuple[Choice, ...]:
    """What to offer to a head, open ways first, in the default order of domain 1.2.

    That is: an existing joint union, a new one with neighbors, one organizer, a committee of one's own.
    ``joint_union_here``: the county has a joint union.
    """
    ways = ways_for(unit, on)
    existing = ways.joint if joint_union_here or not ways.joint.possible else _without_joint_union(ways.joint)
    offered = (
        Choice(JOIN_JOINT, existing),
        Choice(NEW_JOINT, ways.joint),
        Choice(ONE_OFFICER, ways.one_officer),
        Choice(OWN_COMMITTEE, ways.own_committee),
    )
    return tuple(sorted(offered, key=lambda choice: not choice.way.possible))


def suggested_name(code: str, unit_name: str, place: str) -> str:
    """A union's name by the patterns of domain 7.3; empty where no new union is named."""
    if code == NEW_JOINT:
        return f"{place}{kinds.JOINT.name_suffix}"
    return f"{unit_name}{kinds.SINGLE.name_suffix}" if unit_name and code != JOIN_JOINT else ""


def stand_together(units: Sequence[Unit], on: date) -> Together:
    """BUILD-4: two or more distinct legal units, none bound to form its own, and enough candidates for a committee."""
    distinct = fold(units)
    reasons = []
    if len(distinct) < statute.JOINT_MIN_UNITS:
        reasons.append("too_few_units")
    if any(unit.must_form for unit in distinct):
        reasons.append("a_unit_must_form_own")
    if any(unit.members == 0 for unit in distinct):
        reasons.append("a_unit_without_members")
    if sum(unit.eligible_candidates for unit in distinct) < statute.OWN_COMMITTEE_MIN_CANDIDATES:
        reasons.append("too_few_candidates")
    members = sum(unit.members for unit in distinct)
    return Together(not reasons, members, tuple(reasons), statute.cite(("LAW-5", "BUILD-3"), on))


def _way(against: Sequence[str], ids: tuple[str, ...], on: date) -> Way:
    return Way(not against, tuple(against), statute.cite(ids, on))


def _without_joint_union(way: Way) -> Way:
    return Way(possible=False, reasons=("no_joint_union_here",), sources=way.sources)


def _against_own_committee(unit: Unit) -> list[str]:
    enough = unit.eligible_candidates >= statute.OWN_COMMITTEE_MIN_CANDIDATES
    return [] if enough else ["too_few_candidates"]


def _against_one_officer(unit: Unit) -> list[str]:
    if unit.must_form:
        return ["must_form_committee"]
    return [] if unit.eligible_candidates >= 1 else ["no_candidate"]


def _against_joint(unit: Unit) -> list[str]:
    if unit.must_form:
        return ["must_form_committee"]
    return [] if unit.members >= 1 else ["no_members"]
