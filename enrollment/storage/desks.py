"""Whose case an application is (承办): the officer's of the union applied to, the county's, or a colleague's own."""

from sqlalchemy import ColumnElement, and_, false, or_, select

from enrollment.rules.access import Actor, Role
from enrollment.rules.desks import Desk
from enrollment.storage.accounts import Account
from enrollment.storage.applications import FOUND, Application


def has_officer() -> ColumnElement[bool]:
    """The union applied to has an officer who can sign in. A founding lies with the upper union alone."""
    officer = select(Account.id).where(Account.role == Role.UNION_OFFICER, Account.active, Account.password_hash != "")
    officer = officer.where(Account.union_id == Application.union_id)
    return and_(Application.kind != FOUND, officer.correlate(Application).exists())


def lies_at(desk: Desk) -> ColumnElement[bool]:
    """The application lies on this desk: ``rules.desks.desk_of`` as a condition."""
    up = Application.escalated_at.is_not(None)
    if desk is Desk.UNION:
        return and_(has_officer(), ~up)
    if desk is Desk.PREFECTURE:
        return and_(~has_officer(), up)
    return or_(and_(~has_officer(), ~up), and_(has_officer(), up))


_DESKS = {
    Role.UNION_OFFICER: Desk.UNION,
    Role.COUNTY_CADRE: Desk.COUNTY,
    Role.PREFECTURE_CADRE: Desk.PREFECTURE,
}


def is_mine(actor: Actor) -> ColumnElement[bool]:
    """The case is this person's, or nobody's yet and lies on the desk of their role; within their territory."""
    desk = _DESKS.get(actor.role)
    if desk is None:
        return false()
    return or_(Application.holder_id == actor.desk_id, and_(Application.holder_id.is_(None), lies_at(desk)))
