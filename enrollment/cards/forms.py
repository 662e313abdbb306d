"""What a member is asked with each request."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from enrollment.cards.queries import Shown
from enrollment.rules.identity import check_name, check_phone, mask_phone
from enrollment.rules.regions import COUNTIES, REGIONS, ZONES
from enrollment.rules.requests import RequestKind
from enrollment.storage.unions import Union
from enrollment.web.forms import CheckedField, Form, OnceForm, choices, normal, tail_field, township_choices
from enrollment.web.wording import says
from enrollment.web.words_of_cards import CAUSES

_TOWNSHIPS = partial(township_choices, first=_("Choose"), with_corps=True)


def _words(label: Any, **more: Any) -> TextAreaField:  # noqa: ANN401
    checks = [Length(max=500, message=_("Enter at most 500 characters."))]
    return TextAreaField(label, checks, render_kw={"rows": 3, "maxlength": 500}, **more)


class AskForm(OnceForm):
    """What every request can be given along: words to the union; at last the end of the identity number."""

    tail = tail_field()

    def refuse(self, reasons: Iterable[str]) -> None:
        """Show what the rules object, above the form, with nothing lost."""
        self.form_errors.extend(says(reason) for reason in reasons)

    @property
    def told(self) -> dict[str, str]:
        return {}


class TransferForm(AskForm):
    to_union = SelectField(_("Union to move to"), default="")
    words = _words(_("Where you work now"), description=_("If you do not know the union: company, depot or township."))

    def validate_words(self, field: Field) -> None:
        if not self.to_union.data and not field.data:
            raise ValidationError(_("Choose a union, or write where you work now."))


class RetainForm(AskForm):
    cause = RadioField(_("Why"), [InputRequired(_("Choose one."))], choices=choices(CAUSES))
    words = _words(_("Words to the union"))


class LeaveForm(AskForm):
    words = _words(_("Words to the union"), description=_("You need not give a reason."))
    sure = BooleanField(_("I know what ends, and I want to leave"), [InputRequired(_("Please confirm it."))])


class CorrectForm(AskForm):
    name = CheckedField(_("Name"), [normal(check_name)], render_kw={"autocomplete": "name", "maxlength": 80})
    phone = StringField(_("New mobile number"), render_kw={"autocomplete": "tel", "inputmode": "tel", "maxlength": 30})
    work_region = SelectField(_("Place of work"), choices=_TOWNSHIPS)
    home_region = SelectField(_("Place of residence"), choices=_TOWNSHIPS)

    def validate_phone(self, field: Field) -> None:
        checked = check_phone(field.data or "")
        if field.data and not checked.ok:
            raise ValidationError(says(checked.reason))

    @property
    def told(self) -> dict[str, str]:
        return {
            "name": self.name.normal,
            "phone": check_phone(self.phone.data or "").value,
            "work_region": self.work_region.data or "",
            "home_region": self.home_region.data or "",
        }


class EraseForm(AskForm):
    sure = BooleanField(_("I want my data to be deleted"), [InputRequired(_("Please confirm it."))])


class CloseForm(AskForm):
    sure = BooleanField(_("I want my pages to be closed"), [InputRequired(_("Please confirm it."))])


class CountyForm(Form):
    """Where the new union is; the address keeps it."""

    county = SelectField(
        _("County of the new union"),
        choices=choices({code: REGIONS[code].name for code in (*COUNTIES, *ZONES)}),
        validate_choice=False,
    )

    class Meta(Form.Meta):
        csrf = False


class CopyForm(Form):
    """The end of the identity number, and a button."""

    tail = tail_field()


_FORMS: dict[RequestKind, type[AskForm]] = {
    RequestKind.TRANSFER: TransferForm,
    RequestKind.RETAIN: RetainForm,
    RequestKind.LEAVE: LeaveForm,
    RequestKind.CORRECT: CorrectForm,
    RequestKind.ERASE: EraseForm,
    RequestKind.CLOSE: CloseForm,
}


def county_form(shown: Shown) -> CountyForm:
    """The county asked for, by default the member's own."""
    asked = request.args.get("county", "")
    return CountyForm(
        formdata=None, data={"county": asked if asked in (*COUNTIES, *ZONES) else shown.union.county_code}
    )


def ask_form(kind: RequestKind, shown: Shown, unions: Sequence[Union]) -> AskForm:
    """The form of a request, filled with what is kept; the phone is never shown."""
    person = shown.person
    form = _FORMS[kind](data={name: getattr(person, name) for name in ("name", "work_region", "home_region")})
    if isinstance(form, TransferForm):
        form.to_union.choices = choices({row.code: row.name for row in unions}, first=_("I do not know which"))
    if isinstance(form, CorrectForm):
        form.phone.description = _("Kept now: %(phone)s. Leave it empty to keep it.", phone=mask_phone(person.phone))
    form._fields["tail"] = form._fields.pop("tail")
    return form
