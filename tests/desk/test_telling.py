"""What the applicant is told: seen before the decision, followed after it, tried again when it is stuck."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from enrollment.desk.telling import retry_message
from enrollment.messages.outbox import ANSWER_LOST
from enrollment.rules.applications import Step
from enrollment.storage.applications import JoinDetails
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.outbox import Message
from tests import make
from tests.cast import NEXT_COUNTY, PREFECTURE, csrf, sign_in
from tests.conftest import counted

NOW = make.NOW
DONE = (Step.SUBMITTED, Step.REFUSED)
TEXT = "【昌吉州总工会】你的申请（编号{number}）有结果了：{result}。"


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setattr("enrollment.web.clock.now", lambda: NOW)


def shown(client, path):
    return client.get(path).get_data(as_text=True)


def again(client, key, **sent):
    return client.post(f"/messages/{key}/again", data={"csrf_token": csrf(client, "/messages"), **sent})


def test_each_decision_shows_the_very_text_it_sends(client, session, cast):
    row = make.join_application(session)
    page = shown(sign_in(client), f"/desk/{row.number}")

    for result in ("已批准", "需要你补正", "未通过"):
        assert page.count(TEXT.format(number=row.number, result=result)) == 1
    assert page.count("This message goes to 138****0001:") == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"phone_confirmed_at": None}, "No code has proved this phone, so no message goes to it"),
        ({"phone": "", "phone_masked": ""}, "No mobile number is kept"),
    ],
)
def test_why_no_message_goes_is_said(client, session, cast, change, words):
    row = make.join_application(session)
    session.execute(update(JoinDetails).values(**change))
    session.commit()

    page = shown(sign_in(client), f"/desk/{row.number}")

    assert page.count(words) == 3
    assert "This message goes to" not in page


def test_a_members_request_tells_the_member(client, session, cast):
    member = make.member(session, cast.shunda_union, phone="13912345678", phone_confirmed_at=NOW)
    row = make.request(session, member, "retain")

    assert "This message goes to 139****5678:" in shown(sign_in(client), f"/desk/{row.number}")


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"failure": "", "next_at": NOW + timedelta(minutes=5)}, "Waits, leaves at 2021-11-30 12:05"),
        ({"failure": "", "sent_at": NOW}, "Sent at 2021-11-30 12:00"),
        ({}, "Given up: The provider said: isv.MOBILE_NUMBER_ILLEGAL"),
        ({"failure": "no gateway"}, "Given up: No provider is set up"),
        ({"failure": ""}, "Dropped"),
    ],
)
def test_the_case_says_what_became_of_each_message(client, session, cast, message, words):
    row = make.join_application(session, steps=DONE)
    make.message(session, row, **message)

    page = shown(sign_in(client), f"/desk/{row.number}")

    assert words in page
    assert "Result of the application" in page


def test_stuck_ones_are_counted_and_listed_in_their_territory_alone(client, session, cast, statements):
    own = make.join_application(session, steps=DONE)
    other = make.join_application(session, steps=DONE, application={"county_code": "652302"})
    for row in (own, other):
        make.message(session, row)
    make.message(session, own, failure="", sent_at=NOW)
    make.message(session, own, subject=None, county_code=None)

    assert "1 message is stuck" in shown(sign_in(client), "/desk")
    page = shown(client, "/messages")
    assert own.number in page
    assert other.number not in page
    assert "2 messages are stuck" in shown(sign_in(client, PREFECTURE), "/messages")
    with counted(statements) as two:
        client.get("/messages")
    for _n in range(28):
        make.message(session, own)
    with counted(statements) as thirty:
        client.get("/messages")
    assert len(two) == len(thirty)


def test_nothing_stuck_is_said(client, cast):
    sign_in(client)

    assert "Every message has left." in shown(client, "/messages")
    assert "stuck" not in shown(client, "/desk")


def test_one_more_try_sends_what_is_true_today(client, session, cast):
    row = make.join_application(session, steps=DONE)
    message = make.message(session, row)

    answers = [again(sign_in(client), message.key).status_code for _ in range(2)]

    session.refresh(message)
    assert answers == [303, 303]
    assert (message.phone, message.next_at, message.tries, message.failure) == ("13800000001", NOW, 0, "")
    assert message.values == f'{{"number": "{row.number}", "result": "未通过"}}'
    lines = [line.note for line in session.scalars(select(AuditEntry).where(AuditEntry.act == "retry_message"))]
    assert lines == ["", "sent again"]


def test_a_receipt_is_sent_again_while_the_application_waits(client, session, cast):
    row = make.join_application(session)
    message = make.message(session, row, template="application_received")

    again(sign_in(client), message.key)

    session.refresh(message)
    assert message.values == f'{{"number": "{row.number}", "due": "2021-12-07"}}'


def test_what_may_have_gone_out_is_sent_again_only_when_somebody_says_so(client, session, cast):
    row = make.join_application(session, steps=DONE)
    message = make.message(session, row, failure=ANSWER_LOST)
    page = shown(sign_in(client), "/messages")

    bare = again(client, message.key)
    sure = again(client, message.key, sure="y")

    assert "It may arrive twice: send it anyway" in page
    assert bare.status_code == 422
    assert "It may have arrived already. Tick that it is sent anyway." in bare.get_data(as_text=True)
    assert sure.status_code == 303


@pytest.mark.parametrize(
    ("steps", "template"),
    [
        ((Step.SUBMITTED,), "application_decided"),
        (DONE, "application_received"),
        ((Step.SUBMITTED, Step.WITHDRAWN), "application_decided"),
    ],
)
def test_what_is_of_no_use_any_more_is_not_sent(client, session, cast, steps, template):
    message = make.message(session, make.join_application(session, steps=steps), template=template)

    answer = again(sign_in(client), message.key)

    assert answer.status_code == 422
    assert "this message is of no use any more" in answer.get_data(as_text=True)


def test_an_older_message_gives_way_to_a_newer(context, session, cast):
    row = make.join_application(session, steps=DONE)
    older = make.message(session, row)
    make.message(session, row)

    with pytest.raises(Refused) as no:
        retry_message(older.key, sure=True, by=cast.city.as_actor(), now=NOW)
    assert no.value.reasons == ("message_no_use",)


def test_nothing_is_sent_to_a_phone_that_is_not_known_to_be_theirs(context, session, cast):
    row = make.join_application(session, steps=DONE, confirmed_by="")
    message = make.message(session, row)

    with pytest.raises(Refused) as no:
        retry_message(message.key, sure=True, by=cast.city.as_actor(), now=NOW)
    assert no.value.reasons == ("message_phone_unproved",)


def test_the_next_county_reaches_no_message(client, session, cast):
    message = make.message(session, make.join_application(session, steps=DONE))

    answer = again(sign_in(client, NEXT_COUNTY), message.key)

    assert answer.status_code == 404
    session.refresh(message)
    assert message.next_at is None
    with client.application.app_context(), pytest.raises(Missing):
        retry_message("nothing", sure=True, by=cast.city.as_actor(), now=NOW)


def test_without_a_token_nothing_is_sent_again(client, session, cast):
    message = make.message(session, make.join_application(session, steps=DONE))

    assert sign_in(client).post(f"/messages/{message.key}/again").status_code == 422
    session.refresh(message)
    assert message.next_at is None


def test_a_message_knows_what_it_tells_of(client, session, cast):
    row = make.join_application(session)
    token = csrf(sign_in(client), f"/desk/{row.number}")
    client.post(f"/desk/{row.number}/decision", data={"csrf_token": token, "version": 1, "step": "approved"})

    assert session.scalars(select(Message.subject)).one() == row.number
    assert session.scalars(select(Message.county_code)).one() == "652301"
