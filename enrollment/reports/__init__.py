"""Rates (入会率、建会率): what a territory counts on a date, defensible to the last member (STAT-1 … STAT-11)."""

from flask import Blueprint

bp = Blueprint("reports", __name__)

from enrollment.reports import views  # noqa: E402, F401
