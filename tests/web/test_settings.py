"""Environment → one frozen Settings; a missing or odd value stops the start and says which."""

import base64
import dataclasses
import json
import stat

import pytest
from flask import request

from enrollment import create_app
from enrollment.rules.retention import Periods
from enrollment.settings import Aliyun, Settings, SettingsError

KEY = base64.b64encode(b"k" * 32).decode()
PRODUCTION = {
    "PROXIES": "1",
    "PUBLIC_URL": "https://ruhui.example",
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
        aliyun=None,
        proxies=1,
        public_url="https://ruhui.example",
        second_factor_roles=frozenset({"prefecture_cadre", "county_cadre", "union_officer", "auditor", "operator"}),
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATA_KEY", "MATCH_KEY", "PROXIES", "PUBLIC_URL"])
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


@pytest.mark.parametrize(
    ("value", "roles"),
    [
        ("", set()),
        ("operator", {"operator"}),
        ("operator, county_cadre", {"operator", "county_cadre"}),
        ("employer_contact,", {"employer_contact"}),
    ],
)
def test_whose_second_factor_is_asked_for_is_said_by_role(tmp_path, value, roles):
    settings = Settings.from_environment(PRODUCTION | {"SECOND_FACTOR_ROLES": value}, tmp_path)

    assert settings.second_factor_roles == roles


@pytest.mark.parametrize(("value", "odd"), [("king", "king"), ("operator,visitor", "visitor")])
def test_a_role_that_is_none_is_named(tmp_path, value, odd):
    with pytest.raises(
        SettingsError, match=f"^SECOND_FACTOR_ROLES must name roles such as county_cadre, not '{odd}'.$"
    ):
        Settings.from_environment({"SECOND_FACTOR_ROLES": value}, tmp_path)


def test_in_trying_out_no_second_factor_is_asked_for(tmp_path):
    assert Settings.from_environment({}, tmp_path).second_factor_roles == frozenset()


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


ALIYUN = {
    "SMS_GATEWAY": "aliyun",
    "ALIYUN_ACCESS_KEY_ID": "the id",
    "ALIYUN_ACCESS_KEY_SECRET": "the secret",
    "ALIYUN_SMS_SIGN_NAME": "昌吉州总工会",
    "ALIYUN_SMS_TEMPLATES": '{"phone_code": "SMS_1"}',
}


@pytest.mark.parametrize(
    ("given", "endpoint"),
    [({}, "dysmsapi.aliyuncs.com"), ({"ALIYUN_SMS_ENDPOINT": "http://127.0.0.1:9"}, "http://127.0.0.1:9")],
)
def test_messages_are_carried_by_the_provider_that_is_named(tmp_path, given, endpoint):
    assert Settings.from_environment(PRODUCTION | ALIYUN | given, tmp_path).aliyun == Aliyun(
        access_key_id="the id",
        access_key_secret="the secret",
        sign_name="昌吉州总工会",
        templates={"phone_code": "SMS_1"},
        endpoint=endpoint,
    )
    assert Settings.from_environment(ALIYUN | {"SMS_GATEWAY": "console"}, tmp_path).aliyun is None


@pytest.mark.parametrize("name", [name for name in ALIYUN if name != "SMS_GATEWAY"])
@pytest.mark.parametrize("value", [None, ""])
def test_the_provider_needs_all_of_its_settings(tmp_path, name, value):
    environ = {key: text for key, text in ALIYUN.items() if key != name} | ({name: value} if value == "" else {})

    with pytest.raises(SettingsError, match=f"^{name} is not set: SMS_GATEWAY=aliyun needs it.$"):
        Settings.from_environment(environ, tmp_path)


@pytest.mark.parametrize("value", ["{", "[]", '"SMS_1"', '{"phone_code": 1}', '{"phone_code": ""}'])
def test_odd_templates_are_named(tmp_path, value):
    with pytest.raises(SettingsError, match=r"^ALIYUN_SMS_TEMPLATES must be a JSON object of texts\.$"):
        Settings.from_environment(ALIYUN | {"ALIYUN_SMS_TEMPLATES": value}, tmp_path)


@pytest.mark.parametrize("value", ["", "Aliyun", "twilio"])
def test_a_provider_nobody_knows_is_refused(tmp_path, value):
    with pytest.raises(SettingsError, match=f"^SMS_GATEWAY must be console or aliyun, not '{value}'.$"):
        Settings.from_environment({"SMS_GATEWAY": value}, tmp_path)


def test_no_secret_is_shown_with_the_settings(tmp_path):
    shown = repr(Settings.from_environment(PRODUCTION | ALIYUN, tmp_path))

    assert [secret for secret in ("the id", "the secret", "long and random", "kkkk") if secret in shown] == []
    assert "sign_name='昌吉州总工会'" in shown


@pytest.mark.parametrize("value", ["-1", "10", "one", ""])
def test_an_odd_number_of_proxies_is_named(tmp_path, value):
    with pytest.raises(SettingsError, match=f"^PROXIES must be a whole number from 0 to 9, not '{value}'.$"):
        Settings.from_environment({"PROXIES": value}, tmp_path)


@pytest.mark.parametrize(
    "value",
    ["http://ruhui.example", "ruhui.example", "https://ruhui.example/", "https://a b", "https://u:p@x", "https://X"],
)
def test_an_odd_public_address_is_named(tmp_path, value):
    with pytest.raises(SettingsError, match=r"^PUBLIC_URL must be https:// and a host in small letters"):
        Settings.from_environment(PRODUCTION | {"PUBLIC_URL": value}, tmp_path)


def test_trying_out_answers_to_every_name_or_to_one_without_tls(tmp_path):
    assert Settings.from_environment({}, tmp_path).public_url == ""
    assert (
        Settings.from_environment({"PUBLIC_URL": "http://10.0.0.5:8000"}, tmp_path).public_url == "http://10.0.0.5:8000"
    )


@pytest.mark.parametrize(("proxies", "address"), [(0, "10.0.0.1"), (1, "203.0.113.7"), (2, "198.51.100.1")])
def test_the_address_of_a_visitor_is_what_trusted_proxies_say(tmp_path, proxies, address):
    app = create_app(Settings.from_environment({"DATABASE_URL": "sqlite://"}, tmp_path).but(proxies=proxies))
    app.testing = True
    seen = []
    app.before_request_funcs[None].insert(0, lambda: seen.append(request.remote_addr))

    forwarded = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
    app.test_client().get("/nowhere", headers=forwarded, environ_base={"REMOTE_ADDR": "10.0.0.1"})

    assert seen == [address]


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


def test_periods_are_local_practice_and_can_be_set(tmp_path):
    given = {"RETENTION_DRAFT_DAYS": "30", "RETENTION_MESSAGE_DAYS": "400", "RETENTION_FORMER_MEMBER_DAYS": "3653"}

    assert Settings.from_environment({}, tmp_path).periods == Periods()
    assert Settings.from_environment(given, tmp_path).periods == Periods(draft=30, message=400, former_member=3653)


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("DRAFT", 1),
        ("REFUSED", 1),
        ("REQUEST", 1),
        ("FOUNDING", 1),
        ("FORMER_MEMBER", 1),
        ("MESSAGE", 184),
        ("SIGN_IN", 184),
    ],
)
@pytest.mark.parametrize("value", ["0", "-1", "3654", "90d", ""])
def test_an_odd_period_is_named_and_a_log_is_kept_for_half_a_year(tmp_path, name, least, value):
    odd = {f"RETENTION_{name}_DAYS": value}

    with pytest.raises(SettingsError, match=f"^RETENTION_{name}_DAYS must be .* from {least} to 3653, not '{value}'.$"):
        Settings.from_environment(odd, tmp_path)
    with pytest.raises(SettingsError, match="RETENTION_MESSAGE_DAYS must be a whole number from 184 to 3653"):
        Settings.from_environment({"RETENTION_MESSAGE_DAYS": "183"}, tmp_path)


def test_marks_of_document_numbers_are_local_practice_and_can_be_set(tmp_path):
    read = Settings.from_environment
    told = read({"DOCUMENT_MARKS": '{"652301": "昌吉工函", "ZD": "准东工函"}'}, tmp_path).document_marks
    usual = read({}, tmp_path).document_marks

    assert (told["652301"], told["ZD"], told["652302"]) == ("昌吉工函", "准东工函", "阜工复")
    assert (usual["652301"], usual["ZD"], len(usual)) == ("昌市工复", "准东工复", 11)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("", "DOCUMENT_MARKS must be a JSON object of texts."),
        ("[]", "DOCUMENT_MARKS must be a JSON object of texts."),
        ('{"652301": 1}', "DOCUMENT_MARKS must be a JSON object of texts."),
        (
            '{"650100": "乌工复"}',
            "DOCUMENT_MARKS must give nodes such as 652301 marks of letters, not '650100' '乌工复'.",
        ),
        (
            '{"652301": "昌〔工"}',
            "DOCUMENT_MARKS must give nodes such as 652301 marks of letters, not '652301' '昌〔工'.",
        ),
        ('{"652301": "阜工复"}', "DOCUMENT_MARKS must give each node a mark of its own."),
    ],
)
def test_odd_marks_stop_the_start(tmp_path, value, sentence):
    with pytest.raises(SettingsError) as odd:
        Settings.from_environment({"DOCUMENT_MARKS": value}, tmp_path)

    assert str(odd.value) == sentence
