"""Pairings: the list and its file, what each guide has, one employer's pairing, and the hand-over."""

from typing import Any

from flask import Response, request, url_for

from enrollment.pairing import actions, bp, history, queries
from enrollment.pairing.forms import ContactForm, EndForm, GuideForm, HandOverForm, PairingsForm
from enrollment.pairing.history import OnePairing
from enrollment.rules.access import Act
from enrollment.rules.pairing import CONTACT_DAYS, ContactWay, step_due
from enrollment.storage.failures import Missing, Refused
from enrollment.web import clock
from enrollment.web.export import csv_answer
from enrollment.web.guard import actor, asked_territory, needs, own_territory, yours
from enrollment.web.lists import EMPTY
from enrollment.web.pages import page, see_other


@bp.get("/pairings", endpoint="all")
@needs(Act.READ_PAIRINGS)
def all_pairings() -> Response:
    form = PairingsForm()
    territory, today = asked_territory(form.county.data), clock.today()
    form.offer(queries.accounts(own_territory()))
    listed, counts = EMPTY, None
    if form.validate():
        listed, counts = queries.employers(territory, today, form.filters(actor().account_id), form.place)
    shown = {"form": form, "listed": listed, "counts": counts, "territory": territory, "own": own_territory()}
    shown |= {"today": today, "step_due": step_due, "days": CONTACT_DAYS}
    return page("pairing/all.html", block="pairings_list", status=422 if form.errors else 200, **shown)


@bp.get("/pairings.csv", endpoint="all_csv")
@needs(Act.EXPORT)
def all_pairings_csv() -> Response:
    form = PairingsForm()
    territory, today = asked_territory(form.county.data), clock.today()
    if not form.offer(queries.accounts(own_territory())).validate():
        return see_other(url_for("pairing.all", **form.kept))
    filters = form.filters(actor().account_id)
    return csv_answer("pairings", territory, today, *queries.export_rows(territory, today, filters))


@bp.get("/pairings/guides")
@needs(Act.READ_PAIRINGS)
def guides() -> Response:
    territory = asked_territory(request.args.get("county"))
    return page(
        "pairing/guides.html",
        guides=queries.load(territory, clock.today()),
        territory=territory,
        own=own_territory(),
        days=CONTACT_DAYS,
    )


@bp.route("/pairings/hand-over", methods=["GET", "POST"])
@needs(Act.CHANGE_PAIRING)
def hand_over() -> Response:
    login, accounts = request.args.get("from", ""), queries.accounts(own_territory())
    guide = next((row for row in accounts if row.login == login), None)
    if login and guide is None:
        raise Missing
    rows = queries.guided_by(own_territory(), login, clock.today()) if guide else []
    form = HandOverForm().offer([row for row in accounts if row.login != login], rows)
    if form.validate_on_submit():
        try:
            actions.hand_over(login, to=form.to.data, employers=form.chosen, **_now())
            return see_other(url_for("pairing.all", guide=form.to.data))
        except Refused as no:
            form.refuse(no.reasons)
    status = 422 if form.errors else 200
    return page("pairing/hand_over.html", status=status, guide=guide, accounts=accounts, rows=rows, form=form)


@bp.get("/pairings/<code>")
@needs(Act.READ_PAIRINGS)
def one(code: str) -> Response:
    return _one_page(yours(history.one(own_territory(), code, clock.today())))


@bp.post("/pairings/<code>/guide")
@needs(Act.CHANGE_PAIRING)
def guide(code: str) -> Response:
    found = yours(history.one(own_territory(), code, clock.today()))
    form = GuideForm().offer(history.guides_for(found.scope.county))
    if form.validate_on_submit():
        try:
            actions.set_pairing(code, **{**form.answers, "step": form.step.data or ""}, **_now())
            return see_other(url_for("pairing.one", code=code))
        except Refused as no:
            form.refuse(no.reasons)
    return _one_page(found, guide=form)


@bp.post("/pairings/<code>/contacts")
@needs(Act.CHANGE_PAIRING)
def contact(code: str) -> Response:
    found, form = yours(history.one(own_territory(), code, clock.today())), ContactForm()
    if form.validate_on_submit():
        told = {**form.answers, "way": ContactWay(form.way.data), "key": form.submission_key.data}
        actions.log_contact(code, **told, **_now())
        return see_other(url_for("pairing.one", code=code))
    return _one_page(found, contact=form)


@bp.post("/pairings/<code>/end")
@needs(Act.CHANGE_PAIRING)
def end(code: str) -> Response:
    found, form = yours(history.one(own_territory(), code, clock.today())), EndForm()
    if form.validate_on_submit():
        try:
            actions.end_pairing(code, **form.answers, **_now())
            return see_other(url_for("pairing.one", code=code))
        except Refused as no:
            form.refuse(no.reasons)
    return _one_page(found, end=form)


def _one_page(
    found: OnePairing,
    *,
    guide: GuideForm | None = None,
    contact: ContactForm | None = None,
    end: EndForm | None = None,
) -> Response:
    """The page of one employer with its three forms, one of them as it was sent."""
    return page(
        "pairing/one.html",
        status=422 if guide or contact or end else 200,
        found=found,
        guide=guide or _guide_form(found),
        contact=contact or ContactForm(formdata=None),
        end=end or EndForm(formdata=None, data={"version": found.version}),
        days=CONTACT_DAYS,
    )


def _guide_form(found: OnePairing) -> GuideForm:
    """The form as it stands now; where nobody guides yet, it proposes who asks."""
    guides, held = history.guides_for(found.scope.county), found.held
    mine = next((row.login for row in guides if row.id == actor().account_id), "")
    told = {"guide": held.login, "step": held.step, "due_on": held.due_on} if held else {"guide": mine}
    return GuideForm(formdata=None, data={**told, "version": found.version}).offer(guides)


def _now() -> dict[str, Any]:
    """Who acts, and when."""
    return {"by": actor(), "now": clock.now(), "today": clock.today()}
