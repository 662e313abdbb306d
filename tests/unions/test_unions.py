import csv
import io
import re
from datetime import date
from html import unescape
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from enrollment.rules.regions import PREFECTURE, Territory
from enrollment.storage.unions import Coverage, Depot, Employer, Headcount
from enrollment.unions import employers, queries
from enrollment.web.lists import Place
from tests import make
from tests.cast import NEXT_COUNTY, Cast, sign_in
from tests.cast import PREFECTURE as PREFECTURE_CADRE
from tests.conftest import counted

AS_OF = "as_of=2021-11-30"
CITY = Territory("652301")


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def listed(client: FlaskClient, path: str) -> set[str]:
    return set(re.findall(r'class="main"><a href="/(?:unions|employers)/[^"]*">([^<]*)<', text_of(client, path)))


def rows_of(client: FlaskClient, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_unions_of_the_own_county_without_pools(client: FlaskClient, cast: Cast) -> None:
    city = {cast.shunda_union.name, cast.joint_union.name}

    assert listed(sign_in(client), f"/unions?{AS_OF}") == city
    assert listed(client, f"/unions?{AS_OF}&kind=pool") == {cast.city_pool.name}
    assert listed(sign_in(client, NEXT_COUNTY), f"/unions?{AS_OF}") == {cast.fukang_union.name}
    assert listed(sign_in(client, PREFECTURE_CADRE), f"/unions?{AS_OF}") == city | {cast.fukang_union.name}


def test_filters_narrow_list_and_file_alike(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.union(session, name="昌吉市快递行业工会联合会", kind="industry", group="courier")
    sign_in(client)

    for query, expected in [
        ("kind=counted", {cast.shunda_union.name, cast.joint_union.name}),
        ("kind=joint", {cast.joint_union.name}),
        (f"q={quote('快递行业')}", {cast.joint_union.name, "昌吉市快递行业工会联合会"}),
        (f"q={quote('快递行业')}&kind=counted", {cast.joint_union.name}),
        ("q=%25", set()),
    ]:
        path = f"?{AS_OF}&{query}"
        assert listed(client, "/unions" + path) == expected
        assert {row[0] for row in rows_of(client, "/unions.csv" + path)[1:]} == expected
        count = text_of(client, "/unions" + path + "&lang=en").split('class="count"')[1]
        assert re.search(r">(\d+) union", count).group(1) == str(len(expected))  # type: ignore[union-attr]


def test_a_union_is_listed_from_founding_until_the_day_before_dissolution(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    make.union(session, name="短命工会", founded_on=date(2021, 3, 1), dissolved_on=date(2021, 5, 1))
    sign_in(client)

    seen = [f"/unions?as_of=2021-{day}&q={quote('短命')}" for day in ("02-28", "03-01", "04-30", "05-01")]

    assert [len(listed(client, path)) for path in seen] == [0, 1, 1, 0]


def test_the_row_of_a_union_tells_members_and_units_of_the_day(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    make.member(session, cast.joint_union, on=date(2021, 6, 1))
    make.member(session, cast.joint_union, on=date(2021, 7, 1))
    session.add(Coverage(union_id=cast.joint_union.id, employer_id=cast.uncovered.id, from_on=date(2021, 7, 1)))
    session.commit()
    sign_in(client)

    def row(day: str) -> list[str]:
        return rows_of(client, f"/unions.csv?kind=joint&as_of={day}")[1]

    expected = ["昌吉市", "1", "2", "2020-01-01", cast.joint_union.approval_number, cast.joint_union.code]
    assert row("2021-06-30")[2:] == expected
    assert row("2021-07-01")[3:5] == ["2", "3"]


@pytest.mark.parametrize("path", ["/unions", "/unions.csv", "/employers", "/employers.csv"])
def test_a_county_outside_the_territory_is_not_there(client: FlaskClient, cast: Cast, path: str) -> None:
    sign_in(client)

    assert client.get(f"{path}?county=652302").status_code == 404
    assert client.get(f"{path}?county=652301").status_code == 200
    sign_in(client, PREFECTURE_CADRE)
    assert client.get(f"{path}?county=652302").status_code == 200


@pytest.mark.parametrize("path", ["/unions", "/employers"])
@pytest.mark.parametrize("query", ["as_of=2999-01-01", "as_of=x", "kind=guild&covered=maybe"])
def test_an_odd_filter_is_said_and_no_file_is_made_of_it(
    client: FlaskClient, cast: Cast, path: str, query: str
) -> None:
    sign_in(client)

    assert client.get(f"{path}?{query}").status_code == 422
    answer = client.get(f"{path}.csv?{query}")
    assert answer.status_code == 303
    assert answer.location.startswith(f"{path}?")


def test_one_union_tells_its_units_and_the_rate_inside_them(client: FlaskClient, cast: Cast, session: Session) -> None:
    for n in range(7):
        make.member(session, cast.joint_union, on=date(2021, 6, 1 + n))
    session.add(Headcount(employer_id=cast.small_a.id, surveyed_on=date(2021, 10, 1), workers=12, source="街道"))
    session.commit()
    sign_in(client)

    then = text_of(client, f"/unions/{cast.joint_union.code}?as_of=2021-09-30&lang=en")
    later = text_of(client, f"/unions/{cast.joint_union.code}?as_of=2021-10-01&lang=en")

    assert "46.7 %" in then
    assert "7 / 15" in then
    assert "38.9 %" in later
    assert "7 / 18" in later
    assert {"快马网点", "飞驰网点"} <= set(re.findall(r">([^<]*网点)<", then))


def test_a_rate_beyond_full_is_not_shown_but_explained(client: FlaskClient, cast: Cast, session: Session) -> None:
    lone = make.union(session, covers=(make.employer(session, workers=1),))
    make.member(session, lone)
    make.member(session, lone)
    sign_in(client)

    text = text_of(client, f"/unions/{lone.code}?{AS_OF}&lang=en")

    assert "200.0" not in text
    assert "More members than workers" in text


def test_the_next_countys_union_and_employer_are_not_there(client: FlaskClient, cast: Cast, session: Session) -> None:
    far = make.employer(session, county_code="652302", region_code="652302001")
    sign_in(client)

    for path in (
        f"/unions/{cast.fukang_union.code}",
        "/unions/nothing",
        f"/employers/{far.code}",
        "/employers/nothing",
    ):
        assert client.get(path).status_code == 404
    sign_in(client, NEXT_COUNTY)
    assert client.get(f"/unions/{cast.fukang_union.code}").status_code == 200
    assert client.get(f"/employers/{far.code}").status_code == 200


def test_employers_by_coverage_with_the_latest_headcount(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.employer(session, county_code="652302", region_code="652302001", name="阜康物流")
    make.employer(session, workers=None, name="未普查快递")
    session.add(Headcount(employer_id=cast.uncovered.id, surveyed_on=date(2021, 10, 1), workers=5, source="街道"))
    session.commit()
    sign_in(client)
    covered = {cast.shunda.name, cast.small_a.name, cast.small_b.name}

    assert listed(client, f"/employers?{AS_OF}") == covered | {cast.uncovered.name}
    assert listed(client, f"/employers?{AS_OF}&covered=yes") == covered
    assert listed(client, f"/employers?{AS_OF}&covered=no") == {cast.uncovered.name}
    assert listed(client, f"/employers?{AS_OF}&q={quote('网点')}&covered=yes") == {cast.small_a.name, cast.small_b.name}
    assert listed(client, f"/employers?{AS_OF}&group=truck_driver") == set()
    assert listed(client, "/employers?as_of=2020-12-31") == set()
    assert rows_of(client, "/employers.csv?covered=no&as_of=2021-09-30")[1][3] == "4"
    assert rows_of(client, "/employers.csv?covered=no&as_of=2021-10-01")[1][3] == "5"


def test_coverage_by_a_dissolved_union_or_in_the_past_is_none(context: None, cast: Cast, session: Session) -> None:
    gone = make.union(session, covers=(cast.uncovered,), founded_on=date(2021, 1, 1), dissolved_on=date(2021, 6, 1))
    covered = employers.Filters(covered="yes")

    assert employers.number_of_employers(CITY, date(2021, 5, 31), covered) == 4
    assert employers.number_of_employers(CITY, date(2021, 6, 1), covered) == 3
    assert queries.number_of_unions(CITY, date(2021, 5, 31)) == 3
    one = employers.one_employer(CITY, cast.uncovered.code, date(2021, 6, 1))
    assert one is not None
    assert [row.code for row in one.coverage] == [gone.code]


def test_codes_of_an_employer_are_intact_in_the_file(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.employer(session, name="零零七", credit_code="916523010000000012", filing_number="0099-12")
    sign_in(client)

    [_header, row] = rows_of(client, f"/employers.csv?{AS_OF}&q={quote('零零七')}")

    assert row[5:7] == ["916523010000000012\t", "0099-12"]


def test_a_file_of_thousands_of_rows_streams_whole(client: FlaskClient, cast: Cast, session: Session) -> None:
    units = [
        Employer(code=f"X{n}", name=f"大{n:04}", county_code="652301", region_code="652301001", group="courier")
        for n in range(1300)
    ]
    session.add_all(units)
    session.flush()
    day = date(2021, 1, 1)
    session.add_all(Headcount(employer_id=unit.id, surveyed_on=day, workers=1, source="街道") for unit in units)
    session.commit()
    sign_in(client)

    answer = client.get(f"/employers.csv?{AS_OF}&q={quote('大')}")
    pieces = list(answer.iter_encoded())

    assert answer.is_streamed
    assert len(pieces) > 5
    assert [line.split(",")[0] for line in b"".join(pieces).decode("utf-8-sig").splitlines()[1:]] == [
        unit.name for unit in units
    ]


def test_one_employer_tells_depots_headcounts_coverage_members_and_visits(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    make.member(session, cast.shunda_union, employer_id=cast.shunda.id)
    make.member(session, cast.fukang_union, employer_id=cast.shunda.id)
    session.add(Depot(employer_id=cast.shunda.id, name="顺达宁边路网点", region_code="652301001", filing_number="B1"))
    session.commit()
    seen = make.visit(session, employer_id=cast.shunda.id)
    other = make.visit(session, employer_id=cast.shunda.id, county_code="652302")
    sign_in(client)

    text = text_of(client, f"/employers/{cast.shunda.code}?{AS_OF}&lang=en")

    assert "顺达宁边路网点" in text
    assert "企业名录" in text
    assert f'href="/unions/{cast.shunda_union.code}"' in text
    assert f'href="/visits/{seen.code}"' in text
    assert other.code not in re.findall(r'/visits/([^"]*)"', text)
    assert re.search(rf'href="/members\?employer={cast.shunda.code}&as_of=2021-11-30">1</a>', text)


def test_pages_of_fifty_meet_without_gap_or_repeat(context: None, cast: Cast, session: Session) -> None:
    for n in range(105):
        make.employer(session, name=f"同名快递{n % 3}")
        make.union(session)

    def walk(listing: object) -> list[str]:
        place, codes = Place(), []
        while True:
            page = listing(CITY, make.TODAY, place=place)  # type: ignore[operator]
            codes += [row.code for row in page.rows]
            assert page.total == 105 + base
            if not page.next:
                return codes
            place = Place(after=page.next)

    for listing, base in ((employers.employers, 4), (queries.unions, 2)):
        codes = walk(listing)
        assert len(codes) == len(set(codes)) == 105 + base


@pytest.mark.parametrize("path", ["/unions", "/employers"])
def test_a_list_costs_the_same_for_one_and_for_thirty(
    client: FlaskClient, cast: Cast, session: Session, statements: list[str], path: str
) -> None:
    sign_in(client)
    with counted(statements) as for_few:
        client.get(f"{path}?{AS_OF}&q={quote('快递有限')}")
    for n in range(30):
        unit = make.employer(session, name=f"第{n}快递有限公司")
        make.member(session, make.union(session, covers=(unit,), name=f"第{n}快递有限公司工会"), on=date(2021, 6, 1))
    with counted(statements) as for_many:
        client.get(f"{path}?{AS_OF}&q={quote('快递有限')}")

    assert len(for_many) == len(for_few) <= 4


def test_the_pages_of_one_cost_the_same_for_one_and_for_thirty(
    client: FlaskClient, cast: Cast, session: Session, statements: list[str]
) -> None:
    paths = (f"/unions/{cast.shunda_union.code}?{AS_OF}", f"/employers/{cast.shunda.code}?{AS_OF}")
    sign_in(client)
    with counted(statements) as for_few:
        for path in paths:
            client.get(path)
    for n in range(29):
        unit = make.employer(session)
        session.add(Coverage(union_id=cast.shunda_union.id, employer_id=unit.id, from_on=date(2021, 2, 1)))
        session.add(
            Headcount(employer_id=cast.shunda.id, surveyed_on=date(2021, 2, 1 + n % 28), workers=n, source="x")
        ) if n < 28 else None
        make.visit(session, employer_id=cast.shunda.id)
    session.commit()
    with counted(statements) as for_many:
        for path in paths:
            client.get(path)

    assert len(for_many) == len(for_few)


def test_the_parts_alone_are_the_lists(client: FlaskClient, cast: Cast) -> None:
    sign_in(client)

    for path, part_id in (("/unions", "unions-list"), ("/employers", "employers-list")):
        part = client.get(f"{path}?{AS_OF}", headers={"HX-Request": "true"}).get_data(as_text=True)
        assert part.strip().startswith(f'<section id="{part_id}"')
        assert "<html" not in part


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    for path in ("/unions", "/unions.csv", "/unions/U1", "/employers", "/employers.csv", "/employers/E1"):
        assert client.get(path).location.startswith("/signin")


def test_the_whole_prefecture_is_the_sum_of_its_parts(context: None, cast: Cast) -> None:
    whole = Territory(PREFECTURE)
    parts = [Territory(code) for code in whole.counties if code != PREFECTURE]

    for count in (queries.number_of_unions, employers.number_of_employers):
        assert count(whole, make.TODAY) == sum(count(part, make.TODAY) for part in parts)


def test_brand_and_place_of_an_employer_are_shown_and_end_the_line_of_the_file(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    known = make.employer(session, name="中通网点", brand="中通", latitude=44.0112, longitude=87.3081)
    sign_in(client)

    def facts(code: str) -> dict[str, str]:
        text = text_of(client, f"/employers/{code}?{AS_OF}&lang=en")
        return dict(re.findall(r"<dt[^>]*>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", text))

    assert {name: facts(known.code)[name] for name in ("Brand", "Coordinates")} == {
        "Brand": "中通",
        "Coordinates": "Known",
    }
    assert (facts(cast.uncovered.code)["Brand"], facts(cast.uncovered.code)["Coordinates"]) == ("—", "Not known")
    header, row = rows_of(client, f"/employers.csv?{AS_OF}&q={quote('中通')}")
    assert header[-3:] == ["Brand", "Latitude", "Longitude"]
    assert row[-3:] == ["中通", "44.0112", "87.3081"]
    [_header, other] = rows_of(client, f"/employers.csv?{AS_OF}&q={quote('四人')}")
    assert other[-3:] == ["", "", ""]
