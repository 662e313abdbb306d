"""Headcounts: a new row each time, the last of the latest day holds, and who recorded it is known."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from enrollment.rules.access import SYSTEM, Actor, Role
from enrollment.rules.regions import Territory
from enrollment.storage.database import Work
from enrollment.storage.headcounts import latest_headcounts, record_headcount, workers_on
from enrollment.storage.unions import Employer, Headcount
from tests import make

DAY = date(2021, 10, 1)


def recorded(session, unit, surveyed_on=DAY, workers=12, source="街道", by=SYSTEM):
    done = record_headcount(
        Work(session, by, make.NOW), unit.id, surveyed_on=surveyed_on, workers=workers, source=source
    )
    session.commit()
    return done


def held(session, on):
    """What both ways of asking find: per employer, and all at once."""
    one_by_one = dict(session.execute(select(Employer.id, workers_on(on))).all())
    latest = latest_headcounts(on)
    at_once = session.execute(select(latest.c.employer_id, latest.c.workers)).all()
    assert len(at_once) == len(dict(at_once))
    assert {**dict.fromkeys(one_by_one), **dict(at_once)} == one_by_one
    return one_by_one


def test_a_correction_is_a_new_row_and_counts_from_the_day_it_corrects(session):
    unit, other = make.employer(session, workers=10), make.employer(session, workers=3)

    assert recorded(session, unit) is True
    assert recorded(session, unit, workers=15, source="走访") is True

    rows = session.execute(select(Headcount.correction, Headcount.workers).where(Headcount.surveyed_on == DAY))
    assert rows.all() == [(0, 12), (1, 15)]
    assert held(session, DAY) == held(session, make.TODAY) == {unit.id: 15, other.id: 3}
    assert held(session, DAY - timedelta(days=1)) == {unit.id: 10, other.id: 3}
    assert held(session, date(2020, 12, 31)) == {unit.id: None, other.id: None}


def test_what_says_just_the_same_adds_nothing_and_back_to_the_first_is_a_correction(session):
    unit = make.employer(session, workers=None)
    recorded(session, unit)

    assert recorded(session, unit) is False
    assert recorded(session, unit, workers=13) is True
    assert recorded(session, unit) is True

    assert session.scalars(select(Headcount.workers).order_by(Headcount.correction)).all() == [12, 13, 12]


def test_an_older_survey_recorded_later_does_not_count_today(session):
    unit = make.employer(session, workers=10, surveyed_on=DAY)

    recorded(session, unit, surveyed_on=DAY - timedelta(days=1), workers=99)

    assert held(session, make.TODAY) == {unit.id: 10}


def test_who_recorded_it_and_when_is_kept_and_unknown_of_what_was_imported(session, cast):
    unit = make.employer(session, workers=10)

    recorded(session, unit, by=Actor(Role.COUNTY_CADRE, "张干部", cast.city.id, Territory("652301")))

    rows = session.execute(select(Headcount.recorded_by, Headcount.recorded_at).where(Headcount.employer_id == unit.id))
    assert rows.all() == [(None, None), (cast.city.id, make.NOW)]


def test_two_corrections_of_the_same_number_cannot_both_be_kept(session):
    unit = make.employer(session, surveyed_on=DAY)
    session.add(Headcount(employer_id=unit.id, surveyed_on=DAY, workers=11, source="街道", correction=0))

    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()
