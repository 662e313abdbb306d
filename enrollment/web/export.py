"""CSV (导出): what is on screen as a file that Excel and WPS open without harm. Written as it is read, memory constant.

UTF-8 with BOM, CRLF. A cell that a spreadsheet would run is made inert; long numbers can be kept as text.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import islice
from typing import IO
from urllib.parse import quote

from flask import Response, stream_with_context

from enrollment.rules.regions import Territory
from enrollment.web.filters import beijing

FILE_NAMES = {
    "members": "会员",
    "unions": "工会",
    "employers": "企业",
    "matching": "联合建会建议",
    "pairings": "结对指导",
    "visits": "慰问走访",
    "events": "活动",
    "rates": "入会率",
    "applications": "申请",
    "my-data": "我的资料",
}
"""Names of files are in the language of record, whatever the page's language."""

_BOM = b"\xef\xbb\xbf"
_ROWS_AT_ONCE = 200
_RUNS = re.compile(r"[\s\u200b\ufeff\"'“”‘’]*[=+@＝＋－＠-]|[\t\r\n]")
"""Also behind spaces and quotes, which some spreadsheets drop, and in full width, which some make narrow."""

_PHONE = re.compile(r"\+[0-9][0-9 -]*\t?")
_DIGITS = re.compile(r"\+?[0-9]+(?:[Ee][0-9]+|X)?")

Row = Sequence[object]


def as_text(number: str | None) -> str:
    """A number of digits that stays text in a spreadsheet: every digit kept, a TAB after the last.

    Without it, Excel and WPS show an identity number as 6.52301E+17 and lose its last three digits. What cannot be
    read as a number (a masked one, most credit codes) stays as it is.
    """
    if not number:
        return ""
    return f"{number}\t" if _DIGITS.fullmatch(number) else number


def safe(text: str) -> str:
    """``text`` made inert: an apostrophe before what a spreadsheet would run; ``+86…`` numbers stay untouched."""
    return f"'{text}" if _RUNS.match(text) and not _PHONE.fullmatch(text) else text


def csv_bytes(header: Iterable[object], rows: Iterable[Row]) -> Iterator[bytes]:
    """The file, piece by piece: never more than some rows in memory."""
    remaining = iter(rows)
    yield _BOM + _encoded([tuple(header)])
    while piece := list(islice(remaining, _ROWS_AT_ONCE)):
        yield _encoded(piece)


def write_csv(stream: IO[bytes], header: Iterable[object], rows: Iterable[Row]) -> None:
    """The same bytes to a file opened for bytes, such as ``sys.stdout.buffer``."""
    for piece in csv_bytes(header, rows):
        stream.write(piece)


def csv_answer(
    name: str,
    territory: Territory,
    as_of: date,
    header: Iterable[object],
    rows: Iterable[Row],
) -> Response:
    """The file as an answer that streams. ``name`` is a word of ``FILE_NAMES``.

    The rows are asked for while they are sent, when the view's session is closed: they come from a generator that runs
    its statement at the first row, in the context that the stream opens.
    """
    plain, full = f"{name}_{territory.code}_{as_of}.csv", f"{FILE_NAMES[name]}_{territory.name}_{as_of}.csv"
    return _file(csv_bytes(header, rows), plain, full)


def own_data_answer(on: date, header: Iterable[object], rows: Iterable[Row]) -> Response:
    """A person's own data as a file; its name tells nothing about the person."""
    return _file(csv_bytes(header, rows), f"my-data_{on}.csv", f"{FILE_NAMES['my-data']}_{on}.csv")


def _file(pieces: Iterator[bytes], plain: str, full: str) -> Response:
    answer = Response(stream_with_context(pieces), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(full)}"
    return answer


def _encoded(rows: Iterable[Row]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    """A value as it is written: numbers and dates cannot run, so only text is guarded."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return beijing(value)
    if isinstance(value, (int, Decimal, date)):
        return str(value)
    return safe(str(value))
