"""Titles of papers (标题) in lines: GB/T 9704 wants whole words, lines of about one length, in the middle."""

from itertools import combinations, pairwise

_TITLE_WIDTH = 20
"""Characters of a title in one line."""

_WORDS_BEFORE_BREAK = (
    *("公司", "行业", "工会", "委员会", "大会", "筹备组", "候选人", "建议人选"),
    *("同意", "成立", "召开", "换届"),
)
_WORDS_NOT_AFTER_BREAK = ("委员会", "会员", "的", "联合会", "建议人选")
_WHOLE_WORDS = (
    *(
        "会员大会",
        "代表大会",
        "工会",
        "委员会",
        "联合",
        "有限责任公司",
        "候选人",
        "人选",
        "建议",
        "选举",
        "结果",
        "筹备组",
    ),
    *(
        "第一届",
        "第一次",
        "第二届",
        "第二次",
        "道路",
        "货物",
        "运输",
        "快递",
        "行业",
        "物流",
        "自治县",
        "关于",
        "批复",
        "请示",
        "报告",
    ),
)
_TORN = {first + second for word in _WHOLE_WORDS for first, second in pairwise(word)}
_NEAR = 3


def title_lines(title: str) -> list[str]:
    """The title in lines of about the same length, broken between words, as a title may not be torn.

    Where the words known here leave no good place, it is broken into even pieces beside the words.
    """
    least = max(1, -(-len(title) // _TITLE_WIDTH))
    ends = [place for place in range(1, len(title)) if _may_break(title, place)]
    for number in (least, least + 1):
        fitting = [cuts for cuts in combinations(ends, number - 1) if _lengths(title, cuts)[-1] <= _TITLE_WIDTH]
        if fitting:
            return _cut(title, min(fitting, key=lambda cuts: _lengths(title, cuts)[-1] - _lengths(title, cuts)[0]))
    return _cut(title, tuple(_beside_words(title, len(title) * place // least) for place in range(1, least)))


def _may_break(title: str, place: int) -> bool:
    return title[:place].endswith(_WORDS_BEFORE_BREAK) and not title[place:].startswith(_WORDS_NOT_AFTER_BREAK)


def _beside_words(title: str, place: int) -> int:
    """The place nearest to this one that tears no word known here; this one, if all near it do."""
    near = sorted(range(place - _NEAR, place + _NEAR + 1), key=lambda other: abs(other - place))
    return next((other for other in near if title[other - 1 : other + 1] not in _TORN), place)


def _cut(title: str, cuts: tuple[int, ...]) -> list[str]:
    return [title[start:end] for start, end in pairwise((0, *cuts, len(title)))]


def _lengths(title: str, cuts: tuple[int, ...]) -> list[int]:
    return sorted(map(len, _cut(title, cuts)))
