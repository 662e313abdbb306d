"""Which employers are asked for; who guides one, what is next, how it was contacted; who takes over."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from enrollment.pairing import queries
from enrollment.storage.pairings import LONGEST_NOTE, LONGEST_STEP, LONGEST_WORDS
from enrollment.web.clock import today
from enrollment.web.forms import Day, OnceForm, SayingForm, choices, not_in_the_future, stripped, within_a_year
from enrollment.web.lists import Found, ListForm
from enrollment.web.words_of_pairing import CONTACT_WAYS

_CHOOSE_GUIDE = _("Choose the guide.")


def _no_longer_than(most: int) -> Length:
    return Length(max=most, message=_("Enter at most %(max)d characters."))


class PairingsForm(ListForm):
    as_of = None  # type: ignore[assignment]  # a pairing is of today
    view = SelectField(choices=choices(dict.fromkeys(queries.VIEWS, "")), validators=[Optional()])
    guide = SelectField(_("Guide"), validators=[Optional()])

    def offer(self, accounts: Iterable[Found]) -> "PairingsForm":
        """Let the employers of one of these accounts be asked for."""
        self.guide.choices = choices({row.login: row.name for row in accounts}, first=_("All"))
        return self

    def filters(self, mine: int | None) -> queries.Filters:
        """What is asked for; ``mine`` is who asks."""
        return queries.Filters(self.text("view") or "all", self.text("guide"), self.text("q"), mine)


class GuideForm(SayingForm):
    """Who guides, and what is next. ``version``: the number of the entry it was drawn after."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    guide = SelectField(_("Guide"), validators=[InputRequired(_CHOOSE_GUIDE)])
    step = StringField(
        _("Next step"),
        description=_("For example: explain the policy on site, help to fill in the request"),
        validators=[_no_longer_than(LONGEST_STEP)],
        render_kw={"maxlength": LONGEST_STEP, "autocomplete": "off"},
    )
    due_on = Day(_("Day of the next step"), validators=[Optional(), within_a_year(today)])

    def offer(self, guides: Iterable[Found]) -> "GuideForm":
        """Let one of these be chosen."""
        self.guide.choices = choices({row.login: row.name for row in guides}, first=_("Choose"))
        return self


class ContactForm(OnceForm, SayingForm):
    """When and how the employer was contacted, and what was said."""

    contacted_on = Day(
        _("Day of the contact"),
        default=today,
        validators=[InputRequired(_("Enter the day.")), not_in_the_future(today), within_a_year(today)],
    )
    way = SelectField(_("How"), choices=choices(CONTACT_WAYS))
    words = TextAreaField(
        _("What was said"),
        validators=[InputRequired(_("Write in a few words what was said.")), _no_longer_than(LONGEST_WORDS)],
    )


class EndForm(SayingForm):
    """Why nobody has to guide this employer any more."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    note = StringField(
        _("Why it is no longer needed"),
        validators=[InputRequired(_("Write why it is no longer needed.")), _no_longer_than(LONGEST_NOTE)],
        render_kw={"autocomplete": "off"},
    )


class HandOverForm(SayingForm):
    """Who takes over, and which employers."""

    to = SelectField(_("Who takes over"), validators=[InputRequired(_CHOOSE_GUIDE)])
    employers = SelectMultipleField(
        _("Employers to hand over"),
        validate_choice=False,  # what has moved since is told by the act
        coerce=stripped,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )

    def offer(self, guides: Iterable[Found], rows: Iterable[Found]) -> "HandOverForm":
        """Let these take over these employers; all of them, unless some are taken out."""
        self.to.choices = choices({row.login: row.name for row in guides if row.active}, first=_("Choose"))
        found = {row.code: row.name for row in rows}
        self.employers.choices = choices(found)
        if not self.is_submitted():
            self.employers.data = list(found)
        return self

    @property
    def chosen(self) -> tuple[str, ...]:
        """Codes of the employers to move."""
        told: Any = self.employers.data
        return tuple(told or ())
