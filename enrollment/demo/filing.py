"""Filing an application of the demo: the rows a sent form leaves, and its steps through the same helper as a user's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from enrollment.demo.chance import Chance
from enrollment.demo.names import Somebody, somebody
from enrollment.demo.prefecture import Place as Unit
from enrollment.demo.prefecture import Prefecture, Row
from enrollment.rules import kinds
from enrollment.rules.access import VISITOR, Actor, Role
from enrollment.rules.applications import DECISIONS, State, Step
from enrollment.rules.deadlines import after_working_days, is_working_day
from enrollment.rules.eligibility import Group, Place, Relation
from enrollment.rules.regions import Territory, townships_of
from enrollment.storage.applications import JOIN, LINK_LENGTH, Application, JoinDetails, take_step
from enrollment.storage.database import Work
from enrollment.web.clock import BEIJING

_CONSENT = "2021-11"
_ADULT_AGO = 4000


@dataclass(frozen=True, slots=True)
class Desk:
    """What casework is made from. ``actors``: the cadre of each node."""

    work: Work
    chance: Chance
    prefecture: Prefecture
    actors: dict[str, Actor]
    today: date
    review_working_days: int

    def number(self, on: date) -> str:
        """A number in the form of ``number_for``."""
        return f"{on:%y%m%d}-{self.chance.code(5)}"


@dataclass(frozen=True, slots=True)
class Taken:
    """One step of an application's course, on a day; cadres give the reason, the fields and the note."""

    step: Step
    at: datetime
    reason: str = ""
    fields: tuple[str, ...] = ()
    note: str = ""


def actors(accounts: Iterable[Row]) -> dict[str, Actor]:
    """The cadre of each territory."""
    return {
        row["territory_code"]: Actor(
            Role(row["role"]), row["name"], row["id"], Territory(row["territory_code"]), desk_id=row["id"]
        )
        for row in accounts
    }


def take(desk: Desk, application: Application, course: Iterable[Taken], *, actor: str = "") -> None:
    """Take each step as the one who does it in life: cadres decide, everything else is the applicant's."""
    for taken in course:
        decides = taken.step in DECISIONS
        by = desk.actors[application.county_code] if decides else VISITOR
        take_step(
            replace(desk.work, by=by, now=taken.at),
            application,
            taken.step,
            actor="" if decides else actor,
            reason=taken.reason,
            fields=list(taken.fields),
            note=taken.note,
        )
    desk.work.session.flush()


@dataclass(frozen=True, slots=True)
class Told:
    """What an applicant told."""

    county: str
    group: Group
    relation: Relation | None
    place: Place
    person: Somebody


def applicant(desk: Desk) -> Somebody:
    """Somebody of full age who is on no list yet."""
    return somebody(desk.chance, joined_ago=_ADULT_AGO)


def apply(
    desk: Desk,
    told: Told,
    course: Sequence[Taken],
    *,
    number: str = "",
    unit: Unit | None = None,
    visit_id: int | None = None,
) -> Application:
    """One application to join that took ``course``, to the union asked for."""
    unit = unit or _unit_for(desk, told)
    union = _union_for(desk, told, unit)
    sent = next(taken for taken in reversed(course) if taken.step in {Step.SUBMITTED, Step.CORRECTED})
    application = Application(
        number=number or desk.number(day_of(course[0].at)),
        link=desk.chance.code(LINK_LENGTH),
        submission_key=desk.chance.code(32),
        kind=JOIN,
        county_code=told.county,
        state=State.NEW,
        version=0,
        started_at=course[0].at,
        submitted_at=course[0].at,
        due_on=after_working_days(day_of(sent.at), desk.review_working_days),
        visit_id=visit_id,
        union_id=int(union["id"]),
    )
    desk.work.session.add(application)
    desk.work.session.flush()
    desk.work.session.add(_details(desk, application.id, told, unit, union))
    application.under_way_match = told.person.columns["identity_match"]
    take(desk, application, course)
    return application


def _details(desk: Desk, application_id: int, told: Told, unit: Unit | None, union: Row) -> JoinDetails:
    """The answers. Who names the union of a place works at that place."""
    towns = [region.code for region in townships_of(told.county) if not region.is_bingtuan]
    return JoinDetails(
        application_id=application_id,
        **told.person.columns,
        group=told.group.value,
        relation=told.relation and told.relation.value,
        work_region=_work_region(told, unit, union) or desk.chance.random.choice(towns),
        home_region=desk.chance.random.choice(towns),
        employer_name=unit.row["name"] if unit and told.relation is not Relation.SELF_PLATFORM else "",
        employer_has_union=True if told.place is Place.EMPLOYER else None,
        affiliate_admits=True if told.place is Place.AFFILIATE else None,
        hires=0 if told.relation is Relation.AFFILIATED_OWNER else None,
        place=told.place.value,
        confirmed_by="code",
        phone_confirmed_at=desk.work.now,
        consent_version=_CONSENT,
        identity_consent=True,
        sharing_consent=True,
    )


def _work_region(told: Told, unit: Unit | None, union: Row) -> str:
    if told.place is Place.WORK:
        return str(union["region_code"])
    return str(unit.row["region_code"]) if unit else ""


def day_for(desk: Desk, step: Step, ago: int, sent_ago: int) -> date:
    """The day that many days before today; for a decision a working day, but never before the application."""
    day = desk.today - timedelta(days=ago)
    while step in DECISIONS and not is_working_day(day) and day > desk.today - timedelta(days=sent_ago - 1):
        day -= timedelta(days=1)
    return day


def day_of(at: datetime) -> date:
    """The date of an instant in Beijing."""
    return at.astimezone(BEIJING).date()


def _unit_for(desk: Desk, told: Told) -> Unit | None:
    """A unit of the county and group, with a union where the worker names that union."""
    if told.place is Place.POOL:
        return None
    named = told.place in {Place.EMPLOYER, Place.AFFILIATE}
    fitting = [
        unit
        for unit in desk.prefecture.places
        if unit.node.code == told.county
        and unit.row["group"] == told.group
        and (not named or (unit.union_id and not unit.joint))
        and bool(unit.union_id) == named
    ]
    return desk.chance.random.choice(fitting) if fitting else None


def _union_for(desk: Desk, told: Told, unit: Unit | None) -> Row:
    """The union asked for; the county's pool where there is none yet (REG-4)."""
    if unit and unit.union_id:
        return desk.prefecture.unions[unit.union_id - 1]
    wanted = {Place.INDUSTRY: (kinds.JOINT.code,), Place.WORK: (kinds.PARK.code, kinds.TOWNSHIP.code)}
    for union in desk.prefecture.unions:
        if union["county_code"] == told.county and union["kind"] in wanted.get(told.place, ()):
            return union
    return desk.prefecture.union_at(told.county, kinds.POOL.code)
