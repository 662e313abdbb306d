"""Applications to join of these days: fresh, due, overdue, returned, corrected, withdrawn, refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from enrollment.demo.filing import Desk, Taken, Told, applicant, apply, day_for
from enrollment.demo.history import visit_before
from enrollment.demo.membership import Membership, instant
from enrollment.demo.prefecture import Row
from enrollment.rules.applications import Step
from enrollment.rules.deadlines import after_working_days, is_working_day
from enrollment.rules.eligibility import Group, Place, Relation

_Course = Callable[[Desk], list[Taken]]


def _sent(days: int) -> _Course:
    """Sent some days ago, not yet decided."""
    return lambda desk: [Taken(Step.SUBMITTED, instant(desk.chance, desk.today - timedelta(days=days)))]


def _due(working_days: int) -> _Course:
    """Sent so long ago that it is due today (on the next working day when today is none), or was before."""

    def course(desk: Desk) -> list[Taken]:
        due = desk.today
        while not is_working_day(due):
            due += timedelta(days=1)
        for _ in range(working_days):
            due -= timedelta(days=1)
            while not is_working_day(due):
                due -= timedelta(days=1)
        sent = due
        while after_working_days(sent, desk.review_working_days) > due or not is_working_day(sent):
            sent -= timedelta(days=1)
        return [Taken(Step.SUBMITTED, instant(desk.chance, sent))]

    return course


def _then(sent: int, *steps: tuple[int, Step, str, tuple[str, ...], str]) -> _Course:
    """Sent some days ago, then these steps: days ago, step, reason, fields, note."""

    def course(desk: Desk) -> list[Taken]:
        later = (
            Taken(step, instant(desk.chance, day_for(desk, step, ago, sent)), reason, fields, note)
            for ago, step, reason, fields, note in steps
        )
        return [*_sent(sent)(desk), *later]

    return course


_PHONE = (Step.RETURNED, "", ("phone",), "手机号打不通，请核对后再提交。")
_NAME = (Step.RETURNED, "", ("name", "employer_name"), "姓名与证件不一致；挂靠公司请写全称。")
_REFUSED = (Step.REFUSED, "outside_this_union", (), "现工作地在吐鲁番市，已转当地工会。")

_OPEN: tuple[tuple[str, Group, Relation | None, Place, _Course], ...] = (
    ("652301", Group.COURIER, Relation.LABOR_CONTRACT, Place.EMPLOYER, _sent(1)),
    ("652301", Group.TRUCK_DRIVER, Relation.AFFILIATED_OWNER, Place.AFFILIATE, _sent(2)),
    ("652301", Group.TRUCK_DRIVER, Relation.AFFILIATED_OWNER, Place.WORK, _due(0)),
    ("652301", Group.FOOD_RIDER, Relation.SELF_PLATFORM, Place.WORK, _due(1)),
    ("652301", Group.COURIER, Relation.INCOMPLETE, Place.INDUSTRY, _sent(2)),  # a member already, see open_cases
    ("652301", Group.COURIER, Relation.DE_FACTO, Place.EMPLOYER, _sent(1)),  # the same phone as a member
    ("652301", Group.TRUCK_DRIVER, Relation.AFFILIATED_OWNER, Place.AFFILIATE, _then(6, (2, *_PHONE))),
    ("652301", Group.COURIER, Relation.DISPATCH, Place.WORK, _then(12, (8, *_REFUSED))),
    ("652302", Group.TRUCK_DRIVER, Relation.LABOR_CONTRACT, Place.EMPLOYER, _due(3)),
    ("652325", Group.COURIER, Relation.INCOMPLETE, Place.INDUSTRY, _sent(1)),
    ("ZD", Group.TRUCK_DRIVER, Relation.AFFILIATED_HIRED, Place.INDUSTRY, _sent(4)),
    ("652323", Group.RIDE_HAILING_DRIVER, Relation.SELF_PLATFORM, Place.WORK, _then(7, (3, *_NAME))),
    (
        "652324",
        Group.TRUCK_DRIVER,
        Relation.AFFILIATED_OWNER,
        Place.INDUSTRY,
        _then(9, (7, *_PHONE), (1, Step.CORRECTED, "", (), "")),
    ),
    (
        "652327",
        Group.COURIER,
        Relation.PART_TIME_MULTI,
        Place.WORK,
        _then(8, (5, Step.WITHDRAWN, "", (), "")),
    ),
    ("652328", Group.TRUCK_DRIVER, None, Place.POOL, _sent(1)),
)
_MEMBER_ALREADY, _SAME_PHONE = 4, 5


def open_cases(desk: Desk, membership: Membership, visits: list[Row]) -> int:
    """What lies on the desk today, in every state; how many there are."""
    known = [member for member in membership.plain if member.place.node.code == "652301"][:2]
    for number, (county, group, relation, place, course) in enumerate(_OPEN):
        person = applicant(desk)
        if number == _MEMBER_ALREADY:
            person = replace(known[0].person, phone=person.phone)
        elif number == _SAME_PHONE:
            person = replace(person, phone=known[1].person.phone)
        taken = course(desk)
        visit = visit_before(visits, county, taken[0].at.date()) if place in {Place.AFFILIATE, Place.INDUSTRY} else None
        apply(desk, Told(county, group, relation, place, person), taken, visit_id=visit)
    return len(_OPEN)
