"""What a cadre is asked at a gate, and which foundings are listed."""

from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import Field, HiddenField, IntegerField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from enrollment.approving.actions import Reply
from enrollment.rules.stages import ENTRY_ITEMS, FoundingStep
from enrollment.storage.procedures import Founding
from enrollment.web.clock import today
from enrollment.web.forms import Day, SayingForm, choices, not_in_the_future
from enrollment.web.words_of_founding import CHECK_ITEMS


class ReplyForm(SayingForm):
    """Approve, return, leave a unit out, order a repetition or refuse; words are due for all but an approval."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    step = HiddenField(validators=[InputRequired(_("Choose what to do."))])
    note = TextAreaField(
        _("Words to the preparatory group"),
        [Length(max=500, message=_("Enter at most 500 characters."))],
        render_kw={"rows": 3},
    )

    unit = SelectField(_("Unit to go on without"), validate_choice=False, choices=[])

    def validate_step(self, field: Field) -> None:
        if field.data not in set(FoundingStep):
            raise ValidationError(_("Choose what to do."))

    @property
    def reply(self) -> Reply:
        return Reply(
            step=FoundingStep(self.step.data or ""),
            version=self.version.data or 0,
            note=self.note.data or "",
            unit=self.unit.data or "",
        )

    def offer_units(self, founding: Founding) -> None:
        """Let one of the units that were asked and agreed be chosen."""
        first = founding.application.units[:1]
        asked = {unit.link: unit.name for unit in founding.standing if unit not in first}
        self.unit.choices = choices(asked, first=_("Choose"))


def _past_day(item: str) -> Day:
    return Day(CHECK_ITEMS[item], [InputRequired(_("Enter a day such as 2021-11-30.")), not_in_the_future(today)])


class EntryForm(SayingForm):
    """The last stage: three days."""

    real_name = _past_day("real_name")
    plaque = _past_day("plaque")
    funds = _past_day("funds")

    @property
    def days(self) -> dict[str, date]:
        return {item: self[item].data for item in ENTRY_ITEMS}
