"""Who may do what (权限): one table of acts, read aloud as *any of these*. Closed by default."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from enrollment.rules.regions import PREFECTURE, Territory


class Role(StrEnum):
    VISITOR = "visitor"
    PREFECTURE_CADRE = "prefecture_cadre"
    COUNTY_CADRE = "county_cadre"
    UNION_OFFICER = "union_officer"
    EMPLOYER_CONTACT = "employer_contact"
    AUDITOR = "auditor"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, for this request.

    ``account_id``: who it is, None for a visitor. ``territory``: what a cadre or an auditor answers for; for an officer
    the one union. ``employer``: the row of a contact's employer. ``desk_id``: whose cases lie here, another's than
    ``account_id`` while standing in for somebody.
    """

    role: Role
    name: str = ""
    account_id: int | None = None
    territory: Territory | None = None
    employer: int | None = None
    desk_id: int | None = None

    @property
    def stands_in(self) -> bool:
        """Whether it acts for somebody else (代理)."""
        return self.desk_id is not None and self.desk_id != self.account_id


VISITOR = Actor(Role.VISITOR)
SYSTEM = Actor(Role.VISITOR, name="system")
"""The product itself, where no person acts: the demo, migrations of data."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where the subject of an act belongs: its approving node, and the rows of its union and employer if any."""

    county: str
    union: int | None = None
    employer: int | None = None


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
    READ_RIGHTS = "read_rights"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    OPEN_OWN_ACCOUNT = "open_own_account"
    CHANGE_OWN_ACCOUNT = "change_own_account"
    STAND_IN = "stand_in"
    DELEGATE = "delegate"
    HAND_OVER = "hand_over"
    READ_APPLICATIONS = "read_applications"
    DECIDE_APPLICATION = "decide_application"
    SAVE_FILTER = "save_filter"
    CHANGE_SENTENCES = "change_sentences"
    UNDO_DECISION = "undo_decision"
    READ_MESSAGES = "read_messages"
    RETRY_MESSAGE = "retry_message"
    READ_FOUNDINGS = "read_foundings"
    DECIDE_FOUNDING = "decide_founding"
    CONFIRM_IN_PERSON = "confirm_in_person"
    READ_MEMBERS = "read_members"
    FIND_BY_NUMBER = "find_by_number"
    READ_UNIONS = "read_unions"
    READ_UNION = "read_union"
    READ_EMPLOYERS = "read_employers"
    READ_EMPLOYER = "read_employer"
    READ_PAIRINGS = "read_pairings"
    CHANGE_PAIRING = "change_pairing"
    RECORD_HEADCOUNT = "record_headcount"
    CHANGE_COVERAGE = "change_coverage"
    END_UNION = "end_union"
    READ_RATES = "read_rates"
    READ_VISITS = "read_visits"
    LOG_VISIT = "log_visit"
    READ_EVENTS = "read_events"
    LOG_EVENT = "log_event"
    READ_POSTERS = "read_posters"
    SEE_MASKED_NUMBER = "see_masked_number"
    SEE_FULL_NUMBER = "see_full_number"
    EXPORT = "export"
    EXPORT_FULL_NUMBERS = "export_full_numbers"
    READ_AUDIT = "read_audit"
    READ_ACCOUNTS = "read_accounts"
    CHANGE_UNIT_ACCOUNT = "change_unit_account"
    CHANGE_OFFICE_ACCOUNT = "change_office_account"
    READ_RETENTION = "read_retention"
    LOAD_DEMO = "load_demo"
    SEND_MESSAGES = "send_messages"
    ESCALATE = "escalate"
    ROTATE_KEYS = "rotate_keys"
    DROP_DATA = "drop_data"


Predicate = Callable[[Actor, Scope | None], bool]
"""Actor and where the subject belongs (None where the act has no subject) → holds?"""


def anyone(_actor: Actor, _scope: Scope | None) -> bool:
    return True


def signed_in(actor: Actor, _scope: Scope | None) -> bool:
    return actor.role is not Role.VISITOR


def cadre_of_the_place(actor: Actor, scope: Scope | None) -> bool:
    """A cadre, and the subject, where there is one, lies in the cadre's territory."""
    return actor.role in (Role.COUNTY_CADRE, Role.PREFECTURE_CADRE) and _reaches(actor, scope)


def auditor_of_the_place(actor: Actor, scope: Scope | None) -> bool:
    """An auditor (审计员) reads what lies in the territory."""
    return actor.role is Role.AUDITOR and _reaches(actor, scope)


def officer_of_the_union(actor: Actor, scope: Scope | None) -> bool:
    """Chair or organizer (工会主席、组织员) of the one basic union the subject belongs to."""
    if actor.role is not Role.UNION_OFFICER or actor.territory is None:
        return False
    return scope is None or (scope.union is not None and scope.union == actor.territory.union)


def contact_of_the_employer(actor: Actor, scope: Scope | None) -> bool:
    """The contact (联络人) of the one employer that is the subject."""
    if actor.role is not Role.EMPLOYER_CONTACT:
        return False
    return scope is None or (scope.employer is not None and scope.employer == actor.employer)


def operator(actor: Actor, _scope: Scope | None) -> bool:
    """Accounts and settings (系统管理员), and no data of members."""
    return actor.role is Role.OPERATOR


def in_person(actor: Actor, _scope: Scope | None) -> bool:
    """Somebody signed in who stands in for nobody: what is one's own is not done by a deputy."""
    return actor.role is not Role.VISITOR and not actor.stands_in


def _reaches(actor: Actor, scope: Scope | None) -> bool:
    return actor.territory is not None and (scope is None or actor.territory.covers(scope.county))


def case_worker(actor: Actor, scope: Scope | None) -> bool:
    """A cadre or officer, who have cases."""
    return cadre_of_the_place(actor, scope) or officer_of_the_union(actor, scope)


def case_worker_in_person(actor: Actor, scope: Scope | None) -> bool:
    """A cadre or officer who stands in for nobody."""
    return in_person(actor, scope) and case_worker(actor, scope)


_DECIDES: tuple[Predicate, ...] = (cadre_of_the_place, officer_of_the_union)
_READS: tuple[Predicate, ...] = (cadre_of_the_place, auditor_of_the_place)
_NOBODY: tuple[Predicate, ...] = ()

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
    Act.READ_RIGHTS: (anyone,),
    Act.SIGN_IN: (anyone,),
    Act.SIGN_OUT: (signed_in,),
    Act.OPEN_OWN_ACCOUNT: (signed_in,),
    Act.CHANGE_OWN_ACCOUNT: (in_person,),
    Act.STAND_IN: (case_worker,),
    Act.DELEGATE: (case_worker_in_person,),
    Act.HAND_OVER: _DECIDES,
    Act.READ_APPLICATIONS: (*_READS, officer_of_the_union),
    Act.DECIDE_APPLICATION: _DECIDES,
    Act.UNDO_DECISION: _DECIDES,
    Act.READ_MESSAGES: _DECIDES,
    Act.RETRY_MESSAGE: _DECIDES,
    Act.SAVE_FILTER: (*_READS, officer_of_the_union),
    Act.CHANGE_SENTENCES: (cadre_of_the_place,),
    Act.READ_FOUNDINGS: _READS,
    Act.DECIDE_FOUNDING: (cadre_of_the_place,),
    Act.CONFIRM_IN_PERSON: _DECIDES,
    Act.READ_MEMBERS: (*_READS, officer_of_the_union),
    Act.FIND_BY_NUMBER: _DECIDES,
    Act.READ_UNIONS: _READS,
    Act.READ_UNION: (*_READS, officer_of_the_union),
    Act.READ_EMPLOYERS: _READS,
    Act.READ_EMPLOYER: (*_READS, contact_of_the_employer),
    Act.READ_PAIRINGS: _READS,
    Act.CHANGE_PAIRING: (cadre_of_the_place,),
    Act.RECORD_HEADCOUNT: (cadre_of_the_place,),
    Act.CHANGE_COVERAGE: (cadre_of_the_place,),
    Act.END_UNION: (cadre_of_the_place,),
    Act.READ_RATES: _READS,
    Act.READ_VISITS: _READS,
    Act.LOG_VISIT: (cadre_of_the_place,),
    Act.READ_EVENTS: _READS,
    Act.LOG_EVENT: (cadre_of_the_place,),
    Act.READ_POSTERS: (*_READS, officer_of_the_union, contact_of_the_employer),
    Act.SEE_MASKED_NUMBER: _DECIDES,
    Act.SEE_FULL_NUMBER: _DECIDES,
    Act.EXPORT: (*_READS, officer_of_the_union),
    Act.EXPORT_FULL_NUMBERS: (cadre_of_the_place,),
    Act.READ_AUDIT: _READS,
    Act.READ_RETENTION: (*_READS, operator),
    Act.READ_ACCOUNTS: (operator, cadre_of_the_place),
    Act.CHANGE_UNIT_ACCOUNT: (operator, cadre_of_the_place),  # of officers and of employers' contacts
    Act.CHANGE_OFFICE_ACCOUNT: (operator,),  # of cadres, auditors and operators
    Act.LOAD_DEMO: _NOBODY,  # the command line alone
    Act.SEND_MESSAGES: _NOBODY,  # the product itself
    Act.ESCALATE: _NOBODY,  # the product itself
    Act.ROTATE_KEYS: _NOBODY,  # the command line alone
    Act.DROP_DATA: _NOBODY,  # the command line, and the product itself
}


def may(actor: Actor, act: Act, scope: Scope | None = None) -> bool:
    """Whether ``actor`` may do ``act``, on a subject of ``scope`` where there is one."""
    return any(holds(actor, scope) for holds in MAY[act])


@dataclass(frozen=True, slots=True)
class Right:
    """One line of the table for people: an act, a role, and on what it is open to the role."""

    act: Act
    role: Role
    own: bool
    other_county: bool
    other_union: bool
    signed_out: bool


_COUNTY, _ELSEWHERE = "652301", "652302"
_OWN, _NEXT_DOOR, _FAR = Scope(_COUNTY, 1, 1), Scope(_COUNTY, 2, 2), Scope(_ELSEWHERE, 3, 3)
_OF_EACH_ROLE = (
    Actor(Role.PREFECTURE_CADRE, account_id=1, territory=Territory(PREFECTURE)),
    Actor(Role.COUNTY_CADRE, account_id=1, territory=Territory(_COUNTY)),
    Actor(Role.UNION_OFFICER, account_id=1, territory=Territory(_COUNTY, union=1)),
    Actor(Role.EMPLOYER_CONTACT, account_id=1, employer=1),
    Actor(Role.AUDITOR, account_id=1, territory=Territory(_COUNTY)),
    Actor(Role.OPERATOR, account_id=1),
)


def rights() -> Iterator[Right]:
    """The whole table, computed from ``may``: every act for every role (the auditor's is that of one county)."""
    for act in Act:
        for actor in _OF_EACH_ROLE:
            yield Right(
                act,
                actor.role,
                own=may(actor, act, _OWN),
                other_county=may(actor, act, _FAR),
                other_union=may(actor, act, _NEXT_DOOR),
                signed_out=may(VISITOR, act, _OWN),
            )
