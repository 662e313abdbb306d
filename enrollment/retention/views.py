"""One page: the periods in force, what comes due, and what was dropped."""

from flask import Response, current_app

from enrollment.retention import bp, queries
from enrollment.rules.access import Act
from enrollment.rules.regions import PREFECTURE, Territory
from enrollment.rules.retention import AHEAD_DAYS, Matter
from enrollment.web.guard import actor, needs
from enrollment.web.pages import page


def _territory() -> Territory:
    """An operator, who answers for no territory, reads the numbers of the whole."""
    return actor().territory or Territory(PREFECTURE)


@bp.get("/retention", endpoint="all")
@needs(Act.READ_RETENTION)
def all_runs() -> Response:
    territory, periods = _territory(), current_app.config["ENROLLMENT"].periods
    runs = queries.runs(territory)
    last = next((run for run in runs if run.ended_at), None)
    return page(
        "retention/all.html",
        territory=territory,
        periods=[(matter, periods.days(matter)) for matter in Matter],
        last={count.matter: count for count in last.counts} if last else {},
        last_at=last.begun_at if last else None,
        runs=runs,
        ahead=AHEAD_DAYS,
    )
