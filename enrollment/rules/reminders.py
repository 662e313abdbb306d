"""What is due, overdue or ending (到期提醒): replies, unanswered invitations, terms of office, certificates."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

TERM_DAYS = 90
"""BUILD-9: from so many days before a term ends the union is reminded of its re-election; local practice."""

CERTIFICATE_DAYS = 30
"""基层工会法人登记管理办法 art. 27: a new certificate is asked for 30 days before the old one ends (domain 7.5)."""

INVITATION_DAYS = 7
"""Days after which an unanswered invitation is worth a call; local practice."""


class Matter(StrEnum):
    """What a deadline is of."""

    GROUP_REPLY = "group_reply"
    MEETING_REPLY = "meeting_reply"
    ESTABLISHMENT = "establishment"
    JOIN_REPLY = "join_reply"
    INVITATION = "invitation"
    TERM = "term"
    CERTIFICATE = "certificate"


LEAD: dict[Matter, int] = {Matter.TERM: TERM_DAYS, Matter.CERTIFICATE: CERTIFICATE_DAYS}
"""How many days before its day something that ends is listed; a reply is listed from its beginning."""


class Urgency(StrEnum):
    """``due``: a reply somebody waits for; ``ending``: a term or certificate runs out; ``overdue``: past its day."""

    DUE = "due"
    ENDING = "ending"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One matter of one founding or union. ``due_on``: the last day; ``code``: its public number or code."""

    matter: Matter
    code: str
    name: str
    county: str
    due_on: date

    def days_left(self, on: date) -> int:
        """Calendar days from ``on`` to the last day, negative when it is past."""
        return (self.due_on - on).days

    def urgency(self, on: date) -> Urgency:
        """How it stands on a day; the last day itself is not overdue."""
        if on > self.due_on:
            return Urgency.OVERDUE
        return Urgency.ENDING if self.matter in LEAD else Urgency.DUE

    def is_passed_up(self, on: date) -> bool:
        """ELEC-20 gives 15 days: an overdue reply to a result goes one level up. It is never deemed approved."""
        return self.matter is Matter.ESTABLISHMENT and on > self.due_on
