"""Codes sent to a phone (短信验证码): how long they live, how often they may be asked for.

Every number here is our own choice and not law: what carriers allow, and what keeps guessing and flooding out.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network

from enrollment.rules.identity import Checked


class Confirmation(StrEnum):
    """How a worker confirmed that the application is the own one (本人确认); empty where nobody has yet.

    A signature counts once somebody of the union has seen it: anybody can say that there is one.
    """

    CODE = "code"
    SIGNATURE = "signature"
    SIGNATURE_SEEN = "signature_seen"
    IN_PERSON = "in_person"


SURE = frozenset({Confirmation.CODE, Confirmation.SIGNATURE_SEEN, Confirmation.IN_PERSON})
"""CH-2: of one's own will. Only then an application is approved."""

DIGITS = 6
"""Our own choice, not law: what phones fill in by themselves, and one chance in a million for a guess."""

LIVES = timedelta(minutes=5)
"""Our own choice, not law: time enough for a slow network."""

WRONG_TRIES = 5
"""Our own choice, not law: five mistypings are forgiven, the sixth try needs a new code."""

RESEND_AFTER = timedelta(seconds=60)
"""Our own choice, not law: carriers carry one code a minute to a phone."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` codes ``within`` a span of time."""

    most: int
    within: timedelta


PER_PHONE = (Limit(5, timedelta(hours=1)), Limit(10, timedelta(days=1)))
"""Our own choice, not law: nobody's phone is flooded."""

PER_ADDRESS = (Limit(120, timedelta(hours=1)),)
"""Our own choice, not law: mobile networks put many phones behind one address; a machine that tries numbers stops."""

WITHOUT_CODE = (Limit(30, timedelta(hours=1)),)
"""Our own choice, not law: what comes from one address without a code, or asks beside one, of each purpose."""

KEPT = max(limit.within for limit in (*PER_PHONE, *PER_ADDRESS, *WITHOUT_CODE))
"""As far back as a limit looks; what is older is dropped."""


def network(address: str) -> str:
    """What counts as one address: all of an IPv6 /64, which is one household's."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == _IPV4 else str(ip_network((parsed, 64), strict=False))


_IPV4 = 4


def normal_code(text: str) -> str:
    """A code as it is compared: half-width, without spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def check_code(text: str) -> Checked:
    """Six digits in their normal form, or what is missing."""
    code = normal_code(text)
    if not code:
        return Checked(reason="code_missing")
    return Checked(code) if re.fullmatch(rf"[0-9]{{{DIGITS}}}", code) else Checked(reason="code_form")


def lives(sent_at: datetime, now: datetime) -> bool:
    """Whether a code still counts: up to five minutes, not at five minutes."""
    return now < sent_at + LIVES


def too_soon(sent: Iterable[datetime], now: datetime) -> bool:
    """Whether a code was sent less than a minute ago; after exactly a minute the next one may go out."""
    return any(now < at + RESEND_AFTER for at in sent)


def too_many(sent: Iterable[datetime], limits: Iterable[Limit], now: datetime) -> bool:
    """Whether one more code would be over a limit; what was sent a whole span ago no longer counts."""
    times = list(sent)
    return any(sum(now < at + limit.within for at in times) >= limit.most for limit in limits)


def fault(sent_at: datetime | None, wrong_tries: int, *, fits: bool, now: datetime) -> str:
    """Why a code does not count, empty when it does. ``sent_at`` is None when none was ever sent."""
    if sent_at is None or not lives(sent_at, now):
        return "code_expired"
    if wrong_tries >= WRONG_TRIES:
        return "code_spent"
    return "" if fits else "code_wrong"
