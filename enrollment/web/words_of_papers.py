"""Words of papers (建会公文), taken into ``wording``."""

from flask_babel import lazy_gettext as _

PAPERS = {
    "group_request": _("Request for a preparatory group"),
    "group_reply": _("Reply: preparatory group"),
    "meeting_request": _("Request for the meeting and the candidates"),
    "meeting_reply": _("Reply: meeting and candidates"),
    "attendance_sheet": _("Attendance sheet"),
    "ballot": _("Ballot"),
    "result_report": _("Report of the result"),
    "establishment_reply": _("Reply: the union is established"),
    "roster": _("Members’ roster"),
}

PAPER_REASONS = {
    "paper_is_issued": _("This paper has been issued and stays as it is."),
    "paper_is_a_table": _("This paper is a table of what was recorded: it has no words to edit."),
}
