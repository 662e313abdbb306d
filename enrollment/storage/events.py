"""Events (入会活动): a joining window, a talk, a ceremony; people may apply from its poster (domain 6.4)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from enrollment.storage.tables import Base, Instant, RegionCode


class Event(Base):
    """One event. It changes nobody's membership (CER-1); ``code`` goes into the QR of its poster."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    held_on: Mapped[date] = mapped_column(index=True)
    county_code: Mapped[str] = mapped_column(RegionCode, index=True)
    region_code: Mapped[str] = mapped_column(RegionCode)
    place: Mapped[str] = mapped_column(String(120))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)
