"""Public look-ups: which real union stands behind a lawful option. No personal data, hence no territory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from enrollment.joining import wording
from enrollment.joining.address import Address
from enrollment.rules import guide, kinds
from enrollment.rules.applications import UNDER_WAY
from enrollment.rules.eligibility import Answer, Facts, Group, Option, Outcome, Place, decide, fallback
from enrollment.rules.guide import Question
from enrollment.rules.regions import county_of
from enrollment.storage.applications import (
    Application,
    FoundingDetails,
    FoundingUnit,
    JoinDetails,
    Notice,
    sent_before,
)
from enrollment.storage.database import db
from enrollment.storage.desks import in_preparation
from enrollment.storage.origins import EMPLOYER, Origin, origin
from enrollment.storage.people import IDENTITY
from enrollment.storage.referrals import Referral
from enrollment.storage.unions import Coverage, Employer, Union
from enrollment.storage.vault import vault

_JOINT_SHOWN = 3
"""Joint unions of the trade shown for one county; the industry union stands before them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A lawful option with a union that stands for it; None when that union is not founded yet."""

    option: Option
    union: Union | None

    @property
    def open(self) -> bool:
        """Whether one applies there: it stands, or it is a company's of which we know no more, or the pool itself.

        What is not founded yet is no door of its own: the pool takes in for it.
        """
        return self.union is not None or self.option.place not in {Place.INDUSTRY, Place.WORK, Place.HOME}


@dataclass(frozen=True, slots=True)
class Answered:
    """The rule's answer to the guide, with every real union behind it, best first.

    ``more``: what would still narrow it down; None when all is told.
    """

    facts: Facts
    answer: Answer
    choices: list[Choice]
    more: Question | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One page of the guide: the question, its answers in words with the address each leads to, and the way back."""

    question: Question
    number: int
    choices: list[tuple[str, str]]
    back: str
    skip: str


@dataclass(frozen=True, slots=True)
class Company:
    """The company somebody named. ``known``: it is on our lists; ``union``: the one that covers it now."""

    known: bool
    union: Union | None

    @property
    def has_union(self) -> bool | None:
        """What our lists say of it; None when they do not know it."""
        return self.union is not None if self.known else None


def asked(address: Address, today: date) -> Asked | None:
    """What the guide asks next; None when it has asked enough."""
    known = company(address.company, today).known
    question = _next(address, today, company_known=known)
    if question is None:
        return None
    words = []
    for answer in guide.choices(question, address.told):
        now = address.with_told(guide.with_answer(address.told, question, answer))
        onward = "joining.guide" if _next(now, today, company_known=known) else "joining.answer"
        words.append((wording.words(question, answer, address.told), now.to(onward)))
    earlier = guide.before(address.told, question)
    back = address.with_told(guide.back_from(address.told, question)).to("joining.guide") if earlier else ""
    return Asked(question, len(earlier) + 1, words, back, address.to("joining.answer"))


def _next(address: Address, today: date, *, company_known: bool) -> Question | None:
    first = guide.next_question(address.told)
    if first or "places" not in address.also:
        return first
    return guide.next_detail(address.told, address.day(today), company_known=company_known)


def answered(address: Address, today: date, birth_date: date | None = None) -> Answered:
    """The rule's answer to what an address tells, in force on the day it asks about."""
    on = address.day(today)
    named = company(address.company, on)
    facts = address.facts(known_union=named.has_union, birth_date=birth_date)
    answer = decide(facts, on)
    more = guide.next_question(address.told) or guide.next_detail(address.told, on, company_known=named.known)
    return Answered(facts, answer, choices(answer, facts, named.union), more)


def company(name: str, on: date) -> Company:
    """The company of exactly this name and the union that covered it on ``on``, in two statements at most."""
    employer = employer_named(name)
    return Company(employer is not None, union_covering(employer, on))


def employer_named(name: str, county: str | None = None) -> Employer | None:
    """The employer of exactly this name, in ``county`` first when two share it."""
    if not name:
        return None
    found = select(Employer).where(Employer.name == name).order_by(Employer.county_code != (county or ""), Employer.id)
    return db.session.scalars(found.limit(1)).first()


def union_covering(employer: Employer | None, on: date) -> Union | None:
    """The union that covered the employer on ``on``."""
    if employer is None:
        return None
    then = and_(Coverage.from_on <= on, or_(Coverage.until_on.is_(None), Coverage.until_on > on))
    return db.session.scalars(select(Union).join(Coverage).where(Coverage.employer_id == employer.id, then)).first()


def choices(answer: Answer, facts: Facts, company_union: Union | None) -> list[Choice]:
    """Every real union behind the lawful options, in one statement whatever their number.

    Where the worker has a choice, the county's pool closes the list: it takes in whoever cannot or will not choose.
    """
    options = [*answer.options, *_last_resort(answer, facts)]
    standing = list(db.session.scalars(_possible(options, facts.group, answer.on))) if options else []
    return [choice for option in options for choice in _choices(option, list(_behind(option, company_union, standing)))]


def _choices(option: Option, unions: list[Union]) -> list[Choice]:
    return [Choice(option, union) for union in unions] or [Choice(option, None)]


def _last_resort(answer: Answer, facts: Facts) -> list[Option]:
    places = {option.place for option in answer.options}
    free = answer.outcome is Outcome.UNIONS and places != {Place.EMPLOYER} and Place.POOL not in places
    return [fallback(facts, answer.on)] if free else []


def pool_of(county: str) -> Union | None:
    """The county's holding pool."""
    found = select(Union).where(
        Union.kind == kinds.POOL.code,
        Union.county_code == county,
        Union.dissolved_on.is_(None),
    )
    return db.session.scalars(found).first()


def origin_of(via: str) -> Origin | None:
    """The poster or visit behind a short code."""
    return origin(db.session(), via) if via else None


def application_sent(submission_key: str) -> Application | None:
    """The application a form with this key has made."""
    return sent_before(db.session(), submission_key)


def under_way(identity: str) -> bool:
    """Whether an application of this person is under way, whoever sent it."""
    match = vault.match(identity, IDENTITY)
    return db.session.scalar(select(Application.id).where(Application.under_way_match == match)) is not None


def has_ended(token: str) -> bool:
    """Whether an application of this browser's token was withdrawn, refused or approved: the next one is another."""
    made = select(Application.id).where(Application.form_token == token, Application.state.not_in(UNDER_WAY))
    return db.session.scalars(made.limit(1)).first() is not None


def chosen(choices: list[Choice], place: str, union_code: str) -> Choice | None:
    """The choice an address names: the union of this code, else the first of this place."""
    here = [choice for choice in choices if choice.option.place == place]
    named = [choice for choice in here if choice.union and choice.union.code == union_code]
    return next(iter(named or here), None)


def receipt(number: str) -> Application | None:
    """The application an organizer filled in, by its number: where it went and by when, nothing of the person."""
    found = select(Application).join(JoinDetails).where(Application.number == number, JoinDetails.filled_by_name != "")
    return db.session.scalar(found.options(joinedload(Application.union)))


def referral(code: str) -> Referral | None:
    """The slip of this number."""
    return db.session.scalar(select(Referral).where(Referral.code == code))


def referral_sent(token: str) -> Referral | None:
    """The slip an earlier tap has made."""
    return db.session.scalar(select(Referral).where(Referral.submission_key == token))


def notice(digest: str) -> Notice | None:
    """The words kept under this digest."""
    return db.session.get(Notice, digest)


def _possible(options: list[Option], group: Group | None, on: date) -> Select[Union]:
    """Every union active on ``on`` that could stand behind one of the options."""
    regions = [option.region for option in options if option.region]
    counties = {county_of(region) for region in regions}
    places = and_(
        Union.kind.in_((kinds.TOWNSHIP.code, kinds.PARK.code)),
        Union.region_code.in_(regions),
    )
    trade = and_(Union.kind.in_(_TRADE), Union.group == group)
    pools = Union.kind == kinds.POOL.code
    mine = or_(places, and_(Union.county_code.in_(counties), or_(trade, pools)))
    active = and_(Union.founded_on <= on, or_(Union.dissolved_on.is_(None), Union.dissolved_on > on))
    return select(Union).where(active, mine).order_by(Union.kind, Union.id)


_TRADE = (kinds.INDUSTRY.code, kinds.JOINT.code)


def _behind(option: Option, company: Union | None, standing: list[Union]) -> Iterator[Union]:
    """The unions that stand for an option: of a trade its federation first, then the joint unions."""
    if option.place in (Place.EMPLOYER, Place.AFFILIATE):
        yield from [company] if company else []
    elif option.place is Place.INDUSTRY:
        own = [union for union in standing if union.kind in _TRADE and union.county_code == option.region]
        yield from sorted(own, key=lambda union: _TRADE.index(union.kind))[: _JOINT_SHOWN + 1]
    else:
        place = "county_code" if option.place is Place.POOL else "region_code"
        found = (u for u in standing if u.kind == option.kind and getattr(u, place) == option.region)
        yield from [union for union in (next(found, None),) if union]


def database_answers() -> None:
    """Ask the database for nothing; raises when it does not answer."""
    db.session.execute(select(1))


def preparing_at(via: str) -> str:
    """The name of the union that the unit behind a poster is founding, its group approved; empty for none (CH-2)."""
    begun_from = origin_of(via)
    if begun_from is None or begun_from.letter != EMPLOYER:
        return ""
    founding = FoundingDetails.application_id == FoundingUnit.application_id
    named = in_preparation().join(FoundingDetails, founding).where(FoundingUnit.employer_id == begun_from.row_id)
    return db.session.scalars(named.with_only_columns(FoundingDetails.union_name).limit(1)).first() or ""
