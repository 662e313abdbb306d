"""What changes when a worker sends the form."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from enrollment.joining import queries
from enrollment.rules import identity as numbers
from enrollment.rules.access import Act, Actor
from enrollment.rules.applications import UNDER_WAY, Step
from enrollment.rules.deadlines import after_working_days
from enrollment.rules.eligibility import Facts, Outcome, Place, decide
from enrollment.rules.regions import PREFECTURE, county_of
from enrollment.storage.applications import (
    JOIN,
    LINK_LENGTH,
    Application,
    JoinDetails,
    number_for,
    take_step,
)
from enrollment.storage.database import Work, transaction
from enrollment.storage.failures import Conflict, Refused
from enrollment.storage.ledger import Membership
from enrollment.storage.people import IDENTITY, Person, kept_numbers
from enrollment.storage.tables import new_code
from enrollment.storage.unions import Union
from enrollment.storage.vault import vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Everything a worker sent, in normal form. ``facts`` are the guide's answers with the birth date."""

    submission_key: str
    name: str
    identity: str
    phone: str
    identity_consent: bool
    sharing_consent: bool
    consent_version: str
    facts: Facts
    employer_name: str
    place: Place
    visit_code: str


def apply_to_join(sent: Joining, *, by: Actor, now: datetime, today: date, review_working_days: int) -> Application:
    """One application for one submission key, however often it is sent.

    Raises ``Refused`` with what keeps this person from applying now: too young, a member already, ground of the
    Corps, or another application under way (CH-10).
    """
    union, place = _destination(sent, today)
    where = sent.facts.work_region or sent.facts.home_region
    county = union.county_code if union else county_of(where) if where else PREFECTURE
    try:
        with transaction(by=by, act=Act.APPLY, now=now) as work:
            visit = queries.visit_coded(sent.visit_code)
            application = Application(
                number=number_for(today),
                link=new_code(LINK_LENGTH),
                submission_key=sent.submission_key,
                kind=JOIN,
                county_code=county,
                state="new",
                version=0,
                started_at=now,
                submitted_at=now,
                due_on=after_working_days(today, review_working_days),
                visit_id=visit.id if visit else None,
                union_id=union.id if union else None,
            )
            work.session.add(application)
            work.session.flush()  # a key sent before ends here
            _refuse_twice(work, sent.identity)
            work.session.add(_details(sent, application.id, place))
            take_step(work, application, Step.SUBMITTED)
            work.subject = application.number
            return application
    except Conflict:
        if before := queries.application_sent(sent.submission_key):
            return before
        raise


def _destination(sent: Joining, today: date) -> tuple[Union | None, Place]:
    """The union the application goes to: the chosen one, else the county's pool until that one stands (REG-4)."""
    answer = decide(sent.facts, today)
    if answer.outcome not in (Outcome.UNIONS, Outcome.MANUAL_REVIEW):
        raise Refused(answer.reasons)
    choices = queries.choices(answer, sent.facts, sent.employer_name)
    chosen = next((c for c in choices if c.option.place is sent.place), None)
    if chosen and chosen.union:
        return chosen.union, chosen.option.place
    where = sent.facts.work_region or sent.facts.home_region
    pool = queries.pool_of(county_of(where)) if where else None
    return pool, chosen.option.place if chosen else Place.POOL


def _refuse_twice(work: Work, identity: str) -> None:
    """Nobody joins twice (CH-10). Nothing of the other record is told."""
    match = vault.match(identity, IDENTITY)
    member = select(Membership.id).join(Person, Person.id == Membership.person_id)
    if work.session.scalar(member.where(Person.identity_match == match, Membership.until_on.is_(None))):
        raise Refused(["already_member"])
    open_one = select(Application.id).join(JoinDetails)
    if work.session.scalar(open_one.where(JoinDetails.identity_match == match, Application.state.in_(UNDER_WAY))):
        raise Refused(["application_under_way"])


def _details(sent: Joining, application_id: int, place: Place) -> JoinDetails:
    facts = sent.facts
    return JoinDetails(
        application_id=application_id,
        name=sent.name,
        sex=numbers.sex(sent.identity),
        born_on=numbers.birth_date(sent.identity),
        group=facts.group,
        relation=facts.relation,
        work_region=facts.work_region,
        home_region=facts.home_region,
        employer_name=sent.employer_name,
        employer_has_union=facts.employer_has_union,
        affiliate_admits=facts.affiliate_admits,
        hires=facts.hires,
        place=place,
        consent_version=sent.consent_version,
        identity_consent=sent.identity_consent,
        sharing_consent=sent.sharing_consent,
        **kept_numbers(sent.identity, sent.phone),
    )
