"""Scanning: where a short link leads, what it already answers, and that opening it keeps nothing."""

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enrollment.storage.tables import Base
from tests import make
from tests.cast import Cast


def _rows(session: Session) -> dict[str, int | None]:
    session.rollback()
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables
    }


def _led(client: FlaskClient, path: str) -> dict[str, str]:
    """What the link tells the guide."""
    answer = client.get(path)
    guide = urlsplit(answer.location)
    assert (answer.status_code, guide.path) == (303, "/join")
    assert client.get(answer.location).status_code == 200
    return dict(parse_qsl(guide.query))


def test_a_unions_link_names_its_only_company(client: FlaskClient, cast: Cast) -> None:
    assert _led(client, f"/u/{cast.shunda_union.code}") == {
        "via": f"u-{cast.shunda_union.code}",
        "work_region": "652301001",
        "employer_name": "顺达快递有限公司",
    }


def test_a_joint_unions_link_names_the_work(client: FlaskClient, cast: Cast) -> None:
    assert _led(client, f"/u/{cast.joint_union.code}") == {
        "via": f"u-{cast.joint_union.code}",
        "group": "courier",
        "work_region": "652301001",
    }


def test_a_whole_county_is_no_place_of_work(client: FlaskClient, cast: Cast) -> None:
    assert _led(client, f"/u/{cast.city_pool.code}") == {"via": f"u-{cast.city_pool.code}"}


def test_a_zone_is_a_place_of_work(client: FlaskClient, session: Session) -> None:
    union = make.union(session, county_code="ZD", region_code="ZD", kind="park")

    assert _led(client, f"/u/{union.code}") == {"via": f"u-{union.code}", "work_region": "ZD"}


def test_an_employers_link_answers_all_three(client: FlaskClient, cast: Cast) -> None:
    assert _led(client, f"/e/{cast.small_a.code}") == {
        "via": f"e-{cast.small_a.code}",
        "group": "courier",
        "work_region": "652301002",
        "employer_name": "快马网点",
    }


def test_links_of_a_visit_and_of_an_event_answer_the_place(client: FlaskClient, session: Session) -> None:
    visit, event = make.visit(session), make.event(session)

    assert _led(client, f"/v/{visit.code}") == {"via": f"v-{visit.code}", "work_region": "652301001"}
    assert _led(client, f"/m/{event.code}") == {"via": f"m-{event.code}", "work_region": "652301002"}


def test_opening_links_keeps_nothing(client: FlaskClient, session: Session, cast: Cast) -> None:
    before = _rows(session)

    client.get(f"/u/{cast.joint_union.code}")
    client.get(f"/e/{cast.shunda.code}")
    client.get("/m/NONE")

    assert _rows(session) == before | {"limit_counts": 1}  # that one leads nowhere


@pytest.mark.parametrize("letter", ["u", "e", "m", "v"])
def test_a_code_that_stands_for_nothing_is_not_there(client: FlaskClient, cast: Cast, letter: str) -> None:
    assert client.get(f"/{letter}/NONE").status_code == 404
    assert client.get(f"/{letter}/{cast.city.login}").status_code == 404


def test_a_dissolved_union_takes_nobody_in_and_an_unknown_letter_neither(client: FlaskClient, session: Session) -> None:
    gone = make.union(session, dissolved_on=date(2021, 1, 1))

    assert client.get(f"/u/{gone.code}").status_code == 404
    assert client.get(f"/x/{gone.code}").status_code == 404
