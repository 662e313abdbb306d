"""Many at once: looked at together, the clean ones approved in one act, all of it or nothing, and undone together."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from textwrap import dedent

import pytest
from sqlalchemy import func, select, update

from enrollment.desk import many
from enrollment.desk.actions import Decision, decide_application
from enrollment.desk.outlook import look_at
from enrollment.rules.applications import Step
from enrollment.settings import ROOT
from enrollment.storage.applications import Application, ApplicationAct, JoinDetails
from enrollment.storage.audit import AuditEntry
from enrollment.storage.batches import Batch
from enrollment.storage.cards import Card
from enrollment.storage.database import db
from enrollment.storage.failures import Refused
from enrollment.storage.ledger import LedgerEntry, MemberChange, Membership
from enrollment.storage.outbox import Message
from enrollment.storage.people import Person
from enrollment.storage.reversals import Reversal
from tests import make
from tests.cast import NEXT_COUNTY, PREFECTURE, csrf, sign_in
from tests.conftest import counted

NOW, TODAY = make.NOW, make.TODAY
KEY = "a-key-that-came-with-the-form"
TABLES = (Person, LedgerEntry, Membership, Card, Message, Reversal, Batch)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    times = [NOW]
    monkeypatch.setattr("enrollment.web.clock.now", lambda: times[-1])
    return times


def clean(session, number, **changes):
    """Applications nothing stands against, each of somebody else."""
    before = session.scalar(select(func.count()).select_from(Application)) or 0
    return [make.join_application(session, phone=f"137{before + n:08}", **changes) for n in range(1, number + 1)]


def approve(cast, rows, key=KEY, **changes):
    who = {"by": cast.city.as_actor(), "now": NOW, "today": TODAY, "undo_minutes": 5}
    return many.approve_many(key, {row.number: row.version for row in rows}, **who | changes)


def posted(client, path, **sent):
    return client.post(path, data={"csrf_token": csrf(client, "/desk"), **sent})


def look(client, rows, **sent):
    return posted(client, "/desk/many", case=[row.number for row in rows], **sent).get_data(as_text=True)


def states(session):
    session.rollback()
    found = select(Application.state, Application.version).order_by(Application.id)
    return [tuple(row) for row in session.execute(found)]


def sizes(session):
    session.rollback()
    return [session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def mixed(session, cast):
    """One application for each reason to stay, and two that are clean: number → union and reasons."""
    pool, ends = cast.city_pool.name, cast.shunda_union
    known = make.member(session, ends, identity=make.identity_number(date(1970, 1, 1)), phone="13600000009")
    one, two = clean(session, 2)
    one.union_id, ends.dissolved_on = cast.joint_union.id, TODAY
    session.merge(ends)
    session.commit()
    told = {
        "confirmation_missing": {"confirmed_by": ""},
        "minor_worker": {"identity": make.identity_number(date(2005, 1, 1))},
        "under_16": {"identity": make.identity_number(date(2010, 1, 1))},
        "employs_others": {"relation": "boss"},
        "like_identity": {"identity": known.identity},
        "not_waiting": {"steps": (Step.SUBMITTED, Step.REFUSED)},
    }
    expected = {one.number: (cast.joint_union.name, ()), two.number: (pool, ())}
    for n, (reason, changes) in enumerate(told.items()):
        expected[make.join_application(session, phone=f"1360000001{n}", **changes).number] = (pool, (reason,))
    for phone in ("13600000009", "13600000020", "13600000020"):
        expected[make.join_application(session, phone=phone).number] = (pool, ("like_phone",))
    late = make.join_application(session, application={"union_id": ends.id}, phone="13600000021")
    expected[late.number] = (ends.name, ("no_union_to_join",))
    for row in (make.request(session, known, "retain"), make.founding_application(session)):
        expected[row.number] = ("", ("one_by_one",))
    return expected


def test_the_preview_says_who_becomes_a_member_where_and_who_stays_and_why(client, session, cast):
    expected = mixed(session, cast)
    other = make.join_application(session, application={"county_code": "652302"}, phone="13600000030")
    numbers = [*expected, other.number]

    with client.application.test_request_context():
        seen = look_at(cast.city.as_actor().territory, numbers, cast.city.as_actor(), TODAY)
        lines = {line.application.number: (line.union.name if line.union else "", line.reasons) for line in seen}
    page = posted(sign_in(client), "/desk/many", case=numbers).get_data(as_text=True)

    assert lines == expected
    assert "Approve these 2" in page
    assert "12 stay, to be looked at one by one" in page
    assert "This kind is decided one by one." in page
    assert other.number not in page


def test_the_clean_ones_are_approved_and_the_page_says_what_was_done(client, session, cast):
    rows = clean(session, 3)
    bare = make.join_application(session, confirmed_by="", phone="13600000001")
    sign_in(client)
    chosen = [f"{row.number}:{row.version}" for row in rows]

    sent = {"case": [*chosen, "nothing", "x:²", "x:9999999999"], "stay": [bare.number]}
    answer = posted(client, "/desk/many/approve", key=KEY, **sent)
    page = client.get(answer.location).get_data(as_text=True)

    assert answer.status_code == 303
    assert states(session) == [("approved", 2)] * 3 + [("submitted", 1)]
    assert "3 were approved" in page
    assert "1 stays, to be looked at by itself" in page
    assert "Nobody has confirmed yet that it is this person." in page
    assert "Undo all of them (until 12:05)" in page
    lines = [line for line in session.scalars(select(AuditEntry)) if line.act == "decide_application"]
    assert [(line.subject, line.note) for line in lines] == [("3", " ".join(row.number for row in rows))]
    acts = select(ApplicationAct.account_id).where(ApplicationAct.step == "approved")
    assert list(session.scalars(acts)) == [cast.city.id] * 3


def test_it_makes_the_same_as_one_by_one(context, session, cast):
    def made(table, *skip):
        session.rollback()
        names = [column.name for column in table.__table__.c if column.name not in skip]
        return [{name: getattr(row, name) for name in names} for row in session.scalars(select(table))]

    told = {"employer_name": cast.shunda.name, "group": None}
    [single] = clean(session, 1, **told)
    decide_application(
        single.number, Decision(step=Step.APPROVED, version=1), by=cast.city.as_actor(), now=NOW, today=TODAY
    )
    [among] = clean(session, 1, **told)
    approve(cast, [among])

    own = ("id", "code", "identity", "identity_match", "identity_masked", "phone", "phone_match", "phone_masked")
    for table, skip in {
        Person: (*own, "born_on", "sex"),
        LedgerEntry: ("id", "person_id", "document"),
        Membership: ("id", "person_id"),
        Message: ("id", "key", "phone", "phone_match", "values", "subject"),
        Reversal: ("id", "application_id", "act_id"),
    }.items():
        first, second = made(table, *skip)
        assert first == second, table
    assert session.scalars(select(MemberChange.change)).one() == 2
    assert session.scalars(select(Card.issued_at)).all() == [NOW, NOW]


def test_a_second_tap_is_led_to_the_first_result(client, session, cast):
    rows = clean(session, 2)
    sign_in(client)
    sent = {"case": [f"{row.number}:{row.version}" for row in rows], "key": KEY}

    first, second = (posted(client, "/desk/many/approve", **sent) for _ in range(2))

    assert first.location == second.location
    assert sizes(session)[:2] == [2, 2]
    stranger = posted(sign_in(client, PREFECTURE), "/desk/many/approve", **sent)
    assert stranger.status_code == 404


def test_two_taps_at_once_are_one_act(app, session, cast):
    rows = clean(session, 4)
    sent = {"case": [f"{row.number}:{row.version}" for row in rows], "key": KEY}
    clients = [sign_in(app.test_client()) for _ in range(2)]
    tokens = [csrf(client, "/desk") for client in clients]

    def tap(client, token):
        return client.post("/desk/many/approve", data={"csrf_token": token, **sent})

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(tap, clients, tokens))

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert sizes(session)[:2] == [4, 4]


def test_a_conflict_that_is_no_second_tap_is_told(client, session, cast, monkeypatch):
    rows = clean(session, 1)
    taken = make.join_application(session, phone="13600000001")
    monkeypatch.setattr("enrollment.desk.many.new_code", lambda _length: "TAKEN")
    make.person(session, code="TAKEN")
    sign_in(client)

    answer = posted(client, "/desk/many/approve", case=[f"{rows[0].number}:1", f"{taken.number}:1"], key=KEY)

    assert answer.status_code == 409
    assert states(session) == [("submitted", 1)] * 2


def test_what_changed_since_it_was_looked_at_stays(context, session, cast):
    first, second = clean(session, 2)
    versions = {first.number: 1, second.number: 7}

    who = cast.city.as_actor()
    [third] = clean(session, 1)  # which stayed when it was looked at
    times = {"now": NOW, "today": TODAY, "undo_minutes": 5}
    batch = many.approve_many(KEY, versions, staying=[third.number], by=who, **times)

    left = {number: ["changed_since"] for number in (second.number, third.number)}
    assert (batch.approved, batch.left) == ([first.number], left)


def test_nothing_clean_approves_nothing(client, session, cast):
    bare = make.join_application(session, confirmed_by="")
    sign_in(client)

    nothing = posted(client, "/desk/many/approve", case=[f"{bare.number}:1"], key=KEY)
    keyless = posted(client, "/desk/many/approve", case=[f"{bare.number}:1"], key="short")

    assert (nothing.status_code, keyless.status_code) == (422, 422)
    assert "Nothing is left to approve: look at the cases one by one." in nothing.get_data(as_text=True)
    assert sizes(session) == [0] * len(TABLES)


def test_a_union_that_ends_meanwhile_takes_nobody_in(context, session, cast, monkeypatch):
    rows = clean(session, 1)
    real = many.assess

    def then_it_ends(work_session, *rest, **more):
        lines = real(work_session, *rest, **more)
        work_session.execute(
            update(type(cast.city_pool)).where(type(cast.city_pool).id == cast.city_pool.id).values(dissolved_on=TODAY)
        )
        return lines

    monkeypatch.setattr(many, "assess", then_it_ends)
    with pytest.raises(Refused) as no:
        approve(cast, rows)
    assert no.value.reasons == ("no_union_to_join",)


def test_the_queue_offers_it_by_mark_by_page_and_by_filter(client, session, cast):
    rows = clean(session, 51)
    page = sign_in(client).get("/desk").get_data(as_text=True)
    shown = [row.number for row in rows if f'name="shown" value="{row.number}"' in page]

    marked = look(client, rows[:2], shown=shown)
    of_page = look(client, [], shown=shown, all_shown="y")
    of_filter = look(client, [], shown=shown, all_found="y")
    nothing = look(client, [])

    assert "2 applications, as marked" in marked
    assert "50 applications, as marked" in of_page
    assert "51 applications, this filter" in of_filter
    assert "Nothing was marked." in nothing
    assert "See what would happen" not in client.get("/desk?view=done").get_data(as_text=True)


@pytest.mark.parametrize("asked", ["county=652302", "view=odd", "sent_from=odd"])
def test_no_filter_reaches_beyond_what_was_asked_for(client, session, cast, asked):
    clean(session, 1)

    assert posted(sign_in(client), f"/desk/many?{asked}", all_found="y").status_code == 404


def test_all_of_a_filter_are_those_of_the_filter(client, session, cast):
    clean(session, 2)
    make.join_application(session, group="truck_driver", identity=make.identity_number(date(1980, 1, 1)))

    page = posted(sign_in(client), "/desk/many?group=truck_driver", all_found="y").get_data(as_text=True)
    assert "1 application, this filter" in page


def test_without_a_token_the_queue_is_shown(client, session, cast):
    answer = sign_in(client).post("/desk/many", data={"case": "1"})

    assert (answer.status_code, answer.location) == (303, "/desk")


def test_the_next_county_approves_nothing_and_reads_no_result(client, session, cast):
    rows = clean(session, 2)
    sign_in(client, NEXT_COUNTY)

    answer = posted(client, "/desk/many/approve", case=[f"{row.number}:1" for row in rows], key=KEY)

    assert answer.status_code == 422
    assert states(session) == [("submitted", 1)] * 2
    with client.application.test_request_context():
        batch = approve(cast, rows)
    assert client.get(f"/desk/many/{batch.code}").status_code == 404
    assert posted(client, f"/desk/many/{batch.code}/undo").status_code == 404


def test_all_of_it_is_undone_at_once_but_what_somebody_acted_on(client, session, cast, clock):
    rows = clean(session, 3)
    with client.application.test_request_context():
        batch = approve(cast, rows)
    person = session.scalars(select(Person).order_by(Person.id)).first()
    make.entry(session, person, cast.city_pool, "retained", TODAY)

    answer = posted(sign_in(client), f"/desk/many/{batch.code}/undo")
    page = client.get(answer.location).get_data(as_text=True)

    assert answer.status_code == 303
    assert states(session) == [("approved", 2), ("submitted", 3), ("submitted", 3)]
    assert session.scalars(select(Membership)).all() == []
    assert page.count("With the county union") == 2
    assert "1 was not undone" in page
    assert page.count("Somebody has acted on it since: the decision stands.") == 1
    assert "stays, to be looked at by itself" not in page
    assert session.scalars(select(Batch.left)).one() == {rows[0].number: ["undo_acted_since"]}
    assert posted(client, f"/desk/many/{batch.code}/undo").status_code == 303
    assert states(session) == [("approved", 2), ("submitted", 3), ("submitted", 3)]
    assert session.scalar(select(func.count()).select_from(Message)) == 1
    line = session.scalars(select(AuditEntry).where(AuditEntry.act == "undo_decision").order_by(AuditEntry.id)).first()
    assert (line.subject, line.note) == ("2", f"{rows[1].number} {rows[2].number}")
    clock.append(NOW + timedelta(minutes=5))
    late = posted(client, f"/desk/many/{batch.code}/undo")
    assert late.status_code == 422
    assert "Undo all of them" not in client.get(answer.location).get_data(as_text=True)


def test_what_was_undone_is_approved_in_bulk_again_and_stays_one_person(client, session, cast):
    rows = clean(session, 3)
    sign_in(client)
    for n, (version, key) in enumerate(((1, KEY), (3, f"{KEY}-again"))):
        seen = look(client, rows)
        assert "Approve these 3" in seen
        assert "stay, to be looked at" not in seen
        chosen = [f"{row.number}:{version}" for row in rows]
        done = posted(client, "/desk/many/approve", case=chosen, key=key).location
        if n == 0:
            posted(client, f"{done}/undo")

    assert states(session) == [("approved", 4)] * 3
    people = session.scalars(select(Person).order_by(Person.id)).all()
    told = [(person.name, person.identity, person.phone, person.group, person.work_region) for person in people]
    joins = [session.get_one(JoinDetails, row.id) for row in rows]
    assert told == [(join.name, join.identity, join.phone, "courier", "652301001") for join in joins]
    columns = (LedgerEntry.person_id, LedgerEntry.kind, LedgerEntry.document)
    entries = session.execute(select(*columns).order_by(LedgerEntry.id)).all()
    each = {person.id: [(kind, number) for of, kind, number in entries if of == person.id] for person in people}
    assert each == {
        person.id: [("joined", row.number), ("corrected", row.number), ("joined", row.number)]
        for person, row in zip(people, rows, strict=True)
    }
    assert sizes(session) == [3, 9, 3, 3, 3, 3, 2]
    assert session.scalar(select(func.sum(MemberChange.change))) == 3

    posted(client, f"{done}/undo")
    session.expire_all()
    assert states(session) == [("submitted", 5)] * 3
    assert sizes(session) == [3, 12, 0, 0, 0, 0, 2]
    assert [person.phone for person in session.scalars(select(Person))] == [""] * 3


def test_a_second_tap_on_undo_changes_nothing(client, session, cast):
    rows = clean(session, 2)
    with client.application.test_request_context():
        batch = approve(cast, rows)
    sign_in(client)

    answers = [posted(client, f"/desk/many/{batch.code}/undo") for _ in range(2)]
    page = client.get(answers[1].location).get_data(as_text=True)

    assert [answer.status_code for answer in answers] == [303, 303]
    assert states(session) == [("submitted", 3)] * 2
    assert page.count("With the county union") == 2
    assert "not undone" not in page


def test_without_a_window_it_stands_at_once(context, session, cast):
    batch = approve(cast, clean(session, 2), undo_minutes=0)

    assert session.scalars(select(Reversal)).all() == []
    assert many.result(cast.city.as_actor().territory, batch.code, cast.city.as_actor(), NOW).until is None


def test_undoing_needs_the_token(client, session, cast):
    with client.application.test_request_context():
        batch = approve(cast, clean(session, 1))

    answer = sign_in(client).post(f"/desk/many/{batch.code}/undo")

    assert answer.status_code == 303
    assert states(session) == [("approved", 2)]


def test_a_phone_nobody_proved_gets_no_message_and_the_numbers_fit_the_audit(context, session, cast, statements):
    rows = clean(session, 60)
    session.execute(update(JoinDetails).where(JoinDetails.application_id == rows[0].id).values(phone_confirmed_at=None))
    session.commit()

    approve(cast, rows)

    assert session.scalar(select(func.count()).select_from(Message)) == 59
    note = session.scalars(select(AuditEntry.note).where(AuditEntry.act == "decide_application")).one()
    assert len(note) <= 500
    assert note.endswith(f"{rows[note.count('-') - 1].number} …")


def test_thirty_cost_hardly_more_statements_than_one(context, session, cast, statements):
    def cost(rows, key):
        with counted(statements) as seen:
            look_at(cast.city.as_actor().territory, [row.number for row in rows], cast.city.as_actor(), TODAY)
        db.session.remove()
        with counted(statements) as done:
            approve(cast, rows, key)
        return len(seen), len(done)

    def again(rows, key):
        for row in rows:
            session.refresh(row)
        session.commit()
        return cost(rows, key)

    one = cost(first := clean(session, 1), "k" * 16)
    thirty = cost(others := clean(session, 30), "l" * 16)

    assert one[0] == thirty[0]
    assert thirty[1] - one[1] <= 29 * 7  # SQLite writes each row by itself
    codes = session.scalars(select(Batch.code)).all()
    session.commit()
    for code in codes:
        many.undo_many(code, by=cast.city.as_actor(), now=NOW)
    one = again(first, "m" * 16)
    thirty = again(others, "n" * 16)
    assert one[0] == thirty[0]
    assert thirty[1] - one[1] <= 29 * 7


KILLED = """
    import sys
    from datetime import date, datetime
    from sqlalchemy import event
    from sqlalchemy.orm import Session
    from enrollment import create_app
    from enrollment.desk import many
    from enrollment.storage.accounts import Account
    from enrollment.storage.database import db
    from enrollment.storage.outbox import Message
    from tests.conftest import SETTINGS

    app = create_app(SETTINGS.but(database_url=sys.argv[1]))
    app.testing = True

    def stop(session, _context):
        if any(isinstance(row, Message) for row in session.new):  # everything else is written
            print("in the middle", flush=True)
            sys.stdin.readline()

    with app.test_request_context():
        event.listen(Session, "after_flush", stop)
        by = db.session.get(Account, int(sys.argv[2])).as_actor()
        chosen = {number: 1 for number in sys.argv[3:]}
        now = datetime.fromisoformat("2021-11-30T04:00:00+00:00")
        many.approve_many("k" * 16, chosen, by=by, now=now, today=date(2021, 11, 30), undo_minutes=5)
    print("kept", flush=True)
"""


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "let go on"])
def test_five_hundred_in_one_act_are_kept_together_or_not_at_all(app, session, cast, killed):
    rows = clean(session, 500)
    url = session.get_bind().url.render_as_string(hide_password=False)
    session.rollback()
    numbers = [row.number for row in rows]
    program = [sys.executable, "-c", dedent(KILLED), url, str(cast.city.id), *numbers]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    with subprocess.Popen(
        program, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        assert running.stdout.readline() == "in the middle\n"
        if killed:
            running.send_signal(signal.SIGKILL)
        else:
            running.stdin.write("\n")
            running.stdin.flush()
            assert running.stdout.readline() == "kept\n"

    expected = ("submitted", 1) if killed else ("approved", 2)
    assert states(session) == [expected] * 500
    assert sizes(session) == ([0] * 7 if killed else [500] * 6 + [1])
    assert session.scalar(select(func.coalesce(func.sum(MemberChange.change), 0))) == (0 if killed else 500)
    if killed:  # and what was broken off can be done anew
        with app.test_request_context():
            assert len(approve(cast, rows).approved) == 500
