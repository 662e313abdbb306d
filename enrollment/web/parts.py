"""The macros of ``ui.html`` as the global ``ui``: a block rendered alone does not see a page's imports."""

from flask import Flask, current_app
from flask_wtf.csrf import generate_csrf

from enrollment.settings import Settings


class _Macros:
    def __getattr__(self, name: str) -> object:
        return getattr(current_app.jinja_env.get_template("ui.html").module, name)


def install(app: Flask) -> None:
    settings: Settings = app.config["ENROLLMENT"]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["ui"] = _Macros()
    app.jinja_env.globals["csrf_token"] = generate_csrf
    app.jinja_env.globals["contact_phone"] = settings.contact_phone
