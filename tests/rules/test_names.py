"""Names as on the identity card (民委发〔2016〕33号, domain 12.4)."""

import pytest

from enrollment.rules.identity import check_name

MIDDLE_DOT = "\u00b7"
LOOK_ALIKES = {
    "bullet": "\u2022",
    "hyphenation point": "\u2027",
    "katakana middle dot": "\u30fb",
    "full-width full stop": "\uff0e",
    "dot operator": "\u22c5",
    "Greek ano teleia": "\u0387",
    "bullet operator": "\u2219",
    "full stop": ".",
    "half-width katakana middle dot": "\uff65",
    "middle dot": MIDDLE_DOT,
}


@pytest.mark.parametrize("separator", LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_every_look_alike_of_the_separator_becomes_the_one_of_the_law(separator):
    assert check_name(f"阿卜杜拉{separator}买买提").value == f"阿卜杜拉{MIDDLE_DOT}买买提"


@pytest.mark.parametrize("name", ["马晓", "马", "古丽", "艾麦尔·图尔荪", "ئايگۈل", "Ольга", "O'Neill", "Anna-Maria"])
def test_a_name_is_neither_shortened_nor_lengthened(name):
    assert check_name(name).value == name


def test_a_separator_is_never_added_and_spaces_inside_stay():
    assert check_name("阿卜杜拉买买提").value == "阿卜杜拉买买提"
    assert check_name("  马  晓 ").value == "马 晓"
    assert check_name("阿卜杜拉 · 买买提").value == "阿卜杜拉·买买提"


@pytest.mark.parametrize("name", ["A.Smith", "И.Петров", ".马晓", "马晓."])
def test_a_full_stop_that_is_not_between_two_han_is_no_separator(name):
    assert check_name(name).reason == "name_characters"


@pytest.mark.parametrize(
    "character",
    ["\u4dbf", "\U00020bb7", "\U0002a700", "\U0002b740", "\U0002b820", "\U0002ceb0", "\U00030000", "\U00031350", "〇"],
    ids=["A", "B", "C", "D", "E", "F", "G", "H", "zero"],
)
def test_rare_han_of_every_extension_are_names(character):
    assert check_name(f"马{character}").value == f"马{character}"
    assert check_name(f"{character}•{character}").value == f"{character}·{character}"
    assert check_name(f"{character}.{character}").value == f"{character}·{character}"


def test_twenty_five_han_and_sixty_characters_fit_and_sixty_one_do_not():
    assert check_name("阿" * 25).value == "阿" * 25
    assert check_name("阿" * 60).value == "阿" * 60
    assert check_name("阿" * 61).reason == "name_length"
    assert check_name("\U00031350" * 60).ok


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "name_missing"),
        ("   ", "name_missing"),
        ("马晓1", "name_characters"),
        ("马晓１", "name_characters"),
        ("13812345678", "name_characters"),
        ("马晓<b>", "name_characters"),
        ("马，晓", "name_characters"),
        ("马😀", "name_characters"),
        ("马\u200b晓", "name_characters"),
        ("·", "name_characters"),
        ("- '", "name_characters"),
    ],
)
def test_what_is_no_name_is_said_to_be_none(typed, reason):
    assert check_name(typed).reason == reason
