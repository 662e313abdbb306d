"""What papers and lists tell: a union's running term and certificate, an employer's headcount."""

from datetime import date, datetime

from sqlalchemy import select

from enrollment.rules.access import Act, Actor
from enrollment.rules.election import Body
from enrollment.rules.kinds import KINDS
from enrollment.rules.meetings import CHAIR
from enrollment.rules.rates import headcount_objections
from enrollment.rules.terms import certificate_objections, term_objections, years_later
from enrollment.storage import moves
from enrollment.storage.database import transaction
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.foundings import UnionOfficer, UnionTerm
from enrollment.storage.headcounts import record_headcount as record
from enrollment.storage.unions import Employer, Headcount, Union
from enrollment.unions.actions import audited, employer_of, once, union_of


def record_term(  # noqa: PLR0917 -- what the papers of the union tell
    code: str,
    ordinal: int,
    elected_on: date,
    years: int,
    chair: str,
    certificate_until: date | None,
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> None:
    """Write down the running term of a union from before, with its chair, so that its end is seen coming (BUILD-9).

    Raises ``Missing`` outside the territory and for a holding pool, ``Refused`` with what stands against it,
    ``Conflict`` when the union has ended or a term is on record.
    """
    mine = select(UnionTerm.id).join(Union, Union.id == UnionTerm.union_id).where(Union.code == code)
    done = mine.where(UnionTerm.ordinal == ordinal, UnionTerm.elected_on == elected_on, UnionTerm.years == years)
    with once(done), transaction(by=by, act=Act.DECIDE_FOUNDING, now=now) as work:
        union = union_of(work, code)
        if KINDS[union.kind].holds:
            raise Missing
        moves.hold_unions(work, union)
        if union.dissolved_on is not None or work.session.scalar(mine.limit(1)):
            raise Conflict
        lacking = term_objections(elected_on, years, certificate_until, founded_on=union.founded_on, today=today)
        if lacking:
            raise Refused(lacking)
        term = UnionTerm(union_id=union.id, ordinal=ordinal, years=years, elected_on=elected_on)
        term.ends_on, term.certificate_until = years_later(elected_on, years), certificate_until
        head = UnionOfficer(union_id=union.id, name=chair, body=Body.COMMITTEE, office=CHAIR, from_on=elected_on)
        work.session.add_all((term, head))
        audited(work, union.code, "term", str(ordinal))


def record_certificate(
    code: str, registered_on: date, credit_code: str, certificate_until: date, *, by: Actor, now: datetime, today: date
) -> None:
    """Write down the certificate of the running term: a new one, one that was exchanged, or one typed wrong.

    A second time changes nothing. Raises ``Missing`` outside the territory and without a running term, ``Refused`` with
    what stands against it (domain 7.5).
    """
    with transaction(by=by, act=Act.DECIDE_FOUNDING, now=now) as work:
        union = union_of(work, code)
        moves.hold_unions(work, union)
        running = select(UnionTerm).where(UnionTerm.union_id == union.id, UnionTerm.closed_on.is_(None))
        term = work.session.scalar(running.order_by(UnionTerm.ordinal.desc()).limit(1))
        if term is None or union.dissolved_on is not None:
            raise Missing
        ends = {"ends_on": term.ends_on, "today": today}
        lacking = certificate_objections(registered_on, credit_code, certificate_until, **ends)
        if lacking:
            raise Refused(lacking)
        before = f"{term.registered_on or ''}/{term.certificate_until or ''}/{term.credit_code or ''}"
        term.registered_on, term.certificate_until, term.credit_code = registered_on, certificate_until, credit_code
        audited(work, union.code, "certificate", before)


def record_headcount(
    code: str, surveyed_on: date, workers: int, source: str, *, by: Actor, now: datetime, today: date
) -> None:
    """Add a headcount of an employer with its source; of a day that has one already, as its correction (STAT-5).

    A second time changes nothing. Raises ``Missing`` outside the territory, ``Refused`` with what stands against it.
    """
    mine = select(Headcount.id).join(Employer, Employer.id == Headcount.employer_id).where(Employer.code == code)
    done = mine.where(Headcount.surveyed_on == surveyed_on, Headcount.workers == workers, Headcount.source == source)
    with once(done), transaction(by=by, act=Act.RECORD_HEADCOUNT, now=now) as work:
        employer = employer_of(work, code)
        lacking = headcount_objections(surveyed_on, closed_on=employer.closed_on, today=today)
        if lacking:
            raise Refused(lacking)
        if not record(work, employer.id, surveyed_on=surveyed_on, workers=workers, source=source):
            raise Conflict
        audited(work, employer.code, f"{surveyed_on}", f"{workers}")
