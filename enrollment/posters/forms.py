"""The log of one event, before or after it is held; and the filters of the list."""

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from enrollment.posters.queries import Filters
from enrollment.rules.regions import Territory
from enrollment.web import clock
from enrollment.web.forms import Day, Form, OnceForm, townships_within

_TEXT = 120


def _short() -> Length:
    return Length(max=_TEXT, message=_("Enter at most %(max)d characters."))


class EventForm(OnceForm):
    """What a cadre tells of an event. It may lie ahead, so that its poster hangs in time."""

    groups: ClassVar[list[tuple[Any, list[str]]]] = [
        (_("What, when and where"), ["name", "held_on", "region_code", "place"])
    ]

    name = StringField(
        _("Name of the event"),
        description=_("For example a joining ceremony at a logistics park"),
        validators=[DataRequired(_("Enter the name of the event.")), _short()],
    )
    held_on = Day(_("Date"), default=clock.today, validators=[InputRequired(_("Enter the day of the event."))])
    region_code = SelectField(_("Township"), validators=[DataRequired(_("Choose the township."))])
    place = StringField(_("Place"), validators=[DataRequired(_("Enter the place of the event.")), _short()])

    def offer(self, territory: Territory) -> "EventForm":
        """Let the townships of ``territory`` be chosen."""
        self.region_code.choices = townships_within(territory, first=_("Choose"))
        return self


class FilterForm(Form):
    """Which events to list. ``from_on`` and ``to_on`` are both inclusive."""

    class Meta(Form.Meta):
        csrf = False

    from_on = Day(_("From"), name="from", validators=[Optional()])
    to_on = Day(_("To"), name="to", validators=[Optional()])

    @property
    def filters(self) -> Filters:
        return Filters(self.from_on.data, self.to_on.data)
