"""The upper union's pages: a founding with its checks, the reply, the last stage, the papers, the re-election."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from markupsafe import escape

from enrollment.rules.stages import Stage
from enrollment.storage.applications import Application, FoundingDetails
from enrollment.storage.foundings import UnionTerm
from enrollment.storage.unions import Union
from enrollment.web.words_of_founding import FOUNDING_REASONS
from tests import make
from tests.cast import NEXT_COUNTY, PREFECTURE, csrf, sign_in
from tests.preparing.way import JOINT_NAME, REPLIED, TODAY, how_many, press, press_reply, text_of

STAGES = [stage for stage in Stage if stage not in (Stage.JOIN_REQUEST, Stage.JOIN_REPLY)]
WORDS = "关于同意的批复\n筹备组：\n同意。\n此复。"


def says(reason):
    return str(escape(FOUNDING_REASONS[reason]))


def show(client, way):
    return text_of(client.get(f"/foundings/{way.number}"))


@pytest.fixture
def desk(client, cast):
    """The city's cadre is signed in."""
    return sign_in(client)


@pytest.fixture(autouse=True)
def clock(set_clock):
    return set_clock


# --- the case ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["new_joint", "own_committee", "one_officer"])
def test_the_page_shows_every_stage_to_its_end(desk, way, kind, clock):
    way.begin(kind, (3, 2) if kind == "new_joint" else (5,))
    for stage in (*STAGES, None):
        if kind == "one_officer" and stage is Stage.FIRST_SESSION:
            continue
        way.to(stage)
        clock(REPLIED)
        assert desk.get(f"/foundings/{way.number}").status_code == 200, stage


def test_the_page_names_a_unit_as_told_and_as_listed(desk, way):
    way.begin().send()
    assert "on our lists" not in show(desk, way)

    way.founding().application.units[0].name = "东风"
    way.session.commit()

    assert "on our lists: 东风网点" in show(desk, way)


def test_a_unit_is_left_out_on_the_page(desk, way):
    way.begin(sizes=(3, 2, 2)).to(Stage.GROUP_REPLY)
    third = way.founding().application.units[2].link
    assert f'value="{third}"' in show(desk, way)

    path = f"/foundings/{way.number}"
    told = {"version": way.founding().application.version, "step": "left_out", "note": "已另有工会", "unit": third}
    answer = desk.post(f"{path}/reply", data={"csrf_token": csrf(desk, path), **told})

    assert answer.status_code == 303
    page = show(desk, way)
    assert ("Left out" in page, f'value="{third}"' in page) == (True, False)


def test_only_a_joint_union_leaves_units_out(desk, way):
    way.begin("own_committee", (5,)).send()

    assert 'value="left_out"' not in show(desk, way)


@pytest.mark.parametrize("end", ["returned", "refused"])
def test_the_page_shows_what_was_replied(desk, way, end):
    way.begin().send()
    way.reply(end, "写明职工意愿")

    page = show(desk, way)
    assert ("写明职工意愿" in page, 'name="step"' in page) == (True, False)


def test_the_page_offers_an_approval_only_where_the_rules_object_nothing(desk, way):
    way.begin().send()
    assert 'value="group_approved"' in show(desk, way)

    way.founding().application.units[1].answer = "declined"
    way.session.commit()
    page = show(desk, way)
    assert ('value="group_approved"' in page, 'value="returned"' in page, 'value="refused"' in page) == (
        False,
        True,
        True,
    )
    assert "A joint union needs two units or more" in page


def test_a_broken_assembly_can_only_be_repeated(desk, way, clock):
    way.begin().to(Stage.MEETING)
    way.record(present=3, counted=[way.counted(3, 3, 3, 0, issued=3, returned=3)])
    way.report()
    clock(REPLIED)

    page = show(desk, way)
    assert (says("no_quorum") in page, 'value="approved"' in page, 'value="meeting_again"' in page) == (
        True,
        False,
        True,
    )
    answer = press_reply(desk, way.number, "approved")
    assert (answer.status_code, says("no_quorum") in text_of(answer)) == (422, True)
    assert way.session.query(Union).filter_by(name=JOINT_NAME).count() == 0

    assert press_reply(desk, way.number, "meeting_again", "到会不足三分之二").status_code == 303
    assert (way.stage, way.founding().position.round) == (Stage.MEETING, 2)


@pytest.mark.parametrize(("day", "late"), [(date(2021, 12, 25), False), (date(2021, 12, 26), True)])
def test_elec_20_an_overdue_result_is_passed_up_and_not_approved_by_waiting(desk, way, clock, day, late):
    way.begin().to(Stage.ESTABLISHMENT)
    clock(day)

    assert ("passed up to the prefecture union" in show(desk, way)) is late
    assert way.state == "submitted"


# --- the reply -----------------------------------------------------------------------------------------------------


def test_an_approval_leads_back_to_the_case(desk, way):
    way.begin().send()

    answer = press_reply(desk, way.number, "group_approved", "同意")

    assert (answer.status_code, answer.location) == (303, f"/foundings/{way.number}")
    assert way.stage is Stage.PREPARATION
    assert way.founding().acts[-1].account_id == way.cast.city.id


def test_the_prefecture_replies_too(client, way):
    way.begin().send()
    sign_in(client, PREFECTURE)

    assert press_reply(client, way.number, "group_approved").status_code == 303


def test_the_second_tap_says_that_someone_was_faster(desk, way):
    way.begin().send()
    version = way.founding().application.version
    assert press_reply(desk, way.number, "group_approved", version=version).status_code == 303

    answer = press_reply(desk, way.number, "returned", "写明人数", version=version)

    assert (answer.status_code, "张干部" in text_of(answer)) == (409, True)
    assert way.stage is Stage.PREPARATION


@pytest.mark.parametrize(
    "told", [{"step": ""}, {"step": "nonsense"}, {"version": ""}, {"version": "x"}, {"note": "字" * 501}]
)
def test_a_reply_that_cannot_be_read_decides_nothing(desk, way, told):
    way.begin().send()
    path = f"/foundings/{way.number}"
    answers = {"step": "group_approved", "version": way.founding().application.version, "note": ""} | told

    answer = desk.post(f"{path}/reply", data={"csrf_token": csrf(desk, path), **answers})

    assert (answer.status_code, way.stage) == (422, Stage.GROUP_REPLY)


def test_words_that_are_due_are_asked_for(desk, way):
    way.begin().send()

    answer = press_reply(desk, way.number, "refused")

    assert (answer.status_code, says("reply_reason_missing") in text_of(answer)) == (422, True)


def test_nobody_else_replies(client, way):
    way.begin().send()
    path = f"/foundings/{way.number}"
    told = {"step": "group_approved", "version": way.founding().application.version}

    assert client.post(f"{path}/reply", data=told).location == f"/signin?next={path}/reply"
    assert client.post(f"{path}/conclude", data=told).location == f"/signin?next={path}/conclude"
    sign_in(client, NEXT_COUNTY)
    token = csrf(client, "/foundings")
    for page in ("reply", "conclude", "papers/group_reply/words"):
        assert client.post(f"{path}/{page}", data={**told, "csrf_token": token, "words": WORDS}).status_code == 404
    assert (way.stage, way.papers().get(("group_reply", 1))) == (Stage.GROUP_REPLY, None)


# --- the last stage ------------------------------------------------------------------------------------------------


def test_three_days_conclude_a_founding(desk, way, clock):
    way.begin().to(Stage.ENTRY)
    clock(REPLIED)
    path = f"/foundings/{way.number}"
    days = {"real_name": "2021-12-13", "plaque": "2021-12-13", "funds": "2021-12-13"}
    for wrong in ({"plaque": ""}, {"plaque": "2021-12-14"}, {"funds": "bald"}):
        answer = desk.post(f"{path}/conclude", data={"csrf_token": csrf(desk, path), **days | wrong})
        assert (answer.status_code, way.stage) == (422, Stage.ENTRY)
    token = csrf(desk, path)

    assert desk.post(f"{path}/conclude", data={"csrf_token": token, **days}).location == path
    assert desk.post(f"{path}/conclude", data={"csrf_token": token, **days}).status_code == 409
    assert way.stage is None


# --- papers --------------------------------------------------------------------------------------------------------


def test_a_reply_is_read_edited_and_taken_along(desk, way):
    way.begin().send()
    path = f"/foundings/{way.number}/papers/group_reply"
    token = csrf(desk, path)

    answer = desk.post(f"{path}/words", data={"csrf_token": token, "words": WORDS})
    assert (answer.status_code, answer.location) == (303, path)
    assert "同意。" in text_of(desk.get(path))
    texts = [paragraph.text for paragraph in Document(BytesIO(desk.get(f"{path}.docx").data)).paragraphs]
    assert "同意。" in texts
    assert desk.post(f"{path}/words", data={"csrf_token": token, "words": "字" * 8001}).status_code == 422

    press_reply(desk, way.number, "group_approved")
    late = desk.post(f"{path}/words", data={"csrf_token": token, "words": ""})
    assert (late.status_code, way.papers()["group_reply", 1].words) == (422, WORDS)
    page = text_of(desk.get(path))
    assert ("昌市工复〔2021〕1号" in page, 'name="words"' in page) == (True, False)


def test_the_groups_paper_is_not_the_cadres_to_edit(desk, way):
    way.begin().send()
    path = f"/foundings/{way.number}/papers/group_request"
    token = csrf(desk, f"/foundings/{way.number}")

    assert 'name="words"' not in text_of(desk.get(path))
    assert desk.post(f"{path}/words", data={"csrf_token": token, "words": WORDS}).status_code == 404


@pytest.mark.parametrize("kind", ["nothing", "result_report"])
def test_a_paper_that_is_not_there_is_missing(desk, way, kind):
    way.begin().send()

    assert desk.get(f"/foundings/{way.number}/papers/{kind}").status_code == 404
    assert desk.get(f"/foundings/{way.number}/papers/{kind}.docx").status_code == 404


# --- the re-election -----------------------------------------------------------------------------------------------


def test_a_re_election_is_begun_and_walked_from_both_sides(desk, way, cast):
    make.members(way.session, cast.joint_union, 5, employer_id=cast.small_a.id)
    path = f"/unions/{cast.joint_union.code}/re-election"
    token = csrf(desk, "/foundings")
    assert desk.post(path, data={"csrf_token": token}).location == f"/unions/{cast.joint_union.code}"
    told = {"ordinal": 1, "years": 5, "elected_on": date(2021, 12, 10), "ends_on": date(2026, 12, 10)}
    way.session.add(UnionTerm(union_id=cast.joint_union.id, **told))
    way.session.commit()

    begun = desk.post(path, data={"csrf_token": token})
    again = desk.post(path, data={"csrf_token": token})

    assert (begun.status_code, again.location, how_many(way.session, FoundingDetails)) == (303, begun.location, 1)
    assert desk.get(begun.location).status_code == 200
    way.follow(way.session.query(Application).one())
    assert "re_election" not in text_of(desk.get(f"/founding/{way.link}"))
    assert desk.get(f"/founding/{way.link}/meeting").status_code == 200
    assert desk.get(f"/founding/{way.link}", headers={"HX-Request": "true"}).status_code == 200


def test_a_re_election_is_begun_by_the_cadres_of_the_place(client, cast):
    path = f"/unions/{cast.joint_union.code}/re-election"

    assert client.post(path).location == f"/signin?next={path}"
    sign_in(client, NEXT_COUNTY)
    assert client.post(path, data={"csrf_token": csrf(client, "/foundings")}).status_code == 404


def test_days_before_the_approval_conclude_nothing(desk, way):
    way.begin().to(Stage.ENTRY)
    case = f"/foundings/{way.number}"

    early = press(desk, case, f"{case}/conclude", real_name=TODAY, plaque=TODAY, funds=TODAY)

    assert early.status_code == 422
    assert "The day lies before the approval." in text_of(early)
    assert way.stage is Stage.ENTRY


# --- who is to be called -------------------------------------------------------------------------------------------


def test_phones_are_shown_in_full_for_a_reason_that_the_group_reads(app, desk, way):
    way.begin().send()
    path = f"/foundings/{way.number}"
    assert "13800000002" not in show(desk, way)

    without = desk.post(f"{path}/full", data={"reason": "", "csrf_token": csrf(desk, path)})
    assert (without.status_code, "13800000002" in text_of(without)) == (422, False)
    assert "Who has looked" not in text_of(desk.get(f"/founding/{way.link}"))

    shown = desk.post(f"{path}/full", data={"reason": "核实参与单位", "csrf_token": csrf(desk, path)})
    assert "13800000002" in text_of(shown)
    group = text_of(desk.get(f"/founding/{way.link}"))
    assert "Who has looked at the phone numbers" in group
    assert "County cadre, 昌吉市" in group
    assert "核实参与单位" in group


def test_no_other_county_sees_them(app, desk, way):
    way.begin().send()
    other = sign_in(app.test_client(), NEXT_COUNTY)

    answer = other.post(
        f"/foundings/{way.number}/full", data={"reason": "x", "csrf_token": csrf(other, "/members/find")}
    )

    assert (answer.status_code, "13800000002" in text_of(answer)) == (404, False)
