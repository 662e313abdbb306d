"""Dropping personal data (删除个人信息, PRIV-12): the one way, for who asks for it and for what is over its period.

What stays of a member is the archive core: name, identity number and the dates of the ledger; these dates alone of
who was a member on no day, since the approval was undone. What stays of an application is that there was one: number,
days, kind, county, state, acts and their reasons, so that every count stays.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import delete, select, update

from enrollment.rules.applications import UNDER_WAY
from enrollment.storage.applications import (
    Application,
    ApplicationAct,
    FoundingUnit,
    JoinDetails,
    RequestDetails,
)
from enrollment.storage.database import Work
from enrollment.storage.foundings import GroupMember
from enrollment.storage.ledger import has_counted
from enrollment.storage.papers import forget_words
from enrollment.storage.people import Person, dropped_identity, dropped_phone
from enrollment.storage.procedures import Founding
from enrollment.storage.tables import Base, new_code

_KEY_LENGTH = 16
_NOWHERE = {"relation": None, "work_region": None, "home_region": None, "phone_confirmed_at": None}
_UNTOLD = {"group": None, "employer_name": "", "plate": "", "filled_by_name": ""}


def put(row: Base, columns: dict[str, object]) -> None:
    """Set columns of a row; raises ``LookupError`` for one it does not have."""
    for column, value in columns.items():
        if column not in row.__table__.c:
            raise LookupError(column)
        setattr(row, column, value)


def drop_person(work: Work, person: Person, on: date) -> None:
    """All but the archive core, at the person, at every application that is decided and at every request.

    Who was a member on no day has none: name and identity number go as well. Columns that must hold something hold an
    empty text, ``other`` as the work, and a hash that matches nothing.
    """
    applied = select(JoinDetails).join(Application).where(JoinDetails.identity_match == person.identity_match)
    decided = work.session.scalars(applied.where(Application.state.not_in(UNDER_WAY))).all()
    member_once = work.session.scalar(select(has_counted()).where(Person.id == person.id))
    _drop_row(person, on, core=bool(member_once))
    for row in decided:
        put(row, {**_NOWHERE, **dropped_phone(), **_UNTOLD})
    _drop_notes(work, [row.application_id for row in decided])
    for asked in work.session.scalars(select(RequestDetails).where(RequestDetails.person_id == person.id)):
        _drop_words(asked)


def drop_joining(work: Work, application: Application, join: JoinDetails, on: date) -> None:
    """Everything a worker told who did not become a member by it; of the birth date the year stays, for counting."""
    left = select(Person).where(Person.identity_match == join.identity_match, ~has_counted())
    for person in work.session.scalars(left.with_for_update()):  # of an approval that was undone
        _drop_row(person, on, core=False)
    facts = {"employer_has_union": None, "affiliate_admits": None, "hires": None}
    put(join, {**_nobody(join), **dropped_phone(), **_NOWHERE, **_UNTOLD, **facts})
    # The key of the form was made with the identity number.
    put(application, {"dropped_on": on, "submission_key": f"dropped-{new_code(_KEY_LENGTH)}", "form_token": None})
    _drop_notes(work, [application.id])


def _nobody(row: Person | JoinDetails) -> dict[str, object]:
    return {"name": "", "born_on": row.born_on.replace(month=1, day=1), **dropped_identity()}


def _drop_row(person: Person, on: date, *, core: bool) -> None:
    put(person, {**_NOWHERE, **dropped_phone(), "group": "other", "employer_id": None, "dropped_on": on})
    if not core:
        put(person, _nobody(person))


def drop_request(application: Application, details: RequestDetails, on: date) -> None:
    """The words and corrected answers of a request; what was decided and why stays (PRIV-11)."""
    _drop_words(details)
    application.dropped_on = on


def drop_contacts(work: Work, founding: Founding, on: date) -> None:
    """Whom to call about a founding, and the CVs of its group; of one that was never sent the whole group.

    Of one that was sent the names stay as they stand in its issued papers, which nobody changes any more.
    """
    application, details = founding.application, founding.details
    put(details, {"contact_name": "", "contact_phone": ""})
    units = update(FoundingUnit).where(FoundingUnit.application_id == application.id)
    work.session.execute(units.values(contact_name="", contact_phone=None))
    if application.submitted_at is None:
        details.wish = ""
        work.session.execute(delete(GroupMember).where(GroupMember.application_id == application.id))
    else:
        work.session.execute(update(GroupMember).where(GroupMember.application_id == application.id).values(cv=""))
    forget_words(work, application.id)
    application.dropped_on = on


def _drop_words(details: RequestDetails) -> None:
    put(details, {"words": "", "told": None})


def _drop_notes(work: Work, application_ids: Collection[int]) -> None:
    """Free words about a worker, and who filled it in; the acts, their days and their reasons stay."""
    acts = update(ApplicationAct).where(ApplicationAct.application_id.in_(application_ids))
    work.session.execute(acts.values(note=""))
    work.session.execute(acts.where(ApplicationAct.account_id.is_(None)).values(actor=""))
