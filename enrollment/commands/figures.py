"""Commands that write figures: ``rates`` and ``export``."""

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import click

from enrollment.commands.options import as_of_option, print_json, stop, territory_option
from enrollment.commands.start import migrated
from enrollment.desk import export as cases
from enrollment.desk.queries import Search
from enrollment.members import queries as members
from enrollment.members.actions import record_full_export
from enrollment.posters import queries as events
from enrollment.reports import queries as reports
from enrollment.reports.queries import counts, counts_by_county, published
from enrollment.rules.access import SYSTEM
from enrollment.rules.rates import Compared, Counts
from enrollment.rules.regions import REGIONS, Territory
from enrollment.storage.cards import LONGEST_REASON
from enrollment.unions import employers
from enrollment.unions import queries as unions
from enrollment.visits import queries as visits
from enrollment.web import clock
from enrollment.web.export import write_csv
from enrollment.web.wording import FIGURES


@click.command()
@as_of_option
@territory_option
@click.option("--format", "shape", type=click.Choice(["json", "csv", "table"]), default="json")
def rates(as_of: date | None, where: Territory, shape: str) -> None:
    """Members, workers, unions, coverage and rates as of a date."""
    day = as_of or clock.today()
    with migrated().app_context():
        counted = counts(where, day)
        if shape == "json":
            print_json(_rates(counted) | {"published": [_published(figure) for figure in published(where, day)]})
        elif shape == "csv":
            write_csv(sys.stdout.buffer, *reports.export_rows(where, day))
        else:
            _table(where, day)


def _rates(counted: Counts) -> dict[str, Any]:
    return {
        "members": counted.members,
        "workers": counted.workers,
        "rate": counted.rate.text,
        "unions": counted.unions,
        "single_unions": counted.single_unions,
        "joint_unions": counted.joint_unions,
        "employers": counted.employers,
        "units_covered": counted.units_covered,
        "coverage": counted.coverage.text,
        "as_of": counted.as_of,
    }


def _published(figure: Compared) -> dict[str, Any]:
    return {
        "figure": figure.published.figure,
        "value": figure.published.value,
        "computed": figure.computed,
        "difference": figure.difference,
        "explained": figure.explained,
        "source": figure.published.source,
        "as_of": figure.published.as_of,
    }


def _table(where: Territory, day: date) -> None:
    names = ("members", "workers", "rate", "unions", "units_covered", "employers", "coverage")
    click.echo("\t".join([str(day), *(str(FIGURES[name]) for name in names)]))
    rows = [(REGIONS[code].name, counted) for code, counted in counts_by_county(where, day)]
    for name, counted in [*rows, (where.name, counts(where, day))]:
        values = _rates(counted)
        click.echo("\t".join([name, *(str(values[figure]) for figure in names)]))


Table = tuple[Sequence[object], Iterable[Sequence[object]]]

EXPORTS: dict[str, Callable[[Territory, date], Table]] = {
    "members": members.export_rows,
    "unions": unions.export_rows,
    "employers": employers.export_rows,
    "visits": lambda where, day: visits.export_rows(where, visits.Filters(to_on=day)),
    "events": lambda where, day: events.export_rows(where, events.Filters(to_on=day)),
    "rates": reports.export_rows,
    "applications": lambda where, day: cases.export_rows(where, Search(view="all"), day),
}
"""Each export by the name of its page, without filters."""


@click.command()
@click.argument("what", type=click.Choice(list(EXPORTS)))
@as_of_option
@territory_option
@click.option("--full", is_flag=True, help="Members with identity numbers and phones in full; needs --reason.")
@click.option("--reason", default="", help="Why full numbers are needed; kept in the audit.")
def export(what: str, as_of: date | None, where: Territory, *, full: bool, reason: str) -> None:
    """Write the CSV of a page to standard output."""
    day = as_of or clock.today()
    if full and (what != "members" or not reason.strip()):
        stop("--full is for members only and needs a --reason.")
    if len(reason) > LONGEST_REASON:
        stop(f"A --reason has at most {LONGEST_REASON} characters: the members read it.")
    with migrated().app_context():
        if full:
            persons = members.number_of_members(where, day, members.EVERYBODY)
            record_full_export(where, day, reason=reason, persons=persons, by=SYSTEM, now=clock.now())
            write_csv(sys.stdout.buffer, *members.export_rows(where, day, full=True))
        else:
            write_csv(sys.stdout.buffer, *EXPORTS[what](where, day))
