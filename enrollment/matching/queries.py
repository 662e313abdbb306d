"""Proposals of a territory in two statements, and those for one employer in three, whatever the number of units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, and_, or_, select

from enrollment.rules import kinds, matching
from enrollment.rules.access import Scope
from enrollment.rules.candidates import Candidate, JointUnion
from enrollment.rules.matching import OwnProposal, Proposal
from enrollment.rules.places import Place
from enrollment.rules.regions import Territory
from enrollment.storage.database import db
from enrollment.storage.neighbors import as_candidate, covered, small_uncovered, units
from enrollment.storage.unions import Coverage, Employer, Union
from enrollment.web.filters import region_name
from enrollment.web.words_of_matching import sentence

PAGE = 50
NEIGHBORS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Matched:
    """Proposals of a territory, and how many small units found nobody."""

    proposals: Sequence[Proposal]
    alone: int

    @property
    def last(self) -> int:
        """The number of the last page, from 1."""
        return max(1, -(-len(self.proposals) // PAGE))

    def nearest_page(self, number: int) -> int:
        """``number``, or the nearest page there is."""
        return min(max(number, 1), self.last)

    def on_page(self, number: int) -> Sequence[Proposal]:
        """The proposals of a page."""
        return self.proposals[PAGE * (number - 1) : PAGE * number]


NOTHING = Matched((), 0)


@dataclass(frozen=True, slots=True)
class OneEmployer:
    """An employer with its own proposals; ``is_covered``: it belongs to a union already (BUILD-7)."""

    unit: Candidate
    is_covered: bool
    own: OwnProposal

    @property
    def scope(self) -> Scope:
        return Scope(self.unit.county)


def matched(territory: Territory, on: date, group: str = "") -> Matched:
    """The proposals of the territory on a day. ``group``: only those with a unit of this trade; empty for all."""
    small = _small_units(territory, on)
    found = matching.proposals(small, _joint_unions(territory, on))
    settled = {unit.code for proposal in found for unit in proposal.units}
    alone = sum(unit.is_small and unit.code not in settled and group in {"", unit.group} for unit in small)
    shown = [it for it in found if not group or any(unit.group == group for unit in it.units)]
    return Matched(shown, alone)


def one_employer(code: str, on: date) -> OneEmployer | None:
    """One employer with the best for it in its county on a day; None when there is none. For the guard."""
    found = units(on).add_columns(covered(on).label("is_covered")).where(Employer.code == code)
    row = db.session.execute(found).first()
    if row is None:
        return None
    unit, own = as_candidate(row), OwnProposal((), ())
    if unit.is_small and not row.is_covered:
        county = Territory(unit.county)
        own = matching.proposal_for(unit, _small_units(county, on), _joint_unions(county, on), most=NEIGHBORS_SHOWN)
    return OneEmployer(unit, row.is_covered, own)


def export_rows(territory: Territory, on: date, group: str = "") -> tuple[list[str], Iterator[tuple[object, ...]]]:
    """Headings, and a row for each of ``matched``; they are read when the first row is asked for."""
    header = [
        _("County"),
        _("Units"),
        _("Workers"),
        _("Why together"),
        _("Joint union to join"),
        _("Union code"),
        _("Employer codes"),
    ]
    return header, _lines_of_file(territory, on, group)


def _lines_of_file(territory: Territory, on: date, group: str) -> Iterator[tuple[object, ...]]:
    for proposal in matched(territory, on, group).proposals:
        yield (
            region_name(proposal.county),
            "、".join(unit.name for unit in proposal.units),
            proposal.workers,
            sentence(proposal.reasons),
            proposal.union.name if proposal.union else "",
            proposal.union.code if proposal.union else "",
            " ".join(unit.code for unit in proposal.units),
        )


def _small_units(territory: Territory, on: date) -> list[Candidate]:
    found = small_uncovered(on).where(Employer.county_code.in_(territory.counties))
    return [as_candidate(row) for row in db.session.execute(found)]


def _joint_unions(territory: Territory, on: date) -> list[JointUnion]:
    """The joint unions that stand on the day, each with its own place and those of the units it covers."""
    covers = and_(Coverage.union_id == Union.id, Coverage.from_on <= on)
    found = (
        select(
            Union.code,
            Union.name,
            Union.county_code,
            Union.region_code,
            Union.group,
            Employer.region_code.label("unit_region"),
            Employer.latitude,
            Employer.longitude,
        )
        .outerjoin(Coverage, and_(covers, or_(Coverage.until_on.is_(None), Coverage.until_on > on)))
        .outerjoin(Employer, Employer.id == Coverage.employer_id)
        .where(Union.kind == kinds.JOINT.code, Union.county_code.in_(territory.counties), Union.founded_on <= on)
        .where(or_(Union.dissolved_on.is_(None), Union.dissolved_on > on))
        .order_by(Union.code)
    )
    return [_joint_union(list(rows)) for _code, rows in groupby(db.session.execute(found), lambda row: row.code)]


def _joint_union(rows: Sequence[Row[*tuple[Any, ...]]]) -> JointUnion:
    union = rows[0]
    places = [Place(row.unit_region, row.latitude, row.longitude) for row in rows if row.unit_region]
    return JointUnion(
        code=union.code,
        name=union.name,
        county=union.county_code,
        group=union.group,
        places=(Place(union.region_code), *places),
    )
