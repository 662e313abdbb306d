"""The log of one visit, made for a phone in under a minute; and the filters of the list."""

import re
import unicodedata
from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from wtforms import DecimalField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from enrollment.rules.regions import Territory
from enrollment.rules.welfare import Fund, usual_kind
from enrollment.web import clock
from enrollment.web.forms import Day, Form, OnceForm, Whole, choices, not_in_the_future, townships_within
from enrollment.web.wording import FUNDS, VISIT_KINDS

_YUAN = re.compile(r"\d{1,7}(\.\d{1,2})?", re.ASCII)
_MOST_PEOPLE = 100_000
_TEXT, _NOTE = 120, 500


class Yuan(DecimalField):
    """Money typed in yuan with at most two decimals, exact; thousands separators and full-width digits are fine."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = unicodedata.normalize("NFKC", valuelist[0] if valuelist else "").replace(",", "").strip()
        self.data = None
        if typed and not _YUAN.fullmatch(typed):
            raise ValueError(_("Enter the amount in yuan, such as 1200 or 86.50."))
        if typed:
            self.data = Decimal(typed)


def _no_longer_than(most: int) -> Length:
    return Length(max=most, message=_("Enter at most %(max)d characters."))


class VisitForm(OnceForm):
    """What a cadre tells of a visit. ``host`` is the name of a union or an employer, or empty."""

    groups: ClassVar[list[tuple[Any, list[str]]]] = [
        (_("When and where"), ["kind", "visited_on", "region_code", "place", "host"]),
        (_("What was brought"), ["people_met", "goods", "amount", "fund", "note"]),
    ]

    kind = SelectField(
        _("What for"),
        choices=choices(VISIT_KINDS),
        default=lambda: usual_kind(clock.today()),
    )
    visited_on = Day(
        _("Date"),
        default=clock.today,
        validators=[InputRequired(_("Enter the day of the visit.")), not_in_the_future(clock.today)],
    )
    region_code = SelectField(_("Township"), validators=[DataRequired(_("Choose the township."))])
    place = StringField(
        _("Place"),
        description=_("For example the gate of a logistics park"),
        validators=[DataRequired(_("Enter the place of the visit.")), _no_longer_than(_TEXT)],
    )
    host = StringField(
        _("Union or employer"),
        description=_("If the visit was to one. Type a part of the name and choose."),
        validators=[_no_longer_than(_TEXT)],
        render_kw={
            "list": "near-names",
            "autocomplete": "off",
            "hx-get": "/visits/names",
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "#near-names",
            "hx-swap": "outerHTML",
        },
    )
    people_met = Whole(
        _("People met"),
        validators=[
            InputRequired(_("Enter how many people you met.")),
            NumberRange(0, _MOST_PEOPLE, _("Enter a number from 0 to 100000.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    goods = StringField(_("Goods"), validators=[_no_longer_than(200)])
    amount = Yuan(
        _("Amount (yuan)"),
        description=_("Worth of goods and money together. Empty means nothing."),
        validators=[Optional()],
        render_kw={"inputmode": "decimal"},
    )
    fund = SelectField(_("Paid from"), choices=choices(FUNDS), default=Fund.OWN_UNION)
    note = TextAreaField(_("Note"), validators=[_no_longer_than(_NOTE)])

    def offer(self, territory: Territory) -> "VisitForm":
        """Let the townships of ``territory`` be chosen."""
        self.region_code.choices = townships_within(territory, first=_("Choose"))
        return self


class FilterForm(Form):
    """Which visits to list. ``from_on`` and ``to_on`` are both inclusive."""

    class Meta(Form.Meta):
        csrf = False

    kind = SelectField(_("What for"), choices=choices(VISIT_KINDS, first=_("All")), default="")
    from_on = Day(_("From"), name="from", validators=[Optional()])
    to_on = Day(_("To"), name="to", validators=[Optional()])
