"""The committee of a union as its page tells it on any day."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from enrollment.rules.access import Actor, Role
from enrollment.rules.regions import Territory
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Conflict, Missing
from enrollment.storage.foundings import UnionOfficer, UnionTerm
from enrollment.unions.recording import record_certificate, record_term
from tests import make
from tests.cast import Cast, csrf, sign_in


@pytest.fixture
def who(cast):
    by = Actor(Role.COUNTY_CADRE, "张干部", cast.city.id, Territory("652301"))
    return {"by": by, "now": make.NOW, "today": make.TODAY}


def elected(session: Session, cast: Cast, **changes: object) -> None:
    """A term and its chair, from 2021 to 2026, closed by the next."""
    values = {"union_id": cast.shunda_union.id, "ordinal": 1, "years": 5, "elected_on": date(2021, 3, 1)}
    session.add(UnionTerm(**values | {"ends_on": date(2026, 3, 1)} | changes))
    session.add(
        UnionOfficer(
            union_id=cast.shunda_union.id, name="马主席", body="committee", office="chair", from_on=date(2021, 3, 1),
            until_on=changes.get("closed_on"),
        )
    )  # fmt: skip
    session.commit()


def page(client: FlaskClient, cast: Cast, on: str) -> str:
    return sign_in(client).get(f"/unions/{cast.shunda_union.code}?as_of={on}").get_data(as_text=True)


def test_the_page_tells_term_certificate_and_officers(client: FlaskClient, cast: Cast, session: Session) -> None:
    elected(session, cast, certificate_until=date(2026, 3, 1), credit_code="81652301MC0000004U")

    shown = page(client, cast, "2022-01-01")

    assert "Term 1: 2021-03-01 until 2026-03-01" in shown
    assert "Certificate of the legal person until 2026-03-01" in shown
    assert "81652301MC0000004U" in shown
    assert "<bdi>马主席</bdi> · Chair" in shown
    assert "term is over" not in shown
    assert "Begin the re-election" in shown


def test_a_term_that_is_over_says_so_and_an_unregistered_union_too(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    elected(session, cast)

    assert "term is over" in page(client, cast, "2026-03-02")
    assert "term is over" not in page(client, cast, "2026-03-01")
    assert "Not registered as a legal person yet" in page(client, cast, "2026-02-28")
    assert "term is over" not in page(client, cast, "2026-02-28")


def test_before_and_after_there_is_nobody(client: FlaskClient, cast: Cast, session: Session) -> None:
    elected(session, cast, closed_on=date(2026, 2, 1))

    assert "马主席" not in page(client, cast, "2021-02-28")
    assert "马主席" in page(client, cast, "2026-01-31")
    assert "马主席" not in page(client, cast, "2026-02-01")


TERM = {"ordinal": 2, "elected_on": date(2020, 3, 1), "years": 3, "chair": "马晓", "certificate_until": None}


def test_the_term_of_a_union_from_before_is_recorded_once(context, cast, session, who):
    record_term(cast.shunda_union.code, **TERM, **who)
    record_term(cast.shunda_union.code, **TERM, **who)

    [term] = session.scalars(select(UnionTerm)).all()
    [chair] = session.scalars(select(UnionOfficer)).all()
    assert (term.union_id, term.ordinal, term.years, term.elected_on, term.ends_on, term.certificate_until) == (
        cast.shunda_union.id, 2, 3, date(2020, 3, 1), date(2023, 3, 1), None,
    )  # fmt: skip
    assert (chair.name, chair.body, chair.office, chair.from_on) == ("马晓", "committee", "chair", date(2020, 3, 1))
    with pytest.raises(Conflict):
        record_term(cast.shunda_union.code, **TERM | {"years": 5}, **who)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.act, entry.subject, entry.note) == ("decide_founding", cast.shunda_union.code, "term 2")


@pytest.mark.parametrize("which", ["elsewhere", "pool", "unknown"])
def test_a_term_is_recorded_for_unions_of_the_county_alone(context, cast, session, who, which):
    code = {"elsewhere": make.union(session, county_code="652302").code, "pool": cast.city_pool.code, "unknown": "NO"}

    with pytest.raises(Missing):
        record_term(code[which], **TERM, **who)


def test_a_union_that_has_ended_begins_no_term(context, cast, session, who):
    cast.shunda_union.dissolved_on = date(2021, 11, 1)
    session.commit()

    with pytest.raises(Conflict):
        record_term(cast.shunda_union.code, **TERM, **who)


def test_what_the_rules_object_to_a_term_is_said_on_its_page(client, cast):
    cadre = sign_in(client)
    address = f"/unions/{cast.shunda_union.code}"
    assert "Record the term" in cadre.get(address).get_data(as_text=True)
    told = {"ordinal": "1", "elected_on": "2020-03-01", "years": "3", "chair": "马晓"}
    told["csrf_token"] = csrf(cadre, f"{address}/term")

    answer = cadre.post(f"{address}/term", data=told | {"certificate_until": "2023-03-02"})
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert ("not longer" in shown, 'value="马晓"' in shown) == (True, True)

    assert cadre.post(f"{address}/term", data=told | {"years": "4"}).status_code == 422
    assert cadre.post(f"{address}/term", data=told | {"certificate_until": "2023-03-01"}).status_code == 303
    shown = cadre.get(address).get_data(as_text=True)
    assert ("Term 1: 2020-03-01 until 2023-03-01" in shown, "Record the term" in shown) == (True, False)
    assert "Begin the re-election" in shown


def test_a_union_elects_anew_once_its_term_is_on_record_and_a_pool_never(client, cast, session):
    elected(session, cast)
    cadre = sign_in(client)

    shown = [
        cadre.get(f"/unions/{union.code}").get_data(as_text=True)
        for union in (cast.shunda_union, cast.joint_union, cast.city_pool)
    ]

    assert ["Begin the re-election" in page for page in shown] == [True, False, False]
    assert ["Record the term" in page for page in shown] == [False, True, False]


CERTIFICATE = {
    "registered_on": "2021-04-01", "credit_code": "81652301MC0000004U", "certificate_until": "2026-03-01",
}  # fmt: skip


def test_a_certificate_is_recorded_exchanged_and_checked(client, cast, session):
    elected(session, cast)
    cadre = sign_in(client)
    path = f"/unions/{cast.shunda_union.code}/certificate"
    token = {"csrf_token": csrf(cadre, path)}
    for wrong in (
        {"certificate_until": "2026-03-02"}, {"certificate_until": "2021-04-01"}, {"registered_on": "2027-01-01"},
        {"credit_code": "91652301MA00000070"}, {"credit_code": ""},
    ):  # fmt: skip
        assert cadre.post(path, data=token | CERTIFICATE | wrong).status_code == 422

    for until in ("2026-01-01", "2026-03-01"):
        assert cadre.post(path, data=token | CERTIFICATE | {"certificate_until": until}).status_code == 303

    session.rollback()
    [term] = session.scalars(select(UnionTerm)).all()
    assert (term.registered_on, term.credit_code, term.certificate_until) == (
        date(2021, 4, 1), "81652301MC0000004U", date(2026, 3, 1),
    )  # fmt: skip
    notes = session.scalars(select(AuditEntry.note).order_by(AuditEntry.id)).all()
    assert notes[-1] == "certificate 2021-04-01/2026-01-01/81652301MC0000004U"


def test_a_certificate_belongs_to_a_running_term_of_the_county(client, cast, session):
    cadre = sign_in(client)
    assert cadre.get(f"/unions/{cast.shunda_union.code}/certificate").status_code == 404
    assert cadre.get("/unions/NONE/certificate").status_code == 404


@pytest.mark.parametrize("which", ["no term", "ended"])
def test_a_certificate_needs_a_union_that_stands_with_its_term(context, cast, session, who, which):
    if which == "ended":
        elected(session, cast)
        cast.shunda_union.dissolved_on = date(2021, 11, 1)
        session.commit()
    told = (date(2021, 4, 1), "81652301MC0000004U", date(2026, 3, 1))

    with pytest.raises(Missing):
        record_certificate(cast.shunda_union.code, *told, **who)
