"""The list of members, one person, a number looked up, and the files."""

from flask import Response, url_for

from enrollment.members import actions, bp, queries
from enrollment.members.forms import FindForm, FullNumbersForm, MembersForm
from enrollment.rules.access import Act, may
from enrollment.rules.regions import Territory
from enrollment.web import clock
from enrollment.web.export import csv_answer
from enrollment.web.forms import LookForm
from enrollment.web.guard import actor, asked_territory, needs, own_territory, yours
from enrollment.web.lists import EMPTY
from enrollment.web.pages import page, see_other


@bp.get("/members", endpoint="all")
@needs(Act.READ_MEMBERS)
def all_members() -> Response:
    form = MembersForm()
    return _list(asked_territory(form.county.data, or_union=True), form, FullNumbersForm())


@bp.get("/members.csv", endpoint="all_csv")
@needs(Act.EXPORT)
def all_members_csv() -> Response:
    form = MembersForm()
    territory = asked_territory(form.county.data, or_union=True)
    if not form.validate():
        return see_other(url_for("members.all", **form.kept))
    masked = may(actor(), Act.SEE_MASKED_NUMBER)
    rows = queries.export_rows(territory, form.day, form.filters, masked=masked)
    return csv_answer("members", territory, form.day, *rows)


@bp.post("/members/full.csv")
@needs(Act.EXPORT_FULL_NUMBERS)
def full_csv() -> Response:
    form, why = MembersForm(), FullNumbersForm()
    territory = asked_territory(form.county.data)
    if not (form.validate() and why.validate_on_submit()):
        return _list(territory, form, why)
    persons = queries.number_of_members(territory, form.day, form.filters)
    actions.record_full_export(
        territory, form.day, reason=why.reason.data or "", persons=persons, by=actor(), now=clock.now()
    )
    rows = queries.export_rows(territory, form.day, form.filters, full=True)
    return csv_answer("members", territory, form.day, *rows)


@bp.route("/members/find", methods=["GET", "POST"])
@needs(Act.FIND_BY_NUMBER)
def find() -> Response:
    form, found = FindForm(), queries.NOBODY
    asked, territory = form.validate_on_submit(), own_territory(or_union=True)
    if asked and form.numbers:
        found = queries.with_number(territory, form.numbers)
    elif asked:
        found = queries.with_name(territory, form.words.data or "")
    if len(found) == 1:
        return see_other(url_for("members.one", code=found[0].code))
    full, status = len(found) == queries.MOST_FOUND, 422 if form.errors else 200
    return page("members/find.html", form=form, asked=asked, found=found, full=full, status=status)


@bp.get("/members/<code>")
@needs(Act.READ_MEMBERS)
def one(code: str) -> Response:
    person = yours(queries.one_person(own_territory(or_union=True), code, clock.today()))
    return page("members/one.html", person=person, look=LookForm(formdata=None), numbers=None)


@bp.post("/members/<code>/full")
@needs(Act.SEE_FULL_NUMBER)
def full(code: str) -> Response:
    person, look = yours(queries.one_person(own_territory(or_union=True), code, clock.today())), LookForm()
    if not look.validate_on_submit():
        return page("members/one.html", status=422, person=person, look=look, numbers=None)
    shown = actions.see_full_number(code, reason=look.reason.data or "", by=actor(), now=clock.now())
    return page("members/one.html", person=person, look=LookForm(formdata=None), numbers=shown)


def _list(territory: Territory, form: MembersForm, why: FullNumbersForm) -> Response:
    """The list, also when an answer to either form has to be looked at again."""
    fine = form.validate()
    listed = queries.members(territory, form.day, form.filters, form.place) if fine else EMPTY
    shown = {"form": form, "why": why, "listed": listed, "territory": territory, "own": own_territory(or_union=True)}
    names = queries.chosen_names(territory, form.filters)
    status = 422 if form.errors or why.errors else 200
    return page("members/all.html", block="members_list", status=status, chosen=names, **shown)
