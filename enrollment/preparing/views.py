"""Routes of the preparatory group, in the order of the stages; the link is the right to them."""

from collections.abc import Callable
from functools import partial

from flask import Response, current_app, request, url_for

from enrollment.preparing import actions, bp, planning, queries, voting
from enrollment.preparing.forms import LeaveOutForm, meeting_form, request_form
from enrollment.preparing.office_forms import registration_form, session_form
from enrollment.preparing.vote_forms import again_form, held_form
from enrollment.rules.access import Act
from enrollment.rules.papers import words_of
from enrollment.rules.stages import Stage
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.procedures import Founding
from enrollment.storage.rosters import RosterLine
from enrollment.web import clock
from enrollment.web.forms import SayingForm
from enrollment.web.guard import actor, needs, yours
from enrollment.web.limiter import limited
from enrollment.web.own import who_looked
from enrollment.web.pages import page, see_other
from enrollment.web.paper_files import docx_answer
from enrollment.web.papers import WordsForm

_LEAVING_OUT = (Stage.GROUP_REQUEST, Stage.PREPARATION, Stage.MEETING_REQUEST)


@bp.get("/founding/<link>")
@needs(Act.PREPARE_FOUNDING)
def show(link: str) -> Response:
    return _page(_founding(link), SayingForm(formdata=None), block="counter")


@bp.route("/founding/<link>/request", methods=["GET", "POST"])
@needs(Act.PREPARE_FOUNDING)
def ask_for_group(link: str) -> Response:
    found = _founding(link, Stage.GROUP_REQUEST, Stage.JOIN_REQUEST)
    form = request_form(found, queries.joint_unions_for(found, clock.today()))
    if form.is_submitted() and not form.more.data and form.validate():
        keep, send, told = actions.keep_request, actions.send_request, form.request
        kept = _done(form, lambda: keep(link, told, by=actor(), now=clock.now(), today=clock.today()))
        if kept and not form.send.data:
            return see_other(url_for("preparing.show", link=link))
        if kept and _done(form, lambda: send(link, by=actor(), now=clock.now(), today=clock.today(), **_review())):
            return see_other(url_for("preparing.show", link=link))
    return _form_page("preparing/request.html", "request_form", _founding(link), form)


@bp.post("/founding/<link>/reminded/<unit>")
@needs(Act.PREPARE_FOUNDING)
def remind(link: str, unit: str) -> Response:
    return _button(link, lambda: actions.remind(link, unit, by=actor(), now=clock.now()))


@bp.route("/founding/<link>/left-out/<unit>", methods=["GET", "POST"])
@needs(Act.PREPARE_FOUNDING)
def leave_out(link: str, unit: str) -> Response:
    found, form = _founding(link, *_LEAVING_OUT), LeaveOutForm()
    asked = next((each for each in found.application.units[1:] if each.link == unit), None)
    if asked is None:
        raise Missing
    if form.validate_on_submit():
        leave, why = actions.leave_unit_out, form.note.data or ""
        if _done(form, lambda: leave(link, unit, why, by=actor(), now=clock.now())):
            return see_other(url_for("preparing.show", link=link))
    status = 422 if form.errors else 200
    return page("preparing/left_out.html", application=found.application, unit=asked, form=form, status=status)


@bp.post("/founding/<link>/prepared")
@needs(Act.PREPARE_FOUNDING)
def prepared(link: str) -> Response:
    finish = actions.finish_preparation
    return _button(link, lambda: finish(link, by=actor(), now=clock.now(), today=clock.today()))


@bp.route("/founding/<link>/meeting", methods=["GET", "POST"])
@needs(Act.PREPARE_FOUNDING)
def plan(link: str) -> Response:
    found = _founding(link, Stage.MEETING_REQUEST)
    people, names = _people(found)
    form = meeting_form(found, people, names)
    if form.is_submitted() and not form.more.data and form.validate():
        planning.keep_plan(link, form.planned(people, names), by=actor(), now=clock.now())
        if not form.send.data:
            return see_other(url_for("preparing.show", link=link))
        ask = planning.request_meeting
        if _done(form, lambda: ask(link, by=actor(), now=clock.now(), today=clock.today(), **_review())):
            return see_other(url_for("preparing.show", link=link))
    return _form_page("preparing/meeting.html", "meeting_form", _founding(link), form)


@bp.route("/founding/<link>/votes", methods=["GET", "POST"])
@needs(Act.PREPARE_FOUNDING)
def votes(link: str) -> Response:
    found = _founding(link, Stage.MEETING)
    form = held_form(found, *_people(found))
    if form.validate_on_submit():
        record, told = voting.record_meeting, form.recorded
        if _done(form, lambda: record(link, told, by=actor(), now=clock.now(), today=clock.today())):
            return see_other(url_for("preparing.show", link=link))
    return _form_page("preparing/votes.html", "votes_form", found, form)


@bp.route("/founding/<link>/votes/corrected", methods=["GET", "POST"])
@needs(Act.PREPARE_FOUNDING)
def correct_votes(link: str) -> Response:
    found = _founding(link, Stage.FIRST_SESSION, Stage.RESULT_REPORT)
    form = held_form(found, *_people(found), correcting=True)
    if form.validate_on_submit():
        correct, told = voting.correct_record, form.recorded
        if _done(form, lambda: correct(link, told, by=actor(), now=clock.now(), today=clock.today())):
            return see_other(url_for("preparing.show", link=link))
    return _form_page("preparing/votes.html", "votes_form", found, form)


@bp.route("/founding/<link>/votes/again", methods=["GET", "POST"])
@needs(Act.PREPARE_FOUNDING)
def vote_again(link: str) -> Response:
    found = _founding(link, Stage.FIRST_SESSION, Stage.RESULT_REPORT)
    outcome = found.outcome(len(queries.people(found, clock.today())))
    if outcome is None or not outcome.open_reasons or outcome.broken:
        return see_other(url_for("preparing.show", link=link))
    form = again_form(found, outcome)
    version = form.version.data or 0
    record = partial(voting.record_another_vote, link, version=version, by=actor(), now=clock.now())
    if form.validate_on_submit() and _done(form, lambda: record(form.counted, today=clock.today())):
        return see_other(url_for("preparing.show", link=link))
    return _form_page("preparing/votes.html", "votes_form", found, form)


@bp.post("/founding/<link>/fewer-seats")
@needs(Act.PREPARE_FOUNDING)
def fewer_seats(link: str) -> Response:
    return _button(link, lambda: voting.leave_seats_open(link, by=actor(), now=clock.now(), today=clock.today()))


@bp.post("/founding/<link>/again")
@needs(Act.PREPARE_FOUNDING)
def again(link: str) -> Response:
    return _button(link, lambda: voting.hold_again(link, by=actor(), now=clock.now(), today=clock.today()))


@bp.route("/founding/<link>/offices", methods=["GET", "POST"])
@needs(Act.PREPARE_FOUNDING)
def offices(link: str) -> Response:
    found = _founding(link, Stage.FIRST_SESSION)
    lines = queries.people(found, clock.today())
    outcome = found.outcome(len(lines))
    if outcome is None or not outcome.is_complete:
        return see_other(url_for("preparing.show", link=link))
    form, ids = session_form(found, outcome, lines)
    if form.validate_on_submit():
        hold, given = voting.hold_session, {office: ids.get(key, "") for office, key in form.offices.items()}
        if _done(form, lambda: hold(link, given, by=actor(), now=clock.now(), today=clock.today())):
            return see_other(url_for("preparing.show", link=link))
    return _form_page("preparing/offices.html", "offices_form", found, form)


@bp.post("/founding/<link>/report")
@needs(Act.PREPARE_FOUNDING)
def report(link: str) -> Response:
    return _button(link, lambda: actions.report_result(link, by=actor(), now=clock.now(), today=clock.today()))


@bp.route("/founding/<link>/registration", methods=["GET", "POST"])
@needs(Act.PREPARE_FOUNDING)
def registration(link: str) -> Response:
    found = _founding(link, Stage.REGISTRATION)
    form = registration_form(found, queries.registration_kept(found))
    if form.validate_on_submit():
        keep = partial(actions.register, link, form.days, credit_code=form.code, certificate_until=form.valid_until)
        if _done(form, lambda: keep(by=actor(), now=clock.now())):
            return see_other(url_for("preparing.show", link=link))
    return _form_page("preparing/registration.html", "registration_form", found, form)


@bp.get("/founding/<link>/code/<unit>")
@needs(Act.PREPARE_FOUNDING)
def code(link: str, unit: str) -> Response:
    found = _founding(link)
    shown = next((each for each in found.standing if each.link == unit and each.employer), None)
    if shown is None:
        raise Missing
    return page("preparing/code.html", application=found.application, unit=shown)


@bp.route("/founding/<link>/papers/<kind>", methods=["GET", "POST"])
@needs(Act.PREPARE_FOUNDING)
def paper(link: str, kind: str) -> Response:
    found = _founding(link)
    shown = queries.paper(found, kind, clock.today(), _edition())
    form = WordsForm(words=words_of(shown.paper))
    if form.validate_on_submit():
        edit = actions.edit_paper
        if _done(form, lambda: edit(link, shown.paper.kind, form.words.data or "", by=actor(), now=clock.now())):
            return see_other(url_for("preparing.paper", link=link, kind=kind))
    status = 422 if form.errors else 200
    return page("preparing/paper.html", application=found.application, shown=shown, form=form, status=status)


@bp.get("/founding/<link>/papers/<kind>.docx")
@needs(Act.PREPARE_FOUNDING)
@limited("draw")
def paper_docx(link: str, kind: str) -> Response:
    found = _founding(link)
    return docx_answer(queries.paper(found, kind, clock.today(), _edition()).paper, found.details.union_name)


@bp.route("/founding/<link>/withdraw", methods=["GET", "POST"])
@needs(Act.PREPARE_FOUNDING)
def withdraw(link: str) -> Response:
    found, form = _founding(link), SayingForm()
    if form.validate_on_submit():
        actions.withdraw(link, by=actor(), now=clock.now())
        return see_other(url_for("preparing.show", link=link))
    return _form_page("preparing/withdraw.html", "withdraw_form", found, form)


def _founding(link: str, *stages: Stage) -> Founding:
    """The founding behind the link, in one of these stages where some are named; else it has moved on."""
    found = yours(queries.founding(link))
    if stages and found.position.stage not in stages:
        raise Conflict
    return found


def _people(found: Founding) -> tuple[dict[str, RosterLine], dict[int, str]]:
    """The members who may vote and stand, by code, and the names of where they work."""
    lines = queries.people(found, clock.today())
    return {line.person.code: line for line in lines}, queries.unit_names(lines)


def _review() -> dict[str, int]:
    return {"review_working_days": current_app.config["ENROLLMENT"].review_working_days}


def _done(form: SayingForm, act: Callable[[], object]) -> bool:
    """Whether the act was done; what the rules object stands above the form."""
    try:
        act()
    except Refused as no:
        form.refuse(no.reasons)
        return False
    return True


def _button(link: str, act: Callable[[], object]) -> Response:
    """A button of the group's page: done, or the page again with what stands against it."""
    found, form = _founding(link), SayingForm()
    if form.validate_on_submit() and _done(form, act):
        return see_other(url_for("preparing.show", link=link))
    return _page(found, form, status=422)


def _page(found: Founding, form: SayingForm, *, block: str | None = None, status: int = 200) -> Response:
    shown = queries.page_of(found, clock.today())
    looks = [(look.at, who_looked(look), look.reason, look.exported) for look in queries.looks(found)]
    return page("preparing/show.html", block=block, form=form, looks=looks, status=status, **shown)


def _form_page(template: str, block: str, found: Founding, form: SayingForm) -> Response:
    status = 422 if form.errors else 200
    return page(template, block=block, form=form, status=status, **queries.page_of(found, clock.today()))


def _edition() -> int | None:
    """Which writing of a paper is asked for, where it is not the one that counts."""
    return request.args.get("edition", type=int)
