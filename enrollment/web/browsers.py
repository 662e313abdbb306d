"""Which browser is asking: its address, and whether somebody has signed in with it before (a signed cookie).

A browser that is known is counted by itself when tries to sign in go wrong, see ``storage.sign_ins``.
"""

import secrets

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from enrollment.storage.sign_ins import Browser

_SALT = "known"
_MARK_BYTES = 8
_HALF_A_YEAR_SECONDS = 182 * 24 * 3600
_LONGEST_AGENT = 120
# The first mark found counts: a browser names those it resembles after itself.
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("QQBrowser", "QQ"),
    ("360SE", "360"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))


def asking_browser(login: str) -> Browser:
    """The browser of this request, as it is known to the account of this name."""
    return Browser(request.remote_addr or "", request.user_agent.string[:_LONGEST_AGENT], _mark(login))


def remembered(answer: Response, login: str) -> Response:
    """Let the browser be known to the account from now on, until another account is signed in with it."""
    signed = _signer().dumps([login, _mark(login) or secrets.token_hex(_MARK_BYTES)])
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(_cookie(), signed, max_age=_HALF_A_YEAR_SECONDS, httponly=True, samesite="Lax", secure=secure)
    return answer


def browser_name(agent: str) -> str:
    """What a person calls the browser, with the system it runs on: ``WeChat, Android``; empty for one nobody knows."""
    names = (next((name for mark, name in kind if mark in agent), "") for kind in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, names))


def _mark(login: str) -> str:
    try:
        known_to, mark = _signer().loads(request.cookies.get(_cookie(), ""))
    except (BadSignature, ValueError, TypeError):
        return ""
    return str(mark) if known_to == login else ""


def _cookie() -> str:
    """Its name: where TLS is, a name that only this host can set."""
    return "__Host-known" if current_app.config["SESSION_COOKIE_SECURE"] else "known"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt=_SALT)
