"""Employers without a union with their guides: one selection behind list, counts, export and the load of guides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, case, func, or_, select

from enrollment.rules.accounts import CADRES
from enrollment.rules.pairing import latest_silent
from enrollment.rules.regions import PREFECTURE, Territory
from enrollment.storage.accounts import Account
from enrollment.storage.database import db
from enrollment.storage.headcounts import workers_on
from enrollment.storage.neighbors import without_union
from enrollment.storage.pairings import Pairing, holds, last_contact
from enrollment.storage.unions import Employer
from enrollment.web.filters import region_name
from enrollment.web.lists import FIRST, Chosen, Found, Page, Place, page_of, rows_of
from enrollment.web.wording import word_for

VIEWS = ("all", "unguided", "silent", "due", "overdue", "mine")


@dataclass(frozen=True, slots=True)
class Filters:
    """``view`` is one of ``VIEWS``; ``guide`` a login; ``q`` part of the name; ``mine`` the asking account."""

    view: str = "all"
    guide: str = ""
    q: str = ""
    mine: int | None = None


ALL = Filters()


def employers(territory: Territory, today: date, filters: Filters = ALL, place: Place = FIRST) -> tuple[Page, Found]:
    """A page of the employers without a union, by name; and how many there are in each of ``VIEWS``."""
    counts = numbers(territory, today, filters)
    chosen = _viewed(territory, today, filters)
    return page_of(chosen, (Employer.name, Employer.id), Employer.code, place, getattr(counts, filters.view)), counts


def numbers(territory: Territory, today: date, filters: Filters = ALL) -> Found:
    """How many employers each of ``VIEWS`` has, the other filters kept."""
    asked = _asked(territory, today, filters).add_columns(
        *(condition.label(view) for view, condition in _views(today, filters).items())
    )
    rows = asked.subquery()
    return db.session.execute(select(*(_sum(rows.c[view]).label(view) for view in VIEWS))).one()


def export_rows(
    territory: Territory, today: date, filters: Filters = ALL
) -> tuple[list[str], Iterator[tuple[object, ...]]]:
    """Headings, and the rows of ``employers`` one after the other as they are read."""
    header = [
        _("Name of the employer"),
        _("Work"),
        _("County"),
        _("Workers"),
        _("Guide"),
        _("Paired since"),
        _("Next step"),
        _("Day of the next step"),
        _("Last contact"),
        _("Employer code"),
    ]
    statement = _viewed(territory, today, filters).order_by(Employer.name, Employer.id)
    return header, (_line_of_file(row) for row in rows_of(statement))


def load(territory: Territory, today: date) -> list[Found]:
    """What each guide has in the territory; the active accounts of the territory also when they have nothing."""
    views = _views(today, ALL)
    asked = _asked(territory, today, ALL).add_columns(
        Pairing.account_id, *(views[view].label(view) for view in ("silent", "due", "overdue"))
    )
    rows = asked.subquery()
    found = (
        select(
            Account.login,
            Account.name,
            Account.active,
            func.count(rows.c.code).label("employers"),
            func.coalesce(func.sum(rows.c.workers), 0).label("workers"),
            *(_sum(rows.c[view]).label(view) for view in ("silent", "due", "overdue")),
        )
        .outerjoin(rows, rows.c.account_id == Account.id)
        .group_by(Account.id, Account.login, Account.name, Account.active)
        .having(or_(func.count(rows.c.code) > 0, _may_guide(territory)))
    )
    return list(db.session.execute(found.order_by(func.count(rows.c.code).desc(), Account.name, Account.id)))


def _may_guide(territory: Territory) -> ColumnElement[bool]:
    return and_(Account.active, Account.role.in_(CADRES), Account.territory_code.in_(territory.counties))


def accounts(territory: Territory) -> list[Found]:
    """Login, name and activity of all who are or may have been guides in the territory, by name."""
    codes = {*territory.counties, PREFECTURE}
    found = select(Account.login, Account.name, Account.active)
    found = found.where(Account.role.in_(CADRES), Account.territory_code.in_(codes))
    return list(db.session.execute(found.order_by(Account.territory_code == PREFECTURE, Account.name, Account.id)))


def guided_by(territory: Territory, login: str, today: date) -> list[Found]:
    """All employers of the territory a guide has, by name: what can be handed over."""
    chosen = _viewed(territory, today, Filters(guide=login))
    return list(db.session.execute(chosen.order_by(Employer.name, Employer.id)))


def _viewed(territory: Territory, today: date, filters: Filters) -> Chosen:
    return _asked(territory, today, filters).where(_views(today, filters)[filters.view])


def _asked(territory: Territory, today: date, filters: Filters) -> Chosen:
    """The one selection behind everything here, in whatever view."""
    chosen = (
        select(
            Employer.code,
            Employer.name,
            Employer.group,
            Employer.county_code,
            workers_on(today).label("workers"),
            Account.login.label("guide_login"),
            Account.name.label("guide"),
            Account.active.label("guide_active"),
            Pairing.paired_on,
            Pairing.step,
            Pairing.due_on,
            last_contact().label("contact_on"),
        )
        .select_from(Employer)
        .outerjoin(Pairing, holds())
        .outerjoin(Account, Account.id == Pairing.account_id)
        .where(Employer.county_code.in_(territory.counties), without_union(today))
    )
    if filters.q:
        chosen = chosen.where(Employer.name.contains(filters.q, autoescape=True))
    if filters.guide:
        chosen = chosen.where(Account.login == filters.guide)
    return chosen


def _views(today: date, filters: Filters) -> Mapping[str, ColumnElement[bool]]:
    """The condition of each of ``VIEWS``, as ``rules.pairing`` says it of one employer."""
    return {
        "all": Employer.id.is_not(None),
        "unguided": Pairing.id.is_(None),
        "silent": and_(
            Pairing.id.is_not(None), func.coalesce(last_contact(), Pairing.paired_on) <= latest_silent(today)
        ),
        "due": and_(Pairing.due_on.is_not(None), Pairing.due_on <= today),
        "overdue": and_(Pairing.due_on.is_not(None), Pairing.due_on < today),
        "mine": and_(Pairing.id.is_not(None), Pairing.account_id == filters.mine),
    }


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _line_of_file(row: Found) -> tuple[object, ...]:
    return (
        row.name,
        word_for(row.group, "group"),
        region_name(row.county_code),
        row.workers,
        row.guide,
        row.paired_on,
        row.step,
        row.due_on,
        row.contact_on,
        row.code,
    )
