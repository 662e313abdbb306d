"""What changes when a head sends the form, and when a neighbor answers an invitation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from enrollment.founding import queries
from enrollment.rules import founding as rules
from enrollment.rules import statute
from enrollment.rules.access import Act, Actor
from enrollment.rules.applications import State, Step
from enrollment.rules.regions import county_of
from enrollment.storage.applications import (
    FOUND,
    LINK_LENGTH,
    Application,
    FoundingDetails,
    FoundingUnit,
    number_for,
    take_step,
)
from enrollment.storage.database import Work, transaction
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.neighbors import covered, known_employer, workers_on
from enrollment.storage.tables import new_code
from enrollment.storage.unions import Employer, Union

AGREED, DECLINED = Step.AGREED.value, Step.DECLINED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
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


def start_founding(sent: Founding, *, by: Actor, now: datetime, today: date) -> Application:
    """One application for one submission key: to the county at once, or first to the invited neighbors.

    Raises ``Refused`` when the way is not open (BUILD-1 … BUILD-4) or a unit belongs to a union already (BUILD-7).
    """
    try:
        with transaction(by=by, act=Act.APPLY, now=now) as work:
            application = _new_application(sent, now, today)
            work.session.add(application)
            work.session.flush()  # the same key again stops here
            work.subject = application.number
            application.union_id = _joint_union_id(work, sent, today)
            work.session.add_all(_details_and_units(work, sent, application, today))
            if sent.way == rules.NEW_JOINT:
                take_step(work, application, Step.STARTED)
            else:
                _hand_in(work, application, today)
            return application
    except Conflict:
        if before := queries.application_sent(sent.submission_key):
            return before
        raise


def answer_invitation(link: str, answer: str, *, note: str, by: Actor, now: datetime, today: date) -> Application:
    """Record a neighbor's answer; when two units or more stand together now, the county gets the application.

    The same answer again changes nothing. Raises ``Missing`` for an unknown link, ``Refused`` when the unit belongs to
    a union already, ``Conflict`` once the application waits for no answer any more.
    """
    with transaction(by=by, act=Act.ANSWER_INVITATION, now=now) as work:
        application, unit, units = _invitation(work, link)
        work.subject = application.number
        if unit.answer == answer:
            work.note = "sent again"
            return application
        if answer == AGREED and unit.employer_id and _is_covered(work, unit.employer_id, today):
            raise Refused(["unit_is_covered"])
        take_step(work, application, Step(answer), actor=unit.name, note=note)
        unit.answer, unit.answered_at = answer, now
        agreed = [each.as_fact() for each in units if each.answer == AGREED]
        if application.state == State.GATHERING and rules.stand_together(agreed, today).possible:
            _hand_in(work, application, today)
        return application


def _new_application(sent: Founding, now: datetime, today: date) -> Application:
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


def _hand_in(work: Work, application: Application, today: date) -> None:
    """To the county, which replies within the days of ELEC-20."""
    take_step(work, application, Step.SUBMITTED)
    application.submitted_at = work.now
    application.due_on = today + timedelta(days=statute.FOUNDING_REPLY_DAYS)


def _joint_union_id(work: Work, sent: Founding, today: date) -> int | None:
    """The joint union asked for, which has to be one of the county."""
    if sent.way != rules.JOIN_JOINT:
        return None
    asked_for = select(Union.id).where(
        Union.code == sent.union_code, queries.joint_union_of(county_of(sent.region_code), today)
    )
    union_id = work.session.scalar(asked_for)
    if union_id is None:
        raise Missing
    return union_id


def _details_and_units(
    work: Work, sent: Founding, application: Application, today: date
) -> list[FoundingDetails | FoundingUnit]:
    details = FoundingDetails(
        application_id=application.id,
        way=sent.way,
        union_name=sent.union_name,
        contact_name=sent.contact_name,
        contact_phone=sent.contact_phone,
    )
    own = known_employer(
        work.session,
        credit_code=sent.credit_code or "",
        name=sent.unit_name,
        county=application.county_code,
    )
    if own and _is_covered(work, own.id, today):
        raise Refused(["unit_is_covered"])
    asking = FoundingUnit(
        application_id=application.id,
        employer_id=own.id if own else None,
        name=sent.unit_name,
        region_code=sent.region_code,
        workers=sent.unit.workers,
        barred=sent.unit.workers - sent.unit.eligible_candidates,
        credit_code=sent.credit_code,
        filing_number=sent.filing_number,
        link=new_code(LINK_LENGTH),
        answer=AGREED,
        answered_at=work.now,
    )
    return [details, asking, *_invited(work, sent, application, own, today)]


def _invited(
    work: Work, sent: Founding, application: Application, own: Employer | None, today: date
) -> Sequence[FoundingUnit]:
    """The neighbors asked to stand together, each with a link of its own."""
    if sent.way != rules.NEW_JOINT:
        return []
    wanted = set(sent.invited) - {own.code if own else ""}
    if not wanted:
        raise Refused(["no_units_chosen"])
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


def _invitation(work: Work, link: str) -> tuple[Application, FoundingUnit, list[FoundingUnit]]:
    """The invited unit with its application, locked, and all its units as they are under the lock."""
    application_id = work.session.scalar(select(FoundingUnit.application_id).where(FoundingUnit.link == link))
    if application_id is None:
        raise Missing
    application = work.session.get_one(Application, application_id, with_for_update=True)
    of_it = select(FoundingUnit).where(FoundingUnit.application_id == application_id).order_by(FoundingUnit.id)
    asking, *invited = work.session.scalars(of_it)
    unit = next((each for each in invited if each.link == link), None)
    if unit is None:
        raise Missing
    return application, unit, [asking, *invited]
