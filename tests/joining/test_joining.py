"""The worker's way: guide, answer, form, and what is kept."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select

from enrollment.joining import actions
from enrollment.rules.access import VISITOR
from enrollment.rules.eligibility import Facts, Group, Place, Relation
from enrollment.storage.applications import Application, JoinDetails
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Conflict, Refused
from tests import make
from tests.cast import csrf
from tests.conftest import counted

FORM = "/join/form?group=courier&relation=incomplete&work_region=652301002&home_region=652302001&place=industry"


def filled(client, path=FORM, **changes):
    """The form as a person fills it in."""
    page = client.get(path).get_data(as_text=True)
    key = re.search(r'name="submission_key"[^>]*value="([^"]+)"', page)[1]
    answers = {
        "csrf_token": csrf(client, path),
        "submission_key": key,
        "name": "阿卜杜拉•买买提",
        "identity": "６５２３０１ 19900101 0005",
        "phone": "+86 138-1234-5678",
        "identity_consent": "y",
    }
    return answers | changes


def joining(**changes):
    sent = {
        "submission_key": "k1",
        "name": "马晓",
        "identity": "652301199001010005",
        "phone": "13812345678",
        "identity_consent": True,
        "sharing_consent": False,
        "consent_version": "2026-11",
        "facts": Facts(group=Group.COURIER, relation=Relation.INCOMPLETE, work_region="652301002"),
        "employer_name": "",
        "place": Place.WORK,
        "visit_code": "",
    }
    return actions.Joining(**sent | changes)


def apply(sent, today=make.TODAY):
    return actions.apply_to_join(sent, by=VISITOR, now=make.NOW, today=today, review_working_days=5)


def test_both_quoted_questions_stand_on_the_first_page(client):
    page = client.get("/").get_data(as_text=True)

    assert 'href="/join/answer?group=truck_driver&amp;relation=affiliated_owner"' in page
    assert 'href="/found?workers=4"' in page


def test_three_taps_lead_to_the_answer(client):
    first = client.get("/").get_data(as_text=True)
    second = client.get("/join").get_data(as_text=True)
    third = client.get("/join?group=truck_driver").get_data(as_text=True)

    assert 'href="/join"' in first
    assert 'href="/join?group=truck_driver"' in second
    assert 'href="/join/answer?relation=affiliated_owner&amp;group=truck_driver"' in third
    assert "Yes, you can join" in client.get("/join/answer?relation=affiliated_owner&group=truck_driver").get_data(
        as_text=True
    )


def test_the_answer_names_the_real_union_of_the_trade(client, cast):
    page = client.get(FORM.replace("/join/form", "/join/answer")).get_data(as_text=True)

    assert cast.joint_union.name in page
    assert "1. The union where you work" in page
    assert "3. The union of your trade" in page


def test_the_answer_cites_the_article_of_today(client):
    page = client.get("/join/answer?group=courier&relation=labor_contract&work_region=652301002").get_data(as_text=True)

    assert "《中华人民共和国工会法》（2021年修正）第三条第二款" in page


def test_an_employer_with_a_union_is_found_by_name(client, cast):
    asked = "/join/answer?group=courier&relation=labor_contract&work_region=652301001&employer_name=顺达快递有限公司"
    page = client.get(asked).get_data(as_text=True)

    assert cast.shunda_union.name in page
    assert "Your employer has a union: its employees join there" in page


def test_an_odd_address_is_answered_with_the_guide_and_not_with_a_trace(client):
    assert client.get("/join/answer?group=pilot").status_code == 422
    assert client.get("/join/form?group=pilot").status_code == 303


def test_the_form_makes_one_application_in_normal_form(client, session, cast):
    answer = client.post(FORM, data=filled(client))

    row = session.scalars(select(Application)).one()
    details = session.scalars(select(JoinDetails)).one()
    assert answer.status_code == 303
    assert answer.location == f"/status/{row.link}"
    assert (row.kind, row.county_code, row.state, row.union_id) == ("join", "652301", "submitted", cast.joint_union.id)
    assert (details.name, details.identity, details.phone) == (
        "阿卜杜拉·买买提",
        "652301199001010005",
        "13812345678",
    )
    assert (details.identity_masked, details.phone_masked) == ("**************0005", "138****5678")
    assert (details.sex, details.born_on) == ("2", date(1990, 1, 1))
    assert (details.identity_consent, details.sharing_consent, details.place) == (True, False, "industry")


def test_numbers_are_not_in_clear_in_the_database(client, session, cast):
    client.post(FORM, data=filled(client))

    kept = session.connection().exec_driver_sql("SELECT identity, phone FROM join_details").one()
    assert b"652301199001010005" not in bytes(kept[0])
    assert b"13812345678" not in bytes(kept[1])


def test_a_second_tap_is_the_same_application(client, session, cast):
    answers = filled(client)

    first, second = client.post(FORM, data=answers), client.post(FORM, data=answers)

    assert first.location == second.location
    assert session.scalar(select(func.count()).select_from(Application)) == 1


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("identity", "652301199001010006", "The last character does not fit the others: a digit is probably mistyped."),
        ("identity", "652301199002300005", "Digits 7 to 14 of the identity number are no real birth date."),
        ("identity", "65230119900101", "The identity number must have 18 characters. Count them once more."),
        ("phone", "0994123456", "A mobile number has 11 digits and begins with 13 to 19."),
        ("name", "王5", "The name has characters that do not belong in a name."),
        ("identity_consent", "", "Without your agreement to the identity number the application cannot be handled."),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_lost(client, session, cast, field, typed, words):
    answer = client.post(FORM, data=filled(client, **{field: typed}))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    assert 'value="+86 138-1234-5678"' in page or field == "phone"
    assert session.scalar(select(func.count()).select_from(Application)) == 0


def test_the_part_alone_comes_back_for_htmx(client, cast):
    answer = client.post(FORM, data=filled(client, identity="1"), headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert answer.get_data(as_text=True).lstrip().startswith('<form class="form" id="join-form"')


def test_a_page_open_too_long_keeps_what_was_typed(client, session, cast):
    answer = client.post(FORM, data=filled(client, csrf_token="stale"))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "This page was open for too long. Nothing is lost: please send it once more." in page
    assert 'value="阿卜杜拉•买买提"' in page
    assert session.scalar(select(func.count()).select_from(Application)) == 0


def test_somebody_under_16_is_told_from_when_on(client, session, cast):
    child = make.identity_number(date(2024, 1, 1))

    answer = client.post(FORM, data=filled(client, identity=child))

    assert answer.status_code == 422
    assert "Under 16 years of age" in answer.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(Application)) == 0


def test_a_member_is_told_how_to_transfer_and_a_stranger_learns_no_more(client, session, cast):
    make.member(session, cast.shunda_union, identity="652301199001010005", name="古丽")

    answer = client.post(FORM, data=filled(client))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "How to move your membership" in page
    assert "古丽" not in page
    assert cast.shunda_union.name not in page


def test_a_second_application_of_the_same_person_waits_for_the_first(client, session, cast):
    make.join_application(session, identity="652301199001010005", name="古丽")

    page = client.post(FORM, data=filled(client)).get_data(as_text=True)

    assert "An application with this identity number is already under way." in page
    assert "古丽" not in page


def test_the_code_of_a_visit_travels_into_the_application(client, session, cast):
    visit = make.visit(session)

    led = client.get(f"/v/{visit.code}")
    client.post(f"{FORM}&visit={visit.code}", data=filled(client))

    assert led.location == f"/join?visit={visit.code}"
    assert session.scalars(select(Application)).one().visit_id == visit.id
    assert client.get("/v/nothing").status_code == 404


def test_due_after_five_working_days_of_the_official_calendar(context, cast):
    assert apply(joining(), today=date(2021, 9, 30)).due_on == date(2021, 10, 13)  # National Day week, then a Saturday


def test_no_place_at_all_goes_to_the_prefecture(context, cast):
    sent = joining(facts=Facts(group=Group.COURIER), place=Place.POOL)

    assert (apply(sent).county_code, apply(sent).union_id) == ("652300", None)


def test_a_union_not_founded_yet_means_the_pool(context, cast):
    assert apply(joining(place=Place.WORK)).union_id == cast.city_pool.id


def test_whoever_employs_others_is_sent_to_a_person(context, cast):
    facts = Facts(relation=Relation.BOSS, hires=2, work_region="652302001")

    application = apply(joining(facts=facts, place=Place.POOL))

    assert (application.county_code, application.state) == ("652302", "submitted")


def test_ground_of_the_corps_is_referred(context, session, cast):
    facts = Facts(relation=Relation.BINGTUAN, work_region="652301503")

    with pytest.raises(Refused) as no:
        apply(joining(facts=facts))

    assert no.value.reasons == ("bingtuan",)
    assert session.scalar(select(func.count()).select_from(Application)) == 0


def test_the_act_leaves_one_audit_line_without_personal_data(context, session, cast):
    number = apply(joining()).number

    line = session.scalars(select(AuditEntry).where(AuditEntry.act == "apply")).one()
    assert (line.subject, line.actor, line.note) == (number, "visitor", "")


def test_statements_of_the_public_pages_are_few(client, cast, statements):
    for path, most in (("/", 0), ("/join", 0), ("/join?group=courier", 0), (FORM, 4)):
        with counted(statements) as sent:
            client.get(path)
        assert len(sent) <= most, (path, sent)


def test_the_health_of_the_database_is_asked(client):
    assert client.get("/healthz").get_data(as_text=True) == "ok\n"


def test_twenty_taps_at_once_are_one_application(app, session, cast):
    def tap(_n):
        with app.app_context():
            return apply(joining()).number

    with ThreadPoolExecutor(max_workers=8) as pool:
        numbers = set(pool.map(tap, range(20)))

    assert len(numbers) == 1
    assert session.scalar(select(func.count()).select_from(Application)) == 1


def test_a_clash_that_is_no_second_tap_is_not_hidden(context, cast, monkeypatch):
    monkeypatch.setattr(actions, "number_for", lambda _today: "211130-SAME2")
    apply(joining())

    with pytest.raises(Conflict):
        apply(joining(submission_key="k2", identity="652302198802290002"))
