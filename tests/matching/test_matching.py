"""The page of proposals, its file, and the page of one employer."""

import csv
import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.matching import queries
from enrollment.rules.regions import PREFECTURE, Territory
from enrollment.storage.unions import Coverage, Employer
from tests import make
from tests.cast import NEXT_COUNTY, Cast, sign_in
from tests.cast import PREFECTURE as PREFECTURE_CADRE
from tests.conftest import counted

CITY = Territory("652301")
PARK = "652301401"


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def rows(client: FlaskClient, path: str) -> list[list[str]]:
    """The cells of each row of the tables of a page, as words."""
    found = re.findall(r"<tr>\s*(<td.*?)</tr>", text_of(client, path), re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in found]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def file_of(client: FlaskClient, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def park(cast: Cast, session: Session) -> tuple[Employer, Employer, Employer]:
    """Three truck companies of one park, 800 m from end to end."""
    where = {"region_code": PARK, "group": "truck_driver", "longitude": 87.3}
    return (
        make.employer(session, name="甲车队", workers=9, latitude=44.0, **where),
        make.employer(session, name="乙车队", workers=11, latitude=44.0027, **where),
        make.employer(session, name="丙车队", workers=6, latitude=44.0072, **where),
    )


JOIN = ["四人网点", "may join 昌吉市快递行业联合工会委员会, same township, same work (Courier), 4 workers in all"]
STAND = "same park, 800 m, same work (Truck driver), 11 + 9 + 6 = 26 workers"


def test_proposals_explain_themselves_and_lead_on(client: FlaskClient, cast: Cast, park: tuple[Employer, ...]) -> None:
    sign_in(client)

    assert rows(client, "/matching") == [
        [*JOIN, "4", "昌吉市快递行业联合工会委员会"],
        ["乙车队 甲车队 丙车队", STAND, "26", "Begin a new one and invite them"],
    ]
    text = text_of(client, "/matching")
    assert f'href="/employers/{park[0].code}"' in text
    assert f'href="/unions/{cast.joint_union.code}"' in text
    assert "<h2>昌吉市</h2>" in text
    assert "2 proposals" in text
    assert "have no neighbor" not in text


def test_the_sentence_is_chinese_by_default(client: FlaskClient, park: tuple[Employer, ...]) -> None:
    sign_in(client)

    assert rows(client, "/matching?lang=zh")[1][1] == "同一园区，相距800米，同行业（货车司机），11 + 9 + 6 = 26人"


def test_the_file_says_what_the_page_says(client: FlaskClient, cast: Cast, park: tuple[Employer, ...]) -> None:
    sign_in(client)

    header, *lines = file_of(client, "/matching.csv")

    assert header == [
        "County", "Units", "Workers", "Why together", "Joint union to join", "Union code", "Employer codes",
    ]  # fmt: skip
    assert lines == [
        ["昌吉市", JOIN[0], "4", JOIN[1], cast.joint_union.name, cast.joint_union.code, cast.uncovered.code],
        ["昌吉市", "乙车队、甲车队、丙车队", "26", STAND, "", "", " ".join(park[n].code for n in (1, 0, 2))],
    ]
    assert [line[1] for line in file_of(client, "/matching.csv?group=courier")[1:]] == ["四人网点"]


def test_filters_by_trade_and_county(
    client: FlaskClient, cast: Cast, session: Session, park: tuple[Employer, ...]
) -> None:
    far = {"county_code": "652302", "region_code": "652302001"}
    make.employer(session, name="阜康一", **far)
    make.employer(session, name="阜康二", group="food_rider", **far)
    sign_in(client, PREFECTURE_CADRE)

    def units(query: str = "") -> list[str]:
        return [row[0] for row in rows(client, f"/matching{query}")]

    assert units() == ["四人网点", "乙车队 甲车队 丙车队", "阜康一 阜康二"]
    assert units("?group=food_rider") == ["阜康一 阜康二"]
    assert units("?group=ride_hailing_driver") == []
    assert units("?county=652302") == ["阜康一 阜康二"]
    assert units("?county=652301&group=truck_driver") == ["乙车队 甲车队 丙车队"]
    assert "No proposal" in text_of(client, "/matching?county=652325")
    assert [row[0] for row in rows(sign_in(client, NEXT_COUNTY), "/matching")] == ["阜康一 阜康二"]


@pytest.mark.parametrize("path", ["/matching", "/matching.csv"])
def test_a_county_outside_is_not_there_and_an_odd_trade_is_said(client: FlaskClient, cast: Cast, path: str) -> None:
    sign_in(client)

    assert client.get(f"{path}?county=652302").status_code == 404
    odd = client.get(f"{path}?group=guild&page=x")
    assert odd.status_code == (422 if path == "/matching" else 303)
    assert "No proposal" not in odd.get_data(as_text=True)


def test_who_has_nobody_is_counted_by_trade(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.employer(session, group="other", region_code="652301003")
    make.employer(session, group="other", region_code="652301520")  # ground of the Corps
    sign_in(client)

    assert "1 small unit has no neighbor and no joint union near." in text_of(client, "/matching")
    assert "no neighbor" not in text_of(client, "/matching?group=courier")


def test_only_units_without_a_union_of_1_to_24_workers_of_the_day(context: None, cast: Cast, session: Session) -> None:
    trades = {"region_code": "652301003", "group": "other"}
    make.employer(session, name="一人", workers=1, **trades)
    make.employer(session, name="二十四人", workers=24, **trades)
    make.employer(session, name="二十五人", workers=25, **trades)
    make.employer(session, name="没数", workers=None, **trades)
    left = make.employer(session, name="退出的", workers=2, **trades)
    make.union(session, covers=(left,))
    coverage = session.scalars(select(Coverage).where(Coverage.employer_id == left.id)).one()
    coverage.until_on = make.TODAY
    session.commit()

    def names(on: date) -> list[str]:
        return [unit.name for it in queries.matched(CITY, on, "other").proposals for unit in it.units]

    assert names(make.TODAY) == ["二十四人", "退出的", "一人"]
    assert "退出的" not in names(make.TODAY - timedelta(days=1))


def test_a_joint_union_counts_while_it_stands_and_where_it_covers(context: None, cast: Cast, session: Session) -> None:
    make.employer(session, name="新网点", region_code="652301005")
    covered = make.employer(session, name="老网点", region_code="652301005")
    session.add(
        Coverage(
            union_id=cast.joint_union.id, employer_id=covered.id, from_on=date(2021, 3, 1), until_on=date(2021, 6, 1)
        )
    )
    session.commit()
    make.union(session, kind="joint", group=None, region_code="652301005", dissolved_on=date(2021, 5, 1))

    def joined(on: date) -> list[str]:
        return [
            it.union.name for it in queries.matched(CITY, on).proposals if it.union and it.units[0].name == "新网点"
        ]

    assert joined(date(2021, 5, 31)) == [cast.joint_union.name]
    assert joined(date(2021, 6, 1)) == []


def test_pages_of_fifty(client: FlaskClient, cast: Cast, session: Session) -> None:
    for n in range(102):
        make.employer(
            session, name=f"{n // 2:02}号院{n}", workers=24, group="other", latitude=44 + (n // 2) / 10, longitude=87.0
        )
    sign_in(client)

    first, second = rows(client, "/matching"), rows(client, "/matching?page=2")

    assert (len(first), len(second)) == (50, 2)
    assert not {row[0] for row in first} & {row[0] for row in second}
    assert rows(client, "/matching?page=9") == second
    assert rows(client, "/matching?page=-1") == first
    assert 'rel="next" href="/matching?page=2&group=other"' in text_of(client, "/matching?group=other")
    assert "Page 2 of 2" in text_of(client, "/matching?page=2")


def test_the_part_alone_is_the_list(client: FlaskClient, cast: Cast) -> None:
    part = sign_in(client).get("/matching", headers={"HX-Request": "true"}).get_data(as_text=True)

    assert part.strip().startswith('<section id="proposals"')


@pytest.mark.parametrize("path", ["/matching", "/matching.csv", "/matching/{}"])
def test_it_costs_the_same_for_one_and_for_thirty(
    client: FlaskClient, cast: Cast, session: Session, statements: list[str], path: str
) -> None:
    sign_in(client)
    path = path.format(cast.uncovered.code)
    with counted(statements) as for_few:
        client.get(path).get_data()
    for n in range(30):
        make.employer(session, region_code="652301003")
        make.union(session, kind="joint", region_code="652301002", covers=(make.employer(session, name=f"在会{n}"),))
    with counted(statements) as for_many:
        client.get(path).get_data()

    assert len(for_many) == len(for_few) <= 4


def test_the_whole_prefecture_is_the_sum_of_its_parts(
    context: None, cast: Cast, session: Session, park: tuple[Employer, ...]
) -> None:
    for county, region in (("652302", "652302001"), ("ZD", "ZD"), (PREFECTURE, PREFECTURE)):
        make.employer(session, county_code=county, region_code=region)
        make.employer(session, county_code=county, region_code=region)
    whole = Territory(PREFECTURE)

    parts = [
        it for code in sorted(whole.counties[:-1]) for it in queries.matched(Territory(code), make.TODAY).proposals
    ]

    assert list(queries.matched(whole, make.TODAY).proposals) == parts
    assert [it.county for it in parts] == ["652301", "652301", "652302", "ZD"]


# --- one employer -------------------------------------------------------------------------------------------------


def test_one_employer_sees_unions_to_join_and_neighbors(
    client: FlaskClient, cast: Cast, session: Session, park: tuple[Employer, ...]
) -> None:
    make.employer(session, name="邻居", workers=5, region_code="652301002", brand="中通")
    sign_in(client)

    assert rows(client, f"/matching/{cast.uncovered.code}") == [
        ["昌吉市快递行业联合工会委员会", "same township, same work (Courier)"],
        ["邻居", "昌吉市 延安北路街道", "5", "same township, same work (Courier)"],
        ["丙车队", "昌吉市 北部荒漠管理站", "6", ""],
        ["乙车队", "昌吉市 北部荒漠管理站", "11", ""],
        ["甲车队", "昌吉市 北部荒漠管理站", "9", ""],
    ]
    shown = rows(client, f"/matching/{park[0].code}")[0]
    assert shown == ["乙车队", "昌吉市 北部荒漠管理站", "11", "same park, 300 m, same work (Truck driver)"]
    assert f'href="/matching/{cast.uncovered.code}"' in text_of(client, f"/employers/{cast.uncovered.code}")


def test_one_employer_that_needs_no_proposal_or_has_none_is_told_so(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    large = make.employer(session, workers=25)
    unknown = make.employer(session, workers=None)
    lonely = make.employer(session, group="other", county_code="652301", region_code="652301003")
    cover = make.union(session)
    session.add(Coverage(union_id=cover.id, employer_id=cast.uncovered.id, from_on=date(2021, 1, 1)))
    session.commit()
    sign_in(client)

    assert "already belongs to a union" in text_of(client, f"/matching/{cast.shunda.code}")
    for unit in (large, unknown):
        assert "Nothing is proposed" in text_of(client, f"/matching/{unit.code}")
    assert "No proposal" in text_of(client, f"/matching/{lonely.code}")


def test_an_employer_of_another_county_is_not_there(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, NEXT_COUNTY)

    assert client.get(f"/matching/{cast.uncovered.code}").status_code == 404
    assert client.get("/matching/nothing").status_code == 404
    assert 'href="/matching"' in text_of(client, "/employers")
