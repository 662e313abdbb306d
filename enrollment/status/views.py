"""Routes of the applicant after sending: find it again, see where it stands, correct it, take it back."""

from flask import Response, current_app, url_for

from enrollment.rules.access import Act
from enrollment.status import actions, bp, queries
from enrollment.status.forms import FindForm, WithdrawForm, correction
from enrollment.storage.failures import Refused
from enrollment.web import clock
from enrollment.web.guard import actor, needs, yours
from enrollment.web.pages import page, see_other


@bp.route("/status", methods=["GET", "POST"])
@needs(Act.FOLLOW_OWN_APPLICATION)
def find() -> Response:
    form = FindForm()
    if form.validate_on_submit():
        if queries.application(form.link):
            return see_other(url_for("status.show", link=form.link))
        form.unknown()
    return page("status/find.html", block="find_form", form=form, status=422 if form.errors else 200)


@bp.route("/status/<link>", methods=["GET", "POST"])
@needs(Act.FOLLOW_OWN_APPLICATION)
def show(link: str) -> Response:
    shown = yours(queries.application(link))
    marked = queries.marked(shown)
    form = correction(marked, queries.told(shown))
    if form.validate_on_submit():
        try:
            actions.correct_application(
                link,
                form.told,
                by=actor(),
                now=clock.now(),
                today=clock.today(),
                review_working_days=current_app.config["ENROLLMENT"].review_working_days,
            )
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return see_other(url_for("status.show", link=link))
    return page(
        "status/show.html",
        block="correction",
        form=form,
        status=422 if form.errors else 200,
        **queries.page_of(shown, clock.today()),
    )


@bp.route("/status/<link>/withdraw", methods=["GET", "POST"])
@needs(Act.FOLLOW_OWN_APPLICATION)
def withdraw(link: str) -> Response:
    shown, form = yours(queries.application(link)), WithdrawForm()
    if form.validate_on_submit():
        actions.withdraw_application(link, by=actor(), now=clock.now())
        return see_other(url_for("status.show", link=link))
    return page("status/withdraw.html", application=shown, form=form, status=422 if form.errors else 200)
