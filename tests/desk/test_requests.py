"""Deciding what members ask for, and looking at a full number."""

import json
from datetime import UTC, date, datetime
from html import unescape

import pytest
from sqlalchemy import select

from enrollment.messages import codes
from enrollment.rules.access import VISITOR
from enrollment.storage import erasing
from enrollment.storage.applications import JoinDetails, RequestDetails
from enrollment.storage.audit import AuditEntry
from enrollment.storage.cards import Card, Look
from enrollment.storage.ledger import LedgerEntry, Membership
from enrollment.storage.outbox import Message
from enrollment.storage.people import Person
from tests import make
from tests.cast import NEXT_COUNTY, PREFECTURE, csrf, sign_in

NOW = datetime(2021, 11, 30, 4, 0, tzinfo=UTC)
TODAY = date(2021, 11, 30)
IDENTITY = "652301199001010005"


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setattr("enrollment.web.clock.now", lambda: NOW)


@pytest.fixture
def card(session, cast):
    who = {"name": "马晓", "identity": IDENTITY, "phone": "13912345678", "employer_id": cast.shunda.id}
    return make.card(session, make.member(session, cast.shunda_union, **who))


def asked(session, card, kind, county="652301", **details):
    return make.request(session, card.person, kind, application={"county_code": county}, **details)


def decide(client, number, *, version=1, **answers):
    token = csrf(client, f"/desk/{number}")
    return client.post(f"/desk/{number}/decision", data={"csrf_token": token, "version": version, **answers})


def entries(session):
    """Kind, union and day of every entry after the first."""
    session.rollback()
    found = select(LedgerEntry).order_by(LedgerEntry.id)
    return [(row.kind, row.union_id, row.effective_on) for row in session.scalars(found)][1:]


def memberships(session):
    found = select(Membership.union_id, Membership.from_on, Membership.until_on).order_by(Membership.id)
    return [tuple(row) for row in session.execute(found)]


def text_of(answer):
    return unescape(answer.get_data(as_text=True))


def test_a_transfer_in_the_territory_leaves_nobody_between_two_unions(client, session, cast, card):
    row = asked(session, card, "transfer", to_union_id=cast.joint_union.id)
    page = text_of(sign_in(client).get(f"/desk/{row.number}"))

    answer = decide(client, row.number, step="approved", to_union=cast.joint_union.name)

    session.refresh(row)
    assert "Nothing stands against it" in page
    assert f'value="{cast.joint_union.name}"' in page
    assert "Local time limit" in page
    assert (answer.status_code, answer.location) == (303, f"/desk?after={row.number}")
    assert (row.state, row.union_id) == ("approved", cast.joint_union.id)
    assert entries(session) == [
        ("transferred_out", cast.shunda_union.id, TODAY),
        ("transferred_in", cast.joint_union.id, TODAY),
    ]
    assert memberships(session) == [
        (cast.shunda_union.id, date(2021, 6, 1), TODAY),
        (cast.joint_union.id, TODAY, None),
    ]
    assert set(session.scalars(select(LedgerEntry.document))) == {"", row.number}
    assert cast.joint_union.name in text_of(client.get(f"/card/{card.link}"))


def test_the_county_finds_out_where_a_transfer_goes(client, session, cast, card):
    row = asked(session, card, "transfer", words="在快马网点上班")
    page = text_of(sign_in(client).get(f"/desk/{row.number}"))

    nowhere = decide(client, row.number, step="approved")
    same = decide(client, row.number, step="approved", to_union=cast.shunda_union.code)
    done = decide(client, row.number, step="approved", to_union=cast.joint_union.code)

    assert "Not known: find out" in page
    assert "在快马网点上班" in page
    assert "Enter the full name or the code of the union" in text_of(nowhere)
    assert "This union has the membership already." in text_of(same)
    assert [answer.status_code for answer in (nowhere, same, done)] == [422, 422, 303]
    assert entries(session)[-1] == ("transferred_in", cast.joint_union.id, TODAY)


@pytest.fixture
def passed_on(client, session, cast, card):
    """A transfer to Fukang that Changji city approved."""
    row = asked(session, card, "transfer", to_union_id=cast.fukang_pool.id)
    answer = decide(sign_in(client), row.number, step="approved")
    assert (answer.status_code, answer.location) == (303, f"/desk?after={row.number}")
    session.refresh(row)
    return row


def test_a_transfer_to_another_county_is_passed_on_to_it(client, session, cast, card, passed_on):
    assert (passed_on.county_code, passed_on.state, passed_on.due_on) == ("652302", "submitted", date(2021, 12, 15))
    assert entries(session) == [("transferred_out", cast.shunda_union.id, TODAY)]
    gone = client.get(f"/desk/{passed_on.number}")
    assert gone.status_code == 409
    assert "张干部 passed this case on (2021-11-30 12:00); it is decided elsewhere now.</p>" in text_of(gone)
    assert "Moving to another union" in text_of(client.get(f"/card/{card.link}"))
    page = text_of(client.get(f"/status/{passed_on.link}"))
    assert ">Passed on<" in page
    assert "County union of 阜康市" in page


def test_the_other_county_takes_the_member_in(client, session, cast, passed_on):
    page = text_of(sign_in(client, NEXT_COUNTY).get(f"/desk/{passed_on.number}"))

    decide(client, passed_on.number, version=2, step="approved")

    assert "Nothing stands against it" in page
    assert cast.shunda_union.name in page
    assert entries(session)[-1] == ("transferred_in", cast.fukang_pool.id, TODAY)
    assert memberships(session)[-1] == (cast.fukang_pool.id, TODAY, None)


def test_the_other_county_can_pass_it_on_again_and_nothing_is_lost(client, session, cast, passed_on):
    sign_in(client, NEXT_COUNTY)

    decide(client, passed_on.number, version=2, step="approved", to_union=cast.joint_union.name)
    decide(sign_in(client), passed_on.number, version=3, step="approved")

    assert entries(session)[1:] == [("transferred_in", cast.joint_union.id, TODAY)]


def test_a_refusal_by_the_other_county_restores_at_the_old_union(client, session, cast, passed_on):
    sign_in(client, NEXT_COUNTY)

    wordless = decide(client, passed_on.number, version=2, step="refused")
    decide(client, passed_on.number, version=2, step="refused", note="没有这个网点")

    assert "Write why it is refused." in text_of(wordless)
    assert entries(session)[-1] == ("restored", cast.shunda_union.id, TODAY)
    assert memberships(session)[-1] == (cast.shunda_union.id, TODAY, None)
    page = text_of(client.get(f"/status/{passed_on.link}"))
    assert "没有这个网点" in page
    assert "Back to my card" in page


def test_the_other_county_cannot_return_who_has_left_already(client, session, cast, passed_on):
    sign_in(client, NEXT_COUNTY)

    answer = decide(client, passed_on.number, version=2, step="returned", marked="words", note="哪个网点？")

    assert answer.status_code == 422
    assert "This member has left the old union already: take in or refuse." in text_of(answer)
    assert [kind for kind, *_ in entries(session)] == ["transferred_out"]


def test_taking_it_back_on_the_way_restores_at_the_old_union(client, session, cast, passed_on):
    path = f"/status/{passed_on.link}/withdraw"

    client.post(path, data={"csrf_token": csrf(client, path)})

    assert entries(session)[-1] == ("restored", cast.shunda_union.id, TODAY)


def test_the_prefecture_moves_across_counties_at_once(client, session, cast, card):
    row = asked(session, card, "transfer", to_union_id=cast.fukang_pool.id)

    decide(sign_in(client, PREFECTURE), row.number, step="approved")

    assert [kind for kind, *_ in entries(session)] == ["transferred_out", "transferred_in"]


def test_a_retained_member_is_restored_or_taken_in(client, session, cast, card):
    make.entry(session, card.person, cast.shunda_union, "retained", on=date(2021, 11, 1))
    row = asked(session, card, "transfer", to_union_id=cast.shunda_union.id)

    decide(sign_in(client), row.number, step="approved")

    assert entries(session)[-1] == ("restored", cast.shunda_union.id, TODAY)


@pytest.mark.parametrize(
    ("kind", "details", "entry", "standing"),
    [
        ("retain", {"cause": "military_service"}, "retained", "Membership retained"),
        ("leave", {"words": "回老家"}, "exited", "Left"),
    ],
)
def test_what_is_kept_or_left_stands_in_the_ledger(client, session, cast, card, kind, details, entry, standing):
    row = asked(session, card, kind, **details)
    page = text_of(sign_in(client).get(f"/desk/{row.number}"))

    decide(client, row.number, step="approved")

    assert {"cause": "Military service", "words": "回老家"}[next(iter(details))] in page
    assert entries(session) == [(entry, cast.shunda_union.id, TODAY)]
    assert standing in text_of(client.get(f"/card/{card.link}"))
    status = text_of(client.get(f"/status/{row.link}"))
    assert "Decided on 2021-11-30." in status
    assert "Open my membership card" in status


def test_what_the_rules_object_is_said_and_nothing_changes(client, session, cast, card):
    make.entry(session, card.person, cast.shunda_union, "exited", on=date(2021, 11, 1))
    rows = [asked(session, card, "retain"), asked(session, card, "transfer", to_union_id=cast.joint_union.id)]
    sign_in(client)

    for row in rows:
        assert "Something stands against it" in text_of(client.get(f"/desk/{row.number}"))
        answer = decide(client, row.number, step="approved")
        assert answer.status_code == 422
        assert "Has left" in text_of(answer)
    assert len(entries(session)) == 1


def test_a_future_entry_stands_against_an_older_one(client, session, cast, card):
    make.entry(session, card.person, cast.shunda_union, "retained", on=date(2021, 12, 24))
    row = asked(session, card, "leave")

    assert "Dated before the last entry of this person" in text_of(sign_in(client).get(f"/desk/{row.number}"))


def test_a_correction_changes_the_person_and_every_application_and_keeps_nothing_old(client, session, cast, card):
    joined = make.join_application(session, identity=IDENTITY, name="马晓", phone="13912345678")
    told = {"name": "马小", "phone": "13800001111", "home_region": "652302001"}
    row = asked(session, card, "correct", told=json.dumps(told))
    page = text_of(sign_in(client).get(f"/desk/{row.number}"))

    decide(client, row.number, step="approved")

    session.rollback()
    person = session.get_one(Person, card.person_id, populate_existing=True)
    details = session.get_one(JoinDetails, joined.id, populate_existing=True)
    for kept in (person, details):
        assert (kept.name, kept.phone, kept.phone_masked) == ("马小", "13800001111", "138****1111")
        assert (kept.identity, kept.home_region) == (IDENTITY, "652302001")
        assert kept.phone_confirmed_at is None  # the code was sent to another phone
    shown, hidden = ("139****5678", "138****1111", "阜康市 博峰街道"), ("13800001111", "13912345678")
    assert ([words in page for words in shown], [words in page for words in hidden]) == ([True] * 3, [False] * 2)
    assert "马晓" not in " ".join(session.scalars(select(AuditEntry.note)))


def test_a_correction_of_the_name_alone_leaves_the_phone(client, session, cast, card):
    row = asked(session, card, "correct", told=json.dumps({"name": "马小"}))

    decide(sign_in(client), row.number, step="approved")

    session.rollback()
    person = session.get_one(Person, card.person_id, populate_existing=True)
    assert (person.name, person.phone) == ("马小", "13912345678")


def test_deleting_keeps_the_core_of_the_archive_alone(client, session, cast, card):
    make.entry(session, card.person, cast.shunda_union, "exited", on=date(2021, 11, 1))
    steps = (make.Step.SUBMITTED, make.Step.APPROVED)
    old = make.join_application(session, steps=steps, identity=IDENTITY, plate="新B12345")
    new = make.join_application(session, identity=IDENTITY)
    earlier = asked(session, card, "leave", words="回老家")
    row = asked(session, card, "erase")

    decide(sign_in(client), row.number, step="approved", sure="y")

    session.rollback()
    person = session.get_one(Person, card.person_id, populate_existing=True)
    assert (person.name, person.identity, person.born_on) == ("马晓", IDENTITY, date(1990, 1, 1))
    assert (person.phone, person.phone_masked, person.group) == ("", "", "other")
    assert (person.relation, person.work_region, person.home_region, person.employer_id) == (None,) * 4
    dropped = session.get_one(JoinDetails, old.id, populate_existing=True)
    assert (dropped.name, dropped.identity) == ("李建国", IDENTITY)
    assert (dropped.phone, dropped.employer_name, dropped.plate, dropped.group) == ("", "", "", None)
    assert session.get_one(JoinDetails, new.id, populate_existing=True).phone == "13800000001"
    assert session.get_one(RequestDetails, earlier.id, populate_existing=True).words == ""
    page = text_of(client.get(f"/card/{card.link}/my-data"))
    assert page.count("None kept") == 3


def test_nobody_is_deleted_who_is_still_in_a_union(client, session, cast, card):
    row = asked(session, card, "erase")

    answer = decide(sign_in(client), row.number, step="approved", sure="y")

    assert answer.status_code == 422
    assert "Leave it first" in text_of(answer)
    assert session.get_one(Person, card.person_id, populate_existing=True).phone == "13912345678"


def test_closing_leaves_pages_that_nobody_can_open(client, session, cast, card):
    joined = make.join_application(session, identity=IDENTITY)
    other = make.join_application(session, identity="652328198512310005")
    row = asked(session, card, "close")
    old = [f"/card/{card.link}", f"/status/{joined.link}", f"/status/{row.link}"]

    decide(sign_in(client), row.number, step="approved", sure="y")

    assert [client.get(path).status_code for path in old] == [404, 404, 404]
    assert client.get(f"/status/{other.link}").status_code == 200
    assert len(session.scalars(select(Card.link)).one()) == 16
    assert "This card is valid" in text_of(client.get(f"/verify/{card.code}"))


def test_closed_pages_are_opened_by_no_phone_until_somebody_joins_again(client, session, cast, card):
    make.join_application(
        session, identity=IDENTITY, phone="13912345678", steps=(make.Step.SUBMITTED, make.Step.APPROVED)
    )
    row = asked(session, card, "close")

    decide(sign_in(client), row.number, step="approved", sure="y")

    session.rollback()
    assert session.get_one(Person, card.person_id, populate_existing=True).closed_at == NOW
    assert set(session.scalars(select(JoinDetails.phone_confirmed_at))) == {None}


def test_what_is_deleted_is_deleted_from_the_messages_too(client, session, cast, card):
    with client.application.app_context():
        codes.send_code("13912345678", "status", address="127.0.0.1", by=VISITOR, now=NOW)
    make.entry(session, card.person, cast.shunda_union, "exited", on=date(2021, 11, 1))
    row = asked(session, card, "erase")

    decide(sign_in(client), row.number, step="approved", sure="y")

    session.rollback()
    kept = session.scalars(select(Message).where(Message.template == "phone_code")).one()
    assert (kept.phone, kept.values, kept.next_at) == ("", "{}", None)


def test_a_column_that_is_none_is_never_set():
    with pytest.raises(LookupError):
        erasing.put(Person(), {"shoe_size": 43})


def test_a_request_is_returned_for_words_and_sent_again(client, session, cast, card):
    row = asked(session, card, "transfer")
    decide(sign_in(client), row.number, step="returned", marked="words", note="哪个网点？")

    path = f"/status/{row.link}"
    client.post(path, data={"csrf_token": csrf(client, path), "words": "快马网点"})

    session.refresh(row)
    assert (row.state, row.due_on) == ("submitted", date(2021, 12, 7))
    assert session.scalars(select(RequestDetails.words)).one() == "快马网点"
    assert "快马网点" in text_of(client.get(f"/desk/{row.number}"))


def test_a_correction_is_returned_for_what_is_wrong_in_it(client, session, cast, card):
    row = asked(session, card, "correct", told=json.dumps({"name": "马小"}))
    decide(sign_in(client), row.number, step="returned", marked="phone", note="电话也换了吗？")

    path = f"/status/{row.link}"
    client.post(path, data={"csrf_token": csrf(client, path), "phone": "13800001111"})

    told = session.scalars(select(RequestDetails.told)).one()
    assert json.loads(told) == {"name": "马小", "phone": "13800001111"}


def test_a_request_is_found_on_the_members_page(client, session, cast, card):
    row = asked(session, card, "leave")

    assert row.number in text_of(sign_in(client).get(f"/members/{card.person.code}"))


def test_an_approval_gives_the_card_once(client, session, cast):
    first = make.join_application(session, identity=IDENTITY, employer_name="")
    decide(sign_in(client), first.number, step="approved")
    again = make.join_application(session, identity=IDENTITY, employer_name="")
    make.entry(session, session.scalars(select(Person)).one(), cast.city_pool, "exited", on=TODAY)
    decide(client, again.number, step="approved")

    card = session.scalars(select(Card)).one()
    assert (len(card.link), len(card.code), card.issued_at) == (16, 12, NOW)
    assert f'href="/card/{card.link}"' in text_of(client.get(f"/status/{again.link}"))


# --- full numbers --------------------------------------------------------------------------------------------------


def look(client, path, reason="核对身份"):
    return client.post(f"{path}/full", data={"csrf_token": csrf(client, path), "reason": reason})


def looks(session):
    session.rollback()
    found = select(Look).order_by(Look.id)
    return [(row.account_id, row.role, row.reason, row.application_id, row.person_id) for row in session.scalars(found)]


def test_a_full_number_is_shown_once_with_its_reason_kept(client, session, cast):
    row = make.join_application(session)
    path = f"/desk/{row.number}"

    answer = look(sign_in(client), path)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert IDENTITY in text_of(answer)
    assert "13800000001" in text_of(answer)
    assert IDENTITY not in text_of(client.get(path))
    assert looks(session) == [(cast.city.id, "county_cadre", "核对身份", row.id, None)]
    [line] = session.scalars(select(AuditEntry).where(AuditEntry.act == "see_full_number"))
    assert (line.subject, line.note) == (row.number, "核对身份")


def test_of_a_request_and_on_the_members_page_the_person_is_looked_at(client, session, cast, card):
    row = asked(session, card, "leave")
    sign_in(client)

    for path in (f"/desk/{row.number}", f"/members/{card.person.code}"):
        shown = text_of(look(client, path))
        assert IDENTITY in shown
        assert "13912345678" in shown
    assert looks(session) == [(cast.city.id, "county_cadre", "核对身份", None, card.person_id)] * 2


@pytest.mark.parametrize("reason", ["", "长" * 201])
def test_without_a_reason_nothing_is_shown(client, session, cast, card, reason):
    row = asked(session, card, "leave")
    sign_in(client)

    for path in (f"/desk/{row.number}", f"/members/{card.person.code}"):
        answer = look(client, path, reason)
        assert answer.status_code == 422
        assert IDENTITY not in text_of(answer)
    assert looks(session) == []


def test_nobody_looks_across_the_county_line_or_at_a_founding(client, session, cast, card):
    row, founding = make.join_application(session), make.founding_application(session)
    token = csrf(sign_in(client), "/members/find")
    sent = {"csrf_token": token, "reason": "核对身份"}
    assert client.post(f"/desk/{founding.number}/full", data=sent).status_code == 404

    sent["csrf_token"] = csrf(sign_in(client, NEXT_COUNTY), "/members/find")
    for path in (f"/desk/{row.number}", f"/members/{card.person.code}", "/members/NONE"):
        assert client.post(f"{path}/full", data=sent).status_code == 404
    assert looks(session) == []
