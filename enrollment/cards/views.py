"""The member's own pages: the card, what is asked of the union, the own data; and what a card proves to others."""

from flask import Response, current_app, make_response, url_for

from enrollment.cards import actions, bp, queries
from enrollment.cards.actions import Asked
from enrollment.cards.forms import AskForm, CopyForm, ask_form, county_form
from enrollment.cards.queries import Shown
from enrollment.rules.access import Act
from enrollment.rules.requests import RequestKind, objections
from enrollment.storage.failures import Missing, Refused
from enrollment.web import clock, limiter, own
from enrollment.web.export import own_data_answer
from enrollment.web.filters import qr_png
from enrollment.web.guard import actor, needs, yours
from enrollment.web.limiter import limited
from enrollment.web.pages import page, see_other


@bp.get("/card/<link>")
@needs(Act.OPEN_OWN_CARD)
def show(link: str) -> Response:
    shown = _card(link)
    return page(
        "cards/show.html",
        shown=shown,
        requests=queries.requests_of(shown),
        kinds=queries.open_kinds(shown),
    )


@bp.get("/card/<link>/qr.png")
@needs(Act.OPEN_OWN_CARD)
@limited("draw")
def picture(link: str) -> Response:
    """The QR code alone, for browsers that draw nothing."""
    address = url_for("cards.verify", code=_card(link).card.code, _external=True)
    return make_response(qr_png(address), {"Content-Type": "image/png"})


@bp.get("/verify/<code>")
@needs(Act.VERIFY_CARD)
def verify(code: str) -> Response:
    proof = queries.proof(code, clock.today())
    if not proof.valid:
        limiter.guessed()
    return page("cards/verify.html", proof=proof, now=clock.now())


@bp.route("/card/<link>/ask/<kind>", methods=["GET", "POST"])
@needs(Act.ASK_UNION)
def ask(link: str, kind: str) -> Response:
    shown, asked_for = _card(link), _kind(kind)
    county = county_form(shown)
    form = ask_form(asked_for, shown, queries.unions_to_move_to(shown, county.county.data))
    if form.validate_on_submit() and own.is_the_person(form, shown.person.identity_masked):
        try:
            made = actions.ask_union(
                link,
                _asked(asked_for, form),
                by=actor(),
                now=clock.now(),
                today=clock.today(),
                review_working_days=current_app.config["ENROLLMENT"].review_working_days,
            )
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return see_other(url_for("status.show", link=made.link))
    return page(
        "cards/ask.html",
        block="ask_form",
        status=422 if form.errors else 200,
        shown=shown,
        kind=kind,
        form=form,
        county=county,
        objections=objections(asked_for, shown.position.standing),
    )


@bp.get("/card/<link>/my-data")
@needs(Act.OPEN_OWN_CARD)
def my_data(link: str) -> Response:
    shown = _card(link)
    return page("cards/my_data.html", shown=shown, kinds=queries.open_kinds(shown), form=CopyForm())


@bp.get("/card/<link>/looks")
@needs(Act.OPEN_OWN_CARD)
def looks(link: str) -> Response:
    shown = _card(link)
    rows = [(look.at, own.who_looked(look), look.reason, look.exported) for look in queries.looks(shown)]
    return page("cards/looks.html", shown=shown, looks=rows)


@bp.post("/card/<link>/my-data.csv")
@needs(Act.COPY_OWN_DATA)
def my_data_csv(link: str) -> Response:
    shown, form = _card(link), CopyForm()
    if not (form.validate_on_submit() and own.is_the_person(form, shown.person.identity_masked)):
        kinds = queries.open_kinds(shown)
        return page("cards/my_data.html", shown=shown, kinds=kinds, form=form, status=422)
    actions.record_copy(link, by=actor(), now=clock.now())
    return own_data_answer(clock.today(), own.header(), queries.own_data(shown))


def _card(link: str) -> Shown:
    return yours(queries.card(link, clock.today()))


def _kind(kind: str) -> RequestKind:
    if kind not in set(RequestKind):
        raise Missing
    return RequestKind(kind)


def _asked(kind: RequestKind, form: AskForm) -> Asked:
    answers = form.answers
    return Asked(
        kind=kind,
        submission_key=form.submission_key.data or "",
        to_union=answers.get("to_union") or "",
        cause=answers.get("cause") or "",
        words=answers.get("words") or "",
        told=form.told,
    )
