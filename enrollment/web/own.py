"""What the worker reads of the own data: as items and values of a file, looks in words."""

from collections.abc import Iterable

from flask_babel import gettext as _

from enrollment.rules.regions import REGIONS
from enrollment.storage.applications import JoinDetails
from enrollment.storage.cards import Seen
from enrollment.storage.people import Person
from enrollment.web.export import as_text
from enrollment.web.filters import beijing, region_name
from enrollment.web.wording import word_for

Item = tuple[str, object]


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


def looks_of(looks: Iterable[Seen]) -> list[Item]:
    """Each look as a line: when, by which role of which county, why."""
    return [(_("Full number looked at"), f"{beijing(look.at)} {who_looked(look)}: {look.reason}") for look in looks]


def who_looked(look: Seen) -> str:
    """A cadre stands for a role and a county, not for a name."""
    if not look.county:
        return str(_("Operator of this system"))
    return str(_("%(role)s, %(county)s", role=word_for(look.role, "role"), county=REGIONS[look.county].name))
