"""Terms of office of the demo's unions: most run on, some end soon, a few are over; and two re-elections under way."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from enrollment.demo.chance import Chance
from enrollment.demo.filing import Desk, day_of
from enrollment.demo.membership import instant
from enrollment.demo.names import full_name, phone_number
from enrollment.demo.prefecture import Prefecture, Row
from enrollment.rules import kinds, statute
from enrollment.rules.access import VISITOR
from enrollment.rules.applications import State
from enrollment.rules.deadlines import is_working_day
from enrollment.rules.documents import MARKS
from enrollment.rules.election import AUDIT_SEATS, Body, committee_size
from enrollment.rules.meetings import AUDIT_CHAIR, CHAIR, NO_RELATION, WOMENS_MEMBER
from enrollment.rules.stages import RE_ELECTION, Ball, FoundingStep
from enrollment.rules.terms import years_later
from enrollment.storage.applications import FOUND, LINK_LENGTH, Application, FoundingDetails
from enrollment.storage.founding_papers import issue_papers
from enrollment.storage.foundings import FoundingBallot, FoundingCandidate, FoundingMeeting
from enrollment.storage.procedures import Founding, founding_where, take
from enrollment.storage.rosters import roster
from enrollment.storage.unions import Employer

_NEGLECTED = 40
"""Every so manieth union has not elected anew when its term was over."""

_REPLY = 2
"""Which of the days is the upper union's reply, a working day."""

_NOTICE = 14
"""Days the candidates hung out, more than five working days."""


def make_terms(chance: Chance, prefecture: Prefecture, today: date) -> list[Row]:
    """The current term of each union that has a committee; most were elected anew whenever a term was over."""
    rows: list[Row] = []
    for union in (each for each in prefecture.unions if each["kind"] in kinds.COUNTED):
        neglected = len(rows) % _NEGLECTED == 0
        years = 3 if neglected else chance.random.choice((3, 5, 5))
        elected, ordinal = union["founded_on"], 1
        while years_later(elected, years) <= today and not (neglected and ordinal > 1):
            elected, ordinal = years_later(elected, years), ordinal + 1
        ends = years_later(elected, years)
        registered = chance.random.random() < 0.8  # noqa: PLR2004 -- the others have still to go
        rows.append(
            {
                "id": len(rows) + 1,
                "union_id": union["id"],
                "ordinal": ordinal,
                "years": years,
                "elected_on": elected,
                "ends_on": ends,
                "registered_on": elected if registered else None,
                "certificate_until": ends if registered else None,
            }
        )
    return rows


def open_re_elections(desk: Desk) -> int:
    """Two results the upper union has to reply to: one in time, one past its 15 days; how many there are."""
    for county, ago in (("652301", 11), ("652302", 17)):
        unions = [each for each in desk.prefecture.unions if each["county_code"] == county]
        joint = [each for each in unions if each["kind"] in kinds.COUNTED]
        _re_elect(desk, max(joint, key=lambda each: each["kind"] == kinds.JOINT.code), ago)
    return 2


def _re_elect(desk: Desk, row: Row, ago: int) -> None:
    """A re-election from its beginning to the report of its result, ``ago`` days before today."""
    reported = desk.today - timedelta(days=ago)
    days = [reported - timedelta(days=back) for back in (24, 22, 19, 1, 1)] + [reported]
    while not is_working_day(days[_REPLY]):
        days[_REPLY] += timedelta(days=1)
    times = sorted(instant(desk.chance, day) for day in days)
    application = Application(
        number=desk.number(day_of(times[0])),
        link=desk.chance.code(LINK_LENGTH),
        submission_key=desk.chance.code(32),
        kind=FOUND,
        county_code=row["county_code"],
        state=State.NEW,
        version=0,
        started_at=times[0],
        union_id=row["id"],
    )
    desk.work.session.add(application)
    desk.work.session.flush()
    details = FoundingDetails(
        application_id=application.id,
        way=RE_ELECTION,
        union_name=row["name"],
        contact_name=full_name(desk.chance),
        contact_phone=phone_number(desk.chance),
    )
    desk.work.session.add(details)
    desk.work.session.flush()
    _step(desk, application, FoundingStep.STARTED, times[0])
    _plan(desk, application, day_of(times[3]))
    for step, at in zip(_COURSE, times[1:], strict=True):
        if step is FoundingStep.MEETING_HELD:
            _vote(desk, application)
        _step(desk, application, step, at)
    application.submitted_at = times[-1]
    application.due_on = reported + timedelta(days=statute.FOUNDING_REPLY_DAYS)


_COURSE = (
    FoundingStep.MEETING_REQUESTED,
    FoundingStep.MEETING_APPROVED,
    FoundingStep.MEETING_HELD,
    FoundingStep.SESSION_HELD,
    FoundingStep.RESULT_REPORTED,
)


def _whole(desk: Desk, application: Application) -> Founding:
    desk.work.session.flush()
    [found] = filter(None, [founding_where(desk.work.session, Application.id == application.id)])
    return found


def _step(desk: Desk, application: Application, step: FoundingStep, at: datetime) -> None:
    """One step as the one who takes it in life, with the papers that go out with it."""
    found = _whole(desk, application)
    part = found.position.part
    upper = part is not None and part.ball is Ball.UPPER
    work = replace(desk.work, by=desk.actors[application.county_code] if upper else VISITOR, now=at)
    if part and step is part.done_by:
        issue_papers(work, found, part.stage, on=day_of(at), marks=MARKS)
    take(work, found, step, who=Ball.UPPER if upper else Ball.GROUP)


def _plan(desk: Desk, application: Application, meeting_on: date) -> None:
    """The meeting with one candidate more than seats, for committee and audit committee."""
    found = _whole(desk, application)
    lines = roster(desk.work.session, found, desk.today)
    seats = committee_size(len(lines)).least
    session = desk.work.session
    session.add(
        FoundingMeeting(
            application_id=application.id,
            round=1,
            meeting_on=meeting_on,
            starts_at="15:00",
            place="会议室",
            notice_from=meeting_on - timedelta(days=_NOTICE),
            listed_on=meeting_on - timedelta(days=_NOTICE),
            term_years=5,
            seats=seats,
            audit_seats=AUDIT_SEATS[0],
        )
    )
    needed = ((Body.COMMITTEE, seats + 1), (Body.AUDIT, AUDIT_SEATS[0] + 1))
    people = iter(lines)
    place = 0
    for body, number in needed:
        for _ in range(number):
            place += 1
            line = next(people)
            employer = session.get_one(Employer, line.employer_id)
            session.add(
                FoundingCandidate(
                    application_id=application.id,
                    round=1,
                    body=body,
                    place=place,
                    name=line.person.name,
                    person_id=line.person.id,
                    unit_name=employer.name,
                    relation=NO_RELATION,
                )
            )
    session.flush()


def _vote(desk: Desk, application: Application) -> None:
    """Nine of ten came; the first on each list were elected and got the offices."""
    found = _whole(desk, application)
    meeting = found.meetings[0]
    entitled = len(roster(desk.work.session, found, desk.today))
    present = max(entitled * 9 // 10, entitled - 1)
    meeting.entitled, meeting.present, meeting.rules_adopted = entitled, present, True
    meeting.counters = f"{full_name(desk.chance)}、{full_name(desk.chance)}"
    for body, listed in found.lists.items():
        votes = {str(each.id): present - at if at < len(listed) - 1 else 1 for at, each in enumerate(listed)}
        desk.work.session.add(
            FoundingBallot(
                application_id=application.id, round=1, body=body, number=1,
                issued=present, returned=present, void=0, votes=votes,
            )
        )  # fmt: skip
        offices = (AUDIT_CHAIR,) if body is Body.AUDIT else (CHAIR, WOMENS_MEMBER)
        for office, each in zip(offices, listed, strict=False):
            each.office = office
