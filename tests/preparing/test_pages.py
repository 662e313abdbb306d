"""The preparatory group's pages: what a form keeps, sends, refuses with words, and where it leads."""

import re
from datetime import date, timedelta
from io import BytesIO
from itertools import count

import pytest
from docx import Document
from markupsafe import escape

from enrollment.rules.stages import Stage
from enrollment.storage.foundings import FoundingBallot, FoundingCandidate, GroupMember, UnionTerm
from enrollment.web.words_of_founding import FOUNDING_REASONS
from tests import make
from tests.cast import csrf
from tests.conftest import counted
from tests.preparing.way import JOINT_NAME, MEETING, NOTICE, OWN_NAME, REPLIED, TODAY, how_many, noon, press, text_of

STAGES = [stage for stage in Stage if stage not in (Stage.JOIN_REQUEST, Stage.JOIN_REPLY)]


def says(reason):
    """What a page says for a reason, in English."""
    return str(escape(FOUNDING_REASONS[reason]))


def send(client, way, page, **answers):
    """Fill in a page of the group and send it; ``__`` in a name stands for a hyphen."""
    path = f"/founding/{way.link}/{page}"
    told = {name.replace("__", "-"): answer for name, answer in answers.items()}
    read = re.findall(r'name="(version)"[^>]*value="(\d+)"', text_of(client.get(path)))
    return client.post(path, data={"csrf_token": csrf(client, path), **dict(read), **told})


def button(client, way, act):
    """A button of the group's page; the second tap has its token from before."""
    return press(client, f"/founding/{way.link}/withdraw", f"/founding/{way.link}/{act}")


def show(client, way):
    return text_of(client.get(f"/founding/{way.link}"))


@pytest.fixture(autouse=True)
def clock(set_clock):
    """Every page is looked at on 30 November 2021 unless a test says otherwise."""
    return set_clock


# --- every stage ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["new_joint", "own_committee", "one_officer"])
def test_the_page_shows_every_stage_to_its_end(client, way, kind, clock):
    way.begin(kind, (3, 2) if kind == "new_joint" else (5,))
    for stage in (*STAGES, None):
        if kind == "one_officer" and stage is Stage.FIRST_SESSION:
            continue
        way.to(stage)
        clock(REPLIED)
        answer = client.get(f"/founding/{way.link}")
        assert answer.status_code == 200, stage
        assert way.number in text_of(answer)
        clock(TODAY)


@pytest.mark.parametrize("end", ["returned", "refused"])
def test_the_page_shows_the_words_of_a_reply(client, way, end):
    way.begin().send()
    way.reply(end, "写明职工意愿")

    assert "写明职工意愿" in show(client, way)


def test_the_page_says_why_the_assembly_is_held_again(client, way, clock):
    way.begin().to(Stage.MEETING)
    way.record(present=3, counted=[way.counted(3, 3, 3, 0, issued=3, returned=3)])
    way.report()
    way.reply("meeting_again", "到会不足三分之二", on=REPLIED)

    assert "到会不足三分之二" in show(client, way)


@pytest.mark.parametrize(("day", "late"), [(date(2021, 12, 7), False), (date(2021, 12, 8), True)])
def test_a_reply_that_is_overdue_says_so(client, way, clock, day, late):
    way.begin().send()
    clock(day)

    assert (">overdue</span>" in show(client, way)) is late
    assert "passed up to the prefecture union" not in show(client, way)


@pytest.mark.parametrize(("days", "late"), [(15, False), (16, True)])
def test_elec_20_an_overdue_reply_to_a_result_is_passed_up(client, way, clock, days, late):
    way.begin().to(Stage.ESTABLISHMENT)
    clock(MEETING + timedelta(days=days))

    assert ("passed up to the prefecture union" in show(client, way)) is late


def test_the_reply_to_a_result_is_due_by_the_election_rules(client, way, clock):
    way.begin().to(Stage.ESTABLISHMENT)
    clock(date(2021, 12, 25))
    assert "2021-12-25" in show(client, way)
    assert "passed up" not in show(client, way)
    clock(date(2021, 12, 26))
    assert "passed up to the prefecture union" in show(client, way)


def test_the_part_that_counts_comes_alone(client, way):
    way.begin().to(Stage.PREPARATION)
    way.join(1, 0)

    part = text_of(client.get(f"/founding/{way.link}", headers={"HX-Request": "true"}))

    assert part.strip().startswith("<section")
    assert "1 of 3 are members" in part
    assert "<html" not in part


PAGES = ["", "/request", "/meeting", "/votes", "/votes/corrected", "/votes/again", "/offices", "/registration",
         "/withdraw", "/papers/group_request", "/papers/group_request.docx", "/code/NOBODY"]  # fmt: skip
BUTTONS = ["/prepared", "/report", "/again", "/fewer-seats", "/reminded/NOBODY"]


@pytest.mark.parametrize("page", PAGES)
def test_an_unknown_link_leads_nowhere(client, cast, page):
    assert client.get(f"/founding/NOBODY{page}").status_code == 404


@pytest.mark.parametrize("page", BUTTONS)
def test_an_unknown_link_has_no_buttons(client, cast, page):
    assert client.post(f"/founding/NOBODY{page}").status_code == 404


@pytest.mark.parametrize(
    ("page", "stage"),
    [
        ("/request", Stage.GROUP_REPLY),
        ("/meeting", Stage.PREPARATION),
        ("/meeting", Stage.MEETING_REPLY),
        ("/votes", Stage.MEETING_REQUEST),
        ("/votes", Stage.FIRST_SESSION),
        ("/votes/corrected", Stage.MEETING),
        ("/votes/again", Stage.ESTABLISHMENT),
        ("/offices", Stage.RESULT_REPORT),
        ("/registration", Stage.ESTABLISHMENT),
        ("/registration", Stage.ENTRY),
    ],
)
def test_a_page_that_is_not_the_stages_has_moved_on(client, way, page, stage):
    way.begin().to(stage)

    assert client.get(f"/founding/{way.link}{page}").status_code == 409
    assert client.post(f"/founding/{way.link}{page}").status_code == 409


def test_a_button_of_another_stage_has_moved_on(client, way):
    way.begin()
    before = way.audit()

    assert {button(client, way, act).status_code for act in ("prepared", "report", "again", "fewer-seats")} == {409}
    assert way.audit() == before


def test_a_button_without_its_token_does_nothing(client, way):
    way.begin().to(Stage.PREPARATION)
    way.join()

    answer = client.post(f"/founding/{way.link}/prepared")

    assert (answer.status_code, way.stage) == (422, Stage.PREPARATION)


# --- the request ---------------------------------------------------------------------------------------------------

REQUEST = {
    "union_name": JOINT_NAME, "business": "快递收派", "wish": "全体职工同意", "workers": "3", "barred": "0",
    "region_code": "652301001", "contact_name": "马晓", "contact_phone": "138 0000 0002",
    "group__0__name": "马晓", "group__0__unit_name": "东风网点", "group__0__post": "快递员", "group__1__name": "",
    "group__1__post": "站长", "group__2__name": " 李强 ", "group__2__unit_name": "西域网点", "group__2__post": "站长",
}  # fmt: skip


def test_a_request_is_kept_and_sent_later(client, way):
    way.begin()

    answer = send(client, way, "request", **REQUEST)

    assert (answer.status_code, answer.location) == (303, f"/founding/{way.link}")
    assert way.stage is Stage.GROUP_REQUEST
    assert [row.name for row in way.founding().group] == ["马晓", "李强"]
    assert way.founding().details.contact_phone == "13800000002"
    page = text_of(client.get(f"/founding/{way.link}/request"))
    assert ("李强" in page, "全体职工同意" in page) == (True, True)


def test_a_request_is_kept_and_sent_at_once(client, way):
    way.begin()

    answer = send(client, way, "request", **REQUEST, send="1")

    assert (answer.status_code, way.stage) == (303, Stage.GROUP_REPLY)
    assert [note for _act, _subject, note in way.audit()] == ["kept", ""]
    assert send_again(client, way, "request").status_code == 409


def send_again(client, way, page):
    """The page is still open in another window."""
    token = csrf(client, f"/founding/{way.link}/withdraw")
    return client.post(f"/founding/{way.link}/{page}", data={"csrf_token": token, **REQUEST, "send": "1"})


def test_a_neighbor_is_left_out_with_a_reason(client, way):
    way.begin(sizes=(3, 2, 2))
    link = way.founding().application.units[2].link
    path = f"/founding/{way.link}/left-out/{link}"
    assert path in show(client, way)
    assert "天山网点" in text_of(client.get(path))

    empty = send(client, way, f"left-out/{link}", note=" ")
    answer = send(client, way, f"left-out/{link}", note="已超过25人")

    assert (empty.status_code, "Write why the others go on" in text_of(empty)) == (422, True)
    assert (answer.status_code, answer.location) == (303, f"/founding/{way.link}")
    page = show(client, way)
    assert ("Left out" in page, path in page, "天山网点：已超过25人" in page) == (True, False, True)
    assert client.get(f"/founding/{way.link}/left-out/NOBODY").status_code == 404
    invitation = text_of(client.get(f"/found/invitation/{link}"))
    assert ("The others go on without this unit" in invitation, 'value="agreed"' in invitation) == (True, False)


def test_a_township_of_another_county_is_refused_in_place(client, way):
    way.begin()

    answer = send(client, way, "request", **REQUEST | {"region_code": "652302001"}, send="1")

    assert answer.status_code == 422
    assert "This township is in another county" in text_of(answer)
    assert way.founding().county_code == "652301"


def test_what_cannot_be_sent_is_kept_and_says_why(client, way):
    way.begin()

    answer = send(client, way, "request", **REQUEST | {"union_name": "快递工会", "group__0__name": "",
                                                       "group__2__name": ""}, send="1")  # fmt: skip

    assert (answer.status_code, way.stage) == (422, Stage.GROUP_REQUEST)
    page = text_of(answer)
    assert (says("joint_name_ending") in page, says("group_is_empty") in page) == (True, True)
    assert (way.founding().details.union_name, how_many(way.session, GroupMember)) == ("快递工会", 0)
    assert says("group_is_empty") in show(client, way)


@pytest.mark.parametrize(
    "wrong",
    [
        {"workers": "0"},
        {"workers": "drei"},
        {"barred": "-1"},
        {"region_code": "110101001"},
        {"region_code": ""},
        {"contact_phone": "12"},
        {"contact_name": ""},
        {"wish": "愿" * 501},
        {"union_name": "名" * 121},
        {"group__0__cv": "历" * 201},
        {"group__0__name": "名" * 61},
    ],
)
def test_a_request_that_cannot_be_read_is_not_kept(client, way, wrong):
    way.begin()

    answer = send(client, way, "request", **REQUEST | wrong)

    assert (answer.status_code, way.audit()) == (422, [])
    assert "快递收派" in text_of(answer)


def test_more_barred_than_work_there_are_all_who_work_there(client, way):
    way.begin()

    send(client, way, "request", **REQUEST | {"workers": "3", "barred": "9"})

    assert way.founding().application.units[0].barred == 3


def test_one_more_row_keeps_what_was_typed_and_nothing_else(client, way):
    way.begin()

    answer = send(client, way, "request", **REQUEST, more="1")

    page = text_of(answer)
    assert (answer.status_code, way.audit()) == (200, [])
    assert 'name="group-3-name"' in page
    assert "李强" in page


def test_a_list_has_sixty_rows_at_most(client, way):
    way.begin()
    rows = {f"group-{n}-name": f"第{n}人" for n in range(60)}

    answer = send(client, way, "request", **REQUEST | rows, more="1")

    page = text_of(answer)
    assert (answer.status_code, 'name="group-59-name"' in page, 'name="group-60-name"' in page) == (200, True, False)


def test_who_joins_names_no_union_and_no_group(client, way):
    way.begin("join_joint", (4,), union_name="", group=(), application={"union_id": way.cast.joint_union.id})
    page = text_of(client.get(f"/founding/{way.link}/request"))
    assert ('name="union_name"' in page, 'name="group-0-name"' in page) == (False, False)

    answer = send(
        client, way, "request", workers="5", barred="0", region_code="652301001", contact_name="马晓",
        contact_phone="13800000002", joint_union=way.cast.joint_union.code, send="1",
    )  # fmt: skip

    assert (answer.status_code, way.stage, way.state) == (303, Stage.JOIN_REPLY, "submitted")
    assert way.founding().application.units[0].workers == 5


JOINING = {
    "workers": "4", "barred": "0", "region_code": "652301001", "contact_name": "马晓", "contact_phone": "13800000002",
}  # fmt: skip


def test_who_wanted_to_join_a_union_that_has_ended_chooses_another_of_the_county(client, way):
    ended = way.cast.joint_union
    way.begin("join_joint", (4,), union_name="", group=(), application={"union_id": ended.id})
    ended.dissolved_on = TODAY
    other = make.union(way.session, kind="joint", name="昌吉市第二联合工会")
    elsewhere = make.union(way.session, kind="joint", name="阜康市联合工会", county_code="652302")
    way.session.commit()
    assert "This union does not stand any more." in show(client, way)

    page = text_of(client.get(f"/founding/{way.link}/request"))
    assert (other.name in page, ended.name in page, elsewhere.name in page) == (True, False, False)
    answers = [
        send(client, way, "request", **JOINING, joint_union=union.code, send="1") for union in (ended, elsewhere, other)
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 303]
    assert (way.founding().application.union_id, way.stage) == (other.id, Stage.JOIN_REPLY)


def test_where_no_joint_union_stands_there_is_none_to_choose(client, way):
    way.begin("join_joint", (4,), union_name="", group=(), application={"union_id": way.cast.joint_union.id})
    way.cast.joint_union.dissolved_on = TODAY
    way.session.commit()
    assert 'name="joint_union"' not in text_of(client.get(f"/founding/{way.link}/request"))

    answer = send(client, way, "request", **JOINING, send="1")

    assert (answer.status_code, way.stage) == (422, Stage.JOIN_REQUEST)
    assert "This union does not stand any more." in text_of(answer)


def test_a_neighbor_is_reminded_from_the_page(client, way):
    way.begin(steps=("started",))
    unit = way.founding().application.units[1]
    unit.answer = None
    way.session.commit()
    assert "No answer yet" in show(client, way)

    answer = button(client, way, f"reminded/{unit.link}")

    assert (answer.status_code, way.steps()) == (303, ["started", "reminded"])
    assert button(client, way, "reminded/NOBODY").status_code == 404


def test_the_name_of_another_union_is_refused_on_the_page(client, way):
    make.union(way.session, name=JOINT_NAME)
    way.begin()

    answer = send(client, way, "request", **REQUEST, send="1")

    assert (answer.status_code, way.stage) == (422, Stage.GROUP_REQUEST)


# --- the members ---------------------------------------------------------------------------------------------------


def test_the_members_are_together_or_the_page_says_what_is_missing(client, way):
    way.begin().to(Stage.PREPARATION)
    answer = button(client, way, "prepared")
    assert (answer.status_code, way.stage) == (422, Stage.PREPARATION)
    assert "Each unit needs at least one member" in text_of(answer)

    way.join()
    assert "3 of 3 are members" in show(client, way)
    assert button(client, way, "prepared").status_code == 303
    assert (way.stage, button(client, way, "prepared").status_code) == (Stage.MEETING_REQUEST, 409)


def test_each_listed_depot_has_its_code(client, way):
    way.begin().to(Stage.PREPARATION)
    unit = way.founding().application.units[0]

    page = text_of(client.get(f"/founding/{way.link}/code/{unit.link}"))

    assert f"/e/{way.units[0].code}" in page
    assert client.get(f"/founding/{way.link}/code/NOBODY").status_code == 404


def test_a_depot_that_is_on_no_list_has_no_code_yet(client, way):
    way.begin("own_committee", (), units=({"name": "无名网点"},))
    [unit] = way.founding().application.units

    assert client.get(f"/founding/{way.link}/code/{unit.link}").status_code == 404


def test_the_page_costs_the_same_for_one_and_for_thirty(client, way, statements):
    costs = []
    for number in (2, 30):
        employers = [make.employer(way.session, workers=2) for _n in range(number)]
        units = tuple({"employer_id": unit.id, "name": unit.name, "workers": 2} for unit in employers)
        way.begin(sizes=(), units=units, union_name=f"第{number}片区联合工会委员会").to(Stage.PREPARATION)
        for unit in employers:
            make.members(way.session, way.cast.city_pool, 1, employer_id=unit.id)
        client.get(f"/founding/{way.link}")
        with counted(statements) as sent:
            page = show(client, way)
        costs.append(len(sent))
        assert page.count("1 of 2 are members") == number

    assert costs[0] == costs[1]


def test_the_plan_costs_the_same_for_five_and_for_thirty_members(client, way, statements):
    costs = []
    for members in (5, 30):
        way.people = []
        way.begin("own_committee", (members,), union_name=f"第{members}网点工会委员会").to(Stage.MEETING_REQUEST)
        client.get(f"/founding/{way.link}/meeting")
        with counted(statements) as sent:
            client.get(f"/founding/{way.link}/meeting")
        costs.append(len(sent))

    assert costs[0] == costs[1]


# --- the meeting ---------------------------------------------------------------------------------------------------

PLAN = {
    "union_name": JOINT_NAME,
    "meeting_on": "2021-12-10", "starts_at": "15:00", "place": "分拨中心", "notice_from": "2021-12-01",
    "term_years": "5", "seats": "3", "audit_seats": "",
}  # fmt: skip


def candidates(people, body="committee", start=0, **changes):
    """Rows of the form; ``changes`` by place: ``_0={"relation": "head"}``."""
    rows = {}
    for n, person in enumerate(people, start):
        row = {"person": person.code, "body": body, "relation": "none"} | changes.get(f"_{n}", {})
        rows |= {f"candidates-{n}-{name}": told for name, told in row.items()}
    return rows


def test_the_plan_is_filled_with_what_the_rules_suggest(client, way):
    way.begin().to(Stage.MEETING_REQUEST)

    page = text_of(client.get(f"/founding/{way.link}/meeting"))

    assert ('name="candidates-7-person"' in page, 'name="candidates-8-person"' in page) == (True, False)
    assert 'name="delegates"' not in page
    assert page.count(f'value="{way.people[0].code}"') == 8
    assert "会员1 · 东风网点" in page
    assert "5 members may vote." in page


def test_a_plan_is_kept_and_then_sent(client, way):
    way.begin().to(Stage.MEETING_REQUEST)
    people = way.people
    rows = candidates(people[:3], _1={"proposed_office": "chair"}) | {
        "candidates-3-person": "outside", "candidates-3-name": "张援建", "candidates-3-body": "committee",
        "candidates-3-relation": "none",
        "candidates-4-person": "", "candidates-4-name": "没有选人", "candidates-4-body": "committee",
        "candidates-4-relation": "none",
        "candidates-5-person": "outside", "candidates-5-name": "", "candidates-5-body": "committee",
        "candidates-5-relation": "none",
        "candidates-6-person": "NOBODY", "candidates-6-body": "committee", "candidates-6-relation": "none",
    }  # fmt: skip

    answer = send(client, way, "meeting", **PLAN, **rows)

    assert (answer.status_code, way.stage) == (303, Stage.MEETING_REQUEST)
    listed = [(each.name, each.person_id, each.unit_name, each.proposed_office) for each in way.founding().candidates]
    assert listed == [
        ("会员1", people[0].id, "东风网点", ""),
        ("会员2", people[1].id, "东风网点", "chair"),
        ("会员3", people[2].id, "东风网点", ""),
        ("张援建", None, "", ""),
    ]
    meeting = way.founding().meeting
    assert (meeting.meeting_on, meeting.notice_from, meeting.audit_seats) == (MEETING, NOTICE, 0)
    page = text_of(client.get(f"/founding/{way.link}/meeting"))
    assert "张援建" in page

    answer = send(client, way, "meeting", **PLAN, **rows, send="1")
    assert (answer.status_code, way.stage) == (303, Stage.MEETING_REPLY)


WRONG_PLANS = [
    ({"meeting_on": "2021-11-29"}, {}, ("meeting_is_past", "notice_too_short")),
    ({"notice_from": "2021-12-06"}, {}, ("notice_too_short",)),
    ({"seats": "9"}, {}, ("committee_seats_outside_size",)),
    ({"audit_seats": "12"}, {}, ("audit_seats_outside_size",)),
    ({}, {"_0": {"relation": "near_relative"}}, ("barred_candidate",)),
    ({"audit_seats": "3"}, {"_3": {"body": "audit"}, "_4": {"body": "audit"}}, ()),
]


@pytest.mark.parametrize(("changes", "rows", "reasons"), WRONG_PLANS)
def test_what_the_rules_object_stands_above_the_plan_and_it_is_kept(client, way, changes, rows, reasons):
    way.begin().to(Stage.MEETING_REQUEST)

    answer = send(client, way, "meeting", **PLAN | changes, **candidates(way.people, **rows), send="1")

    assert (answer.status_code, way.stage) == (422, Stage.MEETING_REQUEST)
    assert [says(reason) in text_of(answer) for reason in reasons] == [True] * len(reasons)
    assert (how_many(way.session, FoundingCandidate), way.audit()[-1][2]) == (5, "kept")
    assert [says(reason) in show(client, way) for reason in reasons] == [True] * len(reasons)


def test_nobody_stands_for_both_on_the_page(client, way):
    way.begin(sizes=(5, 4)).to(Stage.MEETING_REQUEST)
    rows = candidates(way.people[:4]) | candidates(way.people[3:7], "audit", 4)

    answer = send(client, way, "meeting", **PLAN | {"audit_seats": "3"}, **rows, send="1")

    assert (answer.status_code, says("on_both_lists") in text_of(answer)) == (422, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"meeting_on": ""},
        {"meeting_on": "morgen"},
        {"meeting_on": "2023-12-10"},
        {"notice_from": "0202-12-01"},
        {"notice_from": ""},
        {"place": ""},
        {"term_years": "4"},
        {"term_years": ""},
        {"seats": "0"},
        {"audit_seats": "-1"},
        {"starts_at": "15:00:00"},
        {"candidates__0__body": "officer"},
        {"candidates__0__relation": "friend"},
        {"candidates__0__name": "名" * 61},
    ],
)
def test_a_plan_that_cannot_be_read_is_not_kept(client, way, wrong):
    way.begin().to(Stage.MEETING_REQUEST)
    rows = {name.replace("-", "__"): told for name, told in candidates(way.people[:4]).items()}

    answer = send(client, way, "meeting", **PLAN | rows | wrong)

    assert (answer.status_code, way.founding().meeting) == (422, None)


def test_one_more_candidate_keeps_what_was_typed_and_nothing_else(client, way):
    way.begin().to(Stage.MEETING_REQUEST)

    answer = send(client, way, "meeting", **PLAN, **candidates(way.people[:4]), more="1")

    assert (answer.status_code, 'name="candidates-4-person"' in text_of(answer)) == (200, True)
    assert way.founding().meeting is None


def test_a_ballot_paper_has_sixty_rows_at_most(client, way):
    way.begin().to(Stage.MEETING_REQUEST)
    rows = {f"candidates-{n}-body": "committee" for n in range(60)}

    answer = send(client, way, "meeting", **PLAN, **rows, more="1")

    page = text_of(answer)
    assert (answer.status_code, 'name="candidates-59-body"' in page, 'name="candidates-60-body"' in page) == (
        200,
        True,
        False,
    )


def test_one_officer_has_no_seats_and_no_audit_committee_on_the_page(client, way):
    way.begin("one_officer", (5,)).to(Stage.MEETING_REQUEST)
    page = text_of(client.get(f"/founding/{way.link}/meeting"))
    asked = ("seats", "audit_seats", "candidates-0-person", "candidates-0-body", "candidates-0-proposed_office")
    assert [f'name="{name}"' in page for name in asked] == [False, False, True, False, False]

    rows = candidates(way.people[:1])
    answer = send(client, way, "meeting", **PLAN | {"union_name": OWN_NAME}, **rows, send="1")

    assert (answer.status_code, way.stage) == (303, Stage.MEETING_REPLY)
    [listed] = way.founding().candidates
    assert (listed.body, way.founding().meeting.seats) == ("officer", 1)


def test_delegates_are_asked_for_above_a_hundred_members(client, way):
    way.begin("own_committee", (101,)).to(Stage.MEETING_REQUEST)

    plan = PLAN | {"union_name": OWN_NAME, "delegates": "30"}
    send(client, way, "meeting", **plan, **candidates(way.people[:4]), send="1")

    assert (way.stage, way.founding().meeting.delegates) == (Stage.MEETING_REPLY, 30)


# --- the votes -----------------------------------------------------------------------------------------------------


def ballot(*yes, body="committee", places=(1, 2, 3, 4), **changes):
    """Answers for one ballot of five."""
    told = {f"issued_{body}": "5", f"returned_{body}": "5", f"void_{body}": "0"}
    told |= {f"yes_{body}_{place}": str(votes) for place, votes in zip(places, yes, strict=True)}
    return told | changes


HELD = {"held_on": "2021-12-10", "present": "5", "rules_adopted": "y", "counters": "赵刚", "minutes": "会议记录"}


@pytest.fixture
def met(way, clock):
    """The day of the meeting."""
    way.begin().to(Stage.MEETING)
    clock(MEETING)
    return way


def test_votes_are_typed_in(client, met):
    page = text_of(client.get(f"/founding/{met.link}/votes"))
    assert ('name="entitled"' in page, 'name="correction"' in page, "2021-12-10" in page) == (False, False, True)

    answer = send(client, met, "votes", **HELD, **ballot(5, 4, 3, 1))

    assert (answer.status_code, met.stage) == (303, Stage.FIRST_SESSION)
    assert (met.founding().meeting.minutes, met.founding().meeting.present) == ("会议记录", 5)
    assert show(client, met).count("elected") >= 3


def test_as_many_delegates_should_attend_as_were_agreed_to(client, way, clock):
    way.begin("own_committee", (101,)).to(Stage.MEETING_REQUEST)
    way.plan(delegates=30)
    way.ask()
    way.to(Stage.MEETING)
    clock(MEETING)

    few = HELD | {"present": "5"}
    refused = send(client, way, "votes", **few, **ballot(5, 4, 3, 1))
    sure = send(client, way, "votes", **few, **ballot(5, 4, 3, 1), sure="y")

    assert (refused.status_code, says("no_quorum") in text_of(refused)) == (422, True)
    assert (sure.status_code, way.founding().meeting.entitled) == (303, 30)


@pytest.mark.parametrize(
    "wrong",
    [
        {"held_on": "2021-12-11"},
        {"held_on": ""},
        {"present": ""},
        {"present": "-1"},
        {"issued_committee": ""},
        {"yes_committee_1": ""},
        {"yes_committee_1": "viele"},
        {"void_committee": ""},
        {"counters": "名" * 201},
    ],
)
def test_votes_that_cannot_be_read_are_not_recorded(client, met, wrong):
    answer = send(client, met, "votes", **HELD | ballot(5, 4, 3, 1) | wrong)

    assert (answer.status_code, how_many(met.session, FoundingBallot)) == (422, 0)


@pytest.fixture
def at_the_look(monkeypatch):
    """Let something happen at the so-manieth look at the clock, before it answers."""

    def happen(turn, day, what):
        looks = count(1)

        def now():
            if next(looks) == turn:
                what()
            return noon(day)

        monkeypatch.setattr("enrollment.web.clock.now", now)

    return happen


@pytest.mark.parametrize("page", ["votes", "votes/corrected"])
def test_a_clock_that_was_put_back_meanwhile_is_told_in_words(client, met, page, at_the_look, clock):
    if page == "votes/corrected":
        met.record()
    token = csrf(client, f"/founding/{met.link}/{page}")
    told = {"csrf_token": token, **HELD, **ballot(5, 4, 3, 1), "correction": "数错了"}
    # The form looks once, then the act is handed the time and after it the day.
    at_the_look(2, MEETING, lambda: clock(NOTICE))

    before = met.steps()
    answer = client.post(f"/founding/{met.link}/{page}", data=told)

    assert (answer.status_code, says("meeting_is_to_come") in text_of(answer)) == (422, True)
    assert met.steps() == before


def test_another_vote_that_somebody_typed_meanwhile_counts_once(client, met, at_the_look):
    met.record(5, 4, 3, 3)
    token = csrf(client, f"/founding/{met.link}/votes/again")
    again = met.counted(4, 1, ids=met.ids("committee")[2:])
    at_the_look(2, MEETING, lambda: met.vote_again(again))

    told = {"csrf_token": token, "version": met.founding().application.version, **ballot(1, 4, places=(3, 4))}
    answer = client.post(f"/founding/{met.link}/votes/again", data=told)

    assert answer.status_code == 409
    assert [ballot.number for ballot in met.founding().ballots] == [1, 2]


def test_a_broken_assembly_is_shown_and_held_again(client, met):
    send(client, met, "votes", **HELD | {"present": "3", "sure": "y"}, **ballot(3, 3, 3, 0, issued_committee="3",
                                                                   returned_committee="3"))  # fmt: skip
    assert says("no_quorum") in show(client, met)
    assert client.get(f"/founding/{met.link}/offices").location == f"/founding/{met.link}"
    assert client.get(f"/founding/{met.link}/votes/again").location == f"/founding/{met.link}"

    assert button(client, met, "again").status_code == 303
    assert met.stage is Stage.MEETING


def test_a_broken_assembly_is_reported_from_the_page(client, met):
    met.record(rules_adopted=False)

    assert button(client, met, "report").status_code == 303
    assert met.stage is Stage.ESTABLISHMENT


def test_a_tie_is_typed_again_for_those_tied(client, met):
    met.record(5, 4, 3, 3)
    assert says("tie") in show(client, met)
    refused = button(client, met, "fewer-seats")
    assert (refused.status_code, says("tie") in text_of(refused)) == (422, True)

    page = text_of(client.get(f"/founding/{met.link}/votes/again"))
    assert [f'name="yes_committee_{n}"' in page for n in (1, 2, 3, 4)] == [False, False, True, True]
    answer = send(client, met, "votes/again", **ballot(1, 4, places=(3, 4)))

    assert (answer.status_code, met.founding().outcome(5).is_complete) == (303, True)
    assert client.get(f"/founding/{met.link}/votes/again").location == f"/founding/{met.link}"


def test_open_seats_are_typed_again_for_all_not_elected(client, met):
    met.record(5, 2, 2, 1)

    page = text_of(client.get(f"/founding/{met.link}/votes/again"))

    assert [f'name="yes_committee_{n}"' in page for n in (1, 2, 3, 4)] == [False, True, True, True]
    wrong = send(client, met, "votes/again", **ballot(1, 4, "", places=(2, 3, 4)))
    assert (wrong.status_code, how_many(met.session, FoundingBallot)) == (422, 1)


def test_only_committees_with_open_seats_vote_again(client, way, clock):
    way.begin(sizes=(5, 4)).to(Stage.MEETING_REQUEST)
    rows = candidates(way.people[:4]) | candidates(way.people[4:8], "audit", 4)
    send(client, way, "meeting", **PLAN | {"audit_seats": "3"}, **rows, send="1")
    way.to(Stage.MEETING)
    clock(MEETING)
    nine = {"issued_committee": "9", "returned_committee": "9", "issued_audit": "9", "returned_audit": "9"}
    votes = ballot(9, 8, 7, 1) | ballot(9, 8, 4, 4, body="audit", places=(5, 6, 7, 8)) | nine

    send(client, way, "votes", **HELD | {"present": "9"}, **votes)

    page = text_of(client.get(f"/founding/{way.link}/votes/again"))
    assert ('name="issued_committee"' in page, 'name="issued_audit"' in page) == (False, True)


def test_fewer_seats_by_consent_of_the_assembly(client, way, clock):
    way.begin(sizes=(5, 4)).to(Stage.MEETING_REQUEST)
    send(client, way, "meeting", **PLAN | {"seats": "5"}, **candidates(way.people[:6]), send="1")
    way.to(Stage.MEETING)
    clock(MEETING)
    way.record(present=9, counted=[way.counted(9, 9, 8, 4, 3, 1, issued=9, returned=9)])

    assert button(client, way, "fewer-seats").status_code == 303
    assert button(client, way, "fewer-seats").status_code == 303

    assert "fewer seats by consent" in show(client, way)
    assert client.get(f"/founding/{way.link}/offices").status_code == 200


def test_a_record_is_corrected_on_a_form_that_holds_it(client, met):
    met.record(5, 4, 3, 3)
    page = text_of(client.get(f"/founding/{met.link}/votes/corrected"))
    assert ('name="correction"' in page, 'value="赵六"' in page) == (True, True)

    missing = send(client, met, "votes/corrected", **HELD, **ballot(5, 4, 3, 1), correction="")
    assert (missing.status_code, met.steps()[-1]) == (422, "meeting_held")
    answer = send(client, met, "votes/corrected", **HELD, **ballot(5, 4, 3, 1), correction="数错了")

    assert (answer.status_code, met.steps()[-1]) == (303, "record_corrected")
    assert "数错了" in show(client, met)


def test_who_voters_wrote_in_is_typed_kept_and_corrected(client, way, clock):
    way.begin(sizes=(4, 2)).to(Stage.MEETING)
    clock(MEETING)
    fifth, six = way.people[4], {"issued_committee": "6", "returned_committee": "6"}
    wrote = {"written_committee_1": fifth.code, "wrote_committee_1": "5", "relation_committee_1": "none"}

    answer = send(client, way, "votes", **HELD | {"present": "6"}, **ballot(6, 5, 1, 1) | six, **wrote)

    assert (answer.status_code, way.stage) == (303, Stage.FIRST_SESSION)
    added = way.founding().lists["committee"][-1]
    assert (added.person_id, added.written_in, added.unit_name) == (fifth.id, True, "西域网点")
    page = text_of(client.get(f"/founding/{way.link}/votes/corrected"))
    assert re.search(rf'<option selected value="{fifth.code}">', page)
    told = HELD | {"present": "6", "correction": "写错了"}
    barred = wrote | {"relation_committee_1": "near_relative"}
    assert send(client, way, "votes/corrected", **told, **ballot(6, 5, 1, 1) | six, **barred).status_code == 422
    again = send(client, way, "votes/corrected", **told, **ballot(6, 5, 4, 1) | six, written_committee_1="")
    assert (again.status_code, len(way.founding().lists["committee"])) == (303, 4)
    assert "What was recorded before" in show(client, way)


def test_a_later_vote_is_on_the_form_that_corrects(client, met):
    met.record(5, 4, 3, 3)
    met.vote_again(met.counted(1, 4, ids=met.ids("committee")[2:]))
    later = {"issued_committee_v2": "5", "returned_committee_v2": "5", "void_committee_v2": "0",
             "yes_committee_3_v2": "4", "yes_committee_4_v2": "1"}  # fmt: skip
    assert 'name="yes_committee_4_v2"' in text_of(client.get(f"/founding/{met.link}/votes/corrected"))

    answer = send(client, met, "votes/corrected", **HELD, **ballot(5, 4, 3, 3), **later, correction="数错了")

    assert answer.status_code == 303
    assert [list(each.votes.values()) for each in met.founding().ballots] == [[5, 4, 3, 3], [4, 1]]


# --- offices, report, registration ---------------------------------------------------------------------------------


def test_offices_are_given_to_the_elected(client, met):
    met.record()
    page = text_of(client.get(f"/founding/{met.link}/offices"))
    assert ('name="audit_chair"' in page, 'value="committee-1"' in page, 'value="committee-4"' in page) == (
        False,
        True,
        False,
    )
    assert 'name="womens_member"' not in page
    met.are_women(met.people[0], met.people[4])
    page = text_of(client.get(f"/founding/{met.link}/offices"))
    women = page[page.index('name="womens_member"') :]
    assert re.findall(r'value="([^"]*)"', women[: women.index("</select>")]) == ["", "committee-1", met.people[4].code]

    assert send(client, met, "offices", chair="committee-4").status_code == 422
    assert send(client, met, "offices", chair="").status_code == 422
    both = send(client, met, "offices", chair="committee-1", vice_chair="committee-1")
    assert (both.status_code, says("one_person_one_office") in text_of(both)) == (422, True)
    answer = send(client, met, "offices", chair="committee-2", womens_member="committee-1")

    assert (answer.status_code, met.stage) == (303, Stage.RESULT_REPORT)
    assert [each.office for each in met.founding().candidates] == ["womens_member", "chair", "", ""]


@pytest.mark.parametrize(("women", "asked"), [(9, False), (10, True)])
def test_from_ten_women_on_they_have_a_committee_and_its_head_is_asked_for(client, way, clock, women, asked):
    """BUILD-8."""
    way.begin("own_committee", (12,)).to(Stage.MEETING)
    clock(MEETING)
    way.record(present=12, counted=[way.counted(12, 11, 10, 1, issued=12, returned=12)])
    way.are_women(*way.people[:women])

    page = text_of(client.get(f"/founding/{way.link}/offices"))

    assert ("Head of the women workers' committee" in page) is asked
    assert 'name="womens_member"' in page


def test_a_result_is_reported_from_the_page_once(client, met):
    met.record()
    early = button(client, met, "report")
    assert (early.status_code, says("chair_missing") in text_of(early)) == (422, True)

    met.offices()
    assert button(client, met, "report").status_code == 303
    assert button(client, met, "report").status_code == 409


def test_the_registration_is_kept_bit_by_bit(client, way, clock):
    way.begin().to(Stage.REGISTRATION)
    clock(REPLIED)
    assert 'value="2026-12-10"' in text_of(client.get(f"/founding/{way.link}/registration"))

    assert send(client, way, "registration", seal="2021-12-13").status_code == 303
    assert way.founding().details.checklist == {"seal": "2021-12-13"}
    done = {"seal": "2021-12-13", "bank_account": "2021-12-13", "legal_person": "2021-12-13",
            "credit_code": "81652301MC0000004U", "certificate_until": "2026-12-10"}  # fmt: skip
    for wrong, words in (
        ({"credit_code": "81652301MC0000004X"}, ""),
        ({"seal": "2021-12-14"}, ""),
        ({"credit_code": ""}, says("certificate_incomplete")),
        ({"certificate_until": "2026-12-11"}, says("certificate_outlives_term")),
    ):
        answer = send(client, way, "registration", **done | wrong)
        assert (answer.status_code, words in text_of(answer), way.stage) == (422, True, Stage.REGISTRATION), wrong

    answer = send(client, way, "registration", **done | {"credit_code": "81652301mc0000004u"})
    assert (answer.status_code, way.stage) == (303, Stage.ENTRY)
    [term] = way.session.query(UnionTerm).all()
    assert (term.credit_code, term.certificate_until) == ("81652301MC0000004U", date(2026, 12, 10))


def test_a_certificate_without_its_registration_is_not_valid_until_anything(client, way, clock):
    way.begin().to(Stage.REGISTRATION)
    clock(REPLIED)

    send(client, way, "registration", seal="2021-12-13", certificate_until="2030-01-01")

    [term] = way.session.query(UnionTerm).all()
    assert (term.registered_on, term.certificate_until) == (None, None)


# --- papers, and the end -------------------------------------------------------------------------------------------

WORDS = "关于建会的请示\n昌吉市总工会：\n我们想建会。\n妥否，请批示。"


def test_a_paper_is_read_edited_and_taken_along(client, way):
    way.begin()
    path = f"/founding/{way.link}/papers/group_request"
    assert "筹备组" in text_of(client.get(path))

    answer = send(client, way, "papers/group_request", words=WORDS)

    assert (answer.status_code, answer.location) == (303, path)
    assert "我们想建会。" in text_of(client.get(path))
    file = client.get(f"{path}.docx")
    assert file.headers["Content-Type"].endswith("wordprocessingml.document")
    texts = [paragraph.text for paragraph in Document(BytesIO(file.data)).paragraphs]
    assert "我们想建会。" in texts
    assert any("昌吉市总工会" in text for text in texts)
    assert send(client, way, "papers/group_request", words="字" * 8001).status_code == 422


def test_an_issued_paper_can_no_longer_be_edited_from_an_old_page(client, way):
    way.begin()
    path = f"/founding/{way.link}/papers/group_request"
    token = csrf(client, path)
    way.send()

    answer = client.post(path, data={"csrf_token": token, "words": WORDS})

    assert (answer.status_code, way.papers()["group_request", 1].words) == (422, "")
    assert 'name="words"' not in text_of(client.get(path))


def test_the_group_does_not_edit_the_reply_on_its_page(client, way):
    way.begin().to(Stage.PREPARATION)
    path = f"/founding/{way.link}/papers/group_reply"
    assert "昌市工复〔2021〕1号" in text_of(client.get(path))
    token = csrf(client, f"/founding/{way.link}/withdraw")

    assert client.post(path, data={"csrf_token": token, "words": WORDS}).status_code == 404


@pytest.mark.parametrize("kind", ["nothing", "group_reply", "ballot"])
def test_a_paper_that_is_not_there_is_missing(client, way, kind):
    way.begin().send()

    assert client.get(f"/founding/{way.link}/papers/{kind}").status_code == 404
    assert client.get(f"/founding/{way.link}/papers/{kind}.docx").status_code == 404


def test_a_founding_is_given_up_after_one_question(client, way):
    way.begin()
    assert client.get(f"/founding/{way.link}/withdraw").status_code == 200

    assert client.post(f"/founding/{way.link}/withdraw").status_code == 422
    assert way.state == "gathering"
    assert button(client, way, "withdraw").status_code == 303

    assert way.state == "withdrawn"
    assert f"/founding/{way.link}/withdraw" not in show(client, way)


def test_a_union_that_stands_is_not_given_up_on_the_page(client, way):
    way.begin().to(Stage.REGISTRATION)

    assert button(client, way, "withdraw").status_code == 409
