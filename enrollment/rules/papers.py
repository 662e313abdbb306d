"""Papers of a founding (建会公文) as pure text: which there are, their parts, their words to edit, their frozen form.

``rules.drafting`` composes them from the facts; here a paper is only its parts, in the order of GB/T 9704.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from unicodedata import category

from enrollment.rules.paper_titles import title_lines


class PaperKind(StrEnum):
    """The papers in the order of domain 7.4."""

    GROUP_REQUEST = "group_request"
    GROUP_REPLY = "group_reply"
    MEETING_REQUEST = "meeting_request"
    MEETING_REPLY = "meeting_reply"
    ATTENDANCE_SHEET = "attendance_sheet"
    BALLOT = "ballot"
    RESULT_REPORT = "result_report"
    ESTABLISHMENT_REPLY = "establishment_reply"
    ROSTER = "roster"


@dataclass(frozen=True, slots=True)
class PaperForm:
    """What a kind of paper is.

    ``name``: its short Chinese name, for file names. ``by_upper``: the upper union issues it, with a document number;
    else the preparatory group, or the old committee of a re-election. ``editable``: its words may be edited before it
    is issued; a sheet, a ballot and a roster are tables of recorded facts alone.
    """

    name: str
    by_upper: bool = False
    editable: bool = True


PAPERS: Mapping[PaperKind, PaperForm] = {
    PaperKind.GROUP_REQUEST: PaperForm("筹备组请示"),
    PaperKind.GROUP_REPLY: PaperForm("筹备组批复", by_upper=True),
    PaperKind.MEETING_REQUEST: PaperForm("大会和候选人请示"),
    PaperKind.MEETING_REPLY: PaperForm("大会和候选人批复", by_upper=True),
    PaperKind.ATTENDANCE_SHEET: PaperForm("签到表", editable=False),
    PaperKind.BALLOT: PaperForm("选票", editable=False),
    PaperKind.RESULT_REPORT: PaperForm("选举结果报告"),
    PaperKind.ESTABLISHMENT_REPLY: PaperForm("成立批复", by_upper=True),
    PaperKind.ROSTER: PaperForm("会员名册", editable=False),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the lines beneath it (``notes``). ``apart``: it stands on a sheet of its own, under the title."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper. Each text is one line, without control characters, once it went through ``cleaned``.

    ``addressee`` (主送机关) without its colon. ``attachments`` (附件): the captions of tables and the names of papers
    that go with it, in order. ``dated_on``: the date of the paper (成文日期), None for a sheet.
    """

    kind: PaperKind
    title: str
    number: str = ""
    addressee: str = ""
    body: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    attachments: tuple[str, ...] = ()
    closing: str = ""
    signatory: str = ""
    dated_on: date | None = None

    @property
    def date_line(self) -> str:
        """The date as GB/T 9704 writes it, empty for none."""
        return chinese_date(self.dated_on)

    @property
    def title_lines(self) -> list[str]:
        return title_lines(self.title)

    @property
    def editable(self) -> bool:
        return PAPERS[self.kind].editable

    @property
    def own_tables(self) -> tuple[Table, ...]:
        """Tables that stand in the paper itself."""
        return tuple(table for table in self.tables if table.caption not in self.attachments)

    @property
    def attached_tables(self) -> tuple[tuple[str, Table], ...]:
        """Tables that follow on pages of their own, each with what stands above it: 附件1."""
        attached = (table for table in self.tables if table.caption in self.attachments)
        return tuple((attachment_name(self.attachments, table.caption), table) for table in attached)

    @property
    def attachment_lines(self) -> tuple[str, ...]:
        """The note of attachments (附件说明), one a line, without the word 附件 before it."""
        if len(self.attachments) == 1:
            return self.attachments
        return tuple(f"{number}. {name}" for number, name in enumerate(self.attachments, 1))


def attachment_name(attachments: tuple[str, ...], name: str) -> str:
    """How an attachment is called: 附件 when it is the only one, else 附件2."""
    return "附件" if len(attachments) == 1 else f"附件{attachments.index(name) + 1}"


def chinese_date(day: date | None) -> str:
    """A day as it is written in a paper, for example 2021年11月30日; empty for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def words_of(paper: Paper) -> str:
    """What may be edited, one paragraph a line: the title, the addressee with its colon, the body, the closing."""
    addressee = f"{paper.addressee}：" if paper.addressee else ""
    return "\n".join(filter(None, (paper.title, addressee, *paper.body, paper.closing)))


def with_words(paper: Paper, text: str) -> Paper:
    """The same paper with edited words.

    The first line is the title; the second, if it ends with a colon, the addressee; the last the closing; the rest the
    body. Empty lines and control characters are dropped, and nothing else. Text without words leaves it as it is.
    """
    lines = list(filter(None, map(one_line, text.splitlines())))
    if not lines:
        return paper
    title, *rest = lines
    addressed = bool(rest) and len(rest[0]) > 1 and rest[0].endswith(("：", ":"))
    addressee = rest.pop(0)[:-1] if addressed else ""
    closing = rest.pop() if rest else ""
    return replace(paper, title=title, addressee=addressee, body=tuple(rest), closing=closing)


_NEVER_SHOWN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_NO_CHARACTERS = ("\ufffe", "\uffff")


def one_line(text: str) -> str:
    """``text`` as one line: breaks and tabs become spaces, what no page and no file can show is dropped."""
    spaced = (" " if letter.isspace() and letter != "\u3000" else letter for letter in text)
    shown = (letter for letter in spaced if category(letter) not in _NEVER_SHOWN)
    return "".join(letter for letter in shown if letter not in _NO_CHARACTERS).strip()


def cleaned(paper: Paper) -> Paper:
    """The paper with each text as one line: a note somebody typed cannot break its paragraphs."""
    return from_dict(_lines(as_dict(paper)))


def _lines(value: Any) -> Any:  # noqa: ANN401 -- whatever JSON holds
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, dict):
        return {name: _lines(part) for name, part in value.items()}
    return [_lines(part) for part in value] if isinstance(value, list) else value


def as_dict(paper: Paper) -> dict[str, Any]:
    """The paper in the types of JSON, to be frozen; ``from_dict`` gives it back exactly."""
    plain: dict[str, Any] = _plain(asdict(paper))
    return plain | {"kind": paper.kind.value, "dated_on": paper.dated_on and paper.dated_on.isoformat()}


def _plain(value: Any) -> Any:  # noqa: ANN401 -- whatever a paper holds
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def from_dict(plain: Mapping[str, Any]) -> Paper:
    """The paper that ``as_dict`` told of."""
    day = plain["dated_on"]
    return Paper(
        kind=PaperKind(plain["kind"]),
        title=plain["title"],
        number=plain["number"],
        addressee=plain["addressee"],
        body=tuple(plain["body"]),
        tables=tuple(map(_table, plain["tables"])),
        attachments=tuple(plain["attachments"]),
        closing=plain["closing"],
        signatory=plain["signatory"],
        dated_on=date.fromisoformat(day) if day else None,
    )


def _table(plain: Mapping[str, Any]) -> Table:
    return Table(
        plain["caption"],
        tuple(plain["header"]),
        tuple(map(tuple, plain["rows"])),
        tuple(plain["notes"]),
        plain["apart"],
    )
