"""What an applicant is told by message: shown before the decision, followed after it, tried again when it is stuck."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from enrollment.messages import outbox
from enrollment.messages.outbox import ANSWER_LOST
from enrollment.messages.texts import APPLICATION_DECIDED, APPLICATION_RECEIVED, RESULTS, text_of
from enrollment.rules.access import Act, Actor
from enrollment.rules.applications import DECISIONS, State, Step
from enrollment.rules.regions import Territory
from enrollment.storage.applications import Application, JoinDetails, RequestDetails, lies_in
from enrollment.storage.database import Work, db, transaction
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.outbox import Message, is_stuck
from enrollment.storage.people import Person

PAGE = 50


@dataclass(frozen=True, slots=True)
class Preview:
    """The text a decision would send, and to whom; ``why`` says instead why none goes."""

    text: str = ""
    phone_masked: str = ""
    why: str = ""


def previews(application: Application) -> dict[str, Preview]:
    """What each decision would send, word for word."""
    told = _told(application)
    return {step: _preview(application, step, told) for step in DECISIONS}


def _preview(application: Application, step: Step, told: Person | JoinDetails | None) -> Preview:
    why = _why_none(told)
    if told is None or why:
        return Preview(why=why)
    return Preview(text_of(APPLICATION_DECIDED, _result(application, step)), told.phone_masked)


def _why_none(told: Person | JoinDetails | None) -> str:
    """Only a phone that is known to be the applicant's is written to; the page says the same, and more."""
    if told is None or not told.phone:
        return "message_no_phone"
    return "" if told.phone_confirmed_at else "message_phone_unproved"


def _result(application: Application, step: str) -> dict[str, str]:
    return {"number": application.number, "result": RESULTS[step]}


def tell(work: Work, application: Application, step: Step, not_before: datetime) -> None:
    """Queue what the decision means; passing on is no result."""
    told = _told(application)
    if step in RESULTS and told and not _why_none(told):
        outbox.queue(
            work,
            told.phone,
            APPLICATION_DECIDED,
            _result(application, step),
            f"{application.number}:{application.version}",
            not_before=not_before,
            subject=application.number,
            county_code=application.county_code,
        )


def tell_each(work: Work, applications: Iterable[Application], step: Step, not_before: datetime) -> None:
    """The same for many applications to join, in one go."""
    outbox.queue_each(
        work,
        [
            outbox.made(
                work,
                row.join.phone,
                APPLICATION_DECIDED,
                _result(row, step),
                f"{row.number}:{row.version}",
                not_before=not_before,
                subject=row.number,
                county_code=row.county_code,
            )
            for row in applications
            if row.join and not _why_none(row.join)
        ],
    )


def _told(application: Application) -> Person | JoinDetails | None:
    details = application.request
    return details.asker if details else application.join


def _of(territory: Territory) -> ColumnElement[bool]:
    """Messages about applications of the territory, or of the one union."""
    if territory.union:
        return Message.subject.in_(select(Application.number).where(lies_in(territory)))
    return Message.county_code.in_(territory.counties)


def messages_of(application: Application) -> Sequence[Message]:
    """What became of the messages of a case, oldest first."""
    return db.session.scalars(select(Message).where(Message.subject == application.number).order_by(Message.id)).all()


def stuck(territory: Territory) -> Sequence[Message]:
    """Messages of the territory that were given up, newest first."""
    found = select(Message).where(is_stuck(), _of(territory))
    return db.session.scalars(found.order_by(Message.id.desc()).limit(PAGE)).all()


def number_stuck(territory: Territory) -> int:
    """How many there are."""
    found = select(func.count()).select_from(Message).where(is_stuck(), _of(territory))
    return db.session.scalar(found) or 0


def retry_message(key: str, *, sure: bool, by: Actor, now: datetime) -> None:
    """Send a message that was given up once more, with what is true today; a second tap changes nothing.

    Raises ``Missing`` outside the territory, ``Refused`` when it may have gone out and nobody is ``sure``, and when it
    is of no use any more or has nowhere to go.
    """
    with transaction(by=by, act=Act.RETRY_MESSAGE, now=now) as work:
        mine = select(Message).where(Message.key == key, _of(by.territory or Territory("")))
        message = work.session.scalar(mine.with_for_update())
        if message is None:
            raise Missing
        work.subject = message.subject or ""
        if message.next_at or message.sent_at:
            work.note = "sent again"
            return
        application = work.session.scalars(_with_who_is_told().where(Application.number == message.subject)).one()
        told = _told(application)
        values = _values_today(work, message, application)
        against = {
            "message_may_be_out": message.failure == ANSWER_LOST and not sure,
            "message_no_use": not values,
            _why_none(told): bool(_why_none(told)),
        }
        if told is None or any(against.values()):
            raise Refused([code for code, holds in against.items() if holds])
        outbox.queue_again(work, message, told.phone, values)


def _with_who_is_told() -> Select[Application]:
    details = joinedload(Application.request)
    asked = details.options(joinedload(RequestDetails.person), joinedload(RequestDetails.about))
    return select(Application).options(joinedload(Application.join), asked)


def _values_today(work: Work, message: Message, application: Application) -> dict[str, str]:
    """What the message says today; empty when a newer one was queued, or the case has gone on."""
    newest = work.session.scalar(select(func.max(Message.id)).where(Message.subject == message.subject))
    if newest != message.id:
        return {}
    if message.template == APPLICATION_RECEIVED and application.state == State.SUBMITTED:
        return {"number": application.number, "due": str(application.due_on)}
    decided = message.template == APPLICATION_DECIDED and application.state in RESULTS
    return _result(application, application.state) if decided else {}
