"""How a view answers: a whole page, one named block of it, or *go there*."""

from typing import Any

from flask import Response, current_app, make_response, redirect
from htmx_flask import make_response as make_htmx_response
from htmx_flask import request


def page(template: str, *, block: str | None = None, status: int = 200, **shown: Any) -> Response:  # noqa: ANN401
    """The page for a browser; for htmx the named ``block`` of it alone, when one is named.

    A boosted link and a restored history entry get the whole page. Only this function looks at htmx's headers.
    """
    part = block if request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request else None
    found = current_app.jinja_env.get_template(template)
    current_app.update_template_context(shown)
    body = "".join(found.blocks[part](found.new_context(shown))) if part else found.render(shown)
    return make_response(body, status)


def see_other(url: str) -> Response:
    """Success: go to ``url``, by 303 for a browser, by a header for htmx, which would swap a followed redirect in.

    Whatever could lead to another host leads to the first page.
    """
    if not _stays_here(url):
        url = "/"
    if request.htmx:
        answer: Response = make_htmx_response("", redirect=url)
        return answer
    return make_response(redirect(url, 303))


def _stays_here(url: str) -> bool:
    """Whether it is a path of our own: browsers take a backslash for a slash and drop control characters."""
    return url.startswith("/") and not url.startswith(("//", "/\\")) and url.isprintable()


def into_problem_region(answer: Response) -> Response:
    """Let htmx show a failure in the page's live region, never in a cell of a table."""
    if request.htmx:
        answer.headers["HX-Retarget"] = "#problem"
        answer.headers["HX-Reswap"] = "innerHTML"
    return answer
