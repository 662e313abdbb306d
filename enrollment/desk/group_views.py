"""The preparatory group's desk (筹备组审核); the link of the founding is the right to it."""

from flask import Response, url_for

from enrollment.desk import actions, bp, groups, queries
from enrollment.desk.actions import Decision
from enrollment.desk.forms import GroupDecisionForm
from enrollment.rules.access import Act
from enrollment.rules.applications import Step
from enrollment.rules.confirmation import SURE
from enrollment.storage.applications import Application
from enrollment.storage.failures import Conflict, Refused
from enrollment.web import clock
from enrollment.web.guard import actor, needs
from enrollment.web.pages import page, see_other
from enrollment.web.wording import says


@bp.get("/founding/<link>/applications")
@needs(Act.PREPARE_FOUNDING)
def group_queue(link: str) -> Response:
    founding, today = groups.group_at(link), clock.today()
    return page("desk/group.html", founding=founding, rows=groups.waiting_with(founding), today=today)


@bp.route("/founding/<link>/applications/<number>", methods=["GET", "POST"])
@needs(Act.PREPARE_FOUNDING)
def group_case(link: str, number: str) -> Response:
    application, form = groups.one_of(groups.group_at(link), number), GroupDecisionForm()
    if form.validate_on_submit():
        decided = Decision(
            step=Step(form.step.data or ""),
            version=form.version.data or 0,
            marked=tuple(form.marked.data or ()),
            note=form.note.data or "",
        )
        decide = actions.decide_for_group
        try:
            decide(link, number, decided, by=actor(), now=clock.now(), today=clock.today())
        except Refused as no:
            form.form_errors.extend(says(reason) for reason in no.reasons)
        except Conflict:
            return _page(link, groups.one_of(groups.group_at(link), number), form, status=409)
        else:
            return see_other(url_for("desk.group_queue", link=link))
    return _page(link, application, form, status=422 if form.errors else 200)


def _page(link: str, application: Application, form: GroupDecisionForm, *, status: int) -> Response:
    return page(
        "desk/group_case.html",
        status=status,
        link=link,
        application=application,
        form=form,
        faster=status == 409,  # noqa: PLR2004
        opinion=queries.opinion(application, clock.today()),
        sure=application.join is not None and application.join.confirmed_by in SURE,
        may_decide=groups.may_decide(application),
        has_desk=actor().account_id is not None,
    )
