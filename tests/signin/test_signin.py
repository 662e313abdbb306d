"""In and out."""

import pytest
from sqlalchemy import select

from enrollment.storage.accounts import Account
from enrollment.storage.audit import AuditEntry
from tests.cast import CITY, PASSWORD, csrf, sign_in


def attempt(client, login=CITY, password=PASSWORD, path="/signin"):
    return client.post(path, data={"login": login, "password": password, "csrf_token": csrf(client, "/signin")})


def test_the_right_password_leads_to_the_desk(client, session, cast):
    answer = attempt(client)

    assert (answer.status_code, answer.location) == (303, "/desk")
    assert "张干部" in client.get("/desk").get_data(as_text=True)
    assert session.scalars(select(AuditEntry.subject).where(AuditEntry.act == "sign_in")).one() == CITY


@pytest.mark.parametrize(("login", "password"), [(CITY, "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(client, cast, login, password):
    answer = attempt(client, login, password)

    assert answer.status_code == 422
    assert "Account or password is wrong." in answer.get_data(as_text=True)
    assert client.get("/desk").status_code == 303


def test_an_account_taken_away_is_out_at_the_next_click(client, session, cast):
    sign_in(client)
    session.get_one(Account, cast.city.id).active = False
    session.commit()

    assert client.get("/desk").status_code == 303


def test_a_new_stamp_ends_every_session(client, session, cast):
    sign_in(client)
    session.get_one(Account, cast.city.id).stamp = "new"
    session.commit()

    assert client.get("/desk").status_code == 303


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/rates", "/rates"),
        ("https://elsewhere.example/", "/desk"),
        ("//elsewhere.example/", "/desk"),
        ("/\\elsewhere.example/", "/desk"),
    ],
)
def test_the_way_on_never_leaves_this_site(client, cast, target, goes_to):
    assert attempt(client, path=f"/signin?next={target}").location == goes_to


def test_signing_out_needs_its_token_and_ends_the_session(client, cast):
    sign_in(client)

    client.post("/signout")
    assert client.get("/desk").status_code == 200
    client.post("/signout", data={"csrf_token": csrf(client, "/desk")})
    assert client.get("/desk").status_code == 303


def test_empty_answers_are_asked_for(client, cast):
    page = attempt(client, "", "").get_data(as_text=True)

    assert "Enter your account." in page
    assert "Enter your password." in page
