"""Stage 3: the meeting and its candidates; everything the rules object comes back (domain 4)."""

from datetime import date

import pytest

from enrollment.preparing import queries
from enrollment.preparing.queries import page_of
from enrollment.rules.stages import Stage
from enrollment.storage.failures import Conflict, Refused
from enrollment.storage.foundings import FoundingCandidate, FoundingMeeting
from tests import make
from tests.preparing.way import JOINT_NAME, MEETING, NOTICE, TODAY, how_many, outsider, stands


def lacking(way, on=TODAY):
    """What the group's page says stands against it."""
    return way.look(lambda: page_of(queries.founding(way.link), on)["lacking"])


def refusal(way, on=TODAY):
    with pytest.raises(Refused) as no:
        way.ask(on)
    return no.value.reasons


# --- kept ----------------------------------------------------------------------------------------------------------


def test_a_plan_is_kept_as_it_is(way):
    way.begin(sizes=(5, 4)).to(Stage.MEETING_REQUEST)
    people = way.people

    way.plan(
        audit_seats=3,
        delegates=30,
        term_years=3,
        candidates=[
            stands(people[0], office="chair"),
            stands(people[1], relation="near_relative"),
            stands(people[2], "audit", office="audit_chair"),
            outsider(),
        ],
    )

    found = way.founding()
    meeting = found.meeting
    assert (meeting.round, meeting.meeting_on, meeting.starts_at, meeting.place) == (1, MEETING, "15:00", "分拨中心")
    assert (meeting.notice_from, meeting.delegates, meeting.term_years) == (NOTICE, 30, 3)
    assert (meeting.seats, meeting.audit_seats, meeting.entitled, meeting.present) == (3, 3, None, None)
    listed = [
        (each.place, each.body, each.name, each.person_id, each.relation, each.proposed_office)
        for each in found.candidates
    ]
    assert listed == [
        (1, "committee", "会员1", people[0].id, "none", "chair"),
        (2, "committee", "会员2", people[1].id, "near_relative", ""),
        (3, "audit", "会员3", people[2].id, "none", "audit_chair"),
        (4, "committee", "张援建", None, "none", ""),
    ]
    assert (way.stage, way.audit()[-1]) == (Stage.MEETING_REQUEST, ("prepare_founding", way.number, "kept"))
    assert "meeting_requested" not in way.steps()


def test_kept_twice_the_list_is_the_last_one(way):
    way.begin().to(Stage.MEETING_REQUEST)

    way.plan()
    way.plan(candidates=[stands(way.people[4])], place="站点")

    assert [each.name for each in way.founding().candidates] == ["会员2"]
    assert (how_many(way.session, FoundingMeeting), how_many(way.session, FoundingCandidate)) == (1, 1)
    assert way.founding().meeting.place == "站点"


def test_without_an_audit_committee_nobody_stands_for_it(way):
    way.begin().to(Stage.MEETING_REQUEST)

    way.plan(candidates=[stands(way.people[0]), stands(way.people[1], "audit")])

    assert [(each.place, each.body) for each in way.founding().candidates] == [(1, "committee")]


@pytest.mark.parametrize("stage", [Stage.PREPARATION, Stage.MEETING_REPLY, Stage.MEETING])
def test_a_plan_is_kept_and_sent_in_its_stage_alone(way, stage):
    way.begin().to(stage)
    before = way.audit()

    with pytest.raises(Conflict):
        way.plan()
    with pytest.raises(Conflict):
        way.ask()

    assert way.audit() == before


# --- asked for -----------------------------------------------------------------------------------------------------


def test_the_meeting_is_asked_for_with_its_paper(way):
    way.begin().to(Stage.MEETING_REQUEST)
    way.plan()

    way.ask()

    found = way.founding()
    assert (found.application.state, found.application.due_on) == ("submitted", date(2021, 12, 7))
    assert (found.position.stage, found.position.ball) == (Stage.MEETING_REPLY, "upper")
    paper = way.papers()["meeting_request", 1]
    assert (paper.issued_on, paper.number) == (TODAY, "")
    assert paper.content["addressee"] == "昌吉市总工会"
    assert [row[1] for row in paper.content["tables"][0]["rows"]] == ["会员1", "会员2", "会员3", "会员1"]
    assert way.audit()[-1] == ("prepare_founding", way.number, "")


def test_without_a_plan_there_is_nothing_to_ask_for(way):
    way.begin().to(Stage.MEETING_REQUEST)

    assert refusal(way) == ("meeting_missing",)
    assert lacking(way) == ("meeting_missing",)


def four(way, **changes):
    """The usual four with one thing different, by place."""
    rows = [stands(each) for each in way.people[:4]]
    for place, change in changes.items():
        rows[int(place[1:])] |= change
    return rows


OBJECTIONS = [
    ("LAW-12 four years", {"term_years": 4}, ("term_is_3_or_5",)),
    ("ELEC-11 delegates of five", {"delegates": 30}, ("delegates_only_above_100",)),
    ("ELEC-10 past", {"meeting_on": date(2021, 11, 29)}, ("meeting_is_past", "notice_too_short")),
    ("ELEC-10 four working days", {"notice_from": date(2021, 12, 6)}, ("notice_too_short",)),
    ("ELEC-5 six of five members", {"seats": 6}, ("committee_seats_outside_size", "too_few_candidates")),
    ("ELEC-5 two", {"seats": 2}, ("committee_seats_outside_size",)),
    ("ELEC-13 four for four", {"seats": 4}, ("too_few_candidates",)),
    ("ELEC-23 two auditors", {"audit_seats": 2}, ("audit_seats_outside_size", "too_few_candidates")),
    ("all at once", {"term_years": 1, "meeting_on": date(2021, 11, 1), "seats": 9, "delegates": 30},
     ("term_is_3_or_5", "delegates_only_above_100", "meeting_is_past", "notice_too_short",
      "committee_seats_outside_size", "too_few_candidates")),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "reasons"), [row[1:] for row in OBJECTIONS], ids=[row[0] for row in OBJECTIONS])
def test_a_plan_is_refused_with_all_the_rules_object(way, changes, reasons):
    way.begin().to(Stage.MEETING_REQUEST)
    way.plan(**changes)
    before = way.audit()

    assert refusal(way) == reasons
    assert lacking(way) == reasons
    assert (way.stage, way.audit()) == (Stage.MEETING_REQUEST, before)
    assert ("meeting_request", 1) not in way.papers()


@pytest.mark.parametrize("relation", ["head", "legal_representative", "partner", "near_relative"])
def test_elec_8_whoever_is_barred_may_not_stand_nor_fill_the_list(way, relation):
    way.begin().to(Stage.MEETING_REQUEST)
    way.plan(candidates=four(way, _3={"relation": relation}))
    assert refusal(way) == ("too_few_candidates", "barred_candidate")

    way.plan(candidates=[*four(way, _3={"relation": relation}), stands(way.people[4])])
    assert refusal(way) == ("barred_candidate",)


def test_nobody_stands_for_both_committees(way):
    way.begin(sizes=(5, 4)).to(Stage.MEETING_REQUEST)
    people = way.people
    lists = [*four(way), *(stands(each, "audit") for each in people[3:7])]

    way.plan(audit_seats=3, candidates=lists)
    assert refusal(way) == ("on_both_lists",)

    way.plan(audit_seats=3, candidates=[*four(way), *(stands(each, "audit") for each in people[4:8])])
    way.ask()
    assert way.stage is Stage.MEETING_REPLY


def test_namesakes_are_told_apart_by_their_rows_and_outsiders_by_name(way):
    way.begin(sizes=(5, 4)).to(Stage.MEETING_REQUEST)
    committee = [*four(way)[:3], outsider("张援建")]
    audit = [*(stands(each, "audit") for each in way.people[5:8]), outsider("张援建", "audit")]
    assert way.people[0].name == way.people[5].name

    way.plan(audit_seats=3, candidates=[*committee, *audit])

    assert refusal(way) == ("on_both_lists",)


def test_elec_9_somebody_from_outside_may_stand(way):
    way.begin().to(Stage.MEETING_REQUEST)
    way.plan(candidates=[*four(way)[:3], outsider()])

    way.ask()

    assert way.stage is Stage.MEETING_REPLY
    assert way.papers()["meeting_request", 1].content["tables"][0]["rows"][3][1] == "张援建"


def test_a_retained_member_cannot_stand(way):
    way.begin().to(Stage.MEETING_REQUEST)
    way.plan()
    make.entry(way.session, way.people[0], way.cast.city_pool, "retained", TODAY)

    assert refusal(way) == ("candidate_is_no_member",)
    assert lacking(way) == ("candidate_is_no_member",)


# --- the days of notice --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meeting_on", "reasons"),
    [(date(2021, 10, 8), ("notice_too_short",)), (date(2021, 10, 9), ("notice_too_short",)), (date(2021, 10, 11), ())],
)
def test_elec_10_the_days_of_national_day_do_not_count(way, meeting_on, reasons):
    way.on = date(2021, 9, 27)
    way.begin().to(Stage.MEETING_REQUEST)
    way.plan(notice_from=date(2021, 9, 28), meeting_on=meeting_on)

    assert lacking(way, way.on) == reasons
    if not reasons:
        way.ask()
        # The local time limit counts the same days: five working days after the 27th of September.
        assert way.founding().application.due_on == date(2021, 10, 9)


def test_a_meeting_may_be_today_when_its_notice_has_hung_out(way):
    way.begin().to(Stage.MEETING_REQUEST)
    way.plan(notice_from=date(2021, 11, 23), meeting_on=TODAY)
    assert lacking(way) == ("notice_before_the_list",)

    meeting = way.session.query(FoundingMeeting).one()
    meeting.listed_on = date(2021, 11, 23)
    way.session.commit()

    assert lacking(way) == ()


def test_elec_10_a_list_that_names_somebody_new_hangs_out_anew(way):
    way.begin(sizes=(6,) * 2).to(Stage.MEETING_REPLY)
    way.reply("returned", "请换一名候选人", on=date(2021, 12, 6))
    way.on = date(2021, 12, 6)
    same = [stands(each) for each in way.people[:4]]

    way.plan(candidates=same)
    assert lacking(way) == ()
    way.plan(candidates=[*same[:3], stands(way.people[5])])
    assert lacking(way) == ("notice_before_the_list",)
    anew = {"notice_from": date(2021, 12, 6), "meeting_on": date(2021, 12, 13)}
    way.plan(candidates=[*same[:3], stands(way.people[5])], **anew)
    assert lacking(way) == ()


# --- one officer, and delegates ------------------------------------------------------------------------------------


def test_one_officer_may_stand_alone_and_has_no_committee_beside(way):
    way.begin("one_officer", (5,)).to(Stage.MEETING_REQUEST)
    way.plan(candidates=[stands(way.people[0], "officer")])

    assert way.founding().seats == {"officer": 1}
    way.ask()
    assert way.stage is Stage.MEETING_REPLY


def test_one_officer_is_for_fewer_than_25_members(way):
    way.begin("one_officer", (24,)).to(Stage.MEETING_REQUEST)
    way.plan()
    make.members(way.session, way.cast.city_pool, 1, employer_id=way.units[0].id)

    assert refusal(way) == ("must_form_committee", "officer_only_below_25")


@pytest.mark.parametrize(("members", "reasons"), [(100, ("delegates_only_above_100",)), (101, ())])
def test_elec_11_delegates_meet_above_100_members(way, members, reasons):
    way.begin("own_committee", (members,)).to(Stage.MEETING_REQUEST)

    way.plan(delegates=30)

    assert lacking(way) == reasons


# --- what is unusual -----------------------------------------------------------------------------------------------


def test_the_name_can_change_with_the_plan_and_is_checked_again(way):
    """7.3: both names stay in the history, and words written about the old one go."""
    way.begin().to(Stage.MEETING_REQUEST)
    make.union(way.session, name="昌吉市城南联合工会委员会", kind="joint")
    wrong = (("城南快递工会", "joint_name_ending"), ("昌吉市城南联合工会委员会", "union_name_taken"))
    for name, reason in wrong:
        way.plan(union_name=name)
        with pytest.raises(Refused) as no:
            way.ask()
        assert no.value.reasons == (reason,)

    way.plan(union_name="昌吉市城北联合工会委员会")
    way.plan(union_name="昌吉市城北联合工会委员会")
    way.plan(union_name="")
    way.ask()

    found = way.founding()
    assert found.details.union_name == "昌吉市城北联合工会委员会"
    assert [act.note for act in found.acts if act.step == "renamed"] == [
        f"{JOINT_NAME} → 城南快递工会",
        "城南快递工会 → 昌吉市城南联合工会委员会",
        "昌吉市城南联合工会委员会 → 昌吉市城北联合工会委员会",
    ]
    way.approve()
    assert "昌吉市城北联合工会" in way.founding().application.founding.union_name


def warnings(way):
    return way.look(lambda: page_of(queries.founding(way.link), TODAY)["warnings"])


def test_an_even_number_of_seats_and_an_occupation_in_the_name_are_warned_of(way):
    way.begin(union_name="昌吉市快递员联合工会委员会").to(Stage.MEETING_REQUEST)
    assert warnings(way) == ("name_is_an_occupation",)

    way.plan(seats=4, candidates=[stands(each) for each in way.people])
    assert warnings(way) == ("name_is_an_occupation", "even_seats", "no_audit_committee")
    way.ask()
    assert way.stage is Stage.MEETING_REPLY
