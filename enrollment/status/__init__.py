"""Status (办理进度): what the applicant sees behind the unguessable link, from the receipt to the end."""

from flask import Blueprint

bp = Blueprint("status", __name__)

from enrollment.status import views  # noqa: E402, F401
