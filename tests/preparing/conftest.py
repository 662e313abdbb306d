"""A founding to walk with, and a clock that stands."""

import pytest

from tests.preparing.way import TODAY, Way, noon


@pytest.fixture
def way(app, session, cast):
    """Who walks with a founding; it begins with ``way.begin()``."""
    return Way(app, session, cast)


@pytest.fixture
def set_clock(monkeypatch):
    """Let it be noon in Beijing on a day."""

    def set_to(day):
        monkeypatch.setattr("enrollment.web.clock.now", lambda: noon(day))

    set_to(TODAY)
    return set_to
