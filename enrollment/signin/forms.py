"""What is asked of somebody who signs in, or who was invited."""

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from enrollment.web.forms import Form, NewPasswordForm


class SignInForm(Form):
    login = StringField(
        _("Account"),
        [InputRequired(_("Enter your account.")), Length(max=60, message=_("Account or password is wrong."))],
        render_kw={"autocomplete": "username", "autocapitalize": "off"},
    )
    password = PasswordField(
        _("Password"),
        [InputRequired(_("Enter your password.")), Length(max=200, message=_("Account or password is wrong."))],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(Form):
    """The second factor."""

    code = StringField(
        _("Code from the phone"),
        [InputRequired(_("Enter the code.")), Length(max=20, message=_("This code is wrong or was used already."))],
        description=_("Six digits from the authenticator on your phone. Phone lost? Use one of your recovery codes."),
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "off"},
    )


class ChosenPasswordForm(NewPasswordForm):
    """The first password, or a new one after the old was lost."""


class SignOutForm(Form):
    """Only the token."""
