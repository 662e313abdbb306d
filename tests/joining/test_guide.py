"""The guide in the browser's eyes: one question a page, answers in the address, an answer that can be passed on."""

import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from enrollment.joining import actions, wording
from enrollment.rules import guide
from enrollment.rules.access import VISITOR
from enrollment.rules.eligibility import Facts
from enrollment.rules.guide import Question
from enrollment.rules.regions import COUNTIES
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Conflict
from enrollment.storage.referrals import Referral
from tests import make
from tests.cast import csrf
from tests.conftest import counted

OWNER = "group=truck_driver&pay=myself&papers=company&hires=0"
ANSWER = f"/join/answer?{OWNER}&work_region=ZD&home_region=652328100"
CORPS = "/join/answer?group=courier&pay=station&work_region=652323520"


def text(client, path):
    return client.get(path).get_data(as_text=True)


def rows(page):
    """The addresses of the answers on a page of the guide, by their words."""
    found = re.findall(r'big-choice" href="([^"]+)">\s*<span[^>]*><span[^>]*>([^<]+)<', page)
    return {words.replace("&#39;", "'"): address.replace("&amp;", "&") for address, words in found}


def follow(client, path, *taps):
    """The address where these taps lead."""
    for tap in taps:
        path = rows(text(client, path))[tap]
    return path


def test_both_quoted_questions_stand_on_the_first_page(client):
    page = text(client, "/")

    assert 'href="/join/answer?group=truck_driver&amp;pay=myself&amp;papers=company"' in page
    assert 'href="/found?workers=4"' in page


def test_three_taps_lead_to_the_answer(client):
    address = follow(client, "/join", "Food delivery rider", "A station or contractor, by the piece")

    assert 'href="/join"' in text(client, "/")
    assert address == "/join/answer?group=food_rider&pay=station"
    assert "Yes, you can join" in text(client, address)


def test_the_owner_of_an_affiliated_truck_is_found_by_plain_questions(client):
    taps = ("Truck driver", "Nobody: the truck is my own", "A company's", "No, nobody")

    assert follow(client, "/join", *taps) == f"/join/answer?{OWNER}"


def test_places_are_asked_one_a_page_and_end_in_the_answer(client, cast):
    start = "/join?group=food_rider&pay=app&places=y"
    taps = ("木垒哈萨克自治县", "木垒镇", "Where I work")

    assert follow(client, start, *taps) == (
        "/join/answer?group=food_rider&pay=app&work_region=652328100&home_region=652328100&places=y"
    )


def test_the_company_is_asked_in_words_and_its_union_only_when_we_do_not_know(client, cast):
    start = f"/join?{OWNER}&work_region=652301001&home_region=652301001&places=y"
    known = client.get(f"{start}&employer_name=顺达快递有限公司")

    assert 'name="employer_name"' in text(client, start)
    assert known.status_code == 303
    assert urlsplit(known.location).path == "/join/answer"
    assert "Does it have a union that takes you in?" in text(client, f"{start}&employer_name=别处的公司")


def test_back_leads_to_the_question_before(client):
    page = text(client, "/join?group=courier&pay=wage")

    assert 'href="/join?group=courier" rel="prev"' in page
    assert 'rel="prev"' not in text(client, "/join")


def test_an_answer_nobody_offered_is_asked_again_and_is_no_trace(client):
    assert "What work do you do?" in text(client, "/join?group=pilot")
    assert "Who pays you?" in text(client, "/join?group=courier&pay=gold")
    assert client.get("/join/answer?group=pilot&on=yesterday").status_code == 200


def test_what_travels_along_stays_on_every_page(client, cast):
    page = text(client, f"/join?via=e-{cast.shunda.code}&group=courier")

    assert f"/join/answer?group=courier&amp;pay=station&amp;via=e-{cast.shunda.code}" in page
    assert "顺达快递有限公司" in page


def test_the_answer_ranks_every_real_union_and_the_pool_last(client, session, cast):
    trade = make.union(session, name="昌吉市快递行业工会联合会", kind="industry", group="courier", region_code="652301")
    street = make.union(session, name="延安北路街道工会", kind="township", region_code="652301002")

    page = text(client, "/join/answer?group=courier&pay=station&work_region=652301002&home_region=652302001")

    names = re.findall(r"<strong>([^<]+)</strong>", page)
    assert names == [street.name, "阜康市 博峰街道", trade.name, cast.joint_union.name, cast.city_pool.name]
    assert re.findall(r"/join/form[^\"]*place=(\w+)", page) == ["work", "industry", "industry", "pool"]  # what stands


def test_a_past_day_shows_the_unions_of_that_day(client, session, cast):
    make.union(session, name="后来的工会", kind="township", region_code="652301002", founded_on=date(2022, 1, 1))
    asked = "/join/answer?group=courier&pay=station&work_region=652301002"

    assert "后来的工会" not in text(client, f"{asked}&on=2021-12-31")
    assert "后来的工会" in text(client, f"{asked}&on=2022-01-01")
    company = "/join/answer?group=courier&pay=wage&contract=signed&employer_name=顺达快递有限公司&work_region=652301001"
    assert cast.shunda_union.name in text(client, f"{company}&on=2020-01-01")
    assert cast.shunda_union.name not in text(client, f"{company}&on=2019-12-31")


def test_who_works_and_lives_elsewhere_is_told_where_to_go(client, cast):
    page = text(client, "/join/answer?group=food_rider&pay=app&work_region=outside&home_region=outside")

    assert "Call 12351 there: the union of that place takes you in." in page


def test_a_poster_answers_without_counting_and_back_keeps_it(client, cast):
    page = text(client, f"/join?via=e-{cast.shunda.code}&group=courier&work_region=652301001&employer_name=顺达")

    assert "Question 2" in page
    assert "work_region=652301001" in re.search(r'href="([^"]+)" rel="prev"', page)[1]


def test_the_employers_own_union_ends_the_search(client, cast):
    asked = "/join/answer?group=courier&pay=wage&contract=signed&work_region=652301001&employer_name=顺达快递有限公司"
    page = text(client, asked)

    assert re.findall(r"<strong>([^<]+)</strong>", page) == [cast.shunda_union.name]
    assert "Your employer has a union: its employees join there" in page


def test_the_law_is_that_of_the_day_asked_about(client, cast):
    today, then = text(client, ANSWER), text(client, f"{ANSWER}&on=2021-11-30")

    assert "《中华人民共和国工会法》（2021年修正）第三条第二款" in today
    assert "第三条第二款" not in then
    assert "《中华人民共和国工会法》（2009年修正）第三条, as in force on 2021-11-30" in then


def test_the_picture_carries_a_permanent_link_and_nothing_personal(client, cast):
    page = text(client, f"{ANSWER.replace('answer', 'answer/picture')}&on=2026-11-25&employer_name=顺达&via=e-1")

    link = f"http://localhost/join/answer?{OWNER}&work_region=ZD&on=2026-11-25"
    assert link.replace("&", "&amp;") in page
    assert "顺达" not in page
    assert "652328100" not in page.split("<main")[1].split("<footer")[0]  # nor where somebody lives
    assert 'src="data:image/png;base64,' in page
    assert "Yes, you can join" in text(client, link.replace("http://localhost", ""))


@pytest.mark.parametrize(
    ("told", "words", "button"),
    [
        ("group=courier&pay=myself&hires=2", "A person at the county union will look at it", "place=pool"),
        ("group=courier&pay=pension", "Were you a member before you retired?", "place=pool"),
        ("group=courier&member=y", "You move it from your card.", "/status"),
        ("group=courier&work_region=652323520", "Take the referral slip", "/join/referral"),
        ("group=food_rider&pay=several&work_region=outside", "in one union at a time", "place=pool"),
    ],
)
def test_whatever_is_answered_there_is_a_next_step(client, cast, told, words, button):
    page = text(client, f"/join/answer?{told}")

    assert words in page
    assert button in page


def test_a_referral_to_the_corps_is_logged_without_a_name(client, session, cast):
    page = text(client, CORPS)
    key = re.search(r'name="submission_key"[^>]*value="([^"]+)"', page)[1]
    sent = {"csrf_token": csrf(client, CORPS), "submission_key": key}

    first = client.post(CORPS.replace("answer", "referral"), data=sent)
    second = client.post(CORPS.replace("answer", "referral"), data=sent)

    [row] = session.scalars(select(Referral))
    line = session.scalars(select(AuditEntry).where(AuditEntry.act == "refer")).one()
    assert first.location == second.location == f"/join/referral/{row.code}"
    assert (row.county_code, row.work_region, row.group) == ("652323", "652323520", "courier")
    assert (line.subject, line.actor) == (row.code, "visitor")
    slip = text(client, first.location)
    assert row.code in slip
    assert "呼图壁县 一零五团" in slip


def test_a_clash_of_numbers_is_not_taken_for_a_second_tap(context, session, monkeypatch):
    monkeypatch.setattr(actions, "new_code", lambda _length: "SAMECODE")
    facts = Facts(work_region="652323520")
    actions.take_referral(facts, "first", by=VISITOR, now=make.NOW)

    with pytest.raises(Conflict):
        actions.take_referral(facts, "second", by=VISITOR, now=make.NOW)


def test_a_referral_needs_its_token_and_its_case(client, session, cast):
    assert client.post(CORPS.replace("answer", "referral"), data={}).location.startswith("/join/answer?")
    token = csrf(client, CORPS)
    refused = client.post("/join/referral?group=courier", data={"csrf_token": token, "submission_key": "K" * 24})

    assert refused.status_code == 422
    assert "This place of work is not on ground of the Corps." in refused.get_data(as_text=True)
    assert client.get("/join/referral/NONE").status_code == 404
    assert session.scalar(select(func.count()).select_from(Referral)) == 0


def test_every_question_and_every_answer_has_words(app):
    every = {question: guide.choices(question, {"group": "courier"}) for question in Question}
    every[Question.PAY] = tuple(guide.Pay)
    every[Question.WORK_REGION] = ("652328100", "652328")
    with app.test_request_context("/?lang=en"):
        for question, offered in every.items():
            assert str(wording.QUESTIONS[question])
            assert all(wording.words(question, answer, {"work_county": "652328"}) for answer in offered)
        assert wording.words(Question.WORK_REGION, "652328", {"work_county": "652328"}).startswith("Elsewhere in")
        assert wording.words(Question.WORK_COUNTY, "652328", {}) == COUNTIES["652328"]
        assert wording.words(Question.PAY, "app", {"group": "truck_driver"}) == "The app, load by load"


def test_statements_of_the_public_pages_are_few(client, cast, statements):
    company = f"{ANSWER}&employer_name=顺达快递有限公司"
    for path, most in (("/", 0), ("/join", 0), ("/join?group=courier", 0), (ANSWER, 1), (company, 5)):
        with counted(statements) as sent:
            client.get(path)
        assert len(sent) <= most, (path, sent)


def test_the_health_of_the_database_is_asked(client):
    assert client.get("/healthz").get_data(as_text=True) == "ok\n"


@pytest.mark.parametrize(
    ("way", "steps", "said"),
    [
        ("new_joint", ("started", "submitted", "group_approved"), True),
        ("new_joint", ("started", "submitted"), False),
        ("join_joint", ("submitted",), False),
    ],
)
def test_a_depot_that_founds_says_so_to_its_own_people(client, cast, session, way, steps, said):
    make.founding_application(
        session, way=way, steps=steps, union_name="昌吉市新快递行业联合工会委员会",
        units=({"employer_id": cast.shunda.id, "name": "顺达"}, {}),
    )  # fmt: skip

    shown = text(client, f"{ANSWER}&via=e-{cast.shunda.code}")

    assert ("Your depot is founding 昌吉市新快递行业联合工会委员会" in shown) is said
    assert "is founding" not in text(client, f"{ANSWER}&via=u-{cast.shunda_union.code}")
