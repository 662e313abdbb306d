"""A paper on a page: what is shown of it, and the form that edits its words."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import Length

from enrollment.rules.papers import Paper
from enrollment.web.forms import SayingForm


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A paper with whether it is issued, and whether its words may still be edited by who looks at it."""

    paper: Paper
    is_issued: bool
    may_edit: bool


class WordsForm(SayingForm):
    """The words of a paper, one paragraph a line; empty gives back what was composed."""

    words = TextAreaField(
        _("Words of the paper, one paragraph a line"),
        [Length(max=8000, message=_("Enter at most %(most)s characters.", most=8000))],
        description=_("Leave it empty and keep it to get the first draft back."),
        render_kw={"rows": 14, "spellcheck": "false"},
    )
