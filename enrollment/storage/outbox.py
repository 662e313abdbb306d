"""The outbox (待发消息): messages written in the transaction of an act, sent later, retried, never twice."""

from datetime import datetime

from sqlalchemy import ColumnElement, Index, LargeBinary, String, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from enrollment.storage.tables import Base, Instant, RegionCode, Sealed, Word


def _while_open(column: str) -> Index:
    """An index of the few messages that are not done with: what was sent or given up costs nothing to pass over."""
    there = text(f"{column} IS NOT NULL")
    return Index(f"ix_messages_{column}", column, sqlite_where=there, postgresql_where=there)


_STUCK = "next_at IS NULL AND sent_at IS NULL AND failure <> ''"


class Message(Base):
    """One text message. ``key`` tells one occasion, so that nothing is queued twice for it.

    ``next_at``: when it may be tried (again); None once it is sent or given up. ``claimed_until``: held by a sender.
    Once it is done with, phone and values are dropped: that it was sent, and when, remains. ``subject``: the number of
    the application it tells of, with its county; none for codes.
    """

    __tablename__ = "messages"
    __table_args__ = (
        _while_open("next_at"),
        _while_open("claimed_until"),
        Index("ix_messages_stuck", "county_code", sqlite_where=text(_STUCK), postgresql_where=text(_STUCK)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    phone: Mapped[str] = mapped_column(Sealed("phone"))
    phone_match: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    template: Mapped[str] = mapped_column(Word)
    values: Mapped[str] = mapped_column(Sealed("message"))
    queued_at: Mapped[datetime] = mapped_column(Instant)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    failure: Mapped[str] = mapped_column(String(120), default="")
    receipt: Mapped[str] = mapped_column(String(80), default="")
    subject: Mapped[str | None] = mapped_column(String(20), index=True)
    county_code: Mapped[str | None] = mapped_column(RegionCode)


def is_stuck() -> ColumnElement[bool]:
    """Given up: neither sent nor tried again, for a reason."""
    return and_(Message.next_at.is_(None), Message.sent_at.is_(None), Message.failure != "")


class PhoneCode(Base):
    """A six-digit code sent to a phone (短信验证码), kept as a keyed hash. ``purpose``: what it confirms."""

    __tablename__ = "phone_codes"
    __table_args__ = (
        Index(None, "phone_match", "sent_at"),
        Index(None, "address_match", "sent_at"),
        Index(None, "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(Word)
    phone_match: Mapped[bytes] = mapped_column(LargeBinary(32))
    address_match: Mapped[bytes] = mapped_column(LargeBinary(32))
    code_match: Mapped[bytes] = mapped_column(LargeBinary(32))
    sent_at: Mapped[datetime] = mapped_column(Instant)
    wrong_tries: Mapped[int] = mapped_column(default=0)
