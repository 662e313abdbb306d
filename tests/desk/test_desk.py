"""The cadre's desk: queue, case, decision, and who may."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from enrollment.desk import actions
from enrollment.desk.actions import Decision
from enrollment.rules.applications import Step
from enrollment.storage.applications import Application, ApplicationAct
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Conflict, Missing
from enrollment.storage.ledger import LedgerEntry, MemberChange, Membership
from enrollment.storage.people import Person
from enrollment.storage.unions import Coverage, Employer, Headcount, Union
from enrollment.web.guard import actor_of
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


def test_the_queue_shows_what_is_due_first_first(client, session, cast):
    later = make.join_application(session, application={"due_on": date(2021, 12, 9)}, name="乙")
    sooner = make.join_application(session, application={"due_on": date(2021, 12, 8)}, name="甲")

    page = sign_in(client).get("/desk").get_data(as_text=True)

    assert page.index(sooner.number) < page.index(later.number)
    assert "2 applications, this filter" in page


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
        ("applicant", (Step.STARTED,)),
        ("done", (Step.SUBMITTED, Step.REFUSED)),
        ("done", (Step.SUBMITTED, Step.WITHDRAWN)),
    ],
)
def test_each_view_counts_what_it_lists(client, session, cast, view, steps):
    shown = make.join_application(session, steps=steps)

    page = sign_in(client).get(f"/desk?view={view}").get_data(as_text=True)

    assert shown.number in page
    assert "1 application, this filter" in page


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


def test_one_officer_founds_a_union_of_a_unit_new_to_the_lists(client, session, cast):
    application = make.founding_application(session, units=({"name": "新网点", "workers": 4, "barred": 2},))

    answer = decide(
        sign_in(client),
        application.number,
        step="approved",
        union_name="新网点工会",
        approval_number="昌市工发〔2021〕9号",
    )

    union = session.scalars(select(Union).where(Union.name == "新网点工会")).one()
    employer = session.scalars(select(Employer).where(Employer.name == "新网点")).one()
    assert answer.status_code == 303
    assert (union.kind, union.county_code, union.approval_number) == ("single", "652301", "昌市工发〔2021〕9号")
    assert session.scalars(select(Coverage.union_id).where(Coverage.employer_id == employer.id)).one() == union.id
    assert session.scalars(select(Headcount.workers).where(Headcount.employer_id == employer.id)).one() == 4


def test_no_union_without_number_and_name_of_the_reply(client, session, cast):
    application = make.founding_application(session)

    answer = decide(sign_in(client), application.number, step="approved")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Enter the number of the reply." in page
    assert "Enter the name of the union." in page
    assert steps_of(session) == ["submitted"]


def test_a_committee_that_cannot_be_elected_cannot_be_approved(client, session, cast):
    application = make.founding_application(session, way="own_committee", units=({"workers": 4, "barred": 2},))

    answer = decide(sign_in(client), application.number, step="approved", union_name="某工会", approval_number="1号")

    assert answer.status_code == 422
    assert "A committee of three needs at least four people who may stand" in answer.get_data(as_text=True)


def test_two_units_found_a_joint_union_and_who_declined_stays_out(client, session, cast):
    third = make.employer(session, name="不参加网点")
    application = make.founding_application(
        session,
        way="new_joint",
        units=(
            {"employer_id": cast.uncovered.id, "name": cast.uncovered.name},
            {"name": "新网点", "workers": 5},
            {"employer_id": third.id, "name": third.name, "answer": "declined"},
        ),
    )

    decide(sign_in(client), application.number, step="approved", union_name="二网点联合工会", approval_number="2号")

    union = session.scalars(select(Union).where(Union.name == "二网点联合工会")).one()
    covered = session.scalars(
        select(Employer.name).join(Coverage).where(Coverage.union_id == union.id).order_by(Employer.id)
    )
    assert union.kind == "joint"
    assert list(covered) == ["四人网点", "新网点"]


def test_one_unit_alone_is_no_joint_union(client, session, cast):
    application = make.founding_application(session, way="new_joint", units=({}, {"answer": "declined"}))

    answer = decide(
        sign_in(client), application.number, step="approved", union_name="某联合工会", approval_number="1号"
    )

    assert answer.status_code == 422
    assert "A joint union needs two units or more" in answer.get_data(as_text=True)


def test_joining_a_joint_union_adds_coverage_and_no_union(client, session, cast):
    before = session.scalar(select(func.count()).select_from(Union))
    application = make.founding_application(
        session,
        way="join_joint",
        application={"union_id": cast.joint_union.id},
        units=({"employer_id": cast.uncovered.id, "name": cast.uncovered.name},),
    )

    decide(sign_in(client), application.number, step="approved")

    covering = session.scalars(select(Coverage.union_id).where(Coverage.employer_id == cast.uncovered.id)).one()
    assert covering == cast.joint_union.id
    assert session.scalar(select(func.count()).select_from(Union)) == before


def test_joining_a_joint_union_nobody_named_is_returned(client, session, cast):
    application = make.founding_application(session, way="join_joint")

    answer = decide(sign_in(client), application.number, step="approved")

    assert answer.status_code == 422
    assert "The joint union to join is not known." in answer.get_data(as_text=True)


def test_a_covered_unit_and_a_taken_name_are_refused_whole(client, session, cast):
    taken = make.founding_application(session)
    covered = make.founding_application(session, units=({"employer_id": cast.small_a.id, "name": cast.small_a.name},))
    sign_in(client)

    first = decide(client, taken.number, step="approved", union_name=cast.joint_union.name, approval_number="1号")
    second = decide(client, covered.number, step="approved", union_name="某工会", approval_number="1号")

    assert "There is a union of this name already." in first.get_data(as_text=True)
    assert "This unit already belongs to a union." in second.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(Union).where(Union.name == "某工会")) == 0


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

    assert len(thirty) == len(one) == 4
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
    founding = make.founding_application(session, application={"county_code": "652302"})

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
    stranger = actor_of(cast.next_county)

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
    cadre = actor_of(cast.city)

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
    cadre = actor_of(cast.city)

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
