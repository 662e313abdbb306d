"""Unions and employers (工会、用人单位): who stands on a date, who covers whom, and since when."""

from flask import Blueprint

bp = Blueprint("unions", __name__)

from enrollment.unions import views  # noqa: E402, F401
