"""What the founding journeys share: depots and members in the database, and a hand for the pages."""

import re
from datetime import date, timedelta
from itertools import count, cycle

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.rules.election import Body
from enrollment.rules.stages import FoundingStep
from enrollment.storage.applications import Application
from enrollment.storage.foundings import FoundingBallot, FoundingCandidate, FoundingMeeting
from enrollment.storage.people import Person
from enrollment.storage.unions import Employer, Union
from enrollment.web import clock
from tests import make
from tests.browser import serious_violations

CITY = "652301"
_NAMES = cycle(
    f"{family}{given}" for given in ("伟", "静", "强", "丽", "洋") for family in "王李张刘陈杨赵黄周吴徐孙马"
)
_serial = count()


def seen(page: Page) -> None:
    """The page is as wide as the screen, and nothing on it keeps people out."""
    fits(page)
    assert serious_violations(page) == []


def fits(page: Page) -> None:
    """The page is as wide as the screen; all that can be asked of a browser without JavaScript."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def says(page: Page, words: str) -> None:
    expect(page.locator("#main")).to_contain_text(words)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()


def follow(page: Page, words: str) -> None:
    page.get_by_role("link", name=re.compile(re.escape(words))).first.click()


def fill(page: Page, **answers: object) -> None:
    """Type into fields by their ids; a single underscore between words of an id stays one."""
    for field, told in answers.items():
        page.fill(f"#{field}", str(told))


def depots(rows: Session, prefix: str, sizes: dict[str, int]) -> list[Employer]:
    """Depots without a union, known to the county."""
    return [
        make.employer(rows, code=f"{prefix[0]}{n}{next(_serial):03}", name=f"{prefix}{name}", workers=workers,
                      region_code="652301002", surveyed_on=clock.today())
        for n, (name, workers) in enumerate(sizes.items())
    ]  # fmt: skip


def join(rows: Session, unit: Employer, number: int, union: Union | None = None, ago: int = 1) -> list[Person]:
    """So many who work there become members, of the county's pool unless another union is named."""
    rows.rollback()
    pool = rows.scalars(select(Union).where(Union.kind == "pool", Union.county_code == CITY)).one()
    rows.rollback()
    since = clock.today() - timedelta(days=ago)
    return [
        make.member(
            rows,
            union or pool,
            on=since,
            name=next(_NAMES),
            identity=make.identity_number(date(1985, 1, 1) + timedelta(days=next(_serial)), "510107"),
            employer_id=unit.id,
        )
        for _ in range(number)
    ]


def the_day_has_come(rows: Session) -> None:
    """The notice has hung out for its working days, and the meeting is today."""
    rows.rollback()
    meeting = rows.scalars(select(FoundingMeeting).order_by(FoundingMeeting.id.desc())).first()
    meeting.notice_from, meeting.meeting_on = clock.today() - timedelta(days=21), clock.today()
    rows.commit()


def planned(rows: Session, application: Application, people: list[Person], seats: int = 3) -> None:
    """A meeting of today with one candidate more than seats, approved by the upper union."""
    today = clock.today()
    rows.add(
        FoundingMeeting(
            application_id=application.id, round=1, meeting_on=today, place="分拨中心", term_years=5, seats=seats,
            listed_on=today - timedelta(days=21),
            audit_seats=0, notice_from=today - timedelta(days=21),
        )
    )  # fmt: skip
    for place, person in enumerate(people[: seats + 1], start=1):
        rows.add(
            FoundingCandidate(
                application_id=application.id, round=1, body=Body.COMMITTEE, place=place,
                name=person.name, person_id=person.id, relation="none",
            )
        )  # fmt: skip
    rows.commit()


def voted(rows: Session, application: Application, present: int) -> None:
    """The committee was elected by all who came, and chose its chair, who looks after the women workers too."""
    meeting = rows.scalars(select(FoundingMeeting).where(FoundingMeeting.application_id == application.id)).one()
    listed = rows.scalars(
        select(FoundingCandidate)
        .where(FoundingCandidate.application_id == application.id)
        .order_by(FoundingCandidate.place)
    ).all()
    meeting.entitled, meeting.present, meeting.rules_adopted = present, present, True
    votes = {str(each.id): present - at if at < len(listed) - 1 else 0 for at, each in enumerate(listed)}
    listed[0].office = "chair womens_member"
    rows.add(
        FoundingBallot(
            application_id=application.id, round=1, body=listed[0].body, number=1, issued=present, returned=present,
            void=0, votes=votes,
        )
    )  # fmt: skip
    rows.commit()


BEFORE_THE_MEETING = (
    FoundingStep.SUBMITTED,
    FoundingStep.GROUP_APPROVED,
    FoundingStep.PREPARED,
    FoundingStep.MEETING_REQUESTED,
    FoundingStep.MEETING_APPROVED,
)
AFTER_THE_VOTE = (FoundingStep.MEETING_HELD, FoundingStep.SESSION_HELD, FoundingStep.RESULT_REPORTED)
