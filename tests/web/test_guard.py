"""Who is asking, and what is closed to them."""

import pytest
from flask import Response
from flask_login import login_user
from werkzeug.exceptions import Forbidden

from enrollment import create_app
from enrollment.rules.access import VISITOR, Act, Actor, Role
from enrollment.rules.regions import PREFECTURE, Territory
from enrollment.storage.database import db
from enrollment.storage.failures import Missing
from enrollment.web import guard
from enrollment.web.browsers import browser_name
from enrollment.web.guard import Seat, SignedIn
from tests.cast import sign_in
from tests.conftest import SETTINGS

HTMX = {"HX-Request": "true"}


@pytest.fixture
def as_city(context, cast):
    """A request of the cadre of Changji city."""
    login_user(SignedIn("token", Seat(1, cast.city, None)))


def test_without_a_session_somebody_is_a_visitor_with_no_territory(context):
    assert guard.actor() == VISITOR
    with pytest.raises(Forbidden):
        guard.own_territory()
    with pytest.raises(Forbidden):
        guard.own_seat()


def test_a_cadre_is_known_by_role_name_and_territory(as_city, cast):
    assert guard.actor() == Actor(Role.COUNTY_CADRE, "张干部", cast.city.id, Territory("652301"), desk_id=cast.city.id)
    assert guard.own_territory() == Territory("652301")


@pytest.mark.parametrize("code", [None, "", "652301"])
def test_the_own_county_may_be_asked_for_or_taken_for_granted(as_city, code):
    assert guard.asked_territory(code) == Territory("652301")


@pytest.mark.parametrize("code", ["652302", PREFECTURE, "ZD", "652301001", "nowhere"])
def test_another_territory_is_not_there(as_city, code):
    with pytest.raises(Missing):
        guard.asked_territory(code)


def test_the_prefecture_may_ask_for_each_part_of_itself(context, cast):
    login_user(SignedIn("token", Seat(1, cast.prefecture, None)))

    assert guard.asked_territory("ZD") == Territory("ZD")
    assert guard.asked_territory(None) == Territory(PREFECTURE)


@pytest.mark.parametrize("token", ["", "x", "1", "a token nobody was given"])
def test_a_token_nobody_was_given_is_nobodys(context, cast, token):
    assert guard.login_manager._user_callback(token) is None


@pytest.mark.parametrize(
    ("headers", "status", "header"), [({}, 303, "Location"), (HTMX, 200, "HX-Redirect")], ids=["browser", "htmx"]
)
def test_who_is_not_signed_in_is_led_to_the_door_and_on_from_there(client, cast, headers, status, header):
    answer = client.get("/members/P1", headers=headers)

    assert (answer.status_code, answer.headers[header]) == (status, "/signin?next=/members/P1")


def test_an_act_that_is_nobodys_is_closed_to_a_cadre_too(client, cast, monkeypatch, app):
    sign_in(client)
    monkeypatch.setattr(app.view_functions["unions.all"], "act", Act.LOAD_DEMO)
    answer = client.get("/unions")

    assert answer.status_code == 403
    assert "Your account may not do this." in answer.get_data(as_text=True)


def test_a_view_that_names_no_act_is_closed_to_everybody(tmp_path):
    app = create_app(SETTINGS.but(database_url=f"sqlite:///{tmp_path}/guard.sqlite3"))
    app.add_url_rule("/forgotten", view_func=lambda: Response("open"))
    answer = app.test_client().get("/forgotten")

    assert answer.status_code == 403
    assert "open" not in answer.get_data(as_text=True)
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("path", ["/join?group=%00", "/v/%00", "/status/a%00b"])
def test_what_no_database_takes_is_refused_before_it_asks(client, path):
    assert client.get(path).status_code == 400


CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Chrome, Windows"),
        (f"{CHROME} Edg/120.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 9) Chrome/86.0 Mobile Safari/537.36 MicroMessenger/8.0", "WeChat, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) Version/15.0 Safari/604.1", "Safari, iPhone"),
        ("curl/8.0", ""),
    ],
)
def test_a_browser_is_called_what_people_call_it(agent, name):
    assert browser_name(agent) == name
