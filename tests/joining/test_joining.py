"""The form, and what is kept of it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from enrollment.joining import actions
from enrollment.joining.notice import notice
from enrollment.messages import codes
from enrollment.rules.access import VISITOR
from enrollment.rules.applications import Step
from enrollment.rules.eligibility import Facts, Group, Place, Relation
from enrollment.storage.applications import Application, ApplicationAct, JoinDetails, Notice
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Conflict, Refused
from enrollment.storage.outbox import Message
from enrollment.web import clock
from tests import make
from tests.cast import csrf
from tests.conftest import counted

FORM = "/join/form?group=courier&pay=station&work_region=652301002&home_region=652302001&place=industry"
TRUCK = "/join/form?group=truck_driver&pay=myself&papers=company&hires=0&work_region=652301002&place=pool"
IDENTITY = "652301199001010005"


def filled(client, path=FORM, **changes):
    """The form as a person fills it in, sent without a code."""
    page = client.get(path).get_data(as_text=True)
    key = re.search(r'name="submission_key"[^>]*value="([^"]+)"', page)[1]
    answers = {
        "csrf_token": csrf(client, path),
        "submission_key": key,
        "name": "阿卜杜拉•买买提",
        "identity": "６５２３０１ 19900101 0005",
        "phone": "+86 138-1234-5678",
        "identity_consent": "y",
        "without_code": "y",
    }
    return {name: value for name, value in (answers | changes).items() if value is not None}


def with_code(app, client, path=FORM, **changes):
    """The form with the code that was sent to its phone."""
    answers = filled(client, path, without_code=None, **changes)
    sent = client.post(path, data=answers | {"send_code": "y"})
    assert sent.status_code == 200
    with app.app_context():
        return answers | {"code": codes.code_on_page("13812345678", "join", now=clock.now())}


@pytest.fixture
def words(app):
    with app.test_request_context("/?lang=en"):
        return notice()


def joining(words, **changes):
    sent = {
        "token": "k1",
        "name": "马晓",
        "identity": IDENTITY,
        "phone": "13812345678",
        "notice": words,
        "sharing_consent": False,
        "facts": Facts(group=Group.COURIER, relation=Relation.INCOMPLETE, work_region="652301002"),
        "employer_name": "",
        "place": Place.WORK,
        "confirmed_by": "code",
    }
    return actions.Joining(**sent | changes)


def apply(sent, today=make.TODAY):
    return actions.apply_to_join(sent, by=VISITOR, now=make.NOW, today=today, review_working_days=5)


def how_many(session):
    return session.scalar(select(func.count()).select_from(Application))


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [FORM, TRUCK, f"{TRUCK}&colleague=y"])
def test_at_most_eight_questions_are_asked(client, cast, path):
    page = client.get(path).get_data(as_text=True)

    asked = set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page)) - {"csrf_token", "submission_key"}
    assert len(asked) <= 8
    assert {"name", "identity", "phone", "code", "identity_consent", "sharing_consent"} <= asked
    assert ("plate" in asked) is (path == TRUCK)
    assert len(re.findall("<legend", page)) == 3 + ("colleague" in path)


def test_numbers_are_typed_on_a_number_pad_and_filled_in_by_the_phone(client, cast):
    page = client.get(FORM).get_data(as_text=True)

    fields = {re.search('name="([^"]+)"', tag)[1]: tag for tag in re.findall("<input[^>]+>", page) if "name=" in tag}
    assert 'inputmode="tel"' in fields["phone"]
    assert 'autocomplete="tel"' in fields["phone"]
    assert 'inputmode="numeric"' in fields["code"]
    assert 'autocomplete="one-time-code"' in fields["code"]
    assert 'autocomplete="name"' in fields["name"]
    assert 'autocomplete="off"' in fields["identity"]


def test_the_notice_stands_before_the_two_separate_agreements(client, cast, words):
    page = client.get(FORM).get_data(as_text=True).replace("&#39;", "'")

    places = [page.index(line) for line in (*words.lines, words.identity_consent, words.sharing_consent)]
    assert places == sorted(places)
    assert page.index(words.lines[0]) < page.index('name="identity_consent"') < page.index('name="sharing_consent"')


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_the_form_makes_one_application_in_normal_form(client, session, cast):
    answer = client.post(FORM, data=filled(client))

    row = session.scalars(select(Application)).one()
    details = session.scalars(select(JoinDetails)).one()
    assert answer.status_code == 303
    assert answer.location == f"/status/{row.link}"
    assert (row.kind, row.county_code, row.state, row.union_id) == ("join", "652301", "submitted", cast.joint_union.id)
    assert (details.name, details.identity, details.phone) == (
        "阿卜杜拉·买买提",
        IDENTITY,
        "13812345678",
    )
    assert (details.identity_masked, details.phone_masked) == ("**************0005", "138****5678")
    assert (details.sex, details.born_on) == ("2", date(1990, 1, 1))
    assert (details.identity_consent, details.sharing_consent, details.place) == (True, False, "industry")
    assert (details.confirmed_by, details.filled_by_name, details.plate) == ("", "", "")


def test_the_union_chosen_among_several_of_a_place_is_the_one_applied_to(client, session, cast):
    make.union(session, name="昌吉市快递行业工会联合会", kind="industry", group="courier", region_code="652301")

    client.post(f"{FORM}&union={cast.joint_union.code}", data=filled(client))

    assert session.scalars(select(Application)).one().union_id == cast.joint_union.id


def test_an_abolished_area_code_passes(client, session, cast):
    client.post(FORM, data=filled(client, identity="652303197508080006"))

    assert session.scalars(select(JoinDetails)).one().identity == "652303197508080006"


def test_a_plate_is_kept_without_its_dot_and_may_be_left_out(client, session, cast):
    client.post(TRUCK, data=filled(client, TRUCK, plate="新b·12345"))
    client.post(TRUCK, data=filled(client, TRUCK, identity="652302198802290002"))

    assert session.scalars(select(JoinDetails.plate).order_by(JoinDetails.application_id)).all() == ["新B12345", ""]


def test_numbers_are_not_in_clear_in_the_database(client, session, cast):
    client.post(FORM, data=filled(client))

    kept = session.connection().exec_driver_sql("SELECT identity, phone FROM join_details").one()
    assert IDENTITY.encode() not in bytes(kept[0])
    assert b"13812345678" not in bytes(kept[1])


def test_the_words_agreed_to_are_kept_once_and_can_be_read_again(client, session, cast, words):
    client.post(FORM, data=filled(client))
    client.post(FORM, data=filled(client, identity="652302198802290002"))

    [kept] = session.scalars(select(Notice))
    assert (kept.digest, kept.version, kept.language, kept.text) == (words.digest, "2026-12", "en", words.text)
    assert set(session.scalars(select(JoinDetails.notice_digest))) == {words.digest}
    page = client.get(f"/join/notice/{words.digest}").get_data(as_text=True)
    assert all(line in page for line in words.lines[:3])
    assert client.get("/join/notice/none").status_code == 404


def test_words_that_changed_need_a_new_version(words):
    """Whoever changes the notice changes ``VERSION`` and this digest with it."""
    assert (words.version, words.digest[:16]) == ("2026-12", "7d960b873746bed4")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("identity", "652301199001010006", "The last character does not fit the others: a digit is probably mistyped."),
        ("identity", "652301199002300005", "Digits 7 to 14 of the identity number are no real birth date."),
        ("identity", "65230119900101", "The identity number must have 18 characters. Count them once more."),
        ("phone", "0994123456", "A mobile number has 11 digits and begins with 13 to 19."),
        ("name", "王5", "The name has characters that do not belong in a name."),
        ("identity_consent", "", "Without your agreement to the identity number the application cannot be handled."),
        ("without_code", "", "Enter the six digits."),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_lost(client, session, cast, field, typed, said):
    answer = client.post(FORM, data=filled(client, **{field: typed}))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert 'value="+86 138-1234-5678"' in page or field == "phone"
    assert how_many(session) == 0


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
    assert how_many(session) == 0


# --- the code ---------------------------------------------------------------------------------------------------------


def test_a_code_is_sent_before_anything_else_is_typed(client, session, cast):
    answers = dict.fromkeys(("name", "identity", "code"), "")
    page = client.post(FORM, data=filled(client, without_code=None, **answers, send_code="y")).get_data(as_text=True)

    assert "A code of six digits is on its way to 138****5678." in page
    assert "Demo: no message is sent. The code is" in page
    assert session.scalars(select(Message.template)).all() == ["phone_code"]
    assert how_many(session) == 0


def test_no_code_goes_to_what_is_no_phone(client, session, cast):
    answer = client.post(FORM, data=filled(client, phone="12", send_code="y"))

    assert answer.status_code == 422
    assert session.scalars(select(Message)).all() == []


def test_a_second_code_has_to_wait_a_minute(client, session, cast):
    answers = filled(client, send_code="y")

    client.post(FORM, data=answers)
    answer = client.post(FORM, data=answers)

    assert answer.status_code == 422
    assert len(session.scalars(select(Message)).all()) == 1


def test_with_the_code_the_phone_is_confirmed(app, client, session, cast):
    answer = client.post(FORM, data=with_code(app, client))

    assert answer.status_code == 303
    assert session.scalars(select(JoinDetails.confirmed_by)).one() == "code"
    assert session.scalars(select(Message.template).order_by(Message.id)).all() == [
        "phone_code",
        "application_received",
    ]


def test_a_wrong_code_is_said_and_nothing_is_sent_or_lost(app, client, session, cast):
    answers = with_code(app, client)
    wrong = f"{(int(answers['code']) + 1) % 1_000_000:06}"

    answer = client.post(FORM, data=answers | {"code": wrong})

    assert answer.status_code == 422
    assert 'id="code-error"' in answer.get_data(as_text=True)
    assert 'value="阿卜杜拉•买买提"' in answer.get_data(as_text=True)
    assert how_many(session) == 0


def test_a_retry_after_a_lost_answer_needs_no_living_code(app, client, session, cast, monkeypatch):
    answers = with_code(app, client)
    first = client.post(FORM, data=answers)
    later = clock.now() + timedelta(minutes=30)
    monkeypatch.setattr(clock, "now", lambda: later)

    second = client.post(FORM, data=answers)

    assert (second.status_code, second.location) == (303, first.location)
    assert how_many(session) == 1


# --- for a colleague --------------------------------------------------------------------------------------------------


def test_an_organizer_fills_in_and_keeps_the_signature(client, session, cast):
    path = f"{FORM}&colleague=y"
    sent = filled(client, path, filled_by_name="组织员王", confirmed_by="signature", without_code=None)

    answer = client.post(path, data=sent)

    details = session.scalars(select(JoinDetails)).one()
    act = session.scalars(select(ApplicationAct)).one()
    row = session.scalars(select(Application)).one()
    assert answer.location == f"/join/receipt/{row.number}"
    assert row.link not in client.get(answer.location).get_data(as_text=True)
    assert details.phone_confirmed_at is None
    assert (details.filled_by_name, details.confirmed_by) == ("组织员王", "signature")
    assert (act.step, act.actor) == ("submitted", "组织员王")


def test_a_colleague_without_a_phone_signs(client, session, cast):
    path = f"{FORM}&colleague=y"
    sent = filled(client, path, filled_by_name="组织员王", confirmed_by="signature", phone="", without_code=None)
    by_code = client.post(path, data=sent | {"confirmed_by": "code", "code": "123456"})

    assert by_code.status_code == 422
    assert client.post(path, data=sent).status_code == 303
    details = session.scalars(select(JoinDetails)).one()
    assert (details.phone, details.phone_masked) == ("", "")


def test_an_organizer_says_who_fills_in(client, session, cast):
    path = f"{FORM}&colleague=y"
    answer = client.post(path, data=filled(client, path, confirmed_by="signature"))

    assert answer.status_code == 422
    assert 'id="filled_by_name-error"' in answer.get_data(as_text=True)


# --- once, however often it is sent -----------------------------------------------------------------------------------


def test_a_second_tap_is_the_same_application(client, session, cast):
    answers = filled(client)

    first, second = client.post(FORM, data=answers), client.post(FORM, data=answers)

    assert first.location == second.location
    assert how_many(session) == 1


def test_two_tabs_are_one_application_with_one_receipt(client, session, cast):
    one, other = filled(client), filled(client)

    first = client.post(FORM, data=one)
    second = client.post(FORM, data=other | {"name": "阿卜杜拉·买买提"})

    assert one["submission_key"] == other["submission_key"]
    assert first.location == second.location
    assert how_many(session) == 1


def test_two_colleagues_from_one_browser_are_two_applications(client, session, cast):
    one, other = filled(client), filled(client, identity="652302198802290002", phone="13912345678")

    client.post(FORM, data=one)
    client.post(FORM, data=other)

    assert how_many(session) == 2


def test_a_form_loaded_again_after_a_lost_answer_leads_to_the_same_receipt(client, session, cast):
    with client.session_transaction() as before:
        before["joining"] = "T" * 24
    first = client.post(FORM, data=filled(client))
    with client.session_transaction() as lost:
        lost["joining"] = "T" * 24  # the cookie of the answer never came

    second = client.post(FORM, data=filled(client))

    assert second.location == first.location
    assert how_many(session) == 1


def test_after_a_withdrawal_the_same_browser_applies_anew(client, session, cast):
    with client.session_transaction() as before:
        before["joining"] = "T" * 24
    make.join_application(
        session,
        steps=(Step.SUBMITTED, Step.WITHDRAWN),
        application={"submission_key": f"{'T' * 24}-x"},
        identity=IDENTITY,
    )

    assert client.post(FORM, data=filled(client)).status_code == 303
    assert how_many(session) == 2


def test_fifty_taps_at_once_are_one_application(app, session, cast, words):
    def tap(_n):
        with app.app_context():
            return apply(joining(words)).link

    with ThreadPoolExecutor(max_workers=50) as pool:
        links = set(pool.map(tap, range(50)))

    assert len(links) == 1
    assert how_many(session) == 1
    assert len(session.scalars(select(ApplicationAct)).all()) == 1
    assert len(session.scalars(select(Message)).all()) == 1


def test_one_person_from_many_phones_at_once_has_one_application(app, session, cast, words):
    def send(n):
        with app.app_context():
            try:
                return apply(joining(words, token=f"phone-{n}")).link
            except Refused as no:
                return no.reasons

    with ThreadPoolExecutor(max_workers=20) as pool:
        ends = list(pool.map(send, range(20)))

    assert how_many(session) == 1
    assert ends.count(("application_under_way",)) == 19


def test_a_clash_that_is_no_second_tap_is_not_hidden(context, cast, words, monkeypatch):
    monkeypatch.setattr(actions, "number_for", lambda _today: "211130-SAME2")
    apply(joining(words))

    with pytest.raises(Conflict):
        apply(joining(words, token="k2", identity="652302198802290002"))


# --- what stands in the way -------------------------------------------------------------------------------------------


def test_somebody_under_16_is_told_the_day_to_come_back(client, session, cast):
    child = make.identity_number(date(2024, 1, 1))

    answer = client.post(FORM, data=filled(client, identity=child))

    assert answer.status_code == 422
    assert "Under 16 years of age" in answer.get_data(as_text=True)
    assert "From 2040-01-01 on you can join." in answer.get_data(as_text=True)
    assert how_many(session) == 0


def test_somebody_of_sixteen_joins_like_anybody(context, session, cast, words):
    identity = make.identity_number(date(2005, 11, 30))
    facts = Facts(work_region="652301002", birth_date=date(2005, 11, 30))

    assert apply(joining(words, identity=identity, facts=facts)).state == "submitted"


def test_a_member_is_told_how_to_transfer_and_a_stranger_learns_no_more(app, client, session, cast):
    make.member(session, cast.shunda_union, identity=IDENTITY, name="古丽")

    answer = client.post(FORM, data=with_code(app, client))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "How to move your membership" in page
    assert "古丽" not in page
    assert cast.shunda_union.name not in page


def test_who_has_confirmed_nothing_learns_nothing_and_blocks_nobody(app, client, session, cast):
    """An employer with a list of identity numbers learns from no answer who is in the union."""
    make.member(session, cast.shunda_union, identity="652302198802290002")

    as_member = client.post(FORM, data=filled(client, identity="652302198802290002"))
    first = client.post(FORM, data=filled(client))
    theirs = client.post(FORM, data=with_code(app, client))

    assert (as_member.status_code, first.status_code) == (303, 303)
    assert theirs.status_code == 303
    assert how_many(session) == 3  # the desk sees the likeness of the last two


def test_what_comes_without_a_code_is_limited_by_address(client, session, cast):
    answers = [client.post(FORM, data=filled(client, identity=number(n))) for n in range(31)]

    assert [answer.status_code for answer in answers] == [303] * 30 + [422]
    assert "Too much was sent from here without a code." in answers[-1].get_data(as_text=True)
    assert how_many(session) == 30


def number(n):
    return make.identity_number(date(1990, 1, 1) + timedelta(days=n))


def test_a_second_application_of_the_same_person_waits_for_the_first(app, client, session, cast):
    make.join_application(session, identity=IDENTITY, name="古丽")

    page = client.post(FORM, data=with_code(app, client)).get_data(as_text=True)

    assert "An application with this identity number is already under way." in page
    assert "古丽" not in page


def test_the_code_of_a_poster_travels_into_the_application(client, session, cast):
    visit = make.visit(session)

    client.post(f"{FORM}&via=v-{visit.code}", data=filled(client))
    client.post(f"{FORM}&via=e-{cast.shunda.code}", data=filled(client, identity="652302198802290002"))
    client.post(f"{FORM}&via=e-GONE", data=filled(client, identity="652328198512310005"))

    rows = session.execute(
        select(Application.visit_id, Application.poster_employer_id, Application.event_id).order_by(Application.id)
    )
    assert [tuple(row) for row in rows] == [(visit.id, None, None), (None, cast.shunda.id, None), (None, None, None)]


def test_due_after_five_working_days_of_the_official_calendar(context, cast, words):
    # National Day week, then a Saturday
    assert apply(joining(words), today=date(2021, 9, 30)).due_on == date(2021, 10, 13)


def test_no_place_at_all_goes_to_the_prefecture(context, cast, words):
    sent = joining(words, facts=Facts(group=Group.COURIER), place=Place.POOL)

    assert (apply(sent).county_code, apply(sent).union_id) == ("652300", None)


def test_a_union_not_founded_yet_means_the_pool(context, cast, words):
    assert apply(joining(words, place=Place.WORK)).union_id == cast.city_pool.id


def test_a_place_that_is_not_lawful_here_means_the_pool(context, cast, words):
    application = apply(joining(words, place=Place.EMPLOYER))

    assert application.union_id == cast.city_pool.id


def test_whoever_employs_others_is_sent_to_a_person(context, cast, words):
    facts = Facts(relation=Relation.BOSS, hires=2, work_region="652302001")

    application = apply(joining(words, facts=facts, place=Place.POOL))

    assert (application.county_code, application.state) == ("652302", "submitted")


def test_ground_of_the_corps_is_referred(client, session, cast):
    path = FORM.replace("652301002", "652301503")

    answer = client.post(path, data=filled(client, path))

    assert answer.status_code == 422
    assert "See where the Corps takes you in" in answer.get_data(as_text=True)
    assert how_many(session) == 0


def test_the_act_leaves_one_audit_line_without_personal_data(context, session, cast, words):
    number = apply(joining(words)).number

    line = session.scalars(select(AuditEntry).where(AuditEntry.act == "apply")).one()
    assert (line.subject, line.actor, line.note) == (number, "visitor", "")


def test_statements_of_the_form_are_few(client, cast, statements):
    with counted(statements) as sent:
        client.get(FORM)

    assert len(sent) <= 2
