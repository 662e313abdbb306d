"""Accounts one may see: all for the operator; for a cadre those of the own territory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from enrollment.rules.access import Act, Actor, Role
from enrollment.storage.accounts import Account, Delegation, Invitation, SignIn
from enrollment.storage.applications import Application
from enrollment.storage.audit import AuditEntry
from enrollment.storage.database import db
from enrollment.storage.unions import Employer, Union
from enrollment.web.lists import Found, Page, Place, page_of
from enrollment.web.words_of_audit import WITHOUT_MESSAGES

_SIGN_INS_SHOWN = 50
AUDIT_PAGE = 100


@dataclass(frozen=True, slots=True)
class OneAccount:
    """An account with its last sign-ins, and until when an invitation is open."""

    account: Account
    sign_ins: Sequence[SignIn]
    invited_until: datetime | None
    delegations: Sequence[Delegation]


def accounts(by: Actor, q: str, role: str, place: Place) -> Page:
    """A page of accounts, by name."""
    last = select(func.max(SignIn.at)).where(SignIn.account_id == Account.id, SignIn.token_match.is_not(None))
    chosen = (
        select(
            Account.code,
            Account.login,
            Account.name,
            Account.role,
            Account.territory_code,
            Account.active,
            (Account.password_hash == "").label("is_invited"),
            Account.totp_secret.is_not(None).label("has_second_factor"),
            func.coalesce(Union.name, Employer.name).label("unit_name"),
            last.correlate(Account).scalar_subquery().label("last_at"),
        )
        .outerjoin(Union, Union.id == Account.union_id)
        .outerjoin(Employer, Employer.id == Account.employer_id)
        .where(_seen_by(by))
    )
    if q:
        chosen = chosen.where(
            or_(Account.name.contains(q, autoescape=True), Account.login.contains(q, autoescape=True))
        )
    if role:
        chosen = chosen.where(Account.role == role)
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    return page_of(chosen, (Account.name, Account.id), Account.code, place, total)


def one_account(by: Actor, code: str, now: datetime) -> OneAccount | None:
    """One account; None when it is not there or not one's to see."""
    found = select(Account).where(Account.code == code, _seen_by(by))
    account = db.session.scalar(found.options(joinedload(Account.union), joinedload(Account.employer)))
    if account is None:
        return None
    sign_ins = select(SignIn).where(SignIn.account_id == account.id).order_by(SignIn.id.desc()).limit(_SIGN_INS_SHOWN)
    link = select(Invitation.until).where(Invitation.account_id == account.id, Invitation.ended_at.is_(None))
    leave = select(Delegation).where(or_(Delegation.absent_id == account.id, Delegation.deputy_id == account.id))
    leave = leave.options(joinedload(Delegation.absent), joinedload(Delegation.deputy))
    return OneAccount(
        account,
        db.session.scalars(sign_ins).all(),
        db.session.scalar(link.where(Invitation.until > now).limit(1)),
        db.session.scalars(leave.order_by(Delegation.id.desc()).limit(_SIGN_INS_SHOWN)).all(),
    )


def audit(by: Actor, act: str, before: int) -> Sequence[Found]:
    """A page of the audit, newest first, before the entry ``before``; of one act, or of all but messages.

    Of a county: what its own accounts did, and what visitors did in its applications.
    """
    found = select(*AuditEntry.__table__.c)
    if by.territory and len(by.territory.counties) == 1:
        own = select(Account.id).where(Account.id == AuditEntry.account_id)
        cases = select(Application.id).where(Application.number == AuditEntry.subject)
        found = found.where(
            or_(
                own.where(Account.territory_code.in_(by.territory.counties)).exists(),
                and_(
                    AuditEntry.account_id.is_(None),
                    cases.where(Application.county_code.in_(by.territory.counties)).exists(),
                ),
            )
        )
    if act == WITHOUT_MESSAGES:
        found = found.where(AuditEntry.act.not_in((Act.SEND_MESSAGES, Act.CONFIRM_PHONE)))
    elif act:
        found = found.where(AuditEntry.act == act)
    if before:
        found = found.where(AuditEntry.id < before)
    return db.session.execute(found.order_by(AuditEntry.id.desc()).limit(AUDIT_PAGE + 1)).all()


def _seen_by(by: Actor) -> ColumnElement[bool]:
    if by.role is Role.OPERATOR:
        return Account.id.is_not(None)
    return Account.territory_code.in_(by.territory.counties if by.territory else ())
