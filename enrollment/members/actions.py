"""Taking full numbers away is an act: its reason is kept before the first number leaves."""

from datetime import date, datetime

from sqlalchemy import select

from enrollment.members import queries
from enrollment.rules.access import Act, Actor
from enrollment.rules.regions import Territory
from enrollment.storage.cards import keep_look
from enrollment.storage.database import transaction
from enrollment.storage.failures import Missing
from enrollment.storage.people import Person


def record_full_export(
    territory: Territory, as_of: date, *, reason: str, persons: int, by: Actor, now: datetime
) -> None:
    """One audit line: who takes how many persons' full numbers, of which territory and day, and why (PRIV-16).

    One look stands for all of them: each member of that day reads it.
    """
    with transaction(by=by, act=Act.EXPORT_FULL_NUMBERS, now=now) as work:
        work.subject = territory.code
        work.note = f"{persons} · {as_of} · {reason}"
        keep_look(work, reason, territory_code=territory.code, as_of=as_of)


def see_full_number(code: str, *, reason: str, by: Actor, now: datetime) -> tuple[str, str]:
    """Identity number and phone of a person in full, and the look written down for the person to read (PRIV-13).

    Raises ``Missing`` outside the cadre's territory.
    """
    with transaction(by=by, act=Act.SEE_FULL_NUMBER, now=now) as work:
        found = queries.with_code(by.territory, code) if by.territory else ()
        if not found:
            raise Missing
        person = work.session.scalars(select(Person).where(Person.code == code)).one()
        keep_look(work, reason, person_id=person.id)
        work.subject, work.note = person.code, reason
        return person.identity, person.phone
