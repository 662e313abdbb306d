"""The papers of a founding: its rows as facts of the papers, drafts, and the issue in the transaction of an act."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.rules import paper_facts as facts
from enrollment.rules.drafting import compose
from enrollment.rules.election import womens_body
from enrollment.rules.identity import Sex
from enrollment.rules.meetings import WOMENS_MEMBER
from enrollment.rules.paper_facts import PaperFacts
from enrollment.rules.papers import PAPERS, Paper, PaperKind, from_dict
from enrollment.rules.regions import REGIONS
from enrollment.rules.stages import PROCEDURES, RE_ELECTION, FoundingStep, Part, Stage
from enrollment.storage.applications import FoundingUnit
from enrollment.storage.database import Work
from enrollment.storage.failures import Missing
from enrollment.storage.foundings import FoundingBallot, FoundingCandidate, UnionTerm
from enrollment.storage.papers import (
    FoundingPaper,
    edit_words,
    issue,
    mark_of,
    paper_shown,
    paper_to_change,
    papers_of,
)
from enrollment.storage.procedures import Founding
from enrollment.storage.rosters import RosterLine, voters
from enrollment.storage.unions import Employer

_OFFICES = {"chair": "主席", "vice_chair": "副主席", "audit_chair": "经费审查委员会主任"}
_RELATIONS = {
    "head": "单位负责人",
    "legal_representative": "法定代表人",
    "partner": "合伙人",
    "near_relative": "近亲属",
}


_ANSWERED = {
    PaperKind.GROUP_REPLY: PaperKind.GROUP_REQUEST,
    PaperKind.MEETING_REPLY: PaperKind.MEETING_REQUEST,
    PaperKind.ESTABLISHMENT_REPLY: PaperKind.RESULT_REPORT,
}


_CORRECTED = (FoundingStep.RECORD_CORRECTED,)
"""What the sheet of the assembly tells was typed anew: it is written again."""


def part_of(founding: Founding, kind: PaperKind) -> Part | None:
    """The stage in which a paper is written; None when this way has none."""
    return next((part for part in PROCEDURES[founding.way] if kind in part.papers), None)


def kinds_for(founding: Founding) -> tuple[PaperKind, ...]:
    """The papers of the stages reached so far, in the order they are written; one at its end begins no more."""
    at, parts = founding.position, PROCEDURES[founding.way]
    if at.part is None:
        reached = [part for part in parts if founding.last(part.done_by)]
    else:
        reached = [part for part in parts if at.stage is part.stage or at.is_past(part.stage)]
    return tuple(PaperKind(kind) for part in reached for kind in part.papers)


def edition(founding: Founding, kind: PaperKind) -> int:
    """Which writing of a paper counts now: what went out before a return stays as it was, the next is a new one."""
    part = part_of(founding, kind)
    if part is None:
        return 1
    written = (part.done_by, *(_CORRECTED if part.stage is Stage.MEETING else ()))
    times = sum(act.step in written for act in founding.acts)
    return max(1, times if founding.position.is_past(part.stage) else times + 1)


def papers_for(session: Session, founding: Founding, *, upper: bool) -> list[tuple[PaperKind, FoundingPaper | None]]:
    """The papers of the stages reached as one side sees them: its own drafts too, of the other's what went out.

    ``upper``: for the upper union, else for the group. At its end a founding has no drafts.
    """
    rows, under_way = papers_by_kind(session, founding), founding.position.part is not None
    return [
        (kind, row)
        for kind in kinds_for(founding)
        for row in [rows.get(kind)]
        if (under_way and PAPERS[kind].by_upper is upper) or (row and row.issued_on)
    ]


def past_papers(session: Session, founding: Founding) -> list[FoundingPaper]:
    """What was issued and written anew since: before a return, for an assembly that was repeated, or corrected."""
    return [
        row
        for row in papers_of(session, founding.application.id)
        if row.issued_on and row.round != edition(founding, PaperKind(row.kind))
    ]


def past_paper(session: Session, founding: Founding, kind: str, round_: int) -> Paper:
    """One of these by its edition; raises ``Missing`` for any other."""
    for row in past_papers(session, founding):
        if (row.kind, row.round) == (kind, round_) and row.content:
            return from_dict(row.content)
    raise Missing


def keep_words(work: Work, founding: Founding, kind: PaperKind, words: str, on: date) -> None:
    """Keep the edited words of a paper not issued yet, with what was composed when they were written.

    Raises ``Refused`` once it is issued, or for a table.
    """
    row = paper_to_change(work, founding.application.id, kind, round_=edition(founding, kind))
    edit_words(work, row, words, written_about=mark_of(_compose(work.session, founding, kind, on)))


def papers_by_kind(session: Session, founding: Founding) -> dict[PaperKind, FoundingPaper]:
    """The papers that were begun or issued, by kind, in the edition that counts."""
    return {
        PaperKind(row.kind): row
        for row in papers_of(session, founding.application.id)
        if row.round == edition(founding, PaperKind(row.kind))
    }


def paper_of(session: Session, founding: Founding, kind: PaperKind, on: date) -> tuple[Paper, FoundingPaper | None]:
    """A paper as its page shows it: frozen once issued, before that composed with the edited words; and its row."""
    row = papers_by_kind(session, founding).get(kind)
    composed = Paper(kind=kind, title="") if row and row.content else _compose(session, founding, kind, on)
    return paper_shown(row, composed), row


def issue_papers(
    work: Work, founding: Founding, stage: Stage, *, on: date, marks: Mapping[str, str] | None = None
) -> str:
    """Issue and freeze the papers of a stage, within the act that ends it; gives the last one's document number.

    ``marks``: of the approving nodes' numbers, for what the upper union issues. The group's have no number, and who
    joins a joint union writes none.
    """
    number = ""
    written = (kind for part in PROCEDURES[founding.way] if part.stage is stage for kind in part.papers)
    for kind in map(PaperKind, written):
        row = issue(
            work,
            founding.application.id,
            kind,
            partial(_with_number, _facts_for(work.session, founding, kind, on), kind),
            round_=edition(founding, kind),
            on=on,
            mark=marks[founding.county_code] if marks else None,
            node_code=founding.county_code,
        )
        number = row.number
    return number


def _with_number(base: PaperFacts, kind: PaperKind, number: str) -> Paper:
    return compose(kind, replace(base, number=number))


def _compose(session: Session, founding: Founding, kind: PaperKind, on: date) -> Paper:
    return compose(kind, _facts_for(session, founding, kind, on))


def _facts_for(session: Session, founding: Founding, kind: PaperKind, on: date) -> PaperFacts:
    """The facts with the title of the paper that a reply answers, as it was issued."""
    base = facts_of(session, founding, on)
    answered = papers_by_kind(session, founding).get(_ANSWERED[kind]) if kind in _ANSWERED else None
    return replace(base, answers=answered.content["title"]) if answered and answered.content else base


def facts_of(session: Session, founding: Founding, on: date) -> PaperFacts:
    """Everything the papers can say of a founding on a day."""
    meeting, application, details = founding.meeting, founding.application, founding.details
    lines = voters(session, founding, on)
    women = sum(line.person.sex == Sex.FEMALE for line in lines)
    names = _unit_names(session, founding, lines)
    places = {unit.region_code for unit in founding.standing}
    return PaperFacts(
        union_name=details.union_name,
        upper_union=f"{REGIONS[application.county_code].name}总工会",
        place=REGIONS[places.pop() if len(places) == 1 else application.county_code].name if places else "",
        way=founding.way,
        wish=details.wish,
        units=tuple(_unit(founding, unit, lines) for unit in founding.standing),
        group=tuple(
            facts.GroupMember(name=row.name, unit=row.unit_name, post=row.post, career=row.cv) for row in founding.group
        ),
        workers=sum(unit.workers for unit in founding.standing),
        members=len(lines),
        women=women,
        meeting=_meeting(founding, on),
        contests=_contests(founding, len(lines), _OFFICES | {WOMENS_MEMBER: facts.WOMENS_OFFICES[womens_body(women)]}),
        womens_member=meeting.womens_person.name if meeting and meeting.womens_person else "",
        entitled=(meeting.entitled or meeting.delegates or len(lines)) if meeting else 0,
        present=(meeting.present or 0) if meeting else 0,
        roster=_roster_rows(lines, names),
        session=_session(session, founding),
        minutes=bool(meeting and meeting.minutes),
        on=on,
    )


def _unit_names(session: Session, founding: Founding, lines: Sequence[RosterLine]) -> dict[int, str]:
    """Names of where members work: of the units, in a re-election of the employers the union covers."""
    names = {unit.employer_id: unit.name for unit in founding.standing if unit.employer_id}
    others = {line.employer_id for line in lines if line.employer_id} - names.keys()
    found = session.execute(select(Employer.id, Employer.name).where(Employer.id.in_(others))) if others else ()
    return names | {row[0]: row[1] for row in found}


def _unit(founding: Founding, unit: FoundingUnit, lines: Sequence[RosterLine]) -> facts.PaperUnit:
    own = unit is founding.application.units[0]
    return facts.PaperUnit(
        name=unit.name,
        business=founding.details.business if own else "",
        workers=unit.workers,
        members=sum(line.employer_id == unit.employer_id for line in lines) if unit.employer_id else 0,
        number=unit.credit_code or unit.filing_number or "",
        contact=founding.details.contact_name if own else "",
    )


def _meeting(founding: Founding, on: date) -> facts.Meeting:
    """The meeting of the round; one that is repeated has no day until it is held, when the day of before has passed."""
    planned = founding.meeting
    if planned is None:
        return facts.Meeting()
    passed = planned.round > 1 and planned.present is None and planned.meeting_on < on
    return facts.Meeting(
        kind=facts.MeetingKind.DELEGATES if planned.delegates else facts.MeetingKind.MEMBERS,
        day=None if passed else planned.meeting_on,
        starts_at="" if passed else planned.starts_at,
        place=planned.place,
        notice_from=planned.notice_from,
        term_years=planned.term_years,
    )


def _contests(founding: Founding, members: int, offices: Mapping[str, str]) -> tuple[facts.Contest, ...]:
    """One contest for each body."""
    outcome = founding.outcome(members)
    found = []
    for body, seats in founding.seats.items():
        elected = set(outcome.elected.get(body, ())) if outcome else set()
        votes, listed = founding.votes(body), founding.lists.get(body, ())
        standing = {str(each.id): _candidate(each, votes, elected, offices) for each in listed}
        found.append(
            facts.Contest(
                body=facts.Body(body),
                seats=seats,
                candidates=tuple(standing.values()),
                votes=tuple(
                    facts.Voted(
                        issued=vote.issued,
                        returned=vote.returned,
                        void=vote.void,
                        winners=tuple(
                            replace(standing[name], yes=vote.votes[name]) for name in result.elected if name in elected
                        ),
                    )
                    for vote, result in zip(votes, outcome.results[body] if outcome else (), strict=True)
                ),
            )
        )
    return tuple(found)


def _candidate(
    row: FoundingCandidate, votes: Sequence[FoundingBallot], elected: set[str], offices: Mapping[str, str]
) -> facts.Candidate:
    counted = [ballot.votes[str(row.id)] for ballot in votes if str(row.id) in ballot.votes]
    person = row.person
    return facts.Candidate(
        name=row.name,
        sex=person.sex if person else "",
        unit=row.unit_name,
        born=f"{person.born_on:%Y-%m}" if person else "",
        proposed=offices.get(row.proposed_office, ""),
        relation=_RELATIONS.get(row.relation, ""),
        yes=counted[-1] if counted else None,
        elected=str(row.id) in elected,
        office="、".join(offices[office] for office in row.office.split()),
        written_in=row.written_in,
    )


def _roster_rows(lines: Sequence[RosterLine], names: Mapping[int, str]) -> tuple[facts.RosterRow, ...]:
    return tuple(
        facts.RosterRow(
            name=line.person.name,
            sex=line.person.sex,
            unit=names.get(line.employer_id or 0, ""),
            joined_on=line.since,
        )
        for line in lines
    )


def _session(session: Session, founding: Founding) -> int:
    """The number of the term that is elected: the first, or the one after the last (第几届)."""
    if founding.way != RE_ELECTION:
        return 1
    own = UnionTerm.application_id == founding.application.id
    mine = session.scalar(select(UnionTerm.ordinal).where(own))
    last = select(UnionTerm.ordinal).where(UnionTerm.union_id == founding.application.union_id)
    return mine or (session.scalar(last.order_by(UnionTerm.ordinal.desc()).limit(1)) or 0) + 1
