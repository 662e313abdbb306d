"""Welfare visits (慰问): kinds and funding sources (domain 10.1, WEL-1)."""

from datetime import date
from enum import StrEnum


class VisitKind(StrEnum):
    """What the visit is for (domain 10.1)."""

    WINTER_WARMTH = "winter_warmth"
    SUMMER_COOLING = "summer_cooling"
    SPRING_JOBS = "spring_jobs"
    AUTUMN_SCHOOLING = "autumn_schooling"
    HARDSHIP_HELP = "hardship_help"
    JOINING_GIFT = "joining_gift"
    HEALTH_CHECK = "health_check"
    OTHER = "other"


class Fund(StrEnum):
    """Where the money comes from (WEL-1)."""

    STATE = "state"
    UPPER_UNION = "upper_union"
    OWN_UNION = "own_union"
    DONATION = "donation"
    EMPLOYER = "employer"
    OTHER = "other"


_SEASONS = (
    VisitKind.WINTER_WARMTH,
    VisitKind.SPRING_JOBS,
    VisitKind.SUMMER_COOLING,
    VisitKind.AUTUMN_SCHOOLING,
)


def usual_kind(on: date) -> VisitKind:
    """What a visit on ``on`` usually is for: December to February, March to May, June to August, the rest (10.1)."""
    return _SEASONS[on.month % 12 // 3]
