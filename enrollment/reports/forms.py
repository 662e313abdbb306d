"""Which day, and which part of the territory, the rates are asked for."""

from datetime import date

from flask_babel import lazy_gettext as _
from wtforms.validators import Optional

from enrollment.web import clock
from enrollment.web.forms import Day, Form, not_in_the_future


class RatesForm(Form):
    """``as_of``: the day the figures stand for; empty means today."""

    class Meta(Form.Meta):
        csrf = False

    as_of = Day(_("As of"), validators=[Optional(), not_in_the_future(clock.today)])

    def day(self) -> date:
        """The day asked for, by default today."""
        return self.as_of.data or clock.today()
