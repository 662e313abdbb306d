"""Enrollment: membership enrollment for the unions of new-economy workers (新就业形态劳动者入会)."""

from datetime import datetime

from flask import Flask
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

from enrollment import (
    accounts,
    approving,
    cards,
    deadlines,
    desk,
    founding,
    joining,
    matching,
    members,
    pairing,
    posters,
    preparing,
    profile,
    reports,
    retention,
    signin,
    status,
    unions,
    visits,
)
from enrollment.messages import sending
from enrollment.settings import ROOT, Settings
from enrollment.storage import database, escalation, reversals
from enrollment.web import clock, compression, errors, filters, guard, headers, language, limiter, parts

ROOMS = (
    joining,
    founding,
    preparing,
    approving,
    deadlines,
    status,
    cards,
    desk,
    members,
    unions,
    matching,
    pairing,
    reports,
    visits,
    posters,
    retention,
    signin,
    profile,
    accounts,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The whole assembly. ``settings`` come from the environment unless given."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(
        ENROLLMENT=settings,
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-enrollment" if settings.production else "enrollment",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        WTF_CSRF_TIME_LIMIT=8 * 3600,
        MAX_CONTENT_LENGTH=1_000_000,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},
    )
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    headers.answer_only_to(app, settings.public_url)
    Htmx(app)
    for part in (language, compression, headers, filters, parts, guard, limiter, errors):
        part.install(app)
    database.connect(app, settings)
    sending.install(app, settings, now=clock.now, chores=(reversals.drop_closed, _escalate))
    for room in ROOMS:
        app.register_blueprint(room.bp)
    return app


def _escalate(now: datetime) -> None:
    escalation.escalate_overdue(now, clock.day_of(now))
