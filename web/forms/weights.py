"""The form by which an administrator confirms an act on the weights of the ranking."""

from flask_wtf import FlaskForm
from wtforms import HiddenField

from web.forms.texts import AtMost


class WeightsForm(FlaskForm):
    """Confirms; `instead_of` is the id of the weights that the page showed as in force, empty for those of origin."""

    instead_of = HiddenField(validators=[AtMost(20)])
