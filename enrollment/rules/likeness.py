"""Who may be the same person (疑似重复): two records side by side → what they have in common (CH-10).

A hint for the person who decides, never a decision. What is compared is our own choice and not law.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Same(StrEnum):
    """What two records have in common, the gravest first."""

    IDENTITY = "identity"
    PHONE = "phone"
    NAME_AND_BIRTH = "name_and_birth"
    NEAR_NAME = "near_name"
    NEAR_BIRTH = "near_birth"


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared. ``identity`` and ``phone``: keyed hashes, equal for equal numbers."""

    name: str
    born_on: date
    identity: bytes
    phone: bytes


def alike(one: Traits, other: Traits) -> tuple[Same, ...]:
    """Everything the two have in common, the gravest first; empty when they are no likeness of each other."""
    same = {
        Same.IDENTITY: one.identity == other.identity,
        Same.PHONE: one.phone == other.phone,
        Same.NAME_AND_BIRTH: one.name == other.name and one.born_on == other.born_on,
        Same.NEAR_NAME: one.born_on == other.born_on and one.name != other.name and near_names(one.name, other.name),
        Same.NEAR_BIRTH: one.name == other.name and other.born_on in near_births(one.born_on),
    }
    return tuple(what for what, holds in same.items() if holds)


def near_names(one: str, other: str) -> bool:
    """Whether two names are one but for how they are written, or differ in one character (typed wrong, or left out)."""
    first, second = sorted((_normal(one), _normal(other)), key=len)
    if first == second:
        return True
    if len(first) <= 1 or len(second) - len(first) > 1:
        return False
    at = next((n for n, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]), len(first))
    skipped = at + (len(first) == len(second))
    return first[skipped:] == second[at + 1 :]


def _normal(name: str) -> str:
    """Half-width, without case, separators and spaces."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in folded if unicodedata.category(character)[0] in "LMN")


def near_births(born_on: date) -> frozenset[date]:
    """The days taken for ``born_on`` by one slip: month and day exchanged, or one digit of yyyymmdd wrong."""
    return frozenset(_slips(born_on)) - {born_on}


def _slips(born_on: date) -> Iterator[date]:
    written = f"{born_on:%Y%m%d}"
    exchanged = written[:4] + written[6:] + written[4:6]
    typed = (written[:n] + digit + written[n + 1 :] for n in range(len(written)) for digit in "0123456789")
    for text in (exchanged, *typed):
        try:
            yield date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            continue
