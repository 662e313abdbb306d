"""What the recorder types after the assembly: attendance, ballots, votes, offices; then what makes a legal person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from enrollment.preparing.forms import asked, line_of, number
from enrollment.preparing.voting import Counted, Recorded, WrittenIn
from enrollment.rules.election import Body
from enrollment.rules.meetings import (
    NO_RELATION,
    Outcome,
    standing_again,
)
from enrollment.storage.foundings import FoundingCandidate
from enrollment.storage.procedures import Founding
from enrollment.storage.rosters import RosterLine
from enrollment.web.clock import today
from enrollment.web.forms import Day, SayingForm, choices, not_in_the_future
from enrollment.web.words_of_founding import BODIES, RELATIONS_TO_HEAD

_WRITTEN_ROWS = 2
"""So many rows are offered for those written in for a body."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One ballot paper: of which body, which of its votes, and who stands on it."""

    body: Body
    number: int
    listed: list[FoundingCandidate]

    def asks(self, what: str, place: int | None = None) -> str:
        """The name of a question about it: ``issued_committee``, ``yes_committee_1``, of a second vote with ``_v2``."""
        return "_".join(
            [what, self.body, *([str(place)] if place else []), *([f"v{self.number}"] if self.again else [])]
        )

    @property
    def again(self) -> bool:
        return self.number > 1


class BallotsForm(SayingForm):
    """Ballots and votes of each body; ``_questions`` adds them. ``sheets``: who is on which ballot."""

    sheets: Sequence[Sheet]
    people: Mapping[str, RosterLine]
    unit_names: Mapping[int, str]

    @property
    def counted(self) -> list[Counted]:
        """Each ballot that was counted; a later vote that is left empty was none."""
        return [
            Counted(
                body=sheet.body,
                issued=self[sheet.asks("issued")].data,
                returned=self[sheet.asks("returned")].data or 0,
                void=self[sheet.asks("void")].data or 0,
                votes={str(each.id): self[sheet.asks("yes", each.place)].data or 0 for each in sheet.listed},
                written_in=self._written_in(sheet),
            )
            for sheet in self.sheets
            if self[sheet.asks("issued")].data is not None
        ]

    def _written_in(self, sheet: Sheet) -> list[WrittenIn]:
        """Those whom voters wrote on the paper, as far as somebody is named."""
        found = []
        for place in range(1, _WRITTEN_ROWS + 1):
            name = sheet.asks("written", place)
            line = self.people.get(self[name].data or "") if name in self else None
            if line:
                found.append(
                    WrittenIn(
                        person_id=line.person.id,
                        name=line.person.name,
                        unit_name=self.unit_names.get(line.employer_id or 0, ""),
                        relation=_relation(self[sheet.asks("relation", place)].data),
                        yes=self[sheet.asks("wrote", place)].data or 0,
                    )
                )
        return found

    def written(self, sheet: Sheet) -> list[str]:
        """The questions about those written on a paper."""
        names = [
            sheet.asks(what, place)
            for place in range(1, _WRITTEN_ROWS + 1)
            for what in ("written", "relation", "wrote")
        ]
        return [name for name in names if name in self]

    def sections(self) -> list[tuple[Any, list[str], list[str]]]:
        """Title and questions of each ballot, and those about who was written on it."""
        return [
            (
                _("%(body)s, vote %(n)s (none: leave empty)", body=BODIES[sheet.body], n=sheet.number)
                if sheet.again
                else BODIES[sheet.body],
                [
                    *(sheet.asks(what) for what in ("issued", "returned", "void")),
                    *(sheet.asks("yes", each.place) for each in sheet.listed),
                ],
                self.written(sheet),
            )
            for sheet in self.sheets
        ]


class MeetingHeldForm(BallotsForm):
    """The assembly as it was held."""

    held_on = Day(
        _("Day of the meeting"), [InputRequired(_("Enter a day such as 2021-11-30.")), not_in_the_future(today)]
    )
    present = asked(_("How many came"))
    rules_adopted = BooleanField(_("The assembly adopted the election rules by vote"))
    counters = line_of(
        _("Who watched the count (监票人), not candidates"), 200, InputRequired(_("Write who watched the count."))
    )
    minutes = TextAreaField(
        _("Minutes (can wait)"),
        [Length(max=4000, message=_("Enter at most %(most)s characters.", most=4000))],
        render_kw={"rows": 4},
    )
    sure = BooleanField(_("The numbers are as they were counted: keep them"))
    correction = line_of(_("Why it is typed anew"), 200, InputRequired(_("Write why it is typed anew.")))

    @property
    def recorded(self) -> Recorded:
        return Recorded(
            held_on=self.held_on.data or date.max,
            present=self.present.data or 0,
            rules_adopted=bool(self.rules_adopted.data),
            counters=self.counters.data or "",
            minutes=self.minutes.data or "",
            counted=self.counted,
            correction=(self.correction.data or "") if "correction" in self else "",
            sure=bool(self.sure.data),
        )


def _relation(told: str | None) -> str:
    return told if told in RELATIONS_TO_HEAD else NO_RELATION


def _can_be_empty(label: Any) -> IntegerField:  # noqa: ANN401
    return number(label, 0, Optional())


def _questions(sheets: Sequence[Sheet]) -> dict[str, Field]:
    """Issued, returned, void, and the yes votes of each candidate, ballot by ballot."""
    asks: dict[str, Field] = {}
    for sheet in sheets:
        count = _can_be_empty if sheet.again else asked
        asks[sheet.asks("issued")] = count(_("Ballots issued"))
        asks[sheet.asks("returned")] = count(_("Ballots returned"))
        asks[sheet.asks("void")] = count(_("Void ballots"))
        for each in sheet.listed:
            asks[sheet.asks("yes", each.place)] = count(_("Yes for %(name)s", name=each.name))
    return asks


def _written_questions(sheet: Sheet, names: Mapping[str, str]) -> dict[str, Field]:
    """Who was written on a paper (另选他人, ELEC-17), and with how many votes."""
    asks: dict[str, Field] = {}
    for place in range(1, _WRITTEN_ROWS + 1):
        listed = choices(names, first=_("Nobody"))
        asks[sheet.asks("written", place)] = SelectField(_("Written in"), [Optional()], choices=listed, default="")
        asks[sheet.asks("relation", place)] = SelectField(
            _("Relation to the head of the own unit"),
            [Optional()],
            choices=choices(RELATIONS_TO_HEAD),
            default=NO_RELATION,
            validate_choice=False,
        )
        asks[sheet.asks("wrote", place)] = number(_("Yes for the one written in"), 0, Optional())
    return asks


def held_form(
    founding: Founding, people: Mapping[str, RosterLine], unit_names: Mapping[int, str], *, correcting: bool = False
) -> MeetingHeldForm:
    """The form for this meeting's lists; who should attend is no matter of typing.

    ``people``: the members by code, who can be written in. ``correcting``: filled with what was typed, later votes too,
    and asking why it is typed anew.
    """
    sheets = [
        Sheet(body, 1, [each for each in listed if not each.written_in]) for body, listed in founding.lists.items()
    ]
    stand = {each.person_id for sheet in sheets for each in sheet.listed}
    names = {
        code: f"{line.person.name} · {unit_names.get(line.employer_id or 0, '')}"
        for code, line in people.items()
        if line.person.id not in stand
    }
    written = {name: ask for sheet in sheets for name, ask in _written_questions(sheet, names).items()} if names else {}
    if correcting:
        sheets += _later_sheets(founding)
    given = {"sheets": sheets, "people": people, "unit_names": unit_names}
    made = type("HeldForm", (MeetingHeldForm,), {**given, **_questions(sheets), **written})
    meeting, codes = founding.meeting, {line.person.id: code for code, line in people.items()}
    kept = {sheet.asks("void"): 0 for sheet in sheets} | (_typed(founding, sheets, codes) if correcting else {})
    form: MeetingHeldForm = made(held_on=meeting.meeting_on if meeting else None, **kept)
    if not correcting:
        del form["correction"]
    return form


def _later_sheets(founding: Founding) -> list[Sheet]:
    """The ballots of runoffs and other later votes, in the order they were taken."""
    return [
        Sheet(body, ballot.number, [each for each in listed if str(each.id) in ballot.votes])
        for body, listed in founding.lists.items()
        for ballot in founding.votes(body)[1:]
    ]


def _typed(founding: Founding, sheets: Sequence[Sheet], codes: Mapping[int, str]) -> dict[str, Any]:
    """What was typed of the present round, by question."""
    meeting, typed = founding.meeting, {}
    if meeting:
        for name in ("present", "rules_adopted", "counters", "minutes"):
            typed[name] = getattr(meeting, name)
    for sheet in sheets:
        for ballot in founding.votes(sheet.body)[sheet.number - 1 : sheet.number]:
            typed |= {sheet.asks(name): getattr(ballot, name) for name in ("issued", "returned", "void")}
            typed |= {sheet.asks("yes", each.place): ballot.votes.get(str(each.id)) for each in sheet.listed}
            wrote = [each for each in founding.lists[sheet.body] if each.written_in and not sheet.again]
            for place, each in enumerate(wrote, start=1):
                typed[sheet.asks("written", place)] = codes.get(each.person_id or 0, "")
                typed[sheet.asks("relation", place)] = each.relation
                typed[sheet.asks("wrote", place)] = ballot.votes.get(str(each.id))
    return typed


class AnotherVoteForm(BallotsForm):
    """One more vote. ``version``: of the founding whose open seats were read, so that a vote counts once."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(_("Open this page anew."))])


def again_form(founding: Founding, found: Outcome) -> AnotherVoteForm:
    """Another vote on the seats still open: those tied, else all who were not elected."""
    sheets = []
    for body, listed in founding.lists.items():
        tied = found.results[body][-1].tied
        may_stand = [str(each.id) for each in listed if not each.written_in or str(each.id) in tied]
        names = standing_again(found, body, may_stand)
        if names:
            sheets.append(Sheet(body, 1, [each for each in listed if str(each.id) in names]))
    given = {"sheets": sheets, "people": {}, "unit_names": {}}
    form: AnotherVoteForm = type("AgainForm", (AnotherVoteForm,), {**given, **_questions(sheets)})(
        version=founding.application.version, **{sheet.asks("void"): 0 for sheet in sheets}
    )
    return form
