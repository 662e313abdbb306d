"""A gateway of our own that counts what it is given, and answers as it is told."""

from threading import Lock

import pytest

from enrollment.messages.gateways import Receipt
from enrollment.messages.office import Office, office, open_office


class CountingGateway:
    """``answers``: failures to raise, one for each message, before it begins to take them."""

    def __init__(self):
        self.sent, self.answers, self.woken, self._lock = [], [], 0, Lock()

    def send(self, phone, template, values, key):
        with self._lock:
            self.sent.append((phone, template, values, key))
            number = len(self.sent)
        if self.answers:
            raise self.answers.pop(0)
        return Receipt(f"R{number}")

    def wake(self):
        self.woken += 1


@pytest.fixture
def gateway(app):
    """The application at hand sends through it; codes may be shown."""
    gateway = CountingGateway()
    with app.app_context():
        before = office()
    open_office(app, Office(gateway, shows_codes=True, wake=gateway.wake))
    yield gateway
    open_office(app, before)
