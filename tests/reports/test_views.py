"""The page of rates as a cadre sees it."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from enrollment.storage.unions import PublishedFigure
from tests import make
from tests.cast import CITY, NEXT_COUNTY, PREFECTURE, Cast, sign_in

PATH = "/rates?as_of=2021-11-30&lang=en"


def _text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return " ".join(answer.get_data(as_text=True).replace("&amp;", "&").replace("&#34;", '"').split())


@pytest.fixture
def printed(session: Session, cast: Cast) -> None:
    """3 members of 49 workers, which the paper rounded up to 7 %."""
    session.add(
        PublishedFigure(territory_code="652300", as_of=date(2021, 11, 30), figure="rate", value="7", source="报")
    )
    session.commit()
    for _ in range(3):
        make.member(session, cast.shunda_union)


@pytest.mark.usefixtures("printed")
def test_a_rate_says_numerator_denominator_day_sources_and_rounding(client: FlaskClient) -> None:
    shown = _text(sign_in(client, PREFECTURE), PATH)

    assert '<p class="figure__number">6.1 %</p> <p class="figure__note">3 / 49 · 2021-11-30</p>' in shown
    assert "rounded half up to one decimal" in shown
    assert "企业名录 (2021-01-01): 4 enterprises, 49 workers" in shown


@pytest.mark.usefixtures("printed")
def test_each_number_opens_its_list_on_the_same_day(client: FlaskClient) -> None:
    shown = _text(sign_in(client, PREFECTURE), PATH)

    for path in (
        "/members?as_of=2021-11-30",
        "/unions?kind=counted&as_of=2021-11-30",
        "/unions?kind=single&as_of=2021-11-30",
        "/unions?kind=joint&as_of=2021-11-30",
        "/employers?as_of=2021-11-30",
        "/employers?covered=yes&as_of=2021-11-30",
        "/rates.csv?as_of=2021-11-30",
        "/rates?as_of=2021-11-30&county=652302",
    ):
        assert f'href="{path}"' in shown


@pytest.mark.usefixtures("printed")
def test_the_lists_of_one_county_stay_in_that_county(client: FlaskClient) -> None:
    shown = _text(sign_in(client, PREFECTURE), f"{PATH}&county=652301")

    assert 'href="/members?as_of=2021-11-30&county=652301"' in shown
    assert 'href="/employers?covered=yes&as_of=2021-11-30&county=652301"' in shown
    assert "顺达快递有限公司工会委员会" in shown
    assert "By county" not in shown


@pytest.mark.usefixtures("printed")
def test_the_newspaper_stands_beside_our_figure_with_the_gap_explained(client: FlaskClient) -> None:
    shown = _text(sign_in(client, PREFECTURE), PATH)

    row = shown.split(">Enrollment rate</td>", 1)[1].split("</tr>", 1)[0]
    assert ">7 %<" in row
    assert ">6.1 %<" in row
    assert ">0.9<" in row
    assert "The paper rounded up; normal rounding gives ours" in row


@pytest.mark.usefixtures("printed")
def test_on_another_day_the_days_with_published_figures_are_linked(client: FlaskClient) -> None:
    shown = _text(sign_in(client, PREFECTURE), "/rates?as_of=2021-11-29&lang=en")

    assert 'Published figures exist as of <a href="/rates?as_of=2021-11-30">2021-11-30</a>' in shown
    assert "As published" not in shown


@pytest.mark.usefixtures("printed")
def test_the_chart_has_a_bar_for_each_county_beside_the_table(client: FlaskClient) -> None:
    shown = _text(sign_in(client, PREFECTURE), PATH)

    chart = shown.split('<svg class="bars"', 1)[1].split("</svg>", 1)[0]
    assert chart.count("bars__label") == 10
    assert ">昌吉市</text>" in chart
    assert ">6.1</text>" in chart


@pytest.mark.usefixtures("printed")
def test_the_picture_alone_is_a_file_for_a_report(client: FlaskClient) -> None:
    answer = sign_in(client, PREFECTURE).get("/rates.svg?as_of=2021-11-30")

    assert answer.mimetype == "image/svg+xml"
    assert answer.get_data(as_text=True).count("bars__label") == 10
    assert client.get("/rates.svg?as_of=x").status_code == 422


def test_more_than_a_hundred_percent_is_an_error_and_no_figure(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    session.add(
        PublishedFigure(territory_code="652300", as_of=date(2021, 11, 30), figure="rate", value="120", source="报")
    )
    session.commit()
    for _ in range(50):
        make.member(session, cast.city_pool)

    shown = _text(sign_in(client, PREFECTURE), PATH)

    assert "Denominator error" in shown
    assert "50 / 49" in shown
    assert "the number below the line is too small" in shown
    assert "102.0" not in shown


def test_without_any_headcount_there_is_no_rate(client: FlaskClient, cast: Cast) -> None:
    assert cast.shunda.id
    shown = _text(sign_in(client), "/rates?as_of=2019-01-01&lang=en")

    assert "No headcount had been surveyed by this day" in shown
    assert '<p class="figure__number">—</p>' in shown


@pytest.mark.usefixtures("cast")
def test_today_is_the_day_unless_another_is_asked_for(client: FlaskClient) -> None:
    sign_in(client)

    assert client.get("/rates").status_code == 200
    assert _text(client, "/rates?as_of=").count('value="20') == 1


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize(
    "day, sentence",
    [
        ("yesterday", "Enter a day such as 2021-11-30."),
        ("2021-02-30", "Enter a day such as 2021-11-30."),
        ("9999-12-31", "Enter a day that has been."),
    ],
)
def test_a_bad_day_is_told_in_a_sentence(client: FlaskClient, day: str, sentence: str) -> None:
    sign_in(client)

    assert sentence in _text(client, f"/rates?as_of={day}&lang=en", 422)
    assert sentence in _text(client, f"/rates.csv?as_of={day}&lang=en", 422)


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("county", ["652302", "652300", "CJGX", "nowhere", "652301001"])
def test_a_county_cadre_finds_no_other_place(client: FlaskClient, county: str) -> None:
    sign_in(client, CITY)

    for path in ("/rates", "/rates.csv", "/rates.svg"):
        assert client.get(f"{path}?county={county}").status_code == 404
        assert client.get(f"{path}?county=652301").status_code == 200


@pytest.mark.usefixtures("printed")
def test_a_county_cadre_sees_the_own_county_only(client: FlaskClient) -> None:
    shown = _text(sign_in(client, NEXT_COUNTY), PATH)

    assert "Rates: 阜康市" in shown
    assert "昌吉市快递行业联合工会委员会" not in shown
    assert "0 / 0" in shown


@pytest.mark.usefixtures("cast")
def test_a_visitor_is_sent_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/rates").headers["Location"] == "/signin?next=/rates"


@pytest.mark.usefixtures("printed")
def test_the_file_says_what_the_page_says(client: FlaskClient) -> None:
    answer = sign_in(client, PREFECTURE).get("/rates.csv?as_of=2021-11-30&lang=en")

    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert lines[0] == (
        'Code,Place,As of,Members,Workers,"Enrollment rate, percent",Unions,Unions of one unit,Joint unions,'
        'Units covered,Enterprises,"Coverage, percent"'
    )
    assert lines[1] == "652301,昌吉市,2021-11-30,3,49,6.1,2,1,1,3,4,75.0"
    assert lines[-1] == "652300,昌吉回族自治州,2021-11-30,3,49,6.1,3,2,1,3,4,75.0"
    assert "rates_652300_2021-11-30.csv" in answer.headers["Content-Disposition"]
