"""The audit: what is written stays, and a chain tells when somebody has changed it behind the database's back."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from enrollment.rules.access import SYSTEM, Act
from enrollment.storage.accounts import Account
from enrollment.storage.audit import PLAIN, AuditEntry, AuditLink, Chain, seal, verify
from enrollment.storage.database import transaction
from enrollment.storage.tables import Base
from tests.cast import account

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


@pytest.mark.parametrize("which", ["before", "after"])
def test_what_is_written_into_an_entry_that_told_no_change_is_found(session, behind, which):
    entries(session, 5)
    sealed(session)
    behind(update(AuditEntry).where(AuditEntry.id == 3).values({which: "active: True"}))

    assert verify(session).broken == 3


def test_an_entry_without_a_change_is_sealed_as_before_there_were_any(session):
    entries(session, 1)
    sealed(session)

    digest = "2ec6d8e29e380fab7c21e39f21a449794174829c2ed378932ddfbae2b5f7a6b2"
    assert session.scalars(select(AuditLink.digest)).one().hex() == digest


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


# --- before and after ---------------------------------------------------------------------------------------------


def acted(session):
    session.rollback()
    line = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    return line.before, line.after


def test_a_line_tells_what_was_before_and_what_is_after(context, session, cast):
    with transaction(by=SYSTEM, act=Act.CHANGE_OFFICE_ACCOUNT, now=AT) as work:
        row = work.session.get_one(Account, cast.city.id)
        row.active, row.name = False, "别的名字"

    assert acted(session) == ("active: True", "active: False")


def test_what_is_new_was_nothing_before(context, session, cast):
    with transaction(by=SYSTEM, act=Act.CHANGE_OFFICE_ACCOUNT, now=AT) as work:
        work.session.add(account("new.one", "新干部", "county_cadre", "652301"))

    assert acted(session) == (
        "role: –; territory_code: –; active: –",
        "role: county_cadre; territory_code: 652301; active: True",
    )


def test_what_came_back_to_what_it_was_is_no_change(context, session, cast):
    with transaction(by=SYSTEM, act=Act.CHANGE_OFFICE_ACCOUNT, now=AT) as work:
        row = work.session.get_one(Account, cast.city.id)
        for active in (False, True):
            row.active = active
            work.session.flush()

    assert acted(session) == (None, None)


def test_the_same_change_of_many_is_told_once(context, session, cast):
    with transaction(by=SYSTEM, act=Act.CHANGE_OFFICE_ACCOUNT, now=AT) as work:
        for row in work.session.scalars(select(Account)):
            row.active = False

    assert acted(session) == ("3 × active: True", "3 × active: False")


def test_no_name_number_or_word_of_a_person_is_ever_plain():
    columns = {column for columns in PLAIN.values() for column in columns}

    assert columns & {"name", "identity", "phone", "born_on", "login", "note", "words", "told"} == set()
    assert all(set(columns) <= set(Base.metadata.tables[table].c.keys()) for table, columns in PLAIN.items())


def test_the_chain_covers_before_and_after(session, behind):
    entries(session, 1)
    told = {"at": AT, "account_id": None, "actor": "张干部", "act": "decide_application", "note": "", "subject": "1"}
    session.execute(insert(AuditEntry), [told | {"before": "state: submitted", "after": "state: approved"}])
    session.commit()
    sealed(session)
    assert verify(session).broken is None

    behind(update(AuditEntry).where(AuditEntry.after.is_not(None)).values(after="state: refused"))
    assert verify(session).broken == 2
