"""A unit joins a joint union that stands (BUILD-4, BUILD-7): returned, corrected, approved; its members move in."""

from datetime import date

import pytest
from sqlalchemy import select

from enrollment.approving import queries
from enrollment.preparing import actions
from enrollment.rules.access import VISITOR
from enrollment.rules.regions import Territory
from enrollment.rules.stages import FoundingStep, Stage
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.ledger import LedgerEntry, Membership
from enrollment.storage.unions import Coverage, Union
from tests import make
from tests.preparing.way import REPLIED, TODAY, how_many

CITY = Territory("652301")


@pytest.fixture
def asking(way, cast):
    """A depot of four asks to join the joint union; three are members already."""
    given = {"union_id": cast.joint_union.id, "due_on": date(2021, 12, 7)}
    way.begin("join_joint", (4,), steps=(FoundingStep.SUBMITTED,), union_name="", group=(), application=given)
    way.join(3)
    return way


def correct(way, **changes):
    told = {"union_name": "", "business": "", "wish": "", "group": [], "workers": 4} | changes
    return way.keep_request(**told)


def coverage_of(way):
    way.session.rollback()
    rows = way.session.query(Coverage).filter_by(employer_id=way.units[0].id).order_by(Coverage.id)
    return [(row.union_id, row.from_on, row.until_on, row.begun_document) for row in rows]


def test_an_approved_unit_is_covered_and_its_members_move_in(asking, cast):
    unions = how_many(asking.session, Union)

    asking.approve(on=REPLIED)

    joint = cast.joint_union.id
    assert coverage_of(asking) == [(joint, REPLIED, None, asking.number)]
    for person in asking.people:
        rows = select(LedgerEntry).where(LedgerEntry.person_id == person.id).order_by(LedgerEntry.id)
        assert [(row.kind, row.union_id, row.document) for row in asking.session.scalars(rows)][1:] == [
            ("transferred_out", cast.city_pool.id, asking.number),
            ("transferred_in", joint, asking.number),
        ]
        held = select(Membership.union_id).where(Membership.person_id == person.id, Membership.until_on.is_(None))
        assert asking.session.scalars(held).all() == [joint]
    found = asking.founding()
    assert (found.position.part, found.application.state, found.application.due_on) == (None, "approved", None)
    assert (asking.papers(), how_many(asking.session, Union)) == ({}, unions)
    assert asking.audit() == [("decide_founding", asking.number, "approved")]


def test_a_returned_request_to_join_is_corrected_sent_and_approved(asking):
    asking.reply("returned", "人数不符")
    assert (asking.stage, asking.state) == (Stage.JOIN_REQUEST, "returned")

    correct(asking, workers=6, contact_name="马晓东")
    sent = asking.send(on=date(2021, 12, 3))
    assert (sent.application.state, sent.application.due_on) == ("submitted", date(2021, 12, 10))
    assert asking.founding().application.units[0].workers == 6
    assert asking.founding().details.contact_name == "马晓东"
    assert (asking.papers(), asking.steps()) == ({}, ["submitted", "returned", "submitted"])

    asking.approve(on=REPLIED)
    assert len(coverage_of(asking)) == 1


def test_a_joint_union_of_another_county_is_not_there_to_join(asking):
    asking.reply("returned", "工会已撤销")
    elsewhere = make.union(asking.session, kind="joint", county_code="652302")
    before = asking.founding().application.union_id

    with pytest.raises(Missing):
        correct(asking, joint_union_code=elsewhere.code, workers=3)

    found = asking.founding()
    assert (found.application.union_id, found.application.units[0].workers) == (before, 4)


def test_a_refused_unit_is_not_covered(asking):
    asking.reply("refused", "单位不在本市")

    assert (asking.state, coverage_of(asking)) == ("refused", [])
    with pytest.raises(Conflict):
        asking.send()


def test_a_request_to_join_is_given_up(asking):
    asking.group(actions.withdraw)

    assert (asking.state, coverage_of(asking)) == ("withdrawn", [])
    with pytest.raises(Conflict):
        asking.reply("approved")


def refused(way, on=REPLIED):
    before, entries = way.audit(), how_many(way.session, LedgerEntry)
    with pytest.raises(Refused) as no:
        way.approve(on=on)
    assert (way.stage, way.audit(), how_many(way.session, LedgerEntry)) == (Stage.JOIN_REPLY, before, entries)
    return no.value.reasons


def test_build_1_a_unit_of_25_forms_its_own(asking):
    asking.founding().application.units[0].workers = 25
    asking.session.commit()

    assert refused(asking) == ("must_form_committee",)
    page = asking.look(lambda: queries.page_of(queries.founding(CITY, asking.number), TODAY))
    assert page["lacking"] == ("must_form_committee",)


@pytest.mark.parametrize(("more", "reasons"), [(22, ("a_unit_must_form_own",)), (21, ())])
def test_build_1_counts_the_real_members_whatever_was_told(asking, cast, more, reasons):
    make.members(asking.session, cast.city_pool, more, on=TODAY, employer_id=asking.units[0].id)

    if reasons:
        assert refused(asking) == reasons
    else:
        asking.approve(on=REPLIED)
        assert len(coverage_of(asking)) == 1


def test_a_unit_that_was_covered_meanwhile_does_not_join(asking):
    other = make.union(asking.session, kind="joint", covers=tuple(asking.units))

    assert refused(asking) == ("unit_is_covered",)
    assert [row[0] for row in coverage_of(asking)] == [other.id]


def test_a_union_that_ended_meanwhile_takes_nobody_in(asking, cast):
    cast.joint_union.dissolved_on = date(2021, 12, 1)
    asking.session.add(cast.joint_union)
    asking.session.commit()

    assert refused(asking) == ("union_has_ended",)
    page = asking.look(lambda: queries.page_of(queries.founding(CITY, asking.number), TODAY))
    assert page["lacking"] == ("union_has_ended",)
    asking.reply("returned", "联合工会已撤销")
    with pytest.raises(Refused) as no:
        asking.send()
    assert no.value.reasons == ("union_has_ended",)


def test_a_unit_does_not_join_a_union_of_another_county(asking, cast):
    asking.founding().application.union_id = cast.fukang_union.id
    asking.session.commit()

    assert refused(asking) == ("no_joint_union_chosen",)
    assert coverage_of(asking) == []


def test_without_a_joint_union_there_is_nothing_to_join(asking):
    asking.founding().application.union_id = None
    asking.session.commit()

    assert refused(asking) == ("no_joint_union_chosen",)


def test_a_request_to_join_is_not_sent_by_a_unit_of_25(asking):
    asking.reply("returned", "人数不符")
    correct(asking, workers=25)

    with pytest.raises(Refused) as no:
        asking.send()

    assert no.value.reasons == ("must_form_committee",)


def test_only_the_cadres_of_the_place_let_it_in(asking, cast):
    for by in (cast.next_county.as_actor(), VISITOR):
        with pytest.raises(Missing):
            asking.approve(by=by)

    assert coverage_of(asking) == []


def test_the_second_tap_finds_the_unit_let_in(asking):
    asking.approve(on=REPLIED)

    with pytest.raises(Conflict):
        asking.reply("approved", on=REPLIED)

    assert len(coverage_of(asking)) == 1
