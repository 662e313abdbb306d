"""How often something may come from one network (限次): whatever is open to visitors and costs or changes something.

The numbers are our own choice and not law. Behind one address there may be a whole depot, and behind a carrier's all
phones of a county: so they stop machines, never a meeting where a hundred people join at once. Who guesses links,
numbers and codes is stopped earlier: people tap links and rarely type one. Pages that are only read are not counted.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, current_app, g, request
from limits import RateLimitItemPerHour
from limits.errors import ConfigurationError, StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import NotFound, TooManyRequests

from enrollment.rules.access import VISITOR, Act, may
from enrollment.rules.confirmation import network
from enrollment.settings import Settings, SettingsError
from enrollment.storage.limits import DatabaseStorage
from enrollment.storage.vault import vault
from enrollment.web import clock

LIMITS = {
    "apply": 1200,  # three depots of a hundred behind one address, each person sending four times
    "follow": 1200,  # as many who look where it stands; the preparatory groups of a county
    "sign_in": 120,  # twenty cadres of one office, mistyping; each try costs a fifth of a second
    "draw": 1200,  # pictures and documents, made anew whenever they are asked for
    "guess": 300,  # links, numbers and codes that lead nowhere; a hundred people at an outdated poster
}
"""What is counted → how often in an hour, from one address or, of IPv6, one /64."""

OF_ACTS = {
    Act.APPLY: "apply",
    Act.FOLLOW_OWN_APPLICATION: "follow",
    Act.ANSWER_INVITATION: "follow",
    Act.PREPARE_FOUNDING: "follow",
    Act.OPEN_OWN_CARD: "follow",
    Act.ASK_UNION: "follow",
    Act.COPY_OWN_DATA: "follow",
    Act.SIGN_IN: "sign_in",
}
"""As what is counted whatever is sent to a view of a visitors' act; without a line here a test fails."""

View = TypeVar("View", bound=Callable[..., Response])
Answer = TypeVar("Answer")
_EXTENSION = "enrollment_limits"
_REDIS_SECONDS = 1
_HASH_LENGTH = 32

log = logging.getLogger(__name__)


def take(name: str, *parts: str) -> bool:
    """Count one hit of the limit ``name``, for the visitor's network unless ``parts`` say for whom; False when over.

    Not inside a transaction. No address and no number stands in clear where it is counted.
    """
    item, who = _item(name), _who(name, parts)
    return _asked(lambda counter: counter.hit(item, who))


def is_over(name: str, *parts: str) -> bool:
    """Whether the next hit would be over, counting nothing."""
    item, who = _item(name), _who(name, parts)
    return not _asked(lambda counter: counter.test(item, who))


def clear(name: str, *parts: str) -> None:
    """Forget the hits."""
    item, who = _item(name), _who(name, parts)
    _asked(lambda counter: counter.clear(item, who))


def too_many(name: str, *parts: str) -> TooManyRequests:
    """The failure to raise when over: when to come again."""
    item, who = _item(name), _who(name, parts)
    until = _asked(lambda counter: counter.get_window_stats(item, who).reset_time)
    log.warning("over the limit %s: %s", name, who)
    return TooManyRequests(retry_after=max(1, round(until - clock.now().timestamp())))


def guessed() -> None:
    """Say that what was asked for led nowhere although the page is shown; a 404 says so by itself."""
    g.guessed = True


def limited(name: str) -> Callable[[View], View]:
    """Count the view even where it is only opened, because it costs."""

    def mark(view: View) -> View:
        view.limit = name  # type: ignore[attr-defined]
        return view

    return mark


def counted_by(who: Callable[[], tuple[str, ...]]) -> Callable[[View], View]:
    """Count what is sent to the view for the parts ``who`` gives, where it gives any, and not for the network."""

    def mark(view: View) -> View:
        view.counted_by = who  # type: ignore[attr-defined]
        return view

    return mark


def _item(name: str) -> RateLimitItemPerHour:
    return RateLimitItemPerHour(LIMITS[name], namespace=name)


def _who(name: str, parts: tuple[str, ...]) -> str:
    who = "\n".join(parts) if parts else network(request.remote_addr or "")
    return vault.match(who, f"limit:{name}").hex()[:_HASH_LENGTH]


def _asked(question: Callable[[FixedWindowRateLimiter], Answer]) -> Answer:
    """Ask Redis where one is named; while it is away, the database."""
    first: FixedWindowRateLimiter
    first, *spare = current_app.extensions[_EXTENSION]
    try:
        return question(first)
    except StorageError as error:
        log.warning("Redis does not answer, the database counts: %s", type(error.__cause__).__name__)
        return question(spare[0])


def _open_to_visitors() -> bool:
    act = g.get("act")
    return act is not None and may(VISITOR, act)


def _check() -> None:
    """Before every request, after the guard."""
    if not _open_to_visitors():
        return
    view, sent = current_app.view_functions[str(request.endpoint)], request.method == "POST"
    name = OF_ACTS.get(g.act) if sent else getattr(view, "limit", None)
    guessable = request.view_args or (sent and name != "sign_in")  # who guesses links shuts no cadre out
    if guessable and is_over("guess"):
        raise too_many("guess")
    parts: tuple[str, ...] = getattr(view, "counted_by", tuple)() if sent else ()
    if name and not take(name, *parts):
        raise too_many(name, *parts)


def _count_guess(answer: Response) -> Response:
    nowhere = answer.status_code == NotFound.code and request.view_args and _open_to_visitors()
    if nowhere or g.get("guessed"):
        take("guess")
    return answer


def install(app: Flask) -> None:
    """Count after the guard has let in. Raises ``SettingsError`` when there is no Redis to talk to."""
    settings: Settings = app.config["ENROLLMENT"]
    storages: list[Storage] = [DatabaseStorage(clock.now)]
    if settings.rate_limits_url:
        storages.insert(0, _redis(settings.rate_limits_url))
    app.extensions[_EXTENSION] = [FixedWindowRateLimiter(storage) for storage in storages]
    app.before_request(_check)
    app.after_request(_count_guess)


def _redis(url: str) -> Storage:
    seconds = {"socket_timeout": _REDIS_SECONDS, "socket_connect_timeout": _REDIS_SECONDS}
    try:
        return storage_from_string(url, wrap_exceptions=True, **seconds)  # type: ignore[return-value]
    except ConfigurationError as error:
        raise SettingsError("RATE_LIMITS_URL needs the package redis: pip install 'enrollment[redis]'.") from error
