"""Who has a case (承办人): taken on by a click or by deciding it; stepping in for a union is said in the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from enrollment.rules.access import Act, Actor, Role
from enrollment.rules.applications import State, Step
from enrollment.rules.desks import Desk, steps_in
from enrollment.rules.regions import Territory
from enrollment.storage.accounts import Account
from enrollment.storage.applications import FOUND, Application, ApplicationAct, lies_in, take_step
from enrollment.storage.database import Work, db, transaction
from enrollment.storage.desks import desk_with
from enrollment.storage.failures import Conflict, Missing

STEPPED_IN = "stepped_in"
"""Why the history names a taking on: it was somebody else's turn."""


@dataclass(frozen=True, slots=True)
class Lying:
    """Where a case lies: the desk, the names of the union's officers, who has it (empty for nobody)."""

    desk: Desk
    officers: Sequence[str]
    holder: str


def lying(application: Application) -> Lying:
    """Where a case lies just now."""
    officers = select(Account.name).where(Account.union_id == application.union_id, Account.active)
    officers = officers.where(Account.role == Role.UNION_OFFICER, Account.password_hash != "").order_by(Account.id)
    names = db.session.scalars(officers).all() if application.union_id and application.kind != FOUND else ()
    holder = db.session.scalar(select(Account.name).where(Account.id == application.holder_id))
    return Lying(desk_with(db.session(), application), names, holder or "")


class PassedOn(Conflict):
    """Somebody of this desk passed the case on to where it is not seen from here: who, when and why."""

    def __init__(self, who: str, at: datetime, why: str) -> None:
        super().__init__()
        self.who, self.at, self.why = who, at, why


def check_not_passed_on(territory: Territory, number: str) -> None:
    """Raise ``PassedOn`` for a case that lay in the territory, or with its union, until somebody of it passed it on."""
    of_here = Account.union_id == territory.union if territory.union else Account.territory_code.in_(territory.counties)
    acts = select(Account.name, ApplicationAct.at, ApplicationAct.note)
    acts = acts.join_from(ApplicationAct, Account).join(Application, Application.id == ApplicationAct.application_id)
    gone = (Application.number == number, ApplicationAct.step == Step.PASSED_ON, of_here, ~lies_in(territory))
    last = db.session.execute(acts.where(*gone).order_by(ApplicationAct.id.desc()).limit(1)).first()
    if last:
        raise PassedOn(*last)


def take_on(number: str, version: int, *, by: Actor, now: datetime) -> None:
    """Make a waiting case, read in this ``version``, one's own, a colleague's too; a second tap changes nothing.

    Raises ``Missing`` outside the territory, ``Conflict`` when it waits for no decision any more, or when somebody else
    acted since it was read: nobody takes a colleague's case without knowing.
    """
    with transaction(by=by, act=Act.DECIDE_APPLICATION, now=now) as work:
        mine = select(Application).where(Application.number == number, lies_in(by.territory))
        application = work.session.scalar(mine.with_for_update())
        if application is None or application.kind == FOUND:
            raise Missing
        mine_already = application.holder_id == by.desk_id
        if application.state != State.SUBMITTED or (application.version != version and not mine_already):
            raise Conflict
        work.subject, work.note = number, Step.TAKEN_ON
        claim(work, application, always=True)


def claim(work: Work, application: Application, *, always: bool = False) -> None:
    """Who acts has the case from now on; the history says so when they step in, or ``always``."""
    claim_from(work, application, desk_with(work.session, application), always=always)


def claim_from(work: Work, application: Application, desk: Desk, *, always: bool = False) -> None:
    """The same of a case that is known to lie on ``desk``."""
    if application.holder_id == work.by.desk_id:
        return
    stepping = steps_in(work.by, desk)
    if stepping or always:
        take_step(work, application, Step.TAKEN_ON, reason=STEPPED_IN if stepping else "")
    application.holder_id = work.by.desk_id
