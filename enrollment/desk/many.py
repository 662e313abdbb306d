"""Approving many applications in one act: looked at together first, and only the clean ones of what was looked at.

Each lookup is made once for all of them, so that five hundred cost hardly more statements than one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from enrollment.desk.holding import claim_from
from enrollment.desk.outlook import Line, assess, chosen
from enrollment.desk.telling import tell_each
from enrollment.desk.undoing import take_back
from enrollment.rules.access import Act, Actor
from enrollment.rules.applications import Step
from enrollment.rules.regions import Territory
from enrollment.rules.undoing import undo_until
from enrollment.storage.applications import Application, ApplicationAct, JoinDetails, take_step
from enrollment.storage.batches import Batch
from enrollment.storage.cards import issue_first_cards
from enrollment.storage.database import Work, db, transaction
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.ledger import has_counted, join_each
from enrollment.storage.people import Person, kept_numbers
from enrollment.storage.reversals import Kept, Reversal, as_it_is, kept_of, row_as_it_is
from enrollment.storage.tables import new_code
from enrollment.storage.unions import Employer, Union

CODE_LENGTH = 8
_AUDIT_NOTE = 500


def approve_many(
    key: str,
    versions: Mapping[str, int],
    *,
    staying: Sequence[str] = (),
    by: Actor,
    now: datetime,
    today: date,
    undo_minutes: int,
) -> Batch:
    """Approve the clean ones among those looked at (``versions``: number → version) in one transaction.

    The others stay, with their reasons, and so do those that were ``staying`` when they were looked at. A second tap
    with the same ``key`` gives the first result. Raises ``Refused`` when nothing is left to approve, ``Missing`` for
    somebody else's key.
    """
    with transaction(by=by, act=Act.DECIDE_APPLICATION, now=now) as work:
        territory = by.territory or Territory("")
        locked = work.session.scalars(chosen(territory, [*versions, *staying]).with_for_update(of=Application)).all()
        done = work.session.scalar(select(Batch).where(Batch.key == key))  # a tap at the same time has waited till here
        if done:
            if done.account_id != by.account_id:
                raise Missing
            work.subject, work.note = str(len(done.approved)), "sent again"
            return done
        lines = assess(work.session, locked, by, today, versions)
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

    What stays approved is kept with its reasons. A second tap changes nothing. Raises ``Missing`` for somebody else's,
    ``Refused`` once the decisions stand.
    """
    with transaction(by=by, act=Act.UNDO_DECISION, now=now) as work:
        batch = work.session.scalar(select(Batch).where(Batch.code == code, Batch.account_id == by.account_id))
        if batch is None:
            raise Missing
        found = _held(work, batch)
        if not found:
            if set(batch.approved) - set(work.session.scalars(_undone_of(batch))):
                raise Refused(["undo_too_late"])
            work.note = "sent again"
            return
        matches = [row.join.identity_match for row, _kept in found if row.join]
        people = select(Person.id).where(Person.identity_match.in_(matches)).order_by(Person.id).with_for_update()
        work.session.execute(people)  # and all people before the first is touched
        stand = {}
        for row, kept in found:
            try:
                take_back(work, row, kept)
            except Refused as no:
                stand[row.number] = list(no.reasons)
        undone = [row.number for row, _kept in found if row.number not in stand]
        batch.left = {number: codes for number, codes in batch.left.items() if number not in batch.approved} | stand
        work.subject, work.note = str(len(undone)), _fitting(undone)


@dataclass(frozen=True, slots=True)
class Result:
    """What one act did, case by case as it stands now, and until when it can be undone (None: not any more).

    ``stand``: number → why it was not undone with the others.
    """

    batch: Batch
    approved: list[Application]
    stand: dict[str, list[str]]
    left: list[tuple[Application, list[str]]]
    until: datetime | None


def result(territory: Territory, code: str, by: Actor, now: datetime) -> Result | None:
    """The result of one's own act on many."""
    batch = db.session.scalar(select(Batch).where(Batch.code == code, Batch.account_id == by.account_id))
    if batch is None:
        return None
    rows = {row.number: row for row in db.session.scalars(chosen(territory, [*batch.approved, *batch.left]))}
    until = db.session.scalars(_kept_of(batch, now).with_only_columns(Reversal.until)).first()
    return Result(
        batch,
        [rows[number] for number in batch.approved if number in rows],
        {number: codes for number, codes in batch.left.items() if number in batch.approved},
        [(rows[number], codes) for number, codes in batch.left.items() if number in rows.keys() - batch.approved],
        until,
    )


def _kept_of(batch: Batch, now: datetime) -> Select[Reversal]:
    """What can still be undone of it."""
    found = select(Reversal).join(Application, Application.id == Reversal.application_id)
    mine = (Application.number.in_(batch.approved), Reversal.account_id == batch.account_id, Reversal.until > now)
    return found.where(*mine).order_by(Reversal.application_id)


def _held(work: Work, batch: Batch) -> list[tuple[Application, Reversal]]:
    """What can still be undone of it: the cases are locked before what is kept of them, as when one is undone."""
    undoable = _kept_of(batch, work.now)
    ids = undoable.with_only_columns(Reversal.application_id).order_by(None)
    rows = select(Application).where(Application.id.in_(ids)).order_by(Application.id)
    whole = (joinedload(Application.join), joinedload(Application.request), joinedload(Application.acts))
    locked = work.session.scalars(rows.with_for_update(of=Application).options(*whole)).unique().all()
    kept = {row.application_id: row for row in work.session.scalars(undoable.with_for_update(of=Reversal))}
    return [(row, kept[row.id]) for row in locked if row.id in kept]


def _hold_unions(work: Work, clean: Sequence[Line]) -> None:
    """They do not end before this is done."""
    ids = {line.union.id for line in clean if line.union}
    held = select(Union.id).where(Union.id.in_(ids), Union.dissolved_on.is_(None)).order_by(Union.id)
    if set(work.session.scalars(held.with_for_update(read=True))) != ids:
        raise Refused(["no_union_to_join"])


def _admit_each(work: Work, clean: Sequence[Line], today: date, until: datetime) -> None:
    """CH-2 for each: a person who was no member on any day, a ledger entry, a card, an act, a message."""
    employers, left = _employers(work.session, clean), _left_of_undone(work, clean)
    before = [_before(line.application, left) for line in clean]
    asked = [(row.join, line.union, row) for line in clean if (row := line.application).join and line.union]
    joined = [
        (_person(join, employers.get((join.employer_name, union.county_code)), left), union, row.number)
        for join, union, row in asked
    ]
    for line in clean:
        claim_from(work, line.application, line.desk)
    for _join, union, row in asked:
        row.union_id = union.id
    work.session.add_all(person for person, _union, _number in joined)
    work.session.flush()
    join_each(work, joined, today)
    issue_first_cards(work, [person for person, _union, _number in joined])
    acts = [take_step(work, line.application, Step.APPROVED) for line in clean]
    work.session.flush()
    if until > work.now:
        work.session.add_all(
            kept_of(work, act, line.application, until, found)
            for act, line, found in zip(acts, clean, before, strict=True)
        )
    tell_each(work, [line.application for line in clean], Step.APPROVED, until)


def _left_of_undone(work: Work, clean: Sequence[Line]) -> dict[bytes, Person]:
    """Who was taken in and undone before, by the hash of the identity number, held: the one record is used again.

    Whoever became a member meanwhile is not among them, and breaks the constraint: somebody was faster.
    """
    matches = [line.application.join.identity_match for line in clean if line.application.join]
    of_these = Person.identity_match.in_(matches)
    work.session.execute(select(Person.id).where(of_these).order_by(Person.id).with_for_update())
    left = work.session.scalars(select(Person).where(of_these, ~has_counted()))
    return {person.identity_match: person for person in left}


def _before(application: Application, left: Mapping[bytes, Person]) -> Kept:
    person = left.get(application.join.identity_match) if application.join else None
    return {**as_it_is(application), "rows": [row_as_it_is(person)] if person else []}


def _person(join: JoinDetails, employer_id: int | None, left: Mapping[bytes, Person]) -> Person:
    person = left.get(join.identity_match) or Person(code=new_code(CODE_LENGTH), sex=join.sex, born_on=join.born_on)
    told = {
        "name": join.name,
        "group": join.group or "other",
        "relation": join.relation,
        "work_region": join.work_region,
        "home_region": join.home_region,
        "phone_confirmed_at": join.phone_confirmed_at,
        "employer_id": employer_id,
        "closed_at": None,
        "dropped_on": None,
    }
    for column, value in (told | kept_numbers(join.identity, join.phone)).items():
        setattr(person, column, value)
    return person


def _employers(session: Session, clean: Sequence[Line]) -> dict[tuple[str, str], int]:
    """Employers by name and county, the first of a name."""
    names = {line.application.join.employer_name for line in clean if line.application.join} - {""}
    found = select(Employer.name, Employer.county_code, Employer.id).where(Employer.name.in_(names))
    return {(name, county): number for name, county, number in session.execute(found.order_by(Employer.id.desc()))}


def _undone_of(batch: Batch) -> Select[str]:
    """The numbers of what its maker has undone of it."""
    found = select(Application.number).join(ApplicationAct, ApplicationAct.application_id == Application.id)
    found = found.where(Application.number.in_(batch.approved), ApplicationAct.step == Step.UNDONE)
    return found.where(ApplicationAct.account_id == batch.account_id, ApplicationAct.at >= batch.at)


def _fitting(numbers: Sequence[str]) -> str:
    """As many of the numbers as one audit line holds."""
    text = " ".join(numbers)
    return text if len(text) <= _AUDIT_NOTE else text[: _AUDIT_NOTE - 2].rpartition(" ")[0] + " …"
