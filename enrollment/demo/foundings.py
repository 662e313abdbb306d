"""Applications to found a union: one still gathering neighbors, one with three units, and one of each further state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from enrollment.demo.filing import Desk, Taken, day_for, day_of, take
from enrollment.demo.membership import instant
from enrollment.demo.names import full_name, phone_number
from enrollment.demo.prefecture import Place
from enrollment.rules import kinds, statute
from enrollment.rules.applications import State, Step
from enrollment.storage.applications import FOUND, LINK_LENGTH, Application, FoundingDetails, FoundingUnit

_AGREED, _DECLINED = "agreed", "declined"
_SMALL_FROM = 4
_FOUNDED_LATELY = 60


@dataclass(frozen=True, slots=True)
class Founding:
    """One founding: where, which way, what the units answered (the first is the applicant's), its steps by days ago.

    ``agreed`` and ``declined`` among the steps are those of the invited units, in their order.
    """

    county: str
    group: str
    way: str
    answers: tuple[str | None, ...]
    course: tuple[tuple[int, Step], ...]
    union_name: str = ""
    reason: str = ""
    fields: tuple[str, ...] = ()
    note: str = ""


_OPEN = (
    Founding(
        "652301",
        "courier",
        "new_joint",
        (_AGREED, _DECLINED, None),
        ((4, Step.STARTED), (2, Step.DECLINED)),
        union_name="昌吉市城南片区快递网点联合工会委员会",
    ),
    Founding(
        "652301",
        "courier",
        "new_joint",
        (_AGREED, _AGREED, _AGREED),
        ((9, Step.STARTED), (7, Step.AGREED), (7, Step.SUBMITTED), (6, Step.AGREED)),
        union_name="昌吉市北京南路快递网点联合工会委员会",
    ),
    Founding("ZD", "truck_driver", "one_officer", (_AGREED,), ((3, Step.SUBMITTED),)),
    Founding(
        "652302",
        "courier",
        "join_joint",
        (_AGREED,),
        ((8, Step.SUBMITTED), (5, Step.RETURNED)),
        fields=("workers", "barred"),
        note="请核对从业人数，并注明其中负责人及近亲属人数。",
    ),
    Founding(
        "652325",
        "truck_driver",
        "one_officer",
        (_AGREED,),
        ((14, Step.SUBMITTED), (9, Step.REFUSED)),
        reason="untrue_documents",
        note="登记地址无此单位，核实后可重新申请。",
    ),
    Founding("652323", "truck_driver", "own_committee", (_AGREED,), ((10, Step.SUBMITTED), (8, Step.WITHDRAWN))),
)


def open_foundings(desk: Desk) -> int:
    """The foundings of these days, and one approved before the as-of date; how many there are."""
    taken: set[int] = set()
    for founding in _OPEN:
        small = (p for p in desk.prefecture.uncovered(founding.county, founding.group) if p.workers >= _SMALL_FROM)
        places = [place for place in small if place.id not in taken][: len(founding.answers)]
        taken |= {place.id for place in places}
        steps = [
            Taken(step, instant(desk.chance, day_for(desk, step, ago, founding.course[0][0])))
            for ago, step in founding.course
        ]
        _file(desk, founding, places, steps)
    place = next(
        p
        for p in desk.prefecture.covered
        if p.node.code == "652301" and not p.joint and p.founded_ago < _FOUNDED_LATELY and p.workers > _SMALL_FROM
    )
    founded = desk.chance.day(place.founded_ago)
    history = Founding("652301", str(place.row["group"]), "own_committee", (_AGREED,), ())
    steps = [
        Taken(Step.SUBMITTED, instant(desk.chance, founded - timedelta(days=9))),
        Taken(Step.APPROVED, instant(desk.chance, founded)),
    ]
    _file(desk, history, [place], steps)
    return len(_OPEN) + 1


def _file(desk: Desk, founding: Founding, places: Sequence[Place], steps: list[Taken]) -> None:
    """One founding with its units and steps; minutes of one day are put in the order of the steps."""
    steps = [_in_words(founding, taken, at) for taken, at in zip(steps, sorted(it.at for it in steps), strict=True)]
    sent = next((taken.at for taken in steps if taken.step is Step.SUBMITTED), None)
    started = steps[0].at
    application = Application(
        number=desk.number(day_of(started)),
        link=desk.chance.code(LINK_LENGTH),
        submission_key=desk.chance.code(32),
        kind=FOUND,
        county_code=founding.county,
        state=State.NEW,
        version=0,
        started_at=started,
        submitted_at=sent,
        due_on=day_of(sent) + timedelta(days=statute.FOUNDING_REPLY_DAYS) if sent else None,
        union_id=_union_of(desk, founding, places[0]),
    )
    desk.work.session.add(application)
    desk.work.session.flush()
    desk.work.session.add(
        FoundingDetails(
            application_id=application.id,
            way=founding.way,
            union_name=_name_for(founding, places[0]),
            contact_name=full_name(desk.chance),
            contact_phone=phone_number(desk.chance),
        )
    )
    _add_units(desk, application, founding, places, steps)
    invited = iter(places[1:])
    for taken in steps:
        answers = taken.step in {Step.AGREED, Step.DECLINED}
        take(desk, application, [taken], actor=str(next(invited).row["name"]) if answers else "")


def _in_words(founding: Founding, taken: Taken, at: datetime) -> Taken:
    """The step at its instant, with the cadre's words where it is a decision against."""
    if taken.step not in {Step.RETURNED, Step.REFUSED}:
        return replace(taken, at=at)
    return Taken(taken.step, at, founding.reason, founding.fields, founding.note)


def _name_for(founding: Founding, place: Place) -> str:
    """What the new union is to be called (7.3); empty when none is founded."""
    if founding.way == "join_joint":
        return ""
    return founding.union_name or str(place.row["name"]) + kinds.SINGLE.name_suffix


def _union_of(desk: Desk, founding: Founding, place: Place) -> int | None:
    """The joint union to be joined, or the union that came out of it."""
    if founding.way == "join_joint":
        return int(desk.prefecture.union_at(founding.county, kinds.JOINT.code)["id"])
    return place.union_id or None


def _add_units(
    desk: Desk, application: Application, founding: Founding, places: Sequence[Place], steps: Sequence[Taken]
) -> None:
    given = iter([taken.at for taken in steps if taken.step in {Step.AGREED, Step.DECLINED}])
    for number, (place, answer) in enumerate(zip(places, founding.answers, strict=True)):
        at = steps[0].at if number == 0 else next(given) if answer else None
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
                answered_at=at,
            )
        )
        desk.work.session.flush()
