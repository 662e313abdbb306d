"""What is asked about an account."""

from flask_babel import lazy_gettext as _
from wtforms import Field, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from enrollment.rules.access import Act, Actor, Role, may
from enrollment.rules.accounts import act_of_change, is_login
from enrollment.rules.regions import COUNTIES, PREFECTURE, REGIONS, ZONES
from enrollment.storage.accounts import LONGEST_NAME
from enrollment.web.forms import Form, SayingForm, choices
from enrollment.web.words_of_accounts import ROLES
from enrollment.web.words_of_audit import ACTS_SHOWN


class AccountsForm(Form):
    """Filters of the list: they live in the address."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_("Name or account contains"), [Length(max=60)])
    role = SelectField(_("Role"), choices=choices(ROLES, first=_("All")), default="", validate_choice=False)


class AuditForm(Form):
    """What the lines are chosen by: it lives in the address."""

    class Meta(Form.Meta):
        csrf = False

    act = SelectField(_("Act"), choices=choices(ACTS_SHOWN, first=_("All")), default="", validate_choice=False)


class InviteForm(SayingForm):
    """Who, as what, for which place."""

    login = StringField(
        _("Account"),
        [
            InputRequired(_("Enter the account to sign in with.")),
        ],
        description=_("Small letters and digits, for example: fukang.li"),
        render_kw={"autocomplete": "off", "autocapitalize": "off"},
    )
    name = StringField(
        _("Name"),
        [InputRequired(_("Enter the name.")), Length(max=LONGEST_NAME, message=_("Enter at most 24 characters."))],
        description=_("As colleagues read it in the histories, for example: 阜康市总工会 李军"),
        render_kw={"autocomplete": "off"},
    )
    role = SelectField(_("Role"), [InputRequired(_("Choose the role."))], validate_choice=False)
    place = SelectField(_("Place"), [InputRequired(_("Choose the place."))], validate_choice=False)
    unit = StringField(
        _("Union or employer"),
        [Length(max=120, message=_("Enter at most 120 characters."))],
        description=_("For an officer the union, for a contact the employer: full name or code."),
        render_kw={"autocomplete": "off"},
    )

    def validate_login(self, field: Field) -> None:
        if not is_login(field.data or ""):
            raise ValidationError(_("3 to 40 small letters, digits, dots and dashes."))

    def offer(self, by: Actor) -> "InviteForm":
        """The roles and places somebody may invite for."""
        roles = [role for role in Role if role is not Role.VISITOR and may(by, act_of_change(role))]
        nodes = {**COUNTIES, **ZONES} if by.territory is None else dict.fromkeys(by.territory.counties, "")
        places = {node: REGIONS[node].name for node in nodes if node != PREFECTURE}
        if may(by, Act.CHANGE_OFFICE_ACCOUNT):
            places = {PREFECTURE: REGIONS[PREFECTURE].name, **places}
        self.role.choices = choices({role.value: ROLES[role] for role in roles}, first=_("Choose"))
        self.place.choices = choices(places, first=_("Choose") if len(places) > 1 else None)
        return self
