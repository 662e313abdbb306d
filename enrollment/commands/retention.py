"""The command that drops what is over its period: ``retention``."""

from collections.abc import Mapping
from typing import Any

import click

from enrollment.commands.options import print_json
from enrollment.commands.start import migrated
from enrollment.rules.access import SYSTEM
from enrollment.rules.retention import AHEAD_DAYS, Matter, Periods
from enrollment.storage.retention import Tallies, Tally, drop_what_is_due, what_is_due
from enrollment.web import clock
from enrollment.web.wording import word_for


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be dropped.")
@click.option("--format", "shape", type=click.Choice(["table", "json"]), default="table")
def retention(*, dry_run: bool, shape: str) -> None:
    """Drop personal data that is over its period (RETENTION_…_DAYS); in production it does so by itself once a day.

    Of each kind: days it is kept, how many were dropped or are due, kept longer, due soon, and the oldest.
    """
    app = migrated()
    periods: Periods = app.config["ENROLLMENT"].periods
    with app.app_context():
        found = what_is_due(periods, clock.now()) if dry_run else drop_what_is_due(periods, by=SYSTEM, now=clock.now())
        _tell(_by_matter(found or {}), periods, dry_run=dry_run, shape=shape)


def _tell(tallies: Mapping[Matter, Tally], periods: Periods, *, dry_run: bool, shape: str) -> None:
    verb = "due" if dry_run else "dropped"
    if shape == "json":
        print_json([_told(matter, tally, periods, verb) for matter, tally in tallies.items()])
        return
    click.echo("\t".join(("", "days kept", verb, "kept longer", f"due in {AHEAD_DAYS} days", "oldest")))
    for matter, tally in tallies.items():
        numbers = map(str, (periods.days(matter), tally.due, tally.held, tally.ahead, tally.oldest or "-"))
        click.echo("\t".join((word_for(matter, "matter_kept"), *numbers)))
    total = sum(tally.due for tally in tallies.values())
    click.echo(f"dry run: {total} due, nothing was changed" if dry_run else f"{total} dropped")


def _told(matter: Matter, tally: Tally, periods: Periods, verb: str) -> dict[str, Any]:
    numbers = {verb: tally.due, "held": tally.held, f"due_in_{AHEAD_DAYS}_days": tally.ahead, "oldest": tally.oldest}
    return {"matter": matter, "days": periods.days(matter), **numbers}


def _by_matter(found: Tallies) -> dict[Matter, Tally]:
    """Of all counties together."""
    sums = {matter: Tally() for matter in Matter}
    for (_county, matter), tally in found.items():
        of_all = sums[matter]
        of_all.due, of_all.held, of_all.ahead = (
            of_all.due + tally.due,
            of_all.held + tally.held,
            of_all.ahead + tally.ahead,
        )
        days = [day for day in (of_all.oldest, tally.oldest) if day]
        of_all.oldest = min(days, default=None)
    return sums
