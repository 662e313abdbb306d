"""The database and the transaction: SQLite by default, PostgreSQL by setting."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from enrollment.rules.access import Act, Actor
from enrollment.settings import ROOT, Settings, data_keys_in
from enrollment.storage.audit import AuditEntry, Changes
from enrollment.storage.failures import Conflict
from enrollment.storage.tables import Base
from enrollment.storage.vault import vault

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
migrate = Migrate(db=db, directory=str(ROOT / "migrations"), render_as_batch=True)

_WRITES = "enrollment_writes"
_BUSY_MILLISECONDS = 15_000


def connect(app: Flask, settings: Settings) -> None:
    """Bind the application to its database and unlock the vault."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    anew = partial(data_keys_in, settings.key_file) if settings.key_file else None
    vault.unlock((settings.data_key, *settings.old_data_keys), settings.match_key, anew=anew)
    db.init_app(app)
    migrate.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _prepare_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)
        else:
            event.listen(db.engine, "connect", _prepare_postgresql)


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own class
    connection.isolation_level = None  # we say BEGIN ourselves, see below
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own class
    connection.execute(f"SET lock_timeout = {_BUSY_MILLISECONDS}")  # left alone, it would let people wait for ever
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: upgrading a read later fails at once when another writer came between.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def writing_engine() -> Engine:
    """The engine whose transactions take the write lock when they begin."""
    return db.engine.execution_options(**{_WRITES: True})


@dataclass(slots=True)
class Work:
    """An open transaction: its session, who acts, and what the audit line will name (``subject``, a public code)."""

    session: Session
    by: Actor
    now: datetime
    subject: str = ""
    note: str = ""


@contextmanager
def transaction(*, by: Actor, act: Act, now: datetime | None = None) -> Iterator[Work]:
    """One act: all of it and its audit line, or nothing.

    Raises ``Conflict`` when a constraint of the database says that someone was faster.
    """
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("something was changed outside a transaction")
    db.session.commit()  # gives back the connection it read with: nobody holds one while waiting for another
    with Session(writing_engine(), expire_on_commit=False) as session:
        work, changes = Work(session, by, now or datetime.now(UTC)), Changes(session)
        try:
            yield work
            session.flush()
            before, after = changes.told()
            session.add(
                AuditEntry(
                    at=work.now,
                    account_id=by.account_id,
                    actor=by.name or by.role,
                    act=act,
                    subject=work.subject,
                    note=work.note,
                    before=before,
                    after=after,
                )
            )
            session.commit()
        except (IntegrityError, Conflict) as error:
            db.session.rollback()  # what was read before is old: look again to see what the faster one did
            raise Conflict from error
