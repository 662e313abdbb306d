"""Days to decide (办理时限), counted on China's official working calendar."""

from datetime import date, timedelta

import chinese_calendar

TRANSFER_DAYS = 15
"""Days to take a transferred member in: a local time limit (本地办理时限), not law; the rules say promptly (及时)."""

DATA_REQUEST_DAYS = 30
"""Days to answer a request about one's own data: GB/T 35273 8.7, a standard and not law (PRIV-11)."""


def is_working_day(day: date) -> bool:
    """Working day by the State Council's yearly notice; Monday to Friday for a year not yet announced."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5  # noqa: PLR2004 -- Saturday


def after_working_days(start: date, days: int) -> date:
    """The ``days``-th working day after ``start``, which itself does not count."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def days_left(today: date, due_on: date, *, working: bool) -> int:
    """Days of the time limit that are left behind ``today``, none once it is over: the clock stops with them."""
    if due_on <= today or not working:
        return max(0, (due_on - today).days)
    return sum(is_working_day(today + timedelta(days=n)) for n in range(1, (due_on - today).days + 1))


def due_again(today: date, left: int, *, working: bool) -> date:
    """The last day when the clock goes on with the days that were left; at least one working day is given."""
    due_on = after_working_days(today, left) if working else today + timedelta(days=left)
    return max(due_on, after_working_days(today, 1))


def has_working_days(from_on: date, until_on: date, enough: int) -> bool:
    """Whether ``enough`` working days lie between ``from_on`` (inclusive) and ``until_on`` (exclusive).

    It counts no further than it has to: a mistyped year costs nothing.
    """
    found, day = 0, from_on
    while found < enough and day < until_on:
        found += is_working_day(day)
        day += timedelta(days=1)
    return found >= enough
