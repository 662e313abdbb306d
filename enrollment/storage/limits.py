"""Counts behind the limits (限次计数): a storage for the package ``limits``, exact across threads and workers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from limits.storage import Storage
from sqlalchemy import String, case, delete, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from enrollment.storage.database import db, writing_engine
from enrollment.storage.tables import Base, Instant

_SWEPT_AT_ONCE = 50


class LimitCount(Base):
    """How often something came (限次计数) until an instant; ``key`` holds the limit and a keyed hash of who came."""

    __tablename__ = "limit_counts"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    hits: Mapped[int]
    until_at: Mapped[datetime] = mapped_column(Instant, index=True)


class DatabaseStorage(Storage):
    """Fixed windows in the database, each from its first hit on. Every use needs an application context.

    Called before or after a transaction and never inside one: on SQLite it would wait for itself.
    """

    STORAGE_SCHEME = None
    base_exceptions = SQLAlchemyError

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count in one statement, so that nobody comes between; a new window drops some that have ended."""
        now = self._now()
        db.session.commit()  # gives back the connection it read with: nobody holds one while waiting for another
        with writing_engine().begin() as connection:
            hits = int(connection.execute(_counted(key, amount, now, timedelta(seconds=expiry))).scalar_one())
            if hits == amount:
                _sweep(connection, now)
        return hits

    def get(self, key: str) -> int:
        lives = (LimitCount.key == key, LimitCount.until_at > self._now())
        return db.session.scalar(select(LimitCount.hits).where(*lives)) or 0

    def get_expiry(self, key: str) -> float:
        until = db.session.scalar(select(LimitCount.until_at).where(LimitCount.key == key))
        return (until or self._now()).timestamp()

    def check(self) -> bool:
        return bool(db.session.scalar(select(literal(1))))

    def reset(self) -> int:
        with writing_engine().begin() as connection:
            return int(connection.execute(delete(LimitCount)).rowcount)

    def clear(self, key: str) -> None:
        with writing_engine().begin() as connection:
            connection.execute(delete(LimitCount).where(LimitCount.key == key))


def _counted(key: str, amount: int, now: datetime, window: timedelta) -> Any:  # noqa: ANN401 -- of either dialect
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    over = LimitCount.until_at <= now
    first = insert(LimitCount).values(key=key, hits=amount, until_at=now + window)
    again = {
        "hits": case((over, amount), else_=LimitCount.hits + amount),
        "until_at": case((over, first.excluded.until_at), else_=LimitCount.until_at),
    }
    return first.on_conflict_do_update(index_elements=[LimitCount.key], set_=again).returning(LimitCount.hits)


def _sweep(connection: Connection, now: datetime) -> None:
    """Drop some windows that have ended; what another one is dropping or counting is left to it.

    They are chosen once: PostgreSQL may ask a subquery again for each row, and each time it would lock others.
    """
    ended = select(LimitCount.key).where(LimitCount.until_at <= now).limit(_SWEPT_AT_ONCE)
    chosen = connection.scalars(ended.with_for_update(skip_locked=True)).all()
    connection.execute(delete(LimitCount).where(LimitCount.key.in_(chosen)))
