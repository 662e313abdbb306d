"""Founding (建会): a depot's way from *Can our depot form a union?* to an application."""

from flask import Blueprint

bp = Blueprint("founding", __name__)

from enrollment.founding import views  # noqa: E402, F401
