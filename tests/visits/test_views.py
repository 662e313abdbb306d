"""The visit's form on a phone, its list, its page with the code to scan."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from enrollment.rules.applications import Step
from enrollment.storage.visits import Visit
from enrollment.web import clock
from tests import make
from tests.cast import CITY, NEXT_COUNTY, PREFECTURE, Cast, sign_in

FILLED = {
    "kind": "summer_cooling",
    "visited_on": "2021-07-01",
    "region_code": "652301001",
    "place": "物流园北门",
    "people_met": "40",
    "goods": "矿泉水、毛巾",
    "amount": "1200.05",
    "fund": "upper_union",
    "note": "很热",
}


def _hidden(text: str, name: str) -> str:
    return text.split(f'name="{name}"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def _send(client: FlaskClient, **changes: str) -> TestResponse:
    text = client.get("/visits/new").get_data(as_text=True)
    kept = {name: _hidden(text, name) for name in ("csrf_token", "submission_key")}
    return client.post("/visits/new?lang=en", data=FILLED | kept | changes)


def _text(answer: TestResponse) -> str:
    return " ".join(answer.get_data(as_text=True).split())


@pytest.mark.usefixtures("cast")
def test_a_visit_is_logged_and_its_page_shown(client: FlaskClient, session: Session) -> None:
    answer = _send(sign_in(client))

    visit = session.scalars(select(Visit)).one()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/visits/{visit.code}")
    assert (visit.place, visit.people_met, visit.amount_fen, visit.fund) == ("物流园北门", 40, 120_005, "upper_union")
    assert (visit.visited_on, visit.county_code, visit.note) == (date(2021, 7, 1), "652301", "很热")


@pytest.mark.usefixtures("cast")
def test_the_form_begins_with_today_and_the_own_townships(client: FlaskClient) -> None:
    text = _text(sign_in(client).get("/visits/new"))

    assert f'value="{clock.today()}"' in text
    assert '<option value="652301001">宁边路街道</option>' in text
    assert "652302001" not in text
    assert "<optgroup" not in text


@pytest.mark.usefixtures("cast")
def test_the_prefecture_finds_townships_under_their_counties(client: FlaskClient) -> None:
    text = _text(sign_in(client, PREFECTURE).get("/visits/new"))

    assert '<optgroup label="阜康市"><option value="652302001">' in text


@pytest.mark.usefixtures("cast")
def test_a_second_tap_leads_to_the_same_visit(client: FlaskClient, session: Session) -> None:
    sign_in(client)
    text = client.get("/visits/new").get_data(as_text=True)
    filled = FILLED | {name: _hidden(text, name) for name in ("csrf_token", "submission_key")}

    first, second = (client.post("/visits/new", data=filled) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert len(session.scalars(select(Visit)).all()) == 1


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize(
    "question, answer, sentence",
    [
        ("people_met", "-1", "Enter a number from 0 to 100000."),
        ("people_met", "many", "Enter a whole number, such as 40."),
        ("people_met", "", "Enter how many people you met."),
        ("amount", "-5", "Enter the amount in yuan, such as 1200 or 86.50."),
        ("amount", "1.005", "Enter the amount in yuan, such as 1200 or 86.50."),
        ("amount", "NaN", "Enter the amount in yuan, such as 1200 or 86.50."),
        ("amount", "99999999", "Enter the amount in yuan, such as 1200 or 86.50."),
        ("visited_on", "soon", "Enter a day such as 2021-11-30."),
        ("visited_on", "", "Enter the day of the visit."),
        ("visited_on", str(clock.today() + timedelta(days=2)), "Enter a day that has been."),
        ("region_code", "", "Choose the township."),
        ("place", "  ", "Enter the place of the visit."),
        ("place", "长" * 121, "Enter at most 120 characters."),
        ("place", "\x00", "Enter the place of the visit."),
        ("note", "字" * 501, "Enter at most 500 characters."),
        ("host", "没有这家", "No union or employer here has exactly this name."),
    ],
)
def test_an_answer_that_does_not_fit_is_told_and_the_others_are_kept(
    client: FlaskClient, session: Session, question: str, answer: str, sentence: str
) -> None:
    sent = _send(sign_in(client), **{question: answer})

    text = _text(sent)
    assert sent.status_code == 422
    assert sentence in text
    for other in {"place": "物流园北门", "goods": "矿泉水、毛巾", "people_met": "40", "amount": "1200.05"}.items():
        if other[0] != question:
            assert f'name="{other[0]}"' in text
            assert f'value="{other[1]}"' in text
    assert "很热</textarea>" in text or question == "note"
    assert session.scalars(select(Visit)).all() == []


@pytest.mark.usefixtures("cast")
def test_what_was_typed_wrong_is_shown_again(client: FlaskClient) -> None:
    text = _text(_send(sign_in(client), people_met="-1", amount="1.005"))

    assert 'value="-1"' in text
    assert 'value="1.005"' in text


@pytest.mark.usefixtures("cast")
def test_a_township_of_the_next_county_cannot_be_sent(client: FlaskClient, session: Session) -> None:
    assert _send(sign_in(client), region_code="652302001").status_code == 422
    assert session.scalars(select(Visit)).all() == []


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("typed, fen", [("", 0), ("86.5", 8650), ("１２００", 120_000), ("1,200.50", 120_050)])
def test_the_amount_is_exact_however_it_is_typed(client: FlaskClient, session: Session, typed: str, fen: int) -> None:
    assert _send(sign_in(client), amount=typed).status_code == 303

    assert session.scalars(select(Visit.amount_fen)).one() == fen


def test_a_name_in_part_is_answered_with_the_names_near_it(client: FlaskClient, session: Session, cast: Cast) -> None:
    sent = _send(sign_in(client), host="快马")

    assert sent.status_code == 422
    assert f'<option value="{cast.small_a.name}"></option>' in _text(sent)
    assert _send(client, host=cast.small_a.name).status_code == 303
    assert session.scalars(select(Visit.employer_id)).one() == cast.small_a.id


@pytest.mark.usefixtures("cast")
def test_names_are_offered_while_one_is_typed(client: FlaskClient) -> None:
    part = sign_in(client).get("/visits/names?host=快马", headers={"HX-Request": "true"})
    whole = client.get("/visits/names?host=飞驰")

    assert _text(part) == '<datalist id="near-names"> <option value="快马网点"></option> </datalist>'
    assert '<option value="飞驰网点"></option>' in _text(whole)
    assert "<h1>" in _text(whole)


@pytest.mark.usefixtures("cast")
def test_htmx_gets_the_form_alone_and_is_told_where_to_go(client: FlaskClient) -> None:
    sign_in(client)
    text = client.get("/visits/new").get_data(as_text=True)
    filled = FILLED | {name: _hidden(text, name) for name in ("csrf_token", "submission_key")}

    wrong = client.post("/visits/new", data=filled | {"people_met": "-1"}, headers={"HX-Request": "true"})
    right = client.post("/visits/new", data=filled, headers={"HX-Request": "true"})

    assert wrong.status_code == 422
    assert _text(wrong).startswith('<form class="form" id="visit-form"')
    assert right.headers["HX-Redirect"].startswith("/visits/")


@pytest.mark.usefixtures("cast")
def test_an_expired_page_keeps_what_was_typed(client: FlaskClient, session: Session) -> None:
    sent = _send(sign_in(client), csrf_token="old")

    assert sent.status_code == 422
    assert 'value="物流园北门"' in _text(sent)
    assert session.scalars(select(Visit)).all() == []


def test_the_page_shows_facts_code_and_what_came_of_it(client: FlaskClient, session: Session, cast: Cast) -> None:
    visit = make.visit(session, union_id=cast.joint_union.id, account_id=cast.city.id, note="很热")
    make.join_application(session, application={"visit_id": visit.id})
    make.join_application(session, steps=(Step.SUBMITTED, Step.APPROVED), application={"visit_id": visit.id})

    text = _text(sign_in(client).get(f"/visits/{visit.code}?lang=en"))

    assert f"http://localhost/v/{visit.code}</a>" in text
    assert '<svg viewBox="0 0' in text
    assert "style=" not in text.split("<main", 1)[1]
    assert '<p class="figure__label">Applications started</p> <p class="figure__number">2</p>' in text
    assert '<p class="figure__label">Applications approved</p> <p class="figure__number">1</p>' in text
    for fact in ("Summer cooling", "昌吉市快递行业联合工会委员会", "1,200.00", "Own union", "很热", "张干部"):
        assert fact in text


def test_an_employers_visit_without_money_names_no_fund(client: FlaskClient, session: Session, cast: Cast) -> None:
    visit = make.visit(session, employer_id=cast.shunda.id, amount_fen=0, goods="")

    text = _text(sign_in(client).get(f"/visits/{visit.code}?lang=en"))

    assert "<dd>顺达快递有限公司</dd>" in text
    assert "Own union" not in text


@pytest.mark.usefixtures("cast")
def test_the_visit_of_another_county_is_not_there(client: FlaskClient, session: Session) -> None:
    visit = make.visit(session)

    sign_in(client, NEXT_COUNTY)

    assert client.get(f"/visits/{visit.code}").status_code == 404
    assert client.get("/visits/NOTHING2").status_code == 404
    assert visit.code not in client.get("/visits").get_data(as_text=True)
    assert visit.code not in client.get("/visits.csv").get_data(as_text=True)
    for path in ("/visits", "/visits.csv"):
        assert client.get(f"{path}?county=652301").status_code == 404


@pytest.mark.usefixtures("cast")
def test_the_list_says_how_many_and_its_file_has_the_same(client: FlaskClient, session: Session) -> None:
    make.visit(session, code="OLD")
    make.visit(session, code="NEW", visited_on=date(2021, 8, 2), amount_fen=5)
    make.visit(session, code="WINTER", visited_on=date(2021, 8, 3), kind="winter_warmth")
    asked = "kind=summer_cooling&from=2021-07-01&to=2021-08-02"

    text = _text(sign_in(client, CITY).get(f"/visits?{asked}&lang=en"))
    lines = client.get(f"/visits.csv?{asked}&lang=en").get_data().decode("utf-8-sig").splitlines()

    assert "2 visits · 80 people met · 1,200.05 yuan" in text
    assert f'href="/visits.csv?{asked.replace("&", "&amp;")}"' in text
    assert "WINTER" not in text
    assert [line.split(",")[0] for line in lines] == ["Code", "NEW", "OLD"]


@pytest.mark.usefixtures("cast")
def test_the_prefecture_can_look_at_one_county(client: FlaskClient, session: Session) -> None:
    make.visit(session, code="HERE")
    make.visit(session, code="THERE", county_code="652302", region_code="652302001")

    text = _text(sign_in(client, PREFECTURE).get("/visits?county=652302"))

    assert "/visits/THERE" in text
    assert "/visits/HERE" not in text


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("asked", ["from=bad", "to=2021-02-30", "kind=unheard"])
def test_a_filter_that_makes_no_sense_is_told(client: FlaskClient, asked: str) -> None:
    sign_in(client)

    assert client.get(f"/visits?{asked}").status_code == 422
    assert client.get(f"/visits.csv?{asked}").status_code == 422


@pytest.mark.usefixtures("cast")
def test_a_long_list_has_a_next_and_a_previous_page(client: FlaskClient, session: Session) -> None:
    for _ in range(51):
        make.visit(session)

    sign_in(client)

    assert 'rel="next" href="/visits?page=2"' in _text(client.get("/visits"))
    assert 'rel="prev" href="/visits?page=1"' in _text(client.get("/visits?page=2"))


@pytest.mark.usefixtures("cast")
def test_without_any_visit_the_list_says_so(client: FlaskClient) -> None:
    assert "No visit yet that fits." in _text(sign_in(client).get("/visits?lang=en"))


def test_a_visitor_is_sent_to_sign_in(client: FlaskClient) -> None:
    for path in ("/visits", "/visits/new", "/visits/ABC", "/visits.csv"):
        assert client.get(path).headers["Location"] == f"/signin?next={path}"
