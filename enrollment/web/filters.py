"""How values are written on a page."""

from base64 import b64encode
from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO

import segno
from flask import Flask
from flask_babel import gettext, lazy_gettext

from enrollment.rules.identity import mask_phone
from enrollment.rules.regions import OUTSIDE, PREFECTURE, REGIONS, WUJIAQU
from enrollment.rules.statute import provision
from enrollment.web import wording
from enrollment.web.clock import BEIJING
from enrollment.web.words_of_audit import actor_words, change_words, note_words, subject_words
from enrollment.web.words_of_deciding import failure
from enrollment.web.words_of_matching import sentence

_BEYOND = {OUTSIDE: lazy_gettext("Outside the prefecture"), WUJIAQU: lazy_gettext("Wujiaqu, or a farm of the Corps")}
_PIXELS, _QUIET = 600, 4


def beijing(at: datetime) -> str:
    """An instant to the minute in Beijing time."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def region_name(code: str | None) -> str:
    """A place with the county it lies in; the bare code for one outside the tree, empty for none."""
    if code in _BEYOND:
        return str(_BEYOND[code])
    region = REGIONS.get(code or "")
    if region is None:
        return code or ""
    parent = REGIONS.get(region.parent)
    return f"{parent.name} {region.name}" if parent and parent.code != PREFECTURE else region.name


def clock_time(at: datetime) -> str:
    """Hour and minute of an instant in Beijing time."""
    return f"{at.astimezone(BEIJING):%H:%M}"


def yuan(fen: int) -> str:
    """Money kept in fen (分), written in yuan with two places."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def law_line(rule_ids: Iterable[str], on: date) -> str:
    """The clauses by name and article, each once, with the day they are in force on."""
    return str(gettext("%(laws)s, as in force on %(on)s", laws=clauses(rule_ids, on), on=on))


def clauses(rule_ids: Iterable[str], on: date) -> str:
    """The clauses by name and article as in force on ``on``, each once."""
    found = (provision(rule_id, on) for rule_id in rule_ids)
    return "、".join(dict.fromkeys(clause.title for clause in found if clause))


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


def qr_picture(address: str) -> str:
    """The same as an address of its own (``data:``), for a picture inside a page."""
    return f"data:image/png;base64,{b64encode(qr_png(address)).decode()}"


def install(app: Flask) -> None:
    app.jinja_env.filters |= {
        "beijing": beijing,
        "clock_time": clock_time,
        "failure": failure,
        "region_name": region_name,
        "yuan": yuan,
        "says": wording.says,
        "mask_phone": mask_phone,
    }
    app.jinja_env.filters |= {
        "word_for": wording.word_for,
        "words_for": wording.words_for,
        "law_line": law_line,
        "clauses": clauses,
        "qr": qr,
        "sentence": sentence,
        "actor_words": actor_words,
        "change_words": change_words,
        "note_words": note_words,
        "subject_words": subject_words,
    }
