"""Visits and what came of them."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from enrollment.rules.applications import Step
from enrollment.rules.regions import Territory
from enrollment.storage.database import db
from enrollment.visits import queries
from enrollment.visits.queries import Filters
from enrollment.web.wording import word_for
from tests import make
from tests.cast import Cast
from tests.conftest import counted

ALL, CITY, FUKANG = Territory("652300"), Territory("652301"), Territory("652302")

pytestmark = pytest.mark.usefixtures("context")


def test_visits_come_newest_first_with_what_they_add_up_to(session: Session) -> None:
    old = make.visit(session, visited_on=date(2021, 6, 1))
    new = make.visit(session, visited_on=date(2021, 8, 1), people_met=2, amount_fen=5)
    same_day = make.visit(session, visited_on=date(2021, 8, 1))
    make.visit(session, county_code="652302", region_code="652302001")

    found = queries.visits(CITY, Filters())

    assert [row.code for row in found.rows] == [same_day.code, new.code, old.code]
    assert (found.total, found.people_met, found.amount_fen) == (3, 82, 240_005)


def test_no_visit_adds_up_to_nothing() -> None:
    assert queries.visits(ALL, Filters()) == queries.VisitPage([], 0, 0, 0, 1, 1)


def test_both_days_of_the_filter_are_inclusive(session: Session) -> None:
    codes = [make.visit(session, visited_on=date(2021, 7, day)).code for day in (1, 2, 3, 4)]

    found = queries.visits(CITY, Filters(from_on=date(2021, 7, 2), to_on=date(2021, 7, 3)))

    assert [row.code for row in found.rows] == [codes[2], codes[1]]


def test_one_kind_can_be_listed_alone(session: Session) -> None:
    make.visit(session)
    winter = make.visit(session, kind="winter_warmth")

    assert [row.code for row in queries.visits(ALL, Filters(kind="winter_warmth")).rows] == [winter.code]


def test_started_and_approved_applications_are_counted_for_their_visit_only(session: Session) -> None:
    visit, other = make.visit(session), make.visit(session)
    make.join_application(session, application={"visit_id": visit.id})
    make.join_application(session, steps=(Step.SUBMITTED, Step.APPROVED), application={"visit_id": visit.id})
    make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED), application={"visit_id": visit.id})
    make.join_application(session, steps=(Step.SUBMITTED, Step.APPROVED))

    seen = {row.code: (row.started, row.approved) for row in queries.visits(CITY, Filters()).rows}

    assert seen == {visit.code: (3, 1), other.code: (0, 0)}


def test_a_visit_is_there_for_its_own_county_and_the_prefecture(session: Session, cast: Cast) -> None:
    code = make.visit(session, union_id=cast.joint_union.id, account_id=cast.city.id).code

    seen = queries.visit(CITY, code)

    assert seen is not None
    assert (seen.union, seen.employer, seen.logged_by) == (cast.joint_union.name, None, "张干部")
    assert queries.visit(ALL, code) == seen
    assert queries.visit(FUKANG, code) is None
    assert queries.visit(ALL, "NOWHERE") is None


@pytest.mark.usefixtures("cast")
def test_names_with_what_was_typed_are_offered_from_the_own_territory() -> None:
    assert queries.names_like(CITY, "顺达") == ["顺达快递有限公司", "顺达快递有限公司工会委员会"]
    assert queries.names_like(FUKANG, "顺达") == []
    assert queries.names_like(ALL, "运输") == ["阜康运输工会委员会"]
    assert queries.names_like(ALL, "%") == []
    assert queries.names_like(ALL, "") == []


def test_the_file_has_the_visits_of_the_list_with_yuan_to_the_fen(session: Session) -> None:
    make.visit(session, code="V-ONE", amount_fen=120_005, note="=1+1")
    make.visit(session, kind="winter_warmth")

    header, (row,) = queries.export_rows(CITY, Filters(kind="summer_cooling"))

    assert row == [
        "V-ONE", date(2021, 7, 1), word_for("summer_cooling", "visit"), "昌吉市", "宁边路街道", "物流园", None, None,
        40, "矿泉水、毛巾", Decimal("1200.05"), word_for("own_union", "fund"), "=1+1", None, 0, 0,
    ]  # fmt: skip
    assert len(header) == len(row)


def test_the_list_costs_the_same_statements_for_one_visit_and_for_thirty(
    session: Session, statements: list[str]
) -> None:
    make.visit(session)
    with counted(statements) as few:
        queries.visits(CITY, Filters())

    for _ in range(60):
        make.visit(session)
    db.session.remove()  # what was read stays as it was until then
    with counted(statements) as many:
        second = queries.visits(CITY, Filters(), page=2)

    assert (len(few), len(many)) == (2, 2)
    assert (len(second.rows), second.number, second.last) == (11, 2, 2)
    assert queries.visits(CITY, Filters(), page=10**30) == second
