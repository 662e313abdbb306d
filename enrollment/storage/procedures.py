"""A founding as a whole (建会): everything it consists of, where it stands, and the one way to take a step in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from enrollment.rules import stages, statute
from enrollment.rules.access import Scope
from enrollment.rules.election import Body, Candidate
from enrollment.rules.founding import NEW_JOINT, ONE_OFFICER
from enrollment.rules.kinds import JOINT, SINGLE, Kind
from enrollment.rules.meetings import BARRED_RELATIONS, Meeting, Outcome, Vote, names_in, outcome
from enrollment.rules.stages import RE_ELECTION, Ball, FoundingStep, Position, Stage
from enrollment.storage.applications import (
    FOUND,
    LONGEST_NOTE,
    Application,
    ApplicationAct,
    FoundingDetails,
    FoundingUnit,
    record_act,
)
from enrollment.storage.database import Work
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.foundings import FoundingBallot, FoundingCandidate, FoundingMeeting, GroupMember
from enrollment.storage.neighbors import bound_by_foundings
from enrollment.storage.papers import forget_words

_WRITTEN_ANEW = (
    FoundingStep.AGREED,
    FoundingStep.DECLINED,
    FoundingStep.ASKED,
    FoundingStep.LEFT_OUT,
    FoundingStep.RENAMED,
    FoundingStep.RETURNED,
    FoundingStep.MEETING_AGAIN,
    FoundingStep.LIST_AGAIN,
    FoundingStep.RECORD_CORRECTED,
    FoundingStep.VOTED_AGAIN,
)
"""Entries after which words edited before may tell what is no longer so."""


@dataclass(frozen=True, slots=True)
class Founding:
    """A founding with everything it consists of, as loaded: rows of the application and of the tables above."""

    application: Application
    details: FoundingDetails
    acts: list[ApplicationAct]
    group: Sequence[GroupMember]
    meetings: Sequence[FoundingMeeting]
    candidates: list[FoundingCandidate]
    ballots: list[FoundingBallot]

    @property
    def way(self) -> str:
        return self.details.way

    @property
    def county_code(self) -> str:
        return self.application.county_code

    @property
    def scope(self) -> Scope:
        """Where it belongs, for the guard."""
        return self.application.scope

    @property
    def position(self) -> Position:
        """The present stage, derived from the entries."""
        return stages.position(self.way, [FoundingStep(act.step) for act in self.acts])

    @property
    def standing(self) -> list[FoundingUnit]:
        """The units that agreed."""
        return [unit for unit in self.application.units if unit.answer == FoundingStep.AGREED]

    @property
    def employer_ids(self) -> list[int]:
        """The employers of the units that agreed, as far as they are on our lists."""
        return [unit.employer_id for unit in self.standing if unit.employer_id]

    @property
    def meeting(self) -> FoundingMeeting | None:
        """The plan or record of the present round."""
        return next((meeting for meeting in self.meetings if meeting.round == self.position.round), None)

    @property
    def lists(self) -> dict[Body, list[FoundingCandidate]]:
        """The candidates of the present round by body, in the order of the ballot paper."""
        found: dict[Body, list[FoundingCandidate]] = {}
        for each in self.candidates:
            if each.round == self.position.round:
                found.setdefault(Body(each.body), []).append(each)
        return found

    @property
    def seats(self) -> dict[Body, int]:
        """Seats by body in the present round: one officer, or a committee and perhaps an audit committee.

        A union that stands may elect anew what it is small enough for: one officer, when one seat is asked for.
        """
        if self.meeting is None:
            return {}
        one = self.way == ONE_OFFICER or (self.way == RE_ELECTION and self.meeting.seats == 1)
        main = Body.OFFICER if one else Body.COMMITTEE
        return {main: self.meeting.seats} | ({Body.AUDIT: self.meeting.audit_seats} if self.meeting.audit_seats else {})

    def votes(self, body: Body) -> list[FoundingBallot]:
        """The votes of a body in the present round, in order."""
        return [each for each in self.ballots if each.body == body and each.round == self.position.round]

    def outcome(self, members: int, *, fewer_seats: bool | None = None) -> Outcome | None:
        """What came of the meeting with candidates named by their ids; None before it was recorded.

        ``fewer_seats``: instead of what the assembly agreed to, for asking what would come of it.
        """
        meeting = self.meeting
        if meeting is None or meeting.present is None:
            return None
        by_id = {str(each.id): each for each in self.candidates}
        standing = {each.name for listed in self.lists.values() for each in listed}
        votes = [
            Vote(
                body=body,
                issued=ballot.issued,
                returned=ballot.returned,
                void=ballot.void,
                candidates=tuple(
                    Candidate(number, yes, by_id[number].relation in BARRED_RELATIONS, by_id[number].written_in)
                    for number, yes in ballot.votes.items()
                ),
            )
            for body in self.seats
            for ballot in self.votes(body)
        ]
        return outcome(
            Meeting(
                members=members,
                entitled=meeting.entitled or 0,
                present=meeting.present,
                notice_from=meeting.notice_from,
                meeting_on=meeting.meeting_on,
                rules_adopted=meeting.rules_adopted,
                fewer_seats=meeting.fewer_seats if fewer_seats is None else fewer_seats,
                counters_stand=bool(names_in(meeting.counters) & standing),
                seats=self.seats,
                votes=tuple(votes),
            )
        )

    def record(self, round_: int) -> dict[str, Any]:
        """A meeting as it was recorded, whole, with the names of those who had votes; plain values, for keeping."""
        meeting = next(each for each in self.meetings if each.round == round_)
        names = {str(each.id): each.name for each in self.candidates}
        return {
            "round": round_,
            "held_on": meeting.meeting_on.isoformat(),
            "rules_adopted": meeting.rules_adopted,
            "entitled": meeting.entitled,
            "present": meeting.present,
            "counters": meeting.counters,
            "minutes": meeting.minutes,
            "ballots": [
                {
                    "body": each.body,
                    "number": each.number,
                    "issued": each.issued,
                    "returned": each.returned,
                    "void": each.void,
                    "votes": [[names[number], yes] for number, yes in each.votes.items()],
                }
                for each in self.ballots
                if each.round == round_
            ],
        }

    @property
    def past_records(self) -> list[dict[str, Any]]:
        """What was recorded before the record that counts: earlier assemblies, and what was typed anew."""
        here = self.position.round
        return [
            record
            for meeting in self.meetings
            for record in (
                *meeting.corrected,
                *([self.record(meeting.round)] if meeting.round < here and meeting.present is not None else []),
            )
        ]

    def taken_at(self, step: FoundingStep) -> datetime:
        """When this entry was made last; raises ``Conflict`` when it was not."""
        act = self.last(step)
        if act is None:
            raise Conflict
        return act.at

    def last(self, *steps: FoundingStep) -> ApplicationAct | None:
        """The latest entry of one of these kinds."""
        return next((act for act in reversed(self.acts) if act.step in steps), None)


def founding_where(session: Session, *which: ColumnElement[bool], lock: bool = False) -> Founding | None:
    """The founding these conditions on ``Application`` name, held until the transaction ends if ``lock``."""
    found = select(Application).where(Application.kind == FOUND, *which)
    if lock:  # of its own: the rows beside it have to be read after the wait, not before
        session.execute(found.with_only_columns(Application.id).with_for_update())
    application = session.scalar(
        found.options(
            joinedload(Application.founding),
            joinedload(Application.union),
            selectinload(Application.units).joinedload(FoundingUnit.employer),
            selectinload(Application.acts).joinedload(ApplicationAct.account),
        )
    )
    if application is None or application.founding is None:
        return None
    own = application.id
    return Founding(
        application,
        application.founding,
        application.acts,
        session.scalars(select(GroupMember).where(GroupMember.application_id == own).order_by(GroupMember.id)).all(),
        session.scalars(
            select(FoundingMeeting)
            .where(FoundingMeeting.application_id == own)
            .order_by(FoundingMeeting.round)
            .options(joinedload(FoundingMeeting.womens_person))
        ).all(),
        list(
            session.scalars(
                select(FoundingCandidate)
                .where(FoundingCandidate.application_id == own)
                .order_by(FoundingCandidate.round, FoundingCandidate.place, FoundingCandidate.id)
                .options(joinedload(FoundingCandidate.person))
            )
        ),
        list(
            session.scalars(
                select(FoundingBallot)
                .where(FoundingBallot.application_id == own)
                .order_by(FoundingBallot.round, FoundingBallot.number)
            )
        ),
    )


def take(
    work: Work,
    founding: Founding,
    step: FoundingStep,
    *,
    who: Ball,
    actor: str = "",
    reason: str = "",
    fields: Sequence[str] = (),
    note: str = "",
) -> Position:
    """Record one entry, and give where it leads; raises ``Conflict`` when it is not this actor's to take now.

    Words edited in papers that are not issued go with what they were written about.
    """
    if not stages.acts(founding.position, step, who):
        raise Conflict
    act = record_act(work, founding.application, step, actor=actor, reason=reason, fields=list(fields), note=note)
    founding.acts.append(act)
    after = founding.position
    founding.application.state = after.state
    if step in _WRITTEN_ANEW:
        forget_words(work, founding.application.id)
    return after


def open_round(
    work: Work, founding: Founding, step: FoundingStep, *, who: Ball, today: date, note: str = ""
) -> Position:
    """Go back to the assembly or to its candidates: what was recorded stays, the next round begins with a copy."""
    before, listed = founding.meeting, founding.lists
    after = take(work, founding, step, who=who, note=note)
    if before:
        copied = ("meeting_on", "starts_at", "place", "notice_from", "delegates", "term_years", "seats", "audit_seats")
        plan = {column: getattr(before, column) for column in copied}
        plan["listed_on"] = before.listed_on if step is FoundingStep.MEETING_AGAIN else today
        work.session.add(FoundingMeeting(application_id=founding.application.id, round=after.round, **plan))
    kept = ("body", "place", "name", "person_id", "unit_name", "relation", "proposed_office")
    for each in (row for rows in listed.values() for row in rows if not row.written_in):
        again = {column: getattr(each, column) for column in kept}
        work.session.add(FoundingCandidate(application_id=founding.application.id, round=after.round, **again))
    return after


def leave_out(work: Work, founding: Founding, link: str, *, who: Ball, note: str) -> bool:
    """Go on without one of the units that were asked; it stays on record, and answers no more. False if it was.

    Raises ``Missing`` when the ``link`` is of none of them, ``Refused`` without a reason in ``note`` or when fewer than
    two of those would be left whose request is sent (BUILD-4), ``Conflict`` when it is not this actor's to do now.
    """
    unit = next((unit for unit in founding.application.units[1:] if unit.link == link), None)
    if unit is None:
        raise Missing
    if unit.answer == FoundingStep.LEFT_OUT:
        return False
    if not note.strip():
        raise Refused(["leaving_out_reason_missing"])
    if founding.position.stage is not Stage.GROUP_REQUEST and len(founding.standing) <= statute.JOINT_MIN_UNITS:
        raise Refused(["too_few_units"])
    take(work, founding, FoundingStep.LEFT_OUT, who=who, note=f"{unit.name}：{note}"[:LONGEST_NOTE])
    unit.answer = FoundingStep.LEFT_OUT
    return True


def kind_for(way: str) -> Kind:
    """The kind of union that comes of a way."""
    return JOINT if way == NEW_JOINT else SINGLE


def agreed_elsewhere(session: Session, employer_ids: Sequence[int], application_id: int = 0) -> bool:
    """Whether one of the employers has agreed in another founding that is under way (BUILD-7).

    A request that was never sent binds nobody: anybody may begin one.
    """
    other = bound_by_foundings().where(
        FoundingUnit.employer_id.in_(employer_ids), FoundingUnit.application_id != application_id
    )
    return session.scalars(other).first() is not None
