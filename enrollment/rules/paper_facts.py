"""The facts that the papers of a founding (建会公文) are made of, and the names that follow from them.

No ethnicity, no political status, no identity number, no phone (LAW-1, domain 11).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from enrollment.rules.election import womens_body
from enrollment.rules.founding import NEW_JOINT, ONE_OFFICER, OWN_COMMITTEE
from enrollment.rules.papers import chinese_date
from enrollment.rules.stages import RE_ELECTION

ORGANIZER = "组织员"
WOMENS_OFFICES = {"womens_committee": "女职工委员会主任", "womens_member": "女职工委员"}


class MeetingKind(StrEnum):
    """ELEC-11: all members, or delegates."""

    MEMBERS = "members"
    DELEGATES = "delegates"


class Body(StrEnum):
    """What one ballot elects: the members of a committee, or one officer in its place."""

    COMMITTEE = "committee"
    AUDIT = "audit"
    OFFICER = "officer"


_MEETINGS = {MeetingKind.MEMBERS: "会员大会", MeetingKind.DELEGATES: "会员代表大会", None: "会员（代表）大会"}
_COMMITTEES = {Body.COMMITTEE: "委员会", Body.AUDIT: "经费审查委员会"}
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperUnit:
    """A unit that takes part (参加单位). ``number``: credit code or filing number; zero counts are not written."""

    name: str
    business: str = ""
    workers: int = 0
    members: int = 0
    number: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMember:
    """Somebody of the preparatory group (筹备组成员); the first named leads it. ``career``: a short CV."""

    name: str
    unit: str = ""
    post: str = ""
    career: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """The meeting (大会), of a kind once it is known.

    ``starts_at``: as ``15:00``, Beijing time. ``notice_from``: when the notice of candidates began (ELEC-10).
    ``term_years``: 3 or 5 (LAW-12).
    """

    kind: MeetingKind | None = None
    day: date | None = None
    starts_at: str = ""
    place: str = ""
    notice_from: date | None = None
    term_years: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who stands (候选人).

    ``sex``: its word or its code of GB/T 2261.1. ``born``: year and month as ``1990-01``. ``proposed`` and ``office``:
    the office beside the seat, before and after the election. ``relation``: to a unit's head, empty for none (ELEC-8).
    ``written_in``: by voters, who was on no list (ELEC-17).
    """

    name: str
    sex: str = ""
    unit: str = ""
    born: str = ""
    proposed: str = ""
    relation: str = ""
    yes: int | None = None
    written_in: bool = False
    elected: bool = False
    office: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voted:
    """One vote as it was counted: ballots issued, returned and void, and whom it elected with how many votes."""

    issued: int
    returned: int
    void: int = 0
    winners: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """What is elected: the seats (应选), who stands, in the order given; and the votes, runoffs after the first."""

    body: Body = Body.COMMITTEE
    seats: int = 0
    candidates: tuple[Candidate, ...] = ()
    votes: tuple[Voted, ...] = ()

    @property
    def winners(self) -> tuple[Candidate, ...]:
        return tuple(candidate for candidate in self.candidates if candidate.elected)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """A member on the roster. ``number``: empty for the place in the list."""

    name: str
    sex: str = ""
    unit: str = ""
    joined_on: date | None = None
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """Everything papers can say; what is missing is left out of them.

    ``upper_union``: the approving union. ``way``: ``own_committee``, ``new_joint``, ``one_officer`` or ``re_election``.
    ``wish``: how the workers said that they want a union, in the group's own words.
    ``womens_member``: who of those not elected looks after the women workers (BUILD-8), empty for nobody.
    ``minutes``: there are any, to go with the report. ``session``: 1 for 第一届, 第一次.
    ``answers``: the title of the paper that a reply answers, where it was edited; empty for as composed.
    """

    union_name: str
    upper_union: str
    place: str = ""
    way: str = OWN_COMMITTEE
    units: tuple[PaperUnit, ...] = ()
    wish: str = ""
    group: tuple[GroupMember, ...] = ()
    workers: int = 0
    members: int = 0
    women: int = 0
    meeting: Meeting = Meeting()
    contests: tuple[Contest, ...] = ()
    womens_member: str = ""
    minutes: bool = False
    entitled: int = 0
    present: int = 0
    roster: tuple[RosterRow, ...] = ()
    session: int = 1
    on: date | None = None
    number: str = ""
    answers: str = ""

    @property
    def is_joint(self) -> bool:
        return self.way == NEW_JOINT

    @property
    def is_one_officer(self) -> bool:
        """Whether one officer is elected in place of a committee; in a re-election what is elected says so."""
        return self.way == ONE_OFFICER or any(contest.body is Body.OFFICER for contest in self.contests)

    @property
    def is_re_election(self) -> bool:
        return self.way == RE_ELECTION

    @property
    def short_name(self) -> str:
        """The union without the word committee: 昌吉市快递行业联合工会."""
        name = self.union_name
        if name.endswith(("工会委员会", "工会联合会委员会")):
            return name.removesuffix("委员会")
        return name if "工会" in name else f"{name}工会"

    @property
    def issuer(self) -> str:
        """Who writes upward: the preparatory group, or the committee of a union that stands."""
        return self.union_name if self.is_re_election else f"{self.short_name}筹备组"

    @property
    def term(self) -> str:
        """The term of office: 第一届."""
        return f"第{chinese_number(self.session)}届"

    @property
    def meeting_name(self) -> str:
        """The meeting by its number: 第一次会员大会."""
        return f"第{chinese_number(self.session)}次{_MEETINGS[self.meeting.kind]}"

    @property
    def womens_office(self) -> str:
        """What somebody is who looks after the women workers: the head of their committee from ten women (BUILD-8)."""
        return WOMENS_OFFICES[womens_body(self.women)]

    @property
    def elected(self) -> str:
        """Whom the meeting elects as a whole: 第一届委员会, or 组织员."""
        return ORGANIZER if self.is_one_officer else f"{self.term}委员会"

    def committee(self, body: Body) -> str:
        """A committee with its term, for example 第一届经费审查委员会; empty for what is an office."""
        return f"{self.term}{_COMMITTEES[body]}" if body in _COMMITTEES else ""

    def seat(self, body: Body) -> str:
        """What somebody is elected to be, in short: 委员, 经费审查委员会委员, 组织员."""
        return "委员" if body is Body.COMMITTEE else self.full_seat(body).removeprefix(self.term)

    def full_seat(self, body: Body) -> str:
        """The same with its term: 第一届委员会委员; an officer stays as it is."""
        return f"{self.committee(body)}委员" if body in _COMMITTEES else ORGANIZER


def chinese_number(number: int) -> str:
    """1 to 99 in Chinese numerals; beyond that the digits."""
    tens, ones = divmod(number, 10)
    if not 1 <= number < len(_DIGITS) * 10:
        return str(number)
    before = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return before + (_DIGITS[ones] if ones else "")


def day_and_place(meeting: Meeting) -> str:
    """When and where, for the middle of a sentence: 于2021年12月10日在快递分拨中心; empty when neither is known."""
    day = f"于{chinese_date(meeting.day)}" if meeting.day else ""
    return day + (f"在{meeting.place}" if meeting.place else "")
