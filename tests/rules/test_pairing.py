"""结对指导: who may guide, what a step needs, when there was no contact for 30 days, who guided from when to when."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrollment.rules import pairing
from enrollment.rules.pairing import Covered, Entry, PairingEnd, PairingEntry, Period, StepDue

TODAY = date(2021, 11, 30)
DAY = timedelta(days=1)
LI, WANG = "li", "wang"


@pytest.mark.parametrize(
    ("territory", "county", "active", "against"),
    [
        ("652301", "652301", True, ()),
        ("652300", "652301", True, ()),
        ("652300", "CJGX", True, ()),
        ("652302", "652301", True, ("guide_elsewhere",)),
        ("652301", "CJGX", True, ("guide_elsewhere",)),  # the zone's own union answers for it
        ("652301", "652301", False, ("guide_inactive",)),
        ("652302", "652301", False, ("guide_inactive", "guide_elsewhere")),
    ],
)
def test_a_guide_is_an_active_account_of_the_county_or_of_the_prefecture(territory, county, active, against):
    assert pairing.guide_objections(territory, county, active=active) == against


@pytest.mark.parametrize(
    ("step", "due_on", "against"),
    [
        ("上门讲政策", TODAY, ()),
        ("", None, ()),
        ("上门讲政策", None, ("step_without_day",)),
        ("", TODAY, ("day_without_step",)),
    ],
)
def test_a_step_has_its_day_and_a_day_its_step(step, due_on, against):
    assert pairing.step_objections(step, due_on) == against


@pytest.mark.parametrize(
    ("paired_ago", "contact_ago", "silent"),
    [
        (100, 29, False),
        (100, 30, True),  # exactly 30 days without contact count
        (100, 31, True),
        (29, None, False),
        (30, None, True),  # never contacted: since it has a guide
        (1, 30, True),  # a new guide does not make the silence shorter
        (30, 0, False),
    ],
)
def test_no_contact_for_30_days_counts_from_the_last_contact_or_else_from_the_pairing(paired_ago, contact_ago, silent):
    contact = None if contact_ago is None else TODAY - contact_ago * DAY

    assert pairing.CONTACT_DAYS == 30
    assert pairing.is_silent(TODAY - paired_ago * DAY, contact, TODAY) is silent


@pytest.mark.parametrize(
    ("due_on", "state"),
    [
        (None, StepDue.NONE),
        (TODAY + DAY, StepDue.AHEAD),
        (TODAY, StepDue.TODAY),
        (TODAY - DAY, StepDue.OVERDUE),
    ],
)
def test_a_step_is_due_on_its_day_and_overdue_the_day_after(due_on, state):
    assert pairing.step_due(due_on, TODAY) is state


def on(day):
    return date(2021, 1, day)


def entry(guide, day, kind):
    return Entry(guide, on(day), PairingEntry(kind))


FIRST = entry(LI, 5, "named")


@pytest.mark.parametrize(
    ("entries", "covers", "closed_on", "found"),
    [
        pytest.param([], [], None, [], id="nobody yet"),
        pytest.param([FIRST], [], None, [Period(LI, on(5), None, None)], id="still"),
        pytest.param(
            [FIRST, entry(LI, 8, "step_set"), entry(LI, 8, "step_set")],
            [],
            None,
            [Period(LI, on(5), None, None)],
            id="a step begins nothing",
        ),
        pytest.param(
            [FIRST, entry(WANG, 9, "replaced")],
            [],
            None,
            [Period(LI, on(5), on(9), PairingEnd.REPLACED), Period(WANG, on(9), None, None)],
            id="another guide",
        ),
        pytest.param(
            [FIRST, entry(LI, 7, "step_set"), entry(WANG, 9, "handed_over")],
            [],
            None,
            [Period(LI, on(5), on(9), PairingEnd.HANDED_OVER), Period(WANG, on(9), None, None)],
            id="handed over",
        ),
        pytest.param(
            [FIRST, entry(None, 9, "not_needed")],
            [],
            None,
            [Period(LI, on(5), on(9), PairingEnd.NOT_NEEDED)],
            id="no longer needed",
        ),
        pytest.param(
            [FIRST, entry(None, 9, "not_needed"), entry(LI, 12, "named")],
            [],
            None,
            [Period(LI, on(5), on(9), PairingEnd.NOT_NEEDED), Period(LI, on(12), None, None)],
            id="needed again",
        ),
        pytest.param(
            [FIRST],
            [Covered(on(20), None)],
            None,
            [Period(LI, on(5), on(20), PairingEnd.UNION_FORMED)],
            id="a union formed",
        ),
        pytest.param(
            [FIRST],
            [Covered(on(1), on(5))],
            None,
            [Period(LI, on(5), None, None)],
            id="a union that ended before",
        ),
        pytest.param(
            [FIRST],
            [Covered(on(1), on(6))],
            None,
            [Period(LI, on(5), on(5), PairingEnd.UNION_FORMED)],
            id="a union recorded late",
        ),
        pytest.param(
            [FIRST, entry(LI, 25, "named")],
            [Covered(on(20), on(25))],
            None,
            [Period(LI, on(5), on(20), PairingEnd.UNION_FORMED), Period(LI, on(25), None, None)],
            id="a union that came and went",
        ),
        pytest.param(
            [FIRST], [], on(22), [Period(LI, on(5), on(22), PairingEnd.UNIT_CLOSED)], id="the unit has closed"
        ),
        pytest.param(
            [FIRST],
            [Covered(on(20), on(22))],
            on(22),
            [Period(LI, on(5), on(20), PairingEnd.UNION_FORMED)],
            id="the earlier end counts",
        ),
        pytest.param(
            [FIRST, entry(WANG, 9, "handed_over")],
            [Covered(on(9), None)],
            None,
            [Period(LI, on(5), on(9), PairingEnd.HANDED_OVER), Period(WANG, on(9), on(9), PairingEnd.UNION_FORMED)],
            id="both on one day",
        ),
    ],
)
def test_who_guided_from_when_to_when_and_why_it_ended(entries, covers, closed_on, found):
    assert pairing.periods(entries, covers, closed_on) == found


@st.composite
def histories(draw):
    """Entries in order of their days, coverage without overlap, perhaps a day of closing."""
    days = sorted(draw(st.lists(st.integers(1, 28), max_size=6)))
    entries = []
    for day in days:
        running = entries[-1].guide if entries else None
        guide = draw(st.sampled_from([LI, WANG, None] if running else [LI, WANG]))
        kind = "not_needed" if guide is None else "named" if running is None else "step_set"
        if running and guide and guide != running:
            kind = draw(st.sampled_from(["replaced", "handed_over"]))
        entries.append(entry(guide, day, kind))
    edges = sorted(draw(st.sets(st.integers(1, 28), max_size=4)))
    covers = [Covered(on(a), on(b)) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    if len(edges) % 2:
        covers.append(Covered(on(edges[-1]), None))
    return entries, covers, draw(st.none() | st.integers(1, 28).map(on))


@given(histories())
def test_no_two_guide_on_one_day_and_the_last_goes_on_only_where_nothing_ended_it(history):
    entries, covers, closed_on = history

    found = pairing.periods(entries, covers, closed_on)

    assert all(later.from_on >= earlier.until_on for earlier, later in pairwise(found))
    assert all(period.until_on >= period.from_on for period in found if period.until_on)
    assert [period.end is None for period in found] == [period.until_on is None for period in found]
    goes_on = bool(entries) and entries[-1].guide is not None and closed_on is None
    goes_on = goes_on and not any(c.until_on is None or c.until_on > entries[-1].from_on for c in covers)
    assert any(period.until_on is None for period in found) is goes_on
