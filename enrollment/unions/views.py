"""Unions and employers: both lists, one of each, both files."""

from flask import Response, url_for

from enrollment.rules.access import Act
from enrollment.unions import bp, employers, queries
from enrollment.unions.forms import DayForm, EmployersForm, UnionsForm
from enrollment.web.export import csv_answer
from enrollment.web.guard import asked_territory, needs, own_territory, yours
from enrollment.web.lists import EMPTY
from enrollment.web.pages import page, see_other


@bp.get("/unions", endpoint="all")
@needs(Act.READ_UNIONS)
def all_unions() -> Response:
    form = UnionsForm()
    territory = asked_territory(form.county.data)
    fine = form.validate()
    listed = queries.unions(territory, form.day, form.filters, form.place) if fine else EMPTY
    shown = {"form": form, "listed": listed, "territory": territory, "own": own_territory()}
    return page("unions/all.html", block="unions_list", status=200 if fine else 422, **shown)


@bp.get("/unions.csv", endpoint="all_csv")
@needs(Act.EXPORT)
def all_unions_csv() -> Response:
    form = UnionsForm()
    territory = asked_territory(form.county.data)
    if not form.validate():
        return see_other(url_for("unions.all", **form.kept))
    return csv_answer("unions", territory, form.day, *queries.export_rows(territory, form.day, form.filters))


@bp.get("/unions/<code>")
@needs(Act.READ_UNIONS)
def one(code: str) -> Response:
    union = yours(queries.one_union(code, DayForm().day))
    return page("unions/one.html", union=union)


@bp.get("/employers", endpoint="employers")
@needs(Act.READ_EMPLOYERS)
def all_employers() -> Response:
    form = EmployersForm()
    territory = asked_territory(form.county.data)
    fine = form.validate()
    listed = employers.employers(territory, form.day, form.filters, form.place) if fine else EMPTY
    shown = {"form": form, "listed": listed, "territory": territory, "own": own_territory()}
    return page("unions/employers.html", block="employers_list", status=200 if fine else 422, **shown)


@bp.get("/employers.csv", endpoint="employers_csv")
@needs(Act.EXPORT)
def all_employers_csv() -> Response:
    form = EmployersForm()
    territory = asked_territory(form.county.data)
    if not form.validate():
        return see_other(url_for("unions.employers", **form.kept))
    return csv_answer("employers", territory, form.day, *employers.export_rows(territory, form.day, form.filters))


@bp.get("/employers/<code>")
@needs(Act.READ_EMPLOYERS)
def employer(code: str) -> Response:
    found = yours(employers.one_employer(own_territory(), code, DayForm().day))
    return page("unions/employer.html", employer=found)
