"""Referrals (转介) to the unions of the Corps (兵团), ROUTE-10. No personal data: what was asked, not who asked."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from enrollment.storage.tables import Base, Instant, RegionCode, Word


class Referral(Base):
    """One referral. ``code`` is on the slip the worker shows; ``county_code``: whose cadres can follow it up."""

    __tablename__ = "referrals"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    county_code: Mapped[str] = mapped_column(RegionCode, index=True)
    work_region: Mapped[str | None] = mapped_column(RegionCode)
    group: Mapped[str | None] = mapped_column(Word)
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)
