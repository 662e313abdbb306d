"""Signing in: the password, then the code where there is a second factor; and answering an invitation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from enrollment.rules.access import VISITOR, Act
from enrollment.rules.accounts import password_objections
from enrollment.storage import passwords, sign_ins
from enrollment.storage.accounts import Account, Invitation, SignIn
from enrollment.storage.database import db, transaction
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.sign_ins import Browser
from enrollment.storage.vault import vault

_OPENS = {"code": sign_ins.SIGNED_IN, "recovery": sign_ins.RECOVERED}


@dataclass(frozen=True, slots=True)
class Passed:
    """An attempt whose password was right. ``token``: of the session it opened, empty while a code is still asked."""

    attempt_id: int
    account: Account
    token: str = ""


def check_password(login: str, password: str, browser: Browser, *, now: datetime) -> Passed:
    """The account with this name and password; a wrong name and a wrong password raise the same ``Refused``.

    Too many wrong tries from one browser are refused before the password is looked at.
    """
    account = db.session.scalar(select(Account).where(Account.login == login, Account.active))
    attempt = sign_ins.begin_attempt(account, login, browser, now)
    if attempt is None:
        raise Refused(["too_many_tries"])
    if not passwords.fits(account, password) or account is None:
        sign_ins.judge(attempt, sign_ins.WRONG_PASSWORD)
        raise Refused(["wrong_password"])
    if account.totp_secret:
        sign_ins.judge(attempt, sign_ins.HALF_WAY)
        return Passed(attempt.id, account)
    stronger = passwords.hash_of(password) if passwords.is_outdated(account) else ""
    with transaction(by=account.as_actor(), act=Act.SIGN_IN, now=now) as work:
        work.subject = account.login
        if stronger:
            work.session.execute(update(Account).where(Account.id == account.id).values(password_hash=stronger))
        return Passed(attempt.id, account, sign_ins.open_session(work, attempt.id, sign_ins.SIGNED_IN))


def half_way(attempt_id: int | None, *, now: datetime) -> Account | None:
    """The account whose password was right a moment ago, and of whom a code is asked."""
    found = select(SignIn).where(SignIn.id == attempt_id, SignIn.outcome == sign_ins.HALF_WAY)
    attempt = db.session.scalar(found.where(SignIn.ended_at.is_(None)).options(joinedload(SignIn.account)))
    fresh = attempt is not None and now - attempt.at < sign_ins.HALF_WAY_FOR
    return attempt.account if attempt and fresh and attempt.account and attempt.account.active else None


def check_code(account: Account, typed: str, browser: Browser, *, now: datetime) -> Passed:
    """The code by time or a recovery code opens the session; each is good once. Raises ``Refused`` for a wrong one."""
    attempt = sign_ins.begin_attempt(account, account.login, browser, now)
    if attempt is None:
        raise Refused(["too_many_tries"])
    try:
        with transaction(by=account.as_actor(), act=Act.SIGN_IN, now=now) as work:
            work.subject, work.note = account.login, passwords.use_code(work, account, typed)
            return Passed(attempt.id, account, sign_ins.open_session(work, attempt.id, _OPENS[work.note]))
    except Refused:
        sign_ins.judge(attempt, sign_ins.WRONG_CODE)
        raise


def invited(token: str, *, now: datetime) -> Account | None:
    """The account an invitation is for, while it is good: not used, not too late, and the account still stands."""
    found = select(Account).join(Invitation, Invitation.account_id == Account.id)
    good = (Invitation.ended_at.is_(None), Invitation.until > now, Account.active)
    return db.session.scalar(found.where(Invitation.token_match == vault.match(token, "invitation"), *good))


def choose_password(token: str, password: str, *, now: datetime) -> Account:
    """The person's own password; every session of before ends, and the link is used up.

    Raises ``Missing`` when the invitation is not good (any more), ``Refused`` for a password that will not do.
    """
    account = invited(token, now=now)
    if account is None:
        raise Missing
    objections = password_objections(password, (account.login, account.name))
    if objections:
        raise Refused(objections)
    kept = passwords.hash_of(password)
    with transaction(by=VISITOR, act=Act.SIGN_IN, now=now) as work:
        open_one = select(Invitation).where(Invitation.token_match == vault.match(token, "invitation"))
        row = work.session.scalar(open_one.where(Invitation.ended_at.is_(None)).with_for_update())
        if row is None:
            raise Missing
        sign_ins.end_links(work, account.id)
        work.session.execute(update(Account).where(Account.id == account.id).values(password_hash=kept))
        sign_ins.end_sessions(work, account.id, "password")
        work.subject, work.note = account.login, "password chosen"
        return account
