"""``invite-operator``: the first account of a new deployment."""

import pytest

from enrollment import create_app
from enrollment.settings import Settings
from enrollment.storage.database import db
from tests.cast import csrf
from tests.commands.test_commands import run  # noqa: F401

NEW = "xe mao dang ren san"


def test_the_link_it_prints_leads_to_the_first_account(run):  # noqa: F811
    done = run("invite-operator", "root.li", "李管理")
    assert done.exit_code == 0
    assert done.output.startswith("http://127.0.0.1:8000/invitation/")

    app = create_app(Settings.from_environment())
    client, path = app.test_client(), "/invitation/" + done.output.strip().rsplit("/", 1)[1]
    sent = {"password": NEW, "again": NEW, "csrf_token": csrf(client, path)}
    assert client.post(path, data=sent).status_code == 303
    token = csrf(client, "/signin")
    client.post("/signin", data={"login": "root.li", "password": NEW, "csrf_token": token})
    assert client.get("/accounts").status_code == 200
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("login", "name", "sentence"),
    [
        ("Root", "李管理", "LOGIN must be 3 to 40 small letters, digits, dots and dashes."),
        ("root.li", "", "NAME must be 1 to 24 characters."),
        ("root.li", "名" * 25, "NAME must be 1 to 24 characters."),
    ],
)
def test_what_cannot_be_an_account_is_said(run, login, name, sentence):  # noqa: F811
    done = run("invite-operator", login, name)

    assert (done.exit_code, done.output.strip()) == (1, sentence)


def test_an_account_that_is_there_is_not_made_again(run):  # noqa: F811
    run("invite-operator", "root.li", "李管理")
    done = run("invite-operator", "root.li", "王管理")

    assert (done.exit_code, done.output.strip()) == (1, "已经有这个账号了。")
