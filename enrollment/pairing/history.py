"""One employer's pairing: who guides it now and did before, what was entered, every contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased

from enrollment.rules.access import Scope
from enrollment.rules.accounts import CADRES
from enrollment.rules.pairing import Covered, Entry, PairingEntry, Period, StepDue, periods, step_due
from enrollment.rules.regions import PREFECTURE, Territory
from enrollment.storage.accounts import Account
from enrollment.storage.database import db
from enrollment.storage.headcounts import workers_on
from enrollment.storage.pairings import Pairing, PairingContact, guidance, last_contact
from enrollment.storage.unions import Coverage, Employer
from enrollment.storage.visits import Visit
from enrollment.web.lists import Found


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as shown. One that is a visit has its code and kind; another its ``way``."""

    on: date
    way: str
    words: str
    who: str
    visit: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePairing:
    """An employer on ``today``. ``is_open``: it has no union; ``held``: what holds, None where nobody guides it."""

    facts: Found
    scope: Scope
    today: date
    is_open: bool
    held: Found | None
    entries: Sequence[Found]
    periods: list[Period]
    contacts: list[Contact]

    @property
    def version(self) -> int:
        """The number of the last entry, 0 before the first."""
        return self.entries[0].ordinal if self.entries else 0

    @property
    def due(self) -> StepDue:
        """How the next step stands."""
        return step_due(self.held.due_on if self.held else None, self.today)


def one(territory: Territory, code: str, today: date) -> OnePairing | None:
    """The pairing of an employer, None when there is no such employer. Visits are those of the territory."""
    facts = db.session.execute(
        select(
            Employer.id,
            Employer.code,
            Employer.name,
            Employer.county_code,
            Employer.group,
            Employer.closed_on,
            workers_on(today).label("workers"),
            last_contact().label("contact_on"),
        ).where(Employer.code == code)
    ).first()
    if facts is None:
        return None
    entries, now = _entries(facts.id), db.session.execute(guidance(facts.id, today)).first()
    return OnePairing(
        facts=facts,
        scope=Scope(facts.county_code, employer=facts.id),
        today=today,
        is_open=now is not None,
        held=now if now and now.login else None,
        entries=entries[::-1],
        periods=_periods(facts, entries)[::-1],
        contacts=_contacts(territory, facts.id),
    )


def guides_for(county: str) -> Sequence[Found]:
    """Id, login and name of those who may guide an employer of the county: its own first, then the prefecture's."""
    found = select(Account.id, Account.login, Account.name)
    found = found.where(Account.active, Account.role.in_(CADRES), Account.territory_code.in_((county, PREFECTURE)))
    return db.session.execute(found.order_by(Account.territory_code == PREFECTURE, Account.name, Account.id)).all()


def _entries(employer_id: int) -> Sequence[Found]:
    guide, by = aliased(Account), aliased(Account)
    columns = select(
        Pairing.ordinal,
        Pairing.kind,
        Pairing.from_on,
        Pairing.step,
        Pairing.due_on,
        Pairing.note,
        Pairing.recorded_at,
        guide.name.label("guide"),
        by.name.label("recorded_by"),
    )
    entries = columns.outerjoin(guide, guide.id == Pairing.account_id).outerjoin(by, by.id == Pairing.recorded_by)
    return db.session.execute(entries.where(Pairing.employer_id == employer_id).order_by(Pairing.ordinal)).all()


def _periods(facts: Found, entries: Sequence[Found]) -> list[Period]:
    covers = select(Coverage.from_on, Coverage.until_on).where(Coverage.employer_id == facts.id)
    return periods(
        [Entry(row.guide, row.from_on, PairingEntry(row.kind)) for row in entries],
        [Covered(*row) for row in db.session.execute(covers.order_by(Coverage.from_on))],
        facts.closed_on,
    )


def _contacts(territory: Territory, employer_id: int) -> list[Contact]:
    """Newest first; a visit of the same day comes after what was logged here."""
    logged = (
        select(PairingContact.contacted_on, PairingContact.way, PairingContact.words, Account.name)
        .outerjoin(Account, Account.id == PairingContact.account_id)
        .where(PairingContact.employer_id == employer_id)
        .order_by(PairingContact.id.desc())
    )
    visited = (
        select(Visit.visited_on, Visit.place, Visit.note, Account.name, Visit.code, Visit.kind)
        .outerjoin(Account, Account.id == Visit.account_id)
        .where(Visit.employer_id == employer_id, Visit.county_code.in_(territory.counties))
        .order_by(Visit.id.desc())
    )
    contacts = [Contact(on, way, words, who or "") for on, way, words, who in db.session.execute(logged)]
    for on, place, note, who, code, kind in db.session.execute(visited):
        contacts.append(Contact(on, "visit", f"{place} {note}".strip(), who or "", code, kind))
    return sorted(contacts, key=lambda contact: contact.on, reverse=True)
