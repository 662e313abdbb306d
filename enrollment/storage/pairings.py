"""Pairings (结对指导): who guides which employer, what is next, and the contacts. Nothing is ever changed."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ScalarSelect,
    Select,
    String,
    UniqueConstraint,
    and_,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from enrollment.rules.pairing import PairingEntry, guide_objections
from enrollment.storage.accounts import Account
from enrollment.storage.database import Work
from enrollment.storage.failures import Refused
from enrollment.storage.neighbors import without_union
from enrollment.storage.tables import Base, Instant, Word
from enrollment.storage.unions import Coverage, Employer
from enrollment.storage.visits import Visit

LONGEST_STEP = 60
LONGEST_NOTE = 200
LONGEST_WORDS = 500


class Pairing(Base):
    """One entry of an employer's pairing: all that holds from ``from_on`` on, until its next entry.

    ``account_id``: the guide, None where nobody is needed any more; ``paired_on``: since when it has had a guide
    without a break, whoever it was. ``kind`` is of ``rules.pairing.PairingEntry``.
    """

    __tablename__ = "pairings"
    __table_args__ = (
        UniqueConstraint("employer_id", "ordinal"),
        CheckConstraint("(step = '') = (due_on IS NULL)", "step_has_a_day"),
        CheckConstraint("account_id IS NOT NULL OR step = ''", "step_has_a_guide"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    ordinal: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[str] = mapped_column(Word)
    from_on: Mapped[date]
    paired_on: Mapped[date]
    step: Mapped[str] = mapped_column(String(LONGEST_STEP), default="")
    due_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    guide: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=account_id)


class PairingContact(Base):
    """One contact with an employer (联系记录), logged by an account. ``way`` is of ``rules.pairing.ContactWay``."""

    __tablename__ = "pairing_contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    contacted_on: Mapped[date]
    way: Mapped[str] = mapped_column(Word)
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)


def holds() -> ColumnElement[bool]:
    """The condition that a pairing is the one of the employer of the row now, where that has no union.

    It is the last entry, names a guide, and no union has covered the employer since.
    """
    later = aliased(Pairing)
    newer = select(later.id).where(later.employer_id == Pairing.employer_id, later.ordinal > Pairing.ordinal)
    since = or_(Coverage.until_on.is_(None), Coverage.until_on > Pairing.from_on)
    formed = select(Coverage.id).where(Coverage.employer_id == Pairing.employer_id, since)
    return and_(
        Pairing.employer_id == Employer.id,
        Pairing.account_id.is_not(None),
        ~newer.correlate(Pairing).exists(),
        ~formed.correlate(Pairing).exists(),
    )


def guidance(employer_id: int, on: date) -> Select[*tuple[Any, ...]]:
    """Of an employer without a union its last contact, and the guide with the next step where it has one."""
    columns = select(
        Pairing.step,
        Pairing.due_on,
        Pairing.paired_on,
        Account.login,
        Account.name,
        Account.active,
        last_contact().label("contact_on"),
    )
    held = columns.select_from(Employer).outerjoin(Pairing, holds())
    held = held.outerjoin(Account, Account.id == Pairing.account_id)
    return held.where(Employer.id == employer_id, without_union(on))


def last_contact() -> ScalarSelect[date]:
    """The day of the last contact with the employer of the row; a visit to it is one (domain 10.2)."""
    logged = select(PairingContact.contacted_on.label("on")).where(PairingContact.employer_id == Employer.id)
    visited = select(Visit.visited_on.label("on")).where(Visit.employer_id == Employer.id)
    both = union_all(logged.correlate(Employer), visited.correlate(Employer)).subquery()
    return select(func.max(both.c.on)).correlate(Employer).scalar_subquery()


def record_entry(
    work: Work,
    employer_id: int,
    before: Pairing | None,
    *,
    guide: int | None,
    kind: PairingEntry,
    on: date,
    step: str = "",
    due_on: date | None = None,
    note: str = "",
) -> Pairing:
    """Add what holds from now on. ``before``: the pairing that held until now; None where there was none.

    Two at once for the same employer are a ``Conflict`` for the second.
    """
    last = select(func.max(Pairing.ordinal)).where(Pairing.employer_id == employer_id)
    entry = Pairing(
        employer_id=employer_id,
        ordinal=(work.session.scalar(last) or 0) + 1 if before is None else before.ordinal + 1,
        account_id=guide,
        kind=kind,
        from_on=on,
        paired_on=before.paired_on if before else on,
        step=step,
        due_on=due_on,
        note=note,
        recorded_by=work.by.account_id,
        recorded_at=work.now,
    )
    work.session.add(entry)
    return entry


def hand_over(
    work: Work,
    from_account: Account,
    to_account: Account,
    *,
    on: date,
    counties: Collection[str],
    employers: Collection[str] | None = None,
) -> list[str]:
    """Move the pairings one guide has in ``counties`` to another, each with its next step; gives the employers' codes.

    ``employers``: codes of those to move, None for all. All or none: raises ``Refused`` when the other may not guide
    one of them. The caller's transaction writes the audit line.
    """
    held = select(Pairing, Employer.code, Employer.county_code).join(Employer, holds())
    held = held.where(Pairing.account_id == from_account.id, Employer.county_code.in_(counties), without_union(on))
    if employers is not None:
        held = held.where(Employer.code.in_(employers))
    rows = work.session.execute(held.order_by(Employer.id)).all()
    there = {county for _pairing, _code, county in rows}
    against = [guide_objections(to_account.territory_code, county, active=to_account.may_guide) for county in there]
    same = ("same_guide",) if from_account.id == to_account.id else ()
    reasons = dict.fromkeys(code for codes in (same, *against) for code in codes)
    if reasons:
        raise Refused(reasons)
    for before, _code, _county in rows:
        record_entry(
            work,
            before.employer_id,
            before,
            guide=to_account.id,
            kind=PairingEntry.HANDED_OVER,
            on=on,
            step=before.step,
            due_on=before.due_on,
        )
    return [code for _pairing, code, _county in rows]
