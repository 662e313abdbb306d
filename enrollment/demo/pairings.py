"""Pairings of the demo: some units without a union in every county have a guide, a next step and contacts.

They are of these days, whatever the as-of date. They come last, so that they move nothing else that is drawn.
"""

from dataclasses import replace
from datetime import date, timedelta

from enrollment.demo.chance import Chance
from enrollment.demo.filing import Desk
from enrollment.demo.membership import instant
from enrollment.demo.nodes import NODES
from enrollment.demo.prefecture import Place
from enrollment.rules.access import Actor
from enrollment.rules.pairing import CONTACT_DAYS, ContactWay, PairingEntry
from enrollment.rules.regions import PREFECTURE
from enrollment.storage.accounts import Account
from enrollment.storage.database import Work
from enrollment.storage.pairings import Pairing, PairingContact, hand_over, record_entry

_SHARE = 4
"""One unit without a union of so many has a guide."""
_OF_THE_PREFECTURE = 9
"""Of so many in a county, one is guided by the prefecture's cadre."""
_LATELY = 2

_STEPS = (
    ("上门讲政策", "老板愿意听，约了下次上门。"),
    ("帮填建会申请", "政策讲清楚了，职工有意愿，缺筹备人选。"),
    ("请附近联合工会主席同去", "人少，愿意和附近网点联合。"),
    ("召集职工开会", "职工六人在场，发了政策问答。"),
    ("送入会申请书", "有三人当场扫码申请。"),
)
_WAYS = {ContactWay.PHONE: 4, ContactWay.VISIT: 3, ContactWay.MESSAGE: 2, ContactWay.ELSEWHERE: 1}


def make_pairings(desk: Desk, chance: Chance) -> None:
    """A few dozen: contacted lately or not for long, with a step ahead, due or overdue; one taken over, one ended."""
    for node in NODES:
        free = [place for place in desk.prefecture.places if place.node == node and not place.union_id]
        for number, place in enumerate(chance.random.sample(free, -(-len(free) // _SHARE))):
            here = node.code if number % _OF_THE_PREFECTURE != _OF_THE_PREFECTURE - 1 else PREFECTURE
            last = _pair(desk, chance, place, desk.actors[here])
    _end(desk, chance, last)
    city, session = NODES[0].code, desk.work.session
    before, after = (session.get_one(Account, desk.actors[code].account_id) for code in (PREFECTURE, city))
    hand_over(_work(desk, chance, desk.actors[city], _LATELY), before, after, on=_day(desk, _LATELY), counties=(city,))
    session.flush()


def _pair(desk: Desk, chance: Chance, place: Place, guide: Actor) -> Pairing:
    """The guide named some months ago, contacts since then, and the next step as it stands now."""
    draw = chance.random
    ago = draw.randint(5, 150)
    work, who, named = _work(desk, chance, guide, ago), guide.account_id, PairingEntry.NAMED
    first = record_entry(work, place.id, None, guide=who, kind=named, on=_day(desk, ago))
    contacts = sorted(draw.sample(range(_LATELY + 1, ago + 1), min(draw.randrange(4), ago - _LATELY)), reverse=True)
    for days in contacts:
        _contact(desk, chance, place, guide, days)
    last = contacts[-1] if contacts else ago
    if last >= CONTACT_DAYS and draw.randrange(2):
        return first
    step, due = draw.choice(_STEPS)[0], desk.today + timedelta(days=draw.randint(-8, 21))
    work, on = _work(desk, chance, guide, last), _day(desk, last)
    return record_entry(work, place.id, first, guide=who, kind=PairingEntry.STEP_SET, on=on, step=step, due_on=due)


def _end(desk: Desk, chance: Chance, held: Pairing) -> None:
    desk.work.session.flush()
    by = next(actor for actor in desk.actors.values() if actor.account_id == held.account_id)
    work, on = _work(desk, chance, by, _LATELY), _day(desk, _LATELY)
    record_entry(
        work, held.employer_id, held, guide=None, kind=PairingEntry.NOT_NEEDED, on=on, note="业主正在办理注销。"
    )


def _day(desk: Desk, ago: int) -> date:
    return desk.today - timedelta(days=ago)


def _work(desk: Desk, chance: Chance, by: Actor, ago: int) -> Work:
    """The open work as it was that many days ago, done by ``by``."""
    return replace(desk.work, by=by, now=instant(chance, _day(desk, ago)))


def _contact(desk: Desk, chance: Chance, place: Place, guide: Actor, ago: int) -> None:
    on = _day(desk, ago)
    desk.work.session.add(
        PairingContact(
            employer_id=place.id,
            contacted_on=on,
            way=chance.one_of(_WAYS),
            words=chance.random.choice(_STEPS)[1],
            account_id=guide.account_id,
            recorded_at=instant(chance, on),
            submission_key=chance.code(32),
        )
    )
