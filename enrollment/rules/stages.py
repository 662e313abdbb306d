"""The stages of a founding (建会流程, domain 7.4) as data: entries in order → the present stage, and who acts in it.

The stage is never set: it is what the entries led to. A return goes back to the stage that has to be done again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from enrollment.rules.applications import State
from enrollment.rules.founding import JOIN_JOINT, NEW_JOINT, ONE_OFFICER, OWN_COMMITTEE

RE_ELECTION = "re_election"
"""A new term of a union that stands (换届): the same stages from the request for the meeting on."""


class FoundingStep(StrEnum):
    """One dated entry in the history of a founding."""

    STARTED = "started"
    AGREED = "agreed"
    DECLINED = "declined"
    ASKED = "asked"
    INVITED = "invited"
    REMINDED = "reminded"
    LEFT_OUT = "left_out"
    RENAMED = "renamed"
    SUBMITTED = "submitted"
    GROUP_APPROVED = "group_approved"
    PREPARED = "prepared"
    MEETING_REQUESTED = "meeting_requested"
    MEETING_APPROVED = "meeting_approved"
    MEETING_HELD = "meeting_held"
    RECORD_CORRECTED = "record_corrected"
    VOTED_AGAIN = "voted_again"
    SESSION_HELD = "session_held"
    RESULT_REPORTED = "result_reported"
    RETURNED = "returned"
    MEETING_AGAIN = "meeting_again"
    LIST_AGAIN = "list_again"
    APPROVED = "approved"
    REGISTERED = "registered"
    CONCLUDED = "concluded"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Ball(StrEnum):
    """Who has to act: the preparatory group (筹备组, later the committee), or the next upper union (上一级工会)."""

    GROUP = "group"
    UPPER = "upper"


class Stage(StrEnum):
    """Where a founding stands; the request and its reply are two, since two act."""

    GROUP_REQUEST = "group_request"
    GROUP_REPLY = "group_reply"
    PREPARATION = "preparation"
    MEETING_REQUEST = "meeting_request"
    MEETING_REPLY = "meeting_reply"
    MEETING = "meeting"
    FIRST_SESSION = "first_session"
    RESULT_REPORT = "result_report"
    ESTABLISHMENT = "establishment"
    REGISTRATION = "registration"
    ENTRY = "entry"
    JOIN_REQUEST = "join_request"
    JOIN_REPLY = "join_reply"


_S, _F = Stage, FoundingStep


@dataclass(frozen=True, slots=True)
class Part:
    """One stage as data.

    ``number`` in the table of domain 7.4; ``done_by``: the entry that opens the next stage; ``leads``: other entries
    and the stage each leads to; ``papers``: kinds of papers that are written in it; ``clock``: which time limit runs.
    """

    stage: Stage
    number: int
    ball: Ball
    done_by: FoundingStep
    leads: Mapping[FoundingStep, Stage] = field(default_factory=dict)
    papers: tuple[str, ...] = ()
    clock: str = ""


LOCAL, ELECTION_RULES = "local", "election_rules"
"""Time limits: the local one (本地办理时限), and the 15 days of ELEC-20."""

_MEETINGS: tuple[Part, ...] = (
    Part(_S.MEETING_REQUEST, 3, Ball.GROUP, _F.MEETING_REQUESTED, papers=("meeting_request",)),
    Part(
        _S.MEETING_REPLY,
        4,
        Ball.UPPER,
        _F.MEETING_APPROVED,
        {_F.RETURNED: _S.MEETING_REQUEST},
        papers=("meeting_reply",),
        clock=LOCAL,
    ),
    Part(_S.MEETING, 5, Ball.GROUP, _F.MEETING_HELD, papers=("attendance_sheet", "ballot")),
    Part(
        _S.FIRST_SESSION,
        6,
        Ball.GROUP,
        _F.SESSION_HELD,
        # A broken meeting elects nobody who could hold a session: it is held again, or reported as it was.
        {_F.MEETING_AGAIN: _S.MEETING, _F.LIST_AGAIN: _S.MEETING_REQUEST, _F.RESULT_REPORTED: _S.ESTABLISHMENT},
    ),
    Part(
        _S.RESULT_REPORT,
        7,
        Ball.GROUP,
        _F.RESULT_REPORTED,
        # Others may be elected by the corrected figures: the committee meets again, where there is one.
        {
            _F.MEETING_AGAIN: _S.MEETING,
            _F.LIST_AGAIN: _S.MEETING_REQUEST,
            _F.RECORD_CORRECTED: _S.FIRST_SESSION,
        },
        papers=("result_report",),
    ),
    Part(
        _S.ESTABLISHMENT,
        8,
        Ball.UPPER,
        _F.APPROVED,
        {
            _F.RETURNED: _S.RESULT_REPORT,
            _F.MEETING_AGAIN: _S.MEETING,
            _F.LIST_AGAIN: _S.MEETING_REQUEST,
        },
        papers=("establishment_reply",),
        clock=ELECTION_RULES,
    ),
    Part(_S.REGISTRATION, 9, Ball.GROUP, _F.REGISTERED),
)
_ENTRY = Part(_S.ENTRY, 10, Ball.UPPER, _F.CONCLUDED)
_GROUP: tuple[Part, ...] = (
    Part(_S.GROUP_REQUEST, 1, Ball.GROUP, _F.SUBMITTED, papers=("group_request",)),
    Part(
        _S.GROUP_REPLY,
        1,
        Ball.UPPER,
        _F.GROUP_APPROVED,
        {_F.RETURNED: _S.GROUP_REQUEST},
        papers=("group_reply",),
        clock=LOCAL,
    ),
    Part(_S.PREPARATION, 2, Ball.GROUP, _F.PREPARED, papers=("roster",)),
)
_FULL = (*_GROUP, *_MEETINGS, _ENTRY)

PROCEDURES: dict[str, tuple[Part, ...]] = {
    NEW_JOINT: _FULL,
    OWN_COMMITTEE: _FULL,
    ONE_OFFICER: tuple(part for part in _FULL if part.stage is not Stage.FIRST_SESSION),
    JOIN_JOINT: (
        Part(_S.JOIN_REQUEST, 1, Ball.GROUP, _F.SUBMITTED),
        Part(_S.JOIN_REPLY, 1, Ball.UPPER, _F.APPROVED, {_F.RETURNED: _S.JOIN_REQUEST}, clock=LOCAL),
    ),
    RE_ELECTION: _MEETINGS,
}
"""The stages of each way in order."""

_REPEATS = frozenset({FoundingStep.MEETING_AGAIN, FoundingStep.LIST_AGAIN})
_ANSWERS = frozenset({_F.AGREED, _F.DECLINED, _F.ASKED, _F.INVITED, _F.REMINDED})
_ON_THE_VOTE = frozenset({FoundingStep.VOTED_AGAIN, FoundingStep.RECORD_CORRECTED})
_SIDE = _ANSWERS | _ON_THE_VOTE | {_F.LEFT_OUT, _F.RENAMED}
"""Entries that change no stage."""

_AFTER_THE_VOTE = frozenset({Stage.FIRST_SESSION, Stage.RESULT_REPORT})
_GATES = frozenset({Stage.GROUP_REPLY, Stage.MEETING_REPLY, Stage.ESTABLISHMENT, Stage.JOIN_REPLY})
_LEAVING_OUT = _GATES | {Stage.GROUP_REQUEST, Stage.PREPARATION, Stage.MEETING_REQUEST}
"""Where the others may go on without a unit: the group until its candidates are sent, the upper union at a gate."""

REGISTRATION_ITEMS: tuple[str, ...] = ("seal", "bank_account", "legal_person")
"""What the new committee does in stage 9, each with its day."""


def registration_items(way: str) -> tuple[str, ...]:
    """What of these a way asks for (domain 7.5).

    A union that elects anew has its seal and account; one organizer in the place of a committee needs the seal alone.
    """
    return {RE_ELECTION: ("legal_person",), ONE_OFFICER: ("seal",)}.get(way, REGISTRATION_ITEMS)


ENTRY_ITEMS: tuple[str, ...] = ("real_name", "plaque", "funds")
"""What closes a founding in stage 10: real names entered (实名制), plaque (授牌), funds (经费)."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a founding stands. ``part`` is None once nothing is left to do. ``round``: which meeting, from 1."""

    way: str
    part: Part | None
    state: State
    round: int

    @property
    def stage(self) -> Stage | None:
        return self.part.stage if self.part else None

    @property
    def ball(self) -> Ball | None:
        return self.part.ball if self.part else None

    def is_past(self, stage: Stage) -> bool:
        """Whether ``stage`` is one of the way's stages and lies behind."""
        order = [part.stage for part in PROCEDURES[self.way]]
        here = order.index(self.part.stage) if self.part else len(order)
        return stage in order and (order.index(stage) < here)


def position(way: str, steps: Iterable[FoundingStep]) -> Position:
    """The present stage of a founding on this ``way``, from its entries in order; odd entries change nothing."""
    parts = PROCEDURES[way]
    order = [part.stage for part in parts]
    here, again, state = 0, 1, State.NEW
    for step in steps:
        part = parts[here] if here < len(parts) else None
        if step in (FoundingStep.WITHDRAWN, FoundingStep.REFUSED):
            return Position(way, None, State(step), again)
        if step is FoundingStep.APPROVED and part and step is not part.done_by:
            return Position(way, None, State.APPROVED, again)  # from before the stages: one reply made the union
        if part and step is part.done_by:
            here += 1
        elif part and part.leads.get(step) in order:
            here = order.index(part.leads[step])
            again += step in _REPEATS
        state = _state(parts, here, step, state)
    return Position(way, parts[here] if here < len(parts) else None, state, again)


def _state(parts: tuple[Part, ...], here: int, step: FoundingStep, before: State) -> State:
    """The state of the queue that goes with a stage."""
    if before is State.APPROVED or step is FoundingStep.APPROVED:
        return State.APPROVED
    if step in _SIDE:
        return before
    if step is FoundingStep.RETURNED:
        return State.RETURNED
    if parts[here].ball is Ball.UPPER:
        return State.SUBMITTED
    return State.GATHERING if here == 0 and parts[0].stage is not Stage.MEETING_REQUEST else State.PREPARING


def open_steps(at: Position) -> frozenset[FoundingStep]:
    """The entries that may follow. Neighbors answer until the request is sent (BUILD-4); nothing follows an end."""
    if at.part is None:
        return frozenset()
    steps = {at.part.done_by, *at.part.leads, *_beside(at)}
    if at.state is State.NEW:
        steps.add(FoundingStep.STARTED)
    if at.state is not State.APPROVED:
        steps.add(FoundingStep.WITHDRAWN)
    if at.stage in _GATES:
        steps.add(FoundingStep.REFUSED)
    return frozenset(steps)


def _beside(at: Position) -> frozenset[FoundingStep]:
    """Entries of this stage that change no stage."""
    if at.stage in _AFTER_THE_VOTE:
        return _ON_THE_VOTE
    steps: set[FoundingStep] = set()
    if at.way == NEW_JOINT and at.stage is Stage.GROUP_REQUEST:
        steps |= _ANSWERS
    if at.way == NEW_JOINT and at.stage in _LEAVING_OUT:
        steps.add(FoundingStep.LEFT_OUT)
    if at.way != RE_ELECTION and at.stage is Stage.MEETING_REQUEST:
        steps.add(FoundingStep.RENAMED)
    return frozenset(steps)


def acts(at: Position, step: FoundingStep, who: Ball) -> bool:
    """Whether ``who`` may take ``step`` now: an entry of the stage is its actor's, a withdrawal the group's."""
    if step not in open_steps(at):
        return False
    if step in _ANSWERS or step in (FoundingStep.WITHDRAWN, FoundingStep.STARTED):
        return who is Ball.GROUP
    return at.ball is who


def numbers(way: str) -> tuple[int, ...]:
    """The numbers of the way's stages, each once, in order."""
    return tuple(dict.fromkeys(part.number for part in PROCEDURES[way]))
