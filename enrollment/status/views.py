"""Routes of the applicant after sending: find it again, see where it stands, correct it, take it back."""

from flask import Response, current_app, request, url_for

from enrollment.messages.codes import check_code, code_on_page, count_try, send_code
from enrollment.rules.access import Act
from enrollment.rules.applications import State
from enrollment.rules.confirmation import normal_code
from enrollment.rules.identity import check_phone, mask_phone
from enrollment.rules.requests import erasure_objections
from enrollment.status import actions, bp, queries
from enrollment.status.forms import (
    CodeForm,
    CopyForm,
    ErasureForm,
    FindForm,
    OwnForm,
    PhoneForm,
    TailForm,
    WithdrawForm,
    correction,
)
from enrollment.storage.applications import FOUND, Application, JoinDetails
from enrollment.storage.failures import Missing, Refused
from enrollment.web import clock, limiter, own
from enrollment.web.export import own_data_answer
from enrollment.web.guard import actor, needs, yours
from enrollment.web.pages import page, see_other

_BY_PHONE = "status"
"""What a code sent from here confirms."""


@bp.route("/status", methods=["GET", "POST"])
@needs(Act.FOLLOW_OWN_APPLICATION)
def find() -> Response:
    form = FindForm()
    if form.validate_on_submit():
        if queries.application(form.link):
            return see_other(url_for("status.show", link=form.link))
        form.unknown()
        limiter.guessed()
    shown = {"form": form, "phone_form": PhoneForm(None)}
    return page("status/find.html", block="find_form", status=422 if form.errors else 200, **shown)


@bp.route("/status/phone", methods=["GET", "POST"])
@needs(Act.FOLLOW_OWN_APPLICATION)
def phone() -> Response:
    form = PhoneForm()
    if not form.validate_on_submit():
        shown = {"form": FindForm(None), "phone_form": form}
        return page("status/find.html", block="phone_form", status=422 if form.errors else 200, **shown)
    number, asked = form.phone.normal, CodeForm(None, phone=form.phone.normal)
    known, address = queries.phone_is_known(number), request.remote_addr or ""
    try:
        send_code(number, _BY_PHONE, address=address, by=actor(), now=clock.now(), known=known)
    except Refused as no:
        asked.refuse(no.reasons)
    return _code_page(asked)


@bp.route("/status/phone/code", methods=["GET", "POST"])
@needs(Act.FOLLOW_OWN_APPLICATION)
def code() -> Response:
    form = CodeForm()
    if not form.is_submitted():
        return see_other(url_for("status.phone"))
    if form.again.data:
        return phone()
    if form.validate():
        try:
            check_code(form.phone.normal, _BY_PHONE, form.code.normal, by=actor(), now=clock.now())
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return _found_page(form.phone.normal, TailForm(None, phone=form.phone.data, code=form.code.data))
    return _code_page(form)


@bp.post("/status/phone/own")
@needs(Act.OPEN_OWN_CARD)
def open_by_phone() -> Response:
    """The card of a member, or the own applications, by phone, code and the end of the identity number."""
    form = TailForm()
    if form.validate_on_submit():
        try:
            check_code(form.phone.normal, _BY_PHONE, form.code.normal, by=actor(), now=clock.now())
            count_try(form.phone.normal, _BY_PHONE, by=actor(), now=clock.now())
            tail = normal_code(form.tail.data or "").upper()
            card = actions.open_by_phone(form.phone.normal, tail, by=actor(), now=clock.now())
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return see_other(url_for("cards.show", link=card.link)) if card else _found_page(form.phone.normal, form)
    return _found_page("", form, status=422)


def _found_page(phone: str, form: TailForm, status: int = 200) -> Response:
    """What belongs to a phone; nothing but the form for one that is not confirmed (any more)."""
    found = queries.applications_of(phone) if phone else ()
    more = queries.has_more(phone) if phone else True
    shown = {"found": found, "more": more, "form": form}
    return page("status/applications.html", block="applications", status=status, **shown)


def _code_page(form: CodeForm) -> Response:
    """The same for every number, known or not; only the demo shows the code."""
    number = check_phone(form.phone.data or "").value
    demo_code = code_on_page(number, _BY_PHONE, now=clock.now())
    shown = {"form": form, "number": mask_phone(number), "demo_code": demo_code}
    return page("status/code.html", block="code_form", status=422 if form.errors else 200, **shown)


@bp.route("/status/<link>", methods=["GET", "POST"])
@needs(Act.FOLLOW_OWN_APPLICATION)
def show(link: str) -> Response:
    shown = yours(queries.application(link))
    if shown.kind == FOUND:
        return see_other(url_for("preparing.show", link=link))
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
        **queries.page_of(shown),
    )


@bp.route("/status/<link>/withdraw", methods=["GET", "POST"])
@needs(Act.FOLLOW_OWN_APPLICATION)
def withdraw(link: str) -> Response:
    shown, form = yours(queries.application(link)), WithdrawForm()
    if shown.kind == FOUND:
        raise Missing
    if form.validate_on_submit():
        actions.withdraw_application(link, by=actor(), now=clock.now(), today=clock.today())
        return see_other(url_for("status.show", link=link))
    return page("status/withdraw.html", application=shown, form=form, status=422 if form.errors else 200)


@bp.route("/status/<link>/erase", methods=["GET", "POST"])
@needs(Act.ASK_UNION)
def erase(link: str) -> Response:
    (shown, join), form = _joining(link), ErasureForm()
    if shown.dropped_on:
        return see_other(url_for("status.show", link=link))
    if form.validate_on_submit() and own.is_the_person(form, join.identity_masked):
        try:
            key, words = form.submission_key.data or "", form.words.data or ""
            asked = actions.ask_erasure(link, key, words, by=actor(), now=clock.now(), today=clock.today())
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return see_other(url_for("status.show", link=asked.link))
    return page(
        "status/erase.html",
        block="erasure_form",
        status=422 if form.errors else 200,
        application=shown,
        form=form,
        objections=erasure_objections(State(shown.state)),
    )


@bp.post("/status/<link>/card")
@needs(Act.OPEN_OWN_CARD)
def card(link: str) -> Response:
    """The card of who was admitted before there were cards."""
    form = OwnForm()
    yours(queries.application(link))
    if not form.validate_on_submit():
        return see_other(url_for("status.show", link=link))
    made = actions.find_or_issue_card(link, by=actor(), now=clock.now())
    return see_other(url_for("cards.show", link=made.link))


@bp.get("/status/<link>/looks")
@needs(Act.FOLLOW_OWN_APPLICATION)
def looks(link: str) -> Response:
    shown, _join = _joining(link)
    return _looks_page(shown, CopyForm())


@bp.post("/status/<link>/my-data.csv")
@needs(Act.COPY_OWN_DATA)
def my_data_csv(link: str) -> Response:
    (shown, join), form = _joining(link), CopyForm()
    if not (form.validate_on_submit() and own.is_the_person(form, join.identity_masked)):
        return _looks_page(shown, form, status=422)
    actions.record_copy(link, by=actor(), now=clock.now())
    return own_data_answer(clock.today(), own.header(), queries.own_data(join, queries.looks(shown)))


def _joining(link: str) -> tuple[Application, JoinDetails]:
    """An application to join: the others hold no identity number."""
    shown = yours(queries.application(link))
    if shown.join is None:
        raise Missing
    return shown, shown.join


def _looks_page(shown: Application, form: CopyForm, status: int = 200) -> Response:
    rows = [(look.at, own.who_looked(look), look.reason, look.exported) for look in queries.looks(shown)]
    return page("status/looks.html", application=shown, form=form, looks=rows, status=status)
