"""The queue as a table for a spreadsheet."""

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _

from enrollment.desk.queries import Case, Search, all_cases
from enrollment.rules.regions import REGIONS, Territory
from enrollment.web.wording import word_for


def export_rows(territory: Territory, search: Search, today: date) -> tuple[list[str], Iterator[tuple[object, ...]]]:
    """Headings, and one row per case of the search as they are read."""
    header = [_("Number"), _("Kind"), _("Who"), _("County"), _("State"), _("Sent on"), _("Due on")]
    return header, (_row(case) for case in all_cases(territory, search, today))


def _row(case: Case) -> tuple[object, ...]:
    return (
        case.number,
        word_for(case.kind, "application"),
        case.who,
        REGIONS[case.county_code].name,
        word_for(case.state, "state"),
        case.submitted_on,
        case.due_on,
    )
