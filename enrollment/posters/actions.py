"""What a cadre does with events: log one."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from enrollment.rules.access import Act, Actor
from enrollment.rules.regions import Territory, county_of
from enrollment.storage.database import db, transaction
from enrollment.storage.events import Event
from enrollment.storage.failures import Conflict, Missing
from enrollment.storage.tables import new_code

_CODE_LENGTH = 8


def log_event(answers: dict[str, Any], *, key: str, territory: Territory, by: Actor, now: datetime) -> str:
    """Keep one event and return its code; the same ``key`` again returns the code of the first.

    It changes no membership (CER-1): who joins there applies and is decided on like anybody else. ``answers`` are
    those of ``EventForm``. Raises ``Missing`` when the township lies outside ``territory``.
    """
    try:
        return _log(answers, key, territory, by, now)
    except Conflict:
        first = db.session.scalar(
            select(Event.code).where(Event.submission_key == key, Event.county_code.in_(territory.counties))
        )
        if first is None:
            raise
        return first


def _log(answers: dict[str, Any], key: str, territory: Territory, by: Actor, now: datetime) -> str:
    county = county_of(answers["region_code"])
    if not territory.covers(county):
        raise Missing
    with transaction(by=by, act=Act.LOG_EVENT, now=now) as work:
        event = Event(
            code=new_code(_CODE_LENGTH),
            name=answers["name"],
            held_on=answers["held_on"],
            county_code=county,
            region_code=answers["region_code"],
            place=answers["place"],
            account_id=by.account_id,
            recorded_at=now,
            submission_key=key,
        )
        work.session.add(event)
        work.subject = event.code
    return event.code
