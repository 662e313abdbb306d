"""Approving (审批): the upper union's side of a founding — three gates, the machine's checks, a person's decision."""

from flask import Blueprint

bp = Blueprint("approving", __name__)

from enrollment.approving import views  # noqa: E402, F401
