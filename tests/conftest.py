"""A real database per test, on SQLite and on PostgreSQL; one application per engine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event
from sqlalchemy.orm import Session

from enrollment import create_app
from enrollment.settings import Settings
from enrollment.storage import passwords
from enrollment.storage.database import db
from enrollment.storage.tables import Base
from enrollment.storage.vault import vault
from tests import cast as stage
from tests.postgres import postgres_url

SETTINGS = Settings(
    production=False,
    database_url="",
    secret_key="for tests",
    data_key=b"d" * 32,
    match_key=b"m" * 32,
    session_idle_minutes=60 * 24 * 365 * 20,  # tests travel in time
    session_hours=24 * 365 * 20,
)


_BETWEEN_VACUUMS = 200
_emptied = count(1)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on one engine, its tables built by the migrations."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("sqlite") / "tests.sqlite3"
        yield _migrated(f"sqlite:///{path}")
    else:
        with postgres_url() as url:
            yield _migrated(url)


@pytest.fixture(scope="session", autouse=True)
def _light_passwords() -> Iterator[None]:
    """Thousands of sign-ins would spend their time on one hash; whoever tests its strength brings the real one back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", stage.LIGHT)
        yield


def _migrated(url: str) -> Flask:
    app = create_app(SETTINGS.but(database_url=url))
    app.testing = True
    with app.app_context():
        upgrade()
        db.engine.dispose()
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        shutil.copy(path, path.with_suffix(".empty"))
    return app


def empty_database() -> None:
    """No rows and ids from 1 again, past the triggers that keep issued papers; needs an application context."""
    db.session.remove()
    if db.engine.dialect.name == "sqlite":
        path = Path(str(db.engine.url.database))
        db.engine.dispose()
        for leftover in path.parent.glob(f"{path.name}-*"):
            leftover.unlink()
        shutil.copy(path.with_suffix(".empty"), path)
    else:
        delete = "; ".join(f'DELETE FROM "{name}"' for name in Base.metadata.tables)  # TRUNCATE takes 25 times as long
        with db.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")  # an answer left unread holds its rows
            connection.exec_driver_sql(f"SET LOCAL session_replication_role = replica; {delete}")
            connection.exec_driver_sql("SELECT setval(seqrelid, 1, false) FROM pg_sequence")
        if next(_emptied) % _BETWEEN_VACUUMS == 0:  # no place is used again before all are free: rows keep their order
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM")


@pytest.fixture
def app(engine_app: Flask) -> Iterator[Flask]:
    """The application on an empty database. No context is pushed: use ``session`` or ``context`` for rows."""
    vault.unlock((SETTINGS.data_key,), SETTINGS.match_key)  # one for the process: another application may have had it
    with engine_app.app_context():
        empty_database()
    yield engine_app
    with engine_app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who reads English, so that a test names the message ids themselves."""
    client = app.test_client()
    client.set_cookie("lang", "en")
    return client


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session for arranging and asserting; what it adds through ``make`` is committed."""
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def cast(session: Session) -> stage.Cast:
    return stage.appear(session)


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """An application context for actions and queries; never together with ``client``."""
    with app.test_request_context("/?lang=en"):
        yield


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement sent to the database, in order."""
    sent: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@contextmanager
def counted(sent: list[str]) -> Iterator[list[str]]:
    """The statements sent inside the block."""
    start = len(sent)
    inside: list[str] = []
    yield inside
    inside.extend(statement for statement in sent[start:] if not statement.startswith(("BEGIN", "PRAGMA")))
