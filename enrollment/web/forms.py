"""The form every question stands on: CSRF in each form, texts stripped, an allow-list of answers."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField, IntegerField, PasswordField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import EqualTo, InputRequired, Length

from enrollment.rules.identity import Checked
from enrollment.rules.regions import COUNTIES, ZONES, Territory, townships_of
from enrollment.storage.cards import LONGEST_REASON
from enrollment.storage.tables import new_code
from enrollment.web.wording import says

_HIDDEN = frozenset({"csrf_token", "submission_key"})
_KEY_LENGTH = 24
_A_YEAR = 366
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Form(FlaskForm):  # type: ignore[misc]
    """Base of every form. ``groups``: (legend, names of questions) in the order they are drawn."""

    groups: ClassVar[list[tuple[Any, list[str]]]] = []

    class Meta:
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:  # noqa: ANN401
            if issubclass(unbound_field.field_class, StringField):
                filters = unbound_field.kwargs.get("filters", ())
                unbound_field.kwargs["filters"] = [
                    *filters,
                    *([stripped] if stripped not in filters else []),
                ]
            return super().bind_field(form, unbound_field, options)  # type: ignore[misc]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Whether the answers can be taken; a page that was open too long says so and keeps what was typed."""
        valid: bool = super().validate(extra_validators)
        for field in self._fields.values():
            missing = next((each for each in field.validators if isinstance(each, InputRequired)), None)
            if missing and isinstance(field, StringField) and not field.data and not field.errors:
                field.errors = [missing.message or ""]  # it was sent, but only spaces
                valid = False
        if "csrf_token" in self._fields and self.csrf_token.errors:
            self.csrf_token.errors = [_("This page was open for too long. Nothing is lost: please send it once more.")]
        return valid

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, question by question, without the tokens."""
        return {name: field.data for name, field in self._fields.items() if name not in _HIDDEN}


class SayingForm(Form):
    """A form the rules may object to; without questions it is a button."""

    def refuse(self, reasons: Iterable[str]) -> None:
        """Show what the rules object, above the form, with nothing lost."""
        self.form_errors.extend(says(reason) for reason in reasons)


def tail_field() -> StringField:
    """The end of the identity number: a link alone may have been passed on."""
    return StringField(
        _("Last four characters of your identity number"),
        [
            InputRequired(_("Enter the last four characters.")),
            Length(4, 4, message=_("Enter the last four characters.")),
        ],
        description=_("So that nobody who only has this link can do it."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "maxlength": 4},
    )


class OnceForm(Form):
    """A form that counts once however often it is sent: the key is made when the page is first shown."""

    submission_key = HiddenField(default=lambda: new_code(_KEY_LENGTH), validators=[Length(_KEY_LENGTH, _KEY_LENGTH)])


def own_password_field() -> PasswordField:
    """The present password, so that nobody changes what protects an account at a desk left open."""
    return PasswordField(
        _("Your present password"),
        [InputRequired(_("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )


class ProvenForm(SayingForm):
    """A button that needs the password again."""

    present = own_password_field()


class NewPasswordForm(SayingForm):
    """A password somebody chooses for the own account; whether it will do is a rule."""

    password = PasswordField(
        _("New password"),
        [InputRequired(_("Enter your password."))],
        description=_("At least 12 characters. Several words in a row are easy to keep and hard to guess."),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _("The same once more"),
        [InputRequired(_("Enter the password once more.")), EqualTo("password", _("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class LookForm(Form):
    """Why full numbers are looked at. The worker reads it."""

    reason = StringField(
        _("What the full number is needed for"),
        [
            InputRequired(_("Enter what the full number is needed for.")),
            Length(max=LONGEST_REASON, message=_("Enter at most 200 characters.")),
        ],
        description=_("Whoever it is about can read this."),
        render_kw={"maxlength": LONGEST_REASON, "autocomplete": "off"},
    )


class CheckedField(StringField):
    """A text that has a normal form: ``normal`` holds it once ``normal(check)`` let the answer pass."""

    normal: str = ""


class Day(DateField):
    """A calendar day written as 2021-11-30."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        try:
            self.data = date.fromisoformat(valuelist[0].strip())
        except ValueError as error:
            self.data = None
            raise ValueError(_("Enter a day such as 2021-11-30.")) from error


class Whole(IntegerField):
    """A whole number, with a sentence of our own when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Enter a whole number, such as 40.")) from error


def choices(words: Mapping[str, Any], *, first: Any = None, group: str | None = None) -> list[SelectChoice]:  # noqa: ANN401
    """Codes with their words as options; ``first`` is the text of an empty one before them."""
    options = [SelectChoice(value=code, label=text, optgroup=group) for code, text in words.items()]
    return options if first is None else [SelectChoice(value="", label=first), *options]


def township_choices(*, first: Any, with_corps: bool) -> list[SelectChoice]:  # noqa: ANN401
    """Every township under its county, the zones themselves too; with the Corps' farms or without (ROUTE-10)."""
    found = choices({}, first=first)
    for node, name in {**COUNTIES, **ZONES}.items():
        places = {r.code: r.name for r in townships_of(node) if with_corps or not r.is_bingtuan}
        found += choices({node: name, **places} if node in ZONES else places, group=name)
    return found


def townships_within(territory: Territory, *, first: Any) -> list[SelectChoice]:  # noqa: ANN401
    """The townships of ``territory``, under their counties where there are several."""
    nodes = {node: name for node, name in {**COUNTIES, **ZONES}.items() if territory.covers(node)}
    found = choices({}, first=first)
    for node, name in nodes.items():
        places = {place.code: place.name for place in townships_of(node)}
        found += choices(places, group=name if len(nodes) > 1 else None)
    return found


def stripped(text: Any) -> Any:  # noqa: ANN401 -- what a field was given
    """Without spaces around and without control characters, which no database takes and nobody types."""
    return _CONTROL.sub("", text).strip() if text else text


def normal(check: Callable[[str], Checked]) -> Callable[[Form, CheckedField], None]:
    """A validator that brings the answer to its normal form, or says which part looks wrong; the typed text stays."""

    def validate(_form: Form, field: CheckedField) -> None:
        checked = check(field.data or "")
        if not checked.ok:
            raise ValidationError(says(checked.reason))
        field.normal = checked.value

    return validate


def within_a_year(today: Callable[[], date]) -> Callable[[Form, Field], None]:
    """A day at most a year away: a mistyped year is told at once."""

    def validate(_form: Form, field: Field) -> None:
        if field.data and abs((field.data - today()).days) > _A_YEAR:
            raise ValidationError(_("Look at the year: this day is more than a year away."))

    return validate


def not_in_the_future(today: Callable[[], date]) -> Callable[[Form, Field], None]:
    def validate(_form: Form, field: Field) -> None:
        if field.data and field.data > today():
            raise ValidationError(_("Enter a day that has been."))

    return validate
