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
_LONGEST_WORDS = 60


class MembersForm(ListForm):
    """``union`` and ``employer`` are codes that come with a link from their pages; names are looked for elsewhere."""

    group = SelectField(_("Work"), choices=choices(GROUPS, first=_("All")), validators=[Optional()])
    union = StringField(_("Union"), validators=[Length(max=_CODE_LENGTH)])
    employer = StringField(_("Employer"), validators=[Length(max=_CODE_LENGTH)])

    def __init__(self) -> None:
        super().__init__()
        del self.q

    @property
    def filters(self) -> Filters:
        return Filters(**{name: self.text(name) for name in ("group", "union", "employer")})


class FindForm(Form):
    """Who is looked for. It goes in the body: neither name nor number becomes part of an address that is logged."""

    words = StringField(
        _("Name or number"),
        validators=[InputRequired(_("Enter a name or a number.")), Length(max=_LONGEST_WORDS)],
        description=_("The beginning of a name; an identity number or mobile number in full."),
        render_kw={"autocomplete": "off", "maxlength": _LONGEST_WORDS},
    )

    def validate_words(self, field: Field) -> None:
        if any(character.isdigit() for character in field.data or "") and not self.numbers:
            raise ValidationError(_("This is neither an identity number of 18 characters nor a mobile number."))

    @property
    def numbers(self) -> dict[str, str]:
        """The normal form under what the number can be: ``identity``, ``phone``."""
        checked = {kind: CHECKS[kind](self.words.data or "", today()) for kind in ("identity", "phone")}
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
