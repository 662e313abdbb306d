"""The checklist of OWASP ASVS (``asvs.md``): every test it names is there, and whatever is met names one."""

import ast
import re
from collections import Counter

import pytest

from enrollment.settings import ROOT

TEXT = (ROOT / "tests" / "asvs.md").read_text()
ANSWERS = ("met", "not applicable: ", "operator: ", "open: ")
ROWS = [
    [cell.strip() for cell in line.strip("| ").split(" | ")] for line in TEXT.splitlines() if re.match(r"\| \d", line)
]
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)


def test_every_test_the_checklist_names_is_there():
    there = {
        path: {node.name for node in ast.parse((ROOT / path).read_text()).body if isinstance(node, ast.FunctionDef)}
        for path in {path for path, _name in NAMED}
    }

    assert [f"{path}::{name}" for path, name in NAMED if name not in there[path]] == []
    assert TEXT.count("::") == len(NAMED)  # none is mistyped


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_line_has_an_answer_and_what_is_met_names_its_test(row):
    lines, asks, answer, *tests = row

    assert re.fullmatch(r"\d+\.\d+\.\d+(, \d+\.\d+\.\d+)*", lines)
    assert asks
    assert answer.startswith(ANSWERS)
    assert bool(tests and NAMED and "::" in tests[0]) is answer.startswith("met")


def test_no_line_is_answered_twice_and_every_chapter_is_there():
    numbers = [number for row in ROWS for number in row[0].split(", ")]

    assert [number for number, times in Counter(numbers).items() if times > 1] == []
    assert {int(number.split(".")[0]) for number in numbers} == set(range(1, 15))
    assert len(numbers) == 260  # all of levels 1 and 2
