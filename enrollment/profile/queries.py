"""What somebody sees of the own account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from enrollment.rules.access import Actor
from enrollment.rules.accounts import may_stand_in
from enrollment.rules.applications import UNDER_WAY
from enrollment.storage.accounts import Account, Delegation, RecoveryCode, SignIn
from enrollment.storage.applications import Application
from enrollment.storage.database import db

_SIGN_INS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Overview:
    """The own page: ``others``: how many other sessions are open; ``codes_left``: recovery codes not used yet."""

    sign_ins: Sequence[SignIn]
    others: int
    codes_left: int
    delegations: Sequence[Delegation]
    cases: int


def overview(account_id: int, session_id: int, today: date, since: datetime) -> Overview:
    """``since``: sessions not seen since then are over by themselves."""
    mine = select(SignIn).where(SignIn.account_id == account_id).order_by(SignIn.id.desc())
    still_open = select(func.count(SignIn.id)).where(SignIn.account_id == account_id, SignIn.id != session_id)
    still_open = still_open.where(SignIn.token_match.is_not(None), SignIn.ended_at.is_(None), SignIn.seen_at > since)
    left = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    held = select(func.count(Application.id)).where(
        Application.holder_id == account_id, Application.state.in_(UNDER_WAY)
    )
    return Overview(
        db.session.scalars(mine.limit(_SIGN_INS_SHOWN)).all(),
        db.session.scalar(still_open) or 0,
        db.session.scalar(left) or 0,
        delegations(account_id, today),
        db.session.scalar(held) or 0,
    )


def delegations(account_id: int, today: date) -> Sequence[Delegation]:
    """Those given and those taken that are not over, the next first."""
    concerns = or_(Delegation.absent_id == account_id, Delegation.deputy_id == account_id)
    found = select(Delegation).where(concerns, Delegation.ended_at.is_(None), Delegation.until_on >= today)
    whole = found.options(joinedload(Delegation.absent), joinedload(Delegation.deputy))
    return db.session.scalars(whole.order_by(Delegation.from_on, Delegation.id)).all()


def colleagues(by: Actor) -> Sequence[Account]:
    """Who may stand in for the one whose desk it is, by name."""
    own = db.session.get_one(Account, by.desk_id).as_actor()
    active = db.session.scalars(select(Account).where(Account.active).order_by(Account.name, Account.id))
    return [account for account in active if may_stand_in(own, account.as_actor())]
