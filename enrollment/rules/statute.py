"""Provisions (法条) with their wording of place and their dates in force, and the numbers they fix."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MUST_FORM_MEMBERS = 25
"""LAW-5: from this many *members* a unit must (应当) form a committee of its own."""

JOINT_MIN_UNITS = 2
"""LAW-5, BUILD-4: a joint committee stands on two or more legal units."""

OWN_COMMITTEE_MIN_CANDIDATES = 4
"""BUILD-3: three seats elected with more candidates than seats (ELEC-13)."""

MIN_AGE_YEARS = 16
"""劳动法 art. 15: nobody may employ a person under 16."""

ADULT_YEARS = 18
"""劳动法 art. 58: workers of 16 and 17 are minor workers (未成年工)."""

FOUNDING_REPLY_DAYS = 15
"""ELEC-20: the upper union replies to the result within 15 calendar days of receipt."""

_UNION_LAW = "《中华人民共和国工会法》"
_CHARTER = "《中国工会章程》"
_REGISTRY = "《工会会员会籍管理办法》"
_OPINIONS = "全国总工会《关于推进新就业形态劳动者入会工作的若干意见（试行）》"

_AMENDED = date(2022, 1, 1)  # 工会法, amendment of 2021-12-24
_OLD = date(2009, 8, 27)  # 工会法, amendment of 2009
_CHARTER_FROM = date(2008, 10, 21)
_CHARTER_REWORDED = date(2023, 10, 12)  # articles of this version nobody has checked
_REGISTRY_FROM = date(2016, 12, 12)
_OPINIONS_FROM = date(2021, 9, 30)
_LABOR_LAW_FROM = date(1995, 1, 1)
_ELECTION_FROM = date(2016, 10, 9)
_EXPRESS_FROM = date(2018, 5, 1)


@dataclass(frozen=True, slots=True)
class Provision:
    """One clause as it stood from ``from_on`` (inclusive) until ``until_on`` (exclusive; None = still in force)."""

    id: str
    title: str
    from_on: date
    until_on: date | None = None

    def in_force(self, on: date) -> bool:
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


def _renumbered(rule_id: str, old_article: str, new_article: str) -> tuple[Provision, Provision]:
    """A clause of 工会法 that the amendment in force from 2022-01-01 moved to another article."""
    return (
        Provision(rule_id, f"{_UNION_LAW}（2009年修正）{old_article}", _OLD, _AMENDED),
        Provision(rule_id, f"{_UNION_LAW}（2021年修正）{new_article}", _AMENDED),
    )


def _of_the_charter(rule_id: str, article: str) -> tuple[Provision, Provision]:
    """A clause of the charter, by its article up to the version of 2023."""
    return (
        Provision(rule_id, f"{_CHARTER}{article}", _CHARTER_FROM, _CHARTER_REWORDED),
        Provision(rule_id, _CHARTER, _CHARTER_REWORDED),
    )


# Clauses whose article number nobody has checked are cited by the name of the text alone.
PROVISIONS: tuple[Provision, ...] = (
    *_renumbered("LAW-1", "第三条", "第三条第一款"),
    Provision("LAW-2", f"{_UNION_LAW}（2021年修正）第三条第二款", _AMENDED),
    *_renumbered("LAW-3", "第九条", "第十条第二款"),
    *_renumbered("LAW-5", "", "第十一条第一款"),
    *_renumbered("LAW-6", "", "第十一条"),
    *_renumbered("LAW-7", "第十一条", "第十二条第一款"),
    *_renumbered("LAW-9", "", "第十三条"),
    *_renumbered("LAW-12", "第十五条", "第十六条"),
    *_of_the_charter("CH-1", "第一条"),
    *_of_the_charter("CH-2", "第二条"),
    *_of_the_charter("CH-9", "第八条"),
    Provision("CH-10", _CHARTER, _CHARTER_FROM),
    Provision("CH-11", _CHARTER, _CHARTER_FROM),
    Provision("CH-12", _CHARTER, _CHARTER_FROM),
    Provision("CH-17", _CHARTER, _CHARTER_FROM),
    Provision("REG-2", f"{_REGISTRY}第三条", _REGISTRY_FROM),
    *(
        Provision(rule_id, _REGISTRY, _REGISTRY_FROM)
        for rule_id in ("REG-4", "REG-5", "REG-7", "REG-10", "REG-14", "REG-15", "REG-16")
    ),
    *(
        Provision(rule_id, _OPINIONS, _OPINIONS_FROM)
        for rule_id in ("ROUTE-3", "ROUTE-4", "ROUTE-6a", "ROUTE-6b", "ROUTE-7")
    ),
    Provision(
        "ROUTE-5",
        "全国总工会《关于组织劳务派遣工加入工会的规定》（总工发〔2009〕21号）",
        date(2009, 4, 30),
    ),
    Provision("AGE-16", "《中华人民共和国劳动法》第十五条", _LABOR_LAW_FROM),
    Provision("BUILD-3", "《工会基层组织选举工作条例》", _ELECTION_FROM),
    Provision("ELEC-8", "《工会基层组织选举工作条例》", _ELECTION_FROM),
    Provision("ELEC-20", "《工会基层组织选举工作条例》", _ELECTION_FROM),
    Provision("BUILD-5", "《快递暂行条例》第十八条", _EXPRESS_FROM),
)


def provision(rule_id: str, on: date) -> Provision | None:
    """The clause ``rule_id`` as in force on ``on``, or None when no version was in force that day."""
    return next((p for p in PROVISIONS if p.id == rule_id and p.in_force(on)), None)


def cite(rule_ids: Iterable[str], on: date) -> tuple[str, ...]:
    """Those of ``rule_ids`` that were in force on ``on``, in the order given."""
    return tuple(rule_id for rule_id in rule_ids if provision(rule_id, on))
