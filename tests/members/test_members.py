import csv
import io
import re
from datetime import date
from html import unescape
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.members import actions, queries
from enrollment.members.queries import Filters
from enrollment.rules.applications import Step
from enrollment.rules.regions import PREFECTURE, Territory
from enrollment.storage.audit import AuditEntry
from enrollment.storage.cards import Look
from enrollment.storage.failures import Missing
from enrollment.web.lists import Place
from tests import make
from tests.cast import NEXT_COUNTY, Cast, csrf, sign_in
from tests.cast import PREFECTURE as PREFECTURE_CADRE
from tests.conftest import counted

AS_OF = "as_of=2021-11-30"
CITY = Territory("652301")
WHOLE = Territory(PREFECTURE)
IDENTITY = "652301199001010005"


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


def names(client: FlaskClient, path: str) -> list[str]:
    return re.findall(r'href="/members/P[^"]*">([^<]*)<', text_of(client, path))


def rows_of(client: FlaskClient, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def full_exports(session: Session) -> list[AuditEntry]:
    session.rollback()  # to see what the page has written meanwhile
    return list(session.scalars(select(AuditEntry).where(AuditEntry.act == "export_full_numbers")))


def test_a_member_counts_from_the_first_day_until_the_day_before_leaving(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    who = make.member(session, cast.shunda_union, on=date(2021, 6, 1), name="马晓")
    make.entry(session, who, cast.shunda_union, "exited", on=date(2021, 9, 1))
    sign_in(client)

    assert names(client, "/members?as_of=2021-05-31") == []
    assert names(client, "/members?as_of=2021-06-01") == ["马晓"]
    assert names(client, "/members?as_of=2021-08-31") == ["马晓"]
    assert names(client, "/members?as_of=2021-09-01") == []


def test_a_cadre_sees_the_members_of_the_own_county_only(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.member(session, cast.shunda_union, name="甲")
    make.member(session, cast.fukang_union, name="乙")

    assert names(sign_in(client), f"/members?{AS_OF}") == ["甲"]
    assert names(sign_in(client, NEXT_COUNTY), f"/members?{AS_OF}") == ["乙"]
    assert names(sign_in(client, PREFECTURE_CADRE), f"/members?{AS_OF}") == ["甲", "乙"]
    assert names(client, f"/members?{AS_OF}&county=652302") == ["乙"]


@pytest.mark.parametrize("path", ["/members", "/members.csv"])
def test_a_county_outside_the_territory_is_not_there(client: FlaskClient, cast: Cast, path: str) -> None:
    sign_in(client)

    text_of(client, f"{path}?county=652302", 404)
    text_of(client, f"{path}?county=652300", 404)
    text_of(client, f"{path}?county=nowhere", 404)
    assert client.get(f"{path}?county=652301").status_code == 200


def test_another_countys_union_in_the_address_shows_nobody(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.member(session, cast.fukang_union, name="乙")
    sign_in(client)

    text = text_of(client, f"/members?{AS_OF}&union={cast.fukang_union.code}")

    assert "乙" not in re.sub(r"<[^>]*>", "", text.split("<main", 1)[1])
    assert cast.fukang_union.name not in text
    assert len(rows_of(client, f"/members.csv?{AS_OF}&union={cast.fukang_union.code}")) == 1


def test_filters_narrow_list_count_and_file_alike(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.member(session, cast.shunda_union, name="马晓", group="courier", employer_id=cast.shunda.id)
    make.member(session, cast.shunda_union, name="马强", group="truck_driver")
    make.member(session, cast.joint_union, name="李建国", group="courier")
    make.member(session, cast.joint_union, name="100%_x", group="courier")
    sign_in(client)

    for query, expected in [
        ("group=courier", ["马晓", "李建国", "100%_x"]),
        (f"union={cast.joint_union.code}", ["李建国", "100%_x"]),
        (f"employer={cast.shunda.code}", ["马晓"]),
        (f"union={cast.shunda_union.code}&group=truck_driver", ["马强"]),
        (f"q={quote('马')}&group=truck_driver", ["马强"]),  # a name is no filter: it would stand in the address
    ]:
        path = f"?{AS_OF}&{query}"
        assert names(client, "/members" + path) == expected
        assert [row[0] for row in rows_of(client, "/members.csv" + path)[1:]] == expected
        assert (
            f"{len(expected)} "
            in text_of(client, "/members" + path + "&lang=en").split('class="count"')[1].split("</p>")[0]
        )


@pytest.mark.parametrize("query", ["as_of=yesterday", "as_of=2999-01-01", "group=plumber"])
def test_an_odd_filter_is_said_and_no_file_is_made_of_it(
    client: FlaskClient, cast: Cast, session: Session, query: str
) -> None:
    make.member(session, cast.shunda_union)
    sign_in(client)

    text = text_of(client, f"/members?{query}", 422)
    answer = client.get(f"/members.csv?{query}")

    assert "马晓" not in text
    assert (answer.status_code, answer.location) == (303, f"/members?{query}")


def test_the_sums_per_union_say_the_same_as_counting_persons(context: None, cast: Cast, session: Session) -> None:
    for n in range(4):
        make.member(session, cast.shunda_union, on=date(2021, 6, 1 + n))
    gone = make.member(session, cast.joint_union)
    make.entry(session, gone, cast.joint_union, "retained", on=date(2021, 7, 1))
    moved = make.member(session, cast.fukang_union)
    make.entry(session, moved, cast.fukang_union, "transferred_out", on=date(2021, 8, 1))
    make.entry(session, moved, cast.shunda_union, "transferred_in", on=date(2021, 8, 5))

    for territory in (CITY, Territory("652302"), WHOLE):
        for day in (date(2021, 6, 2), date(2021, 7, 1), date(2021, 8, 3), date(2021, 11, 30)):
            listed = queries.members(territory, day)
            assert (listed.total, len(listed.rows)) == (len(listed.rows), queries.number_of_members(territory, day))
    assert queries.number_of_members(WHOLE, date(2021, 11, 30)) == 5


def test_pages_of_fifty_meet_without_gap_or_repeat_in_both_directions(
    context: None, cast: Cast, session: Session
) -> None:
    people = [make.member(session, union) for union in (cast.shunda_union, cast.joint_union) for _ in range(60)]
    day = make.TODAY

    first = queries.members(CITY, day)
    second = queries.members(CITY, day, place=Place(after=first.next))
    third = queries.members(CITY, day, place=Place(after=second.next))
    back = queries.members(CITY, day, place=Place(before=third.previous))

    assert [row.code for page in (first, second, third) for row in page.rows] == [who.code for who in people]
    assert [len(page.rows) for page in (first, second, third)] == [50, 50, 20]
    assert (first.previous, third.next, first.total) == ("", "", 120)
    assert [row.code for row in back.rows] == [row.code for row in second.rows]
    assert (back.previous, back.next) == (second.previous, second.next)
    assert [r.code for r in queries.members(CITY, day, place=Place(after="gone")).rows] == [r.code for r in first.rows]


def test_the_list_costs_the_same_for_one_and_for_thirty(
    client: FlaskClient, cast: Cast, session: Session, statements: list[str]
) -> None:
    sign_in(client)
    make.member(session, cast.shunda_union)
    with counted(statements) as for_one:
        client.get(f"/members?{AS_OF}")
    for _ in range(29):
        make.member(session, cast.joint_union)
    with counted(statements) as for_thirty:
        client.get(f"/members?{AS_OF}")

    assert len(for_thirty) == len(for_one) <= 5


def test_the_part_alone_is_the_list(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.member(session, cast.shunda_union)
    sign_in(client)

    part = client.get(f"/members?{AS_OF}", headers={"HX-Request": "true"}).get_data(as_text=True)

    assert part.strip().startswith('<section id="members-list"')
    assert "马晓" in part
    assert "<html" not in part


def test_the_file_masks_numbers(client: FlaskClient, cast: Cast, session: Session) -> None:
    who = make.member(
        session, cast.shunda_union, identity=IDENTITY, phone="13812345678", name="=马晓", employer_id=cast.shunda.id
    )
    sign_in(client)

    answer = client.get(f"/members.csv?{AS_OF}")
    assert answer.is_streamed
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))

    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert len(rows) == 2
    assert rows[1][0] == "'=马晓"
    assert rows[1][3] == "顺达快递有限公司工会委员会"
    assert rows[1][4:] == ["昌吉市", "顺达快递有限公司", "2021-06-01", "**************0005", "138****5678", who.code]
    assert IDENTITY.encode() not in answer.data


def test_full_numbers_need_a_reason_and_leave_an_audit_line(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.member(session, cast.shunda_union, identity=IDENTITY, phone="13812345678")
    make.member(session, cast.fukang_union)
    sign_in(client)
    token = csrf(client, f"/members?{AS_OF}")

    without = client.post(f"/members/full.csv?{AS_OF}", data={"csrf_token": token, "reason": "   "})
    assert without.status_code == 422
    assert IDENTITY.encode() not in without.data
    assert full_exports(session) == []

    done = client.post(f"/members/full.csv?{AS_OF}", data={"csrf_token": token, "reason": "办理会员卡"})
    rows = list(csv.reader(io.StringIO(done.data.decode("utf-8-sig"), newline="")))
    [line] = full_exports(session)

    assert [row[7:9] for row in rows[1:]] == [[IDENTITY + "\t", "13812345678\t"]]
    assert (line.subject, line.note, line.actor) == ("652301", "1 · 2021-11-30 · 办理会员卡", "张干部")


def test_full_numbers_are_no_link_and_need_the_token(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.member(session, cast.shunda_union, identity=IDENTITY)
    sign_in(client)

    assert client.get(f"/members/full.csv?{AS_OF}").status_code == 404
    forged = client.post(f"/members/full.csv?{AS_OF}", data={"reason": "办理会员卡"})
    assert forged.status_code == 422
    assert client.post("/members/full.csv?county=652302", data={"reason": "办理会员卡"}).status_code == 404
    assert full_exports(session) == []


@pytest.mark.parametrize("number", [IDENTITY, " 652301 19900101 0005 ", "13812345678", "+86 138-1234-5678"])
def test_a_number_leads_to_the_person_without_being_in_an_address(
    client: FlaskClient, cast: Cast, session: Session, number: str
) -> None:
    who = make.member(session, cast.shunda_union, identity=IDENTITY, phone="13812345678")
    sign_in(client)

    answer = client.post("/members/find", data={"words": number, "csrf_token": csrf(client, "/members/find")})

    assert (answer.status_code, answer.location) == (303, f"/members/{who.code}")


def test_a_number_of_the_next_county_and_of_nobody_are_the_same_answer(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    make.member(session, cast.fukang_union, identity=IDENTITY, phone="13812345678", name="乙某")
    sign_in(client)
    token = csrf(client, "/members/find")

    elsewhere = client.post("/members/find", data={"words": IDENTITY, "csrf_token": token})
    nobody = client.post("/members/find", data={"words": make.identity_number(date(1980, 2, 2)), "csrf_token": token})

    def without_token(text: str) -> str:
        return re.sub(r'value="[^"]*"', "", text)

    assert elsewhere.status_code == nobody.status_code == 200
    assert without_token(elsewhere.get_data(as_text=True)) == without_token(nobody.get_data(as_text=True))


def test_a_name_is_looked_for_in_the_own_territory_without_being_in_an_address(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    who = make.member(session, cast.shunda_union, name="马晓")
    make.member(session, cast.shunda_union, name="马强")
    make.member(session, cast.shunda_union, name="100%_x")
    make.member(session, cast.fukang_union, name="马外")
    sign_in(client)
    token = csrf(client, "/members/find")

    def found(words: str) -> str | list[str]:
        answer = client.post("/members/find", data={"words": words, "csrf_token": token})
        return answer.location or re.findall(r'href="/members/P[^"]*">([^<]*)<', answer.get_data(as_text=True))

    assert found("马") == ["马强", "马晓"]
    assert found("马晓") == f"/members/{who.code}"
    assert found("马外") == []
    assert found("%") == []


def test_of_many_with_one_name_the_first_are_shown_and_it_is_said(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    make.members(session, cast.shunda_union, 51, name="马晓")
    sign_in(client)

    answer = client.post("/members/find", data={"words": "马", "csrf_token": csrf(client, "/members/find")})

    assert answer.get_data(as_text=True).count('href="/members/P') == 50
    assert "The first 50" in answer.get_data(as_text=True)


def test_what_is_no_number_is_said(client: FlaskClient, cast: Cast) -> None:
    sign_in(client)
    token = csrf(client, "/members/find")

    answer = client.post("/members/find?lang=en", data={"words": "12345", "csrf_token": token})

    assert answer.status_code == 422
    assert "This is neither an identity number of 18 characters nor a mobile number." in answer.get_data(as_text=True)


def test_two_persons_with_one_phone_are_both_shown(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.member(session, cast.shunda_union, phone="13812345678", name="甲某")
    make.member(session, cast.shunda_union, phone="13812345678", name="乙某")
    make.member(session, cast.fukang_union, phone="13812345678", name="丙某")
    sign_in(client)

    answer = client.post("/members/find", data={"words": "13812345678", "csrf_token": csrf(client, "/members/find")})

    assert re.findall(r'href="/members/P[^"]*">([^<]*)<', answer.get_data(as_text=True)) == ["乙某", "甲某"]


def test_one_person_shows_standing_and_history_with_masked_numbers(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    who = make.member(session, cast.shunda_union, identity=IDENTITY, phone="13812345678", employer_id=cast.shunda.id)
    wrong = make.entry(session, who, cast.shunda_union, "exited", on=date(2021, 9, 1))
    make.entry(session, who, cast.shunda_union, "corrected", on=date(2021, 9, 1), corrects=wrong.id)
    application = make.join_application(session, identity=IDENTITY, steps=(Step.SUBMITTED, Step.WITHDRAWN))
    other = make.join_application(session, identity=IDENTITY, application={"county_code": "652302"})
    sign_in(client)

    text = text_of(client, f"/members/{who.code}?lang=en")

    assert "**************0005" in text
    assert "138****5678" in text
    assert IDENTITY not in text
    assert "13812345678" not in text
    assert "<s>Left</s>" in text
    assert "<dd>Member</dd>" in text
    assert f'href="/desk/{application.number}"' in text
    assert other.number not in text


def test_a_person_belongs_to_the_county_of_the_latest_entry(client: FlaskClient, cast: Cast, session: Session) -> None:
    who = make.member(session, cast.shunda_union)
    sign_in(client)
    assert client.get(f"/members/{who.code}").status_code == 200

    make.entry(session, who, cast.shunda_union, "transferred_out", on=date(2021, 8, 1))
    assert client.get(f"/members/{who.code}").status_code == 200
    make.entry(session, who, cast.fukang_union, "transferred_in", on=date(2021, 8, 2))

    assert client.get(f"/members/{who.code}").status_code == 404
    assert client.get("/members/nobody").status_code == 404
    sign_in(client, NEXT_COUNTY)
    text = text_of(client, f"/members/{who.code}")
    assert cast.shunda_union.name in text
    assert f'"/unions/{cast.shunda_union.code}"' not in text
    assert client.get(f"/unions/{cast.shunda_union.code}").status_code == 404


def test_the_person_page_costs_the_same_for_one_and_for_many_entries(
    client: FlaskClient, cast: Cast, session: Session, statements: list[str]
) -> None:
    who = make.member(session, cast.shunda_union, on=date(2021, 1, 1))
    sign_in(client)
    with counted(statements) as for_one:
        client.get(f"/members/{who.code}")
    for month in range(2, 11, 2):
        make.entry(session, who, cast.shunda_union, "retained", on=date(2021, month, 1))
        make.entry(session, who, cast.shunda_union, "restored", on=date(2021, month + 1, 1))
    with counted(statements) as for_many:
        client.get(f"/members/{who.code}")

    assert len(for_many) == len(for_one) <= 4


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    for path in ("/members", "/members.csv", "/members/find", "/members/P1"):
        assert client.get(path).location.startswith("/signin")


def test_export_rows_come_one_by_one(context: None, cast: Cast, session: Session) -> None:
    make.member(session, cast.shunda_union, identity=IDENTITY)

    _header, masked = queries.export_rows(CITY, make.TODAY, Filters())
    _header, full = queries.export_rows(CITY, make.TODAY, full=True)

    assert next(masked)[7] == "**************0005"
    assert next(full)[7] == IDENTITY + "\t"
    assert list(full) == []


def test_the_action_itself_shows_no_number_of_another_county(context: None, cast: Cast, session: Session) -> None:
    who = make.member(session, cast.shunda_union)

    with pytest.raises(Missing):
        actions.see_full_number(who.code, reason="核对身份", by=cast.next_county.as_actor(), now=make.NOW)

    assert session.scalars(select(Look)).all() == []
