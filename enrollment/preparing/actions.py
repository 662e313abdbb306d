"""What the preparatory group does: each verb fills in what its stage needs and takes the one step that goes with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from enrollment.rules import statute
from enrollment.rules.access import Act, Actor
from enrollment.rules.applications import State
from enrollment.rules.deadlines import after_working_days
from enrollment.rules.papers import PAPERS, PaperKind
from enrollment.rules.regions import county_of
from enrollment.rules.stages import Ball, FoundingStep, Stage, registration_items
from enrollment.rules.terms import certificate_objections
from enrollment.storage.applications import Application
from enrollment.storage.database import Work, transaction
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.founding_facts import (
    name_is_taken,
    preparation_objections,
    request_objections,
)
from enrollment.storage.founding_papers import issue_papers, keep_words, kinds_for
from enrollment.storage.foundings import GroupMember, UnionTerm
from enrollment.storage.moves import hold_employers
from enrollment.storage.neighbors import joint_union_of
from enrollment.storage.papers import forget_words
from enrollment.storage.procedures import Founding, agreed_elsewhere, founding_where, leave_out, take
from enrollment.storage.rosters import roster, voters
from enrollment.storage.unions import Union
from enrollment.web.clock import day_of

_ONE_DAY = timedelta(days=1)
_WRITTEN_IN = {
    FoundingStep.SUBMITTED: Stage.GROUP_REQUEST,
    FoundingStep.MEETING_REQUESTED: Stage.MEETING_REQUEST,
    FoundingStep.RESULT_REPORTED: Stage.RESULT_REPORT,
}
"""Where the paper is written that goes out with a step; a broken meeting is reported without its first session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the request for a preparatory group tells (domain 7.4, stage 1). ``group``: name, unit, post, CV.

    ``unit_name``, ``credit_code`` and ``filing_number``: of the own unit, empty for one that is on our lists.
    ``willing``: how many of the workers are members or want to be, None for not told. ``joint_union_code``: the joint
    union to join, empty where it is not chosen.
    """

    union_name: str
    business: str
    wish: str
    contact_name: str
    contact_phone: str
    workers: int
    barred: int
    region_code: str
    unit_name: str
    willing: int | None
    credit_code: str
    filing_number: str
    joint_union_code: str
    group: Sequence[Mapping[str, str]]


def keep_request(link: str, told: Request, *, by: Actor, now: datetime, today: date) -> Founding:
    """Keep what was written of the request, complete or not.

    Raises ``Refused`` for a township of another county once a union or a listed unit ties it to this one, ``Missing``
    for a joint union that does not stand in the county, ``Conflict`` when it is not the group's now.
    """
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_at(work, link, Stage.GROUP_REQUEST, Stage.JOIN_REQUEST)
        if county_of(told.region_code) != founding.county_code and _is_tied(founding):
            raise Refused(["township_of_another_county"])
        details, own = founding.details, founding.application.units[0]
        details.union_name, details.business, details.wish = told.union_name, told.business, told.wish
        details.contact_name, details.contact_phone = told.contact_name, told.contact_phone
        own.workers, own.barred, own.region_code = told.workers, told.barred, told.region_code
        own.willing = told.willing
        if own.employer_id is None:
            own.name, own.filing_number = told.unit_name, told.filing_number or None
            own.credit_code = told.credit_code or None
        founding.application.county_code = county_of(told.region_code)
        if told.joint_union_code:
            founding.application.union = _joint_union(work, told.joint_union_code, founding.county_code, today)
        if any(map(work.session.is_modified, (founding.application, details, own))) or differ(
            founding.group, told.group
        ):
            forget_words(work, founding.application.id)
        work.session.execute(delete(GroupMember).where(GroupMember.application_id == founding.application.id))
        work.session.add_all(GroupMember(application_id=founding.application.id, **line) for line in told.group)
        work.note = "kept"
        return founding


def send_request(link: str, *, by: Actor, now: datetime, today: date, review_working_days: int) -> Founding:
    """Send the request for a preparatory group to the upper union (stage 1), also after a return.

    Raises ``Refused`` with everything the rules object, ``Conflict`` when it is not the group's to send now.
    """
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_at(work, link, Stage.GROUP_REQUEST, Stage.JOIN_REQUEST)
        lacking = [*request_objections(founding, today)]
        if name_is_taken(work.session, founding):
            lacking.append("union_name_taken")
        hold_employers(work, founding.employer_ids)  # of two requests with one unit the first one counts
        if agreed_elsewhere(work.session, founding.employer_ids, founding.application.id):
            lacking.append("unit_agreed_elsewhere")
        if lacking:
            raise Refused(lacking)
        hand_over(work, founding, FoundingStep.SUBMITTED, today, after_working_days(today, review_working_days))
        return founding


def remind(link: str, unit_link: str, *, by: Actor, now: datetime) -> Founding:
    """Write down that a neighbor was reminded; once a day for each is enough. Raises ``Missing`` for who answered."""
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_at(work, link, Stage.GROUP_REQUEST)
        unit = next((each for each in founding.application.units[1:] if each.link == unit_link), None)
        if unit is None or unit.answer is not None:
            raise Missing
        before = [act for act in founding.acts if act.step == FoundingStep.REMINDED and act.note == unit.name]
        if before and now - before[-1].at < _ONE_DAY:
            work.note = "sent again"
        else:
            take(work, founding, FoundingStep.REMINDED, who=Ball.GROUP, note=unit.name)
        return founding


def leave_unit_out(link: str, unit_link: str, note: str, *, by: Actor, now: datetime) -> Founding:
    """Go on without a neighbor, whatever it has answered, until the candidates are sent; ``note`` says why.

    A second time changes nothing. Raises ``Missing`` for a unit that was not asked, ``Refused`` without a reason or
    when too few would be left, ``Conflict`` while the upper union has it and after the assembly.
    """
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_at(work, link, Stage.GROUP_REQUEST, Stage.PREPARATION, Stage.MEETING_REQUEST)
        if not leave_out(work, founding, unit_link, who=Ball.GROUP, note=note):
            work.note = "sent again"
        return founding


def finish_preparation(link: str, *, by: Actor, now: datetime, today: date) -> Founding:
    """The members are there, the roster stands (stage 2). Raises ``Refused`` while the law asks for more of them."""
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_at(work, link, Stage.PREPARATION)
        lacking = preparation_objections(founding, roster(work.session, founding, today), today)
        if lacking:
            raise Refused(lacking)
        issue_papers(work, founding, Stage.PREPARATION, on=today)
        take(work, founding, FoundingStep.PREPARED, who=Ball.GROUP)
        return founding


def report_result(link: str, *, by: Actor, now: datetime, today: date) -> Founding:
    """Report the result (stage 7): from today the upper union has 15 days to reply (ELEC-20).

    A broken meeting can be reported as it was; an unfinished one cannot. Raises ``Refused`` or ``Conflict``.
    """
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_at(work, link, Stage.FIRST_SESSION, Stage.RESULT_REPORT)
        found = founding.outcome(len(voters(work.session, founding, today)))
        if found is None or (found.is_valid and not found.is_complete):
            raise Refused(found.open_reasons if found else ["meeting_not_recorded"])
        if found.is_valid and founding.position.stage is Stage.FIRST_SESSION:
            raise Refused(["chair_missing"])
        due_on = today + timedelta(days=statute.FOUNDING_REPLY_DAYS)
        hand_over(work, founding, FoundingStep.RESULT_REPORTED, today, due_on)
        return founding


def register(
    link: str, days: Mapping[str, date], *, credit_code: str, certificate_until: date | None, by: Actor, now: datetime
) -> Founding:
    """Keep what is done of stage 9; with seal, account and certificate all there the stage is done.

    After a re-election the certificate is enough.

    ``days`` by item. The certificate is valid as long as the term (domain 7.5). Raises ``Refused`` for a registration
    without its code and validity, or one that outlives the term, or a day before the approval; ``Conflict`` in another
    stage.
    """
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_at(work, link, Stage.REGISTRATION)
        current = select(UnionTerm).where(UnionTerm.application_id == founding.application.id)
        term = work.session.scalars(current).one()
        registered_on = days.get("legal_person")
        if min(days.values(), default=date.max) < day_of(founding.taken_at(FoundingStep.APPROVED)):
            raise Refused(["before_the_reply"])
        if registered_on:
            dates = {"ends_on": term.ends_on, "today": day_of(now)}
            lacking = certificate_objections(registered_on, credit_code, certificate_until, **dates)
            if lacking:
                raise Refused(lacking)
        founding.details.checklist = {item: day.isoformat() for item, day in days.items()}
        if registered_on:
            term.registered_on, term.certificate_until = registered_on, certificate_until
            term.credit_code = credit_code
        work.note = "kept"
        if set(days) == set(registration_items(founding.way)):
            take(work, founding, FoundingStep.REGISTERED, who=Ball.GROUP)
        return founding


def edit_paper(link: str, kind: PaperKind, words: str, *, by: Actor, now: datetime) -> Founding:
    """Keep the group's own words of a paper it has not sent yet.

    Raises ``Missing`` for a paper that is not the group's, ``Refused`` once it is issued or for a table.
    """
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_of(work, link)
        if PAPERS[kind].by_upper or kind not in kinds_for(founding):
            raise Missing
        keep_words(work, founding, kind, words, day_of(now))
        return founding


def withdraw(link: str, *, by: Actor, now: datetime) -> Founding:
    """Give the founding up; a second time changes nothing. Members stay members. ``Conflict`` once there is a union."""
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_of(work, link)
        if founding.application.state == State.WITHDRAWN:
            work.note = "sent again"
        else:
            take(work, founding, FoundingStep.WITHDRAWN, who=Ball.GROUP)
            founding.application.due_on = None
        return founding


def founding_of(work: Work, link: str) -> Founding:
    """The founding behind a link, held until the transaction ends; raises ``Missing``."""
    founding = founding_where(work.session, Application.link == link, lock=True)
    if founding is None:
        raise Missing
    work.subject = founding.application.number
    return founding


def founding_at(work: Work, link: str, *stages: Stage) -> Founding:
    """The founding while it is in one of the ``stages``; raises ``Conflict`` when it has moved on."""
    founding = founding_of(work, link)
    if founding.position.stage not in stages:
        raise Conflict
    return founding


def _joint_union(work: Work, code: str, county: str, today: date) -> Union:
    """The joint union of that code, standing in the county today: another one where the first has ended."""
    union = work.session.scalar(select(Union).where(Union.code == code, joint_union_of(county, today)))
    if union is None:
        raise Missing
    return union


def _is_tied(founding: Founding) -> bool:
    """Whether a union, an invited unit or a listed employer binds the request to its county."""
    first, *invited = founding.application.units
    return founding.application.union_id is not None or bool(invited) or first.employer_id is not None


def hand_over(work: Work, founding: Founding, step: FoundingStep, today: date, due_on: date) -> None:
    """The papers of the step go out, and the ball to the upper union, which replies by ``due_on``."""
    issue_papers(work, founding, _WRITTEN_IN[step], on=today)
    take(work, founding, step, who=Ball.GROUP)
    founding.application.submitted_at, founding.application.due_on = work.now, due_on


def differ(rows: Sequence[object], told: Sequence[Mapping[str, object]]) -> bool:
    """Whether the rows say something else than what is told now."""
    return len(rows) != len(told) or any(
        getattr(row, name) != value for row, line in zip(rows, told, strict=True) for name, value in line.items()
    )
