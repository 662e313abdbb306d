"""Papers of a founding (建会公文): words edited before the issue, frozen after; and document numbers (发文字号)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from enrollment.rules.documents import document_number
from enrollment.rules.papers import PAPERS, Paper, PaperKind, as_dict, from_dict, with_words
from enrollment.storage.database import Work
from enrollment.storage.failures import Conflict, Refused
from enrollment.storage.tables import Base, Instant, RegionCode, Word


class DocumentSerial(Base):
    """The last serial an approving node has given in a year; the next is one more, so there are no gaps."""

    __tablename__ = "document_serials"

    node_code: Mapped[str] = mapped_column(RegionCode, primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class FoundingPaper(Base):
    """One paper of an application, in one ``round``: a repeated election has papers of its own.

    ``words``: as edited, empty for as composed; ``written_about``: the mark of what was composed then. ``content``: the
    paper as issued, None before. Once ``issued_on`` is set a trigger of the database refuses every change and the
    deletion; it is no part of the models, only of the migrations.
    """

    __tablename__ = "papers"
    __table_args__ = (
        UniqueConstraint("application_id", "round", "kind"),
        Index(
            "uq_papers_number_given",
            "number",
            unique=True,
            sqlite_where=text("number != ''"),
            postgresql_where=text("number != ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(Word)
    number: Mapped[str] = mapped_column(String(60), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    written_about: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    issued_on: Mapped[date | None]
    issued_at: Mapped[datetime | None] = mapped_column(Instant)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column(default=0)


def next_serial(work: Work, node_code: str, year: int) -> int:
    """The next serial of a node and year, from 1, within the caller's transaction.

    Who comes second waits until the first has kept its number or, rolled back, has given it back.
    """
    on_postgresql = work.session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if on_postgresql else sqlite.insert
    row = insert(DocumentSerial).values(node_code=node_code, year=year, last=1)
    following = {"last": DocumentSerial.last + 1}
    counted = row.on_conflict_do_update(index_elements=["node_code", "year"], set_=following)
    return work.session.scalars(counted.returning(DocumentSerial.last)).one()


def papers_of(session: Session, application_id: int) -> list[FoundingPaper]:
    """Every paper of an application, drafts and issued, in the order they were begun."""
    found = select(FoundingPaper).where(FoundingPaper.application_id == application_id)
    return list(session.scalars(found.order_by(FoundingPaper.id)))


def paper_to_change(work: Work, application_id: int, kind: PaperKind, *, round_: int = 1) -> FoundingPaper:
    """The row of a paper, locked; begun now if there is none yet. Raises ``Conflict`` when somebody begins it too."""
    found = select(FoundingPaper).where(
        FoundingPaper.application_id == application_id, FoundingPaper.round == round_, FoundingPaper.kind == kind
    )
    row = work.session.scalar(found.with_for_update())
    if row is None:
        row = FoundingPaper(application_id=application_id, round=round_, kind=kind, version=0, words="", number="")
        work.session.add(row)
        work.session.flush()
    return row


def paper_shown(row: FoundingPaper | None, composed: Paper) -> Paper:
    """What a page shows: the frozen paper once issued, before that ``composed`` with the words that were edited."""
    if row is None:
        return composed
    return from_dict(row.content) if row.content else with_words(composed, row.words)


def edit_words(work: Work, paper_row: FoundingPaper, words: str, *, written_about: str | None = None) -> None:
    """Keep edited words; empty ones give back what is composed.

    Raises ``Refused``: ``paper_is_issued`` once it is frozen, ``paper_is_a_table`` for one without words to edit.
    """
    if paper_row.issued_on:
        raise Refused(["paper_is_issued"])
    if not PAPERS[PaperKind(paper_row.kind)].editable:
        raise Refused(["paper_is_a_table"])
    paper_row.words, paper_row.written_about = words, written_about if words else None
    paper_row.version += 1
    work.session.flush()


def mark_of(composed: Paper) -> str:
    """Tells whether what is composed has changed since."""
    return sha256("\n".join(composed.body).encode()).hexdigest()


def forget_words(work: Work, application_id: int) -> None:
    """Give back what is composed in every paper not issued yet: what it was written about has changed."""
    for row in papers_of(work.session, application_id):
        if row.words and not row.issued_on:
            edit_words(work, row, "")


def issue(
    work: Work,
    application_id: int,
    kind: PaperKind,
    compose_with: Callable[[str], Paper],
    *,
    round_: int = 1,
    on: date,
    mark: str | None,
    node_code: str,
) -> FoundingPaper:
    """Issue a paper on a day: with its number, if the upper union issues it, and its edited words; freeze it.

    ``compose_with``: composes the paper with its number (empty for the preparatory group's). ``mark``: of the node's
    numbers, None only where no number is given. Raises ``Conflict`` when it is issued already, ``Refused`` when its
    words were edited before the facts changed that they tell of.
    """
    row = paper_to_change(work, application_id, kind, round_=round_)
    if row.issued_on:
        raise Conflict
    if row.written_about and row.written_about != mark_of(compose_with("")):
        raise Refused(["words_are_old"])
    if PAPERS[kind].by_upper:
        row.number = document_number(mark or "", on.year, next_serial(work, node_code, on.year))
    paper = replace(with_words(compose_with(row.number), row.words), number=row.number)
    row.content, row.issued_on, row.issued_at = as_dict(paper), on, work.now
    row.account_id = work.by.account_id
    row.version += 1
    work.session.flush()
    return row
