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


def desk_of(*, officer: bool, group: bool = False, raised_to: str = "") -> Desk:
    """Where it lies.

    With the ``group`` that prepares the union of the applicant's unit, where it applies to the holding pool meanwhile
    (REG-4, domain 5.1); with the basic union's committee (CH-2), when an ``officer`` of the union applied to has an
    account; else with the county, as for its pool (REG-4). ``raised_to``: the desk it went up to, past its day or
    because the group left it there; it stays there whatever becomes of the group or the officer.
    """
    if raised_to:
        return Desk(raised_to)
    return Desk.GROUP if group else Desk.UNION if officer else Desk.COUNTY


def one_up(desk: Desk) -> Desk:
    """Where what is overdue goes (local practice): from a union or a group to the county, else to the prefecture."""
    return Desk.COUNTY if desk in {Desk.GROUP, Desk.UNION} else Desk.PREFECTURE


def steps_in(actor: Actor, desk: Desk) -> bool:
    """Whether who decides does so in place of whose turn it is: the history says it."""
    if desk is Desk.GROUP:
        return actor.role is not Role.VISITOR
    if desk is Desk.UNION:
        return actor.role is not Role.UNION_OFFICER
    return desk is Desk.COUNTY and actor.role is Role.PREFECTURE_CADRE
