"""The console, and which gateway a deployment gets."""

import sys

import pytest

from enrollment import create_app
from enrollment.messages.gateways import Console, NotAccepted, Receipt, gateway_for
from enrollment.messages.office import office
from enrollment.settings import Aliyun, SettingsError
from tests.conftest import SETTINGS

TEMPLATES = {"phone_code": "SMS_1", "application_received": "SMS_2", "application_decided": "SMS_3"}
ACCOUNT = Aliyun(access_key_id="id", access_key_secret="secret", sign_name="昌吉州总工会", templates=TEMPLATES)


def test_the_console_writes_the_text_with_the_phone_masked(capsys):
    receipt = Console(production=False).send("13800000001", "phone_code", {"code": "123456"}, "phone_code:1")

    out, err = capsys.readouterr()
    assert receipt == Receipt("phone_code:1")
    assert err.startswith("SMS 138****0001 【昌吉州总工会】验证码：123456，")
    assert (out, "13800000001" in err) == ("", False)


def test_in_production_the_console_takes_nothing_for_nobody_would_get_it(capsys):
    with pytest.raises(NotAccepted) as no:
        Console(production=True).send("13800000001", "phone_code", {"code": "123456"}, "phone_code:1")

    assert (no.value.reason, no.value.retry) == ("no gateway", False)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("production", "aliyun", "name", "shows_codes"),
    [
        (False, None, "Console", True),
        (True, None, "Console", False),
        (False, ACCOUNT, "AliyunGateway", False),
        (True, ACCOUNT, "AliyunGateway", False),
    ],
)
def test_codes_are_shown_only_where_no_phone_rings(production, aliyun, name, shows_codes):
    app = create_app(SETTINGS.but(database_url="sqlite://", production=production, aliyun=aliyun))

    with app.app_context():
        assert type(office().gateway).__name__ == name
        assert office().shows_codes is shows_codes


def test_a_provider_whose_sdk_is_missing_stops_the_start(monkeypatch):
    monkeypatch.delitem(sys.modules, "enrollment.messages.aliyun", raising=False)
    monkeypatch.setitem(sys.modules, "alibabacloud_dysmsapi20170525.client", None)

    with pytest.raises(SettingsError) as stopped:
        gateway_for(SETTINGS.but(aliyun=ACCOUNT))

    assert str(stopped.value) == "SMS_GATEWAY=aliyun needs its SDK: pip install 'enrollment[aliyun]'."
