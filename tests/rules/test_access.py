"""Who may do what, as one table a cadre could read."""

import pytest

from enrollment.rules.access import MAY, SYSTEM, VISITOR, Act, Actor, Role, may, role_for
from enrollment.rules.regions import COUNTIES, PREFECTURE, ZONES, Territory

CITY, NEXT = "652301", "652302"
CITY_CADRE = Actor(role_for(CITY), "张干部", 1, Territory(CITY))
PREFECTURE_CADRE = Actor(role_for(PREFECTURE), "赵干部", 3, Territory(PREFECTURE))

# act: visitor, visitor on a subject; county cadre without subject, own county, other county; prefecture cadre, any.
YES, NO = True, False
TABLE = {
    "ask":                    (YES, YES,  YES, YES, YES,  YES, YES),
    "apply":                  (YES, YES,  YES, YES, YES,  YES, YES),
    "refer":                  (YES, YES,  YES, YES, YES,  YES, YES),
    "follow_own_application": (YES, YES,  YES, YES, YES,  YES, YES),
    "answer_invitation":      (YES, YES,  YES, YES, YES,  YES, YES),
    "prepare_founding":       (YES, YES,  YES, YES, YES,  YES, YES),
    "confirm_phone":          (YES, YES,  YES, YES, YES,  YES, YES),
    "open_own_card":          (YES, YES,  YES, YES, YES,  YES, YES),
    "verify_card":            (YES, YES,  YES, YES, YES,  YES, YES),
    "ask_union":              (YES, YES,  YES, YES, YES,  YES, YES),
    "copy_own_data":          (YES, YES,  YES, YES, YES,  YES, YES),
    "sign_in":                (YES, YES,  YES, YES, YES,  YES, YES),
    "sign_out":               (NO,  NO,   YES, YES, NO,   YES, YES),
    "read_applications":      (NO,  NO,   YES, YES, NO,   YES, YES),
    "decide_application":     (NO,  NO,   YES, YES, NO,   YES, YES),
    "undo_decision":          (NO,  NO,   YES, YES, NO,   YES, YES),
    "read_messages":          (NO,  NO,   YES, YES, NO,   YES, YES),
    "retry_message":          (NO,  NO,   YES, YES, NO,   YES, YES),
    "read_foundings":         (NO,  NO,   YES, YES, NO,   YES, YES),
    "decide_founding":        (NO,  NO,   YES, YES, NO,   YES, YES),
    "confirm_in_person":      (NO,  NO,   YES, YES, NO,   YES, YES),
    "read_members":           (NO,  NO,   YES, YES, NO,   YES, YES),
    "read_unions":            (NO,  NO,   YES, YES, NO,   YES, YES),
    "read_employers":         (NO,  NO,   YES, YES, NO,   YES, YES),
    "change_coverage":        (NO,  NO,   YES, YES, NO,   YES, YES),
    "end_union":              (NO,  NO,   YES, YES, NO,   YES, YES),
    "read_rates":             (NO,  NO,   YES, YES, NO,   YES, YES),
    "read_visits":            (NO,  NO,   YES, YES, NO,   YES, YES),
    "log_visit":              (NO,  NO,   YES, YES, NO,   YES, YES),
    "read_events":            (NO,  NO,   YES, YES, NO,   YES, YES),
    "log_event":              (NO,  NO,   YES, YES, NO,   YES, YES),
    "read_posters":           (NO,  NO,   YES, YES, NO,   YES, YES),
    "see_full_number":        (NO,  NO,   YES, YES, NO,   YES, YES),
    "export":                 (NO,  NO,   YES, YES, NO,   YES, YES),
    "export_full_numbers":    (NO,  NO,   YES, YES, NO,   YES, YES),
    "load_demo":              (NO,  NO,   NO,  NO,  NO,   NO,  NO),
    "send_messages":          (NO,  NO,   NO,  NO,  NO,   NO,  NO),
    "escalate":               (NO,  NO,   NO,  NO,  NO,   NO,  NO),
    "rotate_keys":            (NO,  NO,   NO,  NO,  NO,   NO,  NO),
}  # fmt: skip
WHO = (
    (VISITOR, None),
    (VISITOR, CITY),
    (CITY_CADRE, None),
    (CITY_CADRE, CITY),
    (CITY_CADRE, NEXT),
    (PREFECTURE_CADRE, None),
    (PREFECTURE_CADRE, NEXT),
)


@pytest.mark.parametrize("act", list(Act))
def test_each_act_is_open_to_these_and_closed_to_all_others(act):
    assert tuple(may(actor, act, county) for actor, county in WHO) == TABLE[act]


def test_every_act_has_its_line():
    assert set(TABLE) == set(Act) == set(MAY)


def test_the_product_itself_may_no_more_than_a_visitor():
    assert [may(SYSTEM, act) for act in Act] == [may(VISITOR, act) for act in Act]


@pytest.mark.parametrize("county", [*COUNTIES, *ZONES])
def test_the_prefecture_reaches_every_county_and_a_county_never_the_prefecture(county):
    cadre = Actor(role_for(county), "某干部", 9, Territory(county))

    assert role_for(county) is Role.COUNTY_CADRE
    assert may(PREFECTURE_CADRE, Act.READ_MEMBERS, county)
    assert may(cadre, Act.READ_MEMBERS, county)
    assert not may(cadre, Act.READ_MEMBERS, PREFECTURE)


def test_the_prefecture_has_its_own_role():
    assert role_for(PREFECTURE) is Role.PREFECTURE_CADRE
    assert may(PREFECTURE_CADRE, Act.READ_MEMBERS, PREFECTURE)
