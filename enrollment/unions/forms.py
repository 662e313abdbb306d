"""Which unions and which employers are asked for, and what a change of them asks."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, ClassVar

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from enrollment.rules.coverage import UNIT_LEAVES, DissolutionCause, EndCause, MergeCause, Papers
from enrollment.rules.election import TERMS
from enrollment.rules.identity import check_credit_code
from enrollment.storage.failures import Refused
from enrollment.storage.moves import Unmovable
from enrollment.storage.unions import LONGEST_DOCUMENT, LONGEST_SOURCE
from enrollment.unions import employers, queries
from enrollment.web.clock import today
from enrollment.web.filters import region_name
from enrollment.web.forms import Day, Form, Whole, choices, normal, not_in_the_future
from enrollment.web.lists import Found, ListForm
from enrollment.web.wording import GROUPS, KINDS, says
from enrollment.web.words_of_coverage import DISSOLUTIONS, END_CAUSES, MERGES

_APPROVAL, _NAMES_TOLD = 60, 10
_MOST_WORKERS = 100_000
_VOTE = ("voted_on", "approval_number", "approved_on")


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


class ActForm(Form):
    """A form that does one act; what stands against the act is said in it, and nothing typed is lost."""

    @property
    def told(self) -> dict[str, Any]:
        """What the act is told."""
        return self.answers

    def does(self, act: Callable[..., None], *codes: str, **who: Any) -> bool:  # noqa: ANN401 -- actor and times
        """Whether the form was sent, its answers can be taken, and ``act`` is done with them."""
        if not self.validate_on_submit():
            return False
        try:
            act(*codes, **self.told, **who)
        except Refused as refused:
            self.form_errors = [says(reason) for reason in refused.reasons]
            if isinstance(refused, Unmovable):
                self.form_errors.append(_named(refused.names))
            return False
        return True


def _named(names: tuple[str, ...]) -> str:
    told = gettext(", ").join(names[:_NAMES_TOLD])
    return str(gettext("It stands against %(num)s: %(names)s", num=len(names), names=told))


def _day(label: Any, *, asked: bool = True) -> Day:  # noqa: ANN401 -- a lazy text
    needed = InputRequired(_("Enter the day.")) if asked else Optional()
    return Day(label, default=today if asked else None, validators=[needed, not_in_the_future(today)])


def _text(label: Any, longest: int, help_text: Any, missing: Any = None) -> StringField:  # noqa: ANN401 -- lazy texts
    needed = [InputRequired(missing)] if missing else []
    too_long = Length(max=longest, message=_("Enter at most %(max)d characters."))
    return StringField(label, description=help_text, validators=[*needed, too_long], render_kw={"autocomplete": "off"})


_DOCUMENT = _("Its number or title, for example 昌工发〔2021〕5号")
_DOCUMENT_MISSING = _("Enter the document it rests on.")


class UnitSearchForm(Form):
    """Part of the name of a unit to add. Reads the address only."""

    q = StringField(_("Name contains"), validators=[Length(max=60)])

    class Meta(Form.Meta):
        csrf = False

    def __init__(self) -> None:
        super().__init__(formdata=request.args)

    @property
    def name(self) -> str:
        return (self.q.data or "") if self.validate() else ""


class AddUnitForm(ActForm):
    """Which unit joins. A unit that has left the list since it was drawn is told why, by the act."""

    employer_code = RadioField(_("Unit"), validate_choice=False, validators=[InputRequired(_("Choose the unit."))])
    on = _day(_("Covered from"))
    document = _text(_("Consent of the unit's members"), LONGEST_DOCUMENT, _DOCUMENT, _DOCUMENT_MISSING)

    def offer(self, units: Iterable[Found]) -> "AddUnitForm":
        """Let these units be chosen."""
        self.employer_code.choices = choices({unit.code: _unit_words(unit) for unit in units})
        return self


def _unit_words(unit: Found) -> str:
    workers = "—" if unit.workers is None else unit.workers
    counted = gettext("%(members)s members, %(workers)s workers", members=unit.members, workers=workers)
    return f"{unit.name} · {region_name(unit.region_code)} · {counted}"


class EndUnitForm(ActForm):
    """Why, when and by what a unit leaves a union."""

    cause = RadioField(
        _("Why the unit leaves"),
        choices=choices({cause: END_CAUSES[cause] for cause in UNIT_LEAVES}),
        validators=[InputRequired(_("Choose why the unit leaves."))],
    )
    on = _day(_("First day it is not covered any more"))
    document = _text(_("Document"), LONGEST_DOCUMENT, _DOCUMENT, _DOCUMENT_MISSING)

    @property
    def told(self) -> dict[str, Any]:
        return {**self.answers, "cause": EndCause(self.cause.data)}


class CloseUnitForm(ActForm):
    """When and by what a unit has ended."""

    on = _day(_("First day it is not there any more"))
    document = _text(_("Document"), LONGEST_DOCUMENT, _DOCUMENT, _DOCUMENT_MISSING)


class HeadcountForm(ActForm):
    """How many people work there on a day, and who says so."""

    surveyed_on = _day(_("Surveyed on"))
    workers = Whole(
        _("Workers"),
        validators=[
            InputRequired(_("Enter how many people work there.")),
            NumberRange(0, _MOST_WORKERS, _("Enter a number from 0 to 100000.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    source = _text(
        _("Source"),
        LONGEST_SOURCE,
        _("For example the list of the postal authority, or a visit"),
        _("Enter the source."),
    )


class TermForm(ActForm):
    """The running term of a union from before, as its papers tell it."""

    ordinal = IntegerField(
        _("Which term it is"),
        default=1,
        validators=[InputRequired(_("Enter a number.")), NumberRange(1, 99, message=_("Enter a number."))],
        render_kw={"inputmode": "numeric", "min": 1},
    )
    elected_on = Day(_("Day of the election"), validators=[InputRequired(_("Enter the day."))])
    years = RadioField(
        _("Term of office"),
        choices=lambda: choices({str(years): _("%(years)s years", years=years) for years in TERMS}),
        validators=[InputRequired(_("Choose one."))],
    )
    chair = _text(_("Chair"), 60, "", _("Enter the chair's name."))
    certificate_until = Day(
        _("Certificate of the legal person valid until (none: leave empty)"), validators=[Optional()]
    )

    @property
    def told(self) -> dict[str, Any]:
        return {**self.answers, "years": int(self.years.data)}


class CertificateForm(ActForm):
    """The certificate of the union as a legal person (法人资格证书)."""

    registered_on = Day(_("Registered as a legal person on"), validators=[InputRequired(_("Enter the day."))])
    credit_code = StringField(
        _("Credit code of the union"),
        [normal(check_credit_code)],
        description=_("18 characters on the certificate; those of unions begin with 81."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": 40},
    )
    certificate_until = Day(_("Certificate valid until"), validators=[InputRequired(_("Enter the day."))])

    @property
    def told(self) -> dict[str, Any]:
        return {**self.answers, "credit_code": getattr(self.credit_code, "normal", "")}


class _VoteForm(ActForm):
    voted_on = _day(_("Day the members voted for it"), asked=False)
    approval_number = _text(_("Number of the upper union's reply"), _APPROVAL, _DOCUMENT)
    approved_on = _day(_("Day of the reply"), asked=False)

    def told_with(self, papers: tuple[str, ...], cause: type[MergeCause | DissolutionCause]) -> dict[str, Any]:
        """The answers, those named ``papers`` as what the end rests on."""
        told = {name: answer for name, answer in self.answers.items() if name not in papers}
        rest = {name: self.answers[name] for name in papers if self.answers[name]}
        return {**told, "cause": cause(told["cause"]), "papers": Papers(**rest)}


class MergeForm(_VoteForm):
    """Which union it becomes part of, why, when and by what."""

    groups: ClassVar[list[tuple[Any, list[str]]]] = [
        (None, ["into", "cause", "on"]),
        (_("The vote and the reply"), list(_VOTE)),
    ]

    into = SelectField(_("Becomes part of"), validators=[InputRequired(_("Choose the union it becomes part of."))])
    cause = RadioField(_("Why"), choices=choices(MERGES), validators=[InputRequired(_("Choose why the union ends."))])
    on = _day(_("First day of the new union"))

    def offer(self, unions: Iterable[Found]) -> "MergeForm":
        """Let these unions be chosen."""
        self.into.choices = choices({union.code: union.name for union in unions}, first=_("Choose"))
        return self

    @property
    def told(self) -> dict[str, Any]:
        return self.told_with(_VOTE, MergeCause)


class DissolveForm(_VoteForm):
    """Why, when and by what a union ends without a successor."""

    groups: ClassVar[list[tuple[Any, list[str]]]] = [
        (None, ["cause", "on"]),
        (_("When the unit has ended"), ["report"]),
        (_("When the members voted"), list(_VOTE)),
    ]

    cause = RadioField(
        _("Why"), choices=choices(DISSOLUTIONS), validators=[InputRequired(_("Choose why the union ends."))]
    )
    on = _day(_("First day it does not stand any more"))
    report = _text(_("Report to the upper union"), LONGEST_DOCUMENT, _DOCUMENT)

    @property
    def told(self) -> dict[str, Any]:
        return self.told_with(("report", *_VOTE), DissolutionCause)
