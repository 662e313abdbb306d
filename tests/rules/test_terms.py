"""LAW-12: when a term of office ends."""

from datetime import date

import pytest

from enrollment.rules.terms import term_objections, years_later


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


FOUNDED, TODAY = date(2018, 3, 1), date(2021, 11, 30)


@pytest.mark.parametrize(
    ("elected_on", "years", "certificate", "reasons"),
    [
        pytest.param(date(2019, 3, 1), 3, None, (), id="LAW-12 three years"),
        pytest.param(date(2019, 3, 1), 5, date(2024, 3, 1), (), id="7.5 as long as the term"),
        pytest.param(date(2019, 3, 1), 5, date(2024, 3, 2), ("certificate_outlives_term",), id="7.5 a day longer"),
        pytest.param(date(2019, 3, 1), 4, None, ("term_is_3_or_5",), id="LAW-12 four years"),
        pytest.param(FOUNDED, 3, None, (), id="ELEC-20 on the founding day"),
        pytest.param(date(2018, 2, 28), 3, None, ("before_founding",), id="ELEC-20 the day before"),
        pytest.param(TODAY, 3, None, (), id="today"),
        pytest.param(date(2021, 12, 1), 3, None, ("in_the_future",), id="tomorrow"),
    ],
)
def test_the_term_of_a_union_from_before_is_checked(elected_on, years, certificate, reasons):
    assert term_objections(elected_on, years, certificate, founded_on=FOUNDED, today=TODAY) == reasons
