"""What an approved result makes: a union with its term, officers, coverage and members, in the reply's transaction."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from enrollment.rules.coverage import EndCause, missing_for_beginning, must_form_own
from enrollment.rules.founding import OWN_COMMITTEE
from enrollment.rules.kinds import KINDS, POOL
from enrollment.rules.meetings import WOMEN, WOMENS_MEMBER
from enrollment.rules.regions import county_of
from enrollment.rules.stages import RE_ELECTION
from enrollment.rules.terms import years_later
from enrollment.storage.applications import FoundingUnit
from enrollment.storage.database import Work
from enrollment.storage.failures import Refused
from enrollment.storage.foundings import UnionOfficer, UnionTerm, close_terms
from enrollment.storage.headcounts import record_headcount
from enrollment.storage.moves import (
    begin_coverage,
    end_coverage,
    hold_employers,
    hold_unions,
    move_members,
    number_of_members,
)
from enrollment.storage.neighbors import is_bound, is_listed_elsewhere, known_employer
from enrollment.storage.procedures import Founding, agreed_elsewhere, kind_for
from enrollment.storage.tables import new_code
from enrollment.storage.unions import Coverage, Employer, Union

CODE_LENGTH = 8


def establish(work: Work, founding: Founding, members: int, number: str, today: date) -> Union:
    """The union of an approved result, or the next term of one that stands; members move in on the same day.

    ``number``: of the reply (批复文号). Raises ``Refused`` when a unit belongs to another union (BUILD-7), or
    the union of a re-election has ended.
    """
    if founding.way == RE_ELECTION:
        union = work.session.get_one(Union, founding.application.union_id)
        hold_unions(work, union)
        if union.dissolved_on is not None:
            raise Refused(["union_has_ended"])
    else:
        union = _new_union(work, founding, number, today)
        founding.application.union_id = union.id
        for employer in _held_employers(work, founding, today):
            _leave_the_old_one(work, founding, employer, number, today)
            begin_coverage(work, union, employer, today, number)
        move_members(
            work,
            employer_ids=founding.employer_ids,
            to=union,
            on=today,
            document=number,
            county_code=founding.county_code,
        )
    _begin_term(work, founding, union)
    _seat_officers(work, founding, union, members)
    return union


def let_in(work: Work, founding: Founding, today: date) -> None:
    """The unit of a request to join: covered from today, its members move in (BUILD-7, REG-2)."""
    union, document = work.session.get_one(Union, founding.application.union_id), founding.application.number
    hold_unions(work, union, *_pools(work, founding.county_code))  # before the employers
    employers = _listed_employers(work, founding, today)
    _refuse_agreed_elsewhere(work, founding)
    for employer in employers:
        lacking = missing_for_beginning(
            KINDS[union.kind],
            members_of_unit=number_of_members(work.session, employer.id, founding.county_code),
            document=document,
            on=today,
            founded_on=union.founded_on,
            today=today,
        )
        if lacking:
            raise Refused(lacking)
        begin_coverage(work, union, employer, today, document)
    move_members(
        work,
        employer_ids=founding.employer_ids,
        to=union,
        on=today,
        document=document,
        county_code=founding.county_code,
    )


def list_units(work: Work, founding: Founding, today: date) -> None:
    """Put the units on our lists before a preparatory group is approved.

    Raises ``Refused`` when one of them belongs to a union or has agreed to another founding (BUILD-7).
    """
    employers = _listed_employers(work, founding, today)
    if any(is_bound(work.session, employer.id, founding.way, today) for employer in employers):
        raise Refused(["unit_is_covered"])
    _refuse_agreed_elsewhere(work, founding)


def _refuse_agreed_elsewhere(work: Work, founding: Founding) -> None:
    hold_employers(work, founding.employer_ids)
    if agreed_elsewhere(work.session, founding.employer_ids, founding.application.id):
        raise Refused(["unit_agreed_elsewhere"])


def _held_employers(work: Work, founding: Founding, today: date) -> list[Employer]:
    """The employers behind the units, locked after the unions that cover them, each in the order of ids."""
    employers = sorted(_listed_employers(work, founding, today), key=lambda employer: employer.id)
    ids = [employer.id for employer in employers]
    covering = select(Union).join(Coverage, Coverage.union_id == Union.id)
    open_ones = covering.where(Coverage.employer_id.in_(ids), Coverage.until_on.is_(None))
    hold_unions(work, *work.session.scalars(open_ones))
    hold_employers(work, ids)
    return employers


def _pools(work: Work, county_code: str) -> Sequence[Union]:
    pools = select(Union).where(Union.kind == POOL.code, Union.county_code == county_code)
    return work.session.scalars(pools).all()


def _listed_employers(work: Work, founding: Founding, today: date) -> list[Employer]:
    """The employers behind the units; one that is on no list yet is put there with the headcount it stated.

    Who puts a unit on the lists of a county holds its pool: two at once would list the same depot twice.
    """
    if any(unit.employer_id is None for unit in founding.standing):
        hold_unions(work, *_pools(work, founding.county_code))
    return [_employer_of(work, founding, unit, today) for unit in founding.standing]


def _employer_of(work: Work, founding: Founding, unit: FoundingUnit, today: date) -> Employer:
    if unit.employer_id:
        return work.session.get_one(Employer, unit.employer_id)
    employer = _known_since(work, founding, unit) or _new_employer(work, unit, today)
    unit.employer_id = employer.id
    return employer


def _known_since(work: Work, founding: Founding, unit: FoundingUnit) -> Employer | None:
    """The employer, when it was listed since the request was begun: no unit is on our lists twice."""
    county = county_of(unit.region_code)
    if is_listed_elsewhere(work.session, unit.credit_code, county):
        raise Refused(["unit_listed_elsewhere"])
    employer = known_employer(
        work.session,
        credit_code=unit.credit_code or "",
        name=unit.name,
        county=county,
        filing_number=unit.filing_number or "",
    )
    if employer and employer.id in {each.employer_id for each in founding.application.units}:
        raise Refused(["unit_named_twice"])
    return employer


def _new_employer(work: Work, unit: FoundingUnit, today: date) -> Employer:
    employer = Employer(
        code=new_code(CODE_LENGTH),
        name=unit.name,
        county_code=county_of(unit.region_code),
        region_code=unit.region_code,
        group="other",
        credit_code=unit.credit_code,
        filing_number=unit.filing_number,
    )
    work.session.add(employer)
    work.session.flush()
    record_headcount(work, employer.id, surveyed_on=today, workers=unit.workers, source="建会申请")
    return employer


def _new_union(work: Work, founding: Founding, number: str, today: date) -> Union:
    trades = set(work.session.scalars(select(Employer.group).where(Employer.id.in_(founding.employer_ids))))
    union = Union(
        code=new_code(CODE_LENGTH),
        name=founding.details.union_name,
        kind=kind_for(founding.way).code,
        county_code=founding.county_code,
        region_code=founding.standing[0].region_code,
        group=trades.pop() if len(trades) == 1 else None,  # the guide finds a union by the trade all its units share
        founded_on=today,
        approval_number=number,
        approved_on=today,
    )
    work.session.add(union)
    work.session.flush()
    return union


def _leave_the_old_one(work: Work, founding: Founding, employer: Employer, number: str, today: date) -> None:
    """A unit that forms its own leaves its joint union on that day (BUILD-7); nobody else leaves one this way."""
    current = select(Coverage).where(Coverage.employer_id == employer.id, Coverage.until_on.is_(None))
    coverage = work.session.scalar(current)
    if coverage is None:
        return
    old = work.session.get_one(Union, coverage.union_id)
    if founding.way != OWN_COMMITTEE or not KINDS[old.kind].may_cover_several:
        raise Refused(["unit_is_covered"])
    must = must_form_own(number_of_members(work.session, employer.id, founding.county_code))
    end_coverage(work, coverage, today, EndCause.REACHED_25 if must else EndCause.BY_OWN_WISH, number)


def _begin_term(work: Work, founding: Founding, union: Union) -> None:
    """LAW-12: three or five years from the day of the election (ELEC-20); the one before it and its officers end."""
    meeting = founding.meeting
    if meeting is None:
        raise Refused(["meeting_not_recorded"])
    close_terms(work, union.id, meeting.meeting_on)
    ever = select(UnionTerm).where(UnionTerm.union_id == union.id)
    last = work.session.scalar(ever.order_by(UnionTerm.ordinal.desc()).limit(1))
    work.session.add(
        UnionTerm(
            union_id=union.id,
            application_id=founding.application.id,
            ordinal=last.ordinal + 1 if last else 1,
            years=meeting.term_years,
            elected_on=meeting.meeting_on,
            ends_on=years_later(meeting.meeting_on, meeting.term_years),
            # The union stays the legal person it is until its certificate ends or is exchanged (domain 7.5).
            registered_on=last.registered_on if last else None,
            certificate_until=last.certificate_until if last else None,
            credit_code=last.credit_code if last else None,
        )
    )


def _seat_officers(work: Work, founding: Founding, union: Union, members: int) -> None:
    """Who was elected, with the office the first session gave; and who looks after the women workers (BUILD-8)."""
    found, meeting = founding.outcome(members), founding.meeting
    if found is None or meeting is None:
        raise Refused(["meeting_not_recorded"])
    elected = {body: set(ids) for body, ids in found.elected.items()}
    for body, listed in founding.lists.items():
        work.session.add_all(
            UnionOfficer(
                union_id=union.id,
                application_id=founding.application.id,
                person_id=each.person_id,
                name=each.name,
                body=body,
                office=each.office,
                from_on=meeting.meeting_on,
            )
            for each in listed
            if str(each.id) in elected.get(body, set())
        )
    if meeting.womens_person:
        work.session.add(
            UnionOfficer(
                union_id=union.id,
                application_id=founding.application.id,
                person_id=meeting.womens_person_id,
                name=meeting.womens_person.name,
                body=WOMEN,
                office=WOMENS_MEMBER,
                from_on=meeting.meeting_on,
            )
        )
