"""Flask-Security's forms with our labels. They check what Flask-Security checks, and that a press is not the second."""

from typing import ClassVar

import flask_security
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _
from flask_security import current_user, hash_password
from wtforms import RadioField, StringField
from wtforms.fields import SelectChoice

from matcher.services import accounts
from web.extensions import db
from web.forms.texts import AtMost

# Longer than any password, code or address of a page that is one; what is hashed or looked up is short.
LONGEST = 1000


class OurLabels:
    """Puts our words beside the fields, and a limit on each text."""

    labels: ClassVar[dict[str, LazyString]] = {}
    usual: ClassVar[dict[str, LazyString]] = {
        "email": _("E-mail address"),
        "password": _("Password"),
        "remember": _("Remember this device for 30 days"),
        "new_password": _("New password"),
        "new_password_confirm": _("New password, once more"),
        "password_confirm": _("New password, once more"),
        "code": _("Code of six digits"),
    }

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)
        words = {**self.usual, **self.labels}
        for field in self:  # type: ignore[attr-defined]
            if field.name in words:
                field.label.text = words[field.name]
                field.flags.required = field.name != "remember"
            if isinstance(field, StringField):
                field.validators = [AtMost(LONGEST), *field.validators]


class OneAfterTheOther:
    """Of two presses at once the first changes the password and sends its mail; the second is told that it is done."""

    def validate(self, **values: object) -> bool:
        """Check what Flask-Security checks, then wait for whoever is changing the same password."""
        if not super().validate(**values):  # type: ignore[misc]
            return False
        if accounts.lock(db.session(), (getattr(self, "user", None) or current_user).fs_uniquifier):
            return True
        self.password.errors.append(gettext("This has been dealt with already."))  # type: ignore[attr-defined]
        return False


class SignInForm(OurLabels, flask_security.LoginForm):
    """Address, password, and whether to remember the device."""


class PasswordAgainForm(OurLabels, flask_security.VerifyForm):
    """The password once more, before something that matters."""

    @property
    def has_password(self) -> bool:
        """True when there is a password to give; Flask-Security takes that for granted."""
        return bool(current_user.password)

    def validate(self, **values: object) -> bool:
        """Check what Flask-Security checks; without a password nothing is right."""
        return self.has_password and bool(super().validate(**values))


class AskNewPasswordForm(OurLabels, flask_security.ForgotPasswordForm):
    """The address to which a link for a new password goes."""

    def validate(self, **values: object) -> bool:
        """Check what Flask-Security checks; it hashes something for an unknown address, so we do for a known one."""
        is_known = bool(super().validate(**values))
        if is_known:
            hash_password("not-a-password")
        return is_known


class NewPasswordForm(OneAfterTheOther, OurLabels, flask_security.ResetPasswordForm):
    """A new password, twice."""

    labels: ClassVar[dict[str, LazyString]] = {"password": _("New password")}


class ChangePasswordForm(OneAfterTheOther, OurLabels, flask_security.ChangePasswordForm):
    """The present password and a new one, twice."""

    labels: ClassVar[dict[str, LazyString]] = {"password": _("Present password")}

    def validate(self, **values: object) -> bool:
        """Check what Flask-Security checks, and name the present password with all else that is missing."""
        if super().validate(**values):
            return True
        if not self.password.data and not self.password.errors:
            self.password.errors = [gettext("Please give a password.")]
        return False


class ChangeAddressForm(OurLabels, flask_security.ChangeEmailForm):
    """The new address."""

    labels: ClassVar[dict[str, LazyString]] = {"email": _("New e-mail address")}


class SendAgainForm(OurLabels, flask_security.SendConfirmationForm):
    """The address that waits for its confirmation."""


class CodeForm(OurLabels, flask_security.TwoFactorVerifyCodeForm):
    """The code that the device shows."""


class RecoveryForm(OurLabels, flask_security.MfRecoveryForm):
    """One of the recovery codes."""

    labels: ClassVar[dict[str, LazyString]] = {"code": _("Recovery code")}

    def validate(self, **values: object) -> bool:
        """Check what Flask-Security checks, on codes read anew: of two presses at once one finds its code there."""
        if self.user is not None:
            accounts.lock(db.session(), self.user.fs_uniquifier)
        return bool(super().validate(**values))


class SecondFactorForm(OurLabels, flask_security.TwoFactorSetupForm):
    """Setting up a second factor, or switching it off; its template shows two buttons and no field."""

    setup = RadioField(choices=[SelectChoice("disable"), SelectChoice("authenticator")], validate_choice=False)


class RescueForm(OurLabels, flask_security.TwoFactorRescueForm):
    """What Flask-Security builds beside the field of a code; we show a link to the recovery codes instead."""

    help_setup = RadioField(choices=[SelectChoice("recovery_code")], validate_choice=False)
