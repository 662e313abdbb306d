"""What the recorder types after the assembly: attendance, ballots, votes, offices; then what makes a legal person."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from enrollment.preparing.forms import asked, line_of
from enrollment.preparing.voting import Counted, Recorded
from enrollment.rules.election import Body, womens_body
from enrollment.rules.identity import Sex, check_credit_code
from enrollment.rules.meetings import AUDIT_CHAIR, OFFICES, WOMENS_MEMBER, Outcome, main_body, standing_again
from enrollment.rules.stages import REGISTRATION_ITEMS, registration_items
from enrollment.storage.founding_facts import member_key, women_of
from enrollment.storage.foundings import FoundingCandidate
from enrollment.storage.procedures import Founding, RosterLine
from enrollment.web.clock import today
from enrollment.web.forms import Day, SayingForm, choices, normal, not_in_the_future
from enrollment.web.words_of_founding import BODIES, OFFICE_WORDS

Lists = dict[Body, list[FoundingCandidate]]


class BallotsForm(SayingForm):
    """Ballots and votes of each body; ``ballots_form`` adds the questions. ``lists``: who is on which ballot."""

    lists: Lists

    @property
    def counted(self) -> list[Counted]:
        """One ballot for each body."""
        return [
            Counted(
                body=body,
                issued=self[f"issued_{body}"].data,
                returned=self[f"returned_{body}"].data,
                void=self[f"void_{body}"].data,
                votes={str(each.id): self[f"yes_{body}_{each.place}"].data for each in listed},
            )
            for body, listed in self.lists.items()
        ]

    def sections(self) -> list[tuple[Any, list[str]]]:
        """Title and questions of each body's ballot."""
        return [
            (
                BODIES[body],
                [f"issued_{body}", f"returned_{body}", f"void_{body}", *(f"yes_{body}_{e.place}" for e in listed)],
            )
            for body, listed in self.lists.items()
        ]


class MeetingHeldForm(BallotsForm):
    """The assembly as it was held."""

    held_on = Day(
        _("Day of the meeting"), [InputRequired(_("Enter a day such as 2021-11-30.")), not_in_the_future(today)]
    )
    entitled = asked(_("Delegates who should attend"), 1)
    present = asked(_("How many came"))
    rules_adopted = BooleanField(_("The assembly adopted the election rules by vote"))
    counters = line_of(_("Who watched the count (监票人), not candidates"), 200)
    minutes = TextAreaField(
        _("Minutes (can wait)"),
        [Length(max=4000, message=_("Enter at most %(most)s characters.", most=4000))],
        render_kw={"rows": 4},
    )
    correction = line_of(_("Why it is typed anew"), 200, InputRequired(_("Write why it is typed anew.")))

    @property
    def recorded(self) -> Recorded:
        return Recorded(
            held_on=self.held_on.data or date.max,
            entitled=self.entitled.data if "entitled" in self else None,
            present=self.present.data or 0,
            rules_adopted=bool(self.rules_adopted.data),
            counters=self.counters.data or "",
            minutes=self.minutes.data or "",
            counted=self.counted,
            correction=(self.correction.data or "") if "correction" in self else "",
        )


def _questions(lists: Lists) -> dict[str, Field]:
    """Issued, returned, void, and the yes votes of each candidate, body by body."""
    asks: dict[str, Field] = {}
    for body, listed in lists.items():
        asks[f"issued_{body}"] = asked(_("Ballots issued"))
        asks[f"returned_{body}"] = asked(_("Ballots returned"))
        asks[f"void_{body}"] = asked(_("Void ballots"))
        for each in listed:
            asks[f"yes_{body}_{each.place}"] = asked(_("Yes for %(name)s", name=each.name))
    return asks


def held_form(founding: Founding, *, correcting: bool = False) -> MeetingHeldForm:
    """The form for this meeting's lists; delegates are counted by hand, members are not.

    ``correcting``: filled with what was typed, and asking why it is typed anew.
    """
    lists = founding.lists
    made = type("HeldForm", (MeetingHeldForm,), {"lists": lists, **_questions(lists)})
    meeting = founding.meeting
    kept = {f"void_{body}": 0 for body in lists} | (_typed(founding) if correcting else {})
    kept.setdefault("entitled", meeting.delegates if meeting else 0)
    form: MeetingHeldForm = made(held_on=meeting.meeting_on if meeting else None, **kept)
    if meeting is None or not meeting.delegates:
        del form["entitled"]
    if not correcting:
        del form["correction"]
    return form


def _typed(founding: Founding) -> dict[str, Any]:
    """What was typed of the present round's first votes, by question."""
    meeting, typed = founding.meeting, {}
    if meeting:
        for name in ("entitled", "present", "rules_adopted", "counters", "minutes"):
            typed[name] = getattr(meeting, name)
    for body, listed in founding.lists.items():
        for ballot in founding.votes(body)[:1]:
            typed |= {f"{name}_{body}": getattr(ballot, name) for name in ("issued", "returned", "void")}
            typed |= {f"yes_{body}_{each.place}": ballot.votes.get(str(each.id)) for each in listed}
    return typed


class AnotherVoteForm(BallotsForm):
    """One more vote. ``version``: of the founding whose open seats were read, so that a vote counts once."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(_("Open this page anew."))])


def again_form(founding: Founding, found: Outcome) -> AnotherVoteForm:
    """Another vote on the seats still open: those tied, else all who were not elected."""
    lists: Lists = {}
    for body, listed in founding.lists.items():
        names = standing_again(found, body, [str(each.id) for each in listed])
        if names:
            lists[body] = [each for each in listed if str(each.id) in names]
    form: AnotherVoteForm = type("AgainForm", (AnotherVoteForm,), {"lists": lists, **_questions(lists)})(
        version=founding.application.version, **{f"void_{body}": 0 for body in lists}
    )
    return form


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
        return getattr(self.credit_code, "normal", "") if self.credit_code.data else ""

    @property
    def valid_until(self) -> date | None:
        """The certificate's last day, once there is a certificate."""
        return self.certificate_until.data if self.legal_person.data else None


def registration_form(founding: Founding, kept: Mapping[str, object]) -> RegistrationForm:
    """The form filled with what was ``kept``; after a re-election it asks for the certificate alone."""
    form = RegistrationForm(**kept)
    for item in set(REGISTRATION_ITEMS) - set(registration_items(founding.way)):
        del form[item]
    return form
