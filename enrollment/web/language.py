"""Languages (语言): English message ids; Chinese is the default and the language of record."""

from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, Response, has_request_context, request
from flask_babel import Babel, get_locale

CATALOG = Path(__file__).resolve().parent.parent / "translations/zh_Hans_CN/LC_MESSAGES/messages.po"
DEFAULT = "zh_Hans_CN"
LANGUAGES = {"zh": (DEFAULT, "中文"), "en": ("en", "English")}
_COOKIE = "lang"
_YEAR_SECONDS = 365 * 24 * 3600

babel = Babel()


def chosen() -> str:
    """The locale asked for: by ``?lang=``, else by cookie, else Chinese."""
    if not has_request_context():
        return DEFAULT
    asked = request.args.get("lang") or request.cookies.get(_COOKIE, "")
    return LANGUAGES.get(asked, (DEFAULT, ""))[0]


def language_links() -> list[tuple[str, str, str, bool]]:
    """(code, name, address, current) of each language, for the present page."""
    here = "/" + quote(request.path.lstrip("/"))  # two slashes at the beginning would name another host
    others = {key: value for key, value in request.args.items() if key != "lang"}
    return [
        (
            code,
            name,
            f"{here}?{urlencode(others | {'lang': code})}",
            locale == chosen(),
        )
        for code, (locale, name) in LANGUAGES.items()
    ]


def _remember(answer: Response) -> Response:
    if request.args.get("lang") in LANGUAGES:
        answer.set_cookie(
            _COOKIE,
            request.args["lang"],
            max_age=_YEAR_SECONDS,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure,
        )
    return answer


def _catalog() -> Translations:
    """The catalog read straight from its text, so that nothing compiled can be stale or missing."""
    with CATALOG.open("rb") as file:
        messages = read_po(file, locale=DEFAULT)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def install(app: Flask) -> None:
    babel.init_app(app, default_locale=DEFAULT, locale_selector=chosen)
    with app.app_context():
        babel.domain_instance.cache[DEFAULT, "messages"] = _catalog()
    app.after_request(_remember)

    @app.context_processor
    def shown() -> dict[str, object]:
        locale = get_locale()
        return {
            "language_links": language_links,
            "locale_tag": "zh-Hans-CN" if str(locale) == DEFAULT else str(locale),
            "text_direction": locale.text_direction,
        }
