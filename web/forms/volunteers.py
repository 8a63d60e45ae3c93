"""The forms of a volunteer's profile, one per section, and of leaving. No reads, no writes."""

from collections.abc import Sequence

from babel import Locale
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from matcher.catalogue.countries import countries, time_zones
from matcher.models.volunteer import Commitment
from matcher.services import profile_content as limits
from web.forms.accounts import Ticked
from web.forms.communes import KnownCommune
from web.forms.needs import LANGUAGE_NAMES, SPOKEN, WRONG_CHOICE, Awaited, KnownUri, add_blank_row, blame
from web.forms.special_data import WarnsOfSpecialData
from web.forms.texts import AtMost, Plain, stripped
from web.forms.usual_times import USUAL
from web.forms.values import CountField, DayField, HoursField, RadiusField
from web.forms.weeks import VALUES

LEAST_ROWS = {"skills": 3, "experiences": 2, "away": 1}
HERE, ABROAD = "here", "abroad"
LIVES = [SelectChoice(HERE, _("In France, overseas too")), SelectChoice(ABROAD, _("Abroad"))]
MODES = [SelectChoice("remote", _("Remote")), SelectChoice("on_site", _("On site"))]
LEVELS = [
    SelectChoice("", _("Level not said")),
    SelectChoice("1", _("I am discovering it")),
    SelectChoice("2", _("I can do it with help")),
    SelectChoice("3", _("I do it alone")),
    SelectChoice("4", _("I could teach it")),
]
COMMITMENTS = [
    SelectChoice(Commitment.WEEKLY, _("A few hours a week")),
    SelectChoice(Commitment.MONTHLY, _("Some hours or a day a month")),
    SelectChoice(Commitment.ONCE, _("One short thing")),
    SelectChoice(Commitment.ASK, _("It depends: ask me")),
    SelectChoice(Commitment.NOT_BEFORE, _("Not before a date")),
]


class RowsForm(FlaskForm):
    """What forms with repeated rows share: enough blank ones, and not too many filled ones."""

    def add_blank_rows(self, name: str, more: int = 0) -> None:
        """Show some rows at least, and `more` than those that stand."""
        rows = self[name]
        while len(rows) < LEAST_ROWS[name] or more > 0:
            add_blank_row(rows)
            more -= 1

    def keeps_to(self, name: str, filled: Sequence[object], most: int) -> bool:
        """Blame the first row when more are filled than are kept."""
        return len(filled) <= most or self.blame_rows(name, gettext("Please keep to %(most)s rows.", most=most))

    def blame_rows(self, name: str, words: str) -> bool:
        """Put words beside the first row; returns False."""
        rows = self[name]
        self.add_blank_rows(name)
        blame(next(iter(rows[0])) if isinstance(rows[0], FormField) else rows[0], words)
        return self.gather(name)

    def gather(self, name: str) -> bool:
        """Tell the list of rows what was put beside one of them, so that the summary finds it; returns False."""
        self[name].errors = [row.errors for row in self[name]]
        return False


class TextForm(RowsForm):
    """What she does and has done."""

    headline = StringField(
        _("In one line, who you are"),
        [Plain(), AtMost(limits.HEADLINE_MAX), WarnsOfSpecialData()],
        filters=[stripped],
    )
    description = TextAreaField(
        _("What you like to do, and what you would like to bring"),
        [Plain(), AtMost(limits.DESCRIPTION_MAX), WarnsOfSpecialData()],
        filters=[stripped],
    )
    experiences = FieldList(
        TextAreaField(
            _("Experience"),
            [Plain(), AtMost(limits.EXPERIENCE_MAX), WarnsOfSpecialData()],
            filters=[stripped],
        ),
        max_entries=2 * limits.MOST_EXPERIENCES,
    )
    language = RadioField(
        _("Language of these texts"), [Awaited()], choices=LANGUAGE_NAMES, invalid_choice_message=WRONG_CHOICE
    )

    def validate(self, extra_validators: object = None) -> bool:
        """Check each field, then the number of experiences."""
        is_valid = super().validate(extra_validators)
        filled = [text for text in self.experiences.data if text]
        return self.keeps_to("experiences", filled, limits.MOST_EXPERIENCES) and is_valid


class SkillRow(Form):
    """One skill and how well she masters it."""

    word = StringField(_("Skill"), [Plain(), AtMost(limits.SKILL_MAX), KnownUri()], filters=[stripped])
    level = SelectField(_("Level"), choices=LEVELS, default="", invalid_choice_message=WRONG_CHOICE)


class SkillsForm(RowsForm):
    """What she can do, and in which languages."""

    skills = FieldList(FormField(SkillRow), max_entries=2 * limits.MOST_SKILLS)
    languages = SelectMultipleField(_("Languages in which you can work"), invalid_choice_message=WRONG_CHOICE)

    def offer(self, languages: Sequence[str]) -> None:
        """Set the languages; `languages` are those said before."""
        names = Locale.parse(str(get_locale())).languages
        spoken = [*SPOKEN, *(code for code in languages if code not in SPOKEN)]
        self.languages.choices = [SelectChoice(code, str(names.get(code, code))) for code in spoken]

    def validate(self, extra_validators: object = None) -> bool:
        """Check each field, then the number of skills."""
        is_valid = super().validate(extra_validators)
        filled = [row for row in self.skills.data if row["word"]]
        return self.keeps_to("skills", filled, limits.MOST_SKILLS) and is_valid


class PlacesForm(FlaskForm):
    """Where she works."""

    lives = RadioField(_("You live"), [Awaited()], choices=LIVES, invalid_choice_message=WRONG_CHOICE, default=HERE)
    modes = SelectMultipleField(_("You work"), [Awaited()], choices=MODES, invalid_choice_message=WRONG_CHOICE)
    commune = StringField(_("Commune from which you go out"), [Plain(), KnownCommune()], filters=[stripped])
    second = StringField(_("Another commune"), [Plain(), KnownCommune()], filters=[stripped])
    radius_km = RadiusField(_("Kilometres that you are ready to go"), most=limits.MOST_RADIUS_KM)
    # WTForms takes blanks for nothing said, whatever letters they are, and would leave them in the field.
    country = SelectField(_("Country"), [Optional()], filters=[stripped], invalid_choice_message=WRONG_CHOICE)
    timezone = SelectField(_("Time zone"), [Optional()], filters=[stripped], invalid_choice_message=WRONG_CHOICE)

    def offer(self) -> None:
        """Set the countries in the reader's language, and the time zones."""
        unsaid = SelectChoice("", gettext("Please choose"))
        self.country.choices = [unsaid, *(SelectChoice(*each) for each in countries(str(get_locale())))]
        self.timezone.choices = [unsaid, *(SelectChoice(name, name.replace("_", " ")) for name in time_zones())]

    @property
    def is_abroad(self) -> bool:
        """True for somebody who lives abroad."""
        return bool(self.lives.data == ABROAD)

    def validate(self, extra_validators: object = None) -> bool:
        """Check each field, then what belongs to the place where she lives."""
        is_valid = super().validate(extra_validators)
        if self.is_abroad:
            missing = [field for field in (self.country, self.timezone) if not field.data]
        else:
            goes_out = "on_site" in (self.modes.data or ())
            missing = [self.commune] if goes_out and not self.commune.data else []
            if not self.modes.data:
                is_valid = blame(self.modes, WRONG_CHOICE)
        for field in missing:
            blame(field, gettext("Please fill this in."))
        return is_valid and not missing


class AwayRow(Form):
    """One absence."""

    first = DayField(_("Away from"), [Optional()])
    last = DayField(_("To, that day included"), [Optional()])


class TimeForm(RowsForm):
    """When she has time: one question, then what she likes to add."""

    commitment = RadioField(
        _("How much time do you have?"), [Awaited()], choices=COMMITMENTS, invalid_choice_message=WRONG_CHOICE
    )
    hours = HoursField(_("How many hours?"), [Awaited()], most=1000)
    available_from = DayField(_("Not before"), [Optional()])
    available_until = DayField(_("Until"), [Optional()])
    usual = SelectMultipleField(
        _("Most often free"), choices=[SelectChoice(*each) for each in USUAL], invalid_choice_message=WRONG_CHOICE
    )
    weekly = SelectMultipleField(
        _("Or more precisely"),
        choices=[SelectChoice(value, value) for value in VALUES],
        invalid_choice_message=WRONG_CHOICE,
    )
    away = FieldList(FormField(AwayRow), max_entries=2 * limits.MOST_ABSENCES)
    missions_at_once = CountField(
        _("Missions at the same time, at most"), [Awaited()], least=1, most=limits.MOST_MISSIONS, default=1
    )
    is_short_notice = BooleanField(_("You may ask me at short notice, within 48 hours."))

    def validate(self, extra_validators: object = None) -> bool:
        """Check each field, then what two of them say together."""
        is_valid = super().validate(extra_validators)
        starts, ends = self.available_from.data, self.available_until.data
        if starts and ends and ends < starts:
            is_valid = blame(self.available_until, gettext("The last day lies before the first one."))
        if self.commitment.data == Commitment.NOT_BEFORE and not starts and not self.available_from.errors:
            is_valid = blame(self.available_from, gettext("Please say from which day on."))
        if self._lacks_hours():
            is_valid = blame(self.hours, gettext("Please say about how many hours."))
        away = [row for row in self.away if row.form.first.data or row.form.last.data]
        if [row for row in away if not _is_whole(row.form)]:
            is_valid = self.gather("away")
        return self.keeps_to("away", away, limits.MOST_ABSENCES) and is_valid

    def _lacks_hours(self) -> bool:
        counted = {Commitment.WEEKLY, Commitment.MONTHLY, Commitment.ONCE}
        return self.commitment.data in counted and self.hours.data is None and not self.hours.errors


class PauseForm(FlaskForm):
    """A pause, until a day or until further notice."""

    until = DayField(_("Until"), [Optional()])


class PressForm(FlaskForm):
    """Something that asks for nothing but the press of its button."""


class EraseForm(FlaskForm):
    """Leaving for good; `closing` names the associations that end with her."""

    closing = SelectMultipleField(_("These associations stop on Binôme too"), coerce=int)
    is_sure = BooleanField(_("Yes, erase my account. I know that this cannot be undone."), [Ticked()])


def _is_whole(row: AwayRow) -> bool:
    if row.first.errors or row.last.errors:
        return False
    if row.first.data is None or row.last.data is None:
        return blame(row.last if row.last.data is None else row.first, gettext("Please fill this in."))
    if row.last.data < row.first.data:
        return blame(row.last, gettext("The last day lies before the first one."))
    return True
