"""The list of foundings and a founding's page at the upper union: what they show, count and cost."""

from datetime import date, timedelta

import pytest

from enrollment.approving import queries
from enrollment.rules.regions import Territory
from enrollment.rules.stages import FoundingStep, Stage
from tests import make
from tests.cast import NEXT_COUNTY, PREFECTURE, sign_in
from tests.conftest import counted
from tests.preparing.way import REPLIED, TODAY, text_of

CITY, EVERYTHING = Territory("652301"), Territory("652300")
F = FoundingStep
SENT = (F.STARTED, F.SUBMITTED)

VIEWS = [
    ("waiting", SENT),
    ("waiting", (*SENT, F.GROUP_APPROVED, F.PREPARED, F.MEETING_REQUESTED)),
    ("group", (F.STARTED,)),
    ("group", (*SENT, F.RETURNED)),
    ("group", (*SENT, F.GROUP_APPROVED)),
    ("done", (*SENT, F.REFUSED)),
    ("done", (F.STARTED, F.WITHDRAWN)),
]


def listed(way, territory=CITY, view="waiting", on=TODAY, **page):
    return way.look(lambda: [line.number for line in queries.foundings(territory, view, on, **page)])


def counts(way, territory=CITY, on=TODAY):
    return way.look(lambda: queries.counts(territory, on))


@pytest.mark.parametrize(("view", "steps"), VIEWS)
def test_each_founding_is_in_one_view_and_counted_there(way, view, steps):
    way.begin(steps=steps)

    shown = {name: listed(way, view=name) for name in queries.VIEWS}
    assert shown == {name: [way.number] if name == view else [] for name in queries.VIEWS}
    assert counts(way) == {name: int(name == view) for name in queries.VIEWS}


def test_a_line_tells_where_a_founding_stands(way):
    way.begin(sizes=(3, 2)).send()

    [line] = way.look(lambda: queries.foundings(CITY, "waiting", TODAY))

    assert (line.number, line.name, line.way, line.county_code) == (
        way.number,
        way.founding().details.union_name,
        "new_joint",
        "652301",
    )
    assert (line.at.stage, line.units, line.workers) == (Stage.GROUP_REPLY, 2, 5)
    assert (line.due_on, line.days_left) == (date(2021, 12, 7), 7)


def test_without_a_name_its_units_stand_for_it_and_only_those_that_agreed_count(way):
    way.begin(sizes=(3, 2), union_name="", steps=(F.STARTED,))
    way.founding().application.units[1].answer = "declined"
    way.session.commit()

    [line] = way.look(lambda: queries.foundings(CITY, "group", TODAY))

    assert (line.name, line.units, line.workers) == ("东风网点、西域网点", 1, 3)
    assert (line.due_on, line.days_left) == (None, None)


def test_what_is_due_first_comes_first_and_decided_ones_newest_first(way):
    late, soon = (
        make.founding_application(way.session, steps=SENT, application={"number": number}) for number in ("A", "B")
    )
    late.due_on, soon.due_on = date(2021, 12, 9), date(2021, 12, 8)
    make.founding_application(way.session, steps=(*SENT, F.REFUSED), application={"number": "C"})
    make.founding_application(way.session, steps=(*SENT, F.REFUSED), application={"number": "D"})

    assert listed(way) == ["B", "A"]
    assert listed(way, view="done") == ["D", "C"]


def test_overdue_is_what_is_past_its_day(way):
    for number, due_on in (("A", TODAY - timedelta(days=1)), ("B", TODAY), ("C", TODAY - timedelta(days=9))):
        make.founding_application(way.session, steps=SENT, application={"number": number}).due_on = due_on
    way.session.commit()

    assert listed(way, view="overdue") == ["C", "A"]
    assert (counts(way)["overdue"], counts(way)["waiting"]) == (2, 3)
    assert [line.days_left for line in way.look(lambda: queries.foundings(CITY, "waiting", TODAY))] == [-9, -1, 0]


def test_a_county_has_its_own_and_the_prefecture_all(way):
    way.begin().send()
    make.founding_application(way.session, steps=SENT, application={"number": "F", "county_code": "652302"})
    make.join_application(way.session)

    assert listed(way) == [way.number]
    assert listed(way, Territory("652302")) == ["F"]
    assert sorted(listed(way, EVERYTHING)) == sorted([way.number, "F"])
    assert (counts(way)["waiting"], counts(way, EVERYTHING)["waiting"]) == (1, 2)
    assert way.look(lambda: queries.founding(CITY, "F")) is None
    assert way.look(lambda: queries.founding(CITY, "NOBODY")) is None


def test_a_page_holds_fifty(way):
    for n in range(51):
        make.founding_application(way.session, application={"number": f"N{n:02}"})

    assert len(listed(way, view="group")) == 50
    assert listed(way, view="group", page=2) == ["N50"]


# --- pages ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_one_view_with_all_counts(client, way, set_clock):
    way.begin().send()
    other = make.founding_application(way.session, steps=SENT, application={"county_code": "652302"})
    sign_in(client)

    page = text_of(client.get("/foundings"))
    assert f"/foundings/{way.number}" in page
    assert other.number not in page
    assert "7 days left" in page
    assert way.number not in text_of(client.get("/foundings?view=group"))
    assert text_of(client.get("/foundings?view=nothing")).count(way.number) == page.count(way.number)
    assert text_of(client.get("/foundings?page=99")).count(way.number) == page.count(way.number)

    set_clock(date(2021, 12, 7))
    assert ">today<" in text_of(client.get("/foundings"))
    set_clock(date(2021, 12, 9))
    assert "2 days overdue" in text_of(client.get("/foundings?view=overdue"))
    assert other.number in text_of(sign_in(client, PREFECTURE).get("/foundings"))


def test_the_list_is_for_cadres(client, cast):
    answer = client.get("/foundings")

    assert (answer.status_code, answer.location) == (303, "/signin?next=/foundings")


def test_the_second_page_is_linked_and_shown(client, way):
    for n in range(51):
        make.founding_application(way.session, application={"number": f"N{n:02}"})
    sign_in(client)

    first, second = (text_of(client.get(f"/foundings?view=group&page={page}")) for page in (1, 2))

    assert ("N50" in first, "N50" in second, "N00" in second) == (False, True, False)
    assert "page=2" in first


def test_another_county_never_sees_a_founding(client, way):
    way.begin().to(Stage.GROUP_REPLY)
    paths = ["", "/papers/group_request", "/papers/group_request.docx"]

    assert client.get(f"/foundings/{way.number}").status_code == 303
    sign_in(client, NEXT_COUNTY)
    assert [client.get(f"/foundings/{way.number}{path}").status_code for path in paths] == [404] * 3
    sign_in(client)
    assert [client.get(f"/foundings/{way.number}{path}").status_code for path in paths] == [200] * 3


# --- what they cost ------------------------------------------------------------------------------------------------


def test_the_list_costs_the_same_for_one_and_for_thirty(client, way, statements):
    way.begin().send()
    sign_in(client)
    client.get("/foundings")
    with counted(statements) as one:
        client.get("/foundings")

    for _n in range(29):
        units = tuple({"name": f"网点{n}"} for n in range(3))
        make.founding_application(way.session, steps=SENT, units=units)
    with counted(statements) as thirty:
        page = text_of(client.get("/foundings"))

    assert page.count('href="/foundings/2') == 30
    assert len(one) == len(thirty)


def test_a_case_costs_the_same_for_two_and_for_thirty_units(client, way, statements, set_clock):
    sign_in(client)
    costs = []
    for number in (2, 30):
        employers = [make.employer(way.session, workers=2) for _n in range(number)]
        units = tuple({"employer_id": unit.id, "name": unit.name, "workers": 2} for unit in employers)
        way.begin(sizes=(), units=units, union_name=f"第{number}片区联合工会委员会").to(Stage.PREPARATION)
        for unit in employers:
            make.members(way.session, way.cast.city_pool, 1, employer_id=unit.id)
        client.get(f"/foundings/{way.number}")
        with counted(statements) as sent:
            page = text_of(client.get(f"/foundings/{way.number}"))
        costs.append(len(sent))
        assert page.count("/employers/") == number

    assert costs[0] == costs[1]


def test_a_case_at_its_end_costs_the_same_for_more_votes_and_candidates(client, way, statements, set_clock):
    sign_in(client)
    costs = []
    for members in (5, 30):
        way.people = []
        way.session.rollback()
        way.begin("own_committee", (members,), union_name=f"第{members}网点工会委员会").to(Stage.MEETING)
        full = way.counted(members, members, members, 0, issued=members, returned=members)
        way.record(present=members, counted=[full])
        way.to(Stage.ESTABLISHMENT)
        set_clock(REPLIED)
        client.get(f"/foundings/{way.number}")
        with counted(statements) as sent:
            client.get(f"/foundings/{way.number}")
        costs.append(len(sent))

    assert costs[0] == costs[1]
