"""The pages on which a union lives on: what they show before, what they say against it, what is there after."""

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import quote

import pytest
from sqlalchemy import select

from enrollment.storage.unions import Coverage, Employer, Union
from tests import make
from tests.cast import csrf, sign_in
from tests.conftest import counted

AS_OF = "as_of=2021-11-30"
PAPER = "昌工发〔2021〕5号"
VOTED = {"voted_on": "2021-10-20", "approval_number": PAPER, "approved_on": "2021-10-25"}


@pytest.fixture
def cadre(client, cast):
    return sign_in(client)


def text_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def main_of(text):
    """The words of the page, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text.split("<main")[1].split("</main>")[0]))


def sent(client, path, **told):
    """The answer to the form of the page, and what it says."""
    answer = client.post(path, data={**told, "csrf_token": csrf(client, path)})
    return answer, unescape(answer.get_data(as_text=True))


def against(text):
    """What the page says stands against it."""
    return [
        re.sub(r"<[^>]*>", "", line) for line in re.findall(r"<li>(.*?)</li>", text.split("error-summary__list")[1])
    ]


def union_page(cast, query=AS_OF):
    return f"/unions/{cast.joint_union.code}?{query}"


# --- the union's page ----------------------------------------------------------------------------------------------


def test_each_unit_is_shown_with_its_members_beside_its_workers(cadre, cast, session):
    make.member(session, cast.joint_union, employer_id=cast.small_a.id)
    make.member(session, cast.city_pool, employer_id=cast.small_a.id)
    make.member(session, cast.fukang_union, employer_id=cast.small_a.id)

    words = main_of(text_of(cadre, union_page(cast)))
    assert "快马网点 2020-01-01 2 9 Let it leave" in words
    assert "飞驰网点 2020-01-01 0 6 Let it leave" in words
    assert "Needs action" not in words
    assert "Must now form its own" not in words


@pytest.mark.parametrize(("members", "must"), [(24, False), (25, True)])
def test_a_unit_of_25_members_must_now_form_its_own_and_one_of_24_need_not(cadre, cast, session, members, must):
    for _ in range(members):
        make.member(session, cast.joint_union, employer_id=cast.small_a.id)

    words = main_of(text_of(cadre, union_page(cast)))
    assert ("Must now form its own" in words) is must
    assert ("The unit founds a union of its own" in words) is must
    assert "Must now form its own" not in main_of(text_of(cadre, union_page(cast, "as_of=2021-05-31")))


def test_the_union_of_one_unit_has_no_such_mark(cadre, cast, session):
    for _ in range(25):
        make.member(session, cast.shunda_union, employer_id=cast.shunda.id)

    words = main_of(text_of(cadre, f"/unions/{cast.shunda_union.code}?{AS_OF}"))
    assert "Must now form its own" not in words
    assert "Close the unit" in words
    assert "Add a unit" not in words


def test_the_page_of_a_pool_says_what_its_members_wait_for_and_offers_no_end(cadre, cast):
    words = main_of(text_of(cadre, f"/unions/{cast.city_pool.code}?{AS_OF}"))

    assert "These members wait for a union" in words
    for other in ("Units covered before", "Add a unit", "Dissolve the union", "Merge into", "covers no unit"):
        assert other not in words


def test_coverage_on_any_day_tells_why_it_ended_and_by_what(cadre, cast, session):
    [row] = session.scalars(select(Coverage).where(Coverage.employer_id == cast.small_a.id))
    row.until_on, row.ended_cause, row.ended_document = date(2021, 9, 1), "moved_away", PAPER
    session.commit()

    before, after = (main_of(text_of(cadre, union_page(cast, f"as_of=2021-{day}"))) for day in ("08-31", "09-01"))
    assert "Units covered before or later" not in before
    assert "Needs action" not in before
    assert f"快马网点 2020-01-01 2021-09-01 Has moved away {PAPER}" in after
    assert "Needs action Fewer than two units are left." in after
    assert f"快马网点 left 2021-09-01 Has moved away · {PAPER}" in after
    of_unit = main_of(text_of(cadre, f"/employers/{cast.small_a.code}?{AS_OF}"))
    assert f"2020-01-01 2021-09-01 Has moved away {PAPER}" in of_unit


def test_the_page_of_a_union_costs_the_same_for_two_and_for_thirty_units(cadre, cast, session, statements):
    with counted(statements) as for_few:
        text_of(cadre, union_page(cast))
    for n in range(30):
        unit = make.employer(session)
        make.member(session, cast.joint_union, employer_id=unit.id)
        ended = {"until_on": date(2021, 9, 1), "ended_cause": "moved_away", "ended_document": f"文{n}"} if n % 2 else {}
        coverage = {"from_on": date(2021, 2, 1), "begun_document": f"字{n}", **ended}
        session.add(Coverage(union_id=cast.joint_union.id, employer_id=unit.id, **coverage))
    session.commit()
    with counted(statements) as for_many:
        text_of(cadre, union_page(cast))

    assert len(for_many) == len(for_few)


# --- a unit joins --------------------------------------------------------------------------------------------------


def test_a_unit_is_found_among_those_without_a_union_and_joins(cadre, cast, session):
    make.member(session, cast.city_pool, employer_id=cast.uncovered.id)
    make.employer(session, name="阜康网点", county_code="652302")
    make.employer(session, name="关门网点", closed_on=date(2021, 1, 1))
    path = f"/unions/{cast.joint_union.code}/units"
    page = text_of(cadre, path)

    offered = re.findall(r'name="employer_code"[^>]*value="([^"]*)"', page)
    assert offered == [cast.uncovered.code]
    assert "四人网点 · 昌吉市 延安北路街道 · 1 members, 4 workers" in page
    answer, _text = sent(cadre, path, employer_code=cast.uncovered.code, on="2021-11-01", document=PAPER)
    assert (answer.status_code, answer.location) == (303, f"/unions/{cast.joint_union.code}")
    after = main_of(text_of(cadre, answer.location))
    assert f"四人网点 2021-11-01 {PAPER} 1 4 Let it leave" in after
    assert f"四人网点 joined 2021-11-01 1 member moved · {PAPER}" in after


def test_units_are_narrowed_by_a_part_of_the_name(cadre, cast, session):
    make.employer(session, name="百分%网点")
    path = f"/unions/{cast.joint_union.code}/units"

    for asked, codes in (("四人", 1), ("%", 1), ("网点", 2), ("没有", 0), ("x" * 61, 2)):
        page = text_of(cadre, f"{path}?q={quote(asked)}")
        assert len(re.findall(r'name="employer_code"', page)) == codes
    assert "No unit without a union" in text_of(cadre, f"{path}?q={quote('没有')}")


def test_the_list_of_units_costs_the_same_for_one_and_for_thirty(cadre, cast, session, statements):
    path = f"/unions/{cast.joint_union.code}/units"
    with counted(statements) as for_few:
        few = text_of(cadre, path)
    for _ in range(30):
        make.member(session, cast.city_pool, employer_id=make.employer(session).id)
    with counted(statements) as for_many:
        many = text_of(cadre, path)

    assert ["At most 30 are shown" in page for page in (few, many)] == [False, True]
    assert many.count('name="employer_code"') == 30

    assert len(for_many) == len(for_few)


def test_what_stands_against_joining_is_said_and_nothing_typed_is_lost(cadre, cast, session):
    path = f"/unions/{cast.joint_union.code}/units"
    make.member(session, cast.city_pool, on=date(2021, 11, 2), employer_id=cast.uncovered.id, name="李建国")
    answer, page = sent(cadre, path, employer_code=cast.uncovered.code, on="2021-11-01", document=PAPER)

    assert answer.status_code == 422
    assert against(page) == [
        "Some members have an entry of a later day. Choose that day or a later one.",
        "It stands against 1: 李建国",
    ]
    assert f'value="{PAPER}"' in page
    assert 'value="2021-11-01"' in page
    assert re.search(rf'checked[^>]*value="{cast.uncovered.code}"', page)
    assert session.scalars(select(Coverage).where(Coverage.employer_id == cast.uncovered.id)).all() == []


def test_a_unit_that_another_union_took_meanwhile_is_refused_in_words(cadre, cast):
    path = f"/unions/{cast.joint_union.code}/units"
    _answer, page = sent(cadre, path, employer_code=cast.shunda.code, on="2021-11-01", document=PAPER)

    assert against(page) == ["This unit already belongs to a union."]


def test_what_was_left_out_is_asked_for(cadre, cast):
    _answer, page = sent(cadre, f"/unions/{cast.joint_union.code}/units", on="")

    assert against(page) == [
        "Unit: Choose the unit.",
        "Covered from: Enter the day.",
        "Consent of the unit's members: Enter the document it rests on.",
    ]


# --- a unit leaves -------------------------------------------------------------------------------------------------


def test_before_a_unit_leaves_the_page_says_who_moves_and_where_to(cadre, cast, session):
    for union in (cast.joint_union, cast.joint_union, cast.shunda_union):
        make.member(session, union, employer_id=cast.small_a.id)
    path = f"/unions/{cast.joint_union.code}/units/{cast.small_a.code}/end"

    words = main_of(text_of(cadre, path))
    assert "Unit 快马网点 Covered from 2020-01-01 Members who move 2 Where to 昌吉市会员周转库" in words
    answer, _text = sent(cadre, path, cause="by_own_wish", on="2021-11-01", document=PAPER)
    assert answer.location == f"/unions/{cast.joint_union.code}"
    after = main_of(text_of(cadre, answer.location))
    assert f"快马网点 left 2021-11-01 Leaves of its own wish · 2 members moved · {PAPER}" in after
    assert "Needs action" in after


def test_a_unit_of_25_members_is_told_to_found_its_union_first(cadre, cast, session):
    for _ in range(25):
        make.member(session, cast.joint_union, employer_id=cast.small_a.id)

    words = main_of(text_of(cadre, f"/unions/{cast.joint_union.code}/units/{cast.small_a.code}/end"))
    assert "Found its union first" in words


def test_what_stands_against_leaving_is_said_and_nothing_typed_is_lost(cadre, cast):
    path = f"/unions/{cast.joint_union.code}/units/{cast.small_a.code}/end"
    answer, page = sent(cadre, path, cause="reached_25", on="2021-11-01", document=PAPER)

    assert (answer.status_code, against(page)) == (422, ["The unit does not have 25 members."])
    assert f'value="{PAPER}"' in page
    answer, page = sent(cadre, path, on="2999-01-01", document="文" * 121)
    assert against(page) == [
        "Why the unit leaves: Choose why the unit leaves.",
        "First day it is not covered any more: Enter a day that has been.",
        "Document: Enter at most 120 characters.",
    ]


def test_who_comes_second_with_something_else_is_told_and_the_second_tap_is_led_on(cadre, cast):
    path = f"/unions/{cast.joint_union.code}/units/{cast.small_a.code}/end"
    told = {"cause": "by_own_wish", "on": "2021-11-01", "document": PAPER}

    assert [sent(cadre, path, **told)[0].status_code for _ in range(2)] == [303, 303]
    assert sent(cadre, path, **told | {"cause": "moved_away"})[0].status_code == 409


def test_a_unit_that_never_belonged_has_no_such_page(cadre, cast):
    assert cadre.get(f"/unions/{cast.joint_union.code}/units/{cast.uncovered.code}/end").status_code == 404


# --- a unit closes -------------------------------------------------------------------------------------------------


def test_a_unit_closes_and_is_on_no_list_from_that_day(cadre, cast, session):
    make.member(session, cast.shunda_union)
    words = main_of(text_of(cadre, f"/employers/{cast.shunda.code}/close"))

    assert "Union 顺达快递有限公司工会委员会 Members who move 1 Where to 昌吉市会员周转库" in words
    assert "The union ends with the unit" in words
    path = f"/employers/{cast.shunda.code}/close"
    answer, _text = sent(cadre, path, on="2021-11-01", document=PAPER)
    assert (answer.status_code, answer.location) == (303, f"/employers/{cast.shunda.code}")
    after = main_of(text_of(cadre, answer.location))
    assert "Closed on 2021-11-01" in after
    assert "Close the unit" not in after
    listed = [
        text_of(cadre, f"/employers?as_of=2021-{day}").count("顺达快递有限公司</a>") for day in ("10-31", "11-01")
    ]
    assert listed == [1, 0]
    union = main_of(text_of(cadre, f"/unions/{cast.shunda_union.code}"))
    assert f"Dissolved 2021-11-01 The unit has ended · {PAPER}" in union
    assert "Dissolve the union" not in union


def test_a_unit_without_a_union_closes_and_nobody_moves(cadre, cast):
    path = f"/employers/{cast.uncovered.code}/close"

    assert "No union covers this employer, so nobody moves." in main_of(text_of(cadre, path))
    assert sent(cadre, path, on="2021-11-01", document="")[0].status_code == 422
    assert sent(cadre, path, on="2021-11-01", document=PAPER)[0].status_code == 303


def test_from_a_joint_union_only_the_members_of_the_unit_move(cadre, cast, session):
    make.member(session, cast.joint_union, employer_id=cast.small_a.id)
    make.member(session, cast.joint_union)

    words = main_of(text_of(cadre, f"/employers/{cast.small_a.code}/close"))
    assert "Members who move 1 Where to" in words
    assert "The union ends with the unit" not in words


# --- a union ends --------------------------------------------------------------------------------------------------


def test_before_a_union_is_dissolved_the_page_says_who_moves_and_where_to(cadre, cast, session):
    retained = make.member(session, cast.joint_union)
    make.entry(session, retained, cast.joint_union, "retained", date(2021, 7, 1))
    make.member(session, cast.joint_union)
    path = f"/unions/{cast.joint_union.code}/dissolve"

    words = main_of(text_of(cadre, path))
    assert "Members who move 1 Retained memberships, kept retained 1 Where to 昌吉市会员周转库 Units covered 2" in words
    answer, _text = sent(cadre, path, cause="by_vote", on="2021-11-01", **VOTED)
    assert answer.location == f"/unions/{cast.joint_union.code}"
    after = main_of(text_of(cadre, answer.location))
    said = "The members voted for it and the upper union approved · 2021-10-20会员大会通过；2021-10-25批复"
    assert f"Dissolved 2021-11-01 {said} {PAPER}" in after
    assert "left 2021-11-01" not in after


def test_what_stands_against_dissolving_is_said_and_nothing_typed_is_lost(cadre, cast, session):
    path = f"/unions/{cast.joint_union.code}/dissolve"
    answer, page = sent(cadre, path, cause="unit_ended", on="2021-11-01", report="关于撤销的报告")
    assert (answer.status_code, against(page)) == (
        422,
        ["Units it covers still stand. Close them first, or let the members vote."],
    )
    assert 'value="关于撤销的报告"' in page
    _answer, page = sent(cadre, path, cause="by_vote", on="2021-11-01", approval_number=PAPER)
    assert against(page) == ["Enter the day the members voted.", "Enter the day of the reply."]
    _answer, page = sent(cadre, path, on="2021-11-01")
    assert against(page) == ["Why: Choose why the union ends."]


def test_a_county_without_a_pool_is_told_so(cadre, cast, session):
    session.delete(cast.city_pool)
    session.commit()
    path = f"/unions/{cast.joint_union.code}/dissolve"

    assert "Where to —" in main_of(text_of(cadre, path))
    _answer, page = sent(cadre, path, cause="by_vote", on="2021-11-01", **VOTED)
    assert against(page) == [
        "This county has no holding pool yet, so its members would have nowhere to go. Set one up first."
    ]


def test_a_union_becomes_part_of_another_and_both_tell(cadre, cast, session):
    other = make.union(session, name="昌吉市物流联合工会委员会", kind="joint")
    make.union(session, name="已撤联合工会", kind="joint", dissolved_on=date(2021, 1, 1))
    make.member(session, cast.joint_union)
    path = f"/unions/{cast.joint_union.code}/merge"
    page = text_of(cadre, path)

    assert re.findall(r'<option value="([^"]+)"', page) == [other.code]
    assert "Members who move 1 Retained memberships, kept retained 0 Units that move 2" in main_of(page)
    answer, _text = sent(cadre, path, into=other.code, cause="same_trade", on="2021-11-01", **VOTED)
    assert answer.location == f"/unions/{cast.joint_union.code}"
    old, new = (main_of(text_of(cadre, f"/unions/{union.code}")) for union in (cast.joint_union, other))
    assert "Became part of 昌吉市物流联合工会委员会 2021-11-01 Both are of one trade" in old
    assert "Merge into another union" not in old
    assert "昌吉市快递行业联合工会委员会 became part of this union 2021-11-01 Both are of one trade" in new
    assert f"快马网点 2021-11-01 {PAPER} 0 9 Let it leave" in new


def test_what_stands_against_merging_is_said(cadre, cast, session):
    other = make.union(session, kind="joint")
    path = f"/unions/{cast.joint_union.code}/merge"
    _answer, page = sent(cadre, path, on="2021-11-01")
    assert against(page) == [
        "Becomes part of: Choose the union it becomes part of.",
        "Why: Choose why the union ends.",
    ]

    answer, page = sent(cadre, path, into=other.code, cause="too_small", on="2021-10-24", **VOTED)
    assert (answer.status_code, against(page)) == (
        422,
        ["It cannot take effect before the upper union has approved."],
    )
    assert f'<option selected value="{other.code}"' in page
    session.expire_all()
    assert session.get_one(Union, cast.joint_union.id).dissolved_on is None


def test_names_are_told_for_ten_and_counted_for_all(cadre, cast, session):
    for n in range(11):
        make.member(session, cast.joint_union, on=date(2021, 11, 2), employer_id=cast.small_a.id, name=f"人{n}")
    path = f"/unions/{cast.joint_union.code}/units/{cast.small_a.code}/end"
    _answer, page = sent(cadre, path, cause="by_own_wish", on="2021-11-01", document=PAPER)

    assert against(page)[1] == "It stands against 11: " + ", ".join(f"人{n}" for n in range(10))


def test_nothing_can_be_dated_tomorrow(cadre, cast, session):
    path = f"/employers/{cast.uncovered.code}/close"
    tomorrow = date.today() + timedelta(days=2)
    _answer, page = sent(cadre, path, on=tomorrow.isoformat(), document=PAPER)

    assert against(page) == ["First day it is not there any more: Enter a day that has been."]
    session.expire_all()
    assert session.get_one(Employer, cast.uncovered.id).closed_on is None
