"""What every answer carries."""

import pytest

from tests.cast import CITY, PASSWORD, csrf


def got(client, path):
    """The answer; a file behind it is closed."""
    answer = client.get(path)
    answer.get_data()
    answer.close()
    return answer


POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/healthz", 200), ("/desk", 303), ("/nowhere", 404), ("/static/enrollment.css", 200)],
)
def test_every_answer_carries_the_headers_that_keep_others_out(client, path, status):
    answer = got(client, path)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))

    assert answer.status_code == status
    assert policy == POLICY
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in answer.headers


def test_https_asks_to_stay_with_https(client):
    answer = client.get("/", base_url="https://localhost")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/", "/nowhere", "/desk", "/rates.csv"])
def test_no_page_is_kept_by_anybody_and_each_varies_with_who_asks(client, path):
    answer = client.get(path)

    assert answer.headers["Cache-Control"] == "no-store"
    assert {"HX-Request", "Cookie"} <= set(answer.vary)


def test_a_static_file_is_kept_for_a_year_under_an_address_of_its_content(client):
    page = client.get("/").get_data(as_text=True)
    address = page.split('<link rel="stylesheet" href="', 1)[1].split('"', 1)[0]
    answer = got(client, address)

    path, _, fingerprint = address.partition("?v=")
    assert path.startswith("/static/")
    assert len(fingerprint) == 10
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_static_file_that_is_not_there_is_not_kept(client):
    answer = client.get("/static/none.css")

    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client, cast):
    token = csrf(client, "/signin")
    answer = client.post("/signin", data={"login": CITY, "password": PASSWORD, "csrf_token": token})
    [cookie] = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("enrollment=")]

    attributes = {part.strip() for part in cookie.split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= attributes
    assert "Secure" not in attributes
