"""Lists of pairings: who is on which, that counts equal lists, what the load of a guide is, at what price."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.pairing import history, queries
from enrollment.pairing.queries import VIEWS, Filters
from enrollment.rules import pairing as rules
from enrollment.rules.regions import PREFECTURE, Territory
from enrollment.storage.database import db
from enrollment.storage.unions import Coverage, Employer
from enrollment.web.lists import Place
from tests import cast as stage
from tests import make
from tests.cast import Cast, account
from tests.conftest import counted

ALL, CITY, FUKANG = Territory(PREFECTURE), Territory("652301"), Territory("652302")
TODAY, DAY = make.TODAY, timedelta(days=1)
Ages = tuple[int | None, int | None, int | None]

pytestmark = pytest.mark.usefixtures("context")


def listed(view: str = "all", territory: Territory = CITY, **filters: object) -> list[str]:
    page, _counts = queries.employers(territory, TODAY, Filters(view, **filters))  # type: ignore[arg-type]
    return [row.name for row in page.rows]


def unit(session: Session, name: str, **changes: object) -> Employer:
    return make.employer(session, name=name, **changes)  # type: ignore[arg-type]


def test_every_employer_without_a_union_is_listed_surveyed_or_not_and_no_other(session: Session, cast: Cast) -> None:
    unit(session, "甲", workers=None)
    unit(session, "关", closed_on=TODAY)
    unit(session, "明", closed_on=TODAY + DAY)
    unit(session, "阜", county_code="652302", region_code="652302001")
    gone = unit(session, "曾")
    session.add(Coverage(union_id=cast.joint_union.id, employer_id=gone.id, from_on=TODAY - 9 * DAY, until_on=TODAY))
    session.commit()

    assert listed() == sorted([cast.uncovered.name, "甲", "明", "曾"])
    assert listed(territory=FUKANG) == ["阜"]
    assert listed(territory=ALL) == sorted([cast.uncovered.name, "甲", "明", "曾", "阜"])


def test_a_row_tells_guide_step_day_and_the_last_contact(session: Session, cast: Cast) -> None:
    one = cast.uncovered
    first = make.pairing(session, one, cast.prefecture, TODAY - 9 * DAY)
    make.pairing(session, one, cast.city, TODAY - 2 * DAY, first, step="帮填申请", due_on=TODAY)
    make.contact(session, one, TODAY - 5 * DAY)
    make.contact(session, one, TODAY - 7 * DAY)

    (row,) = queries.employers(CITY, TODAY)[0].rows

    assert (row.guide, row.guide_login, row.guide_active, row.workers) == ("张干部", stage.CITY, True, 4)
    assert (row.paired_on, row.step, row.due_on) == (TODAY - 9 * DAY, "帮填申请", TODAY)
    assert row.contact_on == TODAY - 5 * DAY


@pytest.mark.parametrize("contact_ago, visit_ago, last", [(3, 1, 1), (1, 3, 1), (None, 2, 2), (2, None, 2)])
def test_a_visit_to_the_employer_is_a_contact(
    session: Session, cast: Cast, contact_ago: int | None, visit_ago: int | None, last: int
) -> None:
    if contact_ago:
        make.contact(session, cast.uncovered, TODAY - contact_ago * DAY)
    if visit_ago:
        make.visit(session, employer_id=cast.uncovered.id, visited_on=TODAY - visit_ago * DAY)
    make.visit(session, employer_id=cast.shunda.id, visited_on=TODAY)
    make.visit(session, visited_on=TODAY)

    assert queries.employers(CITY, TODAY)[0].rows[0].contact_on == TODAY - last * DAY


def test_each_view_takes_in_the_boundary_day_and_not_the_day_before(session: Session, cast: Cast) -> None:
    ago = {"二九": 29, "三十": 30, "三一": 31}
    for name, days in ago.items():
        make.pairing(session, unit(session, f"配{name}"), cast.city, TODAY - days * DAY)
        one = unit(session, f"联{name}")
        make.pairing(session, one, cast.city, TODAY - 99 * DAY)
        make.contact(session, one, TODAY - days * DAY)
        make.contact(session, unit(session, f"无{name}"), TODAY - days * DAY)
    for name, days in {"昨": -1, "今": 0, "明": 1}.items():
        due = {"step": "上门", "due_on": TODAY + days * DAY}
        make.pairing(session, unit(session, f"到{name}"), cast.prefecture, TODAY, **due)

    assert listed("silent") == sorted(["配三十", "配三一", "联三十", "联三一"])
    assert listed("due") == sorted(["到昨", "到今"])
    assert listed("overdue") == ["到昨"]
    assert listed("unguided") == sorted(["无二九", "无三十", "无三一", cast.uncovered.name])
    assert listed("mine", mine=cast.prefecture.id) == sorted(["到昨", "到今", "到明"])
    assert listed("mine", mine=cast.next_county.id) == listed("mine") == []
    assert listed(guide=stage.PREFECTURE) == listed("mine", mine=cast.prefecture.id)
    assert listed("overdue", guide=stage.CITY) == []
    assert listed("silent", q="联三") == sorted(["联三十", "联三一"])


def test_a_pairing_is_over_by_itself_when_a_union_covers_and_stays_over_when_that_is_gone(
    session: Session, cast: Cast
) -> None:
    one = cast.uncovered
    make.pairing(session, one, cast.city, TODAY - 20 * DAY)
    assert listed("mine", mine=cast.city.id) == [one.name]

    covering = Coverage(union_id=cast.joint_union.id, employer_id=one.id, from_on=TODAY - 9 * DAY)
    session.add(covering)
    session.commit()
    db.session.rollback()
    assert listed() == []
    assert [row.employers for row in queries.load(CITY, TODAY)] == [0]

    covering.until_on = TODAY - DAY
    session.commit()
    db.session.rollback()
    assert listed("unguided") == [one.name]
    assert listed("mine", mine=cast.city.id) == []


def walk(view: str, filters: Filters) -> Iterator[str]:
    place = Place()
    while True:
        page, counts = queries.employers(ALL, TODAY, filters, place)
        assert page.total == getattr(counts, view)
        yield from (row.code for row in page.rows)
        if not page.next:
            return
        place = Place(after=page.next)


@pytest.fixture
def many(session: Session, cast: Cast) -> dict[str, Ages]:
    """Eighty employers in all states there are: days since it has a guide, since a contact, until its next step."""
    found = {}
    courses = list(product((None, 0, 29, 30, 90), (None, 0, 30, 45), (None, -1, 0, 1)))
    for number, (paired_ago, contact_ago, due_in) in enumerate(courses):
        one = make.employer(session, name=f"同名{number % 3}")
        if paired_ago is not None:
            step = {} if due_in is None else {"step": "上门", "due_on": TODAY + due_in * DAY}
            guide = (cast.city, cast.prefecture)[number % 2]
            make.pairing(session, one, guide, TODAY - paired_ago * DAY, **step)
        if contact_ago is not None:
            make.contact(session, one, TODAY - contact_ago * DAY)
        found[one.code] = (paired_ago, contact_ago, due_in)
    return found


def test_lists_counts_and_file_are_what_the_rules_say_of_each_employer(
    session: Session, cast: Cast, many: dict[str, Ages]
) -> None:
    said: dict[str, set[str]] = {view: set() for view in VIEWS}
    for code, (paired_ago, contact_ago, due_in) in {**many, cast.uncovered.code: (None, None, None)}.items():
        said["all"].add(code)
        if paired_ago is None:
            said["unguided"].add(code)
            continue
        contact = None if contact_ago is None else TODAY - contact_ago * DAY
        due = rules.step_due(None if due_in is None else TODAY + due_in * DAY, TODAY)
        for view, holds in {
            "silent": rules.is_silent(TODAY - paired_ago * DAY, contact, TODAY),
            "due": due in {rules.StepDue.TODAY, rules.StepDue.OVERDUE},
            "overdue": due is rules.StepDue.OVERDUE,
        }.items():
            said[view] |= {code} if holds else set()
    said["mine"] = {row.code for row in queries.guided_by(ALL, stage.CITY, TODAY)}

    for view in VIEWS:
        filters = Filters(view, mine=cast.city.id)
        codes = list(walk(view, filters))
        assert len(codes) == len(set(codes))
        assert set(codes) == said[view], view
        _header, lines = queries.export_rows(ALL, TODAY, filters)
        assert [line[-1] for line in lines] == codes


def test_the_load_of_all_guides_adds_up_to_the_lists(session: Session, cast: Cast, many: dict[str, Ages]) -> None:
    rows = queries.load(ALL, TODAY)

    assert {row.login for row in rows[:2]} == {stage.PREFECTURE, stage.CITY}
    counts = queries.numbers(ALL, TODAY)
    assert sum(row.employers for row in rows) == counts.all - counts.unguided
    for view in ("silent", "due", "overdue"):
        assert sum(getattr(row, view) for row in rows) == getattr(counts, view)
    for row in rows:
        mine = queries.guided_by(ALL, row.login, TODAY)
        assert (row.employers, row.workers) == (len(mine), sum(each.workers or 0 for each in mine))
        assert row.overdue == queries.numbers(ALL, TODAY, Filters(guide=row.login)).overdue


def test_the_load_names_the_idle_of_the_territory_and_the_inactive_with_something(session: Session, cast: Cast) -> None:
    left, idle = (account(login, login, "county_cadre", "652301", active=False) for login in ("left", "idle"))
    session.add_all([left, idle])
    session.commit()
    make.pairing(session, cast.uncovered, left)

    def load(territory: Territory) -> list[tuple[str, int, bool]]:
        return [(row.login, row.employers, row.active) for row in queries.load(territory, TODAY)]

    assert load(CITY) == [("left", 1, False), (stage.CITY, 0, True)]
    assert load(FUKANG) == [(stage.NEXT_COUNTY, 0, True)]
    assert load(ALL)[0] == ("left", 1, False)
    assert {row.login for row in queries.accounts(CITY)} == {"left", "idle", stage.CITY, stage.PREFECTURE}
    assert [row.login for row in history.guides_for("652301")] == [stage.CITY, stage.PREFECTURE]


def test_one_page_tells_periods_entries_and_contacts_with_the_visits_of_the_territory(
    session: Session, cast: Cast
) -> None:
    one = cast.uncovered
    first = make.pairing(session, one, cast.prefecture, TODAY - 9 * DAY)
    make.pairing(session, one, cast.city, TODAY, first, step="帮填申请", due_on=TODAY - DAY)
    make.contact(session, one, TODAY - 3 * DAY, account_id=cast.city.id)
    seen = make.visit(session, employer_id=one.id, visited_on=TODAY - 2 * DAY, note="很热")
    other = make.visit(session, employer_id=one.id, visited_on=TODAY - DAY, county_code="652302")

    found = history.one(CITY, one.code, TODAY)

    assert found is not None
    assert found.held is not None
    assert (found.held.name, found.due, found.version) == ("张干部", rules.StepDue.OVERDUE, 2)
    assert found.periods == [
        rules.Period("张干部", TODAY, None, None),
        rules.Period("赵干部", TODAY - 9 * DAY, TODAY, rules.PairingEnd.REPLACED),
    ]
    assert [(entry.kind, entry.guide, entry.recorded_by) for entry in found.entries] == [
        ("replaced", "张干部", None),
        ("named", "赵干部", None),
    ]
    assert [(contact.on, contact.way, contact.words, contact.who, contact.visit) for contact in found.contacts] == [
        (TODAY - 2 * DAY, "visit", "物流园 很热", "", seen.code),
        (TODAY - 3 * DAY, "phone", "讲了政策", "张干部", ""),
    ]
    assert found.facts.contact_on == TODAY - DAY  # that there was a contact counts, whoever may read of it
    prefecture = history.one(ALL, one.code, TODAY)
    assert prefecture is not None
    assert prefecture.contacts[0].visit == other.code
    assert history.one(ALL, "NOBODY", TODAY) is None


def test_the_last_open_period_is_the_one_that_holds_in_the_database(session: Session, cast: Cast) -> None:
    one = cast.uncovered
    days = (date(2021, 3, 1), date(2021, 5, 1), date(2021, 7, 1), date(2021, 9, 1))
    covering = Coverage(union_id=cast.joint_union.id, employer_id=one.id, from_on=days[1], until_on=days[2])
    session.add(covering)
    session.commit()
    ways: tuple[dict[str, object], ...] = ({}, {"until_on": None}, {"until_on": days[3]})
    row = make.pairing(session, one, cast.city, days[2])

    for way, on in product(ways, (days[0], days[2])):
        row.from_on = on
        covering.until_on = days[2]
        for column, value in way.items():
            setattr(covering, column, value)
        session.commit()
        db.session.rollback()
        found = history.one(CITY, one.code, TODAY)
        assert found is not None
        assert (found.held is not None) is (found.periods[0].until_on is None)


def test_lists_load_and_page_cost_the_same_for_one_and_for_thirty(
    session: Session, cast: Cast, statements: list[str]
) -> None:
    def read() -> None:
        queries.employers(CITY, TODAY)
        queries.load(CITY, TODAY)
        queries.accounts(CITY)
        queries.guided_by(CITY, stage.CITY, TODAY)
        history.one(CITY, cast.uncovered.code, TODAY)

    last = make.pairing(session, cast.uncovered, cast.city)
    with counted(statements) as few:
        read()
    for _ in range(30):
        one = make.employer(session)
        make.pairing(session, one, cast.city)
        make.contact(session, one)
        make.contact(session, cast.uncovered)
        make.visit(session, employer_id=cast.uncovered.id)
        last = make.pairing(session, cast.uncovered, cast.city, before=last)
    session.execute(select(Employer.id))
    db.session.remove()
    with counted(statements) as many:
        read()

    assert len(few) == len(many) == 2 + 1 + 1 + 1 + 6
