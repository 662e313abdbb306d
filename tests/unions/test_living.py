"""Whatever the order of acts: no unit in two unions, no member in none, no union without approval (LAW-7, BUILD-7)."""

import shutil
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp

import pytest
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enrollment import create_app
from enrollment.desk.actions import Decision, decide_application
from enrollment.rules.access import Act, Actor, Role
from enrollment.rules.applications import Step
from enrollment.rules.coverage import DissolutionCause, EndCause, MergeCause, Papers
from enrollment.rules.kinds import KINDS
from enrollment.rules.ledger import Standing, standing_on, stints
from enrollment.rules.regions import Territory
from enrollment.storage import moves
from enrollment.storage.applications import Application
from enrollment.storage.database import db, transaction
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.ledger import MemberChange, Membership, history
from enrollment.storage.people import Person, kept_numbers
from enrollment.storage.unions import Coverage, Employer, Union
from enrollment.unions import actions
from tests import cast as stage
from tests import make
from tests.conftest import SETTINGS

START = date(2021, 3, 1)
IDENTITIES = [make.identity_number(date(1990, 1, 1 + n)) for n in range(8)]
PAPER = "昌工发〔2021〕5号"

which = st.integers(0, 30)
days_ago = st.sampled_from([0, 0, 0, 1, 5])
causes = st.sampled_from(list(EndCause))


class LivingUnions(RuleBasedStateMachine):
    """A county whose cadre does anything in any order; what is refused changes nothing."""

    app = None
    empty = Path()

    def __init__(self) -> None:
        super().__init__()
        path = Path(str(self.app.config["SQLALCHEMY_DATABASE_URI"]).removeprefix("sqlite:///"))
        self.context = self.app.test_request_context("/")
        self.context.push()
        db.engine.dispose()
        for leftover in path.parent.glob(f"{path.name}-*"):
            leftover.unlink()
        shutil.copy(self.empty, path)
        self.session = Session(db.engine, expire_on_commit=False)
        self.cast = stage.appear(self.session)
        other = make.union(self.session, kind="joint", covers=(make.employer(self.session),))
        make.union(self.session, kind="township")
        self.units = list(self.session.scalars(select(Employer).order_by(Employer.id)))
        county = select(Union).where(Union.county_code == other.county_code).order_by(Union.id)
        self.unions = list(self.session.scalars(county))
        self.today, self.left = START, set()
        self.by = Actor(Role.COUNTY_CADRE, "张干部", self.cast.city.id, Territory("652301"))

    def teardown(self) -> None:
        self.session.close()
        db.session.remove()
        self.context.pop()

    @property
    def who(self):
        at = datetime.combine(self.today, make.NOW.timetz())
        return {"by": self.by, "now": at, "today": self.today}

    def tried(self, act, *codes, **told):
        """Do it, if nothing stands against it; whether it was done."""
        try:
            act(*codes, **told, **self.who)
        except (Refused, Conflict, Missing):
            return False
        finally:
            self.session.rollback()
            self.session.expire_all()
        return True

    def day(self, ago):
        return self.today - timedelta(days=ago)

    def union(self, number):
        return self.unions[number % len(self.unions)]

    def unit(self, number):
        return self.units[number % len(self.units)]

    def known(self, number):
        found = self.session.scalars(select(Person).order_by(Person.id)).all()
        return found[number % len(found)] if found else None

    def decide(self, application):
        decision = Decision(step=Step.APPROVED, version=application.version)
        return self.tried(decide_application, application.number, decision)

    @rule(days=st.integers(1, 20))
    def time_passes(self, days):
        self.today += timedelta(days=days)

    @rule(person=which, union=which, unit=which)
    def joins(self, person, union, unit):
        told = {"identity": IDENTITIES[person % len(IDENTITIES)], "employer_name": self.unit(unit).name}
        match = kept_numbers(told["identity"], "")["identity_match"]
        waiting = select(Application).where(Application.under_way_match == match)
        application = self.session.scalar(waiting) or make.join_application(
            self.session, application={"union_id": self.union(union).id}, **told
        )
        if self.decide(application):
            self.left.discard(self.session.scalar(select(Person.id).where(Person.identity_match == match)))

    @rule(person=which, union=which)
    def transfers(self, person, union):
        if (known := self.known(person)) is not None:
            self.decide(make.request(self.session, known, "transfer", to_union_id=self.union(union).id))

    @rule(person=which, kind=st.sampled_from(["retain", "retain", "leave"]))
    def asks(self, person, kind):
        if (known := self.known(person)) is not None:
            done = self.decide(make.request(self.session, known, kind, cause="unemployed"))
            self.left |= {known.id} if done and kind == "leave" else set()

    @rule(union=which, unit=which, ago=days_ago)
    def unit_joins(self, union, unit, ago):
        told = {"employer_code": self.unit(unit).code, "on": self.day(ago), "document": PAPER}
        self.tried(actions.add_unit, self.union(union).code, **told)

    @rule(union=which, unit=which, cause=causes, ago=days_ago)
    def unit_leaves(self, union, unit, cause, ago):
        told = {"on": self.day(ago), "cause": cause, "document": PAPER}
        self.tried(actions.release_unit, self.union(union).code, self.unit(unit).code, **told)

    @rule(unit=which, ago=days_ago)
    def unit_closes(self, unit, ago):
        self.tried(actions.close_unit, self.unit(unit).code, on=self.day(ago), document=PAPER)

    @rule(unit=which)
    def unit_founds_its_own(self, unit):
        self.tried(self.found, self.unit(unit))

    def found(self, unit, *, by, now, today):
        with transaction(by=by, act=Act.DECIDE_APPLICATION, now=now) as work:
            old = work.session.scalar(
                select(Coverage).where(Coverage.employer_id == unit.id, Coverage.until_on.is_(None))
            )
            if old is None or not KINDS[work.session.get_one(Union, old.union_id).kind].may_cover_several:
                raise Refused(["unit_is_covered"])
            own = Union(
                code=f"OWN{unit.id}", name=f"{unit.name}工会委员会（{today}）", kind="single",
                county_code=unit.county_code, region_code=unit.region_code, founded_on=today,
                approval_number=PAPER, approved_on=today,
            )  # fmt: skip
            work.session.add(own)
            work.session.flush()
            moves.end_coverage(work, old, today, EndCause.REACHED_25, PAPER)
            moves.begin_coverage(work, own, work.session.get_one(Employer, unit.id), today, PAPER)
            moves.move_members(
                work, employer_ids=[unit.id], to=own, on=today, document=PAPER, county_code=unit.county_code
            )
        self.unions.append(own)

    @rule(union=which, into=which, ago=days_ago)
    def union_merges(self, union, into, ago):
        told = {"into": self.union(into).code, "on": self.day(ago), "cause": MergeCause.TOO_SMALL}
        self.tried(actions.merge_union, self.union(union).code, papers=self.papers(ago), **told)

    @rule(union=which, cause=st.sampled_from(list(DissolutionCause)), ago=days_ago)
    def union_ends(self, union, cause, ago):
        told = {"on": self.day(ago), "cause": cause, "papers": self.papers(ago)}
        self.tried(actions.dissolve_union, self.union(union).code, **told)

    def papers(self, ago):
        on = self.day(ago)
        return Papers(report=PAPER, voted_on=on, approval_number=PAPER, approved_on=on)

    @invariant()
    def every_union_that_stands_is_approved(self):
        assert self.session.scalars(select(Union.id).where(func.trim(Union.approval_number) == "")).all() == []

    @invariant()
    def no_unit_is_in_two_unions_or_in_one_that_has_ended(self):
        rows = self.session.execute(
            select(Coverage, Union, Employer).join_from(Coverage, Union).join(Employer).order_by(Coverage.from_on)
        ).all()
        for unit in self.units:
            periods = [row.Coverage for row in rows if row.Coverage.employer_id == unit.id]
            for earlier, later in pairwise(periods):
                assert earlier.until_on is not None
                assert earlier.until_on <= later.from_on
        for coverage, union, employer in rows:
            ended = [day for day in (union.dissolved_on, employer.closed_on) if day]
            assert coverage.from_on >= union.founded_on
            assert all(coverage.until_on and coverage.until_on <= day for day in ended)
        own = [row.Coverage.union_id for row in rows if row.Union.kind == "single" and row.Coverage.until_on is None]
        assert len(own) == len(set(own))

    @invariant()
    def nobody_who_did_not_leave_is_lost(self):
        standing = set(self.session.scalars(select(Union.id).where(Union.dissolved_on.is_(None))))
        for person in self.session.scalars(select(Person)):
            entries = history(self.session, person.id)
            position = standing_on(entries, date.max)
            if person.id in self.left:
                assert position.standing is Standing.EXITED
                continue
            assert position.standing in (Standing.MEMBER, Standing.RETAINED)
            assert int(position.union) in standing
            held = self.session.scalars(
                select(Membership.union_id).where(Membership.person_id == person.id, Membership.until_on.is_(None))
            ).all()
            assert held == ([int(position.union)] if position.standing is Standing.MEMBER else [])
            for earlier, later in pairwise(stints(entries)):
                assert earlier.until_on is not None
                assert earlier.until_on <= later.from_on

    @invariant()
    def the_sums_are_the_members(self):
        summed = self.session.execute(select(MemberChange.union_id, func.sum(MemberChange.change)).group_by("union_id"))
        held = self.session.execute(
            select(Membership.union_id, func.count()).where(Membership.until_on.is_(None)).group_by("union_id")
        )
        assert {union: number for union, number in summed if number} == dict(held.all())


@pytest.fixture(scope="module")
def living():
    folder = Path(mkdtemp())
    path = folder / "living.sqlite3"
    app = create_app(SETTINGS.but(database_url=f"sqlite:///{path}"))
    app.testing = True  # no messages are sent beside it
    with app.app_context():
        upgrade()
        db.engine.dispose()
    shutil.copy(path, path.with_suffix(".empty"))
    LivingUnions.app, LivingUnions.empty = app, path.with_suffix(".empty")
    yield LivingUnions
    shutil.rmtree(folder)


def test_no_order_of_acts_loses_a_member_or_puts_a_unit_into_two_unions(living):
    run_state_machine_as_test(
        living,
        settings=settings(
            max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
