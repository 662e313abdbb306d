"""The command that asks what a card proves: ``verify-card``."""

import sys

import click

from enrollment.cards.queries import proof
from enrollment.commands.options import print_json
from enrollment.commands.start import migrated
from enrollment.web import clock


@click.command("verify-card")
@click.argument("code")
def verify_card(code: str) -> None:
    """Print whether the card with CODE is valid today, and of which union; exit 1 when it is not."""
    today = clock.today()
    with migrated().app_context():
        proved = proof(code, today)
    print_json({"valid": proved.valid, "union": proved.union, "on": today})
    sys.exit(0 if proved.valid else 1)
