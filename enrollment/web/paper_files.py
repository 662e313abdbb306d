"""Papers (公文) as Word files, in the form of GB/T 9704: A4, its margins, fonts and lines.

The same paper gives the same bytes: nothing in the file is taken from the clock.
"""

from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph
from flask import Response

from enrollment.rules.papers import PAPERS, Paper, PaperKind, Table

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_SERIF, _SONG = "仿宋", "宋体"
_LATIN = "Times New Roman"
_BODY, _TITLE, _CAPTION, _NOTE, _CELL = Pt(16), Pt(22), Pt(18), Pt(14), Pt(12)
_LINE, _TITLE_LINE, _NOTE_LINE, _CELL_LINE = Pt(28), Pt(36), Pt(24), Pt(18)
_GAP = Pt(8)
_INDENT = 2
"""Characters before the first line of a paragraph, and after signatory and date."""

_TEXT_WIDTH = Mm(156)
_ROW, _BALLOT_ROW = Mm(9), Mm(14)
_EMPTY_COLUMN, _WIDEST_COLUMN, _HEADER_LINE, _CENTERED_UP_TO = 7, 16, 4, 10
"""In characters: a column to write into by hand, the most a column's text asks for, the least a line of its header
asks for, and what still stands centered."""

_BEFORE_ALL = date(1980, 1, 1)  # the first day a ZIP file knows
_NOT_IN_NAMES = '\\/:*?"<>|'
_LONGEST_NAME = 60


def docx_of(paper: Paper) -> bytes:
    """The paper as a ``.docx``. Its texts hold no control characters: ``rules.papers.cleaned`` saw to that."""
    document = Document()
    _set_up(document, paper)
    _head(document, paper)
    for place, text in enumerate(paper.body, 1):
        paragraph = _paragraph(document, text, indented=paper.editable)
        if paper.own_tables and place == len(paper.body):
            paragraph.paragraph_format.space_after = _GAP
    for place, table in enumerate(paper.own_tables):
        if table.apart and place:
            _head(document, paper).paragraph_format.page_break_before = True
        _own_table(document, table)
    _end(document, paper)
    for label, table in paper.attached_tables:
        _paragraph(document, label).paragraph_format.page_break_before = True
        _caption(document, table.caption)
        _table(document, table)
    return _steady(document)


def file_name_of(paper: Paper, union_name: str) -> str:
    """The name of the file: the union, what the paper is, its date unless it is a sheet, and ``.docx``.

    What no file system takes is left out, and a very long name of a union is cut.
    """
    kept = (letter for letter in union_name if letter.isprintable() and letter not in _NOT_IN_NAMES)
    parts = ("".join(kept)[:_LONGEST_NAME].strip(), PAPERS[paper.kind].name, str(paper.dated_on or ""))
    return "_".join(filter(None, parts)) + ".docx"


def docx_answer(paper: Paper, union_name: str) -> Response:
    """The file as an answer to be saved under its name."""
    answer = Response(docx_of(paper), mimetype=MIMETYPE)
    full = quote(file_name_of(paper, union_name))
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{paper.kind}.docx\"; filename*=UTF-8''{full}"
    return answer


# ---- The whole ----


def _set_up(document: WordDocument, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = _LATIN, _BODY
    _set_font(normal.element.get_or_add_rPr(), _SERIF)
    normal.paragraph_format.widow_control = False
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    if paper.kind is not PaperKind.BALLOT:
        _number_pages(section.footer.paragraphs[0])
    core = document.core_properties
    core.title, core.author, core.last_modified_by = paper.title, paper.signatory, paper.signatory
    core.comments, core.language = "", "zh-CN"
    core.created = core.modified = datetime.combine(paper.dated_on or _BEFORE_ALL, time())
    rels = document.part.package.rels
    for key in [key for key, rel in rels.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del rels[key]  # a picture of the library's own


def _number_pages(paragraph: Paragraph) -> None:
    """The number of the page between two dashes, as GB/T 9704 has it."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(paragraph, "— ", _NOTE, font=_SONG)
    field: Any = OxmlElement("w:fldSimple", {qn("w:instr"): "PAGE"})
    paragraph._p.append(field)  # noqa: SLF001 -- the library has no fields
    field.append(_write(paragraph, "1", _NOTE, font=_SONG))
    _write(paragraph, " —", _NOTE, font=_SONG)


def _steady(document: WordDocument) -> bytes:
    """The file with one date for all its parts, so that the same paper gives the same bytes."""
    saved, steady = BytesIO(), BytesIO()
    document.save(saved)
    with ZipFile(saved) as parts, ZipFile(steady, "w", ZIP_DEFLATED) as file:
        for name in parts.namelist():
            part = ZipInfo(name, (*_BEFORE_ALL.timetuple()[:3], 0, 0, 0))
            part.compress_type = ZIP_DEFLATED
            file.writestr(part, parts.read(name))
    return steady.getvalue()


# ---- Its parts, from the top ----


def _head(document: WordDocument, paper: Paper) -> Paragraph:
    """Title, number and addressee; returns the title."""
    title = _centered(document, "\n".join(paper.title_lines), _TITLE, _TITLE_LINE, bold=True)
    last = title
    if paper.number:
        last = _centered(document, paper.number, _BODY, _LINE)
    last.paragraph_format.space_after = _LINE
    if paper.addressee:
        _paragraph(document, f"{paper.addressee}：")
    return title


def _end(document: WordDocument, paper: Paper) -> None:
    """Closing, note of attachments, signatory and date; they stay on one page."""
    if paper.closing:
        _paragraph(document, paper.closing, indented=True).paragraph_format.keep_with_next = True
    lines = paper.attachment_lines
    for place, line in enumerate(lines):
        note = _paragraph(document, line if place else f"附件：{line}", indented=not place)
        note.paragraph_format.keep_with_next = True
        if place:
            note.paragraph_format.left_indent = Length(_BODY * (_INDENT + len("附件：")))
        else:
            note.paragraph_format.space_before = _LINE
    signed = [_paragraph(document, text) for text in (paper.signatory, paper.date_line) if text]
    for place, paragraph in enumerate(signed):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Length(_BODY * _INDENT)
        if not place:
            paragraph.paragraph_format.space_before = Length(_LINE * 2)
            paragraph.paragraph_format.keep_with_next = True


def _own_table(document: WordDocument, table: Table) -> None:
    if table.caption:
        _caption(document, table.caption)
    _table(document, table)
    for place, note in enumerate(table.notes):
        line = document.add_paragraph()
        line.paragraph_format.space_before = Pt(0) if place else _GAP
        line.paragraph_format.line_spacing = _NOTE_LINE
        _write(line, note, _NOTE)


def _table(document: WordDocument, table: Table) -> None:
    """The table with borders, as wide as the text, its header again on each page; no row is split."""
    drawn = document.add_table(len(table.rows) + 1, len(table.header), style="Table Grid")
    drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths, centered = _columns(table)
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width
    for place, (row, texts) in enumerate(zip(drawn.rows, (table.header, *table.rows), strict=True)):
        row.height_rule, row.height = WD_ROW_HEIGHT_RULE.AT_LEAST, _BALLOT_ROW if table.apart else _ROW
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 -- the library has no such properties
        properties.append(OxmlElement("w:cantSplit"))
        if place == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, text, width, center in zip(row.cells, texts, widths, centered, strict=True):
            cell.width, cell.vertical_alignment = width, WD_ALIGN_VERTICAL.CENTER
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = _CELL_LINE
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if center or place == 0 else WD_ALIGN_PARAGRAPH.LEFT
            _write(paragraph, text, _CELL, font=_SONG, bold=place == 0)


def _columns(table: Table) -> tuple[list[Length], list[bool]]:
    """How wide each column is, and whether its texts are short enough to stand centered.

    When they ask for more than there is, the widest give way: a short text is not broken.
    """
    longest = [max((_width(row[place]) for row in table.rows), default=0) for place in range(len(table.header))]
    asked = [
        min(max(text or _EMPTY_COLUMN, min(len(name), _HEADER_LINE)), _WIDEST_COLUMN) + 1
        for text, name in zip(longest, table.header, strict=True)
    ]
    while sum(asked) > _TEXT_WIDTH // _CELL and max(asked) > _HEADER_LINE + 1:
        asked[asked.index(max(asked))] -= 1
    widths = [Length(_TEXT_WIDTH * weight // sum(asked)) for weight in asked]
    return widths, [text <= _CENTERED_UP_TO for text in longest]


def _width(text: str) -> int:
    """How wide a text is in Chinese characters: a Latin letter or digit is half of one."""
    return (sum(1 if letter.isascii() else 2 for letter in text) + 1) // 2


def _centered(document: WordDocument, text: str, size: Length, line: Length, *, bold: bool = False) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = line
    paragraph.paragraph_format.keep_with_next = True
    _write(paragraph, text, size, font=_SONG if bold else _SERIF, bold=bold)
    return paragraph


def _caption(document: WordDocument, text: str) -> None:
    _centered(document, text, _CAPTION, _TITLE_LINE, bold=True).paragraph_format.space_after = _GAP


def _paragraph(document: WordDocument, text: str, *, indented: bool = False) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = _LINE
    if indented:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.first_line_indent = Length(_BODY * _INDENT)
        spacing: Any = paragraph._p.get_or_add_pPr().get_or_add_ind()  # noqa: SLF001 -- measures in characters are missing
        spacing.set(qn("w:firstLineChars"), str(_INDENT * 100))
    _write(paragraph, text, _BODY)
    return paragraph


def _write(paragraph: Paragraph, text: str, size: Length, *, font: str = _SERIF, bold: bool = False) -> Any:  # noqa: ANN401 -- an element
    run = paragraph.add_run(text)
    run.font.name, run.font.size = _LATIN, size
    run.font.bold = bold or None
    _set_font(run._r.get_or_add_rPr(), font)  # noqa: SLF001 -- the library knows no East Asian fonts
    return run._r  # noqa: SLF001


def _set_font(properties: Any, font: str) -> None:  # noqa: ANN401 -- an element
    """The font of Chinese letters; Latin letters and digits keep theirs."""
    fonts = properties.get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")  # what both scripts write, such as quotation marks, is Chinese too
    language: Any = OxmlElement("w:lang", {qn("w:eastAsia"): "zh-CN"})
    properties.append(language)
