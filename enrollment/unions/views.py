"""Unions and employers: both lists, one of each, both files; and what changes them."""

from typing import Any

from flask import Response, url_for

from enrollment.rules.access import Act
from enrollment.rules.regions import NOWHERE
from enrollment.storage.failures import Missing
from enrollment.unions import actions, bp, changes, employers, queries, recording, terms
from enrollment.unions.forms import (
    AddUnitForm,
    CertificateForm,
    CloseUnitForm,
    DayForm,
    DissolveForm,
    EmployersForm,
    EndUnitForm,
    HeadcountForm,
    MergeForm,
    TermForm,
    UnionsForm,
    UnitSearchForm,
)
from enrollment.web import clock
from enrollment.web.export import csv_answer
from enrollment.web.guard import actor, asked_territory, needs, own_territory, yours
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
@needs(Act.READ_UNION)
def one(code: str) -> Response:
    union = yours(queries.one_union(code, DayForm().day))
    return page(
        "unions/one.html",
        union=union,
        history=changes.history(union),
        term=terms.term_on(union.facts.id, union.as_of),
        officers=terms.officers_on(union.facts.id, union.as_of),
    )


@bp.route("/unions/<code>/units", methods=["GET", "POST"])
@needs(Act.CHANGE_COVERAGE)
def add_unit(code: str) -> Response:
    union, search = yours(queries.one_union(code, clock.today())), UnitSearchForm()
    free = changes.free_units(union, search.name)
    form = AddUnitForm().offer(free)
    if form.does(actions.add_unit, code, **_now()):
        return see_other(url_for("unions.one", code=code))
    shown = {"union": union, "form": form, "search": search, "free": free, "most": changes.UNITS_SHOWN}
    return page("unions/add_unit.html", block=None, status=422 if form.errors else 200, **shown)


@bp.route("/unions/<code>/units/<employer>/end", methods=["GET", "POST"])
@needs(Act.CHANGE_COVERAGE)
def end_unit(code: str, employer: str) -> Response:
    union = yours(queries.one_union(code, clock.today()))
    unit, form = changes.covered_unit(union, employer), EndUnitForm()
    if form.does(actions.release_unit, code, employer, **_now()):
        return see_other(url_for("unions.one", code=code))
    leaving, status = changes.leaving(union, employer), 422 if form.errors else 200
    return page("unions/end_unit.html", status=status, union=union, unit=unit, leaving=leaving, form=form)


@bp.route("/unions/<code>/term", methods=["GET", "POST"])
@needs(Act.DECIDE_FOUNDING)
def term(code: str) -> Response:
    union, form = yours(queries.one_union(code, clock.today())), TermForm()
    if form.does(recording.record_term, code, **_now()):
        return see_other(url_for("unions.one", code=code))
    return page("unions/term.html", status=422 if form.errors else 200, union=union, form=form)


@bp.route("/unions/<code>/certificate", methods=["GET", "POST"])
@needs(Act.DECIDE_FOUNDING)
def certificate(code: str) -> Response:
    union = yours(queries.one_union(code, clock.today()))
    term = terms.term_on(union.facts.id, union.as_of)
    if term is None:
        raise Missing
    form = CertificateForm(obj=term)
    if form.does(recording.record_certificate, code, **_now()):
        return see_other(url_for("unions.one", code=code))
    status = 422 if form.errors else 200
    return page("unions/certificate.html", status=status, union=union, term=term, form=form)


@bp.route("/unions/<code>/merge", methods=["GET", "POST"])
@needs(Act.END_UNION)
def merge(code: str) -> Response:
    union = yours(queries.one_union(code, clock.today()))
    form = MergeForm().offer(changes.successors(union))
    if form.does(actions.merge_union, code, **_now()):
        return see_other(url_for("unions.one", code=code))
    retained = changes.retained_in(union)
    return page("unions/merge.html", status=422 if form.errors else 200, union=union, form=form, retained=retained)


@bp.route("/unions/<code>/dissolve", methods=["GET", "POST"])
@needs(Act.END_UNION)
def dissolve(code: str) -> Response:
    union, form = yours(queries.one_union(code, clock.today())), DissolveForm()
    if form.does(actions.dissolve_union, code, **_now()):
        return see_other(url_for("unions.one", code=code))
    retained, pool = changes.retained_in(union), changes.pool_name(union.facts.county_code)
    status = 422 if form.errors else 200
    return page("unions/dissolve.html", status=status, union=union, form=form, retained=retained, pool=pool)


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
@needs(Act.READ_EMPLOYER)
def employer(code: str) -> Response:
    found = yours(employers.one_employer(actor().territory or NOWHERE, code, DayForm().day))
    return page("unions/employer.html", employer=found)


@bp.route("/employers/<code>/headcounts", methods=["GET", "POST"])
@needs(Act.RECORD_HEADCOUNT)
def headcount(code: str) -> Response:
    found, form = yours(employers.one_employer(own_territory(), code, clock.today())), HeadcountForm()
    if form.does(recording.record_headcount, code, **_now()):
        return see_other(url_for("unions.employer", code=code))
    return page("unions/headcount.html", status=422 if form.errors else 200, employer=found, form=form)


@bp.route("/employers/<code>/close", methods=["GET", "POST"])
@needs(Act.CHANGE_COVERAGE)
def close_unit(code: str) -> Response:
    found, form = yours(employers.one_employer(own_territory(), code, clock.today())), CloseUnitForm()
    if form.does(actions.close_unit, code, **_now()):
        return see_other(url_for("unions.employer", code=code))
    covering = changes.covering(code, clock.today())
    leaving = changes.leaving(covering, code) if covering else None
    return page(
        "unions/close_unit.html", status=422 if form.errors else 200, employer=found, leaving=leaving, form=form
    )


def _now() -> dict[str, Any]:
    """Who acts, and when."""
    return {"by": actor(), "now": clock.now(), "today": clock.today()}
