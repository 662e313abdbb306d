"""Finding an application again by the phone: for its owner alone, and nobody learns which phones are known."""

import json
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from enrollment.messages.office import Office, office, open_office
from enrollment.rules.applications import Step
from enrollment.storage.applications import JoinDetails
from enrollment.storage.cards import Card
from enrollment.storage.outbox import Message, PhoneCode
from enrollment.storage.people import PHONE
from enrollment.storage.vault import vault
from tests import make
from tests.cast import csrf
from tests.conftest import SETTINGS

KNOWN, UNKNOWN = "13800000001", "13900000009"
ON_THE_WAY = "If there is an application with this number, a code is on its way."
HTMX = {"HX-Request": "true"}


@pytest.fixture
def real(app):
    """Messages reach real phones: no page shows a code."""
    with app.app_context():
        before = office()
    open_office(app, Office(before.gateway, shows_codes=False, wake=before.wake))
    yield
    open_office(app, before)


@pytest.fixture
def two(session, cast):
    """Two applications of one phone."""
    first = make.join_application(session, at=make.NOW - timedelta(days=40))
    second = make.join_application(
        session, steps=(Step.SUBMITTED, Step.APPROVED), identity=make.identity_number(area="652302")
    )
    return first, second


def post(client, path, headers=None, **sent):
    return client.post(path, data={"csrf_token": csrf(client, "/status"), **sent}, headers=headers)


def ask(client, phone=KNOWN, **how):
    return post(client, "/status/phone", phone=phone, **how)


def enter(client, code, phone=KNOWN, **how):
    return post(client, "/status/phone/code", phone=phone, code=code, **how)


def text_of(answer):
    return answer.get_data(as_text=True)


def words_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer).split("<main", 1)[-1].split("</main>", 1)[0]))


def said(answer, phone):
    """The whole answer without its tokens and without the number that was entered."""
    text = re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", text_of(answer))
    return answer.status_code, text.replace(phone, "").replace(f"{phone[:3]}****{phone[-4:]}", "")


def code_for(session):
    """The code in the latest message."""
    session.rollback()
    message = session.scalars(select(Message).order_by(Message.id.desc())).first()
    return json.loads(message.values)["code"]


def sent_a_minute_ago(session):
    """Let a minute pass."""
    for row in session.scalars(select(PhoneCode)):
        row.sent_at -= timedelta(minutes=1)
    session.commit()


def test_both_ways_stand_on_one_page_and_apart(client, cast):
    text = text_of(client.get("/status"))

    assert re.findall(r'<form class="form" id="([a-z-]+)" method="post" action="([^"]+)"', text) == [
        ("find-form", "/status"),
        ("phone-form", "/status/phone"),
    ]
    assert re.findall(r'<legend class="weui-cells__title">([^<]+)<', text) == [
        "By the code of the receipt",
        "By mobile number",
    ]


def test_phone_and_code_lead_to_the_applications_newest_first(client, session, two):
    first, second = two
    asked = ask(client, "138 0000 0001")
    code = code_for(session)

    found = enter(client, f"{code[:3]} {code[3:]}")

    assert asked.status_code == found.status_code == 200
    assert ON_THE_WAY in words_of(asked)
    assert re.findall(r'href="(/status/LINK\d+)"', text_of(found)) == [
        f"/status/{second.link}",
        f"/status/{first.link}",
    ]
    words = words_of(found)
    assert f"Join a union · Approved {second.number} · 2021-11-30 12:00" in words
    assert f"Join a union · With the county union {first.number} · 2021-10-21 12:00" in words
    assert found.headers["Cache-Control"] == "no-store"
    assert enter(client, code).status_code == 200  # a second tap, or the answer was lost


def test_the_number_stands_in_no_address_and_is_shown_masked(client, session, two):
    answer = ask(client)

    assert "Code for 138****0001" in words_of(answer)
    assert KNOWN not in words_of(answer)
    assert re.findall(r'action="([^"]+)"', text_of(answer)) == ["/status/phone/code"]


def test_at_most_twenty_are_listed(client, session, cast):
    for n in range(21):
        make.join_application(
            session, identity=make.identity_number(date(1970 + n, 1, 1)), at=make.NOW + timedelta(minutes=n)
        )
    ask(client)

    links = re.findall(r'href="/status/(LINK\d+)"', text_of(enter(client, code_for(session))))

    assert (len(links), links == sorted(links, reverse=True)) == (20, True)


def test_htmx_gets_the_part_alone_at_each_step(client, session, two):
    asked = ask(client, headers=HTMX)
    found = enter(client, code_for(session), headers=HTMX)

    assert re.findall(r'<(?:html|form|div) [^>]*id="([a-z-]+)"', text_of(asked)) == ["code-form"]
    assert text_of(found).lstrip().startswith('<div id="applications">')


# --- nobody learns which numbers are known ------------------------------------------------------------------------


def test_known_and_unknown_numbers_get_the_same_answers(client, session, two, real):
    for answer in (
        lambda phone: ask(client, phone),
        lambda phone: ask(client, phone),  # too soon
        lambda phone: ask(client, phone, headers=HTMX),
        lambda phone: enter(client, "", phone),
        lambda phone: enter(client, "12345", phone),
        *[lambda phone: enter(client, other_than(session, phone), phone)] * 6,  # wrong, then spent
        lambda phone: post(client, "/status/phone/code", phone=phone, again="1"),
    ):
        known, unknown = said(answer(KNOWN), KNOWN), said(answer(UNKNOWN), UNKNOWN)
        assert known == unknown
        assert known[1].count("<") > 10

    messages = session.scalars(select(Message.phone)).all()
    assert messages == [KNOWN]


def other_than(session, phone):
    """Six digits that are not the code of this phone."""
    session.rollback()
    match = vault.match(phone, PHONE)
    sent = session.scalars(select(PhoneCode).where(PhoneCode.phone_match == match)).one()
    codes = ("123456", "654321")
    return next(code for code in codes if vault.match(f"{phone}:status:{code}", "phone_code") != sent.code_match)


def test_no_page_shows_the_code_where_messages_reach_phones(client, session, two, real):
    assert code_for_page(ask(client)) == []
    assert code_for(session) not in text_of(ask(client))


def test_the_demo_shows_the_code_and_says_that_it_is_one(client, session, two):
    assert code_for_page(ask(client)) == [code_for(session)]
    assert code_for_page(ask(client, UNKNOWN)) == []


def code_for_page(answer):
    return re.findall(r"Demo: no message is sent. The code is (\d{6})\.", text_of(answer))


# --- what can go wrong --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phone", "words"),
    [("", "Enter your mobile number."), ("12345", "A mobile number has 11 digits and begins with 13 to 19.")],
)
def test_an_odd_number_is_asked_for_again(client, session, cast, phone, words):
    answer = ask(client, phone)

    assert answer.status_code == 422
    assert words in words_of(answer)
    assert session.scalars(select(PhoneCode)).all() == []


def test_a_second_code_within_a_minute_has_to_wait_and_the_first_still_counts(client, session, two):
    ask(client)
    answer = post(client, "/status/phone/code", phone=KNOWN, again="1")

    assert answer.status_code == 422
    assert "A code was asked for less than a minute ago. Wait a minute, then ask for another." in words_of(answer)
    assert ON_THE_WAY not in words_of(answer)
    assert enter(client, code_for(session)).status_code == 200


def test_after_a_minute_another_code_is_sent(client, session, two):
    ask(client)
    sent_a_minute_ago(session)

    answer = post(client, "/status/phone/code", phone=KNOWN, code="", again="1")

    assert (answer.status_code, ON_THE_WAY in words_of(answer)) == (200, True)
    assert len(session.scalars(select(Message)).all()) == 2


def test_one_address_cannot_ask_for_any_number_of_phones(app, client, session, cast):
    token = csrf(client, "/status")
    for n in range(120):
        client.post("/status/phone", data={"csrf_token": token, "phone": f"13800001{n:03}"})

    answer = ask(client)

    assert answer.status_code == 422
    assert "Too many codes were asked for. Try again in some hours, or call the union." in words_of(answer)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "Enter the six digits."),
        ("12 34 5", "The code has six digits. Count them once more."),
        ("123456", "There is no valid code any more: it counts for five minutes. Ask for another."),
    ],
)
def test_a_code_that_does_not_count_says_why(client, session, two, code, words):
    answer = enter(client, code)

    assert answer.status_code == 422
    assert words in words_of(answer)
    assert "LINK" not in text_of(answer)


def test_a_wrong_code_shows_nothing(client, session, two):
    ask(client)
    answer = enter(client, other_than(session, KNOWN))

    assert answer.status_code == 422
    assert "This code does not fit. Compare it with the latest message." in words_of(answer)
    assert "LINK" not in text_of(answer)


def test_whoever_gets_no_code_learns_what_to_do(client, cast):
    assert f"If no code comes, call the union: {SETTINGS.contact_phone}." in words_of(ask(client))


def test_without_any_application_a_right_code_says_so(client, session, two):
    ask(client)
    session.execute(update(JoinDetails).values(phone_match=b"another"))
    session.commit()

    answer = enter(client, code_for(session))

    assert answer.status_code == 200
    assert "No application has this number" in words_of(answer)
    assert "LINK" not in text_of(answer)


def test_the_code_of_one_phone_does_not_open_another(client, session, two):
    make.join_application(session, phone=UNKNOWN, identity=make.identity_number(area="652323"))
    ask(client)

    answer = enter(client, code_for(session), UNKNOWN)

    assert answer.status_code == 422
    assert "LINK" not in text_of(answer)


def test_a_page_of_the_code_that_is_opened_anew_begins_again(client, cast):
    answer = client.get("/status/phone/code")

    assert (answer.status_code, answer.location) == (303, "/status/phone")
    assert 'id="phone-form"' in text_of(client.get("/status/phone"))


# --- a member's card -----------------------------------------------------------------------------------------------


def open_card(client, code, tail, phone="13812340000"):
    return post(client, "/status/phone/own", phone=phone, code=code, tail=tail)


@pytest.fixture
def member(session, cast):
    return make.member(session, cast.shunda_union, identity="65230119920507000X", phone="13812340000")


def test_a_member_without_an_application_here_opens_the_card(client, session, member):
    ask(client, "13812340000")
    code = code_for(session)

    found = enter(client, code, "13812340000")
    answer = open_card(client, code, "000x")

    session.rollback()  # see what the pages have done meanwhile
    card = session.scalars(select(Card)).one()
    assert "Last four characters of your identity number" in text_of(found)
    assert (answer.status_code, answer.location) == (303, f"/card/{card.link}")
    assert card.person_id == member.id
    assert open_card(client, code, "000X").location == answer.location


def test_the_phone_alone_opens_no_card_and_guessing_ends_after_five_tries(client, session, member):
    ask(client, "13812340000")
    code = code_for(session)

    answers = [open_card(client, code, f"{n:04}") for n in range(1, 7)]

    assert [answer.status_code for answer in answers] == [422] * 6
    assert "Nobody here has this mobile number and these last four characters." in text_of(answers[0])
    assert "Nobody here" not in text_of(answers[5])
    assert open_card(client, code, "000X").status_code == 422
    assert session.scalars(select(Card)).all() == []


@pytest.mark.parametrize("tail", ["", "12", "00000"])
def test_four_characters_are_asked_for(client, session, member, tail):
    ask(client, "13812340000")

    answer = open_card(client, code_for(session), tail)

    assert answer.status_code == 422
    assert "Enter the last four characters." in text_of(answer)


def test_who_has_closed_the_pages_is_found_by_no_phone(client, session, member):
    member.closed_at = make.NOW
    session.commit()
    ask(client, "13812340000")

    assert client.get("/status").status_code == 200
    assert session.scalars(select(Message)).all() == []  # nobody is known by this phone


def test_a_wrong_code_opens_no_card(client, session, member):
    ask(client, "13812340000")

    assert open_card(client, "000000" if code_for(session) != "000000" else "111111", "000X").status_code == 422
    assert session.scalars(select(Card)).all() == []


UNPROVED = pytest.mark.parametrize("confirmed_by", ["", "signature", "signature_seen", "in_person"])


@UNPROVED
def test_an_application_whose_phone_no_code_proved_is_not_shown_to_its_owner(client, session, cast, confirmed_by):
    """A mistyped phone belongs to a stranger."""
    row = make.join_application(session, confirmed_by=confirmed_by)
    ask(client)

    page = text_of(enter(client, code_for(session)))

    assert row.number not in page
    assert "Last four characters of your identity number" in page


@UNPROVED
def test_phone_code_and_the_end_of_the_number_find_it_and_prove_the_phone(client, session, cast, confirmed_by):
    row = make.join_application(session, confirmed_by=confirmed_by, identity="65230119920507000X")
    stranger = make.join_application(session, confirmed_by="", identity="652301199001010005")
    ask(client)
    code = code_for(session)

    page = text_of(open_card(client, code, "000x", KNOWN))

    assert f"/status/{row.link}" in page
    assert stranger.number not in page
    session.rollback()
    proved = select(JoinDetails.application_id).where(JoinDetails.phone_confirmed_at.is_not(None))
    assert session.scalars(proved).all() == [row.id]
    assert row.number in text_of(enter(client, code))


def test_two_people_with_one_phone_and_one_end_are_told_apart_by_a_person(client, session, cast):
    for born in (date(1990, 1, 9), date(1990, 1, 17)):
        make.join_application(session, confirmed_by="", identity=make.identity_number(born, "652302"))
    ends = {row.identity[-4:] for row in session.scalars(select(JoinDetails))}
    ask(client)

    answer = open_card(client, code_for(session), ends.pop(), KNOWN)

    assert ends == set()
    assert answer.status_code == 422
    assert "Nobody here has this mobile number and these last four characters." in text_of(answer)


def test_the_applications_of_closed_pages_are_found_by_no_phone(client, session, cast):
    row = make.join_application(session, confirmed_by="", identity="65230119920507000X")
    make.member(session, cast.shunda_union, identity="65230119920507000X", closed_at=make.NOW)
    ask(client)

    assert session.scalars(select(Message)).all() == []
    assert row.number not in text_of(client.get("/status"))
