"""Many cases at once: look at what would happen, approve the clean ones, see what was done, undo it."""

from flask import Response, current_app, url_for

from enrollment.desk import bp, many, outlook, queries
from enrollment.desk.asking import asked_filters
from enrollment.desk.forms import ApproveForm, ChooseForm
from enrollment.rules.access import Act
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.tables import new_code
from enrollment.web import clock
from enrollment.web.forms import Form
from enrollment.web.guard import actor, needs, own_territory
from enrollment.web.pages import page, see_other

_KEY_LENGTH = 24


@bp.post("/desk/many")
@needs(Act.DECIDE_APPLICATION)
def look_at_many() -> Response:
    form = ChooseForm()
    if not form.validate_on_submit():
        return see_other(url_for("desk.queue"))
    return _many_page(_numbers(form), ApproveForm(formdata=None), by_filter=bool(form.all_found.data))


@bp.post("/desk/many/approve")
@needs(Act.DECIDE_APPLICATION)
def approve_many() -> Response:
    form = ApproveForm()
    if not form.validate_on_submit():
        return _many_page(form.numbers, form, status=422)
    try:
        done = many.approve_many(
            form.key.data or "",
            form.versions,
            staying=form.stay.data or (),
            by=actor(),
            now=clock.now(),
            today=clock.today(),
            undo_minutes=current_app.config["ENROLLMENT"].undo_minutes,
        )
    except Refused as no:
        form.refuse(no.reasons)
        return _many_page(form.numbers, form, status=422)
    return see_other(url_for("desk.many_done", code=done.code))


@bp.get("/desk/many/<code>")
@needs(Act.DECIDE_APPLICATION)
def many_done(code: str) -> Response:
    done = many.result(own_territory(or_union=True), code, actor(), clock.now())
    if done is None:
        raise Missing
    return page("desk/many_done.html", done=done)


@bp.post("/desk/many/<code>/undo")
@needs(Act.UNDO_DECISION)
def undo_many(code: str) -> Response:
    if Form().validate_on_submit():
        many.undo_many(code, by=actor(), now=clock.now())
    return see_other(url_for("desk.many_done", code=code))


def _numbers(form: ChooseForm) -> list[str]:
    """The marked ones; or all of the page, or of the filter, which is asked anew."""
    if form.all_found.data:
        asked = asked_filters()
        if not asked.validate() or (asked.view.data or asked.search.view) not in queries.VIEWS:
            raise Missing  # never more than what was asked for
        return queries.first_numbers(own_territory(or_union=True), asked.search, clock.today(), outlook.MOST)
    return list((form.shown.data if form.all_shown.data else form.case.data) or ())[: outlook.MOST]


def _many_page(numbers: list[str], form: ApproveForm, *, by_filter: bool = False, status: int = 200) -> Response:
    lines = outlook.look_at(own_territory(or_union=True), numbers, actor(), clock.today())
    return page(
        "desk/many.html",
        status=status,
        form=form,
        key=new_code(_KEY_LENGTH),
        clean=[line for line in lines if not line.reasons],
        left=[line for line in lines if line.reasons],
        by_filter=by_filter,
        most=outlook.MOST,
    )
