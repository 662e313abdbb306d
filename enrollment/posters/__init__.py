"""Posters (海报) and events (活动): the short links people scan, the sheet to hang up, and what came of it."""

from flask import Blueprint

bp = Blueprint("posters", __name__)

from enrollment.posters import views  # noqa: E402, F401
