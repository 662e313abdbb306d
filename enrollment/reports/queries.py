"""What a territory counts on a date: a few grouped statements, whatever the number of members (STAT-1 … STAT-11).

A worker counts in the county of the employer, a member in the county of the union that holds the membership
(STAT-10). All dates are half-open: what begins on the day counts, what ends on the day does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from enrollment.rules import kinds
from enrollment.rules.rates import Compared, Counts, Published, Rate, compare
from enrollment.rules.regions import COUNTIES, PREFECTURE, REGIONS, ZONES, Territory
from enrollment.storage.database import db
from enrollment.storage.headcounts import latest_headcounts
from enrollment.storage.ledger import MemberChange
from enrollment.storage.unions import Coverage, Employer, PublishedFigure, Union

PAGE = 50


@dataclass(frozen=True, slots=True)
class UnionCounts:
    """One union on a date: its members, and the workers of the units it covers (STAT-9)."""

    code: str
    name: str
    kind: str
    members: int
    workers: int
    as_of: date

    @property
    def rate(self) -> Rate:
        """STAT-9, the rate inside the units covered."""
        return Rate(self.members, self.workers, self.as_of)


@dataclass(frozen=True, slots=True)
class Source:
    """A list the workers were counted from: how many employers and workers, surveyed between which days (inclusive)."""

    name: str
    employers: int
    workers: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class UnionPage:
    """Some of a county's unions, with how many there are in all and which page of how many this is."""

    rows: list[UnionCounts]
    total: int
    number: int
    last: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the page of rates shows."""

    territory: Territory
    as_of: date
    counts: Counts
    counties: list[tuple[str, Counts]]
    unions: UnionPage | None
    sources: list[Source]
    published: tuple[Compared, ...]
    published_dates: list[date]


def counts(territory: Territory, as_of: date) -> Counts:
    """What ``territory`` counts at the end of ``as_of``: the sum of its counties, since each row lies in one county."""
    return _sum([each for _county, each in counts_by_county(territory, as_of)], as_of)


def counts_by_county(territory: Territory, as_of: date) -> list[tuple[str, Counts]]:
    """Each approving node of ``territory`` with its counts at the end of ``as_of``, in the order of the tree.

    The prefecture's own code comes last, and only where something is registered directly under it.
    """
    unions = {(county, kind): n for county, kind, n in db.session.execute(_unions(territory, as_of))}
    surveyed = {county: (n, workers) for county, n, workers in db.session.execute(_surveyed(territory, as_of))}
    covered = dict(db.session.execute(_covered(territory, as_of)).all())
    members = dict(db.session.execute(_members(territory, as_of)).all())

    def of(county: str) -> Counts:
        employers, workers = surveyed.get(county, (0, 0))
        return Counts(
            as_of=as_of,
            members=members.get(county, 0),
            workers=workers,
            single_unions=unions.get((county, kinds.SINGLE.code), 0),
            joint_unions=unions.get((county, kinds.JOINT.code), 0),
            employers=employers,
            units_covered=covered.get(county, 0),
        )

    nodes = [code for code in (*COUNTIES, *ZONES) if code in territory.counties]
    above = {county for county, _kind in unions} | surveyed.keys() | covered.keys() | members.keys()
    return [(code, of(code)) for code in [*nodes, *({PREFECTURE} & above)]]


def counts_by_union(
    territory: Territory, as_of: date, *, limit: int | None = None, offset: int = 0
) -> list[UnionCounts]:
    """Unions of any kind that stand on ``as_of`` or still hold members then, most members first.

    Their members add up to those of ``territory``.
    """
    listed = _listed_unions(territory, as_of).limit(limit).offset(offset)
    return [UnionCounts(*row, as_of=as_of) for row in db.session.execute(listed)]


def sources(territory: Territory, as_of: date) -> list[Source]:
    """Where the denominator comes from: the lists behind the headcounts used on ``as_of`` (STAT-5), largest first."""
    latest = latest_headcounts(as_of)
    workers = func.sum(latest.c.workers)
    rows = db.session.execute(
        select(latest.c.source, func.count(), workers, func.min(latest.c.surveyed_on), func.max(latest.c.surveyed_on))
        .join(Employer, Employer.id == latest.c.employer_id)
        .where(Employer.county_code.in_(territory.counties), _is_there(as_of))
        .group_by(latest.c.source)
        .order_by(workers.desc(), latest.c.source)
    )
    return [Source(*row) for row in rows]


def published(territory: Territory, as_of: date, *, ours: Counts | None = None) -> tuple[Compared, ...]:
    """Figures printed elsewhere for exactly this territory and day, each beside ours (``ours`` when known already)."""
    rows = db.session.scalars(
        select(PublishedFigure)
        .where(PublishedFigure.territory_code == territory.code, PublishedFigure.as_of == as_of)
        .order_by(PublishedFigure.id)
    ).all()
    quoted = [Published(row.figure, row.value, row.source, row.as_of) for row in rows]
    return compare(quoted, ours or counts(territory, as_of)) if quoted else ()


def published_dates(territory: Territory) -> list[date]:
    """The days for which figures of ``territory`` were printed, newest first."""
    days = select(PublishedFigure.as_of).where(PublishedFigure.territory_code == territory.code).distinct()
    return list(db.session.scalars(days.order_by(PublishedFigure.as_of.desc())))


def report(territory: Territory, as_of: date, *, page: int = 1) -> Report:
    """The page of rates: headline; for the prefecture its counties, for one county its unions, fifty a page."""
    by_county = counts_by_county(territory, as_of)
    total = _sum([each for _county, each in by_county], as_of)
    return Report(
        territory=territory,
        as_of=as_of,
        counts=total,
        counties=by_county if territory.code == PREFECTURE else [],
        unions=None if territory.code == PREFECTURE else union_page(territory, as_of, page),
        sources=sources(territory, as_of),
        published=published(territory, as_of, ours=total),
        published_dates=[day for day in published_dates(territory) if day != as_of],
    )


def union_page(territory: Territory, as_of: date, page: int) -> UnionPage:
    """One page of ``counts_by_union``; a number beyond the ends is the nearest page."""
    listed = _listed_unions(territory, as_of).order_by(None).subquery()
    total = db.session.scalar(select(func.count()).select_from(listed)) or 0
    last = max(1, -(-total // PAGE))
    number = min(max(page, 1), last)
    rows = counts_by_union(territory, as_of, limit=PAGE, offset=PAGE * (number - 1))
    return UnionPage(rows, total, number, last)


def export_rows(territory: Territory, as_of: date) -> tuple[list[str], Iterator[list[object]]]:
    """Headings in the language of the request, and each county, then the prefecture where it was asked for.

    No rate above 100 (STAT-7).
    """
    header = [
        _("Code"),
        _("Place"),
        _("As of"),
        _("Members"),
        _("Workers"),
        _("Enrollment rate, percent"),
        _("Unions"),
        _("Unions of one unit"),
        _("Joint unions"),
        _("Units covered"),
        _("Enterprises"),
        _("Coverage, percent"),
    ]
    return header, _lines(territory, as_of)


def _lines(territory: Territory, as_of: date) -> Iterator[list[object]]:
    by_county = counts_by_county(territory, as_of)
    for county, each in by_county:
        yield _line(county, _("Directly under the prefecture") if county == PREFECTURE else REGIONS[county].name, each)
    if territory.code == PREFECTURE:
        yield _line(PREFECTURE, territory.name, _sum([each for _county, each in by_county], as_of))


def _line(code: str, name: str, each: Counts) -> list[object]:
    return [
        code,
        name,
        each.as_of,
        each.members,
        each.workers,
        _publishable(each.rate),
        each.unions,
        each.single_unions,
        each.joint_unions,
        each.units_covered,
        each.employers,
        _publishable(each.coverage),
    ]


def _publishable(rate: Rate) -> Decimal | None:
    return None if rate.over_full else rate.percent


def _sum(parts: list[Counts], as_of: date) -> Counts:
    return Counts(
        as_of=as_of,
        members=sum(each.members for each in parts),
        workers=sum(each.workers for each in parts),
        single_unions=sum(each.single_unions for each in parts),
        joint_unions=sum(each.joint_unions for each in parts),
        employers=sum(each.employers for each in parts),
        units_covered=sum(each.units_covered for each in parts),
    )


def _stands(as_of: date) -> ColumnElement[bool]:
    """The union is active on the day."""
    return and_(Union.founded_on <= as_of, or_(Union.dissolved_on.is_(None), Union.dissolved_on > as_of))


def _in_force(as_of: date) -> ColumnElement[bool]:
    """The coverage holds on the day."""
    return and_(Coverage.from_on <= as_of, or_(Coverage.until_on.is_(None), Coverage.until_on > as_of))


def _is_there(as_of: date) -> ColumnElement[bool]:
    """The employer has not closed by the day: its workers count no more from then on."""
    return or_(Employer.closed_on.is_(None), Employer.closed_on > as_of)


def _unions(territory: Territory, as_of: date) -> Select[str, str, int]:
    """STAT-1: county, kind, number of counted unions."""
    return (
        select(Union.county_code, Union.kind, func.count())
        .where(Union.county_code.in_(territory.counties), Union.kind.in_(kinds.COUNTED), _stands(as_of))
        .group_by(Union.county_code, Union.kind)
    )


def _surveyed(territory: Territory, as_of: date) -> Select[str, int, int]:
    """STAT-5: county, employers on the survey, their workers."""
    latest = latest_headcounts(as_of)
    return (
        select(Employer.county_code, func.count(), func.sum(latest.c.workers))
        .join(latest, latest.c.employer_id == Employer.id)
        .where(Employer.county_code.in_(territory.counties), _is_there(as_of))
        .group_by(Employer.county_code)
    )


def _covered(territory: Territory, as_of: date) -> Select[str, int]:
    """STAT-3: county, distinct employers with a union of their own or covered by one."""
    return (
        select(Employer.county_code, func.count(Employer.id.distinct()))
        .join(Coverage, Coverage.employer_id == Employer.id)
        .join(Union, Union.id == Coverage.union_id)
        .where(Employer.county_code.in_(territory.counties), _in_force(as_of), _stands(as_of))
        .group_by(Employer.county_code)
    )


def _members(territory: Territory, as_of: date) -> Select[str, int]:
    """STAT-6: county, persons standing as member; the retained left their union's sum on that day (REG-14)."""
    return (
        select(Union.county_code, func.sum(MemberChange.change))
        .join(Union, Union.id == MemberChange.union_id)
        .where(Union.county_code.in_(territory.counties), MemberChange.changed_on <= as_of)
        .group_by(Union.county_code)
    )


def _listed_unions(territory: Territory, as_of: date) -> Select[str, str, str, int, int]:
    """Code, name, kind, members, workers of covered units of each union to show, most members first."""
    latest = latest_headcounts(as_of)
    members = (
        select(MemberChange.union_id, func.sum(MemberChange.change).label("members"))
        .where(MemberChange.changed_on <= as_of)
        .group_by(MemberChange.union_id)
        .subquery()
    )
    workers = (
        select(Coverage.union_id, func.sum(latest.c.workers).label("workers"))
        .join(latest, latest.c.employer_id == Coverage.employer_id)
        .where(_in_force(as_of))
        .group_by(Coverage.union_id)
        .subquery()
    )
    held = func.coalesce(members.c.members, 0)
    return (
        select(Union.code, Union.name, Union.kind, held, func.coalesce(workers.c.workers, 0))
        .outerjoin(members, members.c.union_id == Union.id)
        .outerjoin(workers, workers.c.union_id == Union.id)
        .where(Union.county_code.in_(territory.counties), or_(_stands(as_of), held != 0))
        .order_by(held.desc(), Union.name, Union.id)
    )
