"""A unit joins, leaves, closes; a union merges, ends: done, refused, not yours, twice, two at once."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from enrollment.desk.actions import Decision, decide_application
from enrollment.reports import queries as reports
from enrollment.rules.access import Actor, Role
from enrollment.rules.applications import Step
from enrollment.rules.coverage import DissolutionCause, EndCause, MergeCause, Papers
from enrollment.rules.ledger import Position, Standing
from enrollment.rules.regions import PREFECTURE, Territory
from enrollment.rules.stages import FoundingStep
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.foundings import UnionOfficer, UnionTerm
from enrollment.storage.ledger import LedgerEntry, position_of
from enrollment.storage.moves import Unmovable
from enrollment.storage.unions import Coverage, Employer, Union
from enrollment.unions import actions
from tests import make

DAY, TODAY, ONE = date(2021, 11, 1), make.TODAY, timedelta(days=1)
PAPER = "昌工发〔2021〕5号"
VOTED = Papers(voted_on=date(2021, 10, 20), approval_number=PAPER, approved_on=date(2021, 10, 25))
REPORTED = Papers(report="关于撤销工会的报告")
WISH, VOTE, ENDED = EndCause.BY_OWN_WISH, DissolutionCause.BY_VOTE, DissolutionCause.UNIT_ENDED

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def who(cast):
    by = Actor(Role.COUNTY_CADRE, "张干部", cast.city.id, Territory("652301"))
    return {"by": by, "now": make.NOW, "today": TODAY}


@pytest.fixture
def stranger(cast, who):
    return {**who, "by": Actor(Role.COUNTY_CADRE, "王干部", cast.next_county.id, Territory("652302"))}


def refused(act, *codes, **told):
    with pytest.raises(Refused) as found:
        act(*codes, **told)
    return found.value.reasons


def coverages(session, employer):
    session.expire_all()
    rows = session.scalars(select(Coverage).where(Coverage.employer_id == employer.id).order_by(Coverage.from_on))
    return [(row.union_id, row.from_on, row.until_on, row.ended_cause, row.ended_document) for row in rows]


def held(session, person):
    return position_of(session, person.id, date.max)


def member_of(union):
    return Position(Standing.MEMBER, str(union.id))


def lines(session):
    return [(line.act, line.subject, line.note) for line in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def everything(session):
    """All that an act may change, and the audit."""
    session.rollback()
    tables = (Union.__table__, Coverage.__table__, Employer.__table__, LedgerEntry.__table__, AuditEntry.__table__)
    return [session.execute(select(table).order_by(table.c.id)).all() for table in tables]


def add(cast, who, **changed):
    told = {"employer_code": cast.uncovered.code, "on": DAY, "document": PAPER} | changed
    actions.add_unit(cast.joint_union.code, **told, **who)


def release(cast, who, **changed):
    told = {"on": DAY, "cause": WISH, "document": PAPER} | changed
    actions.release_unit(cast.joint_union.code, cast.small_a.code, **told, **who)


def close(cast, who, **changed):
    told = {"on": DAY, "document": PAPER} | changed
    actions.close_unit(cast.small_a.code, **told, **who)


def dissolve(cast, who, **changed):
    told = {"on": DAY, "cause": VOTE, "papers": VOTED} | changed
    actions.dissolve_union(cast.joint_union.code, **told, **who)


@pytest.fixture
def other(session, cast):
    return make.union(session, name="昌吉市物流联合工会委员会", kind="joint", covers=(make.employer(session),))


def merge(cast, who, into, **changed):
    told = {"into": into.code, "on": DAY, "cause": MergeCause.TOO_SMALL, "papers": VOTED} | changed
    actions.merge_union(cast.joint_union.code, **told, **who)


# --- a unit joins --------------------------------------------------------------------------------------------------


def test_build_7_a_unit_of_a_founding_under_way_is_not_added(session, cast, who):
    make.founding_application(
        session, way="new_joint", steps=(FoundingStep.STARTED, FoundingStep.SUBMITTED),
        units=({"employer_id": cast.uncovered.id}, {}),
    )  # fmt: skip

    assert refused(add, cast, who) == ("unit_agreed_elsewhere",)


def test_a_unit_joins_with_its_members(session, cast, who):
    waiting = make.member(session, cast.city_pool, employer_id=cast.uncovered.id)
    add(cast, who)

    assert coverages(session, cast.uncovered) == [(cast.joint_union.id, DAY, None, None, "")]
    assert held(session, waiting) == member_of(cast.joint_union)
    assert lines(session) == [
        ("change_coverage", cast.joint_union.code, f"{cast.uncovered.code} joins 1 moved"),
    ]


def test_the_second_tap_finds_the_unit_there_and_changes_nothing(session, cast, who):
    add(cast, who)
    before = everything(session)
    add(cast, who)

    assert everything(session) == before
    with pytest.raises(Conflict):
        add(cast, who, document="昌工发〔2021〕6号")
    assert everything(session) == before


@pytest.mark.parametrize(("members", "may"), [(24, True), (25, False)])
def test_a_unit_of_25_members_does_not_join_and_one_of_24_does(session, cast, who, members, may):
    for _ in range(members):
        make.member(session, cast.city_pool, employer_id=cast.uncovered.id)
    make.member(session, cast.fukang_pool, employer_id=cast.uncovered.id)
    if may:
        add(cast, who)
    else:
        assert refused(add, cast, who) == ("a_unit_must_form_own",)
    assert bool(coverages(session, cast.uncovered)) is may


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({"document": ""}, ("document_missing",)),
        ({"on": TODAY + ONE}, ("in_the_future",)),
        ({"on": date(2019, 12, 31)}, ("before_founding",)),
    ],
)
def test_a_unit_does_not_join_without_consent_or_on_a_day_that_cannot_be(cast, who, changed, reasons):
    assert refused(add, cast, who, **changed) == reasons


def test_a_unit_of_another_union_does_not_join(session, cast, who):
    assert refused(add, cast, who, employer_code=cast.shunda.code) == ("unit_is_covered",)
    assert lines(session) == []


def test_a_member_with_a_later_entry_stands_against_the_whole(session, cast, who):
    make.member(session, cast.city_pool, on=DAY + ONE, employer_id=cast.uncovered.id, name="李建国")
    before = everything(session)
    with pytest.raises(Unmovable) as found:
        add(cast, who)

    assert found.value.names == ("李建国",)
    assert everything(session) == before


def test_neither_union_nor_unit_of_another_county_can_be_joined(session, cast, who, stranger):
    far = make.employer(session, county_code="652302", region_code="652302001")
    whole = {**who, "by": Actor(Role.PREFECTURE_CADRE, "赵干部", cast.prefecture.id, Territory(PREFECTURE))}

    for asking, changed in ((stranger, {}), (who, {"employer_code": far.code}), (whole, {"employer_code": far.code})):
        with pytest.raises(Missing):
            add(cast, asking, **changed)
    with pytest.raises(Missing):
        add(cast, {**who, "by": Actor(Role.VISITOR)})


# --- a unit leaves -------------------------------------------------------------------------------------------------


def test_a_unit_leaves_and_its_members_wait_in_the_pool(session, cast, who):
    here = {"employer_id": cast.small_a.id}
    member, retained = make.member(session, cast.joint_union, **here), make.member(session, cast.joint_union, **here)
    make.entry(session, retained, cast.joint_union, "retained", date(2021, 7, 1))
    own, neighbor = make.member(session, cast.shunda_union, **here), make.member(session, cast.joint_union)
    release(cast, who)

    assert coverages(session, cast.small_a) == [(cast.joint_union.id, date(2020, 1, 1), DAY, "by_own_wish", PAPER)]
    assert held(session, member) == member_of(cast.city_pool)
    assert held(session, retained) == Position(Standing.RETAINED, str(cast.joint_union.id))
    assert held(session, own) == member_of(cast.shunda_union)
    assert held(session, neighbor) == member_of(cast.joint_union)
    assert lines(session) == [
        (
            "change_coverage",
            cast.joint_union.code,
            f"{cast.small_a.code} by_own_wish 1 moved below_two_units",
        )
    ]


def test_the_day_a_unit_leaves_is_the_first_it_is_not_covered(session, cast, who):
    release(cast, who)

    def covered(day):
        return reports.counts(Territory("652301"), day).units_covered

    assert (covered(DAY - ONE), covered(DAY)) == (3, 2)


def test_the_second_tap_finds_the_unit_gone_and_somebody_else_comes_too_late(session, cast, who):
    release(cast, who)
    before = everything(session)
    release(cast, who)

    assert everything(session) == before
    for changed in ({"on": DAY + ONE}, {"document": "别的文件"}, {"cause": EndCause.MOVED_AWAY}):
        with pytest.raises(Conflict):
            release(cast, who, **changed)
    assert everything(session) == before


def test_a_unit_that_left_can_come_back_and_leave_again(session, cast, who):
    release(cast, who)
    add(cast, who, employer_code=cast.small_a.code)
    release(cast, who, on=DAY + ONE)

    assert [row[1:4] for row in coverages(session, cast.small_a)] == [
        (date(2020, 1, 1), DAY, "by_own_wish"),
        (DAY, DAY + ONE, "by_own_wish"),
    ]


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({"document": ""}, ("document_missing",)),
        ({"on": TODAY + ONE}, ("in_the_future",)),
        ({"on": date(2020, 1, 1)}, ("before_coverage_began",)),
        ({"cause": EndCause.REACHED_25}, ("not_reached_25",)),
        ({"cause": EndCause.UNIT_CLOSED}, ("end_cause_missing",)),
    ],
)
def test_a_unit_does_not_leave_like_this(session, cast, who, changed, reasons):
    assert refused(release, cast, who, **changed) == reasons
    assert lines(session) == []


@pytest.mark.parametrize(("members", "may"), [(24, False), (25, True)])
def test_only_a_unit_of_25_members_leaves_for_having_reached_them(session, cast, who, members, may):
    for _ in range(members):
        make.member(session, cast.joint_union, employer_id=cast.small_a.id)
    if may:
        release(cast, who, cause=EndCause.REACHED_25)
    else:
        assert refused(release, cast, who, cause=EndCause.REACHED_25) == ("not_reached_25",)


def test_a_union_of_one_unit_is_not_left_but_ends(cast, who):
    told = {"on": DAY, "cause": WISH, "document": PAPER, **who}

    assert refused(actions.release_unit, cast.shunda_union.code, cast.shunda.code, **told) == (
        "unit_has_this_union_alone",
    )


def test_what_never_belonged_and_what_is_not_yours_is_not_there(cast, who, stranger):
    told = {"on": DAY, "cause": WISH, "document": PAPER}

    for code, employer, asking in (
        (cast.joint_union.code, cast.uncovered.code, who),
        (cast.joint_union.code, "NONE", who),
        ("NONE", cast.small_a.code, who),
        (cast.joint_union.code, cast.small_a.code, stranger),
    ):
        with pytest.raises(Missing):
            actions.release_unit(code, employer, **told, **asking)


def test_where_the_county_has_no_pool_nobody_can_leave(session, cast, who):
    session.delete(cast.city_pool)
    session.commit()

    assert refused(release, cast, who) == ("no_pool_here",)


# --- a unit closes -------------------------------------------------------------------------------------------------


def test_a_unit_without_a_union_closes(session, cast, who):
    told = {"on": DAY, "document": PAPER, **who}
    actions.close_unit(cast.uncovered.code, **told)
    before = everything(session)
    actions.close_unit(cast.uncovered.code, **told)

    assert everything(session) == before
    assert session.get_one(Employer, cast.uncovered.id).closed_on == DAY
    assert lines(session) == [("change_coverage", cast.uncovered.code, "unit_closed")]
    with pytest.raises(Conflict):
        actions.close_unit(cast.uncovered.code, **told | {"on": DAY + ONE})


def test_a_unit_of_a_joint_union_closes_and_its_members_wait_in_the_pool(session, cast, who):
    member = make.member(session, cast.joint_union, employer_id=cast.small_a.id)
    close(cast, who)

    assert coverages(session, cast.small_a) == [(cast.joint_union.id, date(2020, 1, 1), DAY, "unit_closed", PAPER)]
    assert held(session, member) == member_of(cast.city_pool)
    assert lines(session)[0][2] == f"unit_closed {cast.joint_union.code} 1 moved below_two_units"
    assert refused(add, cast, who, employer_code=cast.small_a.code) == ("unit_is_closed",)


def test_the_union_of_a_unit_ends_with_it(session, cast, who):
    member, retained = make.member(session, cast.shunda_union), make.member(session, cast.shunda_union)
    make.entry(session, retained, cast.shunda_union, "retained", date(2021, 7, 1))
    asking = make.join_application(session, application={"union_id": cast.shunda_union.id})
    actions.close_unit(cast.shunda.code, on=DAY, document=PAPER, **who)
    session.expire_all()

    ended = session.get_one(Union, cast.shunda_union.id)
    assert (ended.dissolved_on, ended.dissolved_cause, ended.dissolved_document) == (DAY, "unit_ended", PAPER)
    assert coverages(session, cast.shunda)[0][2:] == (DAY, "unit_closed", PAPER)
    assert session.get_one(Employer, cast.shunda.id).closed_on == DAY
    assert held(session, member) == member_of(cast.city_pool)
    assert held(session, retained) == Position(Standing.RETAINED, str(cast.city_pool.id))
    assert asking.union_id == cast.city_pool.id
    assert lines(session) == [
        ("change_coverage", cast.shunda.code, f"unit_closed {ended.code} unit_ended 2 moved"),
    ]


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({"document": ""}, ("document_missing",)),
        ({"on": TODAY + ONE}, ("in_the_future",)),
        ({"on": date(2020, 1, 1)}, ("before_coverage_began",)),
    ],
)
def test_a_unit_does_not_close_like_this(session, cast, who, changed, reasons):
    assert refused(close, cast, who, **changed) == reasons
    assert session.get_one(Employer, cast.small_a.id).closed_on is None


def test_a_unit_does_not_close_before_it_left_its_union(cast, who):
    release(cast, who)

    assert refused(close, cast, who, on=DAY - ONE) == ("something_later",)
    close(cast, who)


def test_a_unit_that_a_union_of_another_county_covers_is_let_go_there_first(session, cast, who, stranger):
    abroad = make.union(session, kind="joint", county_code="652302", covers=(cast.uncovered,))
    told = {"on": DAY, "document": PAPER}

    assert refused(actions.close_unit, cast.uncovered.code, **told, **who) == ("union_elsewhere",)
    actions.release_unit(abroad.code, cast.uncovered.code, cause=WISH, **told, **stranger)
    actions.close_unit(cast.uncovered.code, **told, **who)


def test_a_unit_elsewhere_is_not_closed(cast, stranger):
    with pytest.raises(Missing):
        close(cast, stranger)


def test_the_workers_of_a_closed_unit_count_until_the_day_before(session, cast, who):
    make.member(session, cast.joint_union, employer_id=cast.small_a.id)
    days = (date(2021, 1, 1), DAY - ONE)
    before = [reports.counts(Territory("652301"), day) for day in days]
    close(cast, who)

    assert [reports.counts(Territory("652301"), day) for day in days] == before
    after = reports.counts(Territory("652301"), DAY)
    assert (after.workers, after.employers, after.units_covered, after.members) == (
        before[1].workers - 9,
        before[1].employers - 1,
        before[1].units_covered - 1,
        1,
    )
    assert sum(source.workers for source in reports.sources(Territory("652301"), DAY)) == after.workers


# --- a union ends --------------------------------------------------------------------------------------------------


def test_a_union_is_dissolved_by_vote_and_approval(session, cast, who):
    members = [make.member(session, cast.joint_union, employer_id=cast.small_a.id) for _ in range(3)]
    retained = make.member(session, cast.joint_union)
    make.entry(session, retained, cast.joint_union, "retained", date(2021, 7, 1))
    dissolve(cast, who)
    session.expire_all()

    union = session.get_one(Union, cast.joint_union.id)
    assert (union.dissolved_on, union.dissolved_cause, union.dissolved_document, union.merged_into_id) == (
        DAY, "by_vote", VOTED.document, None,
    )  # fmt: skip
    for unit in (cast.small_a, cast.small_b):
        assert coverages(session, unit)[0][2:] == (DAY, "union_dissolved", PAPER)
        assert session.get_one(Employer, unit.id).closed_on is None
    assert {held(session, person) for person in members} == {member_of(cast.city_pool)}
    assert held(session, retained) == Position(Standing.RETAINED, str(cast.city_pool.id))
    assert lines(session) == [("end_union", union.code, f"by_vote {cast.city_pool.code} 4 moved")]


def elected(session, union, on):
    """A committee elected on a day, with its chair."""
    session.add(UnionTerm(union_id=union.id, ordinal=1, years=5, elected_on=on, ends_on=date(2026, 6, 1)))
    session.add(UnionOfficer(union_id=union.id, name="马主席", body="committee", office="chair", from_on=on))
    session.commit()


def ends_of(session, union):
    """When terms and officers of a union ended."""
    session.expire_all()
    terms = session.scalars(select(UnionTerm.closed_on).where(UnionTerm.union_id == union.id)).all()
    officers = session.scalars(select(UnionOfficer.until_on).where(UnionOfficer.union_id == union.id)).all()
    return terms, officers


def test_law_9_with_a_union_its_term_and_its_officers_end(session, cast, who, other):
    for union in (cast.joint_union, cast.shunda_union, other):
        elected(session, union, date(2021, 6, 1))

    merge(cast, who, other)
    actions.close_unit(cast.shunda.code, on=DAY, document=PAPER, **who)

    assert ends_of(session, cast.joint_union) == ends_of(session, cast.shunda_union) == ([DAY], [DAY])
    assert ends_of(session, other) == ([None], [None])


@pytest.mark.parametrize(("on", "reasons"), [(DAY + ONE, ("something_later",)), (DAY, ())])
def test_a_union_does_not_end_before_it_elected_its_committee(session, cast, who, on, reasons):
    elected(session, cast.joint_union, on)

    if reasons:
        assert refused(dissolve, cast, who) == reasons
    else:
        dissolve(cast, who)
    assert ends_of(session, cast.joint_union) == (([None], [None]) if reasons else ([DAY], [DAY]))


def test_a_union_ends_once(session, cast, who):
    dissolve(cast, who)
    before = everything(session)
    dissolve(cast, who)

    assert everything(session) == before
    for changed in ({"on": DAY + ONE}, {"papers": Papers(**{**_vote(), "approval_number": "别的"})}):
        with pytest.raises(Conflict):
            dissolve(cast, who, **changed)
    assert everything(session) == before


def _vote():
    return {"voted_on": VOTED.voted_on, "approval_number": VOTED.approval_number, "approved_on": VOTED.approved_on}


def test_a_union_whose_units_have_all_ended_ends_with_a_report(session, cast, who):
    told = {"cause": ENDED, "papers": REPORTED}
    close(cast, who)
    assert refused(dissolve, cast, who, **told) == ("units_still_stand",)
    actions.close_unit(cast.small_b.code, on=DAY, document=PAPER, **who)
    dissolve(cast, who, **told)

    assert session.get_one(Union, cast.joint_union.id, populate_existing=True).dissolved_cause == "unit_ended"


def test_the_unit_of_a_union_of_one_closes_with_it(session, cast, who):
    actions.dissolve_union(cast.shunda_union.code, on=DAY, cause=ENDED, papers=REPORTED, **who)

    assert coverages(session, cast.shunda)[0][2:] == (DAY, "unit_closed", REPORTED.report)
    assert session.get_one(Employer, cast.shunda.id, populate_existing=True).closed_on == DAY


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({"papers": Papers()}, ("vote_missing", "approval_number_missing", "approval_day_missing")),
        ({"on": TODAY + ONE}, ("in_the_future",)),
        ({"on": date(2020, 1, 1)}, ("before_founding", "before_approval")),
        ({"on": date(2021, 10, 24)}, ("before_approval",)),
    ],
)
def test_a_union_is_not_dissolved_at_will(session, cast, who, changed, reasons):
    assert refused(dissolve, cast, who, **changed) == reasons
    assert lines(session) == []


def test_a_union_does_not_end_before_what_happened_there(session, cast, who):
    gone = make.member(session, cast.joint_union)
    make.entry(session, gone, cast.joint_union, "exited", DAY + ONE)
    assert refused(dissolve, cast, who) == ("something_later",)

    dissolve(cast, who, on=DAY + ONE)


def test_a_union_does_not_end_before_a_unit_left_it(cast, who):
    release(cast, who, on=DAY + ONE)

    assert refused(dissolve, cast, who) == ("something_later",)


def test_the_pool_does_not_end(cast, who):
    told = {"on": DAY, **who}

    assert refused(actions.dissolve_union, cast.city_pool.code, cause=VOTE, papers=VOTED, **told) == (
        "pool_does_not_end",
    )


def test_a_union_elsewhere_does_not_end(cast, stranger, other):
    with pytest.raises(Missing):
        dissolve(cast, stranger)
    with pytest.raises(Missing):
        merge(cast, stranger, other)


# --- a union merges ------------------------------------------------------------------------------------------------


def test_a_union_becomes_part_of_another_with_units_members_and_retained(session, cast, who, other):
    member, retained = make.member(session, cast.joint_union), make.member(session, cast.joint_union)
    make.entry(session, retained, cast.joint_union, "retained", date(2021, 7, 1))
    asking = make.join_application(session, application={"union_id": cast.joint_union.id})
    merge(cast, who, other)
    session.expire_all()

    union = session.get_one(Union, cast.joint_union.id)
    assert (union.dissolved_on, union.dissolved_cause, union.merged_into_id) == (DAY, "too_small", other.id)
    for unit in (cast.small_a, cast.small_b):
        assert coverages(session, unit) == [
            (cast.joint_union.id, date(2020, 1, 1), DAY, "union_merged", PAPER),
            (other.id, DAY, None, None, ""),
        ]
    assert held(session, member) == member_of(other)
    assert held(session, retained) == Position(Standing.RETAINED, str(other.id))
    assert asking.union_id == other.id
    assert lines(session) == [("end_union", union.code, f"too_small {other.code} 2 moved")]


def test_a_union_merges_once(session, cast, who, other):
    merge(cast, who, other)
    before = everything(session)
    merge(cast, who, other)

    assert everything(session) == before
    with pytest.raises(Conflict):
        merge(cast, who, other, cause=MergeCause.SAME_TRADE)


def test_a_union_can_be_merged_into_by_its_full_name(session, cast, who, other):
    told = {"into": other.name, "on": DAY, "cause": MergeCause.TOO_SMALL, "papers": VOTED}
    actions.merge_union(cast.joint_union.code, **told, **who)

    assert session.get_one(Union, cast.joint_union.id, populate_existing=True).merged_into_id == other.id


def test_a_union_does_not_merge_into_itself_a_pool_a_union_elsewhere_or_one_that_ended(session, cast, who, other):
    for into, reasons in (
        (cast.joint_union, ("merge_target_missing",)),
        (cast.fukang_union, ("merge_target_missing",)),
        (cast.city_pool, ("merge_into_a_union",)),
        (cast.shunda_union, ("takes_no_unit",)),
    ):
        assert refused(merge, cast, who, into) == reasons
    actions.dissolve_union(other.code, on=DAY, cause=VOTE, papers=VOTED, **who)
    with pytest.raises(Conflict):
        merge(cast, who, other)


@pytest.mark.parametrize(("members", "may"), [(24, True), (25, False)])
def test_a_unit_of_25_members_is_not_merged_but_forms_its_own(session, cast, who, other, members, may):
    for _ in range(members):
        make.member(session, cast.joint_union, employer_id=cast.small_b.id)
    if may:
        merge(cast, who, other)
    else:
        assert refused(merge, cast, who, other) == ("a_unit_must_form_own",)


def test_figures_of_earlier_days_do_not_change_by_later_acts(session, cast, who, other):
    for unit in (cast.small_a, cast.small_b, cast.uncovered):
        make.member(session, cast.city_pool if unit is cast.uncovered else cast.joint_union, employer_id=unit.id)
    days = [date(2021, 1, 1), date(2021, 6, 1), DAY - ONE]
    places = [Territory("652301"), Territory(PREFECTURE)]

    def figures():
        whole = [reports.counts(place, day) for place in places for day in days]
        return whole + [reports.counts_by_union(place, day) for place in places for day in days]

    before = figures()
    add(cast, who)
    release(cast, who, on=DAY + ONE)
    close(cast, who, on=DAY + 2 * ONE)
    merge(cast, who, other, on=DAY + 3 * ONE)
    actions.dissolve_union(other.code, on=DAY + 4 * ONE, cause=VOTE, papers=VOTED, **who)

    assert figures() == before
    assert reports.counts(places[0], TODAY).members == 3
    assert reports.counts(places[0], TODAY).joint_unions == 0


# --- two at once ---------------------------------------------------------------------------------------------------


def at_once(app, *acts):
    """Run the acts at the same time; what each came to, by name of the failure or ``done``."""
    together, came = Barrier(len(acts), timeout=60), [""] * len(acts)

    def run(number, act):
        with app.test_request_context("/"):
            together.wait()
            try:
                act()
                came[number] = "done"
            except (Conflict, Refused, Missing) as failure:
                came[number] = type(failure).__name__

    threads = [Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(came)


def test_of_two_cadres_at_once_one_is_told_that_someone_was_faster(app, session, cast, who, other):
    for _ in range(3):
        make.member(session, cast.joint_union, employer_id=cast.small_a.id)
    codes = (cast.joint_union.code, cast.small_a.code)

    def leaves(document):
        return lambda: actions.release_unit(*codes, on=DAY, cause=WISH, document=document, **who)

    assert at_once(app, leaves("甲"), leaves("乙")) == ["Conflict", "done"]
    assert len(lines(session)) == 1
    assert reports.counts(Territory("652301"), TODAY).members == 3


def test_two_taps_at_once_are_one_act(app, session, cast, who):
    assert at_once(app, lambda: add(cast, who), lambda: add(cast, who)) == ["done", "done"]
    assert len(lines(session)) == 1


def test_a_unit_added_to_two_unions_at_once_is_in_one(app, session, cast, who, other):
    def joins(union):
        told = {"employer_code": cast.uncovered.code, "on": DAY, "document": PAPER}
        return lambda: actions.add_unit(union.code, **told, **who)

    assert at_once(app, joins(cast.joint_union), joins(other)) == ["Refused", "done"]
    assert len(coverages(session, cast.uncovered)) == 1


def test_two_unions_merged_into_each_other_at_once_leave_one(app, session, cast, who, other):
    for union in (cast.joint_union, other):
        make.member(session, union)

    def merges(union, into):
        told = {"into": into.code, "on": DAY, "cause": MergeCause.TOO_SMALL, "papers": VOTED}
        return lambda: actions.merge_union(union.code, **told, **who)

    assert at_once(app, merges(cast.joint_union, other), merges(other, cast.joint_union)) == ["Conflict", "done"]
    assert [union.members for union in reports.counts_by_union(Territory("652301"), TODAY)][:1] == [2]


def test_nobody_is_admitted_into_a_union_that_ends_at_the_same_moment(app, session, cast, who):
    members = [make.member(session, cast.joint_union) for _ in range(5)]
    joining = [make.join_application(session, application={"union_id": cast.joint_union.id}) for _ in range(3)]
    moving = make.request(session, members[0], "transfer", to_union_id=cast.shunda_union.id)
    coming = make.member(session, cast.shunda_union)
    arriving = make.request(session, coming, "transfer", to_union_id=cast.joint_union.id)
    leaving = make.request(session, members[1], "leave")

    def decides(application):
        decision = Decision(step=Step.APPROVED, version=1)
        return lambda: decide_application(application.number, decision, **who)

    asked = [*joining, moving, arriving, leaving]
    came = at_once(app, lambda: dissolve(cast, who, on=TODAY), *map(decides, asked))

    assert set(came) <= {"done", "Conflict", "Refused"}
    session.expire_all()
    assert session.get_one(Union, cast.joint_union.id).dissolved_on == TODAY
    at_end = {unit.code: unit.members for unit in reports.counts_by_union(Territory("652301"), TODAY)}
    assert at_end.get(cast.joint_union.code, 0) == 0
