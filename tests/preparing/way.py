"""A founding walked from stage to stage by the acts themselves, on fixed days; each act can be made to differ."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from enrollment.approving import actions as approving
from enrollment.approving.actions import Reply
from enrollment.preparing import actions as preparing
from enrollment.preparing import planning, voting
from enrollment.preparing.actions import Request
from enrollment.preparing.planning import Planned
from enrollment.preparing.voting import Counted, Recorded
from enrollment.rules.access import VISITOR, Actor
from enrollment.rules.documents import MARKS
from enrollment.rules.election import Body
from enrollment.rules.identity import Sex
from enrollment.rules.stages import FoundingStep, Stage, registration_items
from enrollment.storage import procedures
from enrollment.storage.applications import Application, ApplicationAct
from enrollment.storage.audit import AuditEntry
from enrollment.storage.papers import FoundingPaper
from enrollment.storage.people import Person
from enrollment.storage.procedures import Founding
from enrollment.storage.unions import Employer
from tests import make
from tests.cast import Cast, csrf

TODAY = date(2021, 11, 30)
"""A Tuesday: the request is sent and answered, the members are together, the meeting is asked for."""
NOTICE, MEETING = date(2021, 12, 1), date(2021, 12, 10)
REPLIED = date(2021, 12, 13)

JOINT_NAME = "昌吉市城北快递行业联合工会委员会"
OWN_NAME = "东风网点工会委员会"
REVIEW = 5


def noon(day: date) -> datetime:
    """Noon in Beijing on that day."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def stands(person: Person, body: str = "committee", relation: str = "none", office: str = "") -> dict[str, object]:
    """A member on the list of candidates."""
    return {
        "body": body,
        "name": person.name,
        "person_id": person.id,
        "unit_name": "东风网点",
        "relation": relation,
        "proposed_office": office,
    }


def outsider(name: str = "张援建", body: str = "committee") -> dict[str, object]:
    """Somebody the upper union recommends from outside (ELEC-9)."""
    return {
        "body": body,
        "name": name,
        "person_id": None,
        "unit_name": "",
        "relation": "none",
        "proposed_office": "",
    }


@dataclass
class Way:
    """One founding and who is in it. Every act runs as in life, in a transaction of its own."""

    app: Flask
    session: Session
    cast: Cast
    link: str = ""
    number: str = ""
    name: str = ""
    units: list[Employer] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    on: date = TODAY
    notice_from: date = NOTICE
    meeting_on: date = MEETING
    replied_on: date = REPLIED

    @property
    def cadre(self) -> Actor:
        return self.cast.city.as_actor()

    def begin(self, way: str = "new_joint", sizes: Iterable[int] = (3, 2), **changes: Any) -> "Way":
        """A founding of units with so many workers, whose other units have agreed; nobody is a member yet."""
        names = ("东风网点", "西域网点", "天山网点", "博格达网点")
        self.units = [
            make.employer(self.session, name=name, workers=size) for name, size in zip(names, sizes, strict=False)
        ]
        answered = (FoundingStep.AGREED,) * (len(self.units) - 1)
        given = {
            "way": way,
            "union_name": JOINT_NAME if way == "new_joint" else OWN_NAME,
            "units": tuple(
                {"employer_id": unit.id, "name": unit.name, "workers": size}
                for unit, size in zip(self.units, sizes, strict=False)
            ),
            "steps": (FoundingStep.STARTED, *answered),
        }
        self.name = (given | changes)["union_name"]
        return self.follow(make.founding_application(self.session, **given | changes))

    def follow(self, application: Application) -> "Way":
        """Walk with this founding from now on."""
        self.link, self.number = application.link, application.number
        self.session.rollback()
        return self

    def do(self, act: Callable[..., Founding], *args: Any, **told: Any) -> Founding:
        """One act as its view does it."""
        self.session.rollback()
        with self.app.app_context():
            return act(*args, **told)

    def look(self, query: Callable[..., Any], *args: Any, **told: Any) -> Any:
        """What a query gives, read anew."""
        self.session.rollback()
        with self.app.app_context():
            return query(*args, **told)

    def group(self, act: Callable[..., Founding], *args: Any, on: date | None = None, **told: Any) -> Founding:
        """One act of the preparatory group, at noon of a day."""
        return self.do(act, self.link, *args, by=VISITOR, now=noon(on or self.on), **told)

    def founding(self) -> Founding:
        """The founding as it is now."""
        self.session.rollback()
        found = procedures.founding_where(self.session, Application.link == self.link)
        assert found is not None
        return found

    @property
    def stage(self) -> Stage | None:
        return self.founding().position.stage

    @property
    def state(self) -> str:
        return self.founding().application.state

    # --- stage 1

    def request(self, **changes: Any) -> Request:
        told = {
            "union_name": JOINT_NAME,
            "business": "快递收派",
            "wish": "全体职工同意",
            "contact_name": "马晓",
            "contact_phone": "13800000002",
            "workers": 3,
            "barred": 0,
            "region_code": "652301001",
            "unit_name": "",
            "willing": None,
            "credit_code": "",
            "filing_number": "",
            "joint_union_code": "",
            "group": [{"name": "马晓", "unit_name": "东风网点", "post": "会员联络人", "cv": ""}],
        }
        return Request(**told | changes)

    def keep_request(self, **changes: Any) -> Founding:
        return self.group(preparing.keep_request, self.request(**changes), today=self.on)

    def send(self, on: date | None = None) -> Founding:
        today = on or self.on
        return self.group(preparing.send_request, on=today, today=today, review_working_days=REVIEW)

    # --- the upper union

    def reply(self, step: str, note: str = "", *, by: Actor | None = None, on: date | None = None, **changes: Any):
        """A reply of the city's cadre, who has read the latest version."""
        version = changes.pop("version", None)
        told = Reply(
            step=FoundingStep(step),
            note=note,
            unit=changes.pop("unit", ""),
            version=self.founding().application.version if version is None else version,
        )
        today = on or self.on
        return self.do(
            approving.reply, self.number, told, marks=MARKS, by=by or self.cadre, now=noon(today), today=today
        )

    def approve(self, on: date | None = None, **changes: Any) -> Founding:
        """The upper union says yes at the present gate."""
        part = self.founding().position.part
        assert part is not None
        return self.reply(part.done_by, on=on, **changes)

    # --- stage 2

    def join(self, *numbers: int) -> list[Person]:
        """Members of the units in the pool of the city, so many of each; by default everybody, and all of them men."""
        counted = numbers or tuple(unit.workers for unit in self.founding().standing)
        for unit, number in zip(self.units, counted, strict=False):
            self.people += make.members(
                self.session,
                self.cast.city_pool,
                number,
                on=self.on - timedelta(days=1),
                employer_id=unit.id,
                sex=Sex.MALE,
            )
        self.session.rollback()
        return self.people

    def are_women(self, *people: Person) -> None:
        """These members are women."""
        chosen = [each.id for each in people]
        self.session.execute(update(Person).where(Person.id.in_(chosen)).values(sex=Sex.FEMALE))
        self.session.commit()

    def prepare(self, on: date | None = None) -> Founding:
        today = on or self.on
        return self.group(preparing.finish_preparation, on=today, today=today)

    # --- stage 3

    def planned(self, **changes: Any) -> Planned:
        """A meeting of all members that elects three of the first four, and audits nothing; or one officer."""
        officer = self.founding().way == "one_officer"
        seats = 1 if officer else 3
        body = "officer" if officer else "committee"
        told = {
            "meeting_on": self.meeting_on,
            "starts_at": "15:00",
            "place": "分拨中心",
            "notice_from": self.notice_from,
            "delegates": 0,
            "term_years": 5,
            "seats": seats,
            "audit_seats": 0,
            "union_name": "",
            "candidates": [stands(each, body) for each in self.people[: seats + 1]],
        }
        return Planned(**told | changes)

    def plan(self, **changes: Any) -> Founding:
        return self.group(planning.keep_plan, self.planned(**changes))

    def ask(self, on: date | None = None) -> Founding:
        today = on or self.on
        return self.group(planning.request_meeting, on=today, today=today, review_working_days=REVIEW)

    # --- stages 5 and 6

    @property
    def met_on(self) -> date:
        """The day of the assembly; one that is held again is a day later."""
        return self.meeting_on + timedelta(days=self.founding().position.round - 1)

    def ids(self, body: str) -> list[str]:
        """Ids of the present candidates of a body, in the order of the ballot paper."""
        return [str(each.id) for each in self.founding().lists.get(Body(body), [])]

    def counted(self, *yes: int, body: str = "committee", ids: Iterable[str] = (), **changes: Any) -> Counted:
        """A ballot of all five present; ``yes`` by candidate."""
        votes = dict(zip(ids or self.ids(body), yes, strict=True))
        told = {"body": Body(body), "issued": 5, "returned": 5, "void": 0, "votes": votes}
        return Counted(**told | changes)

    def recorded(self, *yes: int, **changes: Any) -> Recorded:
        """An assembly of five at which three are elected, or one officer."""
        main = "officer" if self.founding().way == "one_officer" else "committee"
        counted = changes.pop("counted", None)
        if counted is None:
            full = (4, 1)[: len(self.ids(main))] if main == "officer" else (5, 4, 3, 1)
            counted = [self.counted(*(yes or full), body=main)]
        told = {
            "held_on": self.met_on,
            "present": 5,
            "rules_adopted": True,
            "counters": "赵六",
            "minutes": "",
            "sure": True,
            "counted": counted,
        }
        return Recorded(**told | changes)

    def met(self, act: Callable[..., Founding], *args: Any, on: date | None = None) -> Founding:
        """One act of the group on the day of the meeting."""
        today = on or self.met_on
        return self.group(act, *args, on=today, today=today)

    def record(self, *yes: int, on: date | None = None, **changes: Any) -> Founding:
        return self.met(voting.record_meeting, self.recorded(*yes, **changes), on=on)

    def correct(self, *yes: int, correction: str = "数错了", on: date | None = None, **changes: Any) -> Founding:
        return self.met(voting.correct_record, self.recorded(*yes, correction=correction, **changes), on=on)

    def vote_again(self, *counted: Counted, version: int | None = None, on: date | None = None) -> Founding:
        read = self.founding().application.version if version is None else version
        return self.met(partial(voting.record_another_vote, version=read), counted, on=on)

    def leave_seats_open(self) -> Founding:
        return self.met(voting.leave_seats_open)

    def hold_again(self, on: date | None = None) -> Founding:
        return self.met(voting.hold_again, on=on)

    def offices(self, *, on: date | None = None, **chosen: str) -> Founding:
        """The first session; the first candidate is the chair unless said otherwise."""
        [first, *_others] = self.ids("committee") or [""]
        given = {"chair": first, "vice_chair": "", "audit_chair": "", "womens_member": ""}
        return self.met(voting.hold_session, given | chosen, on=on)

    # --- stages 7 to 10

    def report(self, on: date | None = None) -> Founding:
        return self.met(preparing.report_result, on=on)

    def register(self, on: date | None = None, **changes: Any) -> Founding:
        today = on or self.replied_on
        told = {
            "days": dict.fromkeys(registration_items(self.founding().way), today),
            "credit_code": "81652301MC0000004U",
            "certificate_until": date(2026, 12, 10),
        }
        given = told | changes
        return self.group(preparing.register, given.pop("days"), on=today, **given)

    def conclude(self, *, by: Actor | None = None, **changes: date | None) -> Founding:
        days = {"real_name": self.replied_on, "plaque": self.replied_on, "funds": self.replied_on} | changes
        told = {item: day for item, day in days.items() if day}
        return self.do(approving.conclude, self.number, told, by=by or self.cadre, now=noon(self.replied_on))

    # --- as far as a stage

    def to(self, stage: str) -> "Way":
        """Walk on until ``stage``, each act as it usually is."""
        for _turn in range(12):
            here = self.stage
            if here == stage:
                return self
            _NEXT[here](self)
        raise AssertionError(f"{stage} was not reached")

    # --- what is there

    def steps(self) -> list[str]:
        self.session.rollback()
        entries = select(ApplicationAct.step).join(Application).where(Application.link == self.link)
        return list(self.session.scalars(entries.order_by(ApplicationAct.id)))

    def audit(self) -> list[tuple[str, str, str]]:
        """Act, subject and note of every audit line, in order."""
        return audit_of(self.session)

    def papers(self) -> dict[tuple[str, int], FoundingPaper]:
        """The rows of papers by kind and edition."""
        self.session.rollback()
        own = select(FoundingPaper).join(Application).where(Application.link == self.link)
        return {(row.kind, row.round): row for row in self.session.scalars(own)}


def _gather(way: Way) -> None:
    if not way.people:
        way.join()
    way.prepare()


def _ask(way: Way) -> None:
    way.plan()
    way.ask()


_NEXT: dict[Stage | None, Callable[[Way], object]] = {
    Stage.GROUP_REQUEST: Way.send,
    Stage.GROUP_REPLY: Way.approve,
    Stage.PREPARATION: _gather,
    Stage.MEETING_REQUEST: _ask,
    Stage.MEETING_REPLY: Way.approve,
    Stage.MEETING: Way.record,
    Stage.FIRST_SESSION: Way.offices,
    Stage.RESULT_REPORT: Way.report,
    Stage.ESTABLISHMENT: lambda way: way.approve(on=way.replied_on),
    Stage.REGISTRATION: Way.register,
    Stage.ENTRY: Way.conclude,
    Stage.JOIN_REQUEST: Way.send,
    Stage.JOIN_REPLY: Way.approve,
}


def audit_of(session: Session) -> list[tuple[str, str, str]]:
    """Act, subject and note of every audit line, in order."""
    session.rollback()
    lines = select(AuditEntry.act, AuditEntry.subject, AuditEntry.note).order_by(AuditEntry.id)
    return [tuple(line) for line in session.execute(lines)]


def how_many(session: Session, table: type) -> int:
    """How many rows a table holds now."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


# --- pages


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def fill(client: FlaskClient, path: str, **answers: object) -> TestResponse:
    """Fill in the form on a page and send it; ``__`` in a name stands for a hyphen."""
    page = text_of(client.get(path))
    hidden = dict(re.findall(r'name="(csrf_token|submission_key|version)"[^>]*value="([^"]*)"', page))
    return client.post(path, data={**hidden, **{name.replace("__", "-"): told for name, told in answers.items()}})


def press(client: FlaskClient, page: str, path: str, **answers: object) -> TestResponse:
    """A button on ``page`` that posts to ``path``."""
    return client.post(path, data={"csrf_token": csrf(client, page), **answers})


def press_reply(
    client: FlaskClient, number: str, step: str, note: str = "", version: int | None = None
) -> TestResponse:
    """A button of the card with which a cadre replies."""
    path = f"/foundings/{number}"
    page = text_of(client.get(path))
    read = re.search(r'name="version" value="(\d+)"', page)
    shown = read.group(1) if read else "0"
    told = {"version": shown if version is None else version, "step": step, "note": note}
    return press(client, path, f"{path}/reply", **told)
