"""Stage 2: the members are brought together, unit by unit; only real ones count (LAW-5, BUILD-3, ELEC-2)."""

from datetime import date

import pytest

from enrollment.preparing import queries
from enrollment.rules.applications import Step
from enrollment.rules.stages import Stage
from enrollment.storage import rosters
from enrollment.storage.failures import Conflict, Refused
from enrollment.storage.founding_facts import members_by_employer
from tests import make
from tests.preparing.way import TODAY


def roster(way, on=TODAY):
    return rosters.roster(way.session, way.founding(), on)


def counts(way, on=TODAY):
    """Unit, members, applications under way and percent, for each unit that agreed."""

    def counted():
        found = queries.founding(way.link)
        rows = queries.unit_counts(found, queries.people(found, on))
        return [(row.unit.name, row.members, row.under_way, row.percent) for row in rows]

    return way.look(counted)


def refusal(way):
    with pytest.raises(Refused) as no:
        way.prepare()
    return no.value.reasons


# --- who is on the roster ------------------------------------------------------------------------------------------


def test_the_roster_lists_the_members_of_the_units_by_unit_and_name(way):
    way.begin().to(Stage.PREPARATION)
    first, second = way.units
    make.members(way.session, way.cast.city_pool, 1, employer_id=second.id, name="乙")
    make.members(way.session, way.cast.joint_union, 1, employer_id=first.id, name="丙")
    make.members(way.session, way.cast.city_pool, 1, employer_id=first.id, name="丁")

    assert [(line.person.name, line.employer_id) for line in roster(way)] == [
        ("丁", first.id),
        ("丙", first.id),
        ("乙", second.id),
    ]
    assert members_by_employer(roster(way)) == {first.id: 2, second.id: 1}


def test_nobody_else_is_on_the_roster(way):
    way.begin().to(Stage.PREPARATION)
    pool, unit = way.cast.city_pool, way.units[0]
    [stays] = make.members(way.session, pool, 1, employer_id=unit.id, name="在册")
    [retained] = make.members(way.session, pool, 1, employer_id=unit.id, name="保留会籍")
    make.entry(way.session, retained, pool, "retained", date(2021, 11, 1))
    [left] = make.members(way.session, pool, 1, employer_id=unit.id, name="退会")
    make.entry(way.session, left, pool, "exited", TODAY)
    make.members(way.session, way.cast.fukang_union, 1, employer_id=unit.id, name="阜康会员")
    make.members(way.session, pool, 1, employer_id=way.cast.uncovered.id, name="别的网点")
    make.members(way.session, pool, 1, name="没有单位")
    make.members(way.session, pool, 1, on=date(2021, 12, 1), employer_id=unit.id, name="明天入会")
    make.person(way.session, employer_id=unit.id, name="没有入会")

    assert [line.person.id for line in roster(way)] == [stays.id]
    assert [line.person.name for line in roster(way, date(2021, 10, 31))] == ["保留会籍", "在册", "退会"]
    assert [line.person.name for line in roster(way, date(2021, 12, 1))] == ["在册", "明天入会"]


def test_a_line_of_the_roster_says_since_when(way):
    way.begin().to(Stage.PREPARATION)
    make.members(way.session, way.cast.city_pool, 1, on=date(2021, 3, 8), employer_id=way.units[0].id)

    assert [line.since for line in roster(way)] == [date(2021, 3, 8)]


def test_members_without_an_employer_belong_to_no_unit():
    line = rosters.RosterLine(person=None, employer_id=None, since=TODAY)

    assert members_by_employer([line]) == {}


# --- what is counted -----------------------------------------------------------------------------------------------


def test_each_unit_shows_its_members_and_the_applications_under_way(way):
    way.begin(sizes=(3, 2)).to(Stage.PREPARATION)
    first, second = way.units
    way.join(1, 2)
    by_poster = {"poster_employer_id": first.id}
    make.join_application(way.session, application=by_poster)
    make.join_application(way.session, application=by_poster, employer_name=first.name)
    make.join_application(way.session, employer_name=first.name, steps=(Step.SUBMITTED, Step.RETURNED))
    make.join_application(way.session, employer_name=first.name, steps=(Step.SUBMITTED, Step.REFUSED))
    make.join_application(way.session, employer_name=first.name, steps=())
    make.join_application(way.session, employer_name=first.name, application={"county_code": "652302"})
    make.join_application(way.session, employer_name="别的网点")

    assert counts(way) == [("东风网点", 1, 3, 33), ("西域网点", 2, 0, 100)]
    assert second.name == "西域网点"


def test_a_unit_on_no_list_counts_nobody_and_more_members_than_workers_are_all_of_them(way):
    way.begin(
        "own_committee",
        (),
        units=({"name": "无名网点", "workers": 0}, {"employer_id": way.cast.uncovered.id, "workers": 1}),
    )
    make.members(way.session, way.cast.city_pool, 2, employer_id=way.cast.uncovered.id)

    assert [(members, percent) for _name, members, _under_way, percent in counts(way)] == [(0, 0), (2, 100)]


# --- the gate ------------------------------------------------------------------------------------------------------


def test_the_roster_is_issued_when_the_members_are_together(way):
    way.begin().to(Stage.PREPARATION)
    way.join()

    way.prepare()

    paper = way.papers()["roster", 1]
    assert (way.stage, way.state) == (Stage.MEETING_REQUEST, "preparing")
    assert (paper.issued_on, paper.number) == (TODAY, "")
    assert [row[1] for row in paper.content["tables"][0]["rows"]] == ["会员1", "会员2", "会员3", "会员1", "会员2"]
    assert way.audit()[-1] == ("prepare_founding", way.number, "")


GATES = [
    ("LAW-5 nobody", "new_joint", (3, 2), (0, 0), ("a_unit_without_members", "too_few_candidates")),
    ("BUILD-4 one unit without", "new_joint", (5, 2), (5, 0), ("a_unit_without_members",)),
    ("BUILD-3 three members", "new_joint", (3, 2), (2, 1), ("too_few_candidates",)),
    ("BUILD-1 25 members in one", "new_joint", (24, 2), (25, 2), ("a_unit_must_form_own",)),
    ("BUILD-3 three for a committee", "own_committee", (5,), (3,), ("too_few_candidates",)),
    ("LAW-5 no officer", "one_officer", (5,), (0,), ("no_candidate",)),
    ("BUILD-1 25 and one officer", "one_officer", (24,), (25,), ("must_form_committee",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "sizes", "joined", "reasons"), [row[1:] for row in GATES], ids=[row[0] for row in GATES]
)
def test_the_members_are_not_together_while_the_law_asks_for_more(way, kind, sizes, joined, reasons):
    way.begin(kind, sizes).to(Stage.PREPARATION)
    way.join(*joined)
    before = way.audit()

    assert refusal(way) == reasons
    assert (way.stage, way.audit()) == (Stage.PREPARATION, before)
    assert ("roster", 1) not in way.papers()
    assert way.look(lambda: queries.page_of(queries.founding(way.link), TODAY)["lacking"]) == reasons


@pytest.mark.parametrize(
    ("kind", "sizes", "joined"),
    [("new_joint", (24, 2), (24, 1)), ("own_committee", (5,), (4,)), ("one_officer", (24,), (1,))],
)
def test_as_many_members_as_the_law_asks_for_are_enough(way, kind, sizes, joined):
    way.begin(kind, sizes).to(Stage.PREPARATION)
    way.join(*joined)

    way.prepare()

    assert way.stage is Stage.MEETING_REQUEST


def test_the_barred_are_taken_to_be_among_the_members(way):
    way.begin("own_committee", (5,)).to(Stage.PREPARATION)
    way.join(4)
    way.founding().application.units[0].barred = 1
    way.session.commit()

    assert refusal(way) == ("too_few_candidates",)


def test_the_second_tap_finds_the_members_together(way):
    way.begin().to(Stage.MEETING_REQUEST)

    with pytest.raises(Conflict):
        way.prepare()

    assert way.steps().count("prepared") == 1
