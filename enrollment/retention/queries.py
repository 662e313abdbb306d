"""The runs as a territory reads them: numbers of its own counties alone, and no personal data."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from enrollment.rules.regions import PREFECTURE, Territory
from enrollment.rules.retention import Matter
from enrollment.storage.database import db
from enrollment.storage.retention import RetentionRun

_RUNS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Count:
    """What a run did with one matter in the territory: dropped, held longer, and what came due soon after."""

    matter: str
    dropped: int
    held: int
    ahead: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run; ``ended_at`` is None for one that was broken off. ``automatic``: made by the product itself."""

    begun_at: datetime
    ended_at: datetime | None
    automatic: bool
    counts: tuple[Count, ...]

    @property
    def dropped(self) -> int:
        return sum(count.dropped for count in self.counts)


def runs(territory: Territory) -> list[Run]:
    """The last thirty runs, newest first. What lies in no county is the whole prefecture's to read."""
    own = (*territory.counties, *((PREFECTURE,) if territory.code == PREFECTURE else ()))
    rows = db.session.scalars(select(RetentionRun).order_by(RetentionRun.id.desc()).limit(_RUNS_SHOWN))
    return [Run(row.begun_at, row.ended_at, row.automatic_on is not None, _counts(row, own)) for row in rows]


def _counts(run: RetentionRun, own: tuple[str, ...]) -> tuple[Count, ...]:
    sums = {matter: [0, 0, 0] for matter in Matter}
    for line in run.counts:
        if line["county"] in own:
            of_matter = sums[Matter(str(line["matter"]))]
            for place, name in enumerate(("due", "held", "ahead")):
                of_matter[place] += int(line[name])
    return tuple(Count(matter, *numbers) for matter, numbers in sums.items() if any(numbers))
