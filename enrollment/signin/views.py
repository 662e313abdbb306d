"""In and out: the password, the code; the link of an invitation."""

from flask import Response, request, session, url_for
from flask_login import login_user, logout_user

from enrollment.rules.access import Act
from enrollment.signin import actions, bp
from enrollment.signin.actions import Passed
from enrollment.signin.forms import ChosenPasswordForm, CodeForm, SignInForm, SignOutForm
from enrollment.storage.failures import Missing, Refused
from enrollment.web import browsers, clock
from enrollment.web.guard import Seat, SignedIn, end_own_session, needs, refuse_demo_password
from enrollment.web.limiter import counted_by
from enrollment.web.pages import page, see_other
from enrollment.web.wording import says

_HALF_WAY, _LOGIN, _NEXT = "half_way", "half_way_login", "next"


def _own_browser() -> tuple[str, ...]:
    """The mark of a browser known to the account at hand: no neighbor on the network shuts its owner out."""
    login = session.get(_LOGIN, "") if request.endpoint == "signin.code" else SignInForm().login.data or ""
    mark = browsers.asking_browser(login).known_as
    return (mark,) if mark else ()


@bp.route("/signin", methods=["GET", "POST"])
@counted_by(_own_browser)
@needs(Act.SIGN_IN)
def signin() -> Response:
    form = SignInForm()
    if form.validate_on_submit():
        login = form.login.data or ""
        try:
            refuse_demo_password(form.password.data or "")
            passed = actions.check_password(
                login, form.password.data or "", browsers.asking_browser(login), now=clock.now()
            )
        except Refused as no:
            form.form_errors.extend(says(reason) for reason in no.reasons)
        else:
            return _on(passed, _inside(request.args.get("next", "")))
    chosen = "chosen" in request.args
    return page(
        "signin/signin.html", block="sign_in_form", form=form, chosen=chosen, status=422 if form.errors else 200
    )


@bp.route("/signin/code", methods=["GET", "POST"])
@counted_by(_own_browser)
@needs(Act.SIGN_IN)
def code() -> Response:
    account, form = actions.half_way(session.get(_HALF_WAY), now=clock.now()), CodeForm()
    if account is None:
        return see_other(url_for("signin.signin"))
    if form.validate_on_submit():
        try:
            browser = browsers.asking_browser(account.login)
            passed = actions.check_code(account, form.code.data or "", browser, now=clock.now())
        except Refused as no:
            form.form_errors.extend(says(reason) for reason in no.reasons)
        else:
            return _on(passed, _inside(session.get(_NEXT, "")))
    return page("signin/code.html", block="code_form", form=form, status=422 if form.errors else 200)


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@needs(Act.SIGN_IN)
def invitation(token: str) -> Response:
    account, form = actions.invited(token, now=clock.now()), ChosenPasswordForm()
    if account is None:
        raise Missing
    if form.validate_on_submit():
        try:
            chosen = actions.choose_password(token, form.password.data or "", now=clock.now())
        except Refused as no:
            form.form_errors.extend(says(reason) for reason in no.reasons)
        else:
            return browsers.remembered(see_other(url_for("signin.signin", chosen=1)), chosen.login)
    return page("signin/invitation.html", form=form, account=account, status=422 if form.errors else 200)


@bp.post("/signout")
@needs(Act.SIGN_OUT)
def signout() -> Response:
    if not SignOutForm().validate_on_submit():
        return see_other(url_for("profile.start"))  # a fresh page, so that the second click counts
    end_own_session("signed_out", now=clock.now())
    logout_user()
    session.clear()
    return see_other(url_for("joining.home"))


def _on(passed: Passed, target: str) -> Response:
    """To the code where one is asked, else in: nothing of an earlier visitor on this machine lives on."""
    session.clear()
    if not passed.token:
        session[_HALF_WAY], session[_LOGIN], session[_NEXT] = passed.attempt_id, passed.account.login, target
        return see_other(url_for("signin.code"))
    login_user(SignedIn(passed.token, Seat(passed.attempt_id, passed.account, None)))
    return browsers.remembered(see_other(target), passed.account.login)


def _inside(target: str) -> str:
    """A path of our own to go on to, never another host."""
    plain = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if plain else url_for("profile.start")
