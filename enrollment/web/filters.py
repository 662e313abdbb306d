"""How values are written on a page."""

from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO

import segno
from flask import Flask
from flask_babel import gettext

from enrollment.rules.regions import PREFECTURE, REGIONS
from enrollment.rules.statute import provision
from enrollment.web import wording
from enrollment.web.clock import BEIJING

_PIXELS, _QUIET = 600, 4


def beijing(at: datetime) -> str:
    """An instant to the minute in Beijing time."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def region_name(code: str | None) -> str:
    """A place with the county it lies in; the bare code for one outside the tree, empty for none."""
    region = REGIONS.get(code or "")
    if region is None:
        return code or ""
    parent = REGIONS.get(region.parent)
    return f"{parent.name} {region.name}" if parent and parent.code != PREFECTURE else region.name


def yuan(fen: int) -> str:
    """Money kept in fen (分), written in yuan with two places."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def law_line(rule_ids: Iterable[str], on: date) -> str:
    """The clauses by name and article, each once, with the day they are in force on."""
    found = (provision(rule_id, on) for rule_id in rule_ids)
    titles = dict.fromkeys(clause.title for clause in found if clause)
    return str(gettext("%(laws)s, as in force on %(on)s", laws="、".join(titles), on=on))


def qr(address: str) -> str:
    """A QR code of ``address`` as inline SVG; its size comes from the style sheet."""
    picture: str = segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=0)
    return picture


def qr_png(address: str) -> bytes:
    """The same code as a black and white picture of at least 600 pixels, quiet zone included."""
    code = segno.make(address, error="m", micro=False)
    narrowest, _height = code.symbol_size(border=_QUIET)
    picture = BytesIO()
    code.save(picture, kind="png", scale=-(-_PIXELS // narrowest), border=_QUIET)
    return picture.getvalue()


def install(app: Flask) -> None:
    app.jinja_env.filters |= {
        "beijing": beijing,
        "region_name": region_name,
        "yuan": yuan,
        "says": wording.says,
    }
    app.jinja_env.filters |= {
        "word_for": wording.word_for,
        "law_line": law_line,
        "qr": qr,
    }
