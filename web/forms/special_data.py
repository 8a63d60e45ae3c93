"""The warning before a text that seems to hold special data is kept: said once; whoever sends it again means it."""

import hashlib
from dataclasses import dataclass

from flask import request
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _
from wtforms import Field, Form
from wtforms.validators import StopValidation

from matcher.sensitive import SpecialData, special_data_in

# The name under which a page sends back what it warned of.
MEANT = "meant"
KINDS: dict[SpecialData, LazyString] = {
    SpecialData.HEALTH: _("health"),
    SpecialData.BELIEF: _("beliefs"),
    SpecialData.POLITICS: _("political opinions"),
    SpecialData.UNION: _("membership of a union"),
    SpecialData.SEX_LIFE: _("sexual orientation"),
    SpecialData.ORIGIN: _("origin"),
    SpecialData.OFFENCE: _("convictions"),
}


@dataclass(frozen=True)
class WarnsOfSpecialData:
    """Stops a text once that seems to say such a thing of a person; never refuses it when it comes again unchanged.

    `about_others`: the text is about somebody whom its writer names « elle » or « il ».
    """

    about_others: bool = False

    def __call__(self, _form: Form, field: Field) -> None:
        """Stop with what was found, unless this very text was warned of before."""
        text = str(field.data or "")
        found = special_data_in(text, about_others=self.about_others)
        if not found:
            return
        # The page sends it along with the text, so that the next press of its button keeps it.
        field.flags.meant = hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:16]
        if field.flags.meant in request.form.getlist(MEANT):
            return
        raise StopValidation(
            gettext(
                "This seems to hold sensitive data about a person (%(kinds)s: “%(words)s”). Others read this text, and"
                " nobody needs that here. Take it out, or press the button once more to leave it as it is.",
                kinds=", ".join(str(KINDS[each.kind]) for each in found),
                words=found[0].words,
            )
        )
