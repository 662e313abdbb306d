"""One page: what is overdue, due and ending, soonest first."""

from flask import Response, request

from enrollment.deadlines import bp, queries
from enrollment.rules.access import Act
from enrollment.rules.reminders import Urgency
from enrollment.web import clock
from enrollment.web.guard import asked_territory, needs, own_territory
from enrollment.web.pages import page

PAGE = 50


@bp.get("/deadlines", endpoint="all")
@needs(Act.READ_FOUNDINGS)
def all_deadlines() -> Response:
    territory, today = asked_territory(request.args.get("county")), clock.today()
    listed = queries.deadlines(territory, today)
    asked = request.args.get("urgency", "")
    urgency = asked if asked in set(Urgency) else ""
    counts = {each: sum(line.urgency(today) is each for line in listed) for each in Urgency}
    shown = [line for line in listed if not urgency or line.urgency(today) == urgency]
    pages = max(1, -(-len(shown) // PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    return page(
        "deadlines/all.html",
        lines=shown[(number - 1) * PAGE : number * PAGE],
        counts=counts,
        total=len(listed),
        urgency=urgency,
        territory=territory,
        own=own_territory(),
        today=today,
        page_number=number,
        pages=pages,
    )
