"""What every text field refuses: characters that no database keeps, and texts that are too long."""

import unicodedata
from dataclasses import dataclass

from flask_babel import gettext
from wtforms import Field, Form, RadioField
from wtforms.validators import StopValidation


class Plain:
    """Refuses control characters, NUL first of all; line breaks and tabs are welcome."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Stop at the first character that cannot be kept."""
        text = field.data or ""
        if any(unicodedata.category(one) in {"Cc", "Cs"} and one not in "\r\n\t" for one in text):
            raise StopValidation(gettext("This text holds characters that cannot be kept. Please type it again."))


@dataclass(frozen=True)
class AtMost:
    """Refuses a text longer than `max` characters, and says so; the counter beside the field reads `field_flags`."""

    max: int

    @property
    def field_flags(self) -> dict[str, int]:
        """The limit, for the page."""
        return {"maxlength": self.max}

    def __call__(self, _form: Form, field: Field) -> None:
        """Stop when the text is too long."""
        if len(str(field.data or "").replace("\r\n", "\n")) > self.max:
            raise StopValidation(gettext("Please keep to %(most)s characters.", most=self.max))


class Filled:
    """Demands something; says so in the words of the page."""

    field_flags = {"required": True}

    def __call__(self, _form: Form, field: Field) -> None:
        """Stop when nothing was typed or chosen."""
        given = field.data.strip() if isinstance(field.data, str) else field.data
        if not given and any(field.raw_data or ()) and field.process_errors:
            # What was typed could not be read: the field has said so itself.
            raise StopValidation
        if not given:
            field.errors = []
            is_choice = isinstance(field, RadioField)
            raise StopValidation(
                gettext("Please choose one of these.") if is_choice else gettext("Please fill this in.")
            )


def stripped(text: str | None) -> str | None:
    """Return a text without the blanks around it; a filter for fields."""
    return text.strip() if text else text
