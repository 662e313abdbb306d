"""The command that sends what waits in the outbox: ``messages``."""

import signal
from dataclasses import asdict
from threading import Event

import click

from enrollment.commands.options import print_json
from enrollment.commands.start import migrated
from enrollment.messages.outbox import Delivered, deliver, left
from enrollment.messages.sending import PAUSE_SECONDS
from enrollment.web import clock


@click.command()
@click.option("--forever/--once", default=False, help="Go on until told to stop, for a service of its own.")
def messages(*, forever: bool) -> None:
    """Send the text messages that are due; stuck are those given up."""
    app = migrated()
    ended = Event()
    if forever:
        signal.signal(signal.SIGTERM, lambda *_: ended.set())  # not in the middle of a message
    with app.app_context():
        _print(_round())
        while forever and not ended.wait(PAUSE_SECONDS):
            done = _round()
            if done.sent + done.failed:
                _print(done)


def _print(done: Delivered) -> None:
    print_json({**asdict(done), **asdict(left())})


def _round() -> Delivered:
    """Everything that is due."""
    sent = failed = 0
    while True:
        done = deliver(clock.now())
        sent, failed = sent + done.sent, failed + done.failed
        if not done.sent + done.failed:
            return Delivered(sent, failed)
