"""What Flask-Security says to people, in our words. Its own sentences serve only where none of these fits."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

Said = tuple[LazyString, str]
WORDS: dict[str, Said] = {
    "SECURITY_MSG_GENERIC_AUTHN_FAILED": (_("This address and this password do not go together."), "error"),
    "SECURITY_MSG_UNAUTHENTICATED": (_("Please sign in first."), "info"),
    "SECURITY_MSG_REAUTHENTICATION_REQUIRED": (_("Please give your password once more."), "info"),
    "SECURITY_MSG_REAUTHENTICATION_SUCCESSFUL": (_("Thank you. You may go on."), "success"),
    "SECURITY_MSG_EMAIL_NOT_PROVIDED": (_("Please give an e-mail address."), "error"),
    "SECURITY_MSG_INVALID_EMAIL_ADDRESS": (_("This does not look like an e-mail address."), "error"),
    "SECURITY_MSG_PASSWORD_NOT_PROVIDED": (_("Please give a password."), "error"),
    "SECURITY_MSG_INVALID_PASSWORD": (_("This is not your password."), "error"),
    "SECURITY_MSG_RETYPE_PASSWORD_MISMATCH": (_("The two passwords differ."), "error"),
    "SECURITY_MSG_PASSWORD_IS_THE_SAME": (_("This is the password that you have now."), "error"),
    "SECURITY_MSG_PASSWORD_RESET_REQUEST": (
        _("If there is an account with this address, a mail to choose a new password is on its way."),
        "info",
    ),
    "SECURITY_MSG_PASSWORD_RESET_EXPIRED": (_("This link is too old. Please ask for a new one."), "error"),
    "SECURITY_MSG_INVALID_RESET_PASSWORD_TOKEN": (
        _("This link is not valid, or it was used already. Please ask for a new one."),
        "error",
    ),
    "SECURITY_MSG_PASSWORD_RESET_NO_LOGIN": (_("Your new password is kept. Please sign in with it."), "success"),
    "SECURITY_MSG_PASSWORD_CHANGE": (_("Your new password is kept."), "success"),
    "SECURITY_MSG_CONFIRMATION_REQUEST": (
        _("If an account with this address waits for its confirmation, a mail is on its way."),
        "info",
    ),
    "SECURITY_MSG_DISABLED_ACCOUNT": (_("This account is closed. Please write to us."), "error"),
    "SECURITY_MSG_CHANGE_EMAIL_SENT": (
        _("A mail is on its way to the new address. The change is made when you confirm it from there."),
        "success",
    ),
    "SECURITY_MSG_TWO_FACTOR_INVALID_TOKEN": (
        _("This code is not right, or no longer. Please type the one shown now."),
        "error",
    ),
    "SECURITY_MSG_INVALID_CODE": (
        _("This code is not right, or no longer. Please type the one shown now."),
        "error",
    ),
    "SECURITY_MSG_INVALID_RECOVERY_CODE": (_("This recovery code is not right, or was used already."), "error"),
    "SECURITY_MSG_NO_RECOVERY_CODES_SETUP": (_("There are no recovery codes yet."), "info"),
    "SECURITY_MSG_TWO_FACTOR_LOGIN_SUCCESSFUL": (_("You are signed in."), "success"),
    "SECURITY_MSG_TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        _("Your second factor is set up. Please make recovery codes now, for the day when you lose the device."),
        "success",
    ),
    "SECURITY_MSG_TWO_FACTOR_PERMISSION_DENIED": (_("Please sign in first."), "info"),
    "SECURITY_MSG_TWO_FACTOR_DISABLED": (_("The second factor is switched off."), "success"),
    "SECURITY_MSG_TWO_FACTOR_METHOD_NOT_AVAILABLE": (_("Please choose one of the two."), "error"),
    "SECURITY_MSG_TWO_FACTOR_SETUP_EXPIRED": (_("This took too long. Please begin again."), "error"),
    "SECURITY_MSG_INVALID_REDIRECT": (_("We do not lead you to other sites."), "error"),
    "SECURITY_MSG_CHANGE_EMAIL_CONFIRMED": (_("Thank you. Your new address is in use."), "success"),
    "SECURITY_MSG_CHANGE_EMAIL_EXPIRED": (_("This link is too old. Please begin again."), "error"),
    "SECURITY_MSG_API_ERROR": (_("This link is not valid, or it was used already."), "error"),
}
