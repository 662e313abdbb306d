"""One person of Changji city leaves no trace with anybody else: pages, files, headers, addresses, log.

The person joins, is decided on, becomes a member, asks for something, and meets a 500 on the way. All the time a
visitor and the cadre of the next county open every list, every file and every address they could have.
"""

import logging
import re
from datetime import date
from html import unescape
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from enrollment.messages import codes
from enrollment.rules.identity import mask_identity, mask_phone
from enrollment.rules.stages import FoundingStep
from enrollment.storage.applications import Application, FoundingDetails, FoundingUnit
from enrollment.storage.cards import Card
from enrollment.storage.people import Person
from enrollment.web import clock
from tests import make
from tests.cast import CITY, NEXT_COUNTY, csrf, sign_in

NAME, PHONE, PLATE = "欧阳彩虹", "13977778888", "新B7X7X7"
IDENTITY = make.identity_number(date(1983, 7, 17), "652325")
CONTACT, CONTACT_PHONE = "司徒青云", "13966665555"
TRACES = (NAME, IDENTITY, mask_identity(IDENTITY), PHONE, mask_phone(PHONE), PLATE, CONTACT, CONTACT_PHONE)
OPENED = tuple(
    f"/{name}/"
    for name in (
        "desk",
        "members",
        "foundings",
        "unions",
        "employers",
        "visits",
        "events",
        "posters",
        "matching",
        "verify",
        "join",
    )
)
FORM = "/join/form?group=truck_driver&pay=myself&papers=company&hires=0&work_region=652301002&place=pool"
TAIL = IDENTITY[-4:]


def told_by(answer):
    """Everything an answer says: body, headers, and where it leads."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    return f"{unquote(headers)}\n{unescape(answer.get_data().decode('utf-8', 'replace'))}"


def traces_in(text):
    return [trace for trace in TRACES if trace in text]


class Walk:
    """Everybody in one application, and every answer anybody else got."""

    def __init__(self, app, session):
        self.app, self.session = app, session
        self.person, self.city, self.next, self.visitor = (self._client() for _each in range(4))
        sign_in(self.city, CITY)
        sign_in(self.next, NEXT_COUNTY)
        rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint != "static"]
        self.lists = sorted(rule.rule for rule in rules if not rule.arguments)
        self.inside = sorted(rule.rule for rule in rules if rule.arguments and rule.rule.startswith(OPENED))
        self.answers = 0

    def _client(self):
        client = self.app.test_client()
        client.set_cookie("lang", "en")
        return client

    def look(self, codes=()):
        """Open everything as somebody else; ``codes``: public codes and numbers that are the person's."""
        paths = [*self.lists, *(f"{path}?county=652301" for path in self.lists), "/desk?view=done", "/desk?view=all"]
        paths += [f"{path}?q={NAME[:2]}" for path in self.lists]
        paths += [f"/foundings?view={view}" for view in ("waiting", "group", "done")]
        paths += [re.sub(r"<\w+>", code, rule.replace("<letter>", "u")) for rule in self.inside for code in codes]
        for client in (self.visitor, self.next):
            for path in paths:
                self.heard(client.get(path), path)
            for number in (IDENTITY, PHONE):
                self.heard(self.searched(client, number), number, but=(number,))
            self.heard(self.sent(client, "/desk/find", words=NAME[:2]), NAME[:2])
            for code in codes:
                self.heard(self.sent(client, f"/desk/{code}/full", reason="看看"), code)
                self.heard(self.sent(client, f"/members/{code}/full", reason="看看"), code)
                self.heard(self.sent(client, f"/foundings/{code}/full", reason="看看"), code)
                self.heard(self.sent(client, f"/desk/{code}/decision", step="approved", version="1"), code)
                self.heard(self.sent(client, f"/desk/{code}/confirm", how="看看"), code)
            self.heard(self.sent(client, "/members/full.csv?as_of=2026-12-31", reason="看看"), "full.csv")

    def searched(self, client, number):
        return self.sent(client, "/members/find", words=number)

    def sent(self, client, path, **answers):
        """With a token, so that what refuses it is no missing one."""
        return client.post(path, data={"csrf_token": csrf(client, "/status"), **answers})

    def heard(self, answer, path, but=()):
        """Nothing of the person, but for what was typed and comes back to who typed it."""
        found = set(traces_in(told_by(answer))) - {*but, *map(mask_phone, but)}
        assert (found, answer.status_code == 500) == (set(), False), f"{path} ({answer.status_code})"
        self.answers += 1

    def seen_at_home(self, *paths):
        """The own cadre finds the person there: nobody else could only look in the wrong places."""
        assert [path for path in paths if NAME not in told_by(self.city.get(path))] == []

    def asked(self, path, **answers):
        """The person does something, and is led on by an address that says nothing."""
        page = self.person.get(path).get_data(as_text=True)
        key = re.search(r'name="submission_key"[^>]*value="([^"]+)"', page)
        answers |= {"submission_key": key[1]} if key else {}
        answer = self.person.post(path, data={"csrf_token": csrf(self.person, path), **answers})
        assert traces_in(unquote(str(answer.headers))) == []
        return answer

    def decided(self, number):
        """The city's cadre approves."""
        version = self.session.scalars(select(Application.version).where(Application.number == number)).one()
        path = f"/desk/{number}"
        answer = self.city.post(
            f"{path}/decision",
            data={"csrf_token": csrf(self.city, path), "step": "approved", "version": version},
        )
        assert (answer.status_code, traces_in(unquote(str(answer.headers)))) == (303, [])
        self.session.rollback()


@pytest.fixture
def walk(app, session, cast):
    return Walk(app, session)


def joined(walk):
    """The application, sent with the code of the phone."""
    told = {"name": NAME, "identity": IDENTITY, "phone": PHONE, "plate": PLATE, "identity_consent": "y"}
    walk.asked(FORM, send_code="y", **told)
    with walk.app.app_context():
        code = codes.code_on_page(PHONE, "join", now=clock.now())
    assert walk.asked(FORM, code=code, **told).status_code == 303
    walk.session.rollback()
    return walk.session.scalars(select(Application)).one()


def broken(walk, monkeypatch, path):
    """The page fails while it holds the person: the answer and the log have a reference."""

    def fail(*_told, **_shown):
        raise ValueError(f"{NAME} {IDENTITY} {PHONE} {PLATE}")

    monkeypatch.setattr("enrollment.status.queries.page_of", fail)
    monkeypatch.setattr("enrollment.cards.queries.requests_of", fail)
    answer = walk.person.get(path)
    monkeypatch.undo()
    assert answer.status_code == 500
    assert traces_in(told_by(answer)) == []


def test_a_worker_of_one_county_leaves_no_trace_in_the_next_one_or_in_the_log(walk, session, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    row = joined(walk)
    known = walk.city.get(f"/desk/{row.number}")
    assert {NAME, mask_identity(IDENTITY), mask_phone(PHONE), PLATE} <= set(traces_in(told_by(known)))
    walk.seen_at_home("/desk", "/applications.csv?view=all")
    walk.look([row.number])

    broken(walk, monkeypatch, f"/status/{row.link}")
    walk.decided(row.number)
    person = session.scalars(select(Person)).one()
    walk.seen_at_home(f"/members/{person.code}", "/members", f"/members.csv?q={NAME[:2]}", "/desk?view=done")
    walk.look([row.number, person.code])

    card = session.scalars(select(Card)).one()
    broken(walk, monkeypatch, f"/card/{card.link}")
    corrected = walk.asked(f"/card/{card.link}/ask/leave", tail=TAIL, sure="y", words=f"{NAME}回老家")
    assert corrected.status_code == 303
    session.rollback()
    asked = session.scalars(select(Application).where(Application.kind == "leave")).one()
    walk.look([row.number, person.code, asked.number])
    conflict = walk.city.post(
        f"/desk/{asked.number}/decision",
        data={"csrf_token": csrf(walk.city, f"/desk/{asked.number}"), "step": "approved", "version": "0"},
    )
    assert (conflict.status_code, traces_in(unquote(str(conflict.headers)))) == (409, [])
    walk.decided(asked.number)
    walk.look([row.number, person.code, asked.number, card.code])

    assert caplog.records
    assert traces_in(caplog.text) == []
    assert walk.answers > 500


def test_who_answers_for_a_depot_leaves_none_either(walk, session, caplog):
    caplog.set_level(logging.DEBUG)
    row = make.founding_application(
        session,
        way="new_joint",
        units=({}, {"contact_name": CONTACT, "contact_phone": CONTACT_PHONE}),
        steps=(FoundingStep.STARTED, FoundingStep.SUBMITTED),
        contact_name=NAME,
        contact_phone=PHONE,
        group=(NAME,),
    )
    case = told_by(walk.city.get(f"/foundings/{row.number}"))

    assert {NAME, CONTACT, mask_phone(PHONE), mask_phone(CONTACT_PHONE)} <= {
        *traces_in(case),
        mask_phone(CONTACT_PHONE),
    }
    assert [phone for phone in (PHONE, CONTACT_PHONE) if phone in case] == []
    full = walk.sent(walk.city, f"/foundings/{row.number}/full", reason="核对")
    assert {PHONE, CONTACT_PHONE} <= set(traces_in(told_by(full)))  # the own county, with a reason
    walk.look([row.number])
    assert traces_in(caplog.text) == []
    assert session.get_one(FoundingDetails, row.id).contact_phone == PHONE
    assert CONTACT_PHONE in session.scalars(select(FoundingUnit.contact_phone)).all()
