"""The command that exchanges the data key: ``keys rotate``."""

import sys

import click

from enrollment.commands.start import migrated
from enrollment.rules.access import SYSTEM, Act
from enrollment.settings import Settings, add_data_key
from enrollment.storage.database import transaction
from enrollment.storage.keys import rotate as encrypt_anew

_ONE_KEY = "DATA_KEY has one key: put the new one before it, a comma between, restart what serves, then rotate."


@click.group()
def keys() -> None:
    """The key that encrypts identity numbers and phones."""


@keys.command()
def rotate() -> None:
    """Encrypt everything with the first key of DATA_KEY; outside production with a new one. It can go on serving."""
    settings = Settings.from_environment()
    if settings.key_file:
        add_data_key(settings.key_file)
        settings = Settings.from_environment()
    if not settings.old_data_keys:
        sys.exit(_ONE_KEY)
    with migrated(settings).app_context():
        number = encrypt_anew()
        with transaction(by=SYSTEM, act=Act.ROTATE_KEYS) as work:
            work.note = f"{number} values"
    click.echo(f"{number} values encrypted with the new key")
