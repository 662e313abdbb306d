"""Accounts: invited by link, ended, reopened; who may do so; the last operator stays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update

from enrollment.accounts.actions import end_account
from enrollment.rules.applications import Step
from enrollment.rules.coverage import DissolutionCause, MergeCause, Papers
from enrollment.signin.actions import choose_password
from enrollment.storage import passwords
from enrollment.storage.accounts import Account, Invitation, RecoveryCode
from enrollment.storage.applications import Application, ApplicationAct
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.sign_ins import Browser, begin_attempt
from enrollment.unions.actions import dissolve_union, merge_union
from tests import make
from tests.cast import CITY, PASSWORD, PREFECTURE, account, csrf, sign_in
from tests.signin.conftest import NOW

NEW = "xe mao dang ren san"
CADRE = {"login": "fukang.li", "name": "阜康市总工会 李军", "role": "county_cadre", "place": "652302", "unit": ""}


def text(answer):
    return answer.get_data(as_text=True)


def post(client, path, page="/account", **sent):
    return client.post(path, data=sent | {"csrf_token": csrf(client, page)})


@pytest.fixture
def everybody(session, cast, travel):
    """The operator, an officer of the city's joint union, a contact of the depot, the prefecture's auditor."""
    rows = [
        account("operator", "管理员", "operator", "652300"),
        account("officer", "组织员", "union_officer", "652301", union_id=cast.joint_union.id),
        account("contact", "联络人", "employer_contact", "652301", employer_id=cast.uncovered.id),
        account("auditor", "审计员", "auditor", "652300"),
    ]
    session.add_all(rows)
    session.commit()
    return {row.login: row for row in (*rows, cast.city, cast.next_county, cast.prefecture)}


def browser(app, login):
    client = app.test_client()
    client.set_cookie("lang", "en")
    return sign_in(client, login)


@pytest.fixture
def operator(app, everybody):
    return browser(app, "operator")


@pytest.fixture
def city(app, everybody):
    return browser(app, CITY)


def link_on(answer):
    """The path of the link a page shows."""
    assert answer.status_code == 200
    return "/invitation/" + text(answer).split("/invitation/")[1].split("<")[0]


def invite(client, **changes):
    return post(client, "/accounts/new", **CADRE | changes)


def choose(client, link, password=NEW, again=None):
    return post(client, link, link, password=password, again=again or password)


def signs_in(app, login, password):
    client = app.test_client()
    sent = {"login": login, "password": password, "csrf_token": csrf(client, "/signin")}
    return client.post("/signin", data=sent).status_code == 303


def of(session, login):
    session.rollback()
    session.expire_all()
    return session.scalars(select(Account).where(Account.login == login)).one()


# --- inviting -----------------------------------------------------------------------------------------------------


def test_somebody_invited_chooses_the_own_password_once(app, operator, session):
    link = link_on(invite(operator))
    assert not signs_in(app, "fukang.li", NEW)
    guest = app.test_client()
    guest.set_cookie("lang", "en")
    assert "阜康市总工会 李军" in text(guest.get(link))

    answer = choose(guest, link)

    assert (answer.status_code, answer.location) == (303, "/signin?chosen=1")
    assert "Your password is set" in text(guest.get(answer.location))
    assert signs_in(app, "fukang.li", NEW)
    assert guest.get(link).status_code == 404
    kept = of(session, "fukang.li")
    assert (kept.role, kept.territory_code, kept.name, kept.active) == (
        "county_cadre", "652302", "阜康市总工会 李军", True,
    )  # fmt: skip
    [line] = session.scalars(select(AuditEntry).where(AuditEntry.act == "change_office_account"))
    assert (line.actor, line.subject, line.note) == ("管理员", "fukang.li", "county_cadre")
    assert NEW not in repr(list(session.execute(select(AuditEntry))))


def test_whoever_has_just_chosen_a_password_is_not_shut_out_by_others(app, operator):
    link = link_on(invite(operator))
    guest = app.test_client()
    choose(guest, link)
    sent = {"login": "fukang.li", "password": NEW, "csrf_token": csrf(guest, "/signin")}
    with app.test_request_context("/"):
        browsers = [Browser("127.0.0.1", ""), *(Browser(f"10.0.0.{n}", "") for n in range(3))]
        for _ in range(10):
            for browser in browsers:
                begin_attempt(None, "fukang.li", browser, NOW)

    assert not signs_in(app, "fukang.li", NEW)
    assert guest.post("/signin", data=sent).status_code == 303


def test_of_two_who_use_a_link_at_once_one_chooses(app, operator, session, monkeypatch):
    token = link_on(invite(operator)).rsplit("/", 1)[1]
    hash_of = passwords.hash_of

    def meanwhile(password):
        monkeypatch.setattr(passwords, "hash_of", hash_of)
        choose_password(token, NEW, now=NOW)
        return hash_of(password)

    monkeypatch.setattr(passwords, "hash_of", meanwhile)
    with app.app_context():
        for _ in range(2):
            with pytest.raises(Missing):
                choose_password(token, "hong huang lan lu zi", now=NOW)

    assert signs_in(app, "fukang.li", NEW)


def test_the_link_is_kept_as_a_keyed_hash_alone(operator, session):
    token = link_on(invite(operator)).rsplit("/", 1)[1]

    [row] = session.scalars(select(Invitation))
    assert token.encode() not in row.token_match
    assert row.until == NOW + timedelta(days=7)


@pytest.mark.parametrize(("days", "status"), [(6, 200), (7, 404)])
def test_an_invitation_is_good_for_seven_days(app, operator, travel, days, status):
    link = link_on(invite(operator))
    travel(NOW + timedelta(days=days))

    assert app.test_client().get(link).status_code == status


@pytest.mark.parametrize("password", ["kurz", "passwordpassword", "qwertyuiop[]"])
def test_a_password_that_will_not_do_uses_the_link_not_up(app, operator, session, password):
    link = link_on(invite(operator))
    guest = app.test_client()

    assert choose(guest, link, password).status_code == 422
    assert choose(guest, link, NEW, "another").status_code == 422
    assert of(session, "fukang.li").password_hash == ""
    assert guest.get(link).status_code == 200


def test_a_new_link_ends_the_old_one_and_a_new_password_every_session(app, operator, city, session, everybody):
    page = f"/accounts/{everybody[CITY].code}"
    first = link_on(post(operator, f"{page}/link"))
    second = link_on(post(operator, f"{page}/link"))
    guest = app.test_client()
    assert guest.get(first).status_code == 404
    assert city.get("/desk").status_code == 200  # the old password is good until the link is used

    assert choose(guest, second).status_code == 303
    assert city.get("/desk").status_code == 303
    assert not signs_in(app, CITY, PASSWORD)
    assert signs_in(app, CITY, NEW)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"login": CITY}, "There is an account of this name already."),
        ({"login": "Ab"}, "3 to 40 small letters"),
        ({"login": "li jun"}, "3 to 40 small letters"),
        ({"name": ""}, "Enter the name."),
        ({"name": "名" * 25}, "Enter at most 24 characters."),
        ({"place": "652300"}, "Choose the county this role is for."),
        ({"place": "nowhere"}, "Choose the place."),
        ({"role": "prefecture_cadre"}, "This role is for the whole prefecture."),
        ({"unit": "顺达快递有限公司工会委员会"}, "This role is not for one union or employer"),
        ({"role": "union_officer"}, "Name the union or the employer this role is for."),
        ({"role": "union_officer", "unit": "没有这个工会"}, "No union that stands has this name"),
        ({"role": "union_officer", "unit": "阜康市会员周转库"}, "No union that stands has this name"),
        ({"role": "union_officer", "unit": "顺达快递有限公司工会委员会"}, "No union that stands has this name"),
        ({"role": "employer_contact", "unit": "没有这个单位"}, "No employer, or more than one"),
    ],
)
def test_what_does_not_fit_is_said_and_nobody_is_invited(operator, session, changes, sentence):
    answer = invite(operator, **changes)

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert session.scalars(select(Invitation)).all() == []


@pytest.mark.parametrize("role", ["visitor", "king"])
def test_a_role_that_nobody_can_have_is_not_there(operator, role):
    assert invite(operator, role=role).status_code == 404


def test_an_officer_and_a_contact_are_of_one_unit(city, operator, session, cast):
    officer = {"role": "union_officer", "place": "652301", "unit": cast.joint_union.name}
    contact = {"role": "employer_contact", "place": "652301", "unit": cast.small_a.code}
    link_on(invite(city, login="officer.2", **officer))
    link_on(invite(operator, login="contact.2", **contact))

    assert of(session, "officer.2").union_id == cast.joint_union.id
    assert of(session, "contact.2").employer_id == cast.small_a.id


def test_two_employers_of_one_name_are_told_apart_by_the_code(city, session, cast):
    make.employer(session, name=cast.small_a.name)
    contact = {"role": "employer_contact", "place": "652301", "login": "contact.2"}

    assert "No employer, or more than one" in text(invite(city, unit=cast.small_a.name, **contact))
    link_on(invite(city, unit=cast.small_a.code, **contact))


# --- who keeps whose account --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "county_cadre", "place": "652301"},
        {"role": "auditor", "place": "652301"},
        {"role": "operator", "place": "652300"},
        {"role": "union_officer", "place": "652302", "unit": "阜康运输工会委员会"},  # another county
    ],
)
def test_a_cadre_invites_only_for_units_of_the_own_county(city, session, changes):
    assert invite(city, **changes).status_code == 404
    assert session.scalars(select(Invitation)).all() == []


def test_a_cadre_is_offered_the_own_place_and_the_roles_of_units(city, operator):
    def options(client):
        page = text(client.get("/accounts/new"))
        return [part.split('"')[0] for part in page.split('<option value="')[1:]] + [
            part.split('"')[0] for part in page.split('<option selected value="')[1:]
        ]

    assert [each for each in options(city) if each] == ["union_officer", "employer_contact", "652301"]
    assert {"operator", "county_cadre", "652300", "652302", "ZD"} <= set(options(operator))


def accounts_seen(client, query=""):
    return [part.split('"')[0] for part in text(client.get(f"/accounts{query}")).split('href="/accounts/')[1:]]


def test_the_operator_sees_all_accounts_and_a_cadre_those_of_the_own_county(operator, city, everybody):
    own = {everybody[login].code for login in (CITY, "officer", "contact")}

    assert set(accounts_seen(city)) - {"new"} == own
    assert set(accounts_seen(operator)) - {"new"} == {row.code for row in everybody.values()}


@pytest.mark.parametrize(
    ("query", "logins"),
    [("?q=组织", ["officer"]), ("?q=auditor", ["auditor"]), ("?role=union_officer", ["officer"]), ("?q=100%25", [])],
)
def test_the_list_is_filtered(operator, everybody, query, logins):
    found = [code for code in accounts_seen(operator, query) if code != "new"]

    assert found == [everybody[login].code for login in logins]


@pytest.mark.parametrize("login", [PREFECTURE, "fukang", "operator", "auditor"])
def test_an_account_of_another_place_is_not_there_for_a_cadre(city, everybody, login):
    page = f"/accounts/{everybody[login].code}"

    assert city.get(page).status_code == 404
    for act in ("link", "end", "reopen"):
        assert post(city, f"{page}/{act}").status_code == 404
    assert post(city, f"{page}/second-factor", present=PASSWORD).status_code == 404


def test_a_colleagues_account_is_shown_to_a_cadre_but_not_theirs_to_change(city, session, everybody):
    page = f"/accounts/{everybody[CITY].code}"

    assert "End the account" not in text(city.get(page))
    assert post(city, f"{page}/end").status_code == 404
    assert of(session, CITY).active
    assert "End the account" in text(city.get(f"/accounts/{everybody['officer'].code}"))


# --- ending and opening again -------------------------------------------------------------------------------------


def test_an_ended_account_is_out_at_the_next_click_and_its_cases_are_nobodys(operator, city, session, everybody):
    case, done = make.join_application(session), make.join_application(session, steps=(Step.SUBMITTED, Step.APPROVED))
    session.execute(update(Application).values(holder_id=everybody[CITY].id))
    session.commit()
    page = f"/accounts/{everybody[CITY].code}"
    link = link_on(post(operator, f"{page}/link"))

    assert post(operator, f"{page}/end").status_code == 303

    assert city.get("/desk").status_code == 303
    assert operator.get(link).status_code == 404
    session.expire_all()
    assert {row.number: row.holder_id for row in session.scalars(select(Application))} == {
        case.number: None,
        done.number: everybody[CITY].id,
    }
    [act] = session.scalars(select(ApplicationAct).where(ApplicationAct.step == Step.HANDED_OVER))
    assert (act.actor, act.note) == ("管理员", "张干部")
    assert post(operator, f"{page}/end").status_code == 409
    assert "This account has ended." in text(post(operator, f"{page}/link"))


@pytest.mark.parametrize("login", [CITY, "officer"])
def test_an_account_opened_again_needs_a_new_password(app, operator, session, everybody, login):
    page = f"/accounts/{everybody[login].code}"
    assert post(operator, f"{page}/reopen").status_code == 409
    post(operator, f"{page}/end")

    link = link_on(post(operator, f"{page}/reopen"))

    assert not signs_in(app, login, PASSWORD)
    assert choose(app.test_client(), link).status_code == 303
    assert signs_in(app, login, NEW)


def test_the_last_operator_cannot_be_ended(app, operator, session, everybody):
    page = f"/accounts/{everybody['operator'].code}"
    answer = post(operator, f"{page}/end")
    assert answer.status_code == 422
    assert "This is the last operator: invite another one first." in text(answer)

    second = {"login": "operator.2", "role": "operator", "place": "652300"}
    link = link_on(invite(operator, **second))
    assert post(operator, f"{page}/end").status_code == 422  # invited is not yet there
    choose(app.test_client(), link)
    assert post(operator, f"{page}/end").status_code == 303
    assert not of(session, "operator").active


@pytest.mark.parametrize("merges", [False, True])
def test_with_a_union_that_ends_its_officers_accounts_end(app, operator, session, cast, everybody, merges):
    officer, far = browser(app, "officer"), account("far", "组织员二", "union_officer", "652302")
    far.union_id = make.union(session, county_code="652302").id
    session.add(far)
    case = make.join_application(
        session, application={"union_id": cast.joint_union.id, "holder_id": everybody["officer"].id}
    )
    successor = make.union(session, kind="joint", covers=(make.employer(session),))
    page = f"/accounts/{everybody['officer'].code}"
    link = link_on(post(operator, f"{page}/link"))
    assert officer.get("/desk").status_code == 200

    papers = Papers(voted_on=date(2021, 10, 20), approval_number="昌工发〔2021〕5号", approved_on=date(2021, 10, 25))
    told = {"on": date(2021, 11, 1), "papers": papers, "by": cast.city.as_actor(), "now": make.NOW, "today": make.TODAY}
    with app.test_request_context("/"):
        if merges:
            merge_union(cast.joint_union.code, into=successor.code, cause=MergeCause.TOO_SMALL, **told)
        else:
            dissolve_union(cast.joint_union.code, cause=DissolutionCause.BY_VOTE, **told)

    assert officer.get("/desk").status_code == 303
    assert not signs_in(app, "officer", PASSWORD)
    assert operator.get(link).status_code == 404
    assert (of(session, "officer").active, of(session, "far").active) == (False, True)
    assert session.get_one(Application, case.id).holder_id is None
    [line] = session.scalars(select(AuditEntry).where(AuditEntry.act == "end_union"))
    assert (line.note.split(" 0 moved ")[1], "active: True" in line.before) == ("officer ended", True)
    answer = post(operator, f"{page}/reopen")
    assert (answer.status_code, "This union does not stand any more." in text(answer)) == (422, True)
    assert not of(session, "officer").active


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_operators_who_end_each_other_or_themselves_at_once_one_remains(app, session, everybody, order):
    rows = [everybody["operator"], account("operator.2", "管理员二", "operator", "652300")]
    session.add(rows[1])
    session.commit()
    together = Barrier(2, timeout=60)

    def end(by, ended):
        with app.test_request_context("/"):
            together.wait()
            try:
                end_account(rows[ended].code, by=rows[by].as_actor(), now=NOW)
            except Refused as no:
                return no.reasons
            return "ended"

    with ThreadPoolExecutor(2) as pool:
        came = list(pool.map(end, (0, 1), order))

    assert sorted(came, key=str) == [("last_operator",), "ended"]
    session.expire_all()
    assert sorted(of(session, row.login).active for row in rows) == [False, True]


def test_a_lost_second_factor_is_dropped_by_who_proves_to_be_there(operator, city, session, everybody):
    row = everybody[CITY]
    page = f"/accounts/{row.code}"
    assert "There is no second factor." in text(post(operator, f"{page}/second-factor", present=PASSWORD))
    session.execute(update(Account).where(Account.id == row.id).values(totp_secret="JBSWY3DPEHPK3PXP"))
    session.add(RecoveryCode(account_id=row.id, code_match=b"x" * 32))
    session.commit()
    assert "Phone lost" in text(operator.get(page))

    assert "This is not your present password." in text(post(operator, f"{page}/second-factor", present="wrong"))
    assert of(session, CITY).totp_secret
    assert post(operator, f"{page}/second-factor", present="").status_code == 422
    assert post(operator, f"{page}/second-factor", present=PASSWORD).status_code == 303

    assert of(session, CITY).totp_secret is None
    assert session.scalars(select(RecoveryCode)).all() == []
    assert city.get("/desk").status_code == 303


def test_without_the_token_nothing_changes(operator, session, everybody):
    page = f"/accounts/{everybody[CITY].code}"

    assert [operator.post(f"{page}/{act}").status_code for act in ("link", "end", "reopen")] == [422, 422, 422]
    assert of(session, CITY).active


def test_an_account_nobody_has_is_not_there(operator):
    assert operator.get("/accounts/NONE").status_code == 404
    assert post(operator, "/accounts/NONE/end").status_code == 404
