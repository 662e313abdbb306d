"""Words of the audit (审计): what its lines keep as codes, and the way to read a line. Reasons, days, numbers stay."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from enrollment.rules.access import Act
from enrollment.rules.regions import REGIONS
from enrollment.web.wording import REASONS, STATES, word_for
from enrollment.web.words_of_accounts import ACTS, ROLES
from enrollment.web.words_of_coverage import COVERAGE_WARNINGS, END_CAUSES, ENDS
from enrollment.web.words_of_deciding import MESSAGES, failure
from enrollment.web.words_of_desk import PURPOSES, STEPS
from enrollment.web.words_of_founding import FOUNDING_STEPS
from enrollment.web.words_of_pairing import CONTACT_WAYS, PAIRING_ENTRIES
from enrollment.web.words_of_retention import KEPT_MATTERS

WITHOUT_MESSAGES = "without_messages"
ACTS_SHOWN = {WITHOUT_MESSAGES: _("All but text messages and codes"), **ACTS}
"""What the lines can be chosen by."""

ACTORS = {"command line": _("Command line")}

FIELDS = {
    "role": _("Role"),
    "territory_code": _("Place"),
    "active": _("Account"),
    "state": _("State"),
    "county_code": _("County"),
    "due_on": _("To be answered by"),
    "from_on": _("From"),
    "until_on": _("Until"),
    "ended_cause": _("Why it ended"),
    "closed_on": _("Closed on"),
    "surveyed_on": _("Surveyed on"),
    "workers": _("Workers"),
    "founded_on": _("Founded on"),
    "dissolved_on": _("Ended on"),
    "dissolved_cause": _("Why it ended"),
}
"""Every column whose values a line may show."""

_PLACES = {code: region.name for code, region in REGIONS.items()}
_VALUES: dict[str, Mapping[str, Any]] = {
    "role": ROLES,
    "territory_code": _PLACES,
    "active": {"True": _("In use"), "False": _("Ended")},
    "state": STATES,
    "county_code": _PLACES,
    "ended_cause": END_CAUSES,
    "dissolved_cause": ENDS,
}

_CODES_OF_PHONES = {
    "join": _("To join"),
    "status": _("To look where it stands"),
    "referral": _("For a slip"),
    "tail": _("Last characters of the identity number"),
}
_SUBJECTS: dict[str, Mapping[str, Any]] = {
    Act.CONFIRM_PHONE: _CODES_OF_PHONES,
    Act.SEND_MESSAGES: {**MESSAGES, "phone_code": _("Code for the phone")},
    Act.DROP_DATA: KEPT_MATTERS,
    Act.CHANGE_SENTENCES: _PLACES,
    Act.EXPORT_FULL_NUMBERS: _PLACES,
    Act.LOAD_DEMO: _PLACES,
}

NOTES = {
    "begins": _("Begins"),
    "begun": _("Run begun"),
    "claimed": _("Taken up to be sent"),
    "code": _("With a code from the phone"),
    "confirmed": _("The code was right"),
    "ended": _("Ended"),
    "given up": _("Given up"),
    "kept": _("Kept for later"),
    "new link": _("Another link"),
    "password": _("New password"),
    "password chosen": _("Password chosen by the link"),
    "recovery": _("With a recovery code"),
    "recovery codes": _("New recovery codes"),
    "reopened": _("Opened again"),
    "second factor dropped": _("Second factor dropped"),
    "second factor set": _("Second factor set up"),
    "sent": _("Sent out"),
    "sent again": _("The same sent again"),
    "tried": _("Tried"),
    "without a code": _("Without a code"),
}
"""What an action notes in a word of its own."""

_CASES = {**FOUNDING_STEPS, **STEPS}
_OF_ACTS: dict[str, Mapping[str, Any]] = {
    Act.CHANGE_UNIT_ACCOUNT: ROLES,
    Act.CHANGE_OFFICE_ACCOUNT: ROLES,
    Act.CHANGE_PAIRING: PAIRING_ENTRIES,
    Act.CHANGE_SENTENCES: PURPOSES,
    Act.CONFIRM_PHONE: REASONS,
    Act.DECIDE_FOUNDING: FOUNDING_STEPS,
    Act.DELEGATE: {"ended": _("Ended before its last day")},
}
"""Act → the vocabulary of its notes; the steps of a case for every other."""

_TOKENS: Mapping[str, Any] = {"joins": _("joins"), **END_CAUSES, **ENDS, **COVERAGE_WARNINGS}
_OF_COVERAGE = frozenset({Act.CHANGE_COVERAGE, Act.END_UNION})
_FREE = frozenset({Act.SEE_FULL_NUMBER, Act.HAND_OVER, Act.EXPORT_FULL_NUMBERS})
"""Acts whose note somebody wrote."""

_PATTERNS = (
    (r"as of (?P<on>[\d-]+)", _("As of %(on)s")),
    (r"contact (?P<way>\w+)", _("Contact: %(way)s")),
    (r"(?P<number>\d+) dropped", _("%(number)s dropped")),
    (r"ended: (?P<number>\d+)", _("Ended, %(number)s dropped")),
    (r"(?P<number>\d+) values", _("%(number)s values encrypted anew")),
    (r"(?P<number>\d+) handed over by (?P<login>\S+)", _("%(number)s handed over by %(login)s")),
    (r"term (?P<number>\d+)", _("Term %(number)s")),
    (r"certificate (?P<before>.*)", _("Certificate; before: %(before)s")),
    (rf"(?P<kind>{'|'.join(PAIRING_ENTRIES)}) (?P<login>\S+)", _("%(kind)s: %(login)s")),
)
_PARTS = ((r"(?P<number>\d+) moved", _("%(number)s moved")), (r"(?P<login>\S+) ended", _("account %(login)s ended")))
_CHANGE = re.compile(r"(?P<times>\d+ × )?(?P<name>\w+): (?P<value>.*)")


def actor_words(actor: str) -> str:
    """Who did it: a name, or the word for what is nobody."""
    return word_for(actor, "role") if actor in ("visitor", "system") else str(ACTORS.get(actor, actor))


def subject_words(act: str, subject: str) -> str:
    """On what it was done: a number or account as it is, the word for any other code."""
    return str(_SUBJECTS.get(act, {}).get(subject, subject))


def note_words(act: str, note: str) -> str:
    """A note as one reads it; what somebody wrote stays."""
    if act in _FREE:
        return note
    known = _OF_ACTS.get(act, _CASES)
    if note in known or note in NOTES:
        return str(known[note] if note in known else NOTES[note])
    if act == Act.SEND_MESSAGES and note:
        return failure(note)
    if act in _OF_COVERAGE:
        return _in_parts(note)
    for pattern, words in _PATTERNS:
        found = re.fullmatch(pattern, note)
        if found:
            return str(words) % {name: _told(value) for name, value in found.groupdict().items()}
    return note


def _told(value: str) -> str:
    return str(CONTACT_WAYS.get(value) or PAIRING_ENTRIES.get(value) or value)


def _in_parts(note: str) -> str:
    """Of a note that names several things: codes of units and unions stay, whatever is a word is put in words."""
    for pattern, words in _PARTS:
        note = re.sub(pattern, lambda found, words=words: str(words) % found.groupdict(), note)  # type: ignore[misc]
    return " ".join(str(_TOKENS.get(part, part)) for part in note.split(" "))


def change_words(changes: str | None) -> str:
    """The columns and values of ``before`` or ``after`` in words; a value cut off at the end stays as it is."""
    return str(_("; ")).join(_change(part) for part in changes.split("; ")) if changes else ""


def _change(part: str) -> str:
    found = _CHANGE.fullmatch(part)
    if found is None or found["name"] not in FIELDS:
        return part
    value = _VALUES.get(found["name"], {}).get(found["value"], found["value"])
    told = _("%(name)s: %(value)s", name=FIELDS[found["name"]], value=value)
    return f"{found['times'] or ''}{told}"
