"""The membership ledger: transitions of domain 5.1, half-open periods, corrections; and laws of every history."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrollment.rules.ledger import (
    Entry,
    EntryKind,
    Position,
    Standing,
    Stint,
    entries_of_move,
    objections,
    standing_on,
    stints,
)

DAY = date(2021, 6, 1)
JOINED, MOVED_IN, MOVED_OUT = EntryKind.JOINED, EntryKind.TRANSFERRED_IN, EntryKind.TRANSFERRED_OUT
RETAINED, RESTORED, EXITED = EntryKind.RETAINED, EntryKind.RESTORED, EntryKind.EXITED
EXPELLED, DIED, CORRECTED = EntryKind.EXPELLED, EntryKind.DIED, EntryKind.CORRECTED


def history(*steps):
    """Entries from (kind, union, day of June)."""
    return [Entry(n, kind, union, date(2021, 6, day)) for n, (kind, union, day) in enumerate(steps, 1)]


# A shortest history to each standing, and the entries domain 5.1 lets follow it.
REACHED = {
    Standing.NONE: history(),
    Standing.MEMBER: history((JOINED, "a", 1)),
    Standing.TRANSFERRING: history((JOINED, "a", 1), (MOVED_OUT, "a", 2)),
    Standing.RETAINED: history((JOINED, "a", 1), (RETAINED, "a", 2)),
    Standing.EXITED: history((JOINED, "a", 1), (EXITED, "a", 2)),
    Standing.EXPELLED: history((JOINED, "a", 1), (EXPELLED, "a", 2)),
    Standing.DECEASED: history((JOINED, "a", 1), (DIED, "a", 2)),
}
MAY_FOLLOW = {
    Standing.NONE: {JOINED},
    Standing.MEMBER: {MOVED_OUT, RETAINED, EXITED, EXPELLED, DIED},
    Standing.TRANSFERRING: {MOVED_IN, RESTORED, DIED},
    Standing.RETAINED: {MOVED_IN, RESTORED, EXITED, DIED},
    Standing.EXITED: {JOINED, DIED},
    Standing.EXPELLED: {JOINED, DIED},
    Standing.DECEASED: set(),
}
LEADS_TO = {
    JOINED: Standing.MEMBER,
    MOVED_IN: Standing.MEMBER,
    RESTORED: Standing.MEMBER,
    MOVED_OUT: Standing.TRANSFERRING,
    RETAINED: Standing.RETAINED,
    EXITED: Standing.EXITED,
    EXPELLED: Standing.EXPELLED,
    DIED: Standing.DECEASED,
}


@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize("kind", list(LEADS_TO))
def test_an_entry_follows_the_standings_of_the_law_and_no_other(standing, kind):
    known = REACHED[standing]
    new = Entry(9, kind, "b", date(2021, 6, 9))

    if kind in MAY_FOLLOW[standing]:
        assert objections(known, new) == ()
        assert standing_on([*known, new], new.effective_on) == Position(LEADS_TO[kind], "b")
    else:
        assert objections(known, new) == (f"not_from_{standing}",)


def test_an_entry_takes_effect_on_its_day_and_not_the_day_before():
    known = history((JOINED, "a", 10))

    assert standing_on(known, date(2021, 6, 9)) == Position(Standing.NONE, "")
    assert standing_on(known, date(2021, 6, 10)) == Position(Standing.MEMBER, "a")


def test_a_move_leaves_no_day_in_two_unions_and_none_in_neither_when_it_is_done_in_one_day():
    known = history((JOINED, "a", 1), (MOVED_OUT, "a", 15), (MOVED_IN, "b", 15))

    assert stints(known) == (
        Stint("a", date(2021, 6, 1), date(2021, 6, 15)),
        Stint("b", date(2021, 6, 15), None),
    )
    assert [stint.union for stint in stints(known) if stint.covers(date(2021, 6, 14))] == ["a"]
    assert [stint.union for stint in stints(known) if stint.covers(date(2021, 6, 15))] == ["b"]


def test_who_is_on_the_way_between_unions_is_a_member_of_neither():
    known = history((JOINED, "a", 1), (MOVED_OUT, "a", 10), (MOVED_IN, "b", 20))

    assert stints(known) == (
        Stint("a", date(2021, 6, 1), date(2021, 6, 10)),
        Stint("b", date(2021, 6, 20), None),
    )
    assert standing_on(known, date(2021, 6, 12)) == Position(Standing.TRANSFERRING, "a")


def test_a_refused_transfer_leads_back_to_the_old_union():
    known = history((JOINED, "a", 1), (MOVED_OUT, "a", 10), (RESTORED, "a", 20))

    assert standing_on(known, date(2021, 6, 20)) == Position(Standing.MEMBER, "a")


def test_the_retained_are_not_members_until_they_are_back():
    known = history((JOINED, "a", 1), (RETAINED, "a", 10), (MOVED_IN, "b", 20))

    assert [stint.covers(date(2021, 6, 15)) for stint in stints(known)] == [False, False]
    assert standing_on(known, date(2021, 6, 15)).standing is Standing.RETAINED


def test_joining_and_leaving_on_one_day_is_no_membership():
    assert stints(history((JOINED, "a", 1), (EXITED, "a", 1))) == ()


def test_an_entry_before_the_last_one_is_refused_beside_whatever_else_is_wrong():
    known = history((JOINED, "a", 10))

    assert objections(known, Entry(2, EXITED, "a", date(2021, 6, 9))) == ("before_last_entry",)
    assert objections(known, Entry(2, EXITED, "a", date(2021, 6, 10))) == ()
    assert objections(known, Entry(2, JOINED, "b", date(2021, 6, 9))) == ("before_last_entry", "not_from_member")


def test_a_correction_makes_the_wrong_entry_count_for_nothing_on_any_day():
    known = history((JOINED, "a", 1), (EXITED, "a", 10))
    corrected = [*known, Entry(3, CORRECTED, "a", date(2021, 6, 20), corrects=2)]

    assert objections(known, corrected[-1]) == ()
    assert standing_on(corrected, date(2021, 6, 12)) == Position(Standing.MEMBER, "a")
    assert stints(corrected) == (Stint("a", date(2021, 6, 1), None),)


@pytest.mark.parametrize(
    "corrects", [None, 7, 3, 2], ids=["nothing", "an unknown entry", "a correction", "what is corrected already"]
)
def test_a_correction_names_an_entry_that_counts(corrects):
    known = [*history((JOINED, "a", 1), (EXITED, "a", 2)), Entry(3, CORRECTED, "a", date(2021, 6, 3), corrects=2)]

    assert objections(known, Entry(4, CORRECTED, "a", date(2021, 6, 4), corrects)) == ("nothing_to_correct",)


def test_the_right_entry_can_be_made_once_the_wrong_one_is_corrected():
    wrong = [*history((JOINED, "a", 10)), Entry(2, CORRECTED, "a", date(2021, 6, 11), corrects=1)]

    assert objections(wrong, Entry(3, JOINED, "b", date(2021, 6, 2))) == ()


@pytest.mark.parametrize("standing", list(Standing))
def test_who_is_moved_within_a_day_stands_in_the_new_union_as_in_the_old(standing):
    known = REACHED[standing]
    held, day = standing_on(known, DAY + timedelta(days=8)), DAY + timedelta(days=9)
    moved = list(known)
    for kind, union in entries_of_move(held, "b"):
        new = Entry(len(moved) + 1, kind, union, day)
        assert objections(moved, new) == ()
        moved.append(new)

    goes = standing in (Standing.MEMBER, Standing.RETAINED, Standing.TRANSFERRING)
    assert standing_on(moved, day) == (Position(standing, "b") if goes else held)
    assert [stint.union for stint in stints(moved) if stint.covers(day)] == (["b"] if standing == "member" else [])
    assert [stint for stint in stints(moved) if stint.from_on == day and stint.until_on == day] == []


def test_who_is_there_already_is_not_moved():
    assert entries_of_move(Position(Standing.MEMBER, "b"), "b") == ()


@st.composite
def histories(draw):
    """A legal history of up to twelve entries, corrections among them, as tried by ``objections``."""
    entries = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        new = Entry(
            number,
            draw(st.sampled_from(list(EntryKind))),
            draw(st.sampled_from("abc")),
            DAY + timedelta(days=draw(st.integers(0, 20))),
            draw(st.integers(1, 12)),
        )
        if not objections(entries, new):
            entries.append(new)
    return entries


DAYS = [DAY + timedelta(days=n) for n in range(-1, 23)]


@settings(max_examples=100, deadline=None)
@given(histories())
def test_the_periods_and_the_standing_agree_on_every_day(entries):
    found = stints(entries)

    for day in DAYS:
        covering = [stint.union for stint in found if stint.covers(day)]
        position = standing_on(entries, day)
        assert covering == ([position.union] if position.standing is Standing.MEMBER else [])
    assert list(found) == sorted(found, key=lambda stint: stint.from_on)


@settings(max_examples=50, deadline=None)
@given(histories())
def test_when_everything_is_corrected_nothing_ever_was(entries):
    number = len(entries)
    for wrong in entries:
        correction = Entry(number := number + 20, CORRECTED, wrong.union, DAY, corrects=wrong.number)
        if not objections(entries, correction):
            entries = [*entries, correction]

    assert stints(entries) == ()
    assert {standing_on(entries, day) for day in DAYS} == {Position(Standing.NONE, "")}
