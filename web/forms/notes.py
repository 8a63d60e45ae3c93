"""The form of a note between coordinators. No reads, no writes."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from matcher.models.note import NOTE_MAX
from web.forms.special_data import WarnsOfSpecialData
from web.forms.texts import AtMost, Filled, Plain, stripped


class NoteForm(FlaskForm):
    """A short note for those of the branch."""

    text = TextAreaField(
        _("A note for the coordinators of the branch"),
        [Filled(), Plain(), AtMost(NOTE_MAX), WarnsOfSpecialData(about_others=True)],
        filters=[stripped],
    )
