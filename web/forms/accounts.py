"""Forms of people's accounts: signing up, and what the account page asks."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from matcher.models.account import Account
from matcher.services.accounts import NAME_MAX
from matcher.services.associations import DESCRIPTION_MAX, REGISTRATION_MAX, AssociationContent
from matcher.services.associations import NAME_MAX as ASSOCIATION_NAME_MAX
from web.forms.addresses import Address, Telephone
from web.forms.communes import KnownCommune, find_commune
from web.forms.special_data import WarnsOfSpecialData
from web.forms.texts import AtMost, Filled, Plain, stripped
from web.passwords import fault_of, kept

LANGUAGE_NAMES = (SelectChoice("fr", "Français"), SelectChoice("en", "English"))
HERE, NEW = "here", "new"
KNOWN_MAX = 200
AGE_LABEL = _("I am 18 or older")
INVITATIONS_LABEL = _("You may invite me by e-mail when a need fits: at most two invitations in 30 days.")


class Strong:
    """Demands a password that is long enough and not known to everybody."""

    def __call__(self, form: Form, field: Field) -> None:
        """Stop with the reason."""
        fault = fault_of(field.data or "", [form["email"].data or "", form["name"].data or ""])
        if fault:
            raise StopValidation(fault)


class Ticked:
    """Demands a tick."""

    field_flags = {"required": True}

    def __call__(self, _form: Form, field: Field) -> None:
        """Stop when the box is empty."""
        if not field.data:
            raise StopValidation(gettext("Please tick this box to go on."))


class AgeForm(FlaskForm):
    """What somebody declares whose account was opened for her; no birth date is asked for."""

    is_adult = BooleanField(AGE_LABEL, [Ticked()])


class PersonForm(FlaskForm):
    """What everybody says who signs up."""

    name = StringField(_("First and last name"), [Filled(), Plain(), AtMost(NAME_MAX)], filters=[stripped])
    email = EmailField(_("E-mail address"), [Filled(), Plain(), AtMost(255), Address()], filters=[stripped])
    password = PasswordField(_("Password"), [Filled(), Strong()])
    is_adult = BooleanField(AGE_LABEL, [Ticked()])


class ConfirmForm(FlaskForm):
    """The password of an account, from whoever says that its address is hers and is not signed in."""

    password = PasswordField(_("Password"), [Filled(), AtMost(1000)])

    def proves(self, account: Account) -> bool:
        """True when the password of the account was typed; else the field says what is wrong."""
        if not self.validate():
            return False
        if account.verify_and_update_password(kept(self.password.data)):
            return True
        self.password.errors = [gettext("This is not the password of this account.")]
        return False


class VolunteerSignUpForm(PersonForm):
    """Signing up to offer skills; the will to be invited is asked for separately."""

    takes_invitations = BooleanField(INVITATIONS_LABEL)


class IfChosen:
    """Demands something only when a choice of the same form was made."""

    field_flags = {"required": True}

    def __init__(self, choice: str, value: str) -> None:
        self.choice = choice
        self.value = value

    def __call__(self, form: Form, field: Field) -> None:
        """Leave the field alone when the other choice was made."""
        if form[self.choice].data != self.value:
            field.errors = []
            raise StopValidation
        Filled()(form, field)


class AssociationSignUpForm(PersonForm):
    """Signing up for an association: one that is here already, or a new one."""

    which = RadioField(
        _("Your association on Binôme"),
        [Filled()],
        choices=(SelectChoice(NEW, _("It is new here")), SelectChoice(HERE, _("It is here already"))),
        default=NEW,
    )
    known = StringField(
        _("Which association?"), [IfChosen("which", HERE), Plain(), AtMost(KNOWN_MAX)], filters=[stripped]
    )
    association_name = StringField(
        _("Name of the association"),
        [IfChosen("which", NEW), Plain(), AtMost(ASSOCIATION_NAME_MAX)],
        filters=[stripped],
    )
    registration = StringField(_("RNA or SIREN number"), [Plain(), AtMost(REGISTRATION_MAX)], filters=[stripped])
    commune = StringField(_("Commune of its seat"), [Plain(), KnownCommune()], filters=[stripped])
    description = TextAreaField(
        _("What it does"),
        [IfChosen("which", NEW), Plain(), AtMost(DESCRIPTION_MAX), WarnsOfSpecialData()],
        filters=[stripped],
        render_kw={"rows": 6},
    )

    @property
    def is_new(self) -> bool:
        """True when the association is to be entered."""
        return bool(self.which.data == NEW)

    def content(self, language: str) -> AssociationContent:
        """Return the new association as the service takes it."""
        commune = find_commune(self.commune.data or "")
        return AssociationContent(
            name=self.association_name.data,
            description=self.description.data,
            registration=self.registration.data or None,
            commune=commune.code if commune else None,
            language=language,
        )


class DetailsForm(FlaskForm):
    """How a person is called and reached."""

    name = StringField(_("First and last name"), [Filled(), Plain(), AtMost(NAME_MAX)], filters=[stripped])
    phone = TelField(_("Telephone"), [Plain(), AtMost(40), Telephone()], filters=[stripped])
    language = SelectField(_("Language of your pages and mails"), choices=LANGUAGE_NAMES)


class BecomeVolunteerForm(FlaskForm):
    """Offering skills too."""

    takes_invitations = BooleanField(INVITATIONS_LABEL)
