"""Accounts (账号): who signs in, with what, from when to when; who stands in for whom."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from enrollment.rules.access import Actor, Role, Scope
from enrollment.rules.accounts import CADRES
from enrollment.rules.regions import Territory
from enrollment.storage.tables import Base, Instant, RegionCode, Sealed, Word
from enrollment.storage.unions import Employer, Union

LONGEST_NAME = 24
"""Characters of a new account's name: two of them fit where one who stands in for another is named."""


class Account(Base):
    """Someone who signs in. ``password_hash`` is empty until the invitation is answered.

    ``territory_code``: the territory of a cadre or an auditor; the county of an officer's union and of a contact's
    employer; the prefecture for an operator. ``totp_secret``: what the second factor is computed from, None without
    one; ``totp_last``: the last step of time whose code was used, so that none is used twice.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("(role = 'union_officer') = (union_id IS NOT NULL)", "officer_of_a_union"),
        CheckConstraint("(role = 'employer_contact') = (employer_id IS NOT NULL)", "contact_of_an_employer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(Word)
    territory_code: Mapped[str] = mapped_column(RegionCode)
    union_id: Mapped[int | None] = mapped_column(ForeignKey("unions.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    totp_secret: Mapped[str | None] = mapped_column(Sealed("totp"))
    totp_last: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)

    union: Mapped[Union | None] = relationship(lazy="raise")
    employer: Mapped[Employer | None] = relationship(lazy="raise")

    @property
    def scope(self) -> Scope:
        return Scope(self.territory_code, self.union_id, self.employer_id)

    @property
    def may_guide(self) -> bool:
        """Whether it may be the guide of an employer (结对): a cadre's, while it is open."""
        return self.active and self.role in CADRES

    def as_actor(self) -> Actor:
        """The account as the rulebook sees it."""
        role = Role(self.role)
        has_territory = role not in (Role.OPERATOR, Role.EMPLOYER_CONTACT)
        return Actor(
            role,
            self.name,
            self.id,
            Territory(self.territory_code, self.union_id) if has_territory else None,
            self.employer_id,
            self.id,
        )


class Invitation(Base):
    """A link by which a person chooses the own password (邀请); only its keyed hash is kept. Used once, or too late."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_match: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class RecoveryCode(Base):
    """A code for who has lost the second factor (备用码), kept as a keyed hash; each is used once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    code_match: Mapped[bytes] = mapped_column(LargeBinary(32))
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class SignIn(Base):
    """One attempt to sign in (登录记录), and the session it opened, if it did.

    ``login_match``: keyed hash of what was typed as the account, which may be a password by mistake. ``known_as``: the
    mark of a browser used before. ``token_match``: keyed hash of the session's token. ``ended_by``: why it is over (a
    word), empty while it lasts.
    """

    __tablename__ = "sign_ins"
    __table_args__ = (Index(None, "login_match", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    login_match: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    address: Mapped[str] = mapped_column(String(45))
    agent: Mapped[str] = mapped_column(String(120))
    known_as: Mapped[str] = mapped_column(String(16), default="")
    outcome: Mapped[str] = mapped_column(Word)
    token_match: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str] = mapped_column(Word, default="")

    account: Mapped[Account | None] = relationship(lazy="raise")


class Delegation(Base):
    """Somebody stands in for somebody on leave (请假代理), from ``from_on`` until ``until_on``, both inclusive."""

    __tablename__ = "delegations"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", "dates"),
        CheckConstraint("absent_id <> deputy_id", "somebody_else"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    absent_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    absent: Mapped[Account] = relationship(lazy="raise", foreign_keys=absent_id)
    deputy: Mapped[Account] = relationship(lazy="raise", foreign_keys=deputy_id)

    def holds_on(self, day: date) -> bool:
        """Whether the deputy may act on this day: a removed or ended one is over at the next click."""
        return self.ended_at is None and self.from_on <= day <= self.until_on and self.absent.active
