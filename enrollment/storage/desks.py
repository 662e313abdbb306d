"""Whose case an application is (承办): the group's or officer's of its union, the county's, or a colleague's own."""

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, union
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
from enrollment.storage.foundings import GroupMember
from enrollment.storage.unions import Employer, Union


def has_officer() -> ColumnElement[bool]:
    """The union applied to has an officer who can sign in. A founding lies with the upper union alone."""
    officer = select(Account.id).where(Account.role == Role.UNION_OFFICER, Account.active, Account.password_hash != "")
    officer = officer.where(Account.union_id == Application.union_id)
    return and_(Application.kind != FOUND, officer.correlate(Application).exists())


def in_preparation(founding_id: int | None = None) -> Select[int | None]:
    """Ids of the employers whose union is in preparation, or in preparation by this founding (REG-4)."""
    units = select(FoundingUnit.employer_id).where(FoundingUnit.application_id.in_(_prepared(founding_id)))
    return units.where(FoundingUnit.answer == FoundingStep.AGREED, FoundingUnit.employer_id.is_not(None))


def with_group(founding_id: int | None = None) -> ColumnElement[bool]:
    """It goes to the holding pool, or to none yet, from an employer in its county whose union is in preparation.

    ``founding_id``: in preparation by this founding. Who is of a group does not decide on their own application.
    """
    pool = select(Union.id).where(Union.kind == kinds.POOL.code)
    join = select(JoinDetails.application_id).where(JoinDetails.application_id == Application.id)
    named = join.where(JoinDetails.employer_name == Employer.name).correlate(Application, Employer)
    unit = select(Employer.id).where(Employer.id.in_(in_preparation(founding_id)))
    unit = unit.where(Employer.county_code == Application.county_code)
    unit = unit.where(or_(Application.poster_employer_id == Employer.id, named.exists()))
    members = select(GroupMember.name).where(GroupMember.application_id.in_(_prepared()))
    contacts = select(FoundingDetails.contact_name).where(FoundingDetails.application_id.in_(_prepared()))
    own = join.where(JoinDetails.name.in_(union(members, contacts))).correlate(Application)
    to_pool = or_(Application.union_id.is_(None), Application.union_id.in_(pool))
    return and_(Application.kind == JOIN, to_pool, unit.correlate(Application).exists(), ~own.exists())


def _prepared(founding_id: int | None = None) -> Select[int]:
    """Ids of the foundings, or of this one, whose group is approved and which have not ended."""
    founding = aliased(Application)
    approved = select(ApplicationAct.id).where(
        ApplicationAct.application_id == founding.id, ApplicationAct.step == FoundingStep.GROUP_APPROVED
    )
    found = select(founding.id).where(founding.kind == FOUND, founding.state.in_(UNDER_WAY), approved.exists())
    return found if founding_id is None else found.where(founding.id == founding_id)


def lies_at(desk: Desk) -> ColumnElement[bool]:
    """The application lies on this desk: ``rules.desks.desk_of`` as a condition."""
    raised, stays = Application.raised_to == desk, Application.raised_to == ""
    if desk is Desk.GROUP:
        return and_(stays, with_group())
    if desk is Desk.UNION:
        return and_(stays, has_officer(), ~with_group())
    if desk is Desk.PREFECTURE:
        return raised
    return or_(raised, and_(stays, ~has_officer(), ~with_group()))


def desk_with(session: Session, application: Application) -> Desk:
    """The desk one application lies on."""
    below = select(has_officer(), with_group()).where(Application.id == application.id)
    officer, group = session.execute(below).one()
    return desk_of(officer=officer, group=group, raised_to=application.raised_to)


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
