"""Leave: who stands in, from when to when; taking that desk; handing all cases over."""

from flask import Response, session, url_for

from enrollment.profile import actions, bp, queries
from enrollment.profile.forms import HandOverForm, LeaveForm
from enrollment.rules.access import Act
from enrollment.storage.failures import Refused
from enrollment.web import clock
from enrollment.web.forms import SayingForm, choices
from enrollment.web.guard import STANDS_IN, actor, needs
from enrollment.web.pages import page, see_other


@bp.route("/account/leave", methods=["GET", "POST"])
@needs(Act.DELEGATE)
def leave() -> Response:
    form, colleagues = LeaveForm(), queries.colleagues(actor())
    form.deputy.choices = choices({each.code: each.name for each in colleagues})
    if form.validate_on_submit() and form.from_on.data and form.until_on.data:
        days = (form.from_on.data, form.until_on.data)
        try:
            actions.delegate(form.deputy.data, *days, by=actor(), now=clock.now(), today=clock.today())
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return see_other(url_for("profile.own"))
    status = 422 if form.errors else 200
    return page("profile/leave.html", form=form, colleagues=colleagues, status=status)


@bp.post("/account/leave/<code>/end")
@needs(Act.DELEGATE)
def end_leave(code: str) -> Response:
    if SayingForm().validate_on_submit():
        actions.end_delegation(code, by=actor(), now=clock.now())
    return see_other(url_for("profile.own"))


@bp.post("/account/leave/<code>/stand-in")
@needs(Act.STAND_IN)
def stand_in(code: str) -> Response:
    if not SayingForm().validate_on_submit():
        return see_other(url_for("profile.own"))
    session.pop(STANDS_IN, None)
    session[STANDS_IN] = actions.begin_standing_in(code, by=actor(), now=clock.now(), today=clock.today()).code
    return see_other(url_for("profile.start"))


@bp.post("/account/stand-in/end")
@needs(Act.STAND_IN)
def end_stand_in() -> Response:
    if SayingForm().validate_on_submit():
        session.pop(STANDS_IN, None)
    return see_other(url_for("profile.start"))


@bp.route("/account/hand-over", methods=["GET", "POST"])
@needs(Act.HAND_OVER)
def hand_over() -> Response:
    form, colleagues = HandOverForm(), queries.colleagues(actor())
    form.to.choices = choices({each.code: each.name for each in colleagues})
    if form.validate_on_submit():
        try:
            actions.hand_over(form.to.data, form.reason.data or "", by=actor(), now=clock.now(), today=clock.today())
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return see_other(url_for("profile.own"))
    return page("profile/hand_over.html", form=form, colleagues=colleagues, status=422 if form.errors else 200)
