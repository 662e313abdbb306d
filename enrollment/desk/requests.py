"""The decision on a member's request (会员事项), and what it changes: ledger, data, or the way in."""

import json
from datetime import date, timedelta

from sqlalchemy import or_, select, update

from enrollment.messages.outbox import forget
from enrollment.rules.applications import Step
from enrollment.rules.deadlines import TRANSFER_DAYS, after_working_days
from enrollment.rules.desks import Desk
from enrollment.rules.ledger import Position, Standing
from enrollment.rules.regions import Territory
from enrollment.rules.requests import RequestKind, entries_of_an_end, entries_of_approval, objections
from enrollment.storage.applications import (
    LINK_LENGTH,
    Application,
    JoinDetails,
    RequestDetails,
)
from enrollment.storage.cards import Card
from enrollment.storage.database import Work
from enrollment.storage.erasing import drop_joining, drop_person, put
from enrollment.storage.failures import Refused
from enrollment.storage.ledger import position_of, record_each
from enrollment.storage.people import Person, kept_numbers
from enrollment.storage.tables import new_code
from enrollment.storage.unions import Union

_WORKING_DAYS_LEFT = 2


def settle(work: Work, application: Application, step: Step, to_union: str, today: date) -> Step:
    """Do what the decision means, in its transaction, and give the step that is recorded.

    ``to_union``: name or code of the union a transfer goes to, empty for the one asked for; or of the one an
    application is passed on to. An approval is *passed on* when that union lies elsewhere: its county takes the member
    in. Raises ``Refused`` with what the rules object.
    """
    details = application.request
    if details is None:
        if step is Step.PASSED_ON:
            _pass_on(work, application, to_union, today)
        return step
    if details.person_id is None:
        return _settle_for_applicant(work, details, step, today)
    moves = application.kind == RequestKind.TRANSFER and step is Step.APPROVED
    target = _target(work, to_union, details.to_union_id) if moves else None  # unions are locked before people
    person = work.session.get_one(Person, details.person_id, with_for_update=True)
    held = position_of(work.session, person.id, today)
    if target is not None:
        details.to_union_id = target.id
        return _move(work, application, person, held, target, today)
    return _settle_here(work, application, person, held, step, today)


def _settle_here(  # noqa: PLR0917 -- whose request, as it stands, and what is decided
    work: Work, application: Application, person: Person, held: Position, step: Step, today: date
) -> Step:
    """A member's request that moves nobody."""
    kind = RequestKind(application.kind)
    if step is Step.RETURNED and held.standing is Standing.TRANSFERRING:
        raise Refused(["cannot_return_moving"])
    if step is Step.REFUSED:
        record_each(work, person, entries_of_an_end(kind, held), today, application.number)
    if step is Step.APPROVED:
        reasons = objections(kind, held.standing)
        if reasons:
            raise Refused(reasons)
        record_each(work, person, entries_of_approval(kind, held, "", reaches=True), today, application.number)
        told = application.request.told if application.request else None
        _change_data(work, person, kind, json.loads(told or "{}"), today)
    return step


def _pass_on(work: Work, application: Application, named: str, today: date) -> None:
    """To another union that stands, and its desk (转办); whoever gets it late still has two working days."""
    if not named:
        raise Refused(["passing_on_target_missing"])
    target = _target(work, named, None)
    if target.id == application.union_id:
        raise Refused(["passing_on_same_union"])
    application.union_id, application.county_code, application.holder_id = target.id, target.county_code, None
    application.raised_to = ""
    _give_time(application, today)


def leave_to_county(application: Application, today: date) -> None:
    """From a preparatory group to the county's desk (REG-4), where it stays; with two working days at least."""
    application.raised_to = Desk.COUNTY
    _give_time(application, today)


def _give_time(application: Application, today: date) -> None:
    soonest = after_working_days(today, _WORKING_DAYS_LEFT)
    application.due_on, application.escalated_at = max(application.due_on or soonest, soonest), None


def _settle_for_applicant(work: Work, details: RequestDetails, step: Step, today: date) -> Step:
    """Delete what an applicant told, who is no member; the application it is about has ended (PRIV-12)."""
    if step is Step.APPROVED:
        about = work.session.get_one(Application, details.about_id, with_for_update=True)
        join = work.session.get_one(JoinDetails, about.id)
        forget(work, join.phone_match)
        drop_joining(work, about, join, today)
        details.words = ""
    return step


def _change_data(work: Work, person: Person, kind: RequestKind, told: dict[str, str], today: date) -> None:
    """What a request about the own data asks for; the others leave the data as it is."""
    if kind is RequestKind.CORRECT:
        _correct(work, person, told)
    elif kind is RequestKind.ERASE:
        forget(work, person.phone_match)
        drop_person(work, person, today)
    elif kind is RequestKind.CLOSE:
        _close(work, person)


def _move(  # noqa: PLR0917 -- who moves, from where, to where, when
    work: Work, application: Application, person: Person, held: Position, target: Union, today: date
) -> Step:
    """CH-5, REG-10: out of the old union, into the new one; or out, and on to the county of the new one."""
    if held.standing is Standing.MEMBER and held.union == str(target.id):
        raise Refused(["transfer_same_union"])
    reaches = work.by.territory is not None and _takes_in(work.by.territory, target)
    entries = entries_of_approval(RequestKind.TRANSFER, held, str(target.id), reaches=reaches)
    record_each(work, person, entries, today, application.number)
    application.union_id = target.id
    if reaches:
        return Step.APPROVED
    application.county_code, application.holder_id = target.county_code, None
    application.due_on = today + timedelta(days=TRANSFER_DAYS)
    application.escalated_at, application.raised_to = None, ""
    return Step.PASSED_ON


def _takes_in(territory: Territory, target: Union) -> bool:
    return target.id == territory.union if territory.union else territory.covers(target.county_code)


def _target(work: Work, named: str, asked_for: int | None) -> Union:
    """The union the cadre named, else the one asked for, while it stands: it does not end before this is done."""
    wanted = or_(Union.code == named, Union.name == named) if named else Union.id == asked_for
    stands = select(Union).where(wanted, Union.dissolved_on.is_(None))
    target = work.session.scalar(stands.with_for_update(read=True))
    if target is None:
        raise Refused(["transfer_target_missing"])
    return target


def _correct(work: Work, person: Person, told: dict[str, str]) -> None:
    """The new data, at the person and at every application of theirs; the old is kept nowhere."""
    applied = work.session.scalars(select(JoinDetails).where(JoinDetails.identity_match == person.identity_match))
    numbers = kept_numbers(person.identity, told["phone"]) if "phone" in told else {}
    proof = {"phone_confirmed_at": None} if numbers else {}  # another phone is not the one a code was sent to
    for row in (person, *applied):
        put(row, {**told, **numbers, **proof})
    person.dropped_on = None  # there is something again


def _close(work: Work, person: Person) -> None:
    """The links of the card and of all own applications become random ones, and no phone opens them any more."""
    person.closed_at = work.now
    applied = update(JoinDetails).where(JoinDetails.identity_match == person.identity_match)
    work.session.execute(applied.values(phone_confirmed_at=None))
    mine = select(Application).outerjoin(JoinDetails, JoinDetails.application_id == Application.id)
    mine = mine.outerjoin(RequestDetails, RequestDetails.application_id == Application.id).where(
        or_(JoinDetails.identity_match == person.identity_match, RequestDetails.person_id == person.id)
    )
    cards = work.session.scalars(select(Card).where(Card.person_id == person.id))
    for row in (*cards, *work.session.scalars(mine)):
        row.link = new_code(LINK_LENGTH)
