"""What a cadre does with pairings: what is kept, what is refused, what counts once, who was faster."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.pairing import actions
from enrollment.rules.access import Act, Actor, Role
from enrollment.rules.pairing import ContactWay
from enrollment.rules.regions import Territory
from enrollment.storage import pairings
from enrollment.storage.audit import AuditEntry
from enrollment.storage.database import transaction
from enrollment.storage.failures import Conflict, Missing, Refused
from enrollment.storage.pairings import Pairing, PairingContact
from enrollment.storage.unions import Coverage, Employer
from tests import make
from tests.cast import CITY, NEXT_COUNTY, PREFECTURE, Cast, account

TODAY, DAY = make.TODAY, timedelta(days=1)
SOON = TODAY + 7 * DAY

pytestmark = pytest.mark.usefixtures("context")


def by(cast: Cast, territory: str = "652301") -> Actor:
    return Actor(Role.COUNTY_CADRE, "张干部", cast.city.id, Territory(territory))


def name(
    cast: Cast, unit: Employer, guide: str = CITY, version: int = 0, *, on: date = TODAY, **changes: object
) -> None:
    told = {"step": "上门讲政策", "due_on": SOON, "by": by(cast), **changes}
    actions.set_pairing(unit.code, guide=guide, version=version, now=make.NOW, today=on, **told)  # type: ignore[arg-type]


def entries(session: Session, unit: Employer) -> list[tuple[object, ...]]:
    session.rollback()  # see what the act has written
    columns = (Pairing.ordinal, Pairing.kind, Pairing.account_id, Pairing.paired_on, Pairing.step)
    found = select(*columns).where(Pairing.employer_id == unit.id).order_by(Pairing.ordinal)
    return [tuple(row) for row in session.execute(found)]


def audit(session: Session) -> list[tuple[str, str, str]]:
    lines = session.execute(select(AuditEntry.act, AuditEntry.subject, AuditEntry.note).order_by(AuditEntry.id))
    return [tuple(line) for line in lines]


def refused(act: Callable[[], None]) -> tuple[str, ...]:
    with pytest.raises(Refused) as no:
        act()
    return no.value.reasons


def test_a_guide_a_step_and_another_guide_are_entries_one_after_the_other(session: Session, cast: Cast) -> None:
    unit = cast.uncovered

    name(cast, unit, on=TODAY - DAY)
    name(cast, unit, version=1, step="帮填申请")
    name(cast, unit, PREFECTURE, version=2, step="", due_on=None)

    first = TODAY - DAY
    assert entries(session, unit) == [
        (1, "named", cast.city.id, first, "上门讲政策"),
        (2, "step_set", cast.city.id, first, "帮填申请"),
        (3, "replaced", cast.prefecture.id, first, ""),
    ]
    row = session.scalars(select(Pairing).where(Pairing.ordinal == 2)).one()
    assert (row.from_on, row.due_on, row.recorded_by, row.recorded_at) == (TODAY, SOON, cast.city.id, make.NOW)
    assert audit(session) == [
        (Act.CHANGE_PAIRING, unit.code, f"named {CITY}"),
        (Act.CHANGE_PAIRING, unit.code, f"step_set {CITY}"),
        (Act.CHANGE_PAIRING, unit.code, f"replaced {PREFECTURE}"),
    ]


def test_the_second_tap_changes_nothing_and_who_comes_second_with_something_else_is_told(
    session: Session, cast: Cast
) -> None:
    unit = cast.uncovered
    name(cast, unit)
    name(cast, unit)
    name(cast, unit, version=1)  # the same once more, from the new page

    for other in ({"guide": PREFECTURE}, {"step": "帮填申请"}, {"due_on": SOON + DAY}):
        with pytest.raises(Conflict):
            name(cast, unit, **other)

    assert len(entries(session, unit)) == len(audit(session)) == 1


def test_what_the_rules_object_is_refused_and_nothing_is_kept(session: Session, cast: Cast) -> None:
    unit = cast.uncovered
    cast.prefecture.active = False
    session.commit()

    assert refused(lambda: name(cast, unit, NEXT_COUNTY)) == ("guide_elsewhere",)
    assert refused(lambda: name(cast, unit, PREFECTURE)) == ("guide_inactive",)
    assert refused(lambda: name(cast, unit, step="")) == ("day_without_step",)
    assert refused(lambda: name(cast, unit, due_on=None)) == ("step_without_day",)
    assert refused(lambda: name(cast, cast.shunda)) == ("unit_is_covered",)
    assert entries(session, unit) == audit(session) == []


def test_who_has_closed_needs_no_guide_from_that_day_on(session: Session, cast: Cast) -> None:
    cast.uncovered.closed_on = TODAY
    session.commit()

    assert refused(lambda: name(cast, cast.uncovered)) == ("unit_is_closed",)
    name(cast, cast.uncovered, on=TODAY - DAY)
    assert len(entries(session, cast.uncovered)) == 1


def test_another_countys_employer_and_an_account_there_is_not_are_not_there(session: Session, cast: Cast) -> None:
    unit = cast.uncovered
    stranger = by(cast, "652302")

    acts: tuple[Callable[[], None], ...] = (
        lambda: name(cast, unit, by=stranger),
        lambda: name(cast, unit, "nobody"),
        lambda: log(cast, unit, by=stranger),
        lambda: end(cast, unit, by=stranger),
        lambda: move(cast, unit, before="nobody"),
        lambda: move(cast, unit, to="nobody"),
    )
    for act in acts:
        with pytest.raises(Missing):
            act()

    assert entries(session, unit) == audit(session) == []


def test_a_pairing_a_union_has_ended_begins_anew_when_the_union_is_gone(session: Session, cast: Cast) -> None:
    unit = cast.uncovered
    name(cast, unit, on=TODAY - 20 * DAY)
    session.add(
        Coverage(union_id=cast.joint_union.id, employer_id=unit.id, from_on=TODAY - 10 * DAY, until_on=TODAY - 5 * DAY)
    )
    session.commit()

    name(cast, unit, version=1)

    assert entries(session, unit)[1] == (2, "named", cast.city.id, TODAY, "上门讲政策")


def end(cast: Cast, unit: Employer, version: int = 1, **changes: object) -> None:
    told = {"note": "正在注销", "by": by(cast), **changes}
    actions.end_pairing(unit.code, version=version, now=make.NOW, today=TODAY, **told)  # type: ignore[arg-type]


def test_that_nobody_is_needed_any_more_is_an_entry_with_its_reason(session: Session, cast: Cast) -> None:
    unit = cast.uncovered
    assert refused(lambda: end(cast, unit, version=0)) == ("nobody_guides",)
    name(cast, unit)

    end(cast, unit)
    end(cast, unit)
    with pytest.raises(Conflict):
        end(cast, unit, note="别的原因")

    assert entries(session, unit)[1] == (2, "not_needed", None, TODAY, "")
    assert session.scalars(select(Pairing.note).order_by(Pairing.ordinal)).all() == ["", "正在注销"]
    assert audit(session)[1:] == [(Act.CHANGE_PAIRING, unit.code, "not_needed")]
    name(cast, unit, version=2)
    assert entries(session, unit)[2][:2] == (3, "named")


def test_somebody_elses_newer_entry_is_not_ended_unseen(session: Session, cast: Cast) -> None:
    name(cast, cast.uncovered)

    with pytest.raises(Conflict):
        end(cast, cast.uncovered, version=0)

    assert len(entries(session, cast.uncovered)) == 1


def log(cast: Cast, unit: Employer, key: str = "a-key", **changes: object) -> None:
    told = {"contacted_on": TODAY, "way": ContactWay.PHONE, "words": "约好上门", "by": by(cast), **changes}
    actions.log_contact(unit.code, key=key, now=make.NOW, today=TODAY, **told)  # type: ignore[arg-type]


def test_a_contact_is_kept_once_however_often_it_is_sent(session: Session, cast: Cast) -> None:
    log(cast, cast.uncovered)
    log(cast, cast.uncovered)
    log(cast, cast.uncovered, "another", contacted_on=TODAY - DAY, way=ContactWay.VISIT)

    rows = session.scalars(select(PairingContact).order_by(PairingContact.id)).all()
    assert [(row.contacted_on, row.way, row.words, row.account_id) for row in rows] == [
        (TODAY, "phone", "约好上门", cast.city.id),
        (TODAY - DAY, "visit", "约好上门", cast.city.id),
    ]
    assert rows[0].recorded_at == make.NOW
    assert audit(session) == [
        (Act.CHANGE_PAIRING, cast.uncovered.code, "contact phone"),
        (Act.CHANGE_PAIRING, cast.uncovered.code, "contact visit"),
    ]


def test_a_key_of_another_employer_and_a_day_to_come_keep_nothing(session: Session, cast: Cast) -> None:
    log(cast, cast.uncovered)

    with pytest.raises(Conflict):
        log(cast, cast.shunda)
    assert refused(lambda: log(cast, cast.uncovered, "b", contacted_on=TODAY + DAY)) == ("in_the_future",)
    assert len(session.scalars(select(PairingContact.id)).all()) == 1


def move(cast: Cast, *units: Employer, before: str = CITY, to: str = PREFECTURE, territory: str = "652301") -> None:
    codes, who = [unit.code for unit in units], by(cast, territory)
    actions.hand_over(before, to=to, employers=codes, by=who, now=make.NOW, today=TODAY)


def test_a_hand_over_moves_the_chosen_with_their_steps_in_one_act_and_one_audit_line(
    session: Session, cast: Cast
) -> None:
    units = [make.employer(session) for _ in range(3)]
    for unit in units:
        make.pairing(session, unit, cast.city, TODAY - DAY, step="上门讲政策", due_on=SOON)

    move(cast, *units[:2])
    move(cast, *units[:2])

    moved = (2, "handed_over", cast.prefecture.id, TODAY - DAY, "上门讲政策")
    assert [entries(session, unit)[1:] for unit in units] == [[moved], [moved], []]
    assert audit(session) == [(Act.CHANGE_PAIRING, PREFECTURE, f"2 handed over by {CITY}")]


def test_a_hand_over_that_one_employer_forbids_moves_none(session: Session, cast: Cast) -> None:
    here, there = make.employer(session), make.employer(session, county_code="652302", region_code="652302001")
    for unit in (here, there):
        make.pairing(session, unit, cast.prefecture)

    told = {"before": PREFECTURE, "to": CITY, "territory": "652300"}
    assert refused(lambda: move(cast, here, there, **told)) == ("guide_elsewhere",)
    assert refused(lambda: move(cast, here, before=PREFECTURE, to=PREFECTURE)) == ("same_guide",)
    assert refused(lambda: move(cast)) == ("nothing_chosen",)
    assert [len(entries(session, unit)) for unit in (here, there)] == [1, 1]
    assert audit(session) == []


def test_what_is_not_the_guides_any_more_or_not_of_the_territory_is_not_moved(session: Session, cast: Cast) -> None:
    there = make.employer(session, county_code="652302", region_code="652302001")
    make.pairing(session, there, cast.prefecture)
    make.pairing(session, cast.shunda, cast.city)  # which has a union since

    for unit, before, to in (
        (there, PREFECTURE, CITY),
        (there, CITY, PREFECTURE),  # so it is, and nobody of another county is told
        (cast.shunda, CITY, PREFECTURE),
    ):
        with pytest.raises(Conflict):
            move(cast, unit, before=before, to=to)

    assert [len(entries(session, unit)) for unit in (there, cast.shunda)] == [1, 1]


def test_all_that_an_account_has_moves_at_once_where_it_is_handed_over_whole(session: Session, cast: Cast) -> None:
    here, there = make.employer(session), make.employer(session, county_code="652302", region_code="652302001")
    for unit in (here, there):
        make.pairing(session, unit, cast.prefecture)
    other = account("other", "钱干部", "prefecture_cadre", "652300")
    session.add(other)
    session.commit()
    told = {"on": TODAY, "counties": Territory("652300").counties}

    with transaction(by=by(cast, "652300"), act=Act.CHANGE_PAIRING, now=make.NOW) as work:
        moved = pairings.hand_over(work, cast.prefecture, other, **told)  # type: ignore[arg-type]

    assert moved == [here.code, there.code]
    assert [entries(session, unit)[1][1:3] for unit in (here, there)] == [("handed_over", other.id)] * 2
