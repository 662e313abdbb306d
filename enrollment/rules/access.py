"""Who may do what (权限): one table of acts, read aloud as *any of these*. Closed by default."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from enrollment.rules.regions import PREFECTURE, Territory


class Role(StrEnum):
    VISITOR = "visitor"
    COUNTY_CADRE = "county_cadre"
    PREFECTURE_CADRE = "prefecture_cadre"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking. ``account_id`` is None for a visitor; ``territory`` is what a cadre answers for."""

    role: Role
    name: str = ""
    account_id: int | None = None
    territory: Territory | None = None


VISITOR = Actor(Role.VISITOR)
SYSTEM = Actor(Role.VISITOR, name="system")
"""The product itself, where no person acts: the demo, migrations of data."""


class Act(StrEnum):
    """Everything anybody can do, one word each; a view names the one it needs."""

    ASK = "ask"
    APPLY = "apply"
    REFER = "refer"
    FOLLOW_OWN_APPLICATION = "follow_own_application"
    ANSWER_INVITATION = "answer_invitation"
    PREPARE_FOUNDING = "prepare_founding"
    CONFIRM_PHONE = "confirm_phone"
    OPEN_OWN_CARD = "open_own_card"
    VERIFY_CARD = "verify_card"
    ASK_UNION = "ask_union"
    COPY_OWN_DATA = "copy_own_data"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    READ_APPLICATIONS = "read_applications"
    DECIDE_APPLICATION = "decide_application"
    UNDO_DECISION = "undo_decision"
    READ_MESSAGES = "read_messages"
    RETRY_MESSAGE = "retry_message"
    READ_FOUNDINGS = "read_foundings"
    DECIDE_FOUNDING = "decide_founding"
    CONFIRM_IN_PERSON = "confirm_in_person"
    READ_MEMBERS = "read_members"
    READ_UNIONS = "read_unions"
    READ_EMPLOYERS = "read_employers"
    CHANGE_COVERAGE = "change_coverage"
    END_UNION = "end_union"
    READ_RATES = "read_rates"
    READ_VISITS = "read_visits"
    LOG_VISIT = "log_visit"
    READ_EVENTS = "read_events"
    LOG_EVENT = "log_event"
    READ_POSTERS = "read_posters"
    SEE_FULL_NUMBER = "see_full_number"
    EXPORT = "export"
    EXPORT_FULL_NUMBERS = "export_full_numbers"
    LOAD_DEMO = "load_demo"
    SEND_MESSAGES = "send_messages"
    ESCALATE = "escalate"
    ROTATE_KEYS = "rotate_keys"


Predicate = Callable[[Actor, str | None], bool]
"""Actor and the county of the subject (None where the act has no subject) → holds?"""


def anyone(_actor: Actor, _county: str | None) -> bool:
    return True


def cadre_of_the_place(actor: Actor, county: str | None) -> bool:
    """A cadre, and the subject, where there is one, lies in the cadre's territory."""
    return actor.territory is not None and (county is None or actor.territory.covers(county))


MAY: dict[Act, tuple[Predicate, ...]] = {
    Act.ASK: (anyone,),
    Act.APPLY: (anyone,),
    Act.REFER: (anyone,),
    Act.FOLLOW_OWN_APPLICATION: (anyone,),
    Act.ANSWER_INVITATION: (anyone,),
    Act.PREPARE_FOUNDING: (anyone,),
    Act.CONFIRM_PHONE: (anyone,),
    Act.OPEN_OWN_CARD: (anyone,),
    Act.VERIFY_CARD: (anyone,),
    Act.ASK_UNION: (anyone,),
    Act.COPY_OWN_DATA: (anyone,),
    Act.SIGN_IN: (anyone,),
    Act.SIGN_OUT: (cadre_of_the_place,),
    Act.READ_APPLICATIONS: (cadre_of_the_place,),
    Act.DECIDE_APPLICATION: (cadre_of_the_place,),
    Act.UNDO_DECISION: (cadre_of_the_place,),
    Act.READ_MESSAGES: (cadre_of_the_place,),
    Act.RETRY_MESSAGE: (cadre_of_the_place,),
    Act.READ_FOUNDINGS: (cadre_of_the_place,),
    Act.DECIDE_FOUNDING: (cadre_of_the_place,),
    Act.CONFIRM_IN_PERSON: (cadre_of_the_place,),
    Act.READ_MEMBERS: (cadre_of_the_place,),
    Act.READ_UNIONS: (cadre_of_the_place,),
    Act.READ_EMPLOYERS: (cadre_of_the_place,),
    Act.CHANGE_COVERAGE: (cadre_of_the_place,),
    Act.END_UNION: (cadre_of_the_place,),
    Act.READ_RATES: (cadre_of_the_place,),
    Act.READ_VISITS: (cadre_of_the_place,),
    Act.LOG_VISIT: (cadre_of_the_place,),
    Act.READ_EVENTS: (cadre_of_the_place,),
    Act.LOG_EVENT: (cadre_of_the_place,),
    Act.READ_POSTERS: (cadre_of_the_place,),
    Act.SEE_FULL_NUMBER: (cadre_of_the_place,),
    Act.EXPORT: (cadre_of_the_place,),
    Act.EXPORT_FULL_NUMBERS: (cadre_of_the_place,),
    Act.LOAD_DEMO: (),  # the command line alone
    Act.SEND_MESSAGES: (),  # the product itself
    Act.ESCALATE: (),  # the product itself
    Act.ROTATE_KEYS: (),  # the command line alone
}


def may(actor: Actor, act: Act, county: str | None = None) -> bool:
    """Whether ``actor`` may do ``act``, on a subject in ``county`` where there is one."""
    return any(holds(actor, county) for holds in MAY[act])


def role_for(territory_code: str) -> Role:
    """The cadre's role that goes with a territory."""
    return Role.PREFECTURE_CADRE if territory_code == PREFECTURE else Role.COUNTY_CADRE
