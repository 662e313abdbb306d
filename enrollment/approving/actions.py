"""The upper union's replies: each gate is checked by the rules and decided by a person (LAW-7, BUILD-6, ELEC-20)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from enrollment.approving.establishing import establish, let_in, list_units
from enrollment.rules.access import Act, Actor
from enrollment.rules.applications import UNDER_WAY
from enrollment.rules.kinds import KINDS
from enrollment.rules.meetings import CHAIR
from enrollment.rules.papers import PAPERS, PaperKind
from enrollment.rules.stages import ENTRY_ITEMS, RE_ELECTION, Ball, FoundingStep, Stage
from enrollment.storage.applications import FOUND, LINK_LENGTH, Application, FoundingDetails, FoundingUnit, number_for
from enrollment.storage.cards import keep_look
from enrollment.storage.database import Work, transaction
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.founding_facts import (
    meeting_objections,
    name_is_taken,
    request_objections,
    result_objections,
)
from enrollment.storage.founding_papers import issue_papers, keep_words, kinds_for
from enrollment.storage.foundings import UnionOfficer, UnionTerm
from enrollment.storage.procedures import Founding, founding_where, leave_out, open_round, take
from enrollment.storage.rosters import roster, voters
from enrollment.storage.tables import new_code
from enrollment.storage.unions import Union
from enrollment.web.clock import day_of

_AGAIN = (FoundingStep.MEETING_AGAIN, FoundingStep.LIST_AGAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a cadre decided. ``version`` is that of the founding the cadre had read; ``note`` the words to the group.

    ``unit``: the link of the one to be left out.
    """

    step: FoundingStep
    version: int
    note: str = ""
    unit: str = ""


def reply(number: str, told: Reply, *, marks: Mapping[str, str], by: Actor, now: datetime, today: date) -> Founding:
    """Approve what the gate is about, return it, leave a unit out, order the meeting to be held again, or refuse.

    ``marks``: the beginning of document numbers by node; an approval writes and numbers its reply.

    Raises ``Missing`` outside the cadre's territory, ``Conflict`` when somebody else acted since the page was read or
    the step is not open, ``Refused`` with everything that stands against an approval, or when words are due.
    """
    with transaction(by=by, act=Act.DECIDE_FOUNDING, now=now) as work:
        founding = _held(work, number)
        if founding.application.version != told.version:
            raise Conflict
        part = founding.position.part
        if part is None or part.ball is not Ball.UPPER or part.stage not in _GATES:
            raise Conflict
        if told.step is part.done_by:
            _GATES[part.stage](work, founding, marks, today)
            take(work, founding, told.step, who=Ball.UPPER, note=told.note)
        elif not told.note.strip():
            raise Refused(["reply_reason_missing"])
        elif told.step is FoundingStep.LEFT_OUT:
            _leave_out(work, founding, told, today)
        elif told.step in _AGAIN:
            _order_again(work, founding, told, today)
        else:
            take(work, founding, told.step, who=Ball.UPPER, note=told.note)
        if told.step is not FoundingStep.LEFT_OUT or founding.position.ball is Ball.GROUP:
            founding.application.due_on = None
        work.note = told.step
        return founding


def conclude(number: str, days: dict[str, date], *, by: Actor, now: datetime) -> Founding:
    """Close the last stage: real names entered, plaque, funds, each with its day (stage 10).

    Raises ``Refused`` while a day is missing or lies before the approval, ``Conflict`` in another stage.
    """
    with transaction(by=by, act=Act.DECIDE_FOUNDING, now=now) as work:
        founding = _held(work, number)
        if set(days) != set(ENTRY_ITEMS):
            raise Refused(["entry_days_missing"])
        if min(days.values()) < day_of(founding.taken_at(FoundingStep.APPROVED)):
            raise Refused(["before_the_reply"])
        kept = {item: day.isoformat() for item, day in days.items()}
        founding.details.checklist = {**founding.details.checklist, **kept}
        take(work, founding, FoundingStep.CONCLUDED, who=Ball.UPPER)
        return founding


def edit_reply(number: str, kind: PaperKind, words: str, *, by: Actor, now: datetime) -> Founding:
    """Keep the upper union's words of a reply that is not issued yet.

    Raises ``Missing`` for a paper that is not the upper union's, ``Refused`` once it is issued.
    """
    with transaction(by=by, act=Act.DECIDE_FOUNDING, now=now) as work:
        founding = _held(work, number)
        if not PAPERS[kind].by_upper or kind not in kinds_for(founding):
            raise Missing
        keep_words(work, founding, kind, words, day_of(now))
        return founding


def see_full_phones(number: str, *, reason: str, by: Actor, now: datetime) -> list[tuple[str, str]]:
    """Name and phone in full of who is to be called about a founding: its contact, then who answered for each unit.

    The look is written down for the group to read (PRIV-13); whether it was so is asked by calling (BUILD-4). Raises
    ``Missing`` outside the cadre's territory.
    """
    with transaction(by=by, act=Act.SEE_FULL_NUMBER, now=now) as work:
        founding = _held(work, number)
        work.note = reason
        keep_look(work, reason, application_id=founding.application.id)
        told: list[FoundingDetails | FoundingUnit] = [founding.details, *founding.application.units]
        return [(each.contact_name, each.contact_phone) for each in told if each.contact_phone]


def start_re_election(union_code: str, *, by: Actor, now: datetime, today: date) -> Founding:
    """Begin the next term of a union (换届): the old committee takes the preparatory group's place (domain 7.4).

    A second time leads to the one under way. Raises ``Missing`` outside the territory, for a union that has ended, and
    for a holding pool, which has no committee; ``Refused`` while the term before it is not on record, which the papers
    count from.
    """
    with transaction(by=by, act=Act.DECIDE_FOUNDING, now=now) as work:
        counties = by.territory.counties if by.territory else ()
        which = select(Union).where(Union.code == union_code, Union.county_code.in_(counties))
        union = work.session.scalar(which.where(Union.dissolved_on.is_(None)).with_for_update())
        if union is None or KINDS[union.kind].holds:
            raise Missing
        work.subject = union.code
        under_way = founding_where(
            work.session,
            Application.union_id == union.id,
            Application.state.in_(UNDER_WAY),
            Application.founding.has(way=RE_ELECTION),  # others ask to join the same union
        )
        if under_way:
            work.note = "sent again"
            return under_way
        if not work.session.scalar(select(UnionTerm.id).where(UnionTerm.union_id == union.id).limit(1)):
            raise Refused(["term_not_recorded"])
        founding = _held(work, _new_re_election(work, union, today))
        take(work, founding, FoundingStep.STARTED, who=Ball.GROUP)
        return founding


def _new_re_election(work: Work, union: Union, today: date) -> str:
    """The rows of a re-election, with the present chair as the contact; gives its number."""
    application = Application(
        number=number_for(today),
        link=new_code(LINK_LENGTH),
        submission_key=new_code(LINK_LENGTH),
        kind=FOUND,
        county_code=union.county_code,
        started_at=work.now,
        union_id=union.id,
    )
    work.session.add(application)
    work.session.flush()
    chair = select(UnionOfficer.name).where(UnionOfficer.union_id == union.id, UnionOfficer.office.startswith(CHAIR))
    details = FoundingDetails(
        application_id=application.id,
        way=RE_ELECTION,
        union_name=union.name,
        contact_name=work.session.scalar(chair.order_by(UnionOfficer.id.desc())) or work.by.name,
        contact_phone="",
    )
    work.session.add(details)
    work.session.flush()
    return application.number


def _held(work: Work, number: str) -> Founding:
    """The founding, held until the transaction ends, when it lies in the territory."""
    counties = work.by.territory.counties if work.by.territory else ()
    which = (Application.number == number, Application.county_code.in_(counties))
    founding = founding_where(work.session, *which, lock=True)
    if founding is None:
        raise Missing
    work.subject = founding.application.number
    return founding


def _order_again(work: Work, founding: Founding, told: Reply, today: date) -> None:
    """A broken procedure may not be approved: it is repeated, from the list when the list was at fault (ELEC-20)."""
    found = founding.outcome(len(voters(work.session, founding, today)))
    at_fault = found is not None and found.from_the_list
    step = FoundingStep.LIST_AGAIN if at_fault else FoundingStep.MEETING_AGAIN
    open_round(work, founding, step, who=Ball.UPPER, today=today, note=told.note)


def _leave_out(work: Work, founding: Founding, told: Reply, today: date) -> None:
    """A unit covered or closed meanwhile keeps all of it back: two at least go on without it (BUILD-4).

    Once they have elected together, those who stay elect anew: others were entitled and could stand (ELEC-19, ELEC-20).
    """
    left = leave_out(work, founding, told.unit, who=Ball.UPPER, note=told.note)
    if left and founding.position.stage is Stage.ESTABLISHMENT:
        open_round(work, founding, FoundingStep.LIST_AGAIN, who=Ball.UPPER, today=today, note=told.note)


def _approve_group(work: Work, founding: Founding, marks: Mapping[str, str], today: date) -> None:
    """Gate of stage 1. The units are on our lists from now on, so that members can be counted unit by unit."""
    _refuse(work, founding, request_objections(founding, today))
    list_units(work, founding, today)
    issue_papers(work, founding, Stage.GROUP_REPLY, on=today, marks=marks)


def _approve_meeting(work: Work, founding: Founding, marks: Mapping[str, str], today: date) -> None:
    """Gate of stage 4: the meeting may be called, the candidates may stand (ELEC-8, ELEC-10, ELEC-13)."""
    _refuse(work, founding, meeting_objections(founding, roster(work.session, founding, today), today))
    issue_papers(work, founding, Stage.MEETING_REPLY, on=today, marks=marks)


def _approve_result(work: Work, founding: Founding, marks: Mapping[str, str], today: date) -> None:
    """Gate of stage 8: a broken procedure cannot be approved (ELEC-20); the reply's number makes the union (LAW-7)."""
    lines = voters(work.session, founding, today)
    _refuse(work, founding, result_objections(founding, lines, roster(work.session, founding, today), today))
    number = issue_papers(work, founding, Stage.ESTABLISHMENT, on=today, marks=marks)
    establish(work, founding, len(lines), number, today)


def _approve_joining(work: Work, founding: Founding, _marks: Mapping[str, str], today: date) -> None:
    """A unit joins a joint union of its county that stands (BUILD-4, BUILD-7)."""
    lacking, union = [*request_objections(founding, today)], founding.application.union
    if union is None or union.county_code != founding.county_code:
        lacking.append("no_joint_union_chosen")
    if lacking:
        raise Refused(lacking)
    let_in(work, founding, today)


def _refuse(work: Work, founding: Founding, reasons: tuple[str, ...]) -> None:
    taken = ("union_name_taken",) if name_is_taken(work.session, founding) else ()
    if reasons or taken:
        raise Refused((*reasons, *taken))


_GATES: dict[Stage, Callable[[Work, Founding, Mapping[str, str], date], None]] = {
    Stage.GROUP_REPLY: _approve_group,
    Stage.MEETING_REPLY: _approve_meeting,
    Stage.ESTABLISHMENT: _approve_result,
    Stage.JOIN_REPLY: _approve_joining,
}
