"""The cadre's desk: queue, case, decision, and who may."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from enrollment.desk import actions
from enrollment.desk.actions import Decision
from enrollment.rules.applications import Step
from enrollment.rules.stages import FoundingStep
from enrollment.storage.applications import Application, ApplicationAct
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Conflict, Missing
from enrollment.storage.ledger import LedgerEntry, MemberChange, Membership
from enrollment.storage.people import Person
from tests import make
from tests.cast import NEXT_COUNTY, PREFECTURE, csrf, sign_in
from tests.conftest import counted


def decide(client, number, *, version=1, **answers):
    """Decide through the page, as a cadre does."""
    token = csrf(client, f"/desk/{number}")
    return client.post(f"/desk/{number}/decision", data={"csrf_token": token, "version": version, **answers})


def steps_of(session):
    return list(session.scalars(select(ApplicationAct.step).order_by(ApplicationAct.id)))


def test_signed_out_leads_to_the_sign_in(client):
    answer = client.get("/desk")

    assert (answer.status_code, answer.location) == (303, "/signin?next=/desk")


def test_a_county_cadre_sees_the_own_county_only_and_the_prefecture_all(client, session, cast):
    own = make.join_application(session)
    other = make.join_application(session, application={"county_code": "652302"})

    page = sign_in(client).get("/desk").get_data(as_text=True)
    assert own.number in page
    assert other.number not in page
    assert client.get(f"/desk/{other.number}").status_code == 404
    assert client.get("/desk?county=652302").status_code == 404
    assert other.number not in client.get("/applications.csv").get_data(as_text=True)

    everything = sign_in(client, PREFECTURE).get("/desk").get_data(as_text=True)
    assert own.number in everything
    assert other.number in everything


@pytest.mark.parametrize(
    ("view", "steps"),
    [
        ("waiting", (Step.SUBMITTED,)),
        ("applicant", (Step.SUBMITTED, Step.RETURNED)),
        ("done", (Step.SUBMITTED, Step.REFUSED)),
        ("done", (Step.SUBMITTED, Step.WITHDRAWN)),
    ],
)
def test_each_view_counts_what_it_lists(client, session, cast, view, steps):
    shown = make.join_application(session, steps=steps)

    page = sign_in(client).get(f"/desk?view={view}").get_data(as_text=True)

    assert shown.number in page
    assert "1 application, this filter" in page


ASKED = (FoundingStep.STARTED, FoundingStep.SUBMITTED)


@pytest.mark.parametrize(
    ("view", "steps"),
    [
        ("applicant", (FoundingStep.STARTED,)),
        ("waiting", ASKED),
        ("applicant", (*ASKED, FoundingStep.RETURNED)),
        ("applicant", (*ASKED, FoundingStep.GROUP_APPROVED)),
        ("done", (*ASKED, FoundingStep.REFUSED)),
        ("done", (FoundingStep.STARTED, FoundingStep.WITHDRAWN)),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_a_founding_stands_in_the_view_of_who_has_to_act_and_is_decided_elsewhere(client, session, cast, view, steps):
    row = make.founding_application(session, steps=steps, units=({"name": "甲网点"}, {"name": "乙网点"}))

    page = sign_in(client).get(f"/desk?view={view}").get_data(as_text=True)
    case = client.get(f"/desk/{row.number}")

    assert row.number in page
    assert "甲网点、乙网点" in page
    assert "1 application, this filter" in page
    assert (case.status_code, case.location) == (303, f"/foundings/{row.number}")


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("decision", {"step": "approved", "version": "2"}),
        ("decision", {"step": "refused", "version": "2", "ground": "outside_this_union"}),
        ("decision", {"step": "returned", "version": "2", "marked": "name", "note": "请核对"}),
        ("confirm", {"how": "已回电"}),
        ("full", {"reason": "核对身份"}),
    ],
    ids=["approve", "refuse", "return", "confirm", "look"],
)
def test_no_act_of_the_desk_reaches_a_founding(client, session, cast, path, sent):
    row = make.founding_application(session, steps=ASKED)
    token = csrf(sign_in(client), "/desk")

    answer = client.post(f"/desk/{row.number}/{path}", data={"csrf_token": token, **sent})

    assert answer.status_code == 404
    session.refresh(row)
    assert (row.state, row.version) == ("submitted", 2)
    assert steps_of(session) == ["started", "submitted"]


def test_a_founding_of_the_next_county_is_not_there(client, session, cast):
    row = make.founding_application(session, steps=ASKED)

    assert sign_in(client, NEXT_COUNTY).get(f"/desk/{row.number}").status_code == 404


def test_overdue_and_due_today_say_so(client, session, cast, monkeypatch):
    monkeypatch.setattr("enrollment.web.clock.now", lambda: datetime(2021, 12, 7, 1, tzinfo=UTC))
    make.join_application(session, application={"due_on": date(2021, 12, 5)})
    make.join_application(session, application={"due_on": date(2021, 12, 7)})
    make.join_application(session, application={"due_on": date(2021, 12, 8)})

    page = sign_in(client).get("/desk").get_data(as_text=True)

    assert [page.count(words) for words in ("2 days overdue", ">today<", "1 day left")] == [1, 1, 1]
    assert "1 application, this filter" in client.get("/desk?view=overdue").get_data(as_text=True)


def test_an_approval_makes_a_member_with_a_ledger_entry(client, session, cast):
    application = make.join_application(
        session, application={"union_id": cast.joint_union.id}, employer_name=cast.small_a.name
    )

    answer = decide(sign_in(client), application.number, step="approved")

    person = session.scalars(select(Person)).one()
    entry = session.scalars(select(LedgerEntry)).one()
    session.refresh(application)
    assert answer.status_code == 303
    assert application.state == "approved"
    assert (person.name, person.identity, person.employer_id) == ("李建国", "652301199001010005", cast.small_a.id)
    assert (entry.kind, entry.union_id, entry.account_id, entry.document) == (
        "joined",
        cast.joint_union.id,
        cast.city.id,
        application.number,
    )
    assert session.scalars(select(Membership.until_on)).one() is None
    assert session.scalars(select(AuditEntry.note).where(AuditEntry.act == "decide_application")).one() == "approved"


def test_an_approval_without_a_union_goes_to_the_countys_pool(client, session, cast):
    application = make.join_application(session)

    decide(sign_in(client), application.number, step="approved")

    assert session.scalars(select(LedgerEntry.union_id)).one() == cast.city_pool.id


def test_nowhere_to_go_is_said_and_nothing_changes(client, session, cast):
    application = make.join_application(
        session, application={"county_code": "652300"}, work_region=None, home_region=None
    )

    answer = decide(sign_in(client, PREFECTURE), application.number, step="approved")

    assert answer.status_code == 422
    assert "There is no union yet that could take this person in." in answer.get_data(as_text=True)
    assert steps_of(session) == ["submitted"]
    assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_a_member_is_not_admitted_twice(client, session, cast):
    make.member(session, cast.shunda_union, identity=make.identity_number())
    application = make.join_application(session)

    answer = decide(sign_in(client), application.number, step="approved")

    assert answer.status_code == 422
    assert "Already a member" in answer.get_data(as_text=True)
    assert steps_of(session) == ["submitted"]


def test_someone_who_left_joins_again_as_the_same_person(client, session, cast):
    person = make.member(session, cast.shunda_union, identity=make.identity_number(), name="李建国")
    make.entry(session, person, cast.shunda_union, "exited", date(2021, 8, 1))
    application = make.join_application(session)

    decide(sign_in(client), application.number, step="approved")

    assert session.scalar(select(func.count()).select_from(Person)) == 1
    assert list(session.scalars(select(LedgerEntry.kind).order_by(LedgerEntry.id))) == ["joined", "exited", "joined"]


def test_a_return_needs_marked_fields_and_words(client, session, cast):
    application = make.join_application(session)

    bare = decide(sign_in(client), application.number, step="returned")
    full = decide(client, application.number, step="returned", marked=["phone"], note="号码少一位")

    session.refresh(application)
    act = session.scalars(select(ApplicationAct).where(ApplicationAct.step == "returned")).one()
    assert bare.status_code == 422
    assert "Mark what has to be corrected." in bare.get_data(as_text=True)
    assert "Write what has to be corrected." in bare.get_data(as_text=True)
    assert full.status_code == 303
    assert (application.state, act.fields, act.note) == ("returned", ["phone"], "号码少一位")


def test_a_refusal_needs_a_ground_of_the_closed_list(client, session, cast):
    application = make.join_application(session)

    bare = decide(sign_in(client), application.number, step="refused")
    invented = decide(client, application.number, step="refused", ground="no_local_hukou")
    full = decide(client, application.number, step="refused", ground="untrue_documents")

    session.refresh(application)
    assert (bare.status_code, invented.status_code, full.status_code) == (422, 422, 303)
    assert "Choose the ground of the refusal." in bare.get_data(as_text=True)
    assert application.state == "refused"
    assert session.scalars(select(ApplicationAct.reason).where(ApplicationAct.step == "refused")).one() == (
        "untrue_documents"
    )


def test_an_unknown_decision_is_asked_again(client, session, cast):
    application = make.join_application(session)

    answer = decide(sign_in(client), application.number, step="withdrawn")

    assert answer.status_code == 422
    assert "Choose what to do." in answer.get_data(as_text=True)


def test_the_second_cadre_is_told_what_the_first_did(app, client, session, cast):
    application = make.join_application(session)
    second = app.test_client()
    second.set_cookie("lang", "en")
    token = csrf(sign_in(second, PREFECTURE), f"/desk/{application.number}")
    decide(sign_in(client), application.number, step="refused", ground="not_voluntary")

    answer = second.post(
        f"/desk/{application.number}/decision", data={"csrf_token": token, "version": 1, "step": "approved"}
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Someone was faster" in page
    assert f"{cast.city.name}: Not accepted" in page
    assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_the_next_county_can_neither_read_nor_decide(client, session, cast):
    application = make.join_application(session)
    token = csrf(sign_in(client, NEXT_COUNTY), "/visits/new")

    answer = client.post(
        f"/desk/{application.number}/decision", data={"csrf_token": token, "version": 1, "step": "approved"}
    )

    assert client.get(f"/desk/{application.number}").status_code == 404
    assert answer.status_code == 404
    assert steps_of(session) == ["submitted"]


def test_likely_duplicates_stand_on_the_case_and_those_elsewhere_stay_hidden(client, session, cast):
    own = make.member(session, cast.shunda_union, phone="13800000001", name="同号")
    hidden = make.member(session, cast.fukang_union, identity=make.identity_number(), name="外县人")
    application = make.join_application(session)
    twin = make.join_application(session, identity="652302198802290002", phone="13911112222", born_on=date(1990, 1, 1))

    page = sign_in(client).get(f"/desk/{application.number}").get_data(as_text=True)

    assert f'href="/members/{own.code}"' in page
    assert f'href="/desk/{twin.number}"' in page
    assert "In another county" in page
    assert "外县人" not in page
    assert hidden.code not in page


def test_the_case_shows_masked_numbers_only(client, session, cast):
    application = make.join_application(session)

    page = sign_in(client).get(f"/desk/{application.number}").get_data(as_text=True)

    assert "**************0005" in page
    assert "652301199001010005" not in page
    assert "13800000001" not in page


def test_the_export_holds_what_the_list_shows(client, session, cast):
    application = make.join_application(session, name="=1+1")
    make.join_application(session, steps=(Step.SUBMITTED, Step.WITHDRAWN))

    text = sign_in(client).get("/applications.csv?view=waiting").get_data().decode("utf-8-sig")

    assert text.splitlines() == [
        "Number,Kind,Who,County,State,Sent on,Due on",
        f"{application.number},Join a union,'=1+1,昌吉市,With the county union,2021-11-30,2021-12-07",
    ]


def test_queue_and_case_cost_the_same_for_one_and_thirty(client, session, cast, statements):
    first = make.join_application(session)
    sign_in(client)
    with counted(statements) as one:
        client.get("/desk")
    with counted(statements) as one_case:
        client.get(f"/desk/{first.number}")
    for _n in range(29):
        make.join_application(session)
    with counted(statements) as thirty:
        client.get("/desk")
    with counted(statements) as thirty_case:
        client.get(f"/desk/{first.number}")

    assert len(thirty) == len(one) == 7
    assert len(thirty_case) == len(one_case)


def test_pages_of_fifty(client, session, cast):
    for n in range(51):
        make.join_application(session, application={"due_on": date(2021, 12, 7 + n % 20)})

    page = sign_in(client).get("/desk?page=2").get_data(as_text=True)

    assert "Page 2 of 2" in page
    assert page.count('data-label="Number"') == 1
    assert session.scalar(select(func.count()).select_from(Application)) == 51


def test_filters_by_kind_and_county_narrow_list_and_counts(client, session, cast):
    joining = make.join_application(session)
    founding = make.founding_application(session, steps=ASKED, application={"county_code": "652302"})

    sign_in(client, PREFECTURE)
    founded = client.get("/desk?kind=found").get_data(as_text=True)
    fukang = client.get("/desk?county=652302").get_data(as_text=True)

    for page in (founded, fukang):
        assert founding.number in page
        assert joining.number not in page
        assert "1 application, this filter" in page


def test_a_union_dissolved_meanwhile_takes_nobody_in(client, session, cast):
    union = make.union(session, dissolved_on=date(2021, 6, 1))
    application = make.join_application(session, application={"union_id": union.id})

    answer = decide(sign_in(client), application.number, step="approved")

    assert answer.status_code == 422
    assert steps_of(session) == ["submitted"]


def test_nobody_under_16_is_approved(client, session, cast):
    application = make.join_application(session, identity=make.identity_number(date(2024, 1, 1)))

    answer = decide(sign_in(client), application.number, step="approved")

    assert "Under 16 years of age" in answer.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_the_action_itself_knows_no_other_county(context, session, cast):
    application = make.join_application(session)
    stranger = cast.next_county.as_actor()

    with pytest.raises(Missing):
        actions.decide_application(
            application.number, Decision(step=Step.APPROVED, version=1), by=stranger, now=make.NOW, today=make.TODAY
        )


def test_two_admitted_at_once_to_one_union_both_become_members(app, session, cast):
    both = [
        make.join_application(
            session, application={"union_id": cast.shunda_union.id}, identity=make.identity_number(date(1990, 1, day))
        )
        for day in (1, 2)
    ]
    cadre = cast.city.as_actor()

    def approve(number):
        with app.app_context():
            actions.decide_application(
                number, Decision(step=Step.APPROVED, version=1), by=cadre, now=make.NOW, today=make.TODAY
            )

    with ThreadPoolExecutor() as pool:
        list(pool.map(approve, [application.number for application in both]))

    assert session.scalar(select(func.count()).select_from(Membership)) == 2
    assert session.scalars(select(MemberChange.change)).one() == 2


def test_of_two_cadres_at_once_one_decides(app, session, cast):
    application = make.join_application(session)
    cadre = cast.city.as_actor()

    def refuse(ground):
        with app.app_context():
            try:
                actions.decide_application(
                    application.number,
                    Decision(step=Step.REFUSED, version=1, ground=ground),
                    by=cadre,
                    now=make.NOW,
                    today=make.TODAY,
                )
            except Conflict:
                return "someone was faster"
        return "done"

    with ThreadPoolExecutor() as pool:
        outcomes = list(pool.map(refuse, ["not_voluntary", "untrue_documents"]))

    assert sorted(outcomes) == ["done", "someone was faster"]
    assert steps_of(session) == ["submitted", "refused"]


@pytest.mark.parametrize("number", ["-1", "abc", "0", "99999999999999999999999"])
def test_a_page_that_is_none_is_the_nearest(client, session, cast, number):
    application = make.join_application(session)

    answer = sign_in(client).get(f"/desk?page={number}")

    assert answer.status_code == 200
    assert application.number in answer.get_data(as_text=True)
