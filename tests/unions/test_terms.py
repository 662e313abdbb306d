"""The committee of a union as its page tells it on any day."""

from datetime import date

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from enrollment.storage.foundings import UnionOfficer, UnionTerm
from tests.cast import Cast, sign_in


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

    assert "term is over" in page(client, cast, "2026-03-01")
    assert "Not registered as a legal person yet" in page(client, cast, "2026-02-28")
    assert "term is over" not in page(client, cast, "2026-02-28")


def test_before_and_after_there_is_nobody(client: FlaskClient, cast: Cast, session: Session) -> None:
    elected(session, cast, closed_on=date(2026, 2, 1))

    assert "马主席" not in page(client, cast, "2021-02-28")
    assert "马主席" in page(client, cast, "2026-01-31")
    assert "马主席" not in page(client, cast, "2026-02-01")
