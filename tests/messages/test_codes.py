"""Codes for phones: made once, checked fairly, told to nobody else."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from enrollment.messages.codes import check_code, code_on_page, count_sending, count_try, send_code
from enrollment.messages.office import Office, open_office
from enrollment.rules.access import VISITOR
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Refused
from enrollment.storage.outbox import Message, PhoneCode
from tests.make import NOW

PHONE, OTHER = "13800000001", "13900000002"
HERE, THERE = "203.0.113.7", "203.0.113.8"
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.usefixtures("gateway")


def send(phone=PHONE, purpose="status", *, after=timedelta(0), address=HERE, known=True):
    send_code(phone, purpose, address=address, by=VISITOR, now=NOW + after, known=known)


def check(code, phone=PHONE, purpose="status", *, after=timedelta(0)):
    """The reasons against the code."""
    try:
        check_code(phone, purpose, code, by=VISITOR, now=NOW + after)
    except Refused as no:
        return no.reasons
    return ()


def refused(**how):
    with pytest.raises(Refused) as no:
        send(**how)
    return no.value.reasons


def queued(session):
    """The code in each message, oldest first."""
    session.rollback()
    messages = session.scalars(select(Message).order_by(Message.id))
    return [json.loads(message.values)["code"] for message in messages]


def other_than(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def rows(session, table):
    session.rollback()
    return session.scalars(select(table).order_by(table.id)).all()


# --- sending ------------------------------------------------------------------------------------------------------


def test_a_code_is_queued_and_kept_only_as_a_hash(context, session, gateway):
    send()

    [message], [kept] = rows(session, Message), rows(session, PhoneCode)
    [code] = queued(session)
    assert (len(code), code.isdigit()) == (6, True)
    assert (message.phone, message.template, message.queued_at, message.next_at) == (PHONE, "phone_code", NOW, NOW)
    assert (kept.purpose, kept.sent_at, kept.wrong_tries) == ("status", NOW, 0)
    for secret in (code, PHONE, HERE):
        assert secret.encode() not in kept.code_match + kept.phone_match + kept.address_match
    assert code not in message.key
    assert gateway.woken == 1
    assert gateway.sent == []  # the thread that sends is woken, the page does not wait


def test_the_audit_names_neither_phone_nor_code(context, session):
    send()
    [code] = queued(session)
    check(code)
    check(other_than(code))

    lines = [(line.actor, line.act, line.subject, line.note) for line in rows(session, AuditEntry)]
    assert lines == [
        ("visitor", "confirm_phone", "status", "sent"),
        ("visitor", "confirm_phone", "status", "confirmed"),
        ("visitor", "confirm_phone", "status", "code_wrong"),
    ]


def test_for_an_unknown_phone_all_is_the_same_but_nothing_is_queued(context, session, gateway):
    send(known=False)

    assert refused(known=False) == ("code_too_soon",)
    assert len(rows(session, PhoneCode)) == 1
    assert rows(session, Message) == []
    assert gateway.woken == 0
    assert check("000000") in ((), ("code_wrong",))  # one in a million


def test_the_next_code_may_be_asked_for_after_exactly_a_minute(context, session):
    send()

    assert refused(after=MINUTE - timedelta(microseconds=1)) == ("code_too_soon",)
    assert refused(after=MINUTE / 2, purpose="join") == ("code_too_soon",)  # it is the same phone that rings
    send(after=MINUTE)
    assert len(queued(session)) == 2


def test_a_phone_gets_five_in_an_hour_and_ten_in_a_day(context, session):
    for n in range(5):
        send(after=n * MINUTE)
    assert refused(after=10 * MINUTE) == ("too_many_codes",)
    assert refused(after=59 * MINUTE, purpose="join") == ("too_many_codes",)

    for n in range(5):
        send(after=timedelta(hours=2) + n * MINUTE)
    assert refused(after=timedelta(hours=12)) == ("too_many_codes",)
    send(after=timedelta(days=1))
    assert len(queued(session)) == 11


def test_an_address_gets_a_hundred_and_twenty_in_an_hour(context, session):
    for n in range(120):
        send(f"13800001{n:03}", known=False)

    assert refused() == ("too_many_codes",)
    send(address=THERE)
    send(OTHER, after=timedelta(hours=1))
    assert len(queued(session)) == 2


def at_once(app, asked):
    """Ask for a code with each (phone, address) at the same moment; how many got which answer."""

    def ask(phone, address):
        with app.app_context():
            try:
                send(phone, address=address)
            except Refused as no:
                return no.reasons
            return ()

    with ThreadPoolExecutor(len(asked)) as pool:
        return Counter(pool.map(ask, *zip(*asked, strict=True)))


def test_eight_who_ask_for_one_phone_at_once_make_one_message(app, session):
    assert at_once(app, [(PHONE, f"203.0.113.{n}") for n in range(8)]) == {(): 1, ("code_too_soon",): 7}
    assert len(queued(session)) == 1


def test_eight_who_ask_from_one_address_at_once_do_not_pass_its_limit(app, session):
    with app.app_context():
        for n in range(118):
            send(f"13800001{n:03}", known=False)

    assert at_once(app, [(f"1390000000{n}", HERE) for n in range(8)]) == {(): 2, ("too_many_codes",): 6}
    assert len(queued(session)) == 2


# --- checking -----------------------------------------------------------------------------------------------------


def test_the_right_code_passes_again_and_again_while_it_lives(context, session):
    send()
    [code] = queued(session)

    assert check(code) == ()
    assert check(f" {code[:3]}　{code[3:]} ", after=MINUTE) == ()
    assert check(code, after=5 * MINUTE - timedelta(microseconds=1)) == ()
    assert check(code, after=5 * MINUTE) == ("code_expired",)
    [kept] = rows(session, PhoneCode)
    assert kept.wrong_tries == 0


def test_where_none_was_sent_it_has_expired(context, session):
    send()
    [code] = queued(session)

    assert check(code, OTHER) == ("code_expired",)
    assert check(code, purpose="join") == ("code_expired",)


def test_only_the_newest_counts(context, session):
    send()
    send(after=MINUTE)
    first, second = queued(session)

    assert check(second, after=MINUTE) == ()
    assert first == second or check(first, after=MINUTE) == ("code_wrong",)


def test_a_code_counts_for_one_phone_and_one_purpose(context, session):
    send()
    send(purpose="join", after=MINUTE)
    of_status, of_join = queued(session)

    assert check(of_join, purpose="join", after=MINUTE) == ()
    assert check(of_status, after=MINUTE) == ()
    assert of_status == of_join or check(of_status, purpose="join", after=MINUTE) == ("code_wrong",)


def test_five_wrong_tries_are_counted_although_refused_and_the_sixth_is_not_even_read(context, session):
    send()
    [code] = queued(session)

    assert [check(other_than(code)) for _ in range(4)] == [("code_wrong",)] * 4
    assert check(code) == ()
    assert check(other_than(code)) == ("code_wrong",)
    assert check(code) == ("code_spent",)
    assert check(other_than(code)) == ("code_spent",)
    [kept] = rows(session, PhoneCode)
    assert kept.wrong_tries == 5


def test_wrong_tries_at_once_are_all_counted(app, session):
    with app.app_context():
        send()
    [code] = queued(session)

    def try_it(_n):
        with app.app_context():
            return check(other_than(code))

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(try_it, range(8)))

    assert answers == {("code_wrong",): 5, ("code_spent",): 3}


# --- in the demo --------------------------------------------------------------------------------------------------


def test_the_demo_shows_the_code_while_it_lives(context, session):
    assert code_on_page(PHONE, "status", now=NOW) == ""

    send()
    [code] = queued(session)
    assert code_on_page(PHONE, "status", now=NOW) == code
    assert code_on_page(PHONE, "join", now=NOW) == ""
    assert code_on_page(OTHER, "status", now=NOW) == ""
    assert code_on_page(PHONE, "status", now=NOW + 5 * MINUTE) == ""


def test_the_demo_shows_no_code_that_was_not_queued(context, session):
    send(known=False)
    assert code_on_page(PHONE, "status", now=NOW) == ""

    send(after=MINUTE)
    send(after=2 * MINUTE, known=False)
    session.execute(update(Message).values(values='{"code": "------"}'))
    session.commit()
    assert code_on_page(PHONE, "status", now=NOW + 2 * MINUTE) == ""


def test_nothing_is_shown_where_messages_reach_phones(app, context, session, gateway):
    send()
    open_office(app, Office(gateway, shows_codes=False, wake=gateway.wake))

    assert code_on_page(PHONE, "status", now=NOW) == ""


def test_of_many_tries_at_once_five_are_looked_at(app, session):
    with app.app_context():
        send()

    def attempt(_n):
        with app.app_context():
            try:
                count_try(PHONE, "status", by=VISITOR, now=NOW)
            except Refused as no:
                return no.reasons
            return ()

    with ThreadPoolExecutor(12) as pool:
        ends = Counter(pool.map(attempt, range(12)))

    assert ends == {(): 5, ("code_spent",): 7}


def test_what_comes_without_a_code_is_counted_by_household(context, session):
    for n in range(30):
        count_sending("join", address=f"2001:db8:1:2::{n:x}", by=VISITOR, now=NOW)

    with pytest.raises(Refused) as no:
        count_sending("join", address="2001:db8:1:2::ff", by=VISITOR, now=NOW)
    count_sending("join", address="2001:db8:1:3::ff", by=VISITOR, now=NOW)
    count_sending("join", address="2001:db8:1:2::ff", by=VISITOR, now=NOW + timedelta(hours=1))

    assert no.value.reasons == ("too_many_sendings",)


def test_codes_older_than_a_day_are_dropped(context, session):
    send()

    send(phone="13900000009", after=timedelta(days=1))

    assert len(rows(session, PhoneCode)) == 1
