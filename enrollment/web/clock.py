"""The one place that looks at the clock; views and commands pass the time down."""

from datetime import UTC, date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "北京时间")


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in Beijing time (北京时间)."""
    return now().astimezone(BEIJING).date()
