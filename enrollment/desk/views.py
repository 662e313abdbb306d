"""One case of the queue, and the decision on it."""

from flask import Response, current_app, request, url_for
from flask_babel import gettext as _

from enrollment.desk import actions, bp, holding, queries
from enrollment.desk.actions import Decision
from enrollment.desk.asking import asked_list
from enrollment.desk.forms import (
    CORRECT_QUESTIONS,
    JOIN_QUESTIONS,
    REQUEST_QUESTIONS,
    ConfirmForm,
    DecisionForm,
    TakeOnForm,
    decision_form_for,
)
from enrollment.desk.likenesses import side_by_side
from enrollment.desk.queue_views import last_done
from enrollment.desk.sentences import sentences
from enrollment.desk.surroundings import visits_that_touched
from enrollment.desk.telling import messages_of, previews
from enrollment.desk.undoing import undo_decision, undoable
from enrollment.rules.access import Act, may
from enrollment.rules.applications import Step
from enrollment.rules.confirmation import SURE
from enrollment.rules.eligibility import is_minor_worker
from enrollment.rules.requests import RequestKind
from enrollment.rules.undoing import can_be_undone
from enrollment.storage.applications import FOUND, Application
from enrollment.storage.failures import Conflict, Refused
from enrollment.web import clock
from enrollment.web.errors import problem
from enrollment.web.filters import beijing
from enrollment.web.forms import Form, LookForm
from enrollment.web.guard import actor, needs, own_territory, yours
from enrollment.web.pages import page, see_other
from enrollment.web.wording import says


@bp.errorhandler(holding.PassedOn)
def passed_on(error: holding.PassedOn) -> Response:
    told = {"who": error.who, "at": beijing(error.at), "why": error.why}
    sentence = (
        _("%(who)s passed this case on (%(at)s); it is decided elsewhere now. Reason: %(why)s", **told)
        if error.why
        else _("%(who)s passed this case on (%(at)s); it is decided elsewhere now.", **told)
    )
    queue = url_for("desk.queue", **asked_list().address())
    return problem(409, _("Someone was faster"), sentence, next_url=queue, next_text=_("Back to the list"))


@bp.get("/desk/<number>")
@needs(Act.READ_APPLICATIONS)
def case(number: str) -> Response:
    application = _mine(number)
    if application.kind == FOUND:
        return see_other(url_for("approving.case", number=number))
    return _case_page(application, _form_for(application))


@bp.post("/desk/<number>/decision")
@needs(Act.DECIDE_APPLICATION)
def decide(number: str) -> Response:
    application = _mine(number)
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
        return _case_page(_mine(number), form, faster="deciding")
    return see_other(_onward(done))


@bp.post("/desk/<number>/take-on")
@needs(Act.DECIDE_APPLICATION)
def take_on(number: str) -> Response:
    form = TakeOnForm()
    if form.validate_on_submit():
        _mine(number)
        try:
            holding.take_on(number, form.version.data or 0, by=actor(), now=clock.now())
        except Conflict:
            application = _mine(number)
            return _case_page(application, _form_for(application), faster="taking_on")
    return see_other(url_for("desk.case", number=number, **asked_list().address()))


@bp.post("/desk/<number>/undo")
@needs(Act.UNDO_DECISION)
def undo(number: str) -> Response:
    if Form().validate_on_submit():
        undo_decision(number, by=actor(), now=clock.now())
    return see_other(url_for("desk.case", number=number))


@bp.post("/desk/<number>/full")
@needs(Act.SEE_FULL_NUMBER)
def full(number: str) -> Response:
    application, look = _mine(number), LookForm()
    if not look.validate_on_submit():
        return _case_page(application, _form_for(application), look=look, status=422)
    shown = actions.see_full_number(number, reason=look.reason.data or "", by=actor(), now=clock.now())
    return _case_page(application, _form_for(application), numbers=shown)


@bp.post("/desk/<number>/confirm")
@needs(Act.CONFIRM_IN_PERSON)
def confirm(number: str) -> Response:
    application, form = _mine(number), ConfirmForm()
    if form.validate_on_submit():
        try:
            actions.confirm_in_person(number, how=form.how.data or "", by=actor(), now=clock.now())
        except Refused as no:
            form.form_errors.extend(says(reason) for reason in no.reasons)
        else:
            return see_other(url_for("desk.case", number=number, **asked_list().address()))
    return _case_page(application, _form_for(application), confirm=form, status=422)


def _mine(number: str) -> Application:
    """The case, where it lies with the actor; raises ``PassedOn`` where a colleague has passed it on."""
    territory = own_territory(or_union=True)
    found = queries.case(territory, number)
    if found is None:
        holding.check_not_passed_on(territory, number)
    return yours(found)


def _onward(done: Application) -> str:
    """The next case of the list after a decision, or the list, where what was done is said in a line."""
    search = asked_list()
    _previous, following = queries.beside(own_territory(or_union=True), search, clock.today(), done)
    told = search.address(after=done.number)
    return url_for("desk.case", number=following, **told) if following else url_for("desk.queue", **told)


def _form_for(application: Application, *, sent: bool = False) -> DecisionForm:
    form = decision_form_for(_questions(application), sentences(application.county_code), sent=sent)
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
        note=form.words,
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
    faster: str = "",
) -> Response:
    """The case; ``faster``: what somebody else was faster than, ``deciding`` or ``taking_on``."""
    today, territory, search = clock.today(), own_territory(or_union=True), asked_list()
    return page(
        "desk/case.html",
        status=409 if faster else status,
        search=search,
        beside=queries.beside(territory, search, today, application),
        last_done=last_done(),
        visits=visits_that_touched(territory, application),
        application=application,
        form=form,
        faster=faster,
        opinion=queries.opinion(application, today),
        request_opinion=queries.request_opinion(application, today),
        look=look or LookForm(formdata=None),
        confirm=confirm or ConfirmForm(formdata=None),
        numbers=numbers,
        likenesses=side_by_side(territory, application),
        today=today,
        sure=application.join is None or application.join.confirmed_by in SURE,
        minor=bool(application.join and is_minor_worker(application.join.born_on, today)),
        undoable=undoable(actor(), clock.now(), numbers=(application.number, request.args.get("after", ""))),
        lying=holding.lying(application),
        held_by_me=application.holder_id is not None and application.holder_id == actor().desk_id,
        previews=previews(application),
        messages=messages_of(application),
        for_good=not can_be_undone(application.kind, Step.APPROVED),
        may_decide=application.state == "submitted" and may(actor(), Act.DECIDE_APPLICATION),
    )
