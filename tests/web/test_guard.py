"""The guard: closed by default."""

import pytest
from flask import Response
from werkzeug.exceptions import Forbidden

from enrollment import create_app
from enrollment.storage.database import db
from enrollment.web import guard
from tests.conftest import SETTINGS


def test_a_view_that_names_no_act_is_closed(tmp_path):
    app = create_app(SETTINGS.but(database_url=f"sqlite:///{tmp_path}/guard.sqlite3"))
    app.add_url_rule("/forgotten", view_func=lambda: Response("open"))

    answer = app.test_client().get("/forgotten")

    assert answer.status_code == 403
    assert "open" not in answer.get_data(as_text=True)
    with app.app_context():
        db.engine.dispose()


def test_a_visitor_has_no_territory(context):
    with pytest.raises(Forbidden):
        guard.own_territory()


@pytest.mark.parametrize("path", ["/join?group=%00", "/v/%00", "/status/a%00b"])
def test_what_no_database_takes_is_refused_before_it_asks(client, path):
    assert client.get(path).status_code == 400
