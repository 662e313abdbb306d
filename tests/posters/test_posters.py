"""The sheet to hang up, its code as a picture, and the counts of what was begun from it."""

import re
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from enrollment.rules.applications import Step
from tests import make
from tests.cast import NEXT_COUNTY, PREFECTURE, Cast, sign_in
from tests.conftest import counted

APPROVED = (Step.SUBMITTED, Step.APPROVED)


def _text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def _lines(client: FlaskClient, path: str) -> list[str]:
    """The texts of the sheet, in order."""
    return re.findall(r'<p class="poster__line[^>]*>([^<]*)</p>', _text(client, path))


def test_a_unions_poster_says_it_all_in_chinese_on_an_english_page(client: FlaskClient, cast: Cast) -> None:
    code = cast.shunda_union.code

    text = _text(sign_in(client), f"/posters/u/{code}?lang=en")

    assert _lines(client, f"/posters/u/{code}") == [
        "快递员 · 货车司机 · 外卖骑手 · 网约车司机",
        "货车是自己的，能入会吗？", "能！",
        "网点只有4个人，能建工会吗？", "能！",
        "扫一扫，三步申请加入工会",
        "欢迎加入", "顺达快递有限公司工会委员会", "昌吉市 宁边路街道",
        f"localhost/u/{code}",
        "1", "扫码", "2", "回答几个问题", "3", "提交申请",
        "没有劳动合同也能申请 · 你填的内容，单位看不到",
        "咨询电话 0994-12351",
    ]  # fmt: skip
    assert 'lang="zh-Hans-CN"' in text
    assert f'href="http://localhost/u/{code}">http://localhost/u/{code}</a>' in text
    for button in ("Print", "Save as a picture", "Copy the link"):
        assert f">{button}</button>" in text


@pytest.mark.usefixtures("cast")
def test_an_events_poster_tells_day_and_place(client: FlaskClient, session: Session) -> None:
    event = make.event(session, held_on=date(2021, 12, 3))

    lines = _lines(sign_in(client), f"/posters/m/{event.code}")

    assert lines[6:9] == [
        "欢迎参加活动，扫码申请入会",
        "集中入会仪式",
        "2021年12月3日 昌吉市 延安北路街道 快递分拨中心",
    ]


def test_posters_of_an_employer_and_of_a_visit_name_their_place(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    visit = make.visit(session)
    sign_in(client)

    assert _lines(client, f"/posters/e/{cast.small_a.code}")[6:9] == [
        "在这里工作的你，可以加入工会", "快马网点", "昌吉市 延安北路街道",
    ]  # fmt: skip
    assert _lines(client, f"/posters/v/{visit.code}")[6:9] == ["工会就在你身边", "物流园", "昌吉市 宁边路街道"]


def test_a_code_shared_by_an_event_and_a_union_is_told_apart(client: FlaskClient, session: Session, cast: Cast) -> None:
    make.event(session, code=cast.joint_union.code)

    lines = _lines(sign_in(client), f"/posters/u/{cast.joint_union.code}")

    assert lines[7:9] == [cast.joint_union.name, "昌吉市 宁边路街道"]


def test_the_longest_names_are_set_smaller(client: FlaskClient, session: Session, cast: Cast) -> None:
    sizes = {}
    for length in (21, 53, 120):
        event = make.event(session, name="长" * length, place="远" * length)
        found = re.findall(r'data-size="(\d+)"', _text(sign_in(client), f"/posters/m/{event.code}"))
        sizes[length] = found[7:9]

    assert sizes == {21: ["52", "22"], 53: ["40", "22"], 120: ["27", "16"]}


def test_the_sheet_has_the_proportions_of_a4_and_loads_its_own_files(client: FlaskClient, cast: Cast) -> None:
    text = _text(sign_in(client), f"/posters/u/{cast.joint_union.code}")

    assert 'data-width="1240" data-height="1754"' in text
    assert "/static/poster.css?v=" in text
    assert "/static/picture.js?v=" in text
    assert "poster.css" not in _text(client, "/events")


def test_the_code_comes_as_a_large_picture(client: FlaskClient, cast: Cast) -> None:
    answer = sign_in(client).get(f"/posters/u/{cast.joint_union.code}/qr.png")

    body = answer.get_data()
    width, height = int.from_bytes(body[16:20]), int.from_bytes(body[20:24])
    assert (answer.mimetype, body[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert width == height
    assert 600 <= width < 700


def test_posters_are_for_cadres_of_the_place(client: FlaskClient, session: Session, cast: Cast) -> None:
    event, visit = make.event(session), make.visit(session)
    paths = [
        f"/posters/{path}{picture}"
        for path in (f"u/{cast.joint_union.code}", f"e/{cast.shunda.code}", f"m/{event.code}", f"v/{visit.code}")
        for picture in ("", "/qr.png")
    ]

    assert {client.get(path).headers["Location"].split("?")[0] for path in paths} == {"/signin"}
    assert {sign_in(client).get(path).status_code for path in paths} == {200}
    assert {sign_in(client, PREFECTURE).get(path).status_code for path in paths} == {200}
    assert {sign_in(client, NEXT_COUNTY).get(path).status_code for path in paths} == {404}


@pytest.mark.parametrize("path", ["u/NONE", "x/NONE", "m/NONE"])
@pytest.mark.usefixtures("cast")
def test_a_poster_of_nothing_is_not_there(client: FlaskClient, path: str) -> None:
    sign_in(client)

    assert client.get(f"/posters/{path}").status_code == 404
    assert client.get(f"/posters/{path}/qr.png").status_code == 404


def test_a_dissolved_union_has_no_poster_and_none_is_offered(client: FlaskClient, session: Session, cast: Cast) -> None:
    gone = make.union(session, dissolved_on=date(2021, 1, 1))

    assert sign_in(client).get(f"/posters/u/{gone.code}").status_code == 404
    assert "/posters/" not in _text(client, f"/unions/{gone.code}")
    assert f'href="/posters/u/{cast.joint_union.code}"' in _text(client, f"/unions/{cast.joint_union.code}")


def test_each_page_counts_what_was_begun_from_its_own_poster(client: FlaskClient, session: Session, cast: Cast) -> None:
    visit, event = make.visit(session), make.event(session)
    for number, column in enumerate(("poster_union_id", "poster_employer_id", "visit_id", "event_id")):
        row = (cast.shunda_union, cast.shunda, visit, event)[number]
        for _ in range(number):
            make.join_application(session, application={column: row.id})
        make.join_application(session, steps=APPROVED, application={column: row.id})
    sign_in(client)

    for path, started in ((f"/unions/{cast.shunda_union.code}", 1), (f"/employers/{cast.shunda.code}", 2)):
        text = _text(client, path)
        assert f"Applications begun from this poster: {started} started, 1 approved." in text
    for path, letter, code, started in (("visits", "v", visit.code, 3), ("events", "m", event.code, 4)):
        text = _text(client, f"/{path}/{code}")
        assert f'Applications started</p> <p class="figure__number">{started}</p>' in text
        assert 'Applications approved</p> <p class="figure__number">1</p>' in text
        assert f'href="/posters/{letter}/{code}"' in text
    assert "0 started, 0 approved." in _text(client, f"/employers/{cast.small_a.code}")


def test_pages_that_count_cost_the_same_for_one_and_for_thirty(
    client: FlaskClient, session: Session, cast: Cast, statements: list[str]
) -> None:
    union = cast.shunda_union.code
    paths = (f"/unions/{union}", f"/posters/u/{union}", f"/employers/{cast.shunda.code}", "/events")
    event = make.event(session)
    sign_in(client)
    with counted(statements) as few:
        for path in paths:
            client.get(path)

    for _ in range(30):
        make.event(session)
        for column, row in (("poster_union_id", cast.shunda_union), ("event_id", event)):
            make.join_application(session, application={column: row.id})
    with counted(statements) as many:
        for path in paths:
            client.get(path)

    assert len(few) == len(many)
