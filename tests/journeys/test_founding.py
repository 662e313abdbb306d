"""Small depots on their way to a joint union, and a county cadre at each gate, in a real browser."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.rules.deadlines import after_working_days
from enrollment.storage.applications import Application, FoundingUnit
from enrollment.storage.database import db
from enrollment.storage.ledger import Membership
from enrollment.storage.unions import Coverage, Employer, Union
from enrollment.web import clock
from tests import make
from tests.browser import DESK, PHONE
from tests.journeys import depots as hand
from tests.journeys.depots import fill, follow, press, says, seen

pytestmark = pytest.mark.journey

NAME = "昌吉市城东快递行业联合工会委员会"
SIZES = {"东风路快递网点": 9, "西域路快递网点": 11, "天山路快递网点": 6}


@pytest.fixture
def rows(served: tuple[Flask, str]) -> Iterator[Session]:
    """The database behind the pages."""
    with served[0].app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        yield session


def begin(page: Page, units: list[Employer], name: str) -> str:
    """From the first page to the group's page; gives its address."""
    follow(page, "能建工会吗")
    fill(page, workers=9, barred=1, unit_name=units[0].name)
    page.select_option("#region_code", "652301002")
    press(page, "看看有哪些办法")
    seen(page)
    page.locator("section.card", has_text="和邻近网点新建联合工会").get_by_role("link").click()
    page.fill("#q", units[0].name[:2])
    press(page, "查找邻近网点")
    expect(page.locator("#units label")).to_have_count(len(units) - 1)
    for unit in units[1:]:
        page.locator("label", has_text=unit.name).click()
    fill(page, contact_name="马晓", contact_phone="13812345678", union_name=name)
    seen(page)
    press(page, "提交并邀请邻近网点")
    page.wait_for_url("**/founding/*")
    return page.url


def agree(opens, rows: Session, units: list[Employer]) -> None:
    """Each invited unit opens its own link and agrees, with its own numbers."""
    rows.rollback()
    invited = FoundingUnit.employer_id.in_([unit.id for unit in units[1:]])
    for unit in rows.scalars(select(FoundingUnit).where(invited)).all():
        neighbor = opens(f"/found/invitation/{unit.link}", PHONE)
        fill(neighbor, barred=1, contact_name="李强", contact_phone="13812345679")
        seen(neighbor)
        press(neighbor, "同意参加")
        says(neighbor, "你的答复：同意")
    rows.rollback()


def send_request(head: Page, group: str, units: list[Employer]) -> None:
    head.goto(group)
    follow(head, "写请示")
    fill(head, business="快递收派", wish="11月20日开了座谈会，26人中24人同意。")
    for n, (name, unit) in enumerate(zip(("马晓", "李强", "阿依古丽"), units, strict=True)):
        head.fill(f"#group-{n}-name", name)
        head.fill(f"#group-{n}-unit_name", unit.name)
        head.fill(f"#group-{n}-post", "快递员")
    seen(head)
    press(head, "提交给当地总工会")
    head.wait_for_url(group)
    says(head, "上级工会正在审批")
    seen(head)


def plan(head: Page, names: list[tuple[str, str]]) -> None:
    """Day, place, notice and candidates: names with the body each stands for."""
    follow(head, "安排大会")
    meeting_on = after_working_days(clock.today(), 6)
    fill(head, meeting_on=meeting_on, starts_at="15:00", place="快递分拨中心", notice_from=clock.today())
    for n, (name, body) in enumerate(names):
        if not head.locator(f"#candidates-{n}-person").count():
            press(head, "再加一名候选人")
        option = head.locator(f"#candidates-{n}-person option", has_text=name).first.get_attribute("value")
        head.select_option(f"#candidates-{n}-person", option)
        if body != "officer":
            head.select_option(f"#candidates-{n}-body", body)
    hand.fits(head)


def type_votes(head: Page, present: int, votes: dict[str, dict[int, int]], held_on: date | None = None) -> None:
    """Attendance and, body by body, the votes by place on the ballot paper."""
    follow(head, "登记到会和得票")
    fill(head, held_on=held_on or clock.today(), present=present, counters="胡斌、郭芳")
    head.locator("label[for=rules_adopted]").click()
    for body, yes in votes.items():
        head.fill(f"#issued_{body}", str(present))
        head.fill(f"#returned_{body}", str(present))
        for place, number in yes.items():
            head.fill(f"#yes_{body}_{place}", str(number))
    hand.fits(head)
    press(head, "保存登记")


def choose_officers(head: Page, group: str) -> None:
    head.wait_for_url(group)
    seen(head)
    follow(head, "登记任职")
    for office, place in (("chair", "committee-1"), ("audit_chair", "audit-5"), ("womens_member", "committee-2")):
        head.select_option(f"#{office}", place)
    seen(head)
    press(head, "保存任职")
    head.wait_for_url(group)
    seen(head)


def approve(cadre: Page, case: str) -> None:
    cadre.goto(case)
    seen(cadre)
    press(cadre, "批准")
    says(cadre, "筹备组正在办")


def after_the_approval(head: Page, cadre: Page, group: str, case: str) -> None:
    """Seal, account, certificate; then real names, plaque and funds."""
    head.goto(group)
    seen(head)
    follow(head, "登记办理情况")
    today = clock.today()
    fill(head, seal=today, bank_account=today, legal_person=today, credit_code="81652301MC0000004U")
    seen(head)
    press(head, "保存办理情况")
    head.wait_for_url(group)
    cadre.goto(case)
    fill(cadre, real_name=today, plaque=today, funds=today)
    seen(cadre)
    press(cadre, "全部办结")
    says(cadre, "全部办结")
    seen(cadre)


def ask_for_the_meeting(head: Page, rows: Session, group: str, units: list[Employer]) -> None:
    """The members join, the roster stands, the candidates are named."""
    head.goto(group)
    seen(head)
    sizes = zip(units, SIZES.values(), strict=True)
    members = [person.name for unit, number in sizes for person in hand.join(rows, unit, number)]
    head.reload()
    says(head, "合计会员26人")
    seen(head)
    press(head, "会员发展完成")
    committee, audit = (0, 9, 20, 1), (2, 10, 21, 22)
    plan(head, [(members[n], "committee") for n in committee] + [(members[n], "audit") for n in audit])
    press(head, "提交给当地总工会")
    head.wait_for_url(group)


def elect(head: Page, rows: Session, group: str) -> None:
    """The meeting is held, the votes are typed, the officers chosen, the result reported."""
    hand.the_day_has_come(rows)
    head.goto(group)
    seen(head)
    yes = (24, 22, 18, 6)
    type_votes(head, 24, {"committee": dict(enumerate(yes, 1)), "audit": dict(enumerate(yes, 5))})
    choose_officers(head, group)
    press(head, "报告选举结果")
    says(head, "15日内")


def test_three_depots_found_a_joint_union_with_every_paper(opens, signs_in, rows):
    units = hand.depots(rows, "甲区", SIZES)
    head, cadre = opens("/", PHONE), signs_in("changji-city", "/foundings")
    group = begin(head, units, NAME)
    seen(head)
    agree(opens, rows, units)
    send_request(head, group, units)
    cadre.reload()
    seen(cadre)
    follow(cadre, NAME[:9])
    case = cadre.url

    approve(cadre, case)
    ask_for_the_meeting(head, rows, group, units)
    approve(cadre, case)
    elect(head, rows, group)
    approve(cadre, case)
    after_the_approval(head, cadre, group, case)

    head.goto(group)
    says(head, "工复〔")
    seen(head)
    papers(head, cadre, group, case)
    assert members_and_units(rows, NAME) == (26, 3)


def members_and_units(rows: Session, name: str) -> tuple[int, int]:
    """How many members and units the union of this name has now."""
    rows.rollback()
    union = rows.scalars(select(Union).where(Union.name == name)).one()
    members = select(Membership).where(Membership.union_id == union.id, Membership.until_on.is_(None))
    units = select(Coverage).where(Coverage.union_id == union.id, Coverage.until_on.is_(None))
    return len(rows.scalars(members).all()), len(rows.scalars(units).all())


def papers(head: Page, cadre: Page, group: str, case: str) -> None:
    """Every paper is there, and as a file for Word."""
    for kind in ("group_request", "group_reply", "roster", "meeting_request", "meeting_reply", "attendance_sheet",
                 "ballot", "result_report", "establishment_reply"):  # fmt: skip
        head.goto(f"{group}/papers/{kind}")
        expect(head.locator(".paper")).to_contain_text("昌吉市城东快递行业")
        seen(head)
        assert cadre.request.get(f"{case}/papers/{kind}.docx").body()[:2] == b"PK"
    cadre.goto(f"{case}/papers/establishment_reply")
    seen(cadre)


def test_a_founding_is_returned_twice_and_then_approved(opens, signs_in, rows):
    [unit] = hand.depots(rows, "乙区", {"友好路快递网点": 4})
    row = make.founding_application(
        rows, way="one_officer", union_name=f"{unit.name}工会",
        application={"started_at": clock.now(), "number": "261126-BACKX"},
        units=({"employer_id": unit.id, "name": unit.name, "region_code": unit.region_code, "barred": 1},),
    )  # fmt: skip
    head = opens(f"/founding/{row.link}", PHONE, javascript=False)
    cadre = signs_in("changji-city", f"/foundings/{row.number}")
    for words in ("请写明职工意愿。", ""):
        follow(head, "写请示")
        fill(head, wish="4人都同意。" if words else "4人都同意，有签名。")
        press(head, "提交给当地总工会")
        answer(cadre, "退回补正" if words else "批准", words)
        head.reload()
        says(head, words or "发展会员")
        hand.fits(head)
    people = hand.join(rows, unit, 4)
    head.reload()
    press(head, "会员发展完成")
    for words in ("大会时间请避开双十二。", ""):
        plan(head, [(people[0].name, "officer")])
        press(head, "提交给当地总工会")
        answer(cadre, "退回补正" if words else "批准", words)
        head.reload()
        says(head, words or "登记到会和得票")
    report_the_organizer(head, rows)
    answer(cadre, "批准", "")
    head.reload()
    says(head, "工复〔")
    assert members_and_units(rows, f"{unit.name}工会") == (4, 1)


def report_the_organizer(head: Page, rows: Session) -> None:
    """Three of four voted for the one who stood."""
    hand.the_day_has_come(rows)
    head.reload()
    type_votes(head, 4, {"officer": {1: 3}})
    press(head, "报告选举结果")
    says(head, "上级工会正在审批")


def answer(cadre: Page, button: str, words: str) -> None:
    cadre.reload()
    cadre.fill("#note", words)
    press(cadre, button)
    expect(cadre.locator("#note")).to_have_count(0)


def too_few_came(head: Page) -> None:
    """Fifteen of 24: the numbers are asked for once more before they are kept."""
    type_votes(head, 15, {"committee": {1: 15, 2: 14, 3: 13, 4: 3}}, held_on=clock.today() - timedelta(days=1))
    says(head, "请再核对一遍")
    seen(head)
    head.locator("label[for=sure]").click()
    press(head, "保存登记")


def test_a_broken_quorum_cannot_be_approved(opens, signs_in, rows):
    [unit] = hand.depots(rows, "丙区", {"河滩路快递网点": 24})
    people = hand.join(rows, unit, 24)
    row = make.founding_application(
        rows, way="own_committee", union_name=f"{unit.name}工会委员会", application={"number": "261126-QUORM"},
        units=({"employer_id": unit.id, "name": unit.name, "region_code": unit.region_code, "workers": 24},),
    )  # fmt: skip
    hand.planned(rows, row, people)
    make.step_founding(rows, row, *hand.BEFORE_THE_MEETING, at=clock.now() - timedelta(days=2))
    head = opens(f"/founding/{row.link}", PHONE)
    too_few_came(head)
    head.wait_for_url(f"**/founding/{row.link}")
    says(head, "这次大会无效")
    says(head, "不足应到会人数的三分之二")
    seen(head)
    press(head, "按实际情况上报")
    cadre = signs_in("changji-city", f"/foundings/{row.number}")
    says(cadre, "不能批准")
    seen(cadre)
    assert cadre.get_by_role("button", name="批准", exact=True).count() == 0
    cadre.fill("#note", "到会人数不够，请重新召开大会。")
    press(cadre, "要求重新选举")
    says(cadre, "筹备组正在办")
    head.reload()
    says(head, "到会人数不够，请重新召开大会。")
    type_votes(head, 16, {"committee": {1: 16, 2: 14, 3: 13, 4: 3}})
    says(head, "登记任职")
    rows.rollback()
    assert rows.scalar(select(Union).where(Union.name == f"{unit.name}工会委员会")) is None


def test_a_fourth_unit_joins_and_one_that_reaches_25_leaves(opens, signs_in, rows):
    *units, grown = hand.depots(rows, "丁区", {"甲网点": 9, "乙网点": 8, "丙网点": 25})
    [fourth] = hand.depots(rows, "丁区", {"丁网点": 5})
    union = make.union(rows, name="昌吉市丁区快递行业联合工会委员会", kind="joint", group="courier",
                       founded_on=make.date(2024, 3, 1), covers=(*units, grown))  # fmt: skip
    hand.join(rows, fourth, 5)
    cadre = join_the_union(opens, signs_in, fourth, union.name)
    people = hand.join(rows, grown, 25, union, ago=30)
    page_of_the_union = cadre.url.split("/foundings")[0] + f"/unions/{union.code}"
    cadre.goto(page_of_the_union)
    says(cadre, fourth.name)
    says(cadre, "应当单独建会")
    seen(cadre)
    leave_for_its_own(opens, cadre, rows, grown, people)
    cadre.goto(page_of_the_union)
    seen(cadre)
    assert members_and_units(rows, union.name) == (5, 3)
    [ended] = rows.scalars(select(Coverage).where(Coverage.employer_id == grown.id, Coverage.until_on.is_not(None)))
    assert (ended.union_id, ended.until_on, ended.ended_cause) == (union.id, clock.today(), "reached_25")


def join_the_union(opens, signs_in, unit: Employer, union: str) -> Page:
    """The unit asks to join, the county lets it in; gives the cadre's page."""
    head = opens(f"/found/answer?workers=5&barred=1&region_code=652301002&unit_name={unit.name}", PHONE)
    head.locator("section.card", has_text="加入现有的联合工会").get_by_role("link").click()
    head.locator("label", has_text=union).click()
    fill(head, contact_name="马晓", contact_phone="13812345678")
    press(head, "提交给当地总工会")
    head.wait_for_url("**/founding/*")
    number = head.locator(".heading__title.code").inner_text()
    cadre = signs_in("changji-city", f"/foundings/{number}")
    seen(cadre)
    press(cadre, "批准")
    head.reload()
    says(head, "你们网点从")
    return cadre


def leave_for_its_own(opens, cadre: Page, rows: Session, unit: Employer, people: list) -> None:
    """The unit founds a union of its own; with the approval it leaves and its members move."""
    head = opens(f"/found/answer?workers=25&barred=1&region_code=652301002&unit_name={unit.name}", PHONE)
    says(head, "应当单独建工会")
    head.locator("section.card", has_text="单独成立工会委员会").get_by_role("link").click()
    fill(head, contact_name="马晓", contact_phone="13812345678")
    press(head, "开始筹建")
    head.wait_for_url("**/founding/*")
    rows.rollback()
    row = rows.scalars(select(Application).where(Application.link == head.url.rsplit("/", 1)[1])).one()
    hand.planned(rows, row, people)
    make.step_founding(rows, row, *hand.BEFORE_THE_MEETING, at=clock.now())
    hand.voted(rows, row, 25)
    make.step_founding(rows, row, *hand.AFTER_THE_VOTE, at=clock.now())
    cadre.goto(cadre.url.split("/unions")[0] + f"/foundings/{row.number}")
    press(cadre, "批准")
    says(cadre, "筹备组正在办")
    assert members_and_units(rows, f"{unit.name}工会委员会") == (25, 1)


def test_the_neighbors_page_and_deadlines_fit_phone_and_desk(signs_in):
    for device in (PHONE, DESK):
        cadre = signs_in("changji", "/deadlines", device)
        says(cadre, "已转报州总工会督办")
        seen(cadre)
        cadre.goto(cadre.url.replace("/deadlines", "/foundings"))
        seen(cadre)
        cadre.goto(cadre.url.replace("/foundings", "/matching"))
        seen(cadre)
