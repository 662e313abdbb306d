"""Whose desk an application lies on (谁来审批), and who steps in (CH-2, REG-4)."""

from enum import StrEnum

from enrollment.rules.access import Actor, Role


class Desk(StrEnum):
    """Who decides first. The county sees all of its own and can step in (代为办理)."""

    GROUP = "group"
    UNION = "union"
    COUNTY = "county"
    PREFECTURE = "prefecture"


def desk_of(*, officer: bool, group: bool, overdue: bool) -> Desk:
    """Where it lies.

    With the basic union's committee (CH-2), when an ``officer`` of the union applied to has an account; with the
    preparatory ``group`` of a union that is being formed; else with the county, as for its holding pool (REG-4). Past
    its day it goes up one level, so that somebody else looks: from a union or group to the county, from there to the
    prefecture (local practice).
    """
    if officer or group:
        return Desk.COUNTY if overdue else Desk.UNION if officer else Desk.GROUP
    return Desk.PREFECTURE if overdue else Desk.COUNTY


def steps_in(actor: Actor, desk: Desk) -> bool:
    """Whether who decides does so in place of whose turn it is: the history says it."""
    if desk in (Desk.UNION, Desk.GROUP):
        return actor.role is not Role.UNION_OFFICER
    return desk is Desk.COUNTY and actor.role is Role.PREFECTURE_CADRE
