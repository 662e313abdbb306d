"""STAT-1 … STAT-11: rates that can be defended."""

from datetime import date
from decimal import Decimal

import pytest

from enrollment.rules.rates import Compared, Counts, Published, Rate, compare, headcount_objections

ON = date(2021, 11, 30)
CHANGJI = Counts(ON, members=6310, workers=9951, single_unions=282, joint_unions=5, employers=519, units_covered=317)


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [
        (6310, 9951, "63.4"),
        (317, 519, "61.1"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 2000, "0.1"),
        (999, 2000, "50.0"),
        (1001, 2000, "50.1"),
        (4999, 100_000, "5.0"),
        (0, 7, "0.0"),
        (7, 7, "100.0"),
        (0, 0, ""),
        (5, 0, ""),
    ],
)
def test_a_rate_has_one_decimal_rounded_half_up(numerator, denominator, text):
    rate = Rate(numerator, denominator, ON)

    assert rate.text == text
    assert rate.percent == (Decimal(text) if text else None)


@pytest.mark.parametrize(("numerator", "denominator", "over"), [(7, 7, False), (8, 7, True), (5, 0, True)])
def test_more_than_all_is_an_error_in_the_denominator(numerator, denominator, over):
    assert Rate(numerator, denominator, ON).over_full is over


def test_a_rate_carries_what_is_needed_to_check_it():
    assert (CHANGJI.rate.numerator, CHANGJI.rate.denominator, CHANGJI.rate.as_of) == (6310, 9951, ON)
    assert CHANGJI.rate.text == "63.4"


def test_a_joint_union_counts_once_and_coverage_counts_units():
    assert CHANGJI.unions == 287
    assert (CHANGJI.coverage.numerator, CHANGJI.coverage.denominator, CHANGJI.coverage.text) == (317, 519, "61.1")


@pytest.mark.parametrize(
    ("figure", "value", "computed", "difference", "explained"),
    [
        ("rate", "64", "63.4", "0.6", "rounded_up"),
        ("rate", "63.4", "63.4", "0.0", "same"),
        ("rate", "63", "63.4", "-0.4", "differs"),
        ("rate", "65", "63.4", "1.6", "differs"),
        ("members", "6310", "6310", "0", "same"),
        ("members", "6311", "6310", "1", "differs"),
        ("employers", "519", "519", "0", "same"),
        ("workers", "9951", "9951", "0", "same"),
        ("single_unions", "282", "282", "0", "same"),
        ("joint_unions", "5", "5", "0", "same"),
        ("coverage", "62", "61.1", "0.9", "rounded_up"),
    ],
)
def test_a_printed_figure_stands_beside_ours_with_the_gap_explained(figure, value, computed, difference, explained):
    printed = Published(figure, value, "工人日报", ON)

    assert compare([printed], CHANGJI) == (Compared(printed, computed, difference, explained),)


def test_figures_of_another_day_and_unknown_ones_are_left_out():
    printed = [Published("rate", "64", "工人日报", date(2021, 11, 29)), Published("happiness", "1", "工人日报", ON)]

    assert compare(printed, CHANGJI) == ()


def test_a_rate_that_is_none_is_compared_with_nothing():
    empty = Counts(ON, members=0, workers=0, single_unions=0, joint_unions=0, employers=0, units_covered=0)

    assert compare([Published("rate", "64", "工人日报", ON)], empty) == ()


@pytest.mark.parametrize(
    ("surveyed_on", "closed_on", "against"),
    [
        (ON, None, ()),
        (date(2021, 12, 1), None, ("in_the_future",)),
        (date(2021, 6, 1), date(2021, 6, 2), ()),
        (date(2021, 6, 2), date(2021, 6, 2), ("headcount_of_closed",)),  # the first day it was there no more
    ],
)
def test_stat_5_a_headcount_is_of_a_day_that_has_been_and_on_which_the_unit_stood(surveyed_on, closed_on, against):
    assert headcount_objections(surveyed_on, closed_on=closed_on, today=ON) == against
