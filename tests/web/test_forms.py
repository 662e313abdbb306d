"""The form every question stands on, and how values are written."""

from datetime import UTC, date, datetime

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from enrollment.rules.identity import check_name
from enrollment.web.filters import beijing, law_line, qr, region_name, yuan
from enrollment.web.forms import CheckedField, Day, Form, OnceForm, choices, normal, not_in_the_future, township_choices
from enrollment.web.wording import says, word_for
from tests.cast import csrf

GUIDE = "/join/form?group=courier&pay=station&work_region=652301001&home_region=652301002"
KEY = "A" * 24
TYPED = {
    "name": "阿卜杜拉•买买提",
    "identity": "652301199001010005",
    "phone": "+86 138 1234 1234",
    "identity_consent": "y",
    "without_code": "y",
}


@pytest.mark.parametrize("token", ["expired", "missing", "of somebody else"])
def test_a_page_open_for_too_long_keeps_what_was_typed(app, client, cast, session, monkeypatch, token):
    tokens = {"expired": csrf(client, GUIDE), "missing": "", "of somebody else": csrf(app.test_client(), GUIDE)}
    if token == "expired":
        monkeypatch.setitem(app.config, "WTF_CSRF_TIME_LIMIT", -1)
    answer = client.post(GUIDE, data=TYPED | {"csrf_token": tokens[token], "submission_key": KEY})
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert "This page was open for too long. Nothing is lost: please send it once more." in page
    assert [text in page for text in ("阿卜杜拉•买买提", "652301199001010005", "+86 138 1234 1234")] == [True] * 3
    assert f'value="{KEY}"' in page


def test_sent_once_more_it_counts(client, cast, monkeypatch, app):
    monkeypatch.setitem(app.config, "WTF_CSRF_TIME_LIMIT", -1)
    old = client.post(GUIDE, data=TYPED | {"csrf_token": csrf(client, GUIDE), "submission_key": KEY})
    monkeypatch.setitem(app.config, "WTF_CSRF_TIME_LIMIT", 8 * 3600)
    fresh = old.get_data(as_text=True).split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]

    assert client.post(GUIDE, data=TYPED | {"csrf_token": fresh, "submission_key": KEY}).status_code == 303


class Asked(OnceForm):
    class Meta(OnceForm.Meta):
        csrf = False

    name = CheckedField(validators=[normal(check_name)])
    on = Day(validators=[not_in_the_future(lambda: date(2021, 11, 30))])
    note = StringField()


def sent(**answers):
    return Asked(MultiDict(answers))


def test_texts_are_stripped_and_the_normal_form_stands_beside_what_was_typed(context):
    form = sent(name="  阿卜杜拉•买买提 ", on=" 2021-11-30 ", note=" x ")

    assert form.validate()
    assert (form.name.data, form.name.normal, form.on.data, form.note.data) == (
        "阿卜杜拉•买买提",
        "阿卜杜拉·买买提",
        date(2021, 11, 30),
        "x",
    )


def test_answers_are_an_allow_list_without_the_tokens(context):
    form = sent(name="马晓", on="2021-11-30", note="x", submission_key="one", admin="yes")

    assert form.answers == {"name": "马晓", "on": date(2021, 11, 30), "note": "x"}
    assert form.submission_key.data == "one"


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"name": "马1", "on": "2021-11-30"}, {"name": ["The name has characters that do not belong in a name."]}),
        ({"name": "马", "on": "2021-12-01"}, {"on": ["Enter a day that has been."]}),
        ({"name": "马", "on": "30.11.2021"}, {"on": ["Enter a day such as 2021-11-30."]}),
        ({"name": "马", "on": "2021-02-29"}, {"on": ["Enter a day such as 2021-11-30."]}),
        ({"name": "", "on": ""}, {"name": ["Enter your name."], "on": ["Enter a day such as 2021-11-30."]}),
    ],
)
def test_what_is_wrong_is_said_beside_the_question(context, answers, errors):
    form = sent(**answers)

    assert not form.validate()
    assert {name: [str(text) for text in texts] for name, texts in form.errors.items()} == errors
    assert form.name.normal in ("", "马")


def test_each_showing_of_a_form_has_a_key_of_its_own(context):
    keys = {str(Asked(formdata=None).submission_key.data) for _ in range(3)}

    assert len(keys) == 3
    assert {len(key) for key in keys} == {24}


def test_choices_can_begin_with_an_empty_one_and_stand_in_groups(context):
    assert [(each.value, str(each.label)) for each in choices({"a": "A"}, first="Choose")] == [
        ("", "Choose"),
        ("a", "A"),
    ]
    assert [each.optgroup for each in choices({"a": "A"}, group="B")] == ["B"]


@pytest.mark.parametrize(("with_corps", "number"), [(True, 110), (False, 93)])
def test_townships_are_offered_with_the_farms_of_the_corps_or_without(context, with_corps, number):
    offered = township_choices(first="Choose", with_corps=with_corps)

    assert len(offered) == number
    assert ("652301503" in [each.value for each in offered]) is with_corps
    assert next(each.optgroup for each in offered if each.value == "652327106") == "准东经济技术开发区"


# --- values on a page ----------------------------------------------------------------------------------------------


def test_an_instant_is_written_in_beijing_time():
    assert beijing(datetime(2021, 11, 30, 16, 5, tzinfo=UTC)) == "2021-12-01 00:05"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("652301001", "昌吉市 宁边路街道"),
        ("652301", "昌吉市"),
        ("652300", "昌吉回族自治州"),
        ("ZD", "准东经济技术开发区"),
        ("650102002", "650102002"),
        (None, ""),
    ],
)
def test_a_place_is_named_with_its_county(code, name):
    assert region_name(code) == name


@pytest.mark.parametrize(
    ("code", "name"), [("outside", "Outside the prefecture"), ("659004", "Wujiaqu, or a farm of the Corps")]
)
def test_a_place_beyond_is_named_in_words(context, code, name):
    assert region_name(code) == name


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (5, "0.05"), (120_000, "1,200.00"), (123_456_789, "1,234,567.89")]
)
def test_money_is_written_in_yuan(fen, text):
    assert yuan(fen) == text


def test_the_law_is_cited_by_title_once_with_the_day(context):
    line = law_line(("LAW-2", "REG-4", "REG-5", "LAW-1"), date(2021, 12, 31))

    assert line == "《工会会员会籍管理办法》、《中华人民共和国工会法》（2009年修正）第三条, as in force on 2021-12-31"


def test_a_qr_code_is_a_picture_without_style_or_script():
    picture = qr("https://example.cn/v/ABC")

    assert picture.startswith("<svg")
    assert not [word for word in ("style", "script", "width=") if word in picture]


def test_a_code_without_words_fails_loudly_and_no_code_is_nothing(context):
    assert word_for("courier", "group") == "Courier"
    assert word_for(None, "group") == word_for("", "group") == ""
    with pytest.raises(KeyError):
        word_for("pilot", "group")
    with pytest.raises(KeyError):
        says("because")


def test_a_form_without_groups_is_drawn_in_its_own_order():
    assert Form.groups == []
