"""Sessions and attempts to sign in (登录): opened, seen, ended; and how many wrong tries are too many.

A wrong try is counted against the account *and* the browser it comes from. A browser the account has been signed in
with before is counted by itself, so that nobody who tries from elsewhere can lock its owner out.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from enrollment.storage.accounts import Account, Invitation, SignIn
from enrollment.storage.applications import hand_over_cases
from enrollment.storage.database import Work, db, writing_engine
from enrollment.storage.unions import Union
from enrollment.storage.vault import vault

TRIED = "tried"
HALF_WAY = "half_way"
SIGNED_IN = "signed_in"
RECOVERED = "recovered"
WRONG_PASSWORD = "wrong_password"  # noqa: S105 -- a word of the log
WRONG_CODE = "wrong_code"
TOO_MANY = "too_many"

HALF_WAY_FOR = timedelta(minutes=5)
"""How long a code is asked for after the right password."""

_WRONG = (TRIED, WRONG_PASSWORD, WRONG_CODE)
_HERE, _HERE_FOR = 10, timedelta(minutes=15)
_ELSEWHERE, _ELSEWHERE_FOR = 30, timedelta(hours=1)
_SEEN_EVERY = timedelta(minutes=1)
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Browser:
    """Where an attempt comes from. ``known_as``: the mark of a browser this account was signed in with, else empty."""

    address: str
    agent: str
    known_as: str = ""


def begin_attempt(account: Account | None, login: str, browser: Browser, now: datetime) -> SignIn | None:
    """Write an attempt down before it is judged, so that many at once are counted right; None when it is one too many.

    What was typed as the account's name is kept as a keyed hash alone.
    """
    match = vault.match(login.lower(), "login")
    with Session(writing_engine(), expire_on_commit=False) as session:
        if account:  # attempts on one account stand in line
            session.execute(select(Account.id).where(Account.id == account.id).with_for_update())
        allowed = _has_tries_left(session, match, browser, now)
        row = SignIn(
            account_id=account.id if account else None,
            login_match=match,
            at=now,
            address=browser.address,
            agent=browser.agent,
            known_as=browser.known_as,
            outcome=TRIED if allowed else TOO_MANY,
            seen_at=now,
        )
        session.add(row)
        session.commit()
        return row if allowed else None


def judge(attempt: SignIn, outcome: str) -> None:
    """What came of an attempt that opened no session."""
    with Session(writing_engine()) as session:
        session.execute(update(SignIn).where(SignIn.id == attempt.id).values(outcome=outcome))
        session.commit()


def open_session(work: Work, attempt_id: int, outcome: str) -> str:
    """Let an attempt become a session; gives its token, which is kept as a keyed hash alone."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    kept = {"outcome": outcome, "token_match": _match(token), "seen_at": work.now}
    work.session.execute(update(SignIn).where(SignIn.id == attempt_id).values(**kept))
    return token


def session_of(token: str, now: datetime, idle: timedelta, longest: timedelta) -> SignIn | None:
    """The session of this token with its account, union and employer, while it lasts; and that it was seen now."""
    whole = joinedload(SignIn.account).options(joinedload(Account.union), joinedload(Account.employer))
    found = select(SignIn).where(SignIn.token_match == _match(token), SignIn.ended_at.is_(None)).options(whole)
    row = db.session.scalar(found)
    if row is None or row.account is None or not row.account.active:
        return None
    if now - row.seen_at > idle or now - row.at > longest:
        return None
    if now - row.seen_at > _SEEN_EVERY:
        _seen(row.id, now)
    return row


def end_sessions(work: Work, account_id: int, why: str, *, but: int | None = None, only: int | None = None) -> None:
    """End the open sessions of an account at the next click: all, all ``but`` one row, or ``only`` one.

    An attempt whose code is still asked for is as good as open.
    """
    open_ones = update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    half_way = and_(SignIn.outcome == HALF_WAY, SignIn.at > work.now - HALF_WAY_FOR)
    open_ones = open_ones.where(or_(SignIn.token_match.is_not(None), half_way))
    if but is not None:
        open_ones = open_ones.where(SignIn.id != but)
    if only is not None:
        open_ones = open_ones.where(SignIn.id == only)
    work.session.execute(open_ones.values(ended_at=work.now, ended_by=why))


def end_links(work: Work, account_id: int) -> None:
    """No link of before lets anybody choose the account's password."""
    links = update(Invitation).where(Invitation.account_id == account_id, Invitation.ended_at.is_(None))
    work.session.execute(links.values(ended_at=work.now))


def close_account(work: Work, account: Account) -> int:
    """No way in any more, at the next click; cases under way are nobody's. Gives how many."""
    account.active = False
    end_sessions(work, account.id, "account")
    end_links(work, account.id)
    return hand_over_cases(work, account.id, None, account.name)


def close_accounts_of(work: Work, union: Union) -> list[str]:
    """Whoever was an officer of a union that has ended has no way in; gives the names they signed in by."""
    open_ones = select(Account).where(Account.union_id == union.id, Account.active).order_by(Account.id)
    officers = work.session.scalars(open_ones.with_for_update(key_share=True)).all()
    for officer in officers:
        close_account(work, officer)
    return [officer.login for officer in officers]


def _has_tries_left(session: Session, login_match: bytes, browser: Browser, now: datetime) -> bool:
    wrong = select(func.count()).where(SignIn.login_match == login_match, SignIn.outcome.in_(_WRONG))
    wrong = wrong.where(SignIn.known_as == browser.known_as)
    here = wrong.where(SignIn.at > now - _HERE_FOR)
    if not browser.known_as:
        here = here.where(SignIn.address == browser.address)
        if (session.scalar(wrong.where(SignIn.at > now - _ELSEWHERE_FOR)) or 0) >= _ELSEWHERE:
            return False
    return (session.scalar(here) or 0) < _HERE


def _seen(row_id: int, now: datetime) -> None:
    db.session.commit()  # nobody holds one connection while waiting for another
    with Session(writing_engine()) as session:
        session.execute(update(SignIn).where(SignIn.id == row_id).values(seen_at=now))
        session.commit()


def _match(token: str) -> bytes:
    return vault.match(token, "session")
