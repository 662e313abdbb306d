"""What a cadre is asked when looking for a case and when deciding it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import ClassVar

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
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
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from enrollment.desk.queries import VIEWS, Search
from enrollment.desk.sentences import Sentence
from enrollment.rules.access import Actor
from enrollment.rules.applications import DECISIONS, Step
from enrollment.rules.eligibility import Refusal
from enrollment.rules.identity import CHECKS
from enrollment.rules.regions import REGIONS, Territory
from enrollment.rules.sentences import LONGEST_JOINED, joined
from enrollment.storage.shortcuts import LONGEST_NAME, LONGEST_SENTENCE
from enrollment.web.clock import today
from enrollment.web.forms import Day, Form, SayingForm, choices
from enrollment.web.wording import APPLICATION_KINDS, GROUPS, QUESTIONS, REASONS
from enrollment.web.words_of_desk import PURPOSES

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

_LONGEST = 60
_CASE_NUMBER = re.compile(r"[0-9]{6}-[0-9A-Z]{5}")


QUEUE_VIEWS = {
    "mine": _("Mine"),
    "waiting": _("To decide"),
    "today": _("Due today"),
    "overdue": _("Overdue"),
    "escalated": _("Passed up"),
    "corrected": _("Back from correction"),
    "applicant": _("Waiting for the applicant"),
    "done": _("Done"),
    "all": _("All"),
}
"""The views of the queue in the order of their tabs."""


_VERSION_DIGITS = 9


class QueueForm(Form):
    """Filters of the queue: they live in the address, so neither a name nor a number of a person is among them."""

    view = HiddenField()
    kind = SelectField(_("Kind"), choices=choices(APPLICATION_KINDS, first=_("All")), validate_choice=False)
    county = SelectField(_("County"), validate_choice=False)  # one outside is 404, see ``views``
    group = SelectField(_("Work"), choices=choices(GROUPS, first=_("All")), validate_choice=False)
    union = StringField(_("Union applied to"), validators=[Length(max=_LONGEST)])
    sent_from = Day(_("Sent from"), validators=[Optional()])
    sent_to = Day(_("Sent until"), validators=[Optional()])

    class Meta(Form.Meta):
        csrf = False

    def __init__(self, asked: MultiDict[str, str], territory: Territory, by: Actor) -> None:
        super().__init__(formdata=asked)
        self.by = by
        nodes = {code: REGIONS[code].name for code in territory.counties}
        self.county.choices = choices(nodes, first=_("All")) if len(nodes) > 1 else []

    @property
    def search(self) -> Search:
        """What was asked for; an unknown view is the first one."""
        told = {name: self[name].data or "" for name in ("kind", "county", "group", "union")}
        view = self.view.data if self.view.data in VIEWS else "waiting"
        return Search(view, **told, sent_from=self.sent_from.data, sent_to=self.sent_to.data, by=self.by)

    @property
    def used(self) -> int:
        """How many of the filters that are drawn are in use."""
        drawn = ("kind", "county", "group", "union", "sent_from", "sent_to")
        return sum(bool(self[name].data) for name in drawn)


class SaveFilterForm(Form):
    """The name a filter is saved under."""

    name = StringField(
        _("Name of the filter"),
        [InputRequired(_("Enter a name for the filter.")), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_NAME},
    )


class FindForm(Form):
    """Who is looked for. It goes in the body: neither name nor number becomes part of an address that is logged."""

    words = StringField(
        _("Name or number"),
        [InputRequired(_("Enter a name or a number.")), Length(max=_LONGEST)],
        description=_("The beginning of a name; a case number, identity number or mobile number in full."),
        render_kw={"autocomplete": "off", "maxlength": _LONGEST},
    )

    @property
    def numbers(self) -> dict[str, str]:
        """The normal form under what the words can be: ``identity``, ``phone``, ``case``."""
        checked = {kind: CHECKS[kind](self.words.data or "", today()) for kind in ("identity", "phone")}
        found = {kind: each.value for kind, each in checked.items() if each.ok}
        case = unicodedata.normalize("NFKC", self.words.data or "").upper().replace(" ", "")
        return found | ({"case": case} if _CASE_NUMBER.fullmatch(case) else {})

    def validate_words(self, field: Field) -> None:
        if any(character.isdigit() for character in field.data or "") and not self.numbers:
            raise ValidationError(
                _("This is neither a case number, nor an identity number of 18 characters, nor a mobile number.")
            )


def _sentence_field() -> SelectField:
    """A ready sentence; a script may take it over into the words, to be changed there."""
    return SelectField(_("Ready sentence"), choices=[], default="", render_kw={"data-fills": "note"})


class GroupDecisionForm(Form):
    """Approve, return, or leave it to the county union; what each needs is a rule (``missing_for_decision``)."""

    steps: ClassVar = frozenset({Step.APPROVED, Step.RETURNED, Step.PASSED_ON})

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    step = HiddenField(validators=[InputRequired(_("Choose what to do."))])
    marked = SelectMultipleField(
        _("What has to be corrected"),
        choices=choices({name: QUESTIONS[name] for name in JOIN_QUESTIONS}),
        option_widget=CheckboxInput(),
        widget=ListWidget(),
    )
    note = TextAreaField(
        _("Words to the applicant"),
        [Length(max=500, message=_("Enter at most 500 characters."))],
        render_kw={"rows": 3},
    )

    def validate_step(self, field: Field) -> None:
        if field.data not in self.steps:
            raise ValidationError(_("Choose what to do."))


class DecisionForm(GroupDecisionForm):
    """Refuse as well, with ready sentences."""

    steps: ClassVar = frozenset({*DECISIONS, Step.PASSED_ON})

    ground = SelectField(
        _("Ground of the refusal"),
        choices=choices({ground.value: REASONS[ground] for ground in Refusal}, first=_("Choose")),
        default="",
    )
    sentence_returned = _sentence_field()
    sentence_refused = _sentence_field()
    sentence_approved = _sentence_field()
    to_union = StringField(
        _("Union that takes the member in"),
        [Length(max=120, message=_("Enter at most 120 characters."))],
        description=_("Its full name, or its code. In another county: that county then takes the member in."),
    )

    sure = BooleanField(_("I am sure: what is erased, and a page that is closed, does not come back."))

    def validate_note(self, _field: Field) -> None:
        if len(self.words) > LONGEST_JOINED:
            raise ValidationError(_("Enter at most 500 characters, the ready sentence among them."))

    @property
    def words(self) -> str:
        """What is said to the applicant: the ready sentence of this decision and the free words."""
        chosen = self.step.data in DECISIONS and self[f"sentence_{self.step.data}"].data
        return joined(chosen or "", self.note.data or "")


class TakeOnForm(Form):
    """A case is taken on as it was read: ``version``."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class ConfirmForm(Form):
    """How somebody of the union made sure that it is this person."""

    how = StringField(
        _("How did you make sure?"),
        [
            InputRequired(_("Write how you made sure, for example: called back, met at the depot.")),
            Length(max=200, message=_("Enter at most 200 characters.")),
        ],
    )


def _sentence_text() -> StringField:
    return StringField(
        _("Sentence"),
        [
            InputRequired(_("Enter the sentence.")),
            Length(max=LONGEST_SENTENCE, message=_("Enter at most 200 characters.")),
        ],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_SENTENCE},
    )


class AddSentenceForm(Form):
    """One more ready sentence."""

    purpose = SelectField(_("What it is for"), choices=choices(PURPOSES))
    text = _sentence_text()


class EndSentenceForm(Form):
    """A ready sentence ends; ``before`` is what it was when it was read."""

    before = HiddenField()


class ChangeSentenceForm(EndSentenceForm):
    """Another text takes its place."""

    text = _sentence_text()


class RetryForm(SayingForm):
    """One more try for a message; asked once more where it may have gone out."""

    sure = BooleanField()


class ChooseForm(Form):
    """Cases marked in the queue; or all of the page, or of the filter."""

    case = SelectMultipleField(choices=[], validate_choice=False)
    shown = SelectMultipleField(choices=[], validate_choice=False)
    all_shown = BooleanField()
    all_found = BooleanField()


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


def decision_form_for(
    questions: tuple[str, ...], ready: Mapping[Step, Iterable[Sentence]], *, sent: bool
) -> DecisionForm:
    """The form with the questions that can be marked in this kind of application, empty unless it was ``sent``."""
    form = DecisionForm() if sent else DecisionForm(formdata=None)
    form.marked.choices = choices({name: QUESTIONS[name] for name in questions})
    for purpose, sentences in ready.items():
        texts = [sentence.text for sentence in sentences]
        form[f"sentence_{purpose}"].choices = choices(
            dict(zip(texts, texts, strict=True)), first=_("No ready sentence")
        )
    return form
