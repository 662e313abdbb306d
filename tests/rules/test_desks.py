"""Whose desk an application lies on: one row per clause."""

import pytest

from enrollment.rules.access import VISITOR, Actor, Role
from enrollment.rules.desks import Desk, desk_of, steps_in

OFFICER, COUNTY, PREFECTURE = (Actor(role) for role in (Role.UNION_OFFICER, Role.COUNTY_CADRE, Role.PREFECTURE_CADRE))
GROUP = VISITOR  # the founding's link is its right


@pytest.mark.parametrize(
    ("group", "officer", "escalated", "desk"),
    [
        (False, True, False, Desk.UNION),  # CH-2: the committee of the basic union
        (False, False, False, Desk.COUNTY),  # REG-4: the upper union, for its holding pool
        (True, False, False, Desk.GROUP),  # REG-4, domain 5.1: its union is in preparation
        (True, True, False, Desk.GROUP),
        (True, False, True, Desk.COUNTY),
        (False, True, True, Desk.COUNTY),  # overdue: up one level
        (False, False, True, Desk.PREFECTURE),
    ],
)
def test_it_lies_where_the_charter_says_and_overdue_one_level_up(group, officer, escalated, desk):
    assert desk_of(group=group, officer=officer, escalated=escalated) is desk


@pytest.mark.parametrize(
    ("actor", "desk", "in_place"),
    [
        (GROUP, Desk.GROUP, False),
        (COUNTY, Desk.GROUP, True),
        (PREFECTURE, Desk.GROUP, True),
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
