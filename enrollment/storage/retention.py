"""The run that drops what is over its period (保存期限): in small batches, each one act with its audit line.

A run can be broken off and begun again: what a batch has dropped is counted with it, and no later run finds it.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import JSON, String, delete, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column

from enrollment.rules.access import Act, Actor
from enrollment.rules.applications import Step
from enrollment.rules.retention import AHEAD_DAYS, Hold, Matter, Periods, is_due, is_over, last_movement
from enrollment.rules.stages import Ball, FoundingStep
from enrollment.storage.accounts import SignIn
from enrollment.storage.applications import Application, take_step
from enrollment.storage.database import Work, db, transaction
from enrollment.storage.erasing import drop_contacts, drop_joining, drop_person, drop_request
from enrollment.storage.failures import Conflict
from enrollment.storage.outbox import Message, PhoneCode
from enrollment.storage.overdue import BATCH, Kept, Which, day_of, kept
from enrollment.storage.people import Person
from enrollment.storage.procedures import founding_where, take
from enrollment.storage.tables import Base, Instant

ABANDONED = "abandoned"
"""Why the product itself ends what nobody went on with, before its data is dropped."""

_LOCKED: dict[Matter, type[Person | Message | SignIn | PhoneCode]] = {
    Matter.FORMER_MEMBER: Person,
    Matter.MESSAGE: Message,
    Matter.SIGN_IN: SignIn,
    Matter.CODE: PhoneCode,
}


@dataclass(slots=True)
class Tally:
    """What was found of one matter: due (or dropped), held back, due soon; ``oldest``: the first day of movement."""

    due: int = 0
    held: int = 0
    ahead: int = 0
    oldest: date | None = None


Tallies = dict[tuple[str, Matter], Tally]
"""By county (the prefecture for what lies in none) and matter."""


class RetentionRun(Base):
    """One run: when, by whom, with which periods, and how much was dropped. It holds no personal data.

    ``automatic_on``: the day, of the one run a day that the product makes by itself. ``ended_at`` is None for one that
    was broken off. ``counts``: by county and matter due (which was dropped), held and ahead.
    """

    __tablename__ = "retention_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(60))
    automatic_on: Mapped[date | None] = mapped_column(unique=True)
    periods: Mapped[dict[str, int]] = mapped_column(JSON)
    counts: Mapped[list[dict[str, str | int]]] = mapped_column(JSON, default=list)


@dataclass(slots=True)
class _Found:
    periods: Periods
    today: date
    tallies: Tallies = field(default_factory=dict)

    def add(self, rows: Collection[Kept]) -> list[int]:
        """Count rows; gives the ids of those that are due. Who is a member still is held by that, and not counted."""
        soon = self.today + timedelta(days=AHEAD_DAYS)
        due = []
        for row in rows:
            if is_due(row.record, self.periods, self.today):
                due.append(row.row_id)
            elif Hold.MEMBERSHIP in row.record.holds:
                continue
            elif is_over(row.record, self.periods, self.today):
                self._tally(row).held += 1
            elif is_due(row.record, self.periods, soon):
                self._tally(row).ahead += 1
        return due

    def add_due(self, rows: Collection[Kept]) -> None:
        """Count rows that are dropped, or would be."""
        for row in rows:
            tally, moved_on = self._tally(row), row.record.moved_on
            tally.due += 1
            tally.oldest = min(tally.oldest or moved_on, moved_on)

    def _tally(self, row: Kept) -> Tally:
        return self.tallies.setdefault((row.county, row.record.matter), Tally())

    @property
    def counts(self) -> list[dict[str, str | int]]:
        """As it is kept with the run."""
        return [
            {"county": county, "matter": matter, "due": tally.due, "held": tally.held, "ahead": tally.ahead}
            for (county, matter), tally in sorted(self.tallies.items())
        ]


def what_is_due(periods: Periods, now: datetime) -> Tallies:
    """What a run would drop; changes nothing."""
    found = _Found(periods, day_of(now))
    for matter in Matter:
        for rows in _batches(matter, found):
            due = set(found.add(rows))
            found.add_due([row for row in rows if row.row_id in due])
    return found.tallies


def drop_what_is_due(
    periods: Periods,
    *,
    by: Actor,
    now: datetime,
    automatic: bool = False,
    go_on: Callable[[], bool] = lambda: True,
) -> Tallies | None:
    """Drop what is over its period and held by nothing; what nobody went on with is withdrawn before.

    ``automatic``: the one run of the day; None when somebody else makes it. ``go_on`` is asked between batches.
    """
    found = _Found(periods, day_of(now))
    try:
        run_id = _begin(periods, by, now, found.today if automatic else None)
    except Conflict:
        return None
    for matter in Matter:
        for rows in _batches(matter, found):
            due = found.add(rows)
            if due:
                _drop_batch(matter, due, found, run_id, by=by, now=now)
            if not go_on():
                return found.tallies
    with transaction(by=by, act=Act.DROP_DATA, now=now) as work:
        run = work.session.get_one(RetentionRun, run_id)
        run.counts, run.ended_at = found.counts, now
        work.note = f"ended: {sum(tally.due for tally in found.tallies.values())}"
    return found.tallies


def _begin(periods: Periods, by: Actor, now: datetime, automatic_on: date | None) -> int:
    with transaction(by=by, act=Act.DROP_DATA, now=now) as work:
        days = asdict(periods)
        run = RetentionRun(begun_at=now, actor=by.name, automatic_on=automatic_on, periods=days, counts=[])
        work.session.add(run)
        work.session.flush()
        work.note = "begun"
        return run.id


def _batches(matter: Matter, found: _Found) -> Iterator[list[Kept]]:
    """Everything kept as ``matter`` that is due soon or before, batch after batch."""
    until, after, rows = last_movement(matter, found.periods, found.today + timedelta(days=AHEAD_DAYS)), 0, None
    while rows is None or len(rows) == BATCH:
        with Session(db.engine) as session:
            rows = kept(session, matter, Which(until, after))
        yield rows
        after = rows[-1].row_id if rows else after


def _drop_batch(matter: Matter, due: Collection[int], found: _Found, run_id: int, *, by: Actor, now: datetime) -> None:
    """Drop those of a batch that are still due once they are ours, in one transaction with the run's new counts."""
    until = last_movement(matter, found.periods, found.today)
    with transaction(by=by, act=Act.DROP_DATA, now=now) as work:
        table = _LOCKED.get(matter, Application)
        work.session.execute(select(table.id).where(table.id.in_(due)).order_by(table.id).with_for_update())
        rows = kept(work.session, matter, Which(until, only=due))
        rows = [row for row in rows if is_due(row.record, found.periods, found.today)]
        _drop(work, matter, [row.row_id for row in rows], found.today)
        found.add_due(rows)
        work.session.get_one(RetentionRun, run_id).counts = found.counts
        work.subject, work.note = matter, f"{len(rows)} dropped"


def _drop(work: Work, matter: Matter, numbers: Collection[int], today: date) -> None:
    if matter is Matter.FORMER_MEMBER:
        for person in work.session.scalars(select(Person).where(Person.id.in_(numbers))).all():
            drop_person(work, person, today)
    elif matter in _LOCKED:
        table = _LOCKED[matter]
        work.session.execute(delete(table).where(table.id.in_(numbers)))
    elif matter in (Matter.DRAFT, Matter.FOUNDING):
        for number in numbers:
            _drop_founding(work, matter, number, today)
    else:
        _drop_applications(work, matter, numbers, today)


def _drop_founding(work: Work, matter: Matter, number: int, today: date) -> None:
    for founding in filter(None, (founding_where(work.session, Application.id == number),)):
        if matter is Matter.DRAFT:
            take(work, founding, FoundingStep.WITHDRAWN, who=Ball.GROUP, reason=ABANDONED)
        drop_contacts(work, founding, today)


def _drop_applications(work: Work, matter: Matter, numbers: Collection[int], today: date) -> None:
    """Joining, and what members asked for."""
    found = select(Application).where(Application.id.in_(numbers))
    for application in work.session.scalars(
        found.options(joinedload(Application.join), joinedload(Application.request))
    ).all():
        if matter is Matter.RETURNED:
            take_step(work, application, Step.WITHDRAWN, reason=ABANDONED)
            work.session.flush()
        if application.join:
            drop_joining(work, application, application.join, today)
        if application.request:
            drop_request(application, application.request, today)
