"""The six ways, as their people walk them, in a real browser."""

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.browser import DESK, PHONE, serious_violations

pytestmark = pytest.mark.journey


def tap(page: Page, words: str) -> None:
    """Follow a link by what it says."""
    page.get_by_role("link", name=re.compile(re.escape(words))).first.click()


def says(page: Page, words: str) -> None:
    expect(page.locator("#main")).to_contain_text(words)


def no_sideways(page: Page) -> None:
    """Nothing is wider than the screen, nothing keeps people out."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def fill_in(page: Page, identity: str, name: str = "阿卜杜拉•买买提", phone: str = "13812345678") -> None:
    page.fill("#name", name)
    page.fill("#identity", identity)
    page.fill("#phone", phone)
    page.locator("label[for=identity_consent]").click()
    page.locator("summary", has_text="收不到短信").click()
    page.get_by_role("button", name="不用验证码，直接提交").click()


def apply_as_driver(page: Page, identity: str) -> str:
    """From the first page to the receipt, as the driver of an affiliated truck; gives the number."""
    tap(page, "我能入会吗")
    for answer in ("货车司机", "车是我自己的", "公司的名字", "不雇人"):
        tap(page, answer)
    says(page, "可以入会")
    says(page, "第三条第二款")
    tap(page, "看看具体是哪些工会")
    for answer in (
        "准东经济技术开发区",
        "准东经济技术开发区其他地方",
        "木垒哈萨克自治县",
        "木垒镇",
        "不知道，或者没有",
    ):
        tap(page, answer)
    says(page, "准东")
    says(page, "木垒镇")
    no_sideways(page)
    page.locator("a[href*='/join/form'][href*='place=industry']").click()
    fill_in(page, identity)
    page.wait_for_url("**/status/*")
    says(page, "待审核")
    number = re.search(r"\d{6}-[0-9A-Z]{5}", page.inner_text("#main"))
    assert number
    return number[0]


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_an_affiliated_driver_joins_and_the_rate_moves(opens, signs_in, javascript):
    identity = make.identity_number(make.date(2007, 1, 2 + javascript), "652328")
    driver = opens("/", PHONE, javascript=javascript)
    number = apply_as_driver(driver, identity)
    cadre = signs_in("zhundong", "/rates")
    before = int(
        re.sub(r"\D", "", cadre.locator(".figure", has_text="会员").locator(".figure__number").first.inner_text())
    )

    cadre.goto(re.sub("/rates$", f"/desk/{number}", cadre.url))
    says(cadre, "阿卜杜拉·买买提")
    cadre.fill("#how", "已回电，本人申请")
    cadre.get_by_role("button", name="确认是本人").click()
    cadre.locator("button[value=approved]").click()
    says(cadre, "刚刚：已批准")
    cadre.goto(re.sub("/desk/.*$", "/rates", cadre.url))
    after = cadre.locator(".figure", has_text="会员").locator(".figure__number").first.inner_text()
    driver.reload()

    assert int(re.sub(r"\D", "", after)) == before + 1
    says(driver, "已批准")
    says(driver, "道路货运行业联合工会")


def test_a_wrong_number_is_named_and_nothing_typed_is_lost(opens):
    page = opens("/join/form?group=courier&pay=station&work_region=652301002&place=industry")

    fill_in(page, "652301199002300005")

    expect(page.locator("#identity-error")).to_contain_text("第7至14位")
    expect(page.locator("#name")).to_have_value("阿卜杜拉•买买提")
    expect(page.locator("#phone")).to_have_value("13812345678")
    assert serious_violations(page) == []


def stands_in(page: Page, stage: str) -> None:
    """The number of the stage that is now."""
    expect(page.locator(".stages__stage_now .stages__number").first).to_have_text(stage)


def send_the_request(head: Page, union: str) -> None:
    """Name the union and who leads the group, and send it; then it is not the group's to change."""
    head.locator("a[href$='/request']").click()
    head.fill("#union_name", union)
    head.fill("#business", "快递收派")
    head.fill("#wish", "全体职工同意")
    head.fill("#group-0-name", "马建军")
    head.fill("#group-0-unit_name", "六工镇老马快递网点")
    head.fill("#group-0-post", "快递员")
    head.locator("button[name=send]").click()
    head.wait_for_url("**/founding/*")
    stands_in(head, "1")
    expect(head.locator("a[href$='/request']")).to_have_count(0)


def invite_a_neighbor(head: Page, depot: str, township: str) -> str:
    """From the first page to the page of the group, as the head of a depot of four; gives the neighbor's link."""
    tap(head, "总共才4个人")
    head.fill("#barred", "2")
    head.select_option("#region_code", township)
    head.fill("#unit_name", depot)
    head.locator("#main form button[type=submit]").last.click()
    says(head, "至少")
    head.locator("a[href*='way=new_joint']").click()
    head.locator("#units label").first.click()
    head.fill("#contact_name", "马建军")
    head.fill("#contact_phone", "13800138000")
    head.locator("#found-form button[type=submit]").click()
    head.wait_for_url("**/founding/*")
    stands_in(head, "1")
    invitation = head.locator("a[href*='/found/invitation/']").first.get_attribute("href")
    return re.sub(r"^https?://[^/]+", "", invitation or "")


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_a_depot_of_four_and_a_neighbor_get_their_preparatory_group_approved(opens, signs_in, javascript):
    head = opens("/", PHONE, javascript=javascript)
    depot = f"六工镇老马快递网点{javascript:d}"
    invitation = invite_a_neighbor(head, depot, "652301104" if javascript else "652301103")

    neighbor = opens(invitation, PHONE, javascript=javascript)
    says(neighbor, depot)
    neighbor.fill("#contact_name", "李强")
    neighbor.fill("#contact_phone", "13812345679")
    neighbor.locator("button[value=agreed]").click()
    head.reload()
    number = re.search(r"\d{6}-[0-9A-Z]{5}", head.inner_text("#main"))
    assert number
    send_the_request(head, f"昌吉市六工镇快递行业{javascript:d}联合工会委员会")

    cadre = signs_in("changji-city")
    cadre.goto(re.sub("/desk$", f"/desk/{number[0]}", cadre.url))
    assert cadre.url.endswith(f"/foundings/{number[0]}")
    says(cadre, depot)
    cadre.locator("button[value=group_approved]").click()
    says(cadre, "昌市工复〔")
    stands_in(cadre, "2")
    head.reload()
    says(head, "昌市工复〔")
    stands_in(head, "2")


def test_a_cadre_returns_and_never_meets_the_next_county(opens, signs_in):
    worker = opens("/join/form?group=courier&pay=station&work_region=652302001&home_region=652302001&place=work")
    fill_in(worker, make.identity_number(make.date(2007, 5, 6), "652302"))
    worker.wait_for_url("**/status/*")
    number = re.search(r"\d{6}-[0-9A-Z]{5}", worker.inner_text("#main"))
    assert number

    cadre = signs_in("fukang", f"/desk/{number[0]}")
    cadre.locator("summary", has_text="退回补正").click()
    cadre.locator("label", has=cadre.locator("input[name=marked][value=phone]")).click()
    cadre.fill("#note", "手机号打不通，请核对。")
    cadre.locator("button[value=returned]").click()
    says(cadre, "手机号打不通")
    worker.reload()
    says(worker, "手机号打不通，请核对。")
    worker.fill("#phone", "13900001111")
    worker.locator("#main button[type=submit]").first.click()
    says(worker, "待审核")

    stranger = signs_in("changji-city")
    answer = stranger.goto(re.sub("/desk$", f"/desk/{number[0]}", stranger.url))
    assert answer
    assert answer.status == 404


def test_the_rates_stand_up_to_the_newspaper(signs_in):
    page = signs_in("changji", "/rates")
    page.goto(f"{page.url}?as_of=2021-11-30")

    says(page, "63.4")
    says(page, "6,310")
    says(page, "9,951")
    says(page, "64")
    says(page, "0.6")
    assert serious_violations(page) == []
    page.locator(".figure a", has_text="6,310").click()
    says(page, "6310")


def test_a_visit_is_logged_on_a_phone_and_brings_an_application(opens, signs_in):
    cadre = signs_in("mori", "/visits/new", PHONE)
    cadre.select_option("#region_code", "652328100")
    cadre.fill("#place", "木垒物流园东门")
    cadre.fill("#people_met", "23")
    cadre.fill("#goods", "矿泉水、毛巾")
    cadre.fill("#amount", "460.50")
    cadre.locator("#main button[type=submit]").last.click()
    cadre.wait_for_url(re.compile(r"/visits/(?!new)\w+$"))
    says(cadre, "460.50")
    no_sideways(cadre)
    code = cadre.url.rsplit("/", 1)[1]

    worker = opens(f"/v/{code}")
    tap(worker, "快递员")
    worker.locator("a[href*='pay=station']").click()
    worker.locator("a[href*='/join/form'][href*='place=pool']").click()
    fill_in(worker, make.identity_number(make.date(2007, 7, 8), "652328"), "叶尔兰·木哈买提")
    worker.wait_for_url("**/status/*")
    cadre.reload()

    says(cadre, "1")


def test_the_csv_holds_what_is_on_screen(signs_in):
    page = signs_in("changji", "/employers")
    page.goto(f"{page.url}?county=652328&as_of=2021-11-30")
    shown = re.search(r"\d+", page.locator(".count").inner_text())
    with page.expect_download() as waiting:
        page.locator("a.export").click()
    text = waiting.value.path().read_bytes()

    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert text.startswith(b"\xef\xbb\xbf")
    assert waiting.value.suggested_filename == "企业_木垒哈萨克自治县_2021-11-30.csv"
    assert shown
    assert len(rows) - 1 == int(shown[0])


@pytest.mark.parametrize("path", ["/", "/join", "/join?group=courier", "/found", "/status", "/signin"])
def test_public_pages_keep_nobody_out(opens, path):
    page = opens(path)

    no_sideways(page)
    assert serious_violations(page) == []


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_desk_pages_keep_nobody_out(signs_in, device):
    page = signs_in("changji-city", "/desk", device)
    start = page.url
    case = page.locator("#main td a").first.get_attribute("href")
    for path in ("/desk", case, "/members", "/unions", "/employers", "/rates", "/visits", "/visits/new"):
        page.goto(start.replace("/desk", path or "", 1))
        no_sideways(page)
        assert serious_violations(page) == [], path
