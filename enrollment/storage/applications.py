"""Applications (申请): to join, and to found a union; their history; the depots invited to stand together."""

from datetime import date, datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from enrollment.rules.access import Scope
from enrollment.rules.applications import UNDER_WAY, State, Step, is_open, state_after
from enrollment.rules.eligibility import Facts, Group, Relation
from enrollment.rules.founding import Depot, Unit
from enrollment.rules.regions import Territory
from enrollment.rules.requests import RequestKind
from enrollment.storage.accounts import Account
from enrollment.storage.database import Work
from enrollment.storage.events import Event
from enrollment.storage.failures import Conflict
from enrollment.storage.people import NumbersKept, Person
from enrollment.storage.tables import Base, Instant, RegionCode, Sealed, Word, new_code
from enrollment.storage.unions import Employer, Union
from enrollment.storage.visits import Visit

JOIN = "join"
FOUND = "found"
REQUESTS: tuple[str, ...] = tuple(RequestKind)
"""The kinds that are a member's request (会员事项), with ``RequestDetails``."""

LINK_LENGTH = 16
"""Characters of an unguessable link, five bits each."""


LONGEST_ACTOR = 120
"""Characters of who did an act, where no account did it."""

LONGEST_NOTE = 500
"""Characters of the free words of an act."""

ORIGINS = ("visit_id", "event_id", "poster_union_id", "poster_employer_id")
"""Columns that say what an application was begun from."""


_WITH_US = "state = 'submitted' AND escalated_at IS NULL"


class Application(Base):
    """An application of either kind. ``state`` is derived from the acts, in the same transaction.

    ``link`` is the unguessable part of the status page's address (80 bits). ``submission_key`` comes with the form,
    so that a second tap is the same application; ``form_token`` is the part of it that one browser keeps. ``version``
    goes up with every act. ``under_way_match``: the keyed hash of the applicant's identity number while somebody still
    has to act on what the applicant has confirmed, so that nobody has two under way (CH-10).
    ``holder_id``: whose case it is (承办人), None while nobody has taken it on. ``days_left``: of the time limit, while
    the applicant has it and no day is due; ``escalated_at``: when this limit ran over and it went up one level;
    ``raised_to``: the desk where it lies since, or since a group left it there. ``dropped_on``: since when its personal
    data is gone (PRIV-12), its days and acts are not. At most one of ``ORIGINS`` says what it was begun from.
    """

    __tablename__ = "applications"
    __table_args__ = (
        Index(None, "county_code", "state", "due_on"),
        Index("ix_applications_late", "due_on", sqlite_where=text(_WITH_US), postgresql_where=text(_WITH_US)),
        CheckConstraint(
            " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in ORIGINS) + " <= 1", "origin"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    link: Mapped[str] = mapped_column(String(32), unique=True)
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)
    form_token: Mapped[str | None] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(Word)
    county_code: Mapped[str] = mapped_column(RegionCode)
    state: Mapped[str] = mapped_column(Word, default=State.NEW)
    started_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    due_on: Mapped[date | None]
    days_left: Mapped[int | None]
    escalated_at: Mapped[datetime | None] = mapped_column(Instant)
    raised_to: Mapped[str] = mapped_column(Word, default="")
    under_way_match: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    dropped_on: Mapped[date | None]
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    poster_union_id: Mapped[int | None] = mapped_column(ForeignKey("unions.id"), index=True)
    poster_employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"), index=True)
    union_id: Mapped[int | None] = mapped_column(ForeignKey("unions.id"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    version: Mapped[int] = mapped_column(default=0)

    join: Mapped["JoinDetails | None"] = relationship(lazy="raise", back_populates="application")
    founding: Mapped["FoundingDetails | None"] = relationship(lazy="raise", back_populates="application")
    acts: Mapped[list["ApplicationAct"]] = relationship(lazy="raise", order_by="ApplicationAct.id")
    units: Mapped[list["FoundingUnit"]] = relationship(lazy="raise", order_by="FoundingUnit.id")
    request: Mapped["RequestDetails | None"] = relationship(lazy="raise", back_populates="application")
    union: Mapped[Union | None] = relationship(lazy="raise", foreign_keys=union_id)
    visit: Mapped[Visit | None] = relationship(lazy="raise")
    event: Mapped[Event | None] = relationship(lazy="raise")
    poster_union: Mapped[Union | None] = relationship(lazy="raise", foreign_keys=poster_union_id)
    poster_employer: Mapped[Employer | None] = relationship(lazy="raise")

    @property
    def scope(self) -> Scope:
        return Scope(self.county_code, self.union_id)


class ApplicationAct(Base):
    """One dated act by a named actor. ``reason`` is a code, ``fields`` the marked questions, ``note`` free words."""

    __tablename__ = "application_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    step: Mapped[str] = mapped_column(Word)
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    actor: Mapped[str] = mapped_column(String(LONGEST_ACTOR), default="")
    reason: Mapped[str] = mapped_column(Word, default="")
    fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")

    account: Mapped[Account | None] = relationship(lazy="raise")


class JoinDetails(NumbersKept, Base):
    """What a worker told (入会申请), as told, with the texts agreed to.

    ``confirmed_by``: how the worker confirmed (``rules.confirmation``), empty until then. ``phone_confirmed_at``: when
    a code proved that the phone is the applicant's; another phone is not proved. ``filled_by_name``: the organizer who
    filled it in for the worker, empty when the worker did.
    """

    __tablename__ = "join_details"

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    sex: Mapped[str] = mapped_column(String(1))
    born_on: Mapped[date] = mapped_column(index=True)
    group: Mapped[str | None] = mapped_column(Word)
    relation: Mapped[str | None] = mapped_column(Word)
    work_region: Mapped[str | None] = mapped_column(RegionCode)
    home_region: Mapped[str | None] = mapped_column(RegionCode)
    employer_name: Mapped[str] = mapped_column(String(120), default="")
    employer_has_union: Mapped[bool | None]
    affiliate_admits: Mapped[bool | None]
    hires: Mapped[int | None]
    place: Mapped[str] = mapped_column(Word)
    plate: Mapped[str] = mapped_column(String(12), default="")
    confirmed_by: Mapped[str] = mapped_column(Word, default="")
    phone_confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    filled_by_name: Mapped[str] = mapped_column(String(60), default="")
    notice_digest: Mapped[str | None] = mapped_column(ForeignKey("notices.digest"))
    consent_version: Mapped[str] = mapped_column(Word)
    identity_consent: Mapped[bool]
    sharing_consent: Mapped[bool]

    application: Mapped[Application] = relationship(lazy="raise", back_populates="join")

    def as_facts(self) -> Facts:
        """What the rulebook needs of these answers."""
        return Facts(
            group=Group(self.group) if self.group else None,
            relation=Relation(self.relation) if self.relation else None,
            birth_date=self.born_on,
            work_region=self.work_region,
            home_region=self.home_region,
            employer_has_union=self.employer_has_union,
            affiliate_admits=self.affiliate_admits,
            hires=self.hires,
        )


class Notice(Base):
    """A text people agreed to (告知书), kept word for word; ``digest`` is the SHA-256 of language and text."""

    __tablename__ = "notices"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[str] = mapped_column(Word)
    language: Mapped[str] = mapped_column(Word)
    text: Mapped[str] = mapped_column(Text)
    first_used_at: Mapped[datetime] = mapped_column(Instant)


class RequestDetails(Base):
    """What a member asks for (会员事项): the kind is the application's. The union that holds the membership decides.

    ``about_id``: what an applicant told, who is no member and wants it deleted (PRIV-11); then there is no person.
    ``to_union_id``: where a transfer goes. ``cause``: why it is retained. ``told``: corrected answers, as JSON.
    """

    __tablename__ = "request_details"
    __table_args__ = (CheckConstraint("(person_id IS NULL) <> (about_id IS NULL)", "who"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    about_id: Mapped[int | None] = mapped_column(ForeignKey("join_details.application_id"), index=True)
    to_union_id: Mapped[int | None] = mapped_column(ForeignKey("unions.id"))
    cause: Mapped[str] = mapped_column(Word, default="")
    words: Mapped[str] = mapped_column(String(500), default="")
    told: Mapped[str | None] = mapped_column(Sealed("told"))

    application: Mapped[Application] = relationship(lazy="raise", back_populates="request")
    person: Mapped[Person | None] = relationship(lazy="raise")
    about: Mapped[JoinDetails | None] = relationship(lazy="raise")
    to_union: Mapped[Union | None] = relationship(lazy="raise")

    @property
    def asker(self) -> Person | JoinDetails:
        """Who asks, as kept: the table holds one of the two."""
        return self.person or cast("JoinDetails", self.about)


class FoundingDetails(Base):
    """What a depot's head told (建会申请). ``way`` is one of BUILD-2, or a re-election of the union it is about.

    ``business`` and ``wish`` go into the request for a preparatory group (domain 7.4); ``checklist``: what of the last
    stages is done, by item, with its day.
    """

    __tablename__ = "founding_details"

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    way: Mapped[str] = mapped_column(Word)
    union_name: Mapped[str] = mapped_column(String(120), default="")
    contact_name: Mapped[str] = mapped_column(String(60))
    contact_phone: Mapped[str] = mapped_column(Sealed("phone"))
    business: Mapped[str] = mapped_column(String(200), default="")
    wish: Mapped[str] = mapped_column(String(500), default="")
    checklist: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)

    application: Mapped[Application] = relationship(lazy="raise", back_populates="founding")


class FoundingUnit(Base):
    """A unit in a founding (参与单位): the applicant's own (``answer`` = agreed from the start) or one invited.

    ``willing``: how many are members or want to be, None for not told. ``contact_name`` and ``contact_phone``: who
    answered for an invited unit, so that the cadre can ask whether it was so (BUILD-4).
    """

    __tablename__ = "founding_units"
    __table_args__ = (UniqueConstraint("application_id", "employer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"))
    name: Mapped[str] = mapped_column(String(120))
    region_code: Mapped[str] = mapped_column(RegionCode)
    workers: Mapped[int]
    barred: Mapped[int] = mapped_column(default=0)
    willing: Mapped[int | None]
    credit_code: Mapped[str | None] = mapped_column(String(18))
    filing_number: Mapped[str | None] = mapped_column(String(40))
    link: Mapped[str] = mapped_column(String(32), unique=True)
    answer: Mapped[str | None] = mapped_column(Word)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    contact_name: Mapped[str] = mapped_column(String(60), default="")
    contact_phone: Mapped[str | None] = mapped_column(Sealed("phone"))

    application: Mapped[Application] = relationship(lazy="raise", back_populates="units")
    employer: Mapped[Employer | None] = relationship(lazy="raise")

    def as_fact(self) -> Unit:
        """What the rulebook needs of this unit: who wants to be a member, or else everyone who works there."""
        willing = self.workers if self.willing is None else min(self.willing, self.workers)
        return Unit(self.name, (Depot(self.workers, willing, self.barred),))


def lies_in(territory: Territory | None) -> ColumnElement[bool]:
    """The application lies in the territory, or with the one union it is of; a founding never lies with a union.

    Nothing lies with who answers for no territory.
    """
    if territory is None:
        return false()
    if territory.union:
        return and_(Application.union_id == territory.union, Application.kind != FOUND)
    return Application.county_code.in_(territory.counties)


def number_for(today: date) -> str:
    """A new number of an application: the day, then five characters that can be read out."""
    return f"{today:%y%m%d}-{new_code(5)}"


def sent_before(session: Session, submission_key: str) -> Application | None:
    """The application that an earlier tap of the same form made."""
    return session.scalar(select(Application).where(Application.submission_key == submission_key))


def applied_with(phone_match: bytes) -> Select[JoinDetails]:
    """Applications to join made with a phone, but for people who have closed their pages."""
    closed = select(Person.identity_match).where(Person.closed_at.is_not(None))
    return select(JoinDetails).where(JoinDetails.phone_match == phone_match, JoinDetails.identity_match.not_in(closed))


def hand_over_cases(work: Work, from_id: int | None, to: Account | None, reason: str) -> int:
    """Every case under way of one account becomes another's, or nobody's; its history says so. Gives how many."""
    held = select(Application).where(Application.holder_id == from_id, Application.state.in_(UNDER_WAY))
    cases = work.session.scalars(held.order_by(Application.id).with_for_update()).all()
    for case in cases:
        take_step(work, case, Step.HANDED_OVER, note=f"{to.name} · {reason}" if to else reason)
        case.holder_id = to.id if to else None
    return len(cases)


def take_step(
    work: Work,
    application: Application,
    step: Step,
    *,
    actor: str = "",
    reason: str = "",
    fields: list[str] | None = None,
    note: str = "",
) -> ApplicationAct:
    """Record one act and the state it leads to; raises ``Conflict`` when the present state does not allow it."""
    from_state = State(application.state)
    if not is_open(from_state, step):
        raise Conflict
    act = record_act(work, application, step, actor=actor, reason=reason, fields=fields, note=note)
    application.state = state_after([step], start=from_state)
    if application.state not in UNDER_WAY:
        application.under_way_match = None
    return act


def record_act(
    work: Work,
    application: Application,
    step: StrEnum,
    *,
    actor: str = "",
    reason: str = "",
    fields: list[str] | None = None,
    note: str = "",
) -> ApplicationAct:
    """Write down one act; where it leads is the caller's to derive."""
    act = ApplicationAct(
        application_id=application.id,
        step=step,
        at=work.now,
        account_id=work.by.account_id,
        actor=actor or work.by.name,
        reason=reason,
        fields=fields or [],
        note=note,
    )
    work.session.add(act)
    application.version += 1
    return act
