"""Which passwords will do, what a role needs, who stands in for whom: one row per clause."""

from datetime import date, timedelta

import pytest

from enrollment.rules.access import Act, Actor, Role
from enrollment.rules.accounts import (
    act_of_change,
    delegation_objections,
    leaves_an_operator,
    may_stand_in,
    password_objections,
    place_objections,
)
from enrollment.rules.regions import PREFECTURE, Territory

TODAY = date(2026, 11, 26)
CITY, NEXT = "652301", "652302"


@pytest.mark.parametrize(
    ("password", "reasons"),
    [
        ("", ("password_too_short",)),
        ("kX9#vL2$pQ7", ("password_too_short",)),  # eleven characters, however mixed
        ("kX9#vL2$pQ7m", ()),
        ("长风破浪会有时直挂云帆济沧海", ()),  # words in a row
        ("xe mao dang ren san", ()),
        ("a" * 128, ("password_too_common",)),
        ("kX9#vL2$pQ7m" * 10 + "kX9#vL2$", ()),  # 128
        ("kX9#vL2$pQ7m" * 10 + "kX9#vL2$p", ("password_too_long",)),
        ("passwordpassword", ("password_too_common",)),
        ("123456789012", ("password_too_common",)),
        ("qwertyuiop[]", ("password_too_common",)),
        ("qwerty123456", ("password_too_common",)),
        ("aaaaaaaaaaaaaaaa", ("password_too_common",)),
        ("changji-city", ("password_too_common",)),  # the own account
    ],
)
def test_length_and_not_being_common_make_a_password(password, reasons):
    assert password_objections(password, ("changji-city", "张干部")) == reasons


@pytest.mark.parametrize(
    ("role", "place", "has_unit", "reasons"),
    [
        (Role.PREFECTURE_CADRE, PREFECTURE, False, ()),
        (Role.PREFECTURE_CADRE, CITY, False, ("prefecture_only",)),
        (Role.COUNTY_CADRE, CITY, False, ()),
        (Role.COUNTY_CADRE, "ZD", False, ()),  # a development zone
        (Role.COUNTY_CADRE, PREFECTURE, False, ("county_missing",)),
        (Role.COUNTY_CADRE, CITY, True, ("unit_not_for_role",)),
        (Role.UNION_OFFICER, CITY, True, ()),
        (Role.UNION_OFFICER, CITY, False, ("unit_missing",)),
        (Role.EMPLOYER_CONTACT, CITY, True, ()),
        (Role.EMPLOYER_CONTACT, CITY, False, ("unit_missing",)),
        (Role.AUDITOR, PREFECTURE, False, ()),
        (Role.AUDITOR, NEXT, False, ()),
        (Role.OPERATOR, PREFECTURE, False, ()),
        (Role.OPERATOR, NEXT, False, ("prefecture_only",)),
        (Role.COUNTY_CADRE, "652301001", False, ("place_missing",)),  # a township is no territory
        (Role.COUNTY_CADRE, "", False, ("place_missing",)),
    ],
)
def test_each_role_is_for_a_place_of_its_kind(role, place, has_unit, reasons):
    assert place_objections(role, place, has_unit=has_unit) == reasons


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.VISITOR])
def test_the_cadres_of_the_place_keep_the_accounts_of_units_and_the_operator_all_others(role):
    of_unit = role in (Role.UNION_OFFICER, Role.EMPLOYER_CONTACT)

    assert act_of_change(role) is (Act.CHANGE_UNIT_ACCOUNT if of_unit else Act.CHANGE_OFFICE_ACCOUNT)


def of(role, number, code=CITY, union=None):
    return Actor(role, account_id=number, territory=Territory(code, union))


PREFECTURE_CADRE = of(Role.PREFECTURE_CADRE, 1, PREFECTURE)
CADRE, COLLEAGUE, NEIGHBOR = of(Role.COUNTY_CADRE, 2), of(Role.COUNTY_CADRE, 3), of(Role.COUNTY_CADRE, 4, NEXT)
OFFICER, SECOND, ANOTHER = (of(Role.UNION_OFFICER, n, union=u) for n, u in ((5, 7), (6, 7), (7, 8)))
AUDITOR = of(Role.AUDITOR, 8)
OPERATOR, CONTACT = Actor(Role.OPERATOR, account_id=9), Actor(Role.EMPLOYER_CONTACT, account_id=10, employer=1)


@pytest.mark.parametrize(
    ("absent", "deputy", "may"),
    [
        (CADRE, COLLEAGUE, True),
        (CADRE, PREFECTURE_CADRE, True),
        (CADRE, CADRE, False),  # oneself
        (CADRE, NEIGHBOR, False),  # another county
        (CADRE, OFFICER, False),  # decides less
        (CADRE, AUDITOR, False),
        (CADRE, OPERATOR, False),
        (PREFECTURE_CADRE, of(Role.PREFECTURE_CADRE, 11, PREFECTURE), True),
        (PREFECTURE_CADRE, CADRE, False),
        (OFFICER, SECOND, True),  # of the same union
        (OFFICER, ANOTHER, False),
        (OFFICER, CADRE, True),
        (OFFICER, NEIGHBOR, False),
        (OFFICER, PREFECTURE_CADRE, True),
        (AUDITOR, COLLEAGUE, False),
        (OPERATOR, PREFECTURE_CADRE, False),
        (CONTACT, CADRE, False),
    ],
)
def test_a_deputy_is_of_the_same_place_and_decides_as_much(absent, deputy, may):
    assert may_stand_in(absent, deputy) is may


@pytest.mark.parametrize(
    ("first", "last", "reasons"),
    [
        (0, 0, ()),  # one day, today
        (0, 92, ()),
        (0, 93, ("delegation_too_long",)),
        (-1, 3, ("delegation_in_the_past",)),
        (3, 2, ("delegation_ends_first",)),
    ],
)
def test_a_leave_begins_today_at_the_earliest_and_lasts_three_months_at_most(first, last, reasons):
    assert delegation_objections(TODAY + timedelta(first), TODAY + timedelta(last), TODAY) == reasons


@pytest.mark.parametrize(
    ("role", "others", "may"), [(Role.OPERATOR, 0, False), (Role.OPERATOR, 1, True), (Role.COUNTY_CADRE, 0, True)]
)
def test_the_last_operator_stays(role, others, may):
    assert leaves_an_operator(role, others) is may
