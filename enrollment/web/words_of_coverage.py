"""Words of coverage and of unions that end (覆盖、工会撤并), taken into ``wording``."""

from flask_babel import lazy_gettext as _

END_CAUSES = {
    "reached_25": _("Has 25 members or more and forms its own union"),
    "by_own_wish": _("Leaves of its own wish"),
    "moved_away": _("Has moved away"),
    "unit_closed": _("The unit has closed"),
    "union_dissolved": _("The union was dissolved"),
    "union_merged": _("The union became part of another"),
}

DISSOLUTIONS = {
    "unit_ended": _("The unit has ended"),
    "by_vote": _("The members voted for it and the upper union approved"),
}

MERGES = {
    "too_small": _("Too few units or members to act by itself"),
    "same_trade": _("Both are of one trade"),
    "same_place": _("Both are of one place"),
}

ENDS = {**DISSOLUTIONS, **MERGES}

HAPPENINGS = {
    "founded": _("Founded"),
    "unit_joined": _("%(name)s joined"),
    "unit_left": _("%(name)s left"),
    "took_in": _("%(name)s became part of this union"),
    "merged": _("Became part of %(name)s"),
    "dissolved": _("Dissolved"),
}

COVERAGE_WARNINGS = {
    "below_two_units": _(
        "Fewer than two units are left. A joint union is one of two units or more: find another unit to join, "
        "merge it into another union, or dissolve it."
    ),
}

COVERAGE_REASONS = {
    "approval_number_missing": _("Enter the number of the reply."),
    "document_missing": _("Enter the document it rests on."),
    "in_the_future": _("Enter a day that has been."),
    "before_founding": _("On this day the union did not stand yet."),
    "before_coverage_began": _("The unit must have been covered for a day at least: choose a later day."),
    "end_cause_missing": _("Choose why the unit leaves."),
    "not_reached_25": _("The unit does not have 25 members."),
    "takes_no_unit": _("This union takes in no further unit."),
    "unit_has_this_union_alone": _("This is the unit's own union: dissolve it, merge it, or close the unit."),
    "unit_is_closed": _("This unit has closed."),
    "unit_was_covered": _("Another union covered this unit on that day: choose the day on which that ended, or later."),
    "unit_unknown": _("Choose the unit."),
    "union_has_ended": _("This union does not stand any more."),
    "union_elsewhere": _("A union of another county covers this unit. That county must let it go first."),
    "no_pool_here": _(
        "This county has no holding pool yet, so its members would have nowhere to go. Set one up first."
    ),
    "members_dated_later": _("Some members have an entry of a later day. Choose that day or a later one."),
    "something_later": _("Something of a later day is recorded here. Choose that day or a later one."),
    "report_missing": _("Enter the report to the upper union."),
    "units_still_stand": _("Units it covers still stand. Close them first, or let the members vote."),
    "vote_missing": _("Enter the day the members voted."),
    "approval_day_missing": _("Enter the day of the reply."),
    "approved_before_vote": _("The upper union approves after the members have voted, not before."),
    "before_approval": _("It cannot take effect before the upper union has approved."),
    "pool_does_not_end": _("A holding pool does not end: members wait there for their union."),
    "merge_into_a_union": _("A holding pool is no union to merge into."),
    "merge_target_missing": _("Choose the union it becomes part of."),
}
