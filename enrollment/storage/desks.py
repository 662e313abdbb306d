"""Whose case an application is (承办): the group's or officer's of its union, the county's, or a colleague's own."""

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session, aliased

from enrollment.rules import kinds
from enrollment.rules.access import Actor, Role
from enrollment.rules.applications import UNDER_WAY
from enrollment.rules.desks import Desk, desk_of
from enrollment.rules.stages import FoundingStep
from enrollment.storage.accounts import Account
from enrollment.storage.applications import (
    FOUND,
    JOIN,
    Application,
    ApplicationAct,
    FoundingDetails,
    FoundingUnit,
    JoinDetails,
)
from enrollment.storage.unions import Employer, Union


def has_officer() -> ColumnElement[bool]:
    """The union applied to has an officer who can sign in. A founding lies with the upper union alone."""
    officer = select(Account.id).where(Account.role == Role.UNION_OFFICER, Account.active, Account.password_hash != "")
    officer = officer.where(Account.union_id == Application.union_id)
    return and_(Application.kind != FOUND, officer.correlate(Application).exists())


def in_preparation() -> Select[int | None]:
    """Ids of the employers whose union is in preparation: its group is approved, the founding has not ended (REG-4)."""
    founding = aliased(Application)
    approved = select(ApplicationAct.id).where(
        ApplicationAct.application_id == founding.id, ApplicationAct.step == FoundingStep.GROUP_APPROVED
    )
    return (
        select(FoundingUnit.employer_id)
        .join(FoundingDetails, FoundingDetails.application_id == FoundingUnit.application_id)
        .join(founding, founding.id == FoundingUnit.application_id)
        .where(FoundingUnit.answer == FoundingStep.AGREED, FoundingUnit.employer_id.is_not(None))
        .where(founding.state.in_(UNDER_WAY), approved.exists())
    )


def with_group(*employers: ColumnElement[bool]) -> ColumnElement[bool]:
    """It goes to the holding pool, or to none yet, from an employer whose union is in preparation; of these of them."""
    pool = select(Union.id).where(Union.kind == kinds.POOL.code)
    named = select(JoinDetails.application_id).where(
        JoinDetails.application_id == Application.id, JoinDetails.employer_name == Employer.name
    )
    here = and_(Application.county_code == Employer.county_code, named.correlate(Application, Employer).exists())
    unit = select(Employer.id).where(Employer.id.in_(in_preparation()), *employers)
    unit = unit.where(or_(Application.poster_employer_id == Employer.id, here))
    to_pool = or_(Application.union_id.is_(None), Application.union_id.in_(pool))
    return and_(Application.kind == JOIN, to_pool, unit.correlate(Application).exists())


def lies_at(desk: Desk) -> ColumnElement[bool]:
    """The application lies on this desk: ``rules.desks.desk_of`` as a condition."""
    up, below = Application.escalated_at.is_not(None), or_(with_group(), has_officer())
    if desk is Desk.GROUP:
        return and_(with_group(), ~up)
    if desk is Desk.UNION:
        return and_(has_officer(), ~with_group(), ~up)
    if desk is Desk.PREFECTURE:
        return and_(~below, up)
    return or_(and_(~below, ~up), and_(below, up))


def desk_with(session: Session, application: Application) -> Desk:
    """The desk one application lies on."""
    below = select(has_officer(), with_group()).where(Application.id == application.id)
    officer, group = session.execute(below).one()
    return desk_of(officer=officer, escalated=application.escalated_at is not None, group=group)


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
