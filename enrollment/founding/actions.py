"""What changes when a head sends the form, and when a neighbor answers an invitation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from enrollment.founding import queries
from enrollment.rules import founding as rules
from enrollment.rules.access import Act, Actor
from enrollment.rules.applications import UNDER_WAY, State
from enrollment.rules.deadlines import after_working_days
from enrollment.rules.regions import county_of
from enrollment.rules.stages import Ball, FoundingStep
from enrollment.storage.applications import (
    FOUND,
    LINK_LENGTH,
    LONGEST_NOTE,
    Application,
    FoundingDetails,
    FoundingUnit,
    number_for,
)
from enrollment.storage.database import Work, transaction
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.headcounts import workers_on
from enrollment.storage.neighbors import (
    covered,
    is_bound,
    is_listed_elsewhere,
    joint_union_of,
    known_employer,
)
from enrollment.storage.procedures import Founding, agreed_elsewhere, founding_where, take
from enrollment.storage.tables import new_code
from enrollment.storage.unions import Employer, Union

AGREED, ASKED = FoundingStep.AGREED.value, FoundingStep.ASKED.value
_WORDS_DUE = {ASKED: "question_missing", FoundingStep.DECLINED.value: "decline_reason_missing"}
"""Answers that need words, and the reason without them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Everything a head told, in normal form. ``unit`` carries the numbers, ``invited`` are codes of employers."""

    submission_key: str
    way: str
    unit: rules.Unit
    unit_name: str
    region_code: str
    credit_code: str | None
    filing_number: str | None
    union_code: str | None
    invited: tuple[str, ...]
    contact_name: str
    contact_phone: str
    union_name: str


def start_founding(sent: Begun, *, by: Actor, now: datetime, today: date, review_working_days: int) -> Application:
    """One application for one submission key: begun, or to join a joint union sent to the county at once.

    Raises ``Refused`` when the way is not open (BUILD-1 … BUILD-4), a unit belongs to a union already (BUILD-7), or the
    same contact has begun with the same unit.
    """
    try:
        with transaction(by=by, act=Act.APPLY, now=now) as work:
            if _begun_before(work, sent):
                raise Refused(["founding_under_way"])
            application = _new_application(sent, now, today)
            work.session.add(application)
            work.session.flush()  # the same key again stops here
            work.subject = application.number
            application.union_id = _joint_union_id(work, sent, today)
            work.session.add_all(_details_and_units(work, sent, application, today))
            work.session.flush()
            founding = _founding(work, Application.id == application.id)
            if sent.way == rules.JOIN_JOINT:
                take(work, founding, FoundingStep.SUBMITTED, who=Ball.GROUP)
                application.submitted_at = now
                application.due_on = after_working_days(today, review_working_days)
            else:
                take(work, founding, FoundingStep.STARTED, who=Ball.GROUP)
            return application
    except Conflict:
        if before := queries.application_sent(sent.submission_key):
            return before
        raise


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a neighbor says. Who agrees corrects how many work there and how many of them are barred (ELEC-8).

    ``contact_name`` and ``contact_phone``: of the person who answers for the unit, in normal form.
    """

    answer: str
    note: str = ""
    workers: int | None = None
    barred: int | None = None
    contact_name: str = ""
    contact_phone: str = ""


def answer_invitation(link: str, told: Answer, *, by: Actor, now: datetime, today: date) -> Application:
    """Record a neighbor's answer, which can be changed until the request is sent.

    The same answer again changes nothing. Raises ``Missing`` for an unknown link, ``Refused`` when the unit belongs to
    a union already or has agreed elsewhere (BUILD-7), or a question or a no has no words; ``Conflict`` once it is sent
    or the unit was left out.
    """
    with transaction(by=by, act=Act.ANSWER_INVITATION, now=now) as work:
        founding, unit = _invitation(work, link)
        work.subject = founding.application.number
        if unit.answer == FoundingStep.LEFT_OUT:
            raise Conflict
        if _said_already(unit, told, founding):
            work.note = "sent again"
            return founding.application
        if told.answer in _WORDS_DUE and not told.note:
            raise Refused([_WORDS_DUE[told.answer]])
        if told.answer == AGREED and unit.employer_id:
            if _is_covered(work, unit.employer_id, today):
                raise Refused(["unit_is_covered"])
            if agreed_elsewhere(work.session, [unit.employer_id], founding.application.id):
                raise Refused(["unit_agreed_elsewhere"])
        take(work, founding, FoundingStep(told.answer), who=Ball.GROUP, actor=unit.name, note=told.note)
        unit.answer, unit.answered_at = told.answer, now
        unit.workers, unit.barred = _numbers(unit, told)
        unit.contact_name, unit.contact_phone = told.contact_name, told.contact_phone
        return founding.application


def _numbers(unit: FoundingUnit, told: Answer) -> tuple[int, int]:
    """Workers and barred as a unit that agrees says them; what it does not say stays."""
    workers = told.workers or unit.workers
    barred = unit.barred if told.barred is None else told.barred
    return (workers, min(workers, barred)) if told.answer == AGREED else (unit.workers, unit.barred)


def _said_already(unit: FoundingUnit, told: Answer, founding: Founding) -> bool:
    """The second tap: the same answer with the same numbers, the same question."""
    if unit.answer != told.answer:
        return False
    if told.answer == ASKED:
        return founding.acts[-1].note == told.note
    return _numbers(unit, told) == (unit.workers, unit.barred)


def invite_more(link: str, codes: Sequence[str], *, by: Actor, now: datetime, today: date) -> Founding:
    """Ask more neighbors, until the request is sent; who is asked already is not asked twice.

    Raises ``Missing`` for employers that are not there, ``Refused`` for one with a union, ``Conflict`` in another
    stage.
    """
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = _founding(work, Application.link == link)
        work.subject = founding.application.number
        asked = {unit.employer_id for unit in founding.application.units}
        new = [
            unit
            for unit in _units_asked(work, founding.application, set(codes), today)
            if unit.employer_id not in asked
        ]
        if new:
            names = "、".join(unit.name for unit in new)
            take(work, founding, FoundingStep.INVITED, who=Ball.GROUP, note=names[:LONGEST_NOTE])
            work.session.add_all(new)
        return founding


def _begun_before(work: Work, sent: Begun) -> bool:
    """Whether this contact has a founding under way for a unit of this name, with another form."""
    begun = (
        select(FoundingDetails.contact_phone)
        .join(Application, Application.id == FoundingDetails.application_id)
        .join(FoundingUnit, FoundingUnit.application_id == Application.id)
        .where(Application.state.in_(UNDER_WAY), Application.submission_key != sent.submission_key)
        .where(FoundingUnit.name == sent.unit_name, FoundingUnit.answer == AGREED)
        .where(Application.county_code == county_of(sent.region_code))
    )
    return sent.contact_phone in work.session.scalars(begun).all()


def _new_application(sent: Begun, now: datetime, today: date) -> Application:
    offered = rules.choices(sent.unit, today, joint_union_here=True)
    way = next(choice.way for choice in offered if choice.code == sent.way)
    if not way.possible:
        raise Refused(way.reasons)
    return Application(
        number=number_for(today),
        link=new_code(LINK_LENGTH),
        submission_key=sent.submission_key,
        kind=FOUND,
        county_code=county_of(sent.region_code),
        state=State.NEW,
        version=0,
        started_at=now,
    )


def _joint_union_id(work: Work, sent: Begun, today: date) -> int | None:
    """The joint union asked for, which has to be one of the county."""
    if sent.way != rules.JOIN_JOINT:
        return None
    asked_for = select(Union.id).where(
        Union.code == sent.union_code, joint_union_of(county_of(sent.region_code), today)
    )
    union_id = work.session.scalar(asked_for)
    if union_id is None:
        raise Missing
    return union_id


def _details_and_units(
    work: Work, sent: Begun, application: Application, today: date
) -> list[FoundingDetails | FoundingUnit]:
    details = FoundingDetails(
        application_id=application.id,
        way=sent.way,
        union_name=sent.union_name,
        contact_name=sent.contact_name,
        contact_phone=sent.contact_phone,
    )
    if is_listed_elsewhere(work.session, sent.credit_code, application.county_code):
        raise Refused(["unit_listed_elsewhere"])
    own = known_employer(
        work.session,
        credit_code=sent.credit_code or "",
        name=sent.unit_name,
        county=application.county_code,
        filing_number=sent.filing_number or "",
    )
    if own and is_bound(work.session, own.id, sent.way, today):
        raise Refused(["unit_is_covered"])
    if own and agreed_elsewhere(work.session, [own.id], application.id):
        raise Refused(["unit_agreed_elsewhere"])
    asking = FoundingUnit(
        application_id=application.id,
        employer_id=own.id if own else None,
        name=sent.unit_name,
        region_code=sent.region_code,
        workers=sent.unit.workers,
        willing=sent.unit.members if sent.unit.members < sent.unit.workers else None,
        barred=sent.unit.members - sent.unit.eligible_candidates,
        credit_code=sent.credit_code,
        filing_number=sent.filing_number,
        link=new_code(LINK_LENGTH),
        answer=AGREED,
        answered_at=work.now,
    )
    return [details, asking, *_invited(work, sent, application, own, today)]


def _invited(
    work: Work, sent: Begun, application: Application, own: Employer | None, today: date
) -> Sequence[FoundingUnit]:
    """The neighbors asked to stand together, each with a link of its own."""
    if sent.way != rules.NEW_JOINT:
        return []
    wanted = set(sent.invited) - {own.code if own else ""}
    if not wanted:
        raise Refused(["no_units_chosen"])
    return _units_asked(work, application, wanted, today)


def _units_asked(work: Work, application: Application, wanted: set[str], today: date) -> list[FoundingUnit]:
    """The employers of these codes as units with a link each; all of the county and without a union."""
    found = select(Employer, workers_on(today), covered(today)).where(
        Employer.code.in_(wanted), Employer.county_code == application.county_code
    )
    rows = work.session.execute(found.order_by(Employer.id)).all()
    if len(rows) != len(wanted):
        raise Missing
    if any(is_covered for _employer, _workers, is_covered in rows):
        raise Refused(["unit_is_covered"])
    return [
        FoundingUnit(
            application_id=application.id,
            employer_id=employer.id,
            name=employer.name,
            region_code=employer.region_code,
            workers=workers or 0,
            link=new_code(LINK_LENGTH),
        )
        for employer, workers, _covered in rows
    ]


def _is_covered(work: Work, employer_id: int, today: date) -> bool:
    found = select(Employer.id).where(Employer.id == employer_id, covered(today))
    return work.session.scalar(found) is not None


def _founding(work: Work, *which: ColumnElement[bool]) -> Founding:
    found = founding_where(work.session, *which, lock=True)
    if found is None:
        raise Missing
    return found


def _invitation(work: Work, link: str) -> tuple[Founding, FoundingUnit]:
    """The invited unit with its founding, held until the transaction ends; the asking unit is none."""
    founding = _founding(
        work, Application.id == select(FoundingUnit.application_id).where(FoundingUnit.link == link).scalar_subquery()
    )
    unit = next((each for each in founding.application.units[1:] if each.link == link), None)
    if unit is None:
        raise Missing
    return founding, unit
