"""Decisions on many applications in one act (批量审批): what was approved, and what stayed and why."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from enrollment.storage.tables import Base, Instant


class Batch(Base):
    """One act on many. ``key`` comes with the form, so that a second tap is the same act.

    ``approved``: numbers of applications; ``left``: numbers with the reason codes for which they
    were left as they were: not approved or, of the approved, not undone with the others.
    """

    __tablename__ = "batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    approved: Mapped[list[str]] = mapped_column(JSON)
    left: Mapped[dict[str, list[str]]] = mapped_column(JSON)
