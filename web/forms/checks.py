"""The form in which an association says that it has seen the check, or why none is required. No room for more."""

from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from matcher.labels import CHECK_WAIVERS
from matcher.models.states import CheckWaiver
from web.forms.needs import WRONG_CHOICE, Awaited, blame
from web.forms.texts import Filled
from web.forms.values import DayField

SEEN = "seen"


class CheckForm(FlaskForm):
    """Seen on a day, or not required for a coded reason."""

    declared = RadioField(_("What you declare"), [Filled()], invalid_choice_message=WRONG_CHOICE)
    seen_on = DayField(_("If you have seen it: on which day?"), [Awaited(), Optional()])

    def __init__(self) -> None:
        """Offer the reasons in the reader's language."""
        super().__init__()
        why = [
            (code.value, gettext("No check is required: %(why)s", why=gettext(CHECK_WAIVERS[code])))
            for code in CheckWaiver
        ]
        choices = [(SEEN, gettext("We have seen the check that we must make")), *why]
        self.declared.choices = [SelectChoice(value, words) for value, words in choices]

    def validate(self, extra_validators: dict[str, list[object]] | None = None) -> bool:
        """Check each field, then that a check that was seen has its day."""
        is_valid = bool(super().validate(extra_validators))
        if self.declared.data == SEEN and self.seen_on.data is None and not self.seen_on.errors:
            is_valid = blame(self.seen_on, gettext("Please say on which day you saw it."))
        return is_valid

    @property
    def check(self) -> date | CheckWaiver:
        """What was declared; the form has been validated."""
        if self.declared.data == SEEN and self.seen_on.data is not None:
            return self.seen_on.data
        return CheckWaiver(self.declared.data)
