"""What cadres keep at hand at the desk (常用): filters saved under a name, ready sentences of a county (常用语)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from enrollment.storage.tables import Base, Instant, RegionCode, Word

LONGEST_NAME = 40
"""Characters of the name of a saved filter."""

LONGEST_SENTENCE = 200
"""Characters of a ready sentence."""


class SavedFilter(Base):
    """A filter of the queue under a name, for one account alone. ``query``: as it stands in an address, normalized."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    query: Mapped[str] = mapped_column(String(1500))
    saved_at: Mapped[datetime] = mapped_column(Instant)


class ReadySentence(Base):
    """A sentence a county has ready for its decisions (常用语), from ``written_at`` until ``ended_at``.

    One is never changed: it ends, and another takes its position. ``purpose`` is of ``rules/sentences.py``.
    """

    __tablename__ = "ready_sentences"
    __table_args__ = (
        Index(
            "uq_ready_sentences_current",
            "county_code",
            "purpose",
            "position",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "county_code", "purpose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    county_code: Mapped[str] = mapped_column(RegionCode)
    purpose: Mapped[str] = mapped_column(Word)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(LONGEST_SENTENCE))
    written_at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
