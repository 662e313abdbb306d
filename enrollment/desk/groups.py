"""What lies with a preparatory group (筹备组): its units' people who apply to the pool meanwhile (REG-4)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from enrollment.rules.applications import State
from enrollment.storage.applications import Application
from enrollment.storage.database import db
from enrollment.storage.desks import with_group
from enrollment.storage.failures import Missing
from enrollment.storage.procedures import Founding, founding_where

MOST = 200


def group_at(link: str) -> Founding:
    """The founding behind the group's link; raises ``Missing`` for none."""
    founding = founding_where(db.session(), Application.link == link)
    if founding is None:
        raise Missing
    return founding


def may_decide(application: Application) -> bool:
    """Whether one of them is the group's to decide: it waits, lies on no other desk, nobody has taken it on."""
    return application.state == State.SUBMITTED and not application.raised_to and application.holder_id is None


def waiting_with(founding: Founding) -> Sequence[Application]:
    """Applications of its units' people that somebody still has to act on, the oldest first; ``MOST`` of them."""
    mine = with_group(founding.application.id)
    found = select(Application).where(mine, Application.state.in_((State.SUBMITTED, State.RETURNED)))
    order = Application.due_on.is_(None), Application.due_on, Application.id
    return db.session.scalars(found.options(joinedload(Application.join)).order_by(*order).limit(MOST)).all()


def one_of(founding: Founding, number: str) -> Application:
    """One of them, decided or not; raises ``Missing`` for any other."""
    mine = with_group(founding.application.id)
    found = select(Application).where(Application.number == number, mine)
    application = db.session.scalar(
        found.options(joinedload(Application.join), joinedload(Application.poster_employer))
    )
    if application is None:
        raise Missing
    return application
