"""Public look-ups: which real union stands behind a lawful option. No personal data, hence no territory."""

from dataclasses import dataclass

from sqlalchemy import Select, and_, or_, select

from enrollment.rules import kinds
from enrollment.rules.eligibility import Answer, Facts, Group, Option, Place
from enrollment.rules.regions import county_of
from enrollment.storage.applications import Application, sent_before
from enrollment.storage.database import db
from enrollment.storage.unions import Coverage, Employer, Union
from enrollment.storage.visits import Visit
from enrollment.web.wording import RELATIONS


@dataclass(frozen=True, slots=True)
class Choice:
    """A lawful option with the union that stands for it; None when that union is not founded yet."""

    option: Option
    union: Union | None


def employer_named(name: str, county: str | None = None) -> Employer | None:
    """The employer of exactly this name, in ``county`` first when two share it."""
    if not name:
        return None
    found = select(Employer).where(Employer.name == name).order_by(Employer.county_code != (county or ""), Employer.id)
    return db.session.scalars(found.limit(1)).first()


def union_covering(employer: Employer | None) -> Union | None:
    """The union that covers the employer now."""
    if employer is None:
        return None
    covering = select(Union).join(Coverage).where(Coverage.employer_id == employer.id, Coverage.until_on.is_(None))
    return db.session.scalars(covering).first()


def company_has_union(name: str) -> bool | None:
    """Whether the company of this name has a union; None when we do not know the company."""
    employer = employer_named(name)
    return None if employer is None else union_covering(employer) is not None


def choices(answer: Answer, facts: Facts, employer_name: str) -> list[Choice]:
    """Each option with its real union, in two statements whatever their number."""
    company = union_covering(employer_named(employer_name))
    standing = list(db.session.scalars(_possible(answer, facts.group))) if answer.options else []
    return [Choice(option, _behind(option, company, standing)) for option in answer.options]


def pool_of(county: str) -> Union | None:
    """The county's holding pool."""
    found = select(Union).where(
        Union.kind == kinds.POOL.code,
        Union.county_code == county,
        Union.dissolved_on.is_(None),
    )
    return db.session.scalars(found).first()


def visit_coded(code: str) -> Visit | None:
    """The visit behind a QR code."""
    return db.session.scalars(select(Visit).where(Visit.code == code)).first() if code else None


def application_sent(submission_key: str) -> Application | None:
    """The application a form with this key has made."""
    return sent_before(db.session(), submission_key)


def _possible(answer: Answer, group: Group | None) -> Select[Union]:
    """Every active union that could stand behind one of the options."""
    regions = [option.region for option in answer.options if option.region]
    counties = {county_of(region) for region in regions}
    places = and_(
        Union.kind.in_((kinds.TOWNSHIP.code, kinds.PARK.code)),
        Union.region_code.in_(regions),
    )
    trade = and_(Union.kind.in_((kinds.INDUSTRY.code, kinds.JOINT.code)), Union.group == group)
    pools = Union.kind == kinds.POOL.code
    mine = or_(places, and_(Union.county_code.in_(counties), or_(trade, pools)))
    return select(Union).where(Union.dissolved_on.is_(None), mine).order_by(Union.kind, Union.id)


def _behind(option: Option, company: Union | None, standing: list[Union]) -> Union | None:
    if option.place in (Place.EMPLOYER, Place.AFFILIATE):
        return company
    if option.place is Place.INDUSTRY:
        trade = (kinds.INDUSTRY.code, kinds.JOINT.code)
        return next(
            (u for u in standing if u.kind in trade and u.county_code == option.region),
            None,
        )
    if option.place is Place.POOL:
        return next(
            (u for u in standing if u.kind == option.kind and u.county_code == option.region),
            None,
        )
    return next(
        (u for u in standing if u.kind == option.kind and u.region_code == option.region),
        None,
    )


def database_answers() -> None:
    """Ask the database for nothing; raises when it does not answer."""
    db.session.execute(select(1))


_USUAL: dict[str, tuple[str, ...]] = {
    "truck_driver": ("affiliated_owner", "affiliated_hired", "labor_contract"),
    "courier": ("labor_contract", "incomplete", "de_facto"),
    "food_rider": ("incomplete", "self_platform", "labor_contract"),
    "ride_hailing_driver": ("self_platform", "incomplete", "labor_contract"),
}


def relations_for(group: str) -> dict[str, object]:
    """The relations to choose from, those usual in the group first."""
    usual = _USUAL.get(group, ())
    return {code: RELATIONS[code] for code in (*usual, *(code for code in RELATIONS if code not in usual))}
