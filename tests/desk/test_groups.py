"""The preparatory group's desk: whose applications lie with it, what it decides, what it leaves to the county."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from enrollment.desk.actions import Decision, decide_for_group
from enrollment.rules.access import VISITOR
from enrollment.rules.applications import Step
from enrollment.rules.stages import FoundingStep
from enrollment.storage.applications import Application, ApplicationAct
from enrollment.storage.audit import AuditEntry
from enrollment.storage.escalation import escalate_overdue
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.foundings import GroupMember
from enrollment.storage.ledger import LedgerEntry
from enrollment.storage.outbox import Message
from tests import make
from tests.cast import CITY, PREFECTURE, account, csrf, sign_in
from tests.conftest import counted

PREPARED = (FoundingStep.STARTED, FoundingStep.SUBMITTED, FoundingStep.GROUP_APPROVED)
NAME = "四人网点工会委员会"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("enrollment.web.clock.now", lambda: make.NOW)


LATER = make.NOW + timedelta(days=8)


def text(answer):
    return answer.get_data(as_text=True)


def begin(session, employer, steps=PREPARED, **changes):
    unit = {"employer_id": employer.id, "name": employer.name, "workers": 4}
    return make.founding_application(session, steps=steps, union_name=NAME, units=(unit,), **changes)


@pytest.fixture
def founding(session, cast):
    """The depot of four, which no union covers: its preparatory group is approved."""
    return begin(session, cast.uncovered)


def joining(session, n, employer="四人网点", union=None, **changes):
    given = {"number": f"211130-CASE{n}", "union_id": union.id if union else None}
    given |= changes.pop("application", {})
    who = {"identity": make.identity_number(date(1990, 1, n)), "phone": f"1380000111{n}", "name": f"工友{n}"}
    return make.join_application(session, application=given, employer_name=employer, **who | changes)


def shown(client, founding):
    page = text(client.get(f"/founding/{founding.link}/applications"))
    return sorted({int(part[0]) for part in page.split("/applications/211130-CASE")[1:]})


def decide(client, founding, number, step, **sent):
    path = f"/founding/{founding.link}/applications/211130-CASE{number}"
    version = text(client.get(path)).split('name="version" value="')[1].split('"')[0]
    told = {"step": step, "version": version, "csrf_token": csrf(client, path)}
    return client.post(path, data=told | sent)


def of(session, number):
    session.rollback()
    session.expire_all()
    return session.scalars(select(Application).where(Application.number == f"211130-CASE{number}")).one()


def lies_with(app):
    """Who has case 1 as work: of the county and the prefecture."""
    logins = (CITY, PREFECTURE)
    return [who for who in logins if "CASE1" in text(sign_in(app.test_client(), who).get("/desk?view=mine"))]


def last_act(session, number):
    acts = select(ApplicationAct).where(ApplicationAct.application_id == of(session, number).id)
    return session.scalars(acts.order_by(ApplicationAct.id.desc()).limit(1)).one()


def test_what_goes_to_the_pool_from_its_units_lies_with_the_group(client, session, cast, founding):
    joining(session, 1)
    joining(session, 2, union=cast.city_pool)
    joining(session, 3, union=cast.joint_union)  # chose a union that stands: its committee decides (CH-2)
    joining(session, 4, employer="别家网点")
    joining(session, 5, employer="别家网点", application={"poster_employer_id": cast.uncovered.id})
    joining(session, 6, application={"county_code": "652302"})  # a namesake in another county
    joining(session, 7, application={"county_code": "652302", "poster_employer_id": cast.uncovered.id})

    assert shown(client, founding) == [1, 2, 5]


@pytest.mark.parametrize(
    ("steps", "numbers"),
    [
        ((FoundingStep.STARTED,), []),
        ((FoundingStep.STARTED, FoundingStep.SUBMITTED), []),
        (PREPARED, [1]),
        ((*PREPARED, FoundingStep.PREPARED, FoundingStep.MEETING_REQUESTED), [1]),  # the group stays while others act
        ((*PREPARED, FoundingStep.WITHDRAWN), []),
    ],
)
def test_a_group_decides_from_its_approval_to_the_end_of_the_founding(client, session, cast, steps, numbers):
    founding = begin(session, cast.uncovered, steps)
    joining(session, 1)

    assert shown(client, founding) == numbers
    county = text(sign_in(client, CITY).get("/desk?view=mine"))
    assert ("/desk/211130-CASE1" in county) is (numbers == [])


def test_another_group_finds_nothing_there(client, session, cast, founding):
    other = begin(session, cast.small_a)
    joining(session, 1)

    assert shown(client, other) == []
    assert client.get(f"/founding/{other.link}/applications/211130-CASE1").status_code == 404
    assert client.get("/founding/nowhere/applications").status_code == 404
    assert client.get(f"/founding/{founding.link}/applications/211130-NONE9").status_code == 404


def test_the_group_sees_names_and_work_and_no_number(client, session, founding):
    joining(session, 1)

    page = text(client.get(f"/founding/{founding.link}/applications/211130-CASE1"))
    assert "工友1" in page
    assert "四人网点" in page
    assert "199001" not in page
    assert "0000111" not in page
    assert "1111" not in page


def test_an_approval_makes_a_member_of_the_pool_and_is_told_at_once(client, session, cast, founding):
    joining(session, 1)

    answer = decide(client, founding, 1, "approved")

    assert (answer.status_code, answer.location) == (303, f"/founding/{founding.link}/applications")
    assert shown(client, founding) == []
    row, act = of(session, 1), last_act(session, 1)
    assert (row.state, row.union_id, row.holder_id) == ("approved", cast.city_pool.id, None)
    assert (act.step, act.account_id, act.actor) == ("approved", None, NAME)
    [entry] = session.scalars(select(LedgerEntry))
    assert (entry.kind, entry.effective_on, entry.document) == ("joined", date(2021, 11, 30), "211130-CASE1")
    [message] = session.scalars(select(Message))
    assert message.next_at == make.NOW
    [line] = session.scalars(select(AuditEntry).where(AuditEntry.subject == "211130-CASE1"))
    assert (line.act, line.note) == ("prepare_founding", "approved")
    assert NAME in text(sign_in(client, CITY).get("/desk/211130-CASE1"))


def test_nobody_is_approved_whose_phone_is_not_confirmed(client, session, founding):
    joining(session, 1, confirmed_by="")

    page = text(client.get(f"/founding/{founding.link}/applications/211130-CASE1"))
    assert 'value="approved"' not in page
    answer = decide(client, founding, 1, "approved")
    assert answer.status_code == 422
    assert of(session, 1).state == "submitted"


@pytest.mark.parametrize(
    ("step", "sent"),
    [
        ("returned", {"note": "请补写单位"}),
        ("returned", {"marked": "employer_name"}),
        ("passed_on", {}),
        ("refused", {"note": "不是我们的人"}),
        ("withdrawn", {"note": "x"}),
        ("", {"note": "x"}),
    ],
)
def test_what_lacks_a_reason_or_is_the_countys_changes_nothing(client, session, founding, step, sent):
    joining(session, 1)

    assert decide(client, founding, 1, step, **sent).status_code == 422
    assert (of(session, 1).state, of(session, 1).escalated_at, of(session, 1).version) == ("submitted", None, 1)


def test_a_refusal_past_the_form_is_refused(context, session, founding):
    joining(session, 1)
    decision = Decision(step=Step.REFUSED, version=1, ground="no_work")
    when = {"now": make.NOW, "today": date(2021, 11, 30)}

    with pytest.raises(Refused) as no:
        decide_for_group(founding.link, "211130-CASE1", decision, by=VISITOR, **when)
    assert no.value.reasons == ("choose_a_decision",)
    with pytest.raises(Missing):
        decide_for_group("nowhere", "211130-CASE1", decision, by=VISITOR, **when)


def test_a_return_stops_the_clock_and_says_what_to_correct(client, session, founding):
    joining(session, 1)

    answer = decide(client, founding, 1, "returned", marked="employer_name", note="请写网点全称")

    assert answer.status_code == 303
    row, act = of(session, 1), last_act(session, 1)
    assert (row.state, row.due_on) == ("returned", None)
    assert (act.fields, act.note) == (["employer_name"], "请写网点全称")
    assert "Waits for the applicant" in text(client.get(f"/founding/{founding.link}/applications"))


def test_what_is_left_to_the_county_lies_with_it(app, client, session, founding):
    joining(session, 1)
    county = sign_in(app.test_client(), CITY)
    assert "/desk/211130-CASE1" not in text(county.get("/desk?view=mine"))

    answer = decide(client, founding, 1, "passed_on", note="不在我们网点上班")

    assert answer.status_code == 303
    assert (of(session, 1).state, of(session, 1).raised_to, of(session, 1).escalated_at) == (
        "submitted",
        "county",
        None,
    )
    assert (last_act(session, 1).reason, last_act(session, 1).actor) == ("left_to_county", NAME)
    assert "/desk/211130-CASE1" in text(county.get("/desk?view=mine"))
    assert "不在我们网点上班" in text(county.get("/desk/211130-CASE1"))
    assert "Left to the county union" in text(client.get(f"/founding/{founding.link}/applications"))
    page = text(client.get(f"/founding/{founding.link}/applications/211130-CASE1"))
    assert 'name="step"' not in page
    assert not session.scalars(select(Message)).all()


@pytest.mark.parametrize(
    "steps",
    [
        (FoundingStep.STARTED,),
        (FoundingStep.STARTED, FoundingStep.SUBMITTED, FoundingStep.REFUSED),
        (FoundingStep.STARTED, FoundingStep.WITHDRAWN),
        (*PREPARED, FoundingStep.WITHDRAWN),
    ],
)
def test_another_founding_that_names_the_same_depot_finds_and_decides_nothing(context, client, session, cast, steps):
    other = begin(session, cast.uncovered, steps)
    begin(session, cast.uncovered)
    joining(session, 1)

    assert shown(client, other) == []
    assert client.get(f"/founding/{other.link}/applications/211130-CASE1").status_code == 404
    decision = Decision(step=Step.APPROVED, version=1)
    with pytest.raises(Missing):
        decide_for_group(other.link, "211130-CASE1", decision, by=VISITOR, now=make.NOW, today=date(2021, 11, 30))
    assert of(session, 1).state == "submitted"


@pytest.mark.parametrize("name", ["马晓", "哈力"])
def test_what_somebody_of_the_group_applies_for_is_the_countys(app, client, session, founding, name):
    session.add(GroupMember(application_id=founding.id, name="哈力"))
    session.commit()
    joining(session, 1, name=name)

    assert shown(client, founding) == []
    assert lies_with(app) == [CITY]


def test_who_is_signed_in_does_not_decide_as_the_group(app, session, founding):
    joining(session, 1)
    path = f"/founding/{founding.link}/applications/211130-CASE1"
    county = sign_in(app.test_client(), CITY)
    county.set_cookie("lang", "en")

    page = text(county.get(path))
    assert 'name="step"' not in page
    assert 'href="/desk/211130-CASE1"' in page
    sent = {"version": "1", "step": "approved", "csrf_token": csrf(county, "/desk/211130-CASE1")}
    answer = county.post(path, data=sent)

    assert answer.status_code == 422
    assert "decide it on your own desk" in text(answer)
    assert (of(session, 1).state, of(session, 1).version) == ("submitted", 1)


def test_what_the_county_has_taken_on_is_not_the_groups_any_more(app, client, session, founding):
    joining(session, 1)
    path = f"/founding/{founding.link}/applications/211130-CASE1"
    county = sign_in(app.test_client(), CITY)
    token = csrf(client, path)
    county.post("/desk/211130-CASE1/take-on", data={"csrf_token": csrf(county, "/desk/211130-CASE1"), "version": "1"})

    assert "The county union has taken it on" in text(client.get(path))
    sent = {"version": "2", "step": "approved", "csrf_token": token}
    assert client.post(path, data=sent).status_code == 409
    assert of(session, 1).state == "submitted"


def test_what_is_left_to_the_county_stays_there_and_goes_up_when_late(app, client, session, founding):
    joining(session, 1, application={"due_on": date(2021, 11, 30)})
    decide(client, founding, 1, "passed_on", note="不在我们网点上班")
    assert of(session, 1).due_on == date(2021, 12, 2)  # two working days

    make.step_founding(session, founding, FoundingStep.WITHDRAWN)
    assert lies_with(app) == [CITY]

    with app.app_context():
        escalate_overdue(make.NOW + timedelta(days=2), date(2021, 12, 2))
    assert of(session, 1).raised_to == "county"
    with app.app_context():
        escalate_overdue(make.NOW + timedelta(days=3), date(2021, 12, 3))
    assert (of(session, 1).raised_to, last_act(session, 1).step) == ("prefecture", "escalated")
    assert lies_with(app) == [PREFECTURE]


def test_what_ran_over_with_the_group_stays_with_the_county_when_the_founding_ends(app, session, founding):
    joining(session, 1)
    with app.app_context():
        escalate_overdue(LATER, date(2021, 12, 8))

    make.step_founding(session, founding, FoundingStep.WITHDRAWN)

    assert lies_with(app) == [CITY]


def test_a_long_list_costs_no_more_statements(client, session, founding, statements):
    joining(session, 1)
    path = f"/founding/{founding.link}/applications"
    client.get(path)
    with counted(statements) as one:
        client.get(path)
    for number in range(2, 10):
        joining(session, number)
    with counted(statements) as nine:
        client.get(path)

    assert len(nine) == len(one)


def test_the_second_of_two_is_told_and_changes_nothing(client, session, founding):
    joining(session, 1)
    path = f"/founding/{founding.link}/applications/211130-CASE1"
    sent = {"version": "1", "step": "passed_on", "note": "不认识", "csrf_token": csrf(client, path)}

    assert client.post(path, data=sent).status_code == 303
    second = client.post(path, data=sent)

    assert second.status_code == 409
    assert "Someone was faster" in text(second)
    assert of(session, 1).version == 2


def test_the_county_sees_it_and_steps_in_which_is_said(app, client, session, founding):
    joining(session, 1)
    county = sign_in(app.test_client(), CITY)
    county.set_cookie("lang", "en")
    page = text(county.get("/desk/211130-CASE1"))
    assert "The preparatory group" in page

    path = "/desk/211130-CASE1"
    county.post(f"{path}/decision", data={"step": "approved", "version": "1", "csrf_token": csrf(county, path)})

    acts = select(ApplicationAct).where(ApplicationAct.application_id == of(session, 1).id).order_by(ApplicationAct.id)
    told = [(act.step, act.reason) for act in session.scalars(acts)]
    assert told == [("submitted", ""), ("taken_on", "stepped_in"), ("approved", "")]
    assert shown(client, founding) == []


def test_past_its_day_it_lies_with_the_county_and_not_with_the_prefecture(app, session, founding):
    joining(session, 1)
    with app.app_context():
        escalate_overdue(LATER, date(2021, 12, 8))

    assert of(session, 1).raised_to == "county"
    assert lies_with(app) == [CITY]


def test_the_way_there_is_on_the_groups_page_once_it_is_approved(client, session, cast, founding):
    way = f'href="/founding/{founding.link}/applications"'
    assert way in text(client.get(f"/founding/{founding.link}"))

    early = begin(session, cast.small_b, (FoundingStep.STARTED,))
    assert "/applications" not in text(client.get(f"/founding/{early.link}"))


def test_the_applicant_reads_who_has_it_and_who_decided(client, session, founding):
    row = joining(session, 1)
    page = f"/status/{row.link}"
    assert "The preparatory group" in text(client.get(page))

    decide(client, founding, 1, "returned", marked="employer_name", note="请写网点全称")

    told = text(client.get(page)).split("What happened")[1]
    assert "The preparatory group" in told
    assert "马晓" not in told


@pytest.mark.parametrize(
    ("employer", "raised_to", "who"),
    [
        ("四人网点", "county", "County union of 昌吉市"),
        ("别家网点", "", "County union of 昌吉市"),
        ("别家网点", "prefecture", "The prefecture union"),
    ],
)
def test_the_applicant_reads_where_it_lies_else(client, session, founding, employer, raised_to, who):
    row = joining(session, 1, employer, application={"raised_to": raised_to})

    assert who in text(client.get(f"/status/{row.link}"))


def test_the_applicant_reads_that_the_union_itself_has_it(client, session, cast):
    session.add(account("officer", "组织员", "union_officer", "652301", union_id=cast.shunda_union.id))
    session.commit()
    row = joining(session, 1, union=cast.shunda_union)

    page = text(client.get(f"/status/{row.link}"))
    assert "顺达快递有限公司工会委员会" in page
    assert "County union of" not in page
