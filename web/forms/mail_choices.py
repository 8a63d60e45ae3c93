"""The form of how often a volunteer is written to. No reads, no writes."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from matcher.services.mail_choices import LIMITS, MailChoices, MailWish
from web.forms.needs import WRONG_CHOICE, Awaited
from web.forms.values import DayField

UNLIMITED = "unlimited"
WISHES = [
    SelectChoice(MailWish.IMMEDIATE, _("At once: invite me when a need fits")),
    SelectChoice(MailWish.DAILY, _("Once a day: one e-mail in the morning with what has gathered")),
    SelectChoice(MailWish.WEEKLY, _("Once a week: one e-mail in the morning with what has gathered")),
    SelectChoice(MailWish.PAUSED, _("A pause: nothing until the day below")),
    SelectChoice(MailWish.STOPPED, _("Stop: no invitations and no reminders")),
]
WEEKDAYS = [
    SelectChoice("0", _("Monday")),
    SelectChoice("1", _("Tuesday")),
    SelectChoice("2", _("Wednesday")),
    SelectChoice("3", _("Thursday")),
    SelectChoice("4", _("Friday")),
    SelectChoice("5", _("Saturday")),
]
MOST = [
    SelectChoice("2", _("2 e-mails, as we promise everybody")),
    SelectChoice("4", _("4 e-mails")),
    SelectChoice("8", _("8 e-mails")),
    SelectChoice(UNLIMITED, _("No limit")),
]


class MailChoicesForm(FlaskForm):
    """Pace, limit and pause in one; each press says all of it anew."""

    wish = RadioField(_("Invitations"), [Awaited()], choices=WISHES, invalid_choice_message=WRONG_CHOICE)
    paused_until = DayField(_("If you choose a pause: until"), [Optional()])
    weekday = SelectField(_("If you choose once a week: on"), choices=WEEKDAYS, invalid_choice_message=WRONG_CHOICE)
    most = RadioField(
        _("E-mails with invitations in 30 days, at most"),
        [Awaited()],
        choices=MOST,
        invalid_choice_message=WRONG_CHOICE,
    )

    @classmethod
    def showing(cls, choices: MailChoices) -> "MailChoicesForm":
        """Return the form filled with what is chosen."""
        data = {
            "wish": choices.wish,
            "most": str(choices.most or UNLIMITED),
            "weekday": str(choices.weekday),
            "paused_until": choices.paused_until,
        }
        return cls(data=data)

    @property
    def choices(self) -> MailChoices:
        """What a valid form says."""
        most = None if self.most.data == UNLIMITED else int(self.most.data)
        wish = MailWish(self.wish.data)
        until = self.paused_until.data if wish is MailWish.PAUSED else None
        return MailChoices(wish, most, int(self.weekday.data), until)


assert {choice.value for choice in MOST} == {str(limit or UNLIMITED) for limit in LIMITS}
