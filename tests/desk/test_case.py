"""A case: the way from one to the next, likely duplicates side by side, papers agreed to, visits that touched it."""

import re
from datetime import date, timedelta

import pytest

from enrollment.rules.applications import Step
from tests import make
from tests.cast import NEXT_COUNTY, PREFECTURE, csrf, sign_in
from tests.conftest import counted


def text_of(client, path):
    return client.get(path).get_data(as_text=True)


def ways(client, path):
    """Where previous and next lead to."""
    page = text_of(client, path)
    found = [re.search(rf'rel="{side}" href="([^"]+)"', page) for side in ("prev", "next")]
    return [match[1].replace("&amp;", "&") if match else "" for match in found]


def decide(client, path, **answers):
    number, _, query = path.removeprefix("/desk/").partition("?")
    sent = {"csrf_token": csrf(client, path), "version": 1, **answers}
    return client.post(f"/desk/{number}/decision?{query}", data=sent)


# --- from case to case --------------------------------------------------------------------------------------------


@pytest.fixture
def three(session, cast):
    """Three that wait, in the order of their waiting, and others that stand in between."""
    rows = []
    for n in range(3):
        rows.append(make.join_application(session, at=make.NOW + timedelta(hours=n)))
        make.founding_application(session, application={"state": "submitted", "submitted_at": make.NOW})
        make.join_application(session, group="truck_driver", application={"county_code": "652302"})
        make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED), at=make.NOW + timedelta(hours=n))
    return [row.number for row in rows]


def test_the_way_leads_through_the_list_and_passes_over_foundings(client, three):
    sign_in(client)

    assert [ways(client, f"/desk/{number}") for number in three] == [
        ["", f"/desk/{three[1]}"],
        [f"/desk/{three[0]}", f"/desk/{three[2]}"],
        [f"/desk/{three[1]}", ""],
    ]


def test_the_filter_of_the_list_travels_along(client, session, three):
    last = make.join_application(session, group="truck_driver", at=make.NOW + timedelta(days=2))
    first = make.join_application(session, group="truck_driver", at=make.NOW - timedelta(days=2))
    sign_in(client)
    query = "?kind=join&group=truck_driver"

    assert ways(client, f"/desk/{first.number}{query}") == ["", f"/desk/{last.number}{query}"]
    assert f'href="/desk{query.replace("&", "&amp;")}" data-key="u"' in text_of(client, f"/desk/{first.number}{query}")


def test_a_list_that_is_newest_first_is_walked_that_way(client, session, cast):
    rows = [
        make.join_application(session, at=make.NOW + timedelta(days=n), steps=(Step.SUBMITTED, Step.REFUSED)).number
        for n in range(3)
    ]

    assert ways(sign_in(client), f"/desk/{rows[1]}?view=done") == [
        f"/desk/{rows[2]}?view=done",
        f"/desk/{rows[0]}?view=done",
    ]


def test_of_the_same_instant_none_is_left_out(client, session, cast):
    rows = [make.join_application(session).number for _n in range(3)]

    assert ways(sign_in(client), f"/desk/{rows[1]}") == [f"/desk/{rows[0]}", f"/desk/{rows[2]}"]


def test_after_a_decision_the_next_of_the_list_opens_and_says_what_was_done(client, session, three):
    sign_in(client)

    answer = decide(client, f"/desk/{three[0]}?kind=join", step="refused", ground="untrue_documents", note="材料不实")

    page = text_of(client, answer.location)
    assert answer.location == f"/desk/{three[1]}?kind=join&after={three[0]}"
    assert f"{three[0]}: Not accepted" in page
    assert "材料不实" in page
    assert f'<a href="/desk/{three[0]}">Open this case again</a>' in page


def test_after_the_last_the_list_opens_and_says_it_too(client, three):
    sign_in(client)

    answer = decide(client, f"/desk/{three[2]}", step="refused", ground="untrue_documents")

    assert answer.location == f"/desk?after={three[2]}"
    assert f"{three[2]}: Not accepted" in text_of(client, answer.location)


def test_what_went_to_another_county_is_told_and_cannot_be_opened(client, session, cast):
    person = make.member(session, cast.shunda_union)
    row = make.request(session, person, "transfer", to_union_id=cast.fukang_pool.id)

    answer = decide(sign_in(client), f"/desk/{row.number}", step="approved")
    page = text_of(client, answer.location)

    assert f"{row.number}: Passed on<" in page
    assert "Open this case again" not in page


def test_what_somebody_else_did_is_told_to_nobody(client, three):
    decide(sign_in(client), f"/desk/{three[0]}", step="refused", ground="untrue_documents", note="材料不实")

    page = text_of(sign_in(client, NEXT_COUNTY), f"/desk?after={three[0]}")

    assert three[0] not in page.split("<main")[1].split("</main>")[0]
    assert "材料不实" not in page


def test_an_address_that_is_no_list_walks_the_first_view(client, three):
    assert ways(sign_in(client), f"/desk/{three[0]}?sent_from=x") == ["", f"/desk/{three[1]}"]
    assert client.get(f"/desk/{three[0]}?county=652302").status_code == 404


def test_confirming_in_person_stays_on_the_case_in_its_list(client, session, cast):
    row = make.join_application(session, confirmed_by="")
    sent = {"csrf_token": csrf(sign_in(client), f"/desk/{row.number}"), "how": "已回电"}

    answer = client.post(f"/desk/{row.number}/confirm?view=all", data=sent)

    assert answer.location == f"/desk/{row.number}?view=all"


# --- likely duplicates --------------------------------------------------------------------------------------------


def compared(client, number):
    """The rows of the table side by side: label → cells, what differs in brackets."""
    table = text_of(client, f"/desk/{number}").split('<table class="records side">')[1].split("</table>")[0]
    rows = {}
    for row in table.split("<tr>")[1:]:
        cells = re.split(r"<t[hd][^>]*>", row)[1:]
        marked = [re.sub(r"<mark>(.*?)</mark>", r"[\1]", cell).replace("<br>", " · ") for cell in cells]
        label, *shown = [re.sub(r"<[^>]+>", "", cell).strip() for cell in marked]
        rows[label] = shown
    return rows


def test_the_application_stands_beside_its_likenesses_and_what_differs_is_marked(client, session, cast):
    row = make.join_application(
        session,
        name="李建国",
        identity="652301199003120005",
        phone="13911112222",
        employer_name="顺达快递",
        application={"union_id": cast.shunda_union.id},
    )
    member = make.member(
        session,
        cast.shunda_union,
        name="李健国",
        identity="652301199003120013",
        phone="13911113333",
        employer_id=cast.small_a.id,
    )
    twin = make.join_application(
        session,
        name="王强",
        identity="652302198802290002",
        phone="13911112222",
        employer_name="顺达快递",
        steps=(Step.SUBMITTED, Step.WITHDRAWN),
        application={"union_id": cast.shunda_union.id},
    )

    assert compared(sign_in(client), row.number) == {
        "": ["This application", "Same mobile number", "Similar name, same birth date"],
        "Name": ["李建国", "[王强]", "[李健国]"],
        "Identity number": ["**************0005", "[**************0002]", "[**************0013]"],
        "Mobile number": ["139****2222", "139****2222", "[139****3333]"],
        "Born on": ["1990-03-12", "[1988-02-29]", "1990-03-12"],
        "Company": ["顺达快递", "顺达快递", "[快马网点]"],
        "Union": ["顺达快递有限公司工会委员会"] * 3,
        "State": ["With the county union", "Withdrawn", "Member"],
        "When": ["2021-11-30", "2021-11-30", "2021-06-01"],
    }
    page = text_of(client, f"/desk/{row.number}")
    assert f'href="/members/{member.code}"' in page
    assert f'href="/desk/{twin.number}"' in page
    assert "2 likely duplicates, side by side" in page


def test_of_another_county_only_what_is_the_same_is_told_and_a_mere_resemblance_not_at_all(client, session, cast):
    row = make.join_application(session, name="李建国", identity="652301199003120005")
    hidden = make.member(
        session, cast.fukang_union, name="外县人", identity="652301199003120005", work_region="652302001"
    )
    make.member(session, cast.fukang_union, name="李健国", identity="652301199003120013", work_region="652302001")
    make.join_application(
        session,
        name="李建国",
        identity="652301199103120003",
        phone="13900009999",
        application={"county_code": "652302"},
    )

    rows = compared(sign_in(client), row.number)
    page = text_of(client, f"/desk/{row.number}")

    assert rows.pop("") == ["This application", "Same identity number · In another county"]
    assert {cells[1] for cells in rows.values()} == {""}
    for secret in ("外县人", hidden.code, "李健国", "阜康"):
        assert secret not in page
    whole = compared(sign_in(client, PREFECTURE), row.number)
    assert whole["Name"] == ["李建国", "[外县人]", "[李健国]", "李建国"]


def test_the_member_an_approval_made_is_no_likeness(client, session, cast):
    row = make.join_application(session, steps=(Step.SUBMITTED, Step.APPROVED), identity="652301199003120005")
    make.member(session, cast.shunda_union, identity="652301199003120005")

    page = text_of(sign_in(client), f"/desk/{row.number}")

    assert "Nobody with the same number, phone, or a like name and birth date." in page


def test_more_than_fit_are_counted(client, session, cast):
    row = make.join_application(session)
    for _n in range(7):
        make.join_application(session)

    page = text_of(sign_in(client), f"/desk/{row.number}")

    assert "1 more is not shown." in page
    assert "7 likely duplicates, side by side" in page


def test_a_request_has_no_likenesses(client, session, cast):
    row = make.request(session, make.member(session, cast.shunda_union), "leave")

    assert "Likely duplicates" not in text_of(sign_in(client), f"/desk/{row.number}")


# --- papers and visits --------------------------------------------------------------------------------------------


def test_the_papers_say_what_was_agreed_to_and_how_it_was_confirmed(client, session, cast):
    notice = make.notice(session)
    row = make.join_application(session, notice_digest=notice.digest, filled_by_name="王组长", sharing_consent=False)
    older = make.join_application(session, confirmed_by="")

    page = text_of(sign_in(client), f"/desk/{row.number}")
    papers = [re.sub(r"<[^>]+>", "", dd) for dd in re.findall(r"<dd>(.*?)</dd>", page.split("Documents</h2>")[1])]

    assert f'href="/join/notice/{notice.digest}"' in page
    assert papers == [
        "Version 2021-11, word for word",
        "Yes",
        "No",
        "By code on this phone · 2021-11-30 12:00",
        "王组长",
    ]
    assert "<dd>2021-11</dd>" in text_of(client, f"/desk/{older.number}")
    assert "<dd>Not yet</dd>" in text_of(client, f"/desk/{older.number}")


def test_the_rules_speak_with_their_articles(client, session, cast):
    row = make.join_application(session)
    moving = make.request(session, make.member(session, cast.shunda_union), "transfer", to_union_id=cast.city_pool.id)

    assert "《中华人民共和国工会法》" in text_of(sign_in(client), f"/desk/{row.number}")
    assert "《工会会员会籍管理办法》" in text_of(client, f"/desk/{moving.number}")


def visits_on(client, row):
    table = text_of(client, f"/desk/{row.number}").split("Visits there</h2>")[1].split("History</h2>")[0]
    return re.findall(r'href="/visits/(\w+)"', table)


def test_visits_to_the_employer_it_names_and_to_where_it_began(client, session, cast):
    def visit(code, day, **more):
        return make.visit(session, code=code, visited_on=date(2021, 7, day), **more)

    visit("NAMED", 1, employer_id=cast.shunda.id)
    begun = visit("BEGUN", 2, place="物流园", employer_id=cast.small_a.id)
    visit("AGAIN", 3, place="物流园")
    visit("SAMEUNIT", 4, place="别处", employer_id=cast.small_a.id)
    visit("OTHERPLACE", 5, place="物流园", region_code="652301002")
    visit("ELSEWHERE", 6, place="物流园", county_code="652302")
    visit("UNION", 7, place="院内", union_id=cast.joint_union.id)
    visit("POSTER", 8, place="门口", employer_id=cast.small_b.id)
    event = make.event(session, place="门口", region_code="652301001")
    named = make.join_application(session, employer_name=cast.shunda.name, application={"visit_id": begun.id})
    from_union = make.join_application(session, employer_name="", application={"poster_union_id": cast.joint_union.id})
    from_employer = make.join_application(
        session, employer_name="没有登记的公司", application={"poster_employer_id": cast.small_b.id}
    )
    from_event = make.join_application(session, employer_name="", application={"event_id": event.id})
    nowhere = make.join_application(session, employer_name="")
    asked = make.request(session, make.member(session, cast.shunda_union, employer_id=cast.shunda.id), "leave")
    unattached = make.request(session, make.member(session, cast.shunda_union), "leave")

    sign_in(client)
    assert visits_on(client, named) == ["SAMEUNIT", "AGAIN", "BEGUN", "NAMED"]
    assert visits_on(client, from_union) == ["UNION"]
    assert visits_on(client, from_employer) == ["POSTER"]
    assert visits_on(client, from_event) == ["POSTER"]
    assert visits_on(client, asked) == ["NAMED"]
    assert visits_on(client, nowhere) == visits_on(client, unattached) == []
    assert "No visit of yours to this employer or place yet." in text_of(client, f"/desk/{nowhere.number}")


def test_of_many_visits_the_latest_five(client, session, cast):
    for day in range(1, 8):
        make.visit(session, code=f"V{day}DAY", visited_on=date(2021, 7, day), employer_id=cast.shunda.id)
    row = make.join_application(session, employer_name=cast.shunda.name)

    assert visits_on(sign_in(client), row) == ["V7DAY", "V6DAY", "V5DAY", "V4DAY", "V3DAY"]


def test_a_case_costs_the_same_with_one_and_thirty_of_everything(client, session, cast, statements):
    row = make.join_application(session, employer_name=cast.shunda.name)

    def around():
        make.join_application(session)
        make.member(session, cast.shunda_union, phone="13800000001")
        make.visit(session, employer_id=cast.shunda.id)

    sign_in(client)
    around()
    with counted(statements) as one:
        text_of(client, f"/desk/{row.number}?view=waiting&group=courier")
    for _n in range(29):
        around()
    with counted(statements) as thirty:
        text_of(client, f"/desk/{row.number}?view=waiting&group=courier")

    assert len(thirty) == len(one)
