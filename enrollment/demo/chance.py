"""The one source of chance: the same seed and dates make the same demo; only nonces and salts differ."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from enrollment.storage.tables import new_code

NEWS_DATE = date(2021, 11, 30)
"""The day of the published figures; another as-of date moves every date of the demo by the distance from it."""

Choice = TypeVar("Choice")

_SEED = 20211130
_SATURDAY = 5


class Chance:
    """Draws that never repeat what must be unique. Days are counted backwards from the as-of date (*ago*).

    Another ``stream`` draws something else without changing what this one draws.
    """

    def __init__(self, as_of: date, stream: int = 0) -> None:
        self.random = Random(_SEED + stream)  # noqa: S311 -- a demo must come out the same, not be unguessable
        self.as_of = as_of
        self._used: set[str] = set()

    def code(self, length: int = 8) -> str:
        """A public identifier not drawn before, in the form of ``new_code``."""
        return next(filter(self.new, iter(lambda: new_code(length, self.random.choice), None)))

    def new(self, text: str) -> bool:
        """Whether ``text`` has not been drawn yet; it is taken from now on."""
        known = text in self._used
        self._used.add(text)
        return not known

    def one_of(self, weights: Mapping[Choice, int]) -> Choice:
        """One key, as often as its weight says."""
        return self.random.choices(list(weights), weights=list(weights.values()))[0]

    def ago(self, latest: int, earliest: int) -> int:
        """Days before the as-of date between both (inclusive), on Monday to Friday of the original calendar."""
        days = self.random.randint(latest, earliest)
        while (NEWS_DATE - timedelta(days=days)).weekday() >= _SATURDAY:
            days += 1
        return min(days, earliest)

    def day(self, ago: int) -> date:
        """The date that many days before the as-of date."""
        return self.as_of - timedelta(days=ago)

    def fit(self, numbers: Sequence[int], total: int, *, low: int, highs: Sequence[int]) -> list[int]:
        """``numbers`` moved by single steps until they sum up to ``total``, none under ``low`` or above its high."""
        fitted = [min(max(number, low), high) for number, high in zip(numbers, highs, strict=True)]
        while gap := total - sum(fitted):
            step = 1 if gap > 0 else -1
            for position in self.random.sample(range(len(fitted)), min(abs(gap), len(fitted))):
                if low <= fitted[position] + step <= highs[position]:
                    fitted[position] += step
        return fitted
