"""What every table shares: the base, the names of constraints, the column types of this product."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, LargeBinary, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from enrollment.storage.vault import vault


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Instant(TypeDecorator[datetime]):
    """An instant (``_at``), aware, kept in UTC on both engines."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


class Sealed(TypeDecorator[str]):
    """Text encrypted at rest; ``purpose`` binds the ciphertext to its kind of column."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str = "") -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        return None if value is None else vault.seal(value, self.purpose)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002
        return None if value is None else vault.open(bytes(value), self.purpose)


RegionCode = String(12)
Word = String(40)
"""A code of the rulebook: the name of a kind, a group, a state …"""

_READABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I


def new_code(length: int, choice: Callable[[str], str] = secrets.choice) -> str:
    """A random public identifier of ``length`` characters that can be read out on the telephone (5 bits each)."""
    return "".join(choice(_READABLE) for _ in range(length))
