"""The own account: password, second factor, recovery codes, sessions."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from enrollment.storage.accounts import Account, Invitation, RecoveryCode, SignIn
from enrollment.storage.audit import AuditEntry
from enrollment.storage.vault import vault
from tests.cast import CITY, PASSWORD, csrf, sign_in
from tests.signin.conftest import NOW

NEW = "xe mao dang ren san"


def post(client, path, page="/account", **sent):
    return client.post(path, data=sent | {"csrf_token": csrf(client, page)})


def text(answer):
    return answer.get_data(as_text=True)


def change(client, present=PASSWORD, password=NEW, again=NEW):
    sent = {"present": present, "password": password, "again": again}
    return post(client, "/account/password", "/account/password", **sent)


@pytest.fixture
def city(client, cast):
    return sign_in(client)


@pytest.fixture
def elsewhere(app, cast):
    """The same cadre at another computer."""
    return sign_in(app.test_client())


def is_in(client):
    return client.get("/desk").status_code == 200


def account(session, cast):
    session.rollback()
    session.expire_all()
    return session.get_one(Account, cast.city.id)


def set_up(client, at=NOW, present=PASSWORD, code=None):
    """Set a second factor up as a person does: with the secret the page shows."""
    page = text(client.get("/account/second-factor"))
    secret = page.split('<code class="secret">')[1].split("<")[0].replace(" ", "")
    sent = {"present": present, "code": code or pyotp.TOTP(secret).at(at)}
    return secret, post(client, "/account/second-factor", "/account/second-factor", **sent)


def codes_on(page):
    return [part.split("<")[0].replace(" ", "") for part in page.split('<code class="secret">')[1:]]


# --- password -----------------------------------------------------------------------------------------------------


def test_a_new_password_ends_every_other_session(city, elsewhere, app, session, cast):
    assert change(city).status_code == 303

    assert is_in(city)
    assert not is_in(elsewhere)
    [line] = session.scalars(select(AuditEntry).where(AuditEntry.act == "change_own_account"))
    assert (line.actor, line.subject, line.note) == ("张干部", CITY, "password")
    fresh = app.test_client()
    sent = {"login": CITY, "password": NEW, "csrf_token": csrf(fresh, "/signin")}
    assert fresh.post("/signin", data=sent).status_code == 303
    assert fresh.post("/signin", data=sent | {"password": PASSWORD}).status_code == 422


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"present": "wrong"}, "This is not your present password."),
        ({"again": "another one"}, "The two passwords differ."),
        ({"password": "kurz", "again": "kurz"}, "This password is too short"),
        ({"password": "passwordpassword", "again": "passwordpassword"}, "This password is easy to guess"),
        ({"password": "x" * 129, "again": "x" * 129}, "This password is too long"),
        ({"present": ""}, "Enter your password."),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(city, elsewhere, session, cast, typed, sentence):
    before = account(session, cast).password_hash
    answer = change(city, **typed)

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert account(session, cast).password_hash == before
    assert is_in(elsewhere)


# --- second factor ------------------------------------------------------------------------------------------------


def test_the_first_code_sets_it_up_and_gives_ten_recovery_codes(city, elsewhere, session, cast, travel):
    secret, answer = set_up(city)

    assert answer.status_code == 200
    assert len(codes_on(text(answer))) == 10
    assert account(session, cast).totp_secret == secret
    assert len(session.scalars(select(RecoveryCode)).all()) == 10
    assert is_in(city)
    assert not is_in(elsewhere)
    own = text(city.get("/account"))
    assert "Set up the second factor anew" in own


def test_the_secret_is_encrypted_at_rest(city, session, cast, travel):
    secret, _answer = set_up(city)

    kept = session.connection().exec_driver_sql("SELECT totp_secret FROM accounts WHERE totp_secret IS NOT NULL")
    assert secret.encode() not in bytes(kept.scalar_one())


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"code": "000000"}, "This code is wrong or was used already."),
        ({"present": "wrong"}, "This is not your present password."),
    ],
)
def test_a_wrong_code_or_password_sets_nothing_up_and_the_secret_stays(city, session, cast, travel, typed, sentence):
    secret, answer = set_up(city, **typed)

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert secret in text(answer).replace(" ", "")
    assert account(session, cast).totp_secret is None


def test_the_code_that_set_it_up_opens_nothing(city, app, session, cast, travel):
    secret, _answer = set_up(city)
    fresh = app.test_client()
    sent = {"login": CITY, "password": PASSWORD, "csrf_token": csrf(fresh, "/signin")}
    fresh.post("/signin", data=sent)
    code = {"code": pyotp.TOTP(secret).at(NOW), "csrf_token": csrf(fresh, "/signin/code")}

    assert fresh.post("/signin/code", data=code).status_code == 422


def test_new_recovery_codes_replace_the_old_ones(city, session, cast, travel):
    _secret, answer = set_up(city)
    again = post(city, "/account/recovery-codes", present=PASSWORD)

    assert set(codes_on(text(again))) & set(codes_on(text(answer))) == set()
    assert len(session.scalars(select(RecoveryCode)).all()) == 10


def test_recovery_codes_need_the_password_and_a_second_factor(city, cast, travel):
    assert "There is no second factor." in text(post(city, "/account/recovery-codes", present=PASSWORD))
    set_up(city)

    assert "This is not your present password." in text(post(city, "/account/recovery-codes", present="wrong"))
    assert post(city, "/account/recovery-codes", present="").status_code == 422


def test_who_need_not_have_one_may_do_without_it_again(city, session, cast, travel):
    set_up(city)

    assert post(city, "/account/second-factor/end", present="wrong").status_code == 422
    assert account(session, cast).totp_secret
    assert post(city, "/account/second-factor/end", present=PASSWORD).status_code == 303
    assert account(session, cast).totp_secret is None
    assert session.scalars(select(RecoveryCode)).all() == []


def test_who_must_have_one_keeps_it(city, session, cast, travel, settings):
    set_up(city)
    settings(second_factor_roles=frozenset({"county_cadre"}))
    answer = post(city, "/account/second-factor/end", present=PASSWORD)

    assert answer.status_code == 422
    assert "Your role needs a second factor." in text(answer)
    assert account(session, cast).totp_secret


@pytest.mark.parametrize("act", ["password", "anew", "dropped"])
def test_whoever_is_half_way_in_or_has_a_link_is_out_when_the_owner_changes_what_opens(
    city, app, session, cast, travel, act
):
    set_up(city)
    link = Invitation(account_id=cast.city.id, token_match=vault.match("link", "invitation"), made_at=NOW)
    link.until = NOW + timedelta(days=7)
    session.add(link)
    session.commit()
    guest = app.test_client()
    guest.post("/signin", data={"login": CITY, "password": PASSWORD, "csrf_token": csrf(guest, "/signin")})
    assert [guest.get(path).status_code for path in ("/signin/code", "/invitation/link")] == [200, 200]

    acts = {
        "password": lambda: change(city).status_code,
        "anew": lambda: set_up(city)[1].status_code,
        "dropped": lambda: post(city, "/account/second-factor/end", present=PASSWORD).status_code,
    }
    assert acts[act]() in (200, 303)

    assert [guest.get(path).status_code for path in ("/signin/code", "/invitation/link")] == [303, 404]
    assert is_in(city)


# --- sessions -----------------------------------------------------------------------------------------------------


def test_all_other_sessions_end_at_one_click(city, elsewhere, session):
    assert "End all other sessions" in text(city.get("/account"))
    city.post("/account/sessions/end")
    assert is_in(elsewhere)

    assert post(city, "/account/sessions/end").status_code == 303

    assert is_in(city)
    assert not is_in(elsewhere)
    assert session.scalars(select(SignIn.ended_by).order_by(SignIn.id)).all() == ["", "ended_by_owner"]
    assert "End all other sessions" not in text(city.get("/account"))


def test_a_session_over_by_itself_is_not_counted_as_open(city, app, cast, travel, settings):
    sign_in(app.test_client())
    settings(session_idle_minutes=30)
    travel(NOW + timedelta(minutes=20))
    assert is_in(city)
    travel(NOW + timedelta(minutes=31))

    assert "End all other sessions" not in text(city.get("/account"))


def test_the_own_page_shows_who_signed_in_from_where(city, session, cast):
    page = text(city.get("/account"))

    assert page.count("127.0.0.1") == 1
    assert "this session" in page


@pytest.mark.parametrize(
    ("role", "goes_to"), [("operator", "/accounts"), ("auditor", "/desk"), ("prefecture_cadre", "/desk?view=mine")]
)
def test_each_role_begins_where_its_work_is(client, session, cast, role, goes_to):
    session.execute(update(Account).where(Account.id == cast.prefecture.id).values(role=role))
    session.commit()
    sign_in(client, cast.prefecture.login)

    assert client.get("/start").location == goes_to


def test_a_contact_begins_at_the_own_employer(client, session, cast):
    changes = {"role": "employer_contact", "employer_id": cast.small_a.id}
    session.execute(update(Account).where(Account.id == cast.city.id).values(**changes))
    session.commit()
    sign_in(client)

    assert client.get("/start").location == f"/employers/{cast.small_a.code}"
