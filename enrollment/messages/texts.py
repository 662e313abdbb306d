"""What text messages say (短信模板). Chinese is the language of record; carriers demand the signature first."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from enrollment.rules.confirmation import LIVES

PHONE_CODE = "phone_code"
APPLICATION_RECEIVED = "application_received"
APPLICATION_DECIDED = "application_decided"


@dataclass(frozen=True, slots=True)
class Template:
    """One text with its placeholders. ``useful``: how long after queueing it may still go out, None for always."""

    text: str
    useful: timedelta | None = None

    @property
    def needs(self) -> set[str]:
        """The values it must be given."""
        return set(re.findall(r"\{(\w+)\}", self.text))


TEMPLATES = {
    PHONE_CODE: Template(
        "【昌吉州总工会】验证码：{code}，5分钟内有效。工会不会向你索要验证码，请勿告诉他人。不是你本人操作的，不用理会。",
        useful=LIVES,
    ),
    APPLICATION_RECEIVED: Template(
        "【昌吉州总工会】你的申请已收到，编号{number}，{due}前答复。查进度：打开“入会通”，点“我的申请办到哪了？”，用本手机号查。"
    ),
    APPLICATION_DECIDED: Template(
        "【昌吉州总工会】你的申请（编号{number}）有结果了：{result}。看详情：打开“入会通”，点“我的申请办到哪了？”，用本手机号查。"
    ),
}

RESULTS = {"approved": "已批准", "returned": "需要你补正", "refused": "未通过"}
"""What came of an application, by the step that was taken; other steps are no result."""


def text_of(template: str, values: Mapping[str, str]) -> str:
    """The whole message."""
    return TEMPLATES[template].text.format_map(values)
