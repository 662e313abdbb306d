"""Whose desk an application lies on: one row per clause."""

import pytest

from enrollment.rules.access import Actor, Role
from enrollment.rules.desks import Desk, desk_of, steps_in

OFFICER, COUNTY, PREFECTURE = (Actor(role) for role in (Role.UNION_OFFICER, Role.COUNTY_CADRE, Role.PREFECTURE_CADRE))


@pytest.mark.parametrize(
    ("officer", "escalated", "desk"),
    [
        (True, False, Desk.UNION),  # CH-2: the committee of the basic union
        (False, False, Desk.COUNTY),  # REG-4: the upper union, for its holding pool
        (True, True, Desk.COUNTY),  # overdue: up one level
        (False, True, Desk.PREFECTURE),
    ],
)
def test_it_lies_where_the_charter_says_and_overdue_one_level_up(officer, escalated, desk):
    assert desk_of(officer=officer, escalated=escalated) is desk


@pytest.mark.parametrize(
    ("actor", "desk", "in_place"),
    [
        (OFFICER, Desk.UNION, False),
        (COUNTY, Desk.UNION, True),
        (PREFECTURE, Desk.UNION, True),
        (COUNTY, Desk.COUNTY, False),
        (PREFECTURE, Desk.COUNTY, True),
        (PREFECTURE, Desk.PREFECTURE, False),
        (COUNTY, Desk.PREFECTURE, False),  # late, but its own
        (OFFICER, Desk.COUNTY, False),
    ],
)
def test_who_decides_in_place_of_another_steps_in(actor, desk, in_place):
    assert steps_in(actor, desk) is in_place
