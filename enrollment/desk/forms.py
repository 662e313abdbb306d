"""What a cadre is asked when looking for a case and when deciding it."""

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from enrollment.rules.applications import DECISIONS
from enrollment.rules.eligibility import Refusal
from enrollment.web.forms import Form, SayingForm, choices
from enrollment.web.wording import APPLICATION_KINDS, QUESTIONS, REASONS

JOIN_QUESTIONS = (
    "name",
    "identity",
    "phone",
    "employer_name",
    "group",
    "relation",
    "work_region",
    "home_region",
)
REQUEST_QUESTIONS = ("words",)
CORRECT_QUESTIONS = ("name", "phone", "work_region", "home_region")


_VERSION_DIGITS = 9


class QueueForm(Form):
    """Filters of the queue: they live in the address."""

    class Meta(Form.Meta):
        csrf = False

    kind = SelectField(_("Kind"), choices=choices(APPLICATION_KINDS, first=_("All")), default="")
    county = StringField(_("County"))


class DecisionForm(Form):
    """Approve, return or refuse; what each needs is a rule (``missing_for_decision``)."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    step = HiddenField(validators=[InputRequired(_("Choose what to do."))])
    marked = SelectMultipleField(
        _("What has to be corrected"),
        choices=choices(QUESTIONS),
        option_widget=CheckboxInput(),
        widget=ListWidget(),
    )
    ground = SelectField(
        _("Ground of the refusal"),
        choices=choices({ground.value: REASONS[ground] for ground in Refusal}, first=_("Choose")),
        default="",
    )
    note = TextAreaField(
        _("Words to the applicant"),
        [Length(max=500, message=_("Enter at most 500 characters."))],
        render_kw={"rows": 3},
    )
    to_union = StringField(
        _("Union that takes the member in"),
        [Length(max=120, message=_("Enter at most 120 characters."))],
        description=_("Its full name, or its code. In another county: that county then takes the member in."),
    )

    sure = BooleanField(_("I am sure: what is erased, and a page that is closed, does not come back."))

    def validate_step(self, field: Field) -> None:
        if field.data not in DECISIONS:
            raise ValidationError(_("Choose what to do."))


class ConfirmForm(Form):
    """How somebody of the union made sure that it is this person."""

    how = StringField(
        _("How did you make sure?"),
        [
            InputRequired(_("Write how you made sure, for example: called back, met at the depot.")),
            Length(max=200, message=_("Enter at most 200 characters.")),
        ],
    )


class RetryForm(SayingForm):
    """One more try for a message; asked once more where it may have gone out."""

    sure = BooleanField()


class ChooseForm(Form):
    """Cases marked in the queue; or all of the page, or of the filter."""

    case = SelectMultipleField(choices=[], validate_choice=False)
    shown = SelectMultipleField(choices=[], validate_choice=False)
    all_shown = BooleanField()
    all_found = BooleanField()
    view = StringField()
    kind = StringField()
    county = StringField()


class ApproveForm(SayingForm):
    """What was looked at: the clean ones as ``number:version``, the numbers of those that stay.

    ``key`` makes a second tap the same act.
    """

    case = SelectMultipleField(choices=[], validate_choice=False)
    stay = SelectMultipleField(choices=[], validate_choice=False)
    key = StringField(validators=[InputRequired(), Length(16, 64)])

    @property
    def versions(self) -> dict[str, int]:
        """The numbers with the versions that were looked at; what is neither is left out."""
        told = (each.partition(":") for each in self.case.data or ())
        return {number: int(version) for number, _colon, version in told if _is_version(version)}

    @property
    def numbers(self) -> list[str]:
        """All that was looked at."""
        return [*self.versions, *(self.stay.data or ())]


def _is_version(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _VERSION_DIGITS


def decision_form_for(questions: tuple[str, ...], *, sent: bool) -> DecisionForm:
    """The form with the questions that can be marked in this kind of application, empty unless it was ``sent``."""
    form = DecisionForm() if sent else DecisionForm(formdata=None)
    form.marked.choices = choices({name: QUESTIONS[name] for name in questions})
    return form
