"""Members (会员): who is one on a date, one person's history, and the file of both."""

from flask import Blueprint

bp = Blueprint("members", __name__)

from enrollment.members import views  # noqa: E402, F401
