"""Proposals for joint unions: the list of a territory, its file, and those for one employer."""

from flask import Response, url_for

from enrollment.matching import bp, queries
from enrollment.matching.forms import MatchingForm
from enrollment.rules.access import Act
from enrollment.web import clock
from enrollment.web.export import csv_answer
from enrollment.web.guard import asked_territory, needs, own_territory, yours
from enrollment.web.pages import page, see_other


@bp.get("/matching", endpoint="all")
@needs(Act.READ_EMPLOYERS)
def all_proposals() -> Response:
    form = MatchingForm()
    territory = asked_territory(form.county.data)
    fine = form.validate()
    matched = queries.matched(territory, clock.today(), form.group.data or "") if fine else queries.NOTHING
    shown = {"form": form, "matched": matched, "territory": territory, "own": own_territory()}
    shown["number"] = matched.nearest_page(form.page.data or 1)
    return page("matching/all.html", block="proposals", status=200 if fine else 422, **shown)


@bp.get("/matching.csv", endpoint="all_csv")
@needs(Act.EXPORT)
def all_proposals_csv() -> Response:
    form = MatchingForm()
    territory = asked_territory(form.county.data)
    if not form.validate():
        return see_other(url_for("matching.all", **form.kept))
    today = clock.today()
    return csv_answer("matching", territory, today, *queries.export_rows(territory, today, form.group.data or ""))


@bp.get("/matching/<code>")
@needs(Act.READ_EMPLOYERS)
def one(code: str) -> Response:
    found = yours(queries.one_employer(code, clock.today()))
    return page("matching/one.html", found=found)
