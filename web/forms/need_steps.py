"""The forms of what happens to a need: proposing one's help, a pause, an end. No reads, no writes."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from matcher.models.states import EndReason
from matcher.services.applications import MOTIVATION_MAX
from web.forms.needs import WRONG_CHOICE, Awaited
from web.forms.special_data import WarnsOfSpecialData
from web.forms.texts import AtMost, Plain, stripped
from web.forms.values import DayField

CLOSING = [
    SelectChoice(EndReason.SOLVED_ELSEWHERE, _("The need was met elsewhere")),
    SelectChoice(EndReason.NOBODY_FOUND, _("Nobody was found")),
    SelectChoice(EndReason.GIVEN_UP, _("We no longer need this")),
]


class ApplicationForm(FlaskForm):
    """A volunteer's own proposal."""

    motivation = TextAreaField(
        _("Why this need speaks to you"),
        [Plain(), AtMost(MOTIVATION_MAX), WarnsOfSpecialData()],
        filters=[stripped],
    )


class HoldForm(FlaskForm):
    """A pause, with the day of return if it is known."""

    returns_on = DayField(_("You come back on"), [Optional()])


class CloseForm(FlaskForm):
    """Why a need is closed."""

    reason = RadioField(_("Reason"), [Awaited()], choices=CLOSING, invalid_choice_message=WRONG_CHOICE)


class StepForm(FlaskForm):
    """A step that asks for nothing but the press of its button."""
