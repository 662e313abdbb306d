"""Words for decisions of the desk: undoing them, many at once, and the messages that tell of them."""

from flask_babel import lazy_gettext as _

DECIDING_REASONS = {
    "undo_too_late": _("It is too late to undo this decision: it stands."),
    "undo_not_yours": _("Only who made the decision can undo it."),
    "undo_acted_since": _("Somebody has acted on it since: the decision stands."),
    "undo_message_out": _("The message has left already: the decision stands."),
    "message_no_phone": _("No mobile number is kept: tell the person yourself."),
    "message_phone_unproved": _("No code has proved this phone, so no message goes to it: tell the person yourself."),
    "message_no_use": _("The case has gone on: this message is of no use any more."),
    "message_may_be_out": _("It may have arrived already. Tick that it is sent anyway."),
    "one_by_one": _("This kind is decided one by one."),
    "not_waiting": _("It waits for no decision."),
    "minor_worker": _("Under 18: look at the work."),
    "like_identity": _("Somebody with this identity number is known already."),
    "like_phone": _("Somebody with this mobile number is known already."),
    "looked_at_singly": _("The rules ask a person to look at it."),
    "changed_since": _("It has changed since you looked at it."),
    "nothing_to_approve": _("Nothing is left to approve: look at the cases one by one."),
    "cannot_be_undone": _("This cannot be undone. Tick that you are sure."),
}

MESSAGES = {"application_received": _("Application received"), "application_decided": _("Result of the application")}

_FAILURES = {
    "answer lost": _("No answer came from the provider: it may have arrived"),
    "no gateway": _("No provider is set up"),
    "not reached": _("The provider was not reached"),
}


def failure(code: str) -> str:
    """Why a message is stuck; what a provider of its own calls it, word for word."""
    return str(_FAILURES[code] if code in _FAILURES else _("The provider said: %(code)s", code=code))
