"""Words of cards and requests (会员证、会员事项), taken into ``wording``."""

from flask_babel import lazy_gettext as _

REQUESTS = {
    "transfer": _("Move the membership"),
    "retain": _("Keep the membership while not working"),
    "leave": _("Leave the union"),
    "correct": _("Correct my data"),
    "erase": _("Delete my data"),
    "close": _("Close my pages"),
}

CAUSES = {
    "retired": _("Retired"),
    "unemployed": _("Out of work"),
    "military_service": _("Military service"),
    "unit_closed": _("My unit has closed"),
}

# What a standing means for who holds the card (REG-18).
MEANINGS = {
    "none": _("No union has your membership. You may apply to join at any time."),
    "member": _("You are an active member, with vote and candidacy."),
    "transferring": _(
        "Your old union has let you go; the new one has to take you in. Until then the card is not valid."
    ),
    "retained": _(
        "Your membership is kept. Meanwhile you pay no dues, and you cannot vote or stand for office. "
        "The card is not valid until you are active again."
    ),
    "exited": _("You have left the union. The card is not valid any more; you may join again at any time."),
    "expelled": _("Your membership was ended. The card is not valid any more."),
    "deceased": _("This membership has ended."),
}

REQUEST_QUESTIONS = {
    "to_union": _("Union to move to"),
    "cause": _("Why the membership is kept"),
    "words": _("Words to the union"),
}

REQUEST_REASONS = {
    "leave_first": _("You are still in the union. Leave it first; then your data can be deleted."),
    "request_under_way": _("You have asked for the same already. Wait for the answer, or take it back."),
    "nothing_to_change": _("Nothing of this differs from what the union has."),
    "transfer_same_union": _("This union has the membership already."),
    "transfer_target_missing": _("Enter the full name or the code of the union that takes the member in."),
    "withdraw_first": _("It is under way. Withdraw it first; then what you told can be deleted."),
    "erase_on_card": _("It has made you a member. Ask on the page of your card, under your data."),
    "abandoned": _("Nobody went on with it for a long time. What was told with it is deleted."),
    "refusal_reason_missing": _("Write why it is refused."),
}
