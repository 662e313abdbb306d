"""The exchange of the data key (换密钥): what is encrypted at rest is encrypted anew while others read and write."""

from collections.abc import Iterator

from sqlalchemy import Column, LargeBinary, Table, literal, select, type_coerce, update
from sqlalchemy.orm import Session

from enrollment.storage.database import writing_engine
from enrollment.storage.tables import Base, Sealed
from enrollment.storage.vault import vault

_BATCH = 500


def rotate() -> int:
    """Encrypt with the present key what is not yet, in small transactions; gives how many values.

    Can be broken off and begun again. What somebody changes meanwhile is theirs: it was sealed with a key that opens.
    """
    return sum(_rotated(table, column) for table, column in _sealed())


def _sealed() -> Iterator[tuple[Table, Column[str]]]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Sealed):
                yield table, column


def _rotated(table: Table, column: Column[str]) -> int:
    [key], kept, done = table.primary_key, type_coerce(column, LargeBinary), 0
    last = -1
    while True:
        with Session(writing_engine()) as session:
            following = select(key, kept).where(key > last, column.is_not(None)).order_by(key).limit(_BATCH)
            rows = [(row[0], bytes(row[1])) for row in session.execute(following)]
            for number, before in rows:
                if not vault.is_current(before):
                    after = literal(_sealed_anew(before, column), LargeBinary)
                    same = update(table).where(key == number, kept == before)
                    done += len(session.execute(same.values({column.name: after}).returning(key)).all())
            session.commit()
        if not rows:
            return done
        last = rows[-1][0]


def _sealed_anew(before: bytes, column: Column[str]) -> bytes:
    purpose = column.type.purpose if isinstance(column.type, Sealed) else ""
    return vault.seal(vault.open(before, purpose), purpose)
