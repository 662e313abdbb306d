"""Which papers a founding has: those of the stages it came to, also once it has ended."""

import pytest

from enrollment.rules.stages import FoundingStep as F
from enrollment.storage.applications import Application
from enrollment.storage.founding_papers import kinds_for, papers_for
from enrollment.storage.procedures import founding_where
from tests import make

ASKED = (F.STARTED, F.SUBMITTED)
PREPARED = (*ASKED, F.GROUP_APPROVED, F.PREPARED)
HELD = (*PREPARED, F.MEETING_REQUESTED, F.MEETING_APPROVED, F.MEETING_HELD)
OVER = (*HELD, F.SESSION_HELD, F.RESULT_REPORTED, F.APPROVED, F.REGISTERED, F.CONCLUDED)

FIRST = ["group_request", "group_reply", "roster"]
SECOND = ["meeting_request", "meeting_reply", "attendance_sheet", "ballot"]
LAST = ["result_report", "establishment_reply"]


@pytest.mark.parametrize(
    ("way", "steps", "kinds"),
    [
        ("new_joint", (F.STARTED,), FIRST[:1]),
        ("new_joint", ASKED, FIRST[:2]),
        ("new_joint", PREPARED, [*FIRST, *SECOND[:1]]),
        ("new_joint", HELD, [*FIRST, *SECOND]),
        ("new_joint", (*HELD, F.RESULT_REPORTED), [*FIRST, *SECOND, *LAST]),
        ("new_joint", OVER, [*FIRST, *SECOND, *LAST]),
        ("new_joint", (*HELD, F.LIST_AGAIN), [*FIRST, *SECOND[:1]]),
        ("new_joint", (F.STARTED, F.WITHDRAWN), []),
        ("new_joint", (*ASKED, F.REFUSED), FIRST[:1]),
        ("new_joint", (*PREPARED, F.WITHDRAWN), FIRST),
        ("join_joint", (F.SUBMITTED, F.APPROVED), []),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_founding_has_the_papers_of_the_stages_it_came_to_and_no_others(session, cast, way, steps, kinds):
    row = make.founding_application(session, way=way, steps=steps)

    found = founding_where(session, Application.id == row.id)

    assert [str(kind) for kind in kinds_for(found)] == kinds


@pytest.mark.parametrize(
    ("steps", "group", "upper"),
    [
        ((F.STARTED,), FIRST[:1], []),
        (ASKED, FIRST[:1], FIRST[1:2]),
        ((*ASKED, F.GROUP_APPROVED), [FIRST[0], FIRST[2]], FIRST[1:2]),
        ((*ASKED, F.WITHDRAWN), [], []),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_each_side_sees_its_own_drafts_and_none_of_what_has_ended(session, cast, steps, group, upper):
    row = make.founding_application(session, way="new_joint", steps=steps)
    found = founding_where(session, Application.id == row.id)

    seen = [[str(kind) for kind, _row in papers_for(session, found, upper=side)] for side in (False, True)]

    assert seen == [group, upper]
