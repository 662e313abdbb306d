"""The queue: its views and their counts, filters in the address, somebody found by a number, the list as a file."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from enrollment.desk import queries
from enrollment.desk.forms import QUEUE_VIEWS
from enrollment.desk.queries import VIEWS, Search
from enrollment.rules.applications import Step
from enrollment.rules.regions import Territory
from enrollment.rules.stages import FoundingStep
from tests import make
from tests.cast import NEXT_COUNTY, PREFECTURE, account, csrf, sign_in
from tests.conftest import counted

CITY_TERRITORY = Territory("652301")
RETURNED = (Step.SUBMITTED, Step.RETURNED)
BACK = (*RETURNED, Step.CORRECTED)
ASKED = (FoundingStep.STARTED, FoundingStep.SUBMITTED)
NUMBER = re.compile(r'href="/desk/(\d{6}-\d{5})')


def numbers_on(client, path):
    """The case numbers a page lists, in order."""
    return NUMBER.findall(client.get(path).get_data(as_text=True))


@pytest.fixture
def mixed(session, cast):
    """Cases in every state, of three kinds, of two counties; today is 2021-11-30."""

    def due(day, **more):
        return {"due_on": day, **more}

    yesterday, today, tomorrow = (make.TODAY + timedelta(days=n) for n in (-1, 0, 1))
    person = make.member(session, cast.shunda_union, group="truck_driver", name="王司机")
    return {
        "late": make.join_application(session, application=due(yesterday)),
        "today": make.join_application(session, application=due(today), name="阿里木"),
        "later": make.join_application(session, application=due(tomorrow, union_id=cast.joint_union.id)),
        "back": make.join_application(session, steps=BACK, application=due(yesterday)),
        "back_and_returned": make.join_application(session, steps=(*BACK, Step.RETURNED)),
        "back_and_confirmed": make.join_application(
            session, steps=(*BACK, Step.CONFIRMED), application=due(today), group="truck_driver"
        ),
        "back_before_it_was_passed_on": make.request(
            session, person, "transfer", steps=(*BACK, Step.PASSED_ON), application=due(tomorrow)
        ),
        "returned": make.join_application(session, steps=RETURNED),
        "done": make.join_application(session, steps=(Step.SUBMITTED, Step.APPROVED)),
        "gone": make.join_application(session, steps=(Step.SUBMITTED, Step.WITHDRAWN)),
        "founding": make.founding_application(session, steps=ASKED, units=({"name": "阿里网点"},)),
        "founding_back": make.founding_application(
            session, steps=(*ASKED, FoundingStep.RETURNED, FoundingStep.SUBMITTED)
        ),
        "founding_beyond": make.founding_application(session, steps=(*ASKED, FoundingStep.GROUP_APPROVED)),
        "elsewhere": make.join_application(session, steps=BACK, application=due(today, county_code="652302")),
    }


LISTED = {
    "waiting": {
        "late", "today", "later", "back", "back_and_confirmed", "back_before_it_was_passed_on", "founding",
        "founding_back",
    },
    "today": {"today", "back_and_confirmed"},
    "overdue": {"late", "back"},
    "corrected": {"back", "back_and_confirmed", "founding_back"},
    "applicant": {"back_and_returned", "returned", "founding_beyond"},
    "done": {"done", "gone"},
}  # fmt: skip


def listed(search, territory=CITY_TERRITORY):
    return [case.number for case in queries.cases(territory, search, make.TODAY)]


@pytest.mark.parametrize("view", LISTED)
def test_each_view_holds_these_and_no_other(context, mixed, view):
    assert set(listed(Search(view))) == {mixed[name].number for name in LISTED[view]}


def test_all_is_everything_of_the_territory(context, mixed):
    assert set(listed(Search("all"))) == {row.number for name, row in mixed.items() if name != "elsewhere"}


def test_a_new_term_is_named_after_its_union(context, session, cast):
    make.founding_application(session, way="re_election", union_name="顺达快递有限公司工会委员会", units=())

    [case] = queries.cases(CITY_TERRITORY, Search("all"), make.TODAY)

    assert case.who == "顺达快递有限公司工会委员会"


def test_every_view_has_words():
    assert list(QUEUE_VIEWS) == list(VIEWS)


FILTERS = [
    {},
    {"kind": "found"},
    {"kind": "transfer"},
    {"county": "652302"},
    {"group": "truck_driver"},
    {"union": "快递行业"},
    {"sent_from": date(2021, 11, 30)},
    {"sent_to": date(2021, 11, 29)},
    {"group": "courier", "union": "快递", "sent_from": date(2021, 11, 1), "sent_to": date(2021, 12, 1)},
]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("code", ["652301", "652302", "652300"])
def test_counts_equal_the_lists_and_the_file(context, mixed, filters, code):
    territory = Territory(code)
    counts = queries.counts(territory, Search(**filters), make.TODAY)

    for view in VIEWS:
        search = Search(view, **filters)
        found = listed(search, territory)
        assert counts[view] == len(found)
        assert [case.number for case in queries.all_cases(territory, search, make.TODAY)] == found


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"group": "truck_driver"}, {"back_and_confirmed", "back_before_it_was_passed_on"}),
        ({"union": "快递行业"}, {"later"}),
        ({"union": "%"}, set()),
    ],
)
def test_filters_narrow(context, mixed, filters, names):
    assert set(listed(Search("waiting", **filters))) == {mixed[name].number for name in names}


def test_what_waits_longest_comes_first_and_what_is_done_last_first(context, session, cast):
    rows = [
        make.join_application(session, at=make.NOW + timedelta(days=n), application={"due_on": date(2021, 12, 20 - n)})
        for n in (2, 0, 1)
    ]
    ended = [
        make.join_application(session, at=make.NOW + timedelta(days=n), steps=(Step.SUBMITTED, Step.REFUSED))
        for n in (0, 1)
    ]

    assert listed(Search()) == [rows[1].number, rows[2].number, rows[0].number]
    assert listed(Search("done")) == [ended[1].number, ended[0].number]


def test_days_of_sending_are_beijings_and_inclusive(client, session, cast):
    before, first, last, after = (
        make.join_application(session, at=at)
        for at in (
            datetime(2021, 11, 29, 15, 59, 59, tzinfo=UTC),
            datetime(2021, 11, 29, 16, tzinfo=UTC),
            datetime(2021, 11, 30, 15, 59, 59, tzinfo=UTC),
            datetime(2021, 11, 30, 16, tzinfo=UTC),
        )
    )

    sign_in(client)

    assert numbers_on(client, "/desk?sent_from=2021-11-30&sent_to=2021-11-30") == [first.number, last.number]
    assert numbers_on(client, "/desk?sent_from=2021-12-01") == [after.number]
    assert numbers_on(client, "/desk?sent_to=2021-11-29") == [before.number]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("sent_from=yesterday", "Enter a day such as 2021-11-30."),
        ("union=" + "长" * 61, "Field cannot be longer than 60 characters."),
    ],
)
def test_a_filter_that_is_none_is_said_and_lists_nobody(client, session, cast, query, says):
    row = make.join_application(session)

    answer = sign_in(client).get(f"/desk?{query}")
    file = client.get(f"/applications.csv?{query}")

    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    assert row.number not in answer.get_data(as_text=True)
    assert (file.status_code, file.location.startswith("/desk?")) == (303, True)


def test_an_unknown_view_is_the_first(client, session, cast):
    row = make.join_application(session)

    assert numbers_on(sign_in(client), "/desk?view=secret") == [row.number]


def test_filters_stay_in_the_links_of_views_pages_and_file(client, session, cast):
    for _n in range(51):
        make.join_application(session)

    page = sign_in(client).get("/desk?kind=join&group=courier&page=1").get_data(as_text=True)

    assert 'href="/desk?view=today&amp;kind=join&amp;group=courier"' in page
    assert 'href="/desk?page=2&amp;kind=join&amp;group=courier"' in page
    assert 'href="/applications.csv?kind=join&amp;group=courier"' in page
    assert "51 applications, this filter" in page


def test_the_file_is_what_is_shown(client, session, cast):
    shown = make.join_application(session, group="truck_driver")
    make.join_application(session)

    text = sign_in(client).get("/applications.csv?group=truck_driver").get_data().decode("utf-8-sig")

    assert [line.split(",")[0] for line in text.splitlines()] == ["Number", shown.number]


def test_only_a_cadre_of_several_counties_chooses_one(client, cast):
    assert 'name="county"' not in sign_in(client).get("/desk").get_data(as_text=True)
    assert 'name="county"' in sign_in(client, PREFECTURE).get("/desk").get_data(as_text=True)


# --- found by a number --------------------------------------------------------------------------------------------


def find(client, words, login=None):
    if login:
        sign_in(client, login)
    return client.post("/desk/find", data={"csrf_token": csrf(client, "/desk/find"), "words": words})


@pytest.mark.parametrize("words", ["652301199001010005", "６５２３０１１９９００１０１０００５", "+86 139-1111-2222"])
def test_the_one_case_under_a_number_opens_and_the_number_is_in_no_address(client, session, cast, words):
    row = make.join_application(session, identity="652301199001010005", phone="13911112222")
    make.join_application(session, identity="652302198802290002")

    answer = find(sign_in(client), words)

    assert (answer.status_code, answer.location) == (303, f"/desk/{row.number}")


def test_a_case_number_opens_its_case(client, session, cast):
    row = make.join_application(session)

    assert find(sign_in(client), f" {row.number} ").location == f"/desk/{row.number}"


def test_several_cases_under_a_number_are_listed_latest_first_with_requests_among_them(client, session, cast):
    person = make.member(session, cast.shunda_union, phone="13911112222")
    joined = make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED), phone="13911112222")
    asked = make.request(session, person, "leave")

    answer = find(sign_in(client), "13911112222")

    assert answer.status_code == 200
    assert NUMBER.findall(answer.get_data(as_text=True)) == [asked.number, joined.number]
    assert "13911112222" not in answer.get_data(as_text=True).split('value="13911112222"')[1]


def test_elsewhere_and_nowhere_are_the_same_answer(client, session, cast):
    elsewhere = make.join_application(session, phone="13911112222", application={"county_code": "652302"})

    for words in ("13911112222", "13911113333", elsewhere.number):
        page = find(client, words, login="changji-city").get_data(as_text=True)
        assert "No application in your territory has this name or number." in page
    assert find(client, elsewhere.number, NEXT_COUNTY).location == f"/desk/{elsewhere.number}"


def test_a_name_lists_all_who_begin_so_and_is_in_no_address(client, session, cast):
    person = make.member(session, cast.shunda_union, name="阿里司机")
    done = make.join_application(session, name="阿里木", steps=(Step.SUBMITTED, Step.REFUSED))
    asked = make.request(session, person, "leave")
    founding = make.founding_application(session, steps=ASKED, units=({"name": "阿里网点"},))
    make.join_application(session, name="阿里木江", application={"county_code": "652302"})
    make.join_application(session, name="小阿里")

    answer = find(sign_in(client), " 阿里 ")
    page = answer.get_data(as_text=True)

    assert (answer.status_code, answer.location) == (200, None)
    assert NUMBER.findall(page) == [founding.number, asked.number, done.number]
    assert "type more of the name" not in page
    assert not re.search(r'(href|action)="[^"]*(%E9|阿)', page)
    assert client.get("/desk?view=all&q=阿里").status_code == 200


def test_the_one_case_under_a_name_opens(client, session, cast):
    row = make.join_application(session, name="阿里木")
    make.join_application(session, name="阿里木", application={"county_code": "652302"})

    assert find(sign_in(client), "阿里木").location == f"/desk/{row.number}"
    for words in ("_里木", "%", "李四"):
        assert "No application in your territory has this name or number." in find(client, words).get_data(as_text=True)


def test_an_officer_finds_the_own_unions_by_name_alone(client, session, cast):
    session.add(account("officer", "组织员", "union_officer", "652301", union_id=cast.shunda_union.id))
    session.commit()
    own = make.join_application(session, name="阿里木", application={"union_id": cast.shunda_union.id})
    make.join_application(session, name="阿里木", application={"union_id": cast.joint_union.id})

    assert find(client, "阿里", "officer").location == f"/desk/{own.number}"


def test_of_many_who_begin_so_the_latest_fifty_are_shown_at_the_same_cost(client, session, cast, statements):
    sign_in(client)
    for _n in range(2):
        make.join_application(session)
    token = csrf(client, "/desk/find")
    with counted(statements) as two:
        client.post("/desk/find", data={"csrf_token": token, "words": "李"})
    rows = [make.join_application(session).number for _n in range(50)]
    with counted(statements) as fifty:
        page = client.post("/desk/find", data={"csrf_token": token, "words": "李"}).get_data(as_text=True)

    assert NUMBER.findall(page) == rows[::-1]
    assert "The latest 50: type more of the name to find an older one." in page
    assert len(two) == len(fifty)


@pytest.mark.parametrize("words", ["65230119900101000", "1391111222", "2111"])
def test_a_number_with_a_slip_goes_into_no_address(client, cast, words):
    answer = find(sign_in(client), words)

    assert answer.status_code == 422
    assert "This is neither a case number" in answer.get_data(as_text=True)


def test_nothing_typed_is_asked_again(client, cast):
    answer = find(sign_in(client), "  ")

    assert answer.status_code == 422
    assert "Enter a name or a number." in answer.get_data(as_text=True)


def test_the_queue_costs_the_same_with_every_filter(client, session, cast, statements):
    sign_in(client, PREFECTURE)
    path = "/desk?view=corrected&kind=join&county=652301&group=courier&union=工会&sent_from=2021-11-01"
    union = {"union_id": cast.joint_union.id}
    make.join_application(session, steps=BACK, application=union)
    with counted(statements) as one:
        assert "1 application, this filter" in client.get(path).get_data(as_text=True)
    for _n in range(29):
        make.join_application(session, steps=BACK, application=union)
    with counted(statements) as thirty:
        assert "30 applications, this filter" in client.get(path).get_data(as_text=True)

    assert len(thirty) == len(one) == 7
