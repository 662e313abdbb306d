"""What the union has done where an application comes from: the visits that touched it."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, or_, select

from enrollment.rules.regions import Territory
from enrollment.storage.applications import Application
from enrollment.storage.database import db
from enrollment.storage.unions import Employer
from enrollment.storage.visits import Visit
from enrollment.web.lists import Chosen, Found

MOST = 5


def visits_that_touched(territory: Territory, application: Application) -> Sequence[Found]:
    """The latest visits of the territory to the employer, union or place an application comes from or names."""
    touching = list(_touching(application))
    if not touching:
        return ()
    columns = (Visit.code, Visit.kind, Visit.visited_on, Visit.place, Visit.people_met)
    found: Chosen = select(*columns).where(Visit.county_code.in_(territory.counties), or_(*touching))
    return db.session.execute(found.order_by(Visit.visited_on.desc(), Visit.id.desc()).limit(MOST)).all()


def _touching(application: Application) -> Iterator[ColumnElement[bool]]:
    if application.poster_employer_id:
        yield Visit.employer_id == application.poster_employer_id
    if application.poster_union_id:
        yield Visit.union_id == application.poster_union_id
    begun_at = application.visit or application.event
    if begun_at:
        yield (Visit.place == begun_at.place) & (Visit.region_code == begun_at.region_code)
    if application.visit and application.visit.employer_id:
        yield Visit.employer_id == application.visit.employer_id
    if application.join and application.join.employer_name:
        named = select(Employer.id).where(
            Employer.name == application.join.employer_name, Employer.county_code == application.county_code
        )
        yield Visit.employer_id.in_(named)
    asking = application.request.person if application.request else None
    if asking and asking.employer_id:
        yield Visit.employer_id == asking.employer_id
