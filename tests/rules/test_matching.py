"""Neighbor matching, BUILD-4: which small units can stand together, and in which order."""

import math
import random
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrollment.rules.candidates import Candidate, JointUnion, Reason, Why, meters_between
from enrollment.rules.grouping import ENOUGH_WORKERS, REMOTE_METERS
from enrollment.rules.matching import (
    NEAR_METERS,
    UNITS_AT_A_TIME,
    NearUnion,
    Neighbor,
    OwnProposal,
    neighbors_of,
    proposal_for,
    proposals,
)
from enrollment.rules.places import Nearby, Place, rounded
from enrollment.rules.regions import COUNTIES, ZONES, townships_of

CITY, STREET, NEXT_STREET, PARK = "652301", "652301002", "652301003", "652301401"
DEGREE = math.radians(1) * 6_371_008.8
"""Meters of one degree of latitude."""


def at(region=STREET, north=None):
    """A place ``north`` meters from a fixed point; without a number no coordinates."""
    return Place(region) if north is None else Place(region, 44 + north / DEGREE, 87.3)


def unit(code, workers=9, place=None, **changes):
    values = {"name": f"{code}网点", "county": CITY, "group": "courier"}
    return Candidate(code=code, workers=workers, place=place or at(), **values | changes)


def union(code="U", *places, **changes):
    values = {"name": f"{code}联合工会", "county": CITY, "group": "courier", "places": places or (at(),)}
    return JointUnion(code=code, **values | changes)


def codes(units, unions=()):
    """Each proposal as its units and the union to join."""
    return [
        ("".join(each.code for each in it.units), it.union.code if it.union else None)
        for it in proposals(units, unions)
    ]


def whys(proposal):
    """Reasons as code, and what it is about where it is about something."""
    return [
        it.why.value if not (it.name or it.numbers) else (it.why.value, it.name or it.numbers)
        for it in proposal.reasons
    ]


# --- places -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "locality"),
    [
        (STREET, STREET),
        (PARK, PARK),
        ("652301402", "CJGX"),  # the park of a zone is the zone
        ("CJGX", "CJGX"),
        ("652327106", "652327106"),  # a town inside a zone is not all of the zone
        ("652301", ""),
        ("652300", ""),
        ("650102001", ""),
    ],
)
def test_a_locality_is_a_park_or_a_township_and_never_a_whole_county(region, locality):
    assert Place(region).locality == locality


def test_meters_between_places_and_infinitely_far_where_one_is_not_known():
    assert meters_between(at(north=0), at(north=800)) == pytest.approx(800, abs=0.01)
    # 昌吉 to 奇台, by the haversine formula
    assert meters_between(Place(CITY, 44.011, 87.308), Place(CITY, 44.022, 89.594)) == pytest.approx(182_690, rel=1e-3)
    assert meters_between(at(), at(north=0)) == math.inf
    assert Place(STREET, 44.0).point is None


@pytest.mark.parametrize(
    ("meters", "said"), [(0, 100), (40, 100), (149.9, 100), (150, 200), (849, 800), (850, 900), (12_345, 12_300)]
)
def test_meters_are_said_to_a_hundred_and_never_nothing(meters, said):
    assert rounded(meters) == said


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=60), st.randoms())
def test_the_nearest_are_found_in_order_and_what_is_taken_is_found_no_more(spots, draw):
    points = [(float(x), float(y), 0.0) for x, y in spots]
    nearby = Nearby(points)
    gone = {number for number in range(len(points)) if draw.random() < 0.5}
    for number in gone:
        nearby.take(number)
    here = (7.0, 7.0, 0.0)

    found = list(nearby.nearest(here))

    left = set(range(len(points))) - gone
    assert {number for _meters, number in found} == left
    assert [meters for meters, _number in found] == sorted(math.dist(here, points[number]) for number in left)
    assert {number for number in range(len(points)) if nearby.holds(number)} == left


# --- who is matched -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "small"),
    [
        ({"workers": 1}, True),
        ({"workers": 24}, True),
        ({"workers": 25}, False),  # LAW-5
        ({"workers": 0}, False),
        ({"place": at("652301503")}, False),  # ROUTE-10
        ({"county": "652300"}, False),  # under no approving node
        ({"county": "ZD"}, True),
    ],
)
def test_small_units_of_a_county_or_zone_off_the_corps_ground_are_matched(changes, small):
    other = {name: value for name, value in changes.items() if name == "county"}
    found = codes([unit("A", **changes), unit("B", workers=3, **other)])

    assert unit("A", **changes).is_small is small
    assert bool(found) is small


def test_counties_are_never_mixed():
    fukang = {"county": "652302", "place": at("652302001", 100)}

    assert codes([unit("A", place=at(north=0)), unit("B", **fukang)]) == []
    assert codes([unit("A"), unit("B"), unit("C", **fukang), unit("D", **fukang)]) == [("AB", None), ("CD", None)]


def test_one_enterprise_entered_twice_does_not_stand_together_with_itself():
    twice = [unit("A", name="甲 "), unit("B", name="甲")]

    assert codes(twice) == []
    assert codes([*twice, unit("C", workers=4)]) == [("ABC", None)]
    assert codes([unit("A", 12, name="甲"), unit("B", 13, name="甲"), unit("C", 4), unit("D", 3)]) == [("CD", None)]


# --- groups -------------------------------------------------------------------------------------------------------


def test_the_proposal_explains_itself():
    park = [unit("A", 9, at(PARK, 0)), unit("B", 11, at(PARK, 300)), unit("C", 6, at(PARK, 780))]

    [proposal] = proposals(park, [])

    assert [each.code for each in proposal.units] == ["B", "A", "C"]
    assert (proposal.county, proposal.workers, proposal.union) == (CITY, 26, None)
    assert whys(proposal) == ["same_park", ("distance", (800,)), ("same_trade", "courier"), ("workers", (11, 9, 6))]


def test_a_group_grows_until_it_has_25_workers_and_what_remains_forms_another():
    street = [unit(code, 9, at(north=north)) for code, north in zip("ABCDE", (0, 10, 20, 9_000, 9_010), strict=True)]

    assert codes(street) == [("ABC", None), ("DE", None)]
    assert ENOUGH_WORKERS == 25


def test_who_remains_alone_in_the_township_joins_the_nearest_group_there():
    far = unit("F", 5, at(north=9_400))
    street = [unit(code, 13, at(north=north)) for code, north in zip("ABCD", (0, 10, 9_000, 9_010), strict=True)]

    assert codes([*street, far]) == [("AB", None), ("CDF", None)]
    assert codes([*street, unit("F", 5)]) == [("ABF", None), ("CD", None)]  # without coordinates: the first of equals


def test_the_same_township_comes_before_a_shorter_way_elsewhere():
    units = [
        unit("A", 13, at(STREET, 0)), unit("B", 13, at(STREET, 3_000)),
        unit("C", 13, at(NEXT_STREET, 100)), unit("D", 13, at(NEXT_STREET, 3_100)),
    ]  # fmt: skip

    assert codes(units) == [("AB", None), ("CD", None)]


def test_distance_comes_before_brand_brand_before_trade_and_trade_before_size():
    here, there = at(north=0), at(north=300)
    seed = unit("A", 13, here, brand="中通")

    def partner(*others):
        [proposal] = [it for it in proposals([seed, *others], []) if seed in it.units]
        return next(each.code for each in proposal.units if each != seed)

    assert partner(unit("B", 24, there, brand="中通"), unit("C", 12, here, group="other")) == "C"
    assert partner(unit("B", 12, here, brand="中通"), unit("C", 24, here, brand="圆通")) == "B"
    assert partner(unit("B", 12, here, brand="圆通"), unit("C", 24, here, group="other")) == "B"
    assert partner(unit("B", 12, here), unit("C", 14, here)) == "C"
    assert partner(unit("B", 12, here), unit("C", 12, here)) == "B"


def test_without_coordinates_the_township_then_trade_and_brand_decide():
    units = [
        unit("A", 13, brand="中通"), unit("B", 13, group="truck_driver"), unit("C", 13, brand="圆通"),
        unit("D", 13, brand="中通"), unit("E", 13, brand="圆通"), unit("F", 13, group="truck_driver"),
    ]  # fmt: skip

    found = proposals(units, [])

    assert codes(units) == [("AD", None), ("CE", None), ("BF", None)]
    assert whys(found[0])[:2] == ["same_township", ("same_brand", "中通")]
    assert whys(found[2]) == ["same_township", ("same_trade", "truck_driver"), ("workers", (13, 13))]


def test_known_and_unknown_coordinates_stand_together_and_no_distance_is_said():
    [proposal] = proposals([unit("A", place=at(north=0)), unit("B", group="other")], [])

    assert whys(proposal) == ["same_township", ("workers", (9, 9))]


def test_who_is_alone_in_a_township_goes_to_the_nearest_one_within_reach():
    alone = unit("X", 4, at("652301003", 12_000))
    group = [unit("A", 13, at(north=0)), unit("B", 13, at(north=400))]

    [proposal] = proposals([*group, alone], [])

    assert [each.code for each in proposal.units] == ["A", "B", "X"]
    assert whys(proposal) == [
        "nearest_township", ("distance", (12_000,)), ("same_trade", "courier"), ("workers", (13, 13, 4)),
    ]  # fmt: skip
    assert codes([*group, unit("X", 4, at("652301003", REMOTE_METERS + 500))]) == [("AB", None)]
    assert codes([*group, unit("X", 4, at("652301003"))]) == [("AB", None)]  # nobody knows how far


def test_two_who_are_alone_find_each_other_before_a_full_group_less_than_half_as_far():
    group = [unit("A", 13, at(north=0)), unit("B", 13, at(north=0))]
    one, other = unit("X", 4, at("652301003", 10_000)), unit("Y", 5, at("652301004", 18_000))
    third = unit("Z", 5, at("652301005", 21_000))

    assert codes([*group, one, other]) == [("AB", None), ("YX", None)]
    assert codes([*group, one, other, third]) == [("AB", None), ("YXZ", None)]
    assert codes([one, unit("Y", 5, at("652301004", 12_000), name=one.name)]) == []


def test_where_the_township_is_not_known_coordinates_decide_and_without_both_nothing():
    def somewhere(north=None):
        return at(CITY, north)

    near = [unit("A", 13, somewhere(0)), unit("B", 12, somewhere(700)), unit("C", 3, somewhere(90_000))]

    [proposal] = proposals([*near, unit("D", 3, somewhere())], [])

    assert [each.code for each in proposal.units] == ["A", "B"]
    assert whys(proposal) == [("distance", (700,)), ("same_trade", "courier"), ("workers", (13, 12))]
    [mixed] = proposals([unit("A", 3, somewhere(0)), unit("B", 3, at(north=500))], [])
    assert whys(mixed)[0] == ("distance", (500,))


# --- joint unions that stand --------------------------------------------------------------------------------------


def test_a_joint_union_in_the_township_is_the_first_choice():
    two = [unit("A", 9), unit("B", 4, at(north=0))]

    [proposal] = proposals(two, [union("U", at("652301"), at(north=1_500))])

    assert (proposal.union.code, [each.code for each in proposal.units]) == ("U", ["B", "A"])
    assert whys(proposal) == [
        ("existing_union", "U联合工会"), "same_township", ("same_trade", "courier"), ("workers", (4, 9)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "joins"),
    [
        ({}, True),
        ({"group": None}, True),  # open to all trades
        ({"group": "truck_driver"}, False),
        ({"county": "652302"}, False),
        ({"places": (at(NEXT_STREET, NEAR_METERS - 1),)}, True),
        ({"places": (at(NEXT_STREET, NEAR_METERS + 1),)}, False),
        ({"places": (at(NEXT_STREET),)}, False),
        ({"places": (at(CITY),)}, False),  # of the county, and nobody knows where
    ],
)
def test_a_joint_union_must_be_of_the_county_and_near_and_take_in_the_trade(changes, joins):
    found = codes([unit("A", 9, at(north=0)), unit("B", 4, at(north=0))], [union(**changes)])

    assert found == [("AB", "U" if joins else None)]


def test_one_unit_alone_may_join_with_the_distance_and_whom_it_takes_in():
    [proposal] = proposals([unit("A", 4, at(north=0))], [union("U", at(NEXT_STREET, 3_240), group=None)])

    assert whys(proposal) == [("existing_union", "U联合工会"), ("distance", (3_200,)), ("workers", (4,))]


def test_of_several_joint_unions_the_nearest_in_the_township_then_the_one_of_the_trade():
    here = [unit("A", 4, at(north=0))]
    far, near = union("F", at(north=2_000)), union("N", at(north=1_000), group=None)
    next_door = union("D", at(NEXT_STREET, 10))

    assert codes(here, [far, near, next_door]) == [("A", "N")]
    assert codes(here, [next_door, far]) == [("A", "F")]
    assert codes(here, [union("O", group=None), union("T")]) == [("A", "T")]
    assert codes(here, [union("Z"), union("Y")]) == [("A", "Y")]
    assert codes(here, [union("Z", at(north=5)), union("Y", at(north=5))]) == [("A", "Y")]


def test_a_union_is_proposed_to_ten_at_a_time_the_nearest_first():
    many = [unit(f"{n:02}", 2, at(north=100 * n)) for n in range(23)]

    found = proposals(many, [union("U", at(north=0))])

    assert [len(it.units) for it in found] == [UNITS_AT_A_TIME, UNITS_AT_A_TIME, 3]
    assert [it.reasons[2].numbers for it in found] == [(900,), (1_900,), (2_200,)]


# --- for one unit -------------------------------------------------------------------------------------------------


def test_one_unit_is_told_the_unions_nearby_and_then_its_neighbors_in_order():
    own = unit("A", 4, at(north=0), brand="中通")
    units = [
        own,
        unit("B", 5, at(north=2_000)), unit("C", 5, at(north=800), brand="中通"), unit("D", 5), unit("E", 25),
        unit("F", 5, at(NEXT_STREET, 20), group="other"), unit("G", 5, name=own.name),
        unit("H", 5, at("652302001", 10), county="652302"),
    ]  # fmt: skip
    unions = [union("V", at(north=400)), union("U", at(NEXT_STREET, 100)), union("W", county="652302")]

    found = proposal_for(own, units, unions, most=3)

    assert found.unions == (
        NearUnion(unions[0], (Reason(Why.EXISTING_UNION, "V联合工会"), Reason(Why.SAME_TOWNSHIP),
                              Reason(Why.DISTANCE, numbers=(400,)), Reason(Why.SAME_TRADE, "courier"))),
        NearUnion(unions[1], (Reason(Why.EXISTING_UNION, "U联合工会"),
                              Reason(Why.DISTANCE, numbers=(100,)), Reason(Why.SAME_TRADE, "courier"))),
    )  # fmt: skip
    assert [it.unit.code for it in found.neighbors] == ["C", "B", "D"]
    assert found.neighbors[0] == Neighbor(
        units[2],
        (
            Reason(Why.SAME_TOWNSHIP),
            Reason(Why.DISTANCE, numbers=(800,)),
            Reason(Why.SAME_BRAND, "中通"),
            Reason(Why.SAME_TRADE, "courier"),
        ),
    )
    assert neighbors_of(own, units, most=9)[3] == Neighbor(units[5], (Reason(Why.DISTANCE, numbers=(100,)),))


def test_who_must_form_its_own_is_proposed_nothing():
    assert proposal_for(unit("A", 25), [unit("B")], [union()], most=3) == OwnProposal((), ())


# --- stable and cheap ---------------------------------------------------------------------------------------------

PLACES = [
    place.code
    for node in (*COUNTIES, *ZONES)
    for place in [*townships_of(node)[:3], *(p for p in townships_of(node) if p.is_bingtuan)][:4]
]
COORDINATES = st.none() | st.tuples(st.integers(0, 6), st.integers(0, 6))


@st.composite
def facts(draw):
    """Up to forty units and six joint unions, close together and with many ties."""

    def somewhere(county):
        spot = draw(COORDINATES)
        towns = [code for code in PLACES if code.startswith(county[:6])] or [county]
        region = draw(st.sampled_from([*towns, county]))
        return Place(region, 44 + spot[0] / 50, 87 + spot[1] / 50) if spot else Place(region)

    counties = st.sampled_from(["652301", "652327", "ZD", "652300"])
    trades = st.sampled_from(["courier", "truck_driver"])
    units = []
    for number in range(draw(st.integers(0, 40))):
        county = draw(counties)
        values = {
            "name": f"{draw(st.integers(0, 20))}",
            "group": draw(trades),
            "brand": draw(st.sampled_from(["", "中通"])),
        }
        workers = draw(st.integers(0, 26))
        units.append(Candidate(code=f"E{number}", county=county, place=somewhere(county), workers=workers, **values))
    unions = []
    for number in range(draw(st.integers(0, 6))):
        county = draw(counties)
        places = tuple(somewhere(county) for _ in range(draw(st.integers(0, 4))))
        unions.append(union(f"U{number}", county=county, places=places, group=draw(st.none() | trades)))
    return units, unions


@settings(max_examples=150, deadline=None)
@given(facts(), st.randoms())
def test_the_same_facts_make_the_same_proposals_in_whatever_order_they_come(told, draw):
    units, unions = told
    found = proposals(units, unions)
    shuffled = [draw.sample(each, len(each)) for each in (units, unions)]

    assert proposals(*shuffled) == found


@settings(max_examples=150, deadline=None)
@given(facts())
def test_every_proposal_keeps_the_law(told):
    units, unions = told
    found = proposals(units, unions)

    proposed = [each.code for it in found for each in it.units]
    assert len(proposed) == len(set(proposed))
    for it in found:
        assert len({each.county for each in it.units}) == 1
        assert all(each.is_small for each in it.units)
        assert it.reasons[-1] == Reason(Why.WORKERS, numbers=tuple(each.workers for each in it.units))
        assert sum(it.reasons[-1].numbers) == it.workers
        if it.union:
            assert it.union.county == it.county
            assert it.union.group is None or {each.group for each in it.units} == {it.union.group}
        else:
            assert len({each.name for each in it.units}) >= 2


def spread(draw, number, shape):
    """A place in one township: in one building, close together, along one road, all over it, or not known."""
    if shape == "unknown":
        return Place(STREET)
    north, east = {
        "one building": (0.0, 0.0),
        "a village": (draw.random() / 100, draw.random() / 100),
        "a road": (0.0, number / 10_000),
        "everywhere": (draw.random() / 2, draw.random() / 2),
    }[shape]
    return Place(STREET, 44 + north, 87 + east)


def seconds(rule, *told):
    """Processor time of a rule and what it returns, without what measures coverage meanwhile."""
    watch = sys.gettrace()
    sys.settrace(None)
    started = time.process_time()
    found = rule(*told)
    used = time.process_time() - started
    sys.settrace(watch)
    return used, found


@pytest.mark.parametrize("shape", ["one building", "a village", "a road", "everywhere", "unknown"])
def test_five_thousand_units_of_one_township_are_cheap_wherever_they_are(shape):
    draw = random.Random(7)
    units = [
        unit(
            f"E{n}",
            draw.randint(1, 24),
            spread(draw, n, shape),
            group=draw.choice(["courier", "truck_driver"]),
            brand=draw.choice(["", "中通", "圆通"]),
        )
        for n in range(5_000)
    ]

    used, found = seconds(proposals, units, [])

    assert used < 2
    assert sum(len(it.units) for it in found) == 5_000
    assert max(len(it.units) for it in found) <= ENOUGH_WORKERS + 1
