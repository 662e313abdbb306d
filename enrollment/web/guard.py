"""Who is asking, and which act a view needs. A view that names no act is closed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from flask import Flask, Response, abort, current_app, g, request, url_for
from flask_login import LoginManager, UserMixin, current_user

from enrollment.rules import access, regions
from enrollment.rules.access import VISITOR, Act, Actor, Role, role_for
from enrollment.rules.regions import Territory
from enrollment.settings import DEMO_PASSWORD, Settings
from enrollment.storage.accounts import Account
from enrollment.storage.database import db
from enrollment.storage.failures import Missing, Refused
from enrollment.web.pages import see_other
from enrollment.web.wording import word_for

View = TypeVar("View", bound=Callable[..., Response])
login_manager = LoginManager()
log = logging.getLogger(__name__)

_FORMS = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data"})


class InACounty(Protocol):
    """Anything that lies in the territory of an approving node."""

    @property
    def county_code(self) -> str: ...


Subject = TypeVar("Subject", bound=InACounty)


class SignedIn(UserMixin):  # type: ignore[misc]
    """The account behind a session; its id carries the account's stamp, so a new stamp ends all sessions."""

    def __init__(self, account: Account) -> None:
        self.id = f"{account.id}:{account.stamp}"
        self.actor = actor_of(account)


def actor_of(account: Account) -> Actor:
    """The account as the rulebook sees it."""
    return Actor(
        role_for(account.territory_code),
        account.name,
        account.id,
        Territory(account.territory_code),
    )


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(session_id: str) -> SignedIn | None:
    number, _, stamp = session_id.partition(":")
    account = db.session.get(Account, int(number)) if number.isdecimal() else None
    return SignedIn(account) if account and account.active and account.stamp == stamp else None


def actor() -> Actor:
    """Who is asking, read anew for each request."""
    return current_user.actor if isinstance(current_user._get_current_object(), SignedIn) else VISITOR  # noqa: SLF001


def own_territory() -> Territory:
    """The signed-in cadre's territory; only behind an act that needs one."""
    territory = actor().territory
    if territory is None:
        abort(403)
    return territory


def asked_territory(code: str | None) -> Territory:
    """The part of the own territory a page was asked for by ``code``, the whole of it when by none; else 404."""
    own = own_territory()
    found = regions.territory(code) if code else own
    if found is None:
        raise Missing
    if not own.covers(found.code):
        _note("not theirs")
        raise Missing
    return found


def _note(refusal: str) -> None:
    """For the log: who met which act closed. No address, because some hold a secret link."""
    log.warning("%s: %s, account %s, from %s", refusal, g.get("act"), actor().account_id, request.remote_addr)


def needs(act: Act) -> Callable[[View], View]:
    """Name the act a view performs."""

    def mark(view: View) -> View:
        view.act = act  # type: ignore[attr-defined]
        return view

    return mark


def yours(subject: Subject | None) -> Subject:
    """The subject, when it is there and the act at hand is open to the actor in its county; else 404 for both."""
    if subject is None:
        raise Missing
    if not access.may(actor(), g.act, subject.county_code):
        _note("not theirs")
        raise Missing
    return subject


def refuse_demo_password(password: str) -> None:
    """In production nobody comes in with what is printed in public. Raises ``Refused``."""
    settings: Settings = current_app.config["ENROLLMENT"]
    if settings.production and password == DEMO_PASSWORD:
        raise Refused(["demo_password"])


def _check() -> Response | None:
    """Before every request: closed by default, sign-in where only that is missing."""
    addressed = (*(request.view_args or {}).values(), *request.args.values())
    if any("\0" in value for value in addressed) or not "".join(request.form).isascii():
        abort(400)  # no database takes the one, no form of ours has the other, and nobody types either
    if request.files or (request.method == "POST" and request.mimetype not in _FORMS):
        abort(415)  # our forms send text and no files
    if request.endpoint is None or request.endpoint == "static":
        return None
    g.act = getattr(current_app.view_functions[request.endpoint], "act", None)
    if g.act is None:
        abort(403)
    if access.may(actor(), g.act):
        return None
    if actor().role is not Role.VISITOR:
        _note("not open")
        abort(403)
    return see_other(url_for("signin.signin", next=request.path))


@dataclass(frozen=True, slots=True)
class Shown:
    """The signed-in cadre as the desk's top bar names them."""

    name: str
    role_name: str
    territory_name: str


def _as_shown(asking: Actor) -> Shown:
    return Shown(
        asking.name,
        word_for(asking.role, "role"),
        asking.territory.name if asking.territory else "",
    )


def install(app: Flask) -> None:
    """Put the guard before every view and its words into every template."""
    login_manager.init_app(app)
    login_manager.session_protection = None  # an old phone changes address and agent at every turn
    app.before_request(_check)

    @app.context_processor
    def shown() -> dict[str, object]:
        asking = actor()
        return {
            "actor": _as_shown(asking) if asking.territory else None,
            "may": lambda act, county=None: access.may(asking, Act(act), county),
        }
