"""Acts in order → the present state, and which acts are open (domain 5.1)."""

import pytest

from enrollment.rules.applications import (
    DECISIONS,
    UNDER_WAY,
    State,
    Step,
    is_open,
    missing_for_decision,
    state_after,
)

S = Step


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([], State.NEW),
        ([S.SUBMITTED], State.SUBMITTED),
        ([S.SUBMITTED, S.RETURNED], State.RETURNED),
        ([S.SUBMITTED, S.RETURNED, S.CORRECTED], State.SUBMITTED),
        ([S.SUBMITTED, S.RETURNED, S.WITHDRAWN], State.WITHDRAWN),
        ([S.SUBMITTED, S.RETURNED, S.CORRECTED, S.APPROVED], State.APPROVED),
        ([S.SUBMITTED, S.PASSED_ON], State.SUBMITTED),
        ([S.SUBMITTED, S.TAKEN_ON, S.HANDED_OVER], State.SUBMITTED),
        ([S.SUBMITTED, S.APPROVED], State.APPROVED),
        ([S.SUBMITTED, S.REFUSED], State.REFUSED),
        ([S.SUBMITTED, S.WITHDRAWN], State.WITHDRAWN),
    ],
)
def test_the_state_is_what_the_acts_led_to(steps, state):
    assert state_after(steps) is state


def test_the_fold_can_go_on_from_a_known_state():
    assert state_after([S.CORRECTED], start=State.RETURNED) is State.SUBMITTED
    assert state_after([S.CONFIRMED], start=State.SUBMITTED) is State.SUBMITTED


OPEN = {
    State.NEW: {S.SUBMITTED},
    State.GATHERING: set(),  # of foundings alone, which have entries of their own
    State.PREPARING: set(),
    State.SUBMITTED: {
        S.CONFIRMED,
        S.RETURNED,
        S.PASSED_ON,
        S.TAKEN_ON,
        S.HANDED_OVER,
        S.APPROVED,
        S.REFUSED,
        S.WITHDRAWN,
    },
    State.RETURNED: {S.CORRECTED, S.HANDED_OVER, S.WITHDRAWN},
    State.WITHDRAWN: set(),
    State.APPROVED: set(),
    State.REFUSED: set(),
}  # fmt: skip


@pytest.mark.parametrize("state", list(State))
def test_a_state_opens_these_acts_and_no_others(state):
    assert {step for step in Step if is_open(state, step)} == OPEN[state]


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.APPROVED, State.REFUSED])
def test_what_is_closed_stays_closed(state):
    assert not any(is_open(state, step) for step in Step)
    assert state not in UNDER_WAY


def test_somebody_has_to_act_while_an_application_is_under_way():
    assert UNDER_WAY == (State.GATHERING, State.PREPARING, State.SUBMITTED, State.RETURNED)
    assert {S.APPROVED, S.RETURNED, S.REFUSED} == DECISIONS


@pytest.mark.parametrize(
    ("step", "given", "missing"),
    [
        (S.APPROVED, {}, ()),
        (S.REFUSED, {}, ("refusal_ground_missing",)),
        (S.REFUSED, {"reason": "untrue_documents"}, ()),
        (S.REFUSED, {"by_ground": False, "reason": "untrue_documents"}, ("refusal_reason_missing",)),
        (S.REFUSED, {"by_ground": False, "note": "工会已撤销"}, ()),
        (S.RETURNED, {}, ("marked_fields_missing", "return_reason_missing")),
        (S.RETURNED, {"marked": ["phone"]}, ("return_reason_missing",)),
        (S.RETURNED, {"marked": ["phone"], "note": "  "}, ("return_reason_missing",)),
        (S.RETURNED, {"note": "电话少一位"}, ("marked_fields_missing",)),
        (S.RETURNED, {"marked": ["phone"], "note": "电话少一位"}, ()),
        (S.PASSED_ON, {"note": " "}, ("passing_on_reason_missing",)),
        (S.PASSED_ON, {"note": "住址在阜康"}, ()),
        (S.PASSED_ON, {"note": "住址在阜康", "by_ground": False}, ("choose_a_decision",)),  # a member's request
    ],
)
def test_a_decision_needs_its_reason(step, given, missing):
    assert missing_for_decision(step, **{"reason": "", "marked": [], "note": ""} | given) == missing


@pytest.mark.parametrize(("confirmed", "missing"), [(True, ()), (False, ("confirmation_missing",))])
def test_nobody_is_approved_before_it_is_confirmed_that_they_applied(confirmed, missing):
    told = {"reason": "", "marked": (), "note": "", "confirmed": confirmed}

    assert missing_for_decision(S.APPROVED, **told) == missing
    assert "confirmation_missing" not in missing_for_decision(S.REFUSED, **told)


def test_a_confirmation_in_person_moves_nothing():
    assert state_after([S.SUBMITTED, S.ESCALATED]) is State.SUBMITTED
    assert state_after([S.SUBMITTED, S.CONFIRMED]) is State.SUBMITTED
