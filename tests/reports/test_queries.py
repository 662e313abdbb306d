"""Numbers exact on a small database made by hand: whom the day counts, and whom it does not."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from enrollment.reports import queries
from enrollment.rules.rates import Counts
from enrollment.rules.regions import Territory
from enrollment.storage.database import db
from enrollment.storage.unions import Coverage, Headcount, PublishedFigure, Union
from tests import make
from tests.cast import Cast
from tests.conftest import counted

ALL, CITY, FUKANG = Territory("652300"), Territory("652301"), Territory("652302")
DAY = date(2021, 11, 30)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
NOTHING = {"members": 0, "workers": 0, "single_unions": 0, "joint_unions": 0, "employers": 0, "units_covered": 0}

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def printed(session: Session) -> None:
    """What the newspaper printed."""
    source = "新闻报道"
    for figure, value in (("members", "3"), ("workers", "49"), ("rate", "7"), ("coverage", "99")):
        session.add(PublishedFigure(territory_code="652300", as_of=DAY, figure=figure, value=value, source=source))
    session.commit()


def test_an_empty_prefecture_counts_nothing_and_has_no_rate() -> None:
    counts = queries.counts(ALL, DAY)

    assert counts == Counts(as_of=DAY, **NOTHING)
    assert counts.rate.text == ""


def test_the_cast_counts_exactly(session: Session, cast: Cast) -> None:
    make.member(session, cast.shunda_union)
    make.member(session, cast.joint_union)
    make.member(session, cast.city_pool)

    counts = queries.counts(CITY, DAY)

    assert counts == Counts(
        as_of=DAY, members=3, workers=49, single_unions=1, joint_unions=1, employers=4, units_covered=3
    )
    assert (counts.unions, counts.rate.text, counts.coverage.text) == (2, "6.1", "75.0")


def test_a_joint_union_counts_once_but_covers_many_units(session: Session) -> None:
    units = tuple(make.employer(session) for _ in range(5))
    make.union(session, kind="joint", covers=units)

    counts = queries.counts(ALL, DAY)

    assert (counts.single_unions, counts.joint_unions, counts.units_covered) == (0, 1, 5)


def test_pools_and_townships_are_no_counted_unions_but_their_members_count(session: Session) -> None:
    for kind in ("pool", "township", "industry", "park"):
        make.member(session, make.union(session, kind=kind))

    counts = queries.counts(ALL, DAY)

    assert (counts.unions, counts.members) == (0, 4)


def test_who_joins_on_the_day_counts_and_who_joins_the_day_after_does_not(session: Session, cast: Cast) -> None:
    make.member(session, cast.shunda_union, on=DAY)

    assert [queries.counts(CITY, day).members for day in (BEFORE, DAY, AFTER)] == [0, 1, 1]


@pytest.mark.parametrize("kind", ["exited", "retained", "transferred_out", "died", "expelled"])
def test_who_leaves_or_is_retained_on_the_day_does_not_count_that_day(session: Session, cast: Cast, kind: str) -> None:
    who = make.member(session, cast.shunda_union)
    make.entry(session, who, cast.shunda_union, kind, on=DAY)

    assert [queries.counts(CITY, day).members for day in (BEFORE, DAY, AFTER)] == [1, 0, 0]


def test_who_moves_to_another_county_is_counted_in_one_of_them_on_every_day(session: Session, cast: Cast) -> None:
    who = make.member(session, cast.shunda_union)
    make.entry(session, who, cast.shunda_union, "transferred_out", on=DAY)
    make.entry(session, who, cast.fukang_union, "transferred_in", on=DAY)

    counted_in = [(queries.counts(CITY, day).members, queries.counts(FUKANG, day).members) for day in (BEFORE, DAY)]

    assert counted_in == [(1, 0), (0, 1)]
    assert queries.counts(ALL, DAY).members == 1


def test_a_union_counts_from_the_day_it_is_founded_until_the_day_before_it_is_dissolved(session: Session) -> None:
    unit = make.employer(session)
    make.union(session, founded_on=DAY, dissolved_on=AFTER, covers=(unit,))

    found = [queries.counts(ALL, day) for day in (BEFORE, DAY, AFTER)]

    assert [each.unions for each in found] == [0, 1, 0]
    assert [each.units_covered for each in found] == [0, 1, 0]


def test_coverage_holds_from_its_first_day_until_the_day_before_its_end(session: Session) -> None:
    unit, union = make.employer(session), make.union(session)
    session.add(Coverage(union_id=union.id, employer_id=unit.id, from_on=DAY, until_on=AFTER))
    session.commit()

    assert [queries.counts(ALL, day).units_covered for day in (BEFORE, DAY, AFTER)] == [0, 1, 0]


def test_a_unit_that_moved_from_one_union_to_another_is_covered_once(session: Session) -> None:
    unit, old, new = make.employer(session), make.union(session), make.union(session, kind="joint")
    session.add(Coverage(union_id=old.id, employer_id=unit.id, from_on=date(2021, 1, 1), until_on=DAY))
    session.add(Coverage(union_id=new.id, employer_id=unit.id, from_on=DAY))
    session.commit()

    assert [queries.counts(ALL, day).units_covered for day in (BEFORE, DAY)] == [1, 1]


def test_the_latest_headcount_on_or_before_the_day_is_the_one_that_counts(session: Session) -> None:
    unit = make.employer(session, workers=10, surveyed_on=date(2021, 1, 1))
    session.add(Headcount(employer_id=unit.id, surveyed_on=DAY, workers=25, source="交通运输局"))
    session.add(Headcount(employer_id=unit.id, surveyed_on=AFTER, workers=3, source="交通运输局"))
    session.commit()

    assert [queries.counts(ALL, day).workers for day in (BEFORE, DAY, AFTER)] == [10, 25, 3]


def test_an_employer_not_yet_surveyed_is_no_part_of_the_denominator(session: Session) -> None:
    make.employer(session, workers=None)
    make.employer(session, workers=7, surveyed_on=AFTER)

    counts = queries.counts(ALL, DAY)

    assert (counts.employers, counts.workers) == (0, 0)


def test_the_counties_add_up_to_the_prefecture(session: Session, cast: Cast) -> None:
    make.member(session, cast.shunda_union)
    make.member(session, cast.fukang_union)
    make.member(session, cast.fukang_pool)
    make.employer(session, workers=12, county_code="652302", region_code="652302001")

    whole, by_county = queries.counts(ALL, DAY), queries.counts_by_county(ALL, DAY)

    assert [code for code, _ in by_county] == [
        "652301", "652302", "652323", "652324", "652325", "652327", "652328", "ZD", "CJGX", "CJNK",
    ]  # fmt: skip
    for field in NOTHING:
        assert sum(getattr(each, field) for _, each in by_county) == getattr(whole, field)
    assert dict(by_county)["652302"] == Counts(
        as_of=DAY, members=2, workers=12, single_unions=1, joint_unions=0, employers=1, units_covered=0
    )


def test_a_union_right_under_the_prefecture_has_a_row_of_its_own(session: Session) -> None:
    make.member(session, make.union(session, county_code="652300", region_code="652300"))

    by_county = queries.counts_by_county(ALL, DAY)

    assert by_county[-1][0] == "652300"
    assert (by_county[-1][1].unions, by_county[-1][1].members) == (1, 1)
    assert queries.counts(ALL, DAY).members == 1


def test_a_county_counts_nothing_of_the_next_one(session: Session, cast: Cast) -> None:
    make.member(session, cast.shunda_union)

    assert queries.counts_by_county(FUKANG, DAY) == [
        ("652302", Counts(as_of=DAY, **NOTHING | {"single_unions": 1})),
    ]


def test_each_union_with_the_workers_of_its_units_and_its_rate(session: Session, cast: Cast) -> None:
    make.member(session, cast.joint_union)
    make.member(session, cast.joint_union)
    make.member(session, cast.shunda_union, on=AFTER)

    rows = queries.counts_by_union(CITY, DAY)

    assert [(row.name, row.kind, row.members, row.workers, row.rate.text) for row in rows] == [
        ("昌吉市快递行业联合工会委员会", "joint", 2, 15, "13.3"),
        ("昌吉市会员周转库", "pool", 0, 0, ""),
        ("顺达快递有限公司工会委员会", "single", 0, 30, "0.0"),
    ]


def test_a_dissolved_union_is_listed_as_long_as_it_holds_members(session: Session) -> None:
    empty = make.union(session, dissolved_on=DAY)
    holding = make.union(session, dissolved_on=DAY)
    make.member(session, holding)

    rows = queries.counts_by_union(CITY, DAY)

    assert [row.code for row in rows] == [holding.code]
    assert empty.code in {row.code for row in queries.counts_by_union(CITY, BEFORE)}


def test_unions_come_fifty_a_page_and_a_page_beyond_the_last_is_the_last(session: Session) -> None:
    session.add_all(_unions(60))
    session.commit()

    second, far, before = (queries.union_page(CITY, DAY, number) for number in (2, 10**30, -1))

    assert (len(second.rows), second.total, second.number, second.last) == (10, 60, 2, 2)
    assert far == second
    assert (before.number, len(before.rows)) == (1, 50)


def test_the_sources_of_the_denominator_are_those_used_on_the_day(session: Session) -> None:
    unit = make.employer(session, workers=10, surveyed_on=date(2021, 1, 1))
    make.employer(session, workers=5, surveyed_on=date(2021, 3, 1))
    session.add(Headcount(employer_id=unit.id, surveyed_on=DAY, workers=25, source="交通运输局"))
    session.commit()

    assert queries.sources(CITY, BEFORE) == [
        queries.Source("企业名录", 2, 15, date(2021, 1, 1), date(2021, 3, 1)),
    ]
    assert queries.sources(CITY, DAY) == [
        queries.Source("交通运输局", 1, 25, DAY, DAY),
        queries.Source("企业名录", 1, 5, date(2021, 3, 1), date(2021, 3, 1)),
    ]
    assert queries.sources(FUKANG, DAY) == []


@pytest.mark.usefixtures("printed")
def test_a_printed_figure_stands_beside_ours_with_what_explains_the_difference(session: Session, cast: Cast) -> None:
    for _ in range(3):
        make.member(session, cast.shunda_union)

    compared = queries.published(ALL, DAY)

    assert [(c.published.figure, c.published.value, c.computed, c.difference, c.explained) for c in compared] == [
        ("members", "3", "3", "0", "same"),
        ("workers", "49", "49", "0", "same"),
        ("rate", "7", "6.1", "0.9", "rounded_up"),
        ("coverage", "99", "75.0", "24.0", "differs"),
    ]


@pytest.mark.usefixtures("printed")
def test_a_printed_figure_is_for_its_own_day_and_territory_only() -> None:
    assert queries.published(ALL, AFTER) == ()
    assert queries.published(CITY, DAY) == ()
    assert queries.published_dates(ALL) == [DAY]
    assert queries.published_dates(CITY) == []


@pytest.mark.usefixtures("cast")
def test_a_file_has_each_county_and_then_the_prefecture() -> None:
    header, lines = queries.export_rows(ALL, DAY)

    rows = list(lines)

    assert len(rows) == 11
    assert rows[0] == ["652301", "昌吉市", DAY, 0, 49, Decimal("0.0"), 2, 1, 1, 3, 4, Decimal("75.0")]
    assert rows[-1] == ["652300", "昌吉回族自治州", DAY, 0, 49, Decimal("0.0"), 3, 2, 1, 3, 4, Decimal("75.0")]
    assert len(header) == len(rows[0])


@pytest.mark.usefixtures("cast")
def test_the_file_of_a_county_has_its_own_row_only() -> None:
    assert [row[0] for row in queries.export_rows(CITY, DAY)[1]] == ["652301"]


def test_a_rate_above_a_hundred_is_left_out_of_the_file(session: Session) -> None:
    unit = make.employer(session, workers=1)
    union = make.union(session, covers=(unit,))
    make.member(session, union)
    make.member(session, union)

    (row,) = queries.export_rows(CITY, DAY)[1]

    assert row[3:6] == [2, 1, None]


def test_the_report_costs_the_same_statements_for_one_row_and_for_thirty(
    session: Session, cast: Cast, statements: list[str]
) -> None:
    make.member(session, cast.shunda_union)
    with counted(statements) as few:
        queries.report(CITY, DAY)
        queries.report(ALL, DAY)

    for unit in [make.employer(session) for _ in range(30)]:
        make.member(session, make.union(session, covers=(unit,)))
    db.session.remove()  # what was read stays as it was until then
    with counted(statements) as many:
        queries.report(CITY, DAY)
        queries.report(ALL, DAY)

    assert (len(few), len(many)) == (16, 16)


def _unions(how_many: int) -> list[Union]:
    return [
        Union(
            code=f"N{n}", name=f"名{n:03}", kind="single", county_code="652301", region_code="652301001",
            founded_on=date(2020, 1, 1), approval_number=f"{n}", approved_on=date(2020, 1, 1),
        )
        for n in range(how_many)
    ]  # fmt: skip
