"""Taking a decision back (撤回决定): by whom, and until when. Local practice, not law."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from enrollment.rules.applications import Step
from enrollment.rules.requests import RequestKind

IRREVOCABLE = frozenset({RequestKind.ERASE, RequestKind.CLOSE})
"""What is dropped, and links that were made new, do not come back (PRIV-12): these are asked once more before."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision: the account that made it, and the first instant at which it stands for good."""

    by: int | None
    until: datetime


def undo_until(at: datetime, minutes: int) -> datetime:
    """The first instant at which a decision made ``at`` stands for good, and its message may leave."""
    return at + timedelta(minutes=minutes)


def can_be_undone(kind: str, step: Step) -> bool:
    """Whether what the decision does can be put back at all."""
    return step is not Step.APPROVED or kind not in IRREVOCABLE


def objections(
    decided: Decided | None, by: int | None, now: datetime, *, acted_since: bool, message_out: bool
) -> tuple[str, ...]:
    """Why a decision may not be undone by the account ``by``: reason codes, empty when it may.

    ``decided`` is None once nothing is kept of it. Only its own maker takes it back, before anybody built on it
    (``acted_since``) and before the applicant was told (``message_out``).
    """
    if decided is None or now >= decided.until:
        return ("undo_too_late",)
    against = {
        "undo_not_yours": decided.by is None or decided.by != by,
        "undo_acted_since": acted_since,
        "undo_message_out": message_out,
    }
    return tuple(code for code, holds in against.items() if holds)
