"""Applications (申请): acts in order → the present state, and which acts are open (domain 5.1).

Those to found a union have stages of their own (``rules.stages``); they share the states of the queue.
"""

from collections.abc import Iterable
from enum import StrEnum


class Step(StrEnum):
    """One dated act in an application's history."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    CORRECTED = "corrected"
    CONFIRMED = "confirmed"
    PASSED_ON = "passed_on"
    TAKEN_ON = "taken_on"
    HANDED_OVER = "handed_over"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    REFUSED = "refused"
    UNDONE = "undone"
    ESCALATED = "escalated"


class State(StrEnum):
    """Where an application stands.

    ``gathering``: a founding whose request is being written and whose neighbors are asked; ``preparing``: one in the
    hands of its preparatory group.
    """

    NEW = "new"
    GATHERING = "gathering"
    PREPARING = "preparing"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    REFUSED = "refused"


_TO: dict[Step, State] = {
    Step.SUBMITTED: State.SUBMITTED,
    Step.RETURNED: State.RETURNED,
    Step.CORRECTED: State.SUBMITTED,
    Step.PASSED_ON: State.SUBMITTED,
    Step.WITHDRAWN: State.WITHDRAWN,
    Step.APPROVED: State.APPROVED,
    Step.REFUSED: State.REFUSED,
}
"""Steps that move the state; a confirmation in person, a new holder of the case, and that it is overdue do not.

An undone one goes back to before the last of them.
"""

OPEN_STEPS: dict[State, frozenset[Step]] = {
    State.NEW: frozenset({Step.SUBMITTED}),
    State.SUBMITTED: frozenset(
        {
            Step.CONFIRMED,
            Step.RETURNED,
            Step.PASSED_ON,
            Step.TAKEN_ON,
            Step.HANDED_OVER,
            Step.APPROVED,
            Step.REFUSED,
            Step.WITHDRAWN,
        }
    ),
    State.RETURNED: frozenset({Step.CORRECTED, Step.HANDED_OVER, Step.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
    State.APPROVED: frozenset(),
    State.REFUSED: frozenset(),
}

UNDER_WAY: tuple[State, ...] = (State.GATHERING, State.PREPARING, State.SUBMITTED, State.RETURNED)
"""States in which somebody still has to act."""

DECISIONS: frozenset[Step] = frozenset({Step.APPROVED, Step.RETURNED, Step.REFUSED})


def state_after(steps: Iterable[Step], start: State = State.NEW) -> State:
    """The state these steps, in order, lead to from ``start``; a decision that was undone leads nowhere."""
    states = [start]
    for step in steps:
        if step is Step.UNDONE:
            states = states[:-1] or [start]
        elif step in _TO:
            states.append(_TO[step])
    return states[-1]


def is_open(state: State, step: Step) -> bool:
    """Whether ``step`` may be taken in ``state``; when a decision may be undone is ``rules.undoing``'s to say."""
    return step in OPEN_STEPS.get(state, frozenset())


def missing_for_decision(
    step: Step, *, reason: str, marked: Iterable[str], note: str, by_ground: bool = True, confirmed: bool = True
) -> tuple[str, ...]:
    """What a decision lacks: a refusal needs a ground of ELIG-R, a return marked fields and a reason, passing on words.

    A member's request is refused not ``by_ground`` but in words (PRIV-11). Nobody is approved before it is
    ``confirmed`` that they applied themselves: by code, by signature, or in person (CH-2: of one's own will).
    """
    missing = []
    if step is Step.APPROVED and not confirmed:
        missing.append("confirmation_missing")
    if step is Step.REFUSED and by_ground and not reason:
        missing.append("refusal_ground_missing")
    if step is Step.REFUSED and not by_ground and not note.strip():
        missing.append("refusal_reason_missing")
    if step is Step.RETURNED and not list(marked):
        missing.append("marked_fields_missing")
    if step is Step.RETURNED and not note.strip():
        missing.append("return_reason_missing")
    if step is Step.PASSED_ON and not by_ground:
        missing.append("choose_a_decision")
    elif step is Step.PASSED_ON and not note.strip():
        missing.append("passing_on_reason_missing")
    return tuple(missing)
