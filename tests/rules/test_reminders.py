"""What is due, ending or overdue, to the day (BUILD-9, ELEC-20, domain 7.5)."""

from datetime import date, timedelta

import pytest

from enrollment.rules.reminders import LEAD, Deadline, Matter, Urgency

DAY = date(2026, 12, 11)


def deadline(matter):
    return Deadline(matter, "261126-AAAAA", "昌吉市快递行业联合工会委员会", "652301", DAY)


@pytest.mark.parametrize(
    ("matter", "left", "urgency", "passed_up"),
    [
        (Matter.ESTABLISHMENT, 15, Urgency.DUE, False),
        (Matter.ESTABLISHMENT, 0, Urgency.DUE, False),
        (Matter.ESTABLISHMENT, -1, Urgency.OVERDUE, True),
        (Matter.GROUP_REPLY, 0, Urgency.DUE, False),
        (Matter.GROUP_REPLY, -1, Urgency.OVERDUE, False),
        (Matter.INVITATION, -1, Urgency.OVERDUE, False),
        (Matter.TERM, 90, Urgency.ENDING, False),
        (Matter.TERM, 0, Urgency.ENDING, False),
        (Matter.TERM, -1, Urgency.OVERDUE, False),
        (Matter.CERTIFICATE, 30, Urgency.ENDING, False),
    ],
    ids=str,
)
def test_the_last_day_itself_is_not_overdue(matter, left, urgency, passed_up):
    on = DAY - timedelta(days=left)

    assert deadline(matter).days_left(on) == left
    assert deadline(matter).urgency(on) is urgency
    assert deadline(matter).is_passed_up(on) is passed_up


def test_build_9_terms_are_told_90_and_certificates_30_days_before():
    assert LEAD == {Matter.TERM: 90, Matter.CERTIFICATE: 30}
