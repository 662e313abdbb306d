"""Events of the demo, and the applications of these days that were begun from a poster: an employer's or an event's.

Both come last, so that they move nothing else that is drawn.
"""

from datetime import date, timedelta

from sqlalchemy import select

from enrollment.demo.filing import Desk
from enrollment.demo.membership import instant
from enrollment.rules.eligibility import Place
from enrollment.rules.regions import county_of
from enrollment.storage.applications import Application, JoinDetails
from enrollment.storage.events import Event
from enrollment.storage.unions import Employer

_LATELY = 30
_AHEAD = 30
"""Days before an event that its poster hangs."""


def make_events(desk: Desk) -> list[Event]:
    """A ceremony shortly before the as-of date, a window of these days, and a ceremony that lies ahead."""
    planned = (
        ("652301003", desk.chance.day(11), "新就业形态劳动者集中入会仪式", "北京南路快递分拨中心"),
        ("652327106", desk.today - timedelta(days=2), "货车司机流动入会窗口", "五彩湾司机之家"),
        ("652301001", desk.today + timedelta(days=9), "“入会进站点”集中入会仪式", "宁边路骑手驿站"),
    )
    events = [_event(desk, *plan) for plan in planned]
    desk.work.session.add_all(events)
    desk.work.session.flush()
    return events


def begin_from_posters(desk: Desk, events: list[Event]) -> None:
    """Open applications that name their employer came by its poster, some others by the latest event of the county."""
    of_county = {event.county_code: event.id for event in events}
    since = desk.work.now - timedelta(days=_LATELY)
    lately = select(Application, JoinDetails).join(JoinDetails).order_by(Application.id)
    lately = lately.where(Application.visit_id.is_(None), Application.started_at > since)
    for application, told in desk.work.session.execute(lately):
        if told.place == Place.EMPLOYER:
            named = select(Employer.id).where(Employer.name == told.employer_name)
            application.poster_employer_id = desk.work.session.scalar(named)
        else:
            application.event_id = of_county.get(application.county_code)
    desk.work.session.flush()


def _event(desk: Desk, region: str, on: date, name: str, place: str) -> Event:
    county = county_of(region)
    return Event(
        code=desk.chance.code(),
        name=name,
        held_on=on,
        county_code=county,
        region_code=region,
        place=place,
        account_id=desk.actors[county].account_id,
        recorded_at=instant(desk.chance, on - timedelta(days=_AHEAD)),
        submission_key=desk.chance.code(32),
    )
