"""Who may do what, for everybody to read; and what was done, for those who audit."""

from itertools import groupby
from operator import attrgetter

from flask import Response, request

from enrollment.accounts import bp, queries
from enrollment.accounts.forms import AuditForm
from enrollment.rules.access import Act, rights
from enrollment.web.guard import actor, needs
from enrollment.web.pages import page


@bp.get("/rights", endpoint="rights")
@needs(Act.READ_RIGHTS)
def all_rights() -> Response:
    table = [(act, list(lines)) for act, lines in groupby(rights(), key=attrgetter("act"))]
    return page("accounts/rights.html", table=table)


@bp.get("/audit", endpoint="audit")
@needs(Act.READ_AUDIT)
def audit() -> Response:
    form = AuditForm(request.args)
    act = form.act.data or ""
    entries = queries.audit(actor(), act, request.args.get("before", 0, type=int))
    shown = entries[: queries.AUDIT_PAGE]
    older = shown[-1].id if len(entries) > queries.AUDIT_PAGE else None
    kept = {"act": act} if act else {}
    return page("accounts/audit.html", block="audit_lines", form=form, entries=shown, older=older, kept=kept)
