"""Limits: exact however many ask at once, wide enough for a depot behind one address, tighter for guesses."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update

from enrollment import create_app
from enrollment.rules.access import VISITOR, may
from enrollment.settings import ROOT, Settings, SettingsError
from enrollment.storage.accounts import Account
from enrollment.storage.database import db
from enrollment.storage.limits import DatabaseStorage, LimitCount
from enrollment.web import clock, limiter
from tests import make
from tests.cast import CITY, NEXT_COUNTY, PASSWORD, csrf, sign_in
from tests.conftest import SETTINGS

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture
def limits(monkeypatch):
    """The limits, made small by a test."""

    def at(**numbers):
        for name, number in numbers.items():
            monkeypatch.setitem(limiter.LIMITS, name, number)

    return at


def from_address(address):
    return {"environ_base": {"REMOTE_ADDR": address}}


def test_whatever_a_visitor_can_send_has_a_limit(app):
    views = {
        rule.endpoint: app.view_functions[rule.endpoint].act
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and may(VISITOR, app.view_functions[rule.endpoint].act)
    }

    assert len(views) > 20
    assert [endpoint for endpoint, act in views.items() if act not in limiter.OF_ACTS] == []
    assert set(limiter.OF_ACTS) == set(views.values())
    assert set(limiter.OF_ACTS.values()) | {"draw", "guess"} == set(limiter.LIMITS)


def test_what_is_made_anew_for_each_that_asks_has_a_limit(app):
    drawn = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "limit", "") == "draw"
    }

    assert drawn == {"/card/<link>/qr.png", "/join/answer/picture", "/founding/<link>/papers/<kind>.docx"}


# --- exact ---------------------------------------------------------------------------------------------------------


def test_of_sixty_threads_at_once_exactly_twenty_pass(app, limits):
    limits(apply=20)

    def attempt(_number):
        with app.app_context():
            return limiter.take("apply", "203.0.113.7")

    with ThreadPoolExecutor(12) as pool:
        passed = sum(pool.map(attempt, range(60)))

    assert passed == 20


PROCESS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from enrollment import create_app
from enrollment.web import limiter
from tests.conftest import SETTINGS

app = create_app(SETTINGS.but(database_url=sys.argv[1]))
limiter.LIMITS["apply"] = 20

def attempt(_number):
    with app.app_context():
        return limiter.take("apply", "203.0.113.7")

print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(attempt, range(20))))
"""


def test_of_three_processes_with_twenty_attempts_each_exactly_twenty_pass(app, tmp_path):
    with app.app_context():
        url = db.engine.url
    if url.get_backend_name() == "sqlite":  # a file of its own: the tests exchange theirs while they hold it open
        shutil.copy(Path(url.database).with_suffix(".empty"), tmp_path / "limits.sqlite3")
        url = url.set(database=str(tmp_path / "limits.sqlite3"))
    address = url.render_as_string(hide_password=False)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    command = [sys.executable, "-c", PROCESS, address]
    workers = [subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, **pipes) for _ in range(3)]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()

    assert sum(int(worker.communicate(timeout=60)[0]) for worker in workers) == 20


def test_a_window_begins_with_its_first_hit_and_ends_after_an_hour(context, session, limits):
    limits(apply=2)

    assert [limiter.take("apply", "a") for _ in range(3)] == [True, True, False]
    assert limiter.is_over("apply", "a")
    assert not limiter.is_over("apply", "b")
    assert 3590 <= limiter.too_many("apply", "a").retry_after <= 3600

    session.execute(update(LimitCount).values(until_at=clock.now()))
    session.commit()
    db.session.rollback()  # the next request looks anew
    assert not limiter.is_over("apply", "a")
    assert [limiter.take("apply", "a") for _ in range(3)] == [True, True, False]


def test_what_was_counted_can_be_forgotten(context, limits):
    limits(sign_in=1)
    taken = [limiter.take("sign_in", "a"), limiter.take("sign_in", "a"), limiter.take("sign_in", "b")]

    limiter.clear("sign_in", "a")

    assert taken == [True, False, True]
    assert (limiter.is_over("sign_in", "a"), limiter.is_over("sign_in", "b")) == (False, True)


def test_a_storage_answers_all_the_package_asks_for(context):
    storage = DatabaseStorage(clock.now)

    assert storage.check()
    assert (storage.incr("one", 60), storage.incr("one", 60, 5)) == (1, 6)
    assert (storage.get("one"), storage.get("two")) == (6, 0)
    assert abs(storage.get_expiry("two") - clock.now().timestamp()) < 5
    db.session.rollback()
    assert (storage.reset(), storage.get("one")) == (1, 0)


def test_windows_that_have_ended_are_swept_away_some_at_a_time(context, session):
    now = clock.now()
    ended = [{"key": f"old/{number}", "hits": 1, "until_at": now - timedelta(days=1)} for number in range(60)]
    session.execute(insert(LimitCount), [*ended, {"key": "young", "hits": 1, "until_at": now + timedelta(hours=1)}])
    session.commit()

    def left(*hits):
        for who in hits:
            limiter.take("apply", who)
        session.rollback()
        return session.scalar(select(func.count()).select_from(LimitCount))

    assert (left("a"), left("a"), left("b")) == (12, 12, 3)  # fifty, none, the last ten


def test_neither_an_address_nor_a_number_stands_in_clear(context, session):
    limiter.take("apply", "203.0.113.7", "13812341234")

    key = session.scalars(select(LimitCount.key)).one()
    name, who, *often = key.split("/")
    assert (name, len(who), often) == ("apply", 32, ["1200", "1", "hour"])
    assert set(who) <= set("0123456789abcdef")


# --- at the door ---------------------------------------------------------------------------------------------------


def test_over_the_limit_says_when_to_come_again_and_keeps_what_was_typed(client, cast, limits, caplog):
    limits(follow=1)
    typed = {"code": "<NONE>" * 3, "csrf_token": csrf(client, "/status")}
    first = client.post("/status", data=typed)
    answer = client.post("/status?lang=en", data=typed)
    page = answer.get_data(as_text=True)

    assert (first.status_code, answer.status_code) == (422, 429)
    assert "over the limit follow: " in caplog.text
    assert "127.0.0.1" not in caplog.text
    assert 3590 <= int(answer.headers["Retry-After"]) <= 3600
    assert "Too much came from your network. Wait 60 minutes, then try again. What you typed is kept." in page
    assert '<input type="hidden" name="code" value="&lt;NONE&gt;&lt;NONE&gt;&lt;NONE&gt;">' in page
    assert page.count('name="csrf_token"') == 1
    assert f'value="{typed["csrf_token"]}"' in page
    assert 'action="/status?lang=en"' in page

    assert "你填的内容都还在。" in client.post("/status?lang=zh", data=typed).get_data(as_text=True)

    limits(follow=9)
    assert "The code has 16 letters and digits." in client.post("/status?lang=en", data=typed).get_data(as_text=True)


def test_htmx_is_told_beside_the_form_which_stays(client, cast, limits):
    limits(follow=0)
    answer = client.post("/status", data={"code": "ABC"}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (429, "#problem")
    assert "What you typed is kept." in answer.get_data(as_text=True)
    assert "<form" not in answer.get_data(as_text=True)


def test_a_password_is_never_shown_again(client, cast, limits):
    limits(sign_in=1)
    sent = {"login": CITY, "password": "wrong", "csrf_token": csrf(client, "/signin")}

    assert client.post("/signin", data=sent).status_code == 422
    answer = client.post("/signin", data=sent | {"password": PASSWORD})
    assert answer.status_code == 429
    assert PASSWORD not in answer.get_data(as_text=True)
    assert "What you typed is kept." not in answer.get_data(as_text=True)
    assert client.get("/desk").status_code == 303


def test_a_neighbor_on_the_network_shuts_no_owner_out_of_a_known_browser(app, client, cast, limits):
    sign_in(client)  # known from now on
    attacker, elsewhere = app.test_client(), app.test_client()
    elsewhere.set_cookie("lang", "en")
    limits(sign_in=3, guess=1)
    sent = {"login": CITY, "password": "wrong", "csrf_token": csrf(attacker, "/signin")}
    assert [attacker.post("/signin", data=sent).status_code for _ in range(4)] == [422, 422, 422, 429]

    right = {"login": CITY, "password": PASSWORD, "csrf_token": csrf(elsewhere, "/signin")}
    answer = elsewhere.post("/signin", data=right)
    assert answer.status_code == 429
    assert "Too much came from your network. Wait 60 minutes, then try again." in answer.get_data(as_text=True)
    right |= {"csrf_token": csrf(client, "/signin")}
    assert client.post("/signin", data=right | {"login": NEXT_COUNTY}).status_code == 429  # known to another
    tries = [client.post("/signin", data=right | {"password": typed}).status_code for typed in ("wrong", PASSWORD)]
    assert tries == [422, 303]


def test_a_known_browser_may_send_the_code_too_and_has_a_limit_of_its_own(app, client, session, cast, limits):
    sign_in(client)
    session.execute(update(Account).where(Account.id == cast.city.id).values(totp_secret=SECRET))
    session.commit()
    limits(sign_in=2)
    sent = {"login": CITY, "password": PASSWORD, "csrf_token": csrf(client, "/signin")}
    with app.test_request_context("/", **from_address("127.0.0.1")):
        assert [limiter.take("sign_in") for _ in range(3)] == [True, True, False]

    assert client.post("/signin", data=sent).location == "/signin/code"
    code = {"code": "000000", "csrf_token": csrf(client, "/signin/code")}
    assert [client.post("/signin/code", data=code).status_code for _ in range(2)] == [422, 429]


def test_who_guesses_links_shuts_nobody_out_of_the_sign_in(client, cast, limits):
    limits(guess=1)
    paths = ["/card/NONE", "/card/NONE", "/invitation/NONE"]
    assert [client.get(path).status_code for path in paths] == [404, 429, 429]
    token = csrf(client, "/signin")
    assert client.post("/invitation/NONE", data={"csrf_token": token}).status_code == 429

    sent = {"login": CITY, "password": PASSWORD, "csrf_token": token}
    assert client.post("/signin", data=sent).status_code == 303


def test_each_network_has_its_own_count_and_an_ipv6_household_one(client, cast, limits):
    limits(follow=1)

    def status(address):
        return client.post("/status", data={"code": "ABC"}, **from_address(address)).status_code

    asked = ["203.0.113.7", "203.0.113.7", "203.0.113.8", "2001:db8::1", "2001:db8::2:9", "2001:db8:0:1::1"]
    assert [status(address) for address in asked] == [422, 429, 422, 422, 429, 422]


def test_what_costs_is_limited_although_it_is_only_opened(client, cast, limits):
    limits(draw=2)
    path = "/join/answer/picture?group=courier&pay=station&work_region=652301001&home_region=652301002"

    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 429]


def test_guesses_are_counted_apart_and_stop_before_anything_is_found(client, session, cast, limits):
    limits(guess=4)
    card = make.card(session, make.member(session, cast.shunda_union))
    real = [f"/card/{card.link}", f"/verify/{card.code}"]

    assert [client.get(path).status_code for path in real * 3] == [200] * 6  # found: never counted
    sent = {"code": "NONE" * 4, "csrf_token": csrf(client, "/status")}
    wrong = [
        client.get("/card/NONE"),
        client.get("/verify/NONE"),
        client.post("/status", data=sent),
        client.get("/u/X"),
    ]
    assert [answer.status_code for answer in wrong] == [404, 200, 422, 404]

    assert [client.get(path).status_code for path in (*real, "/card/NONE")] == [429] * 3
    assert client.post("/status", data=sent).status_code == 429
    assert [client.get(path).status_code for path in ("/", "/join", "/nowhere")] == [200, 200, 404]
    assert client.get(real[0], **from_address("203.0.113.7")).status_code == 200


def test_what_lies_behind_the_sign_in_is_not_counted(client, session, cast, limits):
    limits(guess=1)
    sign_in(client)

    assert [client.get("/members/NONE").status_code for _ in range(3)] == [404] * 3
    assert session.scalars(select(LimitCount.key).where(LimitCount.key.startswith("guess/"))).all() == []


@pytest.mark.parametrize("path", ["/", "/join", "/join/answer?work_region=652301001", "/found", "/status", "/signin"])
def test_pages_that_are_only_read_are_read_without_a_write(client, cast, statements, path):
    statements.clear()
    client.get(path)

    assert [sent for sent in statements if "limit_counts" in sent] == []


# --- Redis ---------------------------------------------------------------------------------------------------------


def test_while_redis_is_away_the_database_counts(engine_app, app, limits, caplog):
    limits(apply=1)
    other = create_app(
        SETTINGS.but(database_url=engine_app.config["ENROLLMENT"].database_url, rate_limits_url=NOBODY_LISTENS)
    )
    with other.app_context():
        taken = [limiter.take("apply", "a") for _ in range(2)]
        db.engine.dispose()

    assert taken == [True, False]
    assert "Redis does not answer, the database counts: ConnectionError" in caplog.text


def test_redis_is_named_by_a_setting(tmp_path):
    def read(value):
        return Settings.from_environment({"RATE_LIMITS_URL": value}, tmp_path)

    assert read("redis://:secret@cache:6379/1").rate_limits_url == "redis://:secret@cache:6379/1"
    assert "secret" not in repr(read("rediss://:secret@cache:6379"))
    assert Settings.from_environment({}, tmp_path).rate_limits_url is None
    for value in ("", "memory://", "cache:6379"):
        with pytest.raises(SettingsError, match=r"^RATE_LIMITS_URL must begin with redis:// or rediss://\.$"):
            read(value)


def test_redis_without_its_package_stops_the_start_with_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "redis", None)

    with pytest.raises(SettingsError, match="needs the package redis"):
        create_app(SETTINGS.but(database_url="sqlite://", rate_limits_url=NOBODY_LISTENS))
