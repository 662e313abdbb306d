"""What a poster says, what its code answers of the guide; the events with what came of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, select

from enrollment.rules.access import Scope
from enrollment.rules.regions import COUNTIES, PREFECTURE, REGIONS, Territory
from enrollment.storage.accounts import Account
from enrollment.storage.database import db
from enrollment.storage.events import Event
from enrollment.storage.origins import EVENT, Origin, begun_from, origin

PAGE = 50
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Poster:
    """What a poster is for. ``held_on`` and ``place`` are an event's."""

    origin: Origin
    held_on: date | None = None
    place: str = ""

    @property
    def scope(self) -> Scope:
        return self.origin.scope


@dataclass(frozen=True, slots=True)
class Filters:
    """Which events; both days are inclusive, empty means all."""

    from_on: date | None = None
    to_on: date | None = None


ALL = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event, ready to show. ``started`` and ``approved`` count the applications that began from its code."""

    code: str
    name: str
    held_on: date
    county_code: str
    region_code: str
    place: str
    logged_by: str | None
    started: int
    approved: int

    @property
    def scope(self) -> Scope:
        return Scope(self.county_code)


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some of the events, and how many were asked for."""

    rows: list[EventRow]
    total: int
    number: int
    last: int


def scanned(letter: str, code: str) -> Origin | None:
    """What a short link stands for. Public and without personal data, hence no territory."""
    return origin(db.session(), f"{letter}-{code}")


def known_answers(found: Origin) -> dict[str, Any]:
    """The answers of the guide that the origin gives away. A whole county is no place of work."""
    narrow = found.region_code in REGIONS and found.region_code not in (PREFECTURE, *COUNTIES)
    answers = {
        "group": found.group or "",
        "work_region": found.region_code if narrow else "",
        "employer_name": found.employer_name,
    }
    return {name: answer for name, answer in answers.items() if answer}


def poster(letter: str, code: str) -> Poster | None:
    """The poster of what the code stands for. For the guard to let through."""
    found = scanned(letter, code)
    if found is None:
        return None
    if found.letter != EVENT:
        return Poster(found)
    return Poster(found, *db.session.execute(select(Event.held_on, Event.place).where(Event.code == code)).one())


def events(territory: Territory, filters: Filters, page: int = 1) -> EventPage:
    """Events of ``territory``, newest first, fifty a page; a number beyond the ends is the nearest page."""
    asked = _asked(territory, filters)
    total = db.session.scalar(select(func.count()).select_from(Event).where(*asked)) or 0
    last = max(1, -(-total // PAGE))
    number = min(max(page, 1), last)
    listed = _rows(asked).limit(PAGE).offset(PAGE * (number - 1))
    rows = [EventRow(**row) for row in db.session.execute(listed).mappings()]
    return EventPage(rows, total, number, last)


def event(territory: Territory, code: str) -> EventRow | None:
    """The event with ``code`` when it was in ``territory``."""
    row = db.session.execute(_rows([Event.code == code, Event.county_code.in_(territory.counties)])).mappings().first()
    return EventRow(**row) if row else None


def export_rows(territory: Territory, filters: Filters = ALL) -> tuple[list[str], Iterator[list[object]]]:
    """Headings in the language of the request, and the events of the list one after the other as they are read."""
    header = [
        _("Code"),
        _("Date"),
        _("Name of the event"),
        _("County"),
        _("Township"),
        _("Place"),
        _("Logged by"),
        _("Applications started"),
        _("Applications approved"),
    ]
    return header, _lines(_rows(_asked(territory, filters)).execution_options(yield_per=_BATCH))


def _lines(listed: Select[*tuple[Any, ...]]) -> Iterator[list[object]]:
    # The statement is sent with the first row asked for: the session of the view is over when an answer streams.
    for row in db.session.execute(listed).mappings():
        yield _line(EventRow(**row))


def _line(row: EventRow) -> list[object]:
    return [
        row.code,
        row.held_on,
        row.name,
        REGIONS[row.county_code].name,
        REGIONS[row.region_code].name,
        row.place,
        row.logged_by,
        row.started,
        row.approved,
    ]


def _asked(territory: Territory, filters: Filters) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = [Event.county_code.in_(territory.counties)]
    if filters.from_on:
        asked.append(Event.held_on >= filters.from_on)
    if filters.to_on:
        asked.append(Event.held_on <= filters.to_on)
    return asked


def _rows(asked: list[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """The columns of ``EventRow``, newest event first."""
    return (
        select(
            Event.code,
            Event.name,
            Event.held_on,
            Event.county_code,
            Event.region_code,
            Event.place,
            Account.name.label("logged_by"),
            *begun_from(Event),
        )
        .outerjoin(Account, Account.id == Event.account_id)
        .where(*asked)
        .order_by(Event.held_on.desc(), Event.id.desc())
    )
