"""Unions that live on, as a cadre walks it: on a phone and at a desk."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from enrollment.storage.database import db
from enrollment.storage.unions import Coverage, Employer, Union
from tests.browser import DESK, PHONE, serious_violations

pytestmark = pytest.mark.journey

PAPER = "昌工发〔2026〕5号"


@pytest.fixture
def joint(served):
    """The joint union of the demo with most units: its code, one of its units, the pool of its county."""
    with served[0].app_context():
        units = select(Coverage.union_id).where(Coverage.until_on.is_(None)).group_by(Coverage.union_id)
        found = db.session.scalars(units.order_by(func.count().desc()).limit(1)).one()
        union = db.session.get_one(Union, found)
        covered = select(Employer.code, Employer.name).join(Coverage, Coverage.employer_id == Employer.id)
        unit = db.session.execute(covered.where(Coverage.union_id == found).order_by(Employer.id)).first()
        pools = select(Union.code).where(Union.kind == "pool", Union.county_code == union.county_code)
        return union.code, unit.code, unit.name, db.session.scalars(pools).one()


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_of_living_unions_keep_nobody_out(signs_in, joint, device):
    union, unit, _name, pool = joint
    page = signs_in("changji", "/unions", device)
    start = page.url
    ways = ("", "/units", f"/units/{unit}/end", "/merge", "/dissolve")
    for path in (*(f"/unions/{union}{way}" for way in ways), f"/employers/{unit}/close", f"/unions/{pool}"):
        page.goto(start.replace("/unions", path, 1))
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert serious_violations(page) == [], path


def test_a_unit_leaves_and_comes_back_on_a_phone(signs_in, joint):
    union, unit, name, _pool = joint
    page = signs_in("changji", "/unions", PHONE)
    page.goto(page.url.replace("/unions", f"/unions/{union}", 1))
    page.locator(f"a[href='/unions/{union}/units/{unit}/end']").click()
    page.get_by_role("button", name="办理退出").click()
    expect(page.locator(".error-summary")).to_contain_text("请选择退出原因。")
    page.get_by_text("自愿退出").click()
    page.fill("#document", PAPER)
    page.get_by_role("button", name="办理退出").click()
    page.wait_for_url(re.compile(rf"/unions/{union}$"))
    expect(page.locator(".history")).to_contain_text(f"{name}退出")

    page.get_by_role("link", name="增加单位").click()
    page.get_by_label("名称包含").fill(name)
    page.get_by_role("button", name="查询").click()
    page.get_by_text(name).click()
    page.fill("#document", PAPER)
    page.get_by_role("button", name="确认加入").click()
    page.wait_for_url(re.compile(rf"/unions/{union}$"))
    expect(page.locator(".history")).to_contain_text(f"{name}加入")
