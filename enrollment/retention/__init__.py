"""Retention (保存期限): how long personal data is kept here, and what was dropped when."""

from flask import Blueprint

bp = Blueprint("retention", __name__)

from enrollment.retention import views  # noqa: E402, F401
