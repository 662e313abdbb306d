"""Which unions and which employers are asked for."""

from datetime import date

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField
from wtforms.validators import Optional

from enrollment.unions import employers, queries
from enrollment.web.clock import today
from enrollment.web.forms import Form, choices, not_in_the_future
from enrollment.web.lists import ListForm
from enrollment.web.wording import GROUPS, KINDS


class UnionsForm(ListForm):
    kind = SelectField(
        _("Kind"),
        choices=choices(
            {queries.COUNTED: _("Unions that count as organizations"), **KINDS}, first=_("All but holding pools")
        ),
        validators=[Optional()],
    )

    @property
    def filters(self) -> queries.Filters:
        return queries.Filters(q=self.text("q"), kind=self.text("kind"))


class EmployersForm(ListForm):
    group = SelectField(_("Work"), choices=choices(GROUPS, first=_("All")), validators=[Optional()])
    covered = SelectField(
        _("Union"),
        choices=choices({"yes": _("Covered by a union"), "no": _("Not covered")}, first=_("All")),
        validators=[Optional()],
    )

    @property
    def filters(self) -> employers.Filters:
        return employers.Filters(**{name: self.text(name) for name in ("q", "group", "covered")})


class DayForm(Form):
    """The day a page stands for; an odd one is today."""

    as_of = DateField(_("As of"), validators=[Optional(), not_in_the_future(today)])

    class Meta(Form.Meta):
        csrf = False

    def __init__(self) -> None:
        super().__init__(formdata=request.args)

    @property
    def day(self) -> date:
        return self.as_of.data if self.validate() and self.as_of.data else today()
