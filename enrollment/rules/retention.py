"""How long personal data is kept (保存期限, PRIV-12), and what holds it longer.

Every period is local practice (本单位自定的保存期限), set by the deployment, and never law. Kept for good, and why:
the ledger with name, identity number and dates (the archive core, PRIV-12; of who was a member on no day, since the
approval was undone, the dates alone); officers, candidates, results and issued
papers of foundings (the union's own archive, LAW-15); looks (the person's right to know, PRIV-11); the audit (at least
six months, PRIV-16; nothing of it is dropped here). Referrals hold no person, and there are no photographs anywhere.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum

from enrollment.rules.applications import State
from enrollment.rules.requests import RequestKind


class Matter(StrEnum):
    """What is kept for a time."""

    DRAFT = "draft"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REQUEST = "request"
    FOUNDING = "founding"
    FORMER_MEMBER = "former_member"
    MESSAGE = "message"
    SIGN_IN = "sign_in"
    CODE = "code"


class Hold(StrEnum):
    """Why something is kept longer than its period."""

    UNDER_WAY = "under_way"
    MEMBERSHIP = "membership"
    FOUNDING = "founding"
    OFFICE = "office"


_ENDED = (State.REFUSED, State.WITHDRAWN)
_ASKED = tuple(RequestKind)

OF_APPLICATIONS: Mapping[Matter, tuple[tuple[str, ...], tuple[State, ...]]] = {
    Matter.DRAFT: (("found",), (State.NEW, State.GATHERING)),
    Matter.RETURNED: (("join", *_ASKED), (State.RETURNED,)),
    Matter.REFUSED: (("join",), (State.REFUSED,)),
    Matter.WITHDRAWN: (("join",), (State.WITHDRAWN,)),
    Matter.REQUEST: (_ASKED, (*_ENDED, State.APPROVED)),
    Matter.FOUNDING: (("found",), (*_ENDED, State.APPROVED)),
}
"""Kinds of applications and their states, by what they are kept as.

What an office has to act on is in none of them, and neither is what made a member: that goes with the membership.
"""

CODE_DAYS = 2
"""Codes sent to phones: limits look a day back (``confirmation.KEPT``), so the day after next nobody needs them."""

AHEAD_DAYS = 30
"""How far the report looks ahead; our own choice."""

SIX_MONTHS = 184
"""Days that are six months whichever they are: what logs are kept at least (PRIV-16)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Days after the last movement, by matter; each of them local practice, not law.

    ``draft``: begun and never sent, or returned and never corrected; a quarter, since drivers are away for weeks.
    ``refused``: refused or withdrawn; half a year, for a second look. ``request``: what members told with requests that
    are decided; a year, for a complaint. ``founding``: who to call about a founding that is over; a year, until the
    first report of the union. ``former_member``: a year, for who comes back. ``message``: what was sent and when;
    ``sign_in``: who signed in from where. Both are logs.
    """

    draft: int = 90
    refused: int = 180
    request: int = 365
    founding: int = 365
    former_member: int = 365
    message: int = SIX_MONTHS
    sign_in: int = SIX_MONTHS

    def days(self, matter: Matter) -> int:
        """The period of a matter."""
        same = {Matter.RETURNED: Matter.DRAFT, Matter.WITHDRAWN: Matter.REFUSED}
        periods: dict[str, int] = asdict(self) | {Matter.CODE: CODE_DAYS}
        return periods[same.get(matter, matter)]


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that is kept. ``moved_on``: the day something last happened to it."""

    matter: Matter
    moved_on: date
    holds: frozenset[Hold] = frozenset()


def matter_of(kind: str, state: State) -> Matter | None:
    """What an application is kept as; None for one that stays: in the hands of an office, or what made a member."""
    found = (matter for matter, (kinds, states) in OF_APPLICATIONS.items() if kind in kinds and state in states)
    return next(found, None)


def drop_from(record: Record, periods: Periods) -> date | None:
    """The first day on which its personal data is dropped; None while something holds it."""
    return None if record.holds else record.moved_on + timedelta(days=periods.days(record.matter))


def last_movement(matter: Matter, periods: Periods, on: date) -> date:
    """The latest day of movement of what is over its period on ``on``."""
    return on - timedelta(days=periods.days(matter))


def is_over(record: Record, periods: Periods, on: date) -> bool:
    """Whether its period has passed, held or not."""
    return record.moved_on <= last_movement(record.matter, periods, on)


def is_due(record: Record, periods: Periods, on: date) -> bool:
    """Whether it is dropped on ``on``."""
    first = drop_from(record, periods)
    return first is not None and first <= on
