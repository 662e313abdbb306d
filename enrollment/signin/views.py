"""In and out."""

from flask import Response, request, session, url_for
from flask_login import login_user, logout_user

from enrollment.rules.access import Act
from enrollment.signin import actions, bp
from enrollment.signin.forms import SignInForm, SignOutForm
from enrollment.storage.failures import Refused
from enrollment.web import clock
from enrollment.web.guard import SignedIn, needs, refuse_demo_password
from enrollment.web.pages import page, see_other
from enrollment.web.wording import says


@bp.route("/signin", methods=["GET", "POST"])
@needs(Act.SIGN_IN)
def signin() -> Response:
    form = SignInForm()
    if form.validate_on_submit():
        try:
            refuse_demo_password(form.password.data or "")
            account = actions.sign_in(form.login.data or "", form.password.data or "", now=clock.now())
        except Refused as no:
            form.form_errors.extend(says(reason) for reason in no.reasons)
        else:
            session.clear()  # nothing of an earlier visitor on this machine lives on
            login_user(SignedIn(account))
            return see_other(_inside(request.args.get("next", "")))
    return page(
        "signin/signin.html",
        block="sign_in_form",
        form=form,
        status=422 if form.errors else 200,
    )


@bp.post("/signout")
@needs(Act.SIGN_OUT)
def signout() -> Response:
    if not SignOutForm().validate_on_submit():
        return see_other(url_for("desk.queue"))  # a fresh page, so that the second click counts
    logout_user()
    session.clear()
    return see_other(url_for("joining.home"))


def _inside(target: str) -> str:
    """A path of our own to go on to, never another host."""
    plain = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if plain else url_for("desk.queue")
