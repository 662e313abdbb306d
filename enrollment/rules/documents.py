"""Document numbers (发文字号) of the approving nodes: 昌市工复〔2026〕3号 (GB/T 9704: mark, year, serial)."""

from collections.abc import Mapping

from enrollment.rules.regions import COUNTIES, PREFECTURE, ZONES

MARKS: Mapping[str, str] = {
    "652300": "昌州工复",
    "652301": "昌市工复",
    "652302": "阜工复",
    "652323": "呼工复",
    "652324": "玛工复",
    "652325": "奇工复",
    "652327": "吉工复",
    "652328": "木工复",
    "ZD": "准东工复",
    "CJGX": "昌高新工复",
    "CJNK": "昌农科工复",
}
"""The marks (发文机关代字) by approving node. Local practice, which nobody has checked: a setting overrides them."""

NODES: tuple[str, ...] = (PREFECTURE, *COUNTIES, *ZONES)
LONGEST_MARK = 20
_FIRST_YEAR, _LAST_YEAR = 1000, 9999


def document_number(mark: str, year: int, serial: int) -> str:
    """The number in the form of GB/T 9704: the year in full in 〔〕, the serial without zeros before it.

    Raises ``ValueError`` for an empty mark, a year without four digits and a serial below 1.
    """
    if not mark or not _FIRST_YEAR <= year <= _LAST_YEAR or serial < 1:
        message = f"no document number of {mark!r}, {year}, {serial}"
        raise ValueError(message)
    return f"{mark}〔{year}〕{serial}号"


def is_mark(text: str) -> bool:
    """Whether this can be a mark: one to twenty letters, nothing that would blur where the year begins."""
    return 0 < len(text) <= LONGEST_MARK and text.isalpha()


def marks_with(overrides: Mapping[str, str]) -> Mapping[str, str]:
    """The mark of each approving node, ``overrides`` before the default."""
    return {**MARKS, **overrides}
