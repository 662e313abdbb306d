"""The data key is exchanged while others read and write: everything opens before, meanwhile and after."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import LargeBinary, select, type_coerce
from sqlalchemy.orm import Session

from enrollment.storage.applications import FoundingDetails, JoinDetails
from enrollment.storage.database import writing_engine
from enrollment.storage.keys import rotate
from enrollment.storage.people import Person
from enrollment.storage.vault import vault
from tests import make

OLD, NEW = b"d" * 32, b"e" * 32


@pytest.fixture
def exchanged():
    """From here on the new key seals, and the old one opens."""

    def exchange():
        vault.unlock([NEW, OLD], b"m" * 32)

    yield exchange
    vault.unlock([OLD], b"m" * 32)


def kept(session, column):
    session.rollback()
    return [bytes(row) for row in session.scalars(select(type_coerce(column, LargeBinary)).order_by(column))]


def test_everything_sealed_is_sealed_anew_and_says_the_same(context, cast, session, exchanged):
    people = make.members(session, cast.city_pool, 3)
    make.join_application(session)
    make.founding_application(session)
    columns = (Person.identity, Person.phone, JoinDetails.identity, FoundingDetails.contact_phone)
    numbers = sorted(person.identity for person in people)
    before = sum(len(kept(session, column)) for column in columns)
    exchanged()

    assert rotate() >= before
    assert all(vault.is_current(value) for column in columns for value in kept(session, column))
    assert set(numbers) <= set(session.scalars(select(Person.identity)))
    assert rotate() == 0
    vault.unlock([NEW], b"m" * 32)
    session.expire_all()
    assert set(numbers) <= set(session.scalars(select(Person.identity)))


def test_what_somebody_writes_meanwhile_stays_theirs(app, cast, session, exchanged):
    people = make.members(session, cast.city_pool, 40)
    chosen = [person.id for person in people[:10]]
    session.rollback()
    exchanged()

    def rotated():
        with app.app_context():
            return rotate()

    def written():
        for number in chosen:
            with app.app_context(), Session(writing_engine()) as own:
                own.get_one(Person, number).phone = "13900000000"
                own.commit()

    with ThreadPoolExecutor(2) as pool:
        for done in (pool.submit(rotated), pool.submit(written)):
            done.result()

    session.rollback()
    assert set(session.scalars(select(Person.phone).where(Person.id.in_(chosen)))) == {"13900000000"}
    assert all(vault.is_current(value) for value in kept(session, Person.identity))
