"""Names of unions (domain 7.3): how they end, what stands before it, and what is only unusual."""

import pytest

from enrollment.rules.founding import NEW_JOINT, ONE_OFFICER, OWN_COMMITTEE, suggested_name
from enrollment.rules.union_names import name_objections, name_warnings

NAMES = [
    ("7.3 joint", NEW_JOINT, "昌吉市快递行业联合工会委员会", ()),
    ("7.3 joint by a park", NEW_JOINT, "准东开发区联合工会委员会", ()),
    ("7.3 joint without 联合", NEW_JOINT, "昌吉市快递行业工会委员会", ("joint_name_ending",)),
    ("7.3 joint without 委员会", NEW_JOINT, "昌吉市快递行业联合工会", ("joint_name_ending",)),
    ("7.3 joint ends otherwise", NEW_JOINT, "昌吉市快递行业联合工会委员会（筹）", ("joint_name_ending",)),
    ("7.3 joint of nobody", NEW_JOINT, "联合工会委员会", ("name_says_too_little",)),
    ("7.3 joint of one character", NEW_JOINT, "甲联合工会委员会", ("name_says_too_little",)),
    ("7.3 joint of two characters", NEW_JOINT, "昌吉联合工会委员会", ()),
    ("7.3 joint without a name", NEW_JOINT, "", ("joint_name_ending",)),
    ("7.3 single", OWN_COMMITTEE, "顺达快递有限公司工会委员会", ()),
    ("7.3 single as a joint one", OWN_COMMITTEE, "顺达快递联合工会委员会", ("name_ending",)),
    ("7.3 single with 工会 alone", OWN_COMMITTEE, "顺达快递有限公司工会", ("name_ending",)),
    ("7.3 single of nobody", OWN_COMMITTEE, "工会委员会", ("name_says_too_little",)),
    ("7.3 single of one character", OWN_COMMITTEE, "甲工会委员会", ("name_says_too_little",)),
    ("7.3 single without a name", OWN_COMMITTEE, "", ("name_ending",)),
    ("7.3 one officer", ONE_OFFICER, "四人网点工会委员会", ()),
    ("7.3 one officer with 工会 alone", ONE_OFFICER, "四人网点工会", ()),
    ("7.3 one officer as a joint one", ONE_OFFICER, "四人网点联合工会委员会", ("name_ending",)),
    ("7.3 one officer of nobody", ONE_OFFICER, "工会", ("name_says_too_little",)),
    ("7.3 one officer of one character", ONE_OFFICER, "甲工会", ("name_says_too_little",)),
    ("7.3 one officer: a committee of one character", ONE_OFFICER, "甲工会委员会", ("name_says_too_little",)),
    ("7.3 one officer ends otherwise", ONE_OFFICER, "四人网点", ("name_ending",)),
]


@pytest.mark.parametrize(("way", "name", "reasons"), [row[1:] for row in NAMES], ids=[row[0] for row in NAMES])
def test_a_name_ends_as_its_kind_does_and_says_whose_union_it_is(way, name, reasons):
    assert name_objections(name, way) == reasons


@pytest.mark.parametrize(
    ("way", "place"), [(NEW_JOINT, "昌吉市快递行业"), (OWN_COMMITTEE, ""), (ONE_OFFICER, "")]
)  # fmt: skip
def test_nothing_stands_against_the_name_that_is_proposed(way, place):
    assert name_objections(suggested_name(way, "四人网点", place), way) == ()


@pytest.mark.parametrize(
    ("name", "warnings"),
    [
        ("昌吉市快递行业联合工会委员会", ()),
        ("昌吉市道路货运行业联合工会委员会", ()),
        *(
            (f"昌吉市{occupation}联合工会委员会", ("name_is_an_occupation",))
            for occupation in (
                "快递员", "货车司机", "网约车司机", "骑手", "送餐员", "网约送餐员", "外卖员", "司机", "配送员"
            )
        ),
    ],
)  # fmt: skip
def test_an_occupation_in_the_name_is_unusual_and_allowed(name, warnings):
    assert name_warnings(name) == warnings
    assert name_objections(name, NEW_JOINT) == ()
