"""Places of employers, and the selection of small units without a union."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from enrollment.storage.neighbors import as_candidate, is_listed_elsewhere, known_employer, small_uncovered
from enrollment.storage.unions import Headcount
from tests import make


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(44.0, None), (None, 87.3), (90.1, 87.3), (-90.1, 87.3), (44.0, 180.1), (44.0, -180.1)]
)
def test_a_place_has_both_coordinates_on_the_globe_or_none(session, latitude, longitude):
    with pytest.raises(IntegrityError):
        make.employer(session, latitude=latitude, longitude=longitude)
    session.rollback()

    assert make.employer(session, latitude=90.0, longitude=-180.0).latitude == 90.0


def test_small_units_are_those_of_the_latest_survey_by_the_day(session):
    row = make.employer(session, workers=24, brand="中通", latitude=44.0, longitude=87.3)
    session.add(Headcount(employer_id=row.id, surveyed_on=make.TODAY, workers=25, source="街道"))
    session.commit()

    def found(on):
        return [as_candidate(row) for row in session.execute(small_uncovered(on))]

    [unit] = found(make.TODAY - timedelta(days=1))
    assert (unit.code, unit.workers, unit.brand) == (row.code, 24, "中通")
    assert (unit.place.region, unit.place.latitude, unit.place.longitude) == ("652301001", 44.0, 87.3)
    assert found(make.TODAY) == found(date(2020, 12, 31)) == []


def test_an_employer_is_known_by_its_code_before_its_numbers_and_names_in_the_county(session):
    by_code = make.employer(session, name="甲", credit_code="91652301MA00000070")
    by_name = make.employer(session, name="乙")
    by_number = make.employer(session, name="丙", filing_number="备301")

    def known(code, name, county="652301", number=""):
        return known_employer(session, credit_code=code, name=name, county=county, filing_number=number)

    assert known("91652301MA00000070", "乙") == by_code
    assert known("91652301MA0000007X", "乙") == by_name
    assert known("", "乙") == by_name
    assert known("", "乙", "652302") is None
    assert known("", "") is None
    assert known("", "乙", number="备301") == known("91652301MA0000007X", "", number="备301") == by_number
    assert known("91652301MA00000070", "乙", number="备301") == by_code
    assert known("", "乙", number="备302") == by_name
    assert known("", "", "652302", number="备301") is None
    assert known("91652301MA0000007X", "甲") is None
    assert known("91652301MA00000070", "", "652302") is None


def test_only_a_credit_code_of_another_county_is_listed_elsewhere(session):
    make.employer(session, credit_code="91652301MA00000070")
    make.employer(session, credit_code=None)

    def elsewhere(code, county):
        return is_listed_elsewhere(session, code, county)

    assert elsewhere("91652301MA00000070", "652302") is True
    assert elsewhere("91652301MA00000070", "652301") is False
    assert elsewhere("91652301MA0000007X", "652302") is False
    assert elsewhere(None, "652302") is elsewhere("", "652302") is False
