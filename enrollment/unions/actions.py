"""What a cadre does with unions that live: a unit joins, leaves, closes; a union merges, or ends.

Each is one transaction. The second tap of the same form finds it done and changes nothing; whoever comes second with
something else is told that someone was faster (``Conflict``). Days are the first on which the new state holds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import Select, or_, select

from enrollment.rules.access import Act, Actor
from enrollment.rules.coverage import (
    DissolutionCause,
    EndCause,
    MergeCause,
    Papers,
    missing_for_beginning,
    missing_for_closing,
    missing_for_dissolution,
    missing_for_end,
    missing_for_merge,
    warnings_for,
)
from enrollment.rules.kinds import KINDS
from enrollment.storage import moves
from enrollment.storage.database import Work, db, transaction
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.foundings import UnionTerm, close_terms
from enrollment.storage.ledger import LedgerEntry
from enrollment.storage.procedures import agreed_elsewhere
from enrollment.storage.sign_ins import close_accounts_of
from enrollment.storage.unions import Coverage, Employer, Union


def add_unit(code: str, employer_code: str, *, on: date, document: str, by: Actor, now: datetime, today: date) -> None:
    """Let a unit join a union that stands, with its members (BUILD-4, REG-4); ``document`` is their consent.

    Raises ``Missing`` outside the territory or the union's county, ``Refused`` with what stands against it
    (``moves.Unmovable`` with the names of members whose ledger does), ``Conflict`` when the unit has just joined.
    """
    done = _coverages(code, employer_code).where(Coverage.from_on == on, Coverage.begun_document == document)
    with once(done), transaction(by=by, act=Act.CHANGE_COVERAGE, now=now) as work:
        union = union_of(work, code)
        moves.hold_unions(work, union)
        employer = employer_of(work, employer_code)
        if employer.county_code != union.county_code:
            raise Missing
        moves.hold_employers(work, [employer.id])
        coverage = _open_coverage(work, employer)
        if coverage and coverage.union_id == union.id:
            raise Conflict
        if agreed_elsewhere(work.session, [employer.id]):
            raise Refused(["unit_agreed_elsewhere"])
        lacking = missing_for_beginning(
            KINDS[union.kind],
            members_of_unit=moves.number_of_members(work.session, employer.id, union.county_code),
            document=document,
            on=on,
            founded_on=union.founded_on,
            today=today,
        )
        _refuse(lacking)
        moves.begin_coverage(work, union, employer, on, document)
        moved = moves.move_members(
            work, employer_ids=[employer.id], to=union, on=on, document=document, county_code=union.county_code
        )
        audited(work, union.code, employer.code, "joins", f"{moved} moved")


def release_unit(
    code: str, employer_code: str, *, on: date, cause: EndCause, document: str, by: Actor, now: datetime, today: date
) -> None:
    """Let a unit leave a union that goes on (BUILD-7). Its members go to the county's pool and move on from there.

    Those whom another union holds, such as the unit's own, stay there; so does a retained membership. Raises
    ``Missing`` outside the territory and where the unit never belonged, ``Refused`` with what stands against it
    (``moves.Unmovable`` with names), ``Conflict`` when it has left already.
    """
    done = _coverages(code, employer_code).where(Coverage.until_on == on, Coverage.ended_cause == cause)
    with (
        once(done.where(Coverage.ended_document == document)),
        transaction(by=by, act=Act.CHANGE_COVERAGE, now=now) as work,
    ):
        union = union_of(work, code)
        pool = moves.pool_of(work.session, union.county_code)
        moves.hold_unions(work, union, pool)
        coverage = _left_by(work, union, employer_code)
        lacking = missing_for_end(
            cause,
            members_of_unit=moves.number_of_members(work.session, coverage.employer_id, union.county_code),
            document=document,
            on=on,
            from_on=coverage.from_on,
            today=today,
        )
        _refuse(lacking if KINDS[union.kind].may_cover_several else ("unit_has_this_union_alone",))
        moved = _release(work, union, pool, coverage, on, cause, document)
        left = warnings_for(KINDS[union.kind], len(moves.open_coverages(work.session, union)))
        audited(work, union.code, employer_code, cause, f"{moved} moved", *left)


def close_unit(code: str, *, on: date, document: str, by: Actor, now: datetime, today: date) -> None:
    """Write down that a unit has ended; ``document`` tells of it.

    A union of this unit alone ends with it, and the document is the report of it (LAW-9, CH-11). From a union of
    several units its members go to the pool (REG-16). Raises ``Missing`` outside the territory, ``Refused`` with what
    stands against it, ``Conflict`` when it is closed already or its coverage has just changed.
    """
    done = select(Employer.id).where(Employer.code == code, Employer.closed_on == on)
    with once(done), transaction(by=by, act=Act.CHANGE_COVERAGE, now=now) as work:
        employer = employer_of(work, code)
        coverage = _open_coverage(work, employer)
        union, pool = _covering(work, coverage) if coverage else (None, None)
        moves.hold_employers(work, [employer.id])
        if employer.closed_on is not None or _open_coverage(work, employer) is not coverage:
            raise Conflict
        later = select(Coverage.id).where(Coverage.employer_id == employer.id, Coverage.until_on > on).limit(1)
        lacking = missing_for_closing(
            document=document, on=on, covered_later=work.session.scalar(later) is not None, today=today
        )
        _refuse(lacking)
        notes: list[str] = []
        if coverage and union and pool:
            notes = _close_covered(work, union, pool, coverage, on, document)
        employer.closed_on = on
        audited(work, employer.code, EndCause.UNIT_CLOSED, *notes)


def dissolve_union(
    code: str, *, on: date, cause: DissolutionCause, papers: Papers, by: Actor, now: datetime, today: date
) -> None:
    """End a union without a successor (LAW-9, CH-11): its members wait in the county's pool, the retained retained.

    When the unit of a union of one unit has ended, that unit is closed with it. Raises ``Missing`` outside the
    territory, ``Refused`` with what stands against it (``moves.Unmovable`` with names), ``Conflict`` when it has ended.
    """
    with once(_ended(code, on, cause, papers)), transaction(by=by, act=Act.END_UNION, now=now) as work:
        union = union_of(work, code)
        pool = moves.pool_of(work.session, union.county_code)
        moves.redirect_applications(work, union, pool)
        moves.hold_unions(work, union, pool)
        if union.dissolved_on is not None:
            raise Conflict
        lacking = missing_for_dissolution(
            cause,
            KINDS[union.kind],
            papers,
            units_standing=len(moves.open_coverages(work.session, union)),
            on=on,
            founded_on=union.founded_on,
            today=today,
        )
        _refuse(lacking)
        closed = cause is DissolutionCause.UNIT_ENDED
        of_units = EndCause.UNIT_CLOSED if closed else EndCause.UNION_DISSOLVED
        ended = _end(work, union, pool, on, of_units, papers)
        union.dissolved_cause = cause
        audited(work, union.code, cause, pool.code, *ended)


def merge_union(
    code: str, *, into: str, on: date, cause: MergeCause, papers: Papers, by: Actor, now: datetime, today: date
) -> None:
    """Let a union become part of another of its county, ``into``: its code or full name (LAW-9, CH-11, CH-17).

    That one covers its units and holds its members from then on, and the retained stay retained there. Raises
    ``Missing`` outside the territory, ``Refused`` with what stands against it (``moves.Unmovable`` with names),
    ``Conflict`` when it has ended already.
    """
    with once(_ended(code, on, cause, papers)), transaction(by=by, act=Act.END_UNION, now=now) as work:
        union = union_of(work, code)
        successor = _successor(work, union, into)
        moves.redirect_applications(work, union, successor)
        moves.hold_unions(work, union, successor)
        if union.dissolved_on is not None or successor.dissolved_on is not None:
            raise Conflict
        units = moves.open_coverages(work.session, union)
        sizes = [moves.number_of_members(work.session, unit.employer_id, union.county_code) for unit in units]
        lacking = missing_for_merge(
            KINDS[union.kind],
            KINDS[successor.kind],
            papers,
            units_together=len(units) + len(moves.open_coverages(work.session, successor)),
            largest_unit=max(sizes, default=0),
            on=on,
            founded_on=max(union.founded_on, successor.founded_on),
            today=today,
        )
        _refuse(lacking)
        ended = _end(work, union, successor, on, EndCause.UNION_MERGED, papers)
        union.dissolved_cause, union.merged_into_id = cause, successor.id
        audited(work, union.code, cause, successor.code, *ended)


@contextmanager
def once(done: Select[int]) -> Iterator[None]:
    """Take a conflict for the second tap of the same form when ``done`` finds just what was asked for."""
    try:
        yield
    except Conflict:
        if db.session.scalar(done.limit(1)) is None:
            raise


def _coverages(code: str, employer_code: str) -> Select[int]:
    joined = select(Coverage.id).join(Union, Union.id == Coverage.union_id)
    joined = joined.join(Employer, Employer.id == Coverage.employer_id)
    return joined.where(Union.code == code, Employer.code == employer_code)


def _ended(code: str, on: date, cause: DissolutionCause | MergeCause, papers: Papers) -> Select[int]:
    ended = select(Union.id).where(Union.code == code, Union.dissolved_on == on, Union.dissolved_cause == cause)
    return ended.where(Union.dissolved_document == papers.document)


def union_of(work: Work, code: str) -> Union:
    """The union, when it lies in the territory."""
    counties = work.by.territory.counties if work.by.territory else ()
    union = work.session.scalar(select(Union).where(Union.code == code, Union.county_code.in_(counties)))
    if union is None:
        raise Missing
    return union


def employer_of(work: Work, code: str) -> Employer:
    """The employer, when it lies in the territory."""
    counties = work.by.territory.counties if work.by.territory else ()
    employer = work.session.scalar(select(Employer).where(Employer.code == code, Employer.county_code.in_(counties)))
    if employer is None:
        raise Missing
    return employer


def _successor(work: Work, union: Union, named: str) -> Union:
    """The other union of the county with this code or name."""
    others = select(Union).where(Union.county_code == union.county_code, Union.id != union.id)
    found = work.session.scalar(others.where(or_(Union.code == named, Union.name == named)))
    if found is None:
        raise Refused(["merge_target_missing"])
    return found


def _open_coverage(work: Work, employer: Employer) -> Coverage | None:
    """The coverage of the unit that goes on."""
    found = select(Coverage).where(Coverage.employer_id == employer.id, Coverage.until_on.is_(None))
    return work.session.scalar(found)


def _left_by(work: Work, union: Union, employer_code: str) -> Coverage:
    """The coverage by ``union`` that goes on. Wherever the unit lies: its union's county lets it go."""
    ever = select(Coverage).join(Employer, Employer.id == Coverage.employer_id)
    ever = ever.where(Coverage.union_id == union.id, Employer.code == employer_code)
    coverage = work.session.scalar(ever.order_by(Coverage.until_on.is_not(None), Coverage.id).limit(1))
    if coverage is None:
        raise Missing
    if coverage.until_on is not None:
        raise Conflict
    return coverage


def _covering(work: Work, coverage: Coverage) -> tuple[Union, Union]:
    """The union that covers a unit to be closed, and the pool of its county, both locked."""
    union = work.session.get_one(Union, coverage.union_id)
    if not (work.by.territory and work.by.territory.covers(union.county_code)):
        raise Refused(["union_elsewhere"])
    pool = moves.pool_of(work.session, union.county_code)
    if not KINDS[union.kind].may_cover_several:
        moves.redirect_applications(work, union, pool)
    moves.hold_unions(work, union, pool)
    return union, pool


def _close_covered(  # noqa: PLR0917 -- the unit's coverage, where its members go, when and by what
    work: Work, union: Union, pool: Union, coverage: Coverage, on: date, document: str
) -> list[str]:
    """End what covers a unit that has ended, and give what to note."""
    if KINDS[union.kind].may_cover_several:
        moved = _release(work, union, pool, coverage, on, EndCause.UNIT_CLOSED, document)
        left = warnings_for(KINDS[union.kind], len(moves.open_coverages(work.session, union)))
        return [union.code, f"{moved} moved", *left]
    ended = _end(work, union, pool, on, EndCause.UNIT_CLOSED, Papers(report=document))
    union.dissolved_cause = DissolutionCause.UNIT_ENDED
    return [union.code, DissolutionCause.UNIT_ENDED, *ended]


def _release(  # noqa: PLR0917 -- out of which union, where to, when, why, by what
    work: Work, union: Union, pool: Union, coverage: Coverage, on: date, cause: EndCause, document: str
) -> int:
    """End one coverage, and move those of the unit's members whom this union holds to the pool; gives how many."""
    moves.end_coverage(work, coverage, on, cause, document)
    return moves.move_members(
        work,
        employer_ids=[coverage.employer_id],
        to=pool,
        on=on,
        document=document,
        county_code=union.county_code,
        held_by=union,
    )


def _end(  # noqa: PLR0917 -- which union, where to, when, why, by what
    work: Work, union: Union, to: Union, on: date, of_units: EndCause, papers: Papers
) -> list[str]:
    """End all coverage for the cause ``of_units``, move everybody to ``to`` and end the union with its accounts.

    Gives what to note: how many moved, and whose account ended.
    """
    coverages = moves.open_coverages(work.session, union)
    moves.hold_employers(work, [coverage.employer_id for coverage in coverages])
    for coverage in coverages:
        employer = work.session.get_one(Employer, coverage.employer_id)
        moves.end_coverage(work, coverage, on, of_units, papers.reference)
        if of_units is EndCause.UNION_MERGED:
            moves.begin_coverage(work, to, employer, on, papers.reference)
        elif of_units is EndCause.UNIT_CLOSED:
            employer.closed_on = on
    moved = moves.empty_union(work, union, to, on, papers.reference)
    if _goes_on_after(work, union, on):
        raise Refused(["something_later"])
    union.dissolved_on, union.dissolved_document = on, papers.document
    close_terms(work, union.id, on)
    return [f"{moved} moved", *(f"{login} ended" for login in close_accounts_of(work, union))]


def _goes_on_after(work: Work, union: Union, on: date) -> bool:
    """Whether a unit, a committee or somebody was there on a later day, which the union would then not have stood."""
    entries = select(LedgerEntry.id).where(LedgerEntry.union_id == union.id, LedgerEntry.effective_on > on)
    covered = select(Coverage.id).where(Coverage.union_id == union.id, Coverage.until_on > on)
    elected = select(UnionTerm.id).where(UnionTerm.union_id == union.id, UnionTerm.elected_on > on)
    return any(work.session.scalar(found.limit(1)) for found in (entries, covered, elected))


def _refuse(reasons: tuple[str, ...]) -> None:
    if reasons:
        raise Refused(reasons)


def audited(work: Work, subject: str, *notes: str) -> None:
    work.subject, work.note = subject, " ".join(notes)
