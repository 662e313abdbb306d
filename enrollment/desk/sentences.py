"""Ready sentences of a county: what it sees, and how it writes its own. Nothing vanishes: one ends, another begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from enrollment.rules.access import Act, Actor
from enrollment.rules.applications import Step
from enrollment.rules.sentences import DEFAULTS
from enrollment.storage.database import Work, db, transaction
from enrollment.storage.failures import Conflict, Missing
from enrollment.storage.shortcuts import ReadySentence


@dataclass(frozen=True, slots=True)
class Sentence:
    """One that can be chosen; ``position`` tells it from the others of its decision."""

    position: int
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a sentence stands, and what it was when it was read there."""

    county_code: str
    purpose: Step
    position: int
    before: str


def sentences(county_code: str) -> dict[Step, list[Sentence]]:
    """What a county has ready by decision: its own, and the defaults where it has never written any."""
    rows = db.session.scalars(_of_county(county_code)).all()
    return {purpose: _present([row for row in rows if row.purpose == purpose], purpose) for purpose in DEFAULTS}


def _of_county(county_code: str) -> Select[ReadySentence]:
    of_county = select(ReadySentence).where(ReadySentence.county_code == county_code)
    return of_county.order_by(ReadySentence.position, ReadySentence.id)


def _present(rows: Sequence[ReadySentence], purpose: Step) -> list[Sentence]:
    if not rows:
        return [Sentence(position, text) for position, text in enumerate(DEFAULTS[purpose], 1)]
    return [Sentence(row.position, row.text) for row in rows if row.ended_at is None]


def add_sentence(county_code: str, purpose: Step, text: str, *, by: Actor, now: datetime) -> None:
    """Write one more; one that is there already stays the only one.

    Raises ``Missing`` for a county that is not the cadre's.
    """
    with transaction(by=by, act=Act.CHANGE_SENTENCES, now=now) as work:
        rows = _own(work, county_code, purpose)
        if text not in [row.text for row in rows if row.ended_at is None]:
            _write(work, Spot(county_code, purpose, max((row.position for row in rows), default=0) + 1, ""), text)


def change_sentence(spot: Spot, text: str, *, by: Actor, now: datetime) -> None:
    """Put another text, or none, in the place of one: the old ends, the new begins; the second tap finds it done.

    Raises ``Missing`` for a county that is not the cadre's and where nothing ever stood, ``Conflict`` when it was
    changed since it was read.
    """
    with transaction(by=by, act=Act.CHANGE_SENTENCES, now=now) as work:
        there = [row for row in _own(work, spot.county_code, spot.purpose) if row.position == spot.position]
        if not there:
            raise Missing
        present = next((row for row in there if row.ended_at is None), None)
        if (present.text if present else "") == text:
            return
        if present is None or present.text != spot.before:
            raise Conflict
        present.ended_at, present.ended_by_id = now, by.account_id
        work.session.flush()  # the place is free before the next one takes it
        if text:
            _write(work, spot, text)


def _own(work: Work, county_code: str, purpose: Step) -> list[ReadySentence]:
    """All the county ever wrote for a decision; the defaults become its own with its first change."""
    if not (work.by.territory and work.by.territory.covers(county_code)):
        raise Missing
    work.subject, work.note = county_code, purpose
    rows = list(work.session.scalars(_of_county(county_code).where(ReadySentence.purpose == purpose)))
    if rows:
        return rows
    defaults = enumerate(DEFAULTS[purpose], 1)
    return [_write(work, Spot(county_code, purpose, position, ""), text) for position, text in defaults]


def _write(work: Work, spot: Spot, text: str) -> ReadySentence:
    row = ReadySentence(
        county_code=spot.county_code,
        purpose=spot.purpose,
        position=spot.position,
        text=text,
        written_at=work.now,
        account_id=work.by.account_id,
    )
    work.session.add(row)
    return row
