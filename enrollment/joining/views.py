"""Routes in the order a worker walks them."""

from typing import Any

from flask import Response, current_app, request, url_for

from enrollment.joining import actions, bp, queries
from enrollment.joining.actions import Joining
from enrollment.joining.forms import CONSENT_VERSION, GuideForm, JoinForm, PlaceForm
from enrollment.rules.access import Act
from enrollment.rules.eligibility import Place, decide
from enrollment.rules.identity import birth_date
from enrollment.storage.failures import Refused
from enrollment.web import clock
from enrollment.web.guard import actor, needs
from enrollment.web.pages import page, see_other
from enrollment.web.wording import GROUPS


@bp.get("/")
@needs(Act.ASK)
def home() -> Response:
    return page("joining/home.html")


@bp.get("/healthz")
@needs(Act.ASK)
def healthz() -> Response:
    queries.database_answers()
    return Response("ok\n", content_type="text/plain")


@bp.get("/join")
@needs(Act.ASK)
def guide() -> Response:
    group = request.args.get("group", "")
    kept = {key: value for key, value in request.args.items() if key not in ("group", "lang")}
    if group not in GROUPS:
        return page("joining/guide.html", question="group", choices=GROUPS, kept=kept)
    kept["group"] = group
    return page(
        "joining/guide.html",
        question="relation",
        choices=queries.relations_for(group),
        kept=kept,
    )


@bp.get("/join/answer")
@needs(Act.ASK)
def answer() -> Response:
    form = GuideForm(request.args)
    if not form.validate():
        return page("joining/answer.html", block="answer", form=form, answer=None, status=422)
    return page("joining/answer.html", block="answer", form=form, **_answered(form))


@bp.route("/join/form", methods=["GET", "POST"])
@needs(Act.APPLY)
def form() -> Response:
    guide, form = GuideForm(request.args), JoinForm()
    if not guide.validate():
        return see_other(url_for("joining.guide"))
    if form.validate_on_submit():
        try:
            application = actions.apply_to_join(
                _sent(form, guide),
                by=actor(),
                now=clock.now(),
                today=clock.today(),
                review_working_days=current_app.config["ENROLLMENT"].review_working_days,
            )
        except Refused as no:
            return page("joining/refused.html", block="refused", reasons=no.reasons, status=422)
        return see_other(url_for("status.show", link=application.link))
    shown = _answered(guide) | {"form": form, "place": request.args.get("place", "")}
    return page(
        "joining/form.html",
        block="join_form",
        **shown,
        status=422 if form.errors else 200,
    )


def _answered(form: GuideForm) -> dict[str, Any]:
    """The rule's answer to the guide, with the real unions behind it."""
    name = form.employer_name.data or ""
    facts = form.facts(known_union=queries.company_has_union(name))
    answer = decide(facts, clock.today())
    given = {key: value for key, value in request.args.items() if key not in ("place", "lang")}
    return {
        "answer": answer,
        "facts": facts,
        "choices": queries.choices(answer, facts, name),
        "given": given,
    }


def _sent(form: JoinForm, guide: GuideForm) -> Joining:
    name = guide.employer_name.data or ""
    known = queries.company_has_union(name)
    place = PlaceForm(request.args)
    return Joining(
        submission_key=form.submission_key.data or "",
        name=form.name.normal,
        identity=form.identity.normal,
        phone=form.phone.normal,
        identity_consent=form.identity_consent.data,
        sharing_consent=form.sharing_consent.data,
        consent_version=CONSENT_VERSION,
        facts=guide.facts(known_union=known, birth_date=birth_date(form.identity.normal)),
        employer_name=name,
        place=Place(place.place.data) if place.validate() else Place.POOL,
        visit_code=request.args.get("visit", ""),
    )
