"""The papers of a founding: each by its exact words, and without gaps when facts are missing."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrollment.rules.drafting import compose
from enrollment.rules.paper_facts import (
    Candidate,
    Contest,
    Meeting,
    MeetingKind,
    PaperFacts,
    PaperUnit,
    chinese_number,
    day_and_place,
)
from enrollment.rules.paper_titles import title_lines
from enrollment.rules.papers import (
    PAPERS,
    Paper,
    PaperKind,
    Table,
    as_dict,
    chinese_date,
    cleaned,
    from_dict,
    one_line,
    with_words,
    words_of,
)
from tests.paper_facts import AUDIT, COMMITTEE, EVERYBODY, WAYS, bare, joint, one_officer, re_election, single, voted

K = PaperKind
LAWS = "《中华人民共和国工会法》《中国工会章程》和《工会基层组织选举工作条例》"


def test_who_issues_what_and_whose_words_may_be_edited():
    assert list(PAPERS) == list(PaperKind)
    assert [kind for kind, form in PAPERS.items() if form.by_upper] == [
        K.GROUP_REPLY,
        K.MEETING_REPLY,
        K.ESTABLISHMENT_REPLY,
    ]
    assert [kind for kind in PaperKind if not compose(kind, joint()).editable] == [
        K.ATTENDANCE_SHEET,
        K.BALLOT,
        K.ROSTER,
    ]


# --- each paper of a joint union, word for word --------------------------------------------------------------------


def test_the_request_for_a_preparatory_group():
    paper = compose(K.GROUP_REQUEST, joint())

    assert words_of(paper).splitlines() == [
        "关于成立昌吉市快递行业联合工会筹备组的请示",
        "昌吉市总工会：",
        (
            f"为把劳动者组织到工会中来，维护劳动者合法权益，根据{LAWS}有关规定，拟成立昌吉市快递行业联合工会筹备组，"
            "负责建会筹备工作。现将有关事项请示如下："
        ),
        "一、参加单位。参加联合建会的有昌吉市的快马网点、飞驰网点等2家单位（见附件1）。",
        "二、人员情况。现有从业人员16人，其中工会会员15人（女会员4人）。",
        "三、建会意愿和方式。经征求意见，从业人员自愿加入工会，希望依法建立工会组织，拟由参加单位的会员联合建立一个基层工会委员会。",
        "四、筹备组人选。筹备组拟由马晓、李强等2名同志组成，马晓同志任组长（见附件2）。",
        "妥否，请批示。",
    ]
    assert paper.attachment_lines == (
        "1. 参加联合建会单位情况表",
        "2. 筹备组成员名单",
        "3. 营业执照或者备案文件复印件",
    )
    assert (paper.signatory, paper.date_line, paper.number) == ("昌吉市快递行业联合工会筹备组", "2021年12月12日", "")
    units, group = paper.tables
    assert units.rows == (
        ("1", "快马网点", "KD65230100001", "9", "9", "马晓"),
        ("2", "飞驰网点", "91652301MC0000004T", "7", "6", "李强"),
    )
    assert group.rows == (
        ("1", "马晓", "快马网点", "快递员", "组长", "2018年起从事快递收派工作"),
        ("2", "李强", "飞驰网点", "站点组长", "成员", ""),
    )
    assert [label for label, _table in paper.attached_tables] == ["附件1", "附件2"]


def test_the_reply_to_it():
    paper = compose(K.GROUP_REPLY, joint())

    assert words_of(paper).splitlines() == [
        "关于同意成立昌吉市快递行业联合工会筹备组的批复",
        "昌吉市快递行业联合工会筹备组：",
        "你筹备组《关于成立昌吉市快递行业联合工会筹备组的请示》收悉。经研究，现批复如下：",
        "一、同意成立昌吉市快递行业联合工会筹备组，由马晓、李强等2名同志组成，马晓同志任组长。",
        f"二、请依照{LAWS}有关规定，做好发展会员、会员登记、推荐候选人等各项筹备工作。",
        "三、筹备工作就绪后，请将召开第一次会员大会的有关事项和候选人建议人选报我会审批。",
        "此复。",
    ]
    assert (paper.signatory, paper.number, paper.attachments) == ("昌吉市总工会", "昌市工复〔2021〕3号", ())


def test_the_request_for_the_meeting_and_the_candidates():
    paper = compose(K.MEETING_REQUEST, joint())

    assert words_of(paper).splitlines() == [
        "关于召开昌吉市快递行业联合工会第一次会员大会及第一届委员会候选人建议人选的请示",
        "昌吉市总工会：",
        (
            "按照你会批复要求，昌吉市快递行业联合工会筹备组认真做好各项筹备工作，已发展会员15人，其中女会员4人，"
            "召开第一次会员大会的条件已经具备。根据《中国工会章程》和《工会基层组织选举工作条例》有关规定，现将有关事项请示如下："
        ),
        "一、大会安排。拟于2021年12月10日在快递分拨中心会议室召开第一次会员大会，应到会15人。",
        (
            "二、大会议程。（一）报告工会筹备工作情况；（二）通过选举办法和监票人名单；"
            "（三）选举产生第一届委员会委员、第一届经费审查委员会委员。"
        ),
        "三、机构设置和任期。第一届委员会拟设委员3名，第一届经费审查委员会拟设委员1名，每届任期3年。",
        (
            "四、候选人建议人选。经民主推荐，提名委员候选人4名（应选3名，差额1名）、经费审查委员会委员候选人2名"
            "（应选1名，差额1名），名单见附件1。其中，拟提名马晓为主席候选人、李强为副主席候选人。"
            "候选人均不是单位行政主要负责人、法定代表人、合伙人，也不是其近亲属。"
        ),
        "五、公示情况。候选人建议人选名单自2021年12月1日起公示，公示时间不少于5个工作日。",
        "妥否，请批示。",
    ]
    assert paper.attachments == ("候选人建议人选名单", "选举办法（草案）")
    [candidates] = paper.tables
    assert candidates.header == ("序号", "姓名", "性别", "出生年月", "工作单位", "拟任职务", "与单位负责人关系")
    assert candidates.rows == (
        ("1", "马晓", "男", "1990.01", "快马网点", "委员、主席", "无"),
        ("2", "王芳", "女", "1992.05", "快马网点", "委员", "无"),
        ("3", "艾麦尔·图尔荪", "男", "1988.11", "飞驰网点", "委员", "无"),
        ("4", "李强", "男", "1985.03", "飞驰网点", "委员、副主席", "无"),
        ("5", "陈刚", "男", "1991.07", "飞驰网点", "经审委员", "无"),
        ("6", "周平", "", "", "飞驰网点", "经审委员", "无"),
    )


def test_the_reply_to_the_meeting_and_the_candidates():
    paper = compose(K.MEETING_REPLY, joint())

    assert words_of(paper).splitlines() == [
        "关于同意召开昌吉市快递行业联合工会第一次会员大会及第一届委员会候选人建议人选的批复",
        "昌吉市快递行业联合工会筹备组：",
        "你筹备组《关于召开昌吉市快递行业联合工会第一次会员大会及第一届委员会候选人建议人选的请示》收悉。经研究，现批复如下：",
        "一、同意于2021年12月10日召开昌吉市快递行业联合工会第一次会员大会。",
        "二、同意第一届委员会设委员3名，第一届经费审查委员会设委员1名，每届任期3年。",
        (
            "三、同意马晓、王芳、艾麦尔·图尔荪、李强等4名同志为第一届委员会委员候选人建议人选；"
            "陈刚、周平等2名同志为第一届经费审查委员会委员候选人建议人选；马晓为主席候选人建议人选；李强为副主席候选人建议人选。"
        ),
        (
            "四、大会采用无记名投票方式选举，不得委托他人代为投票。参加选举的人数达到应到会人数的三分之二以上，方可进行选举；"
            "候选人获得应到会人数过半数的赞成票，方可当选。"
        ),
        "五、请依照《工会基层组织选举工作条例》组织好大会选举，会后及时将选举结果报我会审批。",
        "此复。",
    ]
    assert (paper.signatory, paper.number, paper.tables) == ("昌吉市总工会", "昌市工复〔2021〕3号", ())


def test_the_report_of_the_result():
    paper = compose(K.RESULT_REPORT, joint())

    assert words_of(paper).splitlines() == [
        "关于昌吉市快递行业联合工会第一次会员大会选举结果的报告",
        "昌吉市总工会：",
        (
            "经你会批复同意，昌吉市快递行业联合工会于2021年12月10日在快递分拨中心会议室召开第一次会员大会。"
            "大会应到会15人，实到会13人，参加选举的人数达到应到会人数的三分之二以上。大会采用无记名投票方式进行选举，"
            "现将选举结果报告如下："
        ),
        (
            "一、第一届委员会委员选举结果。发出选票13张，收回选票13张，其中有效票12张、无效票1张。"
            "马晓（12票）、王芳（11票）、李强（10票）当选为第一届委员会委员。"
        ),
        (
            "二、第一届经费审查委员会委员选举结果。发出选票13张，收回选票12张，其中有效票12张、无效票0张。"
            "陈刚（9票）当选为第一届经费审查委员会委员。"
        ),
        (
            "三、负责人选举结果。第一届委员会第一次全体会议选举马晓为主席、李强为副主席、王芳为女职工委员；"
            "第一届经费审查委员会第一次全体会议选举陈刚为主任。"
        ),
        "四、任期。第一届委员会任期3年，自2021年12月10日起计算。",
        "特此报告，请予审批。",
    ]
    assert paper.attachments == ("选举结果统计表", "会员名册", "会议记录")
    [results] = paper.tables
    assert [(row[1], *row[4:]) for row in results.rows] == [
        ("马晓", "委员", "12", "当选，任主席"),
        ("王芳", "委员", "11", "当选，任女职工委员"),
        ("艾麦尔·图尔荪", "委员", "6", "未当选"),
        ("李强", "委员", "10", "当选，任副主席"),
        ("陈刚", "经审委员", "9", "当选，任主任"),
        ("周平", "经审委员", "3", "未当选"),
    ]


def test_the_reply_of_establishment():
    paper = compose(K.ESTABLISHMENT_REPLY, joint())

    assert words_of(paper).splitlines() == [
        "关于同意成立昌吉市快递行业联合工会委员会的批复",
        "昌吉市快递行业联合工会筹备组：",
        "你筹备组《关于昌吉市快递行业联合工会第一次会员大会选举结果的报告》收悉。经研究，现批复如下：",
        "一、同意成立昌吉市快递行业联合工会委员会，由快马网点、飞驰网点等2家单位的会员联合组成。",
        (
            "二、同意第一次会员大会选举结果。第一届委员会由马晓、王芳、李强等3名同志组成，马晓任主席，李强任副主席，"
            "王芳任女职工委员；第一届经费审查委员会由陈刚同志组成，陈刚任主任。"
        ),
        "三、第一届委员会任期3年，自2021年12月10日起计算。",
        "四、请及时做好会员实名登记、刻制印章、开立经费账户等工作，按照《基层工会法人登记管理办法》办理工会法人登记手续，依法开展工会工作。",
        "此复。",
    ]
    assert (paper.signatory, paper.number, paper.date_line) == ("昌吉市总工会", "昌市工复〔2021〕3号", "2021年12月12日")


def test_the_attendance_sheet():
    paper = compose(K.ATTENDANCE_SHEET, joint())

    assert paper.title == "昌吉市快递行业联合工会第一次会员大会签到表"
    assert paper.body == (
        "会议时间：2021年12月10日（北京时间）",
        "会议地点：快递分拨中心会议室",
        "应到会：15人　　实到会：13人",
    )
    assert paper.own_tables == (
        Table(
            "",
            ("序号", "姓名", "工作单位", "签名", "备注"),
            (("1", "马晓", "快马网点", "", ""), ("2", "王芳", "快马网点", "", "")),
        ),
    )
    assert (paper.addressee, paper.closing, paper.signatory, paper.dated_on) == ("", "", "", None)


def test_delegates_sign_where_delegates_meet_and_empty_rows_wait_where_nobody_is_named():
    paper = compose(K.ATTENDANCE_SHEET, joint(meeting=Meeting(kind=MeetingKind.DELEGATES), present=0))

    assert paper.title == "昌吉市快递行业联合工会第一次会员代表大会签到表"
    assert paper.body == ("会议时间：　　　　年　　月　　日（北京时间）", "应到会：15人　　实到会：　　　人")
    assert paper.tables[0].rows[14:] == (("15", "", "", "", ""),)
    assert len(compose(K.ATTENDANCE_SHEET, joint(roster=(), entitled=40)).tables[0].rows) == 40
    assert len(compose(K.ATTENDANCE_SHEET, bare("new_joint")).tables[0].rows) == 15


def test_the_ballot_says_how_to_mark_it_and_what_is_void():
    paper = compose(K.BALLOT, joint())

    assert paper.title == "昌吉市快递行业联合工会第一次会员大会选票"
    assert paper.body == ()
    committee, audit = paper.own_tables
    assert committee == Table(
        "第一届委员会委员选票",
        ("候选人", "意见", "另选他人"),
        (("马晓", "", ""), ("王芳", "", ""), ("艾麦尔·图尔荪", "", ""), ("李强", "", "")),
        (
            "填写说明：",
            "1. 同意的，在“意见”栏内画“○”；不同意的，画“×”；弃权的，不作任何符号。",
            "2. 不同意某候选人的，可以在同一行“另选他人”栏内写上另选人的姓名；同意或者弃权的，不得另选他人。",
            "3. 本次应选3名。所选人数（含另选他人）等于或者少于3名的选票有效，多于3名的选票无效。",
            "4. 选举采用无记名投票方式，由本人填写，不得委托他人代为投票。",
        ),
        apart=True,
    )
    assert audit.caption == "第一届经费审查委员会委员选票"
    assert compose(K.BALLOT, joint()).tables[1].caption == "第一届经费审查委员会委员选票"


def test_a_ballot_whose_seats_are_not_known_names_no_limit():
    [ballot] = compose(K.BALLOT, joint(contests=(replace(COMMITTEE, seats=0),))).tables

    assert [note[:2] for note in ballot.notes] == ["填写", "1.", "2.", "3."]
    assert ballot.notes[3] == "3. 选举采用无记名投票方式，由本人填写，不得委托他人代为投票。"


def test_the_roster():
    paper = compose(K.ROSTER, joint())

    assert (paper.title, paper.body) == ("昌吉市快递行业联合工会会员名册", ("共有会员15人，其中女会员4人。",))
    assert paper.tables[0].header == ("序号", "姓名", "性别", "工作单位", "入会日期")
    assert paper.tables[0].rows == (
        ("1", "马晓", "男", "快马网点", "2021年11月30日"),
        ("7", "王芳", "女", "快马网点", ""),
    )
    assert (paper.signatory, paper.date_line) == ("昌吉市快递行业联合工会筹备组", "2021年12月12日")
    assert compose(K.ROSTER, joint(members=0, women=0)).body == ("共有会员2人，其中女会员1人。",)
    assert compose(K.ROSTER, one_officer(roster=())).body == ("共有会员4人。",)
    assert compose(K.ROSTER, bare("own_committee")).body == ()


# --- the other ways ------------------------------------------------------------------------------------------------


def test_a_single_union_tells_of_its_unit():
    request, report = (compose(kind, single()) for kind in (K.GROUP_REQUEST, K.RESULT_REPORT))

    assert request.title == "关于成立顺达快递有限公司工会筹备组的请示"
    assert request.body[1] == (
        "一、单位基本情况。顺达快递有限公司主要从事快递收派，地处昌吉市，统一社会信用代码（备案号）为91652301MC0000004T，联系人为张三。"
    )
    assert request.body[3].endswith("希望依法建立工会组织，拟单独建立基层工会委员会。")
    assert request.attachments == ("筹备组成员名单", "营业执照或者备案文件复印件")
    assert report.body[3].startswith(
        "三、负责人选举结果。第一届委员会第一次全体会议选举马晓为主席、李强为副主席、王芳为女职工委员；"
    )
    assert compose(K.ESTABLISHMENT_REPLY, single()).body[1] == "一、同意成立顺达快递有限公司工会委员会。"


def test_build_8_who_looks_after_the_women_is_named_though_nobody_elected_her():
    few, many = (joint(womens_member="赵敏", women=women) for women in (9, 10))

    assert compose(K.RESULT_REPORT, few).body[3].endswith("；经协商，赵敏同志任女职工委员。")
    assert compose(K.RESULT_REPORT, many).body[3].endswith("；经协商，赵敏同志任女职工委员会主任。")
    assert "；赵敏同志任女职工委员。" in compose(K.ESTABLISHMENT_REPLY, few).body[2]


def test_one_organizer_needs_no_committee():
    papers = {kind: compose(kind, one_officer()) for kind in PaperKind}

    assert {kind: paper.title for kind, paper in papers.items() if PAPERS[kind].editable} == {
        K.GROUP_REQUEST: "关于成立四人网点工会筹备组的请示",
        K.GROUP_REPLY: "关于同意成立四人网点工会筹备组的批复",
        K.MEETING_REQUEST: "关于召开四人网点工会第一次会员大会及组织员候选人建议人选的请示",
        K.MEETING_REPLY: "关于同意召开四人网点工会第一次会员大会及组织员候选人建议人选的批复",
        K.RESULT_REPORT: "关于四人网点工会第一次会员大会选举结果的报告",
        K.ESTABLISHMENT_REPLY: "关于同意成立四人网点工会的批复",
    }
    assert papers[K.GROUP_REQUEST].body[3:] == (
        (
            "三、建会意愿和方式。经征求意见，从业人员自愿加入工会，希望依法建立工会组织。会员不足25人，拟选举组织员1人，"
            "组织会员开展活动，不设工会委员会。"
        ),
        "四、筹备组人选。筹备组拟由马晓同志负责（见附件1）。",
    )
    assert papers[K.MEETING_REQUEST].body[3:5] == (
        "三、职数和任期。拟设组织员1名，每届任期3年。",
        (
            "四、候选人建议人选。经民主推荐，提名组织员候选人1名（应选1名），名单见附件1。"
            "该候选人不是单位行政主要负责人、法定代表人、合伙人，也不是其近亲属。"
        ),
    )
    assert papers[K.MEETING_REPLY].body[3] == "三、同意马晓同志为组织员候选人建议人选。"
    assert papers[K.BALLOT].tables[0].caption == "组织员选票"
    assert papers[K.RESULT_REPORT].body[1:] == (
        "一、组织员选举结果。发出选票4张，收回选票4张，其中有效票4张、无效票0张。马晓（4票）当选为组织员。",
        "二、任期。组织员任期3年，自2021年12月10日起计算。",
    )
    assert papers[K.ESTABLISHMENT_REPLY].body[1:] == (
        "一、同意成立四人网点工会。",
        "二、同意第一次会员大会选举结果。马晓同志任组织员。",
        "三、组织员任期3年，自2021年12月10日起计算。",
        "四、请及时做好会员实名登记、刻制印章等工作，依法开展工会工作。",
    )


def test_a_re_election_is_asked_for_by_the_old_committee():
    papers = {kind: compose(kind, re_election()) for kind in PaperKind}
    committee = "昌吉市快递行业联合工会委员会"

    assert words_of(papers[K.GROUP_REQUEST]).splitlines() == [
        "关于昌吉市快递行业联合工会换届选举的请示",
        "昌吉市总工会：",
        f"昌吉市快递行业联合工会第一届委员会任期即将届满。根据{LAWS}有关规定，拟开展换届选举工作。现将有关事项请示如下：",
        "一、人员情况。现有从业人员16人，其中工会会员15人（女会员4人）。",
        "二、换届安排。拟召开第二次会员大会，选举产生第二届委员会、第二届经费审查委员会。",
        "妥否，请批示。",
    ]
    assert (papers[K.GROUP_REQUEST].attachments, papers[K.GROUP_REQUEST].signatory) == ((), committee)
    assert words_of(papers[K.GROUP_REPLY]).splitlines()[:5] == [
        "关于同意昌吉市快递行业联合工会开展换届选举的批复",
        f"{committee}：",
        "你会《关于昌吉市快递行业联合工会换届选举的请示》收悉。经研究，现批复如下：",
        "一、同意昌吉市快递行业联合工会开展换届选举。",
        f"二、请依照{LAWS}有关规定，做好会员登记、推荐候选人等各项筹备工作。",
    ]
    assert (
        papers[K.MEETING_REQUEST]
        .body[0]
        .startswith("昌吉市快递行业联合工会现有会员15人，其中女会员4人，拟召开第二次会员大会进行换届选举。")
    )
    assert (
        papers[K.MEETING_REQUEST].body[2].startswith("二、大会议程。（一）听取并审议工会工作报告和经费审查工作报告；")
    )
    assert words_of(papers[K.ESTABLISHMENT_REPLY]).splitlines()[0] == (
        "关于同意昌吉市快递行业联合工会第二届委员会选举结果的批复"
    )
    assert [line[:12] for line in papers[K.ESTABLISHMENT_REPLY].body[1:]] == [
        "一、同意第二次会员大会选",
        "二、第二届委员会任期3年",
        "三、请及时做好会员实名登",
    ]


# --- single facts --------------------------------------------------------------------------------------------------


def test_of_many_units_three_are_named():
    units = tuple(PaperUnit(name=f"{letter}网点") for letter in "甲乙丙丁戊己")

    assert "有甲网点、乙网点、丙网点等6家单位（" in compose(K.GROUP_REQUEST, joint(units=units, place="")).body[1]
    assert "甲网点、乙网点、丙网点、丁网点、戊网点等5家单位" in compose(K.GROUP_REQUEST, joint(units=units[:5])).body[1]


def test_a_relation_to_the_head_is_shown_and_not_denied():
    related = Contest(seats=3, candidates=(Candidate(name="甲", relation="配偶"), Candidate(name="乙")))
    paper = compose(K.MEETING_REQUEST, joint(contests=(related,)))

    assert [row[-1] for row in paper.tables[0].rows] == ["配偶", "无"]
    assert paper.body[4] == "四、候选人建议人选。经民主推荐，提名委员候选人2名（应选3名），名单见附件1。"


def test_the_quorum_is_only_said_to_be_there_when_it_is():
    def opening(present):
        return compose(K.RESULT_REPORT, joint(entitled=15, present=present)).body[0]

    assert "实到会10人，参加选举的人数达到应到会人数的三分之二以上。" in opening(10)
    assert "大会应到会15人，实到会9人。大会采用" in opening(9)
    assert "大会应到会15人。大会采用" in opening(0)
    assert "大会实到会9人。大会采用" in compose(K.RESULT_REPORT, joint(entitled=0, present=9)).body[0]


def test_a_re_election_of_one_officer_names_no_committee():
    facts = one_officer(way="re_election", session=2, union_name="四人网点工会委员会")
    request, report, answer = (
        compose(kind, facts) for kind in (K.MEETING_REQUEST, K.RESULT_REPORT, K.ESTABLISHMENT_REPLY)
    )

    assert answer.title == "关于同意四人网点工会组织员选举结果的批复"
    assert request.title == "关于召开四人网点工会第二次会员大会及组织员候选人建议人选的请示"
    assert answer.body[-1] == "三、请及时做好会员实名登记工作，依法开展工会工作。"
    assert not [line for paper in (request, report, answer) for line in paper.body if "第二届" in line]
    assert "组织员任期3年" in answer.body[2]


def test_a_reply_names_the_paper_it_answers_by_its_edited_title():
    paper = compose(K.GROUP_REPLY, joint(answers="关于建会的请示"))

    assert paper.body[0] == "你筹备组《关于建会的请示》收悉。经研究，现批复如下："


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"workers": 4}, "二、人员情况。现有从业人员4人。"),
        ({"members": 4}, "二、人员情况。现有工会会员4人。"),
        ({"members": 4, "women": 1}, "二、人员情况。现有工会会员4人（女会员1人）。"),
        ({"workers": 9, "members": 4}, "二、人员情况。现有从业人员9人，其中工会会员4人。"),
    ],
)
def test_counts_that_are_known_are_told(told, sentence):
    facts = joint(workers=0, members=0, women=0)

    assert compose(K.GROUP_REQUEST, replace(facts, **told)).body[2] == sentence


@pytest.mark.parametrize(
    ("years", "day", "told"),
    [
        (3, None, ("任期。第一届委员会任期3年。",)),
        (None, date(2021, 12, 10), ("任期。第一届委员会任期自2021年12月10日起计算。",)),
        (None, None, ()),
    ],
)
def test_the_term_tells_what_is_known(years, day, told):
    body = compose(K.RESULT_REPORT, joint(meeting=Meeting(term_years=years, day=day))).body

    assert tuple(line[2:] for line in body if line[2:].startswith("任期")) == told


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("顺达快递有限公司工会委员会", "顺达快递有限公司工会"),
        ("昌吉市道路货运行业工会联合会委员会", "昌吉市道路货运行业工会联合会"),
        ("四人网点工会", "四人网点工会"),
        ("某某社区居民委员会", "某某社区居民委员会工会"),
    ],
)
def test_the_group_is_named_after_the_union(name, short):
    assert PaperFacts(union_name=name, upper_union="").issuer == f"{short}筹备组"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "一"),
        (9, "九"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (45, "四十五"),
        (99, "九十九"),
        (100, "100"),
        (0, "0"),
    ],
)
def test_numbers_are_written_in_chinese(number, written):
    assert chinese_number(number) == written


def test_day_and_place_are_told_as_far_as_they_are_known():
    assert day_and_place(Meeting(place="会议室")) == "在会议室"
    assert day_and_place(Meeting()) == ""
    assert (chinese_date(date(2021, 1, 9)), chinese_date(None)) == ("2021年1月9日", "")


# --- no gaps -------------------------------------------------------------------------------------------------------

GAP = re.compile(
    r"[、，；：。（][、，；：。]|[、，；]。|（）|《》|[、，；：]$|None|[^年日]自起|^[、，；。]|现有，|0人|0名"
)


def texts_of(paper):
    tables = [text for table in paper.tables for text in (table.caption, *table.header, *table.notes)]
    return [paper.title, paper.addressee, *paper.body, paper.closing, *paper.attachments, paper.signatory, *tables]


@pytest.mark.parametrize("kind", PaperKind)
@pytest.mark.parametrize("facts", EVERYBODY, ids=lambda facts: f"{facts.way}-{facts.members}")
def test_no_paper_has_a_gap(kind, facts):
    paper = compose(kind, facts)

    found = [text for text in texts_of(paper) if GAP.search(text.removesuffix("："))]
    assert found == []
    assert paper.title
    assert not paper.editable or all((paper.addressee, paper.body, paper.closing, paper.signatory))


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "place": st.just(""),
            "units": st.just(()),
            "group": st.just(()),
            "workers": st.just(0),
            "members": st.just(0),
            "women": st.just(0),
            "meeting": st.builds(
                Meeting,
                kind=st.sampled_from([None, *MeetingKind]),
                day=st.sampled_from([None, date(2021, 12, 10)]),
                place=st.sampled_from(["", "会议室"]),
                notice_from=st.sampled_from([None, date(2021, 12, 1)]),
                term_years=st.sampled_from([None, 5]),
            ),
            "contests": st.lists(
                st.sampled_from([Contest(), AUDIT, replace(COMMITTEE, votes=()), voted(AUDIT, 9, 9)]),
                max_size=3,
            ).map(tuple),
            "entitled": st.just(0),
            "present": st.just(0),
            "roster": st.just(()),
            "way": st.sampled_from(WAYS),
        },
    ),
    st.sampled_from(PaperKind),
)
def test_whatever_is_missing_leaves_no_gap(missing, kind):
    paper = compose(kind, joint(**missing))

    assert [text for text in texts_of(paper) if re.search(r"、、|；；|，，|。。|，。|、。|；。|（）|None", text)] == []
    assert with_words(paper, words_of(paper)) == paper or not paper.editable
    assert from_dict(json.loads(json.dumps(as_dict(paper)))) == paper


def test_nothing_of_ethnicity_or_political_status_is_ever_written():
    written = "".join(text for facts in EVERYBODY for kind in PaperKind for text in texts_of(compose(kind, facts)))

    assert [word for word in ("民族", "政治面貌", "党员", "身份证", "电话") if word in written] == []


# --- words to edit, and the frozen form ----------------------------------------------------------------------------

LETTER = compose(K.GROUP_REPLY, joint())


@pytest.mark.parametrize("facts", EVERYBODY, ids=lambda facts: f"{facts.way}-{facts.members}")
@pytest.mark.parametrize("kind", [kind for kind in PaperKind if PAPERS[kind].editable])
def test_words_that_nobody_changed_give_the_same_paper(kind, facts):
    paper = compose(kind, facts)

    assert with_words(paper, words_of(paper)) == paper
    assert with_words(paper, words_of(paper).replace("\n", "\r\n\r\n　　")) == paper


def test_edited_words_take_their_places():
    edited = with_words(LETTER, "标题\n某某：\n第一段\n\n　　第二段\t完\x07\n此复。")

    assert (edited.title, edited.addressee, edited.body, edited.closing) == (
        "标题",
        "某某",
        ("第一段", "第二段 完"),
        "此复。",
    )
    assert (edited.number, edited.signatory, edited.kind) == (LETTER.number, LETTER.signatory, LETTER.kind)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("标题", ("标题", "", (), "")),
        ("标题\n某某:", ("标题", "某某", (), "")),
        ("标题\n完", ("标题", "", (), "完")),
        ("标题\n：\n完", ("标题", "", ("：",), "完")),
        ("标题\n甲\n乙\n完", ("标题", "", ("甲", "乙"), "完")),
    ],
)
def test_words_with_few_lines_lose_none(text, parts):
    edited = with_words(LETTER, text)

    assert (edited.title, edited.addressee, edited.body, edited.closing) == parts


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "\x00\n\u202e"])
def test_no_words_leave_the_paper_as_composed(text):
    assert with_words(LETTER, text) == LETTER


@given(st.text())
def test_what_somebody_typed_comes_back_and_nothing_is_lost(text):
    once = words_of(with_words(LETTER, text))
    typed = [line for line in map(one_line, text.splitlines()) if line]

    assert words_of(with_words(LETTER, once)) == once
    if typed:
        told = once.splitlines()
        assert [line.replace(":", "：") for line in told] == [line.replace(":", "：") for line in typed]


@given(st.text())
def test_one_line_is_one_line_that_a_file_can_hold(text):
    line = one_line(text)

    assert line.splitlines() in ([], [line])
    assert one_line(line) == line
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ud800-\udfff\ufeff\ufffe\uffff]", line)


def test_a_name_with_a_break_in_it_cannot_break_a_paper():
    paper = compose(K.GROUP_REPLY, joint(union_name="快马\n网点工会委员会", upper_union="昌吉市\x00总工会"))

    assert paper.title == "关于同意成立快马 网点工会筹备组的批复"
    assert paper.signatory == "昌吉市总工会"
    assert cleaned(paper) == paper


TEXT = st.text(max_size=8)
TABLES = st.builds(
    Table,
    caption=TEXT,
    header=st.tuples(TEXT),
    rows=st.lists(st.tuples(TEXT), max_size=2).map(tuple),
    notes=st.lists(TEXT, max_size=2).map(tuple),
    apart=st.booleans(),
)


@given(
    st.builds(
        Paper,
        kind=st.sampled_from(PaperKind),
        title=TEXT,
        number=TEXT,
        addressee=TEXT,
        body=st.lists(TEXT, max_size=3).map(tuple),
        tables=st.lists(TABLES, max_size=2).map(tuple),
        attachments=st.lists(TEXT, max_size=2).map(tuple),
        closing=TEXT,
        signatory=TEXT,
        dated_on=st.none() | st.dates(),
    )
)
def test_a_frozen_paper_comes_back_exactly(paper):
    assert from_dict(json.loads(json.dumps(as_dict(paper)))) == paper


def test_one_attachment_has_no_number():
    table = Table("名单", ("姓名",), ())
    paper = replace(LETTER, attachments=("名单",), tables=(table,))

    assert paper.attachment_lines == ("名单",)
    assert paper.attached_tables == (("附件", table),)
    assert paper.own_tables == ()


# --- titles in lines -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("", [""]),
        ("昌吉市快递行业联合工会第一次会员大会选票", ["昌吉市快递行业联合工会第一次会员大会选票"]),
        ("关于成立昌吉市快递行业联合工会筹备组的请示", ["关于成立昌吉市快递行业", "联合工会筹备组的请示"]),
        (
            "关于召开昌吉市快递行业联合工会第一次会员大会及第一届委员会候选人建议人选的请示",
            ["关于召开昌吉市快递行业联合工会", "第一次会员大会及第一届委员会", "候选人建议人选的请示"],
        ),
        (
            "木垒哈萨克自治县木垒镇道路货物运输有限责任公司工会会员名册",
            ["木垒哈萨克自治县木垒镇道路", "货物运输有限责任公司工会会员名册"],
        ),
        ("甲" * 21, ["甲" * 10, "甲" * 11]),
        ("选人" * 21, ["选人" * 7, "选人" * 7, "选人" * 7]),
    ],
)
def test_a_title_is_broken_between_words_into_even_lines(title, lines):
    assert title_lines(title) == replace(LETTER, title=title).title_lines == lines


@given(st.text(alphabet="会员大工委联合公司甲乙", max_size=90))
def test_a_title_in_lines_is_the_same_title(title):
    assert "".join(title_lines(title)) == title
