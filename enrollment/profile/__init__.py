"""The own account (我的账号): password, second factor, sessions; leave and who stands in; handing cases over."""

from flask import Blueprint

bp = Blueprint("profile", __name__)

from enrollment.profile import leave, views  # noqa: E402, F401
