"""The audit: what is written stays, and a chain tells when somebody has changed it behind the database's back."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from enrollment.storage.audit import AuditEntry, AuditLink, Chain, seal, verify

AT = datetime(2021, 11, 30, 4, 0, tzinfo=UTC)


def entries(session, number):
    told = {"at": AT, "account_id": None, "actor": "张干部", "act": "decide_application", "note": "approved"}
    session.execute(insert(AuditEntry), [told | {"subject": f"211130-{n:05}"} for n in range(number)])
    session.commit()


def sealed(session):
    found = seal(session)
    session.commit()
    return found


@pytest.fixture
def behind(session):
    """Somebody who may do everything in the database."""

    def act(statement):
        postgresql = session.get_bind().dialect.name == "postgresql"
        names = [("audit_entries", "update"), ("audit_entries", "delete")]
        kept = {}
        if postgresql:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for table, what in names:
                name = f"{table}_stay_{what}"
                kept[name] = session.scalar(text(f"SELECT sql FROM sqlite_master WHERE name = '{name}'"))
                session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(statement)
        for made in kept.values():
            session.execute(text(made))
        session.commit()

    return act


@pytest.mark.parametrize("table", [AuditEntry, AuditLink])
def test_the_database_refuses_every_change_and_deletion(session, table):
    entries(session, 1)
    sealed(session)
    column = AuditEntry.note if table is AuditEntry else AuditLink.entry_id
    for statement in (update(table).values({column: 2}), delete(table)):
        with pytest.raises(DatabaseError):
            session.execute(statement)
        session.rollback()
    assert session.scalar(select(func.count()).select_from(table)) == 1


def test_what_is_sealed_in_batches_is_one_chain(session):
    assert (sealed(session), verify(session)) == (0, Chain(0, 0, None))
    entries(session, 3)
    assert verify(session) == Chain(3, 0, None)
    assert (sealed(session), sealed(session)) == (3, 0)
    entries(session, 1200)
    assert sealed(session) == 1200
    entries(session, 1)

    assert verify(session) == Chain(1204, 1203, None)


@pytest.mark.parametrize("which", ["actor", "act", "subject", "note", "at"])
def test_an_entry_that_says_something_else_is_named(session, behind, which):
    entries(session, 5)
    sealed(session)
    other = {"at": datetime(2021, 11, 30, 5, 0, tzinfo=UTC)} if which == "at" else {which: "anders"}
    behind(update(AuditEntry).where(AuditEntry.id == 3).values(other))

    assert verify(session).broken == 3


def test_an_entry_that_is_gone_or_was_put_in_is_named(session, behind):
    entries(session, 5)
    sealed(session)
    behind(delete(AuditEntry).where(AuditEntry.id == 4))
    assert verify(session).broken == 4

    told = {"at": AT, "account_id": None, "actor": "", "act": "sign_in", "subject": "", "note": ""}
    session.execute(insert(AuditEntry), [told | {"id": 0}])
    session.commit()
    assert verify(session).broken == 0


def test_who_writes_an_entry_is_not_held_up_and_the_next_sealing_takes_it(app, session):
    """On SQLite the whole database waits for a writer in any case."""
    if session.get_bind().dialect.name != "postgresql":
        entries(session, 1)
        assert sealed(session) == 1
        return
    entries(session, 1)
    with Session(session.get_bind()) as writer:
        writer.add(AuditEntry(at=AT, actor="", act="sign_in", subject="", note=""))
        writer.flush()
        assert sealed(session) == 0
        writer.commit()
    assert sealed(session) == 2
