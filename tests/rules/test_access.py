"""Who may do what, as one table a cadre could read."""

import pytest

from enrollment.rules.access import MAY, SYSTEM, VISITOR, Act, Actor, Role, Scope, may, rights
from enrollment.rules.regions import COUNTIES, PREFECTURE, ZONES, Territory

CITY, NEXT = "652301", "652302"
ALL, PLACE, OWN, NO = "everywhere", "own place", "own unit", "no"

# act: visitor; prefecture cadre, county cadre, union officer, employer's contact, auditor of a county, operator.
TABLE = {
    "ask":                    (ALL,  ALL, ALL,   ALL, ALL, ALL,   ALL),
    "apply":                  (ALL,  ALL, ALL,   ALL, ALL, ALL,   ALL),
    "refer":                  (ALL,  ALL, ALL,   ALL, ALL, ALL,   ALL),
    "follow_own_application": (ALL,  ALL, ALL,   ALL, ALL, ALL,   ALL),
    "answer_invitation":      (ALL,  ALL, ALL,   ALL, ALL, ALL,   ALL),
    "prepare_founding":       (ALL,  ALL, ALL,   ALL, ALL, ALL,   ALL),
    "confirm_phone":          (ALL,  ALL, ALL,   ALL, ALL, ALL,   ALL),
    "open_own_card":          (ALL,  ALL, ALL,   ALL, ALL, ALL,   ALL),
    "verify_card":            (ALL,  ALL, ALL,   ALL, ALL, ALL,   ALL),
    "ask_union":              (ALL,  ALL, ALL,   ALL, ALL, ALL,   ALL),
    "copy_own_data":          (ALL,  ALL, ALL,   ALL, ALL, ALL,   ALL),
    "read_rights":            (ALL,  ALL, ALL,   ALL, ALL, ALL,   ALL),
    "sign_in":                (ALL,  ALL, ALL,   ALL, ALL, ALL,   ALL),
    "sign_out":               (NO,   ALL, ALL,   ALL, ALL, ALL,   ALL),
    "open_own_account":       (NO,   ALL, ALL,   ALL, ALL, ALL,   ALL),
    "change_own_account":     (NO,   ALL, ALL,   ALL, ALL, ALL,   ALL),
    "stand_in":               (NO,   ALL, PLACE, OWN, NO,  NO,    NO),
    "delegate":               (NO,   ALL, PLACE, OWN, NO,  NO,    NO),
    "hand_over":              (NO,   ALL, PLACE, OWN, NO,  NO,    NO),
    "read_applications":      (NO,   ALL, PLACE, OWN, NO,  PLACE, NO),
    "decide_application":     (NO,   ALL, PLACE, OWN, NO,  NO,    NO),
    "undo_decision":          (NO,   ALL, PLACE, OWN, NO,  NO,    NO),
    "read_messages":          (NO,   ALL, PLACE, OWN, NO,  NO,    NO),
    "retry_message":          (NO,   ALL, PLACE, OWN, NO,  NO,    NO),
    "escalate":               (NO,   NO,  NO,    NO,  NO,  NO,    NO),
    "save_filter":            (NO,   ALL, PLACE, OWN, NO,  PLACE, NO),
    "change_sentences":       (NO,   ALL, PLACE, NO,  NO,  NO,    NO),
    "read_foundings":         (NO,   ALL, PLACE, NO,  NO,  PLACE, NO),
    "decide_founding":        (NO,   ALL, PLACE, NO,  NO,  NO,    NO),
    "confirm_in_person":      (NO,   ALL, PLACE, OWN, NO,  NO,    NO),
    "read_members":           (NO,   ALL, PLACE, OWN, NO,  PLACE, NO),
    "find_by_number":         (NO,   ALL, PLACE, OWN, NO,  NO,    NO),
    "read_unions":            (NO,   ALL, PLACE, NO,  NO,  PLACE, NO),
    "read_union":             (NO,   ALL, PLACE, OWN, NO,  PLACE, NO),
    "read_employers":         (NO,   ALL, PLACE, NO,  NO,  PLACE, NO),
    "read_employer":          (NO,   ALL, PLACE, NO,  OWN, PLACE, NO),
    "read_pairings":          (NO,   ALL, PLACE, NO,  NO,  PLACE, NO),
    "change_pairing":         (NO,   ALL, PLACE, NO,  NO,  NO,    NO),
    "record_headcount":       (NO,   ALL, PLACE, NO,  NO,  NO,    NO),
    "change_coverage":        (NO,   ALL, PLACE, NO,  NO,  NO,    NO),
    "end_union":              (NO,   ALL, PLACE, NO,  NO,  NO,    NO),
    "read_rates":             (NO,   ALL, PLACE, NO,  NO,  PLACE, NO),
    "read_visits":            (NO,   ALL, PLACE, NO,  NO,  PLACE, NO),
    "log_visit":              (NO,   ALL, PLACE, NO,  NO,  NO,    NO),
    "read_events":            (NO,   ALL, PLACE, NO,  NO,  PLACE, NO),
    "log_event":              (NO,   ALL, PLACE, NO,  NO,  NO,    NO),
    "read_posters":           (NO,   ALL, PLACE, OWN, OWN, PLACE, NO),
    "see_masked_number":      (NO,   ALL, PLACE, OWN, NO,  NO,    NO),
    "see_full_number":        (NO,   ALL, PLACE, OWN, NO,  NO,    NO),
    "export":                 (NO,   ALL, PLACE, OWN, NO,  PLACE, NO),
    "export_full_numbers":    (NO,   ALL, PLACE, NO,  NO,  NO,    NO),
    "read_audit":             (NO,   ALL, PLACE, NO,  NO,  PLACE, NO),
    "read_retention":         (NO,   ALL, PLACE, NO,  NO,  PLACE, ALL),
    "drop_data":              (NO,   NO,  NO,    NO,  NO,  NO,    NO),
    "read_accounts":          (NO,   ALL, PLACE, NO,  NO,  NO,    ALL),
    "change_unit_account":    (NO,   ALL, PLACE, NO,  NO,  NO,    ALL),
    "change_office_account":  (NO,   NO,  NO,    NO,  NO,  NO,    ALL),
    "load_demo":              (NO,   NO,  NO,    NO,  NO,  NO,    NO),
    "send_messages":          (NO,   NO,  NO,    NO,  NO,  NO,    NO),
    "rotate_keys":            (NO,   NO,  NO,    NO,  NO,  NO,    NO),
}  # fmt: skip
CITY_CADRE = Actor(Role.COUNTY_CADRE, "张干部", 1, Territory(CITY))
PREFECTURE_CADRE = Actor(Role.PREFECTURE_CADRE, "赵干部", 3, Territory(PREFECTURE))
OFFICER = Actor(Role.UNION_OFFICER, "组织员", 4, Territory(CITY, union=7))
CONTACT = Actor(Role.EMPLOYER_CONTACT, "联络人", 5, employer=8)
AUDITOR = Actor(Role.AUDITOR, "审计员", 6, Territory(CITY))
OPERATOR = Actor(Role.OPERATOR, "管理员", 7)
CAST = (VISITOR, PREFECTURE_CADRE, CITY_CADRE, OFFICER, CONTACT, AUDITOR, OPERATOR)
OWN_UNIT, NEXT_DOOR, ELSEWHERE = Scope(CITY, 7, 8), Scope(CITY, 1, 2), Scope(NEXT, 3, 4)
OF_NO_UNIT = Scope(CITY)


def reach(actor, act):
    """How far an act is open to somebody, and that a view that has no subject is open just to those."""
    own, next_door, elsewhere = (may(actor, act, scope) for scope in (OWN_UNIT, NEXT_DOOR, ELSEWHERE))
    assert may(actor, act) is own
    assert not (elsewhere and not next_door), "whoever reaches another county reaches the own one"
    assert not (next_door and not own)
    return ALL if elsewhere else PLACE if next_door else OWN if own else NO


@pytest.mark.parametrize("act", list(Act))
def test_each_act_is_open_to_these_and_closed_to_all_others(act):
    assert tuple(reach(actor, act) for actor in CAST) == TABLE[act]


def test_every_act_has_its_line():
    assert set(TABLE) == set(Act) == set(MAY)


def test_the_product_itself_may_no_more_than_a_visitor():
    assert [may(SYSTEM, act) for act in Act] == [may(VISITOR, act) for act in Act]


@pytest.mark.parametrize("act", [Act.READ_APPLICATIONS, Act.READ_MEMBERS, Act.READ_EMPLOYER, Act.READ_POSTERS])
@pytest.mark.parametrize("actor", [OFFICER, CONTACT], ids=["officer", "contact"])
def test_what_belongs_to_no_unit_is_closed_to_who_is_of_one(actor, act):
    assert not may(actor, act, OF_NO_UNIT)


@pytest.mark.parametrize("county", [*COUNTIES, *ZONES])
def test_the_prefecture_reaches_every_county_and_a_county_never_the_prefecture(county):
    cadre = Actor(Role.COUNTY_CADRE, "某干部", 9, Territory(county))

    assert may(PREFECTURE_CADRE, Act.READ_MEMBERS, Scope(county))
    assert may(cadre, Act.READ_MEMBERS, Scope(county))
    assert not may(cadre, Act.READ_MEMBERS, Scope(PREFECTURE))


def test_the_prefecture_reaches_itself():
    assert may(PREFECTURE_CADRE, Act.READ_MEMBERS, Scope(PREFECTURE))


def test_what_is_ones_own_is_not_done_by_a_deputy():
    deputy = Actor(Role.COUNTY_CADRE, "王干部（代张干部）", 2, Territory(CITY), desk_id=1)

    assert deputy.stands_in
    assert may(deputy, Act.DECIDE_APPLICATION, OWN_UNIT)
    assert not may(deputy, Act.CHANGE_OWN_ACCOUNT)
    assert not may(deputy, Act.DELEGATE)


def test_an_officers_territory_holds_nothing_for_who_forgets_to_ask_for_the_union():
    part = Territory(CITY, union=7)

    assert (part.counties, part.covers(CITY), part.name) == ((), False, "昌吉市")


def test_the_table_for_people_says_the_same():
    roles = [actor.role for actor in CAST[1:]]
    words = {ALL: (True, True, True), PLACE: (True, False, True), OWN: (True, False, False), NO: (False, False, False)}

    for line in rights():
        level = TABLE[line.act][1 + roles.index(line.role)]
        assert (line.own, line.other_county, line.other_union) == words[level]
        assert line.signed_out is (TABLE[line.act][0] == ALL)
