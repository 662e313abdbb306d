"""Members' cards (会员证), and looks at full identity numbers (查看记录)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, and_, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from enrollment.rules.regions import PREFECTURE
from enrollment.storage.accounts import Account
from enrollment.storage.applications import LINK_LENGTH, JoinDetails
from enrollment.storage.database import Work
from enrollment.storage.ledger import Membership
from enrollment.storage.people import Person
from enrollment.storage.tables import Base, Instant, RegionCode, Word, new_code
from enrollment.storage.unions import Union

CODE_LENGTH = 12
"""Characters of a card's code, five bits each: nobody finds a valid one by trying."""

LONGEST_REASON = 200
"""Characters of the reason for a look."""


class Card(Base):
    """A member's card. ``link`` opens the member's own page; ``code`` goes into the QR and proves validity alone."""

    __tablename__ = "cards"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    link: Mapped[str] = mapped_column(String(32), unique=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    issued_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship(lazy="raise")


class Look(Base):
    """One look at full identity numbers: at one application, at one person, or at all members of an export.

    Exactly one of ``application_id``, ``person_id`` and ``territory_code`` (with ``as_of``) is set.
    """

    __tablename__ = "looks"
    __table_args__ = (Index(None, "territory_code", "as_of"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[str] = mapped_column(Word)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    territory_code: Mapped[str | None] = mapped_column(RegionCode)
    as_of: Mapped[date | None]


@dataclass(frozen=True, slots=True)
class Seen:
    """A look as the worker reads it: by role and county, never by the cadre's name.

    ``county``: the territory of the account, empty for the command line. ``exported``: with all members of it.
    """

    at: datetime
    role: str
    county: str
    reason: str
    exported: bool


def issue_card(work: Work, person: Person) -> Card:
    """The person's card, made now if there is none yet (CH-2: approved, and given the card)."""
    card = work.session.scalar(select(Card).where(Card.person_id == person.id))
    if card is None:
        card = Card(person_id=person.id, link=new_code(LINK_LENGTH), code=new_code(CODE_LENGTH), issued_at=work.now)
        work.session.add(card)
        work.session.flush()
    return card


def issue_first_cards(work: Work, people: Iterable[Person]) -> None:
    """Cards of people who have none, in one go."""
    work.session.add_all(
        Card(person_id=person.id, link=new_code(LINK_LENGTH), code=new_code(CODE_LENGTH), issued_at=work.now)
        for person in people
    )


def keep_look(work: Work, reason: str, **at: int | str | date) -> None:
    """Write down whose full numbers are shown: ``application_id``, ``person_id`` or ``territory_code``, ``as_of``."""
    work.session.add(Look(at=work.now, account_id=work.by.account_id, role=work.by.role, reason=reason, **at))


def looks_at_person(session: Session, person: Person) -> list[Seen]:
    """Every look at a person's numbers, newest first: on the page, on an application, in an export of members.

    An export counts when the person was an active member, on its day, of a union in its territory.
    """
    applied = select(JoinDetails.application_id).where(JoinDetails.identity_match == person.identity_match)
    held = select(Membership.id).join(Union, Union.id == Membership.union_id).where(Membership.person_id == person.id)
    held = held.where(Look.territory_code.in_((PREFECTURE, Union.county_code)), Membership.from_on <= Look.as_of)
    held = held.where(or_(Membership.until_on.is_(None), Membership.until_on > Look.as_of))
    exported = and_(Look.territory_code.is_not(None), held.correlate(Look).exists())
    return _seen(session, or_(Look.person_id == person.id, Look.application_id.in_(applied), exported))


def looks_at_application(session: Session, application_id: int) -> list[Seen]:
    """Every look at the numbers of one application, newest first."""
    return _seen(session, Look.application_id == application_id)


def _seen(session: Session, which: ColumnElement[bool]) -> list[Seen]:
    found = select(Look, Account.territory_code).outerjoin(Account, Account.id == Look.account_id)
    rows = session.execute(found.where(which).order_by(Look.id.desc()))
    return [
        Seen(look.at, look.role, county or "", look.reason, exported=look.territory_code is not None)
        for look, county in rows
    ]
