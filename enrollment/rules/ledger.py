"""The membership ledger (会籍台账): append-only entries → standing on a date (REG-1 … REG-20, domain 5.1).

A correction (更正) is a new entry that names the wrong one; the wrong one then counts for nothing, on any date.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class EntryKind(StrEnum):
    """What changed (会籍变化类型, domain 5.2)."""

    JOINED = "joined"
    TRANSFERRED_IN = "transferred_in"
    TRANSFERRED_OUT = "transferred_out"
    RETAINED = "retained"
    RESTORED = "restored"
    EXITED = "exited"
    EXPELLED = "expelled"
    DIED = "died"
    CORRECTED = "corrected"


class Standing(StrEnum):
    """Where a person stands (会籍状态). Only a member is counted (STAT-6, REG-14)."""

    NONE = "none"
    MEMBER = "member"
    TRANSFERRING = "transferring"
    RETAINED = "retained"
    EXITED = "exited"
    EXPELLED = "expelled"
    DECEASED = "deceased"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger. ``number`` orders entries of one day; ``corrects`` is the number of a voided entry."""

    number: int
    kind: EntryKind
    union: str
    effective_on: date
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Standing and the union that holds the membership (会籍所在工会), empty when none does."""

    standing: Standing
    union: str

    @property
    def card_is_valid(self) -> bool:
        """A card proves active membership alone (CH-2, REG-14, REG-18)."""
        return self.standing is Standing.MEMBER


@dataclass(frozen=True, slots=True)
class Stint:
    """Active membership in one union from ``from_on`` (inclusive) until ``until_on`` (exclusive; None = still)."""

    union: str
    from_on: date
    until_on: date | None

    def covers(self, on: date) -> bool:
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


_AFTER: dict[EntryKind, Standing] = {
    EntryKind.JOINED: Standing.MEMBER,
    EntryKind.TRANSFERRED_IN: Standing.MEMBER,
    EntryKind.RESTORED: Standing.MEMBER,
    EntryKind.TRANSFERRED_OUT: Standing.TRANSFERRING,
    EntryKind.RETAINED: Standing.RETAINED,
    EntryKind.EXITED: Standing.EXITED,
    EntryKind.EXPELLED: Standing.EXPELLED,
    EntryKind.DIED: Standing.DECEASED,
}

HELD = frozenset({Standing.MEMBER, Standing.RETAINED, Standing.TRANSFERRING})
"""Standings in which a union holds the membership."""

_OUTSIDE = frozenset({Standing.NONE, Standing.EXITED, Standing.EXPELLED})

# domain 5.1: which standing each entry may follow.
_FROM: dict[EntryKind, frozenset[Standing]] = {
    EntryKind.JOINED: _OUTSIDE,
    EntryKind.TRANSFERRED_IN: frozenset({Standing.TRANSFERRING, Standing.RETAINED}),
    EntryKind.TRANSFERRED_OUT: frozenset({Standing.MEMBER}),
    EntryKind.RETAINED: frozenset({Standing.MEMBER}),
    EntryKind.RESTORED: frozenset({Standing.RETAINED, Standing.TRANSFERRING}),
    EntryKind.EXITED: frozenset({Standing.MEMBER, Standing.RETAINED}),
    EntryKind.EXPELLED: frozenset({Standing.MEMBER}),
    EntryKind.DIED: frozenset(Standing) - {Standing.NONE, Standing.DECEASED},
}

NOBODY = Position(Standing.NONE, "")


def standing_on(entries: Iterable[Entry], on: date) -> Position:
    """Where the person stands at the end of ``on``: the last valid entry with effect on or before that day."""
    position = NOBODY
    for entry in _valid(entries):
        if entry.effective_on <= on:
            position = Position(_AFTER[entry.kind], entry.union)
    return position


def stints(entries: Iterable[Entry]) -> tuple[Stint, ...]:
    """The periods of active membership, in time order; a period that begins and ends on one day is none."""
    found: list[Stint] = []
    open_from: tuple[str, date] | None = None
    for entry in _valid(entries):
        if open_from and open_from[1] < entry.effective_on:
            found.append(Stint(*open_from, entry.effective_on))
        joins = _AFTER[entry.kind] is Standing.MEMBER
        open_from = (entry.union, entry.effective_on) if joins else None
    if open_from:
        found.append(Stint(*open_from, None))
    return tuple(found)


def member_since(entries: Iterable[Entry]) -> date | None:
    """The day of joining; moves and times of retained membership in between do not end it (REG-2)."""
    joined = [entry.effective_on for entry in _valid(entries) if entry.kind is EntryKind.JOINED]
    return joined[-1] if joined else None


def has_counted(entries: Iterable[Entry]) -> bool:
    """Whether anything was recorded that was not corrected away: else the person was no member on any day."""
    return any(True for _entry in _valid(entries))


def objections(entries: Sequence[Entry], new: Entry) -> tuple[str, ...]:
    """Why ``new`` may not be recorded after ``entries``: reason codes, empty when it may.

    A person has at most one active membership (CH-10), and an entry dated before the last valid one needs a
    correction first, so that history is never rewritten in passing.
    """
    if new.kind is EntryKind.CORRECTED:
        known = {entry.number for entry in _valid(entries)}
        return () if new.corrects in known else ("nothing_to_correct",)
    history = list(_valid(entries))
    reasons = []
    if history and new.effective_on < history[-1].effective_on:
        reasons.append("before_last_entry")
    if standing_on(history, date.max).standing not in _FROM[new.kind]:
        reasons.append(f"not_from_{standing_on(history, date.max).standing}")
    return tuple(reasons)


def entries_of_move(held: Position, target: str) -> tuple[tuple[EntryKind, str], ...]:
    """What moves the membership from ``held.union`` to ``target`` within one day: kinds of entries with their unions.

    A member leaves the one and enters the other (REG-2, REG-10). A retained membership stays retained: the successor,
    or the upper union when the old one ends (REG-16), takes it in and retains it the same day, so that it counts on no
    day (REG-14). Who has left for a third union that has not taken them in yet is restored at ``target`` if refused.
    Empty where no union holds a membership, and where ``target`` holds it already.
    """
    if held.union == target:
        return ()
    into = (EntryKind.TRANSFERRED_IN, target)
    moves = {
        Standing.MEMBER: ((EntryKind.TRANSFERRED_OUT, held.union), into),
        Standing.RETAINED: (into, (EntryKind.RETAINED, target)),
        Standing.TRANSFERRING: (into, (EntryKind.TRANSFERRED_OUT, target)),
    }
    return moves.get(held.standing, ())


def _valid(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries that count, in order of effect, then of record."""
    known = list(entries)
    voided = {entry.corrects for entry in known if entry.kind is EntryKind.CORRECTED}
    counting = (e for e in known if e.kind is not EntryKind.CORRECTED and e.number not in voided)
    return iter(sorted(counting, key=lambda entry: (entry.effective_on, entry.number)))
