"""Logging a visit: what is kept, what is refused, what counts once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.rules.access import Act, Actor, Role
from enrollment.rules.regions import Territory
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.visits import Visit
from enrollment.visits.actions import log_visit
from tests import make
from tests.cast import Cast

ALL, CITY = Territory("652300"), Territory("652301")

pytestmark = pytest.mark.usefixtures("context")


def _answers(**changes: Any) -> dict[str, Any]:
    answers = {
        "kind": "summer_cooling",
        "visited_on": date(2021, 7, 1),
        "region_code": "652301001",
        "place": "物流园北门",
        "host": "",
        "people_met": 40,
        "goods": "矿泉水",
        "amount": Decimal("1200.05"),
        "fund": "own_union",
        "note": "",
    }
    return answers | changes


def _log(cast: Cast, territory: Territory = CITY, key: str = "a-key", **changes: Any) -> str:
    by = Actor(Role.COUNTY_CADRE, "张干部", cast.city.id, territory)
    return log_visit(_answers(**changes), key=key, territory=territory, by=by, now=make.NOW)


def test_a_visit_is_kept_exactly_and_leaves_an_audit_line(session: Session, cast: Cast) -> None:
    code = _log(cast)

    visit = session.scalars(select(Visit)).one()
    assert (visit.code, visit.county_code, visit.region_code) == (code, "652301", "652301001")
    assert (visit.people_met, visit.amount_fen, visit.account_id, visit.recorded_at) == (
        40,
        120_005,
        cast.city.id,
        make.NOW,
    )
    line = session.scalars(select(AuditEntry)).one()
    assert (line.act, line.subject, line.actor, line.account_id) == (Act.LOG_VISIT, code, "张干部", cast.city.id)


@pytest.mark.parametrize(
    "amount, fen", [(None, 0), (Decimal("0.01"), 1), (Decimal("86.5"), 8650), (Decimal("9999999.99"), 999_999_999)]
)
def test_yuan_become_fen_exactly(session: Session, cast: Cast, amount: Decimal | None, fen: int) -> None:
    _log(cast, amount=amount)

    assert session.scalars(select(Visit.amount_fen)).one() == fen


def test_the_same_form_twice_is_one_visit_and_one_audit_line(session: Session, cast: Cast) -> None:
    first, second = _log(cast), _log(cast, people_met=41)

    assert first == second
    assert session.scalars(select(Visit.people_met)).all() == [40]
    assert len(session.scalars(select(AuditEntry)).all()) == 1


def test_a_key_used_in_another_county_leads_nowhere(cast: Cast) -> None:
    _log(cast, ALL, region_code="652302001")

    with pytest.raises(Conflict):
        _log(cast)


def test_a_zone_inside_a_county_is_the_place_of_its_own_union(session: Session, cast: Cast) -> None:
    _log(cast, ALL, region_code="652301402")

    assert session.scalars(select(Visit.county_code)).one() == "CJGX"


@pytest.mark.parametrize("township", ["652302001", "652301402", "nowhere"])
def test_a_place_of_another_county_is_not_there(session: Session, cast: Cast, township: str) -> None:
    with pytest.raises(Missing):
        _log(cast, region_code=township)

    assert session.scalars(select(Visit)).all() == []


def test_a_union_or_an_employer_named_exactly_is_linked(session: Session, cast: Cast) -> None:
    _log(cast, key="1", host=cast.joint_union.name)
    _log(cast, key="2", host=cast.uncovered.name)
    _log(cast, key="3")

    rows = session.execute(select(Visit.union_id, Visit.employer_id).order_by(Visit.id)).all()
    assert rows == [(cast.joint_union.id, None), (None, cast.uncovered.id), (None, None)]


@pytest.mark.parametrize("host", ["顺达", "没有这家公司", "阜康运输工会委员会"])
def test_a_name_nobody_has_here_is_refused_and_nothing_is_kept(session: Session, cast: Cast, host: str) -> None:
    with pytest.raises(Refused) as refused:
        _log(cast, host=host)

    assert refused.value.reasons == ("host_unknown",)
    assert session.scalars(select(Visit)).all() == []
    assert session.scalars(select(AuditEntry)).all() == []
