"""The committee of a union on a day (任期和工会干部): its term, its certificate, and who sits in it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select

from enrollment.storage.database import db
from enrollment.storage.foundings import UnionOfficer, UnionTerm


def term_on(union_id: int, on: date) -> UnionTerm | None:
    """The term that ran on ``on``; one that is over and was not followed by another runs on in arrears."""
    running = or_(UnionTerm.closed_on.is_(None), UnionTerm.closed_on > on)
    mine = select(UnionTerm).where(UnionTerm.union_id == union_id, UnionTerm.elected_on <= on, running)
    return db.session.scalars(mine.order_by(UnionTerm.ordinal).limit(1)).first()


def officers_on(union_id: int, on: date) -> Sequence[UnionOfficer]:
    """Who sat in its bodies on ``on``, officers first."""
    sitting = or_(UnionOfficer.until_on.is_(None), UnionOfficer.until_on > on)
    mine = select(UnionOfficer).where(UnionOfficer.union_id == union_id, UnionOfficer.from_on <= on, sitting)
    return db.session.scalars(mine.order_by(UnionOfficer.office == "", UnionOfficer.id)).all()
