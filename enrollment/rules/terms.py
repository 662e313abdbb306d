"""Terms of office (任期): three or five years from the day of the election (LAW-12, ELEC-20, ELEC-21)."""

from datetime import date

from enrollment.rules.election import TERMS

_LAST_OF_FEBRUARY = 28


def years_later(day: date, years: int) -> date:
    """The same day so many years later; the 29th of February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=_LAST_OF_FEBRUARY)


def term_objections(
    elected_on: date, years: int, certificate_until: date | None, *, founded_on: date, today: date
) -> tuple[str, ...]:
    """What stands against the term of a union from before, as its papers tell it: reason codes, empty when nothing.

    ``certificate_until`` (inclusive): the last day of the legal person's certificate, no longer than the term
    (domain 7.5); None where there is none.
    """
    found = {
        "term_is_3_or_5": years not in TERMS,
        "in_the_future": elected_on > today,
        "before_founding": elected_on < founded_on,
        "certificate_outlives_term": (certificate_until or date.min) > years_later(elected_on, years),
    }
    return tuple(code for code, holds in found.items() if holds)
