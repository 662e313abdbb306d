"""Coverage that begins and ends, and the members who move with it: steps for a caller's transaction (BUILD-7, REG-2).

Two acts at once wait for each other and never in a circle, because each locks in one order: applications, unions,
employers, people, each by id. The ending of a union and the taking in of somebody by it exclude each other.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import TypeVar, TypeVarTuple

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from enrollment.rules import ledger as rules
from enrollment.rules.applications import UNDER_WAY
from enrollment.rules.coverage import EndCause
from enrollment.rules.kinds import KINDS, POOL
from enrollment.rules.ledger import Standing
from enrollment.rules.requests import Entries
from enrollment.storage.applications import JOIN, Application
from enrollment.storage.database import Work
from enrollment.storage.failures import Conflict, Refused
from enrollment.storage.ledger import LedgerEntry, Membership, history, record, reserve
from enrollment.storage.people import Person
from enrollment.storage.unions import Coverage, Employer, Union

Locked = TypeVar("Locked")
Columns = TypeVarTuple("Columns")


class Unmovable(Refused):
    """The ledger says no to some members: ``names`` are theirs. Nobody moves then."""

    def __init__(self, reasons: Iterable[str], names: Sequence[str]) -> None:
        super().__init__(reasons)
        self.names = tuple(names)


def hold_unions(work: Work, *unions: Union) -> None:
    """Lock unions until the transaction ends; they then say what is true now."""
    _hold(work, select(Union).where(Union.id.in_({union.id for union in unions})).order_by(Union.id))


def hold_employers(work: Work, employer_ids: Collection[int]) -> None:
    """Lock employers until the transaction ends; they then say what is true now."""
    _hold(work, select(Employer).where(Employer.id.in_(employer_ids)).order_by(Employer.id))


def pool_of(session: Session, county_code: str) -> Union:
    """The county's holding pool (会员周转库), where members wait for their next union (REG-4, REG-16).

    Raises ``Refused`` where the county has none.
    """
    pools = select(Union).where(Union.kind == POOL.code, Union.county_code == county_code)
    found = session.scalars(pools.order_by(Union.id)).first()
    if found is None:
        raise Refused(["no_pool_here"])
    return found


def begin_coverage(work: Work, union: Union, employer: Employer, on: date, document: str) -> Coverage:
    """Let ``union`` cover ``employer`` from ``on`` (inclusive), by the consent or reply ``document``.

    Raises ``Refused`` when the union does not stand or takes in no further unit, or the unit is closed, belongs to a
    union, or did on some of these days (BUILD-7).
    """
    hold_unions(work, union)
    hold_employers(work, [employer.id])
    kind = KINDS[union.kind]
    number = work.session.scalar(select(func.count()).where(Coverage.union_id == union.id, _open())) or 0
    of_unit = select(Coverage.until_on).where(Coverage.employer_id == employer.id)
    ends = work.session.scalars(of_unit.where(or_(_open(), Coverage.until_on > on))).all()
    against = {
        "union_has_ended": union.dissolved_on is not None,
        "before_founding": on < union.founded_on,
        "takes_no_unit": kind.holds or (kind.units_to is not None and number >= kind.units_to),
        "unit_is_closed": employer.closed_on is not None,
        "unit_is_covered": None in ends,
        "unit_was_covered": any(ends) and None not in ends,
    }
    if any(against.values()):
        raise Refused(code for code, holds in against.items() if holds)
    coverage = Coverage(union_id=union.id, employer_id=employer.id, from_on=on, begun_document=document)
    work.session.add(coverage)
    work.session.flush()  # before anything else of this unit is written, so that no two periods meet
    return coverage


def end_coverage(work: Work, coverage: Coverage, on: date, cause: EndCause, document: str) -> None:
    """Let ``coverage`` end: ``on`` is the first day the unit is covered no longer. Members stay where they are.

    Raises ``Conflict`` when it has ended already, ``Refused`` without ``document`` or when it would not have lasted a
    day (BUILD-7). Whether the cause is true is the caller's to ask (``rules.coverage.missing_for_end``).
    """
    hold_unions(work, work.session.get_one(Union, coverage.union_id))
    hold_employers(work, [coverage.employer_id])
    work.session.refresh(coverage)
    if coverage.until_on is not None:
        raise Conflict
    against = {"document_missing": not document, "before_coverage_began": on <= coverage.from_on}
    if any(against.values()):
        raise Refused(code for code, holds in against.items() if holds)
    coverage.until_on, coverage.ended_cause, coverage.ended_document = on, cause, document
    work.session.flush()


def open_coverages(session: Session, union: Union) -> Sequence[Coverage]:
    """The coverage of ``union`` that goes on, in the order in which their employers are locked."""
    found = select(Coverage).where(Coverage.union_id == union.id, _open())
    return session.scalars(found.order_by(Coverage.employer_id)).all()


def members_of_units(
    session: Session, employer_ids: Collection[int], county_code: str, on: date
) -> Sequence[Row[Person, Union]]:
    """Members on ``on`` who work at these employers, each with the union of the county that holds the membership."""
    held = _of_units(select(Person, Union), employer_ids, county_code)
    held = held.where(Membership.from_on <= on, or_(Membership.until_on.is_(None), Membership.until_on > on))
    return session.execute(held.order_by(Person.id)).all()


def number_of_members(session: Session, employer_id: int, county_code: str) -> int:
    """How many who work at this employer are members now, in whatever union of the county: what BUILD-1 counts."""
    held = _of_units(select(func.count()).select_from(Person), [employer_id], county_code)
    return session.scalar(held.where(Membership.until_on.is_(None))) or 0


def move_members(
    work: Work,
    *,
    employer_ids: Collection[int],
    to: Union,
    on: date,
    document: str,
    county_code: str,
    held_by: Union | None = None,
) -> int:
    """Move every active member who works at these employers to ``to``, out and in on ``on`` (REG-2, REG-10).

    From whatever union of the county, or from ``held_by`` alone; members of ``to`` stay. Gives how many moved. Raises
    ``Unmovable`` when an entry of a later day stands against it, ``Refused`` when ``to`` does not stand on ``on``.
    """
    hold_unions(work, to, *([held_by] if held_by else []))
    there = _of_units(select(Person.id), employer_ids, county_code).where(Membership.until_on.is_(None))
    there = there.where(Union.id == held_by.id) if held_by else there.where(Union.id != to.id)

    def moves(position: rules.Position) -> bool:
        union = work.session.get_one(Union, int(position.union))
        fits = union is held_by if held_by else union is not to and union.county_code == county_code
        return fits and position.standing is Standing.MEMBER

    return _move(work, there, moves, to, on, document)


def empty_union(work: Work, union: Union, to: Union, on: date, document: str) -> int:
    """Move everybody whose membership ``union`` holds to ``to`` on ``on``, and give how many: nobody is lost (LAW-9).

    Members are moved. A retained membership is kept retained by ``to``, and who is on the way to a third union goes on
    from ``to`` (``rules.ledger.entries_of_move``, REG-16). Raises like ``move_members``.
    """
    hold_unions(work, union, to)
    ever_there = select(LedgerEntry.person_id).where(LedgerEntry.union_id == union.id)
    return _move(work, ever_there, lambda position: position.union == str(union.id), to, on, document)


def redirect_applications(work: Work, union: Union, to: Union) -> None:
    """Let who asks to join ``union`` ask for ``to``, since ``union`` ends; who has read the old page looks again.

    Applications are locked before unions, so this comes first of all.
    """
    asking = select(Application).where(Application.union_id == union.id, Application.kind == JOIN)
    for application in _hold(work, asking.where(Application.state.in_(UNDER_WAY)).order_by(Application.id)):
        application.union_id = to.id
        application.version += 1


def _move(  # noqa: PLR0917 -- who moves, if still so, to where, when, by which document
    work: Work, there: Select[int], moves: Callable[[rules.Position], bool], to: Union, on: date, document: str
) -> int:
    """Lock those people first, then ask where each stands now: they may have moved while we waited."""
    if to.dissolved_on is not None:
        raise Refused(["union_has_ended"])
    if on < to.founded_on:
        raise Refused(["before_founding"])
    plan = []
    for person in _hold(work, select(Person).where(Person.id.in_(there)).order_by(Person.id)):
        held = rules.standing_on(history(work.session, person.id), date.max)
        if held.union and moves(held):
            plan.append((person, rules.entries_of_move(held, str(to.id))))
    reserve(work.session, {int(union) for _person, entries in plan for _kind, union in entries}, on)
    against = [person.name for person, entries in plan if not _recorded(work, person, entries, on, document)]
    if against:
        raise Unmovable(["members_dated_later"], against)
    return sum(bool(entries) for _person, entries in plan)


def _recorded(work: Work, person: Person, entries: Entries, on: date, document: str) -> bool:
    """Whether the ledger takes these entries."""
    try:
        for kind, union in entries:
            record(work, person, work.session.get_one(Union, int(union)), kind, on, document=document)
    except Refused:
        return False
    return True


def _hold(work: Work, rows: Select[Locked]) -> Sequence[Locked]:
    """Lock these rows in the order given and read them anew. A reference to them from elsewhere waits for nothing."""
    locked = rows.with_for_update(key_share=True).execution_options(populate_existing=True)
    return work.session.scalars(locked).all()


def _of_units(columns: Select[*Columns], employer_ids: Collection[int], county_code: str) -> Select[*Columns]:
    """``columns`` of people who work at these employers, with each of their memberships in unions of the county."""
    held = columns.join(Membership, Membership.person_id == Person.id).join(Union, Union.id == Membership.union_id)
    return held.where(Person.employer_id.in_(employer_ids), Union.county_code == county_code)


def _open() -> ColumnElement[bool]:
    """The coverage goes on."""
    return Coverage.until_on.is_(None)
