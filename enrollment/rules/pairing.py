"""Pairing (结对指导): one guide for each employer without a union, a next step with its day, and contacts.

Local practice of the county unions, not law. Who guides is a history of entries; that a pairing is over because a
union covers the employer, or because it has closed, is derived and never set.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import zip_longest

from enrollment.rules.regions import Territory

CONTACT_DAYS = 30
"""Days without contact after which an employer is listed: a local setting (本地做法), not law."""


class PairingEntry(StrEnum):
    """What an entry of a pairing says."""

    NAMED = "named"
    REPLACED = "replaced"
    HANDED_OVER = "handed_over"
    STEP_SET = "step_set"
    NOT_NEEDED = "not_needed"


class PairingEnd(StrEnum):
    """Why somebody is the guide no longer; the first two are derived."""

    UNION_FORMED = "union_formed"
    UNIT_CLOSED = "unit_closed"
    REPLACED = "replaced"
    HANDED_OVER = "handed_over"
    NOT_NEEDED = "not_needed"


class ContactWay(StrEnum):
    """How somebody of the employer was met or reached."""

    VISIT = "visit"
    PHONE = "phone"
    MESSAGE = "message"
    ELSEWHERE = "elsewhere"


class StepDue(StrEnum):
    """How a next step stands on a day."""

    NONE = "none"
    AHEAD = "ahead"
    TODAY = "today"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: who guides from ``from_on`` on (a public name, None for nobody), and what the entry says."""

    guide: str | None
    from_on: date
    kind: PairingEntry


@dataclass(frozen=True, slots=True)
class Covered:
    """Days on which a union covered the employer: from ``from_on`` until ``until_on`` (exclusive; None = still)."""

    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Period:
    """Who guided from ``from_on`` until ``until_on`` (exclusive; None = still), and why it ended."""

    guide: str
    from_on: date
    until_on: date | None
    end: PairingEnd | None


def guide_objections(territory: str, county: str, *, active: bool) -> tuple[str, ...]:
    """Why an account may not guide an employer of ``county``: reason codes, empty when it may.

    It must be active, and of this county or of the prefecture that covers it.
    """
    reasons = (("guide_inactive", not active), ("guide_elsewhere", not Territory(territory).covers(county)))
    return tuple(code for code, holds in reasons if holds)


def step_objections(step: str, due_on: date | None) -> tuple[str, ...]:
    """A next step has its day, and a day its step: reason codes, empty when both are there or neither is."""
    reasons = (("step_without_day", bool(step) and due_on is None), ("day_without_step", bool(due_on) and not step))
    return tuple(code for code, holds in reasons if holds)


def latest_silent(today: date) -> date:
    """The latest day of the last contact with which an employer counts as without contact for 30 days."""
    return today - timedelta(days=CONTACT_DAYS)


def is_silent(paired_on: date, last_contact: date | None, today: date) -> bool:
    """Whether there was no contact for 30 days: since the last one, or since it has a guide where there was none."""
    return (last_contact or paired_on) <= latest_silent(today)


def step_due(due_on: date | None, today: date) -> StepDue:
    """How a next step stands today: on its day it is due, the day after overdue."""
    if due_on is None:
        return StepDue.NONE
    if due_on == today:
        return StepDue.TODAY
    return StepDue.OVERDUE if due_on < today else StepDue.AHEAD


def periods(entries: Sequence[Entry], covers: Iterable[Covered], closed_on: date | None) -> list[Period]:
    """Who guided from when to when and why it ended, oldest first: a fold over the entries in their order.

    A union that covers the employer ends a pairing on its first day, and closing does on its own; both from what is
    known of them now. A pairing that has ended so begins anew only with an entry after the coverage.
    """
    ends = list(covers)
    found: list[Period] = []
    for entry, following in zip_longest(entries, entries[1:]):
        if entry.guide is None:
            continue
        period = _cut(_span(entry, following), ends, closed_on)
        last = found[-1] if found else None
        if last and last.end is PairingEnd.REPLACED and (last.guide, last.until_on) == (entry.guide, entry.from_on):
            found[-1] = Period(last.guide, last.from_on, period.until_on, period.end)  # it only set a step
        else:
            found.append(period)
    return found


def _span(entry: Entry, following: Entry | None) -> Period:
    """From this entry to the next; what the next says is why this one ends."""
    guide = entry.guide or ""
    if following is None:
        return Period(guide, entry.from_on, None, None)
    why = {PairingEntry.HANDED_OVER: PairingEnd.HANDED_OVER, PairingEntry.NOT_NEEDED: PairingEnd.NOT_NEEDED}
    return Period(guide, entry.from_on, following.from_on, why.get(following.kind, PairingEnd.REPLACED))


def _cut(period: Period, covers: Iterable[Covered], closed_on: date | None) -> Period:
    """The period up to the first day on which a union covered the employer or it was there no more."""
    ends = [
        (max(cover.from_on, period.from_on), PairingEnd.UNION_FORMED)
        for cover in covers
        if cover.until_on is None or cover.until_on > period.from_on
    ]
    if closed_on is not None:
        ends.append((max(closed_on, period.from_on), PairingEnd.UNIT_CLOSED))
    inside = [end for end in ends if period.until_on is None or end[0] < period.until_on]
    return Period(period.guide, period.from_on, *min(inside, key=lambda end: end[0])) if inside else period
