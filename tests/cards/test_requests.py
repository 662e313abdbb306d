"""What a member asks of the union: taken once, refused in words, and on the county's desk."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from html import unescape

import pytest
from sqlalchemy import func, select

from enrollment.cards import actions
from enrollment.cards.actions import Asked
from enrollment.rules.access import VISITOR
from enrollment.rules.requests import RequestKind
from enrollment.storage.applications import Application, RequestDetails
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.ledger import LedgerEntry
from enrollment.storage.outbox import Message
from tests import make
from tests.cast import NEXT_COUNTY, csrf, sign_in

NOW = datetime(2021, 11, 30, 4, 0, tzinfo=UTC)
TODAY = date(2021, 11, 30)


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setattr("enrollment.web.clock.now", lambda: NOW)


@pytest.fixture
def card(session, cast):
    return make.card(session, make.member(session, cast.shunda_union, name="马晓", phone="13912345678"))


def ask(client, card, kind, query="", **answers):
    """Send a request through its page, as a member does."""
    path = f"/card/{card.link}/ask/{kind}{query}"
    page = client.get(path).get_data(as_text=True)
    key = page.split('name="submission_key"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    sent = {"csrf_token": csrf(client, path), "submission_key": key, "tail": card.person.identity[-4:]}
    return client.post(path, data=sent | answers)


def text_of(answer):
    return unescape(answer.get_data(as_text=True))


ASKS = {
    "transfer": ({"words": "在快马网点上班"}, date(2021, 12, 15)),
    "retain": ({"cause": "unemployed"}, date(2021, 12, 7)),
    "leave": ({"sure": "y", "words": "回老家"}, date(2021, 12, 7)),
    "correct": ({"name": "马小", "work_region": "652301001", "home_region": "652301002"}, date(2021, 12, 30)),
    "close": ({"sure": "y"}, date(2021, 12, 30)),
}


@pytest.mark.parametrize("kind", ASKS)
def test_a_request_lands_in_the_queue_and_has_a_page_like_every_application(client, session, cast, card, kind):
    answers, due = ASKS[kind]

    answer = ask(client, card, kind, **answers)

    made = session.scalars(select(Application)).one()
    details = session.scalars(select(RequestDetails)).one()
    page = text_of(client.get(answer.location))
    queue = text_of(sign_in(client).get("/desk"))
    assert (answer.status_code, answer.location) == (303, f"/status/{made.link}")
    assert (made.kind, made.county_code, made.state, made.due_on) == (kind, "652301", "submitted", due)
    assert details.person_id == card.person_id
    assert made.number in page
    assert f"{due} (local time limit)" in page
    assert "County union of 昌吉市" in page
    assert made.number in queue
    assert "马晓" in queue
    assert session.scalars(select(AuditEntry.subject).where(AuditEntry.act == "ask_union")).one() == made.number
    assert made.number not in text_of(sign_in(client, NEXT_COUNTY).get("/desk"))


def test_the_card_shows_what_is_under_way(client, session, card):
    answer = ask(client, card, "retain", cause="retired")

    page = text_of(client.get(f"/card/{card.link}"))

    assert f'href="{answer.location}"' in page
    assert "With the county union" in page


def test_a_transfer_names_a_union_of_the_county_chosen(client, session, cast, card):
    own = text_of(client.get(f"/card/{card.link}/ask/transfer"))
    there = text_of(client.get(f"/card/{card.link}/ask/transfer?county=652302"))
    ask(client, card, "transfer", "?county=652302", to_union=cast.fukang_pool.code)

    page = text_of(client.get(f"/status/{session.scalars(select(Application.link)).one()}"))
    assert own.index(cast.joint_union.name) < own.index(cast.city_pool.name)  # the holding pool comes last
    assert cast.shunda_union.name not in own.split('id="to_union"')[1].split("</select>")[0]
    assert cast.fukang_pool.name in there
    assert cast.fukang_union.name not in there  # of one unit: takes in nobody else
    assert session.scalars(select(RequestDetails.to_union_id)).one() == cast.fukang_pool.id
    assert "阜康市会员周转库" in page


def test_an_odd_county_is_the_own_one(client, cast, card):
    assert cast.city_pool.name in text_of(client.get(f"/card/{card.link}/ask/transfer?county=XX"))


def test_a_retained_member_can_ask_to_come_back_to_the_same_union(client, session, cast):
    card = make.card(session, make.member(session, cast.joint_union))
    make.entry(session, card.person, cast.joint_union, "retained", on=date(2021, 11, 1))

    answer = ask(client, card, "transfer", to_union=cast.joint_union.code)

    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("kind", "answers", "sentence"),
    [
        ("transfer", {}, "Choose a union, or write where you work now."),
        ("retain", {}, "Choose one."),
        ("leave", {}, "Please confirm it."),
        ("correct", {"name": "马晓", "phone": "123"}, "A mobile number has 11 digits"),
        (
            "correct",
            {"name": "马晓", "work_region": "652301001", "home_region": "652301001"},
            "Nothing of this differs",
        ),
        ("close", {}, "Please confirm it."),
    ],
)
def test_what_is_lacking_is_said_and_nothing_is_made(client, session, cast, card, kind, answers, sentence):
    answer = ask(client, card, kind, **answers)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert session.scalar(select(func.count()).select_from(Application)) == 0


@pytest.mark.parametrize(
    ("standing", "kind", "sentence"),
    [
        (None, "erase", "You are still in the union. Leave it first"),
        ("retained", "retain", "Membership is retained"),
        ("exited", "leave", "Has left"),
        ("exited", "transfer", "Has left"),
    ],
)
def test_what_the_standing_does_not_allow_is_said_before_and_after(
    client, session, cast, card, standing, kind, sentence
):
    if standing:
        make.entry(session, card.person, cast.shunda_union, standing, on=date(2021, 11, 1))
    path = f"/card/{card.link}/ask/{kind}"
    token = csrf(client, f"/card/{card.link}/ask/correct")
    answers = {"sure": "y", "cause": "retired", "words": "公司", "csrf_token": token, "submission_key": "K" * 24}

    shown, sent = client.get(path), client.post(path, data=answers)

    assert (shown.status_code, sent.status_code) == (200, 422)
    assert sentence in text_of(shown)
    assert 'name="submission_key"' not in text_of(shown)
    assert session.scalar(select(func.count()).select_from(Application)) == 0


def test_who_has_left_can_ask_to_be_deleted(client, session, cast, card):
    make.entry(session, card.person, cast.shunda_union, "exited", on=date(2021, 11, 1))

    assert ask(client, card, "erase", sure="y").status_code == 303


def test_nothing_else_can_be_asked_for(client, card):
    assert client.get(f"/card/{card.link}/ask/gold").status_code == 404


def test_a_correction_keeps_what_differs_sealed_and_shows_no_phone(client, session, card):
    sent = {"name": "马晓", "phone": "138 0000 1111", "work_region": "652302001", "home_region": "652301001"}
    answer = ask(client, card, "correct", **sent)

    told = session.scalars(select(RequestDetails.told)).one()
    page = text_of(client.get(answer.location))
    assert json.loads(told) == {"phone": "13800001111", "work_region": "652302001"}
    assert "139****5678" in text_of(client.get(f"/card/{card.link}/ask/correct"))
    assert "138****1111" in page
    assert "阜康市 博峰街道" in page
    assert "13800001111" not in page


def request_of(card, kind="retain", key="K" * 24, **more):
    asked = Asked(kind=RequestKind(kind), submission_key=key, cause="retired", **more)
    return actions.ask_union(card.link, asked, by=VISITOR, now=NOW, today=TODAY, review_working_days=5)


def test_a_second_tap_is_the_same_request(context, session, cast, card):
    assert request_of(card).number == request_of(card).number
    assert session.scalars(select(AuditEntry.note).order_by(AuditEntry.id)).all() == ["", "sent again"]


def test_a_second_request_of_a_kind_waits_for_the_first(context, session, cast, card):
    request_of(card)

    with pytest.raises(Refused) as no:
        request_of(card, key="L" * 24)

    assert no.value.reasons == ("request_under_way",)
    assert request_of(card, "close", key="M" * 24).kind == "close"


def test_the_action_itself_asks_the_rules(context, session, cast, card):
    with pytest.raises(Refused) as no:
        request_of(card, "erase")

    assert no.value.reasons == ("leave_first",)


def test_nobody_moves_and_leaves_at_once(client, session, cast, card):
    ask(client, card, "transfer", words="在快马网点上班")

    answer = ask(client, card, "leave", sure="y")
    copy = ask(client, card, "close", sure="y")

    assert answer.status_code == 422
    assert copy.status_code == 303


def test_the_link_alone_asks_for_nothing(client, session, card):
    answer = ask(client, card, "leave", sure="y", tail="9999")

    assert answer.status_code == 422
    assert "These are not the last four characters of the identity number kept here." in text_of(answer)
    assert session.scalars(select(RequestDetails)).all() == []


def test_guessing_the_end_of_the_number_ends(client, session, card):
    answers = [ask(client, card, "close", sure="y", tail=f"{n:04}") for n in range(9000, 9031)]

    assert "Too much was sent from here without a code." in text_of(answers[-1])
    assert ask(client, card, "close", sure="y").status_code == 422
    assert session.scalars(select(RequestDetails)).all() == []


def test_who_asks_is_told_by_message_on_a_phone_a_code_has_proved(client, session, card):
    ask(client, card, "leave", sure="y")
    card.person.phone_confirmed_at = NOW
    session.commit()
    ask(client, card, "close", sure="y")

    assert session.scalars(select(Message.template)).all() == ["application_received"]


def test_two_requests_at_one_moment_are_one(app, session, cast, card):
    def attempt(key):
        with app.app_context():
            try:
                return request_of(card, key=key * 24).number
            except Refused as no:
                return no.reasons

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(attempt, "KL"))

    assert ("request_under_way",) in found
    assert session.scalar(select(func.count()).select_from(Application)) == 1


@pytest.mark.parametrize("code", ["NONE", "own", "gone"])
def test_a_transfer_to_no_union_or_to_the_own_one_is_refused(context, session, cast, card, code):
    gone = make.union(session, kind="joint", dissolved_on=date(2021, 1, 1))
    to_union = {"own": cast.shunda_union.code, "gone": gone.code}.get(code, code)

    with pytest.raises(Refused) as no:
        request_of(card, "transfer", to_union=to_union)

    assert no.value.reasons == ("transfer_same_union" if code == "own" else "transfer_target_missing",)
    assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 1


def test_there_is_no_request_without_a_card(context, cast, card):
    card.link = "NONE"

    with pytest.raises(Missing):
        request_of(card)
