"""Who carries messages (短信通道): the console for trying out, or a provider."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from enrollment.messages.texts import text_of
from enrollment.rules.identity import mask_phone
from enrollment.settings import Settings, SettingsError


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider took the message; ``number`` is what it calls it."""

    number: str


class NotAccepted(Exception):
    """The message surely did not go out; ``reason`` is a code, ``retry`` says whether trying again may help."""

    def __init__(self, reason: str, *, retry: bool) -> None:
        self.reason, self.retry = reason, retry
        super().__init__(reason)


class AnswerLost(Exception):
    """The message may have gone out or not: it is never sent again."""


class Gateway(Protocol):
    """A way to a phone."""

    def send(self, phone: str, template: str, values: Mapping[str, str], key: str) -> Receipt:
        """Hand one message over; ``key`` goes along. Raises ``NotAccepted`` or ``AnswerLost``."""
        ...


@dataclass(frozen=True, slots=True)
class Console:
    """Writes the message to standard error; in production, where nobody would get it, it takes none."""

    production: bool

    def send(self, phone: str, template: str, values: Mapping[str, str], key: str) -> Receipt:
        if self.production:
            raise NotAccepted("no gateway", retry=False)
        sys.stderr.write(f"SMS {mask_phone(phone)} {text_of(template, values)}\n")
        return Receipt(key)


def gateway_for(settings: Settings) -> Gateway:
    """The gateway of this deployment. Raises ``SettingsError`` when its SDK is not installed."""
    if settings.aliyun is None:
        return Console(settings.production)
    try:
        module = import_module("enrollment.messages.aliyun")
    except ModuleNotFoundError as error:
        message = "SMS_GATEWAY=aliyun needs its SDK: pip install 'enrollment[aliyun]'."
        raise SettingsError(message) from error
    gateway: Gateway = module.AliyunGateway(settings.aliyun)
    return gateway
