"""Who may join a union that lives, what an end rests on: one row per clause of BUILD-1, BUILD-7, LAW-9 and CH-11."""

from datetime import date, timedelta

import pytest

from enrollment.rules.coverage import (
    UNIT_LEAVES,
    DissolutionCause,
    EndCause,
    MergeCause,
    Papers,
    missing_for_beginning,
    missing_for_closing,
    missing_for_dissolution,
    missing_for_end,
    missing_for_merge,
    must_form_own,
    warnings_for,
)
from enrollment.rules.kinds import INDUSTRY, JOINT, KINDS, PARK, POOL, SINGLE, TOWNSHIP
from enrollment.rules.statute import provision

FOUNDED, FROM, DAY, TODAY = date(2020, 1, 1), date(2021, 3, 1), date(2021, 11, 1), date(2021, 11, 30)
ONE = timedelta(days=1)
PAPER = "昌工发〔2021〕5号"
VOTED = Papers(voted_on=date(2021, 10, 20), approval_number=PAPER, approved_on=DAY)


@pytest.mark.parametrize(("members", "must"), [(0, False), (24, False), (25, True), (26, True)])
def test_from_25_members_on_a_unit_must_form_its_own(members, must):
    assert must_form_own(members) is must


@pytest.mark.parametrize(
    ("kind", "units", "warned"),
    [(JOINT, 2, False), (JOINT, 1, True), (JOINT, 0, True), (INDUSTRY, 0, False), (TOWNSHIP, 0, False)],
)
def test_a_joint_union_of_fewer_than_two_units_needs_action(kind, units, warned):
    assert warnings_for(kind, units) == (("below_two_units",) if warned else ())


def test_units_join_and_leave_only_unions_that_may_cover_several():
    assert [kind for kind in KINDS.values() if kind.may_cover_several] == [JOINT, INDUSTRY, TOWNSHIP, PARK]
    assert [kind for kind in KINDS.values() if kind.holds] == [POOL]


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({}, ()),
        ({"kind": TOWNSHIP}, ()),
        ({"kind": SINGLE}, ("takes_no_unit",)),
        ({"kind": POOL}, ("takes_no_unit",)),
        ({"members_of_unit": 24}, ()),
        ({"members_of_unit": 25}, ("a_unit_must_form_own",)),
        ({"document": ""}, ("document_missing",)),
        ({"on": TODAY}, ()),
        ({"on": TODAY + ONE}, ("in_the_future",)),
        ({"on": FOUNDED}, ()),
        ({"on": FOUNDED - ONE}, ("before_founding",)),
        ({"kind": SINGLE, "members_of_unit": 30, "document": ""},
         ("takes_no_unit", "a_unit_must_form_own", "document_missing")),
    ],
)  # fmt: skip
def test_a_unit_joins_with_consent_while_it_need_not_form_its_own(changed, reasons):
    asked = {"kind": JOINT, "members_of_unit": 4, "document": PAPER, "on": DAY} | changed

    assert missing_for_beginning(asked.pop("kind"), founded_on=FOUNDED, today=TODAY, **asked) == reasons


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({}, ()),
        ({"cause": EndCause.MOVED_AWAY}, ()),
        ({"cause": EndCause.REACHED_25, "members_of_unit": 25}, ()),
        ({"cause": EndCause.REACHED_25, "members_of_unit": 24}, ("not_reached_25",)),
        ({"members_of_unit": 25}, ()),
        ({"cause": EndCause.UNIT_CLOSED}, ("end_cause_missing",)),
        ({"cause": EndCause.UNION_MERGED}, ("end_cause_missing",)),
        ({"document": ""}, ("document_missing",)),
        ({"on": TODAY}, ()),
        ({"on": TODAY + ONE}, ("in_the_future",)),
        ({"on": FROM + ONE}, ()),
        ({"on": FROM}, ("before_coverage_began",)),
        ({"on": FROM - ONE, "document": ""}, ("document_missing", "before_coverage_began")),
    ],
)
def test_a_unit_leaves_for_a_cause_by_a_document_after_a_day_at_least(changed, reasons):
    asked = {"cause": EndCause.BY_OWN_WISH, "members_of_unit": 4, "document": PAPER, "on": DAY} | changed

    assert missing_for_end(asked.pop("cause"), from_on=FROM, today=TODAY, **asked) == reasons


def test_a_unit_that_goes_on_leaves_for_three_causes():
    assert UNIT_LEAVES == ("reached_25", "by_own_wish", "moved_away")


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({}, ()),
        ({"document": ""}, ("document_missing",)),
        ({"on": TODAY}, ()),
        ({"on": TODAY + ONE}, ("in_the_future",)),
        ({"covered_later": True}, ("something_later",)),
    ],
)
def test_a_unit_is_closed_by_a_document_on_a_day_that_has_been(changed, reasons):
    asked = {"document": PAPER, "on": DAY, "covered_later": False} | changed

    assert missing_for_closing(today=TODAY, **asked) == reasons


DAYS = [
    ({"on": TODAY}, ()),
    ({"on": TODAY + ONE}, ("in_the_future",)),
    ({"founded_on": DAY - ONE}, ()),
    ({"founded_on": DAY}, ("before_founding",)),
    ({"kind": POOL}, ("pool_does_not_end",)),
]
VOTES = [
    ({"papers": Papers()}, ("vote_missing", "approval_number_missing", "approval_day_missing")),
    ({"papers": Papers(report=PAPER)}, ("vote_missing", "approval_number_missing", "approval_day_missing")),
    ({"papers": Papers(voted_on=DAY, approved_on=DAY, approval_number=PAPER)}, ()),
    ({"papers": Papers(approved_on=DAY, approval_number=PAPER)}, ("vote_missing",)),
    ({"papers": Papers(voted_on=DAY, approved_on=DAY)}, ("approval_number_missing",)),
    ({"papers": Papers(voted_on=DAY, approval_number=PAPER)}, ("approval_day_missing",)),
    ({"papers": Papers(voted_on=DAY, approved_on=DAY - ONE, approval_number=PAPER)}, ("approved_before_vote",)),
    ({"papers": Papers(voted_on=DAY, approved_on=DAY + ONE, approval_number=PAPER)}, ("before_approval",)),
]


def dissolution(**changed):
    asked = {
        "cause": DissolutionCause.BY_VOTE,
        "kind": JOINT,
        "papers": VOTED,
        "units_standing": 2,
        "on": DAY,
        "founded_on": FOUNDED,
    } | changed
    return missing_for_dissolution(asked.pop("cause"), asked.pop("kind"), asked.pop("papers"), today=TODAY, **asked)


@pytest.mark.parametrize(("changed", "reasons"), [*DAYS, *VOTES])
def test_members_vote_and_the_upper_union_approves_before_a_union_ends(changed, reasons):
    assert dissolution(**changed) == reasons


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        *DAYS,
        ({"papers": Papers()}, ("report_missing",)),
        ({"papers": VOTED}, ("report_missing",)),
        ({"kind": SINGLE, "units_standing": 1}, ()),
        ({"units_standing": 1}, ("units_still_stand",)),
    ],
)
def test_when_the_unit_has_ended_a_report_is_enough(changed, reasons):
    asked = {"cause": DissolutionCause.UNIT_ENDED, "papers": Papers(report=PAPER), "units_standing": 0} | changed

    assert dissolution(**asked) == reasons


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        *DAYS,
        *VOTES,
        ({"into": POOL}, ("merge_into_a_union",)),
        ({"into": SINGLE, "units_together": 1}, ()),
        ({"into": SINGLE, "units_together": 2}, ("takes_no_unit",)),
        ({"units_together": 40}, ()),
        ({"largest_unit": 24}, ()),
        ({"largest_unit": 25}, ("a_unit_must_form_own",)),
    ],
)
def test_a_union_becomes_part_of_another_by_vote_and_approval(changed, reasons):
    asked = {
        "kind": JOINT,
        "into": JOINT,
        "papers": VOTED,
        "units_together": 4,
        "largest_unit": 9,
        "on": DAY,
        "founded_on": FOUNDED,
    } | changed

    kinds = (asked.pop("kind"), asked.pop("into"), asked.pop("papers"))
    assert missing_for_merge(*kinds, today=TODAY, **asked) == reasons
    assert set(MergeCause) == {"too_small", "same_trade", "same_place"}


@pytest.mark.parametrize(
    ("papers", "reference", "document"),
    [
        (Papers(), "", ""),
        (Papers(report="关于撤销工会的报告"), "关于撤销工会的报告", "关于撤销工会的报告"),
        (VOTED, PAPER, f"2021-10-20会员大会通过；2021-11-01批复 {PAPER}"),
        (Papers(approval_number=PAPER), PAPER, PAPER),
    ],
)
def test_what_an_end_rests_on_is_one_line_for_the_archive(papers, reference, document):
    assert (papers.reference, papers.document) == (reference, document)


@pytest.mark.parametrize("rule_id", ["LAW-9", "CH-11", "CH-17", "REG-16"])
@pytest.mark.parametrize("on", [date(2021, 11, 30), date(2026, 11, 25)])
def test_the_clauses_told_on_the_pages_are_in_force(rule_id, on):
    assert provision(rule_id, on) is not None


def test_the_amendment_moved_the_clause_on_dissolution():
    assert provision("LAW-9", date(2022, 1, 1)).title.endswith("第十三条")
    assert provision("LAW-9", date(2021, 12, 31)).title == "《中华人民共和国工会法》（2009年修正）"
