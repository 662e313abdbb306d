"""Loading: the same twice, shifted on request, only into an empty database, and work goes on afterwards."""

import time
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enrollment.demo import database_is_empty
from enrollment.demo.filing import day_of
from enrollment.rules import identity as numbers
from enrollment.rules.deadlines import is_working_day
from enrollment.storage.applications import Application, ApplicationAct, FoundingDetails
from enrollment.storage.audit import AuditEntry
from enrollment.storage.database import db
from enrollment.storage.failures import Refused
from enrollment.storage.ledger import Membership
from enrollment.storage.people import Person
from enrollment.storage.tables import Base
from enrollment.storage.unions import Headcount, PublishedFigure, Union
from enrollment.storage.visits import Visit
from enrollment.web.wording import says
from tests import make
from tests.demo.conftest import empty_database, load

AS_OF = date(2021, 11, 30)


def _everything() -> dict[str, list[Any]]:
    """All rows, with the sealed numbers opened; but for the salted passwords."""
    with db.engine.connect() as connection:
        return {
            table.name: connection.execute(
                select(*(c for c in table.c if c.name != "password_hash")).order_by(*table.primary_key)
            ).all()
            for table in Base.metadata.sorted_tables
        }


@pytest.mark.usefixtures("context")
def test_two_loads_are_equal():
    first_summary = load()
    first = _everything()
    empty_database()

    assert load() == first_summary
    assert _everything() == first


@pytest.mark.usefixtures("context")
def test_another_as_of_date_moves_every_date_by_the_distance(session: Session):
    as_of = date(2026, 11, 20)
    distance = as_of - AS_OF
    load()
    founded = session.scalars(select(Union.founded_on).order_by(Union.id)).all()
    joined = session.execute(select(Membership.from_on, Membership.until_on).order_by(Membership.id)).all()
    born = session.scalars(select(Person.born_on).order_by(Person.id)).all()
    surveyed = session.scalars(select(Headcount.surveyed_on).order_by(Headcount.id)).all()
    session.rollback()
    empty_database()

    summary = load(as_of=as_of)

    assert (summary.as_of, summary.members, summary.workers) == (as_of, 6310, 9951)
    assert session.scalars(select(Union.founded_on).order_by(Union.id)).all() == [d + distance for d in founded]
    assert session.scalars(select(Headcount.surveyed_on).order_by(Headcount.id)).all() == [
        d + distance for d in surveyed
    ]
    assert session.execute(select(Membership.from_on, Membership.until_on).order_by(Membership.id)).all() == [
        (from_on + distance, until_on and until_on + distance) for from_on, until_on in joined
    ]
    assert session.scalars(select(Person.born_on).order_by(Person.id)).all() == [d + distance for d in born]
    assert set(session.scalars(select(PublishedFigure.as_of))) == {as_of}
    assert all(numbers.check_identity(p.identity, as_of).ok for p in session.scalars(select(Person)))


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("today", [date(2026, 2, 22), date(2026, 10, 6)])
def test_the_queue_is_alive_on_any_day_with_what_is_due_today_due_on_the_next_working_day(
    session: Session, today: date
):
    load(today=today)
    due_today = today
    while not is_working_day(due_today):
        due_today += timedelta(days=1)

    waiting = session.scalars(select(Application.due_on).where(Application.state == "submitted")).all()

    assert sum(due < today for due in waiting) == 3
    assert due_today in waiting
    assert session.scalar(select(func.max(Visit.visited_on))) == today - timedelta(days=3)
    founded = Counter(session.scalars(select(Application.state).where(Application.kind == "found")))
    assert founded == {"gathering": 1, "submitted": 4, "preparing": 1, "returned": 1, "refused": 1, "withdrawn": 1}
    acts = session.execute(
        select(ApplicationAct.application_id, ApplicationAct.at)
        .join(FoundingDetails, FoundingDetails.application_id == ApplicationAct.application_id)
        .order_by(ApplicationAct.id)
    ).all()
    assert acts == sorted(acts)
    assert max(day_of(at) for _application, at in acts) <= today


@pytest.mark.usefixtures("context")
def test_a_database_with_anything_in_it_is_left_alone(session: Session):
    make.employer(session)

    with pytest.raises(Refused) as refused:
        load()

    assert refused.value.reasons == ("database_not_empty",)
    assert says("database_not_empty")
    assert session.scalar(select(func.count()).select_from(Person)) == 0


@pytest.mark.usefixtures("context")
def test_loading_fills_an_empty_database_in_one_act_well_under_twenty_seconds(session: Session):
    assert database_is_empty()
    started = time.process_time()

    load()

    assert time.process_time() - started < 15
    assert not database_is_empty()
    line = session.scalars(select(AuditEntry)).one()
    assert (line.act, line.actor, line.subject, line.note) == ("load_demo", "system", "652300", "as of 2021-11-30")


def test_work_goes_on_after_the_demo(app: Flask, session: Session):
    with app.app_context():
        load()

    employer = make.employer(session)
    union = make.union(session, covers=(employer,))
    person = make.person(session)
    make.visit(session)

    assert (employer.id, person.id) == (520, 6420)
    assert union.id > 287
