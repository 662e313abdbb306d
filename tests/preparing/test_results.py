"""Stages 6, 7 and 9: the offices, the report of the result, and what makes a legal person."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from enrollment.preparing import queries
from enrollment.rules.stages import Stage
from enrollment.storage.failures import Conflict, Refused
from enrollment.storage.founding_facts import member_key
from enrollment.storage.foundings import UnionOfficer, UnionTerm
from tests.preparing.way import MEETING, REPLIED, stands


def reasons_of(act, *args, **told):
    with pytest.raises(Refused) as no:
        act(*args, **told)
    return no.value.reasons


def given(way):
    return {each.office: each.place for each in way.founding().candidates if each.office}


@pytest.fixture
def elected(way):
    """Three of four are elected."""
    return way.begin().to(Stage.FIRST_SESSION)


@pytest.fixture
def audited(way):
    """Three of four are elected into each of two committees."""
    way.begin(sizes=(5, 4)).to(Stage.MEETING_REQUEST)
    lists = [*(stands(each) for each in way.people[:4]), *(stands(each, "audit") for each in way.people[4:8])]
    way.plan(audit_seats=3, candidates=lists)
    way.ask()
    way.to(Stage.MEETING)
    counted = [way.counted(9, 8, 7, 1, body=body, issued=9, returned=9) for body in ("committee", "audit")]
    way.record(present=9, counted=counted)
    return way


# --- offices -------------------------------------------------------------------------------------------------------


def test_the_first_session_gives_the_offices(audited):
    committee, audit = audited.ids("committee"), audited.ids("audit")
    audited.are_women(audited.people[2])

    audited.offices(
        chair=committee[1], vice_chair=committee[0], womens_member=committee[2], audit_chair=audit[2]
    )  # fmt: skip

    assert given(audited) == {"vice_chair": 1, "chair": 2, "womens_member": 3, "audit_chair": 7}
    assert (audited.stage, audited.state) == (Stage.RESULT_REPORT, "preparing")
    assert audited.steps()[-1] == "session_held"
    assert audited.audit()[-1] == ("prepare_founding", audited.number, "")


def test_build_8_a_woman_looks_after_the_women_elected_or_not(elected):
    man, woman, *_others, last = elected.people
    elected.are_women(woman, last)
    for chosen, reason in (("", "womens_member_missing"), (member_key(man.id), "womens_member_is_no_woman")):
        with pytest.raises(Refused) as no:
            elected.offices(womens_member=chosen)
        assert no.value.reasons == (reason,)

    elected.offices(womens_member=member_key(last.id))
    assert (given(elected), elected.founding().meeting.womens_person.name) == ({"chair": 1}, last.name)
    elected.report()
    elected.approve(on=REPLIED)

    officers = [
        (each.name, each.body, each.office)
        for each in elected.session.scalars(select(UnionOfficer).order_by(UnionOfficer.id))
    ]
    assert officers == [
        ("会员1", "committee", "chair"),
        ("会员2", "committee", ""),
        ("会员3", "committee", ""),
        (last.name, "women", "womens_member"),
    ]


def test_build_8_a_result_without_anybody_for_the_women_cannot_be_approved(elected):
    elected.offices()
    elected.report()
    elected.are_women(elected.people[1])

    with pytest.raises(Refused) as no:
        elected.approve(on=REPLIED)
    assert no.value.reasons == ("womens_member_missing",)


def test_without_an_audit_committee_nobody_chairs_it(elected):
    elected.offices()

    assert given(elected) == {"chair": 1}


OFFICES = [
    ("nobody", {"chair": ""}, ("chair_missing",)),
    ("not elected", {"chair": 3}, ("chair_not_elected",)),
    ("the vice chair not elected", {"vice_chair": 3}, ("vice_chair_not_elected",)),
    ("one for both", {"vice_chair": 0}, ("one_person_one_office",)),
    ("an audit chair without a committee", {"audit_chair": 1}, ("audit_chair_not_elected",)),
    ("all at once", {"chair": 3, "vice_chair": 3},
     ("chair_not_elected", "vice_chair_not_elected", "one_person_one_office")),
]  # fmt: skip


@pytest.mark.parametrize(("chosen", "reasons"), [row[1:] for row in OFFICES], ids=[row[0] for row in OFFICES])
def test_offices_are_refused_with_all_the_rules_object(elected, chosen, reasons):
    ids = elected.ids("committee")
    before = elected.audit()

    told = {office: "" if place == "" else ids[place] for office, place in chosen.items()}
    assert reasons_of(elected.offices, **told) == reasons
    assert (given(elected), elected.stage, elected.audit()) == ({}, Stage.FIRST_SESSION, before)


def test_an_audit_committee_chooses_its_chair_among_its_own(audited):
    assert reasons_of(audited.offices) == ("audit_chair_missing",)
    assert reasons_of(audited.offices, audit_chair=audited.ids("audit")[3]) == ("audit_chair_not_elected",)
    assert reasons_of(audited.offices, audit_chair=audited.ids("committee")[1]) == ("audit_chair_not_elected",)


def test_the_second_tap_finds_the_offices_given(elected):
    elected.offices()

    with pytest.raises(Conflict):
        elected.offices(chair=elected.ids("committee")[1])

    assert given(elected) == {"chair": 1}


def test_there_are_no_offices_before_the_vote(way):
    way.begin().to(Stage.MEETING)

    with pytest.raises(Conflict):
        way.offices()


def test_after_a_correction_the_committee_chooses_anew(elected):
    ids = elected.ids("committee")
    elected.offices()
    assert elected.stage is Stage.RESULT_REPORT

    elected.correct(1, 4, 3, 5)

    # The chair is no longer among those elected: nothing can be reported before the committee has met again.
    assert elected.stage is Stage.FIRST_SESSION
    assert reasons_of(elected.report) == ("chair_missing",)
    assert reasons_of(elected.offices) == ("chair_not_elected",)
    elected.offices(chair=ids[3])
    assert given(elected) == {"chair": 4}


def test_a_correction_for_one_officer_is_reported_at_once(way):
    way.begin("one_officer", (5,)).to(Stage.RESULT_REPORT)

    way.correct(1, 4)

    assert way.stage is Stage.RESULT_REPORT
    way.report()
    assert way.stage is Stage.ESTABLISHMENT


# --- reported ------------------------------------------------------------------------------------------------------


def test_the_reply_is_due_fifteen_days_after_the_report(way):
    way.begin().to(Stage.RESULT_REPORT)

    way.report(on=date(2021, 12, 17))

    found = way.founding()
    assert (found.application.state, found.application.due_on) == ("submitted", date(2022, 1, 1))
    assert (found.position.stage, found.position.ball) == (Stage.ESTABLISHMENT, "upper")
    paper = way.papers()["result_report", 1]
    assert (paper.issued_on, paper.number) == (date(2021, 12, 17), "")
    assert any("5人" in text for text in paper.content["body"])
    assert way.audit()[-1] == ("prepare_founding", way.number, "")


def test_an_assembly_in_order_is_not_reported_before_its_first_session(elected):
    before = elected.audit()

    assert reasons_of(elected.report) == ("chair_missing",)
    assert (elected.stage, elected.audit()) == (Stage.FIRST_SESSION, before)
    assert ("result_report", 1) not in elected.papers()


@pytest.mark.parametrize(("yes", "reason"), [((5, 4, 3, 3), "tie"), ((5, 4, 2, 1), "seats_open")])
def test_an_unfinished_vote_is_not_reported(way, yes, reason):
    way.begin().to(Stage.MEETING)
    way.record(*yes)

    assert reasons_of(way.report) == (reason,)


def test_a_broken_assembly_is_reported_as_it_was(way):
    way.begin().to(Stage.MEETING)
    way.record(present=3, counted=[way.counted(3, 3, 3, 0, issued=3, returned=3)])

    way.report()

    assert way.founding().application.due_on == MEETING + timedelta(days=15)
    assert ("result_report", 1) in way.papers()
    assert "session_held" not in way.steps()


@pytest.mark.parametrize("stage", [Stage.MEETING, Stage.ESTABLISHMENT, Stage.REGISTRATION])
def test_a_result_is_reported_in_its_stage_alone(way, stage):
    way.begin().to(stage)

    with pytest.raises(Conflict):
        way.report()

    assert way.steps().count("result_reported") == (stage is not Stage.MEETING)


def test_a_returned_report_is_written_and_sent_again(way):
    way.begin().to(Stage.ESTABLISHMENT)
    way.reply("returned", "写明监票人", on=REPLIED)
    assert (way.stage, way.state, way.founding().application.due_on) == (Stage.RESULT_REPORT, "returned", None)

    way.report(on=date(2021, 12, 14))

    first, second = way.papers()["result_report", 1], way.papers()["result_report", 2]
    assert (first.issued_on, second.issued_on) == (MEETING, date(2021, 12, 14))
    assert way.founding().application.due_on == date(2021, 12, 29)


def test_a_broken_report_that_comes_back_can_be_corrected_and_its_officers_chosen(way):
    way.begin().to(Stage.MEETING)
    way.record(present=3, counted=[way.counted(3, 3, 3, 0, issued=3, returned=3)])
    way.report()
    way.reply("returned", "到会人数与签到表不符", on=REPLIED)
    assert way.stage is Stage.RESULT_REPORT

    way.correct(5, 4, 3, 1, correction="签到表写错")
    assert (way.stage, way.state) == (Stage.FIRST_SESSION, "returned")
    way.offices()
    way.report(on=REPLIED)

    way.approve(on=REPLIED)
    assert way.state == "approved"


# --- registered ----------------------------------------------------------------------------------------------------


def term(way):
    way.session.rollback()
    return way.session.query(UnionTerm).one()


@pytest.fixture
def stands_now(way):
    """The union is approved; nothing of stage 9 is done."""
    return way.begin().to(Stage.REGISTRATION)


def test_what_is_done_of_the_registration_is_kept_bit_by_bit(stands_now):
    way = stands_now

    way.register(days={"seal": REPLIED}, credit_code="", certificate_until=None)
    assert way.founding().details.checklist == {"seal": "2021-12-13"}
    assert (term(way).registered_on, term(way).credit_code, term(way).certificate_until) == (None, None, None)
    assert way.stage is Stage.REGISTRATION

    later = date(2021, 12, 20)
    way.register(
        on=later,
        days={"seal": REPLIED, "bank_account": later, "legal_person": later},
        credit_code="81652301MC0000004U",
        certificate_until=date(2026, 12, 10),
    )
    assert way.founding().details.checklist == {
        "seal": "2021-12-13",
        "bank_account": "2021-12-20",
        "legal_person": "2021-12-20",
    }
    kept = term(way)
    assert (kept.registered_on, kept.credit_code, kept.certificate_until) == (
        later,
        "81652301MC0000004U",
        date(2026, 12, 10),
    )
    assert (way.stage, way.steps()[-1]) == (Stage.ENTRY, "registered")
    assert [note for _act, _subject, note in way.audit()[-2:]] == ["kept", "kept"]


def test_what_was_kept_of_the_registration_is_shown_with_the_end_of_the_term(stands_now):
    stands_now.register(days={"seal": REPLIED}, credit_code="", certificate_until=None)

    kept = stands_now.look(lambda: queries.registration_kept(queries.founding(stands_now.link)))

    assert kept == {"seal": REPLIED, "credit_code": None, "certificate_until": date(2026, 12, 10)}


def test_before_there_is_a_term_nothing_is_proposed(way):
    way.begin()

    assert way.look(lambda: queries.registration_kept(queries.founding(way.link))) == {}


LEGAL = {"legal_person": REPLIED}
REGISTRATION = [
    ("no code", {"days": LEGAL, "credit_code": ""}, ("certificate_incomplete",)),
    ("no validity", {"days": LEGAL, "certificate_until": None}, ("certificate_incomplete",)),
    ("7.5 a day longer than the term", {"certificate_until": date(2026, 12, 11)}, ("certificate_outlives_term",)),
]


@pytest.mark.parametrize(
    ("changes", "reasons"), [row[1:] for row in REGISTRATION], ids=[row[0] for row in REGISTRATION]
)
def test_a_certificate_needs_its_code_and_lasts_as_long_as_the_term(stands_now, changes, reasons):
    before = stands_now.audit()

    assert reasons_of(stands_now.register, **changes) == reasons
    assert (stands_now.founding().details.checklist, term(stands_now).registered_on) == ({}, None)
    assert (stands_now.stage, stands_now.audit()) == (Stage.REGISTRATION, before)


@pytest.mark.parametrize("stage", [Stage.ESTABLISHMENT, Stage.ENTRY, None])
def test_a_union_is_registered_in_its_stage_alone(way, stage):
    way.begin().to(stage)

    with pytest.raises(Conflict):
        way.register()


def test_a_day_before_the_approval_is_none_of_the_new_committee(stands_now):
    way = stands_now

    with pytest.raises(Refused) as no:
        way.register(days={"seal": REPLIED - timedelta(days=1)})

    assert (no.value.reasons, way.founding().details.checklist) == (("before_the_reply",), {})
