"""Working days by China's official calendar."""

from datetime import date

import pytest

from enrollment.rules.deadlines import after_working_days, is_working_day


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
