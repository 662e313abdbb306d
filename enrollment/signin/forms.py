"""What is asked of a cadre who signs in."""

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from enrollment.web.forms import Form


class SignInForm(Form):
    login = StringField(
        _("Account"),
        [InputRequired(_("Enter your account."))],
        render_kw={"autocomplete": "username", "autocapitalize": "off"},
    )
    password = PasswordField(
        _("Password"),
        [InputRequired(_("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )


class SignOutForm(Form):
    """Only the token."""
