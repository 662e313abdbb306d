"""Routes in the order a worker walks them."""

from flask import Response, current_app, request, session, url_for

from enrollment.joining import actions, address, bp, queries, wording
from enrollment.joining.actions import Joining
from enrollment.joining.address import Address
from enrollment.joining.forms import JoinForm, ReferralForm, join_form
from enrollment.joining.notice import notice
from enrollment.messages import codes
from enrollment.rules.access import Act
from enrollment.rules.confirmation import Confirmation
from enrollment.rules.eligibility import Place, sixteen_on
from enrollment.rules.identity import birth_date
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.tables import new_code
from enrollment.web import clock
from enrollment.web.filters import qr_picture
from enrollment.web.guard import actor, needs
from enrollment.web.limiter import limited
from enrollment.web.pages import page, see_other

_TOKEN_LENGTH = 24


@bp.get("/")
@needs(Act.ASK)
def home() -> Response:
    return page("joining/home.html")


@bp.get("/healthz")
@needs(Act.ASK)
def healthz() -> Response:
    queries.database_answers()
    return Response("ok\n", content_type="text/plain")


@bp.get("/join")
@needs(Act.ASK)
def guide() -> Response:
    told = address.read(request.args)
    asked = queries.asked(told, clock.today())
    if asked is None:
        return see_other(told.to("joining.answer"))
    return page(
        "joining/guide.html",
        asked=asked,
        title=wording.QUESTIONS[asked.question],
        help=wording.HELP.get(asked.question),
        kept={**told.told, **told.also},
        origin=queries.origin_of(told.via),
    )


@bp.get("/join/answer")
@needs(Act.ASK)
def answer() -> Response:
    told, today = address.read(request.args), clock.today()
    answered = queries.answered(told, today)
    return page(
        "joining/answer.html",
        address=told,
        answer=answered.answer,
        facts=answered.facts,
        choices=answered.choices,
        first_open=next((choice for choice in answered.choices if choice.open), None),
        more=answered.more,
        form=ReferralForm(),
        in_preparation=queries.preparing_at(told.via),
    )


@bp.get("/join/answer/picture")
@needs(Act.ASK)
@limited("draw")
def picture() -> Response:
    told, today = address.read(request.args), clock.today()
    told = told.on(told.day(today)).without("via", "colleague", "places", "employer_name", "home_region")
    answered, link = queries.answered(told, today), told.to("joining.answer", external=True)
    return page(
        "joining/picture.html",
        address=told,
        answer=answered.answer,
        choices=answered.choices,
        facts=answered.facts,
        link=link,
        qr=qr_picture(link),
    )


@bp.post("/join/referral")
@needs(Act.APPLY)
def refer() -> Response:
    told, form = address.read(request.args), ReferralForm()
    if not form.validate_on_submit():
        return see_other(told.to("joining.answer"))
    codes.count_sending("referral", address=request.remote_addr or "", by=actor(), now=clock.now())
    referral = actions.take_referral(told.facts(), form.submission_key.data or "", by=actor(), now=clock.now())
    return see_other(url_for("joining.referral", code=referral.code))


@bp.get("/join/referral/<code>")
@needs(Act.ASK)
def referral(code: str) -> Response:
    found = queries.referral(code)
    if found is None:
        raise Missing
    return page("joining/referral.html", referral=found)


@bp.get("/join/notice/<digest>")
@needs(Act.ASK)
def agreed(digest: str) -> Response:
    found = queries.notice(digest)
    if found is None:
        raise Missing
    return page("joining/notice.html", notice=found)


@bp.route("/join/form", methods=["GET", "POST"])
@needs(Act.APPLY)
def form() -> Response:
    told = address.read(request.args)
    form = join_form(dict(told.told), for_colleague=told.for_colleague, token=_token())
    if form.validate_on_submit():
        try:
            if not form.send_code.data:
                return _applied(form, told)
            _send_code(form)
        except Refused as no:
            if not form.refuse(no.reasons):
                return _refused(form, no)
    return _form_page(form, told)


def _send_code(form: JoinForm) -> None:
    codes.send_code(form.phone.normal, "join", address=request.remote_addr or "", by=actor(), now=clock.now())
    form.sent = True


def _applied(form: JoinForm, told: Address) -> Response:
    """Send the application. What an earlier tap has made is led to, whatever became of its code."""
    sent = _sent(form, told)
    if queries.application_sent(sent.submission_key) is None:
        _confirm(form, sent.confirmed_by)
    application = actions.apply_to_join(
        sent,
        by=actor(),
        now=clock.now(),
        today=clock.today(),
        review_working_days=current_app.config["ENROLLMENT"].review_working_days,
    )
    session.pop("joining", None)
    if told.for_colleague:  # the page of the application is the colleague's, not the organizer's
        return see_other(url_for("joining.receipt", number=application.number))
    return see_other(url_for("status.show", link=application.link))


def _confirm(form: JoinForm, confirmed_by: str) -> None:
    """Take the code; what comes without one is counted, so that no machine floods the queue."""
    if confirmed_by == Confirmation.CODE:
        codes.check_code(form.phone.normal, "join", form.code.normal, by=actor(), now=clock.now())
    else:
        codes.count_sending("join", address=request.remote_addr or "", by=actor(), now=clock.now())


@bp.get("/join/receipt/<number>")
@needs(Act.ASK)
def receipt(number: str) -> Response:
    found = queries.receipt(number)
    if found is None:
        raise Missing
    return page("joining/receipt.html", application=found)


def _sent(form: JoinForm, told: Address) -> Joining:
    known = queries.company(told.company, clock.today()).has_union
    place = request.args.get("place", "")
    return Joining(
        token=form.submission_key.data or "",
        name=form.name.normal,
        identity=form.identity.normal,
        phone=form.phone.normal,
        notice=notice(),
        sharing_consent=form.sharing_consent.data,
        facts=told.facts(known_union=known, birth_date=birth_date(form.identity.normal)),
        employer_name=told.company,
        place=Place(place) if place in set(Place) else Place.POOL,
        union_code=request.args.get("union", ""),
        plate=form.plate.normal if "plate" in form else "",
        via=told.via,
        confirmed_by=form.confirmation,
        filled_by_name=form.filled_by_name.normal if told.for_colleague else "",
    )


def _refused(form: JoinForm, no: Refused) -> Response:
    return page(
        "joining/refused.html",
        block="refused",
        reasons=no.reasons,
        from_on=sixteen_on(birth_date(form.identity.normal)),
        back=request.full_path,
        status=422,
    )


def _form_page(form: JoinForm, told: Address) -> Response:
    answered = queries.answered(told, clock.today())
    phone = form.phone.normal if form.sent else ""
    return page(
        "joining/form.html",
        block="join_form",
        address=told,
        facts=answered.facts,
        chosen=queries.chosen(answered.choices, request.args.get("place", ""), request.args.get("union", "")),
        form=form,
        notice=notice(),
        demo_code=codes.code_on_page(phone, "join", now=clock.now()) if phone else "",
        status=422 if form.errors else 200,
    )


def _token() -> str:
    """The token of this browser's form: one for all its tabs, a new one after the application it made has ended."""
    token = session.get("joining", "")
    if not token or queries.has_ended(token):
        token = session["joining"] = new_code(_TOKEN_LENGTH)
    return str(token)
