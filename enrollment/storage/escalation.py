"""What is overdue goes up one level by itself (逾期上报), once for each time limit, and the history says so.

Foundings have a mark of their own (``rules.stages``).
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from enrollment.rules.access import SYSTEM, Act
from enrollment.rules.applications import State, Step
from enrollment.rules.desks import desk_of, one_up
from enrollment.storage.applications import FOUND, Application, ApplicationAct
from enrollment.storage.database import db, transaction
from enrollment.storage.desks import has_officer, with_group

_AT_ONCE = 500


def escalate_overdue(now: datetime, today: date) -> None:
    """Pass up what the office has let run over; any number may do so at once, each case is passed up by one.

    It is nobody's own then, so that the desk above has it as work; who had it may still decide. The version stays:
    what a cadre has read of the case is still true.
    """
    with Session(db.engine) as session:
        if session.scalar(select(Application.id).where(_late(today)).limit(1)) is None:
            return
    with transaction(by=SYSTEM, act=Act.ESCALATE, now=now) as work:
        late = select(Application, has_officer(), with_group()).where(_late(today)).limit(_AT_ONCE)
        late = late.order_by(Application.id).with_for_update(of=Application, skip_locked=True)
        rows = work.session.execute(late).all()
        for row, officer, group in rows:
            desk = desk_of(officer=officer, group=group, raised_to=row.raised_to)
            row.raised_to, row.escalated_at, row.holder_id = one_up(desk), now, None
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
