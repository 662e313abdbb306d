"""One valid row each; keyword arguments change one thing. No hidden rows, no random data."""

import hashlib
import itertools
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.rules import identity as numbers
from enrollment.rules.access import SYSTEM
from enrollment.rules.applications import UNDER_WAY, Step
from enrollment.rules.ledger import EntryKind
from enrollment.rules.pairing import PairingEntry
from enrollment.rules.stages import Ball, FoundingStep
from enrollment.storage import applications, ledger, procedures, reversals
from enrollment.storage.accounts import Account
from enrollment.storage.applications import (
    Application,
    ApplicationAct,
    FoundingDetails,
    FoundingUnit,
    JoinDetails,
    Notice,
    RequestDetails,
)
from enrollment.storage.batches import Batch
from enrollment.storage.cards import Card
from enrollment.storage.database import Work
from enrollment.storage.events import Event
from enrollment.storage.foundings import GroupMember
from enrollment.storage.ledger import LedgerEntry
from enrollment.storage.outbox import Message
from enrollment.storage.pairings import Pairing, PairingContact, record_entry
from enrollment.storage.people import Person, kept_numbers
from enrollment.storage.referrals import Referral
from enrollment.storage.reversals import Reversal
from enrollment.storage.unions import Coverage, Employer, Headcount, Union
from enrollment.storage.visits import Visit

Row = TypeVar("Row")
_serial = itertools.count(1)
NOW = datetime(2021, 11, 30, 4, 0, tzinfo=UTC)
TODAY = date(2021, 11, 30)


def identity_number(born: date = date(1990, 1, 1), area: str = "652301") -> str:
    """A valid number with order 000, which belongs to nobody."""
    first = f"{area}{born:%Y%m%d}000"
    return first + numbers.identity_check_digit(first)


def employer(
    session: Session, *, workers: int | None = 10, surveyed_on: date = date(2021, 1, 1), **changes: Any
) -> Employer:
    n = next(_serial)
    values = {
        "code": f"E{n}",
        "name": f"第{n}快递有限公司",
        "county_code": "652301",
        "region_code": "652301001",
        "group": "courier",
        "credit_code": None,
        "filing_number": None,
    }
    row = _added(session, Employer(**values | changes))
    if workers is not None:
        _added(session, Headcount(employer_id=row.id, surveyed_on=surveyed_on, workers=workers, source="企业名录"))
    return row


def union(session: Session, *, covers: tuple[Employer, ...] = (), **changes: Any) -> Union:
    n = next(_serial)
    values = {
        "code": f"U{n}",
        "name": f"第{n}工会委员会",
        "kind": "single",
        "county_code": "652301",
        "region_code": "652301001",
        "group": None,
        "founded_on": date(2020, 1, 1),
        "approval_number": f"昌工发〔2020〕{n}号",
        "approved_on": date(2020, 1, 1),
    }
    row = _added(session, Union(**values | changes))
    for unit in covers:
        _added(session, Coverage(union_id=row.id, employer_id=unit.id, from_on=row.founded_on))
    return row


def person(session: Session, *, identity: str | None = None, phone: str | None = None, **changes: Any) -> Person:
    n = next(_serial)
    identity = identity or identity_number(date(1960 + n % 40, 1 + n % 12, 1 + n % 28))
    values = {
        "code": f"P{n}",
        "name": "马晓",
        "sex": numbers.sex(identity),
        "born_on": numbers.birth_date(identity),
        "group": "courier",
        "relation": "labor_contract",
        "work_region": "652301001",
        "home_region": "652301001",
        **kept_numbers(identity, phone or f"139{n:08}"),
    }
    return _added(session, Person(**values | changes))


def entry(
    session: Session,
    who: Person,
    where: Union,
    kind: str = "joined",
    on: date = date(2021, 6, 1),
    corrects: int | None = None,
) -> LedgerEntry:
    """One ledger entry with everything derived from it."""
    row = ledger.record(Work(session, SYSTEM, NOW), who, where, EntryKind(kind), on, corrects_id=corrects)
    session.commit()
    return row


def member(session: Session, where: Union, on: date = date(2021, 6, 1), **changes: Any) -> Person:
    row = person(session, **changes)
    entry(session, row, where, on=on)
    return row


def card(session: Session, who: Person, **changes: Any) -> Card:
    n = next(_serial)
    values = {"person": who, "link": f"CARD{n:012}", "code": f"CODE{n:08}", "issued_at": NOW}
    return _added(session, Card(**values | changes))


def join_application(
    session: Session,
    *,
    steps: tuple[Step, ...] = (Step.SUBMITTED,),
    at: datetime = NOW,
    application: dict[str, Any] | None = None,
    **changes: Any,
) -> Application:
    """A join application with its history; ``changes`` are of its details."""
    row = _application(session, "join", steps, at, application or {})
    identity = changes.pop("identity", None) or identity_number(date(1990, 1, 1) + timedelta(days=row.id - 1))
    if changes.get("confirmed_by", "code") != "code":
        changes.setdefault("phone_confirmed_at", None)
    elif row.state in UNDER_WAY:
        row.under_way_match = kept_numbers(identity, "")["identity_match"]
    values = {
        "application_id": row.id,
        "name": "李建国",
        "sex": numbers.sex(identity),
        "born_on": numbers.birth_date(identity),
        "group": "courier",
        "relation": "incomplete",
        "work_region": "652301001",
        "home_region": "652301002",
        "employer_name": "顺达快递",
        "place": "pool",
        "consent_version": "2021-11",
        "confirmed_by": "code",
        "phone_confirmed_at": at,
        "identity_consent": True,
        "sharing_consent": True,
        **kept_numbers(identity, changes.pop("phone", None) or "13800000001"),
    }
    _added(session, JoinDetails(**values | changes))
    return row


def request(
    session: Session,
    who: Person | None,
    kind: str,
    *,
    steps: tuple[Step, ...] = (Step.SUBMITTED,),
    at: datetime = NOW,
    application: dict[str, Any] | None = None,
    **changes: Any,
) -> Application:
    """A member's request with its history, or an applicant's; ``changes`` are of its details."""
    row = _application(session, kind, steps, at, application or {})
    _added(session, RequestDetails(**{"application_id": row.id, "person_id": who.id if who else None} | changes))
    return row


def reversal(session: Session, row: Application, *, by: Account, until: datetime | None = None) -> Reversal:
    """The last act of an application can be undone by its maker, for good unless said otherwise."""
    last = session.scalars(
        select(ApplicationAct).where(ApplicationAct.application_id == row.id).order_by(ApplicationAct.id.desc())
    ).first()
    assert last is not None
    session.refresh(row, ["request"])
    kept = reversals.as_it_is(row)
    values = {
        "application_id": row.id,
        "act_id": last.id,
        "account_id": by.id,
        "county_code": row.county_code,
        "version": row.version,
        "until": until or datetime(2999, 1, 1, tzinfo=UTC),
        "before": json.dumps({**kept, "rows": []}),
    }
    return _added(session, Reversal(**values))


def batch(session: Session, *rows: Application, by: Account) -> Batch:
    """One act that approved these."""
    n = next(_serial)
    values = {"key": f"batch-key-{n:010}", "code": f"B{n}", "account_id": by.id, "at": NOW, "left": {}}
    return _added(session, Batch(approved=[row.number for row in rows], **values))


def message(session: Session, row: Application, **changes: Any) -> Message:
    """A message about an application, given up by the provider."""
    n = next(_serial)
    values = {
        "key": f"{row.number}:{n}",
        "phone": "",
        "phone_match": b"",
        "template": "application_decided",
        "values": "{}",
        "queued_at": NOW,
        "tries": 1,
        "failure": "isv.MOBILE_NUMBER_ILLEGAL",
        "subject": row.number,
        "county_code": row.county_code,
    }
    return _added(session, Message(**values | changes))


def founding_application(
    session: Session,
    *,
    steps: tuple[FoundingStep, ...] = (FoundingStep.STARTED,),
    at: datetime = NOW,
    application: dict[str, Any] | None = None,
    units: tuple[dict[str, Any], ...] = ({},),
    group: tuple[str, ...] = ("马晓",),
    **changes: Any,
) -> Application:
    """A founding with its entries, and no papers; each of ``units`` changes one unit (agreed unless said otherwise)."""
    row = _application(session, "found", (), at, application or {})
    values = {
        "application_id": row.id,
        "way": "one_officer",
        "union_name": "",
        "business": "快递收派",
        "wish": "全体职工同意",
        "contact_name": "马晓",
        "contact_phone": "13800000002",
    }
    _added(session, FoundingDetails(**values | changes))
    for changed in units:
        n = next(_serial)
        unit = {
            "application_id": row.id,
            "name": f"第{n}网点",
            "region_code": "652301001",
            "workers": 4,
            "barred": 0,
            "link": f"unit-link-{n}",
            "answer": "agreed",
        }
        _added(session, FoundingUnit(**unit | changed))
    for name in group:
        _added(session, GroupMember(application_id=row.id, name=name, unit_name="东风网点", post="快递员", cv=""))
    return step_founding(session, row, *steps, at=at)


def step_founding(session: Session, row: Application, *steps: FoundingStep, at: datetime = NOW) -> Application:
    """Entries of a founding, each by who takes it in life, whatever the gates would say."""
    whole = procedures.founding_where(session, Application.id == row.id)
    for step in steps:
        upper = whole.position.ball is Ball.UPPER and step is not FoundingStep.WITHDRAWN
        procedures.take(Work(session, SYSTEM, at), whole, step, who=Ball.UPPER if upper else Ball.GROUP)
        if whole.position.state == "submitted":
            row.submitted_at, row.due_on = at, date(2021, 12, 7)
    session.commit()
    return row


def visit(session: Session, **changes: Any) -> Visit:
    n = next(_serial)
    values = {
        "code": f"V{n}",
        "kind": "summer_cooling",
        "visited_on": date(2021, 7, 1),
        "county_code": "652301",
        "region_code": "652301001",
        "place": "物流园",
        "people_met": 40,
        "goods": "矿泉水、毛巾",
        "amount_fen": 120_000,
        "fund": "own_union",
        "recorded_at": NOW,
        "submission_key": f"visit-{n}",
    }
    return _added(session, Visit(**values | changes))


def pairing(
    session: Session, unit: Employer, guide: Account, on: date = TODAY, before: Pairing | None = None, **step: Any
) -> Pairing:
    """The guide of an employer from a day on; ``step`` and ``due_on`` when there is a next step."""
    kind = PairingEntry.REPLACED if before else PairingEntry.NAMED
    row = record_entry(Work(session, SYSTEM, NOW), unit.id, before, guide=guide.id, kind=kind, on=on, **step)
    session.commit()
    return row


def contact(session: Session, unit: Employer, on: date = TODAY, **changes: Any) -> PairingContact:
    n = next(_serial)
    values = {"employer_id": unit.id, "contacted_on": on, "way": "phone", "words": "讲了政策", "recorded_at": NOW}
    return _added(session, PairingContact(**values | {"submission_key": f"contact-{n}"} | changes))


def referral(session: Session, **changes: Any) -> Referral:
    n = next(_serial)
    values = {"code": f"R{n}", "at": NOW, "county_code": "652323", "work_region": "652323520", "group": "courier"}
    return _added(session, Referral(**values | {"submission_key": f"referral-{n}"} | changes))


def notice(session: Session, text: str = "收集什么：姓名。") -> Notice:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return _added(session, Notice(digest=digest, version="2026-11", language="zh", text=text, first_used_at=NOW))


def event(session: Session, **changes: Any) -> Event:
    n = next(_serial)
    values = {
        "code": f"M{n}",
        "name": "集中入会仪式",
        "held_on": date(2021, 11, 20),
        "county_code": "652301",
        "region_code": "652301002",
        "place": "快递分拨中心",
        "recorded_at": NOW,
        "submission_key": f"event-{n}",
    }
    return _added(session, Event(**values | changes))


def _application(
    session: Session, kind: str, steps: tuple[Step, ...], at: datetime, changes: dict[str, Any]
) -> Application:
    n = next(_serial)
    values = {
        "number": f"211130-{n:05}",
        "link": f"LINK{n:012}",
        "submission_key": f"key-{n}",
        "kind": kind,
        "county_code": "652301",
        "state": "new",
        "started_at": at,
        "submitted_at": at if Step.SUBMITTED in steps else None,
        "due_on": date(2021, 12, 7) if Step.SUBMITTED in steps else None,
        "version": 0,
    }
    row = _added(session, Application(**values | changes))
    for step in steps:
        applications.take_step(Work(session, SYSTEM, at), row, step)
    session.commit()
    return row


def _added(session: Session, row: Row) -> Row:
    session.add(row)
    session.commit()
    return row


def members(session: Session, where: Union, number: int, on: date = date(2021, 6, 1), **changes: Any) -> list[Person]:
    """So many members in one transaction."""
    rows = []
    for n in range(1, number + 1):
        identity = identity_number(date(1960, 1, 1) + timedelta(days=next(_serial)))
        values = {
            "code": f"P{next(_serial)}",
            "name": f"会员{n}",
            "sex": numbers.sex(identity),
            "born_on": numbers.birth_date(identity),
            "group": "courier",
            "relation": "labor_contract",
            "work_region": "652301001",
            "home_region": "652301001",
            **kept_numbers(identity, f"139{next(_serial):08}"),
        }
        rows.append(Person(**values | changes))
    session.add_all(rows)
    session.flush()
    for row in rows:
        ledger.record(Work(session, SYSTEM, NOW), row, where, EntryKind.JOINED, on)
    session.commit()
    return rows
