"""The queue: what waits, saved filters, looking for a case, referrals; the list as CSV."""

from flask import Response, request, url_for

from enrollment.desk import bp, queries, saving
from enrollment.desk.asking import asked_filters
from enrollment.desk.export import export_rows
from enrollment.desk.finding import cases_with_name, cases_with_number
from enrollment.desk.forms import QUEUE_VIEWS, FindForm, SaveFilterForm
from enrollment.desk.telling import number_stuck
from enrollment.desk.undoing import undoable
from enrollment.rules.access import Act, may
from enrollment.storage.failures import Refused
from enrollment.web import clock
from enrollment.web.export import csv_answer
from enrollment.web.guard import actor, needs, own_territory
from enrollment.web.pages import page, see_other
from enrollment.web.wording import says

CHOOSING = ("mine", "waiting", "today", "overdue", "escalated", "corrected")
"""Views whose cases can be approved several at once."""


@bp.get("/desk")
@needs(Act.READ_APPLICATIONS)
def queue() -> Response:
    return _queue_page(SaveFilterForm(formdata=None))


@bp.post("/desk/filters")
@needs(Act.SAVE_FILTER)
def save_filter() -> Response:
    save, filters = SaveFilterForm(), asked_filters()
    if filters.validate() and save.validate_on_submit():
        try:
            saving.save_filter(save.name.data or "", filters.search, by=actor(), now=clock.now())
        except Refused as no:
            save.form_errors.extend(says(reason) for reason in no.reasons)
        else:
            return see_other(url_for("desk.queue", **filters.search.address()))
    return _queue_page(save)


@bp.post("/desk/filters/drop")
@needs(Act.SAVE_FILTER)
def drop_filter() -> Response:
    form = SaveFilterForm()
    if form.validate_on_submit():
        saving.drop_filter(form.name.data or "", by=actor(), now=clock.now())
    return see_other(url_for("desk.queue"))


@bp.get("/applications.csv")
@needs(Act.EXPORT)
def queue_csv() -> Response:
    territory, form, today = own_territory(or_union=True), asked_filters(), clock.today()
    if not form.validate():
        return see_other(f"{url_for('desk.queue')}?{request.query_string.decode()}")
    header, rows = export_rows(territory, form.search, today)
    return csv_answer("applications", territory, today, header, rows)


@bp.route("/desk/find", methods=["GET", "POST"])
@needs(Act.FIND_BY_NUMBER)
def find() -> Response:
    form, found = FindForm(), []
    asked, territory = form.validate_on_submit(), own_territory(or_union=True)
    if asked and form.numbers:
        found = cases_with_number(territory, form.numbers, clock.today())
    elif asked:
        found = cases_with_name(territory, form.words.data or "", clock.today())
    if len(found) == 1:
        return see_other(url_for("desk.case", number=found[0].number))
    full, status = len(found) == queries.PAGE, 422 if form.errors else 200
    return page("desk/find.html", form=form, asked=asked, found=found, full=full, status=status)


@bp.get("/desk/referrals")
@needs(Act.READ_APPLICATIONS)
def referrals() -> Response:
    number = max(1, request.args.get("page", 1, type=int))
    return page("desk/referrals.html", found=queries.referrals(own_territory(), page=number), number=number)


def last_done() -> object:
    """What the cadre has just done to the last case, when the way led on from it."""
    after = request.args.get("after", "")
    return queries.last_act(after, actor().account_id) if after else None


def _queue_page(save: SaveFilterForm) -> Response:
    """The queue, also when the name of a filter has to be looked at again."""
    territory, form, today = own_territory(or_union=True), asked_filters(), clock.today()
    fine, search = form.validate(), form.search
    counts = queries.counts(territory, search, today) if fine else dict.fromkeys(queries.VIEWS, 0)
    pages = max(1, -(-counts[search.view] // queries.PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    return page(
        "desk/queue.html",
        block="queue_list",
        status=422 if save.errors or not fine else 200,
        form=form,
        find=FindForm(formdata=None),
        last_done=last_done(),
        save=save,
        saved=saving.saved_filters(actor().account_id),
        query=saving.query_of(search),
        search=search,
        views=QUEUE_VIEWS,
        cases=queries.cases(territory, search, today, page=number) if fine else [],
        counts=counts,
        undoable=undoable(actor(), clock.now()),
        stuck=number_stuck(territory),
        choosing=search.view in CHOOSING and may(actor(), Act.DECIDE_APPLICATION),
        territory=territory,
        page_number=number,
        pages=pages,
    )
