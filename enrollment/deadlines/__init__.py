"""Deadlines (到期提醒): what a cadre must not miss — replies, answers, terms of office, certificates."""

from flask import Blueprint

bp = Blueprint("deadlines", __name__)

from enrollment.deadlines import views  # noqa: E402, F401
