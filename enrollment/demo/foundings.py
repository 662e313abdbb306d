"""Applications to found a union, each in a stage of its own: neighbors asked, sent, in preparation, returned, over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from enrollment.demo.filing import Desk, Taken, Told, applicant, apply, day_of
from enrollment.demo.membership import instant
from enrollment.demo.names import full_name, phone_number
from enrollment.demo.prefecture import Place
from enrollment.rules import kinds
from enrollment.rules.access import VISITOR
from enrollment.rules.applications import State, Step
from enrollment.rules.deadlines import after_working_days, is_working_day
from enrollment.rules.documents import MARKS
from enrollment.rules.eligibility import Group, Relation
from enrollment.rules.eligibility import Place as Asked
from enrollment.rules.founding import JOIN_JOINT
from enrollment.rules.stages import Ball, FoundingStep
from enrollment.storage.applications import FOUND, LINK_LENGTH, Application, FoundingDetails, FoundingUnit
from enrollment.storage.founding_papers import issue_papers
from enrollment.storage.foundings import GroupMember
from enrollment.storage.procedures import Founding as Whole
from enrollment.storage.procedures import founding_where, take

_AGREED, _DECLINED = "agreed", "declined"
_ANSWERS = (FoundingStep.AGREED, FoundingStep.DECLINED)
_SMALL_FROM = 4


@dataclass(frozen=True, slots=True)
class Founding:
    """One founding: where, which way, what the units answered (the first is the applicant's), its steps by days ago.

    ``agreed`` and ``declined`` among the steps are those of the invited units, in their order.
    """

    county: str
    group: str
    way: str
    answers: tuple[str | None, ...]
    course: tuple[tuple[int, FoundingStep], ...]
    union_name: str = ""
    note: str = ""


_S = FoundingStep
_OPEN = (
    Founding(
        "652301",
        "courier",
        "new_joint",
        (_AGREED, _DECLINED, None),
        ((4, _S.STARTED), (2, _S.DECLINED)),
        union_name="昌吉市城南片区快递行业联合工会委员会",
    ),
    Founding(
        "652301",
        "courier",
        "new_joint",
        (_AGREED, _AGREED, _AGREED),
        ((9, _S.STARTED), (7, _S.AGREED), (6, _S.AGREED), (3, _S.SUBMITTED)),
        union_name="昌吉市北京南路快递行业联合工会委员会",
    ),
    Founding(
        "652301",
        "courier",
        "new_joint",
        (_AGREED, _AGREED),
        ((30, _S.STARTED), (28, _S.AGREED), (27, _S.SUBMITTED), (22, _S.GROUP_APPROVED)),
        union_name="昌吉市宁边路快递行业联合工会委员会",
    ),
    Founding("ZD", "truck_driver", "one_officer", (_AGREED,), ((3, _S.STARTED), (3, _S.SUBMITTED))),
    Founding(
        "652302",
        "courier",
        "join_joint",
        (_AGREED,),
        ((8, _S.SUBMITTED), (5, _S.RETURNED)),
        note="请核对从业人数，并注明其中负责人及近亲属人数。",
    ),
    Founding(
        "652325",
        "truck_driver",
        "one_officer",
        (_AGREED,),
        ((14, _S.STARTED), (14, _S.SUBMITTED), (9, _S.REFUSED)),
        note="登记地址无此单位，核实后可重新申请。",
    ),
    Founding(
        "652323",
        "truck_driver",
        "own_committee",
        (_AGREED,),
        ((10, _S.STARTED), (10, _S.SUBMITTED), (8, _S.WITHDRAWN)),
    ),
)
_BY_CADRES = frozenset({_S.GROUP_APPROVED, _S.RETURNED, _S.REFUSED})


def open_foundings(desk: Desk) -> int:
    """The foundings of these days in their stages; how many there are."""
    taken: set[int] = set()
    for founding in _OPEN:
        small = (p for p in desk.prefecture.uncovered(founding.county, founding.group) if p.workers >= _SMALL_FROM)
        places = [place for place in small if place.id not in taken][: len(founding.answers)]
        taken |= {place.id for place in places}
        _file(desk, founding, places)
    return len(_OPEN)


def applies_meanwhile(desk: Desk) -> int:
    """A courier of a depot whose union is in preparation: it lies with the preparatory group (REG-4); how many."""
    prepared = select(FoundingUnit.employer_id).join(Application).where(Application.state == State.PREPARING)
    unit_id = desk.work.session.scalar(prepared.order_by(FoundingUnit.id).limit(1))
    [unit] = [place for place in desk.prefecture.places if place.id == unit_id]
    told = Told(unit.node.code, Group.COURIER, Relation.INCOMPLETE, Asked.POOL, applicant(desk))
    sent = instant(desk.chance, desk.today - timedelta(days=1))
    apply(desk, told, [Taken(Step.SUBMITTED, sent)], unit=unit)
    return 1


def _file(desk: Desk, founding: Founding, places: Sequence[Place]) -> None:
    """One founding with its units and steps; minutes of one day are put in the order of the steps."""
    days = [_day_for(desk, step, ago) for ago, step in founding.course]
    times = sorted(instant(desk.chance, day) for day in days)
    application = Application(
        number=desk.number(day_of(times[0])),
        link=desk.chance.code(LINK_LENGTH),
        submission_key=desk.chance.code(32),
        kind=FOUND,
        county_code=founding.county,
        state=State.NEW,
        version=0,
        started_at=times[0],
        union_id=_union_of(desk, founding),
    )
    desk.work.session.add(application)
    desk.work.session.flush()
    contact = full_name(desk.chance)
    desk.work.session.add(
        FoundingDetails(
            application_id=application.id,
            way=founding.way,
            union_name=_name_for(founding, places[0]),
            contact_name=contact,
            contact_phone=phone_number(desk.chance),
            business="快递收派" if founding.group == "courier" else "道路货物运输",
            wish="已向全体职工征求意见，多数同意建立工会。",
        )
    )
    _add_units(desk, application, founding, places, times)
    if founding.way != JOIN_JOINT:
        standing = [place for place, answer in zip(places, founding.answers, strict=True) if answer == _AGREED]
        _add_group(desk, application, standing, contact)
    desk.work.session.flush()
    [whole] = filter(None, [founding_where(desk.work.session, Application.id == application.id)])
    answering = iter(places[1:])
    for (_ago, step), at in zip(founding.course, times, strict=True):
        _take(desk, whole, step, at, str(next(answering).row["name"]) if step in _ANSWERS else "", founding.note)


def _take(desk: Desk, whole: Whole, step: FoundingStep, at: datetime, unit: str, note: str) -> None:  # noqa: PLR0917
    """One step as the one who takes it in life, with the papers that go out with it."""
    by_cadre = step in _BY_CADRES
    work = replace(desk.work, by=desk.actors[whole.county_code] if by_cadre else VISITOR, now=at)
    at_stage = whole.position.part
    if at_stage and step is at_stage.done_by and at_stage.papers:
        issue_papers(work, whole, at_stage.stage, on=day_of(at), marks=MARKS)
    against = step in (_S.RETURNED, _S.REFUSED)
    take(work, whole, step, who=Ball.UPPER if by_cadre else Ball.GROUP, actor=unit, note=note if against else "")
    whole.application.due_on = None
    if step is _S.SUBMITTED:
        whole.application.submitted_at = at
        whole.application.due_on = after_working_days(day_of(at), desk.review_working_days)
    desk.work.session.flush()


def _day_for(desk: Desk, step: FoundingStep, ago: int) -> date:
    """The day that many days before today; for a decision a working day."""
    day = desk.today - timedelta(days=ago)
    while step in _BY_CADRES and not is_working_day(day):
        day += timedelta(days=1)
    return min(day, desk.today)


def _name_for(founding: Founding, place: Place) -> str:
    """What the new union is to be called (7.3); empty when none is founded."""
    if founding.way == JOIN_JOINT:
        return ""
    return founding.union_name or str(place.row["name"]) + kinds.SINGLE.name_suffix


def _union_of(desk: Desk, founding: Founding) -> int | None:
    """The joint union to be joined."""
    if founding.way == JOIN_JOINT:
        return int(desk.prefecture.union_at(founding.county, kinds.JOINT.code)["id"])
    return None


def _add_group(desk: Desk, application: Application, places: Sequence[Place], contact: str) -> None:
    """One person of each unit that agreed; the contact leads."""
    for number, place in enumerate(places):
        desk.work.session.add(
            GroupMember(
                application_id=application.id,
                name=full_name(desk.chance) if number else contact,
                unit_name=str(place.row["name"]),
                post="网点负责人" if number else "会员联络人",
                cv="",
            )
        )


def _add_units(
    desk: Desk, application: Application, founding: Founding, places: Sequence[Place], times: Sequence[datetime]
) -> None:
    given = iter([at for (_ago, step), at in zip(founding.course, times, strict=True) if step in _ANSWERS])
    for number, (place, answer) in enumerate(zip(places, founding.answers, strict=True)):
        desk.work.session.add(
            FoundingUnit(
                application_id=application.id,
                employer_id=place.id,
                name=place.row["name"],
                region_code=place.row["region_code"],
                workers=place.workers,
                barred=1,
                credit_code=place.row["credit_code"],
                filing_number=place.row["filing_number"],
                link=desk.chance.code(LINK_LENGTH),
                answer=answer,
                answered_at=times[0] if number == 0 else next(given) if answer else None,
            )
        )
        desk.work.session.flush()
