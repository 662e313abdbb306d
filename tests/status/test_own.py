"""What an applicant's page opens besides: the card, who has looked, a copy of the own data."""

import csv
import io
from datetime import UTC, datetime
from html import unescape

import pytest
from sqlalchemy import select

from enrollment.rules.access import VISITOR
from enrollment.rules.applications import Step
from enrollment.rules.stages import FoundingStep
from enrollment.status import actions
from enrollment.storage.audit import AuditEntry
from enrollment.storage.cards import Card, Look
from enrollment.storage.failures import Missing
from tests import make
from tests.cast import csrf

NOW = datetime(2021, 11, 30, 4, 0, tzinfo=UTC)
APPROVED = (Step.SUBMITTED, Step.APPROVED)
IDENTITY = "652301199001010005"


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setattr("enrollment.web.clock.now", lambda: NOW)


def text_of(answer):
    return unescape(answer.get_data(as_text=True))


@pytest.fixture
def admitted(session, cast):
    """An application that made a member before there were cards."""
    row = make.join_application(session, steps=APPROVED, identity=IDENTITY)
    make.member(session, cast.joint_union, identity=IDENTITY)
    return row


def test_who_joined_before_there_were_cards_takes_one(client, session, admitted):
    path = f"/status/{admitted.link}"
    before = text_of(client.get(path))

    answer = client.post(f"{path}/card", data={"csrf_token": csrf(client, path)})

    card = session.scalars(select(Card)).one()
    after = text_of(client.get(path))
    assert (answer.status_code, answer.location) == (303, f"/card/{card.link}")
    assert "Make my membership card" in before
    assert f'href="/card/{card.link}"' in after
    assert "Make my membership card" not in after
    assert client.get(f"/card/{card.link}").status_code == 200
    assert session.scalars(select(AuditEntry.subject).where(AuditEntry.act == "open_own_card")).all() == [
        admitted.number
    ]


def test_a_second_tap_is_the_same_card(context, session, admitted):
    first, second = (actions.find_or_issue_card(admitted.link, by=VISITOR, now=NOW).link for _ in range(2))

    assert first == second
    assert session.scalars(select(Card.link)).all() == [first]


def test_there_is_no_card_without_an_approval_to_join(context, session, cast):
    rows = [
        make.join_application(session),
        make.founding_application(session, way="join_joint", steps=(FoundingStep.SUBMITTED, FoundingStep.APPROVED)),
        make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED)),
    ]

    for row in rows:
        with pytest.raises(Missing):
            actions.find_or_issue_card(row.link, by=VISITOR, now=NOW)
    assert session.scalars(select(Card)).all() == []


def test_an_applicant_reads_who_has_looked_at_this_application_alone(client, session, cast):
    other = make.join_application(session, identity=IDENTITY, steps=(Step.SUBMITTED, Step.WITHDRAWN))
    row = make.join_application(session, identity=IDENTITY)
    by = {"at": NOW, "account_id": cast.city.id, "role": "county_cadre"}
    session.add_all(
        [Look(**by, reason="核对身份", application_id=row.id), Look(**by, reason="另一件", application_id=other.id)]
    )
    session.commit()

    page = text_of(client.get(f"/status/{row.link}/looks"))

    assert f'href="/status/{row.link}/looks"' in text_of(client.get(f"/status/{row.link}"))
    assert "2021-11-30 12:00" in page
    assert "County cadre, 昌吉市" in page
    assert "核对身份" in page
    assert "另一件" not in page
    assert "张干部" not in page


def test_a_founding_holds_no_numbers_to_look_at(client, session, cast):
    row = make.founding_application(session)

    assert client.get(f"/status/{row.link}/looks").status_code == 404
    assert client.post(f"/status/{row.link}/my-data.csv").status_code == 404
    assert "/looks" not in text_of(client.get(f"/founding/{row.link}"))


def test_an_applicant_takes_a_copy_of_the_own_data(client, session, cast):
    row = make.join_application(session, identity=IDENTITY)
    path = f"/status/{row.link}"

    sent = {"csrf_token": csrf(client, f"{path}/looks"), "tail": IDENTITY[-4:]}
    wrong = client.post(f"{path}/my-data.csv", data=sent | {"tail": "9999"})
    answer = client.post(f"{path}/my-data.csv", data=sent)

    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert rows == [
        ["Item", "Value"],
        ["Name", "李建国"],
        ["Sex", "Female"],
        ["Born on", "1990-01-01"],
        ["Identity number", f"{IDENTITY}\t"],
        ["Mobile number", "13800000001\t"],
        ["Work", "Courier"],
        ["How you work", "A station or partner company manages my work under an agreement"],
        ["Place of work", "昌吉市 宁边路街道"],
        ["Place of residence", "昌吉市 延安北路街道"],
        ["Employer", "顺达快递"],
        ["People employed", ""],
        ["Plate", ""],
        ["Applied to", "The county union's holding pool"],
        ["Filled in by", ""],
        ["Confirmed", "By code on this phone"],
        ["Agreed to the use of the identity number", "Yes"],
        ["Agreed to the upper union's database", "Yes"],
        ["Version of the texts agreed to", "2021-11"],
    ]
    assert wrong.status_code == 422
    assert "These are not the last four characters of the identity number kept here." in text_of(wrong)
    assert session.scalars(select(AuditEntry.subject).where(AuditEntry.act == "copy_own_data")).one() == row.number
    assert client.post(f"{path}/my-data.csv").status_code == 422
