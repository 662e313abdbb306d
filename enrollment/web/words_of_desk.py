"""Words for what the desk refuses."""

from flask_babel import lazy_gettext as _

DESK_REASONS = {
    "too_many_filters": _("Twenty filters are kept already: delete one first."),
}
