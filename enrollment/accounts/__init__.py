"""Accounts (账号管理): who is invited, as what, for which place; the table of rights; the audit."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from enrollment.accounts import oversight, views  # noqa: E402, F401
