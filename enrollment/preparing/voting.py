"""What the recorder of the assembly types (stages 5 and 6): attendance, votes, offices. The rules say what it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from enrollment.preparing.actions import founding_at
from enrollment.rules.access import Act, Actor
from enrollment.rules.election import Body
from enrollment.rules.meetings import WOMENS_MEMBER, Outcome, day_objections, standing_again
from enrollment.rules.stages import Ball, FoundingStep, Stage
from enrollment.storage.database import Work, transaction
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.founding_facts import member_key, offices_objections
from enrollment.storage.founding_papers import issue_papers
from enrollment.storage.foundings import FoundingBallot, FoundingCandidate, FoundingMeeting
from enrollment.storage.people import Person
from enrollment.storage.procedures import Founding, open_round, take
from enrollment.storage.rosters import roster, voters
from enrollment.web.clock import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One ballot of one body. ``votes``: yes by the id of the candidate, in the order of the ballot paper.

    ``written_in``: members who were on no list and had votes (另选他人, ELEC-17).
    """

    body: Body
    issued: int
    returned: int
    void: int
    votes: Mapping[str, int]
    written_in: Sequence["WrittenIn"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenIn:
    """Somebody whom voters wrote on the ballot; ``relation``: to the head of the own unit (ELEC-8)."""

    person_id: int
    name: str
    unit_name: str
    relation: str
    yes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The assembly as it was held. How many should have attended is no matter of typing.

    ``correction``: why what was typed before is typed anew, empty the first time. ``sure``: the numbers are as they
    were counted, though they make the assembly invalid. ``counted``: the first votes of all bodies, then later ones.
    """

    held_on: date
    present: int
    rules_adopted: bool
    counters: str
    minutes: str
    counted: Sequence[Counted]
    correction: str = ""
    sure: bool = False


def record_meeting(link: str, told: Recorded, *, by: Actor, now: datetime, today: date) -> Founding:
    """Record attendance and votes as they were (stage 5); whether they elect anybody is the rules' business.

    Who should attend (应到会) are the members of the day, retained ones not among them (ELEC-2), or as many delegates
    as the upper union has agreed to.
    Raises ``Refused`` for a meeting still to come, before its reply or not after the one it repeats, and for one that
    does not count while nobody is sure of the numbers; ``Conflict`` in another stage.
    """
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_at(work, link, Stage.MEETING)
        _write_down(work, founding, told, today)
        issue_papers(work, founding, Stage.MEETING, on=told.held_on)
        take(work, founding, FoundingStep.MEETING_HELD, who=Ball.GROUP)
        return founding


def correct_record(link: str, told: Recorded, *, by: Actor, now: datetime, today: date) -> Founding:
    """Type attendance and votes anew where they were typed wrong; the old record is kept whole, the reason beside it.

    The papers of the assembly are issued in a new edition; those of before stay as they were.

    Raises ``Refused`` without a reason, when later votes do not follow from the first any more, or like
    ``record_meeting``; ``Conflict`` once the result is reported.
    """
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_at(work, link, Stage.FIRST_SESSION, Stage.RESULT_REPORT)
        if not told.correction:
            raise Refused(["correction_reason_missing"])
        meeting, old = _planned(founding), founding.record(founding.position.round)
        for ballot in [each for each in founding.ballots if each.round == founding.position.round]:
            founding.ballots.remove(ballot)
            work.session.delete(ballot)
        for each in [each for listed in founding.lists.values() for each in listed if each.written_in]:
            founding.candidates.remove(each)
            work.session.delete(each)
        work.session.flush()
        meeting.fewer_seats = False
        meeting.corrected = [*meeting.corrected, old | {"corrected_at": work.now.isoformat()}]
        _write_down(work, founding, told, today)
        take(work, founding, FoundingStep.RECORD_CORRECTED, who=Ball.GROUP, note=told.correction)
        issue_papers(work, founding, Stage.MEETING, on=told.held_on)
        return founding


def _write_down(work: Work, founding: Founding, told: Recorded, today: date) -> None:
    meeting = _planned(founding)
    lacking = day_objections(told.held_on, today, approved_on=_approved_on(founding), before=_repeated(founding))
    if lacking:
        raise Refused(lacking)
    meeting.meeting_on = told.held_on
    meeting.entitled = meeting.delegates or len(roster(work.session, founding, told.held_on))
    meeting.present, meeting.rules_adopted = told.present, told.rules_adopted
    meeting.counters, meeting.minutes = told.counters, told.minutes
    bodies = len(founding.seats)
    _add_ballots(work, founding, told.counted[:bodies])
    for later in told.counted[bodies:]:
        found = founding.outcome(meeting.entitled)
        if found is None or found.broken or not _follows(found, later):
            raise Refused(["later_votes_do_not_fit"])
        _add_ballots(work, founding, [later])
    found = founding.outcome(meeting.entitled)
    if found and found.broken and not told.sure:
        raise Refused(["looks_broken", *found.broken])


def _follows(found: Outcome, counted: Counted) -> bool:
    """Whether a vote is one on the seats that those before it left open, among those who stand again."""
    still = standing_again(found, counted.body, [*counted.votes])
    return bool(found.open_seats.get(counted.body)) and set(counted.votes) <= set(still)


def _approved_on(founding: Founding) -> date | None:
    approved = founding.last(FoundingStep.MEETING_APPROVED)
    return day_of(approved.at) if approved else None


def _repeated(founding: Founding) -> date | None:
    """The day of the assembly before this one."""
    held = [each for each in founding.meetings if each.round < founding.position.round and each.present is not None]
    return held[-1].meeting_on if held else None


def record_another_vote(
    link: str, counted: Sequence[Counted], *, version: int, by: Actor, now: datetime, today: date
) -> Founding:
    """Record one more ballot of the same assembly for seats still open: a runoff or another vote (ELEC-19).

    ``version`` is that of the founding when its open seats were read. Raises ``Refused`` when nothing is open for a
    body, or somebody stands who is elected or not tied; ``Conflict`` in another stage, or when somebody else acted.
    """
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_at(work, link, Stage.FIRST_SESSION, Stage.RESULT_REPORT)
        if founding.application.version != version:
            raise Conflict
        found = founding.outcome(len(voters(work.session, founding, today)))
        if found is None or found.broken or not found.open_reasons:
            raise Refused(["no_seat_is_open"])
        for each in counted:
            _check_who_stands(found, each)
        _add_ballots(work, founding, counted)
        take(work, founding, FoundingStep.VOTED_AGAIN, who=Ball.GROUP)
        return founding


def _check_who_stands(found: Outcome, counted: Counted) -> None:
    if not found.open_seats.get(counted.body):
        raise Refused(["no_seat_is_open"])
    if not _follows(found, counted):
        raise Refused(["stands_no_more"])


def leave_seats_open(link: str, *, by: Actor, now: datetime, today: date) -> Founding:
    """The assembly agrees to fewer seats, within the size of ELEC-5 (ELEC-19); a second time changes nothing.

    Raises ``Refused`` when no seat is open, when a tie has to be voted on, or too few are elected for a committee.
    """
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_at(work, link, Stage.FIRST_SESSION, Stage.RESULT_REPORT)
        meeting, members = _planned(founding), len(voters(work.session, founding, today))
        if meeting.fewer_seats:
            work.note = "sent again"
            return founding
        found = founding.outcome(members)
        if found is None or found.broken or not found.open_reasons:
            raise Refused(["no_seat_is_open"])
        meeting.fewer_seats = True
        agreed = founding.outcome(members)
        if agreed is None or not agreed.is_complete:
            raise Refused(found.open_reasons)
        take(work, founding, FoundingStep.VOTED_AGAIN, who=Ball.GROUP, reason="fewer_seats")
        return founding


def hold_session(link: str, offices: Mapping[str, str], *, by: Actor, now: datetime, today: date) -> Founding:
    """Record whom the first session of the committee gave which office (stage 6). ``offices``: candidate ids.

    Who looks after the women workers may be a member who was not elected, named by ``member_key`` (BUILD-8).

    Raises ``Refused`` with what the rules object, or while seats are open or the meeting is broken.
    """
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_at(work, link, Stage.FIRST_SESSION)
        lines = voters(work.session, founding, today)
        found = founding.outcome(len(lines))
        if found is None or not found.is_complete:
            raise Refused((*found.broken, *found.open_reasons) if found else ["meeting_not_recorded"])
        lacking = offices_objections(founding, offices, found, lines)
        if lacking:
            raise Refused(lacking)
        women = {member_key(line.person.id): line.person for line in lines}
        _planned(founding).womens_person = women.get(offices.get(WOMENS_MEMBER, ""))
        for listed in founding.lists.values():
            for each in listed:
                each.office = " ".join(office for office, chosen in offices.items() if chosen == str(each.id))
        take(work, founding, FoundingStep.SESSION_HELD, who=Ball.GROUP)
        return founding


def hold_again(link: str, *, by: Actor, now: datetime, today: date) -> Founding:
    """Go back after a broken meeting: to the assembly, or to the candidates when their list was at fault.

    Everything recorded stays; the next round begins with a copy of the plan. Raises ``Refused`` when nothing is broken.
    """
    with transaction(by=by, act=Act.PREPARE_FOUNDING, now=now) as work:
        founding = founding_at(work, link, Stage.FIRST_SESSION, Stage.RESULT_REPORT)
        found = founding.outcome(len(voters(work.session, founding, today)))
        if found is None or found.is_complete:
            raise Refused(["nothing_to_repeat"])
        step = FoundingStep.LIST_AGAIN if found.from_the_list else FoundingStep.MEETING_AGAIN
        open_round(work, founding, step, who=Ball.GROUP, today=today)
        return founding


def _planned(founding: Founding) -> FoundingMeeting:
    if founding.meeting is None:
        raise Missing
    return founding.meeting


def _add_ballots(work: Work, founding: Founding, counted: Sequence[Counted]) -> None:
    """The votes of the present round, each the next one of its body; only candidates of the round can have votes."""
    known = {body: {str(each.id) for each in listed} for body, listed in founding.lists.items()}
    for each in counted:
        if not set(each.votes) <= known.get(each.body, set()):
            raise Missing
        ballot = FoundingBallot(
            application_id=founding.application.id,
            round=founding.position.round,
            body=each.body,
            number=len(founding.votes(each.body)) + 1,
            issued=each.issued,
            returned=each.returned,
            void=each.void,
            votes={**each.votes, **_written_in(work, founding, each)},
        )
        work.session.add(ballot)
        founding.ballots.append(ballot)


def _written_in(work: Work, founding: Founding, counted: Counted) -> dict[str, int]:
    """Votes of those written in, by the ids of the rows they get; raises ``Refused`` for who stands already."""
    standing = {each.person_id for listed in founding.lists.values() for each in listed}
    if standing & {each.person_id for each in counted.written_in}:
        raise Refused(["written_in_stands"])
    rows = [
        FoundingCandidate(
            application_id=founding.application.id,
            round=founding.position.round,
            body=counted.body,
            place=len(founding.lists.get(counted.body, ())) + place,
            name=each.name,
            person_id=each.person_id,
            person=work.session.get_one(Person, each.person_id),
            unit_name=each.unit_name,
            relation=each.relation,
            written_in=True,
        )
        for place, each in enumerate(counted.written_in, start=1)
    ]
    work.session.add_all(rows)
    work.session.flush()
    founding.candidates.extend(rows)
    return {str(row.id): each.yes for row, each in zip(rows, counted.written_in, strict=True)}
