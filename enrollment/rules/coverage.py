"""How coverage (覆盖) and unions live on and end: who may join, what an end rests on, and what it still lacks.

BUILD-1, BUILD-4, BUILD-6, BUILD-7; LAW-5, LAW-9; CH-11, CH-17. Documents are told by their numbers or titles.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from enrollment.rules import statute
from enrollment.rules.kinds import Kind


class EndCause(StrEnum):
    """Why a unit is covered no longer (退出原因)."""

    REACHED_25 = "reached_25"
    BY_OWN_WISH = "by_own_wish"
    MOVED_AWAY = "moved_away"
    UNIT_CLOSED = "unit_closed"
    UNION_DISSOLVED = "union_dissolved"
    UNION_MERGED = "union_merged"


UNIT_LEAVES: tuple[EndCause, ...] = (EndCause.REACHED_25, EndCause.BY_OWN_WISH, EndCause.MOVED_AWAY)
"""The causes for which a unit that goes on leaves a union that goes on; the others come with another act."""


class DissolutionCause(StrEnum):
    """Why a union ends without a successor (LAW-9, CH-11)."""

    UNIT_ENDED = "unit_ended"
    BY_VOTE = "by_vote"


class MergeCause(StrEnum):
    """Why a union becomes a part of another; not at will (LAW-9)."""

    TOO_SMALL = "too_small"
    SAME_TRADE = "same_trade"
    SAME_PLACE = "same_place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What the end of a union rests on.

    ``report``: to the upper union, for filing (LAW-9). ``voted_on``: the day the assembly of members passed it.
    ``approval_number`` and ``approved_on``: the upper union's reply (CH-11, BUILD-6).
    """

    report: str = ""
    voted_on: date | None = None
    approval_number: str = ""
    approved_on: date | None = None

    @property
    def reference(self) -> str:
        """The one number by which each entry caused by it names it."""
        return self.approval_number or self.report

    @property
    def document(self) -> str:
        """All of it in one line for the archive, in Chinese, the language of record."""
        voted = f"{self.voted_on}会员大会通过" if self.voted_on else ""
        approved = f"{self.approved_on}批复 {self.approval_number}" if self.approved_on else self.approval_number
        return "；".join(part for part in (self.report, voted, approved) if part)


def must_form_own(members_of_unit: int) -> bool:
    """BUILD-1, LAW-5: from 25 *members* (not workers) on a unit must form its own committee."""
    return members_of_unit >= statute.MUST_FORM_MEMBERS


def warnings_for(kind: Kind, units_left: int) -> tuple[str, ...]:
    """What needs action though nothing is refused: LAW-5 lets a joint union stand on two units or more."""
    return ("below_two_units",) if units_left < kind.units_from else ()


def missing_for_beginning(
    kind: Kind, *, members_of_unit: int, document: str, on: date, founded_on: date, today: date
) -> tuple[str, ...]:
    """Why a unit may not join a union that stands: reason codes, empty when it may (BUILD-1, BUILD-4, BUILD-7).

    ``document``: the consent of the unit's members. ``on`` (inclusive): the first day it is covered.
    """
    return _given(
        ("takes_no_unit", not kind.may_cover_several),
        ("a_unit_must_form_own", must_form_own(members_of_unit)),
        ("document_missing", not document),
        ("in_the_future", on > today),
        ("before_founding", on < founded_on),
    )


def missing_for_end(
    cause: EndCause, *, members_of_unit: int, document: str, on: date, from_on: date, today: date
) -> tuple[str, ...]:
    """Why a unit may not leave a union so, while both go on: reason codes, empty when it may (BUILD-7).

    ``on`` is the first day it is covered no longer; it was covered from ``from_on`` (inclusive), one day at least.
    """
    return _given(
        ("end_cause_missing", cause not in UNIT_LEAVES),
        ("document_missing", not document),
        ("in_the_future", on > today),
        ("before_coverage_began", on <= from_on),
        ("not_reached_25", cause is EndCause.REACHED_25 and not must_form_own(members_of_unit)),
    )


def missing_for_closing(*, document: str, on: date, covered_later: bool, today: date) -> tuple[str, ...]:
    """Why a unit may not be closed: reason codes, empty when it may. ``on`` is the first day it is there no more.

    ``covered_later``: a union it has left since covered it on that day or later.
    """
    return _given(("document_missing", not document), ("in_the_future", on > today), ("something_later", covered_later))


def missing_for_dissolution(
    cause: DissolutionCause, kind: Kind, papers: Papers, *, units_standing: int, on: date, founded_on: date, today: date
) -> tuple[str, ...]:
    """Why a union may not end so: reason codes, empty when it may (LAW-9, CH-11).

    When the unit has ended a report for filing is enough. A union of many units ends so only when the last of them has
    ended; ``units_standing`` counts those it covers still. Else the assembly's vote *and* the upper union's approval.
    """
    if cause is DissolutionCause.BY_VOTE:
        return _days_of_an_end(kind, on, founded_on, today) + _missing_for_vote(papers, on)
    stand = kind.may_cover_several and units_standing > 0
    return _days_of_an_end(kind, on, founded_on, today) + _given(
        ("report_missing", not papers.report), ("units_still_stand", stand)
    )


def missing_for_merge(
    kind: Kind,
    into: Kind,
    papers: Papers,
    *,
    units_together: int,
    largest_unit: int,
    on: date,
    founded_on: date,
    today: date,
) -> tuple[str, ...]:
    """Why a union may not become part of ``into`` so: reason codes, empty when it may (LAW-9, CH-11, BUILD-1).

    ``units_together``: the units both cover; ``largest_unit``: members of the largest unit that would come along;
    ``founded_on``: of the younger of the two.
    """
    too_many = into.units_to is not None and units_together > into.units_to
    return (
        _days_of_an_end(kind, on, founded_on, today)
        + _missing_for_vote(papers, on)
        + _given(
            ("merge_into_a_union", into.holds),
            ("takes_no_unit", too_many),
            ("a_unit_must_form_own", must_form_own(largest_unit)),
        )
    )


def _days_of_an_end(kind: Kind, on: date, founded_on: date, today: date) -> tuple[str, ...]:
    return _given(
        ("pool_does_not_end", kind.holds),
        ("in_the_future", on > today),
        ("before_founding", on <= founded_on),
    )


def _missing_for_vote(papers: Papers, on: date) -> tuple[str, ...]:
    """CH-11: passed by the assembly, then approved by the upper union, and of no effect before that."""
    voted, approved = papers.voted_on, papers.approved_on
    return _given(
        ("vote_missing", voted is None),
        ("approval_number_missing", not papers.approval_number),
        ("approval_day_missing", approved is None),
        ("approved_before_vote", voted is not None and approved is not None and approved < voted),
        ("before_approval", approved is not None and on < approved),
    )


def _given(*reasons: tuple[str, bool]) -> tuple[str, ...]:
    """The codes whose condition holds."""
    return tuple(code for code, holds in reasons if holds)
