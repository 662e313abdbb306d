"""What the commands have in common: options, and how they print and stop."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NoReturn

import click

from enrollment.rules.regions import PREFECTURE, Territory, territory
from enrollment.web import clock

_USAGE_EXIT = 2


class Day(click.ParamType[date]):
    """A date as YYYY-MM-DD, or ``today``."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401
        if isinstance(value, date):
            return value
        try:
            return clock.today() if value == "today" else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date: write it as YYYY-MM-DD.", param, ctx)


class Place(click.ParamType[Territory]):
    """The prefecture or an approving node, by its code."""

    name = "code"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Territory:  # noqa: ANN401
        found = value if isinstance(value, Territory) else territory(value)
        if found is None:
            self.fail(f"{value!r} is neither the prefecture (652300) nor one of its counties or zones.", param, ctx)
        return found


as_of_option = click.option("--as-of", type=Day(), default=None, help="The day the figures are of; today by default.")
territory_option = click.option("--territory", "where", type=Place(), default=PREFECTURE, help="Region code.")


def print_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """One JSON object or list, Chinese as it is, dates as YYYY-MM-DD."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str, indent=2))


def stop(sentence: str) -> NoReturn:
    """End with a sentence on standard error and exit code 2: what was given cannot be read."""
    click.echo(sentence, err=True)
    sys.exit(_USAGE_EXIT)
