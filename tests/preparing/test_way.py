"""Three depots on their way from the first answer to a registered joint union, page by page, form by form."""

from datetime import date

import pytest

from enrollment.rules.stages import Stage
from enrollment.storage.applications import Application
from enrollment.storage.ledger import Membership
from enrollment.storage.unions import Union
from tests import make
from tests.cast import sign_in
from tests.preparing.way import JOINT_NAME, MEETING, REPLIED, TODAY, fill, press, press_reply, text_of

REQUEST = {
    "union_name": JOINT_NAME, "business": "快递收派", "wish": "26人中24人同意", "workers": "9", "barred": "1",
    "region_code": "652301001", "contact_name": "马晓", "contact_phone": "13800000002",
    "group__0__name": "马晓", "group__0__unit_name": "东风网点", "group__0__post": "会员联络人",
    "group__1__name": "李强", "group__1__unit_name": "西域网点", "group__1__post": "站长",
}  # fmt: skip
PLAN = {
    "union_name": JOINT_NAME, "meeting_on": "2021-12-10", "place": "分拨中心", "notice_from": "2021-12-01",
    "term_years": "5", "seats": "3", "audit_seats": "3",
}  # fmt: skip
PAPERS = ("group_request", "group_reply", "roster", "meeting_request", "meeting_reply", "attendance_sheet", "ballot",
          "result_report", "establishment_reply")  # fmt: skip


def went_well(answer):
    assert answer.status_code == 303, text_of(answer)
    return answer.location


def ask_neighbors(client, way):
    """A depot of nine asks two others in the guide; both agree on the pages they were sent."""
    way.units = [make.employer(way.session, name="东风网点", workers=9)]
    way.units += [make.employer(way.session, name=name, workers=n) for name, n in (("西域网点", 11), ("天山网点", 6))]
    address = "/found/form?workers=9&barred=1&region_code=652301001&unit_name=东风网点&way=new_joint"
    invited = [unit.code for unit in way.units[1:]]
    page = went_well(
        fill(client, address, contact_name="马晓", contact_phone="13800000002", units=invited, union_name=JOINT_NAME)
    )
    way.follow(way.session.query(Application).one())
    assert page == f"/founding/{way.link}"
    shown = text_of(client.get(page))
    assert ("No answer yet" in shown, "A joint union needs two units or more" in shown) == (True, True)
    for unit in way.founding().application.units[1:]:
        who = {"contact_name": "李强", "contact_phone": "13800000009"}
        went_well(fill(client, f"/found/invitation/{unit.link}", answer="agreed", **who))


def send_request(client, way):
    went_well(fill(client, f"/founding/{way.link}/request", **REQUEST, send="1"))


def gather(client, way):
    way.join(9, 11, 6)
    way.are_women(way.people[1])
    assert "9 of 9 are members" in text_of(client.get(f"/founding/{way.link}"))
    went_well(press(client, f"/founding/{way.link}", f"/founding/{way.link}/prepared"))


def plan(client, way):
    rows = {}
    for body, people, start in (("committee", way.people[:4], 0), ("audit", way.people[10:14], 4)):
        for n, person in enumerate(people, start):
            rows |= {f"candidates__{n}__person": person.code, f"candidates__{n}__body": body}
            rows |= {f"candidates__{n}__relation": "none"}
    went_well(fill(client, f"/founding/{way.link}/meeting", **PLAN, **rows, send="1"))


def vote(client, way):
    told = {"held_on": "2021-12-10", "present": "24", "rules_adopted": "y", "counters": "赵六"}
    for body, places in (("committee", (1, 2, 3, 4)), ("audit", (5, 6, 7, 8))):
        told |= {f"issued_{body}": "24", f"returned_{body}": "24", f"void_{body}": "0"}
        told |= {f"yes_{body}_{place}": yes for place, yes in zip(places, (24, 20, 15, 12), strict=True)}
    went_well(fill(client, f"/founding/{way.link}/votes", **told))
    assert text_of(client.get(f"/founding/{way.link}")).count(">elected<") == 6


def choose_officers(client, way):
    offices = {"chair": "committee-1", "audit_chair": "audit-5", "womens_member": "committee-2"}
    went_well(fill(client, f"/founding/{way.link}/offices", **offices))


def report(client, way):
    went_well(press(client, f"/founding/{way.link}", f"/founding/{way.link}/report"))
    assert way.founding().application.due_on == date(2021, 12, 25)


def approve(client, way):
    """The upper union says yes at the present gate."""
    went_well(press_reply(client, way.number, way.founding().position.part.done_by))


def register(client, way):
    told = {"seal": REPLIED, "bank_account": REPLIED, "legal_person": REPLIED, "certificate_until": "2026-12-10"}
    went_well(fill(client, f"/founding/{way.link}/registration", **told, credit_code="81652301MC0000004U"))


def conclude(client, way):
    case = f"/foundings/{way.number}"
    went_well(press(client, case, f"{case}/conclude", real_name=REPLIED, plaque=REPLIED, funds=REPLIED))


THE_WAY = (
    (TODAY, ask_neighbors, Stage.GROUP_REQUEST),
    (TODAY, send_request, Stage.GROUP_REPLY),
    (TODAY, approve, Stage.PREPARATION),
    (TODAY, gather, Stage.MEETING_REQUEST),
    (TODAY, plan, Stage.MEETING_REPLY),
    (TODAY, approve, Stage.MEETING),
    (MEETING, vote, Stage.FIRST_SESSION),
    (MEETING, choose_officers, Stage.RESULT_REPORT),
    (MEETING, report, Stage.ESTABLISHMENT),
    (REPLIED, approve, Stage.REGISTRATION),
    (REPLIED, register, Stage.ENTRY),
    (REPLIED, conclude, None),
)


@pytest.fixture
def walked(client, way, set_clock):
    """The whole way, one form after the other."""
    sign_in(client)
    for day, form, stage in THE_WAY:
        set_clock(day)
        form(client, way)
        assert way.stage is stage, form.__name__
    return way


def test_three_depots_found_a_joint_union(client, walked):
    union = walked.session.query(Union).filter_by(name=JOINT_NAME).one()
    open_now = walked.session.query(Membership).filter_by(union_id=union.id, until_on=None)

    assert (union.kind, union.approval_number, open_now.count()) == ("joint", "昌市工复〔2021〕3号", 26)
    assert walked.state == "approved"
    assert JOINT_NAME in text_of(client.get(f"/founding/{walked.link}"))
    for kind in PAPERS:
        for page in (f"/founding/{walked.link}", f"/foundings/{walked.number}"):
            assert client.get(f"{page}/papers/{kind}").status_code == 200, kind
            assert client.get(f"{page}/papers/{kind}.docx").status_code == 200, kind
