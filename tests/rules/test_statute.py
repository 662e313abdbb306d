"""Provisions with their dates; the numbers the law fixes."""

from datetime import date, timedelta
from itertools import combinations

import pytest

from enrollment.rules import statute
from enrollment.rules.statute import PROVISIONS, Provision, cite, provision


def test_the_law_fixes_these_numbers():
    assert statute.MUST_FORM_MEMBERS == 25
    assert statute.JOINT_MIN_UNITS == 2
    assert statute.OWN_COMMITTEE_MIN_CANDIDATES == 4
    assert statute.MIN_AGE_YEARS == 16
    assert statute.FOUNDING_REPLY_DAYS == 15


@pytest.mark.parametrize("rule_id", sorted({each.id for each in PROVISIONS}))
def test_no_two_versions_of_a_clause_are_in_force_on_one_day(rule_id):
    versions = [each for each in PROVISIONS if each.id == rule_id]

    for one, other in combinations(versions, 2):
        first, second = sorted((one, other), key=lambda each: each.from_on)
        assert first.until_on is not None
        assert first.until_on <= second.from_on
    assert all(each.until_on is None or each.from_on < each.until_on for each in versions)


def test_a_clause_is_in_force_from_its_first_day_until_before_its_last():
    clause = Provision("X", "条", date(2020, 1, 1), date(2021, 1, 1))

    days = (date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1))
    assert [clause.in_force(day) for day in days] == [False, True, True, False]


LAST_DAY_OF_THE_OLD_LAW = date(2021, 12, 31)

# rule, on the last day of the law of 2009, on the first day of the law of 2021. Unchecked articles are not printed.
TITLES = [
    ("LAW-1", "《中华人民共和国工会法》（2009年修正）第三条", "《中华人民共和国工会法》（2021年修正）第三条第一款"),
    ("LAW-2", None, "《中华人民共和国工会法》（2021年修正）第三条第二款"),
    ("LAW-3", "《中华人民共和国工会法》（2009年修正）第九条", "《中华人民共和国工会法》（2021年修正）第十条第二款"),
    ("LAW-5", "《中华人民共和国工会法》（2009年修正）", "《中华人民共和国工会法》（2021年修正）第十一条第一款"),
    ("LAW-6", "《中华人民共和国工会法》（2009年修正）", "《中华人民共和国工会法》（2021年修正）第十一条"),
    ("LAW-7", "《中华人民共和国工会法》（2009年修正）第十一条", "《中华人民共和国工会法》（2021年修正）第十二条第一款"),
    ("CH-1", "《中国工会章程》第一条", "《中国工会章程》第一条"),
    ("REG-4", "《工会会员会籍管理办法》", "《工会会员会籍管理办法》"),
    ("AGE-16", "《中华人民共和国劳动法》第十五条", "《中华人民共和国劳动法》第十五条"),
    ("BUILD-5", "《快递暂行条例》第十八条", "《快递暂行条例》第十八条"),
    ("ELEC-8", "《工会基层组织选举工作条例》", "《工会基层组织选举工作条例》"),
]


@pytest.mark.parametrize(("rule_id", "before", "after"), TITLES, ids=[row[0] for row in TITLES])
def test_a_clause_is_cited_as_it_stood_on_the_day(rule_id, before, after):
    found = [provision(rule_id, LAST_DAY_OF_THE_OLD_LAW + timedelta(days=n)) for n in (0, 1)]

    assert [clause and clause.title for clause in found] == [before, after]


@pytest.mark.parametrize("rule_id", ["CH-1", "CH-2", "CH-9"])
def test_the_charter_of_2023_is_cited_by_name_since_nobody_has_checked_its_articles(rule_id):
    assert provision(rule_id, date(2023, 10, 11)).title.startswith("《中国工会章程》第")
    assert provision(rule_id, date(2023, 10, 12)).title == "《中国工会章程》"


def test_only_what_was_in_force_is_cited_and_in_the_order_given():
    asked = ("LAW-2", "CH-1", "LAW-1", "NO-SUCH")

    assert cite(asked, date(2021, 12, 31)) == ("CH-1", "LAW-1")
    assert cite(asked, date(2022, 1, 1)) == ("LAW-2", "CH-1", "LAW-1")
