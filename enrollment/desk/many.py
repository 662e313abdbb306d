"""Approving many applications in one act: looked at together first, and only the clean ones of what was looked at.

Each lookup is made once for all of them, so that five hundred cost hardly more statements than one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from enrollment.desk.telling import tell_each
from enrollment.desk.undoing import take_back
from enrollment.rules import kinds
from enrollment.rules.access import Act, Actor
from enrollment.rules.applications import UNDER_WAY, State, Step
from enrollment.rules.confirmation import SURE
from enrollment.rules.desks import Desk
from enrollment.rules.eligibility import Outcome, decide, is_minor_worker
from enrollment.rules.regions import Territory, county_of
from enrollment.rules.undoing import undo_until
from enrollment.storage.applications import JOIN, Application, JoinDetails, lies_in, take_step
from enrollment.storage.batches import Batch
from enrollment.storage.cards import issue_first_cards
from enrollment.storage.database import Work, db, transaction
from enrollment.storage.desks import lies_at
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.ledger import join_each
from enrollment.storage.people import Person, kept_numbers
from enrollment.storage.reversals import Kept, Reversal, as_it_is, kept_of
from enrollment.storage.tables import new_code
from enrollment.storage.unions import Employer, Union
from enrollment.storage.unions import lies_in as union_lies_in

MOST = 500
CODE_LENGTH = 8
_AUDIT_NOTE = 500


@dataclass(frozen=True, slots=True)
class Line:
    """What approving one application would do: ``union`` takes the member in, or ``reasons`` stand against it."""

    application: Application
    union: Union | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known about all: pools by county, whose numbers are known elsewhere, which lie with a union's officer."""

    pools: Mapping[str, Union]
    identities: frozenset[bytes]
    phones: frozenset[bytes]
    with_officer: frozenset[int]


def look_at(territory: Territory, numbers: Sequence[str], today: date) -> list[Line]:
    """What approving each would do, in the order of the queue; what is not in the territory is not there."""
    rows = db.session.scalars(_chosen(territory, numbers)).all()
    return _assess(db.session(), territory, rows, today)


def approve_many(
    key: str,
    chosen: Mapping[str, int],
    *,
    staying: Sequence[str] = (),
    by: Actor,
    now: datetime,
    today: date,
    undo_minutes: int,
) -> Batch:
    """Approve the clean ones among ``chosen`` (number → version that was looked at) in one transaction.

    The others stay, with their reasons, and so do those that were ``staying`` when they were looked at. A second tap
    with the same ``key`` gives the first result. Raises ``Refused`` when nothing is left to approve, ``Missing`` for
    somebody else's key.
    """
    with transaction(by=by, act=Act.DECIDE_APPLICATION, now=now) as work:
        territory = by.territory or Territory("")
        locked = work.session.scalars(_chosen(territory, [*chosen, *staying]).with_for_update(of=Application)).all()
        done = work.session.scalar(select(Batch).where(Batch.key == key))  # a tap at the same time has waited till here
        if done:
            if done.account_id != by.account_id:
                raise Missing
            work.subject, work.note = str(len(done.approved)), "sent again"
            return done
        lines = _assess(work.session, territory, locked, today, versions=chosen)
        clean = [line for line in lines if not line.reasons]
        if not clean:
            raise Refused(["nothing_to_approve"])
        _hold_unions(work, clean)
        _admit_each(work, clean, today, undo_until(now, undo_minutes))
        approved = [line.application.number for line in clean]
        batch = Batch(
            key=key,
            code=new_code(CODE_LENGTH),
            account_id=by.account_id,
            at=now,
            approved=approved,
            left={line.application.number: list(line.reasons) for line in lines if line.reasons},
        )
        work.session.add(batch)
        work.subject, work.note = str(len(approved)), _fitting(approved)
        return batch


def undo_many(code: str, *, by: Actor, now: datetime) -> None:
    """Undo what one act approved, each where nobody has acted since; in one transaction.

    Raises ``Missing`` for somebody else's, ``Refused`` once the decisions stand.
    """
    with transaction(by=by, act=Act.UNDO_DECISION, now=now) as work:
        batch = work.session.scalar(select(Batch).where(Batch.code == code, Batch.account_id == by.account_id))
        if batch is None:
            raise Missing
        kept = {row.application_id: row for row in work.session.scalars(_kept_of(batch, now).with_for_update())}
        if not kept:
            raise Refused(["undo_too_late"])
        rows = select(Application).where(Application.id.in_(kept)).order_by(Application.id)
        whole = (joinedload(Application.join), joinedload(Application.request), joinedload(Application.acts))
        found = work.session.scalars(rows.with_for_update(of=Application).options(*whole)).unique().all()
        matches = [row.join.identity_match for row in found if row.join]
        people = select(Person.id).where(Person.identity_match.in_(matches)).order_by(Person.id).with_for_update()
        work.session.execute(people)  # all of them first, so that two acts at once never wait in a circle
        undone = []
        for row in found:
            try:
                take_back(work, row, kept[row.id])
            except Refused:
                continue
            undone.append(row.number)
        work.subject, work.note = str(len(undone)), _fitting(undone)


@dataclass(frozen=True, slots=True)
class Result:
    """What one act did, case by case as it stands now, and until when it can be undone (None: not any more)."""

    batch: Batch
    approved: list[Application]
    left: list[tuple[Application, list[str]]]
    until: datetime | None


def result(territory: Territory, code: str, by: Actor, now: datetime) -> Result | None:
    """The result of one's own act on many."""
    batch = db.session.scalar(select(Batch).where(Batch.code == code, Batch.account_id == by.account_id))
    if batch is None:
        return None
    rows = {row.number: row for row in db.session.scalars(_chosen(territory, [*batch.approved, *batch.left]))}
    until = db.session.scalars(_kept_of(batch, now).with_only_columns(Reversal.until)).first()
    return Result(
        batch,
        [rows[number] for number in batch.approved if number in rows],
        [(rows[number], codes) for number, codes in batch.left.items() if number in rows],
        until,
    )


def _chosen(territory: Territory, numbers: Iterable[str]) -> Select[Application]:
    found = select(Application).where(Application.number.in_(numbers), lies_in(territory))
    whole = (joinedload(Application.join), joinedload(Application.request), joinedload(Application.union))
    return found.options(*whole).order_by(Application.id).limit(MOST)


def _kept_of(batch: Batch, now: datetime) -> Select[Reversal]:
    """What can still be undone of it."""
    found = select(Reversal).join(Application, Application.id == Reversal.application_id)
    mine = (Application.number.in_(batch.approved), Reversal.account_id == batch.account_id, Reversal.until > now)
    return found.where(*mine).order_by(Reversal.application_id)


def _assess(
    session: Session,
    territory: Territory,
    rows: Sequence[Application],
    today: date,
    versions: Mapping[str, int] | None = None,
) -> list[Line]:
    around = _around(session, territory, rows)
    lines = []
    for row in rows:
        changed = versions is not None and row.number in versions and versions[row.number] != row.version
        union, reasons = _opinion(row, around, today)
        if changed or (versions is not None and row.number not in versions and not reasons):
            reasons = ("changed_since", *reasons)
        lines.append(Line(row, union, reasons))
    return lines


def _opinion(row: Application, around: _Around, today: date) -> tuple[Union | None, tuple[str, ...]]:
    """The union that would take the member in, and whatever has to be looked at by itself."""
    join = row.join
    if row.kind != JOIN or join is None:
        return None, ("one_by_one",)
    answer = decide(join.as_facts(), today)
    county = county_of(join.work_region or join.home_region or "")
    union = row.union if row.union_id else around.pools.get(county)
    against = {
        "not_waiting": row.state != State.SUBMITTED,
        "confirmation_missing": join.confirmed_by not in SURE,
        "with_its_union": row.id in around.with_officer,
        "minor_worker": is_minor_worker(join.born_on, today),
        "no_union_to_join": union is None or union.dissolved_on is not None,
        "like_identity": join.identity_match in around.identities,
        "like_phone": join.phone_match in around.phones,
    }
    reasons = tuple(code for code, holds in against.items() if holds)
    if answer.outcome is not Outcome.UNIONS:
        reasons += answer.reasons or ("looked_at_singly",)
    return union, reasons


def _around(session: Session, territory: Territory, rows: Sequence[Application]) -> _Around:
    """Four statements, however many they are."""
    joins = [row.join for row in rows if row.join]
    first = or_(lies_at(Desk.UNION), lies_at(Desk.GROUP))
    theirs = select(Application.id).where(Application.id.in_(row.id for row in rows), first)
    pools = session.scalars(
        select(Union).where(Union.kind == kinds.POOL.code, union_lies_in(territory)).order_by(Union.id)
    ).all()
    identities, phones = [join.identity_match for join in joins], [join.phone_match for join in joins if join.phone]
    people = session.execute(
        select(Person.identity_match, Person.phone_match).where(
            or_(Person.identity_match.in_(identities), Person.phone_match.in_(phones))
        )
    ).all()
    others = session.execute(
        select(JoinDetails.identity_match, JoinDetails.phone_match)
        .join(Application, Application.id == JoinDetails.application_id)
        .where(Application.state.in_(UNDER_WAY))
        .where(or_(JoinDetails.identity_match.in_(identities), JoinDetails.phone_match.in_(phones)))
    ).all()
    known = [(row[0], row[1]) for row in people]
    twice = [(row[0], row[1]) for row in others]
    return _Around(
        {union.county_code: union for union in reversed(pools)},
        frozenset({match for match, _phone in known} | _repeated(match for match, _phone in twice)),
        frozenset({match for _identity, match in known} | _repeated(match for _identity, match in twice)),
        frozenset(() if territory.union else session.scalars(theirs)),
    )


def _repeated(matches: Iterable[bytes]) -> set[bytes]:
    """Those that stand there more than once: at the application itself, and at another under way."""
    seen: set[bytes] = set()
    return {match for match in matches if match in seen or seen.add(match)}  # type: ignore[func-returns-value]


def _hold_unions(work: Work, clean: Sequence[Line]) -> None:
    """They do not end before this is done."""
    ids = {line.union.id for line in clean if line.union}
    held = select(Union.id).where(Union.id.in_(ids), Union.dissolved_on.is_(None)).order_by(Union.id)
    if set(work.session.scalars(held.with_for_update(read=True))) != ids:
        raise Refused(["no_union_to_join"])


def _admit_each(work: Work, clean: Sequence[Line], today: date, until: datetime) -> None:
    """CH-2 for each: a person nobody knew before, a ledger entry, a card, an act, a message."""
    employers = _employers(work.session, clean)
    asked = [(row.join, line.union, row) for line in clean if (row := line.application).join and line.union]
    joined = [
        (_person(join, employers.get((join.employer_name, union.county_code))), union, row.number)
        for join, union, row in asked
    ]
    before = [as_it_is(line.application) for line in clean]
    for _join, union, row in asked:
        row.union_id, row.holder_id = union.id, work.by.desk_id
    work.session.add_all(person for person, _union, _number in joined)
    work.session.flush()
    join_each(work, joined, today)
    issue_first_cards(work, [person for person, _union, _number in joined])
    acts = [take_step(work, line.application, Step.APPROVED) for line in clean]
    work.session.flush()
    if until > work.now:
        work.session.add_all(
            kept_of(work, act, line.application, until, _nothing_overwritten(found))
            for act, line, found in zip(acts, clean, before, strict=True)
        )
    tell_each(work, [line.application for line in clean], Step.APPROVED, until)


def _nothing_overwritten(found: Kept) -> Kept:
    return {**found, "rows": []}


def _person(join: JoinDetails, employer_id: int | None) -> Person:
    return Person(
        code=new_code(CODE_LENGTH),
        name=join.name,
        sex=join.sex,
        born_on=join.born_on,
        group=join.group or "other",
        relation=join.relation,
        work_region=join.work_region,
        home_region=join.home_region,
        phone_confirmed_at=join.phone_confirmed_at,
        employer_id=employer_id,
        **kept_numbers(join.identity, join.phone),
    )


def _employers(session: Session, clean: Sequence[Line]) -> dict[tuple[str, str], int]:
    """Employers by name and county, the first of a name."""
    names = {line.application.join.employer_name for line in clean if line.application.join} - {""}
    found = select(Employer.name, Employer.county_code, Employer.id).where(Employer.name.in_(names))
    return {(name, county): number for name, county, number in session.execute(found.order_by(Employer.id.desc()))}


def _fitting(numbers: Sequence[str]) -> str:
    """As many of the numbers as one audit line holds."""
    text = " ".join(numbers)
    return text if len(text) <= _AUDIT_NOTE else text[: _AUDIT_NOTE - 2].rpartition(" ")[0] + " …"
