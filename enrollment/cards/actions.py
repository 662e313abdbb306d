"""What a member asks of the union, and that a copy of the own data was taken."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from enrollment.messages import outbox
from enrollment.messages.texts import APPLICATION_RECEIVED
from enrollment.rules.access import Act, Actor
from enrollment.rules.applications import UNDER_WAY, State, Step
from enrollment.rules.ledger import Position
from enrollment.rules.requests import ABOUT_DATA, RequestKind, due_on, objections
from enrollment.storage.applications import (
    LINK_LENGTH,
    Application,
    RequestDetails,
    number_for,
    sent_before,
    take_step,
)
from enrollment.storage.cards import Card
from enrollment.storage.database import Work, transaction
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.ledger import history, position_of
from enrollment.storage.people import Person
from enrollment.storage.tables import new_code
from enrollment.storage.unions import Union


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a member sent. ``to_union``: a code, empty for *I do not know*; ``told``: answers in normal form."""

    kind: RequestKind
    submission_key: str
    to_union: str = ""
    cause: str = ""
    words: str = ""
    told: Mapping[str, str] = field(default_factory=dict)


def ask_union(
    link: str, asked: Asked, *, by: Actor, now: datetime, today: date, review_working_days: int
) -> Application:
    """One request for one submission key, however often it is sent; it goes to the county that has the membership.

    The person is held, so that two taps meet. Raises ``Missing`` without such a card, ``Refused`` with what the
    standing does not allow, what is under way already, or what would change nothing.
    """
    with transaction(by=by, act=Act.ASK_UNION, now=now) as work:
        person = _held_person(work, link)
        if before := sent_before(work.session, asked.submission_key):
            work.subject, work.note = before.number, "sent again"
            return before
        position = position_of(work.session, person.id, today)
        details = _details(work, person, position, asked)
        holding = _held_by(work, person, position)
        application = Application(
            number=number_for(today),
            link=new_code(LINK_LENGTH),
            submission_key=asked.submission_key,
            kind=asked.kind,
            county_code=holding.county_code,
            union_id=holding.id,
            state=State.NEW,
            version=0,
            started_at=now,
            submitted_at=now,
            due_on=due_on(asked.kind, today, review_working_days),
        )
        work.session.add(application)
        work.session.flush()
        details.application_id = application.id
        work.session.add(details)
        take_step(work, application, Step.SUBMITTED)
        if person.phone and person.phone_confirmed_at:
            values = {"number": application.number, "due": str(application.due_on)}
            outbox.queue(
                work,
                person.phone,
                APPLICATION_RECEIVED,
                values,
                f"{application.number}:received",
                subject=application.number,
                county_code=application.county_code,
            )
        work.subject = application.number
        return application


def record_copy(link: str, *, by: Actor, now: datetime) -> None:
    """One audit line: the person took a copy of the own data (PRIV-11). It is no look of somebody else's."""
    with transaction(by=by, act=Act.COPY_OWN_DATA, now=now) as work:
        work.subject = _held_person(work, link).code


def _held_person(work: Work, link: str) -> Person:
    """The person of the card, held until the transaction ends."""
    found = select(Person).join(Card, Card.person_id == Person.id).where(Card.link == link)
    person = work.session.scalar(found.with_for_update(of=Person))
    if person is None:
        raise Missing
    return person


def _held_by(work: Work, person: Person, position: Position) -> Union:
    """The union that holds the membership, or held it last."""
    return work.session.get_one(Union, int(position.union or history(work.session, person.id)[-1].union))


def _details(work: Work, person: Person, position: Position, asked: Asked) -> RequestDetails:
    reasons = objections(asked.kind, position.standing)
    if reasons:
        raise Refused(reasons)
    same = [asked.kind] if asked.kind in ABOUT_DATA else [kind for kind in RequestKind if kind not in ABOUT_DATA]
    mine = select(Application.id).join(RequestDetails).where(RequestDetails.person_id == person.id)
    if work.session.scalar(mine.where(Application.kind.in_(same), Application.state.in_(UNDER_WAY)).limit(1)):
        raise Refused(["request_under_way"])
    target = _target(work, position, asked.to_union)
    return RequestDetails(
        person_id=person.id,
        to_union_id=target.id if target else None,
        cause=asked.cause,
        words=asked.words,
        told=_changes(person, asked.told) if asked.kind is RequestKind.CORRECT else None,
    )


def _target(work: Work, position: Position, code: str) -> Union | None:
    """The union a transfer names, while it stands."""
    if not code:
        return None
    target = work.session.scalar(select(Union).where(Union.code == code, Union.dissolved_on.is_(None)))
    if target is None:
        raise Refused(["transfer_target_missing"])
    if position.card_is_valid and str(target.id) == position.union:
        raise Refused(["transfer_same_union"])
    return target


def _changes(person: Person, told: Mapping[str, str]) -> str:
    """What differs from what is kept, as JSON."""
    changed = {name: answer for name, answer in told.items() if answer and answer != getattr(person, name)}
    if not changed:
        raise Refused(["nothing_to_change"])
    return json.dumps(changed, ensure_ascii=False)
