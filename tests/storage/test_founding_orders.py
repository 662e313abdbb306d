"""Two foundings that share a unit, their acts in any order, with good and bad input: what never happens."""

import shutil
from functools import partial
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.approving import actions as approving
from enrollment.founding.actions import Answer, answer_invitation
from enrollment.preparing import actions as preparing
from enrollment.rules.access import VISITOR
from enrollment.rules.papers import PaperKind
from enrollment.rules.stages import FoundingStep, Stage
from enrollment.storage.applications import Application
from enrollment.storage.audit import AuditEntry
from enrollment.storage.database import db
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.foundings import FoundingBallot, FoundingCandidate, UnionOfficer, UnionTerm
from enrollment.storage.ledger import LedgerEntry, Membership
from enrollment.storage.papers import DocumentSerial, FoundingPaper
from enrollment.storage.people import Person
from enrollment.storage.rosters import roster
from enrollment.storage.unions import Coverage, Union
from tests import cast as stage
from tests import make
from tests.conftest import _migrated
from tests.preparing.way import _NEXT, MEETING, REPLIED, TODAY, Way, noon, outsider, stands

ALONE = {"own_committee": "东风网点第{n}工会委员会", "one_officer": "东风网点第{n}工会", "join_joint": ""}
TABLES = (AuditEntry, LedgerEntry, Membership, Union, Coverage, FoundingPaper, FoundingBallot, FoundingCandidate,
          UnionTerm, UnionOfficer, DocumentSerial)  # fmt: skip
KINDS = st.sampled_from(list(PaperKind))
TURNS = st.integers(0, 12)
NOTES = st.sampled_from(["", "写明原因"])


def well_asked(way):
    """The request with nothing missing."""
    way.keep_request(union_name=way.name, workers=5)
    way.send()


def well_attended(way):
    """Everybody came and voted for all but the last."""
    members = len(roster(way.session, way.founding(), MEETING))
    body = "officer" if way.founding().way == "one_officer" else "committee"
    yes = [*[members] * (len(way.ids(body)) - 1), 0]
    full = way.counted(*yes, body=body, issued=members, returned=members)
    way.record(present=members, counted=[full])


AS_USUAL = _NEXT | {Stage.GROUP_REQUEST: well_asked, Stage.MEETING: well_attended}


class TwoFoundings(RuleBasedStateMachine):
    """A joint union of three depots, and what the first of them may do alone."""

    def __init__(self, app):
        super().__init__()
        with app.app_context():
            db.engine.dispose()
            path = Path(str(db.engine.url.database))
            shutil.copy(path.with_suffix(".empty"), path)
            engine = db.engine
        self.app, self.session = app, Session(engine, expire_on_commit=False)
        self.cast = stage.appear(self.session)
        self.names, self.left = count(1), set()

    @initialize(alone=st.sampled_from(list(ALONE)), covered=st.booleans(), turns=st.tuples(TURNS, TURNS))
    def begin(self, alone, covered, turns):
        self.units = [
            make.employer(self.session, name=name, workers=5) for name in ("东风网点", "西域网点", "天山网点")
        ]
        where = self.cast.city_pool
        if covered:
            where = make.union(self.session, kind="joint", covers=tuple(self.units[:1]))
        self.people = [
            *make.members(self.session, where, 5, employer_id=self.units[0].id),
            *make.members(self.session, self.cast.city_pool, 2, employer_id=self.units[1].id),
            *make.members(self.session, self.cast.city_pool, 1, employer_id=self.units[2].id),
        ]
        self.ways = [self.founded("new_joint"), self.founded(alone)]
        self.all = list(self.ways)
        for way, number in zip(self.ways, turns, strict=True):
            self.forward(way, number)

    def founded(self, kind):
        """A founding of the shared unit, with its neighbor or alone."""
        way, name = Way(self.app, self.session, self.cast), f"第{next(self.names)}联合工会委员会"
        way.people = list(self.people)
        units = self.units if kind == "new_joint" else self.units[:1]
        given = {"union_name": name if kind == "new_joint" else ALONE[kind].format(n=next(self.names))}
        if kind == "join_joint":
            given |= {"steps": (FoundingStep.SUBMITTED,), "application": {"union_id": self.cast.joint_union.id}}
        told = tuple({"employer_id": unit.id, "name": unit.name, "workers": 5} for unit in units)
        way.begin(kind, (), units=told, **given)
        return way

    def tried(self, act, *args, **told):
        """An act is done, or nothing at all is changed."""
        before = self.everything()
        try:
            act(*args, **told)
        except (Refused, Conflict, Missing):
            assert self.everything() == before

    def everything(self):
        self.session.rollback()
        rows = [len(self.session.execute(select(table.__table__)).all()) for table in TABLES]
        return rows, self.session.execute(select(Application.id, Application.state, Application.version)).all()

    # --- what is done

    def forward(self, way, turns):
        """The next acts with good input, as far as the rules let them."""
        for _turn in range(turns):
            try:
                AS_USUAL.get(way.stage, lambda _way: None)(way)
            except Refused:
                self.tried(way.hold_again)
            except (Conflict, Missing):
                return

    @rule(which=st.integers(0, 1), turns=st.integers(1, 4))
    def go_on(self, which, turns):
        self.forward(self.ways[which], turns)

    @rule(which=st.integers(0, 1), data=st.data())
    def keep_and_send(self, which, data):
        way = self.ways[which]
        told = way.request(
            union_name=data.draw(st.sampled_from([way.name, way.name, "", "工会", "昌吉市会员周转库"])),
            workers=data.draw(st.sampled_from([1, 5, 25])),
            barred=data.draw(st.integers(0, 1)),
            group=data.draw(
                st.sampled_from([[], [{"name": "马晓", "unit_name": "东风网点", "post": "快递员", "cv": ""}]])
            ),
        )
        self.tried(way.group, preparing.keep_request, told, today=way.on)
        self.tried(way.send)

    @rule(which=st.integers(0, 1))
    def prepare(self, which):
        self.tried(self.ways[which].prepare)

    @rule(answer=st.sampled_from(["agreed", "declined", "asked"]), note=NOTES)
    def answer(self, answer, note):
        for unit in self.ways[0].founding().application.units[1:]:
            link = unit.link
            told = {"by": VISITOR, "now": noon(TODAY), "today": TODAY}
            self.tried(self.ways[0].do, answer_invitation, link, Answer(answer=answer, note=note), **told)
            self.tried(self.ways[0].group, preparing.remind, link)

    @rule(which=st.integers(0, 1), data=st.data())
    def plan_and_ask(self, which, data):
        way = self.ways[which]
        body = "officer" if way.founding().way == "one_officer" else "committee"
        people = data.draw(
            st.lists(st.sampled_from(way.people), min_size=1, max_size=6, unique_by=lambda each: each.id)
        )
        rows = [stands(each, body, data.draw(st.sampled_from(["none", "none", "head"]))) for each in people]
        self.tried(
            way.plan,
            seats=data.draw(st.integers(1, 4)),
            term_years=data.draw(st.sampled_from([3, 4, 5])),
            candidates=[*rows, *data.draw(st.sampled_from([[], [outsider(body=body)]]))],
        )
        self.tried(way.ask)

    @rule(which=st.integers(0, 1), correction=st.sampled_from(["", "数错了"]), data=st.data())
    def record(self, which, correction, data):
        way, present = self.ways[which], data.draw(st.integers(3, 8))
        body = "officer" if way.founding().way == "one_officer" else "committee"
        yes = [data.draw(st.integers(0, present)) for _each in way.ids(body)]
        full = way.counted(*yes, body=body, issued=present, returned=present)
        self.tried(way.record, present=present, counted=[full])
        self.tried(way.correct, present=present, counted=[full], correction=correction)

    @rule(which=st.integers(0, 1), data=st.data())
    def vote_again(self, which, data):
        way = self.ways[which]
        body = "officer" if way.founding().way == "one_officer" else "committee"
        ids = data.draw(st.lists(st.sampled_from(["0", *way.ids(body)]), max_size=3, unique=True))
        yes = [data.draw(st.integers(0, 8)) for _each in ids]
        again = way.counted(*yes, body=body, ids=ids, issued=8, returned=8) if ids else None
        self.tried(way.leave_seats_open)
        if again:
            self.tried(way.vote_again, again)

    @rule(which=st.integers(0, 1), data=st.data())
    def offices(self, which, data):
        way = self.ways[which]
        ids = ["", "0", *way.ids("committee")]
        self.tried(way.offices, chair=data.draw(st.sampled_from(ids)), vice_chair=data.draw(st.sampled_from(ids)))

    @rule(which=st.integers(0, 1), act=st.sampled_from(["report", "hold_again", "register", "conclude"]))
    def act(self, which, act):
        self.tried(getattr(self.ways[which], act))

    @rule(which=st.integers(0, 1), kind=KINDS, words=st.sampled_from(["", "请示\n昌吉市总工会：\n现有5人。\n请批示。"]))
    def edit(self, which, kind, words):
        way = self.ways[which]
        self.tried(way.group, preparing.edit_paper, kind, words)
        self.tried(way.do, approving.edit_reply, way.number, kind, words, by=way.cadre, now=noon(TODAY))

    @rule(
        which=st.integers(0, 1),
        step=st.sampled_from([step.value for step in FoundingStep if step is not FoundingStep.REFUSED]),
        note=NOTES,
        stale=st.booleans(),
    )
    def reply(self, which, step, note, stale):
        way = self.ways[which]
        version = way.founding().application.version - stale
        self.tried(way.reply, step, note, version=version, on=REPLIED)

    @rule(which=st.sampled_from([1, 2]), by_group=st.booleans(), note=NOTES)
    def leave_out(self, which, by_group, note):
        """A unit that was asked is left out, by either side."""
        way = self.ways[0]
        link = way.founding().application.units[which].link
        if by_group:
            self.tried(way.group, preparing.leave_unit_out, link, note)
        else:
            self.tried(way.reply, "left_out", note, unit=link, on=REPLIED)

    @precondition(lambda self: len(self.all) < 5)
    @rule(which=st.integers(0, 1), by_group=st.booleans())
    def end_and_begin_again(self, which, by_group):
        way = self.ways[which]
        if by_group:
            self.tried(way.group, preparing.withdraw)
        else:
            self.tried(way.reply, "refused", "不在本市", on=REPLIED)
        if way.founding().position.part is None:
            self.ways[which] = self.founded(way.founding().way)
            self.all.append(self.ways[which])

    @precondition(lambda self: len(self.left) < 2)
    @rule(who=st.integers(0, 7), kind=st.sampled_from(["exited", "retained"]))
    def leave(self, who, kind):
        """A member leaves; everybody else stays somewhere."""
        person = self.people[who]
        self.session.rollback()
        held = select(Membership.union_id).where(Membership.person_id == person.id, Membership.until_on.is_(None))
        union_id = self.session.scalar(held)
        if union_id is None:
            return
        try:
            make.entry(self.session, person, self.session.get(Union, union_id), kind, MEETING)
        except Refused:
            self.session.rollback()  # it has moved on a later day
        else:
            self.left.add(person.id)

    # --- what never happens

    @invariant()
    def no_union_is_without_its_approval(self):
        self.session.rollback()
        numbers = self.session.scalars(select(Union.approval_number)).all()
        assert all(numbers)
        assert len(numbers) == len(set(numbers)) + 1  # the two pools were made by one document

    @invariant()
    def no_unit_is_in_two_unions_on_a_day(self):
        rows = self.session.execute(select(Coverage.employer_id, Coverage.from_on, Coverage.until_on)).all()
        periods = {}
        for employer, from_on, until_on in rows:
            periods.setdefault(employer, []).append((from_on, until_on))
        for found in periods.values():
            ordered = sorted(found)
            assert all(end and end <= start for (_start, end), (start, _end) in pairwise(ordered))

    @invariant()
    def everybody_who_has_not_left_is_in_one_union(self):
        held = self.session.scalars(select(Membership.person_id).where(Membership.until_on.is_(None))).all()
        everybody = set(self.session.scalars(select(Person.id)))
        assert sorted(held) == sorted(everybody - self.left)

    @invariant()
    def the_state_is_where_the_entries_led(self):
        for way in self.all:
            found = way.founding()
            assert found.application.state == found.position.state
            stands_now = found.application.union_id is not None and found.way != "join_joint"
            assert stands_now == (found.position.state == "approved" and found.way != "join_joint")

    def teardown(self):
        self.session.close()


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory):
    """The application on a database of its own."""
    return _migrated(f"sqlite:///{tmp_path_factory.mktemp('orders') / 'orders.sqlite3'}")


def test_whatever_is_done_in_whatever_order(sqlite):
    limits = settings(
        max_examples=8, stateful_step_count=20, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )  # fmt: skip
    run_state_machine_as_test(partial(TwoFoundings, sqlite), settings=limits)
