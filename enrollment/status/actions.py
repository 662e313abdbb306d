"""What an applicant can still do: correct what was marked, and withdraw."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from enrollment.rules import identity as numbers
from enrollment.rules.access import Act, Actor
from enrollment.rules.applications import UNDER_WAY, State, Step
from enrollment.rules.confirmation import Confirmation
from enrollment.rules.deadlines import after_working_days, due_again
from enrollment.rules.regions import county_of
from enrollment.rules.requests import RequestKind, due_on, entries_of_an_end, erasure_objections, in_working_days
from enrollment.storage.applications import (
    FOUND,
    JOIN,
    LINK_LENGTH,
    Application,
    JoinDetails,
    RequestDetails,
    applied_with,
    number_for,
    sent_before,
    take_step,
)
from enrollment.storage.cards import Card, issue_card
from enrollment.storage.database import Work, transaction
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.ledger import position_of, record_each
from enrollment.storage.people import PHONE, Person, kept_numbers
from enrollment.storage.tables import new_code
from enrollment.storage.vault import vault


def correct_application(
    link: str, told: Mapping[str, Any], *, by: Actor, now: datetime, today: date, review_working_days: int
) -> Application:
    """Take the corrected answers and send the application to the county again; the time to decide goes on.

    Sent a second time it changes nothing. Raises ``Conflict`` when it was not returned, ``Refused`` when the corrected
    identity number is under way elsewhere.
    """
    with transaction(by=by, act=Act.FOLLOW_OWN_APPLICATION, now=now) as work:
        application = _locked(work, link)
        work.subject = application.number
        if _corrected_already(application):
            work.note = "sent again"
            return application
        take_step(work, application, Step.CORRECTED, fields=sorted(told))
        if application.request:
            _correct_request(application.request, told)
        if application.join:
            _correct_joining(work, application, application.join, told)
            if application.union_id is None:  # nobody's yet: with its place known it has a county
                application.county_code = county_of(application.join.work_region or application.join.home_region or "")
        application.due_on = _due_on(application, today, review_working_days)
        application.days_left = None
        return application


def withdraw_application(link: str, *, by: Actor, now: datetime, today: date) -> Application:
    """Take the application back. A second time changes nothing; raises ``Conflict`` once it is decided.

    Who has left the old union already for one that did not take them in yet is restored there (domain 5.1).
    """
    with transaction(by=by, act=Act.FOLLOW_OWN_APPLICATION, now=now) as work:
        application = _locked(work, link)
        work.subject = application.number
        if application.state == State.WITHDRAWN:
            work.note = "sent again"
        else:
            take_step(work, application, Step.WITHDRAWN)
            if application.request and application.request.person_id:
                _restore(work, application, application.request, today)
        return application


def find_or_issue_card(link: str, *, by: Actor, now: datetime) -> Card:
    """The card of the member this approved application made, issued now to who joined before there were cards.

    Raises ``Missing`` when the application made no member.
    """
    with transaction(by=by, act=Act.OPEN_OWN_CARD, now=now) as work:
        application = _locked(work, link)
        if application.join is None or application.state != State.APPROVED:
            raise Missing
        found = select(Person).where(Person.identity_match == application.join.identity_match).with_for_update()
        person = work.session.scalars(found).one()
        work.subject = application.number
        return issue_card(work, person)


def open_by_phone(phone: str, tail: str, *, by: Actor, now: datetime) -> Card | None:
    """Prove this confirmed phone by the end of the identity number: the card of a member, else None.

    A number goes to somebody else one day, and a mistyped one is a stranger's: so the phone alone is not enough.
    From now on it finds the person's applications by itself.
    Raises ``Refused`` when nobody, or more than one, has both.
    """
    with transaction(by=by, act=Act.OPEN_OWN_CARD, now=now) as work:
        match = vault.match(phone, PHONE)
        people = select(Person).where(Person.phone_match == match, Person.closed_at.is_(None)).with_for_update()
        known = [*work.session.scalars(people), *work.session.scalars(applied_with(match))]
        own = [row for row in known if row.identity_masked.endswith(tail)]
        if len({row.identity_match for row in own}) != 1:
            raise Refused(["nobody_has_both"])
        for row in own:
            row.phone_confirmed_at = now
        person = next((row for row in own if isinstance(row, Person)), None)
        work.subject = person.code if person else ""
        return issue_card(work, person) if person else None


def ask_erasure(link: str, submission_key: str, words: str, *, by: Actor, now: datetime, today: date) -> Application:
    """Ask the county to delete what an application told that has ended (PRIV-11, PRIV-12): a request like a member's.

    One for one submission key. Raises ``Missing`` where there is nothing to delete, ``Refused`` while the application
    is under way, when it made a member, and when the same is asked for already.
    """
    with transaction(by=by, act=Act.ASK_UNION, now=now) as work:
        about = _locked(work, link)
        if before := sent_before(work.session, submission_key):
            work.subject, work.note = before.number, "sent again"
            return before
        if about.join is None or about.dropped_on:
            raise Missing
        _refuse_erasure(work, about)
        asked = Application(
            number=number_for(today),
            link=new_code(LINK_LENGTH),
            submission_key=submission_key,
            kind=RequestKind.ERASE,
            county_code=about.county_code,
            state=State.NEW,
            version=0,
            started_at=now,
            submitted_at=now,
            due_on=due_on(RequestKind.ERASE, today, 0),
        )
        work.session.add(asked)
        work.session.flush()
        work.session.add(RequestDetails(application_id=asked.id, about_id=about.id, words=words))
        take_step(work, asked, Step.SUBMITTED)
        work.subject = asked.number
        return asked


def _refuse_erasure(work: Work, about: Application) -> None:
    reasons = erasure_objections(State(about.state))
    same = select(Application.id).join(RequestDetails).where(RequestDetails.about_id == about.id)
    if not reasons and work.session.scalar(same.where(Application.state.in_(UNDER_WAY)).limit(1)):
        reasons = ("request_under_way",)
    if reasons:
        raise Refused(reasons)


def record_copy(link: str, *, by: Actor, now: datetime) -> None:
    """One audit line: the applicant took a copy of the own data (PRIV-11)."""
    with transaction(by=by, act=Act.COPY_OWN_DATA, now=now) as work:
        work.subject = _locked(work, link).number


def _locked(work: Work, link: str) -> Application:
    """The application to join or the request, held until the transaction ends."""
    found = select(Application).where(Application.link == link, Application.kind != FOUND)
    found = found.with_for_update(of=Application)
    application = work.session.scalar(
        found.options(
            joinedload(Application.join),
            joinedload(Application.request),
            selectinload(Application.acts),
        )
    )
    if application is None:
        raise Missing
    return application


def _corrected_already(application: Application) -> bool:
    """The last act is the correction: this is the second tap of the same button."""
    return application.state == State.SUBMITTED and application.acts[-1].step == Step.CORRECTED


def _correct_joining(work: Work, application: Application, join: JoinDetails, told: Mapping[str, Any]) -> None:
    identity, phone = told.get("identity", join.identity), told.get("phone", join.phone)
    kept = kept_numbers(identity, phone)
    _refuse_twice(work, join, kept["identity_match"])
    if application.under_way_match is not None:
        application.under_way_match = kept["identity_match"]
    if kept["phone_match"] != join.phone_match:  # the code was sent to another one
        join.phone_confirmed_at = None
        join.confirmed_by = "" if join.confirmed_by == Confirmation.CODE else join.confirmed_by
    for column, value in {**told, **kept}.items():
        setattr(join, column, value)
    join.sex, join.born_on = numbers.sex(identity), numbers.birth_date(identity)


def _refuse_twice(work: Work, join: JoinDetails, identity_match: bytes) -> None:
    """Nobody has two applications under way (CH-10). Nothing of the other one is told."""
    other = (
        select(Application.id)
        .join(JoinDetails)
        .where(
            JoinDetails.identity_match == identity_match,
            Application.state.in_(UNDER_WAY),
            Application.id != join.application_id,
        )
    )
    if work.session.scalars(other).first() is not None:
        raise Refused(["application_under_way"])


def _correct_request(details: RequestDetails, told: Mapping[str, Any]) -> None:
    """Words as words; corrected answers join those that were told before."""
    answers = dict(told)
    details.words = answers.pop("words", details.words)
    if answers:
        details.told = json.dumps({**json.loads(details.told or "{}"), **answers}, ensure_ascii=False)


def _restore(work: Work, application: Application, details: RequestDetails, today: date) -> None:
    person = work.session.get_one(Person, details.person_id, with_for_update=True)
    held = position_of(work.session, person.id, today)
    entries = entries_of_an_end(RequestKind(application.kind), held)
    record_each(work, person, entries, today, application.number)


def _due_on(application: Application, today: date, review_working_days: int) -> date:
    """What was left when it was returned; where that is not known, the whole time limit of its kind."""
    if application.days_left is not None:
        return due_again(today, application.days_left, working=in_working_days(application.kind))
    if application.kind != JOIN:
        return due_on(RequestKind(application.kind), today, review_working_days)
    return after_working_days(today, review_working_days)
