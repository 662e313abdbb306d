"""What somebody tries who means harm: one attack each, with what it meets."""

import re
import time
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, update
from werkzeug.datastructures import MultiDict

from enrollment import create_app
from enrollment.rules.access import Act
from enrollment.rules.applications import Step
from enrollment.settings import DEMO_PASSWORD, ROOT
from enrollment.storage.accounts import Account
from enrollment.storage.database import db
from enrollment.storage.tables import Base, new_code
from enrollment.storage.unions import Coverage
from enrollment.web.guard import needs
from enrollment.web.language import LANGUAGES
from tests import make
from tests.cast import CITY, LIGHT, NEXT_COUNTY, PASSWORD, PREFECTURE, account, csrf, sign_in
from tests.conftest import SETTINGS
from tests.web.test_routes import PEOPLE, POST_TABLE, POSTS, company, everything, places, routes

__all__ = ["company", "places"]  # fixtures
HERE = "https://ruhui.example"
ELSEWHERE = "elsewhere.example"


@pytest.fixture
def production(engine_app, app):
    """The application as it is served in production, on the same database."""
    url = engine_app.config["SQLALCHEMY_DATABASE_URI"]
    served = create_app(SETTINGS.but(database_url=url, production=True, proxies=1, public_url=HERE))
    served.testing = True
    yield served
    with served.app_context():
        db.engine.dispose()


@pytest.fixture
def outside(production):
    """A browser that reached production by its public name."""
    client = production.test_client()
    client.set_cookie("lang", "en", domain="ruhui.example")
    return client


def cookies(answer):
    """Name → (value, attributes) of the cookies an answer sets."""
    found = {}
    for line in answer.headers.getlist("Set-Cookie"):
        pair, *attributes = [part.strip() for part in line.split(";")]
        name, _, value = pair.partition("=")
        found[name] = (value, {each for each in attributes if not each.startswith(("Expires", "Max-Age"))})
    return found


# --- led elsewhere -------------------------------------------------------------------------------------------------

TARGETS = [
    f"https://{ELSEWHERE}/", f"//{ELSEWHERE}/", f"///{ELSEWHERE}", f"/\\{ELSEWHERE}", f"\\\\{ELSEWHERE}",
    f"/\t/{ELSEWHERE}", f"/\n/{ELSEWHERE}", f"\t//{ELSEWHERE}", f"https:{ELSEWHERE}", f"/\r\n//{ELSEWHERE}",
    "javascript:alert(1)", f"{ELSEWHERE}", f" //{ELSEWHERE}", "/\x7f/",
]  # fmt: skip


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("target", TARGETS)
def test_an_open_redirect_after_the_sign_in(client, cast, target, htmx):
    token = csrf(client, "/signin")
    answer = client.post(
        "/signin",
        query_string={"next": target},
        data={"login": CITY, "password": PASSWORD, "csrf_token": token},
        headers={"HX-Request": "true"} if htmx else {},
    )

    assert answer.headers["HX-Redirect" if htmx else "Location"] in {"/", "/start"}


@pytest.mark.parametrize("path", [f"//{ELSEWHERE}/none", f"///{ELSEWHERE}/none", f"/\\{ELSEWHERE}/none"])
def test_a_page_that_is_not_there_under_the_name_of_another_host(client, path):
    answer = client.get("/", environ_overrides={"PATH_INFO": path}, follow_redirects=True)
    page = answer.get_data(as_text=True)

    assert answer.status_code == 404
    assert answer.request.host == "localhost"
    links = re.findall(r'(?:href|action|src)="([^"]*)"', page)
    assert len(links) > 5
    assert [link for link in links if urlsplit(link).netloc or link.startswith(("//", "/\\"))] == []


def test_a_referer_of_another_site_leads_nowhere(client, cast):
    for path in ("/signin", "/desk", "/signout", "/status/phone/code", "/?lang=en"):
        answer = client.get(path, headers={"Referer": f"https://{ELSEWHERE}/"})
        assert ELSEWHERE not in answer.get_data(as_text=True) + str(answer.headers)


@pytest.mark.parametrize("lang", [f"//{ELSEWHERE}", "en\r\nSet-Cookie: a=b", "xx", "../en"])
def test_a_language_nobody_speaks_is_neither_kept_nor_followed(client, lang):
    answer = client.get("/", query_string={"lang": lang})

    assert answer.status_code == 200
    assert "lang" not in cookies(answer)
    assert [code for code in LANGUAGES if f"/?lang={code}" in answer.get_data(as_text=True)] == ["en"]


# --- another name of the host --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": ELSEWHERE},
        {"X-Host": ELSEWHERE},
        {"Forwarded": f"host={ELSEWHERE}"},
        {"X-Forwarded-Proto": "http"},
        {"Host": "ruhui.example:8080"},
        {"X-Original-URL": "/desk"},
    ],
)
def test_addresses_are_made_from_the_public_one_whatever_a_request_claims(outside, session, cast, headers):
    sign = {"login": CITY, "password": PASSWORD, "csrf_token": csrf_of(outside, "/signin")}
    outside.post("/signin", base_url=HERE, data=sign, headers={"Referer": HERE})
    row = make.founding_application(session, way="new_joint", units=({}, {"link": "NEIGHBOR", "answer": None}))
    pages = [f"/founding/{row.link}", f"/posters/u/{cast.joint_union.code}"]

    for path in pages:
        answer = outside.get(path, base_url=HERE, headers=headers)
        assert answer.status_code == 200
        page = answer.get_data(as_text=True)
        assert ELSEWHERE not in page
        assert {urlsplit(link)[:2] for link in re.findall(r"https?://[\w.:-]+/[\w/]*", page)} - {
            ("http", "www.w3.org")
        } == {("https", "ruhui.example")}


def csrf_of(browser, path):
    return browser.get(path, base_url=HERE).get_data(as_text=True).split('name="csrf_token"', 1)[1].split('"')[3]


@pytest.mark.parametrize(
    "host", [ELSEWHERE, f"ruhui.example.{ELSEWHERE}", "127.0.0.1", "", f"ruhui.example@{ELSEWHERE}"]
)
@pytest.mark.parametrize("path", ["/", "/desk", "/nowhere", "/static/enrollment.css", "/healthz"])
def test_another_name_of_the_host_is_turned_away(outside, cast, host, path):
    answer = outside.get(path, base_url=HERE, headers={"Host": host})

    assert answer.status_code == 400
    assert answer.get_data(as_text=True) == "This is not the address of this service.\n"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


# --- the session ---------------------------------------------------------------------------------------------------


def signed_in_at(browser, **more):
    sent = {"login": CITY, "password": PASSWORD, "csrf_token": csrf_of(browser, "/signin")}
    return browser.post("/signin", base_url=HERE, headers={"Referer": f"{HERE}/signin"}, data=sent | more)


def test_a_session_that_was_planted_is_not_the_one_signed_in(outside, production, cast):
    planted = cookies(outside.get("/signin", base_url=HERE))["__Host-enrollment"][0]
    answer = signed_in_at(outside)
    fresh, _attributes = cookies(answer)["__Host-enrollment"]

    thief = production.test_client()
    thief.set_cookie("__Host-enrollment", planted, domain="ruhui.example", secure=True)
    assert answer.status_code == 303
    assert fresh != planted
    assert thief.get("/desk", base_url=HERE).status_code == 303
    assert outside.get("/desk", base_url=HERE).status_code == 200


def test_nothing_of_an_earlier_visitor_lives_on_after_the_sign_in(client, cast):
    csrf(client, "/join/form?group=courier&pay=station&work_region=652301001&home_region=652301002")
    with client.session_transaction() as before:
        token = before["joining"]
    sign_in(client)

    with client.session_transaction() as after:
        assert token not in after.values()
        assert "joining" not in after
        assert before["csrf_token"] != after.get("csrf_token")


def test_cookies_of_production_are_for_this_host_and_https_alone(outside, cast):
    set_by_signin = cookies(signed_in_at(outside))
    set_by_language = cookies(outside.get("/?lang=en", base_url=HERE))

    assert set_by_signin["__Host-enrollment"][1] == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert set_by_language["lang"][1] == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert set(set_by_signin) | set(set_by_language) == {"__Host-enrollment", "__Host-known", "lang"}
    assert set_by_signin["__Host-known"][1] == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_a_cookie_that_was_changed_is_no_session(client, session, cast):
    sign_in(client)
    cookie = client.get_cookie("enrollment").value
    body, rest = cookie.rsplit(".", 1)

    for forged in (body[::-1] + "." + rest, f"{body}.{rest[:-4]}AAAA", body, "", "eyJfdXNlcl9pZCI6IjE6YSJ9"):
        client.set_cookie("enrollment", forged)
        assert client.get("/desk").status_code == 303


def test_a_page_in_a_frame_of_another_site(client, cast):
    for path in ("/", "/signin", "/nowhere", "/static/enrollment.css"):
        answer = client.get(path)
        answer.get_data()
        answer.close()
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_production_asks_browsers_to_stay_with_https(outside, cast):
    answer = outside.get("/", base_url=HERE)

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"


# --- passwords -----------------------------------------------------------------------------------------------------


def test_a_name_nobody_has_costs_as_much_work_as_a_wrong_password(client, session, cast):
    hashed = PasswordHasher().hash("changes every day")
    session.add(account("known", "某干部", "county_cadre", "652301", password_hash=hashed))
    session.commit()
    token = csrf(client, "/signin")

    def seconds(login):
        began = time.process_time()
        client.post("/signin", data={"login": login, "password": "wrong", "csrf_token": token})
        return time.process_time() - began

    unknown, known = (min(seconds(login) for _ in range(3)) for login in ("nobody", "known"))
    assert 0.5 < unknown / known < 2


def test_production_refuses_the_password_of_the_demo(outside, client, session, cast):
    hashed = LIGHT.hash(DEMO_PASSWORD)
    session.execute(update(Account).where(Account.login == PREFECTURE).values(password_hash=hashed))
    session.commit()
    sent = {"login": PREFECTURE, "password": DEMO_PASSWORD}

    answer = signed_in_at(outside, **sent)
    assert answer.status_code == 422
    assert "This is the password of the demo" in answer.get_data(as_text=True)
    assert outside.get("/desk", base_url=HERE).status_code == 303
    tried_out = client.post("/signin", data=sent | {"csrf_token": csrf(client, "/signin")})
    assert (tried_out.status_code, tried_out.location) == (303, "/start")


# --- what is sent --------------------------------------------------------------------------------------------------

SQL = ["' OR '1'='1", "1; DROP TABLE accounts --", "%_\\", "x" * 5000, '😀"’', "1e99"]


def asked_for(client, path):
    """The names a list's page lets one filter by."""
    page = client.get(path).get_data(as_text=True)
    forms = re.findall(r"<form[^>]*method=\"get\".*?</form>", page, re.DOTALL)
    return {name for form in forms for name in re.findall(r'name="([\w-]+)"', form)} | {"page", "county", "lang", "q"}


LISTS = [
    "/desk",
    "/members",
    "/unions",
    "/employers",
    "/matching",
    "/visits",
    "/events",
    "/rates",
    "/deadlines",
    "/foundings",
]
FILES = ["/members.csv", "/unions.csv", "/employers.csv", "/matching.csv", "/visits.csv", "/events.csv", "/rates.csv",
         "/applications.csv", "/rates.svg", "/visits/names", "/desk/referrals"]  # fmt: skip


@pytest.mark.parametrize("path", [*LISTS, *FILES])
def test_odd_filters_are_values_and_never_part_of_a_statement(client, session, cast, path):
    sign_in(client, PREFECTURE)
    names = asked_for(
        client,
        path if path in LISTS else f"/{path.strip('/').split('.')[0].split('/')[0]}".replace("/applications", "/desk"),
    )
    before = everything(session)

    for name in sorted(names):
        for value in SQL:
            answer = client.get(path, query_string={name: value})
            answer.get_data()
            assert answer.status_code in {200, 303, 404, 422}, (name, value)
            assert answer.headers.get("Location", "/").startswith("/"), (name, value)
        assert client.get(path, query_string={name: "a\0b"}).status_code == 400
    assert everything(session) == before
    assert session.scalar(select(func.count()).select_from(Account)) == 3


def test_a_search_for_everything_finds_what_is_called_so(client, session, cast):
    sign_in(client, PREFECTURE)

    for odd in ("' OR '1'='1", "%", "_"):
        page = client.get("/employers", query_string={"q": odd}).get_data(as_text=True)
        assert "顺达快递有限公司" not in page.split("<main", 1)[1]
    assert "顺达快递有限公司" in client.get("/employers", query_string={"q": "顺达"}).get_data(as_text=True)


@pytest.mark.parametrize("odd", ["a\r\nSet-Cookie: b=c", "a\nb", "%0d%0aX-Evil: 1"])
def test_no_line_break_gets_into_a_header(client, session, cast, odd):
    sign_in(client)
    answers = [
        client.get(path, query_string={name: odd})
        for path, name in (
            ("/desk", "next"),
            ("/signin", "next"),
            ("/members.csv", "q"),
            ("/join", "via"),
            ("/", "lang"),
        )
    ]
    answers.append(client.get("/desk", headers={"HX-Current-URL": "%0d%0aX-Evil: 1", "HX-Request": "true"}))

    for answer in answers:
        answer.get_data()
        assert answer.status_code in {200, 303, 404, 422}
        assert [name for name, _value in answer.headers if name.startswith("X-Evil")] == []
        assert not [value for _name, value in answer.headers if "\n" in value or "\r" in value or "b=c" in value]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_do_nothing(client, session, cast, method):
    sign_in(client)
    before = everything(session)

    for path in ("/desk", "/signin", f"/unions/{cast.joint_union.code}/dissolve"):
        answer = client.open(path, method=method)
        assert answer.status_code == 405
        assert "Traceback" not in answer.get_data(as_text=True)
        assert "Cookie" not in answer.get_data(as_text=True)
    assert everything(session) == before


def test_a_method_cannot_be_put_on_over_another(client, session, cast):
    sign_in(client)
    path = f"/unions/{cast.joint_union.code}/dissolve"
    before = everything(session)

    for headers in ({"X-HTTP-Method-Override": "POST"}, {"X-Method-Override": "POST"}):
        assert (
            client.get(path, query_string={"_method": "POST", "cause": "by_vote"}, headers=headers).status_code == 200
        )
    assert everything(session) == before


def test_what_is_sent_too_large_is_turned_away_with_a_sentence(client, cast):
    answer = client.post("/status", data={"code": "x" * 1_000_001})

    assert answer.status_code == 413
    assert "What was sent is too large." in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"login": {"a": 1}, "password": ["x"]}'),
        ("application/json", b"[1, 2]"),
        ("application/json; charset=utf-7", b"{"),
        ("text/plain", b"login=changji-city"),
        ("application/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    ],
)
@pytest.mark.parametrize("path", ["/signin", "/status", "/join/form"])
def test_only_forms_are_read(client, session, cast, path, kind, body):
    before = everything(session)
    answer = client.post(path, data=body, content_type=kind)

    assert answer.status_code == 415
    assert everything(session) == before


def test_a_file_in_place_of_an_answer_is_turned_away(client, session, cast):
    make_file = {"code": (BytesIO(b"GIF89a<script>"), "x.php"), "csrf_token": csrf(client, "/status")}

    assert client.post("/status", data=make_file, content_type="multipart/form-data").status_code == 415


def test_every_page_with_somebodys_data_is_kept_by_nobody(client, session, places, app):
    sign_in(client, PREFECTURE)
    for rule in sorted(routes(app, "GET")):
        answer = client.get(places.get(rule, rule))
        answer.get_data()
        assert answer.headers["Cache-Control"] == "no-store", rule
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'"), rule
        assert answer.headers["X-Content-Type-Options"] == "nosniff", rule


def test_markup_that_was_typed_is_shown_and_never_run(client, session, cast):
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    make.employer(session, name=evil)
    sign_in(client)
    pages = [
        client.get(path).get_data(as_text=True)
        for path in ("/employers", "/employers?q=%3Cscript%3Ealert", "/matching")
    ]
    pages.append(client.post("/status", data={"code": evil}).get_data(as_text=True))
    pages.append(client.get(f"/nowhere/{evil}?a={evil}").get_data(as_text=True))

    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in pages[0]


# --- another's things ----------------------------------------------------------------------------------------------

OTHERS = (NEXT_COUNTY, "officer.2", "contact.2", "auditor.2", "operator")
INSIDE = ("/desk", "/unions", "/employers", "/members", "/foundings", "/pairings", "/messages")
INSIDE_POSTS = [route for route in POSTS if "<" in route and route.startswith(INSIDE)]


@pytest.mark.parametrize("login", OTHERS)
@pytest.mark.usefixtures("company")
def test_another_county_union_or_employer_changes_nothing_by_any_identifier(client, session, places, login):
    sign_in(client, login)
    token = csrf(client, "/account")
    before = everything(session)

    for route in INSIDE_POSTS:
        sent, query, _asks, _without, _with_token = POSTS[route]
        column = "".join(POST_TABLE[route].split())[PEOPLE.index(login)]
        answer = client.post(places[route] + query, data=sent | {"csrf_token": token})
        assert (route, answer.status_code) == (route, 403 if column == "x" else 404)
        assert everything(session) == before, route


def test_who_meets_a_closed_door_is_noted_without_the_address(client, session, cast, caplog):
    sign_in(client, NEXT_COUNTY)
    client.get(f"/unions/{cast.joint_union.code}")
    client.get("/members.csv?county=652301")

    noted = [record.getMessage() for record in caplog.records if record.name == "enrollment.web.guard"]
    assert noted == [
        f"not theirs: read_union, account {cast.next_county.id}, from 127.0.0.1",
        f"not theirs: export, account {cast.next_county.id}, from 127.0.0.1",
    ]


def test_the_neighbors_things_cannot_be_named_inside_a_form(client, session, cast):
    theirs = make.employer(session, code="THEIRS", county_code="652302", region_code="652302001")
    sign_in(client)
    token = csrf(client, f"/unions/{cast.joint_union.code}/units")
    shortly = {"on": "2021-11-30", "document": "昌工发〔2026〕5号", "csrf_token": token}
    voted = {"voted_on": "2021-10-20", "approval_number": "昌工发〔2026〕5号", "approved_on": "2021-10-25"}
    merging = shortly | voted | {"into": cast.fukang_union.code, "cause": "same_trade"}
    here = f"/unions/{cast.joint_union.code}"
    before = everything(session)

    assert client.post(f"{here}/units", data=shortly | {"employer_code": theirs.code}).status_code == 404
    assert client.post(f"{here}/merge", data=merging).status_code == 422
    assert client.post(f"{here}/units/{theirs.code}/end", data=shortly | {"cause": "moved_away"}).status_code == 404
    assert (
        client.post(f"{here}/units/{cast.shunda.code}/end", data=shortly | {"cause": "moved_away"}).status_code == 404
    )
    assert everything(session) == before


def test_one_link_opens_nothing_of_another(client, session, cast):
    mine = make.founding_application(session, way="new_joint", units=({}, {"link": "MINE", "answer": None}))
    other = make.founding_application(session, way="new_joint", units=({}, {"link": "OTHER", "answer": None}))
    token = csrf(client, f"/founding/{mine.link}/request")
    before = everything(session)

    for rest in ("left-out/OTHER", "code/OTHER"):
        assert client.get(f"/founding/{mine.link}/{rest}").status_code == 404
    for rest in ("left-out/OTHER", "reminded/OTHER"):
        assert client.post(f"/founding/{mine.link}/{rest}", data={"csrf_token": token, "note": "x"}).status_code == 404
    assert client.get(f"/founding/{other.number}").status_code == 404
    assert everything(session) == before


# A county's code and the place of a sentence in its list are nobody's identifiers.
NAMED_BY_PLACE = {
    "/desk/sentences/<county>/<purpose>/<position>",
    "/desk/sentences/<county>/<purpose>/<position>/end",
}


def test_no_identifier_in_an_address_is_a_row_number_or_can_be_counted_on(places):
    for rule, path in places.items():
        parts = [
            found for wanted, found in zip(rule.split("/"), path.split("/"), strict=True) if wanted.startswith("<")
        ]
        assert [part for part in parts if part.isdecimal() and rule not in NAMED_BY_PLACE] == []
    codes = {new_code(16) for _ in range(200)}
    assert len(codes) == 200
    assert len({code[0] for code in codes}) > 20


# The columns no form may ever fill: whoever adds one to a table adds it here when a name like it could be sent.
NEVER_ASKED = {
    "state": "approved", "county_code": "652302", "union_id": "1", "confirmed_by": "in_person", "active": "1",
    "id": "1", "account_id": "1", "territory_code": "652300", "role": "prefecture_cadre", "stamp": "a", "link": "MINE",
    "due_on": "2099-01-01", "submitted_at": "2021-01-01", "password_hash": "x", "is_admin": "1", "approved_by": "1",
    "consent_version": "0", "number": "211130-EVIL", "actor": "somebody", "at": "2021-01-01", "kind": "pool",
}  # fmt: skip


def test_what_no_form_asks_for_is_not_taken(client, session, cast):
    guide = "?group=courier&pay=station&work_region=652301001&home_region=652301002"
    sent, *_rest = POSTS["/join/form"]
    evil = {name: value for name, value in NEVER_ASKED.items() if name not in sent}
    token = csrf(client, f"/join/form{guide}")

    answer = client.post(f"/join/form{guide}", data=evil | sent | {"csrf_token": token})

    link = answer.location.rsplit("/", 1)[1]
    row = session.execute(select(Base.metadata.tables["applications"])).mappings().one()
    assert answer.status_code == 303
    assert (row["state"], row["county_code"], row["kind"], row["link"]) == ("submitted", "652301", "join", link)
    told = session.execute(select(Base.metadata.tables["join_details"])).mappings().one()
    assert (told["confirmed_by"], told["consent_version"] == "0", "EVIL" in row["number"]) == ("", False, False)
    assert link != NEVER_ASKED["link"]
    acts = session.execute(select(Base.metadata.tables["application_acts"])).mappings().all()
    assert [(act["step"], act["account_id"]) for act in acts] == [("submitted", None)]


def test_a_cadre_cannot_send_what_the_form_does_not_ask(client, session, cast):
    sent, *_rest = POSTS["/visits/new"]
    evil = {name: value for name, value in NEVER_ASKED.items() if name not in sent}
    sign_in(client)
    token = csrf(client, "/visits/new")
    assert client.post("/visits/new", data=evil | sent | {"csrf_token": token}).status_code == 303

    union = f"/unions/{cast.joint_union.code}/units"
    make.employer(session, code="FREE")
    sent, *_rest = POSTS["/unions/<code>/units"]
    token = csrf(client, union)
    assert client.post(union, data=evil | sent | {"csrf_token": token}).status_code == 303

    visit = session.execute(select(Base.metadata.tables["visits"])).mappings().one()
    assert (visit["county_code"], visit["kind"]) == ("652301", "summer_cooling")
    added = session.scalars(select(Coverage).order_by(Coverage.id.desc())).first()
    assert added.union_id == cast.joint_union.id
    assert session.get_one(Account, cast.city.id).territory_code == "652301"


def test_a_decision_counts_only_for_what_was_read(client, session, cast):
    row = make.join_application(session, steps=(Step.SUBMITTED,))
    sign_in(client)
    token = csrf(client, f"/desk/{row.number}")
    before = everything(session)

    for version in ("0", "99", "-1", "x", ""):
        sent = {"step": "approved", "version": version, "csrf_token": token}
        assert client.post(f"/desk/{row.number}/decision", data=sent).status_code in {409, 422}
    assert everything(session) == before


def test_an_answer_sent_twice_counts_once_and_the_address_is_no_form(client, session, cast):
    sign_in(client)
    sent, *_rest = POSTS["/visits/new"]
    token = csrf(client, "/visits/new")
    twice = [*(sent | {"csrf_token": token}).items(), ("place", "别处"), ("kind", "training")]
    answer = client.post("/visits/new?people_met=4000&place=%E5%88%AB%E5%A4%84", data=MultiDict(twice))

    visit = session.execute(select(Base.metadata.tables["visits"])).mappings().one()
    assert answer.status_code == 303
    assert (visit["place"], visit["kind"], visit["people_met"]) == ("物流园", "summer_cooling", 40)


# --- what is told --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fpyproject.toml",
        "/static//etc/passwd",
        "/static/..\\app.py",
        "/.git/config",
        "/.env",
        "/instance/keys.json",
        "/app.py",
        "/requirements.lock",
        "/static/enrollment.css~",
        "/templates/base.html",
    ],
)
def test_no_file_beside_the_static_ones_is_served(client, path):
    answer = client.get(path, follow_redirects=True)

    assert answer.status_code == 404
    assert "There is nothing here" in answer.get_data(as_text=True)


def test_a_template_that_was_typed_is_shown_as_typed(client, session, cast):
    typed = "{{ 7 * 7 }}{% raw %}%(name)s{config}"
    make.employer(session, name=typed)
    sign_in(client)

    assert typed in client.get("/employers").get_data(as_text=True)


def test_production_shows_no_trace_and_no_debugger(outside, production):
    @production.get("/breaks")
    @needs(Act.ASK)
    def breaks():
        raise ValueError("what nobody should read")

    answer = outside.get("/breaks", base_url=HERE)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, production.debug) == (500, False)
    assert not [told for told in ("Traceback", "ValueError", "what nobody", "werkzeug", "Flask", ".py") if told in page]
    told = " ".join(value for _name, value in answer.headers).lower()
    assert not [name for name in ("werkzeug", "python", "flask", "gunicorn") if name in told]
    assert outside.get("/console", base_url=HERE).status_code == 404
    assert outside.get("/breaks?__debugger__=yes&cmd=resource", base_url=HERE).status_code == 500


@pytest.mark.parametrize("origin", [f"https://{ELSEWHERE}", "null", "http://localhost"])
def test_no_other_origin_is_let_in(client, cast, origin):
    for path in ("/", "/desk", "/static/enrollment.css", "/nowhere"):
        for method in ("GET", "OPTIONS"):
            answer = client.open(path, method=method, headers={"Origin": origin})
            answer.get_data()
            answer.close()
            assert [name for name, _value in answer.headers if name.startswith("Access-Control")] == []


def test_every_package_is_pinned_by_hash():
    for lock in ("requirements.lock", "requirements-test.lock"):
        entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
        packages = [entry for entry in entries if not entry.startswith("#")]
        assert len(packages) > 20
        assert [
            entry for entry in packages if not re.match(r"[\w.\[\]-]+==\S+", entry) or "--hash=sha256:" not in entry
        ] == []
