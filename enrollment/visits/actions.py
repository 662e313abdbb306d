"""What a cadre does with visits: log one."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.rules.access import Act, Actor
from enrollment.rules.regions import Territory, county_of
from enrollment.storage.database import db, transaction
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.tables import new_code
from enrollment.storage.unions import Employer, Union
from enrollment.storage.visits import Visit

_CODE_LENGTH = 8
_FEN = 100


def log_visit(answers: dict[str, Any], *, key: str, territory: Territory, by: Actor, now: datetime) -> str:
    """Keep one visit and return its code; the same ``key`` again returns the code of the first.

    ``answers`` are those of ``VisitForm``, the amount in yuan. Raises ``Missing`` when the township lies outside
    ``territory``, ``Refused`` when nobody there has the name given as ``host``.
    """
    try:
        return _log(answers, key, territory, by, now)
    except Conflict:
        first = db.session.scalar(
            select(Visit.code).where(Visit.submission_key == key, Visit.county_code.in_(territory.counties))
        )
        if first is None:
            raise
        return first


def _log(answers: dict[str, Any], key: str, territory: Territory, by: Actor, now: datetime) -> str:
    county = county_of(answers["region_code"])
    if not territory.covers(county):
        raise Missing
    with transaction(by=by, act=Act.LOG_VISIT, now=now) as work:
        union_id, employer_id = _host(work.session, territory, answers["host"])
        visit = Visit(
            code=new_code(_CODE_LENGTH),
            kind=answers["kind"],
            visited_on=answers["visited_on"],
            county_code=county,
            region_code=answers["region_code"],
            place=answers["place"],
            union_id=union_id,
            employer_id=employer_id,
            people_met=answers["people_met"],
            goods=answers["goods"] or "",
            amount_fen=int((answers["amount"] or Decimal(0)) * _FEN),
            fund=answers["fund"],
            note=answers["note"] or "",
            account_id=by.account_id,
            recorded_at=now,
            submission_key=key,
        )
        work.session.add(visit)
        work.subject = visit.code
    return visit.code


def _host(session: Session, territory: Territory, name: str | None) -> tuple[int | None, int | None]:
    """Row of the union, or else of the employer, of exactly this name in the territory."""
    if not name:
        return None, None
    union_id = session.scalar(select(Union.id).where(Union.name == name, Union.county_code.in_(territory.counties)))
    if union_id:
        return union_id, None
    employers = select(Employer.id).where(Employer.name == name, Employer.county_code.in_(territory.counties))
    employer_id = session.scalar(employers.order_by(Employer.id).limit(1))
    if employer_id is None:
        raise Refused(["host_unknown"])
    return None, employer_id
