"""What somebody proves themselves with: passwords (argon2), codes by time (TOTP), recovery codes."""

import secrets
import unicodedata
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from pyotp.utils import strings_equal
from sqlalchemy import delete, select, update

from enrollment.storage.accounts import Account, RecoveryCode
from enrollment.storage.database import Work
from enrollment.storage.failures import Refused
from enrollment.storage.tables import new_code
from enrollment.storage.vault import vault

ISSUER = "入会通"
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
_NEARBY = (-1, 0, 1)  # a clock may be half a minute off (RFC 6238 5.2)

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex())
"""Checked where there is no password, so that the answer takes as long."""


def hash_of(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(password)


def fits(account: Account | None, password: str) -> bool:
    """Whether this is the account's password; of no account, and of one without a password, none is."""
    kept = account.password_hash if account else ""
    try:
        _hasher.verify(kept or _NOBODY, password)
    except VerificationError:
        return False
    return bool(kept)


def is_outdated(account: Account) -> bool:
    """Whether the password was hashed more weakly than is done now."""
    return _hasher.check_needs_rehash(account.password_hash)


def new_secret() -> str:
    """What an authenticator computes its codes from, as it is typed by hand."""
    return pyotp.random_base32()


def address_of_secret(secret: str, login: str) -> str:
    """The secret as an authenticator reads it from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def step_of(secret: str, code: str, now: datetime, *, after: int = 0) -> int | None:
    """The step of time this code belongs to; None for a wrong one, or one not ``after`` the last that was used."""
    totp = pyotp.TOTP(secret)
    near = (totp.timecode(now) + off for off in _NEARBY)
    return next((step for step in near if step > after and strings_equal(totp.generate_otp(step), code)), None)


def plain_code(typed: str) -> str:
    """A code as it is compared: without spaces, full-width characters made plain, letters capital."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).upper()


def use_code(work: Work, account: Account, typed: str) -> str:
    """Use a code by time or a recovery code, each once; says which it was. Raises ``Refused`` for a wrong one.

    The account's row is held, so that the same code sent twice at once opens one session.
    """
    held = work.session.get_one(Account, account.id, with_for_update=True)
    code = plain_code(typed)
    step = step_of(held.totp_secret, code, work.now, after=held.totp_last) if held.totp_secret else None
    if step is not None:
        held.totp_last = step
        return "code"
    fresh = select(RecoveryCode.id).where(RecoveryCode.account_id == held.id, RecoveryCode.used_at.is_(None))
    number = work.session.scalar(fresh.where(RecoveryCode.code_match == vault.match(code, "recovery")))
    if number is None:
        raise Refused(["wrong_code"])
    work.session.execute(update(RecoveryCode).where(RecoveryCode.id == number).values(used_at=work.now))
    return "recovery"


def new_recovery_codes(work: Work, account_id: int) -> list[str]:
    """Ten new recovery codes in place of all old ones; shown once, kept as keyed hashes."""
    drop_recovery_codes(work, account_id)
    codes = [new_code(RECOVERY_LENGTH) for _ in range(RECOVERY_CODES)]
    work.session.add_all(RecoveryCode(account_id=account_id, code_match=vault.match(c, "recovery")) for c in codes)
    return codes


def drop_recovery_codes(work: Work, account_id: int) -> None:
    """No recovery code of the account is good any more."""
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
