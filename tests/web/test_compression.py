"""What is sent is small, and still what it was."""

import gzip

import brotli
import pytest

from enrollment.settings import ROOT

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}
HTMX = "/static/htmx-2.0.11.min.js"


def got(client, path, accepts=""):
    answer = client.get(path, headers={"Accept-Encoding": accepts})
    body = answer.get_data()
    answer.close()
    return answer, body


@pytest.mark.parametrize(
    ("accepts", "encoding"), [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("br;q=0, gzip", "gzip")]
)
@pytest.mark.parametrize("path", ["/join", HTMX, "/static/enrollment.css"])
def test_pages_and_files_are_packed_in_the_best_way_the_browser_knows(client, path, accepts, encoding):
    _, plain = got(client, path)
    answer, packed = got(client, path, accepts)

    assert answer.headers["Content-Encoding"] == encoding
    assert int(answer.headers["Content-Length"]) == len(packed) < len(plain) / 2
    assert "Accept-Encoding" in answer.headers["Vary"]
    if path != "/join":  # a page has a new token each time
        assert UNPACK[encoding](packed) == plain


@pytest.mark.parametrize("accepts", ["", "identity", "deflate"])
def test_who_cannot_unpack_gets_the_file_as_it_is(client, accepts):
    answer, body = got(client, HTMX, accepts)

    assert "Content-Encoding" not in answer.headers
    assert body == (ROOT / HTMX.removeprefix("/")).read_bytes()


def test_a_static_file_is_as_small_as_it_gets_and_kept_for_a_year(client):
    answer, packed = got(client, HTMX, "br")

    assert len(packed) < 15_500
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_file_that_is_not_there_and_one_kept_already_are_not_packed(client):
    first, _ = got(client, HTMX)
    answer = client.get(HTMX, headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})

    assert got(client, "/static/none.js", "br")[0].status_code == 404
    assert (answer.status_code, answer.get_data()) == (304, b"")


def test_the_first_pages_fit_the_first_round_trip(client, cast):
    """HTML and CSS of home, guide, answer and form: 14 KB compressed each, as brotli sends them cold."""
    css = sum(len(got(client, f"/static/{name}.css", "br")[1]) for name in ("weui-2.6.26", "enrollment"))
    told = "group=truck_driver&pay=myself&papers=company&hires=0&work_region=ZD&home_region=652328100"
    client.set_cookie("lang", "zh")
    pages = {
        path: css + len(got(client, path, "br")[1])
        for path in ("/", "/join?group=truck_driver", f"/join/answer?{told}", f"/join/form?{told}&place=industry")
    }

    assert {path: size for path, size in pages.items() if size > 14 * 1024} == {}
