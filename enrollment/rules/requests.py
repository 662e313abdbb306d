"""What members ask their union for (会员事项): who may ask, by when it is answered, which entries an approval makes."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from enrollment.rules import statute
from enrollment.rules.applications import UNDER_WAY, State
from enrollment.rules.deadlines import DATA_REQUEST_DAYS, TRANSFER_DAYS, after_working_days
from enrollment.rules.ledger import HELD, EntryKind, Position, Standing


class RequestKind(StrEnum):
    """What can be asked for; the application's ``kind``."""

    TRANSFER = "transfer"
    RETAIN = "retain"
    LEAVE = "leave"
    CORRECT = "correct"
    ERASE = "erase"
    CLOSE = "close"


class Cause(StrEnum):
    """Why membership is retained (domain 5.1; REG-15, REG-16, REG-17)."""

    RETIRED = "retired"
    UNEMPLOYED = "unemployed"
    MILITARY_SERVICE = "military_service"
    UNIT_CLOSED = "unit_closed"


ABOUT_DATA = frozenset({RequestKind.CORRECT, RequestKind.ERASE, RequestKind.CLOSE})
"""Rights to one's own data (PRIV-11); they do not depend on the standing, but for what the archive must keep."""

_FROM: dict[RequestKind, frozenset[Standing]] = {
    RequestKind.TRANSFER: frozenset({Standing.MEMBER, Standing.RETAINED}),
    RequestKind.RETAIN: frozenset({Standing.MEMBER}),
    RequestKind.LEAVE: frozenset({Standing.MEMBER, Standing.RETAINED}),
}

_SOURCES: dict[RequestKind, tuple[str, ...]] = {
    RequestKind.TRANSFER: ("REG-2", "REG-10"),
    RequestKind.RETAIN: ("REG-15", "REG-16"),
}

Entries = Sequence[tuple[EntryKind, str]]
"""Kinds of entries, each with the union it is made at."""


def objections(kind: RequestKind, standing: Standing) -> tuple[str, ...]:
    """Why somebody of this standing cannot ask for it: reason codes, empty when nothing stands against it (PRIV-12)."""
    if kind is RequestKind.ERASE and standing in HELD:
        return ("leave_first",)
    if kind not in ABOUT_DATA and standing not in _FROM[kind]:
        return (f"not_from_{standing}",)
    return ()


def erasure_objections(state: State) -> tuple[str, ...]:
    """Why what an applicant told cannot be deleted now: it is under way, or has made a member (PRIV-12)."""
    if state in UNDER_WAY:
        return ("withdraw_first",)
    return ("erase_on_card",) if state is State.APPROVED else ()


def sources(kind: RequestKind, on: date) -> tuple[str, ...]:
    """The clauses in force on ``on`` that a request of this kind is decided by; empty where we can cite none."""
    return statute.cite(_SOURCES.get(kind, ()), on)


def due_on(kind: RequestKind, today: date, review_working_days: int) -> date:
    """By when it is answered: local time limits (本地办理时限) for membership, GB/T 35273 8.7 for data."""
    if kind is RequestKind.TRANSFER:
        return today + timedelta(days=TRANSFER_DAYS)
    if kind in ABOUT_DATA:
        return today + timedelta(days=DATA_REQUEST_DAYS)
    return after_working_days(today, review_working_days)


def in_working_days(kind: str) -> bool:
    """Whether the time limit of a kind counts working days; else it counts all of them."""
    return kind != RequestKind.TRANSFER and kind not in ABOUT_DATA


def entries_of_approval(kind: RequestKind, held: Position, target: str, *, reaches: bool) -> Entries:
    """What an approval records. ``reaches``: the target lies with who decides; else its county takes the member in.

    CH-5, REG-10: out and in on one day, so that nobody is lost between. Who was retained, or has left the old union
    already, is only taken in, or restored where the membership is held (domain 5.1).
    """
    if kind is RequestKind.TRANSFER:
        back = held.standing is not Standing.MEMBER and target == held.union
        into = (EntryKind.RESTORED if back else EntryKind.TRANSFERRED_IN, target)
        only_in = held.standing in (Standing.RETAINED, Standing.TRANSFERRING)
        leaves = [] if only_in else [(EntryKind.TRANSFERRED_OUT, held.union)]
        return [*leaves, into] if reaches else leaves
    asked = {RequestKind.RETAIN: EntryKind.RETAINED, RequestKind.LEAVE: EntryKind.EXITED}
    return [(asked[kind], held.union)] if kind in asked else []


def entries_of_an_end(kind: RequestKind, held: Position) -> Entries:
    """What a refusal or a withdrawal records: who has left for a union that did not take them in is restored."""
    moving = kind is RequestKind.TRANSFER and held.standing is Standing.TRANSFERRING
    return [(EntryKind.RESTORED, held.union)] if moving else []
