"""Long lists of cadres: filters that stay in the address, pages of fifty found by key, at any depth for one price."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Row, Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute
from wtforms import DateField, Field, SelectField, StringField
from wtforms.validators import Length, Optional

from enrollment.rules.regions import COUNTIES, REGIONS, ZONES
from enrollment.storage.database import db
from enrollment.web.clock import today
from enrollment.web.forms import Form, choices, not_in_the_future

PAGE_SIZE = 50
_ROWS_AT_ONCE = 500

Chosen = Select[*tuple[Any, ...]]
"""A selection of columns, as read by name."""

Found = Row[*tuple[Any, ...]]
"""One row of it."""
_LONGEST_QUERY = 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind the row with the code ``after``, or ends before that of ``before``."""

    after: str = ""
    before: str = ""


FIRST = Place()


@dataclass(frozen=True, slots=True)
class Page:
    """Up to fifty rows; ``total`` rows in the whole list; codes to go on from, empty at either end."""

    rows: Sequence[Found]
    total: int
    previous: str = ""
    next: str = ""


EMPTY = Page((), 0)


class ListForm(Form):
    """The filters every list has. Reads the address only, so the same address is the same list."""

    as_of = DateField(_("As of"), validators=[Optional(), not_in_the_future(today)])
    county = SelectField(_("County"), validate_choice=False)  # a county outside is 404, see ``asked_territory``
    q = StringField(_("Name contains"), validators=[Length(max=_LONGEST_QUERY)])

    class Meta(Form.Meta):
        csrf = False

    def __init__(self) -> None:
        super().__init__(formdata=request.args)
        nodes = {code: REGIONS[code].name for code in (*COUNTIES, *ZONES)}
        self.county.choices = choices(nodes, first=_("All counties"))

    @property
    def day(self) -> date:
        """The day asked for, by default today."""
        day: date | None = self.as_of.data
        return day or today()

    @property
    def place(self) -> Place:
        return Place(request.args.get("after", ""), request.args.get("before", ""))

    @property
    def kept(self) -> dict[str, Any]:
        """The filters in use, for links to the same list: its export, its next page."""
        asked = {name: request.args.get(name, "").strip() for name in self.answers}
        return {name: text for name, text in asked.items() if text}

    def text(self, name: str) -> str:
        """What was asked in one filter, empty for nothing."""
        field: Field = self[name]
        return field.data or ""


def page_of(
    statement: Chosen,
    key: Sequence[InstrumentedAttribute[Any]],
    code: InstrumentedAttribute[str],
    place: Place,
    total: int,
) -> Page:
    """The page of ``statement`` at ``place``, in the order of ``key``, which must tell all rows apart.

    ``code`` is the public identifier that stands for a row in an address. A code that is no longer in the list
    begins at the start. At most two statements.
    """
    edge = _edge(statement, key, code, place)
    backwards = edge is not None and bool(place.before)
    ordered = statement.order_by(*(column.desc() if backwards else column for column in key)).limit(PAGE_SIZE + 1)
    if edge is not None:
        ordered = ordered.where(tuple_(*key) < edge if backwards else tuple_(*key) > edge)
    found = db.session.execute(ordered).all()
    more, rows = len(found) > PAGE_SIZE, list(found[:PAGE_SIZE])
    if backwards:
        rows.reverse()
    if not rows:
        return Page((), total)
    has_previous, has_next = (more, True) if backwards else (edge is not None, more)
    return Page(
        rows,
        total,
        rows[0].code if has_previous else "",
        rows[-1].code if has_next else "",
    )


def rows_of(statement: Chosen) -> Iterator[Found]:
    """All rows, some hundreds in memory at a time. The statement runs when the first row is asked for.

    That is the point: an answer streams after the view's session was closed, in a context of its own.
    """
    yield from db.session.execute(statement, execution_options={"yield_per": _ROWS_AT_ONCE})


def _edge(
    statement: Chosen,
    key: Sequence[InstrumentedAttribute[Any]],
    code: InstrumentedAttribute[str],
    place: Place,
) -> ColumnElement[Any] | None:
    cursor = place.before or place.after
    found = cursor and db.session.execute(statement.with_only_columns(*key).where(code == cursor)).first()
    return tuple_(*map(literal, found)) if found else None
