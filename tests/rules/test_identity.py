"""Identity numbers, credit codes, phones and plates (domain 9.4, 14)."""

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from enrollment.rules import identity
from enrollment.rules.identity import (
    CHECKS,
    Sex,
    birth_date,
    check_credit_code,
    check_identity,
    check_phone,
    check_plate,
    mask_identity,
    mask_phone,
    sex,
)

ON = date(2021, 11, 30)

# --- identity numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        "440524188001010014",
        "652301199001010005",
        "652302198802290002",
        "652328198512310005",
        "65230119920507000X",
        "652303197508080006",
    ],
)
def test_the_published_and_synthetic_numbers_pass(number):
    assert check_identity(number, ON).value == number


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("11010519491231002x", "11010519491231002X"),
        (" 652301 19900101 0005 ", "652301199001010005"),
        ("６５２３０１１９９００１０１０００５", "652301199001010005"),
        ("11010519491231002ｘ", "11010519491231002X"),
        ("652301\u30001990\u00a00101\t0005", "652301199001010005"),
    ],
)
def test_a_number_typed_on_a_phone_is_brought_to_its_normal_form(typed, normal):
    assert check_identity(typed, ON).value == normal


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "identity_missing"),
        ("　 ", "identity_missing"),
        ("652301900101001", "identity_first_generation"),
        ("65230190010100A", "identity_length"),
        ("65230119900101000", "identity_length"),
        ("6523011990010100055", "identity_length"),
        ("6523011990O1010005", "identity_characters"),
        ("X52301199001010005", "identity_characters"),
        ("65230119900101000Y", "identity_characters"),
        ("٦٥٢٣٠١١٩٩٠٠١٠١٠٠٠٥", "identity_characters"),
        ("992301199001010005", "identity_province"),
        ("002301199001010005", "identity_province"),
        ("652301199002300005", "identity_birth_date"),
        ("652301199013010005", "identity_birth_date"),
        ("652301198902290005", "identity_birth_date"),
        ("652301199001010006", "identity_check_digit"),
        ("65230119900101000X", "identity_check_digit"),
    ],
)
def test_the_part_that_is_wrong_is_named(typed, reason):
    assert (check_identity(typed, ON).reason, check_identity(typed, ON).ok) == (reason, False)


def test_a_birth_date_still_to_come_is_none():
    number = "65230120211201000"
    number += identity.identity_check_digit(number)

    assert check_identity(number, date(2021, 11, 30)).reason == "identity_birth_date"
    assert check_identity(number, date(2021, 12, 1)).value == number


def test_birth_date_and_sex_are_read_from_the_number():
    assert birth_date("652302198802290002") == date(1988, 2, 29)
    assert sex("652302198802290002") is Sex.FEMALE
    assert sex("440524188001010014") is Sex.MALE


BIRTHS = st.dates(date(1900, 1, 1), ON)
PROVINCES = st.sampled_from(["11", "65", "81", "91"])


@st.composite
def valid_numbers(draw):
    first = draw(PROVINCES) + f"{draw(st.integers(0, 9999)):04}{draw(BIRTHS):%Y%m%d}{draw(st.integers(0, 999)):03}"
    return first + identity.identity_check_digit(first)


@settings(max_examples=100)
@given(valid_numbers())
def test_a_number_with_its_own_check_digit_passes(number):
    assert check_identity(number, ON).value == number


@settings(max_examples=100)
@given(valid_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_mistyped_character_is_always_found(number, place, other):
    assume(number[place] != other)

    assert not check_identity(number[:place] + other + number[place + 1 :], ON).ok


# --- credit codes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["81440000MCL468545M", "81652301MC0000004U", "91652301MC0000004T"])
def test_credit_codes_of_unions_and_companies_pass(code):
    assert check_credit_code(code).value == code
    assert check_credit_code(code).value == uscc.validate(code)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "credit_code_missing"),
        ("81440000MCL468545", "credit_code_length"),
        ("81440000MCI468545M", "credit_code_characters"),
        ("81440000MCS468545M", "credit_code_characters"),
        ("81440000MCL468545N", "credit_code_check"),
        ("81652301MC0000004T", "credit_code_check"),
        ("81440000MCL46854XM", "credit_code_check"),
    ],
)
def test_the_fault_of_a_credit_code_is_named(typed, reason):
    assert check_credit_code(typed).reason == reason


def test_a_credit_code_is_read_as_it_is_typed():
    assert check_credit_code(" 8144 0000 mcl468545ｍ ").value == "81440000MCL468545M"


def test_the_organization_code_inside_must_fit_too():
    code = "81440000MCL468546"
    code += identity.credit_code_check(code)

    assert uscc.is_valid(code)
    assert check_credit_code(code).reason == "credit_code_check"


ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@settings(max_examples=100)
@given(st.from_regex(r"[1589][0-9]{7}", fullmatch=True), st.text(ALPHABET, min_size=8, max_size=8))
def test_a_code_made_by_the_standard_passes_here_and_in_another_implementation(registrar, organization):
    first = registrar + organization + identity.organization_check(organization)
    code = first + uscc.calc_check_digit(first)

    assert check_credit_code(code).value == code


@settings(max_examples=100)
@given(st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_mistyped_character_of_a_credit_code_is_found(place, other):
    code = "81440000MCL468545M"
    assume(code[place] != other)

    assert check_credit_code(code[:place] + other + code[place + 1 :]).reason == "credit_code_check"


# --- phones and plates ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "13812345678",
        "+8613812345678",
        "+86 138-1234-5678",
        "008613812345678",
        "86 138 1234 5678",
        "(+86)13812345678",
        "１３８１２３４５６７８",
        "138‑1234‑5678",
    ],
)
def test_a_phone_is_eleven_digits_however_it_is_typed(typed):
    assert check_phone(typed).value == "13812345678"


@pytest.mark.parametrize("second", "3456789")
def test_every_mobile_prefix_in_use_passes(second):
    assert check_phone(f"1{second}912345678").ok


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "phone_missing"),
        ("+86", "phone_missing"),
        ("12812345678", "phone_form"),
        ("1381234567", "phone_form"),
        ("138123456789", "phone_form"),
        ("0994-2345678", "phone_form"),
        ("+113812345678", "phone_form"),
        ("1381234567A", "phone_form"),
        ("١٣٨١٢٣٤٥٦٧٨", "phone_form"),
    ],
)
def test_the_fault_of_a_phone_is_named(typed, reason):
    assert check_phone(typed).reason == reason


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("新B12345", "新B12345"),
        ("新B·12345", "新B12345"),
        ("新b•1234挂", "新B1234挂"),
        ("豫Ｇ 88K66", "豫G88K66"),
        ("新BD12345", "新BD12345"),
        ("新BF1A234", None),
        ("新BFA1234", "新BFA1234"),
        ("新BK12345", "新BK12345"),
        ("新B12345D", "新B12345D"),
        ("新B12345K", "新B12345K"),
        ("新B12345学", None),
        ("新B1234学", "新B1234学"),
        ("新B1234警", "新B1234警"),
        ("新B1234I", None),
        ("新B1234O", None),
        ("新I12345", None),
        ("新BL12345", None),
        ("新B12345L", None),
        ("伊B12345", None),
        ("新B123", None),
    ],
)
def test_plates_of_every_province_and_power_pass_and_others_do_not(typed, normal):
    checked = check_plate(typed)

    assert (checked.value or None) == normal
    assert checked.reason == ("" if normal else "plate_form")


def test_a_plate_left_out_is_missing():
    assert check_plate(" ").reason == "plate_missing"


# --- masks and the command line's table ----------------------------------------------------------------------------


def test_masks_show_what_a_list_may_show():
    assert mask_identity("652301199001010005") == "**************0005"
    assert mask_phone("13812341234") == "138****1234"


@pytest.mark.parametrize(
    ("word", "good", "bad", "reason"),
    [
        ("identity", "652301199001010005", "1", "identity_length"),
        ("credit-code", "81652301MC0000004U", "1", "credit_code_length"),
        ("phone", "13812345678", "1", "phone_form"),
        ("plate", "新B12345", "1", "plate_form"),
        ("name", "马晓", "1", "name_characters"),
    ],
)
def test_each_check_of_the_command_line_is_behind_its_word(word, good, bad, reason):
    assert CHECKS[word](good, ON).value == good
    assert CHECKS[word](bad, ON).reason == reason
    assert set(CHECKS) == {"identity", "credit-code", "phone", "plate", "name"}
