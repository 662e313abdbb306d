"""Audit (审计): every act, who, when, on what, append-only and chained by hashes. No personal data in clear."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import ForeignKey, LargeBinary, String, event, func, insert, inspect, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from enrollment.storage.tables import Base, Instant, Word

_BATCH = 1000
_BEFORE_ALL = bytes(32)
_LONGEST_CHANGE = 200

PLAIN: dict[str, tuple[str, ...]] = {
    "accounts": ("role", "territory_code", "active"),
    "applications": ("state", "county_code", "due_on"),
    "coverages": ("from_on", "until_on", "ended_cause"),
    "employers": ("closed_on",),
    "headcounts": ("surveyed_on", "workers"),
    "unions": ("founded_on", "dissolved_on", "dissolved_cause"),
}
"""Table → columns whose values an audit line may show: states and days, nothing about a person."""


class AuditEntry(Base):
    """One act (审计记录). ``subject`` is a public code, ``note`` a reason or count.

    ``before`` and ``after``: what changed of the plain columns (``PLAIN``) of the rows of the act, None where nothing.
    Triggers of the database refuse every change and the deletion; they are no part of the models, only of the
    migrations.
    """

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    actor: Mapped[str] = mapped_column(String(60))
    act: Mapped[str] = mapped_column(Word, index=True)
    subject: Mapped[str] = mapped_column(String(60), index=True)
    note: Mapped[str] = mapped_column(String(500), default="")
    before: Mapped[str | None] = mapped_column(String(_LONGEST_CHANGE))
    after: Mapped[str | None] = mapped_column(String(_LONGEST_CHANGE))


class AuditLink(Base):
    """A link of the chain (审计链): the digest of an entry and of all before it.

    No foreign key, so that a link outlives its entry and tells that it is gone.
    """

    __tablename__ = "audit_links"

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class Changes:
    """What the rows of a session were and are, as far as it is plain; noted at each flush."""

    def __init__(self, session: Session) -> None:
        self._first: dict[tuple[object, str], str] = {}
        self._last: dict[tuple[object, str], str] = {}
        event.listen(session, "before_flush", self._note)

    def _note(self, session: Session, *_context: object) -> None:
        for row in (*session.new, *session.dirty):
            for name in PLAIN.get(getattr(row, "__tablename__", ""), ()):
                history = inspect(row).attrs[name].history
                if history.has_changes() and list(history.added) != list(history.deleted):
                    place = (row, name)
                    self._first.setdefault(place, _shown(name, history.deleted))
                    self._last[place] = _shown(name, history.added)

    def told(self) -> tuple[str | None, str | None]:
        """Before and after, each change named once with how often; None for both where nothing changed."""
        kept = [place for place in self._first if self._first[place] != self._last[place]]
        if not kept:
            return None, None
        counted = Counter((self._first[place], self._last[place]) for place in kept)
        sides = [
            "; ".join(f"{times} × {pair[side]}" if times > 1 else pair[side] for pair, times in counted.items())
            for side in (0, 1)
        ]
        return sides[0][:_LONGEST_CHANGE], sides[1][:_LONGEST_CHANGE]


def _shown(name: str, values: Iterable[object]) -> str:
    value = next(iter(values or ()), None)
    return f"{name}: {'–' if value is None else value}"


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
    if (entry.before, entry.after) != (None, None):  # without either as it was sealed before there were any
        told += [entry.before, entry.after]
    return sha256(before + json.dumps(told, ensure_ascii=False).encode()).digest()
