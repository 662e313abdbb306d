"""Ready sentences: the defaults, and how one is joined with free words."""

import pytest

from enrollment.rules.applications import DECISIONS
from enrollment.rules.sentences import DEFAULTS, joined


def test_every_decision_has_some_and_none_twice():
    assert set(DEFAULTS) == DECISIONS
    assert all(texts and len(set(texts)) == len(texts) for texts in DEFAULTS.values())
    assert max(len(text) for texts in DEFAULTS.values() for text in texts) <= 200


@pytest.mark.parametrize(
    ("sentence", "words", "text"),
    [
        ("", "", ""),
        ("请核对。", "", "请核对。"),
        ("请核对", "", "请核对"),
        ("", "今天补。", "今天补。"),
        ("请核对。", "今天补。", "请核对。今天补。"),
        ("请核对", "今天补。", "请核对；今天补。"),
        ("请核对。", "您好，请核对。谢谢！", "您好，请核对。谢谢！"),
    ],
)
def test_a_sentence_and_words_are_one_text(sentence, words, text):
    assert joined(sentence, words) == text
