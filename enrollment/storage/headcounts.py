"""Headcounts (从业人员数): which one holds on a day, and how one is recorded: always as a new row (STAT-5)."""

from datetime import date

from sqlalchemy import ScalarSelect, Subquery, func, select

from enrollment.storage.database import Work
from enrollment.storage.unions import Employer, Headcount


def workers_on(on: date) -> ScalarSelect[int]:
    """Workers of the employer of the row by the latest survey up to ``on`` (inclusive); NULL where there was none."""
    last = select(Headcount.workers).where(Headcount.employer_id == Employer.id, Headcount.surveyed_on <= on)
    last = last.order_by(Headcount.surveyed_on.desc(), Headcount.correction.desc()).limit(1)
    return last.correlate(Employer).scalar_subquery()


def latest_headcounts(on: date) -> Subquery:
    """Each employer's headcount that holds on the day, as last corrected: at most one row per employer."""
    newest = (Headcount.surveyed_on.desc(), Headcount.correction.desc())
    place = func.row_number().over(partition_by=Headcount.employer_id, order_by=newest).label("place")
    columns = (Headcount.employer_id, Headcount.surveyed_on, Headcount.workers, Headcount.source)
    placed = select(*columns, place).where(Headcount.surveyed_on <= on).subquery()
    return select(*(placed.c[column.key] for column in columns)).where(placed.c.place == 1).subquery()


def record_headcount(work: Work, employer_id: int, *, surveyed_on: date, workers: int, source: str) -> bool:
    """Add what a source tells of a day; where the day has a headcount already, as its correction.

    Gives whether a row was added: what says just the same adds nothing.
    """
    of_day = select(Headcount).where(Headcount.employer_id == employer_id, Headcount.surveyed_on == surveyed_on)
    before = work.session.scalar(of_day.order_by(Headcount.correction.desc()).limit(1))
    if before and (before.workers, before.source) == (workers, source):
        return False
    work.session.add(
        Headcount(
            employer_id=employer_id,
            surveyed_on=surveyed_on,
            correction=before.correction + 1 if before else 0,
            workers=workers,
            source=source,
            recorded_by=work.by.account_id,
            recorded_at=work.now,
        )
    )
    return True
