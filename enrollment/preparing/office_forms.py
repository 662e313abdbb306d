"""What is typed after the votes: the offices of the first session; seal, account and certificate."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Optional

from enrollment.rules.election import Body, womens_body
from enrollment.rules.identity import Sex, check_credit_code
from enrollment.rules.meetings import (
    AUDIT_CHAIR,
    OFFICES,
    WOMENS_MEMBER,
    Outcome,
    main_body,
)
from enrollment.rules.stages import REGISTRATION_ITEMS, registration_items
from enrollment.storage.founding_facts import member_key, women_of
from enrollment.storage.procedures import Founding
from enrollment.storage.rosters import RosterLine
from enrollment.web.clock import today
from enrollment.web.forms import Day, SayingForm, choices, normal, not_in_the_future
from enrollment.web.words_of_founding import OFFICE_WORDS


class SessionForm(SayingForm):
    """Who got which office in the first session of the committee; ``session_form`` gives the names."""

    chair = SelectField(OFFICE_WORDS["chair"], [InputRequired(_("Choose one."))])
    vice_chair = SelectField(OFFICE_WORDS["vice_chair"], [Optional()])
    audit_chair = SelectField(OFFICE_WORDS["audit_chair"], [Optional()])
    womens_member = SelectField(OFFICE_WORDS["womens_member"], [Optional()])

    @property
    def offices(self) -> dict[str, str]:
        """Chosen places on the lists by office."""
        return {office: self[office].data or "" for office in OFFICES if office in self}


def session_form(founding: Founding, found: Outcome, lines: Sequence[RosterLine]) -> tuple[SessionForm, dict[str, str]]:
    """The form, and candidate ids by what it sends: body and place on the list, or the code of a member."""
    lists, ids = founding.lists, {}
    names: dict[Body, dict[str, str]] = {}
    for body, listed in lists.items():
        for each in listed:
            if str(each.id) in found.elected.get(body, ()):
                key = f"{body}-{each.place}"
                ids[key] = str(each.id)
                names.setdefault(body, {})[key] = each.name
    form, committee = SessionForm(), names.get(main_body(founding.seats), {})
    for office in OFFICES:
        elected = names.get(Body.AUDIT, {}) if office == AUDIT_CHAIR else committee
        form[office].choices = choices(elected, first=_("Nobody"))
    women = women_of(founding, lines)
    elected = {key: name for key, name in committee.items() if ids[key] in women}
    seated = {each.person_id for each in founding.candidates if str(each.id) in {ids[key] for key in elected}}
    others = {line.person.code: line.person for line in lines if member_key(line.person.id) in women}
    others = {code: person for code, person in others.items() if person.id not in seated}
    ids |= {code: member_key(person.id) for code, person in others.items()}
    named = {code: person.name for code, person in others.items()}
    form[WOMENS_MEMBER].choices = choices(elected | named, first=_("Nobody"))
    if womens_body(sum(line.person.sex == Sex.FEMALE for line in lines)) == "womens_committee":
        form[WOMENS_MEMBER].label.text = _("Head of the women workers' committee")
    if not elected | named or main_body(founding.seats) is Body.OFFICER:
        del form[WOMENS_MEMBER]
    if Body.AUDIT not in lists:
        del form[AUDIT_CHAIR]
    return form, ids


class RegistrationForm(SayingForm):
    """Seal, account and certificate, each with its day (domain 7.5)."""

    groups = [  # noqa: RUF012
        (_("Seal and account"), ["seal", "bank_account"]),
        (_("Legal person"), ["legal_person", "credit_code", "certificate_until"]),
    ]

    seal = Day(_("Seal made on"), [Optional(), not_in_the_future(today)])
    bank_account = Day(_("Account opened on"), [Optional(), not_in_the_future(today)])
    legal_person = Day(_("Registered as a legal person on"), [Optional(), not_in_the_future(today)])
    credit_code = StringField(
        _("Credit code of the union"),
        [Optional(), normal(check_credit_code)],
        description=_("18 characters on the certificate; those of unions begin with 81."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": 40},
    )
    certificate_until = Day(
        _("Certificate valid until"),
        [Optional()],
        description=_("As long as the term of office; ask for a new one 30 days before."),
    )

    @property
    def days(self) -> dict[str, date]:
        """What is done, by item."""
        return {item: self[item].data for item in REGISTRATION_ITEMS if item in self and self[item].data}

    @property
    def code(self) -> str:
        """The credit code in its normal form."""
        return getattr(self.credit_code, "normal", "") if "credit_code" in self and self.credit_code.data else ""

    @property
    def valid_until(self) -> date | None:
        """The certificate's last day, once there is a certificate."""
        return self.certificate_until.data if "legal_person" in self and self.legal_person.data else None


def registration_form(founding: Founding, kept: Mapping[str, object]) -> RegistrationForm:
    """The form filled with what was ``kept``, without what this way does not ask for."""
    form = RegistrationForm(**kept)
    asked_for = registration_items(founding.way)
    of_the_certificate = () if "legal_person" in asked_for else ("credit_code", "certificate_until")
    for item in {*REGISTRATION_ITEMS, *of_the_certificate} - {*asked_for}:
        del form[item]
    return form
