"""Codes that confirm a phone (短信验证码): sent, checked, and in the demo shown."""

import hmac
import json
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, func, select
from sqlalchemy.orm import Session

from enrollment.messages.office import office
from enrollment.messages.outbox import queue
from enrollment.messages.texts import PHONE_CODE
from enrollment.rules.access import Act, Actor
from enrollment.rules.confirmation import (
    DIGITS,
    KEPT,
    PER_ADDRESS,
    PER_PHONE,
    WITHOUT_CODE,
    WRONG_TRIES,
    Limit,
    fault,
    lives,
    network,
    normal_code,
    too_many,
    too_soon,
)
from enrollment.storage.database import Work, db, transaction
from enrollment.storage.failures import Refused
from enrollment.storage.outbox import Message, PhoneCode
from enrollment.storage.people import PHONE
from enrollment.storage.tables import new_code
from enrollment.storage.vault import vault

_ADDRESS = "address"
_KEY_LENGTH = 16
_LOCK_BYTES = 8
NO_CODE = b""
"""In place of a code's hash: something that came without one, counted among them."""


def send_code(phone: str, purpose: str, *, address: str, by: Actor, now: datetime, known: bool = True) -> None:
    """Make a code for ``phone`` (in normal form) and queue the message that carries it.

    When the phone is not ``known`` nothing is queued and everything else is the same, so that nobody learns which
    phones are known. Raises ``Refused``: ``code_too_soon`` within a minute, ``too_many_codes`` over a limit of the
    phone or of ``address``, whatever the purpose.
    """
    phone_match, address_match = vault.match(phone, PHONE), _match_of(address)
    with transaction(by=by, act=Act.CONFIRM_PHONE, now=now) as work:
        work.subject, work.note = purpose, "sent"
        work.session.execute(delete(PhoneCode).where(PhoneCode.sent_at <= now - KEPT))
        _one_at_a_time(work.session, phone_match, address_match)
        _refuse_too_many(work, phone_match, address_match)
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        work.session.add(
            PhoneCode(
                purpose=purpose,
                phone_match=phone_match,
                address_match=address_match,
                code_match=_match(phone, purpose, code),
                sent_at=now,
            )
        )
        if known:
            queue(work, phone, PHONE_CODE, {"code": code}, f"{PHONE_CODE}:{new_code(_KEY_LENGTH)}")


def check_code(phone: str, purpose: str, code: str, *, by: Actor, now: datetime) -> None:
    """Take the code sent last, or refuse; the right one passes again and again while it lives.

    Raises ``Refused``: ``code_expired`` (also when none was sent), ``code_spent`` after five wrong tries,
    ``code_wrong``, which is counted although it is refused.
    """
    with transaction(by=by, act=Act.CONFIRM_PHONE, now=now) as work:
        sent = work.session.scalar(_newest(phone, purpose).with_for_update())
        fits = sent is not None and _fits(sent, phone, normal_code(code))
        no = fault(sent.sent_at if sent else None, sent.wrong_tries if sent else 0, fits=fits, now=now)
        if sent and no == "code_wrong":
            sent.wrong_tries += 1
        work.subject, work.note = purpose, no or "confirmed"
    if no:
        raise Refused([no])


def count_try(phone: str, purpose: str, *, by: Actor, now: datetime) -> None:
    """Count one try of what is asked beside the code, before it is looked at: guessing ends after five.

    Raises ``Refused`` with ``code_spent`` after them. The code was checked before.
    """
    with transaction(by=by, act=Act.CONFIRM_PHONE, now=now) as work:
        sent = work.session.scalars(_newest(phone, purpose).with_for_update()).one()
        if sent.wrong_tries >= WRONG_TRIES:
            raise Refused(["code_spent"])
        sent.wrong_tries += 1
        work.subject, work.note = purpose, "tried"


def count_sending(purpose: str, *, address: str, by: Actor, now: datetime) -> None:
    """Count something sent without a code, from an address; raises ``Refused`` with ``too_many_sendings``."""
    address_match = _match_of(address)
    with transaction(by=by, act=Act.CONFIRM_PHONE, now=now) as work:
        work.subject, work.note = purpose, "without a code"
        _one_at_a_time(work.session, address_match)
        counted = {"phone_match": address_match, "address_match": address_match, "code_match": NO_CODE, "sent_at": now}
        same = and_(PhoneCode.phone_match == address_match, PhoneCode.purpose == purpose)
        if too_many(_times(work, same, WITHOUT_CODE), WITHOUT_CODE, now):
            raise Refused(["too_many_sendings"])
        work.session.add(PhoneCode(purpose=purpose, **counted))


def code_on_page(phone: str, purpose: str, *, now: datetime) -> str:
    """For the demo alone: the code sent last, while it lives; empty wherever messages reach real phones."""
    if not office().shows_codes:
        return ""
    message = select(Message).where(Message.phone_match == vault.match(phone, PHONE), Message.template == PHONE_CODE)
    with Session(db.engine) as session:
        sent = session.scalar(_newest(phone, purpose))
        queued = session.scalar(message.order_by(Message.id.desc()).limit(1))
    if sent is None or queued is None or not lives(sent.sent_at, now):
        return ""
    code: str = json.loads(queued.values)["code"]
    return code if _fits(sent, phone, code) else ""


def _match_of(address: str) -> bytes:
    return vault.match(network(address), _ADDRESS)


def _match(phone: str, purpose: str, code: str) -> bytes:
    return vault.match(f"{phone}:{purpose}:{code}", PHONE_CODE)


def _fits(sent: PhoneCode, phone: str, code: str) -> bool:
    return hmac.compare_digest(sent.code_match, _match(phone, sent.purpose, code))


def _newest(phone: str, purpose: str) -> Select[PhoneCode]:
    found = select(PhoneCode).where(PhoneCode.phone_match == vault.match(phone, PHONE), PhoneCode.purpose == purpose)
    return found.order_by(PhoneCode.sent_at.desc(), PhoneCode.id.desc()).limit(1)


def _one_at_a_time(session: Session, *matches: bytes) -> None:
    """Whoever asks for the same phone or from the same address waits; on SQLite every writer does so already."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for lock in sorted(int.from_bytes(match[:_LOCK_BYTES], signed=True) for match in matches):
        session.execute(select(func.pg_advisory_xact_lock(lock)))


def _refuse_too_many(work: Work, phone_match: bytes, address_match: bytes) -> None:
    of_phone = _times(work, PhoneCode.phone_match == phone_match, PER_PHONE)
    if too_soon(of_phone, work.now):
        raise Refused(["code_too_soon"])
    sent_from = and_(PhoneCode.address_match == address_match, PhoneCode.code_match != NO_CODE)
    of_address = _times(work, sent_from, PER_ADDRESS)
    if too_many(of_phone, PER_PHONE, work.now) or too_many(of_address, PER_ADDRESS, work.now):
        raise Refused(["too_many_codes"])


def _times(work: Work, whose: ColumnElement[bool], limits: tuple[Limit, ...]) -> list[datetime]:
    """When codes were sent, as far back as a limit looks."""
    since: timedelta = max(limit.within for limit in limits)
    return list(work.session.scalars(select(PhoneCode.sent_at).where(whose, PhoneCode.sent_at > work.now - since)))
