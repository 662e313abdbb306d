"""Whose desk an application lies on (谁来审批), and who steps in (CH-2, REG-4)."""

from enum import StrEnum

from enrollment.rules.access import Actor, Role


class Desk(StrEnum):
    """Who decides first. The county sees all of its own and can step in (代为办理).

    ``group``: the preparatory group of the union that the applicant's unit is founding (筹备组).
    """

    GROUP = "group"
    UNION = "union"
    COUNTY = "county"
    PREFECTURE = "prefecture"


def desk_of(*, officer: bool, escalated: bool, group: bool = False) -> Desk:
    """Where it lies.

    With the ``group`` that prepares the union of the applicant's unit, where it applies to the holding pool meanwhile
    (REG-4, domain 5.1); with the basic union's committee (CH-2), when an ``officer`` of the union applied to has an
    account; else with the county, as for its pool (REG-4). ``escalated``: up one level, past its day or because the
    group asked for it: from a union or a group to the county, from there to the prefecture (local practice).
    """
    if group or officer:
        return Desk.COUNTY if escalated else Desk.GROUP if group else Desk.UNION
    return Desk.PREFECTURE if escalated else Desk.COUNTY


def steps_in(actor: Actor, desk: Desk) -> bool:
    """Whether who decides does so in place of whose turn it is: the history says it."""
    if desk is Desk.GROUP:
        return actor.role is not Role.VISITOR
    if desk is Desk.UNION:
        return actor.role is not Role.UNION_OFFICER
    return desk is Desk.COUNTY and actor.role is Role.PREFECTURE_CADRE
