"""How long a worker waits: ``python3 app.py bench``. Chromium, CPU 6 times slowed, 400 kbit/s, 400 ms there and back.

Each page is opened as it is met on the way: the first with nothing kept, the others with what the first has brought.
Printed: milliseconds from the tap to the first words on the screen, and what crossed the wire; of five runs the least,
the middle and the most. The way ends with a figure for statements per request. Then the milliseconds a cadre waits for
the queue with one case that waits and with ten thousand, and the seconds it takes to read and match the small units of
one county.
"""

import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import CDPSession, Page
from sqlalchemy import event, update
from werkzeug.serving import WSGIRequestHandler, make_server

from enrollment import create_app, demo
from enrollment.matching.queries import matched
from enrollment.rules.applications import State, Step
from enrollment.rules.regions import Territory, townships_of
from enrollment.storage.applications import JOIN, Application, ApplicationAct, JoinDetails
from enrollment.storage.database import db
from enrollment.storage.people import kept_numbers
from enrollment.storage.unions import Employer, Headcount
from enrollment.web import clock
from tests import browser, make
from tests.conftest import SETTINGS

RUNS = 5
LIMIT_MS = 3_000
COUNTY, UNITS, LIMIT_SECONDS = "652301", 5_000, 2.0
DESK, DESK_LOGIN, WAITING, LIMIT_TIMES = "CJNK", "nongye", 10_000, 10
TOLD = "group=truck_driver&pay=myself&papers=company&hires=0"
PLACES = f"{TOLD}&work_region=ZD&home_region=652328100"
WAY = {
    "home (cold)": "/",
    "guide: work": "/join",
    "guide: who pays": "/join?group=truck_driver",
    "guide: papers": "/join?group=truck_driver&pay=myself",
    "answer": f"/join/answer?{TOLD}",
    "guide: county of work": f"/join?{TOLD}&places=y",
    "guide: township of work": f"/join?{TOLD}&places=y&work_county=652301",
    "answer with unions": f"/join/answer?{PLACES}",
    "form": f"/join/form?{PLACES}&place=industry",
    "find my application": "/status",
}


class Quiet(WSGIRequestHandler):
    def log(self, *_arguments: object) -> None:
        """Nothing: what is measured is printed at the end."""


@contextmanager
def served() -> Iterator[tuple[Flask, str]]:
    """The demo on a port of its own."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(SETTINGS.but(database_url=f"sqlite:///{Path(folder) / 'bench.sqlite3'}"))
        with app.app_context():
            upgrade()
            demo.load_demo(today=clock.today(), now=clock.now())
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield app, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            with app.app_context():
                db.engine.dispose()


def slowed(page: Page) -> CDPSession:
    """The page on an old phone with one bar of signal."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000},
    )
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    return devtools


def one_way(page: Page, address: str) -> dict[str, tuple[float, int]]:
    """Milliseconds to the first words, and bytes on the wire, page by page."""
    found = {}
    crossed: list[int] = []
    slowed(page).on("Network.loadingFinished", lambda told: crossed.append(int(told["encodedDataLength"])))
    for name, path in WAY.items():
        crossed.clear()
        page.goto(address + path, wait_until="load")
        paint = page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
        found[name] = (paint.json_value(), sum(crossed))
    return found


def statements(app: Flask) -> dict[str, int]:
    """Statements sent to the database for each page of the way."""
    sent: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_rest: sent.append(statement))
    counted = {}
    client = app.test_client()
    for name, path in WAY.items():
        sent.clear()
        client.get(path)
        counted[name] = sum(not statement.startswith(("BEGIN", "PRAGMA")) for statement in sent)
    return counted


def waiting(first: int, last: int) -> None:
    """Cases that wait in the county of the queue, each with a worker of its own."""
    now, made = clock.now(), []
    for number in range(first, last):
        identity = make.identity_number(date(1960, 1, 1) + timedelta(days=number))
        row = Application(number=f"B{number}", link=f"B{number}", submission_key=f"B{number}", kind=JOIN)
        row.county_code, row.state, row.started_at, row.submitted_at = DESK, State.SUBMITTED, now, now
        row.due_on = clock.today()
        told = {
            "name": "李建国",
            "sex": "1",
            "born_on": date(1990, 1, 1),
            "place": "pool",
            "consent_version": "2021-11",
        }
        numbers = kept_numbers(identity, "13800000001")
        row.join = JoinDetails(**told, **numbers, identity_consent=True, sharing_consent=True)
        row.acts = [ApplicationAct(step=Step.SUBMITTED, at=now)]
        made.append(row)
    db.session.add_all(made)
    db.session.commit()


def queue(app: Flask) -> tuple[float, float]:
    """Milliseconds for the queue with one case that waits and with ten thousand: the middle of five each."""
    client, found = app.test_client(), []
    token = client.get("/signin").get_data(as_text=True).split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    client.post("/signin", data={"login": DESK_LOGIN, "password": demo.DEMO_PASSWORD, "csrf_token": token})
    with app.app_context():
        db.session.execute(update(Application).where(Application.county_code == DESK).values(state=State.WITHDRAWN))
        db.session.commit()
    for first, last in ((0, 1), (1, WAITING)):
        with app.app_context():
            waiting(first, last)
        times = []
        for _ in range(RUNS):
            started = time.perf_counter()
            answer = client.get("/desk")
            times.append((time.perf_counter() - started) * 1000)
            assert answer.status_code == 200
        found.append(statistics.median(times))
    return found[0], found[1]


def matching(app: Flask) -> float:
    """Seconds for the proposals of a county with many more small units than the demo has."""
    draw, today = random.Random(1), clock.today()
    towns = [town.code for town in townships_of(COUNTY) if not town.is_bingtuan]
    with app.app_context():
        for number in range(UNITS):
            unit = Employer(code=f"B{number}", name=f"第{number}网点", county_code=COUNTY, group="other")
            unit.group = draw.choice(["courier", "truck_driver", "food_rider"])
            unit.region_code, unit.brand = draw.choice(towns), draw.choice(["中通", "圆通", None])
            unit.latitude, unit.longitude = 44 + draw.random() / 4, 87 + draw.random() / 2
            db.session.add(unit)
            db.session.flush()
            workers = draw.randint(1, 24)
            db.session.add(Headcount(employer_id=unit.id, surveyed_on=today, workers=workers, source="名录"))
        db.session.commit()
        started = time.perf_counter()
        matched(Territory(COUNTY), today)
        return time.perf_counter() - started


def main() -> None:
    with served() as (app, address), browser.chromium() as chromium:
        runs = []
        for _ in range(RUNS):
            with browser.context(chromium, keeps=True) as fresh:
                runs.append(one_way(fresh.new_page(), address))
        counted = statements(app)
        one, many = queue(app)
        seconds = matching(app)
    print(f"{'page':28}{'ms: least':>10}{'middle':>8}{'most':>8}{'bytes':>9}{'statements':>12}")
    for name in WAY:
        times = [run[name][0] for run in runs]
        size = statistics.median(run[name][1] for run in runs)
        print(
            f"{name:28}{min(times):>10.0f}{statistics.median(times):>8.0f}{max(times):>8.0f}{size:>9.0f}"
            f"{counted[name]:>12}"
        )
    slow = [name for name in WAY if statistics.median(run[name][0] for run in runs) > LIMIT_MS]
    print(f"Slower than {LIMIT_MS} ms: {', '.join(slow) or 'none'}")
    print(
        f"Queue with 1 and with {WAITING} cases: {one:.0f} ms and {many:.0f} ms, {many / one:.1f} times as long,"
        f" at most {LIMIT_TIMES} times"
    )
    print(f"Matching {UNITS} employers of one county: {seconds:.2f} s, at most {LIMIT_SECONDS:.0f} s")
    sys.exit(bool(slow) or many / one > LIMIT_TIMES or seconds > LIMIT_SECONDS)


if __name__ == "__main__":
    main()
