"""Leave: who stands in, with whose rights, and what the histories say; handing all cases over."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from enrollment.rules.applications import Step
from enrollment.storage.accounts import Account, Delegation, SignIn
from enrollment.storage.applications import Application, ApplicationAct
from enrollment.storage.audit import AuditEntry
from enrollment.web import clock
from tests import make
from tests.cast import CITY, NEXT_COUNTY, PREFECTURE, account, csrf, sign_in
from tests.signin.conftest import NOW

TODAY = date(2026, 11, 26)
SECOND = "changji-city-2"


def text(answer):
    return answer.get_data(as_text=True)


def post(client, path, page="/account", **sent):
    return client.post(path, data=sent | {"csrf_token": csrf(client, page)})


@pytest.fixture
def second(session, cast):
    """Another cadre of the city."""
    row = account(SECOND, "李干部", "county_cadre", "652301")
    session.add(row)
    session.commit()
    return row


@pytest.fixture
def city(client, cast, travel):
    return sign_in(client)


def browser(app, login):
    client = app.test_client()
    client.set_cookie("lang", "en")
    return sign_in(client, login)


@pytest.fixture
def deputy(app, second, travel):
    return browser(app, SECOND)


def leave(client, deputy_code, first=TODAY, last=TODAY + timedelta(days=5)):
    return post(client, "/account/leave", "/account", deputy=deputy_code, from_on=str(first), until_on=str(last))


def delegation(session):
    session.rollback()
    return session.scalars(select(Delegation)).one()


def stands_in(client, session):
    return post(client, f"/account/leave/{delegation(session).code}/stand-in")


# --- who stands in ------------------------------------------------------------------------------------------------


def test_a_leave_names_a_colleague_and_its_days(city, session, cast, second):
    assert leave(city, second.code).status_code == 303

    row = delegation(session)
    assert (row.absent_id, row.deputy_id) == (cast.city.id, second.id)
    assert (row.from_on, row.until_on, row.made_at) == (TODAY, TODAY + timedelta(days=5), NOW)
    [line] = session.scalars(select(AuditEntry).where(AuditEntry.act == "delegate"))
    assert (line.actor, line.subject, line.note) == ("张干部", SECOND, "2026-11-26 – 2026-12-01")
    assert "李干部" in text(city.get("/account"))


def test_those_who_can_stand_in_are_offered_and_nobody_else(city, cast, second):
    page = text(city.get("/account/leave"))

    assert [name for name in ("李干部", "赵干部", "王干部", "张干部</option>") if name in page] == ["李干部", "赵干部"]


@pytest.mark.parametrize(
    ("who", "first", "last", "sentence"),
    [
        (NEXT_COUNTY, 0, 5, "This account cannot take your place."),
        (CITY, 0, 5, "This account cannot take your place."),
        (SECOND, -1, 5, "The first day is over already."),
        (SECOND, 2, 1, "The last day is before the first."),
        (SECOND, 0, 93, "At most three months at a time."),
    ],
)
def test_what_the_rules_object_is_said_and_nothing_kept(city, session, second, who, first, last, sentence):
    code = session.scalar(select(Account.code).where(Account.login == who))
    answer = leave(city, code, TODAY + timedelta(days=first), TODAY + timedelta(days=last))

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert session.scalars(select(Delegation)).all() == []


def test_an_ended_account_cannot_stand_in(city, session, second):
    second.active = False
    session.commit()

    assert "This account cannot take your place." in text(leave(city, second.code))


def test_a_second_tap_makes_no_second_one(city, session, second):
    leave(city, second.code)

    assert "Somebody stands in for you on some of these days already." in text(leave(city, second.code))
    assert leave(city, second.code, TODAY + timedelta(days=6), TODAY + timedelta(days=7)).status_code == 303


def test_nobody_to_stand_in_is_said(app, cast, travel):
    page = text(browser(app, PREFECTURE).get("/account/leave"))

    assert "Nobody can stand in for you" in page


def test_empty_days_are_asked_for(city, second):
    assert post(city, "/account/leave", deputy=second.code, from_on="", until_on="soon").status_code == 422


# --- standing in --------------------------------------------------------------------------------------------------


def test_the_deputy_works_with_the_absent_ones_rights_and_both_are_named(app, session, cast, travel):
    """The prefecture's cadre stands in for the city's: sees the city alone, and every act names both."""
    city, prefecture = browser(app, CITY), browser(app, PREFECTURE)
    case = make.join_application(session)
    leave(city, cast.prefecture.code)

    assert stands_in(prefecture, session).status_code == 303
    page = text(prefecture.get("/desk"))
    assert "赵干部（代张干部）" in page
    assert "You stand in, until 2026-12-01." in page
    assert prefecture.get("/desk?county=652302").status_code == 404  # not the own prefecture's rights meanwhile
    decision = {"step": "returned", "version": str(case.version), "marked": "name", "note": "请写全名"}
    assert post(prefecture, f"/desk/{case.number}/decision", f"/desk/{case.number}", **decision).status_code == 303

    session.rollback()
    [act] = session.scalars(select(ApplicationAct).where(ApplicationAct.step == Step.RETURNED))
    assert (act.actor, act.account_id) == ("赵干部（代张干部）", cast.prefecture.id)
    [line] = session.scalars(select(AuditEntry).where(AuditEntry.act == "decide_application"))
    assert (line.actor, line.account_id) == ("赵干部（代张干部）", cast.prefecture.id)
    assert "赵干部（代张干部）" in text(city.get(f"/desk/{case.number}"))


def test_back_at_the_own_desk_the_own_rights_hold(app, session, cast, travel):
    city, prefecture = browser(app, CITY), browser(app, PREFECTURE)
    leave(city, cast.prefecture.code)
    stands_in(prefecture, session)
    prefecture.post("/account/stand-in/end")
    assert "You stand in" in text(prefecture.get("/desk"))

    post(prefecture, "/account/stand-in/end")
    assert "You stand in" not in text(prefecture.get("/desk"))
    assert prefecture.get("/desk?county=652302").status_code == 200


def test_what_is_ones_own_is_not_done_while_standing_in(city, deputy, session, second):
    leave(city, second.code)
    stands_in(deputy, session)

    assert deputy.get("/account").status_code == 200
    for path in ("/account/password", "/account/second-factor", "/account/leave"):
        assert deputy.get(path).status_code == 403


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (5, True), (6, False)])
def test_a_delegation_holds_on_its_days_and_is_over_at_the_next_click(city, app, session, second, travel, days, holds):
    leave(city, second.code, TODAY + timedelta(days=1), TODAY + timedelta(days=6))
    travel(NOW + timedelta(days=1 + days))
    deputy = browser(app, SECOND)

    assert stands_in(deputy, session).status_code == (303 if holds else 404)
    assert ("You stand in" in text(deputy.get("/desk"))) is holds
    travel(NOW + timedelta(days=8))
    assert "You stand in" not in text(deputy.get("/desk"))


def test_one_ended_early_is_over_at_the_next_click(city, deputy, session, second):
    leave(city, second.code)
    stands_in(deputy, session)
    end = f"/account/leave/{delegation(session).code}/end"
    city.post(end)
    assert "You stand in" in text(deputy.get("/desk"))

    assert post(city, end).status_code == 303
    assert "You stand in" not in text(deputy.get("/desk"))
    assert post(city, end).status_code == 409
    assert stands_in(deputy, session).status_code == 404


def test_the_deputy_may_end_it_too(city, deputy, session, second):
    leave(city, second.code)

    assert post(deputy, f"/account/leave/{delegation(session).code}/end").status_code == 303
    assert delegation(session).ended_at == NOW


def test_nobody_else_ends_or_uses_it(city, app, session, second):
    leave(city, second.code)
    stranger, code = browser(app, NEXT_COUNTY), delegation(session).code

    assert post(stranger, f"/account/leave/{code}/end").status_code == 404
    assert post(stranger, f"/account/leave/{code}/stand-in").status_code == 404
    assert post(stranger, "/account/leave/NONE/end").status_code == 404
    assert stranger.post(f"/account/leave/{code}/stand-in").status_code == 303  # without the token nothing happens
    assert delegation(session).ended_at is None


def test_when_the_absent_account_ends_so_do_the_deputys_rights(city, deputy, session, cast, second):
    leave(city, second.code)
    stands_in(deputy, session)
    session.rollback()
    session.execute(update(Account).where(Account.id == cast.city.id).values(active=False))
    session.commit()

    assert "You stand in" not in text(deputy.get("/desk"))


def test_a_delegation_of_another_in_the_browsers_session_counts_for_nothing(city, app, session, cast, second):
    leave(city, second.code)
    stranger = browser(app, NEXT_COUNTY)
    with stranger.session_transaction() as kept:
        kept["stands_in"] = delegation(session).code

    assert "You stand in" not in text(stranger.get("/desk"))
    assert session.scalars(select(SignIn).where(SignIn.account_id == cast.next_county.id)).one().ended_at is None


# --- handing over -------------------------------------------------------------------------------------------------


def hand_over(client, code, reason="调到组织部"):
    return post(client, "/account/hand-over", "/account", to=code, reason=reason)


def held_cases(session, by, number=3):
    """Cases of somebody: one returned, one decided, the others waiting."""
    rows = [make.join_application(session) for _ in range(number - 1)]
    rows.append(make.join_application(session, steps=(Step.SUBMITTED, Step.RETURNED)))
    rows.append(make.join_application(session, steps=(Step.SUBMITTED, Step.APPROVED)))
    for row in rows:
        session.execute(update(Application).where(Application.id == row.id).values(holder_id=by.id))
    session.commit()
    return rows


def test_all_cases_under_way_move_in_one_act_and_each_history_says_so(city, session, cast, second):
    *under_way, decided = held_cases(session, cast.city)
    other = make.join_application(session)

    assert hand_over(city, second.code).status_code == 303
    session.expire_all()
    holders = {row.number: row.holder_id for row in session.scalars(select(Application))}
    assert holders == dict.fromkeys((row.number for row in under_way), second.id) | {
        decided.number: cast.city.id,
        other.number: None,
    }
    acts = session.scalars(select(ApplicationAct).where(ApplicationAct.step == Step.HANDED_OVER)).all()
    assert {act.application_id for act in acts} == {row.id for row in under_way}
    assert {(act.actor, act.note) for act in acts} == {("张干部", "李干部 · 调到组织部")}
    [line] = session.scalars(select(AuditEntry).where(AuditEntry.act == "hand_over"))
    assert (line.subject, line.note) == (SECOND, "3 + 0 · 调到组织部")
    assert "Handed over" in text(city.get(f"/desk/{under_way[0].number}"))


def test_a_second_tap_finds_nothing_left(city, session, cast, second):
    held_cases(session, cast.city)
    hand_over(city, second.code)

    assert "You have no cases under way." in text(hand_over(city, second.code))


def test_cases_go_to_nobody_of_another_county(city, session, cast, second):
    held_cases(session, cast.city)

    assert "This account cannot take your place." in text(hand_over(city, cast.next_county.code))
    assert hand_over(city, second.code, reason="").status_code == 422
    assert set(session.scalars(select(Application.holder_id))) == {cast.city.id}


def test_nobody_to_take_them_over_is_said(app, cast, travel):
    assert "Nobody can take them over" in text(browser(app, PREFECTURE).get("/account/hand-over"))


def test_the_deputy_may_hand_the_absent_ones_cases_over(city, deputy, session, cast, second):
    held_cases(session, cast.city)
    leave(city, second.code)
    stands_in(deputy, session)

    assert hand_over(deputy, second.code).status_code == 303
    assert clock.today() == TODAY
