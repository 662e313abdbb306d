"""The decision on an application or a request, and what it makes: a member."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from enrollment.desk.groups import may_decide
from enrollment.desk.holding import claim
from enrollment.desk.requests import leave_to_county, settle
from enrollment.desk.telling import tell
from enrollment.desk.undoing import Before, before, keep_for_undo
from enrollment.rules import kinds
from enrollment.rules.access import Act, Actor
from enrollment.rules.applications import Step, missing_for_decision
from enrollment.rules.confirmation import SURE, Confirmation
from enrollment.rules.deadlines import days_left
from enrollment.rules.eligibility import decide
from enrollment.rules.ledger import EntryKind
from enrollment.rules.regions import county_of
from enrollment.rules.requests import in_working_days
from enrollment.rules.undoing import can_be_undone, undo_until
from enrollment.settings import UNDO_MINUTES
from enrollment.storage.applications import (
    FOUND,
    LONGEST_ACTOR,
    Application,
    JoinDetails,
    RequestDetails,
    lies_in,
    take_step,
)
from enrollment.storage.cards import issue_card, keep_look
from enrollment.storage.database import Work, transaction
from enrollment.storage.desks import with_group
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.ledger import record
from enrollment.storage.people import Person, kept_numbers
from enrollment.storage.procedures import founding_where
from enrollment.storage.tables import new_code
from enrollment.storage.unions import Employer, Union

CODE_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a cadre decided. ``version`` is that of the application the cadre had read.

    ``sure``: asked once more, where it cannot be undone.
    """

    step: Step
    version: int
    ground: str = ""
    marked: tuple[str, ...] = ()
    note: str = ""
    to_union: str = ""
    sure: bool = False


def decide_application(
    number: str, decision: Decision, *, by: Actor, now: datetime, today: date, undo_minutes: int = UNDO_MINUTES
) -> Application:
    """Approve, return, refuse or pass on; an approval makes the member in the same transaction (CH-2).

    It can be undone for ``undo_minutes``, and so long the applicant is not told. Raises ``Missing`` outside the cadre's
    territory and for a founding, ``Conflict`` when somebody else acted since the page was read, ``Refused`` with what
    the decision lacks or what the rules object.
    """
    with transaction(by=by, act=Act.DECIDE_APPLICATION, now=now) as work:
        application = _locked(work, number)
        if application.kind == FOUND:  # which has gates of its own
            raise Missing
        _decide(work, application, decision, today, undo_until(now, undo_minutes))
        return application


def decide_for_group(link: str, number: str, decision: Decision, *, by: Actor, now: datetime, today: date) -> None:
    """The preparatory group of the founding behind ``link`` approves or returns, or leaves it to the county (REG-4).

    What it decided stands: only an account undoes. The history names the group and not a person of it: whoever has the
    link acts. Raises ``Missing`` for what does not lie with this group, ``Conflict`` for what somebody has taken on,
    else as ``decide_application``; ``Refused`` too for a refusal, which is the county's, and for an account, which
    has a desk of its own.
    """
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        work.session.execute(select(Application.id).where(Application.link == link).with_for_update())  # it stays
        founding = founding_where(work.session, Application.link == link)
        if founding is None:
            raise Missing
        application = _locked(work, number, with_group(founding.application.id))
        if not may_decide(application):
            raise Conflict
        if by.account_id:
            raise Refused(["has_own_desk"])
        if decision.step is Step.REFUSED:
            raise Refused(["choose_a_decision"])
        who = founding.details.union_name[:LONGEST_ACTOR]
        if decision.step is Step.PASSED_ON:
            _check(application, decision)
            leave_to_county(application, today)
            take_step(work, application, Step.PASSED_ON, actor=who, reason="left_to_county", note=decision.note)
            work.subject, work.note = application.number, Step.PASSED_ON
        else:
            _decide(work, application, decision, today, now, actor=who)


def _check(application: Application, decision: Decision) -> None:
    """Raise ``Conflict`` or ``Refused`` for what stands against a decision before anything is changed."""
    if application.version != decision.version:
        raise Conflict
    missing = missing_for_decision(
        decision.step,
        reason=decision.ground,
        marked=decision.marked,
        note=decision.note,
        by_ground=application.request is None,
        confirmed=application.join is None or application.join.confirmed_by in SURE,
    )
    if not (decision.sure or can_be_undone(application.kind, decision.step)):
        missing = (*missing, "cannot_be_undone")
    if missing:
        raise Refused(missing)


def _decide(  # noqa: PLR0917 -- the case, what is decided, and when
    work: Work, application: Application, decision: Decision, today: date, until: datetime, actor: str = ""
) -> None:
    """Do what was decided; it can be undone, and the applicant is not told, before ``until``."""
    _check(application, decision)
    found = before(work, application)
    claim(work, application)
    step = settle(work, application, decision.step, decision.to_union, today)
    act = take_step(
        work,
        application,
        step,
        actor=actor,
        reason=decision.ground if decision.step is Step.REFUSED else "",
        fields=list(decision.marked) if decision.step is Step.RETURNED else [],
        note=decision.note,
    )
    if decision.step is Step.APPROVED and application.join:
        _admit(work, application, application.join, today, found)
    if step is Step.RETURNED:
        _stop_the_clock(application, today)
    keep_for_undo(work, application, act, until, found)
    tell(work, application, step, until)
    work.subject, work.note = application.number, step


def _stop_the_clock(application: Application, today: date) -> None:
    """While the applicant has it no day is due; what is left of the time limit is kept."""
    if application.due_on:
        working = in_working_days(application.kind)
        application.days_left = days_left(today, application.due_on, working=working)
    application.due_on = None
    if application.escalated_at:
        application.escalated_at, application.raised_to = None, ""


def confirm_in_person(number: str, *, how: str, by: Actor, now: datetime) -> Application:
    """Write down that somebody of the union made sure it is this person, where no code came; once is enough.

    Raises ``Missing`` outside the cadre's territory and where no worker is, ``Refused`` without ``how`` or while
    another confirmed application of the person is under way (CH-10), ``Conflict`` when this one waits for no decision.
    """
    with transaction(by=by, act=Act.CONFIRM_IN_PERSON, now=now) as work:
        application = _locked(work, number)
        work.subject = application.number
        if application.join is None:
            raise Missing
        if not how:
            raise Refused(["confirmation_how_missing"])
        if application.join.confirmed_by not in SURE:
            take_step(work, application, Step.CONFIRMED, note=how)
            signed = application.join.confirmed_by == Confirmation.SIGNATURE
            application.join.confirmed_by = Confirmation.SIGNATURE_SEEN if signed else Confirmation.IN_PERSON
            _take_the_place(work, application, application.join.identity_match)
        return application


def _take_the_place(work: Work, application: Application, match: bytes) -> None:
    """From now on this is the one application under way of the person (CH-10)."""
    other = select(Application.id).where(Application.under_way_match == match, Application.id != application.id)
    if work.session.scalar(other):
        raise Refused(["application_under_way"])
    application.under_way_match = match


def see_full_number(number: str, *, reason: str, by: Actor, now: datetime) -> tuple[str, str]:
    """Identity number and phone in full, and the look written down for the worker to read (PRIV-13).

    Raises ``Missing`` outside the cadre's territory and where no worker is.
    """
    with transaction(by=by, act=Act.SEE_FULL_NUMBER, now=now) as work:
        application = _locked(work, number)
        work.subject, work.note = application.number, reason
        if application.join:
            keep_look(work, reason, application_id=application.id)
            return application.join.identity, application.join.phone
        if application.request is None:
            raise Missing
        asker = application.request.asker
        of = {"person_id": asker.id} if isinstance(asker, Person) else {"application_id": asker.application_id}
        keep_look(work, reason, **of)
        return asker.identity, asker.phone


def _locked(work: Work, number: str, mine: ColumnElement[bool] | None = None) -> Application:
    """The application, held until the transaction ends, when it is ``mine``: lies in the territory."""
    here = lies_in(work.by.territory) if mine is None else mine
    found = select(Application).where(Application.number == number, here)
    application = work.session.scalar(
        found.with_for_update(of=Application).options(
            joinedload(Application.join),
            joinedload(Application.request).options(
                joinedload(RequestDetails.person), joinedload(RequestDetails.about)
            ),
        )
    )
    if application is None:
        raise Missing
    return application


def _admit(work: Work, application: Application, join: JoinDetails, today: date, found: Before) -> None:
    """CH-2: the approval makes the member, and the card; who was a member before keeps the one record."""
    answer = decide(join.as_facts(), today)
    if "under_16" in answer.reasons:
        raise Refused(["under_16"])
    union = _union_for(work, application, join)
    person = work.session.scalar(select(Person).where(Person.identity_match == join.identity_match).with_for_update())
    if person is None:
        person = Person(code=new_code(CODE_LENGTH), sex=join.sex, born_on=join.born_on)
        work.session.add(person)
    else:
        found.overwrites(person)
    person.name, person.group, person.relation = (
        join.name,
        join.group or "other",
        join.relation,
    )
    person.work_region, person.home_region = join.work_region, join.home_region
    for column, value in kept_numbers(join.identity, join.phone).items():
        setattr(person, column, value)
    person.phone_confirmed_at, person.closed_at, person.dropped_on = join.phone_confirmed_at, None, None
    person.employer_id = _employer_id(work, join.employer_name, union)
    work.session.flush()
    record(work, person, union, EntryKind.JOINED, today, document=application.number)
    issue_card(work, person)


def _union_for(work: Work, application: Application, join: JoinDetails) -> Union:
    """The union applied to while it stands, else the pool of the place of work (REG-4)."""
    if application.union_id:
        union = work.session.get_one(Union, application.union_id, with_for_update={"read": True})  # it stays meanwhile
    else:
        county = county_of(join.work_region or join.home_region or "")
        pool = select(Union).where(Union.kind == kinds.POOL.code, Union.county_code == county)
        found = work.session.scalars(pool).first()
        counties = work.by.territory.counties if work.by.territory else (application.county_code,)
        if found is None or found.county_code not in counties:
            raise Refused(["no_union_to_join"])
        union = found
        application.union_id = union.id
    if union.dissolved_on is not None:
        raise Refused(["no_union_to_join"])
    return union


def _employer_id(work: Work, name: str, union: Union) -> int | None:
    if not name:
        return None
    found = select(Employer.id).where(Employer.name == name, Employer.county_code == union.county_code)
    return work.session.scalars(found).first()
