"""Welfare visits (慰问走访)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from enrollment.storage.tables import Base, Instant, RegionCode, Word
from enrollment.storage.unions import Employer, Union


class Visit(Base):
    """One visit (domain 10.2). ``amount_fen``: goods and money in fen (分); ``code`` goes into the QR."""

    __tablename__ = "visits"
    __table_args__ = (CheckConstraint("people_met >= 0 AND amount_fen >= 0", "not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[str] = mapped_column(Word)
    visited_on: Mapped[date] = mapped_column(index=True)
    county_code: Mapped[str] = mapped_column(RegionCode, index=True)
    region_code: Mapped[str] = mapped_column(RegionCode)
    place: Mapped[str] = mapped_column(String(120))
    union_id: Mapped[int | None] = mapped_column(ForeignKey("unions.id"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"), index=True)
    people_met: Mapped[int]
    goods: Mapped[str] = mapped_column(String(200))
    amount_fen: Mapped[int]
    fund: Mapped[str] = mapped_column(Word)
    note: Mapped[str] = mapped_column(String(500), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)

    union: Mapped[Union | None] = relationship(lazy="raise")
    employer: Mapped[Employer | None] = relationship(lazy="raise")
