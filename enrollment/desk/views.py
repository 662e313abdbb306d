"""The cadre's day: the queue, a case, the decision."""

from flask import Response, current_app, request, url_for

from enrollment.desk import actions, bp, queries
from enrollment.desk.actions import Decision
from enrollment.desk.export import export_rows
from enrollment.desk.forms import (
    CORRECT_QUESTIONS,
    JOIN_QUESTIONS,
    REQUEST_QUESTIONS,
    ConfirmForm,
    DecisionForm,
    QueueForm,
    decision_form_for,
)
from enrollment.desk.telling import messages_of, number_stuck, previews
from enrollment.desk.undoing import undo_decision, undoable
from enrollment.rules.access import Act
from enrollment.rules.applications import Step
from enrollment.rules.confirmation import SURE
from enrollment.rules.eligibility import is_minor_worker
from enrollment.rules.requests import RequestKind
from enrollment.rules.undoing import can_be_undone
from enrollment.storage.applications import FOUND, Application
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.web import clock
from enrollment.web.export import csv_answer
from enrollment.web.forms import Form, LookForm
from enrollment.web.guard import actor, needs, own_territory, yours
from enrollment.web.pages import page, see_other
from enrollment.web.wording import says


@bp.get("/desk")
@needs(Act.READ_APPLICATIONS)
def queue() -> Response:
    territory, search, today = own_territory(), _search(), clock.today()
    counts = queries.counts(territory, search, today)
    pages = max(1, -(-counts[search.view] // queries.PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    return page(
        "desk/queue.html",
        block="queue_list",
        form=QueueForm(request.args),
        search=search,
        cases=queries.cases(territory, search, today, page=number),
        counts=counts,
        undoable=undoable(actor(), clock.now()),
        stuck=number_stuck(territory),
        territory=territory,
        today=today,
        page_number=number,
        pages=pages,
    )


@bp.get("/applications.csv")
@needs(Act.EXPORT)
def queue_csv() -> Response:
    territory, today = own_territory(), clock.today()
    header, rows = export_rows(territory, _search(), today)
    return csv_answer("applications", territory, today, header, rows)


@bp.get("/desk/<number>")
@needs(Act.READ_APPLICATIONS)
def case(number: str) -> Response:
    application = yours(queries.case(own_territory(), number))
    if application.kind == FOUND:
        return see_other(url_for("approving.case", number=number))
    return _case_page(application, _form_for(application))


@bp.post("/desk/<number>/decision")
@needs(Act.DECIDE_APPLICATION)
def decide(number: str) -> Response:
    application = yours(queries.case(own_territory(), number))
    form = _form_for(application, sent=True)
    if not form.validate_on_submit():
        return _case_page(application, form, status=422)
    try:
        done = actions.decide_application(
            number,
            _decision(form),
            by=actor(),
            now=clock.now(),
            today=clock.today(),
            undo_minutes=current_app.config["ENROLLMENT"].undo_minutes,
        )
    except Refused as no:
        form.form_errors.extend(says(reason) for reason in no.reasons)
        return _case_page(application, form, status=422)
    except Conflict:
        return _case_page(yours(queries.case(own_territory(), number)), form, status=409)
    here = own_territory().covers(done.county_code)
    return see_other(url_for("desk.case", number=number) if here else url_for("desk.queue"))


@bp.post("/desk/<number>/undo")
@needs(Act.UNDO_DECISION)
def undo(number: str) -> Response:
    if Form().validate_on_submit():
        undo_decision(number, by=actor(), now=clock.now())
    return see_other(url_for("desk.case", number=number))


@bp.post("/desk/<number>/full")
@needs(Act.SEE_FULL_NUMBER)
def full(number: str) -> Response:
    application, look = yours(queries.case(own_territory(), number)), LookForm()
    if not look.validate_on_submit():
        return _case_page(application, _form_for(application), look=look, status=422)
    shown = actions.see_full_number(number, reason=look.reason.data or "", by=actor(), now=clock.now())
    return _case_page(application, _form_for(application), numbers=shown)


@bp.post("/desk/<number>/confirm")
@needs(Act.CONFIRM_IN_PERSON)
def confirm(number: str) -> Response:
    application, form = yours(queries.case(own_territory(), number)), ConfirmForm()
    if form.validate_on_submit():
        try:
            actions.confirm_in_person(number, how=form.how.data or "", by=actor(), now=clock.now())
        except Refused as no:
            form.form_errors.extend(says(reason) for reason in no.reasons)
        else:
            return see_other(url_for("desk.case", number=number))
    return _case_page(application, _form_for(application), confirm=form, status=422)


@bp.get("/desk/referrals")
@needs(Act.READ_APPLICATIONS)
def referrals() -> Response:
    number = max(1, request.args.get("page", 1, type=int))
    return page("desk/referrals.html", found=queries.referrals(own_territory(), page=number), number=number)


def _search() -> queries.Search:
    asked = request.args
    view = asked.get("view", "waiting")
    search = queries.Search(
        view if view in queries.VIEWS else "waiting",
        asked.get("kind", ""),
        asked.get("county", ""),
    )
    if search.county and not own_territory().covers(search.county):
        raise Missing
    return search


def _form_for(application: Application, *, sent: bool = False) -> DecisionForm:
    form = decision_form_for(_questions(application), sent=sent)
    if not sent:
        form.to_union.data = queries.union_asked_for(application)
    return form


def _questions(application: Application) -> tuple[str, ...]:
    """What can be marked in this kind of application."""
    if application.request:
        return CORRECT_QUESTIONS if application.kind == RequestKind.CORRECT else REQUEST_QUESTIONS
    return JOIN_QUESTIONS


def _decision(form: DecisionForm) -> Decision:
    return Decision(
        step=Step(form.step.data or ""),
        version=form.version.data or 0,
        ground=form.ground.data,
        marked=tuple(form.marked.data or ()),
        note=form.note.data or "",
        to_union=form.to_union.data or "",
        sure=bool(form.sure.data),
    )


def _case_page(
    application: Application,
    form: DecisionForm,
    *,
    look: LookForm | None = None,
    confirm: ConfirmForm | None = None,
    numbers: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    today = clock.today()
    return page(
        "desk/case.html",
        status=status,
        application=application,
        form=form,
        faster=status == 409,  # noqa: PLR2004
        opinion=queries.opinion(application, today),
        request_opinion=queries.request_opinion(application, today),
        look=look or LookForm(formdata=None),
        confirm=confirm or ConfirmForm(formdata=None),
        numbers=numbers,
        likenesses=queries.likenesses(own_territory(), application),
        today=today,
        sure=application.join is None or application.join.confirmed_by in SURE,
        minor=bool(application.join and is_minor_worker(application.join.born_on, today)),
        undoable=undoable(actor(), clock.now(), number=application.number),
        previews=previews(application),
        messages=messages_of(application),
        for_good=not can_be_undone(application.kind, Step.APPROVED),
        may_decide=application.state == "submitted",
    )
