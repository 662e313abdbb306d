"""Words about numbers, names and codes (号码、姓名、验证码): what looks wrong; taken into ``wording``."""

from flask_babel import lazy_gettext as _

NUMBERS = {
    "identity_missing": _("Enter your identity number."),
    "identity_first_generation": _(
        "15-digit numbers are of old cards and no longer valid. Enter the 18 characters of the new card."
    ),
    "identity_length": _("The identity number must have 18 characters. Count them once more."),
    "identity_characters": _("The identity number has digits only; just the last may be X."),
    "identity_province": _("The first two digits of the identity number are no province."),
    "identity_birth_date": _("Digits 7 to 14 of the identity number are no real birth date."),
    "identity_check_digit": _("The last character does not fit the others: a digit is probably mistyped."),
    "credit_code_missing": _("Enter the credit code."),
    "credit_code_length": _("The credit code must have 18 characters."),
    "credit_code_characters": _("The credit code has digits and capital letters, without I, O, Z, S, V."),
    "credit_code_check": _(
        "The last two characters of the credit code do not fit the others: one is probably mistyped."
    ),
    "no_referral": _("This place of work is not on ground of the Corps."),
    "phone_missing": _("Enter your mobile number."),
    "phone_form": _("A mobile number has 11 digits and begins with 13 to 19."),
    "plate_missing": _("Enter the plate."),
    "plate_form": _("The plate does not look right, for example 新B12345."),
    "name_missing": _("Enter your name."),
    "name_length": _("The name has more than 60 characters."),
    "name_characters": _("The name has characters that do not belong in a name."),
    # codes sent to a phone
    "code_missing": _("Enter the six digits."),
    "code_form": _("The code has six digits. Count them once more."),
    "code_too_soon": _("A code was asked for less than a minute ago. Wait a minute, then ask for another."),
    "too_many_codes": _("Too many codes were asked for. Try again in some hours, or call the union."),
    "code_wrong": _("This code does not fit. Compare it with the latest message."),
    "code_expired": _("There is no valid code any more: it counts for five minutes. Ask for another."),
    "code_spent": _("The code was wrong five times and no longer counts. Ask for another."),
}

CONFIRMATIONS = {
    "code": _("By code on this phone"),
    "signature": _("Signed on paper, says who filled it in; not seen yet"),
    "signature_seen": _("Signed on paper, seen by the union"),
    "in_person": _("In person"),
}
