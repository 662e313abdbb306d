"""Members' cards (会员证), and looks at full identity numbers (查看记录)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from enrollment.storage.people import Person
from enrollment.storage.tables import Base, Instant, RegionCode, Word


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
    reason: Mapped[str] = mapped_column(String(200))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    territory_code: Mapped[str | None] = mapped_column(RegionCode)
    as_of: Mapped[date | None]
