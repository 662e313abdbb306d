"""The cast, known by heart: who walks through the tests, on 2021-11-30.

Ma Xiao is a courier at a depot without a union, Li drives a truck that is only affiliated. Zhang is the cadre of
Changji city (652301), Wang of Fukang (652302), Zhao of the whole prefecture.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from enrollment.storage.accounts import Account
from enrollment.storage.unions import Employer, Union
from tests import make

PASSWORD = "wo-ai-gonghui-2021"
CITY, NEXT_COUNTY, PREFECTURE = "changji-city", "fukang", "changji"


@dataclass(frozen=True, slots=True)
class Cast:
    """The rows everybody knows: one unit with its own union, a joint union of two units, one unit without."""

    city: Account
    next_county: Account
    prefecture: Account
    shunda: Employer
    shunda_union: Union
    small_a: Employer
    small_b: Employer
    joint_union: Union
    uncovered: Employer
    city_pool: Union
    fukang_pool: Union
    fukang_union: Union


LIGHT = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Costs a hundredth of what a password costs in life."""


@cache
def _hash() -> str:
    return LIGHT.hash(PASSWORD)


def account(login: str, name: str, role: str, territory_code: str, **changes: Any) -> Account:
    """An account with the password of the whole cast, not yet on stage."""
    kept = {"code": login.upper()[-12:], "password_hash": _hash(), "active": True} | changes
    return Account(login=login, name=name, role=role, territory_code=territory_code, **kept)


def appear(session: Session) -> Cast:
    """Put the cast on stage."""
    accounts = [
        account(CITY, "张干部", "county_cadre", "652301"),
        account(NEXT_COUNTY, "王干部", "county_cadre", "652302"),
        account(PREFECTURE, "赵干部", "prefecture_cadre", "652300"),
    ]
    session.add_all(accounts)
    session.commit()
    shunda = make.employer(session, name="顺达快递有限公司", workers=30)
    small_a = make.employer(session, name="快马网点", workers=9, region_code="652301002")
    small_b = make.employer(session, name="飞驰网点", workers=6, region_code="652301002")
    pool = {"kind": "pool", "approval_number": "昌州工发〔2020〕1号"}
    return Cast(
        *accounts,
        shunda=shunda,
        shunda_union=make.union(session, name="顺达快递有限公司工会委员会", covers=(shunda,)),
        small_a=small_a,
        small_b=small_b,
        joint_union=make.union(
            session, name="昌吉市快递行业联合工会委员会", kind="joint", group="courier", covers=(small_a, small_b)
        ),
        uncovered=make.employer(session, name="四人网点", workers=4, region_code="652301002"),
        city_pool=make.union(session, name="昌吉市会员周转库", region_code="652301", **pool),
        fukang_pool=make.union(session, name="阜康市会员周转库", county_code="652302", region_code="652302", **pool),
        fukang_union=make.union(session, name="阜康运输工会委员会", county_code="652302", region_code="652302001"),
    )


def sign_in(client: FlaskClient, login: str = CITY) -> FlaskClient:
    """Sign a cadre in through the page, as a person does."""
    token = csrf(client, "/signin")
    client.post("/signin", data={"login": login, "password": PASSWORD, "csrf_token": token})
    return client


def csrf(client: FlaskClient, path: str) -> str:
    """The token of the form on a page."""
    text = client.get(path).get_data(as_text=True)
    return text.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
