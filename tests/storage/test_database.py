"""One act: all of it and its audit line, or nothing."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import upgrade
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError, SQLAlchemyError

from enrollment import create_app
from enrollment.rules.access import SYSTEM, VISITOR, Act, Actor, Role
from enrollment.storage.audit import AuditEntry
from enrollment.storage.database import db, transaction
from enrollment.storage.failures import Conflict, Refused
from enrollment.storage.ledger import Membership
from enrollment.storage.tables import Base, new_code
from enrollment.storage.unions import Coverage, Employer
from tests import make
from tests.conftest import SETTINGS


def employer(code="E-new"):
    return Employer(code=code, name="新网点", county_code="652301", region_code="652301001", group="courier")


def test_an_act_is_kept_with_who_did_what_when_and_on_what(context, session, cast):
    by = Actor(Role.COUNTY_CADRE, "张干部", cast.city.id)
    with transaction(by=by, act=Act.LOG_VISIT, now=make.NOW) as work:
        work.session.add(employer())
        work.subject, work.note = "E-new", "1 unit"

    assert session.scalar(select(Employer.name).where(Employer.code == "E-new")) == "新网点"
    [line] = session.scalars(select(AuditEntry))
    assert (line.at, line.account_id, line.actor, line.act, line.subject, line.note) == (
        make.NOW,
        cast.city.id,
        "张干部",
        "log_visit",
        "E-new",
        "1 unit",
    )


@pytest.mark.parametrize(("by", "actor"), [(VISITOR, "visitor"), (SYSTEM, "system")])
def test_who_has_no_account_is_named_by_role(context, session, by, actor):
    with transaction(by=by, act=Act.APPLY) as work:
        work.subject = "211130-ABCDE"

    [line] = session.scalars(select(AuditEntry))
    assert (line.account_id, line.actor, line.subject) == (None, actor, "211130-ABCDE")
    assert abs(line.at - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("error", [Refused(["no_members"]), Conflict(), ValueError("anything")])
def test_whatever_goes_wrong_leaves_nothing(context, session, error):
    def act():
        with transaction(by=VISITOR, act=Act.APPLY, now=make.NOW) as work:
            work.session.add(employer())
            work.session.flush()
            raise error

    with pytest.raises(type(error)):
        act()

    assert session.scalars(select(Employer)).all() == []
    assert session.scalars(select(AuditEntry)).all() == []


def test_a_constraint_of_the_database_means_that_someone_was_faster(context, session):
    make.employer(session, code="E-new")

    with pytest.raises(Conflict), transaction(by=VISITOR, act=Act.APPLY, now=make.NOW) as work:
        work.session.add(employer())

    assert session.scalars(select(AuditEntry)).all() == []


ON_SQLITE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}


def test_what_is_kept_is_on_the_disk_and_nobody_waits_for_ever(context):
    ask, expected = ("PRAGMA", ON_SQLITE) if db.engine.dialect.name == "sqlite" else ("SHOW", {"lock_timeout": "15s"})
    with db.engine.connect() as connection:
        read = {name: connection.execute(text(f"{ask} {name}")).scalar() for name in expected}

    assert read == expected


def test_a_writer_takes_the_lock_at_once_and_a_reader_does_not(context, statements):
    with transaction(by=VISITOR, act=Act.ASK, now=make.NOW):
        pass
    writing = [statement for statement in statements if statement.startswith("BEGIN")]
    statements.clear()
    db.session.scalars(select(Employer)).all()
    reading = [statement for statement in statements if statement.startswith("BEGIN")]

    on_sqlite = db.engine.dialect.name == "sqlite"
    assert writing == (["BEGIN IMMEDIATE"] if on_sqlite else [])
    assert reading == (["BEGIN"] if on_sqlite else [])


def test_what_was_changed_outside_a_transaction_is_never_kept(context, session):
    db.session.add(employer())

    with pytest.raises(RuntimeError), transaction(by=VISITOR, act=Act.APPLY, now=make.NOW):
        pass

    db.session.rollback()
    assert session.scalars(select(Employer)).all() == []


def test_foreign_keys_are_enforced(context, session):
    with pytest.raises(IntegrityError):
        session.execute(text("INSERT INTO depots (employer_id, name, region_code) VALUES (999, '网点', '652301001')"))


def test_no_value_of_a_statement_is_told_with_an_error(context):
    with pytest.raises(SQLAlchemyError) as failed, db.engine.begin() as connection:
        connection.execute(text("SELECT * FROM nothing WHERE identity = :n"), {"n": "652301199001010005"})

    assert "nothing" in str(failed.value)
    assert "652301199001010005" not in str(failed.value)
    assert isinstance(failed.value, ProgrammingError) or db.engine.dialect.name == "sqlite"


def test_the_migrations_build_exactly_what_the_models_say(context):
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(found, Base.metadata)

    assert differences == []


ROWS_OF_BEFORE = """
INSERT INTO applications (id, number, link, submission_key, kind, county_code, state, started_at, version)
VALUES (1, 'n', 'l', 'k', 'join', '652301', 'submitted', '2026-11-24', 1);
INSERT INTO application_acts (application_id, step, at, actor, reason, fields, note)
VALUES (1, 'submitted', '2026-11-24', '', '', '[]', '');
INSERT INTO join_details (application_id, name, sex, born_on, employer_name, place, consent_version, identity_consent,
sharing_consent, identity, identity_match, identity_masked, phone, phone_match, phone_masked)
VALUES (1, '马晓', '2', '1990-01-01', '', 'pool', '2026-11', 1, 0, x'00', x'AB', '', x'00', x'00', '')
"""


def test_a_database_in_use_is_brought_up_to_date_with_its_rows(tmp_path):
    app = create_app(SETTINGS.but(database_url=f"sqlite:///{tmp_path / 'used.sqlite3'}"))
    with app.app_context():
        upgrade(revision="8572427352fa")
        with db.engine.begin() as connection:
            for statement in ROWS_OF_BEFORE.split(";"):
                connection.exec_driver_sql(statement)
        upgrade()
        with db.engine.connect() as connection:
            kept = connection.exec_driver_sql(
                "SELECT under_way_match, confirmed_by, (SELECT count(*) FROM application_acts) FROM applications"
                " JOIN join_details ON application_id = applications.id"
            ).one()
            enforced = connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
        db.engine.dispose()

    assert tuple(kept) == (None, "", 1)
    assert enforced == 1


LATE_ROWS = """
INSERT INTO unions (id, code, name, kind, county_code, region_code, founded_on, approval_number, approved_on,
dissolved_document)
VALUES (1, 'u', '顺达工会', 'committee', '652301', '652301001', '2020-01-01', '1', '2020-01-01', '');
INSERT INTO accounts (id, code, login, name, role, territory_code, password_hash, totp_last, active, union_id)
VALUES (1, 'a', 'officer', '组织员', 'union_officer', '652301', 'x', 0, 1, 1);
INSERT INTO applications (id, number, link, submission_key, kind, county_code, state, started_at, version, union_id,
escalated_at)
VALUES (1, 'n1', 'l1', 'k1', 'join', '652301', 'submitted', '2026-11-24', 1, 1, '2026-12-01'),
(2, 'n2', 'l2', 'k2', 'join', '652301', 'submitted', '2026-11-24', 1, NULL, '2026-12-01'),
(3, 'n3', 'l3', 'k3', 'join', '652301', 'submitted', '2026-11-24', 1, 1, NULL)
"""


def test_what_was_late_before_lies_where_it_had_gone_up_to(tmp_path):
    app = create_app(SETTINGS.but(database_url=f"sqlite:///{tmp_path / 'late.sqlite3'}"))
    with app.app_context():
        upgrade(revision="3fa2c6b81d90")
        with db.engine.begin() as connection:
            for statement in LATE_ROWS.split(";"):
                connection.exec_driver_sql(statement)
        upgrade()
        with db.engine.connect() as connection:
            raised = connection.exec_driver_sql("SELECT raised_to FROM applications ORDER BY id").scalars().all()
        db.engine.dispose()

    assert raised == ["county", "prefecture", ""]


def test_a_person_has_one_open_membership_and_the_database_says_so(session, cast):
    who = make.member(session, cast.shunda_union)
    session.add(Membership(person_id=who.id, union_id=cast.joint_union.id, from_on=date(2021, 7, 1)))

    with pytest.raises(IntegrityError):
        session.commit()


def test_closed_memberships_may_be_many(session, cast):
    who = make.member(session, cast.shunda_union)
    for year in (2018, 2019):
        session.add(
            Membership(
                person_id=who.id, union_id=cast.joint_union.id, from_on=date(year, 1, 1), until_on=date(year, 2, 1)
            )
        )

    session.commit()
    assert len(session.scalars(select(Membership)).all()) == 3


def test_an_employer_has_one_open_coverage_and_the_database_says_so(session, cast):
    session.add(Coverage(union_id=cast.joint_union.id, employer_id=cast.shunda.id, from_on=date(2021, 7, 1)))

    with pytest.raises(IntegrityError):
        session.commit()


PERIODS = [  # of one unit, in 2021 by months (from, until; None = still), and whether the second may stand beside it
    ((3, 6), (6, 9), True),
    ((3, 6), (1, 3), True),
    ((3, 6), (6, None), True),
    ((3, 6), (5, 7), False),
    ((3, 6), (1, 4), False),
    ((3, 6), (4, 5), False),
    ((3, 6), (1, 12), False),
    ((3, 6), (3, 6), False),
    ((3, 6), (5, None), False),
    ((3, None), (1, 3), True),
    ((3, None), (1, 4), False),
    ((3, None), (5, None), False),
]


def periods(session, cast, *months):
    """Coverage of one unit by two unions, over these months."""
    unions = (cast.joint_union, cast.shunda_union)
    for union, (first, last) in zip(unions, months, strict=True):
        days = {"from_on": date(2021, first, 1), "until_on": date(2021, last, 1) if last else None}
        session.add(Coverage(union_id=union.id, employer_id=cast.uncovered.id, **days))
        session.flush()


@pytest.mark.parametrize(("first", "second", "may"), PERIODS)
def test_no_unit_is_covered_twice_on_any_day_and_the_database_says_so(session, cast, first, second, may):
    if may:
        periods(session, cast, first, second)
    else:
        with pytest.raises(IntegrityError):
            periods(session, cast, first, second)


def test_a_period_cannot_be_stretched_into_another(session, cast):
    periods(session, cast, (3, 6), (6, None))
    earlier = session.scalars(select(Coverage).where(Coverage.until_on == date(2021, 6, 1))).one()
    session.commit()
    earlier.until_on = date(2021, 6, 2)

    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()
    earlier.until_on = date(2021, 5, 1)
    session.commit()


def test_the_models_say_the_same_as_the_migrations_about_two_unions_for_one_unit(tmp_path):
    app = create_app(SETTINGS.but(database_url=f"sqlite:///{tmp_path / 'models.sqlite3'}"))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        upgraded = "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        with db.engine.connect() as connection:
            triggers = list(connection.execute(text(upgraded)).scalars())
        db.engine.dispose()

    assert triggers == ["coverages_overlap_insert", "coverages_overlap_update"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"approval_number": ""},
        {"dissolved_cause": "by_vote"},
        {"merged_into_id": 1},
        {"dissolved_on": date(2021, 6, 1), "merged_into_id": 6},
    ],
)
def test_no_union_stands_without_approval_or_half_ended_and_the_database_says_so(session, wrong):
    with pytest.raises(IntegrityError):
        make.union(session, id=6, **wrong)


def test_coverage_that_goes_on_has_no_cause_of_an_end(session, cast):
    session.add(
        Coverage(
            union_id=cast.joint_union.id, employer_id=cast.uncovered.id, from_on=make.TODAY, ended_cause="moved_away"
        )
    )

    with pytest.raises(IntegrityError):
        session.commit()


@pytest.mark.parametrize("row", [Membership, Coverage])
def test_a_period_ends_after_it_begins(session, cast, row):
    who = make.person(session)
    subject = {"person_id": who.id} if row is Membership else {"employer_id": cast.uncovered.id}
    session.add(row(union_id=cast.joint_union.id, from_on=make.TODAY, until_on=make.TODAY, **subject))

    with pytest.raises(IntegrityError):
        session.commit()


def test_an_instant_is_the_same_on_both_engines_whatever_zone_it_came_in(session):
    noon_in_beijing = datetime(2021, 11, 30, 12, 0, tzinfo=timezone(timedelta(hours=8)))
    session.add(AuditEntry(at=noon_in_beijing, actor="visitor", act="ask", subject=""))
    session.commit()
    session.expunge_all()

    read = session.scalars(select(AuditEntry.at)).one()
    assert (read, read.tzinfo) == (datetime(2021, 11, 30, 4, 0, tzinfo=UTC), UTC)


def test_a_code_can_be_read_out_on_the_telephone():
    code = new_code(400)

    assert len(code) == 400
    assert set(code) <= set("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")
    assert new_code(3, choice=lambda letters: letters[0]) == "222"
