"""The page of a county's ready sentences."""

from flask import Response, request, url_for

from enrollment.desk import bp, sentences
from enrollment.desk.forms import AddSentenceForm, ChangeSentenceForm, EndSentenceForm
from enrollment.desk.sentences import Spot
from enrollment.rules.access import Act
from enrollment.rules.applications import Step
from enrollment.rules.sentences import DEFAULTS
from enrollment.storage.failures import Missing
from enrollment.web import clock
from enrollment.web.forms import Form
from enrollment.web.guard import actor, asked_territory, needs, own_territory
from enrollment.web.pages import page, see_other
from enrollment.web.words_of_desk import PURPOSES


@bp.route("/desk/sentences", methods=["GET", "POST"], endpoint="sentences")
@needs(Act.CHANGE_SENTENCES)
def ready_sentences() -> Response:
    county, form = asked_territory(request.args.get("county")).code, AddSentenceForm()
    if not form.validate_on_submit():
        return _page(county, form, form)
    sentences.add_sentence(county, Step(form.purpose.data), form.text.data or "", by=actor(), now=clock.now())
    return see_other(url_for("desk.sentences", county=county))


@bp.post("/desk/sentences/<county>/<purpose>/<position>")
@needs(Act.CHANGE_SENTENCES)
def change_sentence(county: str, purpose: str, position: str) -> Response:
    form = ChangeSentenceForm()
    spot = _spot(county, purpose, position, form)
    if not form.validate_on_submit():
        return _page(county, AddSentenceForm(formdata=None), form)
    sentences.change_sentence(spot, form.text.data or "", by=actor(), now=clock.now())
    return see_other(url_for("desk.sentences", county=county))


@bp.post("/desk/sentences/<county>/<purpose>/<position>/end")
@needs(Act.CHANGE_SENTENCES)
def end_sentence(county: str, purpose: str, position: str) -> Response:
    form = EndSentenceForm()
    spot = _spot(county, purpose, position, form)
    if form.validate_on_submit():
        sentences.change_sentence(spot, "", by=actor(), now=clock.now())
    return see_other(url_for("desk.sentences", county=county))


def _spot(county: str, purpose: str, position: str, form: EndSentenceForm) -> Spot:
    if purpose not in DEFAULTS or not position.isdecimal():
        raise Missing
    return Spot(asked_territory(county).code, Step(purpose), int(position), form.before.data or "")


def _page(county: str, form: AddSentenceForm, wrong: Form) -> Response:
    return page(
        "desk/sentences.html",
        status=422 if wrong.errors else 200,
        form=form,
        wrong=wrong,
        county=county,
        territory=own_territory(),
        purposes=PURPOSES,
        ready=sentences.sentences(county),
    )
