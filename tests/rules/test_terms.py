"""LAW-16: when a term of office ends."""

from datetime import date

import pytest

from enrollment.rules.terms import years_later


@pytest.mark.parametrize(
    ("day", "years", "end"),
    [
        (date(2021, 11, 30), 3, date(2024, 11, 30)),
        (date(2021, 11, 30), 5, date(2026, 11, 30)),
        (date(2024, 2, 29), 3, date(2027, 2, 28)),
        (date(2020, 2, 29), 4, date(2024, 2, 29)),
    ],
    ids=["three years", "five years", "a leap day ends on the 28th", "a leap day on a leap day"],
)
def test_law_16_a_term_ends_on_the_same_day_years_later(day, years, end):
    assert years_later(day, years) == end
