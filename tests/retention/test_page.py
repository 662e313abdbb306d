"""The page of retention: periods in force, and what was dropped, each territory its own numbers."""

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest

from enrollment.rules.access import SYSTEM
from enrollment.rules.applications import Step
from enrollment.rules.retention import Periods
from enrollment.rules.stages import FoundingStep
from enrollment.storage.outbox import PhoneCode
from enrollment.storage.retention import drop_what_is_due
from tests import make
from tests.cast import NEXT_COUNTY, PREFECTURE, sign_in
from tests.conftest import counted

NOW = datetime(2021, 11, 30, 4, 0, tzinfo=UTC)
REFUSED = (Step.SUBMITTED, Step.REFUSED)


@pytest.fixture
def dropped(app):
    """Run it so many days after everything moved."""

    def run(days, **more):
        with app.app_context():
            drop_what_is_due(Periods(), by=SYSTEM, now=NOW + timedelta(days=days), **more)

    return run


def table(client, caption):
    """The cells of a table of the page, row by row."""
    page = unescape(client.get("/retention").get_data(as_text=True))
    body = page.split(f'<caption class="hidden">{caption}</caption>')[1].split("<tbody>")[1].split("</tbody>")[0]
    rows = [row.split("<td ")[1:] for row in body.split("<tr>")[1:]]
    return [[_text(cell.split(">", 1)[1].replace("<span>", "")) for cell in row] for row in rows]


def _text(html):
    return " ".join(html.split("<", 1)[0].split())


def text_of(client):
    return unescape(client.get("/retention").get_data(as_text=True))


def test_the_periods_are_shown_as_local_before_anything_was_dropped(client, cast):
    sign_in(client)
    rows = table(client, "Periods in force")

    assert [row[:4] for row in rows] == [
        ["Foundings begun and never sent", "90 days", "–", "–"],
        ["Applications returned and never corrected", "90 days", "–", "–"],
        ["Applications not accepted", "180 days", "–", "–"],
        ["Applications withdrawn", "180 days", "–", "–"],
        ["Members' requests that are decided", "365 days", "–", "–"],
        ["Foundings that are over", "365 days", "–", "–"],
        ["Former members", "365 days", "–", "–"],
        ["Text messages that are done with", "184 days", "–", "–"],
        ["Sign-ins", "184 days", "–", "–"],
        ["Codes sent to phones", "2 days", "–", "–"],
    ]
    assert "These periods are set here, by local practice; no law gives them." in text_of(client)
    assert "Nothing was deleted yet." in text_of(client)
    assert 'href="/retention"' in client.get("/desk").get_data(as_text=True)


def test_each_reads_the_numbers_of_the_own_territory(app, session, cast, dropped):
    make.join_application(session, steps=REFUSED, name="李建国")
    make.join_application(session, steps=REFUSED, at=NOW + timedelta(days=20))
    make.join_application(session, identity="652302199001090005")
    make.join_application(session, steps=REFUSED, identity="652302199001090005")
    make.join_application(session, steps=REFUSED, application={"county_code": "652302"})
    hashes = dict.fromkeys(("phone_match", "address_match", "code_match"), b"h" * 32)
    session.add(PhoneCode(purpose="status", sent_at=NOW, **hashes))
    session.commit()
    dropped(180, automatic=True)

    def seen(login):
        client = app.test_client()
        client.set_cookie("lang", "en")
        sign_in(client, login)
        periods = {row[0]: row[2:4] for row in table(client, "Periods in force")}
        return periods["Applications not accepted"], periods["Former members"], table(client, "What was deleted")

    at = "2022-05-29 12:00"
    assert seen("changji-city") == (
        ["1", "1"], ["0", "0"], [[at, "This service, by itself", "1", "Applications not accepted 1"]]
    )  # fmt: skip
    assert seen(NEXT_COUNTY) == (
        ["0", "0"], ["0", "0"], [[at, "This service, by itself", "1", "Applications not accepted 1"]]
    )  # fmt: skip
    assert seen(PREFECTURE) == (
        ["1", "1"],
        ["0", "0"],
        [[at, "This service, by itself", "3", "Applications not accepted 2, Codes sent to phones 1"]],
    )


def test_a_run_that_was_broken_off_is_told_and_the_numbers_are_of_the_last_whole_one(client, session, cast, dropped):
    make.join_application(session, steps=REFUSED, at=NOW + timedelta(days=200))
    dropped(360)
    make.join_application(session, steps=REFUSED)
    dropped(361, go_on=lambda: False)
    sign_in(client)

    rows = table(client, "What was deleted")

    assert [row[1:] for row in rows] == [["Operator of this system", "0", "–"]] * 2
    assert "broken off; the next one goes on" in text_of(client)
    assert "Counted on 2022-11-25 12:00." in text_of(client)
    assert table(client, "Periods in force")[2][2:4] == ["0", "1"]


def test_many_runs_cost_no_more_statements_than_one(client, cast, dropped, statements):
    sign_in(client)
    dropped(1)
    with counted(statements) as one:
        client.get("/retention")
    for days in range(2, 32):
        dropped(days)
    with counted(statements) as thirty:
        client.get("/retention")

    assert len(one) == len(thirty)
    assert len(table(client, "What was deleted")) == 30


def test_the_numbers_name_nobody(client, session, cast, dropped):
    make.join_application(session, steps=REFUSED, name="张小丽", phone="13812341234", plate="新B12345")
    dropped(180)
    sign_in(client, PREFECTURE)

    assert not [told for told in ("张小丽", "13812341234", "1234", "新B12345") if told in text_of(client)]


def test_the_pages_of_what_was_dropped_still_say_what_happened(app, client, session, cast, dropped):
    """A former member, a draft that nobody went on with, and a founding that was refused."""
    person = make.member(session, cast.shunda_union, name="马晓", phone="13912345678")
    make.entry(session, person, cast.shunda_union, "exited", on=date(2021, 11, 30))
    draft = make.founding_application(session, contact_name="李强", group=("李强",))
    steps = (FoundingStep.STARTED, FoundingStep.SUBMITTED, FoundingStep.REFUSED)
    refused = make.founding_application(session, contact_name="李强", steps=steps)
    dropped(400)
    sign_in(client)

    def read(path):
        return unescape(client.get(path).get_data(as_text=True)).split("<main")[1]

    member = read(f"/members/{person.code}")
    assert "Deleted on 2023-01-04" in member
    assert "Only name, identity number and the dates of the membership are kept." in member
    assert ("马晓" in member, person.identity_masked in member, "139****5678" in member) == (True, True, False)
    for row in (draft, refused):
        for path in (f"/foundings/{row.number}", f"/founding/{row.link}"):
            assert "李强" not in read(path)
            assert "138" not in read(path)
    for path in (f"/foundings/{draft.number}", f"/founding/{draft.link}"):
        assert "This service, by itself" in read(path)
        assert "Nobody went on with it for a long time." in read(path)
