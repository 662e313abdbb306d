"""Deadlines of a territory, soonest first, in one statement for each kind of thing that has them."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import Row, Select, func, select

from enrollment.rules import stages
from enrollment.rules.applications import State
from enrollment.rules.regions import Territory
from enrollment.rules.reminders import INVITATION_DAYS, LEAD, Deadline, Matter
from enrollment.rules.stages import FoundingStep
from enrollment.storage.applications import FOUND, Application, ApplicationAct, FoundingDetails, FoundingUnit
from enrollment.storage.database import db
from enrollment.storage.foundings import UnionTerm
from enrollment.storage.unions import Union
from enrollment.web.clock import BEIJING


def deadlines(territory: Territory, on: date) -> list[Deadline]:
    """Everything that is due, overdue or ending as seen on ``on``, by its last day."""
    found = [*_replies(territory), *_invitations(territory), *_terms(territory, on), *_certificates(territory, on)]
    return sorted(found, key=lambda each: (each.due_on, each.code, each.matter))


def _replies(territory: Territory) -> Iterator[Deadline]:
    """Foundings the upper union has to reply to; the stage comes from their entries, read in one go."""
    waiting = (
        select(Application.id, Application.number, Application.county_code, Application.due_on)
        .add_columns(FoundingDetails.way, FoundingDetails.union_name, FoundingDetails.contact_name)
        .join(FoundingDetails)
        .where(Application.kind == FOUND, Application.state == State.SUBMITTED, Application.due_on.is_not(None))
        .where(Application.county_code.in_(territory.counties))
    )
    rows = db.session.execute(waiting).all()
    steps: dict[int, list[FoundingStep]] = {row.id: [] for row in rows}
    entries = select(ApplicationAct.application_id, ApplicationAct.step).where(
        ApplicationAct.application_id.in_(waiting.with_only_columns(Application.id))
    )
    for number, step in db.session.execute(entries.order_by(ApplicationAct.id)):
        steps[number].append(FoundingStep(step))
    for row in rows:
        stage = Matter(str(stages.position(row.way, steps[row.id]).stage))  # one of those with a reply to wait for
        yield Deadline(stage, row.number, row.union_name or row.contact_name, row.county_code, row.due_on)


def _invitations(territory: Territory) -> Iterator[Deadline]:
    """Neighbors who have not answered while they still can, from the day they were last invited."""
    entry = select(ApplicationAct.at).where(ApplicationAct.application_id == Application.id)
    invited = entry.where(ApplicationAct.step == FoundingStep.INVITED, ApplicationAct.note.contains(FoundingUnit.name))
    began = func.coalesce(invited.order_by(ApplicationAct.id.desc()).limit(1).scalar_subquery(), Application.started_at)
    asked = (
        select(Application.number, Application.county_code, began.label("asked_at"), FoundingUnit.name)
        .join(FoundingUnit)
        .where(Application.kind == FOUND, Application.state.in_((State.GATHERING, State.RETURNED)))
        .where(FoundingUnit.answer.is_(None), ~entry.where(ApplicationAct.step == FoundingStep.GROUP_APPROVED).exists())
        .where(Application.county_code.in_(territory.counties))
    )
    for row in db.session.execute(asked):
        until = row.asked_at.astimezone(BEIJING).date() + timedelta(days=INVITATION_DAYS)
        yield Deadline(Matter.INVITATION, row.number, row.name, row.county_code, until)


def _current(territory: Territory) -> Select[str, str, str, date, date | None]:
    """The current terms of unions that stand."""
    columns = select(Union.code, Union.name, Union.county_code, UnionTerm.ends_on, UnionTerm.certificate_until)
    standing = columns.join(Union, Union.id == UnionTerm.union_id).where(Union.dissolved_on.is_(None))
    return standing.where(UnionTerm.closed_on.is_(None), Union.county_code.in_(territory.counties))


def _terms(territory: Territory, on: date) -> Iterator[Deadline]:
    soon = on + timedelta(days=LEAD[Matter.TERM])
    for row in db.session.execute(_current(territory).where(UnionTerm.ends_on <= soon)):
        yield _of_union(Matter.TERM, row, row.ends_on)


def _certificates(territory: Territory, on: date) -> Iterator[Deadline]:
    soon = on + timedelta(days=LEAD[Matter.CERTIFICATE])
    for row in db.session.execute(_current(territory).where(UnionTerm.certificate_until <= soon)):
        yield _of_union(Matter.CERTIFICATE, row, row.certificate_until)


def _of_union(matter: Matter, row: Row[str, str, str, date, date | None], due_on: date) -> Deadline:
    return Deadline(matter, row.code, row.name, row.county_code, due_on)
