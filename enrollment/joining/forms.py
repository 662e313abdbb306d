"""What a worker is asked: the guide's questions in the address, the rest once, on one page."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from enrollment.rules.eligibility import Facts, Group, Place, Relation
from enrollment.rules.identity import check_identity, check_name, check_phone
from enrollment.web import clock
from enrollment.web.forms import CheckedField, Form, OnceForm, choices, normal, township_choices
from enrollment.web.wording import GROUPS, RELATIONS

CONSENT_VERSION = "2026-11"
"""Version of the notice and consent texts on the form (PRIV-4)."""

OUTSIDE = "outside"
_YES_NO = {"yes": _("Yes"), "no": _("No")}
_ANSWERS = {"yes": True, "no": False}
_MOST_HIRES = 9999


def region_choices() -> list[Any]:
    """Every place of the prefecture, and *somewhere else*."""
    empty, *places = township_choices(first=_("Choose"), with_corps=True)
    return [empty, *choices({OUTSIDE: _("Somewhere else")}), *places]


class GuideForm(Form):
    """The guide: it changes nothing, so its answers live in the address."""

    class Meta(Form.Meta):
        csrf = False

    group = SelectField(_("Your work"), choices=choices(GROUPS, first=_("Choose")), default="")
    relation = SelectField(
        _("How you work"),
        choices=choices(RELATIONS, first=_("I do not know")),
        default="",
    )
    work_region = SelectField(_("Where do you work?"), choices=region_choices, default="")
    home_region = SelectField(_("Where do you live?"), choices=region_choices, default="")
    employer_name = StringField(
        _("Company or depot, if any"),
        [Optional(), Length(max=120, message=_("Enter at most 120 characters."))],
        render_kw={"autocomplete": "organization"},
    )
    company_union = SelectField(
        _("Does it have a union that takes you in?"),
        choices=choices(_YES_NO, first=_("I do not know")),
        default="",
    )
    hires = IntegerField(
        _("How many people do you employ?"),
        [Optional(), NumberRange(0, _MOST_HIRES, message=_("Enter a number."))],
        render_kw={"inputmode": "numeric"},
    )
    member = BooleanField(_("I am a union member already"))

    def facts(self, *, known_union: bool | None = None, birth_date: date | None = None) -> Facts:
        """The answers as facts; ``known_union``: what our own lists say of the company named."""
        said = _ANSWERS.get(self.company_union.data or "")
        relation = Relation(self.relation.data) if self.relation.data else None
        affiliated = relation in (Relation.AFFILIATED_OWNER, Relation.AFFILIATED_HIRED)
        has_union = said if known_union is None else known_union
        return Facts(
            group=Group(self.group.data) if self.group.data else None,
            relation=relation,
            birth_date=birth_date,
            work_region=self.work_region.data or None,
            home_region=self.home_region.data or None,
            employer_has_union=None if affiliated else has_union,
            affiliate_admits=said if affiliated else None,
            hires=self.hires.data,
            already_member=self.member.data or None,
        )


def _identity(text: str) -> Any:  # noqa: ANN401
    return check_identity(text, clock.today())


class JoinForm(OnceForm):
    """What the guide does not know: who, how to reach them, and consent."""

    groups = [(_("Who you are"), ["name", "identity", "phone"])]  # noqa: RUF012

    name = CheckedField(
        _("Name"),
        [normal(check_name)],
        render_kw={"autocomplete": "name", "maxlength": 80},
    )
    identity = CheckedField(
        _("Identity number"),
        [normal(_identity)],
        description=_("To tell people of the same name apart. Birth date and sex are read from it."),
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "maxlength": 40,
        },
    )
    phone = CheckedField(
        _("Mobile number"),
        [normal(check_phone)],
        description=_("The union calls you on it about this application only."),
        render_kw={"autocomplete": "tel", "inputmode": "tel", "maxlength": 30},
    )
    identity_consent = BooleanField(
        _("I agree that the union uses my identity number to handle this application."),
        [InputRequired(_("Without your agreement to the identity number the application cannot be handled."))],
    )
    sharing_consent = BooleanField(
        _("I agree that my details are kept in the upper union's database. You may leave this out."),
    )


class PlaceForm(Form):
    """Which of the lawful unions the worker chose."""

    class Meta(Form.Meta):
        csrf = False

    place = SelectField(choices=choices({place.value: place.value for place in Place}), default=Place.POOL)
