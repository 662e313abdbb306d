"""Words of neighbor matching (就近联合建会): reasons → one sentence that explains a proposal."""

from collections.abc import Iterable
from functools import reduce

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from enrollment.rules.candidates import Reason, Why
from enrollment.web.wording import word_for

WHYS = {
    "existing_union": lazy_gettext("may join %(name)s"),
    "same_park": lazy_gettext("same park"),
    "same_township": lazy_gettext("same township"),
    "nearest_township": lazy_gettext("nearest township"),
    "distance": lazy_gettext("%(distance)s"),
    "same_brand": lazy_gettext("same brand (%(name)s)"),
    "same_trade": lazy_gettext("same work (%(name)s)"),
    "workers": lazy_gettext("%(parts)s = %(total)s workers"),
}
_KILOMETER = 1000


def sentence(reasons: Iterable[Reason]) -> str:
    """For example *same park, 800 m, 9 + 11 + 6 = 26 workers*, in the language of the request; empty for none."""
    parts = [said(reason) for reason in reasons]
    return reduce(lambda first, rest: str(_("%(first)s, %(rest)s", first=first, rest=rest)), parts) if parts else ""


def said(reason: Reason) -> str:
    """One reason in words."""
    if reason.why is Why.WORKERS and len(reason.numbers) == 1:
        return str(ngettext("%(num)s worker in all", "%(num)s workers in all", reason.numbers[0]))
    values = {
        "name": word_for(reason.name, "group") if reason.why is Why.SAME_TRADE else reason.name,
        "distance": distance(reason.numbers[0]) if reason.why is Why.DISTANCE else "",
        "parts": " + ".join(map(str, reason.numbers)),
        "total": sum(reason.numbers),
    }
    return str(WHYS[reason.why]) % values


def distance(meters: int) -> str:
    """Meters up to a kilometer, then kilometers with one place."""
    if meters < _KILOMETER:
        return str(_("%(meters)s m", meters=meters))
    return str(_("%(kilometers)s km", kilometers=f"{meters / _KILOMETER:.1f}"))
