"""Applications decided in the year before the as-of date: nine that made a member, three that did not."""

from dataclasses import dataclass
from datetime import date, timedelta

from enrollment.demo.chance import Chance
from enrollment.demo.filing import Desk, Taken, Told, applicant, apply
from enrollment.demo.membership import Member, Membership, instant
from enrollment.demo.prefecture import Row
from enrollment.rules.applications import Step
from enrollment.rules.eligibility import Group, Place, Relation
from enrollment.storage.applications import LINK_LENGTH
from enrollment.storage.cards import CODE_LENGTH, Card

_RECENT_AGO = 85
_PLACES = {
    "labor_contract": Place.EMPLOYER,
    "de_facto": Place.EMPLOYER,
    "affiliated_owner": Place.AFFILIATE,
}


@dataclass(frozen=True, slots=True)
class Decided:
    """A member of today whose joining went through an application of this ``number``."""

    member: Member
    number: str
    sent_on: date


_DECIDED_IN = ("652301", "652301", "652301", "652302", "652325", "652324", "ZD", "ZD", "CJGX")


def choose_decided(chance: Chance, membership: Membership) -> list[Decided]:
    """Nine members who joined lately; the number of their application becomes the document of their entry."""
    chosen: list[Decided] = []
    taken: set[int] = set()
    for county in _DECIDED_IN:
        latest, earliest = chance.day(1), chance.day(_RECENT_AGO)
        member = chance.random.choice(
            [
                member
                for member in membership.plain
                if member.place.node.code == county
                and member.row["relation"] in _PLACES
                and earliest <= member.entry["effective_on"] <= latest
                and member.row["id"] not in taken
            ]
        )
        taken.add(member.row["id"])
        sent_on = member.entry["effective_on"] - timedelta(days=chance.random.randint(2, 4))
        number = f"{sent_on:%y%m%d}-{chance.code(5)}"
        member.entry["document"] = number
        chosen.append(Decided(member, number, sent_on))
    return chosen


def tell_history(desk: Desk, decided: list[Decided], visits: list[Row]) -> int:
    """The applications of ``decided`` and three that did not end in a member; how many there are."""
    for it in decided:
        row = it.member.row
        told = Told(
            it.member.place.node.code,
            Group(row["group"]),
            Relation(row["relation"]),
            _PLACES[row["relation"]],
            it.member.person,
        )
        course = [
            Taken(Step.SUBMITTED, instant(desk.chance, it.sent_on)),
            Taken(Step.APPROVED, it.member.entry["recorded_at"]),
        ]
        visit = visit_before(visits, told.county, it.sent_on)
        apply(desk, told, course, number=it.number, unit=it.member.place, visit_id=visit)
    for county, step, reason, note in (
        ("652301", Step.REFUSED, "outside_this_union", "工作地在乌鲁木齐市，已转乌鲁木齐市总工会。"),
        ("652327", Step.REFUSED, "employs_others", "名下雇有驾驶员三人，先核实经营者身份。"),
        ("652323", Step.WITHDRAWN, "", ""),
    ):
        sent = desk.chance.ago(20, _RECENT_AGO)
        told = Told(county, Group.TRUCK_DRIVER, Relation.AFFILIATED_OWNER, Place.WORK, applicant(desk))
        course = [
            Taken(Step.SUBMITTED, instant(desk.chance, desk.chance.day(sent))),
            Taken(step, instant(desk.chance, desk.chance.day(desk.chance.ago(sent - 6, sent - 1))), reason, note=note),
        ]
        apply(desk, told, course)
    return len(decided) + 3


def issue_cards(desk: Desk, decided: list[Decided]) -> None:
    """The card that each of these approvals made."""
    for it in decided:
        card = Card(
            person_id=it.member.row["id"],
            link=desk.chance.code(LINK_LENGTH),
            code=desk.chance.code(CODE_LENGTH),
            issued_at=it.member.entry["recorded_at"],
        )
        desk.work.session.add(card)


def visit_before(visits: list[Row], county: str, on: date) -> int | None:
    """The last visit in the county within two months before ``on``: the service came first."""
    near = (
        v for v in visits if v["county_code"] == county and timedelta(0) <= on - v["visited_on"] < timedelta(days=60)
    )
    return next((int(v["id"]) for v in sorted(near, key=lambda v: v["visited_on"], reverse=True)), None)
