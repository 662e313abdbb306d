"""Until when, and by whom, a decision is taken back; and what it leaves behind in the ledger: nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrollment.rules import ledger, requests
from enrollment.rules.applications import State, Step, state_after
from enrollment.rules.ledger import Entry, EntryKind, has_counted, standing_on, stints
from enrollment.rules.undoing import Decided, can_be_undone, objections, undo_until

AT = datetime(2021, 11, 30, 4, 0, tzinfo=UTC)
UNTIL = AT + timedelta(minutes=5)
SECOND = timedelta(seconds=1)
MINE = Decided(7, UNTIL)


def asked(decided=MINE, by=7, now=AT, *, acted_since=False, message_out=False):
    return objections(decided, by, now, acted_since=acted_since, message_out=message_out)


def test_so_many_minutes_after_it_was_made_a_decision_stands():
    assert undo_until(AT, 5) == UNTIL
    assert undo_until(AT, 0) == AT


@pytest.mark.parametrize(
    ("now", "reasons"),
    [(AT, ()), (UNTIL - SECOND, ()), (UNTIL, ("undo_too_late",)), (UNTIL + SECOND, ("undo_too_late",))],
)
def test_the_last_second_counts_and_the_next_does_not(now, reasons):
    assert asked(now=now) == reasons


@pytest.mark.parametrize(
    ("told", "reasons"),
    [
        ({"decided": None}, ("undo_too_late",)),
        ({"by": 8}, ("undo_not_yours",)),
        ({"decided": Decided(None, UNTIL), "by": None}, ("undo_not_yours",)),
        ({"acted_since": True}, ("undo_acted_since",)),
        ({"message_out": True}, ("undo_message_out",)),
        (
            {"by": 8, "acted_since": True, "message_out": True},
            ("undo_not_yours", "undo_acted_since", "undo_message_out"),
        ),
    ],
)
def test_whatever_stands_against_it_is_said_at_once(told, reasons):
    assert asked(**told) == reasons


@pytest.mark.parametrize(
    ("kind", "step", "can"),
    [
        ("join", Step.APPROVED, True),
        ("correct", Step.APPROVED, True),
        ("erase", Step.APPROVED, False),
        ("close", Step.APPROVED, False),
        ("erase", Step.REFUSED, True),
        ("close", Step.RETURNED, True),
    ],
)
def test_what_is_erased_or_closed_does_not_come_back(kind, step, can):
    assert can_be_undone(kind, step) is can


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((Step.SUBMITTED, Step.APPROVED, Step.UNDONE), State.SUBMITTED),
        ((Step.SUBMITTED, Step.RETURNED, Step.UNDONE), State.SUBMITTED),
        ((Step.SUBMITTED, Step.RETURNED, Step.CORRECTED, Step.REFUSED, Step.UNDONE), State.SUBMITTED),
        ((Step.SUBMITTED, Step.PASSED_ON, Step.UNDONE), State.SUBMITTED),
        ((Step.SUBMITTED, Step.CONFIRMED, Step.APPROVED, Step.UNDONE, Step.RETURNED), State.RETURNED),
        ((Step.UNDONE,), State.NEW),
    ],
)
def test_an_undone_decision_leads_nowhere(steps, state):
    assert state_after(steps) is state


DAYS = st.integers(0, 40)


@st.composite
def histories(draw):
    """Entries that the rules allow, with corrections among them, oldest first."""
    entries, on = [], date(2021, 1, 1)
    for _n in range(draw(st.integers(0, 8))):
        on += timedelta(days=draw(DAYS))
        corrects = draw(st.sampled_from([entry.number for entry in entries])) if entries else None
        new = Entry(len(entries) + 1, draw(st.sampled_from(EntryKind)), draw(st.sampled_from("ABC")), on, corrects)
        if not ledger.objections(entries, new):
            entries.append(new)
    return entries


@given(histories(), st.sampled_from(requests.RequestKind), st.booleans(), DAYS, st.booleans())
def test_a_decision_that_was_corrected_away_changes_no_day(known, kind, reaches, later, refused):
    on = max((entry.effective_on for entry in known), default=date(2021, 1, 1)) + timedelta(days=later)
    held = standing_on(known, on)
    if refused:
        planned = requests.entries_of_an_end(kind, held)
    elif held.union:
        planned = requests.entries_of_approval(kind, held, "C", reaches=reaches)
    else:
        planned = [(EntryKind.JOINED, "A")]
    after = list(known)
    for change, union in planned:
        new = Entry(len(after) + 1, change, union, on)
        if not ledger.objections(after, new):
            after.append(new)
    for wrong in reversed(after[len(known) :]):
        correction = Entry(len(after) + 1, EntryKind.CORRECTED, wrong.union, wrong.effective_on, wrong.number)
        assert ledger.objections(after, correction) == ()
        after.append(correction)

    assert stints(after) == stints(known)
    assert has_counted(after) == has_counted(known)
    for day in {entry.effective_on for entry in after} | {on, on + timedelta(days=1), on - timedelta(days=1)}:
        assert standing_on(after, day) == standing_on(known, day)
