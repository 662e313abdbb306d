"""A real Chromium: a phone and a cadre's desk, with or without JavaScript, that can reach only this machine."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Nothing but this machine has a name, whatever the browser itself would like to look up.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
_ELSEWHERE = re.compile(r"^(?!http://127\.0\.0\.1[:/])")
_GRAVE = ("serious", "critical")


def executable() -> Path | None:
    """The browser: the system's, else one that Playwright has fetched; ``None`` when there is none."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found:
        return Path(found)
    with sync_playwright() as playwright:
        fetched = Path(playwright.chromium.executable_path)
    return fetched if fetched.is_file() else None


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser; start one for all tests and give each test a context of its own."""
    program = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def context(
    browser: Browser, device: dict[str, Any] = PHONE, *, javascript: bool = True, keeps: bool = False, **more: Any
) -> Iterator[BrowserContext]:
    """A fresh profile on ``PHONE`` or ``DESK``: Chinese, Beijing time, no way out.

    ``keeps``: with the browser's own cache, as in life. Watching every request switches it off; without watching,
    other hosts still have no name.
    """
    fresh = browser.new_context(
        **device,
        java_script_enabled=javascript,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        service_workers="block",
        **more,
        reduced_motion="reduce",  # what is looked at stands still: no button half faded
    )
    fresh.set_default_timeout(10_000)
    if not keeps:
        fresh.route(_ELSEWHERE, _refuse)
    try:
        yield fresh
    finally:
        fresh.close()


def violations(page: Page) -> list[str]:
    """What keeps people out of this page, by axe: rule, selector and reason of each finding.

    Needs JavaScript: with it switched off, axe never ends, and Playwright's time-out says so.
    """
    page.evaluate(Axe().axe_script)
    page.evaluate("() => { axe.run({resultTypes: ['violations']}).then(found => { window.axeFound = found; }); }")
    found = page.wait_for_function("() => window.axeFound").json_value()["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


def serious_violations(page: Page) -> list[str]:
    """The findings that are serious or critical."""
    return [line for line in violations(page) if line.split("(", 1)[1].startswith(_GRAVE)]


def _refuse(route: Route) -> None:
    route.abort("blockedbyclient")
