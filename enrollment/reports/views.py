"""The page of rates, its picture and its file."""

from flask import Response, request

from enrollment.reports import bp, queries
from enrollment.reports.forms import RatesForm
from enrollment.rules.access import Act
from enrollment.rules.regions import Territory
from enrollment.web.export import csv_answer
from enrollment.web.guard import asked_territory, needs, own_territory
from enrollment.web.pages import page


@bp.get("/rates")
@needs(Act.READ_RATES)
def rates() -> Response:
    territory = asked_territory(request.args.get("county"))
    form = RatesForm(request.args)
    if not form.validate():
        return _other_day(form, territory)
    report = queries.report(territory, form.day(), page=request.args.get("page", 1, type=int))
    return page("reports/rates.html", report=report, form=form, territory=territory, own=own_territory())


@bp.get("/rates.svg")
@needs(Act.READ_RATES)
def rates_svg() -> Response:
    """The chart alone, to put into a report."""
    territory = asked_territory(request.args.get("county"))
    form = RatesForm(request.args)
    if not form.validate():
        return _other_day(form, territory)
    counties = queries.counts_by_county(territory, form.day())
    answer = page("reports/chart.svg", counties=counties, territory=territory, as_of=form.day())
    answer.mimetype = "image/svg+xml"
    return answer


@bp.get("/rates.csv")
@needs(Act.EXPORT)
def rates_csv() -> Response:
    territory = asked_territory(request.args.get("county"))
    form = RatesForm(request.args)
    if not form.validate():
        return _other_day(form, territory)
    return csv_answer("rates", territory, form.day(), *queries.export_rows(territory, form.day()))


def _other_day(form: RatesForm, territory: Territory) -> Response:
    """Ask for the day again, saying what is wrong with it."""
    return page("reports/rates.html", status=422, report=None, form=form, territory=territory, own=own_territory())
