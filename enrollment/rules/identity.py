"""Normal forms and checks of names and numbers (domain 9.4, 12.4). Each answers a normal form or one reason code."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Checked:
    """Either ``value`` in its normal form, or ``reason``: the code of the part that looks wrong."""

    value: str = ""
    reason: str = ""

    @property
    def ok(self) -> bool:
        return not self.reason


class Sex(StrEnum):
    """GB/T 2261.1, as the parity of the order number tells it."""

    MALE = "1"
    FEMALE = "2"


def _compact(text: str) -> str:
    """Half-width, upper case, without spaces: how numbers typed on a phone are compared."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


# --- resident identity number (居民身份证号码), GB 11643 -----------------------------------------------------------

_PROVINCES = frozenset(re.findall("..", "111213141521222331323334353637414243444546505152535461626364657181828391"))
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_LENGTH, _FIRST_GENERATION_LENGTH = 18, 15


def check_identity(text: str, on: date) -> Checked:
    """GB 11643: 18 characters, province, a real birth date not after ``on``, check digit.

    Unknown county codes pass: those of abolished counties live on in people's numbers. Age is a matter of
    eligibility, not of the number.
    """
    number = _compact(text)
    reason = _identity_fault(number, on)
    return Checked(reason=reason) if reason else Checked(number)


def _identity_fault(number: str, on: date) -> str:  # noqa: PLR0911 -- one return for each part that can be wrong
    if not number:
        return "identity_missing"
    if len(number) == _FIRST_GENERATION_LENGTH and number.isascii() and number.isdigit():
        return "identity_first_generation"
    if len(number) != _LENGTH:
        return "identity_length"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "identity_characters"
    if number[:2] not in _PROVINCES:
        return "identity_province"
    born = _birth(number)
    if born is None or born > on:
        return "identity_birth_date"
    return "" if number[-1] == identity_check_digit(number[:17]) else "identity_check_digit"


def identity_check_digit(first17: str) -> str:
    """The 18th character for the first 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True))
    return _CHECK_DIGITS[total % 11]


def birth_date(identity: str) -> date:
    """The birth date read from a valid number."""
    return date(int(identity[6:10]), int(identity[10:12]), int(identity[12:14]))


def sex(identity: str) -> Sex:
    """The sex read from a valid number: an odd order number is male."""
    return Sex.MALE if int(identity[16]) % 2 else Sex.FEMALE


def _birth(number: str) -> date | None:
    try:
        return birth_date(number)
    except ValueError:
        return None


# --- unified social credit code (统一社会信用代码), GB 32100 with GB 11714 inside ------------------------------------

_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_LETTER_A = 10


def check_credit_code(text: str) -> Checked:
    """GB 32100: 18 characters without I O Z S V, both check characters. Any registrar prefix passes (unions: 8)."""
    code = _compact(text)
    if len(code) != _LENGTH:
        return Checked(reason="credit_code_length" if code else "credit_code_missing")
    if any(character not in _CODE_CHARACTERS for character in code):
        return Checked(reason="credit_code_characters")
    right = code[16] == organization_check(code[8:16]) and code[17] == credit_code_check(code[:17])
    return Checked(code) if right else Checked(reason="credit_code_check")


def credit_code_check(first17: str) -> str:
    """The 18th character (GB 32100)."""
    total = sum(w * _CODE_CHARACTERS.index(c) for w, c in zip(_CODE_WEIGHTS, first17, strict=True))
    return _CODE_CHARACTERS[(31 - total % 31) % 31]


def organization_check(first8: str) -> str:
    """The 17th character: check of the organization code at 9 to 16 (GB 11714)."""
    values = (int(c) if c.isdigit() else ord(c) - ord("A") + _LETTER_A for c in first8)
    rest = 11 - sum(w * v for w, v in zip(_ORGANIZATION_WEIGHTS, values, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


# --- mobile phone (手机号) and plate (车牌, GA 36-2018) ------------------------------------------------------------


def check_phone(text: str) -> Checked:
    """A mainland mobile number as eleven digits; ``+86`` or ``0086`` before it and hyphens inside are dropped."""
    number = re.sub(r"[-\u2010-\u2015()]", "", _compact(text))
    number = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", number)
    if not number:
        return Checked(reason="phone_missing")
    return Checked(number) if re.fullmatch(r"1[3-9][0-9]{9}", number) else Checked(reason="phone_form")


_PLATE_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_PLATE = re.compile(
    rf"{_PLATE_PROVINCE}[A-HJ-NP-Z]"
    r"(?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]"  # ordinary
    r"|[A-HJK][A-HJ-NP-Z0-9][0-9]{4}"  # new energy, small
    r"|[0-9]{5}[A-HJK])"  # new energy, large
)


def check_plate(text: str) -> Checked:
    """A vehicle plate without its dot, of any province."""
    plate = re.sub(r"[·•‧・⋅∙･.\-]", "", _compact(text))
    if not plate:
        return Checked(reason="plate_missing")
    return Checked(plate) if _PLATE.fullmatch(plate) else Checked(reason="plate_form")


# --- name (姓名), 民委发〔2016〕33号 -------------------------------------------------------------------------------

SEPARATOR = "\u00b7"
_LOOK_ALIKES = re.compile("[\u2022\u2027\u30fb\u22c5\u0387\u2219\uff65]")
_HAN = "[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]"
_STOP_BETWEEN_HAN = re.compile(rf"(?<={_HAN})\s*[.\uff0e]\s*(?={_HAN})")
_BETWEEN_LETTERS = frozenset(f"{SEPARATOR} -'’")
_NAME_MAX = 60
_BEYOND_BMP_HAN = range(0x20000, 0x3FFFF)


def check_name(text: str) -> Checked:
    """A name as on the identity card: only the separator is brought to U+00B7; nothing is added or stripped.

    Up to 60 characters, Han of any plane, letters of any script, marks, spaces, hyphen and apostrophe.
    """
    name = _LOOK_ALIKES.sub(SEPARATOR, text.strip())
    name = _STOP_BETWEEN_HAN.sub(SEPARATOR, name)
    name = re.sub(rf"\s*{SEPARATOR}\s*", SEPARATOR, re.sub(r"\s+", " ", name))
    if not name:
        return Checked(reason="name_missing")
    if len(name) > _NAME_MAX:
        return Checked(reason="name_length")
    letters = set(name) - _BETWEEN_LETTERS
    return Checked(name) if letters and all(map(_is_letter, letters)) else Checked(reason="name_characters")


def _is_letter(character: str) -> bool:
    beyond = ord(character) in _BEYOND_BMP_HAN  # newer than this Python's character table
    return beyond or character == "〇" or unicodedata.category(character)[0] in "LM"


# --- masks (脱敏) ------------------------------------------------------------------------------------------------


def mask_identity(identity: str) -> str:
    """All but the last four characters hidden."""
    return "*" * (len(identity) - 4) + identity[-4:]


def mask_phone(phone: str) -> str:
    """As in 138****1234."""
    return f"{phone[:3]}****{phone[-4:]}"


CHECKS: dict[str, Callable[[str, date], Checked]] = {
    "identity": check_identity,
    "credit-code": lambda text, _on: check_credit_code(text),
    "phone": lambda text, _on: check_phone(text),
    "plate": lambda text, _on: check_plate(text),
    "name": lambda text, _on: check_name(text),
}
"""The checks of the command line by the word that names them."""
