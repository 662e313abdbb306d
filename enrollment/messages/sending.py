"""What a process that serves does by itself in one quiet thread: messages go out, chores are done, data dropped."""

import atexit
import logging
import os
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from threading import Event, Lock, Thread

from flask import Flask
from sqlalchemy.orm import Session

from enrollment.messages.gateways import gateway_for
from enrollment.messages.office import Office, open_office
from enrollment.messages.outbox import deliver
from enrollment.rules.access import SYSTEM
from enrollment.settings import Settings
from enrollment.storage.audit import seal
from enrollment.storage.database import writing_engine
from enrollment.storage.overdue import day_of
from enrollment.storage.retention import drop_what_is_due

PAUSE_SECONDS = 5
_BETWEEN_CHORES = timedelta(minutes=5)
_LAST_SECONDS = 20  # what a process may take to finish the message it is sending

Chore = Callable[[datetime], None]
"""Something to do now and then, given the time; it writes nothing when there is nothing to do."""

log = logging.getLogger(__name__)


class Sender:
    """The thread: it begins with the first request of a process, also in one that was forked, and never in tests."""

    def __init__(self, app: Flask, now: Callable[[], datetime], chores: Sequence[Chore] = ()) -> None:
        self._app, self._now = app, now
        self._chores = (_seal, *chores)
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._process, self._lock, self._due, self._ended = os.getpid(), Lock(), Event(), Event()
        self._thread: Thread | None = None
        self._done_at: datetime | None = None
        self._dropped: date | None = None

    def start(self) -> None:
        """See that the thread runs. Never raises: a page does not fail because a message waits."""
        if self._app.testing:
            return
        if self._process != os.getpid():
            self._begin_anew()  # a fork copies no thread
        with self._lock:
            if self._thread is None:
                thread = Thread(target=self._run, name="messages", daemon=True)
                try:
                    thread.start()
                except RuntimeError:
                    log.exception("messages wait")
                    return
                self._thread = thread
                atexit.register(self.stop)

    def wake(self) -> None:
        """There is something to send. Never raises."""
        self.start()
        self._due.set()

    def stop(self) -> None:
        """Finish the message at hand and end."""
        self._ended.set()
        self._due.set()
        if self._thread:
            self._thread.join(_LAST_SECONDS)

    def _run(self) -> None:
        while not self._ended.is_set():
            self._due.clear()
            try:
                with self._app.app_context():
                    self._deliver()
                    self._do_chores()
                    self._drop()
            except Exception as error:  # noqa: BLE001 -- the database may be away for a while
                log.error("messages wait: %s", type(error).__name__)  # noqa: TRY400 -- a trace may hold personal data
            self._due.wait(PAUSE_SECONDS)

    def _deliver(self) -> None:
        busy = True
        while busy and not self._ended.is_set():
            done = deliver(self._now())
            busy = done.sent + done.failed > 0

    def _do_chores(self) -> None:
        """Every few minutes, so that writers of entries are rarely met."""
        now = self._now()
        if self._done_at and now - self._done_at < _BETWEEN_CHORES:
            return
        self._done_at = now
        for chore in self._chores:
            chore(now)

    def _drop(self) -> None:
        """Soon after midnight in Beijing, the first process that gets to it drops what is over its period (PRIV-12).

        Messages do not wait for it: they go out between its batches. In trying out only the command does it, or the
        demo's people of 2021 would be gone on the first day.
        """
        now, settings = self._now(), self._app.config["ENROLLMENT"]
        if not settings.production or self._dropped == day_of(now):
            return
        self._dropped = day_of(now)
        drop_what_is_due(settings.periods, by=SYSTEM, now=now, automatic=True, go_on=self._goes_on)

    def _goes_on(self) -> bool:
        self._deliver()
        return not self._ended.is_set()


def _seal(_now: datetime) -> None:
    with Session(writing_engine()) as session:
        seal(session)
        session.commit()


def install(app: Flask, settings: Settings, *, now: Callable[[], datetime], chores: Sequence[Chore] = ()) -> None:
    """Open the office; ``chores`` are done beside. Raises ``SettingsError`` when the gateway cannot be used."""
    sender = Sender(app, now, chores)
    shows_codes = settings.aliyun is None and not settings.production
    open_office(app, Office(gateway_for(settings), shows_codes, sender.wake))
    app.before_request(sender.start)
