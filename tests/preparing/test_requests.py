"""Stage 1, and the end of it: the request for a preparatory group is kept, sent, sent again, given up."""

from datetime import date, timedelta

import pytest

from enrollment.founding.actions import Answer, answer_invitation
from enrollment.preparing import actions
from enrollment.rules.access import VISITOR
from enrollment.rules.stages import FoundingStep, Stage
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.foundings import GroupMember
from tests import make
from tests.preparing.way import OWN_NAME, TODAY, how_many, noon

ONE = {"name": "李强", "unit_name": "西域网点", "post": "站长助理", "cv": "2019年起送件"}


def keep(way, **changes):
    return way.keep_request(**changes)


def remind(way, unit, **given):
    return way.group(actions.remind, unit, **given)


# --- kept ----------------------------------------------------------------------------------------------------------


def test_what_is_kept_is_kept_as_it_is_however_little(way):
    way.begin()

    keep(way, union_name="", business="", wish="", workers=11, barred=2, region_code="652301002", group=[ONE])

    found = way.founding()
    own = found.application.units[0]
    assert (found.details.union_name, found.details.business, found.details.wish) == ("", "", "")
    assert (found.details.contact_name, found.details.contact_phone) == ("马晓", "13800000002")
    assert (own.workers, own.barred, own.region_code) == (11, 2, "652301002")
    assert [(row.name, row.unit_name, row.post, row.cv) for row in found.group] == [
        ("李强", "西域网点", "站长助理", "2019年起送件")
    ]
    assert (found.position.stage, found.application.state) == (Stage.GROUP_REQUEST, "gathering")
    assert way.steps() == ["started", "agreed"]
    assert way.audit() == [("prepare_founding", way.number, "kept")]


def test_kept_twice_the_group_is_the_last_one(way):
    way.begin()

    keep(way, group=[ONE, ONE | {"name": "阿依古丽"}])
    keep(way, group=[ONE | {"name": "王芳"}])

    assert [row.name for row in way.founding().group] == ["王芳"]
    assert how_many(way.session, GroupMember) == 1


def test_another_township_can_be_another_county_for_a_unit_nothing_ties_to_one(way):
    way.begin("own_committee", (), units=({"name": "无名网点", "workers": 5},))

    keep(way, region_code="652302001", union_name=OWN_NAME, workers=5)

    assert way.founding().application.county_code == "652302"
    way.send()
    with pytest.raises(Missing):
        way.approve()


NAMELESS = {"name": "无名网点", "workers": 5}


@pytest.mark.parametrize("tie", ["union", "invited", "listed"])
def test_what_is_tied_to_a_county_stays_there(way, tie):
    if tie == "union":
        union = {"union_id": way.cast.joint_union.id}
        steps = (FoundingStep.SUBMITTED, FoundingStep.RETURNED)
        way.begin("join_joint", (), units=(NAMELESS,), group=(), application=union, steps=steps)
    elif tie == "invited":
        way.begin(sizes=(), units=(NAMELESS, {"answer": None}))
    else:
        way.begin("own_committee", (5,))

    with pytest.raises(Refused) as no:
        keep(way, region_code="652302001", contact_name="别人")

    assert no.value.reasons == ("township_of_another_county",)
    found = way.founding()
    assert (found.county_code, found.application.units[0].region_code) == ("652301", "652301001")
    assert (found.details.contact_name, way.audit()) == ("马晓", [])
    keep(way, region_code="652301002", contact_name="别人")
    assert way.founding().application.units[0].region_code == "652301002"


def test_a_request_that_was_sent_is_not_the_groups_to_keep(way):
    way.begin().send()

    with pytest.raises(Conflict):
        keep(way, union_name="另一个联合工会委员会")

    assert way.founding().details.union_name != "另一个联合工会委员会"
    assert way.audit() == [("prepare_founding", way.number, "")]


# --- sent ----------------------------------------------------------------------------------------------------------


def test_a_request_that_is_sent_waits_five_working_days_for_the_upper_union(way):
    way.begin()

    way.send()

    found = way.founding()
    assert (found.application.state, found.application.due_on) == ("submitted", date(2021, 12, 7))
    assert (found.application.submitted_at, found.application.version) == (noon(TODAY), 3)
    assert (found.position.stage, found.position.ball) == (Stage.GROUP_REPLY, "upper")
    assert way.steps() == ["started", "agreed", "submitted"]
    assert way.audit() == [("prepare_founding", way.number, "")]
    paper = way.papers()["group_request", 1]
    assert (paper.issued_on, paper.number, paper.account_id) == (TODAY, "", None)
    assert paper.content["title"] == "关于成立昌吉市城北快递行业联合工会筹备组的请示"


OBJECTIONS = [
    ("7.3 no name", "new_joint", (3, 2), {"union_name": ""}, ("joint_name_ending",)),
    ("7.3 the name of a single union", "new_joint", (3, 2), {"union_name": OWN_NAME}, ("joint_name_ending",)),
    ("7.3 nothing before the ending", "new_joint", (3, 2), {"union_name": "联合工会委员会"}, ("name_says_too_little",)),
    ("7.3 the name of a joint union", "own_committee", (5,), {"union_name": "东风联合工会委员会"}, ("name_ending",)),
    ("BUILD-4 alone", "new_joint", (5,), {}, ("too_few_units",)),
    ("BUILD-1 one of 25", "new_joint", (25, 2), {}, ("a_unit_must_form_own",)),
    ("BUILD-3 two people", "new_joint", (1, 1), {}, ("too_few_candidates",)),
    ("BUILD-3 two people alone", "own_committee", (2,), {}, ("too_few_candidates",)),
    ("BUILD-1 one officer for 25", "one_officer", (25,), {}, ("must_form_committee",)),
    ("7.4 no group", "new_joint", (3, 2), {"group": ()}, ("group_is_empty",)),
    ("all at once", "new_joint", (1,), {"union_name": "工会", "group": ()},
     ("too_few_units", "too_few_candidates", "joint_name_ending", "group_is_empty")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "sizes", "changes", "reasons"), [row[1:] for row in OBJECTIONS], ids=[row[0] for row in OBJECTIONS]
)
def test_a_request_is_refused_with_all_the_rules_object(way, kind, sizes, changes, reasons):
    way.begin(kind, sizes, **changes)

    with pytest.raises(Refused) as no:
        way.send()

    assert no.value.reasons == reasons
    assert (way.state, way.papers(), way.audit()) == ("gathering", {}, [])
    assert "submitted" not in way.steps()
    assert way.founding().application.due_on is None


def test_one_officer_needs_somebody_who_may_stand(way):
    way.begin("one_officer", (2,))
    way.founding().application.units[0].barred = 2
    way.session.commit()

    with pytest.raises(Refused) as no:
        way.send()

    assert no.value.reasons == ("no_candidate",)


def test_a_unit_that_declined_does_not_stand_with_the_others(way):
    way.begin(sizes=(3, 2, 2))
    way.founding().application.units[1].answer = "declined"
    way.session.commit()

    way.send()

    assert [unit.name for unit in way.founding().standing] == ["东风网点", "天山网点"]


def test_a_name_that_another_union_has_is_taken(way):
    make.union(way.session, name=OWN_NAME)
    way.begin("own_committee", (5,), group=())

    with pytest.raises(Refused) as no:
        way.send()

    assert no.value.reasons == ("group_is_empty", "union_name_taken")
    assert way.audit() == []


def test_build_7_the_first_request_with_a_unit_is_the_one_that_counts(way):
    way.begin()
    shared = {"employer_id": way.units[0].id, "name": "东风网点", "workers": 5}
    other = type(way)(way.app, way.session, way.cast).begin("own_committee", (), units=(shared,))
    way.send()

    with pytest.raises(Refused) as no:
        other.send()

    assert (no.value.reasons, other.state) == (("unit_agreed_elsewhere",), "gathering")
    way.group(actions.withdraw)
    other.send()
    assert other.state == "submitted"


def test_the_second_tap_of_the_request_finds_it_sent(way):
    way.begin().send()

    with pytest.raises(Conflict):
        way.send()

    assert way.steps() == ["started", "agreed", "submitted"]
    assert len(way.audit()) == 1


def test_a_returned_request_is_sent_again_as_a_new_paper(way):
    way.begin().send()
    way.reply("returned", "写明职工意愿")
    assert (way.stage, way.state) == (Stage.GROUP_REQUEST, "returned")
    assert way.founding().application.due_on is None

    keep(way, workers=4, wish="5人同意")
    way.send(on=date(2021, 12, 3))

    first, second = way.papers()["group_request", 1], way.papers()["group_request", 2]
    assert (first.issued_on, second.issued_on) == (TODAY, date(2021, 12, 3))
    assert ("3人" in first.content["body"][2], "6人" in second.content["body"][2]) == (False, True)
    assert first.content != second.content
    assert way.steps() == ["started", "agreed", "submitted", "returned", "submitted"]
    assert way.founding().application.due_on == date(2021, 12, 10)


def test_nobody_sends_what_is_not_there(way):
    with pytest.raises(Missing):
        way.do(
            actions.send_request, "NOBODY", by=VISITOR, now=noon(TODAY), today=TODAY, review_working_days=5
        )  # fmt: skip
    assert way.audit() == []


# --- neighbors -----------------------------------------------------------------------------------------------------


def unanswered(way, answer=None):
    """The second unit's link; it has not answered, or has said no."""
    way.begin(steps=(FoundingStep.STARTED,))
    unit = way.founding().application.units[1]
    unit.answer = answer
    way.session.commit()
    return unit.link


def test_a_neighbor_is_reminded_once_a_day(way):
    link = unanswered(way)

    remind(way, link)
    remind(way, link)
    way.do(actions.remind, way.link, link, by=VISITOR, now=noon(TODAY) + timedelta(hours=24, seconds=-1))
    assert way.steps() == ["started", "reminded"]

    remind(way, link, on=TODAY + timedelta(days=1))
    assert way.steps() == ["started", "reminded", "reminded"]
    assert [act.note for act in way.founding().acts[1:]] == ["西域网点", "西域网点"]
    assert [note for _act, _subject, note in way.audit()] == ["", "sent again", "sent again", ""]


@pytest.mark.parametrize("answer", ["agreed", "declined", "asked"])
def test_who_has_answered_is_not_reminded(way, answer):
    link = unanswered(way, answer)

    with pytest.raises(Missing):
        remind(way, link)

    assert way.audit() == []


def test_only_an_invited_unit_is_reminded_and_only_before_the_request(way):
    link = unanswered(way)
    own = way.founding().application.units[0].link
    for wrong in ("NOBODY", own):
        with pytest.raises(Missing):
            remind(way, wrong)

    way.founding().application.units[1].answer = "agreed"
    way.session.commit()
    way.send()
    with pytest.raises(Conflict):
        remind(way, link)


# --- left out ------------------------------------------------------------------------------------------------------


def leave(way, link, note="已超过25人", **given):
    return way.group(actions.leave_unit_out, link, note, **given)


@pytest.mark.parametrize("answer", ["agreed", "asked", "declined", None])
def test_the_others_go_on_without_a_unit_whatever_it_answered(way, answer):
    way.begin(sizes=(3, 2, 30))
    unit = way.founding().application.units[2]
    unit.answer = answer
    way.session.commit()

    leave(way, unit.link)
    leave(way, unit.link)

    way.session.expire_all()
    found = way.founding()
    assert ([each.name for each in found.standing], found.application.units[2].answer) == (
        ["东风网点", "西域网点"],
        "left_out",
    )
    assert (found.acts[-1].step, found.acts[-1].note, way.state) == ("left_out", "天山网点：已超过25人", "gathering")
    assert way.steps().count("left_out") == 1
    assert [note for _act, _subject, note in way.audit()] == ["", "sent again"]
    way.send()
    assert way.stage is Stage.GROUP_REPLY


def test_leaving_out_needs_a_reason_a_neighbor_and_the_time_before_the_request(way):
    way.begin(sizes=(3, 2, 2))
    own, link = (way.founding().application.units[n].link for n in (0, 1))
    with pytest.raises(Refused) as no:
        leave(way, link, "  ")
    assert no.value.reasons == ("leaving_out_reason_missing",)
    for wrong in ("NOBODY", own):
        with pytest.raises(Missing):
            leave(way, wrong)

    way.send()
    with pytest.raises(Conflict):
        leave(way, link)
    assert "left_out" not in way.steps()


def test_a_unit_left_out_answers_and_is_reminded_no_more(way):
    way.begin(sizes=(3, 2, 2))
    link = way.founding().application.units[2].link
    leave(way, link)

    with pytest.raises(Missing):
        remind(way, link)
    with pytest.raises(Conflict):
        way.do(answer_invitation, link, Answer(answer="agreed"), by=VISITOR, now=noon(TODAY), today=TODAY)
    assert way.founding().application.units[2].answer == "left_out"


# --- given up ------------------------------------------------------------------------------------------------------

UNTIL = [
    Stage.GROUP_REQUEST,
    Stage.GROUP_REPLY,
    Stage.PREPARATION,
    Stage.MEETING_REQUEST,
    Stage.MEETING_REPLY,
    Stage.MEETING,
    Stage.FIRST_SESSION,
    Stage.RESULT_REPORT,
    Stage.ESTABLISHMENT,
]


@pytest.mark.parametrize("stage", UNTIL)
def test_a_founding_is_given_up_as_long_as_there_is_no_union(way, stage):
    way.begin().to(stage)
    before = len(way.audit())

    way.group(actions.withdraw)
    way.group(actions.withdraw)

    found = way.founding()
    assert (found.application.state, found.application.due_on, found.position.part) == ("withdrawn", None, None)
    assert found.application.union_id is None
    assert way.steps().count("withdrawn") == 1
    assert [note for _act, _subject, note in way.audit()[before:]] == ["", "sent again"]


@pytest.mark.parametrize("stage", [Stage.REGISTRATION, Stage.ENTRY, None])
def test_a_union_that_stands_is_not_given_up(way, stage):
    way.begin().to(stage)

    with pytest.raises(Conflict):
        way.group(actions.withdraw)

    assert way.state == "approved"


def test_a_refused_founding_is_at_its_end(way):
    way.begin().send()
    way.reply("refused", "单位不在本市")

    with pytest.raises(Conflict):
        way.group(actions.withdraw)
    with pytest.raises(Conflict):
        way.send()

    assert way.state == "refused"


def test_who_gives_up_can_begin_again_and_may_have_the_same_name(way):
    way.begin().to(Stage.ESTABLISHMENT)
    way.group(actions.withdraw)
    way.people = []

    way.begin(sizes=(3, 2)).send()

    assert way.state == "submitted"
