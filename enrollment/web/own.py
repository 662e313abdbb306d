"""What the worker reads of the own data: as items and values of a file, looks in words."""

from collections.abc import Iterable

from flask import request
from flask_babel import gettext as _

from enrollment.messages.codes import count_sending
from enrollment.rules.confirmation import normal_code
from enrollment.rules.regions import REGIONS
from enrollment.storage.applications import JoinDetails
from enrollment.storage.cards import Seen
from enrollment.storage.failures import Refused
from enrollment.storage.people import Person
from enrollment.web import clock
from enrollment.web.export import as_text
from enrollment.web.filters import beijing, region_name
from enrollment.web.forms import Form
from enrollment.web.guard import actor
from enrollment.web.wording import says, word_for

Item = tuple[str, object]


def is_the_person(form: Form, identity_masked: str) -> bool:
    """Whether the last four characters entered in ``form`` are right; tries are counted, right ones too."""
    try:
        count_sending("tail", address=request.remote_addr or "", by=actor(), now=clock.now())
    except Refused as no:
        form.tail.errors = [says(reason) for reason in no.reasons]
        return False
    right = identity_masked.endswith(normal_code(form.tail.data or "").upper())
    if not right:
        form.tail.errors = [says("tail_wrong")]
    return right


def header() -> tuple[str, str]:
    """The headings of the file."""
    return _("Item"), _("Value")


def data_of(row: Person | JoinDetails) -> list[Item]:
    """What was told and read from the number, numbers in full."""
    return [
        (_("Name"), row.name),
        (_("Sex"), word_for(row.sex, "sex")),
        (_("Born on"), row.born_on),
        (_("Identity number"), as_text(row.identity)),
        (_("Mobile number"), as_text(row.phone)),
        (_("Work"), word_for(row.group, "group")),
        (_("How you work"), word_for(row.relation, "relation")),
        (_("Place of work"), region_name(row.work_region)),
        (_("Place of residence"), region_name(row.home_region)),
    ]


def application_of(join: JoinDetails) -> list[Item]:
    """What else an application to join holds, beside ``data_of``."""
    yes_no = {True: _("Yes"), False: _("No")}
    return [
        (_("Employer"), join.employer_name),
        (_("People employed"), join.hires),
        (_("Plate"), join.plate),
        (_("Applied to"), word_for(join.place, "place")),
        (_("Filled in by"), join.filled_by_name),
        (_("Confirmed"), word_for(join.confirmed_by, "confirmation")),
        (_("Agreed to the use of the identity number"), yes_no[join.identity_consent]),
        (_("Agreed to the upper union's database"), yes_no[join.sharing_consent]),
        (_("Version of the texts agreed to"), join.consent_version),
    ]


def looks_of(looks: Iterable[Seen]) -> list[Item]:
    """Each look as a line: when, by which role of which county, why."""
    return [(_("Full number looked at"), f"{beijing(look.at)} {who_looked(look)}: {look.reason}") for look in looks]


def who_looked(look: Seen) -> str:
    """A cadre stands for a role and a county, not for a name."""
    if not look.county:
        return str(_("Operator of this system"))
    return str(_("%(role)s, %(county)s", role=word_for(look.role, "role"), county=REGIONS[look.county].name))
