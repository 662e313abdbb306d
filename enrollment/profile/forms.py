"""What is asked of somebody about the own account."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from enrollment.web.forms import Day, NewPasswordForm, SayingForm, own_password_field


class ChangePasswordForm(NewPasswordForm):
    present = own_password_field()


class SecondFactorForm(SayingForm):
    """Setting up: the first code proves that the authenticator has the secret."""

    present = own_password_field()
    code = StringField(
        _("Code from the phone"),
        [InputRequired(_("Enter the code.")), Length(max=20, message=_("This code is wrong or was used already."))],
        description=_("Six digits from the authenticator on your phone."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class LeaveForm(SayingForm):
    """Who stands in, from when to when."""

    deputy = SelectField(_("Who stands in"), [InputRequired(_("Choose who stands in."))], validate_choice=False)
    from_on = Day(_("From"), [InputRequired(_("Enter a day such as 2021-11-30."))])
    until_on = Day(_("Until"), [InputRequired(_("Enter a day such as 2021-11-30."))])


class HandOverForm(SayingForm):
    """All cases to somebody else."""

    to = SelectField(_("Who takes them over"), [InputRequired(_("Choose who takes them over."))], validate_choice=False)
    reason = StringField(
        _("Why"),
        [
            InputRequired(_("Enter the reason, for example: moved to another office.")),
            Length(max=200, message=_("Enter at most 200 characters.")),
        ],
    )
