"""The command that tells what must not be missed: ``deadlines``."""

from datetime import date
from typing import Any

import click

from enrollment.commands.options import Day, print_json, territory_option
from enrollment.commands.start import migrated
from enrollment.deadlines import queries
from enrollment.rules.regions import Territory
from enrollment.rules.reminders import Deadline
from enrollment.web import clock
from enrollment.web.filters import region_name
from enrollment.web.wording import word_for


@click.command()
@click.option("--on", type=Day(), default=None, help="The day it is looked at from; today by default.")
@territory_option
@click.option("--format", "shape", type=click.Choice(["json", "table"]), default="json")
def deadlines(on: date | None, where: Territory, shape: str) -> None:
    """What is due, overdue or ending: replies, unanswered invitations, terms of office, certificates."""
    day = on or clock.today()
    with migrated().app_context():
        for_each = queries.deadlines(where, day)
        if shape == "json":
            print_json([_told(each, day) for each in for_each])
        else:
            for each in for_each:
                click.echo("\t".join(_line(each, day)))


def _told(each: Deadline, on: date) -> dict[str, Any]:
    return {
        "matter": each.matter,
        "code": each.code,
        "name": each.name,
        "county": each.county,
        "due_on": each.due_on,
        "days_left": each.days_left(on),
        "state": each.urgency(on),
        "passed_up": each.is_passed_up(on),
    }


def _line(each: Deadline, on: date) -> tuple[str, ...]:
    words = (word_for(each.matter, "matter"), word_for(each.urgency(on), "urgency"))
    return str(each.due_on), words[1], words[0], each.name, region_name(each.county)
