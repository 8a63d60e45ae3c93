"""The forms of a mission: why it ends, from when to when, how many hours. No reads, no writes."""

from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields import SelectChoice

from matcher.labels import CODES
from matcher.models.states import PairingReason
from matcher.queries.missions import Show
from matcher.services.missions import MOST_HOURS, Plan
from web.forms.needs import blame
from web.forms.texts import Filled
from web.forms.values import DayField, HoursField

R = PairingReason
KIND = (R.SKILLS, R.AVAILABILITY, R.DISTANCE, R.LANGUAGE, R.OTHER_PERSON_CHOSEN, R.NEED_CHANGED)
AFTER_TALK = (R.NO_AGREEMENT, R.AVAILABILITY, R.CHANGED_CIRCUMSTANCES, R.NEED_CHANGED, R.SKILLS, R.OTHER)
STOPPING = (R.CHANGED_CIRCUMSTANCES, R.NO_TIME, R.NO_AGREEMENT, R.NEED_CHANGED, R.NO_NEWS, R.OTHER)
SHOWN = [
    SelectChoice(Show.ALL, _("Everything")),
    SelectChoice(Show.BEFORE, _("Before a mission")),
    SelectChoice(Show.UNDER_WAY, _("In touch or under way")),
    SelectChoice(Show.ENDED, _("Ended")),
]


class ReasonForm(FlaskForm):
    """A coded reason; the subclasses say which ones there are."""

    codes: tuple[PairingReason, ...] = ()
    reason = RadioField(_("Reason"), [Filled()])

    def __init__(self) -> None:
        """Offer the reasons in the reader's language."""
        super().__init__()
        words = {code: gettext(CODES[code]) for code in self.codes}
        self.reason.choices = [SelectChoice(code.value, text[:1].upper() + text[1:]) for code, text in words.items()]

    @property
    def code(self) -> PairingReason:
        """The chosen reason."""
        return PairingReason(self.reason.data)


class RefuseForm(ReasonForm):
    """Why an association does not go further with somebody who said yes."""

    codes = KIND


class AfterTalkForm(ReasonForm):
    """Why it is no after a first talk."""

    codes = AFTER_TALK


class StopForm(ReasonForm):
    """Why a mission stops before its end."""

    codes = STOPPING


class PlanForm(FlaskForm):
    """From when to when, and how many hours."""

    starts_on = DayField(_("First day"), [Filled()])
    ends_on = DayField(_("Last day"), [Filled()])
    hours = HoursField(_("Hours in all"), [Filled()], most=MOST_HOURS)

    def validate(self, extra_validators: dict[str, list[object]] | None = None) -> bool:
        """Check each field, then that the last day does not lie before the first one."""
        is_valid = bool(super().validate(extra_validators))
        if self.starts_on.data and self.ends_on.data and self.ends_on.data < self.starts_on.data:
            is_valid = blame(self.ends_on, gettext("The last day lies before the first one."))
        return is_valid

    @property
    def plan(self) -> Plan:
        """What was agreed; the form has been validated."""
        return plan_of(self.starts_on.data, self.ends_on.data, self.hours.data)


def plan_of(starts_on: date | None, ends_on: date | None, hours: float | None) -> Plan:
    """Return the plan of a validated form: nothing of it is missing."""
    if starts_on is None or ends_on is None or hours is None:
        raise ValueError("a plan is made of a validated form")
    return Plan(starts_on, ends_on, hours)


class ProlongForm(FlaskForm):
    """A new last day and a new total of hours."""

    ends_on = DayField(_("New last day"), [Filled()])
    hours = HoursField(_("Hours in all"), [Filled()], most=MOST_HOURS)
    starts_on: date | None = None

    def validate(self, extra_validators: dict[str, list[object]] | None = None) -> bool:
        """Check each field, then that the mission does not end before it began."""
        is_valid = bool(super().validate(extra_validators))
        if self.starts_on and self.ends_on.data and self.ends_on.data < self.starts_on:
            is_valid = blame(self.ends_on, gettext("The last day lies before the first one."))
        return is_valid


class HoursForm(FlaskForm):
    """How many hours were done."""

    hours = HoursField(_("Hours done in all"), [Filled()], most=MOST_HOURS)

    @property
    def total(self) -> float:
        """The hours; the form has been validated."""
        return self.hours.data or 0.0


class ShowForm(FlaskForm):
    """What narrows the list; it stands in the address."""

    class Meta:
        """Looking changes nothing."""

        csrf = False

    show = SelectField(_("Show"), choices=SHOWN, default=Show.ALL)
