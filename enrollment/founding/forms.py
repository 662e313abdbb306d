"""What a depot's head is asked: the facts of the answer in the address, the rest once, on one page."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any, Self

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from enrollment.founding import queries
from enrollment.founding.actions import Begun
from enrollment.founding.queries import Neighbor
from enrollment.rules.founding import JOIN_JOINT, NEW_JOINT, WAYS_TO_FOUND, Depot, Unit, suggested_name
from enrollment.rules.identity import check_credit_code, check_name, check_phone
from enrollment.rules.regions import REGIONS
from enrollment.storage.database import db
from enrollment.storage.neighbors import joint_unions
from enrollment.storage.procedures import Founding
from enrollment.web.forms import Form, OnceForm, SayingForm, choices, normal, stripped, township_choices
from enrollment.web.wording import ANSWERS, says
from enrollment.web.words_of_matching import sentence

_MOST_WORKERS = 100_000
_TOWNSHIPS = partial(township_choices, first=_("Choose"), with_corps=False)
"""Not the Corps' farms, which have unions of their own (ROUTE-10)."""

_LONGEST_NAME = 120
_TOGETHER = (JOIN_JOINT, NEW_JOINT)


def _not_more_than_work_there(form: Form, field: Field) -> None:
    if field.data is not None and form.workers.data is not None and field.data > form.workers.data:
        raise ValidationError(_("These cannot be more than work there."))


def _not_too_long() -> Length:
    return Length(max=_LONGEST_NAME, message=_("Enter at most 120 characters."))


class AskForm(Form):
    """The question; it changes nothing, so its answers live in the address."""

    groups = [(None, ["workers", "willing", "others", "barred", "region_code", "unit_name"])]  # noqa: RUF012

    class Meta(Form.Meta):
        csrf = False

    workers = IntegerField(
        _("People working there"),
        [
            InputRequired(_("Enter how many people work there.")),
            NumberRange(1, _MOST_WORKERS, message=_("Enter a number from 1.")),
        ],
        render_kw={"inputmode": "numeric", "min": 1},
    )
    willing = IntegerField(
        _("Of these, members or wanting to be (can wait)"),
        [
            Optional(),
            NumberRange(0, _MOST_WORKERS, message=_("Enter a number from 0.")),
            _not_more_than_work_there,
        ],
        description=_("The law counts members. Left empty, everyone is counted."),
        render_kw={"inputmode": "numeric", "min": 0},
    )
    others = IntegerField(
        _("People at other depots of the same company (can wait)"),
        [Optional(), NumberRange(0, _MOST_WORKERS, message=_("Enter a number from 0."))],
        description=_("Depots without a license of their own count together with their company."),
        render_kw={"inputmode": "numeric", "min": 0},
    )
    barred = IntegerField(
        _("Owners and close relatives among them"),
        [
            InputRequired(_("Enter how many of them are owners or close relatives; 0 if none.")),
            NumberRange(0, _MOST_WORKERS, message=_("Enter a number from 0.")),
            _not_more_than_work_there,
        ],
        description=_(
            "Owner, partners, and their spouse, parents, children, brothers and sisters, grandparents, grandchildren."
        ),
        render_kw={"inputmode": "numeric", "min": 0},
    )
    region_code = SelectField(_("Township (can wait)"), choices=_TOWNSHIPS, default="")
    unit_name = StringField(
        _("Name of the depot (can wait)"), [Optional(), _not_too_long()], render_kw={"autocomplete": "organization"}
    )

    @property
    def kept(self) -> dict[str, Any]:
        """The answers given so far, as they travel in the address."""
        return {name: answer for name, answer in self.answers.items() if answer not in (None, "", [])}

    @property
    def unit(self) -> Unit:
        """The legal unit with all its depots (BUILD-5): who is not said not to want it counts as a member to be."""
        workers, others = self.workers.data or 0, self.others.data or 0
        willing = workers if self.willing.data is None else self.willing.data
        depots = (Depot(workers, willing, self.barred.data or 0), Depot(others, others))
        return Unit(self.unit_name.data or "", depots if others else depots[:1])


class ChosenForm(AskForm):
    """The question with the way chosen from its answer. ``q`` looks for neighbors by name, ``units`` are picked."""

    way = HiddenField(validators=[AnyOf(WAYS_TO_FOUND)])
    q = StringField(_("Name of a depot"), [Optional(), _not_too_long()])
    units = SelectMultipleField(validate_choice=False, coerce=stripped)

    @property
    def place_is_missing(self) -> bool:
        """Whether the township has to be known before the next page can be drawn."""
        return self.way.data in _TOGETHER and not self.region_code.data

    def asking_where(self) -> Self:
        """The same form where the township can wait no longer."""
        self.region_code.label.text = _("Township")
        return self

    @property
    def carried(self) -> dict[str, Any]:
        """What the address of the next page keeps: not the search, nor what is picked on the page itself."""
        return {name: answer for name, answer in self.kept.items() if name not in ("q", "units")}


class FoundForm(OnceForm):
    """What is missing of an application; ``found_form`` takes out what the address answers already."""

    groups = [  # noqa: RUF012
        (_("Which union"), ["union"]),
        (_("The depot"), ["unit_name", "region_code", "credit_code", "filing_number", "union_name"]),
        (_("Who the union may call"), ["contact_name", "contact_phone"]),
    ]

    unit_name = StringField(
        _("Name of the depot"),
        [InputRequired(_("Enter the name of the depot.")), _not_too_long()],
        render_kw={"autocomplete": "organization"},
    )
    region_code = SelectField(_("Township"), [InputRequired(_("Choose the township."))], choices=_TOWNSHIPS)
    credit_code = StringField(
        _("Credit code (can wait)"),
        [Optional(), normal(check_credit_code)],
        description=_("18 characters on the business license. A depot without a license has none."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": 40},
    )
    filing_number = StringField(
        _("Filing number (can wait)"),
        [Optional(), Length(max=40, message=_("Enter at most 40 characters."))],
        description=_("From the postal administration, for a depot without a license."),
        render_kw={"autocomplete": "off"},
    )
    union = RadioField(_("Joint union"), [InputRequired(_("Choose the joint union."))])
    units = SelectMultipleField(
        _("Neighboring depots"),
        [InputRequired(_("Choose at least one neighboring depot."))],
        validate_choice=False,  # picked ones may have left the list; the action looks at each
        coerce=stripped,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    contact_name = StringField(
        _("Your name"), [normal(check_name)], render_kw={"autocomplete": "name", "maxlength": 80}
    )
    contact_phone = StringField(
        _("Mobile number"),
        [normal(check_phone)],
        description=_("The union calls you on it about this application only."),
        render_kw={"autocomplete": "tel", "inputmode": "tel", "maxlength": 30},
    )
    union_name = StringField(
        _("Name of the union (can wait)"),
        [Optional(), _not_too_long()],
        description=_("A proposal in the usual pattern; change it as you like."),
    )

    @property
    def told(self) -> dict[str, Any]:
        """The answers, numbers and names in their normal form."""
        return {name: getattr(self[name], "normal", answer) for name, answer in self.answers.items()}

    def founding(self, asked: ChosenForm) -> Begun:
        """Everything the head told, on this page and before."""
        told = {**asked.answers, **self.told}
        return Begun(
            submission_key=self.submission_key.data or "",
            way=told["way"],
            unit=asked.unit,
            unit_name=told["unit_name"],
            region_code=told["region_code"],
            credit_code=told["credit_code"] or None,
            filing_number=told["filing_number"] or None,
            union_code=told.get("union"),
            invited=tuple(told["units"]) if "units" in self else (),
            contact_name=told["contact_name"],
            contact_phone=told["contact_phone"],
            union_name=told.get("union_name") or "",
        )

    def refuse(self, reasons: Iterable[str]) -> None:
        """Show what the rules object, above the form, with nothing lost."""
        self.form_errors.extend(says(reason) for reason in reasons)


def found_form(asked: ChosenForm, today: date) -> FoundForm:
    """The form for the chosen way: without what is answered already, with the real unions or neighbors to choose."""
    way, region = asked.way.data or "", asked.region_code.data or ""
    name = suggested_name(way, asked.unit_name.data or "", REGIONS[region].name if region else "")
    form = FoundForm(units=asked.units.data, union_name=name)
    if way == JOIN_JOINT:
        form.union.choices = choices({union.code: union.name for union in joint_unions(db.session(), region, today)})
    if way == NEW_JOINT:
        near = queries.neighbors(_sought(form, asked), today)
        form.units.choices = choices({neighbor.code: _counted(neighbor) for neighbor in near})
    needless = {
        "unit_name": bool(asked.unit_name.data),
        "region_code": bool(region),
        "union": way != JOIN_JOINT,
        "units": way != NEW_JOINT,
        "union_name": way == JOIN_JOINT,
    }
    for question in [question for question, out in needless.items() if out]:
        del form[question]
    return form


def _sought(form: FoundForm, asked: ChosenForm) -> queries.Sought:
    """The neighbors of the depot that is told of so far."""
    return queries.Sought(
        region=asked.region_code.data or "",
        own_name=asked.unit_name.data or form.unit_name.data or "",
        credit_code=check_credit_code(form.credit_code.data or "").value,
        name=asked.q.data or "",
        picked=form.units.data or (),
    )


def _counted(neighbor: Neighbor) -> str:
    """A neighbor as a row to tick: its name, where, how many, and why it fits where that is known."""
    people = ngettext("%(num)s person", "%(num)s people", neighbor.workers)
    why = (sentence(neighbor.reasons),) if neighbor.reasons else ()
    return " · ".join((neighbor.name, REGIONS[neighbor.region_code].name, people, *why))


class InvitationForm(SayingForm):
    """A neighbor's answer, one of three buttons; who agrees says how many they are (ELEC-8, BUILD-3)."""

    answer = StringField(validators=[AnyOf(tuple(ANSWERS), message=_("Choose an answer."))])
    workers = IntegerField(
        _("People working there"),
        [Optional(), NumberRange(1, _MOST_WORKERS, message=_("Enter a number from 1."))],
        render_kw={"inputmode": "numeric", "min": 1},
    )
    barred = IntegerField(
        _("Owners and close relatives among them"),
        [
            Optional(),
            NumberRange(0, _MOST_WORKERS, message=_("Enter a number from 0.")),
            _not_more_than_work_there,
        ],
        render_kw={"inputmode": "numeric", "min": 0},
    )
    contact_name = StringField(
        _("Your name"), [normal(check_name)], render_kw={"autocomplete": "name", "maxlength": 80}
    )
    contact_phone = StringField(
        _("Mobile number"),
        [normal(check_phone)],
        description=_("The union and the one who asks call you on it about this only."),
        render_kw={"autocomplete": "tel", "inputmode": "tel", "maxlength": 30},
    )
    note = TextAreaField(
        _("Something to say (can wait)"),
        [Optional(), Length(max=200, message=_("Enter at most 200 characters."))],
        description=_("Needed with a question or a no."),
    )

    @property
    def contact(self) -> dict[str, str]:
        """Who answers for the unit, in normal form."""
        return {name: getattr(self[name], "normal", "") for name in ("contact_name", "contact_phone")}


class InviteForm(SayingForm):
    """More neighbors to ask. ``invite_form`` gives those there are."""

    units = SelectMultipleField(
        _("Neighboring depots"),
        [InputRequired(_("Choose at least one neighboring depot."))],
        validate_choice=False,
        coerce=stripped,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )


def invite_form(founding: Founding, name: str, today: date) -> InviteForm:
    """The neighbors of the founding's first unit that are not asked yet; ``name`` narrows them."""
    own, form = founding.application.units[0], InviteForm()
    sought = queries.Sought(
        region=own.region_code,
        own_name=own.name,
        credit_code=own.credit_code or "",
        name=name,
        picked=form.units.data or (),
    )
    asked = {unit.name for unit in founding.application.units}
    near = [neighbor for neighbor in queries.neighbors(sought, today) if neighbor.name not in asked]
    form.units.choices = choices({neighbor.code: _counted(neighbor) for neighbor in near})
    return form
