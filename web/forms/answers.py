"""What a volunteer says to an invitation beside yes: no, not now, a question. No reads, no writes."""

from datetime import timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional, StopValidation

from matcher.models.states import PairingReason
from matcher.services.answers import QUESTION_MAX
from web.forms.special_data import WarnsOfSpecialData
from web.forms.texts import AtMost, Filled, Plain, stripped
from web.forms.values import DayField
from web.runtime import today

R = PairingReason
NO_REASONS = [
    SelectChoice("", _("I would rather not say")),
    SelectChoice(R.NO_TIME, _("I have no time for it")),
    SelectChoice(R.NOT_MY_FIELD, _("It is not my field")),
    SelectChoice(R.DISTANCE, _("It is too far away")),
    SelectChoice(R.AVAILABILITY, _("The times do not suit me")),
    SelectChoice(R.TOO_OFTEN_ASKED, _("I am asked too often")),
    SelectChoice(R.NEVER_AGAIN, _("Please do not ask me again for this need")),
]
FURTHEST_DAYS = 366


class Ahead:
    """Refuses a day that does not lie ahead, or lies more than a year ahead."""

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        """Stop at such a day; one that could not be read has its error already."""
        if field.data is None:
            raise StopValidation()
        if not today() < field.data <= today() + timedelta(days=FURTHEST_DAYS):
            raise StopValidation(gettext("Please choose a day between tomorrow and a year from now."))


class NoForm(FlaskForm):
    """A no, perhaps with why."""

    reason = RadioField(_("Why, if you like"), [Optional()], choices=NO_REASONS, default="")

    @property
    def code(self) -> PairingReason | None:
        """The coded reason, None when none was given."""
        said = (self.reason.data or "").strip()  # blanks alone pass as nothing chosen
        return PairingReason(said) if said else None


class LaterForm(FlaskForm):
    """Not now: from when to ask again."""

    ask_again_on = DayField(_("Ask me again from"), [Filled(), Ahead()])


class QuestionForm(FlaskForm):
    """A question for the coordinator."""

    question = TextAreaField(
        _("Your question"),
        [Filled(), Plain(), AtMost(QUESTION_MAX), WarnsOfSpecialData()],
        filters=[stripped],
    )
