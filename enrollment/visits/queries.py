"""What the pages of visits show, each visit with what came of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, select, union_all

from enrollment.rules.access import Scope
from enrollment.rules.regions import REGIONS, Territory
from enrollment.storage.accounts import Account
from enrollment.storage.database import db
from enrollment.storage.origins import begun_from
from enrollment.storage.unions import Employer, Union
from enrollment.storage.visits import Visit
from enrollment.web.wording import word_for

PAGE = 50
_NEAR = 8
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """Which visits; both days are inclusive, empty means all."""

    kind: str = ""
    from_on: date | None = None
    to_on: date | None = None


ALL = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One visit, ready to show. ``started`` and ``approved`` count the applications that began from its code."""

    code: str
    kind: str
    visited_on: date
    county_code: str
    region_code: str
    place: str
    union: str | None
    employer: str | None
    people_met: int
    goods: str
    amount_fen: int
    fund: str
    note: str
    logged_by: str | None
    started: int
    approved: int

    @property
    def scope(self) -> Scope:
        return Scope(self.county_code)


@dataclass(frozen=True, slots=True)
class VisitPage:
    """Some of the visits, and what all that were asked for add up to."""

    rows: list[VisitRow]
    total: int
    people_met: int
    amount_fen: int
    number: int
    last: int


def visits(territory: Territory, filters: Filters, page: int = 1) -> VisitPage:
    """Visits of ``territory``, newest first, fifty a page; a number beyond the ends is the nearest page."""
    asked = _asked(territory, filters)
    total, people, fen = db.session.execute(
        select(
            func.count(), func.coalesce(func.sum(Visit.people_met), 0), func.coalesce(func.sum(Visit.amount_fen), 0)
        ).where(*asked)
    ).one()
    last = max(1, -(-total // PAGE))
    number = min(max(page, 1), last)
    listed = _rows(asked).limit(PAGE).offset(PAGE * (number - 1))
    rows = [VisitRow(**row) for row in db.session.execute(listed).mappings()]
    return VisitPage(rows, total, people, fen, number, last)


def visit(territory: Territory, code: str) -> VisitRow | None:
    """The visit with ``code`` when it was in ``territory``."""
    row = db.session.execute(_rows([Visit.code == code, Visit.county_code.in_(territory.counties)])).mappings().first()
    return VisitRow(**row) if row else None


def names_like(territory: Territory, typed: str) -> list[str]:
    """A few names of unions and employers of ``territory`` that contain what was typed, shortest first."""
    if not typed:
        return []
    within = union_all(
        *(
            select(table.name.label("name")).where(
                table.county_code.in_(territory.counties), table.name.contains(typed, autoescape=True)
            )
            for table in (Union, Employer)
        )
    ).subquery()
    names = select(within.c.name).group_by(within.c.name).order_by(func.length(within.c.name), within.c.name)
    return list(db.session.scalars(names.limit(_NEAR)))


def export_rows(territory: Territory, filters: Filters = ALL) -> tuple[list[str], Iterator[list[object]]]:
    """Headings in the language of the request, and the visits of the list one after the other as they are read."""
    header = [
        _("Code"),
        _("Date"),
        _("What for"),
        _("County"),
        _("Township"),
        _("Place"),
        _("Union"),
        _("Employer"),
        _("People met"),
        _("Goods"),
        _("Amount (yuan)"),
        _("Paid from"),
        _("Note"),
        _("Logged by"),
        _("Applications started"),
        _("Applications approved"),
    ]
    return header, _lines(_rows(_asked(territory, filters)).execution_options(yield_per=_BATCH))


def _lines(listed: Select[*tuple[Any, ...]]) -> Iterator[list[object]]:
    # The statement is sent with the first row asked for: the session of the view is over when an answer streams.
    for row in db.session.execute(listed).mappings():
        yield _line(VisitRow(**row))


def _line(row: VisitRow) -> list[object]:
    return [
        row.code,
        row.visited_on,
        word_for(row.kind, "visit"),
        REGIONS[row.county_code].name,
        REGIONS[row.region_code].name,
        row.place,
        row.union,
        row.employer,
        row.people_met,
        row.goods,
        Decimal(row.amount_fen).scaleb(-2),
        word_for(row.fund, "fund"),
        row.note,
        row.logged_by,
        row.started,
        row.approved,
    ]


def _asked(territory: Territory, filters: Filters) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = [Visit.county_code.in_(territory.counties)]
    if filters.kind:
        asked.append(Visit.kind == filters.kind)
    if filters.from_on:
        asked.append(Visit.visited_on >= filters.from_on)
    if filters.to_on:
        asked.append(Visit.visited_on <= filters.to_on)
    return asked


def _rows(asked: list[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """The columns of ``VisitRow``, newest visit first."""
    return (
        select(
            Visit.code,
            Visit.kind,
            Visit.visited_on,
            Visit.county_code,
            Visit.region_code,
            Visit.place,
            Union.name.label("union"),
            Employer.name.label("employer"),
            Visit.people_met,
            Visit.goods,
            Visit.amount_fen,
            Visit.fund,
            Visit.note,
            Account.name.label("logged_by"),
            *begun_from(Visit),
        )
        .outerjoin(Union, Union.id == Visit.union_id)
        .outerjoin(Employer, Employer.id == Visit.employer_id)
        .outerjoin(Account, Account.id == Visit.account_id)
        .where(*asked)
        .order_by(Visit.visited_on.desc(), Visit.id.desc())
    )
