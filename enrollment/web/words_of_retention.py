"""Words of retention (保存期限): what is kept for a time, and what of it is dropped; taken into ``wording``."""

from flask_babel import lazy_gettext as _

KEPT_MATTERS = {
    "draft": _("Foundings begun and never sent"),
    "returned": _("Applications returned and never corrected"),
    "refused": _("Applications not accepted"),
    "withdrawn": _("Applications withdrawn"),
    "request": _("Members' requests that are decided"),
    "founding": _("Foundings that are over"),
    "former_member": _("Former members"),
    "message": _("Text messages that are done with"),
    "sign_in": _("Sign-ins"),
    "code": _("Codes sent to phones"),
}

DROPPED = {
    "draft": _("Group, contacts and words; the draft is withdrawn before"),
    "returned": _("Everything the person told; it is withdrawn before"),
    "refused": _("Everything the person told; the ground of the refusal stays"),
    "withdrawn": _("Everything the person told"),
    "request": _("Words and corrected answers; the decision and its reason stay"),
    "founding": _("Names and phones of the contacts, short CVs; names in issued papers stay"),
    "former_member": _("Phone, work, places, employer and plate; name, identity number and dates stay"),
    "message": _("That it was sent, and when; phone and words were deleted once it was sent"),
    "sign_in": _("Who signed in or tried to, when, from which address and browser"),
    "code": _("That one was sent, and when"),
}

RETENTION_VOCABULARIES = {"matter_kept": KEPT_MATTERS, "dropped": DROPPED}
