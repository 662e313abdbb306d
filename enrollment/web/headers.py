"""What every answer carries: the content policy, caching, and what keeps other sites out."""

import hashlib
from collections.abc import Iterable
from functools import cache
from http.client import NOT_FOUND
from pathlib import Path
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, request, url_for

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_YEAR_SECONDS = 365 * 24 * 3600
_FINGERPRINT_LENGTH = 10


def _finish(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["X-Frame-Options"] = "DENY"  # for browsers that do not know frame-ancestors
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}"
    if request.endpoint == "static" and answer.status_code != NOT_FOUND:
        answer.headers["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable"
    else:
        answer.headers["Cache-Control"] = "no-store"
        answer.vary.update(("HX-Request", "Cookie"))
    return answer


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:_FINGERPRINT_LENGTH]


def answer_only_to(app: Flask, public_url: str) -> None:
    """Pin scheme and host to where browsers find it, whatever a request claims; other names get 400."""
    if not public_url:
        return
    public, inner = urlsplit(public_url), app.wsgi_app
    app.config["TRUSTED_HOSTS"] = [public.hostname]

    def pinned(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.url_scheme"] = public.scheme
        if environ.get("HTTP_HOST", "").partition(":")[0].lower() == public.hostname:
            environ["HTTP_HOST"] = public.netloc
        return inner(environ, start_response)

    app.wsgi_app = pinned  # type: ignore[method-assign]


def install(app: Flask) -> None:
    app.after_request(_finish)

    def static_url(filename: str) -> str:
        """Address of a static file that changes with its content, so it may be kept for a year."""
        return url_for(
            "static",
            filename=filename,
            v=_fingerprint(Path(str(app.static_folder)) / filename),
        )

    app.jinja_env.globals["static_url"] = static_url
