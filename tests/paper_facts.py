"""Facts of foundings for the tests of papers: a joint union, one unit's union, one organizer, a re-election."""

from dataclasses import replace
from datetime import date
from typing import Any

from enrollment.rules.paper_facts import (
    Body,
    Candidate,
    Contest,
    GroupMember,
    Meeting,
    MeetingKind,
    PaperFacts,
    PaperUnit,
    RosterRow,
    Voted,
)


def voted(contest: Contest, issued: int, returned: int, void: int = 0) -> Contest:
    """The contest after one vote, which elected all who are elected."""
    return replace(contest, votes=(Voted(issued=issued, returned=returned, void=void, winners=contest.winners),))


COMMITTEE = voted(
    Contest(
        body=Body.COMMITTEE,
        seats=3,
        candidates=(
            Candidate(
                name="马晓",
                sex="1",
                unit="快马网点",
                born="1990-01",
                proposed="主席",
                yes=12,
                elected=True,
                office="主席",
            ),
            Candidate(name="王芳", sex="2", unit="快马网点", born="1992-05", yes=11, elected=True, office="女职工委员"),
            Candidate(name="艾麦尔·图尔荪", sex="1", unit="飞驰网点", born="1988-11", yes=6),
            Candidate(
                name="李强",
                sex="1",
                unit="飞驰网点",
                born="1985-03",
                proposed="副主席",
                yes=10,
                elected=True,
                office="副主席",
            ),
        ),
    ),
    13,
    13,
    1,
)
AUDIT = voted(
    Contest(
        body=Body.AUDIT,
        seats=1,
        candidates=(
            Candidate(name="陈刚", sex="男", unit="飞驰网点", born="1991-07", yes=9, elected=True, office="主任"),
            Candidate(name="周平", sex="9", unit="飞驰网点", yes=3),
        ),
    ),
    13,
    12,
)
OFFICER = voted(
    Contest(
        body=Body.OFFICER,
        seats=1,
        candidates=(Candidate(name="马晓", sex="1", unit="四人网点", yes=4, elected=True),),
    ),
    4,
    4,
)


def joint(**changes: Any) -> PaperFacts:
    """Two depots stand together."""
    facts = PaperFacts(
        union_name="昌吉市快递行业联合工会委员会",
        upper_union="昌吉市总工会",
        place="昌吉市",
        way="new_joint",
        units=(
            PaperUnit(name="快马网点", workers=9, members=9, number="KD65230100001", contact="马晓"),
            PaperUnit(name="飞驰网点", workers=7, members=6, number="91652301MC0000004T", contact="李强"),
        ),
        group=(
            GroupMember(name="马晓", unit="快马网点", post="快递员", career="2018年起从事快递收派工作"),
            GroupMember(name="李强", unit="飞驰网点", post="站点组长"),
        ),
        workers=16,
        members=15,
        women=4,
        meeting=Meeting(
            kind=MeetingKind.MEMBERS,
            day=date(2021, 12, 10),
            place="快递分拨中心会议室",
            notice_from=date(2021, 12, 1),
            term_years=3,
        ),
        contests=(COMMITTEE, AUDIT),
        minutes=True,
        entitled=15,
        present=13,
        roster=(
            RosterRow(name="马晓", sex="1", unit="快马网点", joined_on=date(2021, 11, 30)),
            RosterRow(name="王芳", sex="2", unit="快马网点", number="7"),
        ),
        on=date(2021, 12, 12),
        number="昌市工复〔2021〕3号",
    )
    return replace(facts, **changes)


def single(**changes: Any) -> PaperFacts:
    """One enterprise has a committee of its own, alone."""
    unit = PaperUnit(name="顺达快递有限公司", business="快递收派", number="91652301MC0000004T", contact="张三")
    facts = joint(union_name="顺达快递有限公司工会委员会", way="own_committee", units=(unit,))
    return replace(facts, **changes)


def one_officer(**changes: Any) -> PaperFacts:
    """A depot of four elects one organizer."""
    facts = joint(
        union_name="四人网点工会",
        way="one_officer",
        units=(PaperUnit(name="四人网点"),),
        group=(GroupMember(name="马晓"),),
        workers=4,
        members=4,
        women=0,
        contests=(OFFICER,),
        entitled=4,
        present=4,
    )
    return replace(facts, **changes)


def re_election(**changes: Any) -> PaperFacts:
    """The joint union elects its second committee."""
    return joint(**{"way": "re_election", "session": 2} | changes)


def bare(way: str) -> PaperFacts:
    """Nothing is known but the names."""
    return PaperFacts(union_name="顺达快递有限公司工会委员会", upper_union="昌吉市总工会", way=way)


WAYS = ("own_committee", "new_joint", "one_officer", "re_election")
EVERYBODY = (joint(), single(), one_officer(), re_election(), *map(bare, WAYS))
