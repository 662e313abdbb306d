"""Accounts: the list, an invitation, one account and what can be done about it."""

from flask import Response, request, url_for

from enrollment.accounts import actions, bp, queries
from enrollment.accounts.actions import Invited
from enrollment.accounts.forms import AccountsForm, InviteForm
from enrollment.rules.access import Act, Role
from enrollment.rules.accounts import act_of_change
from enrollment.storage.accounts import Account
from enrollment.storage.failures import Missing, Refused
from enrollment.web import clock
from enrollment.web.forms import ProvenForm, SayingForm
from enrollment.web.guard import actor, needs, own_seat
from enrollment.web.lists import Place
from enrollment.web.pages import page, see_other


@bp.get("/accounts", endpoint="all")
@needs(Act.READ_ACCOUNTS)
def all_accounts() -> Response:
    form, asked = AccountsForm(request.args), request.args
    listed = queries.accounts(
        actor(), form.q.data or "", form.role.data or "", Place(asked.get("after", ""), asked.get("before", ""))
    )
    kept = {name: asked[name] for name in ("q", "role") if asked.get(name)}
    return page("accounts/all.html", block="account_list", form=form, listed=listed, kept=kept)


@bp.route("/accounts/new", methods=["GET", "POST"])
@needs(Act.CHANGE_UNIT_ACCOUNT)
def invite() -> Response:
    form = InviteForm().offer(actor())
    if form.validate_on_submit():
        try:
            account, token = actions.invite(Invited(**form.answers), by=actor(), now=clock.now())
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return _link_page(account, token)
    return page("accounts/invite.html", form=form, status=422 if form.errors else 200)


@bp.get("/accounts/<code>")
@needs(Act.READ_ACCOUNTS)
def one(code: str) -> Response:
    return _one_page(code)


@bp.post("/accounts/<code>/link")
@needs(Act.CHANGE_UNIT_ACCOUNT)
def new_link(code: str) -> Response:
    form = SayingForm()
    if form.validate_on_submit():
        try:
            return _link_page(*actions.new_link(code, by=actor(), now=clock.now()))
        except Refused as no:
            form.refuse(no.reasons)
    return _one_page(code, form, status=422)


@bp.post("/accounts/<code>/end")
@needs(Act.CHANGE_UNIT_ACCOUNT)
def end(code: str) -> Response:
    form = SayingForm()
    if form.validate_on_submit():
        try:
            actions.end_account(code, by=actor(), now=clock.now())
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return see_other(url_for("accounts.one", code=code))
    return _one_page(code, form, status=422)


@bp.post("/accounts/<code>/reopen")
@needs(Act.CHANGE_UNIT_ACCOUNT)
def reopen(code: str) -> Response:
    form = SayingForm()
    if form.validate_on_submit():
        try:
            return _link_page(*actions.reopen_account(code, by=actor(), now=clock.now()))
        except Refused as no:
            form.refuse(no.reasons)
    return _one_page(code, form, status=422)


@bp.post("/accounts/<code>/second-factor")
@needs(Act.CHANGE_UNIT_ACCOUNT)
def drop_second_factor(code: str) -> Response:
    form = ProvenForm()
    if form.validate_on_submit():
        try:
            actions.drop_second_factor(code, own_seat().account, form.present.data or "", by=actor(), now=clock.now())
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return see_other(url_for("accounts.one", code=code))
    return _one_page(code, form, status=422)


def _one_page(code: str, form: SayingForm | None = None, *, status: int = 200) -> Response:
    found = queries.one_account(actor(), code, clock.now())
    if found is None:
        raise Missing
    return page(
        "accounts/one.html",
        status=status,
        shown=found,
        form=form or ProvenForm(formdata=None),
        act=act_of_change(Role(found.account.role)),
    )


def _link_page(account: Account, token: str) -> Response:
    link = url_for("signin.invitation", token=token, _external=True)
    return page("accounts/link.html", account=account, link=link)
