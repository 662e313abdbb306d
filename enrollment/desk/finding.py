"""Somebody looked for: by a number in full, compared by its keyed hash, or by the beginning of a name.

Neither is ever part of an address.
"""

from datetime import date

from sqlalchemy import ColumnElement, or_, select

from enrollment.desk.queries import PAGE, WHO, Case, as_case, of_workers
from enrollment.rules.regions import Territory
from enrollment.storage.applications import Application, FoundingUnit, JoinDetails, RequestDetails, lies_in
from enrollment.storage.database import db
from enrollment.storage.people import Person
from enrollment.storage.vault import vault


def cases_with_number(territory: Territory, numbers: dict[str, str], today: date) -> list[Case]:
    """The latest cases of the territory under these numbers; ``numbers``: ``identity``, ``phone``, ``case`` → number.

    A case elsewhere and none at all are the same empty answer.
    """
    return _latest(territory, or_(*_under(numbers)), today)


def cases_with_name(territory: Territory, begins: str, today: date) -> list[Case]:
    """The latest cases of the territory of workers, and of units that found a union, whose name begins so."""
    applying, asking, unit = (
        table.name.startswith(begins, autoescape=True) for table in (JoinDetails, Person, FoundingUnit)
    )
    units = select(FoundingUnit.application_id).where(unit)
    return _latest(territory, or_(of_workers(applying, asking), Application.id.in_(units)), today)


def _latest(territory: Territory, condition: ColumnElement[bool], today: date) -> list[Case]:
    found = select(Application).where(condition, lies_in(territory))
    rows = db.session.scalars(found.order_by(Application.id.desc()).limit(PAGE).options(*WHO))
    return [as_case(row, today) for row in rows]


def _under(numbers: dict[str, str]) -> list[ColumnElement[bool]]:
    if "case" in numbers:
        return [Application.number == numbers["case"]]
    conditions: list[ColumnElement[bool]] = []
    for purpose, number in numbers.items():
        match, column = vault.match(number, purpose), f"{purpose}_match"
        joins = select(JoinDetails.application_id).where(getattr(JoinDetails, column) == match)
        of_person = select(RequestDetails.application_id).join(Person, Person.id == RequestDetails.person_id)
        conditions.append(Application.id.in_(joins))
        conditions.append(Application.id.in_(of_person.where(getattr(Person, column) == match)))
    return conditions
