"""Who may vote in an assembly (会员名册, ELEC-2): the members of a founding's units on a day."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from enrollment.rules.stages import RE_ELECTION
from enrollment.storage.ledger import Membership
from enrollment.storage.people import Person
from enrollment.storage.procedures import Founding
from enrollment.storage.unions import Union


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A member who may vote in the assembly (ELEC-2): retained members are not on it. ``employer_id`` says where."""

    person: Person
    employer_id: int | None
    since: date


def roster(session: Session, founding: Founding, on: date) -> list[RosterLine]:
    """The members of the founding's units on ``on`` whose union is one of the county, by unit and name.

    In a re-election the members of the union itself.
    """
    found = (
        select(Person, Person.employer_id, Membership.from_on)
        .join(Membership, Membership.person_id == Person.id)
        .join(Union, Union.id == Membership.union_id)
        .where(Membership.from_on <= on, or_(Membership.until_on.is_(None), Membership.until_on > on))
    )
    if founding.way == RE_ELECTION:
        found = found.where(Membership.union_id == founding.application.union_id)
    else:
        found = found.where(
            Person.employer_id.in_(founding.employer_ids), Union.county_code == founding.application.county_code
        )
    return [RosterLine(*row) for row in session.execute(found.order_by(Person.employer_id, Person.name, Person.id))]


def voters(session: Session, founding: Founding, today: date) -> list[RosterLine]:
    """The roster that the present meeting is judged with: of its day once it was held, before that of ``today``."""
    meeting = founding.meeting
    held = meeting is not None and meeting.present is not None
    return roster(session, founding, meeting.meeting_on if meeting and held else today)
