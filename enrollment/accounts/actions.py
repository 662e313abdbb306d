"""Inviting somebody, ending and reopening an account, dropping a second factor that is lost."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select

from enrollment.rules.access import Actor, Role, Scope, may
from enrollment.rules.accounts import act_of_change, leaves_an_operator, place_objections
from enrollment.rules.kinds import POOL
from enrollment.storage import passwords
from enrollment.storage.accounts import Account, Invitation
from enrollment.storage.database import Work, db, transaction
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.sign_ins import close_account, end_links, end_sessions
from enrollment.storage.tables import new_code
from enrollment.storage.unions import Employer, Union
from enrollment.storage.vault import vault

INVITATION_HOLDS = timedelta(days=7)
_CODE_LENGTH = 8
_TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is invited, as what, for which place; ``unit`` is a union's or employer's full name or code."""

    login: str
    name: str
    role: str
    place: str
    unit: str = ""


def invite(who: Invited, *, by: Actor, now: datetime) -> tuple[Account, str]:
    """A new account without a password, and the token of the link by which the person chooses one.

    Raises ``Missing`` for a role or place that is not the actor's to give, ``Refused`` with what does not fit.
    """
    if who.role not in set(Role) - {Role.VISITOR}:
        raise Missing
    role = Role(who.role)
    with transaction(by=by, act=act_of_change(role), now=now) as work:
        reasons = place_objections(role, who.place, has_unit=bool(who.unit))
        if reasons:
            raise Refused(reasons)
        _refuse_unless_open(by, role, Scope(who.place))
        if work.session.scalar(select(Account.id).where(Account.login == who.login)):
            raise Refused(["login_taken"])
        account = Account(
            code=new_code(_CODE_LENGTH), login=who.login, name=who.name, role=role, territory_code=who.place
        )
        if role is Role.UNION_OFFICER:
            account.union_id = _union(work, who)
        elif role is Role.EMPLOYER_CONTACT:
            account.employer_id = _employer(work, who)
        work.session.add(account)
        work.session.flush()
        work.subject, work.note = account.login, role
        return account, _new_link(work, account)


def new_link(code: str, *, by: Actor, now: datetime) -> tuple[Account, str]:
    """Another link, for a new password; links of before are good no more, the password stays until it is used."""
    with _changing(code, by, now) as (work, account):
        if not account.active:
            raise Refused(["account_ended"])
        work.note = "new link"
        return account, _new_link(work, account)


def end_account(code: str, *, by: Actor, now: datetime) -> int:
    """No way in any more, at the next click; cases under way are nobody's; gives how many. The last operator stays."""
    with _changing(code, by, now) as (work, account):
        if not account.active:
            raise Conflict
        others = select(func.count(Account.id)).where(Account.role == Role.OPERATOR, Account.active)
        others = others.where(Account.id != account.id, Account.password_hash != "")
        if not leaves_an_operator(Role(account.role), work.session.scalar(others) or 0):
            raise Refused(["last_operator"])
        work.note = "ended"
        return close_account(work, account)


def reopen_account(code: str, *, by: Actor, now: datetime) -> tuple[Account, str]:
    """Open again, with a link for a new password: the old one is forgotten. An officer's while the union stands."""
    with _changing(code, by, now) as (work, account):
        if account.active:
            raise Conflict
        if account.union_id:
            union = work.session.get_one(Union, account.union_id, with_for_update={"read": True})
            if union.dissolved_on:
                raise Refused(["union_has_ended"])
        account.active, account.password_hash = True, ""
        work.note = "reopened"
        return account, _new_link(work, account)


def drop_second_factor(code: str, own: Account, password: str, *, by: Actor, now: datetime) -> None:
    """For who has lost the phone and the recovery codes; all sessions end. The actor proves to be who they are."""
    if not passwords.fits(own, password):
        raise Refused(["wrong_own_password"])
    with _changing(code, by, now) as (work, account):
        if account.totp_secret is None:
            raise Refused(["second_factor_missing"])
        account.totp_secret = None
        passwords.drop_recovery_codes(work, account.id)
        end_sessions(work, account.id, "second_factor")
        work.note = "second factor dropped"


@contextmanager
def _changing(code: str, by: Actor, now: datetime) -> Iterator[tuple[Work, Account]]:
    """A transaction on an account that is the actor's to change; else ``Missing``."""
    role = db.session.scalar(select(Account.role).where(Account.code == code))
    if role is None:
        raise Missing
    with transaction(by=by, act=act_of_change(Role(role)), now=now) as work:
        account = _held(work, code, Role(role))
        _refuse_unless_open(by, Role(role), account.scope)
        work.subject = account.login
        yield work, account


def _held(work: Work, code: str, role: Role) -> Account:
    """The account, locked. With an operator's all that are open are, in one order: who counts them stands in line."""
    meant = Account.code == code
    if role is Role.OPERATOR:
        meant = or_(meant, and_(Account.role == role, Account.active))
    rows = work.session.scalars(select(Account).where(meant).order_by(Account.id).with_for_update(key_share=True)).all()
    return next(row for row in rows if row.code == code)


def _refuse_unless_open(by: Actor, role: Role, scope: Scope) -> None:
    if not may(by, act_of_change(role), scope):
        raise Missing


def _new_link(work: Work, account: Account) -> str:
    end_links(work, account.id)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    work.session.add(
        Invitation(
            account_id=account.id,
            token_match=vault.match(token, "invitation"),
            made_by=work.by.account_id,
            made_at=work.now,
            until=work.now + INVITATION_HOLDS,
        )
    )
    return token


def _union(work: Work, who: Invited) -> int:
    """A union of the place that stands; the holding pool has no officer, the county keeps it (REG-4)."""
    named = or_(Union.code == who.unit, Union.name == who.unit)
    stands = select(Union.id).where(named, Union.county_code == who.place, Union.dissolved_on.is_(None))
    found = work.session.scalar(stands.where(Union.kind != POOL.code).with_for_update(read=True))
    if found is None:
        raise Refused(["union_not_found"])
    return found


def _employer(work: Work, who: Invited) -> int:
    named = or_(Employer.code == who.unit, Employer.name == who.unit)
    stands = select(Employer.id).where(named, Employer.county_code == who.place, Employer.closed_on.is_(None))
    found = work.session.scalars(stands).all()
    if len(found) != 1:
        raise Refused(["employer_not_found"])
    return found[0]
