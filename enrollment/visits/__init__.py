"""Welfare visits (慰问走访): services first, members follow. By its code a visit knows what came of it."""

from flask import Blueprint

bp = Blueprint("visits", __name__)

from enrollment.visits import views  # noqa: E402, F401
