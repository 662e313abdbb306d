"""The Chinese catalog says everything the pages say, and nothing else."""

import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from enrollment.settings import ROOT
from enrollment.web.language import CATALOG

METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.svg", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}
OPTIONS = {pattern: {"silent": "false"} for pattern in ("**.html", "**.svg")}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def told():
    """Every message id in the code and the templates; of a plural, both forms."""
    return {
        message
        for folder in ("enrollment", "templates")
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS
        )
    }


@pytest.fixture(scope="module")
def catalog():
    with CATALOG.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN")


def ids(catalog):
    return {message.id if isinstance(message.id, str) else tuple(message.id) for message in catalog if message.id}


def strings(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_everything_that_is_said_is_in_the_catalog(catalog):
    assert sorted(map(str, told() - ids(catalog))) == []


def test_nothing_is_in_the_catalog_that_is_not_said(catalog):
    assert sorted(map(str, ids(catalog) - told())) == []
    assert list(catalog.obsolete) == []


def test_every_message_is_translated_and_none_in_doubt(catalog):
    assert [message.id for message in catalog if message.id and not all(strings(message))] == []
    assert [message.id for message in catalog if message.id and message.fuzzy] == []


def test_every_translation_fills_in_the_same_values(catalog):
    wrong = []
    for message in catalog:
        if not message.id:
            continue
        # Chinese has one form: it may use what either English form uses, and must use the plural's.
        source = message.id if isinstance(message.id, str) else message.id[-1]
        wrong += [
            (message.id, string)
            for string in strings(message)
            if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(string))
        ]

    assert wrong == []


def test_no_translation_was_left_in_english(catalog):
    chinese = re.compile(r"[\u3400-\u9fff]|^\W*$")
    left = {
        str(message.id)
        for message in catalog
        if message.id and not all(chinese.search(PLACEHOLDER.sub("", string)) for string in strings(message))
    }

    assert left <= {"%", "CSV", "QR"}
