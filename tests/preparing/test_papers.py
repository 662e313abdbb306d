"""The papers on both sides: composed anew until they go out, frozen then; each side edits its own."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document

from enrollment.approving import actions as upper_actions
from enrollment.approving import queries as upper
from enrollment.preparing import actions, queries
from enrollment.rules.access import Actor, Role
from enrollment.rules.papers import PaperKind
from enrollment.rules.regions import Territory
from enrollment.rules.stages import Stage
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.web.paper_files import docx_of
from tests.cast import sign_in
from tests.preparing.way import MEETING, REPLIED, TODAY, noon, stands, text_of

CITY = Territory("652301")
WORDS = "关于建会的请示\n昌吉市总工会：\n我们十二个人想建会。\n妥否，请批示。"


def shown(way, kind, on=TODAY):
    """What the group's page shows of a paper."""
    return way.look(lambda: queries.paper(queries.founding(way.link), kind, on))


def shown_to_upper(way, kind, on=TODAY):
    return way.look(lambda: upper.paper(upper.founding(CITY, way.number), kind, on))


def edit(way, kind, words, on=TODAY):
    return way.group(actions.edit_paper, PaperKind(kind), words, on=on)


def edit_reply(way, kind, words, by=None):
    return way.do(
        upper_actions.edit_reply, way.number, PaperKind(kind), words, by=by or way.cadre, now=noon(TODAY)
    )  # fmt: skip


def listed(way, module=queries, *who):
    """Kind, and whether it is issued, of the papers a page lists."""
    rows = way.look(lambda: module.papers(module.founding(*who, way.link if module is queries else way.number)))
    return [(str(kind), bool(row and row.issued_on)) for kind, row in rows]


# --- which there are -----------------------------------------------------------------------------------------------


def test_the_group_sees_its_drafts_and_what_the_upper_union_has_issued(way):
    way.begin()
    assert listed(way) == [("group_request", False)]

    way.to(Stage.GROUP_REPLY)
    assert listed(way) == [("group_request", True)]

    way.to(Stage.PREPARATION)
    assert listed(way) == [("group_request", True), ("group_reply", True), ("roster", False)]


def test_the_upper_union_sees_its_drafts_too(way):
    way.begin().to(Stage.GROUP_REPLY)

    assert listed(way, upper, CITY) == [("group_request", True), ("group_reply", False)]


ALL = ["group_request", "group_reply", "roster", "meeting_request", "meeting_reply", "attendance_sheet", "ballot",
       "result_report", "establishment_reply"]  # fmt: skip


def test_at_the_end_all_of_them_are_issued(way):
    way.begin().to(None)

    assert listed(way) == listed(way, upper, CITY) == [(kind, True) for kind in ALL]


@pytest.mark.parametrize(
    ("end", "kinds"),
    [("withdrawn", ["group_request", "group_reply", "roster"]), ("refused", ["group_request"])],
)
def test_a_founding_that_came_to_nothing_has_the_papers_that_went_out(way, end, kinds):
    way.begin().to(Stage.MEETING_REQUEST if end == "withdrawn" else Stage.GROUP_REPLY)
    if end == "withdrawn":
        edit(way, "meeting_request", WORDS)
        way.group(actions.withdraw)
    else:
        way.reply("refused", "不在本市")

    assert listed(way) == listed(way, upper, CITY) == [(kind, True) for kind in kinds]
    with pytest.raises(Missing):
        edit(way, "meeting_request", "")
    with pytest.raises(Missing):
        edit_reply(way, "establishment_reply", WORDS)


@pytest.mark.parametrize("kind", ["nothing", "result_report", "group_reply"])
def test_a_paper_that_is_not_written_yet_is_missing(way, kind):
    way.begin()

    with pytest.raises(Missing):
        shown(way, kind)
    with pytest.raises(Missing):
        shown_to_upper(way, kind)


def test_who_joins_a_joint_union_writes_no_papers(way):
    way.begin("join_joint", (4,))

    assert listed(way) == listed(way, upper, CITY) == []
    with pytest.raises(Missing):
        edit(way, "group_request", WORDS)


# --- composed and edited -------------------------------------------------------------------------------------------


def test_a_draft_is_written_anew_from_what_is_kept(way):
    way.begin()
    assert "3人" not in "".join(shown(way, "group_request").paper.body)

    way.keep_request(workers=9)

    told = shown(way, "group_request")
    assert "11人" in "".join(told.paper.body)
    assert (told.is_issued, told.may_edit) == (False, True)
    assert way.papers() == {}


def test_edited_words_are_kept_and_frozen_with_the_request(way):
    way.begin()
    way.keep_request(workers=9)

    edit(way, "group_request", WORDS)
    assert shown(way, "group_request").paper.body == ("我们十二个人想建会。",)
    way.keep_request(workers=9)
    assert shown(way, "group_request").paper.body == ("我们十二个人想建会。",)
    assert way.audit()[1] == ("prepare_founding", way.number, "")

    way.send()
    told = shown(way, "group_request", date(2021, 12, 20))
    assert (told.paper.body, told.paper.dated_on) == (("我们十二个人想建会。",), TODAY)
    assert (told.is_issued, told.may_edit) == (True, False)
    assert len(told.paper.tables) == 2


def test_without_words_the_draft_comes_back(way):
    way.begin()
    composed = shown(way, "group_request").paper

    edit(way, "group_request", WORDS)
    edit(way, "group_request", "")

    assert shown(way, "group_request").paper == composed
    assert way.papers()["group_request", 1].version == 2


@pytest.mark.parametrize("stage", [Stage.GROUP_REPLY, Stage.PREPARATION])
def test_an_issued_paper_is_not_edited(way, stage):
    way.begin().to(stage)
    before = way.audit()

    with pytest.raises(Refused) as no:
        edit(way, "group_request", WORDS)

    assert no.value.reasons == ("paper_is_issued",)
    assert (way.papers()["group_request", 1].words, way.audit()) == ("", before)


def test_a_table_has_no_words_to_edit(way):
    way.begin().to(Stage.PREPARATION)

    with pytest.raises(Refused) as no:
        edit(way, "roster", WORDS)

    assert no.value.reasons == ("paper_is_a_table",)
    assert way.papers().get(("roster", 1)) is None
    assert shown(way, "roster").may_edit is False


@pytest.mark.parametrize(("kind", "stage"), [("group_reply", Stage.GROUP_REPLY), ("result_report", Stage.PREPARATION)])
def test_the_group_edits_neither_the_upper_unions_papers_nor_those_of_later(way, kind, stage):
    way.begin().to(stage)
    before = way.audit()

    with pytest.raises(Missing):
        edit(way, kind, WORDS)

    assert (way.papers().get((kind, 1)), way.audit()) == (None, before)


@pytest.mark.parametrize("kind", ["group_request", "meeting_reply"])
def test_the_upper_union_edits_neither_the_groups_papers_nor_those_of_later(way, kind):
    way.begin().to(Stage.GROUP_REPLY)
    before = way.audit()

    with pytest.raises(Missing):
        edit_reply(way, kind, WORDS)

    assert way.audit() == before
    assert shown_to_upper(way, "group_request").may_edit is False


def test_the_upper_unions_words_are_frozen_with_its_number(way):
    way.begin().to(Stage.GROUP_REPLY)
    assert shown_to_upper(way, "group_reply").may_edit is True

    edit_reply(way, "group_reply", "关于同意的批复\n筹备组：\n同意。\n此复。")
    assert way.audit()[-1] == ("decide_founding", way.number, "")
    way.approve()

    told = shown_to_upper(way, "group_reply")
    assert (told.paper.title, told.paper.number, told.paper.body) == (
        "关于同意的批复", "昌市工复〔2021〕1号", ("同意。",)
    )  # fmt: skip
    assert (told.is_issued, told.may_edit) == (True, False)
    assert way.papers()["group_reply", 1].account_id == way.cast.city.id
    assert shown(way, "group_reply").paper == told.paper
    with pytest.raises(Refused) as no:
        edit_reply(way, "group_reply", "")
    assert no.value.reasons == ("paper_is_issued",)


def test_another_county_edits_nothing(way):
    way.begin().to(Stage.GROUP_REPLY)

    for by in (way.cast.next_county.as_actor(), Actor(Role.VISITOR)):
        with pytest.raises(Missing):
            edit_reply(way, "group_reply", WORDS, by)


# --- editions ------------------------------------------------------------------------------------------------------


def test_after_a_return_the_words_begin_anew_and_the_first_paper_stays(way):
    way.begin()
    edit(way, "group_request", WORDS)
    way.send()
    first = way.papers()["group_request", 1].content
    way.reply("returned", "写明人数")

    told = shown(way, "group_request")
    assert (told.is_issued, told.may_edit) == (False, True)
    assert told.paper.title == "关于成立昌吉市城北快递行业联合工会筹备组的请示"

    edit(way, "group_request", "请示二\n现有5人。\n请批示。")
    way.send(on=date(2021, 12, 1))
    assert way.papers()["group_request", 1].content == first
    assert way.papers()["group_request", 2].content["title"] == "请示二"
    assert shown(way, "group_request").paper.title == "请示二"


def test_a_reply_that_was_drafted_before_a_return_is_written_anew(way):
    way.begin().to(Stage.MEETING_REPLY)
    edit_reply(way, "meeting_reply", "关于同意的批复\n筹备组：\n同意会员1、会员2、会员3为候选人。\n此复。")
    way.reply("returned", "增加候选人")
    way.plan(candidates=[stands(each) for each in reversed(way.people[:4])])
    way.ask()
    way.approve()

    assert "同意会员1、会员2、会员3为候选人。" not in way.papers()["meeting_reply", 1].content["body"]


def test_words_of_a_request_last_until_what_it_says_changes(way):
    way.begin()
    way.keep_request()
    edit(way, "group_request", WORDS)

    way.keep_request()
    assert way.papers()["group_request", 1].words == WORDS
    way.keep_request(workers=4)

    assert way.papers()["group_request", 1].words == ""


@pytest.mark.parametrize("changes", [{"name": "马明"}, None], ids=["another name", "nobody"])
def test_words_of_a_request_go_with_the_group(way, changes):
    way.begin()
    way.keep_request()
    edit(way, "group_request", WORDS)

    way.keep_request(group=[way.request().group[0] | changes] if changes else [])

    assert way.papers()["group_request", 1].words == ""


@pytest.mark.parametrize(
    "changes", [{"place": "工会"}, {"candidates": "reversed"}], ids=["another place", "another order"]
)
def test_words_of_a_plan_last_until_the_plan_changes(way, changes):
    way.begin().to(Stage.MEETING_REQUEST)
    way.plan()
    edit(way, "meeting_request", WORDS)

    way.plan()
    assert way.papers()["meeting_request", 1].words == WORDS
    turned = {"candidates": [stands(each) for each in reversed(way.people[:4])]}
    way.plan(**turned if "candidates" in changes else changes)

    assert way.papers()["meeting_request", 1].words == ""


def test_words_of_a_report_go_with_a_correction(way):
    way.begin().to(Stage.RESULT_REPORT)
    edit(way, "result_report", WORDS)

    way.correct(5, 4, 1, 3)

    assert way.papers()["result_report", 1].words == ""


def test_the_reply_names_the_request_it_answers(way):
    way.begin()
    edit(way, "group_request", "关于我们建会的请示\n昌吉市总工会：\n我们想建会。\n请批示。")
    way.to(Stage.PREPARATION)

    assert "关于我们建会的请示" in way.papers()["group_reply", 1].content["body"][0]


def test_a_repeated_election_has_papers_of_its_own(way):
    way.begin().to(Stage.MEETING)
    way.record(present=3, counted=[way.counted(3, 3, 3, 0, issued=3, returned=3)])
    way.report()
    way.reply("meeting_again", "到会不足三分之二", on=REPLIED)
    way.to(None)

    assert sorted(way.papers()) == sorted(
        [(kind, 1) for kind in ALL] + [(kind, 2) for kind in ("attendance_sheet", "ballot", "result_report")]
    )
    assert way.papers()["establishment_reply", 1].number == "昌市工复〔2021〕3号"


# --- what they hold ------------------------------------------------------------------------------------------------


def test_the_report_tells_each_candidates_votes_and_office(way):
    way.begin(sizes=(5, 4)).to(Stage.MEETING_REQUEST)
    lists = [stands(each, relation="none", office="chair" if n == 0 else "") for n, each in enumerate(way.people[:4])]
    way.plan(audit_seats=3, candidates=[*lists, *(stands(each, "audit") for each in way.people[4:8])])
    way.ask()
    way.to(Stage.MEETING)
    votes = [way.counted(9, 8, 7, 1, body=body, issued=9, returned=9) for body in ("committee", "audit")]
    way.record(present=9, counted=votes)
    way.offices(audit_chair=way.ids("audit")[0])
    way.report()

    told = "".join(way.papers()["result_report", 1].content["body"])
    assert [told.count(words) for words in ("会员1（9票）", "会员5（9票）", "会员4（1票）")] == [1, 1, 0]
    assert "会员1为主席" in told
    assert "会员5为经费审查委员会主任" in told


def test_before_the_meeting_is_planned_its_papers_have_no_day(way):
    way.begin().to(Stage.MEETING_REQUEST)

    assert "12月10日" not in "".join(shown(way, "meeting_request").paper.body)
    way.plan()
    assert "2021年12月10日" in "".join(shown(way, "meeting_request").paper.body)


@pytest.mark.parametrize(("kind", "sizes"), [("new_joint", (3, 2)), ("one_officer", (5,)), ("own_committee", (5,))])
def test_every_paper_is_a_word_file_of_its_union(way, kind, sizes):
    way.begin(kind, sizes).to(None)
    name = way.founding().details.union_name
    short = name.removesuffix("委员会")

    for paper in ALL:
        told = shown(way, paper, MEETING).paper
        document = Document(BytesIO(docx_of(told)))
        texts = [paragraph.text for paragraph in document.paragraphs]
        texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        assert any(short in text.replace("\n", "") for text in texts), paper


def test_the_second_issue_of_a_paper_is_a_conflict(way):
    """Two who send at once are told apart before; the paper itself is the last bolt."""
    way.begin().send()
    founding = way.founding()
    for act in founding.acts:
        if act.step == "submitted":
            way.session.delete(act)
    way.session.commit()

    with pytest.raises(Conflict):
        way.send()
    assert way.steps() == ["started", "agreed"]


def test_words_written_about_other_numbers_are_asked_for_again(way):
    way.begin()
    way.keep_request()
    edit(way, "group_request", WORDS)
    way.join(3)

    with pytest.raises(Refused) as no:
        way.send()
    assert (no.value.reasons, way.stage) == (("words_are_old",), Stage.GROUP_REQUEST)

    edit(way, "group_request", WORDS)
    way.send()
    assert way.papers()["group_request", 1].content["body"][0] in WORDS


def test_a_paper_of_before_is_read_from_both_sides_and_no_other(client, way, cast):
    way.begin().send()
    way.reply("returned", "请补充")
    way.keep_request(workers=4)
    way.send()
    cadre = sign_in(client)
    pages = (f"/founding/{way.link}/papers/group_request", f"/foundings/{way.number}/papers/group_request")

    for path in pages:
        now, before = (text_of(cadre.get(f"{path}{which}")) for which in ("", "?edition=1"))
        assert ("4" in now, now != before, "Change the words" in before) == (True, True, False)
        assert cadre.get(f"{path}.docx?edition=1").status_code == 200
        assert [cadre.get(f"{path}?edition={which}").status_code for which in ("2", "7")] == [404, 404]
    for path in (f"/founding/{way.link}", f"/foundings/{way.number}"):
        assert "papers/group_request?edition=1" in text_of(cadre.get(path))
