"""The guide's answers in the address (问答地址): no account, no session; *back* works, an answer can be passed on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from enrollment.rules import guide
from enrollment.rules.eligibility import Facts
from enrollment.rules.guide import Question

_ALSO = ("via", "member", "colleague", "on", "places")


@dataclass(frozen=True, slots=True)
class Address:
    """What an address tells: answers to the guide, and what travels along.

    ``via``: the short code it began with; ``member``: is one already; ``colleague``: filled in for somebody else;
    ``on``: the day asked about; ``places``: the second part of the guide is wanted.
    """

    told: Mapping[str, str]
    also: Mapping[str, str]

    @property
    def via(self) -> str:
        return self.also.get("via", "")

    @property
    def company(self) -> str:
        return self.told.get(Question.COMPANY, "")

    @property
    def for_colleague(self) -> bool:
        return "colleague" in self.also

    def day(self, today: date) -> date:
        """The day asked about: the one in the address when it is one, else ``today``."""
        try:
            return date.fromisoformat(self.also.get("on", ""))
        except ValueError:
            return today

    def facts(self, *, known_union: bool | None = None, birth_date: date | None = None) -> Facts:
        """The answers as facts; ``known_union``: what our own lists say of the company named."""
        member = True if "member" in self.also else None
        return guide.facts_of(self.told, known_union=known_union, birth_date=birth_date, already_member=member)

    def with_told(self, told: Mapping[str, str]) -> "Address":
        return replace(self, told=told)

    def on(self, day: date) -> "Address":
        return replace(self, also={**self.also, "on": str(day)})

    def without(self, *names: str) -> "Address":
        """The same without these answers or companions."""
        return Address(
            {name: value for name, value in self.told.items() if name not in names},
            {name: value for name, value in self.also.items() if name not in names},
        )

    def to(self, endpoint: str, *, external: bool = False, **more: str) -> str:
        """The address of a page that is told the same, and ``more``; ``external``: with the host before it."""
        values = {**self.told, **self.also, **{name: value for name, value in more.items() if value}}
        return url_for(endpoint, _external=external, **values)


def read(args: Mapping[str, str]) -> Address:
    """What an address tells; what is no answer is passed over, and the guide asks again."""
    also = {name: args[name][:40] for name in _ALSO if args.get(name)}
    return Address(guide.valid(args), also)
