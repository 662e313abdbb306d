"""In and out: the password, the code, too many tries, sessions that end."""

import re
from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from enrollment.settings import ROOT
from enrollment.storage import passwords
from enrollment.storage.accounts import Account, RecoveryCode, SignIn
from enrollment.storage.audit import AuditEntry
from enrollment.storage.sign_ins import Browser, begin_attempt
from enrollment.storage.vault import vault
from tests.cast import CITY, NEXT_COUNTY, PASSWORD, csrf, sign_in
from tests.signin.conftest import NOW

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def protected(session, cast):
    """The city's cadre has a second factor, and two recovery codes."""
    session.execute(update(Account).where(Account.id == cast.city.id).values(totp_secret=SECRET))
    session.add_all(
        RecoveryCode(account_id=cast.city.id, code_match=vault.match(code, "recovery"))
        for code in ("AAAAA22222", "BBBBB33333")
    )
    session.commit()
    return cast.city


def attempt(client, login=CITY, password=PASSWORD, path="/signin", **where):
    sent = {"login": login, "password": password, "csrf_token": csrf(client, "/signin")}
    return client.post(path, data=sent, **where)


def send_code(client, code):
    return client.post("/signin/code", data={"code": code, "csrf_token": csrf(client, "/signin/code")})


def text(answer):
    return answer.get_data(as_text=True)


def outcomes(session):
    session.rollback()
    return list(session.scalars(select(SignIn.outcome).order_by(SignIn.id)))


def is_in(client):
    return client.get("/desk").status_code == 200


def test_the_right_password_leads_to_the_desk(client, session, cast):
    answer = attempt(client)

    assert (answer.status_code, answer.location) == (303, "/start")
    assert client.get("/start").location == "/desk?view=mine"
    assert "张干部" in text(client.get("/desk"))
    assert session.scalars(select(AuditEntry.subject).where(AuditEntry.act == "sign_in")).one() == CITY
    [row] = session.scalars(select(SignIn))
    assert (row.account_id, row.outcome, row.address) == (cast.city.id, "signed_in", "127.0.0.1")


@pytest.mark.parametrize(("login", "password"), [(CITY, "wrong"), ("nobody", PASSWORD), ("nobody", "")])
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(client, session, cast, login, password):
    answer = attempt(client, login, password or "x")

    assert answer.status_code == 422
    assert "Account or password is wrong." in text(answer)
    assert not is_in(client)
    assert outcomes(session) == ["wrong_password"]


def test_what_was_typed_as_the_account_is_kept_nowhere_in_clear(client, session, cast):
    attempt(client, "my-password-by-mistake")

    [row] = session.scalars(select(SignIn))
    assert row.login_match == vault.match("my-password-by-mistake", "login")
    assert "my-password-by-mistake" not in repr([vars(row), list(session.scalars(select(AuditEntry.subject)))])


def test_an_account_not_answered_yet_has_no_password_that_fits(client, session, cast):
    session.execute(update(Account).where(Account.id == cast.city.id).values(password_hash=""))
    session.commit()

    assert attempt(client, password="").status_code == 422
    assert attempt(client, password="x").status_code == 422


def test_an_account_taken_away_is_out_at_the_next_click(client, session, cast):
    sign_in(client)
    session.get_one(Account, cast.city.id).active = False
    session.commit()

    assert not is_in(client)
    assert attempt(client).status_code == 422


def test_an_old_hash_is_made_anew_at_the_next_sign_in(client, session, cast, monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())
    weak = cast.city.password_hash
    attempt(client)

    session.rollback()
    strong = session.scalar(select(Account.password_hash).where(Account.id == cast.city.id))
    assert strong != weak
    assert not PasswordHasher().check_needs_rehash(strong)
    attempt(client)
    session.rollback()
    assert session.scalar(select(Account.password_hash).where(Account.id == cast.city.id)) == strong


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/rates", "/rates"),
        ("https://elsewhere.example/", "/start"),
        ("//elsewhere.example/", "/start"),
        ("/\\elsewhere.example/", "/start"),
    ],
)
def test_the_way_on_never_leaves_this_site(client, cast, target, goes_to):
    assert attempt(client, path=f"/signin?next={target}").location == goes_to


def test_signing_out_needs_its_token_and_ends_the_session_everywhere(client, app, session, cast):
    sign_in(client)
    stolen = app.test_client()
    stolen.set_cookie("enrollment", client.get_cookie("enrollment").value)
    assert is_in(stolen)

    client.post("/signout")
    assert is_in(client)
    client.post("/signout", data={"csrf_token": csrf(client, "/desk")})

    assert not is_in(client)
    assert not is_in(stolen)
    assert session.scalars(select(SignIn.ended_by)).all() == ["signed_out"]


def test_empty_answers_are_asked_for(client, cast):
    page = text(attempt(client, "", ""))

    assert "Enter your account." in page
    assert "Enter your password." in page


def test_a_password_may_be_pasted_and_filled_in_by_a_manager(client, cast):
    fields = re.findall(r'<input[^>]*type="password"[^>]*>', text(client.get("/signin")))
    sign_in(client)
    fields += re.findall(r'<input[^>]*type="password"[^>]*>', text(client.get("/account/password")))

    kinds = [re.search(r'autocomplete="([^"]+)"', field)[1] for field in fields]
    assert kinds == ["current-password", "current-password", "new-password", "new-password"]
    scripts = [path.read_text() for path in (ROOT / "static").glob("*.js") if not path.name.startswith("htmx")]
    assert scripts
    assert [script for script in scripts if "paste" in script] == []


@pytest.mark.parametrize(("minutes", "opens"), [(59, False), (60, True)])
def test_browsers_nobody_knows_have_thirty_wrong_tries_an_hour_together(client, app, cast, travel, minutes, opens):
    with app.test_request_context("/"):
        tries = [begin_attempt(cast.city, CITY, Browser(f"10.0.{n}.1", ""), NOW) for n in range(31)]
    assert [attempt is not None for attempt in tries] == [True] * 30 + [False]
    travel(NOW + timedelta(minutes=minutes))

    assert (attempt(client).status_code == 303) is opens


# --- sessions end -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "lasts"), [(30, True), (31, False)])
def test_a_session_ends_when_nobody_clicks(client, cast, settings, travel, minutes, lasts):
    settings(session_idle_minutes=30, session_hours=12)
    sign_in(client)
    travel(NOW + timedelta(minutes=minutes))

    assert is_in(client) is lasts


def test_each_click_counts(client, cast, settings, travel):
    settings(session_idle_minutes=30, session_hours=12)
    sign_in(client)
    for minutes in (20, 40, 60):
        travel(NOW + timedelta(minutes=minutes))
        assert is_in(client)


def test_a_session_ends_after_the_day_however_busy(client, cast, settings, travel):
    settings(session_idle_minutes=30, session_hours=1)
    sign_in(client)
    for minutes in (25, 50):
        travel(NOW + timedelta(minutes=minutes))
        assert is_in(client)
    travel(NOW + timedelta(minutes=61))

    assert not is_in(client)


# --- too many tries -----------------------------------------------------------------------------------------------


def wrong(client, times, **where):
    return [attempt(client, password="wrong", **where) for _ in range(times)][-1]


def test_the_eleventh_wrong_try_from_one_place_is_not_looked_at(client, session, cast):
    assert "Account or password is wrong." in text(wrong(client, 10))

    answer = attempt(client)
    assert answer.status_code == 422
    assert "Too many wrong tries from here." in text(answer)
    assert outcomes(session) == ["wrong_password"] * 10 + ["too_many"]


def test_an_account_that_does_not_exist_is_locked_alike(client, cast):
    for _ in range(10):
        attempt(client, "nobody")

    assert "Too many wrong tries from here." in text(attempt(client, "nobody"))


def test_after_a_quarter_of_an_hour_it_may_be_tried_again(client, cast, travel):
    wrong(client, 10)
    travel(NOW + timedelta(minutes=15))

    assert attempt(client).status_code == 303


def test_who_tries_elsewhere_does_not_lock_the_owner_out(app, client, cast):
    sign_in(client)  # the owner's browser is known from now on
    attacker = app.test_client()
    attacker.set_cookie("lang", "en")
    for n in range(4):
        wrong(attacker, 10, environ_base={"REMOTE_ADDR": f"10.0.0.{n}"})

    assert "Too many wrong tries" in text(attempt(attacker, environ_base={"REMOTE_ADDR": "10.0.0.9"}))
    assert attempt(client).status_code == 303


def test_the_owner_is_not_locked_out_by_a_neighbor_at_the_same_address(app, client, cast):
    sign_in(client)
    wrong(app.test_client(), 10)

    assert attempt(client).status_code == 303


def test_a_browser_known_to_one_account_is_not_known_to_another(client, cast):
    sign_in(client, NEXT_COUNTY)
    wrong(client, 10)

    assert "Too many wrong tries" in text(attempt(client))
    assert attempt(client, NEXT_COUNTY).status_code == 303


def test_a_forged_mark_of_a_known_browser_counts_for_nothing(client, cast):
    client.set_cookie("known", '["changji-city","made up"].forged')
    wrong(client, 10)
    client.set_cookie("known", '["changji-city","another one"].forged')

    assert "Too many wrong tries" in text(attempt(client))


# --- the second factor --------------------------------------------------------------------------------------------


def test_the_password_alone_does_not_open(client, session, protected):
    answer = attempt(client)

    assert answer.location == "/signin/code"
    assert not is_in(client)
    assert "The password was right." in text(client.get("/signin/code"))
    assert outcomes(session) == ["half_way"]


def test_the_code_opens_and_leads_where_one_wanted_to_go(client, session, protected, travel):
    attempt(client, path="/signin?next=/rates")
    answer = send_code(client, pyotp.TOTP(SECRET).at(NOW))

    assert (answer.status_code, answer.location) == (303, "/rates")
    assert is_in(client)
    assert outcomes(session) == ["half_way", "signed_in"]


@pytest.mark.parametrize(("seconds", "opens"), [(-30, True), (30, True), (-60, False), (60, False)])
def test_a_clock_may_be_half_a_minute_off(client, protected, travel, seconds, opens):
    attempt(client)

    assert (send_code(client, pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=seconds))).status_code == 303) is opens


def test_a_code_is_good_once(client, app, protected, travel):
    code = pyotp.TOTP(SECRET).at(NOW)
    attempt(client)
    assert send_code(client, code).status_code == 303

    second = app.test_client()
    second.set_cookie("lang", "en")
    attempt(second)
    answer = send_code(second, code)

    assert answer.status_code == 422
    assert "This code is wrong or was used already." in text(answer)
    assert not is_in(second)


def test_a_code_may_be_typed_in_wide_digits_with_a_space(client, protected, travel):
    attempt(client)
    wide = pyotp.TOTP(SECRET).at(NOW).translate({ord("0") + n: chr(ord("０") + n) for n in range(10)})

    assert send_code(client, f"{wide[:3]} {wide[3:]}").status_code == 303


@pytest.mark.parametrize("typed", ["AAAAA22222", "aaaaa 22222"])
def test_a_recovery_code_opens_once(client, session, protected, typed):
    attempt(client)
    assert send_code(client, typed).status_code == 303
    assert outcomes(session) == ["half_way", "recovered"]

    attempt(client)
    assert send_code(client, typed).status_code == 422
    assert send_code(client, "BBBBB33333").status_code == 303


@pytest.mark.parametrize("code", ["000000", "CCCCC44444", "一二三四五六", "٠٠٠٠٠٠"])
def test_a_wrong_code_opens_nothing_and_is_counted(client, session, protected, travel, code):
    attempt(client)

    assert send_code(client, code).status_code == 422
    assert not is_in(client)
    assert outcomes(session) == ["half_way", "wrong_code"]


def test_wrong_codes_are_too_many_too(client, protected, travel):
    attempt(client)
    for _ in range(10):
        send_code(client, "000000")

    assert "Too many wrong tries from here." in text(send_code(client, pyotp.TOTP(SECRET).at(NOW)))
    assert not is_in(client)


@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (5, 303)])
def test_the_code_is_asked_for_five_minutes(client, protected, travel, minutes, status):
    attempt(client)
    travel(NOW + timedelta(minutes=minutes))

    assert client.get("/signin/code").status_code == status


def test_what_was_half_way_long_ago_is_not_said_to_have_ended_now(client, app, session, protected, travel):
    attempt(client)
    travel(NOW + timedelta(minutes=6))
    attempt(client)
    other = app.test_client()
    attempt(other)
    assert send_code(other, pyotp.TOTP(SECRET).at(NOW + timedelta(minutes=6))).status_code == 303
    assert other.post("/account/sessions/end", data={"csrf_token": csrf(other, "/account")}).status_code == 303

    ended = select(SignIn.outcome, SignIn.ended_by).order_by(SignIn.id)
    assert session.execute(ended).all() == [
        ("half_way", ""),
        ("half_way", "ended_by_owner"),
        ("half_way", "ended_by_owner"),
        ("signed_in", ""),
    ]


def test_without_a_password_no_code_is_asked(client, protected):
    answer = client.get("/signin/code")

    assert (answer.status_code, answer.location) == (303, "/signin")


def test_an_account_ended_half_way_is_out(client, session, protected):
    attempt(client)
    session.execute(update(Account).values(active=False))
    session.commit()

    assert client.get("/signin/code").location == "/signin"


def test_who_must_have_a_second_factor_sets_it_up_before_anything_else(client, cast, settings):
    settings(second_factor_roles=frozenset({"county_cadre"}))
    sign_in(client)

    assert client.get("/desk").location == "/account/second-factor"
    assert client.get("/account").location == "/account/second-factor"
    assert client.get("/join").status_code == 200  # everybody's
    assert client.get("/account/second-factor").status_code == 200
    assert client.post("/signout", data={"csrf_token": csrf(client, "/join/form?group=courier")}).status_code == 303


def test_who_need_not_have_one_goes_on(client, cast, settings):
    settings(second_factor_roles=frozenset({"operator"}))
    sign_in(client)

    assert is_in(client)
