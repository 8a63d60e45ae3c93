"""The form by which an administrator says why she looks, and the one by which somebody is looked for by name."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import ValidationError

from matcher.access_codes import AccessReason
from web.access_words import REASONS
from web.forms.texts import AtMost, Filled, Plain, stripped


class WhyForm(FlaskForm):
    """Why names or contacts are opened."""

    why = RadioField(_("Why do you open this?"), [Filled()], validate_choice=False)

    def __init__(self, *args: object, **values: object) -> None:
        """Offer the reasons in the reader's language."""
        super().__init__(*args, **values)
        self.why.choices = [(code.value, str(REASONS[code])) for code in AccessReason]

    def validate_why(self, field: RadioField) -> None:
        """Demand one of the reasons."""
        if field.data not in set(AccessReason):
            raise ValidationError(gettext("Please choose one of these."))


class NameForm(FlaskForm):
    """The name of somebody who may be put forward."""

    name = StringField(_("Name, in whole words"), [Filled(), Plain(), AtMost(120)], [stripped])
