"""What a worker is asked once the guide is done: at most eight questions on one page, in three blocks."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SubmitField
from wtforms.validators import InputRequired

from enrollment.joining.notice import notice
from enrollment.rules.confirmation import Confirmation, check_code
from enrollment.rules.eligibility import Group
from enrollment.rules.guide import Question
from enrollment.rules.identity import Checked, check_identity, check_name, check_phone, check_plate
from enrollment.web import clock
from enrollment.web.forms import CheckedField, OnceForm, choices, normal
from enrollment.web.wording import says

_WHO, _REACH = ["name", "identity", "plate", "filled_by_name"], ["phone", "confirmed_by", "code"]


def _identity(text: str) -> Checked:
    return check_identity(text, clock.today())


def _plate(text: str) -> Checked:
    """A plate or none."""
    return check_plate(text) if text else Checked()


class JoinForm(OnceForm):
    """Who, how to reach them, and consent. Questions that do not concern this person are left out by ``join_form``."""

    name = CheckedField(
        _("Name"),
        [normal(check_name)],
        description=_("As on the identity card."),
        render_kw={"autocomplete": "name", "maxlength": 80},
    )
    identity = CheckedField(
        _("Identity number"),
        [normal(_identity)],
        description=_("To tell people of the same name apart. Birth date and sex are read from it."),
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "maxlength": 40,
        },
    )
    plate = CheckedField(
        _("Plate, if you have one"),
        [normal(_plate)],
        description=_("For example 新B12345. Leave it empty if the truck is not yours."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "maxlength": 20},
    )
    filled_by_name = CheckedField(
        _("Your own name"),
        [normal(check_name)],
        description=_("You fill this in for your colleague; the union keeps who did."),
        render_kw={"autocomplete": "name", "maxlength": 80},
    )
    phone = CheckedField(
        _("Mobile number"),
        [normal(check_phone)],
        description=_("The union calls or texts you on it about your application and your membership."),
        render_kw={"autocomplete": "tel", "inputmode": "tel", "maxlength": 30},
    )
    confirmed_by = RadioField(
        _("How does your colleague confirm?"),
        [InputRequired(_("Choose one."))],
        choices=choices(
            {
                Confirmation.CODE: _("By the code on this phone"),
                Confirmation.SIGNATURE: _("Signed on paper, which I show the union"),
            }
        ),
        default=Confirmation.CODE,
    )
    code = CheckedField(
        _("The six digits"),
        [normal(check_code)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 20},
    )
    identity_consent = BooleanField(
        "",
        [InputRequired(_("Without your agreement to the identity number the application cannot be handled."))],
    )
    sharing_consent = BooleanField("")
    send_code = SubmitField(_("Send me a code"))
    without_code = SubmitField(_("Send without a code"))

    sent = False
    """Whether a code was sent with this answer."""

    @property
    def who(self) -> list[str]:
        return [name for name in _WHO if name in self]

    @property
    def reach(self) -> list[str]:
        """How to reach them, without the code, which has a place of its own."""
        return [name for name in _REACH if name in self and name != "code"]

    @property
    def confirmation(self) -> str:
        """How the phone is confirmed with this sending: by code, by signature, or later in person."""
        if "confirmed_by" in self and self.confirmed_by.data == Confirmation.SIGNATURE:
            return Confirmation.SIGNATURE
        return "" if self.without_code.data else Confirmation.CODE

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Whether the answers can be taken. To be sent a code only the phone has to be right."""
        signed = self.confirmation == Confirmation.SIGNATURE
        for name, field in self._fields.items():
            needless = name == "code" and self.confirmation != Confirmation.CODE
            needless = needless or (name == "phone" and signed and not field.data)
            if needless or (self.send_code.data and name not in {"phone", "csrf_token", "submission_key"}):
                field.validators = []
        return super().validate(extra_validators)

    def refuse(self, reasons: Iterable[str]) -> bool:
        """Show beside the code what is said against it; False when the reasons are about something else."""
        about_code = [reason for reason in reasons if reason.startswith(("code_", "too_many_"))]
        self.code.errors = [*self.code.errors, *map(says, about_code)]
        self.sent = self.sent or "code_too_soon" in about_code  # the one sent before still counts
        return bool(about_code)


def join_form(told: dict[str, str], *, for_colleague: bool, token: str) -> JoinForm:
    """The form for what the guide was told. ``token``: the same in every tab of this browser until it is sent."""
    form = JoinForm()
    if not form.is_submitted():
        form.submission_key.data = token
    if for_colleague or told.get(Question.GROUP) != Group.TRUCK_DRIVER:
        del form.plate
    if for_colleague:
        form.phone.description = _("Your colleague's own. Leave it empty if there is none and your colleague signs.")
    else:
        del form.filled_by_name
        del form.confirmed_by
    words = notice()
    form.identity_consent.label.text, form.sharing_consent.label.text = words.identity_consent, words.sharing_consent
    return form


class ReferralForm(OnceForm):
    """A button that counts once."""
