"""Taking full numbers away is an act: its reason is kept before the first number leaves."""

from datetime import date, datetime

from enrollment.rules.access import Act, Actor
from enrollment.rules.regions import Territory
from enrollment.storage.database import transaction


def record_full_export(
    territory: Territory, as_of: date, *, reason: str, persons: int, by: Actor, now: datetime
) -> None:
    """One audit line: who takes how many persons' full numbers, of which territory and day, and why (PRIV-16)."""
    with transaction(by=by, act=Act.EXPORT_FULL_NUMBERS, now=now) as work:
        work.subject = territory.code
        work.note = f"{persons} · {as_of} · {reason}"
