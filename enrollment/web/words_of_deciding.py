"""Words for decisions of the desk: undoing them, many at once, and the messages that tell of them."""

from flask_babel import lazy_gettext as _

DECIDING_REASONS = {
    "undo_too_late": _("It is too late to undo this decision: it stands."),
    "undo_not_yours": _("Only who made the decision can undo it."),
    "undo_acted_since": _("Somebody has acted on it since: the decision stands."),
    "undo_message_out": _("The message has left already: the decision stands."),
    "cannot_be_undone": _("This cannot be undone. Tick that you are sure."),
}
