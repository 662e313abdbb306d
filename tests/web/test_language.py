"""Chinese by default, English when asked for."""

import pytest

from enrollment.web.language import CATALOG


@pytest.fixture
def reader(app):
    """Somebody who has not chosen a language."""
    return app.test_client()


def language(answer):
    return answer.get_data(as_text=True).split('<html lang="', 1)[1].split('"', 1)[0]


def test_the_first_page_is_chinese(reader):
    assert language(reader.get("/")) == "zh-Hans-CN"


def test_a_language_once_asked_for_is_remembered(reader):
    first = reader.get("/?lang=en")
    [cookie] = first.headers.getlist("Set-Cookie")

    assert language(first) == "en"
    assert cookie.startswith("lang=en;")
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=31536000"} <= {part.strip() for part in cookie.split(";")}
    assert language(reader.get("/")) == "en"
    assert language(reader.get("/?lang=zh")) == "zh-Hans-CN"
    assert language(reader.get("/")) == "zh-Hans-CN"


@pytest.mark.parametrize("asked", ["fr", "../..", "", "zh_Hans_CN"])
def test_a_language_that_is_not_there_is_not_remembered(reader, asked):
    answer = reader.get("/", query_string={"lang": asked})

    assert language(answer) == "zh-Hans-CN"
    assert answer.headers.getlist("Set-Cookie") == []


def test_the_phones_own_language_does_not_decide(reader):
    assert language(reader.get("/", headers={"Accept-Language": "en"})) == "zh-Hans-CN"


def test_the_link_to_the_other_language_keeps_what_was_asked(reader):
    page = reader.get("/join?group=courier&visit=ABC").get_data(as_text=True)

    assert 'href="/join?group=courier&amp;visit=ABC&amp;lang=en" lang="en"' in page


def test_a_page_says_in_which_direction_it_is_read(reader):
    assert ' dir="ltr"' in reader.get("/").get_data(as_text=True)


def test_the_catalog_is_a_text_that_is_there():
    assert CATALOG.is_file()
