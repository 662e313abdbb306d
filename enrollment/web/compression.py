"""What crosses the wire is small: pages compressed as they are made, static files once and as small as they get."""

import gzip
from collections.abc import Callable
from functools import cache
from pathlib import Path

import brotli
from flask import Flask, Response, current_app, request
from flask_compress import Compress

_PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=11),
    "gzip": lambda content: gzip.compress(content, 9, mtime=0),
}
"""How a static file is made small, the best first: it is kept for a year, so the time is worth it."""

_WORTH_IT = frozenset({"text/css", "text/javascript", "image/svg+xml"})
_QUICK = 5
"""Brotli's level for pages, which are made anew each time."""


@cache
def _packed(path: Path, _changed_at_ns: int, encoding: str) -> bytes:
    return _PACKERS[encoding](path.read_bytes())


def _pack(answer: Response) -> Response:
    """Send a static file packed, to a browser that can unpack it."""
    if request.endpoint != "static" or not answer.is_streamed or answer.mimetype not in _WORTH_IT:
        return answer
    answer.vary.add("Accept-Encoding")
    encoding = request.accept_encodings.best_match(_PACKERS)
    if encoding:
        path = Path(str(current_app.static_folder)) / str((request.view_args or {})["filename"])
        answer.direct_passthrough = False
        answer.close()
        answer.set_data(_packed(path, path.stat().st_mtime_ns, encoding))
        answer.headers["Content-Encoding"] = encoding
    return answer


def install(app: Flask) -> None:
    app.config.update(COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=_QUICK, COMPRESS_STREAMS=False)
    Compress(app)
    app.after_request(_pack)
