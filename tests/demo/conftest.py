"""The demo, loaded: once for the tests that only read it, afresh for those that load it themselves."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from enrollment.demo import DemoSummary, load_demo
from enrollment.storage.database import db
from tests.conftest import empty_database

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def load(**changes: date) -> DemoSummary:
    return load_demo(**{"today": TODAY, **changes}, now=NOW)


@pytest.fixture(scope="module")
def demo(engine_app: Flask) -> Iterator[Session]:
    """A session on the loaded demo, for reading alone."""
    with engine_app.app_context():
        empty_database()
        load()
        with Session(db.engine) as session:
            yield session
        db.session.remove()  # a query of the product reads through its own
        db.engine.dispose()
