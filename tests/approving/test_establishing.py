"""What an approved result makes: union, term, officers, coverage, every member moved once (LAW-7, LAW-12, BUILD-7)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import select

from enrollment.approving.actions import Reply, reply
from enrollment.approving.establishing import years_later
from enrollment.rules.documents import MARKS
from enrollment.rules.stages import FoundingStep, Stage
from enrollment.storage.failures import Conflict, Refused
from enrollment.storage.foundings import UnionOfficer, UnionTerm
from enrollment.storage.ledger import LedgerEntry, Membership
from enrollment.storage.moves import Unmovable
from enrollment.storage.papers import DocumentSerial
from enrollment.storage.unions import Coverage, Union
from tests import make
from tests.preparing.way import JOINT_NAME, MEETING, OWN_NAME, REPLIED, how_many, noon, outsider, stands

NUMBER = "昌市工复〔2021〕3号"


def union_of(way, name=JOINT_NAME):
    way.session.rollback()
    return way.session.query(Union).filter_by(name=name).one()


def where(session, person):
    """The unions of the open memberships of a person; one or none."""
    session.rollback()
    held = select(Membership.union_id).where(Membership.person_id == person.id, Membership.until_on.is_(None))
    return session.scalars(held).all()


def entries(session, person):
    session.rollback()
    rows = select(LedgerEntry).where(LedgerEntry.person_id == person.id).order_by(LedgerEntry.id)
    return [(row.kind, row.union_id, row.effective_on, row.document) for row in session.scalars(rows)]


def coverages(session, employer):
    session.rollback()
    rows = select(Coverage).where(Coverage.employer_id == employer.id).order_by(Coverage.id)
    return [
        (row.union_id, row.from_on, row.until_on, row.begun_document, row.ended_cause, row.ended_document)
        for row in session.scalars(rows)
    ]


# --- the union -----------------------------------------------------------------------------------------------------


def test_an_approved_result_makes_the_union_by_the_number_of_its_reply(way):
    way.begin().to(Stage.ESTABLISHMENT)
    before = how_many(way.session, Union)

    way.approve(on=REPLIED)

    union = union_of(way)
    assert how_many(way.session, Union) == before + 1
    assert (union.kind, union.county_code, union.region_code, union.group) == (
        "joint",
        "652301",
        "652301001",
        "courier",
    )
    assert (union.founded_on, union.approved_on, union.approval_number) == (REPLIED, REPLIED, NUMBER)
    assert way.papers()["establishment_reply", 1].number == NUMBER
    assert (way.founding().application.union_id, way.founding().application.due_on) == (union.id, None)
    assert (way.state, way.stage) == ("approved", Stage.REGISTRATION)
    assert way.audit()[-1] == ("decide_founding", way.number, "approved")


@pytest.mark.parametrize(("kind", "name"), [("own_committee", OWN_NAME), ("one_officer", "东风网点工会")])
def test_a_unit_of_its_own_has_a_single_union(way, kind, name):
    way.begin(kind, (5,), union_name=name).to(Stage.REGISTRATION)

    union = union_of(way, name)
    assert (union.kind, union.approval_number) == ("single", NUMBER)
    assert coverages(way.session, way.units[0]) == [(union.id, REPLIED, None, NUMBER, None, "")]


def test_units_of_several_trades_share_none(way):
    way.begin()
    way.units[1].group = "trucker"
    way.session.add(way.units[1])
    way.session.commit()

    way.to(Stage.REGISTRATION)

    assert union_of(way).group is None


def test_each_unit_is_covered_from_that_day(way):
    way.begin(sizes=(2, 2, 1)).to(Stage.REGISTRATION)

    for unit in way.units:
        assert coverages(way.session, unit) == [(union_of(way).id, REPLIED, None, NUMBER, None, "")]


def test_two_who_approve_at_once_make_one_union(way):
    way.begin().to(Stage.ESTABLISHMENT)
    told = Reply(step=FoundingStep.APPROVED, version=way.founding().application.version)
    by = [way.cadre, way.cast.prefecture.as_actor()]
    way.session.rollback()
    together = Barrier(2, timeout=60)

    def approve(cadre):
        with way.app.app_context():
            together.wait()
            try:
                reply(way.number, told, marks=MARKS, by=cadre, now=noon(REPLIED), today=REPLIED)
            except Conflict:
                return "someone was faster"
            return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(approve, by))

    assert answers == ["done", "someone was faster"]
    assert union_of(way).approval_number == NUMBER
    assert way.session.query(DocumentSerial).one().last == 3
    assert way.steps().count("approved") == 1


# --- its members ---------------------------------------------------------------------------------------------------


def test_every_member_moves_exactly_once(way):
    way.begin().to(Stage.ESTABLISHMENT)
    pool = way.cast.city_pool
    [late] = make.members(way.session, way.cast.joint_union, 1, on=REPLIED, employer_id=way.units[0].id)

    way.approve(on=REPLIED)

    union = union_of(way)
    for person in way.people:
        assert entries(way.session, person)[1:] == [
            ("transferred_out", pool.id, REPLIED, NUMBER),
            ("transferred_in", union.id, REPLIED, NUMBER),
        ]
        assert where(way.session, person) == [union.id]
    assert [row[1] for row in entries(way.session, late)][-1] == union.id


def test_whoever_is_not_of_its_units_stays(way):
    way.begin().to(Stage.ESTABLISHMENT)
    pool, unit = way.cast.city_pool, way.units[0]
    [elsewhere] = make.members(way.session, pool, 1, employer_id=way.cast.uncovered.id)
    [retained] = make.members(way.session, pool, 1, employer_id=unit.id)
    make.entry(way.session, retained, pool, "retained", date(2021, 12, 1))
    [fukang] = make.members(way.session, way.cast.fukang_union, 1, employer_id=unit.id)

    way.approve(on=REPLIED)

    assert where(way.session, elsewhere) == [pool.id]
    assert [row[0] for row in entries(way.session, retained)] == ["joined", "retained"]
    assert where(way.session, fukang) == [way.cast.fukang_union.id]


# --- its term and officers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held_on", "years", "ends_on"),
    [
        (date(2021, 12, 10), 3, date(2024, 12, 10)),
        (date(2021, 12, 10), 5, date(2026, 12, 10)),
        (date(2024, 2, 29), 5, date(2029, 2, 28)),
        (date(2024, 2, 29), 3, date(2027, 2, 28)),
    ],
)
def test_law_16_the_term_runs_from_the_day_of_the_election(way, held_on, years, ends_on):
    way.notice_from = held_on.replace(day=1) if held_on.year == 2021 else date(2024, 2, 19)
    way.meeting_on, way.replied_on = held_on, held_on
    way.begin().to(Stage.MEETING_REQUEST)
    way.plan(term_years=years)
    way.ask()
    way.to(Stage.REGISTRATION)

    [term] = way.session.query(UnionTerm).all()
    assert (term.union_id, term.ordinal, term.years, term.elected_on, term.ends_on, term.closed_on) == (
        union_of(way).id,
        1,
        years,
        held_on,
        ends_on,
        None,
    )
    assert term.application_id == way.founding().application.id


def test_a_leap_day_has_its_leap_day_where_there_is_one():
    assert years_later(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_who_is_elected_sits_in_its_committee_with_the_office_given(way):
    way.begin(sizes=(5, 4)).to(Stage.MEETING_REQUEST)
    people = way.people
    committee = [*(stands(each) for each in people[:3]), outsider()]
    way.plan(audit_seats=3, candidates=[*committee, *(stands(each, "audit") for each in people[4:8])])
    way.ask()
    way.to(Stage.MEETING)
    votes = [
        way.counted(9, 8, 1, 7, issued=9, returned=9),
        way.counted(5, 6, 7, 1, body="audit", issued=9, returned=9),
    ]
    way.record(present=9, counted=votes)
    way.offices(chair=way.ids("committee")[1], audit_chair=way.ids("audit")[2])
    way.report()

    way.approve(on=REPLIED)

    officers = [
        (row.body, row.name, row.person_id, row.office, row.from_on, row.until_on)
        for row in way.session.query(UnionOfficer).order_by(UnionOfficer.id)
    ]
    assert officers == [
        ("committee", "会员1", people[0].id, "", MEETING, None),
        ("committee", "会员2", people[1].id, "chair", MEETING, None),
        ("committee", "张援建", None, "", MEETING, None),
        ("audit", "会员5", people[4].id, "", MEETING, None),
        ("audit", "会员1", people[5].id, "", MEETING, None),
        ("audit", "会员2", people[6].id, "audit_chair", MEETING, None),
    ]


def test_one_officer_sits_alone(way):
    way.begin("one_officer", (5,)).to(Stage.REGISTRATION)

    [officer] = way.session.query(UnionOfficer).all()
    assert (officer.body, officer.person_id, officer.office) == ("officer", way.people[0].id, "")


# --- a unit that is in another union -------------------------------------------------------------------------------


def nothing_was_made(way, before):
    """No union, no number, no entry: as if the reply had not been tried."""
    assert (how_many(way.session, Union), how_many(way.session, LedgerEntry), way.audit()) == before
    assert way.session.query(DocumentSerial).one().last == 2
    assert way.papers().get(("establishment_reply", 1)) is None
    assert (way.stage, way.founding().application.union_id) == (Stage.ESTABLISHMENT, None)
    assert way.session.query(UnionTerm).count() == way.session.query(UnionOfficer).count() == 0


def now(way):
    return how_many(way.session, Union), how_many(way.session, LedgerEntry), way.audit()


@pytest.mark.parametrize("kind", ["new_joint", "one_officer"])
def test_a_unit_that_was_covered_meanwhile_keeps_all_of_it_back(way, kind):
    way.begin(kind, (3, 2) if kind == "new_joint" else (5,)).to(Stage.ESTABLISHMENT)
    make.union(way.session, kind="joint", covers=(way.units[-1],), founded_on=date(2021, 12, 1))
    before = now(way)

    with pytest.raises(Refused) as no:
        way.approve(on=REPLIED)

    assert no.value.reasons == ("unit_is_covered",)
    nothing_was_made(way, before)


def test_a_unit_of_a_single_union_does_not_found_another(way):
    way.begin("own_committee", (5,)).to(Stage.ESTABLISHMENT)
    make.union(way.session, covers=tuple(way.units))
    before = now(way)

    with pytest.raises(Refused) as no:
        way.approve(on=REPLIED)

    assert no.value.reasons == ("unit_is_covered",)
    nothing_was_made(way, before)


def test_a_unit_that_closed_meanwhile_keeps_all_of_it_back(way):
    way.begin().to(Stage.ESTABLISHMENT)
    way.units[1].closed_on = REPLIED
    way.session.add(way.units[1])
    way.session.commit()
    before = now(way)

    with pytest.raises(Refused) as no:
        way.approve(on=REPLIED)

    assert no.value.reasons == ("unit_is_closed",)
    nothing_was_made(way, before)


def test_an_entry_of_a_later_day_keeps_all_of_it_back_and_names_the_member(way):
    way.begin().to(Stage.ESTABLISHMENT)
    [late] = make.members(
        way.session, way.cast.city_pool, 1, on=date(2021, 12, 14), employer_id=way.units[0].id, name="晚来"
    )
    before = now(way)

    with pytest.raises(Unmovable) as no:
        way.approve(on=REPLIED)

    assert (no.value.reasons, no.value.names) == (("members_dated_later",), (late.name,))
    nothing_was_made(way, before)


def test_the_second_of_two_foundings_that_share_a_unit_is_refused(way):
    way.begin().to(Stage.ESTABLISHMENT)
    shared, people = way.units, way.people
    other = type(way)(way.app, way.session, way.cast)
    other.units, other.people = shared[:1], people[:3]
    other.follow(
        make.founding_application(
            way.session,
            way="one_officer",
            union_name="东风网点工会",
            units=({"employer_id": shared[0].id, "name": "东风网点", "workers": 3},),
            steps=(FoundingStep.STARTED, FoundingStep.SUBMITTED, FoundingStep.GROUP_APPROVED),
        )
    )
    other.to(Stage.MEETING)
    other.record(present=3, counted=[other.counted(3, 0, body="officer", issued=3, returned=3)])
    other.report()
    other.approve(on=REPLIED)

    with pytest.raises(Refused) as no:
        way.approve(on=REPLIED)

    assert no.value.reasons == ("unit_is_covered",)
    assert way.session.query(Union).filter_by(name=JOINT_NAME).count() == 0


# --- a unit of a joint union that forms its own --------------------------------------------------------------------


@pytest.mark.parametrize(("members", "cause"), [(25, "reached_25"), (24, "by_own_wish")])
def test_a_unit_that_forms_its_own_leaves_its_joint_union_that_day(way, members, cause):
    way.begin("own_committee", (members,))
    joint = make.union(way.session, kind="joint", covers=tuple(way.units), founded_on=date(2020, 5, 1))
    way.people = make.members(way.session, joint, members, employer_id=way.units[0].id, sex="1")
    way.session.rollback()
    way.to(Stage.MEETING)
    full = way.counted(members, members, members, 0, issued=members, returned=members)
    way.record(present=members, counted=[full])
    way.offices()
    way.report()

    way.approve(on=REPLIED)

    own = union_of(way, OWN_NAME)
    assert coverages(way.session, way.units[0]) == [
        (joint.id, date(2020, 5, 1), REPLIED, "", cause, NUMBER),
        (own.id, REPLIED, None, NUMBER, None, ""),
    ]
    assert {tuple(where(way.session, person)) for person in way.people} == {(own.id,)}
    assert entries(way.session, way.people[0])[1:] == [
        ("transferred_out", joint.id, REPLIED, NUMBER),
        ("transferred_in", own.id, REPLIED, NUMBER),
    ]


def test_a_unit_does_not_leave_on_the_day_it_came(way):
    way.begin("own_committee", (5,)).to(Stage.ESTABLISHMENT)
    make.union(way.session, kind="joint", covers=tuple(way.units), founded_on=REPLIED)
    before = now(way)

    with pytest.raises(Refused) as no:
        way.approve(on=REPLIED)

    assert no.value.reasons == ("before_coverage_began",)
    nothing_was_made(way, before)


def test_a_name_that_was_taken_at_last_is_refused(way):
    way.begin().to(Stage.ESTABLISHMENT)
    way.founding().details.union_name = "昌吉市会员周转库"
    way.session.commit()
    before = now(way)

    with pytest.raises(Refused) as no:
        way.approve(on=REPLIED)

    assert no.value.reasons == ("union_name_taken",)
    nothing_was_made(way, before)
