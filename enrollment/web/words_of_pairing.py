"""Words of pairings and headcounts (结对指导、从业人员数), taken into ``wording``."""

from flask_babel import lazy_gettext as _

PAIRING_ENTRIES = {
    "named": _("Guide named"),
    "replaced": _("Another guide named"),
    "handed_over": _("Handed over"),
    "step_set": _("Next step set"),
    "not_needed": _("No longer needed"),
}

PAIRING_ENDS = {
    "union_formed": _("A union covers the employer"),
    "unit_closed": _("The unit has closed"),
    "replaced": _("Another guide named"),
    "handed_over": _("Handed over"),
    "not_needed": _("No longer needed"),
}

CONTACT_WAYS = {
    "visit": _("Visit on site"),
    "phone": _("Telephone"),
    "message": _("Message"),
    "elsewhere": _("Met elsewhere"),
}

STEP_DUES = {
    "none": _("No next step"),
    "ahead": _("Ahead"),
    "today": _("Due today"),
    "overdue": _("Overdue"),
}

PAIRING_REASONS = {
    "guide_inactive": _("This account is no longer active. Choose another guide."),
    "guide_elsewhere": _("This account is of another county. Choose a guide of this county or of the prefecture."),
    "same_guide": _("Choose somebody else: these employers have this guide already."),
    "step_without_day": _("Enter the day of the next step."),
    "day_without_step": _("Enter what the next step is."),
    "nobody_guides": _("Nobody guides this employer. Name a guide first."),
    "nothing_chosen": _("Choose at least one employer."),
    "headcount_of_closed": _("On this day the unit was there no more."),
}
