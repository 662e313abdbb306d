"""The command that prints the table of rights: ``who-may-what``."""

import csv
import sys
from dataclasses import astuple, fields

import click

from enrollment.rules.access import Right, rights

_WIDTHS = (24, 18, 5, 14, 13, 10)


@click.command("who-may-what")
@click.option("--format", "shape", type=click.Choice(["csv", "table"]), default="table")
def who_may_what(shape: str) -> None:
    """Every act for every role: on what is one's own, of another county, of another union, and signed out."""
    header = [field.name for field in fields(Right)]
    lines = [[_word(value) for value in astuple(right)] for right in rights()]
    if shape == "csv":
        csv.writer(sys.stdout, lineterminator="\n").writerows([header, *lines])
        return
    for line in (header, *lines):
        click.echo("".join(text.ljust(width) for text, width in zip(line, _WIDTHS, strict=True)).rstrip())


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
