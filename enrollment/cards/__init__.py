"""Cards (会员证): a member's own pages after approval, and what is asked of the union from there."""

from flask import Blueprint

bp = Blueprint("cards", __name__)

from enrollment.cards import views  # noqa: E402, F401
