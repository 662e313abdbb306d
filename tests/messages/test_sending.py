"""Messages go out by themselves, from a thread that is never in anybody's way."""

import logging
import os
from datetime import date, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import select

from enrollment.messages.gateways import Receipt
from enrollment.messages.office import Office, office, open_office
from enrollment.messages.outbox import queue
from enrollment.messages.sending import Sender
from enrollment.rules.access import VISITOR, Act
from enrollment.rules.applications import Step
from enrollment.storage.database import transaction
from enrollment.storage.outbox import Message
from enrollment.storage.retention import RetentionRun
from enrollment.storage.reversals import Reversal
from tests import make
from tests.make import NOW

PATIENCE = 20


class Ringing:
    """A gateway that says when it was used."""

    def __init__(self):
        self.rang = Event()

    def send(self, _phone, _template, _values, key):
        self.rang.set()
        return Receipt(key)


@pytest.fixture
def serving(app):
    """The application as it serves, outside of tests, with a sender that is ended at the end."""
    sender = Sender(app, lambda: NOW)
    with app.app_context():
        before = office()
    app.testing = False
    yield sender
    app.testing = True
    sender.stop()
    open_office(app, before)


def put(app, now=NOW):
    with app.app_context(), transaction(by=VISITOR, act=Act.APPLY, now=now) as work:
        queue(work, "13800000001", "phone_code", {"code": "123456"}, "phone_code:1")


def test_what_is_queued_goes_out_by_itself(app, session, serving):
    gateway = Ringing()
    open_office(app, Office(gateway, shows_codes=False, wake=serving.wake))

    put(app)

    assert gateway.rang.wait(PATIENCE)
    serving.stop()  # it finishes the message at hand
    assert session.scalars(select(Message.sent_at)).one() == NOW
    assert not serving._thread.is_alive()


def test_there_is_one_thread_and_it_lives_on_when_the_database_is_away(app, serving, caplog):
    with app.app_context():
        open_office(app, Office(Ringing(), shows_codes=False, wake=serving.wake))
    rounds, again = [], Event()

    def broken():
        rounds.append(1)
        if len(rounds) > 1:
            again.set()
        raise ConnectionError("postgresql://user:secret@db")

    serving._deliver = broken
    with caplog.at_level(logging.ERROR):
        serving.wake()
        first = serving._thread
        while not again.is_set():
            serving.wake()
        serving.stop()

    assert serving._thread is first
    assert set(caplog.messages) == {"messages wait: ConnectionError"}
    assert "secret" not in caplog.text


@pytest.fixture
def production(app):
    """The application as it runs in production."""
    before = app.config["ENROLLMENT"]
    app.config["ENROLLMENT"] = before.but(production=True)
    yield app
    app.config["ENROLLMENT"] = before


def test_in_production_each_day_what_is_over_its_period_is_dropped_once(production, session, cast):
    """Whoever comes first does it; the next day it is done again, and what is to be sent goes out meanwhile."""
    at = [NOW + timedelta(days=200)]
    first, second = (Sender(production, lambda: at[0]) for _process in range(2))
    make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED))
    put(production, at[0])

    with production.app_context():
        for sender in (first, second, first):
            sender._drop()
        at[0] += timedelta(days=1)
        second._drop()

    session.rollback()
    runs = session.scalars(select(RetentionRun).order_by(RetentionRun.id)).all()
    assert [(run.automatic_on, [line["due"] for line in run.counts], run.ended_at) for run in runs] == [
        (date(2022, 6, 18), [1], NOW + timedelta(days=200)),
        (date(2022, 6, 19), [], at[0]),
    ]
    assert session.scalars(select(Message.sent_at)).one() == NOW + timedelta(days=200)


def test_a_process_that_ends_leaves_the_rest_to_the_next_run(production, session, cast):
    make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED))
    sender = Sender(production, lambda: NOW + timedelta(days=200))
    sender.stop()

    with production.app_context():
        sender._drop()

    assert session.scalars(select(RetentionRun.ended_at)).all() == [None]


def test_in_trying_out_only_the_command_drops_anything(app, session, cast):
    make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED))

    with app.app_context():
        Sender(app, lambda: NOW + timedelta(days=200))._drop()

    assert session.scalars(select(RetentionRun)).all() == []


def test_in_tests_there_is_no_thread(app):
    sender = Sender(app, lambda: NOW)

    sender.wake()
    sender.stop()

    assert sender._thread is None


def test_a_process_that_was_forked_starts_a_thread_of_its_own(app, serving, monkeypatch):
    with app.app_context():
        open_office(app, Office(Ringing(), shows_codes=False, wake=serving.wake))
    serving.start()
    of_parent = serving._thread
    serving.stop()
    monkeypatch.setattr(os, "getpid", lambda: -1)

    serving.start()

    assert serving._thread is not of_parent
    assert serving._thread.is_alive()


def test_a_page_does_not_fail_when_no_thread_can_be_started(app, serving, monkeypatch, caplog):
    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", refuse)

    serving.wake()

    assert serving._thread is None
    assert caplog.messages == ["messages wait"]


def test_every_process_that_serves_starts_its_thread_with_the_first_request(app):
    functions = [getattr(function, "__func__", None) for function in app.before_request_funcs[None]]

    assert functions.count(Sender.start) == 1


def test_chores_are_done_beside_every_few_minutes(app):
    done, times = [], [NOW]
    sender = Sender(app, lambda: times[-1], (done.append,))

    with app.app_context():
        for at in (NOW, NOW + timedelta(minutes=5) - timedelta(seconds=1), NOW + timedelta(minutes=5)):
            times.append(at)
            sender._do_chores()

    assert done == [NOW, NOW + timedelta(minutes=5)]


def test_what_serves_passes_up_and_drops_what_was_kept_for_undoing(app, session, cast):
    late = make.join_application(session)
    make.reversal(session, make.join_application(session, phone="13600000001"), by=cast.city, until=NOW)
    [start] = [each for each in app.before_request_funcs[None] if getattr(each, "__func__", None) is Sender.start]

    with app.app_context():
        for chore in start.__self__._chores:
            chore(NOW + timedelta(days=30))

    session.rollback()
    session.refresh(late)
    assert late.escalated_at == NOW + timedelta(days=30)
    assert session.scalars(select(Reversal)).all() == []
