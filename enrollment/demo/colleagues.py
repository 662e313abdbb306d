"""Who else signs in to the demo: a second cadre, an officer, a contact, an auditor, an operator."""

from collections.abc import Callable
from datetime import date

from enrollment.demo.chance import Chance
from enrollment.demo.names import han_name
from enrollment.demo.prefecture import Prefecture, Row
from enrollment.rules import kinds
from enrollment.rules.access import Role
from enrollment.rules.regions import PREFECTURE
from enrollment.storage.accounts import Account

_CITY = "652301"
COLLEAGUES = ("changji-city-2", "officer", "contact", "auditor", "operator")
"""What they sign in as."""


def colleagues(as_of: date, prefecture: Prefecture, hash_of: Callable[[], str]) -> list[Account]:
    """One of each role that is not the first cadre of a place; the officer is of a joint union."""
    chance = Chance(as_of, stream=3)
    union = _first(prefecture.unions, kinds.JOINT.code)
    employer = next(row for row in prefecture.employers if row["county_code"] == _CITY)
    people: list[tuple[str, str, Role, str, dict[str, int]]] = [
        ("changji-city-2", "昌吉市总工会", Role.COUNTY_CADRE, _CITY, {}),
        ("officer", "联合工会主席", Role.UNION_OFFICER, union["county_code"], {"union_id": union["id"]}),
        ("contact", "单位联络人", Role.EMPLOYER_CONTACT, _CITY, {"employer_id": employer["id"]}),
        ("auditor", "州总工会经审办", Role.AUDITOR, PREFECTURE, {}),
        ("operator", "系统管理员", Role.OPERATOR, PREFECTURE, {}),
    ]
    return [
        Account(
            login=login,
            name=f"{office} {han_name(chance)}",
            role=role,
            territory_code=place,
            code=chance.code(8),
            password_hash=hash_of(),
            **of,
        )
        for login, office, role, place, of in people
    ]


def _first(unions: list[Row], kind: str) -> Row:
    """The first of this kind, one of Changji city if there is any."""
    of_kind = [union for union in unions if union["kind"] == kind]
    return next((union for union in of_kind if union["county_code"] == _CITY), of_kind[0])
