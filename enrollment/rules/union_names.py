"""Names of unions (工会名称, domain 7.3): the form is checked, an occupation in the name is a warning only."""

from enrollment.rules.founding import NEW_JOINT, ONE_OFFICER
from enrollment.rules.kinds import JOINT, SINGLE

_OCCUPATIONS: tuple[str, ...] = ("快递员", "货车司机", "网约车司机", "骑手", "送餐员", "外卖员", "司机", "配送员")
_SHORT = "工会"
_LEAST_BEFORE_SUFFIX = 2


def name_objections(name: str, way: str) -> tuple[str, ...]:
    """What stands against a name: it ends as unions of its kind end, and says before that whose union it is.

    A union of one organizer has no committee to name, so that 工会 alone ends it as well.
    """
    suffix = (JOINT if way == NEW_JOINT else SINGLE).name_suffix
    if way == ONE_OFFICER and not name.endswith(suffix):
        suffix = _SHORT
    if not name.endswith(suffix) or (way != NEW_JOINT and name.endswith(JOINT.name_suffix)):
        return ("joint_name_ending",) if way == NEW_JOINT else ("name_ending",)
    return () if len(name) >= len(suffix) + _LEAST_BEFORE_SUFFIX else ("name_says_too_little",)


def name_warnings(name: str) -> tuple[str, ...]:
    """The opinion on federations asks for the trade (快递行业) and not the occupation (快递员) [M:med]: a warning."""
    return ("name_is_an_occupation",) if any(word in name for word in _OCCUPATIONS) else ()
