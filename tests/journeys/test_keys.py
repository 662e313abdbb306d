"""The data key is exchanged while people work: what was kept opens, what is sent meanwhile too, nobody waits."""

import base64
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import sample

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, text

from enrollment import demo
from tests import browser as browsers
from tests import make
from tests.browser import DESK, PHONE

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from enrollment.commands import main; main()"]
OLD, NEW = (base64.b64encode(letter * 32).decode() for letter in (b"o", b"n"))


def environment(database: Path, keys: str, port: int = 1) -> dict[str, str]:
    given = {"DATABASE_URL": f"sqlite:///{database}", "DATA_KEY": keys, "PORT": str(port), "PYTHONPATH": str(ROOT)}
    fixed = {"MATCH_KEY": base64.b64encode(b"m" * 32).decode(), "SECRET_KEY": "for the journey of the keys"}
    return {**os.environ, **given, **fixed}


def free_port() -> int:
    """Below those that the system hands out by itself, so that nobody else is given it before the server starts."""
    for port in sample(range(20_000, 30_000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError("no port is free")


def answers(port: int, running: subprocess.Popen[bytes]) -> bool:
    """Whether it takes a connection before it ends; the demo is loaded first."""
    while running.poll() is None:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return True
        with suppress(subprocess.TimeoutExpired):
            running.wait(0.05)
    return False


@contextmanager
def served(database: Path, keys: str, port: int) -> Iterator[str]:
    """The product in processes of its own, as it is started."""
    program = [*COMMAND, "serve"]
    with subprocess.Popen(
        program, cwd=ROOT, env=environment(database, keys, port), stdout=subprocess.DEVNULL
    ) as running:
        try:
            assert answers(port, running)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()


def rotation(database: Path) -> subprocess.Popen[str]:
    keys = environment(database, f"{NEW},{OLD}")
    return subprocess.Popen([*COMMAND, "keys", "rotate"], cwd=ROOT, env=keys, stdout=subprocess.PIPE, text=True)


def numbers_of(cadre: Page, address: str) -> str:
    """What the cadre reads in full, with the reason given."""
    cadre.goto(address)
    cadre.locator("summary", has_text="查看完整号码").click()
    cadre.fill("#reason", "核对身份")
    cadre.get_by_role("button", name="显示号码并记录用途").click()
    shown = re.search(r"\b\d{17}[\dX]\b", cadre.inner_text("#main"))
    assert shown
    return shown[0]


def applies(phone: Page, base: str, name: str, day: int) -> str:
    """A courier sends the form; the case's number."""
    at = "work_region=652301001&home_region=652301001"
    phone.goto(f"{base}/join/form?group=courier&pay=station&{at}&place=work")
    phone.fill("#name", name)
    phone.fill("#identity", make.identity_number(make.date(2006, 4, day)))
    phone.fill("#phone", f"138123500{day:02}")
    phone.locator("label[for=identity_consent]").click()
    phone.locator("summary", has_text="收不到短信").click()
    phone.get_by_role("button", name="不用验证码，直接提交").click()
    phone.wait_for_url("**/status/*")
    expect(phone.locator("#main")).to_contain_text(name)
    return re.search(r"\d{6}-[0-9A-Z]{5}", phone.inner_text("#main"))[0]


def sealed_with(database: Path) -> set[bytes]:
    """The names of the keys that the identity numbers are sealed with."""
    engine = create_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT identity FROM people UNION ALL SELECT identity FROM join_details"))
        names = {bytes(row[0])[1:5] for row in rows if row[0]}
    engine.dispose()
    return names


def test_the_key_is_exchanged_while_a_cadre_reads_and_a_courier_applies(chromium, tmp_path):
    database, port = tmp_path / "keys.sqlite3", free_port()
    with browsers.context(chromium, DESK) as desk, browsers.context(chromium, PHONE) as street:
        cadre, phone = desk.new_page(), street.new_page()
        with served(database, OLD, port) as base:
            cadre.goto(f"{base}/signin?next=/desk")
            cadre.fill("#login", "changji-city")
            cadre.fill("#password", demo.DEMO_PASSWORD)
            cadre.get_by_role("button", name="登录").click()
            before = applies(phone, base, "马小龙", 1)
            kept = numbers_of(cadre, f"{base}/desk/{before}")
        [old] = sealed_with(database)

        with served(database, f"{NEW},{OLD}", port) as base, rotation(database) as running:
            meanwhile = applies(phone, base, "马小虎", 2)
            assert numbers_of(cadre, f"{base}/desk/{before}") == kept == make.identity_number(make.date(2006, 4, 1))
            said, _ = running.communicate(timeout=60)
            assert re.fullmatch(r"[1-9]\d+ values encrypted with the new key\n", said)
            assert numbers_of(cadre, f"{base}/desk/{meanwhile}") == make.identity_number(make.date(2006, 4, 2))

        assert old not in sealed_with(database)
        with served(database, NEW, port) as base:
            assert numbers_of(cadre, f"{base}/desk/{before}") == kept
