"""Document numbers: 昌市工复〔2026〕3号."""

import pytest

from enrollment.rules.documents import MARKS, NODES, document_number, is_mark, marks_with
from enrollment.rules.regions import COUNTIES, PREFECTURE, ZONES


def test_a_number_is_mark_year_and_serial_without_zeros():
    assert document_number("昌市工复", 2026, 3) == "昌市工复〔2026〕3号"
    assert document_number("昌州工复", 2021, 1204) == "昌州工复〔2021〕1204号"


@pytest.mark.parametrize(
    ("mark", "year", "serial"), [("", 2026, 3), ("昌市工复", 26, 3), ("昌市工复", 20260, 3), ("昌市工复", 2026, 0)]
)
def test_what_is_no_number_is_refused(mark, year, serial):
    with pytest.raises(ValueError, match="no document number of"):
        document_number(mark, year, serial)


def test_every_approving_node_has_a_mark_of_its_own():
    assert set(MARKS) == set(NODES) == {PREFECTURE, *COUNTIES, *ZONES}
    assert len(set(MARKS.values())) == len(MARKS) == 11
    assert (MARKS["652300"], MARKS["652301"]) == ("昌州工复", "昌市工复")
    assert all(map(is_mark, MARKS.values()))


def test_a_deployment_has_its_own_marks():
    marks = marks_with({"652301": "昌吉工函"})

    assert (marks["652301"], marks["652302"]) == ("昌吉工函", "阜工复")


@pytest.mark.parametrize("text", ["", "昌市 工复", "昌市工复〔", "昌市工复2", "昌" * 21])
def test_what_would_blur_the_number_is_no_mark(text):
    assert not is_mark(text)
