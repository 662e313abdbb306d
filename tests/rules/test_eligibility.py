"""ROUTE-1 … ROUTE-10: a worker's facts → which unions, in which order, and what stands in the way."""

from datetime import date, timedelta

import pytest

from enrollment.rules.eligibility import (
    Facts,
    Group,
    Outcome,
    Refusal,
    Relation,
    age_on,
    decide,
    is_minor_worker,
    sixteen_on,
    suggested_refusals,
    under_age,
)

ON = date(2022, 6, 1)
CITY_STREET, OTHER_STREET = "652301001", "652301002"

EMPLOYER = ("single", "employer", CITY_STREET)
AFFILIATE = ("single", "affiliate", CITY_STREET)
INDUSTRY = ("industry", "industry", "652301")
WORK = ("township", "work", CITY_STREET)
HOME = ("township", "home", OTHER_STREET)
POOL = ("pool", "pool", "652301")


def facts(relation=None, group="courier", **changes):
    values = {"work_region": CITY_STREET, "home_region": OTHER_STREET}
    relation = Relation(relation) if relation else None
    return Facts(relation=relation, group=Group(group) if group else None, **values | changes)


def places(answer):
    return [(option.kind, option.place, option.region) for option in answer.options]


# (rule, relation, what else is told, the unions in order, the reasons)
ROUTES = [
    ("ROUTE-1 union", "labor_contract", {"employer_has_union": True}, [EMPLOYER], []),
    ("ROUTE-1 no union", "labor_contract", {"employer_has_union": False}, [WORK, INDUSTRY], []),
    ("ROUTE-1 unknown", "labor_contract", {}, [WORK, INDUSTRY, POOL], ["employer_union_unknown"]),
    (
        "ROUTE-1 union, place unknown: the unit's union ends the search",
        "labor_contract",
        {"employer_has_union": True, "work_region": None},
        [("single", "employer", None)],
        ["work_region_unknown"],
    ),
    ("ROUTE-2 union", "de_facto", {"employer_has_union": True}, [EMPLOYER], []),
    ("ROUTE-2 no union", "de_facto", {"employer_has_union": False}, [WORK, INDUSTRY], []),
    ("ROUTE-2 unknown", "de_facto", {}, [WORK, INDUSTRY, POOL], ["employer_union_unknown"]),
    ("ROUTE-3 union", "incomplete", {"employer_has_union": True}, [WORK, HOME, INDUSTRY, EMPLOYER], []),
    ("ROUTE-3 no union", "incomplete", {"employer_has_union": False}, [WORK, HOME, INDUSTRY], []),
    ("ROUTE-3 unknown", "incomplete", {}, [WORK, HOME, INDUSTRY], []),
    ("ROUTE-4 union", "self_platform", {"employer_has_union": True}, [WORK, HOME, INDUSTRY, EMPLOYER], []),
    ("ROUTE-4 unknown", "self_platform", {}, [WORK, HOME, INDUSTRY], []),
    ("ROUTE-5 agency's union", "dispatch", {"employer_has_union": True, "affiliate_admits": True}, [EMPLOYER], []),
    (
        "ROUTE-5 using unit's union",
        "dispatch",
        {"employer_has_union": False, "affiliate_admits": True},
        [AFFILIATE, WORK, INDUSTRY],
        [],
    ),
    ("ROUTE-5 neither", "dispatch", {"employer_has_union": False}, [WORK, INDUSTRY], []),
    ("ROUTE-5 unknown", "dispatch", {}, [WORK, INDUSTRY, POOL], ["employer_union_unknown"]),
    ("ROUTE-6a admits", "affiliated_owner", {"affiliate_admits": True}, [AFFILIATE, INDUSTRY, WORK, HOME], []),
    ("ROUTE-6a no union", "affiliated_owner", {"affiliate_admits": False}, [INDUSTRY, WORK, HOME], []),
    ("ROUTE-6a unknown", "affiliated_owner", {}, [INDUSTRY, WORK, HOME, POOL], ["affiliate_unknown"]),
    ("ROUTE-6b admits", "affiliated_hired", {"affiliate_admits": True}, [INDUSTRY, WORK, HOME, AFFILIATE], []),
    ("ROUTE-6b no union", "affiliated_hired", {"affiliate_admits": False}, [INDUSTRY, WORK, HOME], []),
    ("ROUTE-7 union", "part_time_multi", {"employer_has_union": True}, [EMPLOYER, WORK, HOME, INDUSTRY], []),
    ("ROUTE-7 no union", "part_time_multi", {"employer_has_union": False}, [WORK, HOME, INDUSTRY], []),
    ("relation unknown", None, {}, [INDUSTRY, WORK, HOME, POOL], ["relation_unknown"]),
    ("principle 3: nothing known", None, {"work_region": None, "home_region": None, "group": None}, [
        ("pool", "pool", "652300"),
    ], ["relation_unknown", "work_region_unknown"]),
    ("principle 4: lives and works in one place", "incomplete", {"home_region": CITY_STREET}, [WORK, INDUSTRY], []),
    ("group other: no trade of its own", "incomplete", {"group": "other"}, [WORK, HOME], []),
    (
        "works outside the prefecture",
        "incomplete",
        {"work_region": "650102002"},
        [HOME, ("industry", "industry", "652300"), POOL],
        ["work_region_outside"],
    ),
    (
        "lives on ground of the Corps",
        "incomplete",
        {"home_region": "652301503"},
        [WORK, INDUSTRY],
        [],
    ),
    (
        "a code 4xx is a park, no township",
        "incomplete",
        {"work_region": "652324400"},
        [("park", "work", "652324400"), HOME, ("industry", "industry", "652324")],
        [],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("relation", "told", "unions", "reasons"), [row[1:] for row in ROUTES], ids=[row[0] for row in ROUTES]
)
def test_each_relation_leads_to_its_unions_in_the_order_of_the_law(relation, told, unions, reasons):
    answer = decide(facts(relation, **told), ON)

    assert answer.outcome is Outcome.UNIONS
    assert places(answer) == unions
    assert list(answer.reasons) == reasons


def test_the_affiliated_owner_of_the_newspaper_may_choose_trade_zone_or_home():
    asked = facts("affiliated_owner", "truck_driver", affiliate_admits=False, work_region="ZD", home_region="652328100")
    answer = decide(asked, ON)

    assert answer.outcome is Outcome.UNIONS
    assert places(answer) == [
        ("industry", "industry", "ZD"),
        ("park", "work", "ZD"),
        ("township", "home", "652328100"),
    ]
    assert [option.reason for option in answer.options] == [
        "industry_truck_driver",
        "park_of_work",
        "township_of_home",
    ]


# Each row: rule; what is told; outcome; reasons.
BLOCKS = [
    ("ELIG-R too young", {"birth_date": date(2006, 6, 2)}, "not_yet", ["under_16"]),
    ("ELIG-R already a member", {"already_member": True}, "transfer", ["already_member"]),
    ("ROUTE-8 boss", {"relation": "boss"}, "manual_review", ["employs_others"]),
    ("ROUTE-8 hires 1", {"hires": 1}, "manual_review", ["employs_others"]),
    ("ROUTE-9 retired", {"relation": "retired_rehired"}, "manual_review", ["retired_rehired"]),
    ("ROUTE-10 said so", {"relation": "bingtuan"}, "referral", ["bingtuan"]),
    ("ROUTE-10 farm 5xx", {"work_region": "652323520"}, "referral", ["bingtuan"]),
    ("ROUTE-10 Wujiaqu", {"work_region": "659004"}, "referral", ["bingtuan"]),
    ("ROUTE-10 street of Wujiaqu", {"work_region": "659004001"}, "referral", ["bingtuan"]),
    (
        "too young goes before member",
        {"birth_date": date(2010, 1, 1), "already_member": True, "relation": "boss"},
        "not_yet",
        ["under_16", "already_member", "employs_others"],
    ),
    (
        "member goes before Corps",
        {"already_member": True, "work_region": "652323520"},
        "transfer",
        ["already_member", "bingtuan"],
    ),
    (
        "Corps goes before a person's look",
        {"relation": "boss", "work_region": "652323520", "hires": 3},
        "referral",
        ["bingtuan", "employs_others"],
    ),
    (
        "REG-15 a retired member stays where the membership is",
        {"relation": "retired_rehired", "already_member": True},
        "transfer",
        ["already_member", "retired_rehired"],
    ),
]


@pytest.mark.parametrize(("told", "outcome", "reasons"), [row[1:] for row in BLOCKS], ids=[row[0] for row in BLOCKS])
def test_everything_in_the_way_is_named_and_the_gravest_decides(told, outcome, reasons):
    answer = decide(facts(**{"relation": "incomplete"} | told), ON)

    assert answer.outcome == outcome
    assert list(answer.reasons) == reasons
    assert (answer.options == ()) == (reasons != ["already_member"])


def test_a_member_is_shown_where_the_membership_can_move():
    assert places(decide(facts("incomplete", already_member=True), ON)) == [WORK, HOME, INDUSTRY]


@pytest.mark.parametrize("hires", [0, None])
def test_who_employs_nobody_is_a_worker(hires):
    assert decide(facts("incomplete", hires=hires), ON).outcome is Outcome.UNIONS


@pytest.mark.parametrize(
    ("birth", "on", "age", "too_young"),
    [
        (date(2006, 6, 1), date(2022, 5, 31), 15, True),
        (date(2006, 6, 1), date(2022, 6, 1), 16, False),
        (date(2008, 2, 29), date(2024, 2, 28), 15, True),
        (date(2008, 2, 29), date(2024, 2, 29), 16, False),
        (date(2004, 2, 29), date(2021, 2, 28), 16, False),
        (date(2004, 2, 29), date(2021, 3, 1), 17, False),
    ],
    ids=["day before", "birthday", "leap, day before", "leap birthday", "common year, 28 Feb", "common year, 1 March"],
)
def test_sixteen_is_reached_on_the_birthday(birth, on, age, too_young):
    assert age_on(birth, on) == age
    assert under_age(birth, on) is too_young


def test_the_right_of_gig_workers_is_cited_from_the_day_it_was_law():
    before, after = (decide(facts("incomplete"), on) for on in (date(2021, 12, 31), date(2022, 1, 1)))

    assert before.sources == ("CH-1", "LAW-1")
    assert after.sources == ("CH-1", "LAW-1", "LAW-2")
    assert [option.sources for option in before.options] == [
        ("ROUTE-3", "REG-5"),
        ("ROUTE-3", "REG-5"),
        ("ROUTE-3", "LAW-6"),
    ]
    assert all("LAW-2" in option.sources for option in after.options)


@pytest.mark.parametrize("relation", list(Relation))
def test_no_rule_is_cited_before_it_was_in_force(relation):
    told = {"employer_has_union": True, "affiliate_admits": True}
    answer = decide(facts(relation, **told), date(2008, 1, 1))

    assert answer.sources == ()
    assert [option.sources for option in answer.options] == [()] * len(answer.options)


def test_the_grounds_of_refusal_are_the_closed_list_of_eight():
    assert [ground.value for ground in Refusal] == [
        "under_16",
        "already_member",
        "not_voluntary",
        "rejects_charter",
        "outside_this_union",
        "untrue_documents",
        "employs_others",
        "bingtuan",
    ]


def test_the_answers_own_reasons_suggest_the_ground_and_nothing_else_does():
    young = decide(facts("labor_contract", birth_date=date(2010, 1, 1)), ON)
    unsure = decide(facts("labor_contract"), ON)
    retired = decide(facts("retired_rehired"), ON)

    assert suggested_refusals(young) == (Refusal.UNDER_16,)
    assert suggested_refusals(unsure) == ()
    assert suggested_refusals(retired) == ()


def test_a_township_inside_a_zone_has_two_unions():
    answer = decide(facts("incomplete", work_region="652327106", home_region="ZD"), ON)

    assert places(answer) == [
        ("park", "work", "ZD"),
        ("township", "work", "652327106"),
        ("industry", "industry", "ZD"),
    ]


def test_a_county_without_its_township_names_no_township_union_but_the_pool():
    answer = decide(facts("incomplete", work_region="652328", home_region="652328100"), ON)

    assert places(answer) == [
        ("township", "home", "652328100"),
        ("industry", "industry", "652328"),
        ("pool", "pool", "652328"),
    ]
    assert answer.reasons == ("township_unknown",)


@pytest.mark.parametrize(
    ("birth", "sixteen"),
    [
        (date(2008, 2, 29), date(2024, 2, 29)),
        (date(2010, 6, 1), date(2026, 6, 1)),
        (date(2084, 2, 29), date(2100, 3, 1)),
    ],
)
def test_the_day_to_come_back_is_the_first_day_somebody_is_not_too_young(birth, sixteen):
    assert sixteen_on(birth) == sixteen
    assert not under_age(birth, sixteen)
    assert under_age(birth, sixteen - timedelta(days=1))


@pytest.mark.parametrize(
    ("on", "minor"),
    [(date(2026, 5, 31), False), (date(2026, 6, 1), True), (date(2028, 5, 31), True), (date(2028, 6, 1), False)],
    ids=["15", "16", "17, last day", "18"],
)
def test_sixteen_and_seventeen_are_protected_as_minors(on, minor):
    assert is_minor_worker(date(2010, 6, 1), on) is minor
