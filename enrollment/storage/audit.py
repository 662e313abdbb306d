"""Audit (审计): every act, who, when, on what. No personal data in clear."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from enrollment.storage.tables import Base, Instant, Word


class AuditEntry(Base):
    """One act (审计记录). ``subject`` is a public code, ``note`` a reason or count."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    actor: Mapped[str] = mapped_column(String(60))
    act: Mapped[str] = mapped_column(Word)
    subject: Mapped[str] = mapped_column(String(60), index=True)
    note: Mapped[str] = mapped_column(String(500), default="")
