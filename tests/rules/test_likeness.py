"""Who may be the same person: two records, what they have in common."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrollment.rules.likeness import Same, Traits, alike, near_births, near_names

BORN = date(1990, 3, 12)
THIS = Traits("阿卜杜拉·买买提", BORN, b"i", b"p")


def other(name="王强", born_on=date(1970, 6, 15), identity=b"j", phone=b"q"):
    return Traits(name, born_on, identity, phone)


@pytest.mark.parametrize(
    ("record", "same"),
    [
        (other(), ()),
        (other(identity=b"i"), (Same.IDENTITY,)),
        (other(phone=b"p"), (Same.PHONE,)),
        (other(identity=b"i", phone=b"p"), (Same.IDENTITY, Same.PHONE)),
        (other(THIS.name, BORN), (Same.NAME_AND_BIRTH,)),
        (other(THIS.name, BORN, b"i", b"p"), (Same.IDENTITY, Same.PHONE, Same.NAME_AND_BIRTH)),
        (other(THIS.name), ()),
        (other(born_on=BORN), ()),
        (other("阿卜杜拉·买买堤", BORN), (Same.NEAR_NAME,)),
        (other("阿卜杜拉买买提", BORN), (Same.NEAR_NAME,)),
        (other("阿卜杜拉·买买堤"), ()),
        (other(THIS.name, date(1990, 12, 3)), (Same.NEAR_BIRTH,)),
        (other(THIS.name, date(1991, 3, 12)), (Same.NEAR_BIRTH,)),
        (other(THIS.name, date(1991, 3, 13)), ()),
        (other("阿卜杜拉·买买堤", date(1991, 3, 12)), ()),
        (other("阿卜杜拉·买买堤", BORN, phone=b"p"), (Same.PHONE, Same.NEAR_NAME)),
    ],
)
def test_what_two_records_have_in_common(record, same):
    assert alike(THIS, record) == same
    assert alike(record, THIS) == same


@pytest.mark.parametrize(
    ("one", "two", "near"),
    [
        ("李建国", "李建国", True),
        ("李建国", "李健国", True),
        ("李建国", "王建国", True),
        ("李建国", "李建", True),
        ("李建国", "建国", True),
        ("李国", "李建国", True),
        ("李建国", "李国建", False),
        ("李建国", "李", False),
        ("李建国", "王健国", False),
        ("李强", "王强", True),
        ("李", "王", False),
        ("李", "李强", False),
        ("Ali Mamat", "ALI·MAMAT", True),
        ("ＡＬＩ", "ali", True),
        ("", "李", False),
    ],
)
def test_near_names(one, two, near):
    assert near_names(one, two) is near
    assert near_names(two, one) is near


@pytest.mark.parametrize(
    ("born_on", "near"),
    [
        (date(1990, 3, 12), {date(1990, 12, 3), date(1990, 3, 13), date(1990, 2, 12), date(1980, 3, 12)}),
        (date(2000, 2, 29), {date(2000, 2, 28), date(2004, 2, 29), date(2000, 3, 29), date(2000, 2, 9)}),
    ],
)
def test_near_births_are_days_of_one_slip(born_on, near):
    assert near <= near_births(born_on)
    assert born_on not in near_births(born_on)


def test_two_slips_or_a_day_that_is_none_are_not_near():
    assert date(1990, 4, 13) not in near_births(date(1990, 3, 12))
    assert date(1990, 3, 13) not in near_births(date(1990, 3, 22)) | near_births(date(1990, 12, 3))
    assert all(day.month <= 12 for day in near_births(date(1990, 3, 31)))


@given(st.dates(date(1930, 1, 1), date(2010, 12, 31)), st.dates(date(1930, 1, 1), date(2010, 12, 31)))
def test_nearness_of_births_goes_both_ways(one, two):
    assert (one in near_births(two)) is (two in near_births(one))
    assert len(near_births(one)) <= 73
