"""How a view answers: a whole page, one named block of it, or *go there*."""

import pytest
from flask import Response

from enrollment.web.pages import into_problem_region, page, see_other

WHOLE = {
    "a browser": {},
    "a boosted link": {"HX-Request": "true", "HX-Boosted": "true"},
    "a restored history entry": {"HX-Request": "true", "HX-History-Restore-Request": "true"},
}
HTMX = {"HX-Request": "true"}
SHOWN = {"title": "Not <here>", "sentence": "Nothing.", "reference": ""}


@pytest.fixture
def asked(app):
    """A request with these headers."""

    def ask(headers):
        return app.test_request_context("/?lang=en", headers=headers)

    return ask


def body(answer):
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("headers", WHOLE.values(), ids=WHOLE)
def test_these_get_the_whole_page(asked, headers):
    with asked(headers):
        answer = page("errors/problem.html", block="problem", status=404, **SHOWN)

    assert answer.status_code == 404
    assert body(answer).lstrip().startswith("<!doctype html>")
    assert body(answer).count("<h1") == 1


def test_htmx_gets_the_named_block_alone_with_the_macros_and_escaping_of_the_page(asked):
    with asked(HTMX):
        answer = page("errors/problem.html", block="problem", status=404, **SHOWN)

    assert answer.status_code == 404
    assert "<html" not in body(answer)
    assert '<div class="notice notice_warn">' in body(answer)
    assert "Not &lt;here&gt;" in body(answer)


def test_htmx_gets_the_whole_page_where_no_block_is_named(asked):
    with asked(HTMX):
        assert "<html" in body(page("errors/problem.html", **SHOWN))


def test_a_browser_is_sent_on_by_a_redirect_and_htmx_by_a_header(asked):
    with asked({}):
        browser = see_other("/desk")
    with asked(HTMX):
        htmx = see_other("/desk")

    assert (browser.status_code, browser.location) == (303, "/desk")
    assert (htmx.status_code, htmx.headers["HX-Redirect"], htmx.location) == (200, "/desk", None)


def test_a_failure_never_lands_in_a_cell_of_a_table(asked):
    with asked(HTMX):
        htmx = into_problem_region(Response("no"))
    with asked({}):
        browser = into_problem_region(Response("no"))

    assert (htmx.headers["HX-Retarget"], htmx.headers["HX-Reswap"]) == ("#problem", "innerHTML")
    assert "HX-Retarget" not in browser.headers
