"""The named failures; anything else is ours and answers 500."""

from collections.abc import Iterable


class Refused(Exception):
    """The rules say no. ``reasons`` are codes, all of them."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(", ".join(self.reasons))


class Missing(Exception):
    """Not there, or not yours: the same answer for both."""


class Conflict(Exception):
    """Someone was faster."""
