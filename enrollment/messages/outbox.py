"""The outbox (待发消息): queued within an act, sent after it, tried again while that is safe, never sent twice."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, event, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from enrollment.messages.gateways import AnswerLost, NotAccepted
from enrollment.messages.office import office
from enrollment.messages.texts import PHONE_CODE, TEMPLATES
from enrollment.rules.access import SYSTEM, Act
from enrollment.storage.database import Work, db, transaction
from enrollment.storage.failures import Missing
from enrollment.storage.outbox import Message
from enrollment.storage.people import PHONE
from enrollment.storage.vault import vault

ANSWER_LOST = "answer lost"
"""Its sender died with it, or the provider's answer did: it may have gone out, so it is not sent again."""

TOO_LATE = "too late"
"""Its use was over before it could be sent."""

_PAUSES = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))
_LEASE = timedelta(minutes=10)  # far longer than a round of the slowest gateway
_AT_ONCE = 10  # few enough for ``now`` to be still true at the last
_FAILURE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round did: how many were sent, and how many were not taken."""

    sent: int
    failed: int


@dataclass(frozen=True, slots=True)
class Left:
    """What is left: ``waiting`` will be tried, ``stuck`` was given up and stays visible."""

    waiting: int
    stuck: int


def queue(
    work: Work,
    phone: str,
    template: str,
    values: Mapping[str, str],
    key: str,
    *,
    not_before: datetime | None = None,
    subject: str | None = None,
    county_code: str | None = None,
) -> None:
    """Put one message into the outbox within the transaction; the same ``key`` a second time changes nothing.

    It is on its way soon after the transaction is kept, or when ``not_before`` has come. ``subject`` and
    ``county_code``: the application it tells of, whose cadres see what becomes of it.
    """
    message = made(work, phone, template, values, key, not_before=not_before, subject=subject, county_code=county_code)
    work.session.flush()
    try:
        with work.session.begin_nested():
            work.session.add(message)
    except IntegrityError:
        return
    event.listen(work.session, "after_commit", _wake, once=True)


def queue_each(work: Work, messages: Sequence[Message]) -> None:
    """Put many into the outbox in one go, each of an occasion that cannot have been before."""
    work.session.add_all(messages)
    event.listen(work.session, "after_commit", _wake, once=True)


def made(
    work: Work,
    phone: str,
    template: str,
    values: Mapping[str, str],
    key: str,
    *,
    not_before: datetime | None = None,
    subject: str | None = None,
    county_code: str | None = None,
) -> Message:
    """A message that is not queued yet."""
    if set(values) != TEMPLATES[template].needs:
        message = f"{template} needs {sorted(TEMPLATES[template].needs)}"
        raise ValueError(message)
    return Message(
        key=key,
        phone=phone,
        phone_match=vault.match(phone, PHONE),
        template=template,
        values=json.dumps(dict(values), ensure_ascii=False),
        queued_at=work.now,
        next_at=not_before or work.now,
        subject=subject,
        county_code=county_code,
    )


def deliver(now: datetime) -> Delivered:
    """Send some of what is due; again until nothing was sent and nothing failed, and all of it was tried.

    Any number may do so at once: each message is claimed by one, and the claim is kept before it is sent.
    """
    _give_up(now)
    taken = list(islice(_each_sent(now), _AT_ONCE))
    return Delivered(taken.count(True), taken.count(False))


def left() -> Left:
    """How many messages wait, and how many are stuck."""
    with _reading() as session:
        waiting, stuck = session.execute(
            select(
                func.count().filter(Message.next_at.is_not(None)),
                func.count().filter(Message.next_at.is_(None), Message.sent_at.is_(None)),
            ).select_from(Message)
        ).one()
    return Left(waiting, stuck)


def queue_again(work: Work, message: Message, phone: str, values: Mapping[str, str]) -> None:
    """Give a locked message that was given up its phone and values anew."""
    message.phone, message.phone_match = phone, vault.match(phone, PHONE)
    message.values = json.dumps(dict(values), ensure_ascii=False)
    message.next_at, message.tries, message.failure = work.now, 0, ""
    event.listen(work.session, "after_commit", _wake, once=True)


def take_back(work: Work, key: str) -> bool:
    """Drop the message of an occasion that did not take place after all; False once a sender has taken it up."""
    message = work.session.scalar(select(Message).where(Message.key == key).with_for_update())
    if message is None:
        return True
    if message.tries:
        return False
    work.session.delete(message)
    return True


def forget(work: Work, phone_match: bytes) -> None:
    """Drop what was said to a phone (PRIV-12); that something was sent, and when, remains."""
    work.session.execute(update(Message).where(Message.phone_match == phone_match).values(**_dropped()))


def _dropped() -> dict[str, Any]:
    return {"phone": "", "values": "{}", "next_at": None, "claimed_until": None}


def _wake(_session: Session) -> None:
    office().wake()


def _reading() -> Session:
    """A session of its own: what another sender has just kept is seen."""
    return Session(db.engine)


def _give_up(now: datetime) -> None:
    """Whose claim was never answered, and whose use is over: neither is sent."""
    hopeless = {ANSWER_LOST: Message.claimed_until <= now, TOO_LATE: _useless(now)}
    with _reading() as session:
        if not any(session.scalar(select(Message.id).where(which).limit(1)) for which in hopeless.values()):
            return
    with transaction(by=SYSTEM, act=Act.SEND_MESSAGES, now=now) as work:
        for failure, which in hopeless.items():
            work.session.execute(update(Message).where(which).values(**_dropped(), failure=failure))
        work.note = "given up"


def _useless(now: datetime) -> ColumnElement[bool]:
    old = [
        and_(Message.template == code, Message.queued_at <= now - template.useful)
        for code, template in TEMPLATES.items()
        if template.useful
    ]
    return and_(Message.next_at.is_not(None), Message.claimed_until.is_(None), or_(*old))


def _each_sent(now: datetime) -> Iterator[bool]:
    """Claim and send one after the other; for each, whether it was taken."""
    with _reading() as session:
        nothing = session.scalar(_due(now)) is None
    while not nothing:
        try:
            message = _claim(now)
        except Missing:
            return
        yield _send(message, now)


def _due(now: datetime) -> Select[Message]:
    """The message that has waited longest."""
    waiting = select(Message).where(Message.next_at <= now, Message.claimed_until.is_(None))
    return waiting.order_by(Message.next_at, Message.id).limit(1)


def _claim(now: datetime) -> Message:
    """The message that has waited longest, now ours for a while. Raises ``Missing`` when none is due."""
    with transaction(by=SYSTEM, act=Act.SEND_MESSAGES, now=now) as work:
        message = work.session.scalar(_due(now).with_for_update(skip_locked=True))
        if message is None:
            raise Missing
        message.claimed_until, message.tries = now + _LEASE, message.tries + 1
        work.subject, work.note = message.template, "claimed"
        return message


def _send(message: Message, now: datetime) -> bool:
    """Hand a claimed message to the gateway and keep what came of it; whether it was taken."""
    values = json.loads(message.values)
    try:
        receipt = office().gateway.send(message.phone, message.template, values, message.key)
    except AnswerLost:
        _record(message, now, next_at=None, failure=ANSWER_LOST)
    except NotAccepted as no:
        again = _next_try(now, message.tries) if no.retry else None
        _record(message, now, next_at=again, failure=no.reason[:_FAILURE_LENGTH])
    else:
        _record(message, now, next_at=None, failure="", sent_at=now, receipt=receipt.number)
        return True
    return False


def _next_try(now: datetime, tries: int) -> datetime | None:
    return now + _PAUSES[tries - 1] if tries <= len(_PAUSES) else None


def _record(message: Message, now: datetime, **outcome: Any) -> None:  # noqa: ANN401 -- columns of the message
    done = outcome["next_at"] is None and not (message.template == PHONE_CODE and office().shows_codes)
    values = {**(_dropped() if done else {}), "claimed_until": None, **outcome}
    with transaction(by=SYSTEM, act=Act.SEND_MESSAGES, now=now) as work:
        work.session.execute(update(Message).where(Message.id == message.id).values(**values))
        work.subject, work.note = message.template, outcome["failure"] or "sent"
