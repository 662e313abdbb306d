"""Joining (入会): the worker's way from *Can I join?* to the receipt."""

from flask import Blueprint

bp = Blueprint("joining", __name__)

from enrollment.joining import views  # noqa: E402, F401
