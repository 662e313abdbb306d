"""The commands that look after the audit: ``audit verify`` and ``audit seal``."""

import sys

import click
from sqlalchemy.orm import Session

from enrollment.commands.start import migrated
from enrollment.storage import audit as chain
from enrollment.storage.database import db, writing_engine


@click.group()
def audit() -> None:
    """Who did what and when: a chain that tells when somebody has changed it."""


@audit.command()
def verify() -> None:
    """Compute the chain anew: the number of entries, or exit 1 and the first one that is not as it was sealed."""
    with migrated().app_context():
        found = chain.verify(db.session())
    if found.broken is not None:
        click.echo(f"entry {found.broken} is not as it was sealed")
        sys.exit(1)
    click.echo(f"{found.entries} entries, {found.sealed} of them sealed")


@audit.command()
def seal() -> None:
    """Seal what is not sealed yet; while it serves, the product does so by itself."""
    with migrated().app_context(), Session(writing_engine()) as session:
        sealed = chain.seal(session)
        session.commit()
    click.echo(f"{sealed} entries sealed")
