"""Pages of pairings: what a cadre reads, what is shown again, and the wrong county as well as the right one."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from enrollment.storage.pairings import Pairing, PairingContact
from enrollment.storage.unions import Coverage
from enrollment.web import clock
from tests import make
from tests.cast import CITY, NEXT_COUNTY, PREFECTURE, Cast, csrf, sign_in

TODAY, DAY = clock.today(), timedelta(days=1)


def text_of(answer: TestResponse) -> str:
    return " ".join(answer.get_data(as_text=True).split())


def shown(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return text_of(answer)


def post(client: FlaskClient, path: str, **sent: object) -> TestResponse:
    token = csrf(client, path.rsplit("/", 1)[0] if "/hand-over" not in path else path)
    return client.post(path, data={"csrf_token": token, **sent})


def named(client: FlaskClient, code: str, **changes: object) -> TestResponse:
    sent = {"version": "0", "guide": CITY, "step": "上门讲政策", "due_on": str(TODAY + DAY)}
    return post(client, f"/pairings/{code}/guide", **{**sent, **changes})


def counts(text: str) -> list[str]:
    return re.findall(r'tabs__count">(\d+)<', text)


def test_a_guide_is_named_a_contact_logged_and_both_are_read_again(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    code = cast.uncovered.code
    page = shown(sign_in(client), f"/pairings/{code}")
    assert "Nobody guides this employer yet" in page
    assert '<option selected value="changji-city">张干部</option>' in page  # who asks is proposed
    assert "王干部" not in page

    assert named(client, code).headers["Location"] == f"/pairings/{code}"
    told = {"contacted_on": str(TODAY), "way": "phone", "words": "老板愿意听"}
    assert post(client, f"/pairings/{code}/contacts", **told).headers["Location"] == f"/pairings/{code}"

    page = shown(client, f"/pairings/{code}")
    assert f"<dd>{TODAY + DAY} · Ahead</dd>" in page
    assert f'Telephone</p> <p class="history__when"><time>{TODAY}</time> · 张干部</p>' in page
    assert "老板愿意听" in page
    assert f"上门讲政策, on {TODAY + DAY}" in shown(client, f"/employers/{code}")
    assert counts(shown(client, "/pairings")) == ["1", "0", "0", "0", "0", "1"]
    assert session.scalars(select(Pairing.account_id)).all() == [cast.city.id]


def test_what_does_not_fit_is_told_in_its_form_and_nothing_typed_is_lost(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    code = cast.uncovered.code
    sign_in(client)
    wrong = (
        (named(client, code, due_on=""), "Enter the day of the next step.", 'value="上门讲政策"'),
        (named(client, code, step=""), "Enter what the next step is.", f'value="{TODAY + DAY}"'),
        (named(client, code, guide=""), "Choose the guide.", 'value="上门讲政策"'),
        (named(client, code, guide=NEXT_COUNTY), "Not a valid choice", 'value="上门讲政策"'),
        (named(client, code, due_on="2012-01-01"), "Look at the year", 'value="上门讲政策"'),
        (named(client, code, step="字" * 61), "Enter at most 60 characters.", "字" * 61),
        (post(client, f"/pairings/{code}/contacts", words=""), "Write in a few words what was said.", "Log a contact"),
        (
            post(client, f"/pairings/{code}/contacts", contacted_on=str(TODAY + DAY), words="讲了", way="phone"),
            "Enter a day that has been.",
            "讲了</textarea>",
        ),
        (post(client, f"/pairings/{code}/end", version="0", note=""), "Write why it is no longer needed.", "Contacts"),
        (post(client, f"/pairings/{code}/end", version="0", note="注销"), "Nobody guides this employer.", "Contacts"),
    )

    for answer, sentence, kept in wrong:
        page = text_of(answer)
        assert (answer.status_code, kept in page) == (422, True), sentence
        assert sentence in page
    assert session.scalars(select(Pairing.id)).all() == session.scalars(select(PairingContact.id)).all() == []


def test_a_pairing_ends_with_its_reason_and_the_history_keeps_it(client: FlaskClient, cast: Cast) -> None:
    code = cast.uncovered.code
    named(sign_in(client), code)

    answer = post(client, f"/pairings/{code}/end", version="1", note="正在注销")

    assert answer.headers["Location"] == f"/pairings/{code}"
    page = shown(client, f"/pairings/{code}")
    assert '<p class="history__text">No longer needed</p>' in page
    assert '<p class="history__note">正在注销</p>' in page
    assert "Nobody guides this employer yet" in page
    assert "End the pairing" not in page


def test_somebody_was_faster_is_told_as_such(client: FlaskClient, session: Session, cast: Cast) -> None:
    make.pairing(session, cast.uncovered, cast.prefecture)

    assert named(sign_in(client), cast.uncovered.code).status_code == 409
    assert session.scalars(select(Pairing.account_id)).all() == [cast.prefecture.id]


def test_a_pairing_that_is_over_says_why_and_takes_no_guide(client: FlaskClient, session: Session, cast: Cast) -> None:
    make.pairing(session, cast.shunda, cast.city)
    closed = make.employer(session, closed_on=TODAY)
    sign_in(client)

    for code, why in ((cast.shunda.code, "A union covers the employer"), (closed.code, "The unit has closed")):
        page = shown(client, f"/pairings/{code}")
        assert "The pairing is over" in page
        assert why in page
        assert "Save guide and next step" not in page
        assert named(client, code).status_code == 422
    assert "<h2>Pairing</h2>" not in shown(client, f"/employers/{cast.shunda.code}")


def test_an_inactive_guide_is_marked_and_another_can_be_named(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.prefecture.active = False
    session.add(cast.prefecture)
    make.pairing(session, cast.uncovered, cast.prefecture)
    sign_in(client)

    assert "The guide’s account is no longer active" in shown(client, f"/pairings/{cast.uncovered.code}")
    for path in ("/pairings", "/pairings/guides"):
        assert "赵干部 <span" in shown(client, path)
        assert "No longer active</span>" in shown(client, path)


def test_filters_live_in_the_address_and_the_file_has_the_rows_of_the_list(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    make.pairing(session, cast.uncovered, cast.city, TODAY - 30 * DAY, step="=帮填申请", due_on=TODAY)
    other = make.employer(session, name="甲快递")
    make.pairing(session, other, cast.city, TODAY)
    asked = f"q=网点&view=silent&guide={CITY}"
    sign_in(client)

    page = shown(client, f"/pairings?{asked}")
    lines = client.get(f"/pairings.csv?{asked}").get_data().decode("utf-8-sig").splitlines()

    assert counts(page) == ["1", "0", "1", "1", "0", "1"]
    assert 'aria-current="page">No contact for 30 days' in page
    assert 'name="view" value="silent"' in page
    assert f'href="/pairings.csv?{asked.replace("&", "&amp;").replace("网点", "%E7%BD%91%E7%82%B9")}"' in page
    assert "Due today</span>" in page
    assert "甲快递" not in page
    assert [line.split(",")[0] for line in lines] == ["Name of the employer", "四人网点"]
    assert lines[1].split(",")[4:] == [
        "张干部", str(TODAY - 30 * DAY), "'=帮填申请", str(TODAY), "", cast.uncovered.code,
    ]  # fmt: skip


def test_htmx_gets_the_list_alone_and_an_odd_filter_is_told(client: FlaskClient, cast: Cast) -> None:
    sign_in(client)

    part = client.get("/pairings", headers={"HX-Request": "true"}).get_data(as_text=True)
    odd = client.get("/pairings?view=odd")

    assert part.strip().startswith('<section id="pairings-list"')
    assert "<html" not in part
    assert odd.status_code == 422
    assert client.get("/pairings.csv?view=odd").status_code == 303
    assert client.get("/pairings?guide=nobody").status_code == 422
    assert "No employer without a union fits the filter." in shown(client, "/pairings?view=mine")


def test_a_long_list_has_pages_and_the_prefecture_can_ask_for_one_county(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    for _ in range(51):
        make.employer(session, county_code="652302", region_code="652302001")
    sign_in(client, PREFECTURE)

    page = shown(client, "/pairings?county=652302")

    assert counts(page)[0] == "51"
    after = re.search(r'rel="next" href="(/pairings\?[^"]*after=[^"]*)"', page)
    assert after
    rest = shown(client, after.group(1).replace("&amp;", "&"))
    assert rest.count("<tr>") == 2
    assert 'rel="prev"' in rest
    assert "阜康市" in shown(client, "/pairings/guides?county=652302")


def test_all_of_one_guide_are_handed_over_in_one_act(client: FlaskClient, session: Session, cast: Cast) -> None:
    units = [make.employer(session, name=f"第{n}家") for n in range(3)]
    for unit in units:
        make.pairing(session, unit, cast.city, TODAY)
    sign_in(client)
    assert "Who hands over" in shown(client, "/pairings/hand-over")
    page = shown(client, f"/pairings/hand-over?from={CITY}")
    offered = re.findall(r'<input checked class="weui-check"[^>]* value="(\w+)"', page)
    assert sorted(offered) == sorted(unit.code for unit in units)

    path = f"/pairings/hand-over?from={CITY}"
    answer = post(client, path, to=PREFECTURE, employers=offered)
    again = post(client, path, to=PREFECTURE, employers=offered)

    assert answer.headers["Location"] == again.headers["Location"] == f"/pairings?guide={PREFECTURE}"
    assert counts(shown(client, f"/pairings?guide={PREFECTURE}"))[0] == "3"
    assert "Handed over: 赵干部" in shown(client, f"/pairings/{units[0].code}")
    assert "张干部 guides no employer here." in shown(client, path)


@pytest.mark.parametrize(
    "sent, sentence",
    [
        ({"to": ""}, "Choose the guide."),
        ({"to": PREFECTURE, "employers": []}, "Choose at least one employer."),
        ({"to": NEXT_COUNTY}, "Not a valid choice"),
    ],
)
def test_a_hand_over_without_anybody_or_anything_is_told(
    client: FlaskClient, session: Session, cast: Cast, sent: dict[str, object], sentence: str
) -> None:
    make.pairing(session, cast.uncovered, cast.city)
    sign_in(client)

    answer = post(client, f"/pairings/hand-over?from={CITY}", **{"employers": [cast.uncovered.code], **sent})

    assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    assert len(session.scalars(select(Pairing.id)).all()) == 1


def test_the_load_opens_the_lists_it_counts(client: FlaskClient, session: Session, cast: Cast) -> None:
    make.pairing(session, cast.uncovered, cast.city, TODAY - 31 * DAY, step="上门", due_on=TODAY - DAY)
    sign_in(client)

    page = shown(client, "/pairings/guides")

    links = dict(re.findall(r'<a href="(/pairings\?[^"]*guide=changji-city[^"]*)">(\d+)</a>', page))
    assert sorted(links.values()) == ["1", "1", "1", "1"]
    for link in links:
        assert "四人网点" in shown(client, link.replace("&amp;", "&"))
    assert "Overdue</span>" in shown(client, "/pairings")


def test_another_countys_pairings_are_nowhere(client: FlaskClient, session: Session, cast: Cast) -> None:
    make.pairing(session, cast.uncovered, cast.prefecture)
    code = cast.uncovered.code
    sign_in(client, NEXT_COUNTY)

    assert client.get(f"/pairings/{code}").status_code == 404
    for act in ("guide", "contacts", "end"):
        token = csrf(client, "/pairings/hand-over")
        assert client.post(f"/pairings/{code}/{act}", data={"csrf_token": token}).status_code == 404
    assert client.get(f"/pairings/hand-over?from={CITY}").status_code == 404
    for path in ("/pairings", "/pairings.csv", "/pairings/guides", f"/pairings/hand-over?from={PREFECTURE}"):
        assert code not in client.get(path).get_data(as_text=True)
        assert "四人网点" not in client.get(path).get_data(as_text=True)
    for path in ("/pairings", "/pairings.csv", "/pairings/guides"):
        assert client.get(f"{path}?county=652301").status_code == 404


def test_a_union_formed_since_is_told_where_the_page_is_old(client: FlaskClient, session: Session, cast: Cast) -> None:
    sign_in(client)
    token = csrf(client, f"/pairings/{cast.uncovered.code}")
    session.add(Coverage(union_id=cast.joint_union.id, employer_id=cast.uncovered.id, from_on=TODAY))
    session.commit()
    sent = {"version": "0", "guide": CITY, "csrf_token": token}

    answer = client.post(f"/pairings/{cast.uncovered.code}/guide", data=sent)

    assert (answer.status_code, "This unit already belongs to a union." in text_of(answer)) == (422, True)
    assert session.scalars(select(Pairing.id)).all() == []
