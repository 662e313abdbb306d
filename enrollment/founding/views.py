"""Routes in the order a depot's head walks them, and the neighbor's answer."""

from flask import Response, current_app, request, url_for

from enrollment.founding import actions, bp, queries
from enrollment.founding.forms import AskForm, ChosenForm, InvitationForm, found_form, invite_form
from enrollment.rules.access import Act
from enrollment.rules.founding import NEW_JOINT
from enrollment.rules.stages import Stage
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.web import clock
from enrollment.web.guard import actor, needs, yours
from enrollment.web.pages import page, see_other


@bp.get("/found")
@needs(Act.ASK)
def ask() -> Response:
    return page("founding/ask.html", form=AskForm(request.args))


@bp.get("/found/answer")
@needs(Act.ASK)
def answer() -> Response:
    form, today = AskForm(request.args), clock.today()
    if not form.validate():
        return page("founding/answer.html", block="answer", form=form, offers=None, status=422)
    offers = queries.offers(form.unit, form.region_code.data or "", today)
    return page("founding/answer.html", block="answer", form=form, offers=offers, on=today)


@bp.route("/found/form", methods=["GET", "POST"])
@needs(Act.APPLY)
def form() -> Response:
    asked, today = ChosenForm(request.args), clock.today()
    if not asked.validate():
        return see_other(url_for("founding.ask", **asked.kept))
    if asked.place_is_missing:
        return page("founding/place.html", form=asked.asking_where())
    form = found_form(asked, today)
    open_ways = queries.offers(asked.unit, asked.region_code.data or "", today)
    if not form.is_submitted() and not open_ways.is_open(asked.way.data):
        return see_other(url_for("founding.answer", **asked.carried))  # there it says why, and what is open
    if form.validate_on_submit():
        try:
            application = actions.start_founding(
                form.founding(asked),
                by=actor(),
                now=clock.now(),
                today=today,
                review_working_days=current_app.config["ENROLLMENT"].review_working_days,
            )
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return see_other(url_for("preparing.show", link=application.link))
    part = "found_form" if form.is_submitted() else "units"
    return page("founding/form.html", block=part, form=form, asked=asked, status=422 if form.errors else 200)


@bp.route("/found/invitation/<link>", methods=["GET", "POST"])
@needs(Act.ANSWER_INVITATION)
def invitation(link: str) -> Response:
    unit = queries.invitation(link)
    if unit is None:
        raise Missing
    yours(unit.application)
    form = InvitationForm(workers=unit.workers, barred=unit.barred, contact_name=unit.contact_name)
    if form.validate_on_submit():
        told = actions.Answer(
            answer=form.answer.data or "",
            note=form.note.data or "",
            workers=form.workers.data,
            barred=form.barred.data,
            **form.contact,
        )
        try:
            actions.answer_invitation(link, told, by=actor(), now=clock.now(), today=clock.today())
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return see_other(url_for("founding.invitation", link=link))
    status = 422 if form.errors else 200
    shown = {"form": form, "unit": unit, "still_open": queries.still_open(unit), "on": clock.today()}
    return page("founding/invitation.html", block="invitation", status=status, **shown)


@bp.route("/found/invite/<link>", methods=["GET", "POST"])
@needs(Act.PREPARE_FOUNDING)
def invite(link: str) -> Response:
    founding, name = yours(queries.founding_behind(link)), request.args.get("q", "")
    if founding.way != NEW_JOINT or founding.position.stage is not Stage.GROUP_REQUEST:
        raise Conflict
    form = invite_form(founding, name, clock.today())
    if form.validate_on_submit():
        try:
            actions.invite_more(link, form.units.data or (), by=actor(), now=clock.now(), today=clock.today())
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return see_other(url_for("preparing.show", link=link))
    block, status = ("invite_form" if form.is_submitted() else "units"), 422 if form.errors else 200
    return page("founding/invite.html", block=block, form=form, founding=founding, q=name, status=status)
