"""Whose case it is: where it lies, taking it on, stepping in, passing it on to another union."""

from datetime import date

import pytest
from sqlalchemy import select, update

from enrollment.desk.holding import take_on as take_on_now
from enrollment.desk.many import approve_many
from enrollment.storage.accounts import Account
from enrollment.storage.applications import Application, ApplicationAct
from enrollment.storage.failures import Missing
from tests import make
from tests.cast import CITY, NEXT_COUNTY, PREFECTURE, account, csrf, sign_in
from tests.conftest import counted

TODAY = date(2021, 11, 30)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("enrollment.web.clock.now", lambda: make.NOW)


@pytest.fixture
def officer(session, cast):
    """The organizer of 顺达's union."""
    row = account("officer", "组织员", "union_officer", "652301", union_id=cast.shunda_union.id)
    session.add(row)
    session.commit()
    return row


def browser(app, login):
    client = app.test_client()
    client.set_cookie("lang", "en")
    return sign_in(client, login)


def text(answer):
    return answer.get_data(as_text=True)


def joining(session, n, union=None, **changes):
    given = {"number": f"211130-CASE{n}", "union_id": union.id if union else None} | changes
    identity = make.identity_number(date(1990, 1, n))
    return make.join_application(session, application=given, identity=identity, phone=f"1380000111{n}")


@pytest.fixture
def cases(session, cast, officer):
    """To the union with an officer; to one without; to nobody; overdue ones of both kinds."""
    late = {"escalated_at": make.NOW}
    return [
        joining(session, 1, cast.shunda_union),
        joining(session, 2, cast.joint_union),
        joining(session, 3),
        joining(session, 4, cast.shunda_union, raised_to="county", **late),
        joining(session, 5, cast.joint_union, raised_to="prefecture", **late),
    ]


def mine(client):
    page = text(client.get("/desk?view=mine"))
    listed = page.split('data-keys="list"')[1] if 'data-keys="list"' in page else ""
    found = sorted({int(part[0]) for part in listed.split("/desk/211130-CASE")[1:]})
    count = page.split('aria-current="page"')[2].split('tabs__count">')[1].split("<")[0]
    assert int(count) == len(found)
    return found


def of(session, number):
    session.rollback()
    session.expire_all()
    return session.scalars(select(Application).where(Application.number == f"211130-CASE{number}")).one()


def history(session, number):
    acts = select(ApplicationAct).where(ApplicationAct.application_id == of(session, number).id)
    return [(act.step, act.reason) for act in session.scalars(acts.order_by(ApplicationAct.id))][1:]


def post(client, number, act, **sent):
    page = f"/desk/211130-CASE{number}"
    return client.post(f"{page}/{act}", data=sent | {"csrf_token": csrf(client, page)})


def version_on(page):
    """What the form to take a case on has read."""
    return page.split("/take-on")[1].split('name="version" value="')[1].split('"')[0]


def take_on(client, session, number):
    return post(client, number, "take-on", version=str(of(session, number).version))


def decide(client, session, number, step, **sent):
    return post(client, number, "decision", step=step, version=str(of(session, number).version), **sent)


@pytest.mark.parametrize(
    ("login", "numbers"),
    [("officer", [1]), (CITY, [2, 3, 4]), (PREFECTURE, [5]), (NEXT_COUNTY, [])],
)
def test_each_finds_what_lies_on_the_own_desk(app, cases, login, numbers):
    assert mine(browser(app, login)) == numbers


def test_the_county_sees_all_of_its_own_and_the_officer_the_own_unions(app, cases):
    def waiting(login):
        page = text(browser(app, login).get("/desk"))
        return sorted({int(part[0]) for part in page.split("/desk/211130-CASE")[1:]})

    assert waiting(CITY) == [1, 2, 3, 4, 5]
    assert waiting("officer") == [1, 4]
    assert waiting(NEXT_COUNTY) == []


@pytest.mark.parametrize("changes", [{"active": False}, {"password_hash": ""}])
def test_an_officer_who_cannot_sign_in_has_no_desk(app, session, cases, officer, changes):
    session.execute(update(Account).where(Account.id == officer.id).values(**changes))
    session.commit()

    assert mine(browser(app, CITY)) == [1, 2, 3, 4]


def test_a_founding_lies_with_the_upper_union(app, session, cast, officer):
    founding = make.founding_application(session, application={"union_id": cast.shunda_union.id})
    session.execute(update(Application).values(state="submitted"))
    session.commit()

    assert founding.number in text(browser(app, CITY).get("/desk?view=mine"))
    assert founding.number not in text(browser(app, "officer").get("/desk?view=mine"))


def test_what_one_takes_on_is_no_colleagues_any_more(app, session, cases):
    session.add(account("city.2", "李干部", "county_cadre", "652301"))
    session.commit()
    city, second = browser(app, CITY), browser(app, "city.2")

    assert take_on(city, session, 3).status_code == 303

    assert (mine(city), mine(second)) == ([2, 3, 4], [2, 4])
    assert history(session, 3) == [("taken_on", "")]
    assert "张干部" in text(second.get("/desk/211130-CASE3")).split("Has it")[1][:200]
    assert "Take it on" not in text(city.get("/desk/211130-CASE3"))
    take_on(city, session, 3)
    assert history(session, 3) == [("taken_on", "")]
    assert take_on(second, session, 3).status_code == 303
    assert (mine(city), mine(second)) == ([2, 4], [2, 3, 4])
    assert history(session, 3) == [("taken_on", ""), ("taken_on", "")]


def test_nobody_takes_a_colleagues_case_from_an_old_page(app, session, cast, cases):
    session.add(account("city.2", "李干部", "county_cadre", "652301"))
    session.commit()
    city, second = browser(app, CITY), browser(app, "city.2")
    assert "Take it on" in text(second.get("/desk/211130-CASE3"))
    assert take_on(city, session, 3).status_code == 303

    stale = post(second, 3, "take-on", version="1")
    page = text(stale)

    assert stale.status_code == 409
    assert "Someone was faster" in page
    assert "张干部: Taken on" in page
    assert "You have not taken it on." in page
    assert "Your decision was not recorded" not in page
    assert (of(session, 3).holder_id, history(session, 3)) == (cast.city.id, [("taken_on", "")])
    assert "Take it over from 张干部" in page
    assert post(second, 3, "take-on", version=version_on(page)).status_code == 303
    assert history(session, 3) == [("taken_on", ""), ("taken_on", "")]
    assert mine(city) == [2, 4]


def test_a_second_tap_on_taking_on_is_no_conflict(app, session, cast, cases):
    city = browser(app, CITY)

    for _tap in (1, 2):
        assert post(city, 3, "take-on", version="1").status_code == 303

    assert history(session, 3) == [("taken_on", "")]
    assert of(session, 3).holder_id == cast.city.id


def test_taking_on_needs_the_token_and_a_waiting_case_of_ones_own(app, session, cases):
    city, fukang = browser(app, CITY), browser(app, NEXT_COUNTY)
    city.post("/desk/211130-CASE3/take-on")
    assert of(session, 3).holder_id is None
    sent = {"csrf_token": csrf(fukang, "/desk"), "version": "1"}
    assert fukang.post("/desk/211130-CASE3/take-on", data=sent).status_code == 404
    decide(city, session, 3, "refused", ground="untrue_documents")
    assert take_on(city, session, 3).status_code == 409


def test_the_county_steps_in_and_the_history_says_so(app, session, cast, cases):
    city = browser(app, CITY)
    assert "组织员" in text(city.get("/desk/211130-CASE1")).split("On the desk of")[1][:200]

    assert decide(city, session, 1, "returned", marked="name", note="请写全名").status_code == 303

    assert history(session, 1) == [("taken_on", "stepped_in"), ("returned", "")]
    assert of(session, 1).holder_id == cast.city.id
    assert "In place of whose turn it was" in text(browser(app, "officer").get("/desk/211130-CASE1"))


@pytest.mark.parametrize(("login", "number"), [("officer", 1), (CITY, 3), (CITY, 4), (PREFECTURE, 5)])
def test_who_decides_on_the_own_desk_steps_in_for_nobody(app, session, cases, login, number):
    assert decide(browser(app, login), session, number, "refused", ground="untrue_documents").status_code == 303
    assert history(session, number) == [("refused", "untrue_documents")]


def test_only_who_may_change_the_ready_sentences_is_led_to_them(app, cases):
    pages = [text(browser(app, login).get("/desk/211130-CASE1")) for login in ("officer", CITY)]

    assert ["Change the ready sentences" in page for page in pages] == [False, True]


def test_an_officer_decides_the_own_unions_and_sees_no_other(app, session, cast, cases):
    officer = browser(app, "officer")

    assert decide(officer, session, 1, "approved").status_code == 303
    assert of(session, 1).state == "approved"
    assert [officer.get(f"/desk/211130-CASE{n}").status_code for n in (2, 3, 5)] == [404, 404, 404]
    assert text(officer.get("/applications.csv?view=all")).count("211130-CASE") == 2
    assert "Referrals to the Corps" not in text(officer.get("/desk"))


def test_another_countys_case_and_a_founding_are_taken_on_by_nobody(context, session, cast):
    case, founding = make.join_application(session), make.founding_application(session)
    before = (case.version, founding.version)

    for number, cadre in ((case.number, cast.next_county), (founding.number, cast.city)):
        with pytest.raises(Missing):
            take_on_now(number, 1, by=cadre.as_actor(), now=make.NOW)

    session.expire_all()
    assert (case.version, founding.version, case.holder_id, founding.holder_id) == (*before, None, None)


# --- passing on ---------------------------------------------------------------------------------------------------


def pass_on(client, session, number, to, note="住址在阜康"):
    return decide(client, session, number, "passed_on", to_union=to, note=note)


def test_an_application_goes_on_to_another_union_and_its_desk(app, session, cast, cases):
    city, fukang = browser(app, CITY), browser(app, NEXT_COUNTY)
    take_on(city, session, 3)

    assert pass_on(city, session, 3, cast.fukang_union.name).status_code == 303

    row = of(session, 3)
    assert (row.union_id, row.county_code, row.state) == (cast.fukang_union.id, "652302", "submitted")
    assert (row.holder_id, row.due_on) == (None, date(2021, 12, 7))
    assert history(session, 3)[-1] == ("passed_on", "")
    assert mine(fukang) == [3]
    assert ">Passed on<" in text(fukang.get("/desk/211130-CASE3"))
    assert "住址在阜康" in text(app.test_client().get(f"/status/{row.link}"))


def test_a_colleague_who_still_has_it_open_is_told_who_passed_it_on(app, session, cast, cases):
    """Two cadres have one case open; the second hears of the first, and nobody else does."""
    session.add(account("city-2", "孙干部", "county_cadre", "652301"))
    session.add(account("hutubi", "周干部", "county_cadre", "652323"))
    session.commit()
    colleague, path = browser(app, "city-2"), "/desk/211130-CASE3"
    sent = {"step": "refused", "ground": "not_voluntary", "version": "1", "csrf_token": csrf(colleague, path)}
    pass_on(browser(app, CITY), session, 3, cast.fukang_union.name)

    answers = [colleague.post(f"{path}/{act}", data=sent) for act in ("decision", "take-on")] + [colleague.get(path)]

    told = "张干部 passed this case on (2021-11-30 12:00); it is decided elsewhere now. Reason: 住址在阜康"
    for answer in answers:
        page = text(answer)
        assert (answer.status_code, told in page, 'href="/desk"' in page) == (409, True, True)
    assert history(session, 3)[-1] == ("passed_on", "")
    assert browser(app, NEXT_COUNTY).get(path).status_code == 200
    assert [browser(app, other).get(path).status_code for other in ("officer", "hutubi")] == [404, 404]


def test_whoever_gets_it_late_has_two_working_days(app, session, cast, cases):
    session.execute(update(Application).where(Application.number == "211130-CASE5").values(due_on=TODAY))
    session.commit()
    pass_on(browser(app, CITY), session, 5, cast.fukang_union.code)

    row = of(session, 5)
    assert (row.due_on, row.escalated_at) == (date(2021, 12, 2), None)


def test_an_officer_may_pass_it_on_and_it_is_undone_within_minutes(app, session, cast, cases, officer):
    client = browser(app, "officer")
    pass_on(client, session, 1, cast.joint_union.name)
    assert mine(client) == []
    assert "组织员 passed this case on" in text(client.get("/desk/211130-CASE1"))
    assert "Undo" in text(client.get("/desk"))

    token = csrf(client, "/desk")
    client.post("/desk/211130-CASE1/undo", data={"csrf_token": token})

    assert of(session, 1).union_id == cast.shunda_union.id
    assert mine(client) == [1]


@pytest.mark.parametrize(
    ("to", "note", "sentence"),
    [
        ("", "住址在阜康", "Name the union it is passed on to."),
        ("阜康运输工会委员会", "", "Write why it is passed on."),
        ("没有这个工会", "住址在阜康", "Enter the full name or the code of the union that takes the member in."),
        ("昌吉市快递行业联合工会委员会", "住址在阜康", "It is applied to this union already."),
    ],
)
def test_without_a_union_and_a_reason_it_stays(app, session, cases, to, note, sentence):
    answer = pass_on(browser(app, CITY), session, 2, to, note)

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert history(session, 2) == []


def test_a_members_request_is_not_passed_on(app, session, cast):
    member = make.member(session, cast.shunda_union)
    row = make.request(session, member, "leave", application={"number": "211130-CASE9"})
    answer = pass_on(browser(app, CITY), session, 9, cast.fukang_union.name)

    assert answer.status_code == 422
    assert "Choose what to do." in text(answer)
    assert of(session, 9).version == row.version


# --- what moves with it -------------------------------------------------------------------------------------------


def test_a_transfer_is_let_out_by_one_officer_and_taken_in_by_the_other(app, session, cast, officer):
    session.add(account("officer.2", "工会主席", "union_officer", "652301", union_id=cast.joint_union.id))
    member = make.member(session, cast.shunda_union)
    given = {"number": "211130-CASE9", "union_id": cast.shunda_union.id}
    make.request(session, member, "transfer", application=given, to_union_id=cast.joint_union.id)
    out, into = browser(app, "officer"), browser(app, "officer.2")

    assert into.get("/desk/211130-CASE9").status_code == 404
    assert decide(out, session, 9, "approved").status_code == 303
    assert (of(session, 9).state, of(session, 9).union_id) == ("submitted", cast.joint_union.id)
    assert mine(into) == [9]
    assert decide(into, session, 9, "approved").status_code == 303

    assert of(session, 9).state == "approved"
    assert "Member" in text(into.get(f"/members/{member.code}"))
    assert out.get(f"/members/{member.code}").status_code == 404


def looked_at(client, *numbers):
    sent = {"case": [f"211130-CASE{n}" for n in numbers], "csrf_token": csrf(client, "/desk")}
    return text(client.post("/desk/many", data=sent))


def test_many_at_once_leaves_to_the_officer_what_is_the_officers(app, session, cases):
    city, officer = browser(app, CITY), browser(app, "officer")

    page = looked_at(city, 1, 2)
    assert "Approve this 1" in page
    assert "It lies with the officer of its union" in page
    assert "Approve this 1" in looked_at(officer, 1)


def test_many_at_once_says_in_each_history_that_somebody_stepped_in(app, session, cast, cases):
    prefecture = browser(app, PREFECTURE)

    page = looked_at(prefecture, 1, 2, 3, 5)
    sent = {"case": [f"211130-CASE{n}:1" for n in (2, 3, 5)], "csrf_token": csrf(prefecture, "/desk")}
    done = prefecture.post("/desk/many/approve", data={"key": "k" * 16, **sent})

    assert "Approve these 3" in page
    assert page.count("You step in: it lies with The county union") == 2
    assert done.status_code == 303
    for n in (2, 3):
        assert history(session, n) == [("taken_on", "stepped_in"), ("approved", "")]
    assert history(session, 5) == [("approved", "")]
    assert {of(session, n).holder_id for n in (2, 3, 5)} == {cast.prefecture.id}

    prefecture.post(f"{done.location}/undo", data={"csrf_token": csrf(prefecture, "/desk")})
    assert [(of(session, n).state, of(session, n).holder_id) for n in (2, 3, 5)] == [("submitted", None)] * 3


def test_many_at_once_leaves_to_a_colleague_what_is_the_colleagues(app, session, cast, cases):
    city, prefecture = browser(app, CITY), browser(app, PREFECTURE)
    take_on(city, session, 3)

    page = looked_at(prefecture, 2, 3)
    sent = {"case": ["211130-CASE2:1", "211130-CASE3:2"], "csrf_token": csrf(prefecture, "/desk")}
    done = text(prefecture.get(prefecture.post("/desk/many/approve", data={"key": "k" * 16, **sent}).location))

    for told in (page, done):
        assert "1 stays, to be looked at by itself" in told
        assert "A colleague has it: leave it to them, or open it and take it over." in told
    assert (of(session, 3).state, of(session, 3).holder_id) == ("submitted", cast.city.id)
    assert "Approve this 1" in looked_at(city, 3)


def test_stepping_in_for_many_costs_no_statement_for_each(context, session, cast, statements):
    def cost(number, key):
        rows = [make.join_application(session, phone=f"1380000{len(key)}1{n:02}") for n in range(number)]
        chosen = {row.number: 1 for row in rows}
        with counted(statements) as seen:
            approve_many(key, chosen, by=cast.prefecture.as_actor(), now=make.NOW, today=TODAY, undo_minutes=5)
        return len(seen)

    one = cost(1, "k" * 16)

    assert cost(30, "l" * 17) - one <= 29 * 8  # SQLite writes each row by itself


def test_the_queue_of_an_officer_costs_the_same_for_more(app, session, cast, officer, statements):
    client, costs = browser(app, "officer"), []
    for n in (1, 30):
        for _ in range(n):
            make.join_application(session, application={"union_id": cast.shunda_union.id})
        start = len(statements)
        client.get("/desk?view=mine")
        costs.append(len(statements) - start)

    assert costs[0] == costs[1]
