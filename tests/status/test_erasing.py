"""An applicant asks for what was told to be deleted; the county decides within 30 days, and says why not."""

from datetime import UTC, date, datetime
from html import unescape

import pytest
from sqlalchemy import select

from enrollment.rules.access import VISITOR
from enrollment.rules.applications import Step
from enrollment.rules.stages import FoundingStep
from enrollment.status import actions
from enrollment.storage.applications import Application, ApplicationAct, JoinDetails, RequestDetails
from enrollment.storage.audit import AuditEntry
from enrollment.storage.cards import Look
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.ledger import LedgerEntry
from enrollment.storage.people import kept_numbers
from tests import make
from tests.cast import NEXT_COUNTY, csrf, sign_in

NOW = datetime(2021, 11, 30, 4, 0, tzinfo=UTC)
TODAY = date(2021, 11, 30)
IDENTITY = "652301199001010005"
REFUSED, WITHDRAWN = (Step.SUBMITTED, Step.REFUSED), (Step.SUBMITTED, Step.WITHDRAWN)
KEY = "K" * 24


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setattr("enrollment.web.clock.now", lambda: NOW)


def text_of(answer):
    return unescape(answer.get_data(as_text=True))


def ask(client, row, **answers):
    path = f"/status/{row.link}/erase"
    told = {"csrf_token": csrf(client, path), "submission_key": KEY, "tail": "0005", "words": "不想留了"}
    return client.post(path, data=told | answers)


def asked(session):
    session.rollback()
    return session.scalars(select(Application).where(Application.kind == "erase")).all()


@pytest.mark.parametrize("steps", [REFUSED, WITHDRAWN])
def test_it_lands_in_the_countys_queue_with_thirty_days(client, session, cast, steps):
    row = make.join_application(session, steps=steps, identity=IDENTITY)
    page = text_of(client.get(f"/status/{row.link}"))

    answer = ask(client, row)

    [made] = asked(session)
    assert f'href="/status/{row.link}/erase"' in page
    assert (answer.status_code, answer.location) == (303, f"/status/{made.link}")
    assert (made.county_code, made.state, made.due_on) == ("652301", "submitted", date(2021, 12, 30))
    details = session.get_one(RequestDetails, made.id)
    assert (details.person_id, details.about_id, details.words) == (None, row.id, "不想留了")
    after = text_of(client.get(f"/status/{row.link}"))
    assert "You have asked to delete what you told" in after
    assert f"/status/{row.link}/erase" not in after
    assert f'href="/status/{made.link}"' in after
    own = text_of(client.get(f"/status/{made.link}"))
    assert "Delete my data" in own
    assert "不想留了" in own
    queue = text_of(sign_in(client).get("/desk"))
    assert made.number in queue
    assert "李建国" in queue
    assert made.number not in text_of(sign_in(client, NEXT_COUNTY).get("/desk"))


def decide(client, number, **answers):
    token = csrf(client, f"/desk/{number}")
    return client.post(f"/desk/{number}/decision", data={"csrf_token": token, "version": 1, **answers})


def test_an_approval_deletes_it_and_leaves_that_there_was_an_application(client, session, cast):
    row = make.join_application(session, steps=REFUSED, identity=IDENTITY, plate="新B12345")
    ask(client, row)
    [made] = asked(session)
    case = text_of(sign_in(client).get(f"/desk/{made.number}"))

    answer = decide(client, made.number, step="approved", sure="y")

    assert answer.status_code == 303
    assert "Everything told in this application is to be deleted:" in case
    assert f'href="/desk/{row.number}"' in case
    session.rollback()
    join = session.get_one(JoinDetails, row.id, populate_existing=True)
    assert (join.name, join.identity, join.phone, join.plate) == ("", "", "", "")
    session.refresh(row)
    assert (row.state, row.dropped_on) == ("refused", TODAY)
    assert session.get_one(RequestDetails, made.id, populate_existing=True).words == ""
    for path in (f"/desk/{row.number}", f"/desk/{made.number}", "/desk?view=done"):
        page = text_of(client.get(path))
        assert not [told for told in ("李建国", "0005", "新B12345", "138") if told in page.split("<main")[1]]
    assert "Deleted on 2021-11-30" in text_of(client.get(f"/desk/{row.number}"))
    page = text_of(client.get(f"/status/{row.link}"))
    assert "Deleted on 2021-11-30" in page
    assert "李建国" not in page
    assert "Not accepted" in page
    assert client.get(f"/status/{made.link}").status_code == 200


def test_an_approval_deletes_the_person_of_an_undone_approval_too(client, session, cast):
    row = make.join_application(session, steps=REFUSED, identity=IDENTITY)
    person = make.member(session, cast.city_pool, identity=IDENTITY, phone="13911112222")
    wrong = session.scalars(select(LedgerEntry)).one()
    make.entry(session, person, cast.city_pool, "corrected", on=wrong.effective_on, corrects=wrong.id)
    ask(client, row)
    [made] = asked(session)
    sign_in(client)

    assert decide(client, made.number, step="approved", sure="y").status_code == 303

    session.rollback()
    session.refresh(person)
    assert (person.name, person.identity, person.identity_masked, person.phone) == ("", "", "", "")
    assert (person.born_on, person.group, person.work_region, person.dropped_on) == (
        date(1990, 1, 1),
        "other",
        None,
        TODAY,
    )
    assert person.identity_match != kept_numbers(IDENTITY, "")["identity_match"]


def test_a_refusal_needs_a_reason_and_says_it(client, session, cast):
    row = make.join_application(session, steps=REFUSED, identity=IDENTITY)
    ask(client, row)
    [made] = asked(session)
    sign_in(client)

    without = decide(client, made.number, step="refused")
    refused = decide(client, made.number, step="refused", note="复核尚未结束")

    assert (without.status_code, refused.status_code) == (422, 303)
    assert "Write why it is refused." in text_of(without)
    assert session.get_one(JoinDetails, row.id, populate_existing=True).name == "李建国"
    assert "复核尚未结束" in text_of(client.get(f"/status/{made.link}"))
    assert f"/status/{row.link}/erase" in text_of(client.get(f"/status/{row.link}"))  # and may be asked again


def test_it_can_be_returned_for_words_sent_again_and_taken_back(client, session, cast):
    row = make.join_application(session, steps=REFUSED, identity=IDENTITY)
    ask(client, row)
    [made] = asked(session)
    decide(sign_in(client), made.number, step="returned", marked="words", note="请说明")
    path = f"/status/{made.link}"

    client.post(path, data={"csrf_token": csrf(client, path), "words": "都删除"})
    client.post(f"{path}/withdraw", data={"csrf_token": csrf(client, f"{path}/withdraw")})

    session.rollback()
    steps = session.scalars(
        select(ApplicationAct.step).where(ApplicationAct.application_id == made.id).order_by(ApplicationAct.id)
    )
    assert list(steps) == ["submitted", "returned", "corrected", "withdrawn"]
    assert session.get_one(JoinDetails, row.id, populate_existing=True).name == "李建国"


def test_a_look_for_the_request_is_a_look_at_the_application(client, session, cast):
    row = make.join_application(session, steps=REFUSED, identity=IDENTITY)
    ask(client, row)
    [made] = asked(session)
    sign_in(client)
    path = f"/desk/{made.number}"

    page = text_of(client.post(f"{path}/full", data={"csrf_token": csrf(client, path), "reason": "核对本人"}))

    assert IDENTITY in page
    session.rollback()
    assert session.execute(select(Look.application_id, Look.person_id, Look.reason)).all() == [
        (row.id, None, "核对本人")
    ]
    seen = text_of(client.get(f"/status/{row.link}/looks"))
    assert "核对本人" in seen
    assert "County cadre, 昌吉市" in seen
    assert "张干部" not in seen.split("<main")[1]


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ((Step.SUBMITTED,), "It is under way. Withdraw it first"),
        ((Step.SUBMITTED, Step.RETURNED), "It is under way. Withdraw it first"),
        ((Step.SUBMITTED, Step.APPROVED), "It has made you a member."),
    ],
)
def test_what_stands_against_it_is_said_and_asked_again_by_the_action(client, session, cast, steps, sentence):
    row = make.join_application(session, steps=steps, identity=IDENTITY)
    page = text_of(client.get(f"/status/{row.link}/erase"))

    other = make.join_application(session, steps=REFUSED)
    answer = client.post(
        f"/status/{row.link}/erase",
        data={"csrf_token": csrf(client, f"/status/{other.link}/erase"), "submission_key": KEY, "tail": "0005"},
    )

    assert sentence in page
    assert "csrf_token" not in page.split("<main")[1].split("</main>")[0]
    assert answer.status_code == 422
    assert f'href="/status/{row.link}/erase"' not in text_of(client.get(f"/status/{row.link}"))
    assert asked(session) == []


def test_the_link_alone_deletes_nothing(client, session, cast):
    row = make.join_application(session, steps=REFUSED, identity=IDENTITY)

    answer = ask(client, row, tail="0006")

    assert answer.status_code == 422
    assert "These are not the last four characters" in text_of(answer)
    assert asked(session) == []


def test_a_second_tap_is_the_same_request_and_a_second_one_waits(client, session, cast):
    row = make.join_application(session, steps=REFUSED, identity=IDENTITY)

    first, second, third = ask(client, row), ask(client, row), ask(client, row, submission_key="L" * 24)

    assert (first.status_code, second.status_code, third.status_code) == (303, 303, 422)
    assert first.location == second.location
    assert "You have asked for the same already." in text_of(third)
    assert len(asked(session)) == 1
    notes = session.scalars(select(AuditEntry.note).where(AuditEntry.act == "ask_union")).all()
    assert notes == ["", "sent again"]


def test_what_is_deleted_already_leads_back(client, session, cast):
    row = make.join_application(session, steps=REFUSED, identity=IDENTITY)
    row.dropped_on = TODAY
    session.commit()

    answer = client.get(f"/status/{row.link}/erase")

    assert (answer.status_code, answer.location) == (303, f"/status/{row.link}")


def test_the_action_knows_nothing_to_delete_elsewhere(context, session, cast):
    dropped = make.join_application(session, steps=REFUSED)
    dropped.dropped_on = TODAY
    session.commit()
    member = make.member(session, cast.shunda_union)
    founding = make.founding_application(session, steps=(FoundingStep.STARTED, FoundingStep.WITHDRAWN))

    for row in (dropped, make.request(session, member, "leave"), founding):
        with pytest.raises(Missing):
            actions.ask_erasure(row.link, KEY, "", by=VISITOR, now=NOW, today=TODAY)
    under_way = make.join_application(session)
    with pytest.raises(Refused):
        actions.ask_erasure(under_way.link, KEY, "", by=VISITOR, now=NOW, today=TODAY)


def test_what_was_ended_because_nobody_went_on_is_told_as_the_services_own(client, session, cast):
    row = make.join_application(session, steps=WITHDRAWN)
    act = session.scalars(select(ApplicationAct).where(ApplicationAct.step == Step.WITHDRAWN)).one()
    act.reason, act.actor, row.dropped_on = "abandoned", "system", TODAY
    session.commit()

    page, case = text_of(client.get(f"/status/{row.link}")), text_of(sign_in(client).get(f"/desk/{row.number}"))

    for each in (page, case):
        assert "This service, by itself" in each
        assert "Nobody went on with it for a long time." in each


def test_whoever_has_to_go_on_is_told_until_when(client, session, cast):
    returned = make.join_application(session, steps=(Step.SUBMITTED, Step.RETURNED))
    draft = make.founding_application(session)

    page, founding = (text_of(client.get(path)) for path in (f"/status/{returned.link}", f"/founding/{draft.link}"))

    assert "If nothing comes within 90 days, it is withdrawn and what you told is deleted." in page
    assert "If nothing happens for 90 days, it is withdrawn and the names in it are deleted." in founding
