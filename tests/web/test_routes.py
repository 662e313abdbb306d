"""Every route as every kind of person; nothing is changed without a token.

A route without a line here fails: whoever adds one says who may open it.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from enrollment.rules.applications import Step
from enrollment.rules.sentences import DEFAULTS
from enrollment.rules.stages import Stage
from enrollment.storage.accounts import Delegation, Invitation
from enrollment.storage.applications import ApplicationAct
from enrollment.storage.foundings import UnionTerm
from enrollment.storage.limits import LimitCount
from enrollment.storage.tables import Base
from enrollment.storage.vault import vault
from enrollment.web import clock
from tests import make
from tests.cast import CITY, NEXT_COUNTY, PASSWORD, PREFECTURE, account, csrf, sign_in
from tests.web.staged import COURSE, ground, in_stage, routes_of_foundings

FAR_AWAY = clock.now() + timedelta(days=1)
ACCOUNT_ACTS = ("link", "end", "reopen", "second-factor")
SOON = str(clock.today() + timedelta(days=21))
IN, ASK, BAD = 200, 303, 422  # shown; led on; shown again with what is missing

# What somebody gets: shown (+), shown again with what is missing (!), led on (>), sent to sign in (S),
# not open to the role (x), not there (-).
ANSWERS = {200: "+", 422: "!", 303: ">", 403: "x", 404: "-"}

# Route of Changji city, of its union 顺达 and employer 顺达, or of nowhere →
# visitor | cadre of the city, of Fukang, of the prefecture | officer of 顺达, of the joint union of the city |
# contact of 顺达, of another employer | auditor of the city, of Fukang | operator
TABLE = {
    # everybody's
    "/":                                       "+  +++  ++  ++  ++  +",
    "/healthz":                                "+  +++  ++  ++  ++  +",
    "/u/<code>":                               ">  >>>  >>  >>  >>  >",
    "/e/<code>":                               ">  >>>  >>  >>  >>  >",
    "/m/<code>":                               ">  >>>  >>  >>  >>  >",
    "/v/<code>":                               ">  >>>  >>  >>  >>  >",
    "/join":                                   "+  +++  ++  ++  ++  +",
    "/join/answer":                            "+  +++  ++  ++  ++  +",
    "/join/answer/picture":                    "+  +++  ++  ++  ++  +",
    "/join/receipt/<number>":                  "+  +++  ++  ++  ++  +",
    "/join/referral/<code>":                   "+  +++  ++  ++  ++  +",
    "/join/notice/<digest>":                   "+  +++  ++  ++  ++  +",
    "/join/form":                              "+  +++  ++  ++  ++  +",
    "/found":                                  "+  +++  ++  ++  ++  +",
    "/found/answer":                           "!  !!!  !!  !!  !!  !",
    "/found/form":                             ">  >>>  >>  >>  >>  >",
    "/found/invitation/<link>":                "+  +++  ++  ++  ++  +",
    "/found/invite/<link>":                    "+  +++  ++  ++  ++  +",
    "/founding/<link>":                        "+  +++  ++  ++  ++  +",
    "/founding/<link>/request":                "+  +++  ++  ++  ++  +",
    "/founding/<link>/meeting":                "+  +++  ++  ++  ++  +",
    "/founding/<link>/votes":                  "+  +++  ++  ++  ++  +",
    "/founding/<link>/votes/again":            "+  +++  ++  ++  ++  +",
    "/founding/<link>/votes/corrected":        "+  +++  ++  ++  ++  +",
    "/founding/<link>/offices":                "+  +++  ++  ++  ++  +",
    "/founding/<link>/registration":           "+  +++  ++  ++  ++  +",
    "/founding/<link>/withdraw":               "+  +++  ++  ++  ++  +",
    "/founding/<link>/left-out/<unit>":        "+  +++  ++  ++  ++  +",
    "/founding/<link>/code/<unit>":            "+  +++  ++  ++  ++  +",
    "/founding/<link>/papers/<kind>":          "+  +++  ++  ++  ++  +",
    "/founding/<link>/applications":           "+  +++  ++  ++  ++  +",
    "/founding/<link>/applications/<number>":  "+  +++  ++  ++  ++  +",
    "/founding/<link>/papers/<kind>.docx":     "+  +++  ++  ++  ++  +",
    "/status":                                 "+  +++  ++  ++  ++  +",
    "/status/phone":                           "+  +++  ++  ++  ++  +",
    "/status/phone/code":                      ">  >>>  >>  >>  >>  >",
    "/status/<link>":                          "+  +++  ++  ++  ++  +",
    "/status/<link>/withdraw":                 "+  +++  ++  ++  ++  +",
    "/status/<link>/erase":                    "+  +++  ++  ++  ++  +",
    "/status/<link>/looks":                    "+  +++  ++  ++  ++  +",
    "/card/<link>":                            "+  +++  ++  ++  ++  +",
    "/card/<link>/qr.png":                     "+  +++  ++  ++  ++  +",
    "/card/<link>/ask/<kind>":                 "+  +++  ++  ++  ++  +",
    "/card/<link>/my-data":                    "+  +++  ++  ++  ++  +",
    "/card/<link>/looks":                      "+  +++  ++  ++  ++  +",
    "/verify/<code>":                          "+  +++  ++  ++  ++  +",
    "/signin":                                 "+  +++  ++  ++  ++  +",
    "/signin/code":                            ">  >>>  >>  >>  >>  >",
    "/invitation/<token>":                     "+  +++  ++  ++  ++  +",
    "/rights":                                 "+  +++  ++  ++  ++  +",
    # for who signs in
    "/start":                                  "S  >>>  >>  >>  >>  >",
    "/account":                                "S  +++  ++  ++  ++  +",
    "/account/password":                       "S  +++  ++  ++  ++  +",
    "/account/second-factor":                  "S  +++  ++  ++  ++  +",
    "/account/leave":                          "S  +++  ++  xx  xx  x",
    "/account/hand-over":                      "S  +++  ++  xx  xx  x",
    "/accounts":                               "S  +++  xx  xx  xx  +",
    "/accounts/new":                           "S  +++  xx  xx  xx  +",
    "/accounts/<code>":                        "S  +-+  xx  xx  xx  +",
    "/retention":                              "S  +++  xx  xx  ++  +",
    "/audit":                                  "S  +++  xx  xx  ++  x",
    # by place and unit
    "/desk":                                   "S  +++  ++  xx  ++  x",
    "/desk/referrals":                         "S  +++  xx  xx  ++  x",
    "/desk/many/<code>":                       "S  +--  --  xx  xx  x",
    "/messages":                               "S  +++  ++  xx  xx  x",
    "/desk/find":                              "S  +++  ++  xx  xx  x",
    "/desk/sentences":                         "S  +++  xx  xx  xx  x",
    "/desk/<number>":                          "S  +-+  +-  xx  +-  x",
    "/deadlines":                              "S  +++  xx  xx  ++  x",
    "/foundings":                              "S  +++  xx  xx  ++  x",
    "/foundings/<number>":                     "S  +-+  xx  xx  +-  x",
    "/foundings/<number>/papers/<kind>":       "S  +-+  xx  xx  +-  x",
    "/foundings/<number>/papers/<kind>.docx":  "S  +-+  xx  xx  +-  x",
    "/applications.csv":                       "S  +++  ++  xx  ++  x",
    "/members":                                "S  +++  ++  xx  ++  x",
    "/members.csv":                            "S  +++  ++  xx  ++  x",
    "/members/find":                           "S  +++  ++  xx  xx  x",
    "/members/<code>":                         "S  +-+  +-  xx  +-  x",
    "/unions":                                 "S  +++  xx  xx  ++  x",
    "/unions.csv":                             "S  +++  xx  xx  ++  x",
    "/unions/<code>":                          "S  +-+  +-  xx  +-  x",
    "/unions/<code>/units":                    "S  +-+  xx  xx  xx  x",
    "/unions/<code>/units/<employer>/end":     "S  +-+  xx  xx  xx  x",
    "/unions/<code>/term":                     "S  +-+  xx  xx  xx  x",
    "/unions/<code>/certificate":              "S  +-+  xx  xx  xx  x",
    "/unions/<code>/merge":                    "S  +-+  xx  xx  xx  x",
    "/unions/<code>/dissolve":                 "S  +-+  xx  xx  xx  x",
    "/employers":                              "S  +++  xx  xx  ++  x",
    "/employers.csv":                          "S  +++  xx  xx  ++  x",
    "/employers/<code>":                       "S  +-+  xx  +-  +-  x",
    "/employers/<code>/close":                 "S  +-+  xx  xx  xx  x",
    "/employers/<code>/headcounts":            "S  +-+  xx  xx  xx  x",
    "/pairings":                               "S  +++  xx  xx  ++  x",
    "/pairings.csv":                           "S  +++  xx  xx  ++  x",
    "/pairings/guides":                        "S  +++  xx  xx  ++  x",
    "/pairings/hand-over":                     "S  +++  xx  xx  xx  x",
    "/pairings/<code>":                        "S  +-+  xx  xx  +-  x",
    "/matching":                               "S  +++  xx  xx  ++  x",
    "/matching.csv":                           "S  +++  xx  xx  ++  x",
    "/matching/<code>":                        "S  +-+  xx  xx  +-  x",
    "/rates":                                  "S  +++  xx  xx  ++  x",
    "/rates.csv":                              "S  +++  xx  xx  ++  x",
    "/rates.svg":                              "S  +++  xx  xx  ++  x",
    "/visits":                                 "S  +++  xx  xx  ++  x",
    "/visits.csv":                             "S  +++  xx  xx  ++  x",
    "/visits/new":                             "S  +++  xx  xx  xx  x",
    "/visits/names":                           "S  +++  xx  xx  xx  x",
    "/visits/<code>":                          "S  +-+  xx  xx  +-  x",
    "/events":                                 "S  +++  xx  xx  ++  x",
    "/events.csv":                             "S  +++  xx  xx  ++  x",
    "/events/new":                             "S  +++  xx  xx  xx  x",
    "/events/<code>":                          "S  +-+  xx  xx  +-  x",
    "/posters/<letter>/<code>":                "S  +-+  --  +-  +-  x",
    "/posters/<letter>/<code>/qr.png":         "S  +-+  --  +-  +-  x",
}  # fmt: skip

# Lists that can be asked for one county: the same persons ask for Changji city's.
OF_A_COUNTY = {
    **dict.fromkeys(("/desk", "/applications.csv"), "S  +-+  --  xx  +-  x"),
    **dict.fromkeys(("/members", "/members.csv"), "S  +-+  --  xx  +-  x"),
    **dict.fromkeys(
        (
            *(f"/{name}{end}" for name in ("unions", "employers", "matching", "rates", "visits", "events")
              for end in ("", ".csv")),
            "/rates.svg",
            "/deadlines",
            "/pairings",
            "/pairings.csv",
            "/pairings/guides",
        ),
        "S  +-+  xx  xx  +-  x",
    ),
    "/desk/sentences": "S  +-+  xx  xx  xx  x",
}  # fmt: skip
# What is sent without a token changes nothing, and is asked for again (!), or leads on (>), wherever it is open.
_EVERYBODYS_AGAIN = (
    "/join/form", "/found/invitation/<link>", "/found/invite/<link>",
    *(f"/founding/<link>/{act}" for act in (
        "request", "reminded/<unit>", "left-out/<unit>", "prepared", "meeting", "votes", "votes/corrected",
        "votes/again", "fewer-seats", "again", "offices", "report", "registration", "papers/<kind>", "withdraw",
        "applications/<number>")),
    "/status", "/status/phone", "/status/phone/code", "/status/phone/own", "/status/<link>",
    "/status/<link>/withdraw", "/status/<link>/erase",
    "/status/<link>/my-data.csv", "/card/<link>/ask/<kind>", "/card/<link>/my-data.csv",
    "/signin", "/invitation/<token>",
)  # fmt: skip
POST_TABLE = {
    **dict.fromkeys(_EVERYBODYS_AGAIN, "!  !!!  !!  !!  !!  !"),
    **dict.fromkeys(("/found/form", "/join/referral", "/status/<link>/card", "/signin/code"), ">  >>>  >>  >>  >>  >"),
    **dict.fromkeys(("/desk/<number>/decision", "/desk/<number>/confirm", "/desk/<number>/full",
                     "/members/<code>/full"), "S  !-!  !-  xx  xx  x"),
    **dict.fromkeys(
        (*(f"/foundings/<number>/{act}" for act in ("reply", "conclude", "papers/<kind>/words", "full")),
         *(f"/unions/<code>/{act}" for act in ("units", "units/<employer>/end", "term", "certificate", "merge",
                                               "dissolve")),
         "/employers/<code>/close", "/employers/<code>/headcounts",
         *(f"/pairings/<code>/{act}" for act in ("guide", "contacts", "end"))), "S  !-!  xx  xx  xx  x"),
    "/unions/<code>/re-election":              "S  >>>  xx  xx  xx  x",
    **dict.fromkeys(("/visits/new", "/events/new", "/members/full.csv", "/pairings/hand-over"),
                    "S  !!!  xx  xx  xx  x"),
    "/members/find":                           "S  !!!  !!  xx  xx  x",
    **dict.fromkeys(("/signout", "/account/sessions/end"), "S  >>>  >>  >>  >>  >"),
    **dict.fromkeys(("/account/password", "/account/second-factor", "/account/second-factor/end",
                     "/account/recovery-codes"), "S  !!!  !!  !!  !!  !"),
    **dict.fromkeys(("/account/leave", "/account/hand-over"), "S  !!!  !!  xx  xx  x"),
    **dict.fromkeys(("/account/leave/<code>/end", "/account/leave/<code>/stand-in", "/account/stand-in/end"),
                    "S  >>>  >>  xx  xx  x"),
    "/desk/find":                              "S  !!!  !!  xx  xx  x",
    "/desk/filters":                           "S  !!!  !!  xx  !!  x",
    "/desk/filters/drop":                      "S  >>>  >>  xx  >>  x",
    "/desk/sentences":                         "S  !!!  xx  xx  xx  x",
    "/desk/sentences/<county>/<purpose>/<position>": "S  !-!  xx  xx  xx  x",
    "/desk/sentences/<county>/<purpose>/<position>/end": "S  >->  xx  xx  xx  x",
    **dict.fromkeys(("/desk/<number>/take-on", "/desk/<number>/undo", "/desk/many", "/desk/many/<code>/undo"),
                    "S  >>>  >>  xx  xx  x"),
    "/desk/many/approve":                      "S  !!!  !!  xx  xx  x",
    "/messages/<key>/again":                   "S  !!!  !!  xx  xx  x",
    "/accounts/new":                           "S  !!!  xx  xx  xx  !",
    **dict.fromkeys((f"/accounts/<code>/{act}" for act in ACCOUNT_ACTS), "S  !-!  xx  xx  xx  !"),
}  # fmt: skip
GUIDE = "?group=courier&pay=station&work_region=652301001&home_region=652301002"
CHOSEN = "?workers=4&barred=2&region_code=652301002&unit_name=新网点&way=one_officer"


PEOPLE = (
    None, CITY, NEXT_COUNTY, PREFECTURE,
    "officer", "officer.2", "contact", "contact.2", "auditor", "auditor.2", "operator",
)  # fmt: skip


@pytest.fixture
def company(session, cast):
    """The accounts of the columns."""
    session.add_all(
        [
            account("officer", "组织员", "union_officer", "652301", union_id=cast.shunda_union.id),
            account("officer.2", "工会主席", "union_officer", "652301", union_id=cast.joint_union.id),
            account("contact", "联络人", "employer_contact", "652301", employer_id=cast.shunda.id),
            account("contact.2", "李联络", "employer_contact", "652301", employer_id=cast.small_a.id),
            account("auditor", "审计员", "auditor", "652301"),
            account("auditor.2", "李审计", "auditor", "652302"),
            account("operator", "管理员", "operator", "652300"),
        ]
    )
    session.commit()


def browser(app, login):
    """Somebody's browser, signed in unless it is a visitor's."""
    client = app.test_client()
    client.set_cookie("lang", "en")
    return sign_in(client, login) if login else client


def foundings_for(route, session, cast):
    """What stands behind routes of foundings and of terms; the foundings take nine tenths of all the time.

    So where one ``route`` is looked at, and it needs none, there are none.
    """
    running = {"ordinal": 1, "years": 5, "elected_on": date(2021, 3, 1), "ends_on": date(2026, 3, 1)}
    session.add(UnionTerm(union_id=cast.shunda_union.id, **running))  # what is elected anew and has its certificate
    session.commit()
    asked = route is None or any(str(each).startswith("/founding") for each in (route, POSTS[route][2]))
    return routes_of_foundings(session, cast) if asked else {}


def decided_cases(session, cast):
    """What can be undone or sent again: one case, and several of one act."""
    declined = make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED), identity="652302199501010000")
    make.reversal(session, declined, by=cast.prefecture)
    make.join_application(session, application={"number": "ALL"}, identity="652302199501020006", phone="13600000001")
    several = make.join_application(
        session, steps=(Step.SUBMITTED, Step.REFUSED), identity="652302199501030000", phone="13600000002"
    )
    make.reversal(session, several, by=cast.prefecture)
    of_city = make.batch(session, several, by=cast.city)
    of_prefecture = make.batch(session, several, by=cast.prefecture)
    return {
        "/desk/many/<code>": f"/desk/many/{of_city.code}",
        "/desk/many/<code>/undo": f"/desk/many/{of_prefecture.code}/undo",
        "/messages/<key>/again": f"/messages/{make.message(session, declined, key='STUCK').key}/again",
        "/desk/<number>/undo": f"/desk/{declined.number}/undo",
    }


@pytest.fixture
def places(request, session, cast):
    """What stands behind each parameter, all of it in Changji city."""
    of_shunda = {"union_id": cast.shunda_union.id}
    joining = make.join_application(session, application=of_shunda)
    returned = make.join_application(session, steps=(Step.SUBMITTED, Step.RETURNED), identity="652328198512310005")
    session.execute(update(ApplicationAct).where(ApplicationAct.step == Step.RETURNED).values(fields=["name"]))
    session.commit()
    founding = make.founding_application(session, way="new_joint", units=({}, {"link": "NEIGHBOR", "answer": None}))
    member = make.card(
        session, make.member(session, cast.shunda_union, phone="13900000077", identity="652302199001090005")
    )
    admitted = make.join_application(session, steps=(Step.SUBMITTED, Step.APPROVED), identity=member.person.identity)
    decided = decided_cases(session, cast)
    unconfirmed = make.join_application(session, confirmed_by="", application=of_shunda)
    refused = make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED), identity="652302199001100007")
    make.employer(session, code="FREE")
    guided = make.employer(session, code="GUIDED")
    make.pairing(session, guided, cast.city)
    session.add(
        Invitation(
            account_id=cast.city.id, token_match=vault.match("TOKEN", "invitation"), made_at=make.NOW, until=FAR_AWAY
        )
    )
    leave = Delegation(code="LEAVE", absent_id=cast.prefecture.id, deputy_id=cast.city.id, made_at=make.NOW)
    leave.from_on = leave.until_on = clock.today()
    second = account("changji-2", "李干部", "prefecture_cadre", "652300", code="SECOND")
    session.add_all([leave, second])
    session.commit()
    make.union(session, code="NEXT", kind="joint")
    card = f"/card/{member.link}"
    return {
        **foundings_for(request.node.callspec.params.get("route"), session, cast),
        "/u/<code>": f"/u/{cast.shunda_union.code}",
        "/e/<code>": f"/e/{cast.shunda.code}",
        "/m/<code>": f"/m/{make.event(session, code='SCANNED').code}",
        "/card/<link>": card,
        "/card/<link>/qr.png": f"{card}/qr.png",
        "/card/<link>/ask/<kind>": f"{card}/ask/close",
        "/card/<link>/my-data": f"{card}/my-data",
        "/card/<link>/my-data.csv": f"{card}/my-data.csv",
        "/card/<link>/looks": f"{card}/looks",
        "/verify/<code>": f"/verify/{member.code}",
        "/status/<link>/card": f"/status/{admitted.link}/card",
        "/status/<link>/looks": f"/status/{joining.link}/looks",
        "/status/<link>/erase": f"/status/{refused.link}/erase",
        "/status/<link>/my-data.csv": f"/status/{joining.link}/my-data.csv",
        "/desk/<number>/full": f"/desk/{joining.number}/full",
        "/members/<code>/full": f"/members/{member.person.code}/full",
        "/v/<code>": f"/v/{make.visit(session, code='SCANNED').code}",
        "/join/receipt/<number>": f"/join/receipt/{make.join_application(session, filled_by_name='王').number}",
        "/join/referral/<code>": f"/join/referral/{make.referral(session).code}",
        "/join/notice/<digest>": f"/join/notice/{make.notice(session).digest}",
        "/found/invitation/<link>": "/found/invitation/NEIGHBOR",
        "/found/invite/<link>": f"/found/invite/{founding.link}",
        "/status/<link>": f"/status/{returned.link}",
        "/status/<link>/withdraw": f"/status/{joining.link}/withdraw",
        "/desk/<number>": f"/desk/{joining.number}",
        "/desk/<number>/confirm": f"/desk/{unconfirmed.number}/confirm",
        "/desk/<number>/decision": f"/desk/{joining.number}/decision",
        "/desk/<number>/take-on": f"/desk/{joining.number}/take-on",
        "/members/<code>": f"/members/{make.member(session, cast.shunda_union).code}",
        "/unions/<code>": f"/unions/{cast.shunda_union.code}",
        "/unions/<code>/units": f"/unions/{cast.joint_union.code}/units",
        "/unions/<code>/units/<employer>/end": f"/unions/{cast.joint_union.code}/units/{cast.small_a.code}/end",
        "/unions/<code>/term": f"/unions/{cast.joint_union.code}/term",
        "/unions/<code>/certificate": f"/unions/{cast.shunda_union.code}/certificate",
        "/unions/<code>/merge": f"/unions/{cast.joint_union.code}/merge",
        "/unions/<code>/dissolve": f"/unions/{cast.joint_union.code}/dissolve",
        "/employers/<code>/close": f"/employers/{cast.shunda.code}/close",
        "/employers/<code>": f"/employers/{cast.shunda.code}",
        "/matching/<code>": f"/matching/{cast.uncovered.code}",
        "/visits/<code>": f"/visits/{make.visit(session).code}",
        "/events/<code>": f"/events/{make.event(session).code}",
        "/posters/<letter>/<code>": f"/posters/e/{cast.shunda.code}",
        "/posters/<letter>/<code>/qr.png": f"/posters/e/{cast.shunda.code}/qr.png",
        "/employers/<code>/headcounts": f"/employers/{cast.shunda.code}/headcounts",
        "/pairings/<code>": f"/pairings/{cast.uncovered.code}",
        "/pairings/<code>/guide": f"/pairings/{cast.uncovered.code}/guide",
        "/pairings/<code>/contacts": f"/pairings/{cast.uncovered.code}/contacts",
        "/pairings/<code>/end": f"/pairings/{guided.code}/end",
        "/desk/sentences/<county>/<purpose>/<position>": "/desk/sentences/652301/returned/1",
        "/desk/sentences/<county>/<purpose>/<position>/end": "/desk/sentences/652301/returned/1/end",
        **decided,
        "/invitation/<token>": "/invitation/TOKEN",
        "/accounts/<code>": f"/accounts/{cast.city.code}",
        **{f"/accounts/<code>/{act}": f"/accounts/{cast.city.code}/{act}" for act in ACCOUNT_ACTS},
        **{f"/account/leave/<code>/{act}": f"/account/leave/LEAVE/{act}" for act in ("end", "stand-in")},
    }


def given(client, path, method="get"):
    """What somebody gets, read to its end: a file that is streamed holds the database until then."""
    answer = getattr(client, method)(path)
    assert b"Traceback" not in answer.get_data()
    found = ANSWERS[answer.status_code]
    return "S" if found == ">" and answer.location.startswith("/signin?next=") else found


def shown(client, path):
    """The status of a page, read to its end."""
    answer = client.get(path)
    answer.get_data()
    return answer.status_code


def column(table, person):
    """What the table says of one of the people."""
    return {route: line.replace(" ", "")[PEOPLE.index(person)] for route, line in table.items()}


def routes(app, method):
    return {rule.rule for rule in app.url_map.iter_rules() if method in rule.methods and rule.endpoint != "static"}


@pytest.mark.parametrize("person", PEOPLE)
def test_every_route_opens_to_those_who_may_and_to_nobody_else(app, company, places, person):
    client = browser(app, person)

    assert {rule: given(client, places.get(rule, rule)) for rule in routes(app, "GET")} == column(TABLE, person)


@pytest.mark.parametrize("person", PEOPLE)
def test_what_changes_something_opens_to_those_who_may_and_to_nobody_else(app, session, company, places, person):
    client = browser(app, person)
    before = everything(session)

    assert {rule: given(client, places.get(rule, rule), "post") for rule in routes(app, "POST")} == column(
        POST_TABLE, person
    )
    assert everything(session) == before  # nothing was sent with a token


@pytest.mark.parametrize("person", PEOPLE)
def test_a_list_of_another_county_is_not_there(app, company, person):
    client = browser(app, person)

    assert {rule: given(client, f"{rule}?county=652301") for rule in OF_A_COUNTY} == column(OF_A_COUNTY, person)


def test_what_is_not_there_is_answered_like_what_is_not_yours(app, cast, places):
    city, fukang = browser(app, CITY), browser(app, NEXT_COUNTY)
    hidden = column(TABLE, NEXT_COUNTY)
    inside = [rule for rule in routes(app, "GET") if "<" in rule and hidden[rule] == "-"]

    for rule in inside:
        not_yours = fukang.get(places[rule])
        not_there = city.get(rule.replace("<letter>", "u").replace("<code>", "NONE").replace("<number>", "NONE"))
        assert (not_there.status_code, not_yours.status_code) == (404, 404)
        said = [
            answer.get_data(as_text=True).split("<main")[1].split("</main>")[0] for answer in (not_there, not_yours)
        ]
        assert said[0] == said[1]
    assert len(inside) == 23


@pytest.mark.parametrize(
    "path",
    [
        *(f"/{letter}/NONE" for letter in "uemv"),
        "/join/receipt/NONE",
        "/join/referral/NONE",
        "/join/notice/NONE",
        "/status/NONE",
        "/found/invitation/NONE",
        *(
            f"/founding/NONE{rest}"
            for rest in (
                "",
                "/request",
                "/meeting",
                "/votes",
                "/votes/again",
                "/votes/corrected",
                "/offices",
                "/registration",
                "/withdraw",
                "/code/NONE",
                "/papers/group_request",
                "/papers/group_request.docx",
            )
        ),
        "/status/NONE/withdraw",
        "/status/NONE/looks",
        "/status/NONE/erase",
        "/card/NONE",
        "/card/NONE/qr.png",
        "/card/NONE/ask/close",
        "/card/NONE/my-data",
        "/card/NONE/looks",
    ],
)
def test_a_link_nobody_has_made_leads_nowhere(client, cast, path):
    assert client.get(path).status_code == 404


# Route of the group: the stages of a committee of one's own it is open in; in every other one it has moved on.
OPEN_IN = {
    "/request": {Stage.GROUP_REQUEST},
    "/meeting": {Stage.MEETING_REQUEST},
    "/votes": {Stage.MEETING},
    "/votes/corrected": {Stage.FIRST_SESSION, Stage.RESULT_REPORT},
    "/offices": {Stage.FIRST_SESSION},
    "/registration": {Stage.REGISTRATION},
}
MOVED_ON, NOTHING_OPEN = 409, 303


@pytest.mark.parametrize("stage", [each for each, _entry in COURSE], ids=str)
def test_what_belongs_to_another_stage_has_moved_on(client, session, cast, stage):
    path = f"/founding/{in_stage(ground(session, cast), stage).link}"

    assert {rest: shown(client, path + rest) for rest in OPEN_IN} == {
        rest: IN if stage in stages else MOVED_ON for rest, stages in OPEN_IN.items()
    }
    voted = stage in {Stage.FIRST_SESSION, Stage.RESULT_REPORT}  # all seats are filled there
    assert shown(client, f"{path}/votes/again") == (NOTHING_OPEN if voted else MOVED_ON)
    assert (shown(client, path), shown(client, f"{path}/withdraw")) == (IN, IN)


# Route: the stages in which it is done; what is sent; what it answers in the others.
BUTTONS = {
    "/prepared": {Stage.PREPARATION},
    "/fewer-seats": {Stage.FIRST_SESSION, Stage.RESULT_REPORT},
    "/again": {Stage.FIRST_SESSION, Stage.RESULT_REPORT},
    "/report": {Stage.FIRST_SESSION, Stage.RESULT_REPORT},
    "/reminded/NONE": {Stage.GROUP_REQUEST},
}


@pytest.mark.parametrize("stage", [each for each, _entry in COURSE], ids=str)
@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_of_another_stage_changes_nothing(client, session, cast, button, stage):
    row = in_stage(ground(session, cast), stage)
    path = f"/founding/{row.link}"
    sent = {"csrf_token": csrf(client, "/status")}
    before = everything(session)

    if stage not in BUTTONS[button]:
        assert posted(client, path + button, sent) == MOVED_ON
        assert everything(session) == before
    else:
        assert posted(client, path + button, sent) != MOVED_ON


GATES = (Stage.GROUP_REPLY, Stage.MEETING_REPLY, Stage.ESTABLISHMENT)


@pytest.mark.parametrize("stage", [each for each, _entry in COURSE], ids=str)
def test_the_upper_union_replies_at_its_gates_and_closes_the_last_stage(client, session, cast, stage):
    row = in_stage(ground(session, cast), stage)
    token = csrf(sign_in(client), "/members/find")
    days = dict.fromkeys(("real_name", "plaque", "funds"), "2021-12-20")
    refusal = {"step": "refused", "version": str(row.version), "note": "材料不实"}
    case = f"/foundings/{row.number}"

    assert posted(client, f"{case}/conclude", days | {"csrf_token": token}) == (
        303 if stage is Stage.ENTRY else MOVED_ON
    )
    assert posted(client, f"{case}/reply", refusal | {"csrf_token": token}) == (303 if stage in GATES else MOVED_ON)


JOINING = {
    "name": "马晓",
    "identity": "652302198802290002",
    "phone": "13812341234",
    "identity_consent": "y",
    "without_code": "y",
}
FOUNDING = {"contact_name": "马晓", "contact_phone": "13812341234"}
REQUEST = {
    "union_name": "筹建中的网点工会委员会", "workers": "5", "barred": "0", "region_code": "652301002",
    "contact_name": "马晓", "contact_phone": "13812341234", "group-0-name": "马晓",
}  # fmt: skip
PLAN = {
    "union_name": "昌吉市筹建网点工会委员会",
    "meeting_on": SOON, "place": "分拨中心", "notice_from": str(clock.today()), "term_years": "5", "seats": "3",
    "candidates-0-person": "", "candidates-0-body": "committee", "candidates-0-relation": "none",
}  # fmt: skip
BALLOTS = {"issued_committee": "5", "returned_committee": "5", "void_committee": "0"}
HELD = BALLOTS | {
    "held_on": "2021-12-10", "present": "5", "rules_adopted": "y", "counters": "胡斌",
    "yes_committee_1": "5", "yes_committee_2": "4", "yes_committee_3": "3", "yes_committee_4": "1",
}  # fmt: skip
AGAIN = BALLOTS | {"version": "7", "yes_committee_3": "4", "yes_committee_4": "1"}
ENTRY_DAYS = {"real_name": "2021-12-20", "plaque": "2021-12-20", "funds": "2021-12-20"}
VISIT = {
    "kind": "summer_cooling", "visited_on": "2021-07-01", "region_code": "652301001", "place": "物流园",
    "people_met": "40", "goods": "水", "amount": "10", "fund": "upper_union",
}  # fmt: skip

PAPER = "昌工发〔2026〕5号"
VOTED = {"voted_on": "2021-10-20", "approval_number": PAPER, "approved_on": "2021-10-25"}
SHORTLY = {"on": "2021-11-30", "document": PAPER}

EVENT = {"name": "集中入会仪式", "held_on": "2021-11-20", "region_code": "652301002", "place": "物流园"}

TAIL = "0005"
LONG = "xe mao dang ren san"

# Route: what is sent, what is asked in the address, where the token comes from; without the token, with it.
POSTS = {
    "/join/form":               (JOINING, GUIDE, None, BAD, 303),
    "/join/referral":           ({}, "?work_region=652323520", "/join/answer?work_region=652323520", 303, 303),
    "/found/form":              (FOUNDING, CHOSEN, None, BAD, 303),
    "/found/invitation/<link>": (
        {"answer": "declined", "note": "老板不在", "contact_name": "李强", "contact_phone": "13800000009"},
        "", None, BAD, 303),
    "/found/invite/<link>":     ({"units": "FREE"}, "", None, BAD, 303),
    "/founding/<link>/request": (
        REQUEST, "", None, BAD, 303),
    "/founding/<link>/reminded/<unit>": ({}, "", "/founding/<link>/request", BAD, 303),
    "/founding/<link>/left-out/<unit>": ({"note": "已超过25人"}, "", None, BAD, 303),
    "/founding/<link>/prepared": ({}, "", "/founding/<link>/request", BAD, 303),
    "/founding/<link>/meeting": (PLAN, "", None, BAD, 303),
    "/founding/<link>/votes":   (HELD, "", None, BAD, 303),
    "/founding/<link>/votes/corrected": (HELD | {"correction": "打错了"}, "", None, BAD, 303),
    "/founding/<link>/votes/again": (AGAIN, "", None, BAD, 303),
    "/founding/<link>/fewer-seats": ({}, "", "/founding/<link>/request", BAD, 303),
    "/founding/<link>/again":   ({}, "", "/founding/<link>/request", BAD, 303),
    "/founding/<link>/offices": ({"chair": "committee-1", "womens_member": "committee-1"}, "", None, BAD, 303),
    "/founding/<link>/report":  ({}, "", "/founding/<link>/request", BAD, 303),
    "/founding/<link>/registration": ({"seal": "2021-12-13"}, "", None, BAD, 303),
    "/founding/<link>/papers/<kind>": ({"words": "本网点职工均已同意。"}, "", None, BAD, 303),
    "/founding/<link>/withdraw": ({}, "", None, BAD, 303),
    "/founding/<link>/applications/<number>": ({"step": "approved", "version": "1"}, "", "/desk/find", BAD, 422),
    "/foundings/<number>/reply": (
        {"step": "group_approved", "version": "2"}, "", "/foundings/<number>", BAD, 303),
    "/foundings/<number>/full": ({"reason": "核实参与单位"}, "", "/foundings/<number>", BAD, 200),
    "/foundings/<number>/conclude": (ENTRY_DAYS, "", "/foundings/<number>", BAD, 303),
    "/foundings/<number>/papers/<kind>/words": (
        {"words": "同意。"}, "", "/foundings/<number>/papers/<kind>", BAD, 303),
    "/unions/<code>/re-election": ({}, "", "/foundings/<number>", 303, 303),
    "/status":                  ({"code": "LINK"}, "", None, BAD, BAD),
    "/status/phone":            ({"phone": "13800000001"}, "", None, BAD, 200),
    "/status/phone/code":       ({"phone": "13800000001", "code": "123456"}, "", "/status/phone", BAD, BAD),
    "/status/phone/own":       (
        {"phone": "13800000001", "code": "123456", "tail": "0005"}, "", "/status/phone", BAD, BAD),
    "/status/<link>":           ({"name": "别人"}, "", None, BAD, 303),
    "/status/<link>/withdraw":  ({}, "", None, BAD, 303),
    "/desk/<number>/confirm":   ({"how": "已回电"}, "", "/desk/<number>", BAD, 303),
    "/desk/<number>/decision":  (
        {"step": "approved", "version": "1"}, "", "/desk/<number>", BAD, 303),
    "/desk/<number>/take-on":   ({"version": "1"}, "", "/desk", 303, 303),
    "/desk/<number>/undo":      ({}, "", "/desk", 303, 303),
    "/desk/many":               ({"all_found": "y", "view": "waiting"}, "", "/desk", 303, 200),
    "/desk/many/approve":       ({"case": "ALL:1", "key": "a-key-of-the-form"}, "", "/desk", BAD, 303),
    "/desk/many/<code>/undo":   ({}, "", "/desk", 303, 303),
    "/messages/<key>/again":    ({}, "", "/messages", BAD, 303),
    "/desk/find":               ({"words": "13811110000"}, "", None, BAD, 200),
    "/desk/filters":            ({"name": "快递员"}, "?group=courier", "/desk", BAD, 303),
    "/desk/filters/drop":       ({"name": "快递员"}, "", "/desk", 303, 303),
    "/desk/sentences":          ({"purpose": "returned", "text": "请补照片。"}, "", None, BAD, 303),
    "/desk/sentences/<county>/<purpose>/<position>": (
        {"text": "请补照片。", "before": DEFAULTS[Step.RETURNED][0]}, "", "/desk/sentences", BAD, 303),
    "/desk/sentences/<county>/<purpose>/<position>/end": (
        {"before": DEFAULTS[Step.RETURNED][0]}, "", "/desk/sentences", 303, 303),
    "/status/<link>/erase":     ({"tail": "0007"}, "", None, BAD, 303),
    "/status/<link>/card":        ({}, "", "/status/<link>", 303, 303),
    "/status/<link>/my-data.csv": ({"tail": TAIL}, "", "/status/<link>/looks", BAD, 200),
    "/card/<link>/ask/<kind>":    ({"sure": "y", "tail": TAIL}, "", None, BAD, 303),
    "/card/<link>/my-data.csv":   ({"tail": TAIL}, "", "/card/<link>/my-data", BAD, 200),
    "/desk/<number>/full":        ({"reason": "核对身份"}, "", "/desk/<number>", BAD, 200),
    "/members/<code>/full":       ({"reason": "核对身份"}, "", "/members/<code>", BAD, 200),
    "/members/full.csv":        ({"reason": "办理会员卡"}, "?as_of=2021-11-30", "/members", BAD, 200),
    "/members/find":            ({"words": "13800000000"}, "", None, BAD, 200),
    "/visits/new":              (VISIT, "", None, BAD, 303),
    "/events/new":              (EVENT, "", None, BAD, 303),
    "/unions/<code>/units":     ({"employer_code": "FREE", **SHORTLY}, "", None, BAD, 303),
    "/unions/<code>/units/<employer>/end": ({"cause": "moved_away", **SHORTLY}, "", None, BAD, 303),
    "/unions/<code>/term":      (
        {"ordinal": "1", "elected_on": "2021-11-30", "years": "5", "chair": "马晓"}, "", None, BAD, 303),
    "/unions/<code>/certificate": (
        {"registered_on": "2021-04-01", "credit_code": "81652301MC0000004U", "certificate_until": "2026-03-01"},
        "", None, BAD, 303),
    "/unions/<code>/merge":     (
        {"into": "NEXT", "cause": "same_trade", "on": "2021-11-30", **VOTED}, "", None, BAD, 303),
    "/unions/<code>/dissolve":  ({"cause": "by_vote", "on": "2021-11-30", **VOTED}, "", None, BAD, 303),
    "/employers/<code>/close":  (SHORTLY, "", None, BAD, 303),
    "/employers/<code>/headcounts": (
        {"surveyed_on": "2021-11-01", "workers": "31", "source": "上门走访"}, "", None, BAD, 303),
    "/pairings/hand-over":      ({"to": PREFECTURE, "employers": "GUIDED"}, f"?from={CITY}", None, BAD, 303),
    "/pairings/<code>/guide":   (
        {"version": "0", "guide": CITY, "step": "上门讲政策", "due_on": SOON}, "", "/pairings/<code>", BAD, 303),
    "/pairings/<code>/contacts": (
        {"contacted_on": str(clock.today()), "way": "phone", "words": "约好上门"}, "", "/pairings/<code>", BAD, 303),
    "/pairings/<code>/end":     ({"version": "1", "note": "正在注销"}, "", "/pairings/<code>", BAD, 303),
    "/signin":                  ({"login": CITY, "password": "wrong"}, "", None, BAD, BAD),
    "/signin/code":             ({"code": "000000"}, "", "/signin", 303, 303),
    "/invitation/<token>":      ({"password": LONG, "again": LONG}, "", None, BAD, 303),
    "/signout":                 ({}, "", "/desk", 303, 303),
    "/account/password":        ({"present": PASSWORD, "password": LONG, "again": LONG}, "", None, BAD, 303),
    "/account/second-factor":   ({"present": PASSWORD, "code": "000000"}, "", None, BAD, BAD),
    "/account/second-factor/end": ({"present": PASSWORD}, "", "/account", BAD, 303),
    "/account/recovery-codes":  ({"present": PASSWORD}, "", "/account", BAD, BAD),
    "/account/sessions/end":    ({}, "", "/account", 303, 303),
    "/account/leave":           (
        {"deputy": "SECOND", "from_on": SOON, "until_on": SOON}, "", "/account", BAD, 303),
    "/account/leave/<code>/end": ({}, "", "/account", 303, 303),
    "/account/leave/<code>/stand-in": ({}, "", "/account", 303, 404),
    "/account/stand-in/end":    ({}, "", "/account", 303, 303),
    "/account/hand-over":       ({"to": "SECOND", "reason": "调岗"}, "", "/account", BAD, BAD),
    "/accounts/new":            (
        {"login": "new.one", "name": "新联络人", "role": "employer_contact", "place": "652301",
         "unit": "顺达快递有限公司"}, "", None, BAD, 200),
    **dict.fromkeys((f"/accounts/<code>/{act}" for act in ("link", "end", "reopen")), (
        {}, "", "/account", BAD, 404)),
    "/accounts/<code>/second-factor": ({"present": PASSWORD}, "", "/account", BAD, 404),
}  # fmt: skip
CHANGES_NOTHING = {
    "/status", "/desk/find", "/desk/many", "/members/find", "/signin/code",
    "/account/second-factor", "/account/recovery-codes",
    "/founding/<link>/applications/<number>",
    "/account/leave/<code>/stand-in", "/account/stand-in/end", "/account/hand-over",
    *(f"/accounts/<code>/{act}" for act in ACCOUNT_ACTS),
}  # fmt: skip


def posted(client, path, sent):
    """The status of what is answered, read to its end."""
    answer = client.post(path, data=sent)
    answer.get_data()
    return answer.status_code


def everything(session):
    """All rows of all tables, but how often something was tried."""
    session.rollback()
    tables = (table for table in Base.metadata.sorted_tables if table is not LimitCount.__table__)
    return {table.name: sorted(map(repr, session.execute(select(table)))) for table in tables}


def test_every_route_that_takes_something_is_on_the_list(app):
    assert routes(app, "POST") == set(POSTS)


@pytest.mark.parametrize("route", POSTS)
def test_nothing_is_changed_without_a_token_and_with_it_the_same_is_done(client, session, places, route):
    sent, query, asks, without, with_token = POSTS[route]
    sign_in(client, PREFECTURE)
    path = places.get(route, route) + query
    before = everything(session)

    assert posted(client, path, sent) == without
    assert posted(client, path, sent | {"csrf_token": "forged"}) == without
    assert everything(session) == before
    assert client.get("/desk").status_code == 200

    token = csrf(client, places.get(asks, asks) if asks else path)
    assert posted(client, path, sent | {"csrf_token": token}) == with_token
    assert (everything(session) == before) is (route in CHANGES_NOTHING)
