"""Audit (审计): every act, who, when, on what, append-only and chained by hashes. No personal data in clear."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import ForeignKey, LargeBinary, String, func, insert, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from enrollment.storage.tables import Base, Instant, Word

_BATCH = 1000
_BEFORE_ALL = bytes(32)


class AuditEntry(Base):
    """One act (审计记录). ``subject`` is a public code, ``note`` a reason or count.

    Triggers of the database refuse every change and the deletion; they are no part of the models, only of the
    migrations.
    """

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    actor: Mapped[str] = mapped_column(String(60))
    act: Mapped[str] = mapped_column(Word)
    subject: Mapped[str] = mapped_column(String(60), index=True)
    note: Mapped[str] = mapped_column(String(500), default="")


class AuditLink(Base):
    """A link of the chain (审计链): the digest of an entry and of all before it.

    No foreign key, so that a link outlives its entry and tells that it is gone.
    """

    __tablename__ = "audit_links"

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


@dataclass(frozen=True, slots=True)
class Chain:
    """What verifying found. ``broken``: the first entry that was changed, taken out or put in; None where none was.

    ``sealed`` of ``entries`` have their link; the last ones wait for the next sealing.
    """

    entries: int
    sealed: int
    broken: int | None


def seal(session: Session) -> int:
    """Chain the entries that have no link yet, in the caller's transaction; gives how many.

    Nobody waits for it: while somebody writes an entry PostgreSQL is left alone, and the next sealing takes them all.
    """
    if session.get_bind().dialect.name == "postgresql":
        try:
            # No entry with a smaller number can come once the table is ours.
            session.execute(text("LOCK TABLE audit_entries, audit_links IN SHARE ROW EXCLUSIVE MODE NOWAIT"))
        except OperationalError:
            session.rollback()
            return 0
    last = session.scalar(select(AuditLink).order_by(AuditLink.entry_id.desc()).limit(1))
    waiting = select(AuditEntry).where(AuditEntry.id > (last.entry_id if last else 0)).order_by(AuditEntry.id)
    digest, sealed = last.digest if last else _BEFORE_ALL, 0
    for batch in session.scalars(waiting.execution_options(yield_per=_BATCH)).partitions():
        links = []
        for entry in batch:
            digest = _next(digest, entry)
            links.append({"entry_id": entry.id, "digest": digest})
        session.execute(insert(AuditLink), links)
        sealed += len(links)
    return sealed


def verify(session: Session) -> Chain:
    """Compute the chain anew and compare."""
    entries = session.scalar(select(func.count(AuditEntry.id))) or 0
    sealed = session.scalar(select(func.count(AuditLink.entry_id))) or 0
    first = min((number for number in (_changed(session), _put_in(session)) if number is not None), default=None)
    return Chain(entries, sealed, first)


def _changed(session: Session) -> int | None:
    """The first sealed entry that is gone, or says something else than when it was sealed."""
    chained = select(AuditLink, AuditEntry).outerjoin(AuditEntry, AuditEntry.id == AuditLink.entry_id)
    last, before = None, _BEFORE_ALL
    while True:
        following = chained.where(AuditLink.entry_id > last) if last is not None else chained
        rows = session.execute(following.order_by(AuditLink.entry_id).limit(_BATCH)).all()
        for link, kept in rows:
            entry: AuditEntry | None = kept  # none where it is gone
            if entry is None or _next(before, entry) != link.digest:
                return int(link.entry_id)
            last, before = link.entry_id, link.digest
        session.expunge_all()
        if not rows:
            return None


def _put_in(session: Session) -> int | None:
    """The first entry without a link among those that were sealed."""
    last = select(func.max(AuditLink.entry_id)).scalar_subquery()
    linked = select(AuditLink.entry_id).where(AuditLink.entry_id == AuditEntry.id).exists()
    return session.scalar(select(func.min(AuditEntry.id)).where(AuditEntry.id <= last, ~linked))


def _next(before: bytes, entry: AuditEntry) -> bytes:
    at = entry.at.astimezone(UTC).isoformat()
    told = [entry.id, at, entry.account_id, entry.actor, entry.act, entry.subject, entry.note]
    return sha256(before + json.dumps(told, ensure_ascii=False).encode()).digest()
