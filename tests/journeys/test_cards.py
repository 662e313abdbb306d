"""A driver with the card: keeps it, shows it, moves the membership, and reads who has looked at the number."""

import base64
import re

import pytest
import zxingcpp
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.storage.cards import Card
from enrollment.storage.database import db
from tests import make
from tests.browser import DESK, PHONE, serious_violations

pytestmark = pytest.mark.journey

GRAY = """image => {
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    const shades = pen.getImageData(0, 0, canvas.width, canvas.height).data.filter((_, n) => n % 4 === 1);
    const parts = [];
    for (let n = 0; n < shades.length; n += 8192) parts.push(String.fromCharCode(...shades.subarray(n, n + 8192)));
    return [canvas.width, canvas.height, btoa(parts.join(""))];
}"""


def first_card(served) -> str:
    """The link of a card of the demo."""
    app, _address = served
    with app.app_context(), Session(db.engine) as session:
        return session.scalars(select(Card.link).order_by(Card.id)).first() or ""


def says(page: Page, words: str) -> None:
    expect(page.locator("#main")).to_contain_text(words)


def tap(page: Page, words: str) -> None:
    page.get_by_role("link", name=re.compile(re.escape(words))).first.click()


def fits_and_is_open_to_all(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert serious_violations(page) == []


def admitted(opens, signs_in, name: str, day: int, *, javascript: bool) -> tuple[Page, Page, str]:
    """A courier of Changji city who has applied and was approved: the phone, the desk, the number."""
    phone = opens(
        "/join/form?group=courier&pay=station&work_region=652301001&home_region=652301001&place=work",
        PHONE,
        javascript=javascript,
    )
    phone.fill("#name", name)
    phone.fill("#identity", make.identity_number(make.date(2006, 3, day)))
    phone.fill("#phone", f"138123400{day:02}")
    phone.locator("label[for=identity_consent]").click()
    phone.locator("summary", has_text="收不到短信").click()
    phone.get_by_role("button", name="不用验证码，直接提交").click()
    phone.wait_for_url("**/status/*")
    number = re.search(r"\d{6}-[0-9A-Z]{5}", phone.inner_text("#main"))
    assert number
    cadre = signs_in("changji-city", f"/desk/{number[0]}")
    cadre.fill("#how", "已回电，本人申请")
    cadre.get_by_role("button", name="确认是本人").click()
    cadre.locator("button[value=approved]").click()
    says(cadre, "刚刚：已批准")
    phone.reload()
    return phone, cadre, number[0]


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_a_member_moves_and_the_card_shows_the_new_union(opens, signs_in, javascript):
    phone, cadre, _number = admitted(opens, signs_in, "阿卜杜拉·买买提", 11 + javascript, javascript=javascript)
    tap(phone, "打开我的会员证")
    says(phone, "阿卜杜拉·买买提")
    says(phone, "宁边路街道")
    card = phone.url

    tap(phone, "转会")
    phone.select_option("#to_union", label="昌吉市会员周转库")
    phone.fill("#tail", make.identity_number(make.date(2006, 3, 11 + javascript))[-4:])
    phone.get_by_role("button", name="提交转会申请").click()
    phone.wait_for_url("**/status/*")
    says(phone, "待审核")
    asked = re.search(r"\d{6}-[0-9A-Z]{5}", phone.inner_text("#main"))
    assert asked
    cadre.goto(re.sub("/desk.*$", f"/desk/{asked[0]}", cadre.url))
    says(cadre, "符合规定")
    cadre.locator("button[value=approved]").click()
    says(cadre, "刚刚：已批准")

    phone.goto(card)
    says(phone, "昌吉市会员周转库")


def test_the_card_is_a_picture_to_keep_that_proves_itself(opens, signs_in):
    phone, _cadre, _number = admitted(opens, signs_in, "马晓", 21, javascript=True)
    tap(phone, "打开我的会员证")
    fits_and_is_open_to_all(phone)

    phone.get_by_role("button", name="生成会员证图片").click()
    expect(phone.locator("#kept")).to_be_visible()
    width, height, shades = phone.locator("#kept img").evaluate(GRAY)
    seen = memoryview(base64.b64decode(shades)).cast("B", (height, width))
    [read] = zxingcpp.read_barcodes(seen)
    stranger = opens(re.sub(r"^https?://[^/]+", "", read.text))

    assert (width, height) == (720, 1080)
    says(stranger, "会员证有效")
    says(stranger, "北京时间")
    assert "马晓" not in stranger.content()
    fits_and_is_open_to_all(stranger)


def test_a_cadre_looks_at_the_number_and_the_worker_reads_why(opens, signs_in):
    phone, cadre, _number = admitted(opens, signs_in, "叶尔兰·木哈买提", 25, javascript=True)
    tap(cadre, "再看这件")
    cadre.locator("summary", has_text="查看完整号码").click()
    cadre.fill("#reason", "打电话前核对身份")
    cadre.get_by_role("button", name="显示号码并记录用途").click()
    says(cadre, make.identity_number(make.date(2006, 3, 25)))
    fits_and_is_open_to_all(cadre)

    tap(phone, "打开我的会员证")
    tap(phone, "我的资料")
    fits_and_is_open_to_all(phone)
    phone.fill("#tail", make.identity_number(make.date(2006, 3, 25))[-4:])
    with phone.expect_download() as waiting:
        phone.get_by_role("button", name="下载我的资料").click()
    assert waiting.value.suggested_filename.startswith("我的资料_")
    tap(phone, "谁看过我的完整号码")
    says(phone, "打电话前核对身份")
    says(phone, "昌吉市 县级工会干部")
    fits_and_is_open_to_all(phone)


@pytest.mark.parametrize("kind", ["transfer", "retain", "leave", "correct", "erase", "close"])
def test_every_request_keeps_nobody_out(opens, served, kind):
    card = first_card(served)

    page = opens(f"/card/{card}/ask/{kind}")

    fits_and_is_open_to_all(page)


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_the_demo_has_cards(opens, served, device):
    page = opens(f"/card/{first_card(served)}", device)

    says(page, "工会会员证")
    fits_and_is_open_to_all(page)
