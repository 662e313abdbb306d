"""What tests of accounts have in common: a clock that can be set, settings that can be changed."""

from datetime import UTC, datetime

import pytest

NOW = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)


@pytest.fixture
def travel(monkeypatch):
    """Set the clock, which stands at ``NOW`` first."""

    def to(at):
        monkeypatch.setattr("enrollment.web.clock.now", lambda: at)

    to(NOW)
    return to


@pytest.fixture
def settings(app):
    """Change the deployment's settings for one test."""
    before = app.config["ENROLLMENT"]

    def change(**changes):
        app.config["ENROLLMENT"] = before.but(**changes)

    yield change
    app.config["ENROLLMENT"] = before
