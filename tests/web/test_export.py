import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import unquote

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from enrollment.rules.regions import PREFECTURE, Territory
from enrollment.web.export import as_text, csv_answer, csv_bytes, safe, write_csv

RUNS = ("=", "+", "-", "@", "\t", "\r")
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "+",
        "+8613812345678=1",
        "+８６",
        "+86\n=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠A1",
        " =1",
        "\u3000+1",
        "\u200b@A1",
        '"=1',
        "“=1",
        "'' -1",
        "\n=1",
        "\nx",
    ],
)
def test_what_a_spreadsheet_would_run_is_made_inert(text: str) -> None:
    assert safe(text) == "'" + text


@pytest.mark.parametrize(
    "text",
    [
        "+8613812345678",
        "+86 138-1234-5678",
        "+8613812345678\t",
        "马晓",
        "",
        "138****5678",
        "1-2",
        " 马晓",
        "“好”",
        "a=b",
        "\u3000",
    ],
)
def test_what_is_harmless_stays_untouched(text: str) -> None:
    assert safe(text) == text


@given(st.lists(ANY_TEXT, min_size=1, max_size=4))
def test_every_text_comes_back_and_none_of_it_runs(cells: list[str]) -> None:
    [_header, row] = read(b"".join(csv_bytes(["h"], [cells])))

    assert row == [safe(cell) for cell in cells]
    for cell, written in zip(cells, row, strict=True):
        assert written in {cell, "'" + cell}
        assert not written.startswith(RUNS) or written.rstrip("\t").strip("+0123456789 -") == ""


@given(st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True))
def test_an_identity_number_keeps_every_character_and_is_text(number: str) -> None:
    [_header, [cell]] = read(b"".join(csv_bytes(["h"], [[as_text(number)]])))

    assert cell == number + "\t"


@pytest.mark.parametrize(
    "number, cell",
    [
        ("13812345678", "13812345678\t"),
        ("+8613812345678", "+8613812345678\t"),
        ("916523010000E12345", "916523010000E12345\t"),
        ("91652301MA77AAAA1A", "91652301MA77AAAA1A"),
        ("**************0005", "**************0005"),
        ("", ""),
        (None, ""),
    ],
)
def test_only_what_would_be_read_as_a_number_gets_a_tab(number: str | None, cell: str) -> None:
    assert safe(as_text(number)) == cell


def test_the_file_has_a_bom_and_crlf_and_plain_numbers_and_dates() -> None:
    stream = io.BytesIO()

    write_csv(
        stream,
        ["甲", "乙"],
        [(-3, Decimal("-0.4")), (date(2021, 11, 30), datetime(2021, 11, 30, 4, tzinfo=UTC)), (None, "a,b")],
    )

    text = '甲,乙\r\n-3,-0.4\r\n2021-11-30,2021-11-30 12:00\r\n,"a,b"\r\n'
    assert stream.getvalue() == b"\xef\xbb\xbf" + text.encode()


def test_the_file_is_named_for_territory_and_day(app: Flask) -> None:
    with app.test_request_context():
        answer = csv_answer("members", Territory(PREFECTURE), date(2021, 11, 30), ["h"], [])

    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=\"members_652300_2021-11-30.csv\"; filename*=UTF-8''")
    assert unquote(disposition.split("''")[1]) == "会员_昌吉回族自治州_2021-11-30.csv"
    assert answer.mimetype == "text/csv"


def test_rows_are_written_while_they_are_read() -> None:
    read_so_far = 0

    def rows() -> Iterator[list[int]]:
        nonlocal read_so_far
        for read_so_far in range(1, 100_001):
            yield [read_so_far]

    pieces = csv_bytes(["h"], rows())
    next(pieces)
    next(pieces)

    assert 0 < read_so_far <= 1000
