"""Which proposals are asked for."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField
from wtforms.validators import Optional

from enrollment.rules.regions import COUNTIES, REGIONS, ZONES
from enrollment.web.forms import Form, choices
from enrollment.web.wording import GROUPS


class MatchingForm(Form):
    """Filters and the number of the page; reads the address only, so the same address is the same list."""

    county = SelectField(_("County"), validate_choice=False)  # a county outside is 404, see ``asked_territory``
    group = SelectField(_("Work"), choices=choices(GROUPS, first=_("All")), validators=[Optional()])
    page = IntegerField(validators=[Optional()])

    class Meta(Form.Meta):
        csrf = False

    def __init__(self) -> None:
        super().__init__(formdata=request.args)
        nodes = {code: REGIONS[code].name for code in (*COUNTIES, *ZONES)}
        self.county.choices = choices(nodes, first=_("All counties"))

    @property
    def kept(self) -> dict[str, Any]:
        """The filters in use, for links to the same list."""
        asked = {"county": self.county.data, "group": self.group.data}
        return {name: code for name, code in asked.items() if code}
