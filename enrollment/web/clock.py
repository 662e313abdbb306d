"""The one place that looks at the clock; views and commands pass the time down."""

from datetime import UTC, date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "北京时间")


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in Beijing time (北京时间)."""
    return day_of(now())


def day_of(at: datetime) -> date:
    """The day of an instant in Beijing time."""
    return at.astimezone(BEIJING).date()
