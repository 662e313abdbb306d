"""The stages of a founding (domain 7.4): what opens which, who acts, where returns and repeats lead."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrollment.rules.applications import State
from enrollment.rules.founding import JOIN_JOINT, NEW_JOINT, ONE_OFFICER, OWN_COMMITTEE
from enrollment.rules.stages import (
    ENTRY_ITEMS,
    PROCEDURES,
    RE_ELECTION,
    REGISTRATION_ITEMS,
    Ball,
    FoundingStep,
    Position,
    Stage,
    acts,
    numbers,
    open_steps,
    position,
)

F, S, G, U = FoundingStep, Stage, Ball.GROUP, Ball.UPPER

# --- each stage of each way ----------------------------------------------------------------------------------------

# Rule, number of the stage it opens; the entry, the stage it opens, who acts there, the state of the queue.
_GROUP = [
    ("BUILD-4", 1, F.STARTED, S.GROUP_REQUEST, G, State.GATHERING),
    ("ELEC-4", 1, F.SUBMITTED, S.GROUP_REPLY, U, State.SUBMITTED),
    ("ELEC-4", 2, F.GROUP_APPROVED, S.PREPARATION, G, State.PREPARING),
    ("BUILD-1", 3, F.PREPARED, S.MEETING_REQUEST, G, State.PREPARING),
]
_MEETING = [
    ("ELEC-10", 4, F.MEETING_REQUESTED, S.MEETING_REPLY, U, State.SUBMITTED),
    ("ELEC-9", 5, F.MEETING_APPROVED, S.MEETING, G, State.PREPARING),
]
_COMMITTEE = [
    ("ELEC-12", 6, F.MEETING_HELD, S.FIRST_SESSION, G, State.PREPARING),
    ("ELEC-1", 7, F.SESSION_HELD, S.RESULT_REPORT, G, State.PREPARING),
]
_OFFICER = [("ELEC-14", 7, F.MEETING_HELD, S.RESULT_REPORT, G, State.PREPARING)]
_RESULT = [
    ("ELEC-20", 8, F.RESULT_REPORTED, S.ESTABLISHMENT, U, State.SUBMITTED),
    ("LAW-7", 9, F.APPROVED, S.REGISTRATION, G, State.APPROVED),
]
_ENTRY = [
    ("LAW-11", 10, F.REGISTERED, S.ENTRY, U, State.APPROVED),
    ("BUILD-6", None, F.CONCLUDED, None, None, State.APPROVED),
]
COURSES = {
    NEW_JOINT: [*_GROUP, *_MEETING, *_COMMITTEE, *_RESULT, *_ENTRY],
    OWN_COMMITTEE: [*_GROUP, *_MEETING, *_COMMITTEE, *_RESULT, *_ENTRY],
    ONE_OFFICER: [*_GROUP, *_MEETING, *_OFFICER, *_RESULT, *_ENTRY],
    JOIN_JOINT: [
        ("BUILD-7", 1, F.SUBMITTED, S.JOIN_REPLY, U, State.SUBMITTED),
        ("BUILD-7", None, F.APPROVED, None, None, State.APPROVED),
    ],
    RE_ELECTION: [
        ("ELEC-21", 3, F.STARTED, S.MEETING_REQUEST, G, State.PREPARING),
        *_MEETING,
        *_COMMITTEE,
        *_RESULT,
        ("LAW-11", None, F.REGISTERED, None, None, State.APPROVED),
    ],
}
ROWS = [(way, n, *row) for way, course in COURSES.items() for n, row in enumerate(course)]


def entries(way, stage):
    """The shortest history that leads into a stage."""
    course = COURSES[way]
    last = next(n for n, row in enumerate(course) if row[3] is stage)
    return [row[2] for row in course[: last + 1]]


def at(way, stage, *more):
    return position(way, [*entries(way, stage), *more])


@pytest.mark.parametrize(
    ("way", "n", "number", "entry", "stage", "ball", "state"),
    [(way, n, *rest) for way, n, _rule, *rest in ROWS],
    ids=[f"{rule} {way} {entry}" for way, _n, rule, _number, entry, *_rest in ROWS],
)
def test_each_entry_opens_the_next_stage_of_its_way(way, n, number, entry, stage, ball, state):
    before = [row[2] for row in COURSES[way][:n]]

    found = position(way, [*before, entry])

    assert (found.stage, found.ball, found.state, found.round) == (stage, ball, state, 1)
    assert (found.part and found.part.number) == number
    assert entry in open_steps(position(way, before))


@pytest.mark.parametrize("way", [*COURSES])
def test_nothing_is_done_before_the_first_entry(way):
    found = position(way, [])

    assert (found.part, found.state, found.round) == (PROCEDURES[way][0], State.NEW, 1)
    assert not any(found.is_past(part.stage) for part in PROCEDURES[way])


@pytest.mark.parametrize("way", [*COURSES])
def test_a_stage_lies_behind_once_another_is_open_and_all_do_at_the_end(way):
    order = [part.stage for part in PROCEDURES[way]]

    for n, stage in enumerate(order[1:], start=1):
        found = at(way, stage)
        assert [each for each in Stage if found.is_past(each)] == [each for each in Stage if each in order[:n]]
    assert [each for each in Stage if at(way, None).is_past(each)] == [each for each in Stage if each in order]


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (NEW_JOINT, (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)),
        (OWN_COMMITTEE, (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)),
        (ONE_OFFICER, (1, 2, 3, 4, 5, 7, 8, 9, 10)),
        (JOIN_JOINT, (1,)),
        (RE_ELECTION, (3, 4, 5, 6, 7, 8, 9)),
    ],
)
def test_the_stages_are_numbered_as_in_the_table_of_domain_7_4(way, expected):
    assert numbers(way) == expected


PAPERS = {
    S.GROUP_REQUEST: ("group_request",),
    S.GROUP_REPLY: ("group_reply",),
    S.PREPARATION: ("roster",),
    S.MEETING_REQUEST: ("meeting_request",),
    S.MEETING_REPLY: ("meeting_reply",),
    S.MEETING: ("attendance_sheet", "ballot"),
    S.RESULT_REPORT: ("result_report",),
    S.ESTABLISHMENT: ("establishment_reply",),
}
CLOCKS = {
    S.GROUP_REPLY: "local",
    S.MEETING_REPLY: "local",
    S.JOIN_REPLY: "local",
    S.ESTABLISHMENT: "election_rules",  # ELEC-20
}


@pytest.mark.parametrize("way", [*COURSES])
def test_each_stage_has_its_papers_and_its_time_limit_on_every_way(way):
    assert {part.stage: part.papers for part in PROCEDURES[way] if part.papers} == {
        stage: papers for stage, papers in PAPERS.items() if stage in [part.stage for part in PROCEDURES[way]]
    }
    assert {part.stage: part.clock for part in PROCEDURES[way] if part.ball is U and part.stage is not S.ENTRY} == {
        stage: clock for stage, clock in CLOCKS.items() if stage in [part.stage for part in PROCEDURES[way]]
    }
    assert not any(part.clock for part in PROCEDURES[way] if part.stage not in CLOCKS)


def test_the_last_stages_ask_for_these_days():
    assert REGISTRATION_ITEMS == ("seal", "bank_account", "legal_person")
    assert ENTRY_ITEMS == ("real_name", "plaque", "funds")


# --- back and round again ------------------------------------------------------------------------------------------

# Rule; way, stage, what happens there; where it leads, in which round, with which state.
BACK = [
    ("7.4-1", NEW_JOINT, S.GROUP_REPLY, [F.RETURNED], S.GROUP_REQUEST, 1, State.RETURNED),
    ("7.4-1", ONE_OFFICER, S.GROUP_REPLY, [F.RETURNED], S.GROUP_REQUEST, 1, State.RETURNED),
    ("7.4-1", NEW_JOINT, S.GROUP_REPLY, [F.RETURNED, F.SUBMITTED], S.GROUP_REPLY, 1, State.SUBMITTED),
    ("7.4-1", NEW_JOINT, S.GROUP_REPLY, [F.RETURNED, F.AGREED], S.GROUP_REQUEST, 1, State.RETURNED),
    ("7.4-1", NEW_JOINT, S.GROUP_REPLY, [F.RETURNED, F.SUBMITTED, F.RETURNED], S.GROUP_REQUEST, 1, State.RETURNED),
    ("7.4-1", JOIN_JOINT, S.JOIN_REPLY, [F.RETURNED], S.JOIN_REQUEST, 1, State.RETURNED),
    ("7.4-1", JOIN_JOINT, S.JOIN_REPLY, [F.RETURNED, F.SUBMITTED], S.JOIN_REPLY, 1, State.SUBMITTED),
    ("7.4-4", NEW_JOINT, S.MEETING_REPLY, [F.RETURNED], S.MEETING_REQUEST, 1, State.RETURNED),
    ("7.4-4", RE_ELECTION, S.MEETING_REPLY, [F.RETURNED], S.MEETING_REQUEST, 1, State.RETURNED),
    ("7.4-4", NEW_JOINT, S.MEETING_REPLY, [F.RETURNED, F.MEETING_REQUESTED], S.MEETING_REPLY, 1, State.SUBMITTED),
    ("7.4-7", NEW_JOINT, S.ESTABLISHMENT, [F.RETURNED], S.RESULT_REPORT, 1, State.RETURNED),
    ("7.4-7", NEW_JOINT, S.ESTABLISHMENT, [F.RETURNED, F.RECORD_CORRECTED], S.FIRST_SESSION, 1, State.RETURNED),
    ("7.4-7", NEW_JOINT, S.ESTABLISHMENT, [F.RETURNED, F.RESULT_REPORTED], S.ESTABLISHMENT, 1, State.SUBMITTED),
    ("ELEC-20", NEW_JOINT, S.ESTABLISHMENT, [F.MEETING_AGAIN], S.MEETING, 2, State.PREPARING),
    ("ELEC-20", NEW_JOINT, S.ESTABLISHMENT, [F.LIST_AGAIN], S.MEETING_REQUEST, 2, State.PREPARING),
    ("ELEC-20", ONE_OFFICER, S.ESTABLISHMENT, [F.MEETING_AGAIN], S.MEETING, 2, State.PREPARING),
    ("ELEC-20", RE_ELECTION, S.ESTABLISHMENT, [F.LIST_AGAIN], S.MEETING_REQUEST, 2, State.PREPARING),
    ("ELEC-20", NEW_JOINT, S.FIRST_SESSION, [F.RESULT_REPORTED], S.ESTABLISHMENT, 1, State.SUBMITTED),
    ("ELEC-12", NEW_JOINT, S.FIRST_SESSION, [F.MEETING_AGAIN], S.MEETING, 2, State.PREPARING),
    ("ELEC-13", NEW_JOINT, S.FIRST_SESSION, [F.LIST_AGAIN], S.MEETING_REQUEST, 2, State.PREPARING),
    ("ELEC-12", NEW_JOINT, S.RESULT_REPORT, [F.MEETING_AGAIN], S.MEETING, 2, State.PREPARING),
    ("ELEC-13", ONE_OFFICER, S.RESULT_REPORT, [F.LIST_AGAIN], S.MEETING_REQUEST, 2, State.PREPARING),
    ("ELEC-19", NEW_JOINT, S.FIRST_SESSION, [F.VOTED_AGAIN], S.FIRST_SESSION, 1, State.PREPARING),
    ("ELEC-19", ONE_OFFICER, S.RESULT_REPORT, [F.VOTED_AGAIN], S.RESULT_REPORT, 1, State.PREPARING),
    ("ELEC-19", NEW_JOINT, S.FIRST_SESSION, [F.RECORD_CORRECTED], S.FIRST_SESSION, 1, State.PREPARING),
    (
        "ELEC-20",
        NEW_JOINT,
        S.FIRST_SESSION,
        [F.MEETING_AGAIN, F.MEETING_HELD, F.LIST_AGAIN, F.MEETING_REQUESTED],
        S.MEETING_REPLY,
        3,
        State.SUBMITTED,
    ),
    ("BUILD-4", NEW_JOINT, S.GROUP_REQUEST, [F.AGREED, F.DECLINED, F.ASKED, F.INVITED, F.REMINDED], S.GROUP_REQUEST, 1,
     State.GATHERING),
    ("BUILD-4", NEW_JOINT, S.ESTABLISHMENT, [F.LEFT_OUT], S.ESTABLISHMENT, 1, State.SUBMITTED),
    ("7.3", OWN_COMMITTEE, S.MEETING_REQUEST, [F.RENAMED], S.MEETING_REQUEST, 1, State.PREPARING),
]  # fmt: skip


@pytest.mark.parametrize(
    ("way", "stage", "then", "leads_to", "round_", "state"),
    [row[1:] for row in BACK],
    ids=[f"{row[0]} {row[1]} {row[2]} {' '.join(row[3])}" for row in BACK],
)
def test_a_return_or_a_repetition_leads_back_to_what_has_to_be_done_again(way, stage, then, leads_to, round_, state):
    found = at(way, stage, *then)

    assert (found.stage, found.round, found.state) == (leads_to, round_, state)


@pytest.mark.parametrize("way", [*COURSES])
@pytest.mark.parametrize("end", [F.REFUSED, F.WITHDRAWN])
def test_a_refusal_and_a_withdrawal_end_it_wherever_they_are_open(way, end):
    stages = [part.stage for part in PROCEDURES[way]]
    reached = [stage for stage in stages if stage in {row[3] for row in COURSES[way]}]
    ended = {stage: at(way, stage, end) for stage in reached if end in open_steps(at(way, stage))}

    open_to = {
        F.REFUSED: {S.GROUP_REPLY, S.MEETING_REPLY, S.ESTABLISHMENT, S.JOIN_REPLY},
        F.WITHDRAWN: {*Stage} - {S.REGISTRATION, S.ENTRY},
    }
    assert {*ended} == open_to[end] & {*reached}
    for found in ended.values():
        assert (found.part, found.stage, found.ball, found.state) == (None, None, None, State(end))
        assert open_steps(found) == frozenset()
        assert not any(acts(found, step, who) for step in F for who in Ball)


def test_an_entry_that_belongs_to_another_stage_changes_nothing():
    assert at(NEW_JOINT, S.GROUP_REQUEST, F.CONCLUDED) == at(NEW_JOINT, S.GROUP_REQUEST)
    assert at(NEW_JOINT, S.PREPARATION, F.MEETING_HELD) == at(NEW_JOINT, S.PREPARATION)
    assert at(NEW_JOINT, None, F.REGISTERED) == at(NEW_JOINT, None)


def test_the_stages_say_nothing_of_a_stage_the_way_does_not_have():
    assert not at(ONE_OFFICER, S.ENTRY).is_past(S.FIRST_SESSION)
    assert not at(JOIN_JOINT, None).is_past(S.GROUP_REQUEST)
    assert not at(RE_ELECTION, S.MEETING).is_past(S.PREPARATION)


# --- from before the stages ----------------------------------------------------------------------------------------

OLD = [
    (NEW_JOINT, [F.STARTED, F.AGREED, F.SUBMITTED, F.APPROVED]),
    (NEW_JOINT, [F.STARTED, F.AGREED, F.SUBMITTED, F.AGREED, F.DECLINED, F.APPROVED]),
    (NEW_JOINT, [F.STARTED, F.SUBMITTED, F.RETURNED, F.SUBMITTED, F.APPROVED]),
    (OWN_COMMITTEE, [F.STARTED, F.SUBMITTED, F.APPROVED]),
    (ONE_OFFICER, [F.SUBMITTED, F.APPROVED]),
]


@pytest.mark.parametrize(("way", "history"), OLD, ids=[f"LAW-7 {way} {' '.join(history)}" for way, history in OLD])
def test_a_founding_of_one_gate_counts_as_approved_and_over(way, history):
    found = position(way, history)

    assert found == Position(way, None, State.APPROVED, 1)
    assert open_steps(found) == frozenset()


# --- what is open, and to whom -------------------------------------------------------------------------------------

_ANSWERS = {F.AGREED: G, F.DECLINED: G, F.ASKED: G, F.INVITED: G, F.REMINDED: G, F.LEFT_OUT: G}
_BEFORE = {F.SUBMITTED: G, F.WITHDRAWN: G}
_ON_THE_VOTE = {F.VOTED_AGAIN: G, F.RECORD_CORRECTED: G, F.MEETING_AGAIN: G, F.LIST_AGAIN: G, F.WITHDRAWN: G}
_GATE = {F.RETURNED: U, F.REFUSED: U, F.WITHDRAWN: G}
_MEETING_STAGES = {
    S.MEETING_REQUEST: {F.MEETING_REQUESTED: G, F.WITHDRAWN: G},
    S.MEETING_REPLY: {F.MEETING_APPROVED: U, **_GATE},
    S.MEETING: {F.MEETING_HELD: G, F.WITHDRAWN: G},
    S.FIRST_SESSION: {F.SESSION_HELD: G, F.RESULT_REPORTED: G, **_ON_THE_VOTE},
    S.RESULT_REPORT: {F.RESULT_REPORTED: G, **_ON_THE_VOTE},
    S.ESTABLISHMENT: {F.APPROVED: U, F.MEETING_AGAIN: U, F.LIST_AGAIN: U, **_GATE},
    S.REGISTRATION: {F.REGISTERED: G},
}
_FULL = {
    S.GROUP_REQUEST: _BEFORE,
    S.GROUP_REPLY: {F.GROUP_APPROVED: U, **_GATE},
    S.PREPARATION: {F.PREPARED: G, F.WITHDRAWN: G},
    **_MEETING_STAGES,
    S.MEETING_REQUEST: {**_MEETING_STAGES[S.MEETING_REQUEST], F.RENAMED: G},
    S.ENTRY: {F.CONCLUDED: U},
    None: {},
}
OPEN = {
    NEW_JOINT: {
        **{stage: {**steps, F.LEFT_OUT: U} if F.REFUSED in steps else steps for stage, steps in _FULL.items()},
        S.GROUP_REQUEST: {**_BEFORE, **_ANSWERS},
        S.PREPARATION: {**_FULL[S.PREPARATION], F.LEFT_OUT: G},
        S.MEETING_REQUEST: {**_FULL[S.MEETING_REQUEST], F.LEFT_OUT: G},
    },
    OWN_COMMITTEE: _FULL,
    ONE_OFFICER: {stage: steps for stage, steps in _FULL.items() if stage is not S.FIRST_SESSION},
    JOIN_JOINT: {S.JOIN_REPLY: {F.APPROVED: U, **_GATE}, None: {}},
    RE_ELECTION: {**_MEETING_STAGES, None: {}},
}
POSITIONS = [
    *[(f"{way} {stage}", at(way, stage), steps) for way, stages in OPEN.items() for stage, steps in stages.items()],
    ("BUILD-4 new_joint new", position(NEW_JOINT, []), {F.STARTED: G, **_BEFORE, **_ANSWERS}),
    ("one_officer new", position(ONE_OFFICER, []), {F.STARTED: G, **_BEFORE}),
    ("join_joint new", position(JOIN_JOINT, []), {F.STARTED: G, **_BEFORE}),
    ("re_election new", position(RE_ELECTION, []),
     {F.STARTED: G, F.MEETING_REQUESTED: G, F.WITHDRAWN: G}),
    ("BUILD-4 new_joint returned", at(NEW_JOINT, S.GROUP_REPLY, F.RETURNED), {**_BEFORE, **_ANSWERS}),
    ("one_officer returned", at(ONE_OFFICER, S.GROUP_REPLY, F.RETURNED), _BEFORE),
    ("join_joint returned", at(JOIN_JOINT, S.JOIN_REPLY, F.RETURNED), _BEFORE),
    ("new_joint result returned", at(NEW_JOINT, S.ESTABLISHMENT, F.RETURNED), OPEN[NEW_JOINT][S.RESULT_REPORT]),
]  # fmt: skip


@pytest.mark.parametrize(("found", "steps"), [row[1:] for row in POSITIONS], ids=[row[0] for row in POSITIONS])
def test_these_entries_may_follow_each_by_one_actor_and_no_others(found, steps):
    assert open_steps(found) == {*steps}
    assert {(step, who) for step in F for who in Ball if acts(found, step, who)} == {*steps.items()}


def test_every_stage_of_every_way_was_looked_at():
    asked = {(way, stage) for way, stages in OPEN.items() for stage in stages}
    begun_or_returned = {(JOIN_JOINT, S.JOIN_REQUEST)}

    expected = {(way, part.stage) for way, parts in PROCEDURES.items() for part in parts}
    assert asked | begun_or_returned == expected | {(way, None) for way in PROCEDURES}


# --- laws of every history -----------------------------------------------------------------------------------------


@st.composite
def histories(draw):
    """A way, and entries each of which was open when it was taken; half of them lead on, so that ends are reached."""
    way = draw(st.sampled_from([*PROCEDURES]))
    taken = []
    for _ in range(draw(st.integers(0, 40))):
        found = position(way, taken)
        if found.part is None:
            break
        taken.append(found.part.done_by if draw(st.booleans()) else draw(st.sampled_from(sorted(open_steps(found)))))
    return way, taken


@settings(deadline=None)
@given(histories())
def test_whatever_was_taken_it_stands_in_a_stage_of_its_way_or_is_over(history):
    way, taken = history
    found = position(way, taken)

    assert found.part is None or found.part in PROCEDURES[way]
    assert found.round == 1 + sum(step in (F.MEETING_AGAIN, F.LIST_AGAIN) for step in taken)
    assert bool(open_steps(found)) == (found.part is not None)
    if found.part is None:
        assert found.state in (State.APPROVED, State.REFUSED, State.WITHDRAWN)
    elif found.state is State.SUBMITTED:
        assert found.ball is U
    elif found.state is not State.APPROVED:
        assert found.ball is G


@settings(deadline=None)
@given(histories())
def test_no_union_is_approved_before_a_result_was_reported(history):
    way, taken = history

    approved = position(way, taken).state is State.APPROVED

    assert approved == (F.APPROVED in taken)
    if approved and way != JOIN_JOINT:
        assert F.RESULT_REPORTED in taken[: taken.index(F.APPROVED)]
        assert F.MEETING_HELD in taken[: taken.index(F.RESULT_REPORTED)]


@settings(deadline=None)
@given(histories(), st.sampled_from(F))
def test_nothing_follows_an_end(history, more):
    way, taken = history
    ended = position(way, taken)

    if ended.part is None:
        assert position(way, [*taken, more]).part is None
        if ended.state is not State.APPROVED:
            assert position(way, [*taken, more]) == ended


@settings(deadline=None)
@given(histories())
def test_each_entry_that_is_open_is_one_actors_alone(history):
    found = position(*history)

    for step in F:
        assert sum(acts(found, step, who) for who in Ball) == (step in open_steps(found))
