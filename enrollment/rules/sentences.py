"""Ready sentences (常用语): what a county says often with a decision. Ours, not law; a county's own take their place.

They go to applicants as they are, so they are in the language of record.
"""

from collections.abc import Mapping

from enrollment.rules.applications import Step

LONGEST_JOINED = 500
"""Characters of the words to an applicant: a ready sentence and free words together."""

DEFAULTS: Mapping[Step, tuple[str, ...]] = {
    Step.RETURNED: (
        "请核对身份证号，按身份证填写。",
        "您留的手机号打不通，请填写本人正在用的号码。",
        "请填写单位或网点的全称。",
        "请补充工作所在的乡镇（街道）。",
        "姓名请按身份证填写，不用简称、小名。",
    ),
    Step.REFUSED: (
        "您已是工会会员，不用再次入会；换了单位请办理转会。",
        "您的工作地不归本工会，请向工作所在地的工会申请。",
        "经电话核实，申请不是本人提交。",
        "所填内容与实际情况不符。",
    ),
    Step.APPROVED: (
        "欢迎加入工会！会员证可以在手机上打开了。",
        "换单位、换手机号时，请在会员证页面告诉我们。",
    ),
}
"""What a county sees until it writes its own, by the decision they go with."""


def joined(sentence: str, words: str) -> str:
    """A ready sentence and free words as one text; a sentence that was taken over into the words stands once."""
    if not sentence or sentence in words:
        return words
    stop = "" if sentence.endswith(("。", "！", "？", ".", "!", "?")) else "；"
    return f"{sentence}{stop if words else ''}{words}"
