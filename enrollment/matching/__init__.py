"""Neighbor matching (就近联合建会): which small units of a place can stand together, and why."""

from flask import Blueprint

bp = Blueprint("matching", __name__)

from enrollment.matching import views  # noqa: E402, F401
