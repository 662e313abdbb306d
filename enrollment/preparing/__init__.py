"""Preparing (筹备): the preparatory group's page, from the first request to the certificate. Its link is the right."""

from flask import Blueprint

bp = Blueprint("preparing", __name__)

from enrollment.preparing import views  # noqa: E402, F401
