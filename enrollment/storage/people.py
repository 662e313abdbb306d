"""People (人员): workers as members or former members."""

from datetime import date, datetime
from secrets import token_bytes
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from enrollment.rules.identity import mask_identity, mask_phone
from enrollment.storage.tables import Base, Instant, RegionCode, Sealed, Word
from enrollment.storage.vault import vault

IDENTITY = "identity"
PHONE = "phone"


class NumbersKept:
    """Identity number and phone: encrypted, with a keyed hash for matching and a mask for lists."""

    identity: Mapped[str] = mapped_column(Sealed(IDENTITY))
    identity_match: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    identity_masked: Mapped[str] = mapped_column(String(18))
    phone: Mapped[str] = mapped_column(Sealed(PHONE))
    phone_match: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    phone_masked: Mapped[str] = mapped_column(String(11))


def kept_numbers(identity: str, phone: str) -> dict[str, Any]:
    """The columns of ``NumbersKept`` for two numbers in normal form; the phone is empty for who has none."""
    kept = {"phone": phone, "phone_match": vault.match(phone, PHONE), "phone_masked": mask_phone(phone)}
    return {
        "identity": identity,
        "identity_match": vault.match(identity, IDENTITY),
        "identity_masked": mask_identity(identity),
        **(kept if phone else dropped_phone()),
    }


def dropped_phone() -> dict[str, Any]:
    """The columns of a phone that is not there (any more): none, and a hash that matches nothing (PRIV-12)."""
    return {"phone": "", "phone_match": token_bytes(32), "phone_masked": ""}


def dropped_identity() -> dict[str, Any]:
    """The columns of an identity number that is not there any more: none, and a hash that matches nothing (PRIV-12)."""
    return {"identity": "", "identity_match": token_bytes(32), "identity_masked": ""}


class Person(NumbersKept, Base):
    """A worker (劳动者). Sex and birth date are read from the number; whoever is listed once is one person.

    ``closed_at``: since when the person wants no page of the own; a new approval opens it again. ``dropped_on``: since
    when only the archive core is kept: name, identity number and, in the ledger, dates (PRIV-12); of who was no
    member on any day the dates alone.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(60), index=True)
    identity_match: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    sex: Mapped[str] = mapped_column(String(1))
    born_on: Mapped[date] = mapped_column(index=True)
    group: Mapped[str] = mapped_column(Word)
    relation: Mapped[str | None] = mapped_column(Word)
    work_region: Mapped[str | None] = mapped_column(RegionCode)
    home_region: Mapped[str | None] = mapped_column(RegionCode)
    phone_confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    dropped_on: Mapped[date | None]
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"), index=True)
