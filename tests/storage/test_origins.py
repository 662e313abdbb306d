"""What a short code stands for, and what it already answers."""

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from enrollment.storage.events import Event
from enrollment.storage.origins import Origin, origin
from tests import make


def test_a_unions_poster_names_the_only_company_it_covers(session, cast):
    found = origin(session, f"u-{cast.shunda_union.code}")

    assert found == Origin(
        "u", cast.shunda_union.code, cast.shunda_union.id, "poster_union_id", "顺达快递有限公司工会委员会",
        "652301", "652301001", None, "顺达快递有限公司",
    )  # fmt: skip
    assert found.via == f"u-{cast.shunda_union.code}"


def test_a_joint_unions_poster_names_no_company(session, cast):
    found = origin(session, f"u-{cast.joint_union.code}")

    assert (found.employer_name, found.group) == ("", "courier")


def test_a_dissolved_union_takes_nobody_in(session):
    gone = make.union(session, dissolved_on=date(2021, 1, 1))

    assert origin(session, f"u-{gone.code}") is None


def test_an_employers_poster_answers_company_trade_and_place(session, cast):
    found = origin(session, f"e-{cast.shunda.code}")

    assert (found.column, found.employer_name, found.group, found.region_code) == (
        "poster_employer_id", "顺达快递有限公司", "courier", "652301001",
    )  # fmt: skip


def test_a_visit_and_an_event_answer_the_place(session):
    visit = make.visit(session)
    event = Event(
        code="M1", name="集中入会仪式", held_on=make.TODAY, county_code="652301", region_code="652301002",
        place="物流园", recorded_at=make.NOW, submission_key="m1",
    )  # fmt: skip
    session.add(event)
    session.commit()

    assert origin(session, f"v-{visit.code}").column == "visit_id"
    assert (origin(session, "m-M1").row_id, origin(session, "m-M1").region_code) == (event.id, "652301002")


@pytest.mark.parametrize("via", ["", "u-", "u-NONE", "e-NONE", "v-NONE", "m-NONE", "x-U1", "nonsense"])
def test_what_nobody_made_is_no_origin(session, cast, via):
    assert origin(session, via) is None


def test_an_application_has_one_origin_and_the_database_says_so(session, cast):
    with pytest.raises(IntegrityError):
        make.join_application(
            session, application={"visit_id": make.visit(session).id, "poster_union_id": cast.shunda_union.id}
        )
