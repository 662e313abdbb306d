"""The command line (命令行): the same rules, actions and queries as the pages."""

import sys

import click

from enrollment.commands.accounts import invite_operator
from enrollment.commands.answers import answer, check
from enrollment.commands.cards import verify_card
from enrollment.commands.chain import audit
from enrollment.commands.due import deadlines
from enrollment.commands.figures import export, rates
from enrollment.commands.keys import keys
from enrollment.commands.proposals import match
from enrollment.commands.retention import retention
from enrollment.commands.rights import who_may_what
from enrollment.commands.sending import messages
from enrollment.commands.start import demo_, serve
from enrollment.settings import SettingsError


def main() -> None:
    """The door of ``.venv/bin/enrollment``: settings that do not fit are one sentence, not a trace."""
    try:
        cli(prog_name="enrollment")
    except SettingsError as error:
        sys.exit(str(error))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Membership enrollment for the unions of new-economy workers."""


@cli.command("help")
@click.pass_context
def help_(context: click.Context) -> None:
    """List every command."""
    click.echo(cli.get_help(context.parent or context))
    click.echo("\nRun every check of the project: python3 app.py test")
    click.echo("Measure the worker's pages on a slow phone: python3 app.py bench")


for command in (
    serve, demo_, check, answer, rates, export, match, verify_card, messages, deadlines, retention, audit, keys,
    who_may_what, invite_operator,
):  # fmt: skip
    cli.add_command(command)
