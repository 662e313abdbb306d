"""Undoing a decision within minutes (撤回): both acts stay in the history, and everything is as it was before."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Select, delete, func, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from enrollment.messages import outbox
from enrollment.rules import undoing as rules
from enrollment.rules.access import Act, Actor
from enrollment.rules.applications import State, Step, state_after
from enrollment.rules.ledger import EntryKind, has_counted
from enrollment.rules.requests import RequestKind
from enrollment.storage.applications import (
    Application,
    ApplicationAct,
    JoinDetails,
    RequestDetails,
    lies_in,
    record_act,
)
from enrollment.storage.cards import Card
from enrollment.storage.database import Work, db, transaction
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.ledger import LedgerEntry, counts, history, record, reserve
from enrollment.storage.people import Person, dropped_phone
from enrollment.storage.reversals import Kept, Reversal, as_it_is, kept_of, put_back, row_as_it_is
from enrollment.storage.unions import Union

LATEST = 3
"""Decisions that the queue offers to undo."""


@dataclass(slots=True)
class Before:
    """What a decision finds: the application, and the rows it is going to overwrite."""

    application: Kept
    rows: list[Kept] = field(default_factory=list)

    def overwrites(self, row: Person | JoinDetails) -> None:
        """Remember a row that is locked, before it is changed."""
        self.rows.append(row_as_it_is(row))


def before(work: Work, application: Application) -> Before:
    """Remember what an approval of this application can overwrite; ``_admit`` adds the person it finds."""
    found = Before(as_it_is(application))
    if application.kind == RequestKind.CORRECT and application.request:
        person = work.session.get_one(Person, application.request.person_id, with_for_update=True)
        found.overwrites(person)
        for told in work.session.scalars(
            select(JoinDetails).where(JoinDetails.identity_match == person.identity_match)
        ):
            found.overwrites(told)
    return found


def keep_for_undo(work: Work, application: Application, act: ApplicationAct, until: datetime, found: Before) -> None:
    """Let the decision be undone until then, where it can be at all."""
    if until > work.now and rules.can_be_undone(application.kind, Step(act.step)):
        work.session.flush()
        work.session.add(kept_of(work, act, application, until, {**found.application, "rows": found.rows}))


def undo_decision(number: str, *, by: Actor, now: datetime) -> Application:
    """Take the last decision back; a second tap changes nothing.

    The ledger is corrected, never rewritten (domain 5). Raises ``Missing`` for what the actor neither decided nor may
    see, ``Refused`` once the decision stands.
    """
    with transaction(by=by, act=Act.UNDO_DECISION, now=now) as work:
        application = _locked(work, number)
        work.subject = application.number
        kept = work.session.scalar(_newest(application.id).with_for_update())
        last = application.acts[-1]
        if kept is None and last.step == Step.UNDONE and last.account_id == by.account_id:
            work.note = "sent again"
        else:
            take_back(work, application, kept)
        return application


def take_back(work: Work, application: Application, kept: Reversal | None) -> None:
    """Undo what is kept of a locked application, or refuse with all reasons and change nothing."""
    acts = {act.id: act for act in application.acts}
    decided = rules.Decided(kept.account_id, kept.until) if kept else None
    person = _person(work, application)
    since = kept is not None and _acted_since(work, application, kept, acts[kept.act_id], person)
    against = partial(rules.objections, decided, work.by.account_id, work.now, acted_since=since)
    reasons = against(message_out=False)
    if kept and not reasons:  # only then the message is dropped
        reasons = against(message_out=not outbox.take_back(work, f"{application.number}:{kept.version}"))
    if reasons or kept is None:
        raise Refused(reasons)
    at = acts[kept.act_id].at
    if person:
        _correct_ledger(work, application, person, at)
    put_back(work, application, json.loads(kept.before))
    if person and not has_counted(history(work.session, person.id)):
        _leave_what_the_ledger_needs(person)
        work.session.execute(delete(Card).where(Card.person_id == person.id))
    record_act(work, application, Step.UNDONE)
    application.state = state_after([*(Step(act.step) for act in acts.values()), Step.UNDONE])
    work.session.delete(kept)


def _locked(work: Work, number: str) -> Application:
    """The application, held until the transaction ends, of the territory or decided by the actor (and passed on)."""
    own = select(Reversal.id).where(
        Reversal.application_id == Application.id, Reversal.account_id == work.by.account_id
    )
    found = select(Application).where(Application.number == number, or_(lies_in(work.by.territory), own.exists()))
    application = work.session.scalar(
        found.with_for_update(of=Application).options(
            joinedload(Application.join), joinedload(Application.request), selectinload(Application.acts)
        )
    )
    if application is None:
        raise Missing
    return application


def _newest(application_id: int) -> Select[Reversal]:
    return select(Reversal).where(Reversal.application_id == application_id).order_by(Reversal.id.desc()).limit(1)


def _person(work: Work, application: Application) -> Person | None:
    """Whom the decision was about, held; None where it made nobody a member."""
    if application.request:
        number = application.request.person_id
        return work.session.get_one(Person, number, with_for_update=True) if number else None
    if application.join is None or application.state != State.APPROVED:
        return None
    found = select(Person).where(Person.identity_match == application.join.identity_match)
    return work.session.scalar(found.with_for_update())


def _entries(work: Work, application: Application, person: Person, at: datetime) -> Sequence[LedgerEntry]:
    """What the decision recorded, last first."""
    made = select(LedgerEntry).where(
        LedgerEntry.person_id == person.id,
        LedgerEntry.document == application.number,
        LedgerEntry.recorded_at == at,
        counts(),
    )
    return work.session.scalars(made.order_by(LedgerEntry.id.desc())).all()


def _acted_since(
    work: Work, application: Application, kept: Reversal, act: ApplicationAct, person: Person | None
) -> bool:
    """Whether anybody built on the decision: at this application, at another of the person, or in the ledger."""
    if application.version != kept.version:
        return True
    identity = person.identity_match if person else application.join and application.join.identity_match
    theirs = select(JoinDetails.application_id).where(JoinDetails.identity_match == identity)
    asked = select(RequestDetails.application_id).where(RequestDetails.person_id == (person.id if person else None))
    later = select(ApplicationAct.id).where(
        ApplicationAct.application_id.in_(union_all(theirs, asked)),
        ApplicationAct.application_id != application.id,
        ApplicationAct.at > act.at,
    )
    if work.session.scalar(later.limit(1)):
        return True
    made = _entries(work, application, person, act.at) if person else ()
    newest = select(func.max(LedgerEntry.id)).where(LedgerEntry.person_id == (person.id if person else None))
    return bool(made) and work.session.scalar(newest) != made[0].id


def _correct_ledger(work: Work, application: Application, person: Person, at: datetime) -> None:
    """A correction for each entry of the decision, as of its own day: every count on every day is as before."""
    made = _entries(work, application, person, at)
    for day in sorted({entry.effective_on for entry in made}):
        reserve(work.session, {entry.union_id for entry in made}, day)
    for entry in made:
        union = work.session.get_one(Union, entry.union_id)
        on, number = entry.effective_on, application.number
        record(work, person, union, EntryKind.CORRECTED, on, document=number, corrects_id=entry.id)


def _leave_what_the_ledger_needs(person: Person) -> None:
    """Who was no member on any day stays as a name and a number, in no register, until the application is dropped."""
    person.relation = person.work_region = person.home_region = person.phone_confirmed_at = person.employer_id = None
    person.group = "other"
    for column, value in dropped_phone().items():
        setattr(person, column, value)


@dataclass(frozen=True, slots=True)
class Undoable:
    """A decision of one's own that can still be undone. ``here``: the case is still in the territory."""

    number: str
    step: str
    until: datetime
    here: bool


def undoable(by: Actor, now: datetime, *, numbers: Collection[str] = ()) -> list[Undoable]:
    """One's own last decisions that can still be undone, newest first; of some applications where they are named."""
    here = lies_in(by.territory)
    found = select(Application.number, ApplicationAct.step, Reversal.until, here)
    found = found.join(Reversal, Reversal.application_id == Application.id)
    found = found.join(ApplicationAct, ApplicationAct.id == Reversal.act_id)
    found = found.where(Reversal.account_id == by.account_id, Reversal.until > now)
    if numbers:
        found = found.where(Application.number.in_(numbers))
    rows = db.session.execute(found.order_by(Reversal.id.desc()).limit(LATEST))
    return [Undoable(name, step, until, bool(is_here)) for name, step, until, is_here in rows]
