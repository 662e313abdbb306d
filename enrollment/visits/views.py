"""The list of visits, the form to log one, the page of one, its file."""

from flask import Response, request, url_for

from enrollment.rules.access import Act
from enrollment.rules.regions import Territory
from enrollment.storage.failures import Refused
from enrollment.visits import bp, queries
from enrollment.visits.actions import log_visit
from enrollment.visits.forms import FilterForm, VisitForm
from enrollment.web import clock
from enrollment.web.export import csv_answer
from enrollment.web.guard import actor, asked_territory, needs, own_territory, yours
from enrollment.web.pages import page, see_other
from enrollment.web.wording import says


@bp.get("/visits", endpoint="all")
@needs(Act.READ_VISITS)
def all_visits() -> Response:
    territory = asked_territory(request.args.get("county"))
    form = FilterForm(request.args)
    if not form.validate():
        return _other_filters(form, territory)
    found = queries.visits(territory, _filters(form), request.args.get("page", 1, type=int))
    return page("visits/all.html", form=form, territory=territory, own=own_territory(), found=found)


@bp.get("/visits.csv", endpoint="all_csv")
@needs(Act.EXPORT)
def all_visits_csv() -> Response:
    territory = asked_territory(request.args.get("county"))
    form = FilterForm(request.args)
    if not form.validate():
        return _other_filters(form, territory)
    as_of = form.to_on.data or clock.today()
    return csv_answer("visits", territory, as_of, *queries.export_rows(territory, _filters(form)))


@bp.route("/visits/new", methods=["GET", "POST"])
@needs(Act.LOG_VISIT)
def log() -> Response:
    form = VisitForm().offer(own_territory())
    if form.validate_on_submit():
        try:
            key = str(form.submission_key.data)
            code = log_visit(form.answers, key=key, territory=own_territory(), by=actor(), now=clock.now())
            return see_other(url_for("visits.one", code=code))
        except Refused as refused:
            form.host.errors = [says(reason) for reason in refused.reasons]
    near = queries.names_like(own_territory(), form.host.data or "")
    return page("visits/log.html", block="visit_form", status=422 if form.errors else 200, form=form, near=near)


@bp.get("/visits/names")
@needs(Act.LOG_VISIT)
def names() -> Response:
    """Names to choose from while one is typed."""
    form = VisitForm(request.args).offer(own_territory())
    near = queries.names_like(own_territory(), form.host.data or "")
    return page("visits/log.html", block="near_names", form=form, near=near)


@bp.get("/visits/<code>")
@needs(Act.READ_VISITS)
def one(code: str) -> Response:
    visit = yours(queries.visit(own_territory(), code))
    return page("visits/one.html", visit=visit)


def _other_filters(form: FilterForm, territory: Territory) -> Response:
    """Ask for the filters again, saying what is wrong with them."""
    return page("visits/all.html", status=422, form=form, territory=territory, own=own_territory(), found=None)


def _filters(form: FilterForm) -> queries.Filters:
    return queries.Filters(form.kind.data, form.from_on.data, form.to_on.data)
