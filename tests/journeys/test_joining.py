"""Eight workers on their way from the first page to the receipt, on a phone; and what a bad phone asks of the way."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import browser, make
from tests.browser import PHONE, violations
from tests.journeys.test_ways import no_sideways, says, tap

pytestmark = pytest.mark.journey


def taps(page: Page, *words: str) -> None:
    """One answer after the other, by what it says."""
    for text in words:
        page.locator(".big-choice", has_text=text).first.click()


def join_here(page: Page, union: str) -> None:
    """The button of the union with this name."""
    page.locator(".card", has_text=union).locator("a.weui-btn").first.click()


def fill_in(page: Page, born: str, area: str = "652301", *, plate: str = "", phone: str = "13812345678") -> None:
    """The form, sent without a code."""
    page.fill("#name", "阿卜杜拉•买买提")
    page.fill("#identity", make.identity_number(make.date.fromisoformat(born), area))
    if plate:
        page.fill("#plate", plate)
    page.fill("#phone", phone)
    page.locator("label[for=identity_consent]").click()


def send_without_code(page: Page) -> None:
    page.locator("summary", has_text="收不到短信").click()
    page.get_by_role("button", name="不用验证码，直接提交").click()
    page.wait_for_url("**/status/*")
    says(page, "还差一步")


def receipt(page: Page) -> None:
    """The end of every way: a number, who has it, by when."""
    says(page, "待审核")
    assert re.search(r"\d{6}-[0-9A-Z]{5}", page.inner_text("#main"))
    says(page, "本地办理时限")
    no_sideways(page)


def test_the_courier_of_a_depot_of_four_without_a_union(opens):
    page = opens("/")

    tap(page, "我能入会吗")
    taps(page, "快递员", "公司按月发工资", "签了")
    says(page, "可以入会")
    tap(page, "看看具体是哪些工会")
    taps(page, "昌吉市", "延安北路街道", "和干活的地方一样")
    page.fill("#company", "延安北路四人网点")
    page.get_by_role("button", name="继续").click()
    taps(page, "不收，或没有工会")
    says(page, "延安北路街道")
    join_here(page, "总工会先接收")
    fill_in(page, "2007-03-01")
    send_without_code(page)

    receipt(page)
    says(page, "延安北路四人网点")


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_the_owner_driver_of_mulei_who_works_in_zhundong_confirms_by_code(opens, javascript):
    page = opens("/", javascript=javascript)

    tap(page, "车是我自己的")
    says(page, "可以入会")
    says(page, "第三条第二款")
    tap(page, "看看具体是哪些工会")
    taps(page, "不雇人", "准东经济技术开发区", "准东经济技术开发区其他地方", "木垒哈萨克自治县", "木垒镇")
    tap(page, "不知道，或者没有")
    for union in ("道路货运行业", "准东经济技术开发区工会", "木垒镇"):
        says(page, union)
    join_here(page, "道路货运行业")
    fill_in(page, f"2007-03-0{2 + javascript}", "652328", plate="新B·12345", phone=f"1381234560{javascript:d}")
    page.get_by_role("button", name="发送验证码").click()
    code = re.search(r"验证码是(\d{6})", page.locator("[role=status]").inner_text())
    assert code
    expect(page.locator("#name")).to_have_value("阿卜杜拉•买买提")
    page.fill("#code", code[1])
    page.get_by_role("button", name="提交申请").last.click()
    page.wait_for_url("**/status/*")

    receipt(page)
    says(page, "阿卜杜拉·买买提")
    says(page, "道路货运行业")


def test_the_hired_driver_of_an_affiliated_truck(opens):
    page = opens("/join")

    taps(page, "货车司机", "车主，我替他开车", "公司的名字")
    says(page, "可以入会")
    tap(page, "看看具体是哪些工会")
    taps(page, "奇台县", "奇台镇", "和干活的地方一样")
    page.fill("#company", "奇台某某运输公司")
    page.get_by_role("button", name="继续").click()
    taps(page, "说不清")
    join_here(page, "总工会先接收")
    fill_in(page, "2007-03-04", "652325")
    send_without_code(page)

    receipt(page)


def test_the_dispatched_worker(opens):
    page = opens("/join")

    taps(page, "快递员", "公司按月发工资", "和劳务公司签的")
    tap(page, "看看具体是哪些工会")
    taps(page, "昌吉市", "宁边路街道", "和干活的地方一样")
    page.fill("#company", "某某劳务派遣公司")
    page.get_by_role("button", name="继续").click()
    taps(page, "收")
    says(page, "派遣公司有工会")
    join_here(page, "单位的工会")
    fill_in(page, "2007-03-05")
    send_without_code(page)

    receipt(page)


def test_the_food_rider_on_two_platforms(opens):
    page = opens("/join")

    taps(page, "外卖骑手", "好几家")
    says(page, "只能加入一个工会")
    tap(page, "看看具体是哪些工会")
    taps(page, "昌吉市", "中山路街道", "昌吉市", "建国路街道")
    tap(page, "不知道，或者没有")
    says(page, "中山路街道")
    says(page, "建国路街道")
    join_here(page, "总工会先接收")
    fill_in(page, "2007-03-06")
    send_without_code(page)

    receipt(page)


def test_the_retired_who_works_again(opens):
    page = opens("/join")

    taps(page, "快递员", "公司按月发工资", "已退休")
    says(page, "会籍还保留在原工会")
    tap(page, "提交给当地总工会")
    fill_in(page, "1960-03-07")
    send_without_code(page)

    receipt(page)


def test_the_owner_who_employs_two(opens):
    page = opens("/join")

    taps(page, "货车司机", "车是我自己的", "公司的名字", "雇2个人")
    says(page, "系统不会直接拒绝你")
    tap(page, "提交给当地总工会")
    fill_in(page, "2007-03-08")
    send_without_code(page)

    receipt(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_the_address_of_the_corps(opens, javascript):
    page = opens("/join", javascript=javascript)

    taps(page, "货车司机", "货运平台")
    tap(page, "看看具体是哪些工会")
    taps(page, "呼图壁县", "芳草湖总场")
    says(page, "兵团")
    page.get_by_role("button", name="领取转介单").click()
    page.wait_for_url("**/join/referral/*")

    says(page, "拿着这一页")
    says(page, "芳草湖总场")
    no_sideways(page)


def test_an_organizer_fills_in_for_a_colleague_who_signs(opens):
    page = opens("/join?colleague=y")

    taps(page, "外卖骑手", "平台按单结算")
    tap(page, "先不填地点，继续申请")
    says(page, "替工友填写")
    page.fill("#name", "马晓")
    page.fill("#identity", make.identity_number(make.date(2007, 4, 2)))
    page.fill("#filled_by_name", "王组织")
    page.locator("label", has_text="本人在纸上签字").click()
    page.locator("label[for=identity_consent]").click()
    page.get_by_role("button", name="提交申请").last.click()
    page.wait_for_url("**/join/receipt/*")

    says(page, "已替工友提交")
    no_sideways(page)
    assert violations(page) == []
    tap(page, "再替一位工友填")
    assert "colleague=y" in page.url


# --- a bad phone ------------------------------------------------------------------------------------------------------

TOLD = "group=truck_driver&pay=myself&papers=company&hires=0&work_region=ZD&home_region=652328100"
FORM = f"/join/form?{TOLD}&place=industry"


def test_what_was_typed_survives_a_reload_but_never_the_identity_number(opens):
    page = opens(FORM)
    page.fill("#name", "阿卜杜拉·买买提")
    page.fill("#identity", "652328198512310005")
    page.fill("#plate", "新B12345")
    page.fill("#phone", "13812345678")

    page.reload()

    kept = [page.input_value(f"#{name}") for name in ("name", "plate", "phone", "identity", "code")]
    assert kept == ["阿卜杜拉·买买提", "新B12345", "13812345678", "", ""]
    assert "652328198512310005" not in page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")


def test_what_was_typed_is_forgotten_once_it_is_sent(opens):
    page = opens(FORM)
    fill_in(page, "2007-03-09", "652328")
    assert page.evaluate("localStorage.length") == 1

    send_without_code(page)

    assert page.evaluate("localStorage.length") == 0


def test_a_tunnel_in_the_middle_of_sending_loses_nothing(opens):
    page = opens(FORM)
    fill_in(page, "2007-03-10", "652328")
    page.locator("summary", has_text="收不到短信").click()
    page.context.set_offline(True)

    page.get_by_role("button", name="不用验证码，直接提交").click()

    expect(page.locator("#problem")).to_contain_text("没有收到回应")
    expect(page.locator("#name")).to_have_value("阿卜杜拉•买买提")
    page.context.set_offline(False)
    page.get_by_role("button", name="不用验证码，直接提交").click()
    page.wait_for_url("**/status/*")
    receipt(page)


_FOCUSED = """() => {
  const focused = document.activeElement;
  return focused === document.body ? '' : focused.innerText || focused.name || '';
}"""


def test_from_home_to_the_receipt_with_the_keyboard_alone(opens):
    page = opens("/", browser.DESK)

    def press_on(words: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if words in page.evaluate(_FOCUSED):
                return
        raise AssertionError(words)

    for words in ("我能入会吗", "外卖骑手", "平台按单结算", "先不填地点，继续申请"):
        press_on(words)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    for name, typed in (
        ("name", "阿卜杜拉·买买提"),
        ("identity", make.identity_number(make.date(2007, 3, 11))),
        ("phone", "13812345678"),
    ):
        press_on(name)
        page.keyboard.type(typed)
    press_on("identity_consent")
    page.keyboard.press("Space")
    press_on("收不到短信")
    page.keyboard.press("Enter")
    press_on("不用验证码，直接提交")
    page.keyboard.press("Enter")

    page.wait_for_url("**/status/*")
    receipt(page)


WORKER_PAGES = (
    "/",
    "/join",
    "/join?group=truck_driver",
    "/join?group=food_rider&pay=app&places=y&work_county=652328",
    f"/join?{TOLD}&places=y",
    f"/join/answer?{TOLD}",
    "/join/answer?group=courier&pay=pension",
    "/join/answer?work_region=659004",
    f"/join/answer/picture?{TOLD}",
    FORM,
    f"{FORM}&colleague=y",
    "/status",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_worker_page_keeps_anybody_out(chromium, served, own_pages, scheme, language):
    found = {}
    with browser.context(chromium, PHONE, color_scheme=scheme) as fresh:
        fresh.add_cookies([{"name": "lang", "value": language, "url": served[1]}])
        page = fresh.new_page()
        for path in (*WORKER_PAGES, *own_pages):
            page.goto(served[1] + path)
            found[path] = violations(page)

    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize("path", WORKER_PAGES)
def test_at_twice_the_size_nothing_is_wider_than_the_screen(opens, path):
    page = opens(path, {**PHONE, "viewport": {"width": 180, "height": 370}})

    no_sideways(page)


def test_the_whole_way_from_poster_to_receipt_weighs_sixty_kilobytes_at_most(chromium, served, demo_employer):
    crossed: list[int] = []
    with browser.context(chromium, PHONE, keeps=True) as fresh:
        page = fresh.new_page()
        devtools = fresh.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.loadingFinished", lambda told: crossed.append(int(told["encodedDataLength"])))
        page.goto(f"{served[1]}/e/{demo_employer}")
        taps(page, "站点或承包商")
        tap(page, "再答几题")
        taps(page, "和干活的地方一样")
        page.locator(".card a.weui-btn").first.click()
        fill_in(page, "2007-03-12", phone="13812345699")
        page.get_by_role("button", name="发送验证码").click()
        code = re.search(r"验证码是(\d{6})", page.locator("[role=status]").inner_text())
        assert code
        page.fill("#code", code[1])
        page.get_by_role("button", name="提交申请").last.click()
        page.wait_for_url("**/status/*")
        page.wait_for_load_state("networkidle")
        receipt(page)

    assert len(crossed) > 10
    assert sum(crossed) <= 60 * 1024, sum(crossed)
