"""Terms of office (任期): three or five years from the day of the election (LAW-16, ELEC-20, ELEC-21)."""

from datetime import date

_LAST_OF_FEBRUARY = 28


def years_later(day: date, years: int) -> date:
    """The same day so many years later; the 29th of February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=_LAST_OF_FEBRUARY)
