"""The forms by which administrators find an account and decide about it."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from matcher.models.branch import Branch
from matcher.services.rights import SuspensionReason
from web.forms.accesses import WhyForm
from web.forms.addresses import Address
from web.forms.texts import Filled, Plain, stripped

REASONS = {
    SuspensionReason.STOLEN: _("Somebody else seems to use the account"),
    SuspensionReason.CONDUCT: _("What was done or written with it does not fit our rules"),
    SuspensionReason.UNTRUE: _("What it says about the person does not seem to be true"),
    SuspensionReason.ASKED: _("The person has asked us for it"),
}
CHOICES = [SelectChoice(code.value, words) for code, words in REASONS.items()]


class FindAccountForm(WhyForm):
    """The whole address, as nobody is found by a part of one, and why the account is looked for."""

    email = EmailField(_("E-mail address"), [Filled(), Plain(), Address()], filters=[stripped])
    why = RadioField(_("Why do you look for this account?"), [Filled()], validate_choice=False)


class ActForm(FlaskForm):
    """Confirms an act that needs no more words."""


class BranchForm(FlaskForm):
    """Which branch."""

    branch_id = SelectField(_("Branch"), [Filled()], validate_choice=False)

    def offer(self, branches: list[Branch], language: str) -> None:
        """Offer these branches in the reader's language."""
        self.branch_id.choices = [SelectChoice(str(branch.id), branch.name(language)) for branch in branches]

    def validate_branch_id(self, field: SelectField) -> None:
        """Demand a number; which branch it names is the service's to find out."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(gettext("Please choose one of these."))


class SuspendForm(FlaskForm):
    """Why an account is suspended."""

    reason = RadioField(_("Why?"), [Filled()], choices=CHOICES, validate_choice=False)

    def validate_reason(self, field: RadioField) -> None:
        """Demand one of the reasons."""
        if field.data not in set(SuspensionReason):
            raise ValidationError(gettext("Please choose one of these."))
