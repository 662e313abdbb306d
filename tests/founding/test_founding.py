"""A depot's way: the answer, the form, the neighbors."""

import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from enrollment.founding import actions
from enrollment.founding.actions import Begun
from enrollment.rules.access import VISITOR
from enrollment.rules.deadlines import after_working_days
from enrollment.rules.founding import Depot, Unit
from enrollment.rules.stages import FoundingStep
from enrollment.storage.applications import Application, ApplicationAct, FoundingDetails, FoundingUnit
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Conflict, Missing
from enrollment.storage.unions import Coverage
from enrollment.web import clock
from tests import make
from tests.cast import Cast, csrf
from tests.conftest import SETTINGS, counted

FOUR = "workers=4&barred=2&region_code=652301002&unit_name=幸福路网点"
CONTACT = {"contact_name": "马晓", "contact_phone": "+86 138-0000-0002"}
CREDIT_CODE = "91652301MA00000070"


@pytest.fixture(autouse=True)
def english(client: FlaskClient) -> None:
    client.set_cookie("lang", "en")


@pytest.fixture
def today() -> date:
    return clock.today()


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def cards(answer: TestResponse) -> dict[str, str]:
    """What the answer says of each way, in order."""
    found = re.findall(
        r'<section class="card">\s*<h2 class="card__name">(.*?) <span class="tag.*?">(.*?)</section>',
        text_of(answer),
        re.DOTALL,
    )
    return {heading: re.sub(r"<[^>]+>", "", words) for heading, words in found}


def hidden(client: FlaskClient, path: str) -> dict[str, str]:
    """The token and the key of a form just opened."""
    shown = text_of(client.get(path))
    fields = dict(re.findall(r'<input name="(csrf_token|submission_key)" type="hidden" value="([^"]+)"', shown))
    return fields or {"csrf_token": csrf(client, path)}


def send(client: FlaskClient, query: str, **answers: object) -> TestResponse:
    path = f"/found/form?{query}"
    return client.post(path, data={**hidden(client, path), **CONTACT, **answers})


def only(session: Session) -> Application:
    session.rollback()  # see what the pages have done meanwhile
    return session.scalars(select(Application)).one()


def steps(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(ApplicationAct.step).order_by(ApplicationAct.id)))


def units(session: Session) -> list[FoundingUnit]:
    session.rollback()
    return list(session.scalars(select(FoundingUnit).order_by(FoundingUnit.id)))


# --- the answer ---------------------------------------------------------------------------------------------------


def test_the_question_says_the_good_news_and_takes_the_number_from_the_address(client: FlaskClient, cast: Cast) -> None:
    shown = text_of(client.get("/found?workers=4"))

    assert "25 is the line for must, not for may" in shown
    assert "First ask who signs and pays you" in shown
    assert re.search(r'<input[^>]*name="workers"[^>]*value="4"', shown)
    assert "军户农场" not in shown  # a farm of the Corps


def test_a_depot_of_four_with_owner_and_spouse_has_three_ways(client: FlaskClient, cast: Cast) -> None:
    answer = client.get(f"/found/answer?{FOUR}")

    found = cards(answer)
    assert answer.status_code == 200
    assert list(found) == [
        "Join an existing joint union",
        "A new joint union with neighbors",
        "One elected organizer",
        "A committee of your own",
    ]
    assert [words.split("\n")[0] for words in found.values()] == ["Possible"] * 3 + ["Not possible now"]
    assert "昌吉市快递行业联合工会委员会: 2 units" in found["Join an existing joint union"]
    assert "at least four for three; owners and close relatives may not" in found["A committee of your own"]
    assert "Possible once four people who are neither owner nor close relative" in found["A committee of your own"]
    assert "《中华人民共和国工会法》（2021年修正）第十一条第一款" in found["One elected organizer"]


def test_a_depot_of_four_without_relatives_may_have_its_own_committee(client: FlaskClient, cast: Cast) -> None:
    found = cards(client.get("/found/answer?workers=4&barred=0"))

    assert found["A committee of your own"].startswith("Possible")


def test_25_must_form_their_own_and_24_need_not(client: FlaskClient, cast: Cast) -> None:
    must = client.get("/found/answer?workers=25&barred=2")
    may = client.get("/found/answer?workers=24&barred=2")

    assert '<h1 class="heading__title">Your depot must form a committee of its own</h1>' in text_of(must)
    assert next(iter(cards(must))) == "A committee of your own"
    assert "With 25 members or more the law asks" in cards(must)["One elected organizer"]
    assert '<h1 class="heading__title">Yes, your depot can have a union</h1>' in text_of(may)


def test_where_nothing_is_open_it_says_to_call(client: FlaskClient, cast: Cast) -> None:
    assert "Not by itself yet" in text_of(client.get("/found/answer?workers=25&barred=25"))


def test_a_county_without_a_joint_union_offers_to_start_one(client: FlaskClient, cast: Cast) -> None:
    found = cards(client.get("/found/answer?workers=4&barred=2&region_code=652302001"))

    assert "There is no joint union in this county yet" in found["Join an existing joint union"]
    assert found["A new joint union with neighbors"].startswith("Possible")


def test_the_address_keeps_the_answers(client: FlaskClient, cast: Cast) -> None:
    shown = text_of(client.get(f"/found/answer?{FOUR}"))

    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/found/form[^"]+)"', shown)]
    assert [parse_qs(urlsplit(link).query)["way"] for link in links] == [["join_joint"], ["new_joint"], ["one_officer"]]
    assert parse_qs(urlsplit(links[0]).query) == {"way": ["join_joint"], **parse_qs(FOUR)}


@pytest.mark.parametrize(
    "query, words",
    [
        ("workers=4", "Enter how many of them are owners or close relatives; 0 if none."),
        ("barred=0", "Enter how many people work there."),
        ("workers=0&barred=0", "Enter a number from 1."),
        ("workers=4&barred=5", "These cannot be more than work there."),
    ],
)
def test_numbers_that_cannot_be_are_asked_again(client: FlaskClient, cast: Cast, query: str, words: str) -> None:
    answer = client.get(f"/found/answer?{query}")

    assert answer.status_code == 422
    assert words in text_of(answer)


def test_for_htmx_the_answer_comes_alone(client: FlaskClient, cast: Cast) -> None:
    shown = text_of(client.get(f"/found/answer?{FOUR}", headers={"HX-Request": "true"}))

    assert shown.strip().startswith('<div id="answer">')


# --- the form -----------------------------------------------------------------------------------------------------


def test_the_form_asks_only_what_is_missing(client: FlaskClient, cast: Cast) -> None:
    known = text_of(client.get(f"/found/form?way=one_officer&{FOUR}"))
    unknown = text_of(client.get("/found/form?way=one_officer&workers=4&barred=2"))

    assert 'name="unit_name"' not in known
    assert 'name="region_code"' not in known
    assert 'value="幸福路网点工会委员会"' in known
    assert 'name="unit_name"' in unknown
    assert 'name="region_code"' in unknown


def test_a_way_that_depends_on_the_place_asks_for_it_first(client: FlaskClient, cast: Cast) -> None:
    shown = text_of(client.get("/found/form?way=join_joint&workers=4&barred=2"))

    assert "Where is the depot?" in shown
    assert '<input type="hidden" name="way" value="join_joint">' in shown


@pytest.mark.parametrize("query", ["way=nonsense&workers=4&barred=2", "way=one_officer&workers=4", ""])
def test_an_address_without_the_answers_leads_back_to_the_question(client: FlaskClient, cast: Cast, query: str) -> None:
    answer = client.get(f"/found/form?{query}")

    assert answer.status_code == 303
    assert urlsplit(answer.location).path == "/found"


def test_one_officer_begins_and_leads_to_the_page_of_the_group(
    client: FlaskClient, cast: Cast, session: Session, today: date
) -> None:
    answer = send(client, f"way=one_officer&{FOUR}", union_name="幸福路网点工会委员会")

    application = only(session)
    assert answer.status_code == 303
    assert answer.location == f"/founding/{application.link}"
    assert (application.kind, application.county_code, application.state) == ("found", "652301", "gathering")
    assert (application.submitted_at, application.due_on) == (None, None)
    assert re.fullmatch(rf"{today:%y%m%d}-[2-9A-Z]{{5}}", application.number)
    assert steps(session) == ["started"]
    details = session.scalars(select(FoundingDetails)).one()
    assert (details.way, details.contact_name, details.contact_phone) == ("one_officer", "马晓", "13800000002")
    assert details.union_name == "幸福路网点工会委员会"
    own = units(session)[0]
    assert (own.name, own.workers, own.barred, own.answer) == ("幸福路网点", 4, 2, "agreed")
    assert own.employer_id is None
    line = session.scalars(select(AuditEntry).where(AuditEntry.act == "apply")).one()
    assert line.subject == application.number


def test_name_and_township_given_on_the_form_are_kept(client: FlaskClient, cast: Cast, session: Session) -> None:
    answer = send(
        client,
        "way=one_officer&workers=3&barred=0",
        unit_name="阜康网点",
        region_code="652302001",
        credit_code="",
        filing_number="备2021001",
    )

    own = units(session)[0]
    assert answer.status_code == 303
    assert (own.name, own.region_code, own.filing_number) == ("阜康网点", "652302001", "备2021001")
    assert only(session).county_code == "652302"


def test_the_second_tap_is_the_same_application(client: FlaskClient, cast: Cast, session: Session) -> None:
    path = f"/found/form?way=one_officer&{FOUR}"
    sent = {**hidden(client, path), **CONTACT}

    first, second = client.post(path, data=sent), client.post(path, data=sent)

    assert first.location == second.location == f"/founding/{only(session).link}"
    assert steps(session) == ["started"]


def test_a_wrong_credit_code_says_so_and_loses_nothing(client: FlaskClient, cast: Cast, session: Session) -> None:
    answer = send(client, f"way=one_officer&{FOUR}", credit_code="91652301MA77777777", filing_number="备2021001")

    shown = text_of(answer)
    assert answer.status_code == 422
    assert "The last two characters of the credit code do not fit the others" in shown
    for kept in ('value="91652301MA77777777"', 'value="备2021001"', 'value="马晓"', 'value="+86 138-0000-0002"'):
        assert kept in shown
    assert session.scalars(select(Application)).all() == []


def test_a_way_that_is_not_open_is_refused_in_place(client: FlaskClient, cast: Cast, session: Session) -> None:
    tokens = hidden(client, f"/found/form?way=one_officer&{FOUR}")

    answer = client.post(f"/found/form?way=own_committee&{FOUR}", data={**tokens, **CONTACT})

    assert answer.status_code == 422
    assert "at least four for three; owners and close relatives may not" in text_of(answer)
    assert session.scalars(select(Application)).all() == []


def test_a_way_that_is_not_open_leads_back_to_the_answer_that_says_why(client: FlaskClient, cast: Cast) -> None:
    nobody_there = client.get("/found/form?way=join_joint&workers=4&barred=2&region_code=652328100")

    assert nobody_there.status_code == 303
    assert "There is no joint union in this county yet" in text_of(client.get(nobody_there.location))
    assert client.get(f"/found/form?way=own_committee&{FOUR}").location.startswith("/found/answer?")


def test_a_known_employer_is_linked_by_its_name_in_the_county(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    send(client, "way=one_officer&workers=4&barred=2&region_code=652301002&unit_name=四人网点")
    send(client, "way=one_officer&workers=4&barred=2&region_code=652302001&unit_name=四人网点")

    assert [unit.employer_id for unit in units(session)] == [cast.uncovered.id, None]


def test_a_covered_unit_is_refused_in_place(client: FlaskClient, cast: Cast, session: Session) -> None:
    answer = send(client, "way=one_officer&workers=9&barred=2&region_code=652301002&unit_name=快马网点")

    assert answer.status_code == 422
    assert "This unit already belongs to a union." in text_of(answer)
    assert session.scalars(select(Application)).all() == []


def test_build_7_a_covered_unit_may_ask_for_a_committee_of_its_own(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    answer = send(client, "way=own_committee&workers=9&barred=2&region_code=652301002&unit_name=快马网点")

    assert answer.status_code == 303
    assert (only(session).state, units(session)[0].employer_id) == ("gathering", cast.small_a.id)


ELSEWHERE = "This unit has agreed to another founding that is under way."


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ((FoundingStep.STARTED,), 303),
        ((FoundingStep.STARTED, FoundingStep.SUBMITTED), 422),
        ((FoundingStep.STARTED, FoundingStep.SUBMITTED, FoundingStep.RETURNED), 422),
        ((FoundingStep.STARTED, FoundingStep.SUBMITTED, FoundingStep.GROUP_APPROVED), 422),
        ((FoundingStep.STARTED, FoundingStep.WITHDRAWN), 303),
        ((FoundingStep.STARTED, FoundingStep.SUBMITTED, FoundingStep.REFUSED), 303),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_build_7_a_unit_begins_one_founding_at_a_time(
    client: FlaskClient, cast: Cast, session: Session, steps: tuple[FoundingStep, ...], status: int
) -> None:
    make.founding_application(
        session, steps=steps, units=({"employer_id": cast.uncovered.id, "name": cast.uncovered.name},)
    )

    query = "way=one_officer&workers=4&barred=2&region_code=652301002&unit_name=四人网点"
    answer = send(client, query, contact_phone="13800000077")

    assert answer.status_code == status
    assert (ELSEWHERE in text_of(answer)) == (status == 422)
    assert len(session.scalars(select(Application)).all()) == (1 if status == 422 else 2)


def test_the_same_contact_begins_with_the_same_unit_once(client: FlaskClient, cast: Cast, session: Session) -> None:
    query = "way=one_officer&workers=4&barred=2&region_code=652301002&unit_name=新开网点"
    assert send(client, query).status_code == 303

    again = send(client, query)
    other = send(client, query, contact_phone="13800000077")

    assert (again.status_code, other.status_code) == (422, 303)
    assert "You have begun with this depot already" in text_of(again)
    make.step_founding(session, session.scalars(select(Application)).first(), FoundingStep.WITHDRAWN)
    assert send(client, query).status_code == 303


def test_a_name_of_spaces_is_none(client: FlaskClient, cast: Cast, session: Session) -> None:
    answer = send(client, "way=one_officer&workers=4&barred=2&region_code=652301002", unit_name="  ")

    assert (answer.status_code, session.scalars(select(Application)).all()) == (422, [])
    assert "Enter the name of the depot." in text_of(answer)


def test_build_1_who_wants_to_be_a_member_counts_not_who_works_there(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    numbers = "workers=30&barred=1&region_code=652301002&unit_name=大网点"
    assert "must form a committee of its own" in text_of(client.get(f"/found/answer?{numbers}"))
    assert "Yes, your depot can have a union" in text_of(client.get(f"/found/answer?{numbers}&willing=24"))

    answer = send(client, f"way=one_officer&willing=24&{numbers}")

    assert answer.status_code == 303
    assert [(unit.workers, unit.willing, unit.barred) for unit in units(session)] == [(30, 24, 1)]


def test_a_unit_whose_coverage_has_ended_may_apply(client: FlaskClient, cast: Cast, session: Session) -> None:
    coverage = session.scalars(select(Coverage).where(Coverage.employer_id == cast.small_a.id)).one()
    coverage.until_on = date(2021, 6, 1)
    session.commit()

    answer = send(client, "way=one_officer&workers=9&barred=2&region_code=652301002&unit_name=快马网点")

    assert answer.status_code == 303


def test_the_credit_code_finds_the_employer_under_another_name(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    row = make.employer(session, name="别名快递有限公司", credit_code=CREDIT_CODE)

    answer = send(client, f"way=one_officer&{FOUR}", credit_code="91652301ma 00000070")

    assert answer.status_code == 303
    assert (units(session)[0].employer_id, units(session)[0].credit_code) == (row.id, CREDIT_CODE)


def test_a_credit_code_of_another_county_is_refused_in_place(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.employer(session, name="阜康快递有限公司", county_code="652302", credit_code=CREDIT_CODE)

    answer = send(client, f"way=one_officer&{FOUR}", credit_code=CREDIT_CODE)

    assert answer.status_code == 422
    assert "This credit code is that of a unit of another county: ask the union there." in text_of(answer)
    assert session.scalars(select(Application)).all() == []


def test_joining_a_joint_union_is_sent_at_once_and_keeps_which_one(
    client: FlaskClient, cast: Cast, session: Session, today: date
) -> None:
    none = send(client, f"way=join_joint&{FOUR}")
    answer = send(client, f"way=join_joint&{FOUR}", union=cast.joint_union.code)

    assert none.status_code == 422
    assert "Choose the joint union." in text_of(none)
    application = only(session)
    assert answer.location == f"/founding/{application.link}"
    assert (application.union_id, application.state) == (cast.joint_union.id, "submitted")
    assert application.due_on == after_working_days(today, SETTINGS.review_working_days)
    assert application.submitted_at is not None
    assert steps(session) == ["submitted"]


def test_a_joint_union_of_another_county_is_not_there_to_choose(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    other = make.union(session, kind="joint", county_code="652302", region_code="652302001")

    assert send(client, f"way=join_joint&{FOUR}", union=other.code).status_code == 422
    assert session.scalars(select(Application)).all() == []


def told(**changes: object) -> Begun:
    """Everything a head tells, straight to the action."""
    values: dict[str, object] = {
        "submission_key": "one",
        "way": "one_officer",
        "unit": Unit("甲网点", (Depot(4, 4, 2),)),
        "unit_name": "甲网点",
        "region_code": "652301002",
        "credit_code": None,
        "filing_number": None,
        "union_code": None,
        "invited": (),
        "contact_name": "马晓",
        "contact_phone": "13800000002",
        "union_name": "",
    }
    return Begun(**values | changes)  # type: ignore[arg-type]


def begin(sent: Begun) -> Application:
    return actions.start_founding(sent, by=VISITOR, now=make.NOW, today=make.TODAY, review_working_days=5)


def test_a_joint_union_dissolved_meanwhile_is_missing(context: None, cast: Cast, session: Session) -> None:
    gone = make.union(session, kind="joint", dissolved_on=date(2021, 6, 1))

    with pytest.raises(Missing):
        begin(told(way="join_joint", union_code=gone.code))

    assert session.scalars(select(Application)).all() == []


def test_a_number_given_out_twice_is_a_conflict(context: None, cast: Cast, session: Session) -> None:
    taken = make.join_application(session).number
    event.listen(
        Application, "before_insert", lambda _mapper, _connection, row: setattr(row, "number", taken), once=True
    )

    with pytest.raises(Conflict):
        begin(told())

    assert only(session).kind == "join"


# --- neighbors ----------------------------------------------------------------------------------------------------


def rows_of(answer: TestResponse) -> list[str]:
    return re.findall(r'<span class="weui-cell__bd">([^<]*·[^<]*)</span>', text_of(answer))


def test_neighbors_without_a_union_are_listed_the_same_township_first(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    make.employer(session, name="甲网点", workers=5, region_code="652301003")
    make.employer(session, name="大网点", workers=25, region_code="652301002")
    make.employer(session, name="没数的网点", workers=None, region_code="652301002")
    make.employer(session, name="阜康网点", workers=5, county_code="652302", region_code="652302001")

    listed = client.get(f"/found/form?way=new_joint&{FOUR}")
    searched = client.get(f"/found/form?way=new_joint&{FOUR}&q=甲")

    assert rows_of(listed) == ["四人网点 · 延安北路街道 · 4 people", "甲网点 · 北京南路街道 · 5 people"]
    assert rows_of(searched) == ["甲网点 · 北京南路街道 · 5 people"]
    assert 'name="workers" value="4"' in text_of(searched)


def test_a_search_by_htmx_brings_the_list_alone_with_what_is_picked(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    make.employer(session, name="甲网点", workers=5, region_code="652301003")

    address = f"/found/form?way=new_joint&{FOUR}&q=甲&units={cast.uncovered.code}"
    answer = client.get(address, headers={"HX-Request": "true"})

    assert text_of(answer).strip().startswith('<div id="units"')
    assert rows_of(answer) == ["四人网点 · 延安北路街道 · 4 people", "甲网点 · 北京南路街道 · 5 people"]
    assert re.search(rf"<input[^>]*checked[^>]*value=\"{cast.uncovered.code}\"", text_of(answer))


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_for_any_number_of_neighbors(
    client: FlaskClient, cast: Cast, session: Session, statements: list[str], number: int
) -> None:
    for _ in range(number):
        make.employer(session, workers=5, region_code="652301002")

    with counted(statements) as sent:
        client.get(f"/found/form?way=new_joint&{FOUR}")

    assert len(sent) == 3  # the head's own depot, the neighbors, the joint unions of the county


HERE = {"latitude": 44.0, "longitude": 87.3}
"""Some 111 m further north for each thousandth of a degree."""


def test_neighbors_of_a_known_depot_are_listed_by_the_rule_of_matching_with_the_reasons(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    own = {"name": "幸福路网点", "workers": 4, "region_code": "652301002", "brand": "中通", **HERE}
    make.employer(session, credit_code=CREDIT_CODE, **own)
    far = make.employer(session, name="乙网点", workers=5, region_code="652301003", latitude=44.001, longitude=87.3)
    make.employer(session, name="丙网点", workers=6, region_code="652301002", latitude=44.018, longitude=87.3)
    make.employer(
        session, name="甲车队", group="truck_driver", region_code="652301002", latitude=44.0072, longitude=87.3
    )
    make.employer(session, name="丁车队", group="truck_driver", region_code="652301003")
    make.employer(session, name="四人网点", region_code="652301002", brand="中通")

    known = client.get(f"/found/form?way=new_joint&{FOUR}")
    picked = client.get(f"/found/form?way=new_joint&{FOUR}&q=丙&units={far.code}")

    ranked = [
        "甲车队 · 延安北路街道 · 10 people · same township, 800 m",
        "丙网点 · 延安北路街道 · 6 people · same township, 2.0 km, same work (Courier)",
        "四人网点 · 延安北路街道 · 10 people · same township, same brand (中通), same work (Courier)",
        "四人网点 · 延安北路街道 · 4 people · same township, same work (Courier)",
        "乙网点 · 北京南路街道 · 5 people · 100 m, same work (Courier)",
        "丁车队 · 北京南路街道 · 10 people",
    ]
    assert rows_of(known) == ranked
    assert rows_of(picked) == [ranked[4], ranked[1]]


def test_a_credit_code_told_on_the_form_finds_the_depot_too(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.employer(session, name="老名字", credit_code=CREDIT_CODE, region_code="652301003", **HERE)
    session.delete(session.scalars(select(Coverage).where(Coverage.employer_id == cast.small_a.id)).one())
    session.commit()
    cast.small_a.latitude, cast.small_a.longitude = 44.01, 87.3
    session.merge(cast.small_a)
    session.commit()

    answer = send(client, f"way=new_joint&{FOUR}", credit_code="91652301ma 00000070")

    assert answer.status_code == 422
    assert rows_of(answer) == [
        "快马网点 · 延安北路街道 · 9 people · same township, 1.1 km, same work (Courier)",
        "四人网点 · 延安北路街道 · 4 people · same township, same work (Courier)",
    ]


@pytest.mark.parametrize("number", [1, 40])
def test_the_list_around_a_known_depot_costs_the_same_and_shows_thirty(
    client: FlaskClient, cast: Cast, session: Session, statements: list[str], number: int
) -> None:
    make.employer(session, name="幸福路网点", region_code="652301002", **HERE)
    for _ in range(number):
        make.employer(session, workers=5, region_code="652301002", **HERE)

    with counted(statements) as sent:
        answer = client.get(f"/found/form?way=new_joint&{FOUR}")

    assert len(sent) == 3
    assert len(rows_of(answer)) == min(number + 1, 30)


def test_a_new_joint_union_waits_for_its_neighbors(client: FlaskClient, cast: Cast, session: Session) -> None:
    answer = send(client, f"way=new_joint&{FOUR}", units=[cast.uncovered.code])

    application = only(session)
    assert answer.status_code == 303
    assert (application.state, application.due_on, application.submitted_at) == ("gathering", None, None)
    assert steps(session) == ["started"]
    own, invited = units(session)
    assert (own.name, own.answer) == ("幸福路网点", "agreed")
    assert (invited.name, invited.workers, invited.answer) == ("四人网点", 4, None)
    assert f"/found/invitation/{invited.link}" in text_of(client.get(answer.location))


def test_a_new_joint_union_needs_a_neighbor(client: FlaskClient, cast: Cast, session: Session) -> None:
    none = send(client, f"way=new_joint&{FOUR}")
    itself = send(
        client,
        "way=new_joint&workers=4&barred=2&region_code=652301002&unit_name=四人网点",
        units=[cast.uncovered.code],
    )

    for answer in (none, itself):
        assert answer.status_code == 422
        assert "Choose at least one neighboring depot." in text_of(answer)
    assert session.scalars(select(Application)).all() == []


def test_a_covered_or_foreign_neighbor_is_refused(client: FlaskClient, cast: Cast, session: Session) -> None:
    foreign = make.employer(session, county_code="652302", region_code="652302001")

    covered = send(client, f"way=new_joint&{FOUR}", units=[cast.small_a.code])

    assert covered.status_code == 422
    assert "This unit already belongs to a union." in text_of(covered)
    assert send(client, f"way=new_joint&{FOUR}", units=[foreign.code]).status_code == 404
    assert session.scalars(select(Application)).all() == []


# --- invitations --------------------------------------------------------------------------------------------------


@pytest.fixture
def invited(client: FlaskClient, cast: Cast, session: Session) -> str:
    """The path of the invitation of one neighbor by a depot of four."""
    send(client, f"way=new_joint&{FOUR}", units=[cast.uncovered.code])
    return f"/found/invitation/{units(session)[1].link}"


ANSWERS_FOR_IT = {"contact_name": "李强", "contact_phone": "13800000009"}


def reply(client: FlaskClient, path: str, answer: str, note: str = "") -> TestResponse:
    told = {"csrf_token": csrf(client, path), "answer": answer, "note": note}
    return client.post(path, data=told | ANSWERS_FOR_IT)


def test_the_neighbor_sees_who_asks_and_what_it_means(client: FlaskClient, invited: str) -> None:
    shown = text_of(client.get(invited))

    assert "幸福路网点 asks 四人网点 to form one joint union." in shown
    assert "Asked by 马晓, 昌吉市 延安北路街道" in shown
    assert "13800000002" not in shown
    assert "Yes, we are in" in shown


def test_when_all_have_agreed_nothing_is_handed_in_before_the_group_sends_it(
    client: FlaskClient, session: Session, invited: str
) -> None:
    answer = reply(client, invited, "agreed")

    application = only(session)
    assert answer.status_code == 303
    assert (application.state, application.submitted_at, application.due_on) == ("gathering", None, None)
    assert steps(session) == ["started", "agreed"]
    acts = session.scalars(select(ApplicationAct).order_by(ApplicationAct.id)).all()
    assert acts[1].actor == "四人网点"
    assert units(session)[1].answered_at is not None
    assert "Your answer: Agreed" in text_of(client.get(invited))
    line = session.scalars(select(AuditEntry).where(AuditEntry.act == "answer_invitation")).one()
    assert (line.subject, line.note) == (application.number, "")


def test_a_decline_keeps_the_application_waiting_and_its_words(
    client: FlaskClient, session: Session, invited: str
) -> None:
    empty = reply(client, invited, "declined", "  ")
    reply(client, invited, "declined", "老板不在")

    assert empty.status_code == 422
    assert "Write why your unit does not take part." in text_of(empty)
    assert only(session).state == "gathering"
    act = session.scalars(select(ApplicationAct).where(ApplicationAct.step == "declined")).one()
    assert act.note == "老板不在"


def test_an_answer_can_be_changed_both_ways(client: FlaskClient, session: Session, invited: str) -> None:
    for answer in ("declined", "agreed", "declined"):
        assert reply(client, invited, answer, "老板说的").status_code == 303

    assert steps(session) == ["started", "declined", "agreed", "declined"]
    assert units(session)[1].answer == "declined"


def test_a_question_is_kept_with_its_words_and_stands_with_the_group(
    client: FlaskClient, session: Session, invited: str
) -> None:
    empty = reply(client, invited, "asked", "  ")
    asked = reply(client, invited, "asked", "会费多少？")

    assert empty.status_code == 422
    assert "Write your question." in text_of(empty)
    assert asked.status_code == 303
    assert steps(session) == ["started", "asked"]
    act = session.scalars(select(ApplicationAct).where(ApplicationAct.step == "asked")).one()
    assert (act.actor, act.note) == ("四人网点", "会费多少？")
    assert units(session)[1].answer == "asked"
    assert "Your answer: Has a question" in text_of(client.get(invited))
    assert "会费多少？" in text_of(client.get(f"/founding/{only(session).link}"))


def test_the_same_question_twice_is_one_act_and_another_one_is_another(
    client: FlaskClient, session: Session, invited: str
) -> None:
    for question in ("会费多少？", "会费多少？", "谁当主席？"):
        assert reply(client, invited, "asked", question).status_code == 303
    assert reply(client, invited, "agreed").status_code == 303

    assert steps(session) == ["started", "asked", "asked", "agreed"]
    notes = session.scalars(select(ApplicationAct.note).order_by(ApplicationAct.id)).all()
    assert notes[1:3] == ["会费多少？", "谁当主席？"]
    audit = select(AuditEntry.note).where(AuditEntry.act == "answer_invitation").order_by(AuditEntry.id)
    assert session.scalars(audit).all() == ["", "sent again", "", ""]


def test_the_second_tap_of_an_answer_is_no_new_act(client: FlaskClient, session: Session, invited: str) -> None:
    reply(client, invited, "agreed")
    again = reply(client, invited, "agreed")

    assert again.status_code == 303
    assert steps(session) == ["started", "agreed"]


def test_too_few_candidates_keep_waiting_and_say_so(client: FlaskClient, cast: Cast, session: Session) -> None:
    tiny = make.employer(session, name="一人网点", workers=1, region_code="652301002")
    answer = send(client, "way=new_joint&workers=2&barred=2&region_code=652301002&unit_name=甲", units=[tiny.code])
    reply(client, f"/found/invitation/{units(session)[1].link}", "agreed")

    assert only(session).state == "gathering"
    assert "at least four for three; owners and close relatives may not" in text_of(client.get(answer.location))


@pytest.mark.parametrize(
    "later",
    [
        (FoundingStep.SUBMITTED,),
        (FoundingStep.SUBMITTED, FoundingStep.GROUP_APPROVED),
        (FoundingStep.SUBMITTED, FoundingStep.REFUSED),
        (FoundingStep.WITHDRAWN,),
    ],
    ids=" ".join,
)
def test_once_the_request_is_sent_or_it_is_over_an_answer_comes_too_late(
    client: FlaskClient, session: Session, invited: str, later: tuple[FoundingStep, ...]
) -> None:
    reply(client, invited, "agreed")
    token = csrf(client, invited)
    make.step_founding(session, only(session), *later)

    late = client.post(invited, data={"csrf_token": token, "answer": "declined", "note": "老板不在", **ANSWERS_FOR_IT})

    assert late.status_code == 409
    assert units(session)[1].answer == "agreed"
    shown = text_of(client.get(invited))
    assert "Who is not in yet can join the union later." in shown
    assert 'value="declined"' not in shown


def test_a_request_that_was_returned_can_be_answered_again(client: FlaskClient, session: Session, invited: str) -> None:
    make.step_founding(session, only(session), FoundingStep.SUBMITTED, FoundingStep.RETURNED)

    assert reply(client, invited, "agreed").status_code == 303
    assert (only(session).state, units(session)[1].answer) == ("returned", "agreed")


def test_build_7_a_neighbor_agrees_to_one_founding_at_a_time(
    client: FlaskClient, cast: Cast, session: Session, invited: str
) -> None:
    other = make.founding_application(
        session,
        way="new_joint",
        units=({}, {"employer_id": cast.uncovered.id, "name": cast.uncovered.name}),
        steps=(FoundingStep.STARTED, FoundingStep.SUBMITTED),
    )

    refused = reply(client, invited, "agreed")

    assert refused.status_code == 422
    assert ELSEWHERE in text_of(refused)
    assert units(session)[1].answer is None
    assert reply(client, invited, "declined", "老板不在").status_code == 303
    session.rollback()
    make.step_founding(session, other, FoundingStep.WITHDRAWN)
    assert reply(client, invited, "agreed").status_code == 303


def test_a_unit_that_came_under_a_union_meanwhile_cannot_agree(
    client: FlaskClient, cast: Cast, session: Session, invited: str
) -> None:
    make.union(session, covers=(cast.uncovered,))

    answer = reply(client, invited, "agreed")

    assert answer.status_code == 422
    assert "This unit already belongs to a union." in text_of(answer)
    assert units(session)[1].answer is None
    assert reply(client, invited, "declined", "老板不在").status_code == 303


def test_an_answer_is_one_of_three(client: FlaskClient, session: Session, invited: str) -> None:
    answer = reply(client, invited, "perhaps")

    assert answer.status_code == 422
    assert "Choose an answer." in text_of(answer)
    assert steps(session) == ["started"]


def test_only_invited_links_are_invitations(client: FlaskClient, session: Session, invited: str) -> None:
    own = units(session)[0]

    assert client.get(f"/found/invitation/{own.link}").status_code == 404
    assert client.get("/found/invitation/NOBODY").status_code == 404


@pytest.mark.parametrize("link", ["OWN", "NOBODY"])
def test_only_an_invited_unit_can_answer(context: None, cast: Cast, session: Session, link: str) -> None:
    make.founding_application(session, units=({"link": "OWN"}, {"answer": None}))

    told = actions.Answer(answer="declined", note="老板不在")
    with pytest.raises(Missing):
        actions.answer_invitation(link, told, by=VISITOR, now=make.NOW, today=make.TODAY)


@pytest.mark.parametrize("number", [1, 30])
def test_the_invitation_costs_the_same_for_any_number_of_units(
    client: FlaskClient, cast: Cast, session: Session, statements: list[str], number: int
) -> None:
    row = make.founding_application(session, units=tuple({"answer": None} for _ in range(number + 1)))
    link = session.scalars(
        select(FoundingUnit.link).where(FoundingUnit.application_id == row.id).order_by(FoundingUnit.id.desc())
    ).first()

    with counted(statements) as sent:
        assert client.get(f"/found/invitation/{link}").status_code == 200

    assert len(sent) == 4  # with how often this network has guessed


def test_who_agrees_says_how_many_they_are(client: FlaskClient, session: Session, invited: str) -> None:
    token = {"csrf_token": csrf(client, invited), "answer": "agreed", **ANSWERS_FOR_IT}
    assert client.post(invited, data={**token, "workers": "5", "barred": "2"}).status_code == 303
    assert (units(session)[1].workers, units(session)[1].barred) == (5, 2)

    wrong = client.post(invited, data={**token, "workers": "1", "barred": "2"})
    assert wrong.status_code == 422
    assert "These cannot be more than work there." in text_of(wrong)
    client.post(invited, data={**token, "workers": "5", "barred": "2"})
    client.post(invited, data={**token, "workers": "6", "barred": "1"})

    assert (units(session)[1].workers, units(session)[1].barred) == (6, 1)
    assert steps(session) == ["started", "agreed", "agreed"]


# --- more neighbors -----------------------------------------------------------------------------------------------


@pytest.fixture
def gathering(client: FlaskClient, cast: Cast, session: Session) -> str:
    """The link of the group whose depot has asked one neighbor."""
    send(client, f"way=new_joint&{FOUR}", units=[cast.uncovered.code])
    return only(session).link


def invite(client: FlaskClient, link: str, *codes: str) -> TestResponse:
    path = f"/found/invite/{link}"
    return client.post(path, data={"csrf_token": csrf(client, path), "units": list(codes)})


def test_more_neighbors_can_be_asked_and_nobody_twice(
    client: FlaskClient, cast: Cast, session: Session, gathering: str
) -> None:
    session.rollback()
    more = make.employer(session, name="迟来网点", workers=5, region_code="652301002")
    shown = text_of(client.get(f"/found/invite/{gathering}"))
    assert "迟来网点" in shown
    assert "四人网点" not in shown
    assert "迟来网点" not in text_of(client.get(f"/found/invite/{gathering}?q=没有"))

    for _ in range(2):
        answer = invite(client, gathering, more.code, cast.uncovered.code)
        assert answer.headers["Location"] == f"/founding/{gathering}"

    assert [unit.name for unit in units(session)] == ["幸福路网点", "四人网点", "迟来网点"]
    assert steps(session) == ["started", "invited"]
    act = session.scalars(select(ApplicationAct).where(ApplicationAct.step == "invited")).one()
    assert act.note == "迟来网点"


def test_nobody_chosen_covered_or_foreign_is_not_invited(
    client: FlaskClient, cast: Cast, session: Session, gathering: str
) -> None:
    session.rollback()
    foreign = make.employer(session, county_code="652302", region_code="652302001")

    assert "Choose at least one neighboring depot." in text_of(invite(client, gathering))
    assert "This unit already belongs to a union." in text_of(invite(client, gathering, cast.small_a.code))
    assert invite(client, gathering, foreign.code).status_code == 404
    assert len(units(session)) == 2


def test_once_the_request_is_sent_nobody_more_is_invited(client: FlaskClient, cast: Cast, session: Session) -> None:
    row = make.founding_application(
        session, steps=(FoundingStep.STARTED, FoundingStep.SUBMITTED), way="new_joint", units=({}, {})
    )
    more = make.employer(session, workers=5)

    told = {"csrf_token": csrf(client, f"/founding/{row.link}/withdraw"), "units": [more.code]}
    assert client.post(f"/found/invite/{row.link}", data=told).status_code == 409
    assert client.get(f"/found/invite/{row.link}").status_code == 409
    assert client.get("/found/invite/NOBODY").status_code == 404
    assert len(units(session)) == 2


@pytest.mark.parametrize("way", ["re_election", "one_officer"])
def test_only_who_founds_a_joint_union_invites(client: FlaskClient, cast: Cast, session: Session, way: str) -> None:
    union = {"union_id": cast.joint_union.id}
    row = make.founding_application(session, way=way, units=() if way == "re_election" else ({},), application=union)

    assert client.get(f"/found/invite/{row.link}").status_code == 409


# --- who leaves a joint union -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("employer", "way", "status"),
    [("small_a", "own_committee", 303), ("small_a", "one_officer", 422), ("shunda", "own_committee", 422)],
    ids=["of a joint union, its own", "of a joint union, one officer", "with its own already"],
)
def test_build_7_only_who_shares_a_union_may_form_its_own(
    client: FlaskClient, cast: Cast, employer: str, way: str, status: int
) -> None:
    name = getattr(cast, employer).name

    answer = send(client, f"way={way}&workers=9&barred=0&region_code=652301002&unit_name={name}")

    assert answer.status_code == status
    assert ("This unit already belongs to a union." in text_of(answer)) is (status == 422)


def test_build_5_seven_depots_of_four_must_form_their_own(client: FlaskClient, cast: Cast) -> None:
    answer = text_of(client.get("/found/answer?workers=4&others=24&barred=0"))

    assert "Your depot must form a committee of its own" in answer
    assert "with 28 people your depot is there when all join" in answer


@pytest.mark.parametrize(
    ("query", "sent", "status"),
    [
        ("way=re_election", {}, 303),
        ("way=new_joint", {"units": "\0"}, 422),
        ("way=new_joint", {"group-²-name": "马晓"}, 400),
    ],
)
def test_what_nobody_types_ends_in_no_error(client, cast, query, sent, status):
    before = client.get(f"/found/form?{query}&{FOUR}")
    token = csrf(client, f"/found/form?way=join_joint&{FOUR}")

    answer = client.post(f"/found/form?{query}&{FOUR}", data={"csrf_token": token, **sent})

    assert (before.status_code < 500, answer.status_code) == (True, status)
