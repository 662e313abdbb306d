"""Signing in (登录): accounts of cadres, by name and password."""

from flask import Blueprint

bp = Blueprint("signin", __name__)

from enrollment.signin import views  # noqa: E402, F401
