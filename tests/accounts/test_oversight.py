"""The table of rights for everybody, and the audit for those who audit."""

import re

import pytest

from enrollment.rules.access import Act
from enrollment.settings import ROOT
from enrollment.storage.audit import PLAIN, AuditEntry
from enrollment.web.words_of_audit import FIELDS, NOTES, change_words, note_words
from tests import make
from tests.accounts.test_accounts import browser, everybody  # noqa: F401
from tests.cast import CITY, NEXT_COUNTY, PREFECTURE
from tests.signin.conftest import NOW


def rows_of(page):
    return [row.split("</tr>")[0] for row in page.split("<tr>")[2:]]


@pytest.mark.parametrize("login", [None, CITY])
def test_everybody_reads_who_may_do_what(client, app, everybody, login):  # noqa: F811
    reader = browser(app, login) if login else client
    page = reader.get("/rights").get_data(as_text=True)

    assert len(rows_of(page)) == len(Act)
    [line] = [row for row in rows_of(page) if "Decide applications" in row]
    cells = [cell.split(">")[-1].strip() for cell in line.replace("\n", "").split("</td>")[:-1]]
    assert cells[1:] == ["everywhere", "own place", "own", "–", "–", "–", "–"]


def test_the_audit_shows_who_did_what_newest_first(app, everybody):  # noqa: F811
    auditor = browser(app, "auditor")
    page = auditor.get("/audit").get_data(as_text=True)

    assert "Sign in" in rows_of(page)[0]
    assert "审计员" in rows_of(page)[0]


def test_of_a_county_the_audit_shows_what_its_own_accounts_did(app, everybody):  # noqa: F811
    fukang, city, prefecture = (browser(app, login) for login in (NEXT_COUNTY, CITY, PREFECTURE))

    assert [len(rows_of(client.get("/audit").get_data(as_text=True))) for client in (fukang, city, prefecture)] == [
        1,
        1,
        3,
    ]
    assert "张干部" not in rows_of(fukang.get("/audit").get_data(as_text=True))[0]


def test_the_audit_is_paged(app, everybody, monkeypatch):  # noqa: F811
    monkeypatch.setattr("enrollment.accounts.queries.AUDIT_PAGE", 1)
    prefecture = browser(app, PREFECTURE)
    browser(app, PREFECTURE)
    first = prefecture.get("/audit").get_data(as_text=True)
    older = first.split('rel="next" href="/audit?before=')[1].split('"')[0]
    second = prefecture.get(f"/audit?before={older}").get_data(as_text=True)

    assert [len(rows_of(page)) for page in (first, second)] == [1, 1]
    assert rows_of(first) != rows_of(second)
    assert "pager__link" not in second


# --- in words -----------------------------------------------------------------------------------------------------


def line(session, act, subject="", note="", **told):
    session.add(AuditEntry(at=NOW, actor=told.pop("actor", "system"), act=act, subject=subject, note=note, **told))
    session.commit()


def cells(row):
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in row.split("</td>")[:-1]]


def lines(client, query=""):
    return [cells(row)[2:] for row in rows_of(client.get(f"/audit{query}").get_data(as_text=True))]


def test_in_chinese_no_code_is_left_in_a_line(app, session, everybody):  # noqa: F811
    auditor = browser(app, "auditor")
    state, account = "2 × state: submitted; county_code: 652301", "role: –; active: False; ended_cause: moved_away"
    line(session, "send_messages", "application_received", "claimed")
    line(session, "send_messages", "phone_code", "answer lost")
    line(session, "confirm_phone", "tail", "code_wrong", actor="visitor")
    line(session, "change_office_account", "fukang.li", "county_cadre", actor="command line", before=account)
    line(session, "change_own_account", "fukang.li", "second factor dropped", actor="王干部")
    line(session, "decide_application", "211130-00001", "approved", actor="王干部", before=state, after=state)
    line(session, "end_union", "U1", "by_vote U2 4 moved fukang.li ended", actor="王干部")

    change = "2 × 状态：已提交，待审核；县（市）：昌吉市"
    assert lines(auditor, "?lang=zh")[:7] == [
        ["王干部", "合并、撤销工会", "U1", "会员（代表）大会通过，上级工会批准 U2 转移4人 账号fukang.li停用", "", ""],
        ["王干部", "审批入会申请", "211130-00001", "已批准", change, change],
        ["王干部", "修改自己的密码和二次验证", "fukang.li", "取消二次验证", "", ""],
        [
            "服务器命令行", "邀请、停用干部、审计员、系统管理员", "fukang.li", "县级工会干部",
            "角色：–；账号：已停用；终止原因：单位迁出", "",
        ],
        ["访客", "验证自己的手机号", "核对身份证号后几位", "验证码不对，请照最新一条短信核对。", "", ""],
        ["系统", "发送短信（系统自动）", "手机验证码", "短信服务商没有回音，可能已经送达", "", ""],
        ["系统", "发送短信（系统自动）", "收到申请", "取出待发", "", ""],
    ]  # fmt: skip


def test_the_lines_are_chosen_by_what_was_done(app, session, everybody, monkeypatch):  # noqa: F811
    monkeypatch.setattr("enrollment.accounts.queries.AUDIT_PAGE", 1)
    auditor = browser(app, "auditor")
    line(session, "send_messages", "application_received", "sent")
    for number in (1, 2):
        line(session, "log_visit", f"V{number}", actor="王干部")
    line(session, "confirm_phone", "join", "sent")

    assert [row[1:3] for row in lines(auditor)] == [["Confirm the own phone", "To join"]]
    assert [row[2] for row in lines(auditor, "?act=without_messages")] == ["V2"]
    page = auditor.get("/audit?act=log_visit").get_data(as_text=True)
    assert '<option selected value="log_visit">' in page
    older = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert [row[2] for row in lines(auditor, older.removeprefix("/audit"))] == ["V1"]
    assert lines(auditor, "?act=nothing_of_the_kind") == []


def test_of_a_county_visitors_acts_in_its_applications_are_shown(app, session, everybody):  # noqa: F811
    own = make.join_application(session)
    far = make.join_application(session, application={"county_code": "652302"})
    fukang, city = browser(app, NEXT_COUNTY), browser(app, CITY)
    for case in (own, far):
        line(session, "apply", case.number, actor="visitor")
    line(session, "decide_application", own.number, "approved", actor="王干部", account_id=everybody[NEXT_COUNTY].id)

    assert [row[2] for row in lines(city, "?act=apply")] == [own.number]
    assert [row[2] for row in lines(fukang, "?act=apply")] == [far.number]
    assert [lines(client, "?act=decide_application") for client in (city, fukang)] == [
        [],
        [["王干部", "Decide applications", own.number, "Approved", "", ""]],
    ]


@pytest.mark.parametrize(
    ("act", "note", "words"),
    [
        (Act.LOAD_DEMO, "as of 2021-11-30", "As of 2021-11-30"),
        (Act.CHANGE_PAIRING, "contact phone", "Contact: Telephone"),
        (Act.CHANGE_PAIRING, "replaced fukang.li", "Another guide named: fukang.li"),
        (Act.CHANGE_PAIRING, "3 handed over by fukang.li", "3 handed over by fukang.li"),
        (Act.CHANGE_PAIRING, "not_needed", "No longer needed"),
        (Act.DROP_DATA, "12 dropped", "12 dropped"),
        (Act.DROP_DATA, "ended: 12", "Ended, 12 dropped"),
        (Act.ROTATE_KEYS, "9 values", "9 values encrypted anew"),
        (Act.DECIDE_FOUNDING, "term 2", "Term 2"),
        (Act.DECIDE_FOUNDING, "certificate 2021-01-01//", "Certificate; before: 2021-01-01//"),
        (Act.DECIDE_FOUNDING, "group_approved", "Preparatory group approved"),
        (Act.DELEGATE, "ended", "Ended before its last day"),
        (Act.DELEGATE, "2021-12-01 – 2021-12-03", "2021-12-01 – 2021-12-03"),
        (Act.CHANGE_SENTENCES, "refused", "For not accepting"),
        (Act.CHANGE_COVERAGE, "E1 joins 1 moved", "E1 joins 1 moved"),
        (Act.CHANGE_COVERAGE, "E1 by_own_wish 1 moved", "E1 Leaves of its own wish 1 moved"),
        (Act.SEE_FULL_NUMBER, "sent", "sent"),  # somebody's own words
        (Act.SEND_MESSAGES, "", ""),
    ],
)
def test_a_note_is_put_in_words_and_what_somebody_wrote_stays(context, act, note, words):
    assert note_words(act, note) == words


def test_a_value_cut_off_stays_as_it_is(context):
    assert change_words("state: submitted; count") == "State: With the county union; count"
    assert change_words("height: 3") == "height: 3"
    assert change_words(None) == ""


def test_every_column_a_line_shows_has_a_word():
    assert set(FIELDS) == {column for columns in PLAIN.values() for column in columns}


def test_every_word_an_action_notes_has_a_word_for_people():
    said = re.compile(r'work\.note = .*(?<!f)"([a-z][a-z ]+)"$', re.MULTILINE)
    sources = (path.read_text() for path in (ROOT / "enrollment").rglob("*.py"))
    noted = {word for source in sources for word in said.findall(source)}

    assert {"sent again", "claimed", "ended", "second factor dropped", "new link"} <= noted
    assert noted - set(NOTES) == set()
