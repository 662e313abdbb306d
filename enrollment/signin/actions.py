"""Passwords (argon2) and the act of signing in."""

import secrets
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select

from enrollment.rules.access import VISITOR, Act
from enrollment.storage.accounts import Account
from enrollment.storage.database import transaction
from enrollment.storage.failures import Refused

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex())
"""Checked when there is no such account, so that the answer takes as long."""


def sign_in(login: str, password: str, *, now: datetime) -> Account:
    """The account with this name and password; a wrong name and a wrong password raise the same ``Refused``."""
    with transaction(by=VISITOR, act=Act.SIGN_IN, now=now) as work:
        account = work.session.scalar(select(Account).where(Account.login == login, Account.active))
        work.subject = login if account else ""
        if not _verified(account, password) or account is None:
            raise Refused(["wrong_password"])
        return account


def _verified(account: Account | None, password: str) -> bool:
    try:
        _hasher.verify(account.password_hash if account else _NOBODY, password)
    except VerificationError:
        return False
    return True
