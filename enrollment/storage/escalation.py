"""What is overdue goes up one level by itself (逾期上报), once for each time limit, and the history says so.

Foundings have a mark of their own (``rules.stages``).
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from enrollment.rules.access import SYSTEM, Act
from enrollment.rules.applications import State, Step
from enrollment.storage.applications import FOUND, Application, ApplicationAct
from enrollment.storage.database import db, transaction

_AT_ONCE = 500


def escalate_overdue(now: datetime, today: date) -> None:
    """Pass up what the office has let run over; any number may do so at once, each case is passed up by one.

    The version stays: what a cadre has read of the case is still true, and the decision is wanted more than ever.
    """
    with Session(db.engine) as session:
        if session.scalar(select(Application.id).where(_late(today)).limit(1)) is None:
            return
    with transaction(by=SYSTEM, act=Act.ESCALATE, now=now) as work:
        late = select(Application).where(_late(today)).order_by(Application.id).limit(_AT_ONCE)
        rows = work.session.scalars(late.with_for_update(skip_locked=True)).all()
        for row in rows:
            row.escalated_at = now
            act = {"step": Step.ESCALATED, "at": now, "actor": SYSTEM.name, "note": str(row.due_on)}
            work.session.add(ApplicationAct(application_id=row.id, **act))
        work.subject = str(len(rows))


def _late(today: date) -> ColumnElement[bool]:
    """Its day has passed, the office has the ball, and it was not passed up yet."""
    return and_(
        Application.state == State.SUBMITTED,
        Application.due_on < today,
        Application.escalated_at.is_(None),
        Application.kind != FOUND,
    )
