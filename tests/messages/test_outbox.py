"""The outbox: queued within an act, sent after it, tried again while that is safe, never sent twice."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from enrollment.messages import outbox
from enrollment.messages.gateways import AnswerLost, NotAccepted
from enrollment.messages.outbox import Delivered, Left, deliver, left, queue
from enrollment.messages.texts import TEMPLATES, text_of
from enrollment.rules.access import VISITOR, Act
from enrollment.storage.audit import AuditEntry
from enrollment.storage.database import transaction
from enrollment.storage.failures import Conflict, Refused
from enrollment.storage.outbox import Message
from enrollment.storage.people import PHONE
from enrollment.storage.vault import vault
from tests.make import NOW

MINE, NUMBER = "13800000001", {"number": "211130-ABCDE", "due": "2021-12-07"}
RECEIVED = "application_received"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def put(*keys, template=RECEIVED, values=NUMBER, now=NOW):
    with transaction(by=VISITOR, act=Act.APPLY, now=now) as work:
        for key in keys:
            queue(work, MINE, template, values, key)


def rows(session):
    session.rollback()
    return session.scalars(select(Message).order_by(Message.id)).all()


def states(session):
    return [(m.tries, m.next_at, m.claimed_until, m.sent_at, m.failure, m.receipt) for m in rows(session)]


SENT = (1, None, None, NOW, "", "R1")


# --- queueing -----------------------------------------------------------------------------------------------------


def test_a_message_is_kept_with_its_act(context, session, gateway):
    put("received:1")

    [row] = rows(session)
    assert (row.key, row.phone, row.template, json.loads(row.values)) == ("received:1", MINE, RECEIVED, NUMBER)
    assert row.phone_match == vault.match(MINE, PHONE)
    assert (row.queued_at, row.next_at, row.tries) == (NOW, NOW, 0)
    assert (gateway.sent, gateway.woken) == ([], 1)


def test_nothing_is_queued_for_an_act_that_was_refused(context, session, gateway):
    def act():
        with transaction(by=VISITOR, act=Act.APPLY, now=NOW) as work:
            queue(work, MINE, RECEIVED, NUMBER, "received:1")
            raise Refused(["no_members"])

    with pytest.raises(Refused):
        act()

    assert rows(session) == []


def test_the_same_occasion_is_queued_once(context, session, gateway):
    put("received:1", "received:1", "received:2")
    put("received:1")

    assert [row.key for row in rows(session)] == ["received:1", "received:2"]


def test_a_second_message_of_an_occasion_leaves_the_rest_of_the_act_alone(context, session, gateway):
    put("received:1")
    with transaction(by=VISITOR, act=Act.APPLY, now=NOW) as work:
        work.subject = "kept"
        queue(work, MINE, RECEIVED, NUMBER, "received:1")

    assert "kept" in session.scalars(select(AuditEntry.subject)).all()
    assert len(rows(session)) == 1


def test_a_conflict_of_the_act_itself_is_not_taken_for_a_second_message(context, session, cast, gateway):
    def act():
        with transaction(by=VISITOR, act=Act.APPLY, now=NOW) as work:
            work.session.add(Message(key="x"))  # lacks everything
            queue(work, MINE, RECEIVED, NUMBER, "received:1")

    with pytest.raises(Conflict):
        act()

    assert rows(session) == []


@pytest.mark.parametrize("values", [{}, {"number": "1"}, NUMBER | {"name": "马晓"}])
def test_a_template_gets_exactly_the_values_it_needs(context, session, gateway, values):
    with pytest.raises(ValueError, match=r"^application_received needs \['due', 'number'\]$"):
        put("received:1", values=values)

    assert rows(session) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_each_text_begins_with_its_signature_and_fits_into_two_parts(template):
    values = dict.fromkeys(TEMPLATES[template].needs, "2021-11-30")
    text = text_of(template, values)

    assert text.startswith("【昌吉州总工会】")
    assert "{" not in text
    assert len(text) <= 2 * 67


# --- sending ------------------------------------------------------------------------------------------------------


def test_what_is_due_is_sent_once(context, session, gateway):
    put("received:1")

    assert (deliver(NOW), left()) == (Delivered(1, 0), Left(0, 0))
    assert (deliver(NOW + HOUR), left()) == (Delivered(0, 0), Left(0, 0))
    assert gateway.sent == [(MINE, RECEIVED, NUMBER, "received:1")]
    assert states(session) == [SENT]
    lines = [(line.actor, line.act, line.subject, line.note) for line in session.scalars(select(AuditEntry))]
    assert lines[1:] == [
        ("system", "send_messages", RECEIVED, "claimed"),
        ("system", "send_messages", RECEIVED, "sent"),
    ]


def test_an_idle_round_writes_nothing(context, session, gateway):
    assert deliver(NOW) == Delivered(0, 0)

    assert session.scalars(select(AuditEntry)).all() == []


def test_who_has_waited_longest_goes_first_and_a_round_is_short(context, session, gateway):
    put("late", now=NOW + MINUTE)
    put(*(f"n{n:02}" for n in range(11)))

    assert (deliver(NOW + HOUR), left()) == (Delivered(10, 0), Left(2, 0))
    assert (deliver(NOW + HOUR), left()) == (Delivered(2, 0), Left(0, 0))
    assert [key for *_, key in gateway.sent] == [*(f"n{n:02}" for n in range(11)), "late"]


def test_what_surely_did_not_go_out_is_tried_again_ever_later_then_given_up(context, session, gateway):
    put("received:1")
    pauses = [timedelta(seconds=30), 2 * MINUTE, 10 * MINUTE, HOUR]
    now = NOW
    for tried, pause in enumerate(pauses, 1):
        gateway.answers.append(NotAccepted("isp.SYSTEM_ERROR", retry=True))

        assert (deliver(now), left()) == (Delivered(0, 1), Left(1, 0))
        assert states(session) == [(tried, now + pause, None, None, "isp.SYSTEM_ERROR", "")]
        assert deliver(now + pause - timedelta(microseconds=1)).failed == 0
        now += pause
    gateway.answers.append(NotAccepted("isp.SYSTEM_ERROR", retry=True))

    assert (deliver(now), left()) == (Delivered(0, 1), Left(0, 1))
    assert states(session) == [(5, None, None, None, "isp.SYSTEM_ERROR", "")]
    assert (deliver(now + 24 * HOUR), left()) == (Delivered(0, 0), Left(0, 1))
    assert len(gateway.sent) == 5


def test_a_second_try_that_is_taken_is_the_last(context, session, gateway):
    put("received:1")
    gateway.answers.append(NotAccepted("not reached", retry=True))
    deliver(NOW)

    assert (deliver(NOW + MINUTE), left()) == (Delivered(1, 0), Left(0, 0))
    assert states(session) == [(2, None, None, NOW + MINUTE, "", "R2")]


def test_a_no_that_stays_a_no_is_given_up_at_once(context, session, gateway):
    put("received:1")
    gateway.answers.append(NotAccepted("isv.MOBILE_NUMBER_ILLEGAL" + "x" * 200, retry=False))

    assert (deliver(NOW), left()) == (Delivered(0, 1), Left(0, 1))
    [row] = rows(session)
    assert (row.next_at, row.failure[:25], len(row.failure)) == (None, "isv.MOBILE_NUMBER_ILLEGAL", 120)


def test_when_the_answer_is_lost_it_is_not_sent_again_and_stays_visible(context, session, gateway):
    put("received:1")
    gateway.answers.append(AnswerLost())

    assert (deliver(NOW), left()) == (Delivered(0, 1), Left(0, 1))
    assert (deliver(NOW + 24 * HOUR), left()) == (Delivered(0, 0), Left(0, 1))
    assert states(session) == [(1, None, None, None, "answer lost", "")]
    assert len(gateway.sent) == 1


def test_when_the_sender_dies_it_is_not_sent_again_and_stays_visible(context, session, gateway):
    put("received:1", "received:2")
    gateway.answers.append(SystemExit())
    with pytest.raises(SystemExit):
        deliver(NOW)

    assert states(session)[0] == (1, NOW, NOW + 10 * MINUTE, None, "", "")
    assert (deliver(NOW + MINUTE), left()) == (Delivered(1, 0), Left(1, 0))  # the other one
    assert (deliver(NOW + 10 * MINUTE), left()) == (Delivered(0, 0), Left(0, 1))
    assert states(session)[0] == (1, None, None, None, "answer lost", "")
    assert [key for *_, key in gateway.sent] == ["received:1", "received:2"]


def test_a_code_older_than_five_minutes_is_given_up_not_sent(context, session, gateway):
    put("phone_code:1", template="phone_code", values={"code": "123456"})
    put("received:1")

    assert (deliver(NOW + 5 * MINUTE), left()) == (Delivered(1, 0), Left(0, 1))
    assert [(m.key, m.failure, m.next_at) for m in rows(session)] == [
        ("phone_code:1", "too late", None),
        ("received:1", "", None),
    ]
    assert [key for *_, key in gateway.sent] == ["received:1"]


def test_a_code_is_sent_up_to_five_minutes(context, session, gateway):
    put("phone_code:1", template="phone_code", values={"code": "123456"})

    assert deliver(NOW + 5 * MINUTE - timedelta(microseconds=1)).sent == 1


def test_four_senders_at_once_send_each_message_once(app, session, gateway):
    keys = [f"n{n:02}" for n in range(30)]
    with app.app_context():
        put(*keys)

    def round_after_round(_n):
        sent = 0
        with app.app_context():
            while (done := deliver(NOW)).sent:
                sent += done.sent
        return sent

    with ThreadPoolExecutor(4) as pool:
        sent = sum(pool.map(round_after_round, range(4)))

    assert sent == 30
    assert Counter(key for *_, key in gateway.sent) == dict.fromkeys(keys, 1)
    assert {(m.tries, m.next_at, m.sent_at) for m in rows(session)} == {(1, None, NOW)}


def test_a_message_claimed_by_another_in_between_is_left_to_that_one(context, session, gateway):
    put("received:1")
    outbox._claim(NOW)

    assert (deliver(NOW), left()) == (Delivered(0, 0), Left(1, 0))
    assert gateway.sent == []


def test_what_is_done_with_keeps_neither_phone_nor_words(context, session, gateway):
    put("one")

    deliver(NOW)

    session.rollback()
    kept = session.scalars(select(Message)).one()
    assert (kept.phone, kept.values, kept.sent_at) == ("", "{}", NOW)
