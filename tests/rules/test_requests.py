"""What a member may ask for, by when, and which entries an approval makes."""

from datetime import date

import pytest

from enrollment.rules.ledger import Entry, EntryKind, Position, Standing, member_since
from enrollment.rules.requests import (
    RequestKind,
    due_on,
    entries_of_an_end,
    entries_of_approval,
    objections,
)

K, S, E = RequestKind, Standing, EntryKind
HELD = {S.MEMBER, S.RETAINED, S.TRANSFERRING}


@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize(
    ("kind", "open_to"),
    [
        (K.TRANSFER, {S.MEMBER, S.RETAINED}),
        (K.RETAIN, {S.MEMBER}),
        (K.LEAVE, {S.MEMBER, S.RETAINED}),
        (K.CORRECT, set(Standing)),
        (K.CLOSE, set(Standing)),
        (K.ERASE, set(Standing) - HELD),
    ],
)
def test_what_a_standing_may_ask_for(kind, open_to, standing):
    against = ("leave_first",) if kind is K.ERASE else (f"not_from_{standing}",)

    assert objections(kind, standing) == (() if standing in open_to else against)


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        (K.TRANSFER, date(2021, 12, 15)),
        (K.RETAIN, date(2021, 12, 7)),
        (K.LEAVE, date(2021, 12, 7)),
        (K.CORRECT, date(2021, 12, 30)),
        (K.ERASE, date(2021, 12, 30)),
        (K.CLOSE, date(2021, 12, 30)),
    ],
)
def test_by_when_it_is_answered(kind, day):
    assert due_on(kind, date(2021, 11, 30), 5) == day


@pytest.mark.parametrize(
    ("kind", "standing", "target", "reaches", "entries"),
    [
        (K.TRANSFER, S.MEMBER, "new", True, [(E.TRANSFERRED_OUT, "old"), (E.TRANSFERRED_IN, "new")]),
        (K.TRANSFER, S.MEMBER, "new", False, [(E.TRANSFERRED_OUT, "old")]),
        (K.TRANSFER, S.TRANSFERRING, "new", True, [(E.TRANSFERRED_IN, "new")]),
        (K.TRANSFER, S.TRANSFERRING, "old", True, [(E.RESTORED, "old")]),
        (K.TRANSFER, S.TRANSFERRING, "new", False, []),
        (K.TRANSFER, S.RETAINED, "new", True, [(E.TRANSFERRED_IN, "new")]),
        (K.TRANSFER, S.RETAINED, "old", True, [(E.RESTORED, "old")]),
        (K.TRANSFER, S.RETAINED, "new", False, []),
        (K.RETAIN, S.MEMBER, "", True, [(E.RETAINED, "old")]),
        (K.LEAVE, S.MEMBER, "", True, [(E.EXITED, "old")]),
        (K.CORRECT, S.MEMBER, "", True, []),
        (K.ERASE, S.EXITED, "", True, []),
        (K.CLOSE, S.MEMBER, "", True, []),
    ],
)
def test_what_an_approval_records(kind, standing, target, reaches, entries):
    assert entries_of_approval(kind, Position(standing, "old"), target, reaches=reaches) == entries


@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize("kind", list(RequestKind))
def test_who_has_left_for_a_union_that_does_not_take_them_in_is_restored(kind, standing):
    moving = kind is K.TRANSFER and standing is S.TRANSFERRING

    assert entries_of_an_end(kind, Position(standing, "old")) == ([(E.RESTORED, "old")] if moving else [])


@pytest.mark.parametrize("standing", list(Standing))
def test_a_card_is_valid_for_an_active_member_alone(standing):
    assert Position(standing, "old").card_is_valid is (standing is S.MEMBER)


def test_a_member_is_one_since_joining_whatever_was_moved_or_corrected_since():
    first = Entry(1, E.JOINED, "old", date(2020, 1, 1))
    gone = Entry(2, E.EXITED, "old", date(2020, 6, 1))
    wrong = Entry(3, E.JOINED, "old", date(2021, 1, 1))
    voided = Entry(4, E.CORRECTED, "old", date(2021, 1, 1), corrects=3)
    again = Entry(5, E.JOINED, "old", date(2021, 2, 1))
    moved = [Entry(6, E.TRANSFERRED_OUT, "old", date(2021, 3, 1)), Entry(7, E.TRANSFERRED_IN, "new", date(2021, 3, 1))]

    assert member_since([]) is None
    assert member_since([first]) == date(2020, 1, 1)
    assert member_since([first, gone, wrong, voided, again, *moved]) == date(2021, 2, 1)
