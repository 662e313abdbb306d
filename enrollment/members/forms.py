"""Which members are asked for; a number to look up; why full numbers are needed."""

from flask_babel import lazy_gettext as _
from wtforms import Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from enrollment.members.queries import Filters
from enrollment.rules.identity import CHECKS
from enrollment.storage.cards import LONGEST_REASON
from enrollment.web.clock import today
from enrollment.web.forms import Form, choices
from enrollment.web.lists import ListForm
from enrollment.web.wording import GROUPS

_CODE_LENGTH = 12
_SHORTEST_REASON = 4
_LONGEST_NUMBER = 40


class MembersForm(ListForm):
    """``union`` and ``employer`` are codes that come with a link from their pages."""

    group = SelectField(_("Work"), choices=choices(GROUPS, first=_("All")), validators=[Optional()])
    union = StringField(_("Union"), validators=[Length(max=_CODE_LENGTH)])
    employer = StringField(_("Employer"), validators=[Length(max=_CODE_LENGTH)])

    @property
    def filters(self) -> Filters:
        return Filters(**{name: self.text(name) for name in ("q", "group", "union", "employer")})


class NumberForm(Form):
    """An identity number or a phone. It goes in the body, never into an address that is logged."""

    number = StringField(
        _("Identity number or mobile number"),
        validators=[InputRequired(_("Enter an identity number or a mobile number.")), Length(max=_LONGEST_NUMBER)],
        render_kw={"autocomplete": "off"},
    )

    def validate_number(self, _field: Field) -> None:
        if not self.numbers:
            raise ValidationError(_("This is neither an identity number of 18 characters nor a mobile number."))

    @property
    def numbers(self) -> dict[str, str]:
        """The normal form under what the number can be: ``identity``, ``phone``."""
        checked = {kind: CHECKS[kind](self.number.data or "", today()) for kind in ("identity", "phone")}
        return {kind: each.value for kind, each in checked.items() if each.ok}


class FullNumbersForm(Form):
    reason = TextAreaField(
        _("What the full numbers are needed for"),
        validators=[
            InputRequired(_("Enter what the full numbers are needed for.")),
            Length(_SHORTEST_REASON, LONGEST_REASON, _("Enter 4 to 200 characters.")),
        ],
        render_kw={"rows": 2, "maxlength": LONGEST_REASON},
    )
