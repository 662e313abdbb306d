"""Environment → one frozen ``Settings``. A missing or odd value stops the start and says which."""

import base64
import binascii
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Self

from enrollment.rules.access import Role
from enrollment.rules.documents import MARKS, is_mark, marks_with
from enrollment.rules.retention import SIX_MONTHS, Periods

ROOT = Path(__file__).resolve().parent.parent
DEMO_PASSWORD = "changji-2021-demo"  # noqa: S105 -- printed on purpose; the demo holds nobody's data
HOST, PORT = "127.0.0.1", 8000
REVIEW_WORKING_DAYS = 5
SESSION_IDLE_MINUTES, SESSION_HOURS = 30, 12
SECOND_FACTOR_ROLES = (Role.PREFECTURE_CADRE, Role.COUNTY_CADRE, Role.UNION_OFFICER, Role.AUDITOR, Role.OPERATOR)
UNDO_MINUTES = 5
CONTACT_PHONE = "0994-12351"
ALIYUN_SMS_ENDPOINT = "dysmsapi.aliyuncs.com"
_KEY_FILE = "keys.json"
_KEY_BYTES = 32
_LAST_PORT = 65_535
_DAY_MINUTES, _DAY_HOURS = 24 * 60, 24
_MOST_PROXIES = 9
_TEN_YEARS = 3653
_USUAL_PERIODS = Periods()
_MOST_UNDO_MINUTES = 60


class SettingsError(Exception):
    """A setting is missing or cannot be read; the message is one sentence for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aliyun:
    """The account at Alibaba Cloud SMS (阿里云短信). ``templates``: our name of a text → the provider's code."""

    access_key_id: str = field(repr=False)
    access_key_secret: str = field(repr=False)
    sign_name: str
    templates: Mapping[str, str]
    endpoint: str = ALIYUN_SMS_ENDPOINT


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the deployment decides.

    ``data_key`` encrypts identity numbers and phones, ``old_data_keys`` open what was encrypted before a rotation,
    ``match_key`` makes the keyed hashes that find them again: 32 bytes each, given as base64. ``key_file``: where the
    keys of trying out are kept, None where the environment gives them. ``review_working_days`` is local practice
    (本地办理时限), not law; so are ``undo_minutes``: how long a decision can be undone and its message waits, 0 for not
    at all. ``aliyun``: who carries text messages, None for the console. ``proxies``: how many stand before it and name
    the visitor's address. A session ends after ``session_idle_minutes`` without a click, and after ``session_hours``.
    ``second_factor_roles``: who signs in with a code besides the password. ``periods``: how many days personal data is
    kept (保存期限), not law. ``public_url``: where browsers find it and the only name it then answers to, as
    https://host, empty for any. ``rate_limits_url``: the Redis that counts, None for the database.
    """

    production: bool
    database_url: str
    secret_key: str = field(repr=False)
    data_key: bytes = field(repr=False)
    match_key: bytes = field(repr=False)
    old_data_keys: tuple[bytes, ...] = field(default=(), repr=False)
    key_file: Path | None = None
    host: str = HOST
    port: int = PORT
    review_working_days: int = REVIEW_WORKING_DAYS
    undo_minutes: int = UNDO_MINUTES
    contact_phone: str = CONTACT_PHONE
    aliyun: Aliyun | None = None
    proxies: int = 0
    session_idle_minutes: int = SESSION_IDLE_MINUTES
    session_hours: int = SESSION_HOURS
    second_factor_roles: frozenset[str] = frozenset()
    periods: Periods = field(default_factory=Periods)
    public_url: str = ""
    rate_limits_url: str | None = field(default=None, repr=False)
    document_marks: Mapping[str, str] = field(default_factory=lambda: marks_with({}))

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ, instance: Path = ROOT / "instance") -> Self:
        """Read ``environ``; outside production, missing keys are made once and kept in ``instance`` (mode 0600).

        Raises ``SettingsError`` naming the variable.
        """
        production = _is_production(environ)
        keys = dict(environ) if production else _development_keys(instance) | dict(environ)
        data_keys = _data_keys(keys)
        return cls(
            production=production,
            database_url=_database_url(environ, instance),
            secret_key=_text(keys, "SECRET_KEY"),
            data_key=data_keys[0],
            old_data_keys=data_keys[1:],
            key_file=None if production or "DATA_KEY" in environ else instance / _KEY_FILE,
            match_key=_key(keys, "MATCH_KEY"),
            host=environ.get("HOST", HOST),
            port=_number(environ, "PORT", PORT, most=_LAST_PORT),
            review_working_days=_number(environ, "REVIEW_WORKING_DAYS", REVIEW_WORKING_DAYS),
            undo_minutes=_number(environ, "UNDO_MINUTES", UNDO_MINUTES, least=0, most=_MOST_UNDO_MINUTES),
            contact_phone=environ.get("CONTACT_PHONE", CONTACT_PHONE),
            aliyun=_aliyun(environ),
            proxies=_proxies(environ, production=production),
            session_idle_minutes=_number(environ, "SESSION_IDLE_MINUTES", SESSION_IDLE_MINUTES, most=_DAY_MINUTES),
            session_hours=_number(environ, "SESSION_HOURS", SESSION_HOURS, most=_DAY_HOURS),
            second_factor_roles=_second_factor_roles(environ, production=production),
            periods=_periods(environ),
            public_url=_public_url(environ, production=production),
            rate_limits_url=_rate_limits_url(environ),
            document_marks=_document_marks(environ),
        )

    def but(self, **changes: object) -> Self:
        """A copy with some values changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def _is_production(environ: Mapping[str, str]) -> bool:
    value = environ.get("ENROLLMENT_ENV", "development")
    if value not in ("development", "production"):
        message = f"ENROLLMENT_ENV must be development or production, not {value!r}."
        raise SettingsError(message)
    return value == "production"


def _text(environ: Mapping[str, str], name: str) -> str:
    if not environ.get(name):
        message = f"{name} is not set: in production it has no default."
        raise SettingsError(message)
    return environ[name]


def _key(environ: Mapping[str, str], name: str) -> bytes:
    try:
        key = base64.b64decode(_text(environ, name), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _KEY_BYTES:
        message = f"{name} must be {_KEY_BYTES} bytes as base64."
        raise SettingsError(message)
    return key


def _aliyun(environ: Mapping[str, str]) -> Aliyun | None:
    gateway = environ.get("SMS_GATEWAY", "console")
    if gateway not in ("console", "aliyun"):
        message = f"SMS_GATEWAY must be console or aliyun, not {gateway!r}."
        raise SettingsError(message)
    if gateway == "console":
        return None
    for name in ("ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SMS_SIGN_NAME", "SMS_TEMPLATES"):
        if not environ.get(f"ALIYUN_{name}"):
            message = f"ALIYUN_{name} is not set: SMS_GATEWAY=aliyun needs it."
            raise SettingsError(message)
    return Aliyun(
        access_key_id=environ["ALIYUN_ACCESS_KEY_ID"],
        access_key_secret=environ["ALIYUN_ACCESS_KEY_SECRET"],
        sign_name=environ["ALIYUN_SMS_SIGN_NAME"],
        templates=_texts(environ, "ALIYUN_SMS_TEMPLATES"),
        endpoint=environ.get("ALIYUN_SMS_ENDPOINT", ALIYUN_SMS_ENDPOINT),
    )


def _texts(environ: Mapping[str, str], name: str) -> dict[str, str]:
    try:
        told = json.loads(environ[name])
    except ValueError:
        told = None
    if not isinstance(told, dict) or not all(isinstance(text, str) and text for text in told.values()):
        message = f"{name} must be a JSON object of texts."
        raise SettingsError(message)
    return told


def _document_marks(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Every node's mark. No two may share one, or their numbers would meet."""
    if "DOCUMENT_MARKS" not in environ:
        return marks_with({})
    told = _texts(environ, "DOCUMENT_MARKS")
    for node, mark in told.items():
        if node not in MARKS or not is_mark(mark):
            message = f"DOCUMENT_MARKS must give nodes such as 652301 marks of letters, not {node!r} {mark!r}."
            raise SettingsError(message)
    marks = marks_with(told)
    if len(set(marks.values())) < len(marks):
        message = "DOCUMENT_MARKS must give each node a mark of its own."
        raise SettingsError(message)
    return marks


def _second_factor_roles(environ: Mapping[str, str], *, production: bool) -> frozenset[str]:
    """Everybody who sees data of members or makes accounts, unless said otherwise; nobody while trying out."""
    usual = ",".join(SECOND_FACTOR_ROLES) if production else ""
    named = frozenset(filter(None, environ.get("SECOND_FACTOR_ROLES", usual).replace(" ", "").split(",")))
    unknown = sorted(named - {role.value for role in Role if role is not Role.VISITOR})
    if unknown:
        message = f"SECOND_FACTOR_ROLES must name roles such as county_cadre, not {unknown[0]!r}."
        raise SettingsError(message)
    return named


def _proxies(environ: Mapping[str, str], *, production: bool) -> int:
    """In production it is said aloud: behind a proxy that nobody believes all visitors share one address."""
    if production:
        _text(environ, "PROXIES")
    return _number(environ, "PROXIES", 0, least=0, most=_MOST_PROXIES)


def _periods(environ: Mapping[str, str]) -> Periods:
    """``RETENTION_DRAFT_DAYS`` and so on, up to ten years; what is a log is kept six months at least (PRIV-16)."""
    days = {
        each.name: _number(
            environ,
            f"RETENTION_{each.name.upper()}_DAYS",
            getattr(_USUAL_PERIODS, each.name),
            least=SIX_MONTHS if each.name in {"message", "sign_in"} else 1,
            most=_TEN_YEARS,
        )
        for each in fields(Periods)
    }
    return Periods(**days)


def _public_url(environ: Mapping[str, str], *, production: bool) -> str:
    """In production it is said aloud: an address made from what a visitor claims could lead others elsewhere."""
    if not production and "PUBLIC_URL" not in environ:
        return ""
    url = _text(environ, "PUBLIC_URL")
    if not re.fullmatch(rf"http{'s' if production else 's?'}://[a-z0-9.-]+(:[0-9]+)?", url):
        raise SettingsError("PUBLIC_URL must be https:// and a host in small letters, with nothing behind it.")
    return url


def _rate_limits_url(environ: Mapping[str, str]) -> str | None:
    url = environ.get("RATE_LIMITS_URL")
    if url is not None and not url.startswith(("redis://", "rediss://")):
        raise SettingsError("RATE_LIMITS_URL must begin with redis:// or rediss://.")
    return url


def _number(environ: Mapping[str, str], name: str, default: int, *, least: int = 1, most: int = 365) -> int:
    value = environ.get(name, str(default))
    if not value.isdecimal() or not least <= int(value) <= most:
        message = f"{name} must be a whole number from {least} to {most}, not {value!r}."
        raise SettingsError(message)
    return int(value)


def _database_url(environ: Mapping[str, str], instance: Path) -> str:
    url = environ.get("DATABASE_URL")
    if url is None:
        instance.mkdir(mode=0o700, exist_ok=True)
        return f"sqlite:///{instance / 'enrollment.sqlite3'}"
    scheme, separator, rest = url.partition("://")
    dialect = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}.get(scheme, scheme)
    if not separator or dialect not in ("sqlite", "postgresql+psycopg"):
        message = "DATABASE_URL must begin with postgresql:// or sqlite:///."
        raise SettingsError(message)
    return f"{dialect}://{rest}"


def data_keys_in(path: Path) -> tuple[bytes, ...]:
    """The data keys of trying out, the one in use first."""
    return _data_keys(json.loads(path.read_text()))


def add_data_key(path: Path) -> None:
    """Put a new data key before those of trying out; who serves reads it when it meets what was encrypted with it."""
    keys: dict[str, str] = json.loads(path.read_text())
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(keys | {"DATA_KEY": f"{_made_key()},{keys['DATA_KEY']}"}))
    fresh.replace(path)


def _data_keys(keys: Mapping[str, str]) -> tuple[bytes, ...]:
    """The key that encrypts, then those before it, with commas between."""
    return tuple(_key({"DATA_KEY": each.strip()}, "DATA_KEY") for each in _text(keys, "DATA_KEY").split(","))


def _made_key() -> str:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _development_keys(instance: Path) -> dict[str, str]:
    """Keys for trying out, made on first use; production brings its own."""
    path = instance / _KEY_FILE
    if not path.exists():
        instance.mkdir(mode=0o700, exist_ok=True)
        made = {name: _made_key() for name in ("DATA_KEY", "MATCH_KEY")}
        path.touch(mode=0o600)
        path.write_text(json.dumps(made | {"SECRET_KEY": secrets.token_urlsafe(_KEY_BYTES)}))
    keys: dict[str, str] = json.loads(path.read_text())
    return keys
