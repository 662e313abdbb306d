"""How long what is kept, on the day before and on the day; and that nothing under way is ever dropped."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from enrollment.rules.applications import State
from enrollment.rules.confirmation import KEPT
from enrollment.rules.requests import RequestKind
from enrollment.rules.retention import (
    CODE_DAYS,
    SIX_MONTHS,
    Hold,
    Matter,
    Periods,
    Record,
    drop_from,
    is_due,
    is_over,
    last_movement,
    matter_of,
)

MOVED = date(2021, 3, 1)
USUAL = Periods()

# What is kept: for how many days by default, and the first day on which it is dropped.
TABLE = {
    Matter.DRAFT:         (90,  date(2021, 5, 30)),
    Matter.RETURNED:      (90,  date(2021, 5, 30)),
    Matter.REFUSED:       (180, date(2021, 8, 28)),
    Matter.WITHDRAWN:     (180, date(2021, 8, 28)),
    Matter.REQUEST:       (365, date(2022, 3, 1)),
    Matter.FOUNDING:      (365, date(2022, 3, 1)),
    Matter.FORMER_MEMBER: (365, date(2022, 3, 1)),
    Matter.MESSAGE:       (184, date(2021, 9, 1)),
    Matter.SIGN_IN:       (184, date(2021, 9, 1)),
    Matter.CODE:          (2,   date(2021, 3, 3)),
}  # fmt: skip


@pytest.mark.parametrize("matter", Matter)
def test_each_matter_has_its_period_and_its_first_day(matter):
    days, first = TABLE[matter]
    record = Record(matter, MOVED)

    assert USUAL.days(matter) == days
    assert drop_from(record, USUAL) == first
    assert not is_due(record, USUAL, first - timedelta(days=1))
    assert is_due(record, USUAL, first)
    assert (last_movement(matter, USUAL, first), is_over(record, USUAL, first)) == (MOVED, True)
    assert not is_over(record, USUAL, first - timedelta(days=1))


@pytest.mark.parametrize("hold", Hold)
@pytest.mark.parametrize("matter", Matter)
def test_what_is_held_is_kept_however_old(matter, hold):
    record = Record(matter, date(1999, 1, 1), frozenset({hold}))

    assert drop_from(record, USUAL) is None
    assert not is_due(record, USUAL, date(2099, 1, 1))
    assert is_over(record, USUAL, date(2099, 1, 1))


def test_each_period_is_set_alone_but_for_those_that_are_one():
    short = Periods(draft=1, refused=2, request=3, founding=4, former_member=5, message=200, sign_in=201)

    assert [short.days(matter) for matter in Matter] == [1, 1, 2, 2, 3, 4, 5, 200, 201, 2]


def test_logs_are_kept_for_six_months_and_codes_longer_than_any_limit_looks_back():
    months = [(date(2021, m, 1), date(2021 + m // 7, (m + 5) % 12 + 1, 1)) for m in range(1, 13)]

    assert max((end - begin).days for begin, end in months) == SIX_MONTHS
    assert timedelta(days=CODE_DAYS - 1) >= KEPT


# Kind and state of an application → what it is kept as.
KEPT_AS = {
    ("join", State.RETURNED): Matter.RETURNED,
    ("join", State.REFUSED): Matter.REFUSED,
    ("join", State.WITHDRAWN): Matter.WITHDRAWN,
    ("found", State.NEW): Matter.DRAFT,
    ("found", State.GATHERING): Matter.DRAFT,
    ("found", State.REFUSED): Matter.FOUNDING,
    ("found", State.WITHDRAWN): Matter.FOUNDING,
    ("found", State.APPROVED): Matter.FOUNDING,
    **{(kind, State.RETURNED): Matter.RETURNED for kind in RequestKind},
    **{
        (kind, state): Matter.REQUEST
        for kind in RequestKind
        for state in (State.REFUSED, State.WITHDRAWN, State.APPROVED)
    },
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("kind", ["join", "found", *RequestKind])
def test_each_application_is_kept_as_one_thing_or_stays(kind, state):
    assert matter_of(kind, state) == KEPT_AS.get((kind, state))


@given(
    kind=some.sampled_from(["join", "found", *RequestKind]),
    state=some.sampled_from(State),
    holds=some.frozensets(some.sampled_from(Hold)),
    age=some.integers(0, 40_000),
    periods=some.builds(Periods, **dict.fromkeys(("draft", "refused", "request", "founding"), some.integers(1, 4000))),
)
def test_nothing_in_an_offices_hands_or_held_is_ever_dropped(kind, state, holds, age, periods):
    today = date(2099, 1, 1)
    matter = matter_of(kind, state)
    dropped = matter is not None and is_due(Record(matter, today - timedelta(days=age), holds), periods, today)

    if state in (State.SUBMITTED, State.PREPARING) or (kind, state) == ("join", State.APPROVED) or holds:
        assert not dropped
    elif dropped:
        assert age >= periods.days(matter) >= 1
