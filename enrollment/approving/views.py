"""The upper union's way: the list, a founding with its checks, the reply, the last stage."""

from collections.abc import Sequence

from flask import Response, current_app, request, url_for

from enrollment.approving import actions, bp, queries
from enrollment.approving.forms import EntryForm, ReplyForm
from enrollment.rules.access import Act
from enrollment.rules.papers import words_of
from enrollment.storage.failures import Conflict, Refused
from enrollment.storage.procedures import Founding
from enrollment.web import clock
from enrollment.web.forms import LookForm, SayingForm
from enrollment.web.guard import actor, needs, own_territory, yours
from enrollment.web.pages import page, see_other
from enrollment.web.paper_files import docx_answer
from enrollment.web.papers import ShownPaper, WordsForm


@bp.get("/foundings", endpoint="all")
@needs(Act.READ_FOUNDINGS)
def all_foundings() -> Response:
    territory, today = own_territory(), clock.today()
    asked = request.args.get("view", "waiting")
    view = asked if asked in queries.VIEWS else "waiting"
    counts = queries.counts(territory, today)
    pages = max(1, -(-counts[view] // queries.PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    return page(
        "approving/all.html",
        view=view,
        counts=counts,
        lines=queries.foundings(territory, view, today, page=number),
        territory=territory,
        page_number=number,
        pages=pages,
    )


@bp.get("/foundings/<number>")
@needs(Act.READ_FOUNDINGS)
def case(number: str) -> Response:
    return _page(_founding(number), ReplyForm(formdata=None))


@bp.post("/foundings/<number>/reply")
@needs(Act.DECIDE_FOUNDING)
def reply(number: str) -> Response:
    found, form = _founding(number), ReplyForm()
    if not form.validate_on_submit():
        return _page(found, form, status=422)
    marks = current_app.config["ENROLLMENT"].document_marks
    try:
        actions.reply(number, form.reply, marks=marks, by=actor(), now=clock.now(), today=clock.today())
    except Refused as no:
        form.refuse(no.reasons)
        return _page(found, form, status=422)
    except Conflict:
        return _page(_founding(number), form, status=409)
    return see_other(url_for("approving.case", number=number))


@bp.post("/foundings/<number>/conclude")
@needs(Act.DECIDE_FOUNDING)
def conclude(number: str) -> Response:
    found, form = _founding(number), EntryForm()
    if not form.validate_on_submit():
        return _page(found, ReplyForm(formdata=None), entry=form, status=422)
    try:
        actions.conclude(number, form.days, by=actor(), now=clock.now())
    except Refused as no:
        form.refuse(no.reasons)
        return _page(found, ReplyForm(formdata=None), entry=form, status=422)
    return see_other(url_for("approving.case", number=number))


@bp.post("/foundings/<number>/full")
@needs(Act.SEE_FULL_NUMBER)
def full(number: str) -> Response:
    found, look = _founding(number), LookForm()
    if not look.validate_on_submit():
        return _page(found, ReplyForm(formdata=None), look=look, status=422)
    phones = actions.see_full_phones(number, reason=look.reason.data or "", by=actor(), now=clock.now())
    return _page(found, ReplyForm(formdata=None), phones=phones)


@bp.get("/foundings/<number>/papers/<kind>")
@needs(Act.READ_FOUNDINGS)
def paper(number: str, kind: str) -> Response:
    shown = queries.paper(_founding(number), kind, clock.today(), _edition())
    return _paper_page(number, shown, WordsForm(formdata=None, words=words_of(shown.paper)))


@bp.post("/foundings/<number>/papers/<kind>/words")
@needs(Act.DECIDE_FOUNDING)
def paper_words(number: str, kind: str) -> Response:
    shown, form = queries.paper(_founding(number), kind, clock.today()), WordsForm()
    if form.validate_on_submit():
        try:
            actions.edit_reply(number, shown.paper.kind, form.words.data or "", by=actor(), now=clock.now())
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return see_other(url_for("approving.paper", number=number, kind=kind))
    return _paper_page(number, shown, form, status=422)


@bp.get("/foundings/<number>/papers/<kind>.docx")
@needs(Act.READ_FOUNDINGS)
def paper_docx(number: str, kind: str) -> Response:
    found = _founding(number)
    return docx_answer(queries.paper(found, kind, clock.today(), _edition()).paper, found.details.union_name)


@bp.post("/unions/<code>/re-election")
@needs(Act.DECIDE_FOUNDING)
def re_elect(code: str) -> Response:
    if not SayingForm().validate_on_submit():
        return see_other(url_for("unions.one", code=code))  # a fresh page, so that the second click counts
    try:
        found = actions.start_re_election(code, by=actor(), now=clock.now(), today=clock.today())
    except Refused:  # its page says what is missing, and where to record it
        return see_other(url_for("unions.one", code=code))
    return see_other(url_for("approving.case", number=found.application.number))


def _paper_page(number: str, shown: ShownPaper, form: WordsForm, status: int = 200) -> Response:
    return page("approving/paper.html", number=number, shown=shown, form=form, status=status)


def _founding(number: str) -> Founding:
    return yours(queries.founding(own_territory(), number))


def _page(
    found: Founding,
    form: ReplyForm,
    *,
    entry: EntryForm | None = None,
    look: LookForm | None = None,
    phones: Sequence[tuple[str, str]] = (),
    status: int = 200,
) -> Response:
    form.offer_units(found)
    return page(
        "approving/case.html",
        form=form,
        entry=entry or EntryForm(formdata=None),
        look=look or LookForm(formdata=None),
        phones=phones,
        faster=status == 409,  # noqa: PLR2004
        status=status,
        **queries.page_of(found, clock.today()),
    )


def _edition() -> int | None:
    """Which writing of a paper is asked for, where it is not the one that counts."""
    return request.args.get("edition", type=int)
