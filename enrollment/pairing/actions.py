"""What a cadre does with pairings: name a guide and the next step, log a contact, end one, hand over.

The second tap of the same form finds it done and changes nothing; whoever comes second with something else is told that
someone was faster (``Conflict``).
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enrollment.rules.access import Act, Actor
from enrollment.rules.pairing import ContactWay, PairingEntry, guide_objections, step_objections
from enrollment.storage import pairings
from enrollment.storage.accounts import Account
from enrollment.storage.database import Work, db, transaction
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.neighbors import without_union
from enrollment.storage.pairings import Pairing, PairingContact, holds, record_entry
from enrollment.storage.unions import Employer


def set_pairing(
    code: str,
    *,
    guide: str,
    step: str,
    due_on: date | None,
    version: int,
    by: Actor,
    now: datetime,
    today: date,
) -> None:
    """Name the guide of an employer (``guide``: a login) and the next step with its day.

    Raises ``Missing`` outside the territory, ``Refused`` with what stands against it, ``Conflict`` when there is an
    entry newer than ``version`` that says something else.
    """

    def is_so() -> bool:
        account = db.session.scalar(select(Account).where(Account.login == guide))
        held = _held(db.session(), code, today)
        return held is not None and _says(held, account) == (True, step, due_on)

    with _once(is_so), transaction(by=by, act=Act.CHANGE_PAIRING, now=now) as work:
        employer = _employer(work, code)
        before, account = _held(work.session, code, today), _account(work, guide)
        if before and _says(before, account) == (True, step, due_on):
            raise Conflict
        _refuse(_standing(work, employer, today))
        _unchanged_since(work, employer, version)
        _refuse(guide_objections(account.territory_code, employer.county_code, active=account.may_guide))
        _refuse(step_objections(step, due_on))
        kind = PairingEntry.NAMED
        if before:
            kind = PairingEntry.STEP_SET if before.account_id == account.id else PairingEntry.REPLACED
        record_entry(work, employer.id, before, guide=account.id, kind=kind, on=today, step=step, due_on=due_on)
        work.subject, work.note = employer.code, f"{kind} {account.login}"


def end_pairing(code: str, *, note: str, version: int, by: Actor, now: datetime, today: date) -> None:
    """Write down that an employer needs no guide any more, and why.

    Raises ``Missing`` outside the territory, ``Refused`` where nobody guides it, ``Conflict`` when there is a newer
    entry than ``version`` that says something else.
    """

    def is_so() -> bool:
        last = select(Pairing).join(Employer).where(Employer.code == code).order_by(Pairing.ordinal.desc()).limit(1)
        found = db.session.scalar(last)
        return found is not None and (found.account_id, found.note) == (None, note)

    with _once(is_so), transaction(by=by, act=Act.CHANGE_PAIRING, now=now) as work:
        employer = _employer(work, code)
        _unchanged_since(work, employer, version)
        before = _held(work.session, code, today)
        if before is None:
            raise Refused(["nobody_guides"])
        record_entry(work, employer.id, before, guide=None, kind=PairingEntry.NOT_NEEDED, on=today, note=note)
        work.subject, work.note = employer.code, PairingEntry.NOT_NEEDED


def log_contact(
    code: str, *, contacted_on: date, way: ContactWay, words: str, key: str, by: Actor, now: datetime, today: date
) -> None:
    """Keep one contact with an employer; the same ``key`` again is the same contact.

    Raises ``Missing`` outside the territory, ``Refused`` for a day to come.
    """

    def is_so() -> bool:
        kept = select(PairingContact.id).join(Employer).where(Employer.code == code)
        return db.session.scalar(kept.where(PairingContact.submission_key == key)) is not None

    with _once(is_so), transaction(by=by, act=Act.CHANGE_PAIRING, now=now) as work:
        employer = _employer(work, code)
        _refuse(("in_the_future",) if contacted_on > today else ())
        contact = PairingContact(employer_id=employer.id, contacted_on=contacted_on, way=way, words=words)
        contact.account_id, contact.recorded_at, contact.submission_key = by.account_id, now, key
        work.session.add(contact)
        work.subject, work.note = employer.code, f"contact {way}"


def hand_over(from_login: str, *, to: str, employers: Collection[str], by: Actor, now: datetime, today: date) -> None:
    """Move pairings of one guide in the territory to another: those of these employers, in one act.

    Raises ``Missing`` for an account there is not, ``Refused`` with what stands against it, ``Conflict`` when none of
    them is the guide's any more.
    """
    counties = by.territory.counties if by.territory else ()

    def is_so() -> bool:
        guides = select(Account.login).select_from(Employer).join(Pairing, holds()).join(Pairing.guide)
        asked = guides.where(Employer.code.in_(employers), Employer.county_code.in_(counties))
        return set(db.session.scalars(asked)) == {to}

    with _once(is_so), transaction(by=by, act=Act.CHANGE_PAIRING, now=now) as work:
        if not employers:
            raise Refused(["nothing_chosen"])
        before, after = _account(work, from_login), _account(work, to)
        moved = pairings.hand_over(work, before, after, on=today, counties=counties, employers=employers)
        if not moved:
            raise Conflict
        work.subject, work.note = to, f"{len(moved)} handed over by {from_login}"


@contextmanager
def _once(is_so: Callable[[], bool]) -> Iterator[None]:
    """Take a conflict for the second tap of the same form when what was asked for is so already."""
    try:
        yield
    except Conflict:
        if not is_so():
            raise


def _employer(work: Work, code: str) -> Employer:
    """The employer, when it lies in the territory."""
    counties = work.by.territory.counties if work.by.territory else ()
    employer = work.session.scalar(select(Employer).where(Employer.code == code, Employer.county_code.in_(counties)))
    if employer is None:
        raise Missing
    return employer


def _account(work: Work, login: str) -> Account:
    account = work.session.scalar(select(Account).where(Account.login == login))
    if account is None:
        raise Missing
    return account


def _held(session: Session, code: str, today: date) -> Pairing | None:
    """The entry that holds for the employer."""
    held = select(Pairing).join(Employer, holds()).where(Employer.code == code, without_union(today))
    return session.scalar(held)


def _says(held: Pairing, account: Account | None) -> tuple[bool, str, date | None]:
    return account is not None and held.account_id == account.id, held.step, held.due_on


def _standing(work: Work, employer: Employer, today: date) -> tuple[str, ...]:
    """Why nobody guides an employer any more: it has a union, or it has closed."""
    if work.session.scalar(select(Employer.id).where(Employer.id == employer.id, without_union(today))):
        return ()
    return ("unit_is_closed",) if employer.closed_on and employer.closed_on <= today else ("unit_is_covered",)


def _unchanged_since(work: Work, employer: Employer, version: int) -> None:
    last = select(func.max(Pairing.ordinal)).where(Pairing.employer_id == employer.id)
    if (work.session.scalar(last) or 0) != version:
        raise Conflict


def _refuse(reasons: tuple[str, ...]) -> None:
    if reasons:
        raise Refused(reasons)
