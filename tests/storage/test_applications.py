"""Where an application lies."""

import pytest
from sqlalchemy import select

from enrollment.rules.regions import Territory
from enrollment.storage.applications import Application, lies_in
from tests import make


@pytest.mark.parametrize(
    ("territory", "how_many"),
    [(Territory("652301"), 2), (Territory("652302"), 0), (Territory("652300"), 2), (None, 0)],
)
def test_it_lies_in_its_county_and_with_nobody_who_answers_for_none(session, cast, territory, how_many):
    make.join_application(session)
    make.founding_application(session)

    assert len(session.scalars(select(Application).where(lies_in(territory))).all()) == how_many


def test_with_an_officer_lies_what_is_of_the_own_union_and_no_founding(session, cast):
    own = make.join_application(session, application={"union_id": cast.shunda_union.id})
    make.join_application(session, application={"union_id": cast.joint_union.id})
    make.founding_application(session, application={"union_id": cast.shunda_union.id})

    found = session.scalars(select(Application).where(lies_in(Territory("652301", union=cast.shunda_union.id))))
    assert [row.id for row in found] == [own.id]
