"""Every route as every kind of person; nothing is changed without a token.

A route without a line here fails: whoever adds one says who may open it.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from enrollment.rules.applications import Step
from enrollment.rules.stages import Stage
from enrollment.storage.applications import ApplicationAct
from enrollment.storage.tables import Base
from enrollment.web import clock
from tests import make
from tests.cast import CITY, NEXT_COUNTY, PREFECTURE, csrf, sign_in
from tests.web.staged import COURSE, ground, in_stage, routes_of_foundings

SOON = str(clock.today() + timedelta(days=21))
IN, ASK, BAD = 200, 303, 422  # shown; sent to sign in, or on; shown again with what is missing
GONE = 404

# Route of Changji city (652301), or of nowhere: a visitor, its own cadre, the cadre of Fukang, the prefecture's cadre.
TABLE = {
    # everybody's
    "/":                              (IN,   IN,   IN,   IN),
    "/healthz":                       (IN,   IN,   IN,   IN),
    "/u/<code>":                      (ASK,  ASK,  ASK,  ASK),
    "/e/<code>":                      (ASK,  ASK,  ASK,  ASK),
    "/m/<code>":                      (ASK,  ASK,  ASK,  ASK),
    "/v/<code>":                      (ASK,  ASK,  ASK,  ASK),
    "/join":                          (IN,   IN,   IN,   IN),
    "/join/answer":                   (IN,   IN,   IN,   IN),
    "/join/answer/picture":           (IN,   IN,   IN,   IN),
    "/join/receipt/<number>":         (IN,   IN,   IN,   IN),
    "/join/referral/<code>":          (IN,   IN,   IN,   IN),
    "/join/notice/<digest>":          (IN,   IN,   IN,   IN),
    "/join/form":                     (IN,   IN,   IN,   IN),
    "/found":                         (IN,   IN,   IN,   IN),
    "/found/answer":                  (BAD,  BAD,  BAD,  BAD),
    "/found/form":                    (ASK,  ASK,  ASK,  ASK),
    "/found/invitation/<link>":       (IN,   IN,   IN,   IN),
    "/found/invite/<link>":           (IN,   IN,   IN,   IN),
    "/founding/<link>":               (IN,   IN,   IN,   IN),
    "/founding/<link>/request":       (IN,   IN,   IN,   IN),
    "/founding/<link>/meeting":       (IN,   IN,   IN,   IN),
    "/founding/<link>/votes":         (IN,   IN,   IN,   IN),
    "/founding/<link>/votes/again":   (IN,   IN,   IN,   IN),
    "/founding/<link>/votes/corrected": (IN, IN,   IN,   IN),
    "/founding/<link>/offices":       (IN,   IN,   IN,   IN),
    "/founding/<link>/registration":  (IN,   IN,   IN,   IN),
    "/founding/<link>/withdraw":      (IN,   IN,   IN,   IN),
    "/founding/<link>/left-out/<unit>": (IN, IN,   IN,   IN),
    "/founding/<link>/code/<unit>":   (IN,   IN,   IN,   IN),
    "/founding/<link>/papers/<kind>": (IN,   IN,   IN,   IN),
    "/founding/<link>/papers/<kind>.docx": (IN, IN, IN,  IN),
    "/status":                        (IN,   IN,   IN,   IN),
    "/status/phone":                  (IN,   IN,   IN,   IN),
    "/status/phone/code":             (ASK,  ASK,  ASK,  ASK),
    "/status/<link>":                 (IN,   IN,   IN,   IN),
    "/status/<link>/withdraw":        (IN,   IN,   IN,   IN),
    "/status/<link>/looks":           (IN,   IN,   IN,   IN),
    "/card/<link>":                   (IN,   IN,   IN,   IN),
    "/card/<link>/qr.png":            (IN,   IN,   IN,   IN),
    "/card/<link>/ask/<kind>":        (IN,   IN,   IN,   IN),
    "/card/<link>/my-data":           (IN,   IN,   IN,   IN),
    "/card/<link>/looks":             (IN,   IN,   IN,   IN),
    "/verify/<code>":                 (IN,   IN,   IN,   IN),
    "/signin":                        (IN,   IN,   IN,   IN),
    # a cadre's own territory
    "/desk":                          (ASK,  IN,   IN,   IN),
    "/desk/referrals":                (ASK,  IN,   IN,   IN),
    "/desk/<number>":                 (ASK,  IN,   GONE, IN),
    "/desk/many/<code>":              (ASK,  IN,   GONE, GONE),
    "/messages":                      (ASK,  IN,   IN,   IN),
    "/deadlines":                     (ASK,  IN,   IN,   IN),
    "/foundings":                     (ASK,  IN,   IN,   IN),
    "/foundings/<number>":            (ASK,  IN,   GONE, IN),
    "/foundings/<number>/papers/<kind>": (ASK, IN, GONE, IN),
    "/foundings/<number>/papers/<kind>.docx": (ASK, IN, GONE, IN),
    "/applications.csv":              (ASK,  IN,   IN,   IN),
    "/members":                       (ASK,  IN,   IN,   IN),
    "/members.csv":                   (ASK,  IN,   IN,   IN),
    "/members/find":                  (ASK,  IN,   IN,   IN),
    "/members/<code>":                (ASK,  IN,   GONE, IN),
    "/unions":                        (ASK,  IN,   IN,   IN),
    "/unions.csv":                    (ASK,  IN,   IN,   IN),
    "/unions/<code>":                 (ASK,  IN,   GONE, IN),
    "/unions/<code>/units":           (ASK,  IN,   GONE, IN),
    "/unions/<code>/units/<employer>/end": (ASK, IN, GONE, IN),
    "/unions/<code>/term":            (ASK,  IN,   GONE, IN),
    "/unions/<code>/certificate":     (ASK,  IN,   GONE, IN),
    "/unions/<code>/merge":           (ASK,  IN,   GONE, IN),
    "/unions/<code>/dissolve":        (ASK,  IN,   GONE, IN),
    "/employers":                     (ASK,  IN,   IN,   IN),
    "/employers.csv":                 (ASK,  IN,   IN,   IN),
    "/employers/<code>":              (ASK,  IN,   GONE, IN),
    "/employers/<code>/close":        (ASK,  IN,   GONE, IN),
    "/matching":                      (ASK,  IN,   IN,   IN),
    "/matching.csv":                  (ASK,  IN,   IN,   IN),
    "/matching/<code>":               (ASK,  IN,   GONE, IN),
    "/rates":                         (ASK,  IN,   IN,   IN),
    "/rates.csv":                     (ASK,  IN,   IN,   IN),
    "/rates.svg":                     (ASK,  IN,   IN,   IN),
    "/visits":                        (ASK,  IN,   IN,   IN),
    "/visits.csv":                    (ASK,  IN,   IN,   IN),
    "/visits/new":                    (ASK,  IN,   IN,   IN),
    "/visits/names":                  (ASK,  IN,   IN,   IN),
    "/visits/<code>":                 (ASK,  IN,   GONE, IN),
    "/events":                        (ASK,  IN,   IN,   IN),
    "/events.csv":                    (ASK,  IN,   IN,   IN),
    "/events/new":                    (ASK,  IN,   IN,   IN),
    "/events/<code>":                 (ASK,  IN,   GONE, IN),
    "/posters/<letter>/<code>":       (ASK,  IN,   GONE, IN),
    "/posters/<letter>/<code>/qr.png": (ASK, IN,   GONE, IN),
}  # fmt: skip

# Lists that can be asked for one county: the same persons ask for Changji city's.
OF_A_COUNTY = dict.fromkeys(
    (
        "/desk",
        "/applications.csv",
        "/members",
        "/members.csv",
        "/unions",
        "/unions.csv",
        "/employers",
        "/employers.csv",
        "/matching",
        "/matching.csv",
        "/rates",
        "/rates.csv",
        "/rates.svg",
        "/visits",
        "/visits.csv",
        "/deadlines",
        "/events",
        "/events.csv",
    ),
    (ASK, IN, GONE, IN),
)
GUIDE = "?group=courier&pay=station&work_region=652301001&home_region=652301002"
CHOSEN = "?workers=4&barred=2&region_code=652301002&unit_name=新网点&way=one_officer"


@pytest.fixture
def people(app):
    """A visitor, the city's cadre, the next county's, the prefecture's: each with a browser."""
    everybody = [app.test_client() for _ in range(4)]
    for client in everybody:
        client.set_cookie("lang", "en")
    return everybody


@pytest.fixture
def places(session, cast):
    """What stands behind each parameter, all of it in Changji city."""
    joining = make.join_application(session)
    returned = make.join_application(session, steps=(Step.SUBMITTED, Step.RETURNED), identity="652328198512310005")
    session.execute(update(ApplicationAct).where(ApplicationAct.step == Step.RETURNED).values(fields=["name"]))
    session.commit()
    founding = make.founding_application(session, way="new_joint", units=({}, {"link": "NEIGHBOR", "answer": None}))
    member = make.card(
        session, make.member(session, cast.shunda_union, phone="13900000077", identity="652302199001090005")
    )
    admitted = make.join_application(session, steps=(Step.SUBMITTED, Step.APPROVED), identity=member.person.identity)
    refused = make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED), identity="652302199501010000")
    make.reversal(session, refused, by=cast.prefecture)
    make.join_application(session, application={"number": "ALL"}, identity="652302199501020006", phone="13600000001")
    several = make.join_application(
        session, steps=(Step.SUBMITTED, Step.REFUSED), identity="652302199501030000", phone="13600000002"
    )
    make.reversal(session, several, by=cast.prefecture)
    of_city = make.batch(session, several, by=cast.city)
    of_prefecture = make.batch(session, several, by=cast.prefecture)
    make.employer(session, code="FREE")
    make.union(session, code="NEXT", kind="joint")
    card = f"/card/{member.link}"
    return {
        **routes_of_foundings(session, cast),
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
        "/desk/<number>/confirm": f"/desk/{make.join_application(session, confirmed_by='').number}/confirm",
        "/desk/many/<code>": f"/desk/many/{of_city.code}",
        "/desk/many/<code>/undo": f"/desk/many/{of_prefecture.code}/undo",
        "/messages/<key>/again": f"/messages/{make.message(session, refused, key='STUCK').key}/again",
        "/desk/<number>/undo": f"/desk/{refused.number}/undo",
        "/desk/<number>/decision": f"/desk/{joining.number}/decision",
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
        "/posters/<letter>/<code>": f"/posters/u/{cast.joint_union.code}",
        "/posters/<letter>/<code>/qr.png": f"/posters/e/{cast.small_a.code}/qr.png",
    }


def signed_in(people):
    for client, login in zip(people[1:], (CITY, NEXT_COUNTY, PREFECTURE), strict=True):
        sign_in(client, login)
    return people


def shown(client, path):
    """The status of a page, read to its end: a file that is streamed holds the database until then."""
    answer = client.get(path)
    assert b"Traceback" not in answer.get_data()
    return answer.status_code


def walked(people, paths, query=""):
    """Rule → the status each of the people gets; nobody ever sees a trace."""
    found = {}
    for rule, path in paths.items():
        found[rule] = tuple(shown(client, path + query) for client in people)
    return found


def routes(app, method):
    return {rule.rule for rule in app.url_map.iter_rules() if method in rule.methods and rule.endpoint != "static"}


def test_every_route_opens_to_those_who_may_and_to_nobody_else(app, people, places):
    paths = {rule: places.get(rule, rule) for rule in routes(app, "GET")}

    assert walked(signed_in(people), paths) == TABLE


def test_a_list_of_another_county_is_not_there(people, cast):
    paths = {rule: rule for rule in OF_A_COUNTY}

    assert walked(signed_in(people), paths, "?county=652301") == OF_A_COUNTY


def test_what_is_not_there_is_answered_like_what_is_not_yours(app, people, places):
    city, fukang = signed_in(people)[1:3]
    inside = [rule for rule in routes(app, "GET") if "<" in rule and TABLE[rule] == (ASK, IN, GONE, IN)]

    for rule in inside:
        not_yours = fukang.get(places[rule])
        not_there = city.get(rule.replace("<letter>", "u").replace("<code>", "NONE").replace("<number>", "NONE"))
        assert (not_there.status_code, not_yours.status_code) == (404, 404)
        said = [
            answer.get_data(as_text=True).split("<main")[1].split("</main>")[0] for answer in (not_there, not_yours)
        ]
        assert said[0] == said[1]
    assert len(inside) == 19


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
    "/foundings/<number>/reply": (
        {"step": "group_approved", "version": "2"}, "", "/foundings/<number>", BAD, 303),
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
    "/desk/<number>/undo":      ({}, "", "/desk", 303, 303),
    "/desk/many":               ({"all_found": "y", "view": "waiting"}, "", "/desk", 303, 200),
    "/desk/many/approve":       ({"case": "ALL:1", "key": "a-key-of-the-form"}, "", "/desk", BAD, 303),
    "/desk/many/<code>/undo":   ({}, "", "/desk", 303, 303),
    "/messages/<key>/again":    ({}, "", "/messages", BAD, 303),
    "/status/<link>/card":        ({}, "", "/status/<link>", 303, 303),
    "/status/<link>/my-data.csv": ({"tail": TAIL}, "", "/status/<link>/looks", BAD, 200),
    "/card/<link>/ask/<kind>":    ({"sure": "y", "tail": TAIL}, "", None, BAD, 303),
    "/card/<link>/my-data.csv":   ({"tail": TAIL}, "", "/card/<link>/my-data", BAD, 200),
    "/desk/<number>/full":        ({"reason": "核对身份"}, "", "/desk/<number>", BAD, 200),
    "/members/<code>/full":       ({"reason": "核对身份"}, "", "/members/<code>", BAD, 200),
    "/members/full.csv":        ({"reason": "办理会员卡"}, "?as_of=2021-11-30", "/members", BAD, 200),
    "/members/find":            ({"number": "13800000000"}, "", None, BAD, 200),
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
    "/signin":                  ({"login": CITY, "password": "wrong"}, "", None, BAD, BAD),
    "/signout":                 ({}, "", "/desk", 303, 303),
}  # fmt: skip
CHANGES_NOTHING = {"/desk/many", "/status", "/members/find", "/signin", "/signout"}


def posted(client, path, sent):
    """The status of what is answered, read to its end."""
    answer = client.post(path, data=sent)
    answer.get_data()
    return answer.status_code


def everything(session):
    """All rows of all tables."""
    session.rollback()
    return {table.name: sorted(map(repr, session.execute(select(table)))) for table in Base.metadata.sorted_tables}


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
