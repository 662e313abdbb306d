"""What changes when a worker sends the form, or takes a referral."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from enrollment.joining import queries
from enrollment.joining.notice import Notice
from enrollment.messages import outbox
from enrollment.messages.texts import APPLICATION_RECEIVED
from enrollment.rules import identity as numbers
from enrollment.rules.access import Act, Actor
from enrollment.rules.applications import Step
from enrollment.rules.confirmation import Confirmation
from enrollment.rules.deadlines import after_working_days
from enrollment.rules.eligibility import Facts, Outcome, Place, decide
from enrollment.rules.regions import PREFECTURE, county_of
from enrollment.storage import applications
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
from enrollment.storage.origins import origin
from enrollment.storage.people import IDENTITY, Person, kept_numbers
from enrollment.storage.referrals import Referral
from enrollment.storage.tables import new_code
from enrollment.storage.unions import Union
from enrollment.storage.vault import vault

_KEY_HEX, _SLIP_LENGTH = 32, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Everything a worker sent, in normal form. ``facts`` are the guide's answers with the birth date.

    ``token``: the same in each tab of the browser. ``union_code``: the union chosen, empty when it is not founded.
    ``confirmed_by``: by code, by a signature the organizer keeps, or empty: then the union confirms in person later.
    """

    token: str
    name: str
    identity: str
    phone: str
    notice: Notice
    sharing_consent: bool
    facts: Facts
    employer_name: str
    place: Place
    union_code: str = ""
    plate: str = ""
    via: str = ""
    confirmed_by: str = ""
    filled_by_name: str = ""

    @property
    def submission_key(self) -> str:
        """One key for one person and one token: an organizer may send two colleagues from one browser."""
        return f"{self.token}-{vault.match(self.identity, 'submission').hex()[:_KEY_HEX]}"


def apply_to_join(sent: Joining, *, by: Actor, now: datetime, today: date, review_working_days: int) -> Application:
    """One application for one submission key, however often and from however many places it is sent at once.

    Raises ``Refused`` with what keeps this person from applying now: too young, ground of the Corps; and, to somebody
    whose phone a code has confirmed, a membership or another application under way (CH-10). Who has confirmed nothing
    learns nothing of the person whose number it is, and keeps nobody from applying: the desk sees the likeness.
    """
    by_code = sent.confirmed_by == Confirmation.CODE
    union, place, county = _destination(sent, today)
    try:
        with transaction(by=by, act=Act.APPLY, now=now) as work:
            begun_from = origin(work.session, sent.via)
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
                form_token=sent.token,
                under_way_match=vault.match(sent.identity, IDENTITY) if by_code else None,
                union_id=union.id if union else None,
                **({begun_from.column: begun_from.row_id} if begun_from else {}),
            )
            work.session.add(application)
            work.session.flush()  # a key sent before, or another one under way, ends here
            if by_code:
                _refuse_members(work, sent.identity)
            _keep_notice(work, sent.notice)
            work.session.add(_details(work, sent, application.id, place))
            take_step(work, application, Step.SUBMITTED, actor=sent.filled_by_name)
            if by_code:  # a phone nobody has confirmed may be a stranger's
                values = {"number": application.number, "due": str(application.due_on)}
                outbox.queue(
                    work,
                    sent.phone,
                    APPLICATION_RECEIVED,
                    values,
                    f"{application.number}:received",
                    subject=application.number,
                    county_code=application.county_code,
                )
            work.subject = application.number
            return application
    except Conflict:
        if before := queries.application_sent(sent.submission_key):
            return before
        if queries.under_way(sent.identity):
            raise Refused(["application_under_way"]) from None
        raise


def _destination(sent: Joining, today: date) -> tuple[Union | None, Place, str]:
    """Where the application goes: union, place, county. The county's pool until the chosen union stands (REG-4)."""
    answer = decide(sent.facts, today)
    if answer.outcome not in (Outcome.UNIONS, Outcome.MANUAL_REVIEW):
        raise Refused(answer.reasons)
    choices = queries.choices(answer, sent.facts, queries.company(sent.employer_name, today).union)
    chosen = queries.chosen(choices, sent.place, sent.union_code)
    where = sent.facts.work_region or sent.facts.home_region
    county = county_of(where) if where else PREFECTURE
    union = chosen.union if chosen and chosen.union else queries.pool_of(county)
    return union, chosen.option.place if chosen else Place.POOL, union.county_code if union else county


def _refuse_members(work: Work, identity: str) -> None:
    """Nobody joins twice (CH-10). Nothing of the other record is told."""
    member = select(Membership.id).join(Person, Person.id == Membership.person_id)
    match = vault.match(identity, IDENTITY)
    if work.session.scalar(member.where(Person.identity_match == match, Membership.until_on.is_(None))):
        raise Refused(["already_member"])


def _keep_notice(work: Work, notice: Notice) -> None:
    """Keep the words agreed to, once for all who agreed to them."""
    on_postgresql = work.session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if on_postgresql else sqlite.insert
    row = insert(applications.Notice).values(
        digest=notice.digest,
        version=notice.version,
        language=notice.language,
        text=notice.text,
        first_used_at=work.now,
    )
    work.session.execute(row.on_conflict_do_nothing())


def _details(work: Work, sent: Joining, application_id: int, place: Place) -> JoinDetails:
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
        plate=sent.plate,
        confirmed_by=sent.confirmed_by,
        phone_confirmed_at=work.now if sent.confirmed_by == Confirmation.CODE else None,
        filled_by_name=sent.filled_by_name,
        notice_digest=sent.notice.digest,
        consent_version=sent.notice.version,
        identity_consent=True,
        sharing_consent=sent.sharing_consent,
        **kept_numbers(sent.identity, sent.phone),
    )


def take_referral(facts: Facts, token: str, *, by: Actor, now: datetime) -> Referral:
    """Log a referral to the Corps (ROUTE-10) without personal data; a second tap is the same slip.

    Raises ``Refused`` when these facts are no case for the Corps.
    """
    if decide(facts, now.date()).outcome is not Outcome.REFERRAL:
        raise Refused(["no_referral"])
    try:
        with transaction(by=by, act=Act.REFER, now=now) as work:
            referral = Referral(
                code=new_code(_SLIP_LENGTH),
                at=now,
                county_code=county_of(facts.work_region or ""),
                work_region=facts.work_region,
                group=facts.group,
                submission_key=token,
            )
            work.session.add(referral)
            work.session.flush()
            work.subject = referral.code
            return referral
    except Conflict:
        if before := queries.referral_sent(token):
            return before
        raise
