"""What the applicant's page shows. The link is the right to see it, so there is no territory; numbers come masked.

A confirmed phone is the right to see the links of its applications.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from enrollment.rules.applications import DECISIONS, State, Step, is_open
from enrollment.rules.confirmation import SURE
from enrollment.rules.identity import mask_phone
from enrollment.rules.regions import REGIONS
from enrollment.rules.requests import erasure_objections
from enrollment.storage.applications import Application, ApplicationAct, JoinDetails, RequestDetails, applied_with
from enrollment.storage.cards import Card, Seen, looks_at_application
from enrollment.storage.database import db
from enrollment.storage.desks import desk_with
from enrollment.storage.ledger import LedgerEntry
from enrollment.storage.people import PHONE, Person
from enrollment.storage.retention import ABANDONED
from enrollment.storage.vault import vault
from enrollment.web import own

_MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Event:
    """One act as the applicant reads it. ``who``: a unit's or a territory's name, empty for the applicant."""

    at: datetime
    step: str
    who: str
    reason: str
    fields: tuple[str, ...]
    note: str


def application(link: str) -> Application | None:
    """The application of either kind behind a link with everything its page shows."""
    found = select(Application).where(Application.link == link)
    return db.session.scalar(
        found.options(
            joinedload(Application.join),
            joinedload(Application.request).options(
                joinedload(RequestDetails.person), joinedload(RequestDetails.to_union)
            ),
            joinedload(Application.union),
            selectinload(Application.acts).joinedload(ApplicationAct.account),
        )
    )


def phone_is_known(phone: str) -> bool:
    """Whether an application was made with this phone (in normal form), or a member has it."""
    match = vault.match(phone, PHONE)
    return bool(db.session.scalar(select(or_(applied_with(match).exists(), _members_with(match).exists()))))


def has_more(phone: str) -> bool:
    """Whether the end of the identity number leads further: to a card, or to an application of an unproved phone."""
    match = vault.match(phone, PHONE)
    unproved = applied_with(match).where(JoinDetails.phone_confirmed_at.is_(None))
    return bool(db.session.scalar(select(or_(unproved.exists(), _members_with(match).exists()))))


def _members_with(match: bytes) -> Select[int]:
    """People with this phone who are in the ledger and want a page of the own."""
    known = select(Person.id).join(LedgerEntry, LedgerEntry.person_id == Person.id)
    return known.where(Person.phone_match == match, Person.closed_at.is_(None))


def applications_of(phone: str) -> Sequence[Application]:
    """The applications made with this phone, newest first, at most twenty.

    Only those whose phone a code has proved: a mistyped one belongs to a stranger.
    """
    mine = (JoinDetails.phone_match == vault.match(phone, PHONE), JoinDetails.phone_confirmed_at.is_not(None))
    found = select(Application).join(JoinDetails).where(*mine)
    newest = found.order_by(Application.started_at.desc(), Application.id.desc())
    return db.session.scalars(newest.limit(_MOST_FOUND)).all()


def history(shown: Application) -> list[Event]:
    """Everything that happened, newest first. A cadre stands for a territory, not for a name."""
    filled_by = shown.join.filled_by_name if shown.join else ""
    return [
        Event(act.at, act.step, _who(act, filled_by), act.reason, tuple(act.fields), act.note)
        for act in reversed(shown.acts)
    ]


def last(shown: Application, step: Step) -> ApplicationAct | None:
    """The latest act of one kind."""
    return next((act for act in reversed(shown.acts) if act.step == step), None)


def marked(shown: Application) -> tuple[str, ...]:
    """The questions a cadre marked, while the application is with the applicant; else none."""
    returned = last(shown, Step.RETURNED)
    return tuple(returned.fields) if returned and shown.state == State.RETURNED else ()


def can_withdraw(shown: Application) -> bool:
    """Whether the applicant may still take it back."""
    return is_open(State(shown.state), Step.WITHDRAWN)


def told(shown: Application) -> dict[str, object]:
    """What the applicant told, question by question; numbers masked, what was left out left out."""
    answers = _told_asking(shown.request) if shown.request else _told_joining(shown.join) if shown.join else {}
    return {question: answer for question, answer in answers.items() if answer not in (None, "")}


def page_of(shown: Application) -> dict[str, Any]:
    """Everything the page shows of an application."""
    return {
        "application": shown,
        "desk": desk_with(db.session(), shown),
        "events": history(shown),
        "told": told(shown),
        "may_withdraw": can_withdraw(shown),
        "returned": last(shown, Step.RETURNED),
        "refused": last(shown, Step.REFUSED),
        "approved": last(shown, Step.APPROVED),
        "card": card_link(shown),
        "may_erase": shown.join is not None and shown.dropped_on is None and not erasure_objections(State(shown.state)),
        "erasure": erasure_of(shown),
        "sure": shown.join is None or shown.join.confirmed_by in SURE,
    }


def card_link(shown: Application) -> str:
    """The link of the card of a member who was approved, or who asks for something; empty where there is none."""
    found = select(Card.link).join(Person, Person.id == Card.person_id)
    if shown.request and shown.request.person_id:
        found = found.where(Person.id == shown.request.person_id)
    elif shown.join and shown.state == State.APPROVED:
        found = found.where(Person.identity_match == shown.join.identity_match)
    else:
        return ""
    return db.session.scalar(found) or ""


def erasure_of(shown: Application) -> Application | None:
    """The last request to delete what an application told, once it has ended."""
    if shown.join is None or erasure_objections(State(shown.state)):
        return None
    asked = select(Application).join(RequestDetails).where(RequestDetails.about_id == shown.id)
    return db.session.scalars(asked.order_by(Application.id.desc()).limit(1)).first()


def looks(shown: Application) -> list[Seen]:
    """Who has seen the full numbers of this application."""
    return looks_at_application(db.session(), shown.id)


def own_data(join: JoinDetails, looks_at_it: list[Seen]) -> list[own.Item]:
    """Everything an application holds about the worker, as items and values."""
    return [*own.data_of(join), *own.application_of(join), *own.looks_of(looks_at_it)]


def _told_joining(join: JoinDetails) -> dict[str, object]:
    return {
        "name": join.name,
        "identity": join.identity_masked,
        "phone": join.phone_masked,
        "employer_name": join.employer_name,
        "group": join.group,
        "relation": join.relation,
        "work_region": join.work_region,
        "home_region": join.home_region,
        "hires": join.hires,
    }


def _told_asking(details: RequestDetails) -> dict[str, object]:
    told = json.loads(details.told or "{}")
    if "phone" in told:
        told["phone"] = mask_phone(told["phone"])
    to_union = details.to_union.name if details.to_union else ""
    return {"to_union": to_union, "cause": details.cause, **told, "words": details.words}


def _who(act: ApplicationAct, filled_by: str) -> str:
    if act.account:
        return REGIONS[act.account.territory_code].name
    if act.reason == ABANDONED:
        return str(gettext("This service, by itself"))
    if act.step == Step.ESCALATED:
        return str(gettext("By itself"))
    if act.step == Step.SUBMITTED and filled_by:
        return str(gettext("%(name)s, for you", name=filled_by))
    if act.step in (*DECISIONS, Step.PASSED_ON):
        return str(gettext("The preparatory group"))
    return ""
