"""Environment → one frozen Settings; a missing or odd value stops the start and says which."""

import base64
import dataclasses
import json
import stat

import pytest

from enrollment import create_app
from enrollment.settings import Settings, SettingsError

KEY = base64.b64encode(b"k" * 32).decode()
PRODUCTION = {
    "ENROLLMENT_ENV": "production",
    "DATABASE_URL": "postgresql://db/enrollment",
    "SECRET_KEY": "long and random",
    "DATA_KEY": KEY,
    "MATCH_KEY": KEY,
}


def test_production_takes_everything_from_the_environment(tmp_path):
    settings = Settings.from_environment(PRODUCTION, tmp_path)

    assert settings == Settings(
        production=True,
        database_url="postgresql+psycopg://db/enrollment",
        secret_key="long and random",
        data_key=b"k" * 32,
        match_key=b"k" * 32,
        host="127.0.0.1",
        port=8000,
        review_working_days=5,
        contact_phone="0994-12351",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATA_KEY", "MATCH_KEY"])
@pytest.mark.parametrize("value", [None, ""])
def test_production_does_not_start_without_its_secrets(tmp_path, name, value):
    environ = {key: text for key, text in PRODUCTION.items() if key != name} | ({name: value} if value == "" else {})

    with pytest.raises(SettingsError, match=f"^{name} is not set: in production it has no default.$"):
        Settings.from_environment(environ, tmp_path)


@pytest.mark.parametrize("name", ["DATA_KEY", "MATCH_KEY"])
@pytest.mark.parametrize("value", ["short", "not base64!", base64.b64encode(b"k" * 31).decode()])
def test_a_key_of_another_length_is_named(tmp_path, name, value):
    with pytest.raises(SettingsError, match=f"^{name} must be 32 bytes as base64.$"):
        Settings.from_environment(PRODUCTION | {name: value}, tmp_path)


@pytest.mark.parametrize(("name", "most"), [("PORT", 65535), ("REVIEW_WORKING_DAYS", 365)])
@pytest.mark.parametrize("value", ["", "0", "-1", "80a", "8000.5", "70000"])
def test_an_odd_number_is_named(tmp_path, name, most, value):
    with pytest.raises(SettingsError, match=f"^{name} must be a whole number from 1 to {most}, not '{value}'.$"):
        Settings.from_environment({name: value}, tmp_path)


@pytest.mark.parametrize("value", ["prod", "Production", "", "test"])
def test_a_mistyped_environment_is_never_taken_for_development(tmp_path, value):
    with pytest.raises(SettingsError, match=f"^ENROLLMENT_ENV must be development or production, not '{value}'.$"):
        Settings.from_environment(PRODUCTION | {"ENROLLMENT_ENV": value}, tmp_path)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@db:5432/e", "postgresql+psycopg://u:p@db:5432/e"),
        ("postgresql://db/e", "postgresql+psycopg://db/e"),
        ("postgresql+psycopg://db/e", "postgresql+psycopg://db/e"),
        ("sqlite:////var/e.sqlite3", "sqlite:////var/e.sqlite3"),
    ],
)
def test_the_usual_addresses_of_a_database_are_understood(tmp_path, given, used):
    assert Settings.from_environment({"DATABASE_URL": given}, tmp_path).database_url == used


@pytest.mark.parametrize("given", ["", "mysql://db/e", "enrollment.sqlite3"])
def test_another_database_is_refused(tmp_path, given):
    with pytest.raises(SettingsError, match=r"^DATABASE_URL must begin with postgresql:// or sqlite:///\.$"):
        Settings.from_environment({"DATABASE_URL": given}, tmp_path)


def test_out_of_production_keys_are_made_once_and_kept_to_oneself(tmp_path):
    instance = tmp_path / "instance"
    first = Settings.from_environment({}, instance)
    second = Settings.from_environment({}, instance)

    assert first == second
    assert not first.production
    assert first.database_url == f"sqlite:///{instance / 'enrollment.sqlite3'}"
    assert (len(first.data_key), len(first.match_key), first.data_key != first.match_key) == (32, 32, True)
    assert stat.S_IMODE((instance / "keys.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700
    assert sorted(json.loads((instance / "keys.json").read_text())) == ["DATA_KEY", "MATCH_KEY", "SECRET_KEY"]


def test_a_key_of_the_environment_goes_before_the_one_that_was_made(tmp_path):
    assert Settings.from_environment({"DATA_KEY": KEY, "PORT": "8080"}, tmp_path).data_key == b"k" * 32


def test_settings_cannot_be_changed_only_copied(tmp_path):
    settings = Settings.from_environment({}, tmp_path)

    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.port = 1
    assert (settings.but(port=1).port, settings.port) == (1, 8000)


@pytest.mark.parametrize("production", [True, False])
def test_the_session_cookie_is_for_this_site_alone_and_in_production_for_https_alone(tmp_path, production):
    settings = Settings.from_environment({"DATABASE_URL": "sqlite://"}, tmp_path).but(production=production)
    config = create_app(settings).config

    assert config["SESSION_COOKIE_HTTPONLY"] is True
    assert config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert config["SESSION_COOKIE_SECURE"] is production
    assert config["SQLALCHEMY_ENGINE_OPTIONS"]["hide_parameters"] is True
