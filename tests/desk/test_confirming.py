"""Where no code came: somebody of the union makes sure in person, and that is recorded. And who was referred."""

import pytest
from sqlalchemy import select

from enrollment.desk import actions
from enrollment.rules.applications import Step
from enrollment.storage.applications import ApplicationAct, JoinDetails
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.ledger import LedgerEntry
from enrollment.storage.outbox import Message
from tests import make
from tests.cast import NEXT_COUNTY, csrf, sign_in


def text_of(client, path):
    return client.get(path).get_data(as_text=True)


def confirm(client, number, how="已回电，本人申请"):
    return client.post(f"/desk/{number}/confirm", data={"csrf_token": csrf(client, f"/desk/{number}"), "how": how})


def decide(client, number, version, step="approved"):
    sent = {"csrf_token": csrf(client, f"/desk/{number}"), "version": version, "step": step}
    return client.post(f"/desk/{number}/decision", data=sent)


@pytest.fixture
def unconfirmed(session, cast):
    return make.join_application(session, confirmed_by="", employer_name="")


def test_nobody_unconfirmed_becomes_a_member(client, session, unconfirmed):
    page = text_of(sign_in(client), f"/desk/{unconfirmed.number}")
    answer = decide(client, unconfirmed.number, 1)

    assert "Not confirmed yet" in page
    assert answer.status_code == 422
    assert "Nobody has confirmed yet that it is this person." in answer.get_data(as_text=True)
    assert session.scalars(select(LedgerEntry)).all() == []


def test_a_cadre_confirms_in_person_and_the_record_says_how(client, session, cast, unconfirmed):
    answer = confirm(sign_in(client), unconfirmed.number)

    act = session.scalars(select(ApplicationAct).where(ApplicationAct.step == Step.CONFIRMED)).one()
    line = session.scalars(select(AuditEntry).where(AuditEntry.act == "confirm_in_person")).one()
    assert answer.status_code == 303
    assert session.scalars(select(JoinDetails.confirmed_by)).one() == "in_person"
    assert (act.account_id, act.note) == (cast.city.id, "已回电，本人申请")
    assert (line.subject, line.note) == (unconfirmed.number, "")
    assert "In person" in text_of(client, f"/desk/{unconfirmed.number}")
    assert "Confirmed in person by the union" in text_of(client, f"/status/{unconfirmed.link}")
    assert decide(client, unconfirmed.number, 2).status_code == 303
    session.rollback()  # see what the pages have done meanwhile
    assert len(session.scalars(select(LedgerEntry)).all()) == 1


def test_a_second_tap_confirms_nothing_twice(client, session, unconfirmed):
    sign_in(client)

    confirm(client, unconfirmed.number)
    again = confirm(client, unconfirmed.number, how="又点了一次")

    assert again.status_code == 303
    assert session.scalars(select(ApplicationAct.step).order_by(ApplicationAct.id)).all() == ["submitted", "confirmed"]


@pytest.mark.parametrize("how", ["", " "])
def test_how_has_to_be_said(client, session, unconfirmed, how):
    answer = confirm(sign_in(client), unconfirmed.number, how=how)

    assert answer.status_code == 422
    assert "Write how you made sure" in answer.get_data(as_text=True)
    assert session.scalars(select(JoinDetails.confirmed_by)).one() == ""


def test_the_action_itself_asks_how_and_knows_no_founding_and_no_other_county(context, session, cast, unconfirmed):
    founding = make.founding_application(session)
    city, next_county = cast.city.as_actor(), cast.next_county.as_actor()

    with pytest.raises(Refused):
        actions.confirm_in_person(unconfirmed.number, how="", by=city, now=make.NOW)
    with pytest.raises(Missing):
        actions.confirm_in_person(founding.number, how="已回电", by=city, now=make.NOW)
    with pytest.raises(Missing):
        actions.confirm_in_person(unconfirmed.number, how="已回电", by=next_county, now=make.NOW)


def test_the_next_county_cannot_confirm(client, session, unconfirmed):
    token = csrf(sign_in(client, NEXT_COUNTY), "/desk")

    answer = client.post(f"/desk/{unconfirmed.number}/confirm", data={"csrf_token": token, "how": "已回电"})

    assert answer.status_code == 404
    assert session.scalars(select(JoinDetails.confirmed_by)).one() == ""


def test_the_case_says_what_came_with_the_application(client, session, cast):
    signed = make.join_application(
        session,
        confirmed_by="signature",
        filled_by_name="组织员王",
        plate="新B12345",
        application={"poster_employer_id": cast.shunda.id},
        identity=make.identity_number(make.date(2010, 1, 1)),
    )

    page = text_of(sign_in(client), f"/desk/{signed.number}")

    for words in ("Signed on paper, says who filled it in", "组织员王", "新B12345", "顺达快递有限公司", "Under 18"):
        assert words in page


def test_a_claimed_signature_counts_once_the_union_has_seen_it(client, session, cast):
    row = make.join_application(session, confirmed_by="signature", filled_by_name="组织员王", employer_name="")

    refused = decide(sign_in(client), row.number, 1)
    confirm(client, row.number, how="看过签字")
    approved = decide(client, row.number, 2)

    assert (refused.status_code, approved.status_code) == (422, 303)
    assert session.scalars(select(JoinDetails.confirmed_by)).one() == "signature_seen"


def test_of_two_applications_of_one_person_one_is_confirmed(client, session, cast, unconfirmed):
    """Who has confirmed nothing keeps nobody from applying; the desk keeps the two apart (CH-10)."""
    identity = session.scalars(select(JoinDetails)).one().identity
    make.join_application(session, identity=identity)

    answer = confirm(sign_in(client), unconfirmed.number)

    assert answer.status_code == 422
    assert "An application with this identity number is already under way." in answer.get_data(as_text=True)
    session.rollback()
    assert session.scalars(select(JoinDetails.confirmed_by).order_by(JoinDetails.application_id)).all() == ["", "code"]


# --- messages ------------------------------------------------------------------------------------------------------


def test_the_applicant_is_told_of_the_decision_once(client, session, cast):
    row = make.join_application(session, employer_name="")

    decide(sign_in(client), row.number, 1)
    decide(client, row.number, 1)

    assert session.scalars(select(Message.template)).all() == ["application_decided"]
    assert '"result": "已批准"' in session.scalars(select(Message.values)).one()


@pytest.mark.parametrize("confirmed_by", ["in_person", "signature_seen"])
def test_a_phone_no_code_has_proved_is_told_nothing(client, session, cast, confirmed_by):
    row = make.join_application(session, confirmed_by=confirmed_by, employer_name="")

    page = text_of(sign_in(client), f"/desk/{row.number}")
    decide(client, row.number, 1)

    assert "No code has proved this phone, so no message goes to it" in page
    assert len(session.scalars(select(LedgerEntry)).all()) == 1
    assert session.scalars(select(Message)).all() == []


def test_a_refusal_tells_no_stranger_either(client, session, unconfirmed):
    sent = {"csrf_token": csrf(sign_in(client), f"/desk/{unconfirmed.number}"), "version": 1, "step": "refused"}
    answer = client.post(f"/desk/{unconfirmed.number}/decision", data=sent | {"ground": "not_voluntary"})

    assert answer.status_code == 303
    assert session.scalars(select(Message)).all() == []


# --- referrals -----------------------------------------------------------------------------------------------------


def test_a_cadre_reads_who_was_referred_in_the_own_county(client, session, cast):
    own = make.referral(session, county_code="652301", work_region="652301503")
    other = make.referral(session)

    page = text_of(sign_in(client), "/desk/referrals")

    assert own.code in page
    assert "昌吉市 共青团农场" in page
    assert other.code not in page
    assert 'href="/desk/referrals"' in text_of(client, "/desk")


def test_pages_of_fifty_referrals(client, session, cast):
    rows = [make.referral(session, county_code="652301") for _ in range(51)]

    first, second = (text_of(sign_in(client), f"/desk/referrals?page={page}") for page in (1, 2))

    assert (rows[-1].code in first, rows[0].code in first) == (True, False)
    assert (rows[-1].code in second, rows[0].code in second) == (False, True)
    assert "Nobody yet." in text_of(client, "/desk/referrals?page=9")
