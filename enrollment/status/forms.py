"""What the applicant enters: the code of the receipt, or phone and code, and corrections of what a cadre marked."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Field, IntegerField, SelectField, StringField, SubmitField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from enrollment.rules.confirmation import check_code
from enrollment.rules.identity import Checked, check_identity, check_name, check_phone
from enrollment.storage.applications import LINK_LENGTH
from enrollment.web import clock
from enrollment.web.forms import CheckedField, Form, OnceForm, choices, normal, tail_field, township_choices
from enrollment.web.wording import GROUPS, RELATIONS, says

_MOST_PEOPLE = 100_000
_TOWNSHIPS = partial(township_choices, first=_("Choose"), with_corps=True)
_NEVER_SHOWN = ("identity", "phone", "contact_phone")


class FindForm(Form):
    """The code of the receipt, however it was written down."""

    code = StringField(
        _("Code of the receipt"),
        [InputRequired(_("Enter the code of the receipt."))],
        description=_("16 letters and digits; capitals, spaces and hyphens do not matter."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": 200},
    )

    @property
    def link(self) -> str:
        """The code as it stands in the address of the page; also out of the whole address."""
        return re.sub(r"[\s\-]", "", (self.code.data or "").rstrip("/").rsplit("/", 1)[-1]).upper()

    def validate_code(self, field: Field) -> None:
        if field.data and len(self.link) != LINK_LENGTH:
            raise ValidationError(_("The code has 16 letters and digits. Count them once more."))

    def unknown(self) -> None:
        """Say that no application has this code."""
        self.code.errors = [*self.code.errors, str(_("There is no application with this code. Compare it once more."))]


class PhoneForm(Form):
    """The mobile number given in the application."""

    phone = CheckedField(
        _("Mobile number"),
        [normal(check_phone)],
        description=_("The number you gave in your application. A code of six digits is sent to it."),
        render_kw={"autocomplete": "tel", "inputmode": "tel", "maxlength": 30},
    )


class TailForm(Form):
    """The end of the identity number; phone and code come along, and count once more."""

    phone = CheckedField(validators=[normal(check_phone)], widget=HiddenInput())
    code = CheckedField(validators=[normal(check_code)], widget=HiddenInput())
    tail = tail_field()

    def refuse(self, reasons: Iterable[str]) -> None:
        """Show above the form why this opens nothing."""
        self.form_errors.extend(says(reason) for reason in reasons)


class CodeForm(Form):
    """The six digits; the number comes along, so that no page and no address has to remember it."""

    phone = CheckedField(validators=[normal(check_phone)], widget=HiddenInput())
    code = CheckedField(
        _("The six digits"),
        [normal(check_code)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 20},
    )
    again = SubmitField()

    def refuse(self, reasons: Iterable[str]) -> None:
        """Show above the form why there is no new code, or why the one entered does not count."""
        self.form_errors.extend(says(reason) for reason in reasons)


class WithdrawForm(Form):
    """A button."""


class OwnForm(Form):
    """A button: the own card."""


class CopyForm(Form):
    """The end of the identity number, and a button: a copy of the own data."""

    tail = tail_field()


class ErasureForm(OnceForm):
    """The end of the identity number, perhaps a word to the union, and a button."""

    tail = tail_field()
    words = TextAreaField(
        _("Words to the union"),
        [Length(max=500, message=_("Enter at most 500 characters."))],
        description=_("You need not give a reason."),
        render_kw={"rows": 3, "maxlength": 500},
    )

    def refuse(self, reasons: Iterable[str]) -> None:
        """Show above the form what stands against it."""
        self.form_errors.extend(says(reason) for reason in reasons)


def _identity(text: str) -> Checked:
    return check_identity(text, clock.today())


def _people(label: Any, least: int) -> IntegerField:  # noqa: ANN401
    return IntegerField(
        label,
        [InputRequired(_("Enter a number.")), NumberRange(least, _MOST_PEOPLE, message=_("Enter a number."))],
        render_kw={"inputmode": "numeric", "min": least},
    )


def _name_of_a_place(label: Any) -> StringField:  # noqa: ANN401
    return StringField(
        label,
        [InputRequired(_("Enter the name.")), Length(max=120, message=_("Enter at most 120 characters."))],
        render_kw={"autocomplete": "organization"},
    )


def _phone() -> StringField:
    return StringField(
        _("Mobile number"),
        [normal(check_phone)],
        render_kw={"autocomplete": "tel", "inputmode": "tel", "maxlength": 30},
    )


def _person(label: Any) -> StringField:  # noqa: ANN401
    return StringField(label, [normal(check_name)], render_kw={"autocomplete": "name", "maxlength": 80})


def _place(label: Any) -> SelectField:  # noqa: ANN401
    return SelectField(label, [InputRequired(_("Choose one."))], choices=_TOWNSHIPS)


class CorrectionForm(Form):
    """Every question a cadre can mark; ``correction`` leaves only the marked ones."""

    name = _person(_("Name"))
    identity = StringField(
        _("Identity number"),
        [normal(_identity)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": 40},
    )
    phone = _phone()
    employer_name = _name_of_a_place(_("Employer"))
    group = SelectField(_("Work"), choices=choices(GROUPS))
    relation = SelectField(_("How you work"), choices=choices(RELATIONS))
    work_region = _place(_("Place of work"))
    home_region = _place(_("Place of residence"))
    hires = _people(_("People you employ"), 0)
    words = TextAreaField(
        _("Words to the union"),
        [
            InputRequired(_("Write what the union asked for.")),
            Length(max=500, message=_("Enter at most 500 characters.")),
        ],
        render_kw={"rows": 3, "maxlength": 500},
    )

    @property
    def told(self) -> dict[str, Any]:
        """The corrected answers, numbers and names in their normal form."""
        return {name: getattr(self[name], "normal", answer) for name, answer in self.answers.items()}

    def refuse(self, reasons: Iterable[str]) -> None:
        """Show what the rules object, above the form, with nothing lost."""
        self.form_errors.extend(says(reason) for reason in reasons)


def correction(marked: Collection[str], told: Mapping[str, object]) -> CorrectionForm:
    """The form with the marked questions alone, filled with what was told; identity and phone stay empty."""
    form = CorrectionForm(data={name: told[name] for name in marked if name in told and name not in _NEVER_SHOWN})
    for name in [name for name in form.answers if name not in marked]:
        del form[name]
    return form
