"""What approving each of many would do, before anybody does it: who becomes a member where, who stays and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, case, or_, select
from sqlalchemy.orm import Session, joinedload

from enrollment.rules import kinds
from enrollment.rules.access import Actor
from enrollment.rules.applications import UNDER_WAY, State
from enrollment.rules.confirmation import SURE
from enrollment.rules.desks import Desk, steps_in
from enrollment.rules.eligibility import Outcome, decide, is_minor_worker
from enrollment.rules.regions import Territory, county_of
from enrollment.storage.applications import JOIN, Application, JoinDetails, lies_in
from enrollment.storage.database import db
from enrollment.storage.desks import lies_at
from enrollment.storage.ledger import has_counted
from enrollment.storage.people import Person
from enrollment.storage.unions import Union
from enrollment.storage.unions import lies_in as union_lies_in

MOST = 500


@dataclass(frozen=True, slots=True)
class Line:
    """What approving one application would do: ``union`` takes the member in, or ``reasons`` stand against it.

    ``desk``: where it lies. ``steps_in``: approving it is in place of whose turn it is.
    """

    application: Application
    union: Union | None
    reasons: tuple[str, ...]
    desk: Desk
    steps_in: bool


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known about all: pools by county, whose numbers are known elsewhere, where they lie, who looks."""

    pools: Mapping[str, Union]
    identities: frozenset[bytes]
    phones: frozenset[bytes]
    desks: Mapping[int, Desk]
    by: Actor


def look_at(territory: Territory, numbers: Sequence[str], by: Actor, today: date) -> list[Line]:
    """What approving each would do, in the order of the queue; what is not in the territory is not there."""
    rows = db.session.scalars(chosen(territory, numbers)).all()
    return assess(db.session(), rows, by, today)


def assess(
    session: Session,
    rows: Sequence[Application],
    by: Actor,
    today: date,
    versions: Mapping[str, int] | None = None,
) -> list[Line]:
    """The same for ``rows``; ``versions``: number → version of those that were clean when they were looked at."""
    around = _around(session, rows, by)
    lines = []
    for row in rows:
        changed = versions is not None and row.number in versions and versions[row.number] != row.version
        union, reasons = _opinion(row, around, today)
        if changed or (versions is not None and row.number not in versions and not reasons):
            reasons = ("changed_since", *reasons)
        desk = around.desks[row.id]
        lines.append(Line(row, union, reasons, desk, steps_in(by, desk) and row.holder_id != by.desk_id))
    return lines


def _opinion(row: Application, around: _Around, today: date) -> tuple[Union | None, tuple[str, ...]]:
    """The union that would take the member in, and whatever has to be looked at by itself."""
    join, desk = row.join, around.desks[row.id]
    if row.kind != JOIN or join is None:
        return None, ("one_by_one",)
    answer = decide(join.as_facts(), today)
    county = county_of(join.work_region or join.home_region or "")
    union = row.union if row.union_id else around.pools.get(county)
    against = {
        "not_waiting": row.state != State.SUBMITTED,
        "confirmation_missing": join.confirmed_by not in SURE,
        "held_by_another": row.state == State.SUBMITTED and row.holder_id not in (None, around.by.desk_id),
        "with_its_union": desk in (Desk.GROUP, Desk.UNION) and steps_in(around.by, desk),
        "minor_worker": is_minor_worker(join.born_on, today),
        "no_union_to_join": union is None or union.dissolved_on is not None,
        "like_identity": join.identity_match in around.identities,
        "like_phone": join.phone_match in around.phones,
    }
    reasons = tuple(code for code, holds in against.items() if holds)
    if answer.outcome is not Outcome.UNIONS:
        reasons += answer.reasons or ("looked_at_singly",)
    return union, reasons


def _around(session: Session, rows: Sequence[Application], by: Actor) -> _Around:
    """Four statements, however many they are."""
    joins = [row.join for row in rows if row.join]
    where = case(*((lies_at(desk), desk.value) for desk in Desk))
    desks = session.execute(select(Application.id, where).where(Application.id.in_(row.id for row in rows)))
    of_pools = select(Union).where(Union.kind == kinds.POOL.code, union_lies_in(by.territory or Territory("")))
    pools = session.scalars(of_pools.order_by(Union.id)).all()
    identities, phones = [join.identity_match for join in joins], [join.phone_match for join in joins if join.phone]
    people = session.execute(
        select(Person.identity_match, Person.phone_match).where(
            or_(Person.identity_match.in_(identities), Person.phone_match.in_(phones)), has_counted()
        )
    ).all()
    others = session.execute(
        select(JoinDetails.identity_match, JoinDetails.phone_match)
        .join(Application, Application.id == JoinDetails.application_id)
        .where(Application.state.in_(UNDER_WAY))
        .where(or_(JoinDetails.identity_match.in_(identities), JoinDetails.phone_match.in_(phones)))
    ).all()
    known = [(row[0], row[1]) for row in people]
    twice = [(row[0], row[1]) for row in others]
    return _Around(
        {union.county_code: union for union in reversed(pools)},
        frozenset({match for match, _phone in known} | _repeated(match for match, _phone in twice)),
        frozenset({match for _identity, match in known} | _repeated(match for _identity, match in twice)),
        {number: Desk(desk) for number, desk in desks},
        by,
    )


def _repeated(matches: Iterable[bytes]) -> set[bytes]:
    """Those that stand there more than once: at the application itself, and at another under way."""
    seen: set[bytes] = set()
    return {match for match in matches if match in seen or seen.add(match)}  # type: ignore[func-returns-value]


def chosen(territory: Territory, numbers: Iterable[str]) -> Select[Application]:
    """The applications with these numbers as far as they lie in the territory, with what an opinion needs."""
    found = select(Application).where(Application.number.in_(numbers), lies_in(territory))
    whole = (joinedload(Application.join), joinedload(Application.request), joinedload(Application.union))
    return found.options(*whole).order_by(Application.id).limit(MOST)
