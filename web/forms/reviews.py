"""Forms of the coordinators' pages: decisions on needs, on people and on answers heard by telephone."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import ValidationError

from matcher.labels import CODES
from matcher.models.states import EndReason, PairingReason
from web.forms.special_data import WarnsOfSpecialData
from web.forms.texts import AtMost, Filled, Plain, stripped
from web.forms.values import DayField

SET_ASIDE_REASONS = (
    PairingReason.SKILLS, PairingReason.AVAILABILITY, PairingReason.DISTANCE, PairingReason.LANGUAGE,
    PairingReason.TOO_OFTEN_ASKED, PairingReason.OTHER_PERSON_CHOSEN, PairingReason.OTHER,
)  # fmt: skip
ABANDON_REASONS = (
    PairingReason.NO_NEWS, PairingReason.CHANGED_CIRCUMSTANCES, PairingReason.NO_AGREEMENT, PairingReason.NEED_CHANGED,
    PairingReason.NO_TIME, PairingReason.OTHER,
)  # fmt: skip
CLOSE_REASONS = (EndReason.SOLVED_ELSEWHERE, EndReason.NOBODY_FOUND, EndReason.GIVEN_UP)
# What a coordinator writes is about the people of the association, or about a volunteer.
ABOUT_OTHERS = WarnsOfSpecialData(about_others=True)
YES, NO, NOT_NOW = "yes", "no", "not_now"
NO_REASONS = (PairingReason.NO_TIME, PairingReason.NOT_MY_FIELD, PairingReason.DISTANCE, PairingReason.NEVER_AGAIN)


def _words(codes: tuple[PairingReason | EndReason, ...]) -> list[tuple[str, str]]:
    words = [(code.value, str(gettext(CODES[code]))) for code in codes]
    return [(code, text[:1].upper() + text[1:]) for code, text in words]


class OpenNeedForm(FlaskForm):
    """Opens a submitted need."""

    is_urgent = BooleanField(_("Urgent: answers within 48 hours, from people who take short notice"))


class PointsForm(FlaskForm):
    """What the association is to change, point by point."""

    points = TextAreaField(
        _("What is to be changed, one point a line"), [Filled(), Plain(), AtMost(2000), ABOUT_OTHERS], [stripped]
    )


class RefuseForm(FlaskForm):
    """Why a need is not accepted, and where else its association may go."""

    reason = TextAreaField(
        _("Why this need cannot be accepted"), [Filled(), Plain(), AtMost(1200), ABOUT_OTHERS], [stripped]
    )
    elsewhere = TextAreaField(_("Where else to go"), [Filled(), Plain(), AtMost(700), ABOUT_OTHERS], [stripped])

    @property
    def points(self) -> str:
        """Both texts, as the mail says them."""
        return f"{self.reason.data}\n\n{self.elsewhere.data}"


class HoldForm(FlaskForm):
    """Until when a need rests."""

    returns_on = DayField(_("Back on"))


class CloseForm(FlaskForm):
    """Why a need is closed."""

    reason = RadioField(_("Why is it closed?"), [Filled()], validate_choice=False)

    def __init__(self, *args: object, **values: object) -> None:
        """Offer the reasons in the reader's language."""
        super().__init__(*args, **values)
        self.reason.choices = _words(CLOSE_REASONS)

    def validate_reason(self, field: RadioField) -> None:
        """Demand one of the reasons."""
        _one_of(field, CLOSE_REASONS)


class SetAsideForm(FlaskForm):
    """Why a person is set aside for a need."""

    ranking_id = HiddenField(validators=[AtMost(20)])
    seen = HiddenField(validators=[AtMost(20)])
    reason = RadioField(_("Why is this person set aside?"), [Filled()], validate_choice=False)

    def __init__(self, *args: object, **values: object) -> None:
        """Offer the reasons in the reader's language."""
        super().__init__(*args, **values)
        self.reason.choices = _words(SET_ASIDE_REASONS)

    def validate_reason(self, field: RadioField) -> None:
        """Demand one of the reasons."""
        _one_of(field, SET_ASIDE_REASONS)


class AbandonForm(FlaskForm):
    """Why a mission ends before its end."""

    reason = RadioField(_("Why does it stop?"), [Filled()], validate_choice=False)

    def __init__(self, *args: object, **values: object) -> None:
        """Offer the reasons in the reader's language."""
        super().__init__(*args, **values)
        self.reason.choices = _words(ABANDON_REASONS)

    def validate_reason(self, field: RadioField) -> None:
        """Demand one of the reasons."""
        _one_of(field, ABANDON_REASONS)


class ReplyForm(FlaskForm):
    """The answer to a volunteer's question."""

    answer = TextAreaField(_("Your answer"), [Filled(), Plain(), AtMost(600), ABOUT_OTHERS], [stripped])


class TelephoneForm(FlaskForm):
    """What was heard by telephone; `confirmed` is set by the second page."""

    confirmed = HiddenField(validators=[AtMost(20)])
    heard = RadioField(_("What did you hear?"), [Filled()], validate_choice=False)
    ask_again_on = DayField(_("Ask again from"))
    reason = RadioField(_("Reason for the no, if it was said"), validate_choice=False)

    def __init__(self, *args: object, **values: object) -> None:
        """Offer the reasons in the reader's language."""
        super().__init__(*args, **values)
        yes, no, later = gettext("Yes"), gettext("No"), gettext("Not now, ask me later")
        self.heard.choices = [(YES, yes), (NO, no), (NOT_NOW, later)]
        self.reason.choices = [("", gettext("Not said")), *_words(NO_REASONS)]

    def validate_heard(self, field: RadioField) -> None:
        """Demand an answer, and a date with “not now”."""
        if field.data not in {YES, NO, NOT_NOW}:
            raise ValidationError(gettext("Please choose one of these."))

    def validate_ask_again_on(self, field: DayField) -> None:
        """Demand the date with “not now”."""
        if self.heard.data == NOT_NOW and field.data is None and not field.errors:
            raise ValidationError(gettext("Please say from which day on we may ask again."))

    def validate_reason(self, field: RadioField) -> None:
        """Refuse a reason that was not offered."""
        if field.data:
            _one_of(field, NO_REASONS)


class FindForm(FlaskForm):
    """Words by which somebody is found."""

    class Meta:
        """A search changes nothing: no token in its address."""

        csrf = False

    words = StringField(_("Occupation or skill"), [Filled(), Plain(), AtMost(120)], [stripped])


def _one_of(field: RadioField, codes: tuple[PairingReason | EndReason, ...]) -> None:
    if field.data not in {code.value for code in codes}:
        raise ValidationError(gettext("Please choose one of these."))
