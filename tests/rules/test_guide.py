"""The guide: plain questions lead to every relation of domain 6.2, and nobody ends without a next step."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrollment.rules import guide
from enrollment.rules.eligibility import Facts, Group, Outcome, Place, Relation, decide, fallback
from enrollment.rules.guide import Question, choices, facts_of, next_detail, next_question, valid, with_answer
from enrollment.rules.regions import COUNTIES, REGIONS, ZONES

ON = date(2026, 11, 25)


def answers(text):
    """``group=courier pay=wage`` as a person's answers."""
    return dict(pair.split("=", 1) for pair in text.split())


# What a person answers → the relation stored, and how many they employ.
WAYS = [
    ("ROUTE-1", "group=courier pay=wage contract=signed", "labor_contract", None),
    ("ROUTE-2", "group=courier pay=wage contract=not_signed", "de_facto", None),
    ("ROUTE-3", "group=food_rider pay=station", "incomplete", None),
    ("ROUTE-4", "group=ride_hailing_driver pay=app", "self_platform", None),
    ("ROUTE-4 own truck, own papers", "group=truck_driver pay=myself papers=person hires=0", "self_platform", 0),
    ("ROUTE-5", "group=courier pay=agency", "dispatch", None),
    ("ROUTE-5 found at the contract", "group=courier pay=wage contract=agency", "dispatch", None),
    ("ROUTE-6a", "group=truck_driver pay=myself papers=company hires=0", "affiliated_owner", 0),
    ("ROUTE-6a employs two", "group=truck_driver pay=myself papers=company hires=2", "affiliated_owner", 2),
    ("ROUTE-6b", "group=truck_driver pay=truck_owner papers=company", "affiliated_hired", None),
    ("ROUTE-7", "group=food_rider pay=several", "part_time_multi", None),
    ("ROUTE-8", "group=courier pay=myself hires=3", "boss", 3),
    ("ROUTE-9", "group=courier pay=pension", "retired_rehired", None),
    ("ROUTE-9 found at the contract", "group=courier pay=wage contract=pension", "retired_rehired", None),
    ("no line of his own", "group=truck_driver pay=truck_owner papers=person", None, None),
    ("papers not known", "group=truck_driver pay=myself papers=unsure hires=0", None, 0),
    ("nothing known", "group=courier pay=unsure", None, None),
]


@pytest.mark.parametrize(("told", "relation", "hires"), [row[1:] for row in WAYS], ids=[row[0] for row in WAYS])
def test_each_way_through_the_questions_ends_in_its_relation(told, relation, hires):
    facts = facts_of(answers(told))

    assert next_question(answers(told)) is None
    assert (facts.relation, facts.hires) == (relation, hires)


def test_every_relation_is_reached_by_plain_answers_or_by_the_place():
    reached = {relation for *_, relation, _hires in WAYS if relation}

    assert reached | {"bingtuan"} == {relation.value for relation in Relation}


@pytest.mark.parametrize(
    ("told", "asks"),
    [
        ("", "group"),
        ("group=courier", "pay"),
        ("group=courier pay=station", None),
        ("group=courier pay=wage", "contract"),
        ("group=truck_driver pay=myself", "papers"),
        ("group=truck_driver pay=myself papers=company", "hires"),
        ("group=truck_driver pay=truck_owner", "papers"),
        ("group=courier pay=myself", "hires"),
        ("pay=station", "group"),
    ],
)
def test_only_what_matters_is_asked_one_after_the_other(told, asks):
    assert next_question(answers(told)) == asks


OWNER = "group=truck_driver pay=myself papers=company hires=0"


@pytest.mark.parametrize(
    ("told", "known", "asks"),
    [
        (OWNER, False, "work_county"),
        (f"{OWNER} work_county=652301", False, "work_region"),
        (f"{OWNER} work_region=ZD", False, "home_county"),
        (f"{OWNER} work_region=ZD home_county=652328", False, "home_region"),
        (f"{OWNER} work_region=ZD home_region=652328100", False, "employer_name"),
        (f"{OWNER} work_region=ZD home_region=652328100 employer_name=x", False, "company_union"),
        (f"{OWNER} work_region=ZD home_region=652328100 employer_name=x", True, None),
        (f"{OWNER} work_region=ZD home_region=652328100 employer_name=x company_union=no", False, None),
        ("group=food_rider pay=app work_region=ZD home_region=ZD", False, None),
        (f"{OWNER} work_region=652323520", False, None),
    ],
)
def test_places_and_company_are_asked_until_they_would_change_nothing(told, known, asks):
    assert next_detail(answers(told), ON, company_known=known) == asks


@pytest.mark.parametrize(
    ("told", "question", "answer", "now"),
    [
        ("", "work_county", "652301", {"work_county": "652301"}),
        ("work_county=652301", "work_region", "652301001", {"work_region": "652301001"}),
        ("", "work_county", "659004", {"work_region": "659004"}),
        ("", "work_county", "outside", {"work_region": "outside"}),
        ("work_region=ZD", "home_county", "same", {"work_region": "ZD", "home_region": "ZD"}),
        ("", "home_county", "outside", {"home_region": "outside"}),
        ("home_county=652328", "home_region", "652328", {"home_region": "652328"}),
    ],
)
def test_a_county_is_only_the_way_to_a_place(told, question, answer, now):
    assert with_answer(answers(told), Question(question), answer) == now


@pytest.mark.parametrize(
    ("told", "asked", "back"),
    [
        ("group=courier pay=wage", "contract", "group=courier"),
        ("group=courier work_region=ZD employer_name=x", "pay", "work_region=ZD employer_name=x"),
        (f"{OWNER} work_region=ZD home_county=652328", "home_region", f"{OWNER} work_region=ZD"),
        ("work_region=ZD", "group", "work_region=ZD"),
    ],
    ids=["the answer before", "what a poster answered stays", "a place", "the first question"],
)
def test_the_way_back_asks_the_question_before_again(told, asked, back):
    assert guide.back_from(answers(told), Question(asked)) == answers(back)


def test_the_townships_of_a_county_end_with_the_county_itself():
    offered = choices(Question.WORK_REGION, {"work_county": "652328"})

    assert offered[0] == "652328100"
    assert offered[-1] == "652328"
    assert choices(Question.HOME_REGION, {"home_county": "ZD"}) == ("652325109", "652327106", "ZD")
    assert choices(Question.WORK_REGION, {}) == ()


def test_what_usually_pays_in_the_trade_comes_first():
    first = {group: choices(Question.PAY, {"group": group})[0] for group in Group}

    assert first == {
        "truck_driver": "myself", "courier": "wage", "food_rider": "station", "ride_hailing_driver": "app",
        "other": "wage",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"group": "pilot", "pay": "wage"}, {"pay": "wage"}),
        ({"group": "courier", "pay": "gold"}, {"group": "courier"}),
        ({"group": "courier", "pay": "truck_owner"}, {"group": "courier"}),
        ({"work_region": "652300"}, {}),
        ({"work_region": "110101"}, {}),
        ({"work_region": "659004", "home_region": "outside"}, {"work_region": "659004", "home_region": "outside"}),
        ({"employer_name": "  顺达  ", "via": "e-1"}, {"employer_name": "顺达"}),
        ({"employer_name": "x" * 121}, {}),
        ({"hires": "-1", "company_union": "perhaps"}, {}),
    ],
)
def test_what_is_no_answer_is_asked_again(told, kept):
    assert valid(told) == kept


def test_what_our_lists_say_of_a_company_goes_before_what_was_said():
    told = answers("group=courier pay=wage contract=signed company_union=no")

    assert facts_of(told).employer_has_union is False
    assert facts_of(told, known_union=True).employer_has_union is True
    assert facts_of(answers(f"{OWNER} company_union=yes")).affiliate_admits is True
    assert facts_of(answers(OWNER), known_union=False).affiliate_admits is False


# --- nobody ends without a next step ------------------------------------------------------------------------------


def walk(pick):
    """All the way through the guide; ``pick`` chooses among the answers of each question."""
    told = {}
    while (question := next_question(told) or next_detail(told, ON)) is not None:
        offered = choices(question, told) or ("顺达快递有限公司",)
        told = with_answer(told, question, pick(offered))
    return told


def next_steps(facts, on):
    """What somebody with these facts can do next: join a union, be looked at, be referred, come back, move."""
    answer = decide(facts, on)
    steps = [f"join:{option.kind}" for option in answer.options]
    if answer.outcome is Outcome.UNIONS:
        steps.append(f"join:{fallback(facts, on).kind}")
    return steps + [step for step in ("manual_review", "referral", "not_yet", "transfer") if step == answer.outcome]


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_every_combination_of_answers_ends_in_a_next_step(data):
    told = walk(lambda offered: data.draw(st.sampled_from(offered)))
    born = data.draw(st.none() | st.dates(date(1950, 1, 1), date(2015, 1, 1)))
    on = data.draw(st.sampled_from([ON, date(2021, 11, 30)]))

    facts = facts_of(told, birth_date=born)

    assert next_steps(facts, on)
    assert valid(told) == told


@given(
    st.builds(
        Facts,
        group=st.none() | st.sampled_from(Group),
        relation=st.none() | st.sampled_from(Relation),
        birth_date=st.none() | st.dates(date(1950, 1, 1), date(2015, 1, 1)),
        work_region=st.none() | st.sampled_from([*COUNTIES, *ZONES, "652323520", "659004", "outside", "652327106"]),
        home_region=st.none() | st.sampled_from(sorted(REGIONS)),
        employer_has_union=st.sampled_from([True, False, None]),
        affiliate_admits=st.sampled_from([True, False, None]),
        hires=st.sampled_from([None, 0, 1, 2]),
        already_member=st.sampled_from([True, False, None]),
    )
)
@settings(max_examples=500, deadline=None)
def test_every_combination_of_facts_ends_in_a_next_step_and_names_no_union_twice(facts):
    answer = decide(facts, ON)

    assert next_steps(facts, ON)
    named = [(option.kind, option.region) for option in answer.options if option.place not in _COMPANY]
    assert len(named) == len(set(named))


_COMPANY = (Place.EMPLOYER, Place.AFFILIATE)
