"""Writing the demo: refused unless the database is empty, and all of it in one transaction."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from enrollment.demo.casework import open_cases
from enrollment.demo.chance import NEWS_DATE, Chance
from enrollment.demo.colleagues import COLLEAGUES, colleagues
from enrollment.demo.events import begin_from_posters, make_events
from enrollment.demo.filing import Desk, actors
from enrollment.demo.foundings import applies_meanwhile, open_foundings
from enrollment.demo.history import choose_decided, issue_cards, tell_history
from enrollment.demo.locations import locate
from enrollment.demo.membership import make_members
from enrollment.demo.names import han_name
from enrollment.demo.nodes import NODES
from enrollment.demo.pairings import make_pairings
from enrollment.demo.prefecture import Row, make_prefecture
from enrollment.demo.surveys import make_depots, make_headcounts
from enrollment.demo.terms import make_terms, open_re_elections
from enrollment.demo.visits import make_visits
from enrollment.rules import kinds
from enrollment.rules.access import SYSTEM, Act, Role
from enrollment.rules.regions import PREFECTURE
from enrollment.settings import DEMO_PASSWORD
from enrollment.storage.accounts import Account
from enrollment.storage.applications import Application
from enrollment.storage.audit import AuditEntry
from enrollment.storage.database import db, transaction
from enrollment.storage.events import Event
from enrollment.storage.failures import Refused
from enrollment.storage.foundings import UnionTerm
from enrollment.storage.ledger import LedgerEntry, MemberChange
from enrollment.storage.ledger import Membership as MembershipRow
from enrollment.storage.people import Person
from enrollment.storage.tables import Base
from enrollment.storage.unions import Coverage, Depot, Employer, Headcount, PublishedFigure, Union
from enrollment.storage.visits import Visit

_OFFICES = [("changji", "州总工会", PREFECTURE), *((n.login, f"{n.short}总工会", n.code) for n in NODES)]
_NEWS = "《工人日报》报道（2021年11月底）"
_PUBLISHED = {
    "employers": "519",
    "workers": "9951",
    "single_unions": "282",
    "joint_unions": "5",
    "members": "6310",
    "rate": "64",
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """An account of the demo, for printing."""

    login: str
    name: str
    territory_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSummary:
    """What was loaded, and who can sign in with ``password``. Members are the active ones on ``as_of``."""

    as_of: date
    employers: int
    workers: int
    single_unions: int
    joint_unions: int
    members: int
    people: int
    applications: int
    visits: int
    sign_ins: tuple[SignIn, ...]
    password: str = DEMO_PASSWORD


def database_is_empty() -> bool:
    """Whether nobody has put anything in yet: no account, employer, union, person, application, visit or event."""
    with Session(db.engine) as session:
        return _is_empty(session)


def sign_ins() -> tuple[SignIn, ...]:
    """The accounts of a loaded demo; none in a database that holds anything else."""
    with Session(db.engine) as session:
        if not session.scalar(select(select(AuditEntry).where(AuditEntry.act == Act.LOAD_DEMO).exists())):
            return ()
        return _sign_ins(session)


def _sign_ins(session: Session) -> tuple[SignIn, ...]:
    accounts = session.scalars(select(Account).where(Account.active).order_by(Account.id))
    return tuple(SignIn(account.login, account.name, account.territory_code) for account in accounts)


def open_to_everybody() -> list[str]:
    """The demo's accounts that still open with its password, which is printed in public; no other account is tried."""
    logins = [*(login for login, _office, _territory in _OFFICES), *COLLEAGUES]
    found = select(Account.login, Account.password_hash).where(Account.active, Account.login.in_(logins))
    with Session(db.engine) as session:
        return [login for login, hashed in session.execute(found.order_by(Account.id)) if _opens(hashed)]


def _opens(password_hash: str) -> bool:
    try:
        return PasswordHasher().verify(password_hash, DEMO_PASSWORD)
    except VerificationError:
        return False


def load_demo(*, as_of: date = NEWS_DATE, today: date, now: datetime, review_working_days: int = 5) -> DemoSummary:
    """Load the prefecture ``changji`` as it stood on ``as_of``, with casework open on ``today``.

    The same dates give the same rows, but for encryption nonces and password salts. ``review_working_days`` is the
    deployment's time to decide. Raises ``Refused`` when the database is not empty.
    """
    chance = Chance(as_of)
    with transaction(by=SYSTEM, act=Act.LOAD_DEMO, now=now) as work:
        if not _is_empty(work.session):
            raise Refused(["database_not_empty"])
        accounts = _accounts(chance)
        cadres = {row["territory_code"]: row["id"] for row in accounts}
        prefecture = make_prefecture(chance)
        locate(Chance(as_of, stream=1), prefecture)
        membership = make_members(chance, prefecture, cadres)
        decided = choose_decided(chance, membership)
        visits = make_visits(chance, prefecture, cadres, today)
        rows: dict[type[Base], list[Row]] = {
            Account: accounts,
            Employer: prefecture.employers,
            Depot: make_depots(chance, prefecture),
            Headcount: make_headcounts(chance, prefecture),
            Union: prefecture.unions,
            Coverage: prefecture.coverages,
            Person: membership.people,
            LedgerEntry: membership.entries,
            MembershipRow: membership.memberships,
            MemberChange: membership.member_changes,
            Visit: visits,
            UnionTerm: make_terms(Chance(as_of, stream=2), prefecture, today),
        }
        _write(work.session, rows)
        work.session.execute(insert(PublishedFigure), _published(as_of))
        others = colleagues(as_of, prefecture, _password)
        work.session.add_all(others)
        work.session.flush()
        desk = Desk(work, chance, prefecture, actors(accounts), today, review_working_days)
        applications = tell_history(desk, decided, visits) + open_cases(desk, membership, visits) + open_foundings(desk)
        applications += open_re_elections(desk) + applies_meanwhile(replace(desk, chance=Chance(as_of, stream=4)))
        begin_from_posters(desk, make_events(desk))
        issue_cards(desk, decided)
        make_pairings(desk, Chance(as_of, stream=3))
        work.subject, work.note = PREFECTURE, f"as of {as_of}"
        return DemoSummary(
            as_of=as_of,
            employers=len(prefecture.places),
            workers=sum(place.workers for place in prefecture.places),
            single_unions=sum(union["kind"] == kinds.SINGLE.code for union in prefecture.unions),
            joint_unions=sum(union["kind"] == kinds.JOINT.code for union in prefecture.unions),
            members=sum(row["until_on"] is None for row in membership.memberships),
            people=len(membership.people),
            applications=applications,
            visits=len(visits),
            sign_ins=_sign_ins(work.session),
        )


def _is_empty(session: Session) -> bool:
    tables = (Account, Employer, Union, Person, Application, Visit, Event)
    return not any(session.scalar(select(select(table).exists())) for table in tables)


def _accounts(chance: Chance) -> list[Row]:
    """One account for the prefecture and one for each node."""
    return [
        {
            "id": number,
            "login": login,
            "name": f"{office} {han_name(chance)}",
            "password_hash": _password(),
            "territory_code": territory,
            "active": True,
            "role": Role.PREFECTURE_CADRE if territory == PREFECTURE else Role.COUNTY_CADRE,
            "code": chance.code(8),
        }
        for number, (login, office, territory) in enumerate(_OFFICES, start=1)
    ]


def _password() -> str:
    hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # light: the password is printed
    return hasher.hash(DEMO_PASSWORD)


def _write(session: Session, rows: dict[type[Base], list[Row]]) -> None:
    """All rows with the ids given to them, past the unit of work, which is made for few."""
    for table, values in rows.items():
        session.execute(insert(table), values)
        if session.get_bind().dialect.name == "postgresql" and "id" in values[0]:
            _continue_numbering(session, table.__tablename__, len(values))


def _continue_numbering(session: Session, table: str, last: int) -> None:
    """PostgreSQL counts on from what its own sequence gave out, not from the ids we brought."""
    session.execute(select(func.setval(func.pg_get_serial_sequence(table, "id"), last)))


def _published(as_of: date) -> list[Row]:
    return [
        {"territory_code": PREFECTURE, "as_of": as_of, "figure": figure, "value": value, "source": _NEWS}
        for figure, value in _PUBLISHED.items()
    ]
