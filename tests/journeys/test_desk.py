"""A cadre's morning by keyboard, and the same desk on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESK, PHONE, serious_violations

pytestmark = pytest.mark.journey


def focused(page: Page) -> str:
    """The text of what has the focus, or its name."""
    return str(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.name"))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.fixture
def desk(signs_in):
    """The list of those who want to join, and their numbers in its order."""
    page = signs_in("changji-city")
    page.goto(f"{page.url}?kind=join")
    return page, [cell.inner_text() for cell in page.locator("[data-keys=list] td.main a").all()]


def test_keys_lead_through_the_list_and_from_case_to_case(desk):
    page, numbers = desk

    press(page, "j", "j", "k")
    assert focused(page) == numbers[0]
    press(page, "j", "j", "j", "k")
    assert focused(page) == numbers[2]
    press(page, "k", "k", "k", "Enter")
    page.wait_for_url(f"**/desk/{numbers[0]}?kind=join")

    press(page, "j")
    page.wait_for_url(f"**/desk/{numbers[1]}?kind=join")
    press(page, "k")
    page.wait_for_url(f"**/desk/{numbers[0]}?kind=join")
    press(page, "u")
    page.wait_for_url(re.compile(r"/desk\?kind=join$"))
    assert serious_violations(page) == []


def test_keys_reach_the_decision_and_decide_nothing(desk):
    page, numbers = desk
    press(page, "j", "Enter")
    page.wait_for_url(f"**/desk/{numbers[0]}?kind=join")

    press(page, "?")
    expect(page.locator(".keys__list")).to_be_visible()
    press(page, "?")
    expect(page.locator(".keys__list")).to_be_hidden()
    press(page, "a")
    assert focused(page) == "批准"
    press(page, "r")
    assert focused(page) == "marked"

    expect(page.locator("button[value=returned]")).to_be_visible()
    expect(page.locator("h1")).to_contain_text(numbers[0])


def test_keys_are_letters_while_somebody_types(signs_in):
    page = signs_in("changji-city")
    page.goto(f"{page.url}?kind=join")
    page.locator("[data-keys=list] td.main a").first.click()
    page.wait_for_url("**/desk/*?kind=join")
    address = page.url

    page.locator("#note").click()
    press(page, "j", "k", "a", "r", "u")
    page.keyboard.press("Control+u")

    expect(page.locator("#note")).to_have_value("jkaru")
    assert page.url == address


def test_a_sentence_is_taken_over_and_after_the_return_the_next_case_opens(signs_in):
    page = signs_in("fukang")
    page.goto(f"{page.url}?kind=join")
    numbers = [cell.inner_text() for cell in page.locator("[data-keys=list] td.main a").all()]
    page.locator("[data-keys=list] td.main a").first.click()
    page.wait_for_url(f"**/desk/{numbers[0]}?kind=join")

    press(page, "r", "Space")
    page.locator("#sentence_returned").select_option(index=1)
    sentence = page.locator("#note").input_value()
    expect(page.locator("#sentence_returned")).to_have_value("")
    page.locator("#note").press_sequentially("谢谢。")
    page.locator("button[value=returned]").click()

    page.wait_for_url(re.compile(f"after={numbers[0]}"))
    expect(page.locator(".notice").first).to_contain_text(f"{numbers[0]}：退回")
    expect(page.locator(".notice").first).to_contain_text(f"{sentence}谢谢。")
    expect(page.locator("h1")).to_contain_text(numbers[1] if len(numbers) > 1 else "待办")


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_the_decision_is_in_reach_and_nothing_is_wider_than_the_screen(signs_in, device):
    page = signs_in("changji-city", "/desk", device)
    fits = "document.documentElement.scrollWidth <= window.innerWidth"
    assert page.evaluate(fits)
    page.goto(f"{page.url}?kind=join")
    page.locator("[data-keys=list] td.main a").first.click()
    if device is PHONE:
        page.locator(".case-bar__decide").click()

    expect(page.locator("button[value=approved]")).to_be_in_viewport()
    assert page.evaluate(fits)
    assert serious_violations(page) == []
    page.goto(re.sub("/desk.*$", "/desk/sentences", page.url))
    assert page.evaluate(fits)
    assert serious_violations(page) == []
