"""The meeting and its candidates, as the preparatory group plans and asks for them (stage 3)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete

from enrollment.preparing.actions import differ, founding_at, hand_over
from enrollment.rules.access import Act, Actor
from enrollment.rules.deadlines import after_working_days
from enrollment.rules.election import Body
from enrollment.rules.stages import RE_ELECTION, Ball, FoundingStep, Stage
from enrollment.storage.database import Work, transaction
from enrollment.storage.failures import Refused
from enrollment.storage.founding_facts import (
    meeting_objections,
    name_is_taken,
)
from enrollment.storage.foundings import FoundingCandidate, FoundingMeeting
from enrollment.storage.papers import forget_words
from enrollment.storage.procedures import Founding, take
from enrollment.storage.rosters import roster
from enrollment.web.clock import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The meeting and the candidates asked for (stage 3). Candidates as columns, in the order of the ballot paper.

    ``union_name``: as the union is to be called from now on; empty where it stands already.
    """

    meeting_on: date
    starts_at: str
    place: str
    notice_from: date
    delegates: int
    term_years: int
    seats: int
    audit_seats: int
    union_name: str
    candidates: Sequence[dict[str, object]]


def keep_plan(link: str, told: Planned, *, by: Actor, now: datetime) -> Founding:
    """Keep the plan of the meeting and its candidates, complete or not. Raises ``Conflict`` in another stage."""
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_at(work, link, Stage.MEETING_REQUEST)
        _keep_plan(work, founding, told)
        work.note = "kept"
        return founding


def request_meeting(link: str, *, by: Actor, now: datetime, today: date, review_working_days: int) -> Founding:
    """Ask the upper union for the meeting and its candidates (stage 3).

    Raises ``Refused`` with everything that stands against them (domain 4), ``Conflict`` in another stage.
    """
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_at(work, link, Stage.MEETING_REQUEST)
        lacking = meeting_objections(founding, roster(work.session, founding, today), today)
        if name_is_taken(work.session, founding):
            lacking = (*lacking, "union_name_taken")
        if lacking:
            raise Refused(lacking)
        due_on = after_working_days(today, review_working_days)
        hand_over(work, founding, FoundingStep.MEETING_REQUESTED, today, due_on)
        return founding


def _keep_plan(work: Work, founding: Founding, told: Planned) -> None:
    _rename(work, founding, told.union_name)
    number, own = founding.position.round, founding.application.id
    meeting = founding.meeting
    if meeting is None:
        meeting = FoundingMeeting(application_id=own, round=number, listed_on=_begun_on(founding))
        work.session.add(meeting)
    meeting.meeting_on, meeting.starts_at, meeting.place = told.meeting_on, told.starts_at, told.place
    meeting.notice_from, meeting.delegates, meeting.term_years = told.notice_from, told.delegates, told.term_years
    meeting.seats, meeting.audit_seats = told.seats, told.audit_seats
    one = founding.way == RE_ELECTION and told.seats == 1
    listed = [
        each | _of_one_officer(each, one=one) | {"place": place}
        for place, each in enumerate(
            (each for each in told.candidates if told.audit_seats or each["body"] != Body.AUDIT), start=1
        )
    ]
    before = [each for each in founding.candidates if each.round == number]
    if _names(listed) - _names(before) and _is_sent(founding):
        meeting.listed_on = day_of(work.now)
    if work.session.is_modified(meeting) or differ(before, listed):
        forget_words(work, own)
    mine = (FoundingCandidate.application_id == own, FoundingCandidate.round == number)
    work.session.execute(delete(FoundingCandidate).where(*mine))
    work.session.add_all(FoundingCandidate(application_id=own, round=number, **each) for each in listed)


def _begun_on(founding: Founding) -> date:
    """From when on a list of the present round can have hung out: since there is a group, or since it was sent back."""
    begun = founding.last(FoundingStep.LIST_AGAIN, FoundingStep.GROUP_APPROVED) or founding.acts[0]
    return day_of(begun.at)


def _is_sent(founding: Founding) -> bool:
    """Whether a list of the present round was sent before."""
    steps = [act.step for act in founding.acts]
    again = max((place for place, step in enumerate(steps) if step == FoundingStep.LIST_AGAIN), default=0)
    return FoundingStep.MEETING_REQUESTED in steps[again:]


def _names(listed: Iterable[FoundingCandidate | Mapping[str, object]]) -> set[tuple[object, ...]]:
    """Who stands for what."""
    told = ("body", "person_id", "name")
    rows = (row if isinstance(row, Mapping) else {name: getattr(row, name) for name in told} for row in listed)
    return {tuple(row[name] for name in told) for row in rows}


def _rename(work: Work, founding: Founding, name: str) -> None:
    """Another name than the one the preparatory group was approved with; both stay in the history (domain 7.3)."""
    before = founding.details.union_name
    if name and name != before:
        founding.details.union_name = name
        take(work, founding, FoundingStep.RENAMED, who=Ball.GROUP, note=f"{before} → {name}")


def _of_one_officer(candidate: Mapping[str, object], *, one: bool) -> dict[str, object]:
    """Who stands for the committee of a union with one seat stands for organizer or chair."""
    return {"body": Body.OFFICER} if one and candidate["body"] == Body.COMMITTEE else {}
