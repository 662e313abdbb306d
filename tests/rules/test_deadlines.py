"""Working days by China's official calendar."""

from datetime import date

import pytest

from enrollment.rules.deadlines import after_working_days, has_working_days, is_working_day


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
