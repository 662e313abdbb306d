"""What the application at hand uses to send: kept with the application, so that two never mix."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from enrollment.messages.gateways import Gateway

_NAME = "enrollment_messages"


@dataclass(frozen=True, slots=True)
class Office:
    """``shows_codes``: the demo, where a code may be read on the page. ``wake``: there is something to send."""

    gateway: Gateway
    shows_codes: bool
    wake: Callable[[], None]


def open_office(app: Flask, office: Office) -> None:
    """Give the application its office; a second one takes the place of the first."""
    app.extensions[_NAME] = office


def office() -> Office:
    """The office of the application at hand."""
    found: Office = current_app.extensions[_NAME]
    return found
