"""Accounts (账号): which passwords will do, what a role needs, who stands in for whom. Local practice, not law."""

import re
from collections.abc import Collection
from datetime import date, timedelta

from zxcvbn import zxcvbn

from enrollment.rules.access import Act, Actor, Role
from enrollment.rules.regions import PREFECTURE, territory

SHORTEST_PASSWORD = 12
"""Characters; length and not a mixture of kinds of characters makes a password hard to guess."""

LONGEST_PASSWORD = 128
LONGEST_DELEGATION = timedelta(days=92)

CADRES = frozenset({Role.PREFECTURE_CADRE, Role.COUNTY_CADRE})
CASE_WORKERS = CADRES | {Role.UNION_OFFICER}
OF_A_UNIT = frozenset({Role.UNION_OFFICER, Role.EMPLOYER_CONTACT})
"""Roles for one union or one employer: the cadres of the place invite them."""

_GUESSABLE = 3
"""zxcvbn's score from 0 to 4: below it a list of common passwords, names, dates and keyboard rows soon finds it."""

_LONGEST_GUESSED = 72  # what zxcvbn looks at; more only makes it harder


def is_login(text: str) -> bool:
    """Whether an account may be called so: 3 to 40 small letters, digits, dots and dashes, no sign first."""
    return re.fullmatch(r"[a-z0-9][a-z0-9.-]{2,39}", text) is not None


def password_objections(password: str, about: Collection[str] = ()) -> tuple[str, ...]:
    """Why a password will not do: reason codes. ``about``: words of the person that it must not be made of."""
    if len(password) < SHORTEST_PASSWORD:
        return ("password_too_short",)
    if len(password) > LONGEST_PASSWORD:
        return ("password_too_long",)
    guessed = zxcvbn(password[:_LONGEST_GUESSED], user_inputs=[*about])
    return ("password_too_common",) if guessed["score"] < _GUESSABLE else ()


def place_objections(role: Role, place: str, *, has_unit: bool) -> tuple[str, ...]:
    """Why a role cannot be given for this place: a territory's code, with a union or employer named or not."""
    if territory(place) is None:
        return ("place_missing",)
    if (role in OF_A_UNIT) is not has_unit:
        return ("unit_missing",) if role in OF_A_UNIT else ("unit_not_for_role",)
    if role is Role.COUNTY_CADRE and place == PREFECTURE:
        return ("county_missing",)
    if role in (Role.PREFECTURE_CADRE, Role.OPERATOR) and place != PREFECTURE:
        return ("prefecture_only",)
    return ()


def act_of_change(role: Role) -> Act:
    """What changing an account of this role is called in the table of rights."""
    return Act.CHANGE_UNIT_ACCOUNT if role in OF_A_UNIT else Act.CHANGE_OFFICE_ACCOUNT


def may_stand_in(absent: Actor, deputy: Actor) -> bool:
    """Whether one may act for the other (代理): somebody else, for the same place, with a role that decides as much.

    A cadre's rights go to a cadre of the same place or of the prefecture; an officer's to another officer of the same
    union, to a cadre of the county, or of the prefecture. Nobody else has a deputy.
    """
    if absent.account_id == deputy.account_id or absent.territory is None or deputy.territory is None:
        return False
    if deputy.role is Role.UNION_OFFICER:
        return absent.role is Role.UNION_OFFICER and absent.territory == deputy.territory
    reaches = deputy.role is Role.PREFECTURE_CADRE or deputy.territory.code == absent.territory.code
    return absent.role in CASE_WORKERS and deputy.role in CADRES and reaches


def delegation_objections(from_on: date, until_on: date, today: date) -> tuple[str, ...]:
    """Why a delegation cannot be made for these days, both inclusive."""
    if until_on < from_on:
        return ("delegation_ends_first",)
    if from_on < today:
        return ("delegation_in_the_past",)
    return ("delegation_too_long",) if until_on - from_on > LONGEST_DELEGATION else ()


def leaves_an_operator(role: Role, other_operators: int) -> bool:
    """Whether an account of this role may be ended: the last operator stays."""
    return role is not Role.OPERATOR or other_operators > 0
