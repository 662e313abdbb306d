"""The messages of a territory that are stuck, and one more try."""

from flask import Response, url_for

from enrollment.desk import bp, telling
from enrollment.desk.forms import RetryForm
from enrollment.rules.access import Act
from enrollment.storage.failures import Refused
from enrollment.web import clock
from enrollment.web.guard import actor, needs, own_territory
from enrollment.web.pages import page, see_other


@bp.get("/messages")
@needs(Act.READ_MESSAGES)
def messages() -> Response:
    return _messages_page(RetryForm(formdata=None))


@bp.post("/messages/<key>/again")
@needs(Act.RETRY_MESSAGE)
def message_again(key: str) -> Response:
    form = RetryForm()
    if form.validate_on_submit():
        try:
            telling.retry_message(key, sure=bool(form.sure.data), by=actor(), now=clock.now())
        except Refused as no:
            form.refuse(no.reasons)
        else:
            return see_other(url_for("desk.messages"))
    return _messages_page(form, status=422)


def _messages_page(form: RetryForm, status: int = 200) -> Response:
    territory = own_territory(or_union=True)
    return page(
        "desk/messages.html",
        status=status,
        form=form,
        stuck=telling.stuck(territory),
        number=telling.number_stuck(territory),
        territory=territory,
    )
