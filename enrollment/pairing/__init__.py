"""Pairing (结对指导): for every employer without a union one guide, a next step and a date; who was not contacted.

A pairing is over in every list once a union covers the employer. That is derived each time and never set, so nobody has
to remember it and a wrong coverage that is taken back brings nothing out of step.
"""

from flask import Blueprint

bp = Blueprint("pairing", __name__)

from enrollment.pairing import views  # noqa: E402, F401
