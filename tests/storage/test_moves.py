"""Steps other acts are made of: coverage begins and ends, members move with it, nobody is lost."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from enrollment.rules.access import SYSTEM
from enrollment.rules.applications import Step
from enrollment.rules.coverage import EndCause
from enrollment.rules.ledger import Position, Standing
from enrollment.storage import moves
from enrollment.storage.database import Work
from enrollment.storage.failures import Conflict, Refused
from enrollment.storage.ledger import LedgerEntry, position_of
from enrollment.storage.moves import Unmovable
from enrollment.storage.unions import Coverage
from tests import make

JOINED, DAY = date(2021, 6, 1), date(2021, 11, 1)
ONE = timedelta(days=1)
PAPER = "昌工发〔2021〕5号"


@pytest.fixture
def work(session):
    return Work(session, SYSTEM, make.NOW)


def refused(step):
    with pytest.raises(Refused) as found:
        step()
    return found.value.reasons


def coverage_of(session, employer):
    return session.scalars(select(Coverage).where(Coverage.employer_id == employer.id).order_by(Coverage.from_on)).all()


def held(session, person):
    return position_of(session, person.id, date.max)


def member_of(union):
    return Position(Standing.MEMBER, str(union.id))


# --- coverage ------------------------------------------------------------------------------------------------------


def test_coverage_begins_with_a_document_on_a_day(session, cast, work):
    moves.begin_coverage(work, cast.joint_union, cast.uncovered, DAY, PAPER)
    session.commit()

    [row] = coverage_of(session, cast.uncovered)
    assert (row.union_id, row.from_on, row.until_on, row.begun_document, row.ended_cause) == (
        cast.joint_union.id, DAY, None, PAPER, None,
    )  # fmt: skip


def test_a_unit_that_belongs_to_a_union_or_did_that_day_does_not_join_another(session, cast, work):
    def join(on):
        return lambda: moves.begin_coverage(work, cast.joint_union, cast.shunda, on, PAPER)

    assert refused(join(DAY)) == ("unit_is_covered",)
    [own] = coverage_of(session, cast.shunda)
    moves.end_coverage(work, own, DAY, EndCause.BY_OWN_WISH, PAPER)
    assert refused(join(DAY - ONE)) == ("unit_was_covered",)
    moves.begin_coverage(work, cast.joint_union, cast.shunda, DAY, PAPER)
    session.commit()
    assert [(row.from_on, row.until_on) for row in coverage_of(session, cast.shunda)] == [
        (date(2020, 1, 1), DAY),
        (DAY, None),
    ]


@pytest.mark.parametrize(
    ("union", "employer", "on", "reason"),
    [
        ({"dissolved_on": DAY}, {}, DAY, "union_has_ended"),
        ({"founded_on": DAY + ONE}, {}, DAY, "before_founding"),
        ({"kind": "pool"}, {}, DAY, "takes_no_unit"),
        ({}, {"closed_on": DAY}, DAY, "unit_is_closed"),
    ],
)
def test_what_has_ended_or_not_begun_covers_and_is_covered_by_nothing(session, work, union, employer, on, reason):
    rows = (make.union(session, **({"kind": "joint"} | union)), make.employer(session, **employer))

    assert refused(lambda: moves.begin_coverage(work, *rows, on, PAPER)) == (reason,)


def test_a_union_of_one_unit_covers_one(session, cast, work):
    own = make.union(session)
    moves.begin_coverage(work, own, cast.uncovered, DAY, PAPER)

    assert refused(lambda: moves.begin_coverage(work, own, make.employer(session), DAY, PAPER)) == ("takes_no_unit",)


def test_coverage_ends_once_after_a_day_at_least_for_a_cause_by_a_document(session, cast, work):
    [row] = coverage_of(session, cast.small_a)

    def end(on, document=PAPER):
        return lambda: moves.end_coverage(work, row, on, EndCause.REACHED_25, document)

    assert refused(end(row.from_on)) == ("before_coverage_began",)
    assert refused(end(DAY, "")) == ("document_missing",)
    end(row.from_on + ONE)()
    session.commit()
    assert (row.until_on, row.ended_cause, row.ended_document) == (date(2020, 1, 2), "reached_25", PAPER)
    with pytest.raises(Conflict):
        end(DAY)()


# --- members -------------------------------------------------------------------------------------------------------


def test_members_of_a_unit_are_found_wherever_in_the_county_they_are_held(session, cast):
    here = {"employer_id": cast.small_a.id}
    joint, pool = make.member(session, cast.joint_union, **here), make.member(session, cast.city_pool, on=DAY, **here)
    make.member(session, cast.fukang_union, **here)
    make.member(session, cast.joint_union, employer_id=cast.small_b.id)
    gone = make.member(session, cast.joint_union, **here)
    make.entry(session, gone, cast.joint_union, "exited", DAY)

    def found(on):
        rows = moves.members_of_units(session, [cast.small_a.id, cast.uncovered.id], "652301", on)
        return [(person.id, union.id) for person, union in rows]

    of_joint, of_pool, left = (
        (joint.id, cast.joint_union.id),
        (pool.id, cast.city_pool.id),
        (gone.id, cast.joint_union.id),
    )
    assert found(JOINED - ONE) == []
    assert found(DAY - ONE) == [of_joint, left]
    assert found(DAY) == [of_joint, of_pool]
    assert moves.number_of_members(session, cast.small_a.id, "652301") == 2


def test_members_of_a_unit_move_out_and_in_on_one_day(session, cast, work):
    here = {"employer_id": cast.uncovered.id}
    waiting, township = make.member(session, cast.city_pool, **here), make.union(session, kind="township")
    elsewhere, there = make.member(session, township, **here), make.member(session, cast.joint_union, **here)
    far, other = make.member(session, cast.fukang_union, **here), make.member(session, cast.city_pool)
    retained = make.member(session, cast.city_pool, **here)
    make.entry(session, retained, cast.city_pool, "retained", JOINED + ONE)
    moved = moves.move_members(
        work, employer_ids=[cast.uncovered.id], to=cast.joint_union, on=DAY, document=PAPER, county_code="652301"
    )
    session.commit()

    assert moved == 2
    assert {held(session, person) for person in (waiting, elsewhere, there)} == {member_of(cast.joint_union)}
    assert held(session, far) == member_of(cast.fukang_union)
    assert held(session, other) == member_of(cast.city_pool)
    assert held(session, retained).standing is Standing.RETAINED
    assert position_of(session, waiting.id, DAY - ONE) == member_of(cast.city_pool)
    entries = session.scalars(select(LedgerEntry).where(LedgerEntry.person_id == waiting.id).order_by(LedgerEntry.id))
    assert [(entry.kind, entry.union_id, entry.effective_on, entry.document) for entry in entries][1:] == [
        ("transferred_out", cast.city_pool.id, DAY, PAPER),
        ("transferred_in", cast.joint_union.id, DAY, PAPER),
    ]


def test_of_one_union_alone_the_members_of_others_stay(session, cast, work):
    here = {"employer_id": cast.small_a.id}
    joint, own = make.member(session, cast.joint_union, **here), make.member(session, cast.shunda_union, **here)
    moved = moves.move_members(
        work,
        employer_ids=[cast.small_a.id],
        to=cast.city_pool,
        on=DAY,
        document=PAPER,
        county_code="652301",
        held_by=cast.joint_union,
    )

    assert moved == 1
    assert (held(session, joint), held(session, own)) == (member_of(cast.city_pool), member_of(cast.shunda_union))


def test_an_entry_of_a_later_day_stands_against_all_and_is_told_by_name(session, cast, work):
    here = {"employer_id": cast.small_a.id}
    make.member(session, cast.joint_union, **here)
    later = [make.member(session, cast.joint_union, on=DAY + ONE, name=name, **here) for name in ("李建国", "艾麦尔")]
    before = session.scalars(select(LedgerEntry.id)).all()
    with pytest.raises(Unmovable) as found:
        moves.move_members(
            work, employer_ids=[cast.small_a.id], to=cast.city_pool, on=DAY, document=PAPER, county_code="652301"
        )
    session.rollback()

    assert (found.value.reasons, found.value.names) == (("members_dated_later",), ("李建国", "艾麦尔"))
    assert session.scalars(select(LedgerEntry.id)).all() == before
    assert held(session, later[0]) == member_of(cast.joint_union)


@pytest.mark.parametrize(
    ("union", "reason"), [({"dissolved_on": DAY}, "union_has_ended"), ({"founded_on": DAY + ONE}, "before_founding")]
)
def test_nobody_moves_to_a_union_that_does_not_stand_that_day(session, cast, work, union, reason):
    to = make.union(session, **union)

    def move():
        moves.move_members(work, employer_ids=[cast.small_a.id], to=to, on=DAY, document=PAPER, county_code="652301")

    assert refused(move) == (reason,)


def test_a_union_is_emptied_of_members_retained_and_those_on_their_way(session, cast, work):
    member, retained, leaving, gone, moved = (make.member(session, cast.joint_union) for _ in range(5))
    make.entry(session, retained, cast.joint_union, "retained", DAY)
    make.entry(session, leaving, cast.joint_union, "transferred_out", DAY)
    make.entry(session, gone, cast.joint_union, "exited", DAY)
    make.entry(session, moved, cast.joint_union, "transferred_out", DAY)
    make.entry(session, moved, cast.shunda_union, "transferred_in", DAY)

    assert moves.empty_union(work, cast.joint_union, cast.city_pool, DAY, PAPER) == 3
    session.commit()
    at_pool = str(cast.city_pool.id)
    assert held(session, member) == Position(Standing.MEMBER, at_pool)
    assert held(session, retained) == Position(Standing.RETAINED, at_pool)
    assert held(session, leaving) == Position(Standing.TRANSFERRING, at_pool)
    assert held(session, gone) == Position(Standing.EXITED, str(cast.joint_union.id))
    assert held(session, moved) == member_of(cast.shunda_union)


def test_who_is_kept_retained_by_the_pool_comes_back_from_there(session, cast, work):
    retained = make.member(session, cast.joint_union)
    make.entry(session, retained, cast.joint_union, "retained", DAY)
    moves.empty_union(work, cast.joint_union, cast.city_pool, DAY, PAPER)
    session.commit()
    make.entry(session, retained, cast.city_pool, "restored", DAY + ONE)

    assert held(session, retained) == member_of(cast.city_pool)


def test_a_county_without_a_pool_says_so(session, cast):
    assert moves.pool_of(session, "652301") is not None
    assert refused(lambda: moves.pool_of(session, "652328")) == ("no_pool_here",)


def test_who_asks_to_join_a_union_that_ends_asks_for_the_next_from_then_on(session, cast, work):
    waiting = make.join_application(session, application={"union_id": cast.joint_union.id})
    decided = make.join_application(
        session, steps=(Step.SUBMITTED, Step.APPROVED), application={"union_id": cast.joint_union.id}
    )
    founding = make.founding_application(session, application={"union_id": cast.joint_union.id})
    moves.redirect_applications(work, cast.joint_union, cast.city_pool)
    session.commit()

    assert (waiting.union_id, waiting.version) == (cast.city_pool.id, 2)
    assert (decided.union_id, founding.union_id) == (cast.joint_union.id, cast.joint_union.id)


def test_a_unit_that_founds_its_own_union_goes_there_in_one_transaction(session, cast, work):
    people = [make.member(session, cast.joint_union, employer_id=cast.small_a.id) for _ in range(25)]
    own = make.union(session, founded_on=DAY)
    [old] = coverage_of(session, cast.small_a)
    moves.end_coverage(work, old, DAY, EndCause.REACHED_25, PAPER)
    moves.begin_coverage(work, own, cast.small_a, DAY, PAPER)
    moved = moves.move_members(
        work, employer_ids=[cast.small_a.id], to=own, on=DAY, document=PAPER, county_code="652301"
    )
    session.commit()

    assert moved == 25
    assert {held(session, person) for person in people} == {member_of(own)}
    assert [(row.union_id, row.from_on, row.until_on) for row in coverage_of(session, cast.small_a)] == [
        (cast.joint_union.id, date(2020, 1, 1), DAY),
        (own.id, DAY, None),
    ]
