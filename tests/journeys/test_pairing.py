"""A county cadre looks after the depots without a union: one guide each, contacts, who was forgotten, a hand-over."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from enrollment.rules.pairing import CONTACT_DAYS
from enrollment.storage.database import db
from enrollment.storage.pairings import Pairing
from enrollment.storage.unions import Employer
from enrollment.web import clock
from tests.browser import DESK, PHONE, serious_violations

pytestmark = pytest.mark.journey


def number(page: Page, view: str) -> int:
    """How many a view of the list says it has."""
    return int(page.locator(".tabs__tab", has_text=view).locator(".tabs__count").inner_text())


def fact(page: Page, name: str) -> str:
    return page.locator(".facts__row", has=page.get_by_text(name, exact=True)).locator("dd").inner_text()


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_of_pairings_keep_nobody_out(signs_in, served, device):
    with served[0].app_context():
        guided = select(Employer.code).join(Pairing, Pairing.employer_id == Employer.id)
        code = db.session.scalars(guided.where(Employer.county_code == "652301").order_by(Pairing.id)).first()
    page = signs_in("changji", "/pairings", device)
    start = page.url
    paths = ("?view=silent", "/guides", "/hand-over?from=changji-city", f"/{code}")
    for path in ("/pairings", *(f"/pairings{path}" for path in paths), f"/employers/{code}/headcounts"):
        page.goto(start.replace("/pairings", path, 1))
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert serious_violations(page) == [], path


def names_a_guide(page: Page) -> str:
    """Give the first depot without a guide one, with a next step, and tell of a call; gives the depot's name."""
    soon = str(clock.today() + timedelta(days=3))
    page.locator(".tabs__tab", has_text="未结对").click()
    depot = page.locator("#pairings-list td.main a").first
    name = depot.inner_text()
    depot.click()
    page.fill("#step", "上门讲政策")
    page.get_by_role("button", name="保存结对和下一步").click()
    expect(page.locator(".error-summary")).to_contain_text("请填写下一步的日期。")
    page.fill("#due_on", soon)
    page.get_by_role("button", name="保存结对和下一步").click()
    expect(page.locator(".history").last).to_contain_text("确定结对干部")
    assert fact(page, "下一步日期") == f"{soon} · 未到期"
    page.select_option("#way", "phone")
    tells(page, "老板愿意听，约好上门。")
    assert fact(page, "最近联系") == str(clock.today())
    return name


def tells(page: Page, words: str) -> None:
    page.fill("#words", words)
    page.get_by_role("button", name="保存联系记录").click()
    expect(page.locator(".history").first).to_contain_text(words)


def back(page: Page) -> None:
    page.get_by_role("link", name="结对", exact=True).click()


def calls_a_forgotten_one(page: Page, seen_lately: str) -> None:
    """Find one that nobody contacted for 30 days, call it, and see it gone from the list."""
    view = f"{CONTACT_DAYS}天未联系"
    silent = number(page, view)
    page.locator(".tabs__tab", has_text=view).click()
    expect(page.locator("#pairings-list tbody tr")).to_have_count(silent)
    expect(page.locator("#pairings-list")).not_to_contain_text(seen_lately)
    page.locator("#pairings-list td.main a").first.click()
    last = fact(page, "最近联系")
    since = date.fromisoformat(fact(page, "结对日期") if last == "—" else last)
    assert since <= clock.today() - timedelta(days=CONTACT_DAYS)
    tells(page, "已电话回访。")
    back(page)
    assert number(page, view) == silent - 1


def test_a_depot_finds_a_guide_a_forgotten_one_is_called_and_all_are_handed_over(signs_in):
    page = signs_in("changji-city", "/pairings", PHONE)
    free, mine = number(page, "未结对"), number(page, "我的")

    name = names_a_guide(page)
    back(page)
    assert (number(page, "未结对"), number(page, "我的")) == (free - 1, mine + 1)
    calls_a_forgotten_one(page, name)

    page.get_by_role("link", name="结对分工").click()
    page.locator("tr", has_text="昌吉市总工会").get_by_role("link", name="移交").click()
    page.locator("#to").select_option("changji")
    page.get_by_role("button", name="移交所选单位").click()
    page.wait_for_url(re.compile(r"/pairings\?guide=changji$"))
    expect(page.locator("#pairings-list tbody tr")).to_have_count(mine + 1)
    page.get_by_role("link", name=name).click()
    expect(page.locator(".history").last).to_contain_text("移交：州总工会")
    assert fact(page, "下一步") == "上门讲政策"
