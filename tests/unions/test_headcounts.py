"""Recording a headcount: by whom, for which employer, what is refused, and what the employer's page then lists."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.reports.queries import counts
from enrollment.rules.access import Actor, Role
from enrollment.rules.regions import Territory
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Missing, Refused
from enrollment.storage.unions import Headcount
from enrollment.unions.recording import record_headcount
from tests import make
from tests.cast import NEXT_COUNTY, Cast, csrf, sign_in

ON = date(2021, 11, 1)


def _record(cast: Cast, code: str, territory: str = "652301", **changes: object) -> None:
    told = {"surveyed_on": ON, "workers": 6, "source": "上门走访", **changes}
    by = Actor(Role.COUNTY_CADRE, "张干部", cast.city.id, Territory(territory))
    record_headcount(code, **told, by=by, now=make.NOW, today=make.TODAY)  # type: ignore[arg-type]


def _kept(session: Session, cast: Cast) -> list[tuple[object, ...]]:
    columns = (Headcount.surveyed_on, Headcount.workers, Headcount.source, Headcount.recorded_by)
    found = select(*columns).where(Headcount.employer_id == cast.uncovered.id)
    return [tuple(row) for row in session.execute(found.order_by(Headcount.id))]


FIRST = (date(2021, 1, 1), 4, "企业名录", None)


@pytest.mark.usefixtures("context")
def test_a_headcount_is_added_with_source_and_recorder_and_one_audit_line(session: Session, cast: Cast) -> None:
    _record(cast, cast.uncovered.code)
    _record(cast, cast.uncovered.code)

    assert _kept(session, cast) == [FIRST, (ON, 6, "上门走访", cast.city.id)]
    line = session.scalars(select(AuditEntry)).one()
    assert (line.act, line.subject, line.note) == ("record_headcount", cast.uncovered.code, "2021-11-01 6")


@pytest.mark.usefixtures("context")
def test_the_rate_takes_the_correction_and_an_earlier_day_stays_as_it_was(session: Session, cast: Cast) -> None:
    def workers(on: date) -> int:
        return counts(Territory("652301"), on).workers

    before = workers(make.TODAY)
    _record(cast, cast.uncovered.code, workers=60)
    _record(cast, cast.uncovered.code, workers=6)

    assert (workers(make.TODAY), workers(date(2021, 10, 31))) == (before + 2, before)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    "surveyed_on, reasons", [(date(2021, 12, 1), ("in_the_future",)), (date(2021, 11, 5), ("headcount_of_closed",))]
)
def test_a_day_to_come_and_a_day_after_the_end_are_refused(
    session: Session, cast: Cast, surveyed_on: date, reasons: tuple[str, ...]
) -> None:
    cast.uncovered.closed_on = date(2021, 11, 5) if "headcount_of_closed" in reasons else None
    session.commit()

    with pytest.raises(Refused) as refused:
        _record(cast, cast.uncovered.code, surveyed_on=surveyed_on)

    assert refused.value.reasons == reasons
    assert _kept(session, cast) == [FIRST]


@pytest.mark.usefixtures("context")
def test_an_employer_of_another_county_is_not_there(session: Session, cast: Cast) -> None:
    with pytest.raises(Missing):
        _record(cast, cast.uncovered.code, territory="652302")

    assert _kept(session, cast) == [FIRST]


def _send(client: FlaskClient, code: str, **changes: str) -> tuple[int, str]:
    path = f"/employers/{code}/headcounts"
    sent = {"surveyed_on": "2021-11-01", "workers": "6", "source": "上门走访", "csrf_token": csrf(client, path)}
    answer = client.post(path, data=sent | changes)
    return answer.status_code, " ".join(answer.get_data(as_text=True).split())


def test_the_employers_page_lists_what_was_corrected_and_who_recorded_it(client: FlaskClient, cast: Cast) -> None:
    sign_in(client)
    assert _send(client, cast.uncovered.code)[0] == 303
    assert _send(client, cast.uncovered.code, workers="5")[0] == 303

    text = client.get(f"/employers/{cast.uncovered.code}").get_data(as_text=True)

    table = text.split("<h2>Headcounts</h2>")[1].split("</table>")[0]
    cells = [re.sub(r"\s*<[^>]+>\s*", " ", cell).strip() for cell in re.findall(r"<td.*?</td>", table, re.DOTALL)]
    lines = [cells[n : n + 4] for n in range(0, len(cells), 4)]
    assert [line[:3] for line in lines] == [
        ["2021-11-01", "5", "上门走访"],
        ["2021-11-01", "6", "上门走访 Corrected since"],
        ["2021-01-01", "4", "企业名录"],
    ]
    assert [line[3][-5:] for line in lines] == ["· 张干部", "· 张干部", " list"]
    assert "5 workers on 2021-11-01, 上门走访" in client.get(f"/employers/{cast.uncovered.code}/headcounts").get_data(
        as_text=True
    )


@pytest.mark.parametrize(
    "question, answer, sentence",
    [
        ("workers", "many", "Enter a whole number, such as 40."),
        ("workers", "-1", "Enter a number from 0 to 100000."),
        ("workers", "", "Enter how many people work there."),
        ("source", " ", "Enter the source."),
        ("surveyed_on", "", "Enter the day."),
        ("surveyed_on", "2999-01-01", "Enter a day that has been."),
    ],
)
def test_an_answer_that_does_not_fit_is_told(
    client: FlaskClient, session: Session, cast: Cast, question: str, answer: str, sentence: str
) -> None:
    status, text = _send(sign_in(client), cast.uncovered.code, **{question: answer})

    assert (status, sentence in text) == (422, True)
    assert _kept(session, cast) == [FIRST]


def test_the_rules_are_asked_too_and_the_next_county_finds_nothing(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.uncovered.closed_on = date(2021, 10, 1)
    session.add(cast.uncovered)
    session.commit()

    status, text = _send(sign_in(client), cast.uncovered.code)

    assert (status, "On this day the unit was there no more." in text) == (422, True)
    assert sign_in(client, NEXT_COUNTY).get(f"/employers/{cast.uncovered.code}/headcounts").status_code == 404


def test_an_employer_never_surveyed_has_no_last_headcount(client: FlaskClient, session: Session, cast: Cast) -> None:
    unit = make.employer(session, workers=None)

    text = sign_in(client).get(f"/employers/{unit.code}/headcounts").get_data(as_text=True)

    assert "Last headcount" not in text
