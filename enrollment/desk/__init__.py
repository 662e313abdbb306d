"""The desk (待办): a cadre's queue of applications, and the decision on each."""

from flask import Blueprint

bp = Blueprint("desk", __name__)

from enrollment.desk import group_views, many_views, message_views, queue_views, sentence_views, views  # noqa: E402, F401
