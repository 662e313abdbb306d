"""Rates that can be defended (入会率、建会率): numerator, denominator, as-of date, rounding (STAT-1 … STAT-11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with what is needed to check it. STAT-11: one decimal, half up, in percent."""

    numerator: int
    denominator: int
    as_of: date

    @property
    def percent(self) -> Decimal | None:
        """Percent rounded half up to one decimal; None when there is nothing to divide by."""
        if self.denominator == 0:
            return None
        exact = Decimal(self.numerator) * 100 / Decimal(self.denominator)
        return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def text(self) -> str:
        """The percent as text, such as ``63.4``; empty when there is none."""
        return "" if self.percent is None else str(self.percent)

    @property
    def over_full(self) -> bool:
        """STAT-7: more than 100 % is an error in the denominator and must not be published."""
        return self.numerator > self.denominator


@dataclass(frozen=True, slots=True)
class Counts:
    """What a territory counts on a date.

    ``members``: distinct persons standing as member (STAT-6). ``workers``: surveyed headcount (STAT-5).
    ``single_unions`` and ``joint_unions``: organizations (STAT-1). ``units_covered``: distinct legal units with a
    union of their own or covered by one (STAT-3). ``employers``: all legal units on the survey.
    """

    as_of: date
    members: int
    workers: int
    single_unions: int
    joint_unions: int
    employers: int
    units_covered: int

    @property
    def unions(self) -> int:
        """STAT-1: a joint union counts once, however many units it covers."""
        return self.single_unions + self.joint_unions

    @property
    def rate(self) -> Rate:
        """STAT-7, enrollment rate (入会率)."""
        return Rate(self.members, self.workers, self.as_of)

    @property
    def coverage(self) -> Rate:
        """STAT-4, coverage (建会率): units covered of all employers, never unions of employers."""
        return Rate(self.units_covered, self.employers, self.as_of)


@dataclass(frozen=True, slots=True)
class Published:
    """A figure as printed elsewhere. It is quoted, never recomputed (domain 1.1)."""

    figure: str
    value: str
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Compared:
    """A quoted figure beside ours: ``difference`` = published minus computed; ``explained`` is a reason code."""

    published: Published
    computed: str
    difference: str
    explained: str


def compare(published: Iterable[Published], counts: Counts) -> tuple[Compared, ...]:
    """Each quoted figure with ours of the same day, the difference, and what explains it."""
    ours = {
        "employers": str(counts.employers),
        "workers": str(counts.workers),
        "single_unions": str(counts.single_unions),
        "joint_unions": str(counts.joint_unions),
        "members": str(counts.members),
        "rate": counts.rate.text,
        "coverage": counts.coverage.text,
    }
    return tuple(_compared(p, ours[p.figure]) for p in published if p.as_of == counts.as_of and ours.get(p.figure))


def _compared(published: Published, computed: str) -> Compared:
    difference = Decimal(published.value) - Decimal(computed)
    if not difference:
        explained = "same"
    elif "." in computed and Decimal(published.value) == Decimal(computed).to_integral_value("ROUND_CEILING"):
        explained = "rounded_up"
    else:
        explained = "differs"
    return Compared(published, computed, str(difference), explained)


def headcount_objections(surveyed_on: date, *, closed_on: date | None, today: date) -> tuple[str, ...]:
    """Why a headcount of this day may not be recorded: reason codes, empty when it may (STAT-5).

    ``closed_on``: the first day the employer was there no more, None while it is there.
    """
    reasons = (
        ("in_the_future", surveyed_on > today),
        ("headcount_of_closed", closed_on is not None and surveyed_on >= closed_on),
    )
    return tuple(code for code, holds in reasons if holds)
