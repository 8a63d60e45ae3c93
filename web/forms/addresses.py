"""E-mail addresses and telephone numbers as people type them, and as we keep them."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext
from wtforms import Field, Form
from wtforms.validators import ValidationError

HOME = "FR"


class Address:
    """Demands an e-mail address and keeps it in lower case; whether it takes mail is tried by writing to it."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Raise ValidationError for what is not an address."""
        kept = kept_address(field.data or "")
        if kept is None:
            raise ValidationError(gettext("This does not look like an e-mail address."))
        field.data = kept


class Telephone:
    """Demands a telephone number that can exist, in France unless it begins with a country’s own digits."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Raise ValidationError for what cannot be one; nothing typed is fine."""
        if field.data and telephone_of(field.data) is None:
            raise ValidationError(
                gettext("This is not a telephone number. Please write it like 06 12 34 56 78 or +41 22 123 45 67.")
            )


def kept_address(text: str) -> str | None:
    """Return an address as we keep it, in lower case; None when it is none."""
    try:
        return str(validate_email(text.strip(), check_deliverability=False).normalized).lower()
    except EmailNotValidError:
        return None


def telephone_of(text: str) -> str | None:
    """Return a typed number in its international form (E.164), None when it cannot be one."""
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def telephone_words(number: str | None) -> str:
    """Return a kept number as people read it: in national form when it is French."""
    if not number:
        return ""
    parsed = phonenumbers.parse(number, HOME)
    form = phonenumbers.PhoneNumberFormat
    is_home = parsed.country_code == phonenumbers.country_code_for_region(HOME)
    return phonenumbers.format_number(parsed, form.NATIONAL if is_home else form.INTERNATIONAL)
