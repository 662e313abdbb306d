"""Who is asking, and which act a view needs. A view that names no act is closed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from flask import Flask, Response, abort, current_app, g, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from enrollment.rules import access, regions
from enrollment.rules.access import VISITOR, Act, Actor, Role, Scope
from enrollment.rules.regions import Territory
from enrollment.settings import DEMO_PASSWORD, Settings
from enrollment.storage.accounts import Account, Delegation
from enrollment.storage.database import db, transaction
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.sign_ins import end_sessions, session_of
from enrollment.web import clock
from enrollment.web.browsers import browser_name
from enrollment.web.pages import see_other
from enrollment.web.wording import word_for

View = TypeVar("View", bound=Callable[..., Response])
login_manager = LoginManager()
STANDS_IN = "stands_in"
"""Where the browser's session keeps the code of the delegation that is used just now."""
log = logging.getLogger(__name__)

_FORMS = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data"})


class Placed(Protocol):
    """Anything that belongs to an approving node, and maybe to a union or an employer."""

    @property
    def scope(self) -> Scope: ...


Subject = TypeVar("Subject", bound=Placed)


@dataclass(frozen=True, slots=True)
class Seat:
    """An open session: its row, the account, and the delegation in use."""

    session_id: int
    account: Account
    delegation: Delegation | None

    @property
    def actor(self) -> Actor:
        """The account, or the absent one with the deputy's name before it."""
        own = self.account.as_actor()
        if self.delegation is None:
            return own
        absent = self.delegation.absent.as_actor()
        return replace(absent, name=f"{own.name}（代{absent.name}）", account_id=own.account_id)


class SignedIn(UserMixin):  # type: ignore[misc]
    """The session behind a cookie, for flask-login; its id is the session's token."""

    def __init__(self, token: str, seat: Seat) -> None:
        self.id = token
        self.seat = seat


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> SignedIn | None:
    settings: Settings = current_app.config["ENROLLMENT"]
    idle, longest = timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours)
    row = session_of(token, clock.now(), idle, longest)
    if row is None or row.account is None:
        return None
    return SignedIn(token, Seat(row.id, row.account, _delegation(row.account)))


def _delegation(deputy: Account) -> Delegation | None:
    """The delegation this browser uses, while it holds: it is over at the next click."""
    if STANDS_IN not in session:
        return None
    whole = joinedload(Delegation.absent).options(joinedload(Account.union))
    found = select(Delegation).where(Delegation.code == session[STANDS_IN], Delegation.deputy_id == deputy.id)
    delegation = db.session.scalar(found.options(whole))
    if delegation and delegation.holds_on(clock.today()):
        return delegation
    del session[STANDS_IN]
    return None


def seat() -> Seat | None:
    """The open session of who is asking; None for a visitor."""
    user = current_user._get_current_object()  # noqa: SLF001 -- flask-login's own way to the object itself
    return user.seat if isinstance(user, SignedIn) else None


def actor() -> Actor:
    """Who is asking, read anew for each request."""
    taken = seat()
    return taken.actor if taken else VISITOR


def own_seat() -> Seat:
    """The open session; only behind an act for who is signed in."""
    taken = seat()
    if taken is None:
        abort(403)
    return taken


def end_own_session(why: str, *, now: datetime, others: bool = False) -> None:
    """End the session at hand, or all the account has open but this one. ``why`` is a word of the log."""
    taken = own_seat()
    with transaction(by=taken.account.as_actor(), act=g.act, now=now) as work:
        work.subject = taken.account.login
        which = {"but": taken.session_id} if others else {"only": taken.session_id}
        end_sessions(work, taken.account.id, why, **which)


def own_territory(*, or_union: bool = False) -> Territory:
    """What the signed-in person answers for; only behind an act that needs one.

    ``or_union``: an officer's one union is fine too. What asks for it has to look at ``Territory.union``.
    """
    territory = actor().territory
    if territory is None or (territory.union is not None and not or_union):
        abort(403)
    return territory


def asked_territory(code: str | None, *, or_union: bool = False) -> Territory:
    """The part of the own territory a page was asked for by ``code``, the whole of it when by none; else 404."""
    own = own_territory(or_union=or_union)
    found = regions.territory(code) if code else own
    if found is None:
        raise Missing
    if not (found == own or own.covers(found.code)):
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
    """The subject, when it is there and the act at hand is open to the actor on it; else 404 for both."""
    if subject is None:
        raise Missing
    if not access.may(actor(), g.act, subject.scope):
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
        return _second_factor_first()
    if actor().role is not Role.VISITOR:
        _note("not open")
        abort(403)
    return see_other(url_for("signin.signin", next=request.path))


def _second_factor_first() -> Response | None:
    """Whoever has to have a second factor sets it up before anything that is not everybody's."""
    taken, settings = seat(), current_app.config["ENROLLMENT"]
    if taken is None or taken.account.totp_secret or taken.account.role not in settings.second_factor_roles:
        return None
    allowed = access.may(VISITOR, g.act) or g.act in (Act.CHANGE_OWN_ACCOUNT, Act.SIGN_OUT)
    return None if allowed else see_other(url_for("profile.second_factor"))


@dataclass(frozen=True, slots=True)
class Shown:
    """The signed-in person as the desk's top bar names them.

    ``unit_path``: the page of an officer's union or a contact's employer. ``until``: the last day of standing in.
    """

    name: str
    role_name: str
    place_name: str
    unit_path: str
    until: date | None


def _as_shown(taken: Seat) -> Shown:
    for_whom = taken.delegation.absent if taken.delegation else taken.account
    employer = None if taken.delegation else taken.account.employer  # a contact has no deputy
    unit, path = for_whom.union or employer, ""
    if unit:
        path = url_for("unions.one" if unit is for_whom.union else "unions.employer", code=unit.code)
    return Shown(
        taken.actor.name,
        word_for(for_whom.role, "role"),
        unit.name if unit else Territory(for_whom.territory_code).name,
        path,
        taken.delegation.until_on if taken.delegation else None,
    )


def for_reader(masked: str | None) -> str:
    """A masked number as whoever is asking may read it: an auditor sees none of it."""
    return masked or "" if access.may(actor(), Act.SEE_MASKED_NUMBER) else "–"


def install(app: Flask) -> None:
    """Put the guard before every view and its words into every template."""
    login_manager.init_app(app)
    login_manager.session_protection = None  # an old phone changes address and agent at every turn
    app.before_request(_check)
    app.jinja_env.filters["for_reader"] = for_reader
    app.jinja_env.filters["browser_name"] = browser_name

    @app.context_processor
    def shown() -> dict[str, object]:
        asking, taken = actor(), seat()
        return {
            "actor": _as_shown(taken) if taken else None,
            "may": lambda act, county=None: access.may(asking, Act(act), Scope(county) if county else None),
        }
