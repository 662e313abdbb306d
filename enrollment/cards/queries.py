"""What the card's pages show. The link is the right to see it, so there is no territory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from enrollment.rules import kinds
from enrollment.rules.access import Scope
from enrollment.rules.ledger import Position, member_since, standing_on
from enrollment.rules.requests import RequestKind, objections
from enrollment.storage.applications import Application, JoinDetails, RequestDetails
from enrollment.storage.cards import Card, Seen, looks_at_person
from enrollment.storage.database import db
from enrollment.storage.ledger import LedgerEntry, history
from enrollment.storage.people import Person
from enrollment.storage.unions import Employer, Union
from enrollment.web import own
from enrollment.web.wording import word_for

_REQUESTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as its page shows it. ``union`` is the one that holds, or held last, the membership."""

    card: Card
    person: Person
    union: Union
    position: Position
    since: date | None

    @property
    def scope(self) -> Scope:
        return self.union.scope

    @property
    def valid(self) -> bool:
        return self.position.card_is_valid


@dataclass(frozen=True, slots=True)
class Proof:
    """What a card's code proves: membership of a union today, and nothing more; no union when it is not valid."""

    valid: bool
    union: str | None


def card(link: str, today: date) -> Shown | None:
    """The card behind a link."""
    found = select(Card).where(Card.link == link).options(joinedload(Card.person))
    row = db.session.scalar(found)
    if row is None:
        return None
    entries = history(db.session(), row.person_id)
    position = standing_on(entries, today)
    union = db.session.get_one(Union, int(position.union or entries[-1].union))
    return Shown(row, row.person, union, position, member_since(entries))


def proof(code: str, today: date) -> Proof:
    """What the code of a card proves. An unknown code and a card that is not valid any more are the same answer."""
    person_id = db.session.scalar(select(Card.person_id).where(Card.code == code.upper()))
    position = standing_on(history(db.session(), person_id), today) if person_id else None
    if position is None or not position.card_is_valid:
        return Proof(valid=False, union=None)
    return Proof(valid=True, union=db.session.get_one(Union, int(position.union)).name)


def requests_of(shown: Shown) -> Sequence[Application]:
    """What the member has asked for, newest first, at most ten: decided ones too, so that their reasons are found."""
    found = select(Application).join(RequestDetails).where(RequestDetails.person_id == shown.person.id)
    return db.session.scalars(found.order_by(Application.id.desc()).limit(_REQUESTS_SHOWN)).all()


def open_kinds(shown: Shown) -> list[RequestKind]:
    """What can be asked for in this standing."""
    return [kind for kind in RequestKind if not objections(kind, shown.position.standing)]


def unions_to_move_to(shown: Shown, county: str) -> Sequence[Union]:
    """Unions of a county that take in single workers, the holding pool last; without the member's own."""
    found = select(Union).where(
        Union.county_code == county,
        Union.kind.in_(kinds.FOR_INDIVIDUALS),
        Union.dissolved_on.is_(None),
        Union.id != shown.union.id if shown.valid else Union.id.is_not(None),
    )
    return db.session.scalars(found.order_by(Union.kind == kinds.POOL.code, Union.name)).all()


def looks(shown: Shown) -> list[Seen]:
    """Who has seen the person's full numbers."""
    return looks_at_person(db.session(), shown.person)


def own_data(shown: Shown) -> list[own.Item]:
    """Everything kept about the person, as items and values: data, membership, applications, looks."""
    employer = db.session.get(Employer, shown.person.employer_id) if shown.person.employer_id else None
    return [
        *own.data_of(shown.person),
        (_("Employer"), employer.name if employer else ""),
        (_("Member code"), shown.person.code),
        (_("Standing today"), word_for(shown.position.standing, "standing")),
        *((_("Membership"), line) for line in _ledger(shown.person)),
        *((_("Application"), line) for line in _applications(shown.person)),
        *(item for join in _joined(shown.person) for item in own.application_of(join)),
        *((_("Words to the union"), words) for words in _words(shown.person)),
        *own.looks_of(looks(shown)),
    ]


def _ledger(person: Person) -> list[str]:
    found = select(LedgerEntry.effective_on, LedgerEntry.kind, Union.name).join(Union, Union.id == LedgerEntry.union_id)
    rows = db.session.execute(found.where(LedgerEntry.person_id == person.id).order_by(LedgerEntry.id))
    return [f"{on} {word_for(kind, 'entry')} {name}" for on, kind, name in rows]


def _joined(person: Person) -> Sequence[JoinDetails]:
    found = select(JoinDetails).where(JoinDetails.identity_match == person.identity_match)
    return db.session.scalars(found.order_by(JoinDetails.application_id)).all()


def _words(person: Person) -> Sequence[str]:
    asked = select(RequestDetails.words).where(RequestDetails.person_id == person.id, RequestDetails.words != "")
    return db.session.scalars(asked.order_by(RequestDetails.application_id)).all()


def _applications(person: Person) -> list[str]:
    found = select(Application.number, Application.kind, Application.state)
    found = found.outerjoin(JoinDetails).outerjoin(RequestDetails)
    own_ones = or_(JoinDetails.identity_match == person.identity_match, RequestDetails.person_id == person.id)
    rows = db.session.execute(found.where(own_ones).order_by(Application.id))
    return [f"{number} {word_for(kind, 'application')} {word_for(state, 'state')}" for number, kind, state in rows]
