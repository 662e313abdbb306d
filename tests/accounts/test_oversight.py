"""The table of rights for everybody, and the audit for those who audit."""

import pytest

from enrollment.rules.access import Act
from tests.accounts.test_accounts import browser, everybody  # noqa: F401
from tests.cast import CITY, NEXT_COUNTY, PREFECTURE


def rows_of(page):
    return [row.split("</tr>")[0] for row in page.split("<tr>")[2:]]


@pytest.mark.parametrize("login", [None, CITY])
def test_everybody_reads_who_may_do_what(client, app, everybody, login):  # noqa: F811
    reader = browser(app, login) if login else client
    page = reader.get("/rights").get_data(as_text=True)

    assert len(rows_of(page)) == len(Act)
    [line] = [row for row in rows_of(page) if "Decide applications" in row]
    cells = [cell.split(">")[-1].strip() for cell in line.replace("\n", "").split("</td>")[:-1]]
    assert cells[1:] == ["everywhere", "own place", "own", "–", "–", "–", "–"]


def test_the_audit_shows_who_did_what_newest_first(app, everybody):  # noqa: F811
    auditor = browser(app, "auditor")
    page = auditor.get("/audit").get_data(as_text=True)

    assert "Sign in" in rows_of(page)[0]
    assert "审计员" in rows_of(page)[0]


def test_of_a_county_the_audit_shows_what_its_own_accounts_did(app, everybody):  # noqa: F811
    fukang, city, prefecture = (browser(app, login) for login in (NEXT_COUNTY, CITY, PREFECTURE))

    assert [len(rows_of(client.get("/audit").get_data(as_text=True))) for client in (fukang, city, prefecture)] == [
        1,
        1,
        3,
    ]
    assert "张干部" not in rows_of(fukang.get("/audit").get_data(as_text=True))[0]


def test_the_audit_is_paged(app, everybody, monkeypatch):  # noqa: F811
    monkeypatch.setattr("enrollment.accounts.queries.AUDIT_PAGE", 1)
    prefecture = browser(app, PREFECTURE)
    browser(app, PREFECTURE)
    first = prefecture.get("/audit").get_data(as_text=True)
    older = first.split('rel="next" href="/audit?before=')[1].split('"')[0]
    second = prefecture.get(f"/audit?before={older}").get_data(as_text=True)

    assert [len(rows_of(page)) for page in (first, second)] == [1, 1]
    assert rows_of(first) != rows_of(second)
    assert "pager__link" not in second
