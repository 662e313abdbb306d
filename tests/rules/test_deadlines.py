"""Working days by China's official calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from enrollment.rules.deadlines import (
    after_working_days,
    days_left,
    due_again,
    has_working_days,
    is_working_day,
)
from enrollment.rules.requests import RequestKind, in_working_days


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2021, 9, 26), True),
        (date(2021, 9, 30), True),
        (date(2021, 10, 1), False),
        (date(2021, 10, 7), False),
        (date(2021, 10, 8), True),
        (date(2021, 10, 9), True),
        (date(2021, 10, 10), False),
        (date(2021, 11, 27), False),
        (date(2099, 1, 1), True),
        (date(2099, 1, 3), False),
    ],
    ids=[
        "Sunday made up for",
        "before National Day",
        "National Day",
        "the week's last day",
        "Friday after",
        "Saturday made up for",
        "Sunday",
        "Saturday",
        "Thursday of a year not announced",
        "Saturday of a year not announced",
    ],
)
def test_a_working_day_is_what_the_state_council_announced(day, working):
    assert is_working_day(day) is working


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2021, 11, 30), 5, date(2021, 12, 7)),
        (date(2021, 11, 26), 1, date(2021, 11, 29)),
        (date(2021, 11, 27), 1, date(2021, 11, 29)),
        (date(2021, 9, 30), 1, date(2021, 10, 8)),
        (date(2021, 9, 30), 2, date(2021, 10, 9)),
        (date(2021, 9, 30), 5, date(2021, 10, 13)),
        (date(2021, 11, 30), 0, date(2021, 11, 30)),
        (date(2099, 1, 1), 2, date(2099, 1, 5)),
    ],
    ids=[
        "over a weekend",
        "Friday to Monday",
        "sent on Saturday",
        "over National Day",
        "the made-up Saturday counts",
        "five days around National Day",
        "no days",
        "a year not announced",
    ],
)
def test_the_day_of_sending_does_not_count(start, days, due):
    assert after_working_days(start, days) == due


@pytest.mark.parametrize(
    ("from_on", "until_on", "number"),
    [
        (date(2021, 11, 22), date(2021, 11, 29), 5),
        (date(2021, 11, 22), date(2021, 11, 27), 5),
        (date(2021, 11, 22), date(2021, 11, 26), 4),
        (date(2021, 11, 22), date(2021, 11, 23), 1),
        (date(2021, 11, 22), date(2021, 11, 22), 0),
        (date(2021, 11, 23), date(2021, 11, 22), 0),
        (date(2021, 11, 27), date(2021, 11, 29), 0),
        (date(2021, 9, 30), date(2021, 10, 8), 1),
        (date(2021, 9, 30), date(2021, 10, 11), 3),
        (date(2099, 1, 1), date(2099, 1, 6), 3),
    ],
    ids=[
        "ELEC-10 a week",
        "ELEC-10 Monday to Friday, the Saturday not counted",
        "ELEC-10 the last day does not count",
        "ELEC-10 the first day counts",
        "the same day",
        "backwards",
        "a weekend",
        "National Day does not count",
        "the made-up Saturday counts",
        "a year not announced",
    ],
)
def test_working_days_are_counted_with_the_first_day_and_without_the_last(from_on, until_on, number):
    assert has_working_days(from_on, until_on, number)
    assert not has_working_days(from_on, until_on, number + 1)


def test_a_mistyped_year_is_not_counted_to_its_end():
    assert has_working_days(date(202, 12, 1), date(2021, 12, 10), 5)


@pytest.mark.parametrize(
    ("today", "due_on", "working", "left"),
    [
        (date(2021, 11, 30), date(2021, 12, 7), True, 5),
        (date(2021, 12, 3), date(2021, 12, 7), True, 2),
        (date(2021, 12, 6), date(2021, 12, 7), True, 1),
        (date(2021, 12, 7), date(2021, 12, 7), True, 0),
        (date(2021, 12, 8), date(2021, 12, 7), True, 0),
        (date(2021, 12, 3), date(2021, 12, 7), False, 4),
        (date(2021, 12, 8), date(2021, 12, 7), False, 0),
    ],
)
def test_what_is_left_of_a_limit_is_counted_as_the_limit_is(today, due_on, working, left):
    assert days_left(today, due_on, working=working) == left


@pytest.mark.parametrize(
    ("left", "working", "due"),
    [
        (2, True, date(2021, 12, 7)),
        (0, True, date(2021, 12, 6)),
        (4, False, date(2021, 12, 7)),
        (1, False, date(2021, 12, 6)),  # the next day is a Saturday
        (0, False, date(2021, 12, 6)),
    ],
)
def test_the_clock_goes_on_with_it_and_gives_one_working_day_at_least(left, working, due):
    assert due_again(date(2021, 12, 3), left, working=working) == due


@pytest.mark.parametrize("kind", ["join", *RequestKind])
def test_only_the_limits_of_the_rules_count_all_days(kind):
    assert in_working_days(kind) is (kind in ("join", "retain", "leave"))


@given(
    st.dates(date(2020, 1, 1), date(2021, 12, 1)),
    st.integers(1, 30),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 29), st.integers(0, 40)), max_size=6),
)
def test_whatever_the_returns_the_office_has_no_more_days_than_the_limit(start, limit, working, returns):
    """Each time it is returned after some days (never later than due), and comes back after some."""
    due_on = after_working_days(start, limit) if working else start + timedelta(days=limit)
    begun, used = start, 0
    for held, away in returns:
        returned = min(begun + timedelta(days=held), due_on)
        left = days_left(returned, due_on, working=working)
        used += days_left(begun, returned, working=working)
        assert used + left == limit
        begun = returned + timedelta(days=away)
        due_on = due_again(begun, left, working=working)
        given = days_left(begun, due_on, working=working)
        assert after_working_days(begun, 1) <= due_on
        assume(given == left)  # else the least of one working day was given, which the next test is about

    assert used + days_left(begun, due_on, working=working) == limit


@given(st.dates(date(2020, 1, 1), date(2021, 12, 1)), st.integers(0, 30), st.booleans())
def test_more_than_what_was_left_is_only_ever_the_one_working_day(today, left, working):
    due_on = due_again(today, left, working=working)

    assert days_left(today, due_on, working=working) == left or due_on == after_working_days(today, 1)
