"""What a decision overwrote (撤回备份): sealed, kept while the decision can be undone, then dropped."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from enrollment.storage.applications import Application, ApplicationAct, JoinDetails
from enrollment.storage.database import Work, writing_engine
from enrollment.storage.people import Person, kept_numbers
from enrollment.storage.tables import Base, Instant, RegionCode, Sealed

Kept = dict[str, Any]
"""Columns by name, as JSON holds them."""

_COLUMNS = {
    "people": ("name", "group", "relation", "work_region", "home_region", "phone_confirmed_at", "closed_at"),
    "join_details": ("name", "work_region", "home_region", "phone_confirmed_at"),
}


class Reversal(Base):
    """One decision that can be undone by ``account_id`` before ``until``.

    ``version``: of the application after it; ``county_code``: the territory it was made in, which a transfer leaves.
    """

    __tablename__ = "reversals"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("application_acts.id"), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    county_code: Mapped[str] = mapped_column(RegionCode)
    version: Mapped[int]
    until: Mapped[datetime] = mapped_column(Instant, index=True)
    before: Mapped[str] = mapped_column(Sealed("before"))


def as_it_is(application: Application) -> Kept:
    """What a decision changes at the application itself."""
    return {
        "due_on": application.due_on and application.due_on.isoformat(),
        "escalated_at": application.escalated_at and application.escalated_at.isoformat(),
        "raised_to": application.raised_to,
        "holder_id": application.holder_id,
        "union_id": application.union_id,
        "county_code": application.county_code,
        "under_way": application.under_way_match is not None,
        "to_union_id": application.request.to_union_id if application.request else None,
    }


def row_as_it_is(row: Person | JoinDetails) -> Kept:
    """What a decision overwrites at a person, or at what was told before."""
    columns = {name: getattr(row, name) for name in _COLUMNS[row.__tablename__]}
    columns |= {name: value.isoformat() for name, value in columns.items() if isinstance(value, datetime)}
    if isinstance(row, Person):
        return {"table": "people", "key": row.id, "phone": row.phone, **columns, "employer_id": row.employer_id}
    return {"table": "join_details", "key": row.application_id, "phone": row.phone, **columns}


def kept_of(work: Work, act: ApplicationAct, application: Application, until: datetime, before: Kept) -> Reversal:
    """What was there before the decision ``act`` (which has its number), all in one sealed text."""
    return Reversal(
        application_id=application.id,
        act_id=act.id,
        account_id=work.by.account_id,
        county_code=before["county_code"],
        version=application.version,
        until=until,
        before=json.dumps(before, ensure_ascii=False),
    )


def put_back(work: Work, application: Application, before: Kept) -> None:
    """Give the application, and the rows its decision overwrote, their values from before."""
    application.due_on = date.fromisoformat(before["due_on"]) if before["due_on"] else None
    late, application.days_left = before["escalated_at"], None
    application.escalated_at = datetime.fromisoformat(late) if late else None
    application.union_id, application.county_code = before["union_id"], before["county_code"]
    application.holder_id, application.raised_to = before["holder_id"], before.get("raised_to", "")
    if before["under_way"] and application.join:
        application.under_way_match = application.join.identity_match
    if application.request:
        application.request.to_union_id = before["to_union_id"]
    for kept in before["rows"]:
        _put_back_row(work, dict(kept))


def _put_back_row(work: Work, kept: Kept) -> None:
    table, key = kept.pop("table"), kept.pop("key")
    row: Person | JoinDetails
    if table == "people":
        row = work.session.get_one(Person, key, with_for_update=True)
    else:
        row = work.session.get_one(JoinDetails, key, with_for_update=True)
    for name, value in (kept_numbers(row.identity, kept.pop("phone")) | kept).items():
        setattr(row, name, datetime.fromisoformat(value) if value and name.endswith("_at") else value)


def drop_closed(now: datetime) -> None:
    """Drop what is kept of decisions that stand for good by now."""
    with Session(writing_engine()) as session:
        if session.scalar(select(Reversal.id).where(Reversal.until <= now).limit(1)):
            session.execute(delete(Reversal).where(Reversal.until <= now))
            session.commit()
