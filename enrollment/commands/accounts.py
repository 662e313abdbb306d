"""The command that brings in the first account: ``invite-operator``. All others are invited on the pages."""

import sys

import click

from enrollment.accounts.actions import Invited, invite
from enrollment.commands.start import migrated
from enrollment.rules.access import Actor, Role
from enrollment.rules.accounts import is_login
from enrollment.rules.regions import PREFECTURE
from enrollment.settings import Settings
from enrollment.storage.accounts import LONGEST_NAME
from enrollment.storage.failures import Refused
from enrollment.web import clock
from enrollment.web.wording import says

_COMMAND_LINE = Actor(Role.OPERATOR, name="command line")


@click.command("invite-operator")
@click.argument("login")
@click.argument("name")
def invite_operator(login: str, name: str) -> None:
    """Open an operator's account LOGIN for NAME and print the link by which that person chooses the password."""
    if not is_login(login):
        sys.exit("LOGIN must be 3 to 40 small letters, digits, dots and dashes.")
    if not 0 < len(name) <= LONGEST_NAME:
        sys.exit(f"NAME must be 1 to {LONGEST_NAME} characters.")
    settings = Settings.from_environment()
    app = migrated(settings)
    with app.test_request_context():
        try:
            _account, token = invite(Invited(login, name, Role.OPERATOR, PREFECTURE), by=_COMMAND_LINE, now=clock.now())
        except Refused as no:
            sys.exit(" ".join(says(reason) for reason in no.reasons))
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    click.echo(f"{address}/invitation/{token}")
