"""Words of the desk: what it refuses, and what its ready sentences are for."""

from flask_babel import lazy_gettext as _

DESK_REASONS = {
    "too_many_filters": _("Twenty filters are kept already: delete one first."),
}

PURPOSES = {
    "returned": _("For returning"),
    "refused": _("For not accepting"),
    "approved": _("For approving"),
}
