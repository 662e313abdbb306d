"""What is recorded, and that what is derived for counting equals the fold of the rulebook."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from enrollment.rules import ledger as rules
from enrollment.rules.access import SYSTEM
from enrollment.rules.ledger import EntryKind, Standing
from enrollment.storage import ledger
from enrollment.storage.database import Work
from enrollment.storage.failures import Refused
from enrollment.storage.ledger import LedgerEntry, MemberChange, Membership
from tests import make

START = date(2021, 1, 1)


def memberships(session, person):
    rows = session.scalars(select(Membership).where(Membership.person_id == person.id).order_by(Membership.from_on))
    return [(row.union_id, row.from_on, row.until_on) for row in rows]


def changes(session):
    rows = session.scalars(select(MemberChange).where(MemberChange.change != 0))
    return {(row.union_id, row.changed_on): row.change for row in rows}


def test_an_entry_says_who_recorded_what_by_which_document(session, cast):
    who = make.person(session)
    work = Work(session, SYSTEM, make.NOW)
    entry = ledger.record(work, who, cast.shunda_union, EntryKind.JOINED, START, document="昌工发〔2021〕1号")
    session.commit()

    assert (entry.kind, entry.effective_on, entry.recorded_at, entry.document, entry.account_id) == (
        "joined",
        START,
        make.NOW,
        "昌工发〔2021〕1号",
        None,
    )
    assert memberships(session, who) == [(cast.shunda_union.id, START, None)]
    assert changes(session) == {(cast.shunda_union.id, START): 1}


def test_a_move_closes_one_period_and_opens_the_next(session, cast):
    who = make.member(session, cast.shunda_union, on=START)
    moved = START + timedelta(days=30)
    make.entry(session, who, cast.shunda_union, "transferred_out", moved)
    make.entry(session, who, cast.joint_union, "transferred_in", moved)

    assert memberships(session, who) == [(cast.shunda_union.id, START, moved), (cast.joint_union.id, moved, None)]
    assert changes(session) == {
        (cast.shunda_union.id, START): 1,
        (cast.shunda_union.id, moved): -1,
        (cast.joint_union.id, moved): 1,
    }


def test_what_the_rules_object_to_is_refused_and_leaves_nothing(session, cast):
    who = make.member(session, cast.shunda_union, on=START)

    with pytest.raises(Refused) as refused:
        make.entry(session, who, cast.joint_union, "joined", START - timedelta(days=1))
    session.rollback()

    assert refused.value.reasons == ("before_last_entry", "not_from_member")
    assert len(session.scalars(select(LedgerEntry)).all()) == 1


def test_a_correction_takes_back_what_the_wrong_entry_derived_and_keeps_the_entry(session, cast):
    who = make.person(session)
    wrong = make.entry(session, who, cast.shunda_union, "joined", START)
    make.entry(session, who, cast.shunda_union, "corrected", START, corrects=wrong.id)

    assert memberships(session, who) == []
    assert changes(session) == {}
    assert [row.kind for row in session.scalars(select(LedgerEntry).order_by(LedgerEntry.id))] == [
        "joined",
        "corrected",
    ]


def test_a_correction_cannot_name_the_entry_of_somebody_else(session, cast):
    other = make.entry(session, make.person(session), cast.shunda_union, "joined", START)
    who = make.member(session, cast.shunda_union, on=START)

    with pytest.raises(Refused) as refused:
        make.entry(session, who, cast.shunda_union, "corrected", START, corrects=other.id)

    assert refused.value.reasons == ("nothing_to_correct",)


def legal_entries(session, people, unions, number):
    """Record ``number`` legal entries at random, the same at each run; the rules themselves say what is legal."""
    chance, work = Random(20211130), Work(session, SYSTEM, make.NOW)
    recorded = 0
    while recorded < number:
        who, where = chance.choice(people), chance.choice(unions)
        known = ledger.history(session, who.id)
        last = max((entry.effective_on for entry in known), default=START)
        on = last + timedelta(days=chance.choice((0, 0, 1, 7, 40)))
        corrects = chance.choice(known).number if known else None
        # Death and joining anew are kept rare, or every history would soon be over.
        kinds = [kind for kind in EntryKind if kind is not EntryKind.DIED or chance.random() < 0.05]
        try:
            ledger.record(work, who, where, chance.choice(kinds), on, corrects_id=corrects)
        except Refused:
            continue
        recorded += 1
    session.commit()


def test_memberships_and_changes_equal_the_fold_over_two_hundred_entries(session, cast):
    people = [make.person(session) for _ in range(8)]
    unions = [cast.shunda_union, cast.joint_union, cast.fukang_union]
    legal_entries(session, people, unions, 200)
    histories = {who.id: ledger.history(session, who.id) for who in people}

    assert {kind for known in histories.values() for kind in (entry.kind for entry in known)} == set(EntryKind)
    for who in people:
        assert memberships(session, who) == [
            (int(stint.union), stint.from_on, stint.until_on) for stint in rules.stints(histories[who.id])
        ]
    days = {entry.effective_on for known in histories.values() for entry in known}
    for day in sorted(days | {day - timedelta(days=1) for day in days}):
        positions = [rules.standing_on(known, day) for known in histories.values()]
        for union in unions:
            folded = sum(position == rules.Position(Standing.MEMBER, str(union.id)) for position in positions)
            summed = session.scalar(
                select(func.coalesce(func.sum(MemberChange.change), 0)).where(
                    MemberChange.union_id == union.id, MemberChange.changed_on <= day
                )
            )
            assert summed == folded, (union.name, day)
