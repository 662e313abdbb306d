"""Words of the desk: what it refuses, and what its ready sentences are for."""

from flask_babel import lazy_gettext as _

DESK_REASONS = {
    "stepped_in": _("In place of whose turn it was"),
    "passing_on_reason_missing": _("Write why it is passed on."),
    "passing_on_target_missing": _("Name the union it is passed on to."),
    "passing_on_same_union": _("It is applied to this union already."),
    "left_to_county": _("Left to the county union"),
    "has_own_desk": _("You are signed in: decide it on your own desk."),
    "with_its_union": _(
        "It lies with the officer of its union or with its preparatory group: step in there, one by one."
    ),
    "held_by_another": _("A colleague has it: leave it to them, or open it and take it over."),
    "too_many_filters": _("Twenty filters are kept already: delete one first."),
}

PURPOSES = {
    "returned": _("For returning"),
    "refused": _("For not accepting"),
    "approved": _("For approving"),
}

STEPS = {
    "submitted": _("Application sent"),
    "returned": _("Returned for correction"),
    "corrected": _("Corrected and sent again"),
    "confirmed": _("Confirmed in person by the union"),
    "passed_on": _("Passed on"),
    "taken_on": _("Taken on"),
    "handed_over": _("Handed over"),
    "withdrawn": _("Withdrawn"),
    "approved": _("Approved"),
    "refused": _("Not accepted"),
    "undone": _("Decision undone"),
    "escalated": _("Overdue: passed up one level"),
}

DESKS = {
    "group": _("The preparatory group"),
    "union": _("The union's officer"),
    "county": _("The county union"),
    "prefecture": _("The prefecture union"),
}
