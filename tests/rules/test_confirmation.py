"""The policy of phone codes, at its edges."""

from datetime import UTC, datetime, timedelta

import pytest

from enrollment.rules import confirmation
from enrollment.rules.confirmation import (
    PER_ADDRESS,
    PER_PHONE,
    SURE,
    WITHOUT_CODE,
    Confirmation,
    Limit,
    check_code,
    fault,
    lives,
    network,
    normal_code,
    too_many,
    too_soon,
)
from enrollment.rules.identity import Checked
from enrollment.web.wording import REASONS

NOW = datetime(2021, 11, 30, 4, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_the_numbers_of_the_policy():
    assert (confirmation.DIGITS, confirmation.LIVES, confirmation.WRONG_TRIES, confirmation.RESEND_AFTER) == (
        6,
        5 * MINUTE,
        5,
        MINUTE,
    )
    assert (Limit(5, HOUR), Limit(10, DAY)) == PER_PHONE
    assert (Limit(120, HOUR),) == PER_ADDRESS


@pytest.mark.parametrize(
    ("typed", "checked"),
    [
        ("123456", Checked("123456")),
        (" 123 456\u3000", Checked("123456")),
        ("１２３４５６", Checked("123456")),
        ("", Checked(reason="code_missing")),
        (" \t", Checked(reason="code_missing")),
        ("12345", Checked(reason="code_form")),
        ("1234567", Checked(reason="code_form")),
        ("12345a", Checked(reason="code_form")),
        ("١٢٣٤٥٦", Checked(reason="code_form")),  # digits, but not those that were sent
    ],
)
def test_a_code_is_six_digits_however_they_are_typed(typed, checked):
    assert check_code(typed) == checked
    assert normal_code("０0\n1") == "001"


@pytest.mark.parametrize(("age", "alive"), [(timedelta(0), True), (5 * MINUTE - TICK, True), (5 * MINUTE, False)])
def test_a_code_lives_up_to_five_minutes(age, alive):
    assert lives(NOW - age, NOW) is alive


@pytest.mark.parametrize(("age", "soon"), [(timedelta(0), True), (MINUTE - TICK, True), (MINUTE, False)])
def test_after_exactly_a_minute_the_next_may_go_out(age, soon):
    assert too_soon([NOW - age, NOW - DAY], NOW) is soon
    assert not too_soon([], NOW)


@pytest.mark.parametrize(
    ("ages", "limits", "over"),
    [
        ([MINUTE] * 4, PER_PHONE, False),
        ([MINUTE] * 5, PER_PHONE, True),
        ([MINUTE] * 4 + [HOUR - TICK], PER_PHONE, True),
        ([MINUTE] * 4 + [HOUR], PER_PHONE, False),
        ([2 * HOUR] * 9, PER_PHONE, False),
        ([2 * HOUR] * 10, PER_PHONE, True),
        ([2 * HOUR] * 9 + [DAY], PER_PHONE, False),
        ([MINUTE] * 119, PER_ADDRESS, False),
        ([MINUTE] * 120, PER_ADDRESS, True),
        ([MINUTE] * 119 + [HOUR], PER_ADDRESS, False),
        ([MINUTE] * 30, WITHOUT_CODE, True),
        ([MINUTE] * 29 + [HOUR], WITHOUT_CODE, False),
        ([], PER_PHONE, False),
    ],
)
def test_a_limit_is_reached_and_runs_out_again(ages, limits, over):
    assert too_many((NOW - age for age in ages), limits, NOW) is over


@pytest.mark.parametrize(
    ("sent_at", "wrong_tries", "fits", "reason"),
    [
        (None, 0, False, "code_expired"),
        (NOW - 5 * MINUTE, 0, True, "code_expired"),
        (NOW - 5 * MINUTE, 5, True, "code_expired"),
        (NOW, 0, True, ""),
        (NOW, 0, False, "code_wrong"),
        (NOW, 4, True, ""),
        (NOW, 4, False, "code_wrong"),  # the fifth wrong try
        (NOW, 5, False, "code_spent"),  # the sixth try, wrong
        (NOW, 5, True, "code_spent"),  # or right
    ],
)
def test_why_a_code_does_not_count(sent_at, wrong_tries, fits, reason):
    assert fault(sent_at, wrong_tries, fits=fits, now=NOW) == reason
    assert not reason or reason in REASONS


@pytest.mark.parametrize("reason", ["code_missing", "code_form"])
def test_what_is_missing_has_words(reason):
    assert reason in REASONS


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("", ""),
        ("no address", "no address"),
    ],
)
def test_a_household_is_one_address(address, counted_as):
    assert network(address) == counted_as


def test_a_claimed_signature_is_not_sure():
    assert set(Confirmation) - SURE == {Confirmation.SIGNATURE}
