"""Alibaba Cloud SMS (阿里云短信) through its official SDK, an optional extra: imported only where it is asked for."""

import json
import logging
from collections.abc import Mapping

from alibabacloud_dysmsapi20170525.client import Client
from alibabacloud_dysmsapi20170525.models import SendSmsRequest
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.exceptions import UnretryableException
from darabonba.runtime import RuntimeOptions
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from enrollment.messages.gateways import AnswerLost, NotAccepted, Receipt
from enrollment.messages.texts import TEMPLATES
from enrollment.settings import Aliyun, SettingsError

_CONNECT_MILLISECONDS, _READ_MILLISECONDS = 3_000, 7_000
_SERVER_ERROR = 500
_RETRYABLE = (
    "isv.BUSINESS_LIMIT_CONTROL",
    "isv.AMOUNT_NOT_ENOUGH",
    "isv.OUT_OF_SERVICE",
    "isp.SYSTEM_ERROR",
    "isp.GATEWAY_ERROR",
    "ServiceUnavailable",
    "Throttling",
)
"""Beginnings of the codes with which it says *not now*."""

logging.getLogger("urllib3").setLevel(logging.WARNING)  # below that it writes addresses, and the phone is in them


class AliyunGateway:
    """The SDK is not allowed to try again by itself: that is the outbox's business."""

    def __init__(self, settings: Aliyun) -> None:
        missing = sorted(set(TEMPLATES) - set(settings.templates))
        if missing:
            message = f"ALIYUN_SMS_TEMPLATES must name a template for {', '.join(missing)}."
            raise SettingsError(message)
        protocol, _, host = settings.endpoint.rpartition("://")
        self._settings = settings
        self._client = Client(
            Config(
                access_key_id=settings.access_key_id,
                access_key_secret=settings.access_key_secret,
                endpoint=host,
                protocol=protocol or "https",
                connect_timeout=_CONNECT_MILLISECONDS,
                read_timeout=_READ_MILLISECONDS,
            )
        )

    def send(self, phone: str, template: str, values: Mapping[str, str], key: str) -> Receipt:
        """One SendSms; no error it raises holds the phone or a value."""
        request = SendSmsRequest(
            phone_numbers=phone,
            sign_name=self._settings.sign_name,
            template_code=self._settings.templates[template],
            template_param=json.dumps(dict(values), ensure_ascii=False),
            out_id=key,
        )
        try:
            answer = self._client.send_sms_with_options(request, RuntimeOptions()).body
        except AlibabaCloudException as no:
            raise _refusal(no.code or "", no.status_code or 0) from None
        except UnretryableException as error:
            raise (NotAccepted("not reached", retry=True) if _never_reached(error) else AnswerLost) from None
        if answer is None or answer.code != "OK":
            raise _refusal((answer and answer.code) or "", 0)
        return Receipt(answer.biz_id or "")


def _refusal(code: str, status: int) -> NotAccepted | AnswerLost:
    """It said no with ``code``; where it broke in the middle it may have sent the message before."""
    retry = code.startswith(_RETRYABLE)
    if not code or (status >= _SERVER_ERROR and not retry):
        return AnswerLost()
    return NotAccepted(code, retry=retry)


def _never_reached(error: UnretryableException) -> bool:
    """Whether not even a connection was made; the SDK keeps the cause two levels down."""
    cause = getattr(error.inner_exception, "__context__", None)
    reason = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
