"""Filters a cadre keeps under a name: a link each, for the own eyes alone."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import delete, select

from enrollment.desk.queries import Search
from enrollment.rules.access import Act, Actor
from enrollment.storage.accounts import Account
from enrollment.storage.database import Work, db, transaction
from enrollment.storage.failures import Refused
from enrollment.storage.shortcuts import SavedFilter

MOST = 20
"""Our own choice: more names than fit on a screen find nothing any faster."""


def saved_filters(account_id: int | None) -> Sequence[SavedFilter]:
    """The filters of this account by name."""
    own = select(SavedFilter).where(SavedFilter.account_id == account_id)
    return db.session.scalars(own.order_by(SavedFilter.name)).all()


def query_of(search: Search) -> str:
    """The search as it is kept: always in one order, without what is empty."""
    return urlencode(search.address())


def save_filter(name: str, search: Search, *, by: Actor, now: datetime) -> None:
    """Keep ``search`` under ``name``: a name that is there gets the new filter, a filter that is there the new name.

    Raises ``Refused`` when the account has as many as it may.
    """
    with transaction(by=by, act=Act.SAVE_FILTER, now=now) as work:
        own, query = _own(work), query_of(search)
        same = next((row for row in own if row.name == name), None)
        same = same or next((row for row in own if row.query == query), None)
        if same is None:
            if len(own) >= MOST:
                raise Refused(["too_many_filters"])
            same = SavedFilter(account_id=work.by.account_id)
            work.session.add(same)
        same.name, same.query, same.saved_at = name, query, now


def drop_filter(name: str, *, by: Actor, now: datetime) -> None:
    """Forget the own filter of this name; one that is not there is forgotten already."""
    with transaction(by=by, act=Act.SAVE_FILTER, now=now) as work:
        of_this = SavedFilter.account_id == work.by.account_id
        work.session.execute(delete(SavedFilter).where(of_this, SavedFilter.name == name))


def _own(work: Work) -> Sequence[SavedFilter]:
    """The account's filters, its row held so that two taps come one after the other."""
    work.session.get_one(Account, work.by.account_id, with_for_update=True)
    return work.session.scalars(select(SavedFilter).where(SavedFilter.account_id == work.by.account_id)).all()
