"""From right to left: a pseudo-language in Arabic letters shows what no translation must break (Uyghur, Kazakh)."""

import re
from collections.abc import Iterator

import pytest
from babel.support import NullTranslations
from playwright.sync_api import Page

from enrollment.web import language
from tests.browser import violations
from tests.journeys.test_joining import FORM, TOLD, WORKER_PAGES, no_sideways

pytestmark = pytest.mark.journey

_LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "ابپتجچخدرزژسشغفقكگڭلمنھوۇۆ" * 2)


class Pseudo(NullTranslations):
    """Every message in Arabic letters, a third longer than in English; values stay as they are."""

    def gettext(self, message: str) -> str:
        parts = re.split(r"(%\(\w+\)s)", message)
        words = "".join(part if part.startswith("%(") else part.translate(_LETTERS) for part in parts)
        return words + " " + "ئۇيغۇر " * (len(message) // 20)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)

    ugettext, ungettext = gettext, ngettext


@pytest.fixture
def pseudo(served, monkeypatch) -> Iterator[str]:
    """The pseudo-language is on offer; gives its name in an address."""
    monkeypatch.setitem(language.LANGUAGES, "rtl", ("ug", "ئۇيغۇرچە"))
    with served[0].app_context():
        cache = language.babel.domain_instance.cache
        cache["ug", "messages"] = Pseudo()
    yield "rtl"
    del cache["ug", "messages"]


_OVERLAPS = """() => {
  const words = [...document.querySelectorAll('main *, header *, footer *')].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) &&
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !['OPTION', 'SCRIPT'].includes(element.tagName) && getComputedStyle(element).clipPath === 'none');
  const boxes = words.map((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return [element, range.getBoundingClientRect()];
  });
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  return boxes.flatMap(([one, a], n) => boxes.slice(n + 1)
    .filter(([other, b]) => !one.contains(other) && !other.contains(one) && meet(a, b))
    .map(([other]) => `${one.textContent.trim().slice(0, 30)} / ${other.textContent.trim().slice(0, 30)}`));
}"""


def overlaps(page: Page) -> list[str]:
    """Words of one element that lie on the words of another."""
    found: list[str] = page.evaluate(_OVERLAPS)
    return found


def in_pseudo(path: str, name: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={name}"


@pytest.mark.parametrize("path", WORKER_PAGES)
def test_from_right_to_left_nothing_overlaps_and_nobody_is_kept_out(opens, pseudo, path):
    page = opens(in_pseudo(path, pseudo))

    assert page.evaluate("document.documentElement.dir") == "rtl"
    no_sideways(page)
    assert overlaps(page) == []
    assert violations(page) == []


def test_own_pages_hold_from_right_to_left(opens, pseudo, own_pages):
    found = {}
    for path in own_pages:
        page = opens(in_pseudo(path, pseudo))
        no_sideways(page)
        found[path] = overlaps(page) + violations(page)

    assert {path: lines for path, lines in found.items() if lines} == {}


def test_the_check_finds_what_overlaps(opens):
    page = opens(f"/join/answer?{TOLD}")
    page.evaluate("document.querySelectorAll('.card')[1].style.cssText = 'margin-block-start: -90px'")

    assert overlaps(page) != []


def test_a_form_with_errors_holds_from_right_to_left(opens, pseudo):
    page = opens(in_pseudo(FORM, pseudo))
    page.locator("#join-form > button.weui-btn_primary").click()
    page.wait_for_selector(".error-summary")

    no_sideways(page)
    assert overlaps(page) == []
