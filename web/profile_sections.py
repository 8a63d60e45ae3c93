"""The sections of a volunteer's profile in their order: the form of each, what it shows first, and what keeps it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.errors import DomainError, UnknownCommune
from matcher.models.volunteer import Commitment, Volunteer
from matcher.ranking.types import OfferedSkill
from matcher.services import mail_choices, volunteers
from matcher.services.profile_content import HOME, ProfilePlaces, ProfileSkills, ProfileText, ProfileTime
from matcher.wording import skill_in_words
from web.errors import sentence
from web.forms.communes import find_commune, label_of
from web.forms.mail_choices import MailChoicesForm
from web.forms.needs import blame
from web.forms.usual_times import boxes_of, split_boxes
from web.forms.volunteers import (
    ABROAD,
    HERE,
    PlacesForm,
    RowsForm,
    SkillsForm,
    TextForm,
    TimeForm,
)
from web.forms.weeks import values_of, weekly_of
from web.need_cards import language
from web.runtime import today

Keep = Callable[[Session, Actor, datetime], object]
FIELDS: dict[type[DomainError], str] = {UnknownCommune: "commune"}


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its title, its form of a volunteer, and what a valid form asks to be kept."""

    title: LazyString
    form: Callable[[Volunteer], FlaskForm]
    keep: Callable[[FlaskForm, Volunteer], Keep]


def text_form(volunteer: Volunteer) -> TextForm:
    """Return the form of her texts."""
    return TextForm(
        data={
            "headline": volunteer.headline,
            "description": volunteer.description,
            "experiences": [each.text for each in volunteer.experiences],
            "language": volunteer.language,
        }
    )


def keep_text(form: TextForm, volunteer: Volunteer) -> Keep:
    """Keep her texts."""
    texts = (_lines(each) for each in form.experiences.data)
    text = ProfileText(
        headline=" ".join((form.headline.data or "").split()),
        description=_lines(form.description.data),
        experiences=tuple(each for each in texts if each),
        language=form.language.data,
    )
    return partial(volunteers.save_text, volunteer_id=volunteer.id, text=text)


def skills_form(volunteer: Volunteer) -> SkillsForm:
    """Return the form of her skills, in the reader's language."""
    shown = [{"word": _shown(each.label, each.uri), "level": str(each.level or "")} for each in volunteer.skills]
    form = SkillsForm(data={"skills": shown, "languages": list(volunteer.languages)})
    form.offer(volunteer.languages)
    return form


def keep_skills(form: SkillsForm, volunteer: Volunteer) -> Keep:
    """Keep her skills; a word that she has not touched keeps how she had written it."""
    before = {_shown(each.label, each.uri): (each.label, each.uri) for each in volunteer.skills}
    skills = []
    for row in form.skills.data:
        label, uri = before.get(row["word"] or "", (row["word"] or "", None))
        if label:
            skills.append(OfferedSkill(label, int(row["level"]) if row["level"] else None, uri))
    said = ProfileSkills(tuple(skills), tuple(form.languages.data or ()))
    return partial(volunteers.save_skills, volunteer_id=volunteer.id, said=said)


def places_form(volunteer: Volunteer) -> PlacesForm:
    """Return the form of her places."""
    is_abroad = volunteer.country != HOME
    communes = [label_of(place.commune) for place in volunteer.locations]
    modes = {"remote": volunteer.remote, "on_site": volunteer.on_site}
    form = PlacesForm(
        data={
            "lives": ABROAD if is_abroad else HERE,
            "modes": [mode for mode, is_chosen in modes.items() if is_chosen],
            "commune": communes[0] if communes else "",
            "second": communes[1] if len(communes) > 1 else "",
            "radius_km": volunteer.radius_km,
            "country": volunteer.country if is_abroad else "",
            "timezone": volunteer.timezone if is_abroad else "",
        }
    )
    form.offer()
    return form


def keep_places(form: PlacesForm, volunteer: Volunteer) -> Keep:
    """Keep her places."""
    found = [find_commune(field.data or "") for field in (form.commune, form.second)]
    modes = form.modes.data or ()
    places = ProfilePlaces(
        remote="remote" in modes,
        on_site="on_site" in modes,
        communes=tuple(commune.code for commune in found if commune),
        radius_km=form.radius_km.data,
        country=form.country.data if form.is_abroad else HOME,
        timezone=form.timezone.data or None,
    )
    return partial(volunteers.save_places, volunteer_id=volunteer.id, places=places)


def time_form(volunteer: Volunteer) -> TimeForm:
    """Return the form of her time."""
    usual, boxes = split_boxes(values_of(volunteer.weekly))
    return TimeForm(
        data={
            "commitment": volunteer.commitment,
            "hours": volunteer.hours,
            "available_from": volunteer.available_from,
            "available_until": volunteer.available_until,
            "usual": usual,
            "weekly": boxes,
            "away": [{"first": first, "last": last} for first, last in volunteer.unavailable],
            "missions_at_once": volunteer.missions_at_once,
            "is_short_notice": volunteer.is_short_notice,
        }
    )


def keep_time(form: TimeForm, volunteer: Volunteer) -> Keep:
    """Keep her time; times that she wrote more finely stay while no box has changed."""
    away = [(row["first"], row["last"]) for row in form.away.data if row["first"] and row["last"]]
    time = ProfileTime(
        commitment=Commitment(form.commitment.data),
        hours=form.hours.data,
        available_from=form.available_from.data,
        available_until=form.available_until.data,
        weekly=weekly_of(boxes_of(form.usual.data or (), form.weekly.data or ()), volunteer.weekly),
        unavailable=tuple(away),
        missions_at_once=form.missions_at_once.data or 1,
        is_short_notice=form.is_short_notice.data,
    )
    return partial(volunteers.save_time, volunteer_id=volunteer.id, time=time)


def mail_form(volunteer: Volunteer) -> MailChoicesForm:
    """Return the form of her mails."""
    return MailChoicesForm.showing(mail_choices.choices_of(volunteer, today()))


def keep_mail(form: MailChoicesForm, _volunteer: Volunteer) -> Keep:
    """Keep which mails she wants."""
    return partial(mail_choices.choose, choices=form.choices)


SECTIONS: dict[str, Section] = {
    "text": Section(_("Who you are"), text_form, keep_text),
    "skills": Section(_("What you can do"), skills_form, keep_skills),
    "places": Section(_("Where you work"), places_form, keep_places),
    "time": Section(_("When you have time"), time_form, keep_time),
    "mail": Section(_("The e-mails you want"), mail_form, keep_mail),
}
ROWS = {"text": "experiences", "skills": "skills", "time": "away"}
ORDER: Sequence[str] = tuple(SECTIONS)


def after(section: str) -> str | None:
    """Return the section that comes next, None after the last one."""
    place = ORDER.index(section) + 1
    return ORDER[place] if place < len(ORDER) else None


def put_beside(form: FlaskForm, error: DomainError) -> bool:
    """Put a refusal beside the field that it is about; False when it is about none."""
    name = FIELDS.get(type(error)) or str(error.data.get("field") or "")
    name = {"unavailable": "away"}.get(name, name)
    if name not in form:
        return False
    if isinstance(form, RowsForm) and name in ROWS.values():
        form.blame_rows(name, sentence(error))
    else:
        blame(form[name], sentence(error))
    return True


def _lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")


def _shown(label: str, uri: str | None) -> str:
    return skill_in_words(language(), label, uri)
