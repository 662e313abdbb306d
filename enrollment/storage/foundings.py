"""Tables of foundings (建会): preparatory group, meetings, candidates, votes; terms and officers of unions."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from enrollment.storage.database import Work
from enrollment.storage.people import Person
from enrollment.storage.tables import Base, Word
from enrollment.storage.unions import Union


class GroupMember(Base):
    """Somebody of the preparatory group (工会筹备组), with a short CV as the request asks for it (domain 7.4)."""

    __tablename__ = "group_members"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    unit_name: Mapped[str] = mapped_column(String(120), default="")
    post: Mapped[str] = mapped_column(String(60), default="")
    cv: Mapped[str] = mapped_column(String(200), default="")


class FoundingMeeting(Base):
    """An assembly (会员大会): as planned in stage 3, as held in stage 5. A repeated one is the next ``round``.

    ``delegates``: how many meet instead of all members, 0 where all of them meet. ``fewer_seats``: seats nobody won
    stay open by consent. ``listed_on``: the first day on which this list of candidates can have hung out (ELEC-10).
    ``corrected``: each record that was typed anew, whole. ``womens_person_id``: who of those not elected looks after
    the women workers (BUILD-8).
    """

    __tablename__ = "founding_meetings"
    __table_args__ = (UniqueConstraint("application_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    round: Mapped[int]
    meeting_on: Mapped[date]
    starts_at: Mapped[str] = mapped_column(String(5), default="")
    place: Mapped[str] = mapped_column(String(120))
    notice_from: Mapped[date]
    listed_on: Mapped[date]
    delegates: Mapped[int] = mapped_column(default=0)
    term_years: Mapped[int]
    seats: Mapped[int]
    audit_seats: Mapped[int] = mapped_column(default=0)
    entitled: Mapped[int | None]
    present: Mapped[int | None]
    rules_adopted: Mapped[bool] = mapped_column(default=False)
    counters: Mapped[str] = mapped_column(String(200), default="")
    minutes: Mapped[str] = mapped_column(Text, default="")
    fewer_seats: Mapped[bool] = mapped_column(default=False)
    corrected: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    womens_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    womens_person: Mapped[Person | None] = relationship(lazy="raise")


class FoundingCandidate(Base):
    """Somebody proposed for a body in a round. ``person_id`` is None for who was recommended from outside (ELEC-9).

    ``written_in``: by voters, who was not on the list (另选他人, ELEC-17). ``relation``: to the head of the own unit
    (ELEC-8). ``office``: what the first session gave, with spaces between several: a chair may look after the women
    workers as well.
    """

    __tablename__ = "founding_candidates"
    __table_args__ = (Index(None, "application_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    round: Mapped[int]
    body: Mapped[str] = mapped_column(Word)
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    unit_name: Mapped[str] = mapped_column(String(120), default="")
    relation: Mapped[str] = mapped_column(Word)
    written_in: Mapped[bool] = mapped_column(default=False)
    proposed_office: Mapped[str] = mapped_column(Word, default="")
    office: Mapped[str] = mapped_column(Word, default="")

    person: Mapped[Person | None] = relationship(lazy="raise")


class FoundingBallot(Base):
    """One vote of one body as counted; ``number`` 2 and later fill seats still open. ``votes``: yes by candidate id."""

    __tablename__ = "founding_ballots"
    __table_args__ = (UniqueConstraint("application_id", "round", "body", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    round: Mapped[int]
    body: Mapped[str] = mapped_column(Word)
    number: Mapped[int]
    issued: Mapped[int]
    returned: Mapped[int]
    void: Mapped[int] = mapped_column(default=0)
    votes: Mapped[dict[str, int]] = mapped_column(JSON)


class UnionOfficer(Base):
    """Who holds an office or a seat of a union (工会干部) from ``from_on`` until ``until_on`` (LAW-15).

    ``body``: the body the person sits in; ``office``: one or several with spaces between, empty for a plain member.
    """

    __tablename__ = "union_officers"

    id: Mapped[int] = mapped_column(primary_key=True)
    union_id: Mapped[int] = mapped_column(ForeignKey("unions.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Word)
    office: Mapped[str] = mapped_column(Word, default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class UnionTerm(Base):
    """A term of a union's committee (届) with the papers that end with it.

    ``elected_on``: the day the term runs from (ELEC-20). ``ends_on`` (inclusive) is that day of the last year. The
    certificate of the legal person is valid as long as the term (domain 7.5).
    """

    __tablename__ = "union_terms"
    __table_args__ = (
        UniqueConstraint("union_id", "ordinal"),
        Index(
            "uq_union_terms_current",
            "union_id",
            unique=True,
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    union_id: Mapped[int] = mapped_column(ForeignKey("unions.id"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id"))
    ordinal: Mapped[int]
    years: Mapped[int]
    elected_on: Mapped[date]
    ends_on: Mapped[date]
    closed_on: Mapped[date | None]
    credit_code: Mapped[str | None] = mapped_column(String(18))
    registered_on: Mapped[date | None]
    certificate_until: Mapped[date | None]

    union: Mapped[Union] = relationship(lazy="raise")


def close_terms(work: Work, union_id: int, on: date) -> None:
    """End the terms of a union that go on, and let its officers step down, on ``on`` (exclusive)."""
    running = update(UnionTerm).where(UnionTerm.union_id == union_id, UnionTerm.closed_on.is_(None))
    work.session.execute(running.values(closed_on=on))
    sitting = update(UnionOfficer).where(UnionOfficer.union_id == union_id, UnionOfficer.until_on.is_(None))
    work.session.execute(sitting.values(until_on=on))
