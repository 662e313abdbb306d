"""The own account: what it is, password, second factor, sessions."""

from datetime import timedelta

from flask import Response, current_app, session, url_for

from enrollment.profile import actions, bp, queries
from enrollment.profile.actions import Proof
from enrollment.profile.forms import ChangePasswordForm, SecondFactorForm
from enrollment.rules.access import Act, Role, may
from enrollment.settings import Settings
from enrollment.storage import passwords
from enrollment.storage.failures import Refused
from enrollment.web import clock
from enrollment.web.forms import ProvenForm, SayingForm
from enrollment.web.guard import STANDS_IN, actor, end_own_session, needs, own_seat
from enrollment.web.pages import page, see_other

_NEW = "second_factor"
"""Where the browser's signed session keeps the secret until the first code proves that it was taken over."""


@bp.get("/start")
@needs(Act.OPEN_OWN_ACCOUNT)
def start() -> Response:
    """Where somebody of this role begins the day."""
    taken, role = own_seat(), actor().role
    if role is Role.OPERATOR:
        return see_other(url_for("accounts.all"))
    if role is Role.EMPLOYER_CONTACT and taken.account.employer:
        return see_other(url_for("unions.employer", code=taken.account.employer.code))
    view = "mine" if may(actor(), Act.DECIDE_APPLICATION) else None
    return see_other(url_for("desk.queue", view=view))


@bp.get("/account")
@needs(Act.OPEN_OWN_ACCOUNT)
def own() -> Response:
    return _own_page()


def _own_page(form: SayingForm | None = None, *, status: int = 200) -> Response:
    taken, settings = own_seat(), _settings()
    since = clock.now() - timedelta(minutes=settings.session_idle_minutes)
    shown = queries.overview(taken.account.id, taken.session_id, clock.today(), since)
    return page(
        "profile/own.html",
        status=status,
        account=taken.account,
        session_id=taken.session_id,
        shown=shown,
        form=form or ProvenForm(formdata=None),
        required=taken.account.role in settings.second_factor_roles,
        today=clock.today(),
        using=session.get(STANDS_IN, ""),
    )


@bp.route("/account/password", methods=["GET", "POST"])
@needs(Act.CHANGE_OWN_ACCOUNT)
def password() -> Response:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            actions.change_password(_proof(form), form.password.data or "", by=actor(), now=clock.now())
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return see_other(url_for("profile.own"))
    return page("profile/password.html", form=form, status=422 if form.errors else 200)


@bp.route("/account/second-factor", methods=["GET", "POST"])
@needs(Act.CHANGE_OWN_ACCOUNT)
def second_factor() -> Response:
    form, account = SecondFactorForm(), own_seat().account
    secret = session.setdefault(_NEW, passwords.new_secret())
    if form.validate_on_submit():
        try:
            codes = actions.set_second_factor(_proof(form), secret, form.code.data or "", by=actor(), now=clock.now())
        except Refused as no:
            form.refuse(no.reasons)
        else:
            del session[_NEW]
            return page("profile/recovery.html", codes=codes)
    return page(
        "profile/second_factor.html",
        form=form,
        secret=secret,
        address=passwords.address_of_secret(secret, account.login),
        present=bool(account.totp_secret),
        status=422 if form.errors else 200,
    )


@bp.post("/account/second-factor/end")
@needs(Act.CHANGE_OWN_ACCOUNT)
def end_second_factor() -> Response:
    form, required = ProvenForm(), own_seat().account.role in _settings().second_factor_roles
    if form.validate_on_submit():
        try:
            actions.drop_second_factor(_proof(form), required=required, by=actor(), now=clock.now())
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return see_other(url_for("profile.own"))
    return _own_page(form, status=422)


@bp.post("/account/recovery-codes")
@needs(Act.CHANGE_OWN_ACCOUNT)
def recovery_codes() -> Response:
    form = ProvenForm()
    if form.validate_on_submit():
        try:
            return page(
                "profile/recovery.html", codes=actions.renew_recovery_codes(_proof(form), by=actor(), now=clock.now())
            )
        except Refused as no:
            form.refuse(no.reasons)
    return _own_page(form, status=422)


@bp.post("/account/sessions/end")
@needs(Act.CHANGE_OWN_ACCOUNT)
def end_sessions() -> Response:
    if SayingForm().validate_on_submit():
        end_own_session("ended_by_owner", now=clock.now(), others=True)
    return see_other(url_for("profile.own"))


def _proof(form: ChangePasswordForm | SecondFactorForm | ProvenForm) -> Proof:
    taken = own_seat()
    return Proof(taken.account, taken.session_id, form.present.data or "")


def _settings() -> Settings:
    settings: Settings = current_app.config["ENROLLMENT"]
    return settings
