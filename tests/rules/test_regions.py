"""Places: the tree, the approving nodes, territories (domain 12.1, 12.2)."""

import pytest

from enrollment.rules.regions import (
    COUNTIES,
    PREFECTURE,
    REGIONS,
    ZONES,
    Territory,
    county_of,
    is_bingtuan,
    territory,
    townships_of,
)

TOWNSHIPS = {
    "652301": 22, "652302": 13, "652323": 12, "652324": 19, "652325": 18, "652327": 11, "652328": 11,
}  # fmt: skip


def test_the_tree_is_the_prefecture_ten_nodes_and_their_places():
    assert len(REGIONS) == 1 + len(COUNTIES) + len(ZONES) + sum(TOWNSHIPS.values()) == 117
    assert {county: sum(code.startswith(county) for code in REGIONS) - 1 for county in COUNTIES} == TOWNSHIPS


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("652300", "昌吉回族自治州"),
        ("652301", "昌吉市"),
        ("652328", "木垒哈萨克自治县"),
        ("652328100", "木垒镇"),
        ("652302003", "准东街道"),
        ("652327106", "五彩湾镇"),
        ("652323520", "一零五团"),
        ("652328206", "大南沟乌孜别克乡"),
        ("ZD", "准东经济技术开发区"),
    ],
)
def test_places_have_their_official_names(code, name):
    assert REGIONS[code].name == name


@pytest.mark.parametrize(
    ("code", "county"),
    [
        ("652301001", "652301"),
        ("652301", "652301"),
        ("ZD", "ZD"),
        ("652301402", "CJGX"),
        ("652301400", "CJNK"),
        ("652327106", "ZD"),
        ("652325109", "ZD"),
        ("652302003", "652302"),
        ("652300", "652300"),
        ("659004", "652300"),
        ("650102002", "652300"),
        ("nowhere", "652300"),
    ],
)
def test_a_place_belongs_to_the_node_that_approves_there(code, county):
    assert county_of(code) == county


def test_the_places_of_a_zone_are_not_listed_under_the_county_around_it():
    assert [region.code for region in townships_of("ZD")] == ["652325109", "652327106"]
    assert "652327106" not in [region.code for region in townships_of("652327")]
    assert len(townships_of("652301")) == 20


@pytest.mark.parametrize(
    ("code", "corps"),
    [
        ("652301500", True),
        ("652323520", True),
        ("652325504", True),
        ("659004", True),
        ("659004001", True),
        ("652301001", False),
        ("652301400", False),
        ("652325", False),
        ("ZD", False),
    ],
)
def test_ground_of_the_corps_is_told_by_its_code(code, corps):
    assert is_bingtuan(code) is corps
    if code in REGIONS:
        assert REGIONS[code].is_bingtuan is corps


@pytest.mark.parametrize(
    ("code", "park"),
    [("ZD", True), ("CJGX", True), ("652301402", True), ("652324400", True), ("652301001", False), ("652324", False)],
)
def test_a_zone_or_a_code_4xx_is_no_township(code, park):
    assert REGIONS[code].is_park is park


def test_a_county_sees_itself_and_the_prefecture_sees_all():
    assert Territory("652301").counties == ("652301",)
    assert Territory(PREFECTURE).counties == (*COUNTIES, *ZONES, PREFECTURE)
    assert [Territory("652301").covers(code) for code in ("652301", "652302", "CJGX", PREFECTURE)] == [
        True,
        False,
        False,
        False,
    ]
    assert Territory("ZD").name == "准东经济技术开发区"


@pytest.mark.parametrize("code", [PREFECTURE, "652323", "CJNK"])
def test_a_territory_is_the_prefecture_or_a_node(code):
    assert territory(code) == Territory(code)


@pytest.mark.parametrize("code", ["652301001", "659004", "652303", "", "zd"])
def test_nothing_else_is_a_territory(code):
    assert territory(code) is None
