"""What the preparatory group is asked, stage by stage; lists of people grow row by row."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from enrollment.preparing.actions import Request
from enrollment.preparing.planning import Planned
from enrollment.rules.election import AUDIT_SEATS, TERMS, Body, committee_size, delegates_allowed
from enrollment.rules.founding import JOIN_JOINT, ONE_OFFICER
from enrollment.rules.identity import check_credit_code, check_name, check_phone
from enrollment.rules.stages import RE_ELECTION
from enrollment.storage.foundings import FoundingCandidate
from enrollment.storage.procedures import Founding
from enrollment.storage.rosters import RosterLine
from enrollment.web.clock import today
from enrollment.web.forms import Day, Form, SayingForm, choices, normal, township_choices, within_a_year
from enrollment.web.words_of_founding import BODIES, OFFICE_WORDS, RELATIONS_TO_HEAD

_MOST = 100_000
_MOST_ROWS = 60
_PLAN = ("meeting_on", "starts_at", "place", "notice_from", "delegates", "term_years", "seats", "audit_seats")
OUTSIDE = "outside"
"""Instead of a member: somebody the upper union recommends from outside the units (ELEC-9)."""


def number(label: Any, least: int = 0, *validators: Any) -> IntegerField:  # noqa: ANN401
    too_low = _("Enter a number from 1.") if least else _("Enter a number.")
    return IntegerField(
        label,
        [*validators, NumberRange(least, _MOST, message=too_low)],
        render_kw={"inputmode": "numeric", "min": least},
    )


def asked(label: Any, least: int = 0) -> IntegerField:  # noqa: ANN401
    return number(label, least, InputRequired(_("Enter a number.")))


def line_of(label: Any, most: int, *validators: Any, **more: Any) -> StringField:  # noqa: ANN401
    too_long = _("Enter at most %(most)s characters.", most=most)
    return StringField(label, [*validators, Length(max=most, message=too_long)], **more)


class GroupMemberForm(Form):
    """One row of the preparatory group; an empty name leaves the row out."""

    class Meta(Form.Meta):
        csrf = False

    name = line_of(_("Name"), 60)
    unit_name = line_of(_("Unit"), 120)
    post = line_of(_("Post"), 60)
    cv = line_of(_("Short CV (can wait)"), 200)


class RequestForm(SayingForm):
    """The request for a preparatory group; with ``send`` it goes to the upper union, else it is kept."""

    groups = [  # noqa: RUF012
        (_("The union"), ["joint_union", "union_name", "business", "wish"]),
        (_("Your depot"), ["unit_name", "credit_code", "filing_number", "workers", "willing", "barred", "region_code"]),
        (_("Who the union may call"), ["contact_name", "contact_phone"]),
    ]

    joint_union = RadioField(_("Joint union"), [InputRequired(_("Choose the joint union."))])
    union_name = line_of(
        _("Name of the union"), 120, description=_("Place or trade first, for example 昌吉市快递行业联合工会委员会.")
    )
    business = line_of(_("What the units do"), 200)
    wish = TextAreaField(
        _("How you know that the workers want a union"),
        [Length(max=500, message=_("Enter at most 500 characters."))],
        description=_("For example: a talk on 20 November, 24 of 26 were for it."),
        render_kw={"rows": 3, "maxlength": 500},
    )
    unit_name = line_of(_("Name of the depot"), 120, InputRequired(_("Enter the name of the depot.")))
    credit_code = StringField(
        _("Credit code (can wait)"),
        [Optional(), normal(check_credit_code)],
        description=_("18 characters on the business license. A depot without a license has none."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": 40},
    )
    filing_number = line_of(
        _("Filing number (can wait)"),
        40,
        description=_("From the postal administration, for a depot without a license."),
    )
    workers = asked(_("People working there"), 1)
    willing = number(_("Of these, members or wanting to be (can wait)"), 0, Optional())
    barred = asked(_("Owners and close relatives among them"))
    region_code = SelectField(
        _("Township"),
        [InputRequired(_("Choose the township."))],
        choices=lambda: township_choices(first=_("Choose"), with_corps=False),
    )
    contact_name = StringField(_("Your name"), [normal(check_name)], render_kw={"autocomplete": "name"})
    contact_phone = StringField(
        _("Mobile number"), [normal(check_phone)], render_kw={"autocomplete": "tel", "inputmode": "tel"}
    )
    group = FieldList(FormField(GroupMemberForm), min_entries=3, max_entries=_MOST_ROWS)
    more = SubmitField()
    send = SubmitField()

    @property
    def request(self) -> Request:
        told = {name: getattr(self[name], "normal", self[name].data) for name in self._fields if name != "group"}
        return Request(
            union_name=told.get("union_name") or "",
            business=told.get("business") or "",
            wish=told.get("wish") or "",
            contact_name=told["contact_name"],
            contact_phone=told["contact_phone"],
            workers=told["workers"],
            barred=min(told["barred"], told["workers"]),
            region_code=told["region_code"],
            unit_name=told.get("unit_name") or "",
            willing=told["willing"],
            credit_code=told.get("credit_code") or "",
            filing_number=told.get("filing_number") or "",
            joint_union_code=told.get("joint_union") or "",
            group=[row for row in self.group.data if row["name"]] if "group" in self else [],
        )


def request_form(founding: Founding, joint_unions: Mapping[str, str]) -> RequestForm:
    """The form filled with what was kept; who only joins names no group and chooses of ``joint_unions`` (by code)."""
    own, details, union = founding.application.units[0], founding.details, founding.application.union
    form = RequestForm(
        joint_union=union.code if union else None,
        union_name=details.union_name,
        business=details.business,
        wish=details.wish,
        unit_name=own.name,
        credit_code=own.credit_code,
        filing_number=own.filing_number,
        workers=own.workers,
        willing=own.willing,
        barred=own.barred,
        region_code=own.region_code,
        contact_name=details.contact_name,
        contact_phone=details.contact_phone,
        group=[
            {"name": row.name, "unit_name": row.unit_name, "post": row.post, "cv": row.cv} for row in founding.group
        ],
    )
    if own.employer_id:
        for name in ("unit_name", "credit_code", "filing_number"):
            del form[name]
    form.joint_union.choices = choices(joint_unions)
    if not joint_unions:
        del form["joint_union"]
    if founding.way == JOIN_JOINT:
        for name in ("union_name", "business", "wish", "group"):
            del form[name]
    elif form.more.data and len(form.group) < _MOST_ROWS:
        form.group.append_entry()
    return form


class LeaveOutForm(SayingForm):
    """Why the others go on without a unit."""

    note = TextAreaField(
        _("Why"),
        [Length(max=200, message=_("Enter at most 200 characters."))],
        render_kw={"rows": 3, "maxlength": 200},
    )


class CandidateForm(Form):
    """One row of the ballot paper; a row without a person is left out."""

    class Meta(Form.Meta):
        csrf = False

    person = SelectField(_("Candidate"), [Optional()], validate_choice=False)
    name = line_of(_("Name of the person from outside"), 60)
    body = SelectField(_("Stands for"), choices=choices({Body.COMMITTEE: BODIES["committee"]}))
    relation = SelectField(_("Relation to the head of the own unit"), choices=choices(RELATIONS_TO_HEAD))
    proposed_office = SelectField(
        _("Proposed as"), choices=choices(OFFICE_WORDS, first=_("Member of the committee")), default=""
    )


class MeetingForm(SayingForm):
    """The meeting and its candidates; with ``send`` the request goes to the upper union."""

    groups = [  # noqa: RUF012
        (_("The union"), ["union_name"]),
        (_("The meeting"), ["meeting_on", "starts_at", "place", "notice_from", "delegates"]),
        (_("What is elected"), ["term_years", "seats", "audit_seats"]),
    ]

    union_name = line_of(_("Name of the union"), 120, InputRequired(_("Enter the name of the union.")))
    meeting_on = Day(
        _("Day of the meeting"), [InputRequired(_("Enter a day such as 2021-11-30.")), within_a_year(today)]
    )
    starts_at = line_of(
        _("Time, Beijing time (can wait)"), 5, render_kw={"type": "time"}, description=_("For example 15:00.")
    )
    place = line_of(_("Place"), 120, InputRequired(_("Enter the place.")))
    notice_from = Day(
        _("The list of candidates hangs out from"),
        [InputRequired(_("Enter a day such as 2021-11-30.")), within_a_year(today)],
        description=_("Five working days at least before the meeting; holidays do not count."),
    )
    delegates = number(
        _("Delegates who meet instead of all members (all of them: leave empty)"),
        0,
        Optional(),
    )
    term_years = RadioField(
        _("Term of office"),
        [InputRequired(_("Choose one."))],
        choices=lambda: choices({str(years): _("%(years)s years", years=years) for years in TERMS}),
    )
    seats = asked(_("Seats of the committee"), 1)
    audit_seats = number(_("Seats of the audit committee (none: leave empty)"), 0, Optional())
    candidates = FieldList(FormField(CandidateForm), min_entries=1, max_entries=_MOST_ROWS)
    more = SubmitField()
    send = SubmitField()

    def planned(self, people: Mapping[str, RosterLine], unit_names: Mapping[int, str]) -> Planned:
        """The plan; ``people`` by code, ``unit_names`` by employer."""
        return Planned(
            meeting_on=self.meeting_on.data or date.max,
            starts_at=self.starts_at.data or "",
            place=self.place.data or "",
            notice_from=self.notice_from.data or date.max,
            delegates=(self.delegates.data or 0) if "delegates" in self else 0,
            term_years=int(self.term_years.data),
            seats=(self.seats.data or 1) if "seats" in self else 1,
            audit_seats=(self.audit_seats.data or 0) if "audit_seats" in self else 0,
            union_name=(self.union_name.data or "") if "union_name" in self else "",
            candidates=[
                row
                for entry in self.candidates
                if (row := _candidate_row(entry.form, people, unit_names)) and row["name"]
            ],
        )


def _candidate_row(
    form: CandidateForm, people: Mapping[str, RosterLine], unit_names: Mapping[int, str]
) -> dict[str, object] | None:
    line = people.get(form.person.data or "")
    if line is None and form.person.data != OUTSIDE:
        return None
    return {
        "body": form.body.data if "body" in form else Body.OFFICER,
        "name": line.person.name if line else form.name.data,
        "person_id": line.person.id if line else None,
        "unit_name": unit_names.get(line.employer_id or 0, "") if line else "",
        "relation": form.relation.data,
        "proposed_office": form.proposed_office.data if "proposed_office" in form else "",
    }


def meeting_form(founding: Founding, people: Mapping[str, RosterLine], unit_names: Mapping[int, str]) -> MeetingForm:
    """The form filled with what was kept, or with what the rules suggest for so many members."""
    meeting, members, officer = founding.meeting, len(people), founding.way == ONE_OFFICER
    codes = {line.person.id: code for code, line in people.items()}
    kept = {} if meeting is None else {name: getattr(meeting, name) for name in _PLAN}
    size = committee_size(members)
    seats = 1 if officer else size.least
    suggested = {"term_years": "5", "seats": seats, "audit_seats": AUDIT_SEATS[0]}
    rows = [_row_of(each, codes) for listed in founding.lists.values() for each in listed]
    blank: list[dict[str, str]] = [{}] * (seats if officer else seats + 1)
    blank += [] if officer else [{"body": Body.AUDIT}] * (AUDIT_SEATS[0] + 1)
    filled = {"union_name": founding.details.union_name, "candidates": rows or blank}
    form = MeetingForm(**(suggested | kept | filled))
    if founding.way == RE_ELECTION:
        del form["union_name"]
    if not delegates_allowed(members):
        del form["delegates"]
    if officer:
        del form["seats"], form["audit_seats"]
    if form.more.data and len(form.candidates) < _MOST_ROWS:
        form.candidates.append_entry()
    names = {code: f"{line.person.name} · {unit_names.get(line.employer_id or 0, '')}" for code, line in people.items()}
    for entry in form.candidates:
        entry.form.person.choices = choices(
            {**names, OUTSIDE: _("Somebody the upper union recommends from outside")}, first=_("Nobody in this row")
        )
        entry.form.body.choices = choices({body: BODIES[body] for body in (Body.COMMITTEE, Body.AUDIT)})
        if officer:
            del entry.form["body"], entry.form["proposed_office"]
    return form


def _row_of(row: FoundingCandidate, codes: Mapping[int, str]) -> dict[str, str]:
    return {
        "person": codes.get(row.person_id or 0, OUTSIDE),
        "name": "" if row.person_id else row.name,
        "body": row.body,
        "relation": row.relation,
        "proposed_office": row.proposed_office,
    }
