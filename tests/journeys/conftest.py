"""The product as it is served, with the demo loaded, and one Chromium for all journeys."""

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from enrollment import create_app, demo
from enrollment.storage.applications import Application
from enrollment.storage.cards import Card
from enrollment.storage.database import db
from enrollment.storage.unions import Coverage, Employer
from enrollment.web import clock
from tests import browser as browsers
from tests.conftest import SETTINGS

Opens = Callable[..., Page]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """The application with the demo on a port of its own."""
    path: Path = tmp_path_factory.mktemp("journeys") / "journeys.sqlite3"
    app = create_app(SETTINGS.but(database_url=f"sqlite:///{path}"))
    with app.app_context():
        upgrade()
        demo.load_demo(today=clock.today(), now=clock.now())
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield app, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with browsers.chromium() as browser:
        yield browser


@pytest.fixture
def opens(chromium: Browser, served: tuple[Flask, str]) -> Iterator[Opens]:
    """Open a page of the product on a phone or at a desk; every page must be quiet in the console."""
    contexts, noise = [], []

    def open_page(path: str = "/", device: dict[str, Any] = browsers.PHONE, *, javascript: bool = True) -> Page:
        context = browsers.context(chromium, device, javascript=javascript)
        fresh = context.__enter__()
        contexts.append(context)
        page = fresh.new_page()
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("console", lambda said: noise.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(served[1] + path)
        return page

    yield open_page
    for context in contexts:
        context.__exit__(None, None, None)
    assert noise == []


@pytest.fixture
def signs_in(opens: Opens) -> Opens:
    """Open the desk as a cadre of the demo."""

    def sign_in(login: str, path: str = "/desk", device: dict[str, Any] = browsers.DESK) -> Page:
        page = opens(f"/signin?next={path}", device)
        page.fill("#login", login)
        page.fill("#password", demo.DEMO_PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(re.compile(rf"^http://[^/]+{re.escape(path)}$"))
        return page

    return sign_in


@pytest.fixture
def demo_employer(served: tuple[Flask, str]) -> str:
    """The short code of a courier company of the demo that has no union yet."""
    app, _ = served
    with app.app_context():
        covered = select(Coverage.employer_id).where(Coverage.until_on.is_(None))
        free = select(Employer.code).where(Employer.group == "courier", Employer.id.not_in(covered))
        return str(db.session.scalars(free.order_by(Employer.id)).first())


@pytest.fixture
def own_pages(served: tuple[Flask, str]) -> list[str]:
    """The pages behind the links of the demo's applications, one in each state, and of one card."""
    with served[0].app_context():
        links = {
            row.state: row.link for row in db.session.scalars(select(Application).where(Application.kind == "join"))
        }
        card = db.session.scalars(select(Card)).first()
    assert card
    status = [f"/status/{link}" for link in links.values()]
    more = ["", "/my-data", "/looks", *(f"/ask/{kind}" for kind in ("transfer", "retain", "leave", "correct", "close"))]
    return [*status, f"{status[0]}/looks", *(f"/card/{card.link}{page}" for page in more), f"/verify/{card.code}"]
