"""BUILD-1 … BUILD-5: who can found what."""

from datetime import date

import pytest

from enrollment.rules.founding import (
    JOIN_JOINT,
    NEW_JOINT,
    ONE_OFFICER,
    OWN_COMMITTEE,
    Depot,
    Unit,
    choices,
    fold,
    stand_together,
    suggested_name,
    ways_for,
)

ON = date(2021, 11, 30)


def unit(*depots, name="四人网点"):
    """A unit of depots (members, barred) in which everybody is a member."""
    return Unit(name, tuple(Depot(members, members, barred) for members, barred in depots))


def against(found):
    return {
        "own": list(found.own_committee.reasons),
        "one": list(found.one_officer.reasons),
        "joint": list(found.joint.reasons),
    }


# (rule, unit, members, eligible, must form, against own, against one officer, against joint)
UNITS = [
    ("question A: 4 people", unit((4, 0)), 4, 4, False, [], [], []),
    ("BUILD-3 4 with owner and spouse", unit((4, 2)), 4, 2, False, ["too_few_candidates"], [], []),
    ("BUILD-3 4 with the owner", unit((4, 1)), 4, 3, False, ["too_few_candidates"], [], []),
    ("BUILD-3 3 candidates", unit((3, 0)), 3, 3, False, ["too_few_candidates"], [], []),
    ("BUILD-3 4 candidates of 5", unit((5, 1)), 5, 4, False, [], [], []),
    ("BUILD-1 24 members", unit((24, 0)), 24, 24, False, [], [], []),
    ("BUILD-1 25 members", unit((25, 0)), 25, 25, True, [], ["must_form_committee"], ["must_form_committee"]),
    ("BUILD-5 7 depots of 4", unit(*[(4, 0)] * 7), 28, 28, True, [], ["must_form_committee"], ["must_form_committee"]),
    ("BUILD-5 6 depots of 4", unit(*[(4, 0)] * 6), 24, 24, False, [], [], []),
    ("only the owner", unit((1, 1)), 1, 0, False, ["too_few_candidates"], ["no_candidate"], []),
    ("nobody", unit((0, 0)), 0, 0, False, ["too_few_candidates"], ["no_candidate"], ["no_members"]),
]


@pytest.mark.parametrize(
    ("asked", "members", "eligible", "must", "own", "one", "joint"),
    [row[1:] for row in UNITS],
    ids=[row[0] for row in UNITS],
)
def test_a_unit_has_the_ways_the_law_leaves_open(asked, members, eligible, must, own, one, joint):
    ways = ways_for(asked, ON)

    assert (asked.members, asked.eligible_candidates, asked.must_form) == (members, eligible, must)
    assert against(ways) == {"own": own, "one": one, "joint": joint}
    assert (ways.own_committee.possible, ways.one_officer.possible, ways.joint.possible) == (
        not own,
        not one,
        not joint,
    )


def test_members_count_and_not_workers():
    asked = Unit("顺达快递", (Depot(workers=40, members=24),))

    assert (asked.workers, asked.members, asked.must_form) == (40, 24, False)


def test_who_may_surely_stand_is_counted_depot_by_depot():
    asked = Unit("顺达快递", (Depot(workers=5, members=1, barred=3), Depot(workers=6, members=6, barred=1)))

    assert asked.eligible_candidates == 5


def test_depots_without_a_licence_count_at_their_enterprise():
    folded = fold([unit((4, 1), name="顺达快递"), unit((3, 0), name="飞驰"), unit((2, 0), name=" 顺达快递 ")])

    assert [(each.name, each.members, each.eligible_candidates) for each in folded] == [
        ("顺达快递", 6, 5),
        ("飞驰", 3, 3),
    ]


# Each row: rule; units; members; reasons.
TOGETHER = [
    ("BUILD-4 two of four", [unit((4, 2), name="甲"), unit((4, 2), name="乙")], 8, []),
    ("BUILD-4 one alone", [unit((9, 0), name="甲")], 9, ["too_few_units"]),
    ("BUILD-4 twice the same", [unit((4, 0), name="甲"), unit((4, 0), name="甲")], 8, ["too_few_units"]),
    (
        "LAW-5 one that must form its own",
        [unit((25, 0), name="甲"), unit((4, 0), name="乙")],
        29,
        ["a_unit_must_form_own"],
    ),
    (
        "folded to one that must",
        [unit((13, 0), name="甲"), unit((12, 0), name="甲"), unit((4, 0), name="乙")],
        29,
        ["a_unit_must_form_own"],
    ),
    ("one without members", [unit((6, 0), name="甲"), unit((0, 0), name="乙")], 6, ["a_unit_without_members"]),
    ("BUILD-3 3 candidates", [unit((3, 1), name="甲"), unit((3, 2), name="乙")], 6, ["too_few_candidates"]),
    ("BUILD-3 4 candidates", [unit((3, 1), name="甲"), unit((3, 1), name="乙")], 6, []),
    ("together more than 25", [unit((20, 1), name="甲"), unit((20, 1), name="乙")], 40, []),
    ("nobody at all", [], 0, ["too_few_units", "too_few_candidates"]),
]


@pytest.mark.parametrize(
    ("units", "members", "reasons"), [row[1:] for row in TOGETHER], ids=[row[0] for row in TOGETHER]
)
def test_units_stand_together_when_they_are_two_and_free_to(units, members, reasons):
    together = stand_together(units, ON)

    assert (together.possible, together.members, list(together.reasons)) == (not reasons, members, reasons)


def test_open_ways_come_first_and_in_the_usual_order():
    offered = choices(unit((4, 2)), ON, joint_union_here=True)

    assert [(choice.code, choice.way.possible) for choice in offered] == [
        (JOIN_JOINT, True),
        (NEW_JOINT, True),
        (ONE_OFFICER, True),
        (OWN_COMMITTEE, False),
    ]


def test_a_joint_union_that_is_not_there_cannot_be_joined():
    offered = choices(unit((4, 0)), ON, joint_union_here=False)

    assert [(choice.code, list(choice.way.reasons)) for choice in offered] == [
        (NEW_JOINT, []),
        (ONE_OFFICER, []),
        (OWN_COMMITTEE, []),
        (JOIN_JOINT, ["no_joint_union_here"]),
    ]


def test_a_unit_of_25_is_offered_its_own_committee_alone():
    offered = choices(unit((25, 0)), ON, joint_union_here=False)

    assert [(choice.code, choice.way.possible) for choice in offered] == [
        (OWN_COMMITTEE, True),
        (JOIN_JOINT, False),
        (NEW_JOINT, False),
        (ONE_OFFICER, False),
    ]
    assert {reason for choice in offered for reason in choice.way.reasons} == {"must_form_committee"}


def test_each_way_cites_what_was_in_force():
    ways = ways_for(unit((4, 0)), ON)

    assert ways.own_committee.sources == ("LAW-5", "BUILD-3", "ELEC-8")
    assert ways.one_officer.sources == ("LAW-5", "CH-12", "ELEC-8")
    assert ways.joint.sources == ("LAW-5",)
    assert ways_for(unit((4, 0)), date(2008, 1, 1)).own_committee.sources == ()


@pytest.mark.parametrize(
    ("way", "unit_name", "place", "name"),
    [
        (NEW_JOINT, "四人网点", "昌吉市快递行业", "昌吉市快递行业联合工会委员会"),
        (OWN_COMMITTEE, "顺达快递有限公司", "昌吉市", "顺达快递有限公司工会委员会"),
        (ONE_OFFICER, "四人网点", "昌吉市", "四人网点工会委员会"),
        (ONE_OFFICER, "", "昌吉市", ""),
        (JOIN_JOINT, "四人网点", "昌吉市", ""),
    ],
)
def test_a_name_is_proposed_by_the_usual_pattern(way, unit_name, place, name):
    assert suggested_name(way, unit_name, place) == name
