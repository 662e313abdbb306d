"""Whose desk an application lies on: one row per clause."""

import pytest

from enrollment.rules.access import VISITOR, Actor, Role
from enrollment.rules.desks import Desk, desk_of, one_up, steps_in

OFFICER, COUNTY, PREFECTURE = (Actor(role) for role in (Role.UNION_OFFICER, Role.COUNTY_CADRE, Role.PREFECTURE_CADRE))
GROUP = VISITOR  # the founding's link is its right


@pytest.mark.parametrize(
    ("group", "officer", "raised_to", "desk"),
    [
        (False, True, "", Desk.UNION),  # CH-2: the committee of the basic union
        (False, False, "", Desk.COUNTY),  # REG-4: the upper union, for its holding pool
        (True, False, "", Desk.GROUP),  # REG-4, domain 5.1: its union is in preparation
        (True, True, "", Desk.GROUP),
        (True, False, "county", Desk.COUNTY),
        (False, True, "county", Desk.COUNTY),
        (False, False, "county", Desk.COUNTY),  # the group or the officer it came from is gone
        (False, False, "prefecture", Desk.PREFECTURE),
        (True, True, "prefecture", Desk.PREFECTURE),
    ],
)
def test_it_lies_where_the_charter_says_or_where_it_went_up_to(group, officer, raised_to, desk):
    assert desk_of(group=group, officer=officer, raised_to=raised_to) is desk


@pytest.mark.parametrize(
    ("desk", "above"),
    [
        (Desk.GROUP, Desk.COUNTY),
        (Desk.UNION, Desk.COUNTY),
        (Desk.COUNTY, Desk.PREFECTURE),
        (Desk.PREFECTURE, Desk.PREFECTURE),
    ],
)
def test_what_is_overdue_goes_up_one_level(desk, above):
    assert one_up(desk) is above


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
