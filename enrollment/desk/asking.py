"""Which list is asked for: the filters in the address, for the queue, its export, and the way from case to case."""

from flask import request

from enrollment.desk.forms import QueueForm
from enrollment.desk.queries import Search
from enrollment.storage.failures import Missing
from enrollment.web.guard import actor, own_territory


def asked_filters() -> QueueForm:
    """The filters in the address; a county that is not the cadre's is not there."""
    territory = own_territory(or_union=True)
    form = QueueForm(request.args, territory, actor())
    if form.county.data and not territory.covers(form.county.data):
        raise Missing
    return form


def asked_list() -> Search:
    """The list a case was opened from, as its address says; the first view where it says nothing that is a list."""
    form = asked_filters()
    return form.search if form.validate() else Search(by=actor())
