"""Employers, their depots and headcounts; unions and their dated coverage."""

from datetime import date, datetime

from sqlalchemy import (
    DDL,
    CheckConstraint,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from enrollment.rules.access import Scope
from enrollment.rules.regions import Territory
from enrollment.storage.tables import Base, Instant, RegionCode, Word

LONGEST_DOCUMENT = 120
"""Characters of the number or title of one document (文号或名称)."""

LONGEST_PAPERS = 300
"""Characters of all that the end of a union rests on, in one line."""

LONGEST_SOURCE = 120
"""Characters of where a headcount comes from (来源)."""


class Employer(Base):
    """A legal unit (用人单位). Credit code and filing number (备案号) are both optional (BUILD-5).

    It is there until ``closed_on`` (exclusive; None = still).
    ``brand``: the franchise it works under (品牌), such as 中通. ``latitude`` and ``longitude`` in degrees (WGS 84) are
    those of its place of business, never of a person; both or none.
    """

    __tablename__ = "employers"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90", "latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", "longitude"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    county_code: Mapped[str] = mapped_column(RegionCode, index=True)
    region_code: Mapped[str] = mapped_column(RegionCode)
    group: Mapped[str] = mapped_column(Word)
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    filing_number: Mapped[str | None] = mapped_column(String(40))
    closed_on: Mapped[date | None]
    brand: Mapped[str | None] = mapped_column(String(40))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)


class Depot(Base):
    """A place of work of an employer (网点)."""

    __tablename__ = "depots"

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    region_code: Mapped[str] = mapped_column(RegionCode)
    filing_number: Mapped[str | None] = mapped_column(String(40))


class Headcount(Base):
    """Workers of an employer as surveyed on a day (从业人员数), the denominator of every rate (STAT-5).

    Rows are added and never changed: ``correction`` is 0 for the first of a day, and the highest of the day holds.
    Who recorded it and when is not known of what was imported.
    """

    __tablename__ = "headcounts"
    __table_args__ = (
        UniqueConstraint("employer_id", "surveyed_on", "correction"),
        CheckConstraint("workers >= 0", "workers"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    surveyed_on: Mapped[date]
    workers: Mapped[int]
    source: Mapped[str] = mapped_column(String(LONGEST_SOURCE))
    correction: Mapped[int] = mapped_column(default=0)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime | None] = mapped_column(Instant)


class Union(Base):
    """A union (工会) of one of the kinds of ``rules/kinds.py``; active from ``founded_on`` until ``dissolved_on``.

    No union without approval (LAW-7, BUILD-6): number and date of the reply (批复) are required. One that has ended
    says why and by which document (LAW-9); ``merged_into_id``: the one it became a part of, None for no successor.
    """

    __tablename__ = "unions"
    __table_args__ = (
        Index(None, "county_code", "kind"),
        CheckConstraint("approval_number <> ''", "approved"),
        CheckConstraint(
            "dissolved_on IS NOT NULL OR (dissolved_cause IS NULL AND merged_into_id IS NULL)", "ended_for_a_cause"
        ),
        CheckConstraint("merged_into_id <> id", "merged_into_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(Word)
    county_code: Mapped[str] = mapped_column(RegionCode)
    region_code: Mapped[str] = mapped_column(RegionCode)
    group: Mapped[str | None] = mapped_column(Word)
    founded_on: Mapped[date]
    dissolved_on: Mapped[date | None]
    approval_number: Mapped[str] = mapped_column(String(60))
    approved_on: Mapped[date]
    dissolved_cause: Mapped[str | None] = mapped_column(Word)
    dissolved_document: Mapped[str] = mapped_column(String(LONGEST_PAPERS), default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("unions.id"), index=True)

    @property
    def scope(self) -> Scope:
        return Scope(self.county_code, union=self.id)


class Coverage(Base):
    """Which employer a union covers (覆盖单位) from ``from_on`` (inclusive) until ``until_on`` (exclusive).

    A unit belongs to at most one basic union at a time (BUILD-7): the database lets no two periods of it overlap.
    ``begun_document``: the consent or reply it began with; ``ended_cause`` is of ``rules/coverage.py``.
    """

    __tablename__ = "coverages"
    __table_args__ = (
        Index(
            "uq_coverages_employer_current",
            "employer_id",
            unique=True,
            sqlite_where=text("until_on IS NULL"),
            postgresql_where=text("until_on IS NULL"),
        ),
        CheckConstraint("until_on IS NULL OR until_on > from_on", "dates"),
        CheckConstraint("until_on IS NOT NULL OR ended_cause IS NULL", "ended_for_a_cause"),
        ExcludeConstraint(
            (text("int4range(employer_id, employer_id, '[]')"), "&&"),
            (text("daterange(from_on, until_on)"), "&&"),
            name="ex_coverages_employer_period",
        ).ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    union_id: Mapped[int] = mapped_column(ForeignKey("unions.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    begun_document: Mapped[str] = mapped_column(String(LONGEST_DOCUMENT), default="")
    ended_cause: Mapped[str | None] = mapped_column(Word)
    ended_document: Mapped[str] = mapped_column(String(LONGEST_DOCUMENT), default="")

    union: Mapped[Union] = relationship(lazy="raise")
    employer: Mapped[Employer] = relationship(lazy="raise")


_OVERLAPS = """
EXISTS (SELECT 1 FROM coverages AS other WHERE other.employer_id = NEW.employer_id AND other.id IS NOT NEW.id
AND (other.until_on IS NULL OR other.until_on > NEW.from_on) AND (NEW.until_on IS NULL OR NEW.until_on > other.from_on))
BEGIN SELECT RAISE(ABORT, 'the unit is covered on some of these days'); END
"""

# SQLite has no such constraint. A migration that makes the table anew on SQLite has to make these anew too.
for name, moment in {"insert": "INSERT", "update": "UPDATE OF employer_id, from_on, until_on"}.items():
    statement = f"CREATE TRIGGER coverages_overlap_{name} BEFORE {moment} ON coverages WHEN {_OVERLAPS}"
    trigger = DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(Coverage.__table__, "after_create", trigger.execute_if(dialect="sqlite"))


def lies_in(territory: Territory) -> ColumnElement[bool]:
    """The union lies in the territory, or is the one union it is of."""
    return Union.id == territory.union if territory.union else Union.county_code.in_(territory.counties)


class PublishedFigure(Base):
    """A figure as printed elsewhere (公开数据), quoted and never recomputed."""

    __tablename__ = "published_figures"

    id: Mapped[int] = mapped_column(primary_key=True)
    territory_code: Mapped[str] = mapped_column(RegionCode)
    as_of: Mapped[date]
    figure: Mapped[str] = mapped_column(Word)
    value: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(200))
