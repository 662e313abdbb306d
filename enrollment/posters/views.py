"""The short links that are scanned; the poster and its code as a picture; the events."""

from flask import Response, request, url_for

from enrollment.posters import bp, queries
from enrollment.posters.actions import log_event
from enrollment.posters.forms import EventForm, FilterForm
from enrollment.rules.access import Act
from enrollment.rules.regions import Territory
from enrollment.storage.failures import Missing
from enrollment.storage.origins import EMPLOYER, EVENT, UNION, VISIT
from enrollment.web import clock
from enrollment.web.export import csv_answer
from enrollment.web.filters import qr_png
from enrollment.web.guard import actor, asked_territory, needs, own_territory, yours
from enrollment.web.pages import page, see_other


@bp.get("/u/<code>", defaults={"letter": UNION})
@bp.get("/e/<code>", defaults={"letter": EMPLOYER})
@bp.get("/m/<code>", defaults={"letter": EVENT})
@bp.get("/v/<code>", defaults={"letter": VISIT})
@needs(Act.ASK)
def scan(letter: str, code: str) -> Response:
    """To the guide, with what the code already answers. Opening a link keeps nothing."""
    found = queries.scanned(letter, code)
    if found is None:
        raise Missing
    return see_other(url_for("joining.guide", via=found.via, **queries.known_answers(found)))


@bp.get("/posters/<letter>/<code>")
@needs(Act.READ_POSTERS)
def poster(letter: str, code: str) -> Response:
    found = yours(queries.poster(letter, code))
    return page("posters/poster.html", poster=found, link=_link(letter, code))


@bp.get("/posters/<letter>/<code>/qr.png")
@needs(Act.READ_POSTERS)
def code_picture(letter: str, code: str) -> Response:
    yours(queries.scanned(letter, code))
    return Response(qr_png(_link(letter, code)), mimetype="image/png")


@bp.get("/events", endpoint="events")
@needs(Act.READ_EVENTS)
def all_events() -> Response:
    territory = asked_territory(request.args.get("county"))
    form = FilterForm(request.args)
    if not form.validate():
        return _other_filters(form, territory)
    found = queries.events(territory, form.filters, request.args.get("page", 1, type=int))
    return page("posters/events.html", form=form, territory=territory, own=own_territory(), found=found)


@bp.get("/events.csv", endpoint="events_csv")
@needs(Act.EXPORT)
def all_events_csv() -> Response:
    territory = asked_territory(request.args.get("county"))
    form = FilterForm(request.args)
    if not form.validate():
        return _other_filters(form, territory)
    as_of = form.to_on.data or clock.today()
    return csv_answer("events", territory, as_of, *queries.export_rows(territory, form.filters))


@bp.route("/events/new", methods=["GET", "POST"])
@needs(Act.LOG_EVENT)
def log() -> Response:
    form = EventForm().offer(own_territory())
    if form.validate_on_submit():
        key = str(form.submission_key.data)
        code = log_event(form.answers, key=key, territory=own_territory(), by=actor(), now=clock.now())
        return see_other(url_for("posters.event", code=code))
    return page("posters/log.html", block="event_form", status=422 if form.errors else 200, form=form)


@bp.get("/events/<code>")
@needs(Act.READ_EVENTS)
def event(code: str) -> Response:
    found = yours(queries.event(own_territory(), code))
    return page("posters/event.html", event=found)


def _link(letter: str, code: str) -> str:
    return url_for("posters.scan", letter=letter, code=code, _external=True)


def _other_filters(form: FilterForm, territory: Territory) -> Response:
    """Ask for the filters again, saying what is wrong with them."""
    return page("posters/events.html", status=422, form=form, territory=territory, own=own_territory(), found=None)
