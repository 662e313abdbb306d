"""One founding in each stage, as rows: what stands behind each route of the group and of the upper union."""

from dataclasses import dataclass
from datetime import date
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.rules.stages import FoundingStep, Stage
from enrollment.storage.applications import Application, FoundingUnit
from enrollment.storage.foundings import FoundingBallot, FoundingCandidate, FoundingMeeting, UnionTerm
from enrollment.storage.people import Person
from enrollment.storage.unions import Employer
from tests import make
from tests.cast import Cast

F, S = FoundingStep, Stage
_serial = count(1)

COURSE: tuple[tuple[Stage, FoundingStep], ...] = (
    (S.GROUP_REQUEST, F.STARTED),
    (S.GROUP_REPLY, F.SUBMITTED),
    (S.PREPARATION, F.GROUP_APPROVED),
    (S.MEETING_REQUEST, F.PREPARED),
    (S.MEETING_REPLY, F.MEETING_REQUESTED),
    (S.MEETING, F.MEETING_APPROVED),
    (S.FIRST_SESSION, F.MEETING_HELD),
    (S.RESULT_REPORT, F.SESSION_HELD),
    (S.ESTABLISHMENT, F.RESULT_REPORTED),
    (S.REGISTRATION, F.APPROVED),
    (S.ENTRY, F.REGISTERED),
)
"""The stages of a committee of one's own in order, and the entry that opens each."""

NOTICE, MEETING = date(2021, 12, 1), date(2021, 12, 10)
ALL_ELECTED, ONE_OPEN, FEWER_WILL_DO, NO_QUORUM = (5, 4, 3, 1), (5, 4, 2, 1), (5, 4, 3, 2, 1), (3, 3, 3, 0)
"""Votes of candidates for one seat less, with five members: three votes elect, and four have to be there."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What all of them stand on: one depot with five members in the pool of the county."""

    session: Session
    depot: Employer
    people: tuple[Person, ...]


def ground(session: Session, cast: Cast) -> Ground:
    depot = make.employer(session, name="筹建网点", workers=5, region_code="652301002")
    return Ground(
        session,
        depot,
        tuple(make.member(session, cast.city_pool, name=f"会员{n}", employer_id=depot.id) for n in range(5)),
    )


def in_stage(on: Ground, stage: Stage, *, votes: tuple[int, ...] = ALL_ELECTED, present: int = 5) -> Application:
    """A founding of that depot in a stage, with everything the stages before have left."""
    order = [each for each, _entry in COURSE]
    reached = order.index(stage)
    row = make.founding_application(
        on.session,
        way="own_committee",
        union_name=f"第{next(_serial)}个筹建网点工会委员会",
        units=({"name": on.depot.name, "employer_id": on.depot.id, "workers": 5},),
        steps=tuple(entry for _stage, entry in COURSE[: reached + 1]),
    )
    if reached >= order.index(S.MEETING_REPLY):
        listed = _plan(on, row, len(votes))
        if reached >= order.index(S.FIRST_SESSION):
            _hold(on, row, dict(zip(listed, votes, strict=True)), present)
        if reached > order.index(S.FIRST_SESSION):
            listed[0].office = "chair"
    if reached >= order.index(S.REGISTRATION):
        _establish(on, row)
    on.session.commit()
    return row


def _plan(on: Ground, row: Application, standing: int) -> list[FoundingCandidate]:
    planned = {"meeting_on": MEETING, "place": "分拨中心", "notice_from": NOTICE, "listed_on": NOTICE, "term_years": 5}
    on.session.add(FoundingMeeting(application_id=row.id, round=1, seats=standing - 1, **planned))
    listed = [
        FoundingCandidate(
            application_id=row.id,
            round=1,
            body="committee",
            place=place,
            name=person.name,
            person_id=person.id,
            unit_name=on.depot.name,
            relation="none",
        )
        for place, person in enumerate(on.people[:standing], start=1)
    ]
    on.session.add_all(listed)
    on.session.commit()
    return listed


def _hold(on: Ground, row: Application, votes: dict[FoundingCandidate, int], present: int) -> None:
    meeting = on.session.scalars(select(FoundingMeeting).where(FoundingMeeting.application_id == row.id)).one()
    meeting.entitled, meeting.present, meeting.rules_adopted = 5, present, True
    counted = {str(each.id): yes for each, yes in votes.items()}
    given = {"issued": present, "returned": present, "votes": counted}
    on.session.add(FoundingBallot(application_id=row.id, round=1, body="committee", number=1, **given))


def _establish(on: Ground, row: Application) -> None:
    union = make.union(on.session)
    row.union_id = union.id
    term = {"ordinal": 1, "years": 5, "elected_on": MEETING, "ends_on": MEETING.replace(year=2026)}
    on.session.add(UnionTerm(union_id=union.id, application_id=row.id, **term))


def routes_of_foundings(session: Session, cast: Cast) -> dict[str, str]:
    """Rule → path, each to a founding in the stage that the route is open in."""
    on = ground(session, cast)
    asking = make.founding_application(session, way="new_joint", units=({}, {"link": "TO-REMIND", "answer": None}))
    leaving = make.founding_application(session, way="new_joint", units=({}, {"link": "TO-LEAVE"}))
    begun, prepared = (in_stage(on, stage) for stage in (S.GROUP_REQUEST, S.PREPARATION))
    replied = in_stage(ground(session, cast), S.GROUP_REPLY)  # a unit prepares one union at a time
    held, entering = in_stage(on, S.FIRST_SESSION), in_stage(on, S.ENTRY)
    unit = session.scalars(select(FoundingUnit.link).where(FoundingUnit.application_id == prepared.id)).one()
    of_the_group = {
        "": begun,
        "/request": begun,
        "/withdraw": begun,
        "/papers/<kind>": begun,
        "/papers/<kind>.docx": begun,
        "/reminded/<unit>": asking,
        "/prepared": prepared,
        "/applications": prepared,
        "/code/<unit>": prepared,
        "/meeting": in_stage(on, S.MEETING_REQUEST),
        "/votes": in_stage(on, S.MEETING),
        "/votes/again": in_stage(on, S.FIRST_SESSION, votes=ONE_OPEN),
        "/votes/corrected": held,
        "/fewer-seats": in_stage(on, S.FIRST_SESSION, votes=FEWER_WILL_DO),
        "/again": in_stage(on, S.FIRST_SESSION, votes=NO_QUORUM, present=3),
        "/offices": held,
        "/report": in_stage(on, S.RESULT_REPORT),
        "/registration": in_stage(on, S.REGISTRATION),
    }
    found = {f"/founding/<link>{rest}": f"/founding/{row.link}{rest}" for rest, row in of_the_group.items()}
    found = {rule: path.replace("<kind>", "group_request").replace("<unit>", unit) for rule, path in found.items()}
    case, applied = f"/foundings/{replied.number}", make.join_application(session, employer_name=on.depot.name)
    return {
        **found,
        "/founding/<link>/reminded/<unit>": f"/founding/{asking.link}/reminded/TO-REMIND",
        "/founding/<link>/left-out/<unit>": f"/founding/{leaving.link}/left-out/TO-LEAVE",
        "/founding/<link>/applications/<number>": f"/founding/{prepared.link}/applications/{applied.number}",
        "/foundings/<number>": case,
        "/foundings/<number>/reply": f"{case}/reply",
        "/foundings/<number>/full": f"{case}/full",
        "/foundings/<number>/conclude": f"/foundings/{entering.number}/conclude",
        "/foundings/<number>/papers/<kind>": f"{case}/papers/group_reply",
        "/foundings/<number>/papers/<kind>/words": f"{case}/papers/group_reply/words",
        "/foundings/<number>/papers/<kind>.docx": f"{case}/papers/group_reply.docx",
        "/unions/<code>/re-election": f"/unions/{cast.shunda_union.code}/re-election",
    }
