"""Named failures → answers: never a trace, never personal data."""

import pytest
from sqlalchemy import text

from enrollment import create_app
from enrollment.rules.access import Act
from enrollment.storage.database import db
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.limits import LimitCount
from enrollment.web.guard import needs
from tests.conftest import SETTINGS

NUMBER = "652301199001010005"
_failures: dict[str, Exception] = {}


@pytest.fixture(scope="module")
def failing():
    """An application whose every view fails in one of the named ways."""
    app = create_app(SETTINGS.but(database_url="sqlite://"))
    app.testing = True
    with app.app_context():
        LimitCount.__table__.create(db.engine)  # the only one a view that fails is asked about

    @app.get("/fails/<name>")
    @needs(Act.ASK)
    def fails(name):
        raise _failures[name]

    @app.get("/asks-the-database")
    @needs(Act.ASK)
    def asks():
        db.session.execute(text("SELECT 1 FROM nothing WHERE identity = :number"), {"number": NUMBER})

    @app.get("/names-no-act")
    def closed():
        return "open"

    return app


def _failing_client(failing, lang):
    client = failing.test_client()
    client.set_cookie("lang", lang)
    return client


# status, failure, English title, Chinese title
FAILURES = [
    (404, Missing(), "Not found"),
    (409, Conflict(), "Someone was faster"),
    (422, Refused(["no_members", "too_few_units"]), "That cannot be done"),
    (500, ValueError(f"{NUMBER} 13812341234 马晓"), "Something broke on our side"),
]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("status", "failure", "title"), FAILURES, ids=["404", "409", "422", "500"])
def test_a_failure_has_a_page_in_both_languages_without_trace_or_person(failing, lang, status, failure, title):
    _failures["now"] = failure
    answer = _failing_client(failing, lang).get("/fails/now")
    page = answer.get_data(as_text=True)

    assert answer.status_code == status
    assert (f'<h1 class="heading__title">{title}</h1>' in page) is (lang == "en")
    assert f'<html lang="{"en" if lang == "en" else "zh-Hans-CN"}"' in page
    assert not {"Traceback", "ValueError", NUMBER, "13812341234", "马晓", "test_errors"} & set(page.split())
    assert NUMBER not in page
    assert "Traceback" not in page


@pytest.mark.parametrize(("status", "failure", "title"), FAILURES, ids=["404", "409", "422", "500"])
def test_chinese_readers_read_chinese(failing, status, failure, title):
    _failures["now"] = failure
    heading = _failing_client(failing, "zh").get("/fails/now").get_data(as_text=True).split("<h1", 1)[1].split("</h1>")

    assert title not in heading[0]
    assert any("\u4e00" <= character <= "\u9fff" for character in heading[0])


@pytest.mark.parametrize(
    ("path", "status", "title"), [("/nowhere", 404, "Not found"), ("/names-no-act", 403, "Not open to you")]
)
def test_what_is_not_there_and_what_is_closed_have_pages_too(failing, path, status, title):
    answer = _failing_client(failing, "en").get(path)

    assert answer.status_code == status
    assert f'<h1 class="heading__title">{title}</h1>' in answer.get_data(as_text=True)


def test_a_wrong_method_has_a_page_and_no_trace(failing):
    answer = _failing_client(failing, "en").post("/healthz")

    assert answer.status_code == 405
    assert '<h1 class="heading__title">That did not work</h1>' in answer.get_data(as_text=True)


def test_what_is_sent_too_large_is_turned_away(failing):
    answer = _failing_client(failing, "en").post("/signin", data={"login": "x" * 1_000_001})

    assert answer.status_code == 413


def test_all_reasons_of_a_refusal_are_said(failing):
    _failures["now"] = Refused(["no_members", "too_few_units"])
    page = _failing_client(failing, "en").get("/fails/now").get_data(as_text=True)

    assert "At least one member is needed A joint union needs two units or more" in page


def test_htmx_gets_a_failure_as_a_part_for_the_live_region(failing):
    _failures["now"] = Conflict()
    answer = _failing_client(failing, "en").get("/fails/now", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#problem")
    assert "<html" not in answer.get_data(as_text=True)
    assert "Someone was faster" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/fails/now", "/asks-the-database"])
def test_the_log_has_the_place_and_the_reference_the_person_sees_and_no_personal_data(failing, caplog, path):
    _failures["now"] = ValueError(f"{NUMBER} 13812341234 马晓")
    page = _failing_client(failing, "en").get(path).get_data(as_text=True)
    reference = page.split('<strong class="code">', 1)[1].split("</strong>", 1)[0]

    assert len(reference) == 8
    assert f"reference {reference}: " in caplog.text
    assert "test_errors.py" in caplog.text
    assert not [personal for personal in (NUMBER, "13812341234", "马晓") if personal in caplog.text]
    assert NUMBER not in page


@pytest.mark.parametrize(
    ("path", "above"),
    [
        ("/signout", "/"),
        ("/join/referral", "/join"),
        ("/founding/LINK/report", "/founding/LINK"),
        ("/founding/LINK/reminded/UNIT", "/founding/LINK"),
        ("/foundings/NUMBER/papers/group_reply/words", "/foundings/NUMBER/papers/group_reply"),
    ],
)
def test_what_is_only_sent_to_leads_to_the_page_above_when_it_is_opened(client, path, above):
    """A refused answer stands at such an address, and its language link or a reload opens it."""
    answer = client.get(path)

    assert (answer.status_code, answer.location) == (303, above)
