"""What somebody changes about the own account; who stands in; whose cases go to whom."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from enrollment.rules.access import Act, Actor
from enrollment.rules.accounts import delegation_objections, may_stand_in, password_objections
from enrollment.storage import pairings, passwords, sign_ins
from enrollment.storage.accounts import Account, Delegation
from enrollment.storage.applications import hand_over_cases
from enrollment.storage.database import Work, transaction
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.tables import new_code

_CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Proof:
    """The account at hand, its open session, and the password typed to prove that it is still the same person."""

    account: Account
    session_id: int
    password: str


def change_password(proof: Proof, new: str, *, by: Actor, now: datetime) -> None:
    """A new password; every other session ends, and every link for another.

    Raises ``Refused`` for a wrong present one or a new one too weak.
    """
    _prove(proof)
    objections = password_objections(new, (proof.account.login, proof.account.name))
    if objections:
        raise Refused(objections)
    kept = passwords.hash_of(new)
    with transaction(by=by, act=Act.CHANGE_OWN_ACCOUNT, now=now) as work:
        work.session.get_one(Account, proof.account.id).password_hash = kept
        sign_ins.end_sessions(work, proof.account.id, "password", but=proof.session_id)
        sign_ins.end_links(work, proof.account.id)
        work.subject, work.note = proof.account.login, "password"


def set_second_factor(proof: Proof, secret: str, code: str, *, by: Actor, now: datetime) -> list[str]:
    """Ask for codes of this secret from now on; gives the recovery codes. Raises ``Refused`` for a wrong code."""
    _prove(proof)
    step = passwords.step_of(secret, passwords.plain_code(code), now)
    if step is None:
        raise Refused(["wrong_code"])
    with transaction(by=by, act=Act.CHANGE_OWN_ACCOUNT, now=now) as work:
        account = work.session.get_one(Account, proof.account.id)
        account.totp_secret, account.totp_last = secret, step
        sign_ins.end_sessions(work, account.id, "second_factor", but=proof.session_id)
        sign_ins.end_links(work, account.id)
        work.subject, work.note = account.login, "second factor set"
        return passwords.new_recovery_codes(work, account.id)


def drop_second_factor(proof: Proof, *, required: bool, by: Actor, now: datetime) -> None:
    """Ask for no codes any more, where the role does not have to."""
    _prove(proof)
    if required:
        raise Refused(["second_factor_required"])
    with transaction(by=by, act=Act.CHANGE_OWN_ACCOUNT, now=now) as work:
        work.session.get_one(Account, proof.account.id).totp_secret = None
        passwords.drop_recovery_codes(work, proof.account.id)
        sign_ins.end_sessions(work, proof.account.id, "second_factor", but=proof.session_id)
        sign_ins.end_links(work, proof.account.id)
        work.subject, work.note = proof.account.login, "second factor dropped"


def renew_recovery_codes(proof: Proof, *, by: Actor, now: datetime) -> list[str]:
    """Ten new recovery codes; the old ones are good no more."""
    _prove(proof)
    if proof.account.totp_secret is None:
        raise Refused(["second_factor_missing"])
    with transaction(by=by, act=Act.CHANGE_OWN_ACCOUNT, now=now) as work:
        work.subject, work.note = proof.account.login, "recovery codes"
        return passwords.new_recovery_codes(work, proof.account.id)


def _prove(proof: Proof) -> None:
    if not passwords.fits(proof.account, proof.password):
        raise Refused(["wrong_own_password"])


def delegate(deputy_code: str, from_on: date, until_on: date, *, by: Actor, now: datetime, today: date) -> Delegation:
    """Let somebody stand in, both days inclusive. Raises ``Refused`` with what the rules object."""
    with transaction(by=by, act=Act.DELEGATE, now=now) as work:
        deputy = _colleague(work, by, deputy_code)
        objections = delegation_objections(from_on, until_on, today)
        overlaps = select(Delegation.id).where(Delegation.absent_id == by.account_id, Delegation.ended_at.is_(None))
        if work.session.scalar(overlaps.where(Delegation.from_on <= until_on, Delegation.until_on >= from_on)):
            objections = (*objections, "delegated_already")
        if objections:
            raise Refused(objections)
        made = Delegation(
            code=new_code(_CODE_LENGTH),
            absent_id=by.account_id,
            deputy_id=deputy.id,
            from_on=from_on,
            until_on=until_on,
            made_at=now,
        )
        work.session.add(made)
        work.subject, work.note = deputy.login, f"{from_on} – {until_on}"
        return made


def end_delegation(code: str, *, by: Actor, now: datetime) -> None:
    """End one that runs or is to come: by who made it, or by the deputy. Raises ``Missing``, ``Conflict`` if it is."""
    with transaction(by=by, act=Act.DELEGATE, now=now) as work:
        row = work.session.scalar(select(Delegation).where(Delegation.code == code).with_for_update())
        if row is None or by.account_id not in (row.absent_id, row.deputy_id):
            raise Missing
        if row.ended_at:
            raise Conflict
        row.ended_at = now
        work.subject, work.note = code, "ended"


def begin_standing_in(code: str, *, by: Actor, now: datetime, today: date) -> Delegation:
    """The deputy takes the desk of who is away. Raises ``Missing`` for one that does not hold today."""
    with transaction(by=by, act=Act.STAND_IN, now=now) as work:
        row = work.session.scalar(select(Delegation).where(Delegation.code == code))
        if row is None or row.deputy_id != by.account_id:
            raise Missing
        row.absent = work.session.get_one(Account, row.absent_id)
        if not row.holds_on(today):
            raise Missing
        work.subject, work.note = row.absent.login, "begins"
        return row


def hand_over(to_code: str, reason: str, *, by: Actor, now: datetime, today: date) -> None:
    """All cases under way, and all employers guided, to a colleague in one act that each history tells.

    Raises ``Refused`` when there are none, or to somebody who cannot take them.
    """
    with transaction(by=by, act=Act.HAND_OVER, now=now) as work:
        colleague, own = _colleague(work, by, to_code), work.session.get_one(Account, by.desk_id)
        moved = hand_over_cases(work, own.id, colleague, reason)
        counties = by.territory.counties if by.territory else ()
        guided = pairings.hand_over(work, own, colleague, on=today, counties=counties)
        if not moved and not guided:
            raise Refused(["no_cases"])
        work.subject, work.note = colleague.login, f"{moved} + {len(guided)} · {reason}"


def _colleague(work: Work, by: Actor, code: str) -> Account:
    """Somebody else who may do the same work and reaches the same place."""
    account = work.session.scalar(select(Account).where(Account.code == code, Account.active))
    own = work.session.get_one(Account, by.desk_id)
    if account is None or not may_stand_in(own.as_actor(), account.as_actor()):
        raise Refused(["no_such_colleague"])
    return account
