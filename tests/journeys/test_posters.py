"""From the sheet on the wall into the guide; the sheet on paper and as a picture."""

import base64
import re

import pytest
import zxingcpp
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.storage.database import db
from enrollment.storage.events import Event
from enrollment.storage.unions import Employer
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


BESIDE_THE_SHEET = """() => [...document.querySelectorAll("body *")]
    .filter(one => !one.closest(".poster") && !one.querySelector(".poster") && one.getClientRects().length)
    .map(one => one.outerHTML)"""


def read_back(page: Page, image: str) -> tuple[tuple[int, int], list[str]]:
    """Size of a picture on the page, and what a telephone reads from it."""
    expect(page.locator(image)).to_have_js_property("complete", True)  # noqa: FBT003
    width, height, shades = page.locator(image).evaluate(GRAY)
    seen = memoryview(base64.b64decode(shades)).cast("B", (height, width))
    return (width, height), [code.text for code in zxingcpp.read_barcodes(seen)]


@pytest.fixture
def codes(served: tuple[Flask, str]) -> dict[str, str]:
    """Of Changji city: a courier's employer and an event."""
    app, _address = served
    with app.app_context(), Session(db.engine) as session:
        employer = select(Employer.code).where(Employer.county_code == "652301", Employer.group == "courier")
        event = select(Event.code).where(Event.county_code == "652301")
        return {
            "e": session.scalars(employer.order_by(Employer.id)).first() or "",
            "m": session.scalars(event.order_by(Event.id)).first() or "",
        }


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_whoever_scans_an_employers_poster_finds_the_first_question_answered(opens, codes, javascript):
    page = opens(f"/e/{codes['e']}", PHONE, javascript=javascript)

    assert re.search(rf"/join\?via=e-{codes['e']}&group=courier&work_region=\w+&employer_name=", page.url)
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("#main a[href*='group=truck_driver']").count() == 0  # what work it is, is known


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("letter", ["e", "m"])
def test_the_sheet_prints_alone_and_every_picture_of_its_code_leads_to_the_link(
    signs_in, served, codes, device, letter
):
    link = f"{served[1]}/{letter}/{codes[letter]}"
    page = signs_in("changji-city", f"/posters/{letter}/{codes[letter]}", device)

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert serious_violations(page) == []
    size, read = read_back(page, "img.poster__code")
    assert size[0] >= 600
    assert read == [link]

    page.get_by_role("button", name="存为图片").click()
    expect(page.locator("#poster-picture")).to_be_visible()
    assert read_back(page, "img.poster-picture") == ((1240, 1754), [link])
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载图片").click()
    assert waiting.value.path().read_bytes().startswith(b"\x89PNG")

    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.emulate_media(media="print")
    assert page.evaluate(BESIDE_THE_SHEET) == []
    box = page.locator("img.poster__code").bounding_box()
    assert box
    assert box["width"] >= 60 / 25.4 * 96


def test_the_link_is_copied_and_printing_is_a_tap_away(signs_in, codes):
    page = signs_in("changji-city", f"/posters/m/{codes['m']}")
    page.evaluate("window.print = () => { document.title = 'printed'; }")

    page.get_by_role("button", name="复制链接").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    page.get_by_role("button", name="打印").click()

    expect(page).to_have_title("printed")
    assert page.evaluate("getSelection().toString()").endswith(f"/m/{codes['m']}")


def test_without_javascript_the_code_is_still_a_picture(opens, signs_in, codes):
    page = opens(f"/signin?next=/posters/m/{codes['m']}", DESK, javascript=False)
    page.fill("#login", "changji-city")
    page.fill("#password", "changji-2021-demo")
    page.get_by_role("button", name="登录").click()

    expect(page.get_by_role("link", name="下载二维码")).to_be_visible()
    expect(page.get_by_role("button", name="打印")).to_be_hidden()


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_an_event_is_logged_and_its_pages_keep_nobody_out(signs_in, device):
    page = signs_in("mori", "/events/new", device)
    page.fill("#name", "木垒货车司机集中入会仪式")
    page.select_option("#region_code", "652328100")
    page.fill("#place", "木垒物流园东门")
    assert serious_violations(page) == []
    page.locator("#main button[type=submit]").click()
    page.wait_for_url(re.compile(r"/events/(?!new)\w+$"))

    expect(page.locator("h1")).to_have_text("木垒货车司机集中入会仪式")
    for path in (page.url, re.sub(r"/events/\w+$", "/events", page.url)):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert serious_violations(page) == []
    expect(page.locator("#main")).to_contain_text("木垒物流园东门")
