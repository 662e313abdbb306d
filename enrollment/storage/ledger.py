"""The ledger's table, and what is derived from it for counting: memberships and daily changes per union."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from enrollment.rules import ledger as rules
from enrollment.storage.database import Work
from enrollment.storage.failures import Refused
from enrollment.storage.people import Person
from enrollment.storage.tables import Base, Instant, Word
from enrollment.storage.unions import Union


class LedgerEntry(Base):
    """One line of the ledger (会籍变化), append-only."""

    __tablename__ = "ledger_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    union_id: Mapped[int] = mapped_column(ForeignKey("unions.id"), index=True)
    kind: Mapped[str] = mapped_column(Word)
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    document: Mapped[str] = mapped_column(String(120), default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"))

    def as_fact(self) -> rules.Entry:
        """What the rulebook needs of this line."""
        kind = rules.EntryKind(self.kind)
        return rules.Entry(self.id, kind, str(self.union_id), self.effective_on, self.corrects_id)


class Membership(Base):
    """A period of active membership (在籍时段), derived from the ledger in the same transaction.

    From ``from_on`` (inclusive) until ``until_on`` (exclusive). One open period per person (CH-10).
    """

    __tablename__ = "memberships"
    __table_args__ = (
        Index(
            "uq_memberships_person_current",
            "person_id",
            unique=True,
            sqlite_where=text("until_on IS NULL"),
            postgresql_where=text("until_on IS NULL"),
        ),
        Index(None, "union_id", "from_on"),
        CheckConstraint("until_on IS NULL OR until_on > from_on", "dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    union_id: Mapped[int] = mapped_column(ForeignKey("unions.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class MemberChange(Base):
    """By how much a union's members changed on a day: the sum up to a date is STAT-6 without reading members."""

    __tablename__ = "member_changes"

    union_id: Mapped[int] = mapped_column(ForeignKey("unions.id"), primary_key=True)
    changed_on: Mapped[date] = mapped_column(primary_key=True)
    change: Mapped[int]


def counts() -> ColumnElement[bool]:
    """Whether an entry of the statement around it counts: it is no correction, and none voids it."""
    correction = aliased(LedgerEntry)
    voiding = select(correction.id).where(
        correction.person_id == LedgerEntry.person_id, correction.corrects_id == LedgerEntry.id
    )
    return and_(LedgerEntry.kind != rules.EntryKind.CORRECTED, ~voiding.correlate(LedgerEntry).exists())


def has_counted() -> ColumnElement[bool]:
    """Whether the person of the statement around it has an entry that counts (``rules.ledger.has_counted``)."""
    entered = select(LedgerEntry.id).where(LedgerEntry.person_id == Person.id, counts())
    return entered.correlate(Person).exists()


def history(session: Session, person_id: int) -> list[rules.Entry]:
    """All entries of a person as facts, in order of record."""
    rows = session.scalars(select(LedgerEntry).where(LedgerEntry.person_id == person_id).order_by(LedgerEntry.id))
    return [row.as_fact() for row in rows]


def position_of(session: Session, person_id: int, on: date) -> rules.Position:
    """Where a person stands on a day."""
    return rules.standing_on(history(session, person_id), on)


def record_each(
    work: Work, person: Person, entries: Iterable[tuple[rules.EntryKind, str]], on: date, document: str
) -> None:
    """Several entries of one day, each at its union."""
    told = list(entries)
    reserve(work.session, {int(union) for _kind, union in told}, on)
    for kind, union in told:
        record(work, person, work.session.get_one(Union, int(union)), kind, on, document=document)


def reserve(session: Session, union_ids: Collection[int], on: date) -> None:
    """Take the sums of the day of several unions in one order, before entries change them one after the other.

    So that who moves one way and who moves the other at the same moment wait for each other, never in a circle.
    """
    if len(union_ids) > 1:
        for union_id in sorted(union_ids):
            _add(session, union_id, on, 0)


def record(
    work: Work,
    person: Person,
    union: Union,
    kind: rules.EntryKind,
    effective_on: date,
    *,
    document: str = "",
    corrects_id: int | None = None,
) -> LedgerEntry:
    """Add one entry and bring the derived tables in line; raises ``Refused`` with what the rules object."""
    known = history(work.session, person.id)
    next_number = max((entry.number for entry in known), default=0) + 1
    reasons = rules.objections(known, rules.Entry(next_number, kind, str(union.id), effective_on, corrects_id))
    if reasons:
        raise Refused(reasons)
    entry = LedgerEntry(
        person_id=person.id,
        union_id=union.id,
        kind=kind,
        effective_on=effective_on,
        recorded_at=work.now,
        account_id=work.by.account_id,
        document=document,
        corrects_id=corrects_id,
    )
    work.session.add(entry)
    work.session.flush()
    derive(work.session, person.id, rules.stints([*known, entry.as_fact()]))
    return entry


def join_each(work: Work, joined: Sequence[tuple[Person, Union, str]], on: date) -> None:
    """The first entry that counts of people of this transaction, each with the number of its document, in one go.

    Whatever they have in the ledger was corrected away: there is nothing to object to and one period to derive.
    """
    for person, union, document in joined:
        entry = LedgerEntry(
            person_id=person.id,
            union_id=union.id,
            kind=rules.EntryKind.JOINED,
            effective_on=on,
            recorded_at=work.now,
            account_id=work.by.account_id,
            document=document,
        )
        work.session.add_all([entry, Membership(person_id=person.id, union_id=union.id, from_on=on)])
    work.session.flush()
    for union_id, number in sorted(Counter(union.id for _person, union, _document in joined).items()):
        _add(work.session, union_id, on, number)


def derive(session: Session, person_id: int, stints: Sequence[rules.Stint]) -> None:
    """Make the person's memberships, and the changes they cause, equal to ``stints``.

    Only the sums of days on which something changes are touched, always in one order, so that many moves at once wait
    for each other and never in a circle.
    """
    changes: Counter[tuple[int, date]] = Counter()
    stored = {
        rules.Stint(str(row.union_id), row.from_on, row.until_on): row
        for row in session.scalars(select(Membership).where(Membership.person_id == person_id))
    }
    for stint, row in stored.items():
        if stint not in stints:
            session.delete(row)
            _change(changes, stint, -1)
    session.flush()  # the old open period goes before the new one comes
    for stint in stints:
        if stint not in stored:
            union_id = int(stint.union)
            session.add(
                Membership(
                    person_id=person_id,
                    union_id=union_id,
                    from_on=stint.from_on,
                    until_on=stint.until_on,
                )
            )
            _change(changes, stint, +1)
    session.flush()
    for (union_id, changed_on), change in sorted(changes.items()):
        if change:
            _add(session, union_id, changed_on, change)


def _change(changes: Counter[tuple[int, date]], stint: rules.Stint, sign: int) -> None:
    """Put down in ``changes`` what a period that comes (+1) or goes (-1) does to the sums of its days."""
    changes[int(stint.union), stint.from_on] += sign
    if stint.until_on:
        changes[int(stint.union), stint.until_on] -= sign


def _add(session: Session, union_id: int, changed_on: date, change: int) -> None:
    """Add to the day's change in one statement, so that two who are admitted at once do not meet."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if on_postgresql else sqlite.insert
    row = insert(MemberChange).values(union_id=union_id, changed_on=changed_on, change=change)
    summed = {"change": MemberChange.change + row.excluded.change}
    session.execute(row.on_conflict_do_update(index_elements=["union_id", "changed_on"], set_=summed))
