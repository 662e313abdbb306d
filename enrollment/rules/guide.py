"""The guide (入会问答): plain questions a driver understands → the facts the rulebook decides on (domain 6.2).

Answers are codes by question, as they stand in an address; whatever is not known is left out. Every question has
a way on for those who do not know. ROUTE-1 … ROUTE-10 are all reached; the tests name the way to each.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from enrollment.rules import regions
from enrollment.rules.eligibility import Facts, Group, Outcome, Relation, decide


class Question(StrEnum):
    """One question, one page; its code is its name in the address."""

    GROUP = "group"
    PAY = "pay"
    CONTRACT = "contract"
    PAPERS = "papers"
    HIRES = "hires"
    WORK_COUNTY = "work_county"
    WORK_REGION = "work_region"
    HOME_COUNTY = "home_county"
    HOME_REGION = "home_region"
    COMPANY = "employer_name"
    COMPANY_UNION = "company_union"


class Pay(StrEnum):
    """Who pays you? (谁给你发钱)"""

    WAGE = "wage"
    STATION = "station"
    APP = "app"
    SEVERAL = "several"
    AGENCY = "agency"
    TRUCK_OWNER = "truck_owner"
    MYSELF = "myself"
    PENSION = "pension"


class Contract(StrEnum):
    """Did you sign a contract with the company that pays the wage?"""

    SIGNED = "signed"
    NOT_SIGNED = "not_signed"
    AGENCY = "agency"
    PENSION = "pension"


class Papers(StrEnum):
    """Whose name is on the truck's papers (行驶证)?"""

    COMPANY = "company"
    PERSON = "person"


UNSURE = "unsure"
SAME = "same"
CORPS, OUTSIDE = regions.WUJIAQU, regions.OUTSIDE
MOST_HIRES = 3
"""Answers: 0, 1, 2, and 3 for three or more."""

_COMMON = (Pay.SEVERAL, Pay.AGENCY, Pay.PENSION)
_PAYERS: dict[Group, tuple[Pay, ...]] = {
    Group.TRUCK_DRIVER: (Pay.MYSELF, Pay.TRUCK_OWNER, Pay.WAGE, Pay.APP, *_COMMON),
    Group.COURIER: (Pay.WAGE, Pay.STATION, Pay.APP, *_COMMON, Pay.MYSELF),
    Group.FOOD_RIDER: (Pay.STATION, Pay.APP, Pay.WAGE, *_COMMON, Pay.MYSELF),
    Group.RIDE_HAILING_DRIVER: (Pay.APP, Pay.STATION, Pay.WAGE, *_COMMON, Pay.MYSELF),
    Group.OTHER: (Pay.WAGE, Pay.STATION, Pay.APP, *_COMMON, Pay.MYSELF),
}
"""Who can pay, the most usual of the trade first."""

_NODES = (*regions.COUNTIES, *regions.ZONES)


def choices(question: Question, told: Mapping[str, str]) -> tuple[str, ...]:
    """The answers to ``question`` in the order they are shown; none for the one answered in words."""
    if question is Question.PAY:
        return (*_PAYERS[Group(told[Question.GROUP])], UNSURE)
    if question is Question.WORK_REGION:
        return _places(told.get(Question.WORK_COUNTY, ""))
    if question is Question.HOME_REGION:
        return _places(told.get(Question.HOME_COUNTY, ""))
    return _CHOICES[question]


_CHOICES: dict[Question, tuple[str, ...]] = {
    Question.GROUP: tuple(Group),
    Question.CONTRACT: tuple(Contract),
    Question.PAPERS: (*Papers, UNSURE),
    Question.HIRES: tuple(map(str, range(MOST_HIRES + 1))),
    Question.WORK_COUNTY: (*_NODES, CORPS, OUTSIDE),
    Question.HOME_COUNTY: (SAME, *_NODES, CORPS, OUTSIDE),
    Question.COMPANY: (),
    Question.COMPANY_UNION: ("yes", "no", UNSURE),
}


def _places(node: str) -> tuple[str, ...]:
    """The townships below an approving node, at last the node itself for who cannot say."""
    return (*(region.code for region in regions.townships_of(node)), node) if node in _NODES else ()


_WORDS_MAX = 120
_ANY_PLACE = frozenset(regions.REGIONS) - {regions.PREFECTURE} | {CORPS, OUTSIDE}


def valid(told: Mapping[str, str]) -> dict[str, str]:
    """What of ``told`` answers a question of the guide; anything else is dropped, so that it is asked again."""
    kept: dict[str, str] = {}
    for question in Question:
        answer = told.get(question, "").strip()
        if answer and _answers(question, answer, kept):
            kept[question] = answer
    return kept


def _answers(question: Question, answer: str, before: Mapping[str, str]) -> bool:
    if question in {Question.WORK_REGION, Question.HOME_REGION}:
        return answer in _ANY_PLACE
    if question is Question.COMPANY:
        return len(answer) <= _WORDS_MAX
    if question is Question.PAY and Question.GROUP not in before:
        return answer in {*Pay, UNSURE}
    return answer in choices(question, before)


def with_answer(told: Mapping[str, str], question: Question, answer: str) -> dict[str, str]:
    """``told`` and this answer. A county that has no townships to choose from, and *as work*, settle the place."""
    now = {**told, question: answer}
    if question is Question.WORK_COUNTY and answer in {CORPS, OUTSIDE}:
        now = {**told, Question.WORK_REGION: answer}
    elif question is Question.HOME_COUNTY and answer in {CORPS, OUTSIDE}:
        now = {**told, Question.HOME_REGION: answer}
    elif question is Question.HOME_COUNTY and answer == SAME:
        now = {**told, Question.HOME_REGION: told[Question.WORK_REGION]}
    elif question is Question.WORK_REGION:
        now.pop(Question.WORK_COUNTY, None)
    elif question is Question.HOME_REGION:
        now.pop(Question.HOME_COUNTY, None)
    return now


def before(told: Mapping[str, str], asked: Question) -> list[Question]:
    """The questions answered before ``asked`` in the order of the guide, whoever answered them: a poster may have."""
    order = list(Question)
    return [question for question in order[: order.index(asked)] if question in told]


def back_from(told: Mapping[str, str], asked: Question) -> dict[str, str]:
    """``told`` without the answer before ``asked``, so that it is asked again: the way back."""
    earlier = before(told, asked)
    return {question: answer for question, answer in told.items() if not earlier or question != earlier[-1]}


def next_question(told: Mapping[str, str]) -> Question | None:
    """What must still be asked to know how somebody works; None when that is known as well as it can be."""
    pay = told.get(Question.PAY)
    wanted = [Question.GROUP, Question.PAY]
    if pay == Pay.WAGE:
        wanted.append(Question.CONTRACT)
    if pay in {Pay.MYSELF, Pay.TRUCK_OWNER} and told.get(Question.GROUP) == Group.TRUCK_DRIVER:
        wanted.append(Question.PAPERS)
    if pay == Pay.MYSELF:
        wanted.append(Question.HIRES)
    return next((question for question in wanted if question not in told), None)


_COMPANY_MATTERS = frozenset(Relation) - {
    Relation.SELF_PLATFORM,
    Relation.BOSS,
    Relation.RETIRED_REHIRED,
    Relation.BINGTUAN,
}


def next_detail(told: Mapping[str, str], on: date, *, company_known: bool = False) -> Question | None:
    """What must still be asked to name the unions of the place (principle 4 of domain 6.2: work and residence).

    ``company_known``: our lists say whether the company named has a union, so nobody is asked. None when nothing
    more would change the answer, as for a referral.
    """
    facts = facts_of(told)
    if decide(facts, on).outcome not in {Outcome.UNIONS, Outcome.MANUAL_REVIEW}:
        return None
    wanted = [
        Question.WORK_REGION if Question.WORK_COUNTY in told else Question.WORK_COUNTY,
        Question.HOME_REGION if Question.HOME_COUNTY in told else Question.HOME_COUNTY,
    ]
    settled = {Question.WORK_COUNTY: Question.WORK_REGION, Question.HOME_COUNTY: Question.HOME_REGION}
    if facts.relation in _COMPANY_MATTERS:
        wanted.append(Question.COMPANY)
        if Question.COMPANY in told and not company_known:
            wanted.append(Question.COMPANY_UNION)
    return next((q for q in wanted if q not in told and settled.get(q, q) not in told), None)


def facts_of(
    told: Mapping[str, str],
    *,
    known_union: bool | None = None,
    birth_date: date | None = None,
    already_member: bool | None = None,
) -> Facts:
    """The answers as facts. ``known_union``: what our own lists say of the company named, which goes first."""
    relation = relation_of(told)
    said = {"yes": True, "no": False}.get(told.get(Question.COMPANY_UNION, ""))
    has_union = said if known_union is None else known_union
    affiliated = relation in {Relation.AFFILIATED_OWNER, Relation.AFFILIATED_HIRED}
    hires = told.get(Question.HIRES)
    return Facts(
        group=Group(told[Question.GROUP]) if Question.GROUP in told else None,
        relation=relation,
        birth_date=birth_date,
        work_region=told.get(Question.WORK_REGION),
        home_region=told.get(Question.HOME_REGION),
        employer_has_union=None if affiliated else has_union,
        affiliate_admits=has_union if affiliated else None,
        hires=None if hires is None else int(hires),
        already_member=already_member,
    )


_BY_PAYER = {
    Pay.STATION: Relation.INCOMPLETE,
    Pay.APP: Relation.SELF_PLATFORM,
    Pay.SEVERAL: Relation.PART_TIME_MULTI,
    Pay.AGENCY: Relation.DISPATCH,
    Pay.PENSION: Relation.RETIRED_REHIRED,
}
_BY_CONTRACT = {
    Contract.SIGNED: Relation.LABOR_CONTRACT,
    Contract.NOT_SIGNED: Relation.DE_FACTO,
    Contract.AGENCY: Relation.DISPATCH,
    Contract.PENSION: Relation.RETIRED_REHIRED,
}


def relation_of(told: Mapping[str, str]) -> Relation | None:
    """The relation (用工关系) these answers tell; None when they do not.

    The driver hired by an owner whose truck is not affiliated has no line of his own in domain 6.2: a person looks.
    """
    pay, papers = told.get(Question.PAY), told.get(Question.PAPERS)
    if pay == Pay.WAGE:
        return _BY_CONTRACT.get(Contract(told[Question.CONTRACT])) if Question.CONTRACT in told else None
    if pay == Pay.TRUCK_OWNER:
        return Relation.AFFILIATED_HIRED if papers == Papers.COMPANY else None
    if pay == Pay.MYSELF:
        return _on_own_account(papers, told.get(Question.HIRES))
    return _BY_PAYER.get(Pay(pay)) if pay and pay != UNSURE else None


def _on_own_account(papers: str | None, hires: str | None) -> Relation | None:
    if papers == Papers.COMPANY:
        return Relation.AFFILIATED_OWNER
    if hires not in {None, "0"}:
        return Relation.BOSS
    return None if papers == UNSURE else Relation.SELF_PLATFORM
