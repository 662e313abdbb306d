"""Whose desk an application lies on (谁来审批), and who steps in (CH-2, REG-4)."""

from enum import StrEnum

from enrollment.rules.access import Actor, Role


class Desk(StrEnum):
    """Who decides first. The county sees all of its own and can step in (代为办理)."""

    UNION = "union"
    COUNTY = "county"
    PREFECTURE = "prefecture"


def desk_of(*, officer: bool, escalated: bool) -> Desk:
    """Where it lies.

    With the basic union's committee (CH-2), when an ``officer`` of the union applied to has an account; else with the
    county, as for its holding pool (REG-4). ``escalated``: past its day it is up one level, so that somebody else
    looks: from a union to the county, from there to the prefecture (local practice).
    """
    if officer:
        return Desk.COUNTY if escalated else Desk.UNION
    return Desk.PREFECTURE if escalated else Desk.COUNTY


def steps_in(actor: Actor, desk: Desk) -> bool:
    """Whether who decides does so in place of whose turn it is: the history says it."""
    if desk is Desk.UNION:
        return actor.role is not Role.UNION_OFFICER
    return desk is Desk.COUNTY and actor.role is Role.PREFECTURE_CADRE
