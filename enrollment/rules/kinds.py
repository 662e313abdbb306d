"""Every kind of union (工会组织类型) and what the law lets it do. Other code asks the kind, never for its name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of union (domain 7.1).

    ``counted``: is it one of the organizations of STAT-1. ``units_from``/``units_to``: how many legal units it covers
    at founding (None = no limit). ``name_suffix``: how its official name ends (7.3). ``holds``: it is no union of its
    own but keeps members for the county until they move on, so it covers no unit and does not end.
    """

    code: str
    counted: bool
    units_from: int
    units_to: int | None
    name_suffix: str
    holds: bool = False

    @property
    def may_cover_several(self) -> bool:
        """Whether units can join it and leave it while it stands (LAW-5, BUILD-7)."""
        return self.units_to is None and not self.holds


SINGLE = Kind("single", counted=True, units_from=1, units_to=1, name_suffix="工会委员会")
JOINT = Kind("joint", counted=True, units_from=2, units_to=None, name_suffix="联合工会委员会")
INDUSTRY = Kind("industry", counted=False, units_from=0, units_to=None, name_suffix="工会联合会")
TOWNSHIP = Kind("township", counted=False, units_from=0, units_to=None, name_suffix="工会")
PARK = Kind("park", counted=False, units_from=0, units_to=None, name_suffix="工会")
POOL = Kind("pool", counted=False, units_from=0, units_to=None, name_suffix="会员周转库", holds=True)
"""Holding pool (周转库): members whose union is not founded yet, kept by the county's union (REG-4)."""

KINDS: dict[str, Kind] = {kind.code: kind for kind in (SINGLE, JOINT, INDUSTRY, TOWNSHIP, PARK, POOL)}
FOR_INDIVIDUALS: tuple[str, ...] = tuple(kind.code for kind in KINDS.values() if kind.units_to is None)
"""Kinds that take in single workers of any unit, and so whom a transfer can name (REG-5)."""

COUNTED: tuple[str, ...] = tuple(kind.code for kind in KINDS.values() if kind.counted)
