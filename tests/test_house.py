"""The laws that hold the house, read from its own files."""

import ast
import re
from pathlib import Path

import pytest

from enrollment.rules.access import Act
from enrollment.rules.kinds import KINDS
from enrollment.settings import ROOT
from enrollment.web.wording import REASONS

CODE = sorted((ROOT / "enrollment").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
TREES = {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in CODE}


def lines(path: Path) -> int:
    """Lines of a file that are neither blank nor a comment."""
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in path.read_text().splitlines())


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_view_names_the_act_it_needs(app):
    acts = {endpoint: getattr(view, "act", None) for endpoint, view in app.view_functions.items()}

    assert acts.pop("static") is None
    assert [endpoint for endpoint, act in acts.items() if not isinstance(act, Act)] == []


def test_no_module_is_longer_than_can_be_read():
    assert {named(path): lines(path) for path in CODE if lines(path) > 300} == {}
    assert lines(ROOT / "tests" / "conftest.py") <= 150


def test_there_are_no_relative_imports_and_none_inside_functions():
    found = []
    for name, tree in TREES.items():
        top = set(tree.body)
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        found += [f"{name}:{node.lineno}" for node in imports if node not in top or getattr(node, "level", 0)]

    assert found == []


DOORS = {
    "alibabacloud_dysmsapi20170525": {"messages/aliyun.py"},
    "brotli": {"web/compression.py"},
    "chinese_calendar": {"rules/deadlines.py"},
    "cryptography": {"storage/vault.py"},
    "docx": {"web/paper_files.py"},
    "itsdangerous": {"web/browsers.py"},
    "limits": {"storage/limits.py", "web/limiter.py"},
    "pyotp": {"storage/passwords.py"},
    "segno": {"web/filters.py"},
    "zxcvbn": {"rules/accounts.py"},
}


def test_a_library_that_does_one_thing_has_one_door():
    doors = {library: set() for library in DOORS}
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for library in {imported.split(".")[0] for imported in names} & DOORS.keys():
                doors[library].add(name.removeprefix("enrollment/"))

    assert doors == DOORS


def test_only_the_clock_module_looks_at_the_clock():
    looks = re.compile(r"\b(datetime\.now|date\.today|time\.time|utcnow)\(")
    found = {named(path) for path in CODE if looks.search(path.read_text())}

    # The transaction stamps an act of the command line, which is handed no time.
    assert found <= {"enrollment/web/clock.py", "enrollment/storage/database.py"}


def is_kind_code(node):
    return isinstance(node, ast.Constant) and node.value in KINDS


def is_kind(node):
    return getattr(node, "attr", getattr(node, "id", "")) == "kind"


def test_only_the_table_of_kinds_names_a_kind():
    found = []
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                flat = [leaf for side in sides for leaf in ast.walk(side)]
                if any(map(is_kind, sides)) and any(map(is_kind_code, flat)):
                    found.append(f"{name}:{node.lineno}")
    compared = re.compile(rf"kind\s*(==|!=|in)\s*\W*['\"]({'|'.join(KINDS)})['\"]")
    found += [named(path) for path in TEMPLATES if compared.search(path.read_text())]

    assert found == []


def test_every_reason_given_in_a_refusal_has_words():
    given = {
        leaf.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Refused", "says")
        for leaf in ast.walk(node)
        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
    }

    assert given
    assert given - set(REASONS) == set()


# --- templates -----------------------------------------------------------------------------------------------------

TARGET = re.compile(r"hx-target=\"#([a-z-]+)\"|target='([a-z-]+)'|ui\.filters\([^%]*, '([a-z-]+)'\)")
FORM = re.compile(r"ui\.form\([^%]*?, '([a-z-]+)'(?![^%]*htmx=False)")


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_what_htmx_swaps_is_a_block_or_an_element_of_the_same_page(path):
    text = path.read_text()
    targets = {name for found in TARGET.findall(text) for name in found if name}
    blocks = {name.replace("_", "-") for name in re.findall(r"\{% block (\w+)", text)}
    ids = set(re.findall(r"\bid=\"([a-z-]+)\"", text))

    assert targets - blocks - ids == set()
    assert set(FORM.findall(text)) - blocks == set()


def blocks_asked_for():
    """(template, block) of every call of ``page``."""
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "page" and node.args:
                template = node.args[0]
                for word in node.keywords:
                    if word.arg == "block" and isinstance(word.value, ast.Constant) and word.value.value:
                        yield name, template.value, word.value.value


ENDS = {("errors/problem.html", "problem")}
"""Parts that stand at the end of a way: they are put in place of another and never swapped again."""


def test_every_part_a_view_names_is_a_block_with_its_own_element():
    asked = set(blocks_asked_for())
    wrong = []
    for view, template, block in asked:
        text = (ROOT / "templates" / template).read_text()
        element = block.replace("_", "-")
        if f"{{% block {block} " not in text or not re.search(rf"id=\"{element}\"|'{element}'", text):
            wrong.append((view, template, block))

    assert len(asked) > 10
    assert {part[1:] for part in wrong} == ENDS


INLINE = {
    "style attribute": r"<[^>]*\sstyle\s*=",
    "style element": r"<style",
    "script without a file": r"<script(?![^>]*\bsrc=)",
    "handler attribute": r"<[^>]*\son[a-z]+\s*=",
    "htmx handler": r"\bhx-on\b|hx-vals=.js|\bjavascript:",
    "another host": r"(src|href|action)=\"(https?:)?//",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
@pytest.mark.parametrize("pattern", INLINE.values(), ids=INLINE)
def test_the_content_policy_finds_nothing_inline(path, pattern):
    assert re.search(pattern, path.read_text()) is None


def test_no_part_of_a_page_is_trusted_unescaped_but_pictures_we_draw():
    safe = {named(path) for path in TEMPLATES if re.search(r"\|\s*safe\b|autoescape false", path.read_text())}

    assert safe == {"templates/ui.html"}


def test_every_class_of_the_look_is_in_its_style_sheet():
    [sheet] = (ROOT / "static").glob("weui-*.css")
    known = set(re.findall(r"\.(weui-[\w-]+)", sheet.read_text()))
    used = {found for path in TEMPLATES for found in re.findall(r"(weui-[a-z][\w-]*)(\{\{)?", path.read_text())}
    whole = {name for name, goes_on in used if not goes_on} - {"weui-mode"}  # which is an attribute
    beginnings = {name for name, goes_on in used if goes_on}

    assert sorted(whole - known) == []
    assert sorted(each for each in beginnings if not any(name.startswith(each) for name in known)) == []


def test_static_files_carry_their_version_in_their_name():
    assert [path.name for path in (ROOT / "static").iterdir() if re.match(r"(htmx|weui)", path.name)] != []
    for path in (ROOT / "static").iterdir():
        if re.match(r"(htmx|weui)", path.name):
            assert re.search(r"-\d+\.\d+\.\d+\.", path.name)
