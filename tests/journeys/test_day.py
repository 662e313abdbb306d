"""A cadre's day with thirty cases; leave and who stands in; the keys exchanged while people work."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.storage.applications import Application, ApplicationAct
from enrollment.storage.database import db
from enrollment.web import clock
from tests import make
from tests.browser import DESK, PHONE, serious_violations

pytestmark = pytest.mark.journey

MANAS, HUTUBI = "652324", "652323"
COUNT = "document.querySelector('.tabs__tab[aria-current] .tabs__count').textContent"


def says(page: Page, words: str) -> None:
    expect(page.locator("#main")).to_contain_text(words)


def cases(served, county: str, number: int, first: int) -> list[str]:
    """So many people of a county who apply, each with a number of their own; the numbers of their applications."""
    app, _address = served
    made = []
    with app.app_context(), Session(db.engine) as session:
        for n in range(number):
            row = make.join_application(
                session,
                at=clock.now() - timedelta(days=2, minutes=number - n),
                application={"county_code": county, "due_on": clock.today() + timedelta(days=n % 3)},
                identity=make.identity_number(date(1980, 1, 1) + timedelta(days=first + n), "110101"),
                phone=f"1391111{first + n:04}",
                name=f"古丽{n + 1}",
                work_region=f"{county}100",
                home_region=f"{county}100",
                employer_name="",
            )
            made.append(row.number)
    return made


def history(served, numbers: list[str]) -> dict[str, int]:
    """How often each step stands in the histories of these applications."""
    app, _address = served
    with app.app_context(), Session(db.engine) as session:
        found = select(ApplicationAct.step).join(Application, Application.id == ApplicationAct.application_id)
        steps = list(session.scalars(found.where(Application.number.in_(numbers))))
    return {step: steps.count(step) for step in set(steps) - {"submitted"}}


def mark(page: Page, number: str) -> None:
    page.get_by_role("checkbox", name=re.compile(number)).check()


def open_case(page: Page, number: str) -> None:
    page.goto(re.sub("/(desk|account|start).*$", f"/desk/{number}?view=mine", page.url))


def approves_many(page: Page, numbers: list[str]) -> None:
    for number in numbers:
        mark(page, number)
    page.get_by_role("button", name="先看批准后会怎样").click()
    page.get_by_role("button", name=f"批准这{len(numbers)}件").click()
    says(page, f"已批准{len(numbers)}件")
    assert serious_violations(page) == []


def undoes(page: Page, number: str) -> None:
    page.get_by_role("link", name=number).click()
    page.get_by_role("button", name=re.compile("^撤回")).first.click()
    says(page, "待审核")


def returns(page: Page, number: str) -> None:
    open_case(page, number)
    page.locator("summary", has_text="退回补正").click()
    page.locator("label[for^=marked]", has_text="手机号").click()
    page.fill("#note", "手机号少一位，请补正。")
    page.locator("button[value=returned]").click()
    says(page, f"{number}：")


def refuses(page: Page, number: str) -> None:
    open_case(page, number)
    page.locator("summary", has_text="不予接收").click()
    page.select_option("#ground", "untrue_documents")
    page.locator("button[value=refused]").click()
    says(page, f"{number}：")


def passes_on(page: Page, number: str, union: str, why: str) -> None:
    open_case(page, number)
    page.locator("summary", has_text="转给别的工会").click()
    page.fill("#to_union", union)
    page.fill("#note", why)
    page.locator("button[value=passed_on]").click()
    says(page, f"{number}：")


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
def test_a_day_of_thirty_cases(served, signs_in, device):
    numbers = cases(served, MANAS, 30, 100 if device is DESK else 200)
    page = signs_in("manas", "/desk", device)
    page.goto(f"{page.url}?view=mine")
    before = int(page.evaluate(COUNT))

    approves_many(page, numbers[:12])
    undoes(page, numbers[0])
    for number in numbers[12:14]:
        returns(page, number)
    refuses(page, numbers[14])
    passes_on(page, numbers[15], "呼图壁县会员周转库", "在呼图壁上班，转过去办。")

    page.goto(re.sub("/desk.*$", "/desk?view=mine", page.url))
    assert int(page.evaluate(COUNT)) == before - 11 - 2 - 1 - 1
    assert history(served, numbers) == {"approved": 12, "undone": 1, "returned": 2, "refused": 1, "passed_on": 1}
    says(signs_in("hutubi", f"/desk/{numbers[15]}"), "在呼图壁上班，转过去办。")


def says_who_stands_in(page: Page, day: str) -> None:
    page.get_by_role("link", name="安排代办人").click()
    colleague = page.locator("#deputy option", has_text="昌吉市总工会").get_attribute("value")
    page.select_option("#deputy", colleague)
    page.fill("#from_on", day)
    page.fill("#until_on", day)
    page.get_by_role("button", name="确定由他代办").click()
    says(page, "请假的人")


def test_leave_a_colleague_stands_in_and_both_are_named(served, signs_in):
    [number] = cases(served, "652301", 1, 300)
    cadre, colleague = signs_in("changji-city", "/account"), signs_in("changji-city-2", "/account")
    says_who_stands_in(cadre, str(clock.today()))

    colleague.reload()
    colleague.get_by_role("button", name="开始代办").click()
    expect(colleague.locator(".stands-in")).to_contain_text("你正在代办")
    refuses(colleague, number)

    open_case(cadre, number)
    says(cadre, "（代昌吉市总工会")
    cadre.goto(re.sub("/desk.*$", "/account", cadre.url))
    cadre.get_by_role("button", name="结束").click()
    colleague.reload()
    expect(colleague.locator(".stands-in")).to_have_count(0)
