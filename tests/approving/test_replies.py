"""The upper union's replies at each gate: who may, what is due, what cannot be approved (LAW-7, BUILD-6, ELEC-20)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest

from enrollment.approving import queries
from enrollment.approving.actions import Reply, reply
from enrollment.rules.access import VISITOR
from enrollment.rules.documents import MARKS
from enrollment.rules.regions import Territory
from enrollment.rules.stages import FoundingStep, Stage
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.papers import DocumentSerial
from enrollment.storage.unions import Employer, Headcount, Union
from tests import make
from tests.preparing.way import JOINT_NAME, MEETING, REPLIED, TODAY, Way, how_many, noon, outsider, stands

GATES = [Stage.GROUP_REPLY, Stage.MEETING_REPLY, Stage.ESTABLISHMENT]
DAYS = {Stage.GROUP_REPLY: TODAY, Stage.MEETING_REPLY: TODAY, Stage.ESTABLISHMENT: REPLIED}
CITY = Territory("652301")


def reasons_of(act, *args, **told):
    with pytest.raises(Refused) as no:
        act(*args, **told)
    return no.value.reasons


def lacking(way, on=TODAY):
    """What the case's page says stands against an approval."""
    return way.look(lambda: queries.page_of(queries.founding(CITY, way.number), on)["lacking"])


def may(way, on=TODAY):
    """Which buttons the case's page has."""
    page = way.look(lambda: queries.page_of(queries.founding(CITY, way.number), on))
    return [name for name in ("approve", "refuse", "return", "repeat") if page[f"may_{name}"]]


# --- approved ------------------------------------------------------------------------------------------------------


def test_an_approved_group_may_begin_and_its_units_are_on_the_lists(way):
    way.begin(
        "own_committee",
        (),
        units=({"name": "无名网点", "workers": 7, "region_code": "652301002", "filing_number": "备201"},),
    )
    way.send()
    before = how_many(way.session, Employer)

    way.approve(note="同意")

    [unit] = way.founding().application.units
    employer = way.session.get(Employer, unit.employer_id)
    assert how_many(way.session, Employer) == before + 1
    assert (employer.name, employer.county_code, employer.region_code) == ("无名网点", "652301", "652301002")
    assert (employer.group, employer.credit_code, employer.filing_number) == ("other", None, "备201")
    survey = way.session.query(Headcount).filter_by(employer_id=employer.id).one()
    assert (survey.surveyed_on, survey.workers, survey.source) == (TODAY, 7, "建会申请")
    found = way.founding()
    assert (found.position.stage, found.application.state, found.application.due_on) == (
        Stage.PREPARATION,
        "preparing",
        None,
    )
    assert (found.acts[-1].step, found.acts[-1].account_id, found.acts[-1].note) == (
        "group_approved",
        way.cast.city.id,
        "同意",
    )
    assert way.audit()[-1] == ("decide_founding", way.number, "group_approved")
    assert way.papers()["group_reply", 1].number == "昌市工复〔2021〕1号"


def test_a_unit_that_was_listed_meanwhile_is_not_listed_twice(way):
    unit = {"name": "无名网点", "workers": 7, "credit_code": "91652301MA00000017"}
    way.begin("own_committee", (), units=(unit,)).send()
    listed = make.employer(way.session, name="无名快递有限公司", credit_code="91652301MA00000017")

    way.approve()

    assert [unit.employer_id for unit in way.founding().standing] == [listed.id]


NAMELESS = {"name": "无名网点", "workers": 7, "filing_number": "备201"}


@pytest.mark.parametrize(
    "listed",
    [
        {"name": "无名快递有限公司", "filing_number": "备201"},
        {"name": "无名网点"},
        {"name": "无名网点", "credit_code": "91652301MA00000017"},
    ],
    ids=["by its filing number", "by its name", "though it told no code"],
)
def test_a_unit_without_a_code_is_found_again(way, listed):
    way.begin("own_committee", (), units=(NAMELESS,)).send()
    row = make.employer(way.session, **listed)

    way.approve()

    assert [unit.employer_id for unit in way.founding().standing] == [row.id]


def test_another_code_is_another_unit_of_the_same_name(way):
    unit = {"name": "无名网点", "workers": 7, "credit_code": "91652301MA00000017"}
    way.begin("own_committee", (), units=(unit,)).send()
    other = make.employer(way.session, name="无名网点", credit_code="91652301MA00000070")

    way.approve()

    [unit] = way.founding().standing
    assert unit.employer_id not in {None, other.id}


def test_build_7_a_unit_on_no_list_does_not_belong_to_two_unions(way):
    joint = way.cast.joint_union.id
    way.begin("join_joint", (), units=(NAMELESS,), union_name="", group=(), application={"union_id": joint}).send()
    second = Way(way.app, way.session, way.cast)
    second.begin("one_officer", (), units=(NAMELESS,), union_name="另一个网点工会")
    second.send()
    way.approve()
    before = how_many(way.session, Employer)

    assert reasons_of(second.approve) == ("unit_is_covered",)
    assert (second.stage, how_many(way.session, Employer)) == (Stage.GROUP_REPLY, before)


def test_build_7_a_unit_on_no_list_does_not_prepare_two_unions(way):
    way.begin("own_committee", (), units=(NAMELESS,)).send()
    second = Way(way.app, way.session, way.cast)
    second.begin("one_officer", (), units=(NAMELESS,), union_name="另一个网点工会")
    second.send()
    way.approve()

    assert reasons_of(second.approve) == ("unit_agreed_elsewhere",)


def test_build_7_a_unit_that_prepares_its_own_does_not_join_another(way):
    way.begin("own_committee", (), units=(NAMELESS,)).to(Stage.PREPARATION)
    joint = way.cast.joint_union.id
    second = Way(way.app, way.session, way.cast).begin(
        "join_joint", (), units=(NAMELESS,), union_name="", group=(), application={"union_id": joint}
    )
    second.send()

    assert reasons_of(second.approve) == ("unit_agreed_elsewhere",)


def test_a_unit_that_shares_a_union_may_prepare_its_own(way):
    way.begin("own_committee", (5,))
    make.union(way.session, kind="joint", covers=tuple(way.units))
    way.send()

    way.approve()

    assert way.stage is Stage.PREPARATION


def test_a_unit_covered_since_the_request_prepares_no_other_union(way):
    way.begin().send()
    make.union(way.session, kind="joint", covers=tuple(way.units[:1]))

    assert reasons_of(way.approve) == ("unit_is_covered",)
    assert way.stage is Stage.GROUP_REPLY


def test_a_credit_code_listed_since_in_another_county_founds_there(way):
    unit = {"name": "无名网点", "workers": 7, "credit_code": "91652301MA00000017"}
    way.begin("own_committee", (), units=(unit,)).send()
    make.employer(way.session, county_code="652302", credit_code="91652301MA00000017")

    assert reasons_of(way.approve) == ("unit_listed_elsewhere",)


def test_two_units_that_are_one_on_our_lists_do_not_found_together(way):
    way.begin(sizes=(3, 2))
    [first, _second] = way.founding().application.units
    first.employer_id, first.filing_number = None, "备201"
    way.units[1].filing_number = "备201"
    way.session.add(way.units[1])
    way.session.commit()
    way.send()

    assert reasons_of(way.approve) == ("unit_named_twice",)


@pytest.mark.parametrize("stage", GATES)
def test_the_second_tap_of_an_approval_finds_it_decided(way, stage):
    way.begin().to(stage)
    version = way.founding().application.version
    step = way.founding().position.part.done_by
    way.approve(on=DAYS[stage])
    before = way.audit()

    with pytest.raises(Conflict):
        way.reply(step, version=version, on=REPLIED)
    with pytest.raises(Conflict):
        way.reply(step, on=REPLIED)

    assert (way.steps().count(step), way.audit()) == (1, before)


@pytest.mark.parametrize("stage", GATES)
def test_who_has_read_an_old_version_looks_again(way, stage):
    way.begin().to(stage)
    version = way.founding().application.version

    with pytest.raises(Conflict):
        way.reply(way.founding().position.part.done_by, version=version - 1, on=REPLIED)

    assert way.stage is stage


@pytest.mark.parametrize("stage", GATES)
def test_only_the_cadres_of_the_place_reply(way, cast, stage):
    way.begin().to(stage)
    before = way.audit()

    for by in (cast.next_county.as_actor(), VISITOR):
        with pytest.raises(Missing):
            way.approve(by=by, on=DAYS[stage])
    assert (way.stage, way.audit()) == (stage, before)

    way.approve(by=cast.prefecture.as_actor(), on=DAYS[stage])
    assert way.founding().acts[-1].account_id == cast.prefecture.id


# --- returned, refused ---------------------------------------------------------------------------------------------

RETURNS = [
    (Stage.GROUP_REPLY, Stage.GROUP_REQUEST),
    (Stage.MEETING_REPLY, Stage.MEETING_REQUEST),
    (Stage.ESTABLISHMENT, Stage.RESULT_REPORT),
]


@pytest.mark.parametrize(("stage", "back_to"), RETURNS)
def test_a_return_goes_back_to_what_has_to_be_done_again(way, stage, back_to):
    way.begin().to(stage)

    way.reply("returned", "写明人数", on=REPLIED)

    found = way.founding()
    assert (found.position.stage, found.application.state, found.application.due_on) == (back_to, "returned", None)
    assert (found.acts[-1].step, found.acts[-1].note) == ("returned", "写明人数")
    assert way.audit()[-1] == ("decide_founding", way.number, "returned")
    assert how_many(way.session, DocumentSerial) == (stage is not Stage.GROUP_REPLY)
    assert way.to(stage).state == "submitted"


@pytest.mark.parametrize("stage", GATES)
def test_a_refusal_ends_a_founding(way, stage):
    way.begin().to(stage)
    unions = how_many(way.session, Union)

    way.reply("refused", "不在本市", on=REPLIED)

    found = way.founding()
    assert (found.position.part, found.application.state, found.application.due_on) == (None, "refused", None)
    assert (way.steps()[-1], way.audit()[-1]) == ("refused", ("decide_founding", way.number, "refused"))
    assert how_many(way.session, Union) == unions
    with pytest.raises(Conflict):
        way.reply("refused", "再退", on=REPLIED)


@pytest.mark.parametrize("stage", GATES)
@pytest.mark.parametrize("step", ["returned", "refused", "meeting_again"])
@pytest.mark.parametrize("note", ["", "   "])
def test_words_are_due_for_everything_but_an_approval(way, stage, step, note):
    way.begin().to(stage)
    before = way.audit()

    assert reasons_of(way.reply, step, note, on=REPLIED) == ("reply_reason_missing",)
    assert (way.stage, way.audit()) == (stage, before)


NOT_THEIRS = ["started", "agreed", "submitted", "prepared", "meeting_held", "result_reported", "registered",
              "withdrawn", "concluded", "record_corrected", "voted_again"]  # fmt: skip


@pytest.mark.parametrize("step", NOT_THEIRS)
def test_a_reply_is_none_of_the_groups_acts(way, step):
    way.begin().to(Stage.ESTABLISHMENT)
    before = way.audit()

    with pytest.raises(Conflict):
        way.reply(step, "代为办理", on=REPLIED)

    assert (way.stage, way.audit()) == (Stage.ESTABLISHMENT, before)


@pytest.mark.parametrize("step", ["approved", "meeting_again", "meeting_approved"])
def test_a_reply_belongs_to_its_gate(way, step):
    way.begin().to(Stage.GROUP_REPLY)

    with pytest.raises(Conflict):
        way.reply(step, "同意", on=REPLIED)

    assert way.stage is Stage.GROUP_REPLY


@pytest.mark.parametrize("stage", [Stage.GROUP_REQUEST, Stage.PREPARATION, Stage.MEETING, Stage.REGISTRATION])
def test_nobody_replies_to_what_the_group_has(way, stage):
    way.begin().to(stage)

    for step in ("group_approved", "approved", "returned", "refused"):
        with pytest.raises(Conflict):
            way.reply(step, "同意")
    assert may(way) == []


def test_the_last_stage_is_no_gate(way):
    way.begin().to(Stage.ENTRY)

    with pytest.raises(Conflict):
        way.reply("concluded", "办结")
    assert may(way) == []


def test_each_gate_has_its_buttons(way):
    way.begin().to(Stage.GROUP_REPLY)
    assert may(way) == ["approve", "refuse", "return"]
    way.to(Stage.MEETING_REPLY)
    assert may(way) == ["approve", "refuse", "return"]
    way.to(Stage.ESTABLISHMENT)
    assert may(way) == ["approve", "refuse", "return", "repeat"]


# --- what cannot be approved ---------------------------------------------------------------------------------------


def test_the_group_gate_asks_the_rules_again(way):
    way.begin().send()
    way.founding().application.units[1].answer = "declined"
    make.union(way.session, name=JOINT_NAME)

    assert reasons_of(way.approve) == ("too_few_units", "too_few_candidates", "union_name_taken")
    assert lacking(way) == ("too_few_units", "too_few_candidates", "union_name_taken")
    assert (way.stage, how_many(way.session, DocumentSerial)) == (Stage.GROUP_REPLY, 0)
    assert ("group_reply", 1) not in way.papers()


def test_the_meeting_gate_asks_the_rules_again(way):
    way.begin().to(Stage.MEETING_REPLY)
    make.entry(way.session, way.people[0], way.cast.city_pool, "exited", date(2021, 12, 6))
    late = date(2021, 12, 11)
    before = way.audit()

    assert reasons_of(way.approve, on=late) == ("meeting_is_past", "candidate_is_no_member")
    assert lacking(way, late) == ("meeting_is_past", "candidate_is_no_member")
    assert (way.stage, way.audit()) == (Stage.MEETING_REPLY, before)
    assert way.papers().get(("meeting_reply", 1)) is None


def test_a_name_taken_meanwhile_stands_in_the_way_at_every_gate(way):
    way.begin().to(Stage.MEETING_REPLY)
    make.union(way.session, name=JOINT_NAME)

    assert reasons_of(way.approve) == ("union_name_taken",)


def test_a_broken_assembly_cannot_be_approved(way):
    way.begin().to(Stage.MEETING)
    way.record(present=3, counted=[way.counted(3, 3, 3, 0, issued=3, returned=3)])
    way.report()
    unions, before = how_many(way.session, Union), way.audit()

    assert reasons_of(way.approve, on=REPLIED) == ("no_quorum",)
    assert lacking(way, REPLIED) == ("no_quorum",)
    assert (how_many(way.session, Union), way.audit(), way.state) == (unions, before, "submitted")
    assert way.papers().get(("establishment_reply", 1)) is None
    assert way.session.query(DocumentSerial).one().last == 2


def test_a_result_without_its_chair_cannot_be_approved(way):
    way.begin().to(Stage.ESTABLISHMENT)
    way.founding().candidates[0].office = ""
    way.session.commit()

    assert reasons_of(way.approve, on=REPLIED) == ("chair_missing",)


def test_a_result_that_was_never_recorded_cannot_be_approved(way):
    way.begin().to(Stage.ESTABLISHMENT)
    way.founding().meeting.present = None
    way.session.commit()

    assert reasons_of(way.approve, on=REPLIED) == ("meeting_not_recorded",)


# --- repeated ------------------------------------------------------------------------------------------------------


def test_a_repetition_is_ordered_and_the_next_round_begins_with_a_copy(way):
    way.begin().to(Stage.MEETING_REQUEST)
    way.plan(candidates=[*(stands(each, office="chair") for each in way.people[:3]), outsider()])
    way.ask()
    way.to(Stage.MEETING)
    way.record(present=3, counted=[way.counted(3, 3, 3, 0, issued=3, returned=3)])
    way.report()

    way.reply("meeting_again", "到会不足三分之二", on=REPLIED)

    found = way.founding()
    assert (found.position.stage, found.position.round, found.application.state) == (Stage.MEETING, 2, "preparing")
    assert (found.application.due_on, way.steps()[-1]) == (None, "meeting_again")
    assert found.acts[-1].note == "到会不足三分之二"
    assert way.audit()[-1] == ("decide_founding", way.number, "meeting_again")
    kept = ("place", "body", "name", "person_id", "unit_name", "relation", "proposed_office")
    rows = [[getattr(each, name) for name in kept] for each in way.founding().candidates]
    assert rows[:4] == rows[4:]
    assert [each.round for each in way.founding().candidates] == [1] * 4 + [2] * 4

    way.to(None)
    assert [ballot.round for ballot in way.founding().ballots] == [1, 2]
    assert way.session.query(Union).filter_by(name=JOINT_NAME).count() == 1


@pytest.mark.parametrize("step", ["meeting_again", "list_again"])
def test_with_a_list_at_fault_the_candidates_come_again(way, step):
    way.begin().to(Stage.MEETING)
    way.record(held_on=date(2021, 12, 7))
    way.report()

    way.reply(step, "公示不足五个工作日", on=REPLIED)

    assert (way.stage, way.steps()[-1]) == (Stage.MEETING_REQUEST, "list_again")
    assert [meeting.round for meeting in way.founding().meetings] == [1, 2]


def test_a_person_may_order_a_repetition_though_the_rules_object_nothing(way):
    way.begin().to(Stage.ESTABLISHMENT)

    way.reply("meeting_again", "有会员举报", on=REPLIED)

    assert (way.stage, way.steps()[-1]) == (Stage.MEETING, "meeting_again")


# --- numbers -------------------------------------------------------------------------------------------------------


def test_documents_are_numbered_by_node_and_year_across_foundings(way, cast):
    def numbers_of(walked):
        return {kind: row.number for (kind, _round), row in walked.papers().items() if row.number}

    way.begin().to(Stage.PREPARATION)
    other = Way(way.app, way.session, cast).begin("one_officer", (5,), union_name="飞驰站点工会")
    other.to(Stage.PREPARATION)
    next_door = Way(way.app, way.session, cast)
    next_door.begin(
        "one_officer", (5,), union_name="阜康站点工会", application={"county_code": "652302"}
    )  # fmt: skip
    next_door.send()
    next_door.approve(by=cast.next_county.as_actor())
    way.to(Stage.MEETING)
    way.session.rollback()
    way.meeting_on = date(2021, 12, 31)
    way.replied_on = date(2022, 1, 4)
    way.to(Stage.REGISTRATION)

    assert numbers_of(way) == {
        "group_reply": "昌市工复〔2021〕1号",
        "meeting_reply": "昌市工复〔2021〕3号",
        "establishment_reply": "昌市工复〔2022〕1号",
    }
    assert numbers_of(other) == {"group_reply": "昌市工复〔2021〕2号"}
    assert numbers_of(next_door) == {"group_reply": "阜工复〔2021〕1号"}
    assert MARKS["652302"] == "阜工复"


# --- concluded -----------------------------------------------------------------------------------------------------


def test_the_last_three_days_conclude_a_founding(way):
    way.begin().to(Stage.ENTRY)

    way.conclude(plaque=date(2021, 12, 20))

    found = way.founding()
    assert found.details.checklist == {
        "seal": "2021-12-13",
        "bank_account": "2021-12-13",
        "legal_person": "2021-12-13",
        "real_name": "2021-12-13",
        "plaque": "2021-12-20",
        "funds": "2021-12-13",
    }
    assert (found.position.part, found.application.state) == (None, "approved")
    assert (way.steps()[-1], way.audit()[-1]) == ("concluded", ("decide_founding", way.number, ""))
    with pytest.raises(Conflict):
        way.conclude()


def test_a_day_that_is_missing_keeps_it_open(way):
    way.begin().to(Stage.ENTRY)
    before = way.audit()

    assert reasons_of(way.conclude, plaque=None) == ("entry_days_missing",)
    assert (way.stage, way.audit()) == (Stage.ENTRY, before)
    assert "real_name" not in way.founding().details.checklist


@pytest.mark.parametrize("stage", [Stage.GROUP_REPLY, Stage.REGISTRATION])
def test_only_the_last_stage_is_concluded(way, stage):
    way.begin().to(stage)

    with pytest.raises(Conflict):
        way.conclude()


def test_only_the_cadres_of_the_place_conclude(way, cast):
    way.begin().to(Stage.ENTRY)

    for by in (cast.next_county.as_actor(), VISITOR):
        with pytest.raises(Missing):
            way.conclude(by=by)
    assert way.stage is Stage.ENTRY


# --- without a unit ------------------------------------------------------------------------------------------------


def leave_out(way, note="已另有工会", unit=None, on=TODAY):
    """The third unit is left out, unless said otherwise."""
    chosen = way.founding().application.units[2].link if unit is None else unit
    return way.reply("left_out", note, unit=chosen, on=on)


@pytest.mark.parametrize("stage", [stage for stage in GATES if stage is not Stage.ESTABLISHMENT])
def test_the_others_go_on_without_a_unit_covered_meanwhile(way, stage):
    way.begin(sizes=(2, 2, 1)).to(stage)
    due_on = way.founding().application.due_on
    make.union(way.session, covers=(way.units[2],))

    leave_out(way, on=DAYS[stage])

    found = way.founding()
    assert [unit.answer for unit in found.application.units] == ["agreed", "agreed", "left_out"]
    assert (found.acts[-1].step, found.acts[-1].note) == ("left_out", "天山网点：已另有工会")
    assert (found.position.stage, found.application.state, found.application.due_on) == (stage, "submitted", due_on)
    assert way.audit()[-1] == ("decide_founding", way.number, "left_out")
    way.approve(on=DAYS[stage])
    assert way.stage is not stage


def test_two_units_at_least_go_on(way):
    way.begin(sizes=(3, 2)).to(Stage.GROUP_REPLY)

    assert reasons_of(leave_out, way, unit=way.founding().application.units[1].link) == ("too_few_units",)


def test_without_a_unit_that_has_voted_the_others_elect_anew(way):
    """Who was entitled has changed, and so have the lists (ELEC-19, BUILD-3)."""
    way.begin(sizes=(2, 2, 1)).to(Stage.ESTABLISHMENT)

    leave_out(way, on=REPLIED)

    found = way.founding()
    assert [unit.answer for unit in found.application.units] == ["agreed", "agreed", "left_out"]
    assert (found.position.stage, found.position.round, found.application.due_on) == (Stage.MEETING_REQUEST, 2, None)
    assert [act.step for act in found.acts[-2:]] == ["left_out", "list_again"]
    assert found.meeting.listed_on == REPLIED


def test_build_1_a_unit_that_has_grown_since_the_vote_keeps_the_result_back(way):
    way.begin(sizes=(3, 2)).to(Stage.ESTABLISHMENT)
    make.members(way.session, way.cast.city_pool, 22, on=MEETING + timedelta(days=1), employer_id=way.units[0].id)

    assert reasons_of(way.approve, on=REPLIED) == ("a_unit_must_form_own",)


def test_who_was_elected_and_is_no_member_any_more_keeps_the_result_back(way):
    way.begin().to(Stage.ESTABLISHMENT)
    make.entry(way.session, way.people[0], way.cast.city_pool, "exited", MEETING + timedelta(days=1))

    assert reasons_of(way.approve, on=REPLIED) == ("elected_is_no_member",)


def test_leaving_a_unit_out_needs_a_reason_and_one_that_was_asked(way):
    way.begin(sizes=(3, 2, 2)).to(Stage.GROUP_REPLY)

    assert reasons_of(leave_out, way, "  ") == ("reply_reason_missing",)
    for wrong in ("", "NOBODY", way.founding().application.units[0].link):
        with pytest.raises(Missing):
            leave_out(way, unit=wrong)
    assert "left_out" not in way.steps()


def test_one_unit_alone_is_not_left_out(way):
    way.begin("own_committee", (5,)).to(Stage.GROUP_REPLY)

    with pytest.raises(Missing):
        leave_out(way, unit="")


def test_a_unit_on_no_list_is_listed_once_though_two_groups_with_it_are_approved_at_once(way):
    """Each of two depots that stand together with it has its cadre tap at the same moment (BUILD-7)."""
    foundings = []
    for name in ("昌吉市城南快递行业联合工会委员会", "昌吉市城北快递行业联合工会委员会"):
        other = Way(way.app, way.session, way.cast)
        other.begin(sizes=(3,), units=({**NAMELESS, "workers": 3}, {"name": name[:5], "workers": 4}), union_name=name)
        other.send()
        foundings.append((other, other.founding().application.version))
    both, cadre = Barrier(2, timeout=60), way.cadre
    way.session.rollback()

    def approve(founding):
        one, version = founding
        told = Reply(step=FoundingStep.GROUP_APPROVED, version=version)
        with one.app.app_context():
            both.wait()
            try:
                reply(one.number, told, marks=MARKS, by=cadre, now=noon(TODAY), today=TODAY)
            except Refused as no:
                return no.reasons
            return ()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(approve, foundings))

    assert answers == [(), ("unit_agreed_elsewhere",)]
    assert way.session.query(Employer).filter_by(name="无名网点").count() == 1
