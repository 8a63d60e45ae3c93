"""The form in which a need is written and the one that narrows the public list. No reads, no writes."""

from babel import Locale
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
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
from wtforms.validators import Optional, StopValidation

from matcher.catalogue import communes
from matcher.catalogue.skills import load_skills
from matcher.models.states import NeedAudience
from matcher.ranking.types import Importance, Mode, Times
from matcher.services.needs import (
    DESCRIPTION_MAX,
    LOCATIONS_MAX,
    MOST_HOURS,
    MOST_SEATS,
    SKILLS_MAX,
    TITLE_MAX,
)
from web.forms.communes import KnownCommune
from web.forms.special_data import WarnsOfSpecialData
from web.forms.texts import AtMost, Plain, stripped
from web.forms.values import CountField, DayField, HoursField
from web.forms.weeks import VALUES

SKILL_MAX = 160
WORDS_MAX = 80
SPOKEN = ("fr", "en", "es", "de", "it", "pt", "ar")
WRONG_CHOICE = _("Please choose one of these.")
MODES = [
    SelectChoice(Mode.ON_SITE, _("On site")),
    SelectChoice(Mode.HYBRID, _("Partly on site, partly remote")),
    SelectChoice(Mode.REMOTE, _("Remote")),
]
IMPORTANCES = [SelectChoice(Importance.REQUIRED, _("Needed")), SelectChoice(Importance.USEFUL, _("Nice to have"))]
TIMES = [
    SelectChoice(Times.PREFERRED, _("Preferred: other times can be agreed")),
    SelectChoice(Times.FIXED, _("Fixed: no other times")),
]
AUDIENCES = [
    SelectChoice(NeedAudience.NAMED, _("Everybody, with the name of your association")),
    SelectChoice(
        NeedAudience.UNNAMED,
        _("Everybody, without its name: only the department is shown, and the name once you have both said yes"),
    ),
    SelectChoice(
        NeedAudience.INVITATION,
        _("Only the people whom a coordinator invites: it stands in no list, and nobody else can propose their help"),
    ),
]
LANGUAGE_NAMES = [SelectChoice("fr", "Français"), SelectChoice("en", "English")]


class Awaited:
    """Marks a field that a draft may lack and a need sent for review may not: the page does not call it optional."""

    field_flags = {"required": True}

    def __call__(self, _form: Form, _field: Field) -> None:
        """Refuse nothing: `NeedForm.is_complete` does, when the need is sent."""


class KnownUri:
    """Refuses an identifier of the catalogue's kind that is not in it; other words are free skills."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Stop at an unknown identifier."""
        word = field.data or ""
        if word.startswith("binome:") and load_skills().get(word) is None:
            raise StopValidation(gettext("This skill is not in the catalogue."))


class SkillRow(Form):
    """One skill that a need asks for."""

    word = StringField(_("Skill"), [Plain(), AtMost(SKILL_MAX), KnownUri()], filters=[stripped])
    importance = SelectField(
        _("Importance"), choices=IMPORTANCES, invalid_choice_message=WRONG_CHOICE, default=Importance.REQUIRED
    )


class NeedForm(FlaskForm):
    """A need as its association writes it."""

    title = StringField(_("Title"), [Awaited(), Plain(), AtMost(TITLE_MAX)], filters=[stripped])
    description = TextAreaField(
        _("What is to be done"),
        [Awaited(), Plain(), AtMost(DESCRIPTION_MAX), WarnsOfSpecialData()],
        filters=[stripped],
    )
    language = RadioField(
        _("Language of this text"),
        [Awaited()],
        choices=LANGUAGE_NAMES,
        invalid_choice_message=WRONG_CHOICE,
        default="fr",
    )
    skills = FieldList(FormField(SkillRow), max_entries=2 * SKILLS_MAX)
    mode = RadioField(
        _("Where the work is done"),
        [Optional(), Awaited()],
        # WTForms takes blanks for nothing said, whatever letters they are, and would leave them in the field.
        filters=[stripped],
        choices=MODES,
        invalid_choice_message=WRONG_CHOICE,
    )
    communes = FieldList(
        StringField(_("Commune"), [Plain(), KnownCommune()], filters=[stripped]), max_entries=2 * LOCATIONS_MAX
    )
    working_languages = SelectMultipleField(_("Working languages"), invalid_choice_message=WRONG_CHOICE)
    starts_on = DayField(_("First day"), [Optional()])
    ends_on = DayField(_("Last day"), [Optional()])
    total_hours = HoursField(_("Hours in all"), most=MOST_HOURS)
    together_hours = HoursField(_("Hours done together with you"), most=MOST_HOURS)
    weekly = SelectMultipleField(_("Times of the week"), choices=[SelectChoice(value) for value in VALUES])
    times = RadioField(
        _("These times are"), [Awaited()], choices=TIMES, invalid_choice_message=WRONG_CHOICE, default=Times.PREFERRED
    )
    seats = CountField(_("How many people"), [Awaited()], least=1, most=MOST_SEATS, default=1)
    answer_by = DayField(_("Answers wanted by"), [Optional()])
    contact_id = SelectField(_("Contact"), [Awaited()], coerce=int, invalid_choice_message=WRONG_CHOICE)

    meets_vulnerable = BooleanField(_("The person will meet minors or vulnerable people"))
    audience = RadioField(
        _("Who reads it"),
        [Awaited()],
        choices=AUDIENCES,
        invalid_choice_message=WRONG_CHOICE,
        default=NeedAudience.NAMED,
    )

    def offer(self, contacts: list[tuple[int, str]], languages: tuple[str, ...] = ()) -> None:
        """Set what depends on the association and the reader; `languages` are those written before."""
        names = Locale.parse(str(get_locale())).languages
        spoken = [*SPOKEN, *(code for code in languages if code not in SPOKEN)]
        self.working_languages.choices = [SelectChoice(code, str(names.get(code, code))) for code in spoken]
        self.contact_id.choices = [SelectChoice(str(account_id), name) for account_id, name in contacts]

    def add_blank_rows(self) -> None:
        """Show at least three rows for skills and one blank one, and one place."""
        while len(self.skills) < min(3, SKILLS_MAX) or (self.skills[-1].data["word"] and len(self.skills) < SKILLS_MAX):
            self.skills.append_entry()
        while not len(self.communes) or (self.communes[-1].data and len(self.communes) < LOCATIONS_MAX):
            self.communes.append_entry()

    def validate(self, extra_validators: dict[str, list[object]] | None = None) -> bool:
        """Check each field, then what two of them say together."""
        is_valid = bool(super().validate(extra_validators))
        starts_on, ends_on = self.starts_on.data, self.ends_on.data
        if starts_on and ends_on and ends_on < starts_on:
            is_valid = blame(self.ends_on, gettext("The last day lies before the first one."))
        total, together = self.total_hours.data, self.together_hours.data
        if total and together and together > total:
            is_valid = blame(self.together_hours, gettext("This is more than the hours in all."))
        if len([row for row in self.skills if row.data["word"]]) > SKILLS_MAX:
            words = gettext("Please keep to %(most)s skills: the most important ones.", most=SKILLS_MAX)
            is_valid = blame(self.skills[SKILLS_MAX].word, words)
        if len([place for place in self.communes if place.data]) > LOCATIONS_MAX:
            words = gettext("Please keep to %(most)s places.", most=LOCATIONS_MAX)
            is_valid = blame(self.communes[LOCATIONS_MAX], words)
        return is_valid

    def is_complete(self) -> bool:
        """Check what a need must say before it is sent for review; each gap is told beside its field."""
        gaps = [field for field in (self.title, self.description, self.mode) if not field.data]
        for field in gaps:
            blame(field, gettext("Please fill this in before you send the need."))
        if self.mode.data in {Mode.ON_SITE, Mode.HYBRID} and not any(place.data for place in self.communes):
            self.add_blank_rows()
            gaps.append(self.communes)
            blame(self.communes[0], gettext("Please say in which commune."))
        return not gaps


class FilterForm(FlaskForm):
    """What narrows the public list; it stands in the address."""

    class Meta:
        """Looking changes nothing."""

        csrf = False

    q = StringField(_("Words"), [Awaited(), Plain(), AtMost(WORDS_MAX)], filters=[stripped])
    domain = SelectField(_("Domain"), default="")
    where = SelectField(_("Where"), default="")
    language = SelectField(
        _("Language"), default="", choices=[SelectChoice("", _("French and English")), *LANGUAGE_NAMES]
    )

    def offer(self, language: str) -> None:
        """Set the domains and places in the reader's language."""
        domains = [SelectChoice(domain.id, domain.labels[language]) for domain in load_skills().domains()]
        self.domain.choices = [SelectChoice("", gettext("All domains")), *domains]
        places = [SelectChoice(place.code, f"{place.name} ({place.code})") for place in communes.departments()]
        self.where.choices = [
            SelectChoice("", gettext("Anywhere")),
            SelectChoice(Mode.REMOTE, gettext("Remote")),
            SelectChoice(Mode.HYBRID, gettext("Partly remote")),
            SelectChoice(Mode.ON_SITE, gettext("On site")),
            *places,
        ]


def add_blank_row(rows: FieldList) -> None:
    """Show one blank row more; nothing happens to a list that is as long as a form may send it."""
    if len(rows) < rows.max_entries:
        rows.append_entry()


def blame(field: Field, words: str) -> bool:
    """Put words beside a field; returns False, what a check that found something answers."""
    field.errors = [*field.errors, words]
    return False
