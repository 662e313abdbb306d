"""Commands that bring the product up: ``serve`` and ``demo``."""

import logging
import os
import socket
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask
from flask_migrate import upgrade

from enrollment import create_app, demo
from enrollment.commands.options import Day, print_json
from enrollment.settings import ROOT, Settings
from enrollment.storage.failures import Refused
from enrollment.web import clock
from enrollment.web.wording import says

WORKERS, THREADS = 2, 4


@click.command()
def serve() -> None:
    """Migrate, load the demo into an empty database, and serve (PORT, HOST and DATABASE_URL are honored)."""
    settings = Settings.from_environment()
    _refuse_taken_port(settings)
    app = migrated(settings)
    with app.app_context():
        if settings.production:
            _refuse_demo_passwords()
        if not settings.production and demo.database_is_empty():
            click.echo("Loading the demo prefecture ...")
            _load(demo.NEWS_DATE, settings)
        logins = () if settings.production else demo.sign_ins()
    click.echo(f"\nEnrollment is at http://{settings.host}:{settings.port}/")
    for account in logins:
        click.echo(f"  sign in as {account.login:<13} {account.name}")
    if logins:
        click.echo(f"  password for all of them: {demo.DEMO_PASSWORD}")
    sys.stdout.flush()
    _hand_over_to_gunicorn(settings)


def _refuse_demo_passwords() -> None:
    logins = demo.open_to_everybody()
    if logins:
        sys.exit(
            "These accounts still have the demo's password, which everybody can read: "
            f"{', '.join(logins)}. Production is for a database of its own, without the demo."
        )


def _load(as_of: date, settings: Settings) -> demo.DemoSummary:
    return demo.load_demo(
        as_of=as_of, today=clock.today(), now=clock.now(), review_working_days=settings.review_working_days
    )


def _refuse_taken_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            sys.exit(f"Port {settings.port} is in use. Stop what uses it, or choose another: PORT=8001 python3 app.py")


def _hand_over_to_gunicorn(settings: Settings) -> NoReturn:
    program = Path(sys.executable).parent / "gunicorn"
    os.chdir(ROOT)
    os.execv(  # noqa: S606 -- our own program, no shell
        program,
        [
            str(program),
            "app:app",
            f"--bind={settings.host}:{settings.port}",
            f"--workers={WORKERS}",
            "--worker-class=gthread",
            f"--threads={THREADS}",
            "--no-control-socket",
            "--log-level=warning",
        ],
    )


def migrated(settings: Settings | None = None) -> Flask:
    """The application with its database brought up to date."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    app = create_app(settings)
    with app.app_context():
        upgrade()
    return app


@click.command("demo")
@click.option("--as-of", type=Day(), default=None, help="Shift the demo so that its figures are of this day.")
def demo_(as_of: date | None) -> None:
    """Load the demo prefecture into an empty database."""
    app = migrated()
    with app.app_context():
        try:
            summary = _load(as_of or demo.NEWS_DATE, app.config["ENROLLMENT"])
        except Refused as no:
            sys.exit(" ".join(says(reason) for reason in no.reasons))
    print_json(asdict(summary))
