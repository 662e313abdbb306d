"""What the forms of a change show before it is done, and the history (沿革) a union has after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from enrollment.rules.coverage import EndCause
from enrollment.rules.kinds import KINDS, POOL
from enrollment.rules.ledger import EntryKind
from enrollment.storage.database import db
from enrollment.storage.failures import Missing
from enrollment.storage.headcounts import workers_on
from enrollment.storage.ledger import LedgerEntry, Membership
from enrollment.storage.neighbors import without_union
from enrollment.storage.people import Person
from enrollment.storage.unions import Coverage, Employer, Union
from enrollment.unions.queries import OneUnion, members_at, one_union, union_stands
from enrollment.web.lists import Found

UNITS_SHOWN = 30
_WITH_THE_UNION = (EndCause.UNION_DISSOLVED, EndCause.UNION_MERGED)
_SEVERAL = [kind.code for kind in KINDS.values() if kind.may_cover_several]


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a union's history. ``what`` is a word of ``web.words_of_coverage``; ``moved``: members with it."""

    on: date
    what: str
    name: str = ""
    cause: str = ""
    document: str = ""
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Leaving:
    """A unit about to leave or close: how many members of which union would go, and the name of where to.

    ``pool`` is empty where the county has none, ``union_name`` where no union covers the unit.
    """

    members: int
    union_name: str
    ends_union: bool
    pool: str


def history(union: OneUnion) -> list[Happening]:
    """What happened to a union, newest first, up to now and not only to the day shown."""
    facts = union.facts
    moved = _moved(union)
    took_in = db.session.execute(
        select(Union.name, Union.dissolved_on, Union.dissolved_cause, Union.dissolved_document)
        .where(Union.merged_into_id == facts.id)
        .order_by(Union.id)
    )
    found = [Happening(facts.founded_on, "founded", document=facts.approval_number)]
    found += [Happening(on, "took_in", name, cause or "", document) for name, on, cause, document in took_in if on]
    for row in union.covers:
        if row.from_on > facts.founded_on:
            number = moved.get((EntryKind.TRANSFERRED_IN, row.from_on, row.begun_document), 0)
            found.append(Happening(row.from_on, "unit_joined", row.name, "", row.begun_document, number))
        if row.until_on and row.ended_cause not in _WITH_THE_UNION:
            number = moved.get((EntryKind.TRANSFERRED_OUT, row.until_on, row.ended_document), 0)
            found.append(
                Happening(row.until_on, "unit_left", row.name, row.ended_cause or "", row.ended_document, number)
            )
    if facts.dissolved_on:
        what = "merged" if facts.successor_name else "dissolved"
        name, cause = facts.successor_name or "", facts.dissolved_cause or ""
        found.append(Happening(facts.dissolved_on, what, name, cause, facts.dissolved_document))
    return sorted(found, key=lambda each: each.on, reverse=True)


def free_units(union: OneUnion, name: str) -> Sequence[Found]:
    """Units of the union's county that no union covers and that have not closed, by name, at most 30."""
    free = select(
        Employer.code,
        Employer.name,
        Employer.region_code,
        workers_on(union.as_of).label("workers"),
        members_at(union.as_of).label("members"),
    ).join(Union, Union.id == union.facts.id)
    free = free.where(Employer.county_code == union.facts.county_code, without_union(union.as_of))
    if name:
        free = free.where(Employer.name.icontains(name, autoescape=True))
    return db.session.execute(free.order_by(Employer.name, Employer.id).limit(UNITS_SHOWN)).all()


def covered_unit(union: OneUnion, employer_code: str) -> Found:
    """The unit in this union on the day shown, or the last time it was; raises ``Missing`` when it never was."""
    rows = [row for row in union.covers if row.code == employer_code]
    if not rows:
        raise Missing
    return next((row for row in rows if row in union.in_force), rows[0])


def leaving(union: OneUnion, employer_code: str) -> Leaving:
    """What a unit's leaving this union would move."""
    of_union = Membership.union_id == union.facts.id
    held = select(func.count()).select_from(Membership).join(Person, Person.id == Membership.person_id)
    held = held.join(Employer, Employer.id == Person.employer_id)
    held = held.where(of_union, Employer.code == employer_code, Membership.until_on.is_(None))
    ends = not union.kind.may_cover_several
    number = union.facts.members if ends else db.session.scalar(held) or 0
    return Leaving(number, union.facts.name, ends, pool_name(union.facts.county_code))


def covering(employer_code: str, today: date) -> OneUnion | None:
    """The union that covers a unit now; None for none."""
    found = select(Union.code).join(Coverage, Coverage.union_id == Union.id)
    found = found.join(Employer, Employer.id == Coverage.employer_id)
    code = db.session.scalar(found.where(Employer.code == employer_code, Coverage.until_on.is_(None)))
    return one_union(code, today) if code else None


def retained_in(union: OneUnion) -> int:
    """How many memberships the union keeps retained: those whose last entry says so."""
    last = aliased(LedgerEntry)
    latest = select(func.max(last.id)).where(last.person_id == LedgerEntry.person_id).correlate(LedgerEntry)
    kept = select(func.count()).where(
        LedgerEntry.union_id == union.facts.id,
        LedgerEntry.kind == EntryKind.RETAINED,
        LedgerEntry.id == latest.scalar_subquery(),
    )
    return db.session.scalar(kept) or 0


def pool_name(county_code: str) -> str:
    """The county's holding pool, empty for none."""
    pool = select(Union.name).where(Union.kind == POOL.code, Union.county_code == county_code).order_by(Union.id)
    return db.session.scalars(pool).first() or ""


def successors(union: OneUnion) -> Sequence[Found]:
    """Code and name of the unions of the county that could take this one in, by name."""
    others = select(Union.code, Union.name).where(
        Union.county_code == union.facts.county_code, Union.id != union.facts.id
    )
    others = others.where(Union.kind.in_(_SEVERAL), union_stands(union.as_of))
    return db.session.execute(others.order_by(Union.name)).all()


def _moved(union: OneUnion) -> dict[tuple[str, date, str], int]:
    """How many entries of each kind, day and document of a unit the union has: who came and went with it."""
    documents = {document for row in union.covers for document in (row.begun_document, row.ended_document) if document}
    key = (LedgerEntry.kind, LedgerEntry.effective_on, LedgerEntry.document)
    counted = select(*key, func.count()).where(
        LedgerEntry.union_id == union.facts.id,
        LedgerEntry.kind.in_((EntryKind.TRANSFERRED_IN, EntryKind.TRANSFERRED_OUT)),
        LedgerEntry.document.in_(documents),
    )
    return {(kind, on, document): number for kind, on, document, number in db.session.execute(counted.group_by(*key))}
