"""A union elects its next committee (换届): the same stages from the request for the meeting on (domain 7.4)."""

from datetime import date

import pytest

from enrollment.approving import actions
from enrollment.approving.establishing import establish
from enrollment.preparing.actions import withdraw
from enrollment.preparing.queries import registration_kept
from enrollment.rules.access import SYSTEM, VISITOR
from enrollment.rules.stages import FoundingStep, Stage
from enrollment.storage import rosters
from enrollment.storage.applications import Application, FoundingDetails
from enrollment.storage.database import Work
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.foundings import UnionOfficer, UnionTerm
from enrollment.storage.ledger import LedgerEntry
from enrollment.storage.unions import Coverage, Union
from tests import make
from tests.preparing.way import JOINT_NAME, MEETING, Way, how_many, noon, text_of

LATER, NOTICE, HELD, REPLIED = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 13), date(2026, 11, 16)


def start(way, union, by=None, on=LATER):
    found = way.do(actions.start_re_election, union.code, by=by or way.cadre, now=noon(on), today=on)
    way.follow(found.application)
    way.on, way.notice_from, way.meeting_on, way.replied_on = on, NOTICE, HELD, REPLIED
    return found


@pytest.fixture
def union(way):
    """A joint union in its first term, elected on 10 December 2021 for five years."""
    way.begin().to(None)
    return way.session.query(Union).filter_by(name=JOINT_NAME).one()


def elect(way, *yes, chair=0):
    """The whole way of a re-election in November 2026."""
    way.plan(term_years=3)
    way.ask()
    way.approve()
    way.record(*yes)
    way.offices(chair=way.ids("committee")[chair])
    way.report()
    way.approve(on=REPLIED)


# --- begun ---------------------------------------------------------------------------------------------------------


def test_a_re_election_begins_with_the_request_for_the_meeting(way, union):
    start(way, union)

    found = way.founding()
    assert (found.way, found.position.stage, found.application.state) == (
        "re_election",
        Stage.MEETING_REQUEST,
        "preparing",
    )
    assert (found.details.union_name, found.details.contact_name, found.details.contact_phone) == (
        JOINT_NAME,
        "会员1",
        "",
    )
    assert (found.application.union_id, found.application.county_code) == (union.id, "652301")
    assert (found.application.units, way.steps()) == ([], ["started"])
    assert way.audit()[-1] == ("decide_founding", way.number, "")
    assert way.number.startswith("261102-")


def term_of(way, union):
    """The union has a term on record, and no officers."""
    told = {"ordinal": 1, "years": 5, "elected_on": date(2021, 12, 10), "ends_on": date(2026, 12, 10)}
    way.session.add(UnionTerm(union_id=union.id, **told))
    way.session.commit()


def test_without_a_chair_on_record_the_cadre_is_the_contact(way, cast):
    term_of(way, cast.joint_union)
    start(way, cast.joint_union)

    assert way.founding().details.contact_name == "张干部"


UNDER_WAY = [Stage.MEETING_REQUEST, Stage.MEETING_REPLY, Stage.MEETING, Stage.FIRST_SESSION, Stage.ESTABLISHMENT]


@pytest.mark.parametrize("stage", UNDER_WAY)
def test_the_second_tap_leads_to_the_one_under_way(way, union, stage):
    first = start(way, union).application.number
    way.to(stage)

    second = start(way, union)

    assert second.application.number == first
    assert way.audit()[-1] == ("decide_founding", union.code, "sent again")
    assert how_many(way.session, FoundingDetails) == 2


def test_a_returned_one_is_under_way_too(way, union):
    first = start(way, union).application.number
    way.to(Stage.MEETING_REPLY)
    way.reply("returned", "写明候选人")

    assert start(way, union).application.number == first


def test_who_asks_to_join_the_union_does_not_stand_in_the_way(way, cast):
    asking = Way(way.app, way.session, cast).begin(
        "join_joint", (4,), application={"union_id": cast.joint_union.id}, steps=(FoundingStep.SUBMITTED,)
    )  # fmt: skip

    term_of(way, cast.joint_union)

    assert start(way, cast.joint_union).application.number != asking.number


def test_after_one_that_was_given_up_another_begins(way, union):
    first = start(way, union).application.number
    way.session.query(Application).filter_by(number=first).one().state = "withdrawn"
    way.session.commit()

    assert start(way, union).application.number != first


def test_no_one_else_begins_it(way, cast, union):
    ended = make.union(way.session, dissolved_on=date(2021, 1, 1))
    before = way.audit()

    for by, code in (
        (cast.next_county.as_actor(), union.code),
        (VISITOR, union.code),
        (way.cadre, "NOBODY"),
        (way.cadre, ended.code),
        (way.cadre, cast.city_pool.code),
        (way.cadre, cast.fukang_union.code),
    ):
        with pytest.raises(Missing):
            way.do(actions.start_re_election, code, by=by, now=noon(LATER), today=LATER)
    assert (how_many(way.session, FoundingDetails), way.audit()) == (1, before)

    assert start(way, union, by=cast.prefecture.as_actor()).position.stage is Stage.MEETING_REQUEST


# --- held ----------------------------------------------------------------------------------------------------------


def test_the_roster_is_the_unions_own(way, union):
    [elsewhere] = make.members(way.session, way.cast.city_pool, 1, employer_id=way.units[0].id)
    start(way, union)

    names = [line.person.id for line in rosters.roster(way.session, way.founding(), LATER)]
    assert sorted(names) == sorted(each.id for each in way.people)
    assert elsewhere.id not in names


def test_the_next_term_follows_the_last_and_the_old_officers_step_down(way, union):
    entries, unions = how_many(way.session, LedgerEntry), how_many(way.session, Union)
    start(way, union)

    elect(way, 1, 4, 3, 5, chair=3)

    terms = way.session.query(UnionTerm).order_by(UnionTerm.ordinal).all()
    assert [(term.ordinal, term.years, term.elected_on, term.ends_on, term.closed_on) for term in terms] == [
        (1, 5, MEETING, date(2026, 12, 10), HELD),
        (2, 3, HELD, date(2029, 11, 13), None),
    ]
    assert [term.application_id for term in terms][1] == way.founding().application.id
    officers = [
        (row.person_id, row.office, row.from_on, row.until_on)
        for row in way.session.query(UnionOfficer).order_by(UnionOfficer.id)
    ]
    held, first, *rest = HELD, *(each.id for each in way.people)
    assert officers == [
        (first, "chair", MEETING, held),
        (rest[0], "", MEETING, held),
        (rest[1], "", MEETING, held),
        (rest[0], "", held, None),
        (rest[1], "", held, None),
        (rest[2], "chair", held, None),
    ]
    assert way.founding().candidates[0].office == ""
    # The union is the same, and nobody moves.
    assert (how_many(way.session, LedgerEntry), how_many(way.session, Union)) == (entries, unions)
    assert way.session.query(Coverage).filter_by(union_id=union.id, until_on=None).count() == 2
    assert (way.state, way.stage) == ("approved", Stage.REGISTRATION)


def test_the_papers_of_a_re_election_count_the_next_term(way, union):
    start(way, union)
    elect(way, 5, 4, 3, 1)

    titles = {kind: row.content["title"] for (kind, _round), row in way.papers().items()}
    assert "第二届" in titles["meeting_request"]
    assert "第二届" in titles["establishment_reply"]
    assert way.papers()["establishment_reply", 1].number == "昌市工复〔2026〕2号"
    assert "group_request" not in titles


def test_the_term_before_has_to_be_on_record(way, cast):
    with pytest.raises(Refused) as no:
        start(way, cast.joint_union)

    assert (no.value.reasons, how_many(way.session, FoundingDetails)) == (("term_not_recorded",), 0)


def test_the_certificate_of_the_union_stays_until_it_is_exchanged(way, union):
    before = way.session.query(UnionTerm).one()
    before.registered_on, before.certificate_until = date(2021, 12, 20), date(2026, 12, 10)
    before.credit_code = "81652301MC0000004U"
    way.session.commit()
    start(way, union)
    elect(way, 5, 4, 3, 1)

    way.session.rollback()
    term = way.session.query(UnionTerm).order_by(UnionTerm.id.desc()).first()
    assert (term.ordinal, term.certificate_until, term.credit_code) == (
        before.ordinal + 1, date(2026, 12, 10), "81652301MC0000004U",
    )  # fmt: skip
    proposed = way.look(lambda: registration_kept(way.founding()))
    assert proposed == {"credit_code": "81652301MC0000004U", "certificate_until": term.ends_on}


def test_a_re_election_ends_with_the_registration(way, union):
    start(way, union)
    elect(way, 5, 4, 3, 1)

    registered = {"legal_person": date(2026, 11, 20)}
    way.register(on=date(2026, 11, 20), days=registered, certificate_until=date(2029, 11, 13))

    assert (way.stage, way.state) == (None, "approved")
    with pytest.raises(Conflict):
        way.conclude()


def test_after_a_re_election_only_the_certificate_is_asked_for(way, union, client):
    start(way, union)
    elect(way, 5, 4, 3, 1)

    form = text_of(client.get(f"/founding/{way.link}/registration?lang=en"))
    page = text_of(client.get(f"/founding/{way.link}?lang=en"))

    asked = [f'name="{item}"' in form for item in ("seal", "bank_account", "legal_person", "credit_code")]
    assert (asked, "Seal made on" in form) == ([False, False, True, True], False)
    assert "Have the certificate of the legal person renewed" in page
    assert ("昌市工复〔2026〕2号" in page, union.approval_number in page) == (True, False)


def test_the_own_name_is_not_taken_by_the_union_itself(way, union):
    start(way, union)
    way.plan()
    way.ask()

    way.approve()

    assert way.stage is Stage.MEETING


# --- of a union that ended -----------------------------------------------------------------------------------------


def end(way, union):
    row = way.session.get_one(Union, union.id)
    row.dissolved_on, row.dissolved_cause = date(2026, 11, 14), "by_vote"
    way.session.commit()


@pytest.mark.parametrize("stage", [Stage.MEETING_REPLY, Stage.ESTABLISHMENT])
def test_a_union_that_ended_meanwhile_begins_no_term(way, union, stage):
    start(way, union)
    way.to(stage)
    end(way, union)

    with pytest.raises(Refused) as no:
        way.approve(on=REPLIED)

    assert no.value.reasons == ("union_has_ended",)
    assert how_many(way.session, UnionTerm) == 1
    way.reply("refused", "工会已撤销", on=REPLIED)
    assert way.state == "refused"


def test_the_group_of_a_union_that_ended_cannot_ask_for_its_meeting_but_give_up(way, union):
    start(way, union)
    way.plan()
    end(way, union)

    with pytest.raises(Refused) as no:
        way.ask()

    assert no.value.reasons == ("union_has_ended",)
    way.group(withdraw)
    assert way.state == "withdrawn"


def test_a_union_that_ends_while_its_result_is_approved_begins_no_term(way, union):
    start(way, union)
    way.to(Stage.ESTABLISHMENT)
    found = way.founding()
    end(way, union)

    with pytest.raises(Refused) as no:
        establish(Work(way.session, SYSTEM, noon(REPLIED)), found, 5, "昌市工复〔2026〕3号", REPLIED)

    assert no.value.reasons == ("union_has_ended",)
