"""What personal data is kept, since when nothing has happened to it, and what holds it (保存期限): read in batches."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import TypeVarTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from enrollment.rules.applications import UNDER_WAY, State
from enrollment.rules.ledger import HELD, standing_on
from enrollment.rules.regions import PREFECTURE
from enrollment.rules.retention import OF_APPLICATIONS, Hold, Matter, Record
from enrollment.rules.stages import FoundingStep, position
from enrollment.storage.accounts import SignIn
from enrollment.storage.applications import Application, ApplicationAct, FoundingDetails, JoinDetails, RequestDetails
from enrollment.storage.foundings import FoundingCandidate, FoundingMeeting, UnionOfficer
from enrollment.storage.ledger import LedgerEntry, Membership
from enrollment.storage.outbox import Message, PhoneCode
from enrollment.storage.people import Person
from enrollment.storage.unions import Union

Columns = TypeVarTuple("Columns")

BATCH = 200
_BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Kept:
    """A row, what it is kept as, and its county: the prefecture for what lies in none."""

    row_id: int
    county: str
    record: Record


@dataclass(frozen=True, slots=True)
class Which:
    """Which rows: those that moved last on ``until`` or before; after an id, or some alone."""

    until: date
    after: int = 0
    only: Collection[int] | None = None

    @property
    def before(self) -> datetime:
        """The instant in which the day after ``until`` begins in Beijing."""
        return datetime.combine(self.until + timedelta(days=1), time(), _BEIJING)

    def of(self, found: Select[*Columns], row_id: InstrumentedAttribute[int]) -> Select[*Columns]:
        """Its batch of a selection, in the order of ids."""
        chosen = found.where(row_id > self.after) if self.only is None else found.where(row_id.in_(self.only))
        return chosen.order_by(row_id).limit(BATCH)


def day_of(at: datetime) -> date:
    """The day of an instant in Beijing time."""
    return at.astimezone(_BEIJING).date()


def kept(session: Session, matter: Matter, which: Which) -> list[Kept]:
    """One batch of what is kept as ``matter``: whether its period is over is the rules' to say."""
    if matter in OF_APPLICATIONS:
        return _applications(session, matter, which)
    return _OTHERS[matter](session, which)


def _applications(session: Session, matter: Matter, which: Which) -> list[Kept]:
    kinds, states = OF_APPLICATIONS[matter]
    last = select(func.max(ApplicationAct.at)).where(ApplicationAct.application_id == Application.id)
    moved = func.coalesce(last.correlate(Application).scalar_subquery(), Application.started_at)
    found = (
        select(Application.id, Application.county_code, moved.label("moved_at"), FoundingDetails.way)
        .add_columns(func.coalesce(JoinDetails.identity_match, Person.identity_match).label("match"))
        .outerjoin(JoinDetails, JoinDetails.application_id == Application.id)
        .outerjoin(FoundingDetails, FoundingDetails.application_id == Application.id)
        .outerjoin(RequestDetails, RequestDetails.application_id == Application.id)
        .outerjoin(Person, Person.id == RequestDetails.person_id)
        .where(Application.kind.in_(kinds), Application.state.in_(states))
        .where(Application.dropped_on.is_(None), moved < which.before)
    )
    rows = session.execute(which.of(found, Application.id)).all()
    numbers = [row.id for row in rows]
    # Two that were returned and never corrected do not hold each other, or both would stay for good.
    busy = (State.SUBMITTED,) if matter is Matter.RETURNED else UNDER_WAY
    others = _under_way(session, {row.match for row in rows if row.match}, busy)
    asked_about = _asked_about(session, numbers)
    founding = _open_foundings(session, {row.id: row.way for row in rows if row.way and matter is Matter.FOUNDING})
    return [
        Kept(
            row.id,
            row.county_code,
            Record(
                matter,
                day_of(row.moved_at),
                _holds(
                    {
                        Hold.UNDER_WAY: row.id in asked_about or bool(others.get(row.match, set()) - {row.id}),
                        Hold.FOUNDING: row.id in founding,
                    }
                ),
            ),
        )
        for row in rows
    ]


def _holds(found: dict[Hold, bool]) -> frozenset[Hold]:
    return frozenset(hold for hold, holds in found.items() if holds)


def _under_way(
    session: Session, matches: Collection[bytes], states: Collection[State] = UNDER_WAY
) -> dict[bytes, set[int]]:
    """Applications and requests under way of the people with these identity numbers."""
    joining = select(JoinDetails.identity_match, JoinDetails.application_id).join(Application)
    joining = joining.where(JoinDetails.identity_match.in_(matches), Application.state.in_(states))
    asking = select(Person.identity_match, RequestDetails.application_id).join(RequestDetails)
    asking = asking.join(Application, Application.id == RequestDetails.application_id)
    asking = asking.where(Person.identity_match.in_(matches), Application.state.in_(states))
    found: dict[bytes, set[int]] = {}
    for match, number in (*session.execute(joining), *session.execute(asking)):
        found.setdefault(match, set()).add(number)
    return found


def _asked_about(session: Session, numbers: Collection[int]) -> set[int]:
    """Applications whose deletion is asked for and not decided."""
    asked = select(RequestDetails.about_id).join(Application, Application.id == RequestDetails.application_id)
    asked = asked.where(RequestDetails.about_id.in_(numbers), Application.state.in_(UNDER_WAY))
    return {number for number in session.scalars(asked) if number}


def _open_foundings(session: Session, ways: dict[int, str]) -> set[int]:
    """Foundings whose union stands, with stages still to do."""
    steps: dict[int, list[FoundingStep]] = {number: [] for number in ways}
    acts = select(ApplicationAct.application_id, ApplicationAct.step).order_by(ApplicationAct.id)
    for number, step in session.execute(acts.where(ApplicationAct.application_id.in_(ways))):
        steps[number].append(FoundingStep(step))
    return {number for number, way in ways.items() if position(way, steps[number]).part}


def _people(session: Session, which: Which) -> list[Kept]:
    """Who is no active member, whose data is not dropped: what happened last, and what the ledger and others say."""
    active = select(Membership.id).where(Membership.person_id == Person.id, Membership.until_on.is_(None))
    entered = select(LedgerEntry.id).where(LedgerEntry.person_id == Person.id)
    found = select(Person.id, Person.identity_match).where(Person.dropped_on.is_(None))
    found = found.where(~active.correlate(Person).exists(), entered.correlate(Person).exists())
    people = {row.id: row.identity_match for row in session.execute(which.of(found, Person.id))}
    lines: dict[int, list[tuple[LedgerEntry, str]]] = {number: [] for number in people}
    entries = select(LedgerEntry, Union.county_code).join(Union, Union.id == LedgerEntry.union_id)
    for entry, county in session.execute(entries.where(LedgerEntry.person_id.in_(people)).order_by(LedgerEntry.id)):
        lines[entry.person_id].append((entry, county))
    asked, under_way = _last_acts(session, people), _under_way(session, set(people.values()))
    founding, office = _in_open_foundings(session, people), _in_office(session, people)
    return [
        Kept(
            number,
            lines[number][-1][1],
            Record(
                Matter.FORMER_MEMBER,
                max(asked.get(number, date.min), *(_moved(entry) for entry, _county in lines[number])),
                _holds(
                    {
                        Hold.MEMBERSHIP: _is_held(entry for entry, _county in lines[number]),
                        Hold.UNDER_WAY: match in under_way,
                        Hold.FOUNDING: number in founding,
                        Hold.OFFICE: number in office,
                    }
                ),
            ),
        )
        for number, match in people.items()
    ]


def _moved(entry: LedgerEntry) -> date:
    """An entry written down late moves the person on the day it is written down."""
    return max(entry.effective_on, day_of(entry.recorded_at))


def _is_held(entries: Iterable[LedgerEntry]) -> bool:
    """Whether a union holds the membership, now or by an entry whose day is still to come."""
    return standing_on([entry.as_fact() for entry in entries], date.max).standing in HELD


def _last_acts(session: Session, people: Mapping[int, bytes]) -> dict[int, date]:
    """When something last happened to what these people applied for or asked."""
    last = func.max(ApplicationAct.at)
    asking = select(RequestDetails.person_id, last).join(
        ApplicationAct, ApplicationAct.application_id == RequestDetails.application_id
    )
    asking = asking.where(RequestDetails.person_id.in_(people)).group_by(RequestDetails.person_id)
    joining = select(Person.id, last).join(JoinDetails, JoinDetails.identity_match == Person.identity_match)
    joining = joining.join(ApplicationAct, ApplicationAct.application_id == JoinDetails.application_id)
    joining = joining.where(Person.id.in_(people)).group_by(Person.id)
    found: dict[int, date] = {}
    for number, at in (*session.execute(asking), *session.execute(joining)):
        found[number] = max(day_of(at), found.get(number, date.min))
    return found


def _in_open_foundings(session: Session, people: Collection[int]) -> set[int]:
    """Who stands, or is to look after the women workers, in a founding under way."""
    found: set[int] = set()
    for table, person_id in (
        (FoundingCandidate, FoundingCandidate.person_id),
        (FoundingMeeting, FoundingMeeting.womens_person_id),
    ):
        standing = select(person_id).join(Application, Application.id == table.application_id)
        standing = standing.where(person_id.in_(people), Application.state.in_(UNDER_WAY))
        found |= set(session.scalars(standing))
    return found


def _in_office(session: Session, people: Collection[int]) -> set[int]:
    """Who holds an office of a union still."""
    sitting = select(UnionOfficer.person_id).where(UnionOfficer.person_id.in_(people), UnionOfficer.until_on.is_(None))
    return set(session.scalars(sitting))


def _messages(session: Session, which: Which) -> list[Kept]:
    """Messages that are done with: sent, or given up."""
    moved = func.coalesce(Message.sent_at, Message.queued_at)
    found = select(Message.id, moved.label("moved_at")).where(moved < which.before)
    found = found.where(Message.next_at.is_(None), Message.claimed_until.is_(None))
    return _of_no_county(session, Matter.MESSAGE, which.of(found, Message.id))


def _sign_ins(session: Session, which: Which) -> list[Kept]:
    """Attempts and sessions: a session is used up long before its period is."""
    found = select(SignIn.id, SignIn.seen_at.label("moved_at")).where(SignIn.seen_at < which.before)
    return _of_no_county(session, Matter.SIGN_IN, which.of(found, SignIn.id))


def _codes(session: Session, which: Which) -> list[Kept]:
    found = select(PhoneCode.id, PhoneCode.sent_at.label("moved_at")).where(PhoneCode.sent_at < which.before)
    return _of_no_county(session, Matter.CODE, which.of(found, PhoneCode.id))


def _of_no_county(session: Session, matter: Matter, found: Select[int, datetime]) -> list[Kept]:
    return [Kept(row.id, PREFECTURE, Record(matter, day_of(row.moved_at))) for row in session.execute(found)]


_OTHERS: dict[Matter, Callable[[Session, Which], list[Kept]]] = {
    Matter.FORMER_MEMBER: _people,
    Matter.MESSAGE: _messages,
    Matter.SIGN_IN: _sign_ins,
    Matter.CODE: _codes,
}
