"""Named failures → answers. Never a trace, never personal data: the log gets a reference and the place in the code."""

import logging
import secrets
import traceback

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import HTTPException, SecurityError, TooManyRequests

from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.web.pages import into_problem_region, page, see_other
from enrollment.web.wording import says

_MINUTE = 60

log = logging.getLogger(__name__)


def problem(status: int, title: str, sentence: str, **more: object) -> Response:
    """The page for a failure."""
    shown = {"title": title, "sentence": sentence, **more}
    return into_problem_region(page("errors/problem.html", block="problem", status=status, **shown))


def missing(_error: Missing | HTTPException) -> Response:
    return problem(404, _("Not found"), _("There is nothing here, or it is not yours to see."))


def conflict(_error: Conflict) -> Response:
    return problem(
        409,
        _("Someone was faster"),
        _("It has changed in the meantime. Open it again to see what was done."),
    )


def refused(error: Refused) -> Response:
    return problem(
        422,
        _("That cannot be done"),
        " ".join(says(reason) for reason in error.reasons),
    )


def too_often(error: TooManyRequests) -> Response:
    """A limit was reached. What was typed is kept on the page, to be sent once more, but never a password."""
    seconds = int(str(error.retry_after))
    sentence = ngettext(
        "Too much came from your network. Wait a minute, then try again.",
        "Too much came from your network. Wait %(num)s minutes, then try again.",
        -(-seconds // _MINUTE),
    )
    typed = [] if "password" in request.form else [*request.form.items(multi=True)]
    if typed:
        sentence = " ".join((sentence, _("What you typed is kept.")))
    answer = problem(429, _("Please wait a little"), sentence, typed=typed, again_at=request.full_path)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def by_code(error: HTTPException) -> Response:
    """The failures HTTP itself names."""
    if error.code == 404:  # noqa: PLR2004
        return missing(error)
    if error.code == 403:  # noqa: PLR2004
        return problem(403, _("Not open to you"), _("Your account may not do this."))
    if error.code == 405 and request.method == "GET":  # noqa: PLR2004 -- what was refused there stands at its address
        return see_other(_page_above(request.path))
    if error.code == 413:  # noqa: PLR2004
        return problem(413, _("That did not work"), _("What was sent is too large. Go back and send less."))
    return problem(
        error.code or 500,
        _("That did not work"),
        _("The page could not understand what was sent. Please go back."),
    )


def by_another_name(_error: SecurityError) -> Response:
    """Asked for under a name that is not ours: no address can be made, so no page."""
    return Response("This is not the address of this service.\n", 400, content_type="text/plain")


def _page_above(path: str) -> str:
    """The nearest address above that can be opened; the first page is."""
    above = path.rsplit("/", 1)[0] or "/"
    routes = current_app.create_url_adapter(request)
    return above if above == "/" or (routes and routes.test(above, "GET")) else _page_above(above)


def broken(error: Exception) -> Response:
    """Ours: a reference for the person, type and place for the log; the message may hold personal data."""
    reference = secrets.token_hex(4).upper()
    place = "".join(traceback.format_tb(error.__traceback__))
    log.error("reference %s: %s\n%s", reference, type(error).__name__, place)
    return problem(
        500,
        _("Something broke on our side"),
        _("Nothing was half saved. Please try again."),
        reference=reference,
    )


def install(app: Flask) -> None:
    app.register_error_handler(Missing, missing)
    app.register_error_handler(Conflict, conflict)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(TooManyRequests, too_often)
    app.register_error_handler(HTTPException, by_code)
    app.register_error_handler(SecurityError, by_another_name)
    app.register_error_handler(Exception, broken)
