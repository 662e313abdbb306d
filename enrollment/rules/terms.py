"""Terms of office (任期): three or five years from the day of the election (LAW-12, ELEC-20, ELEC-21)."""

from datetime import date

from enrollment.rules.election import TERMS

_LAST_OF_FEBRUARY = 28
UNION_CODE = "81"
"""How the credit code (GB 32100) of a grassroots union begins."""


def years_later(day: date, years: int) -> date:
    """The same day so many years later; the 29th of February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=_LAST_OF_FEBRUARY)


def certificate_objections(
    registered_on: date, code: str, until: date | None, *, ends_on: date, today: date
) -> tuple[str, ...]:
    """What stands against the certificate of a union as a legal person (法人资格证书, domain 7.5): reason codes.

    ``code``: the credit code in normal form; those of grassroots unions begin with 81. ``until``: its last day, at most
    that of the term, ``ends_on`` (both inclusive).
    """
    found = {
        "certificate_incomplete": not code or until is None,
        "in_the_future": registered_on > today,
        "code_is_no_unions": bool(code) and not code.startswith(UNION_CODE),
        "certificate_ends_early": until is not None and until <= registered_on,
        "certificate_outlives_term": until is not None and until > ends_on,
    }
    return tuple(code for code, holds in found.items() if holds)


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
        "certificate_ends_early": certificate_until is not None and certificate_until <= elected_on,
        "certificate_outlives_term": (certificate_until or date.min) > years_later(elected_on, years),
    }
    return tuple(code for code, holds in found.items() if holds)
