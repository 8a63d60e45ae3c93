"""Needs, volunteers and catalogue entries from checked JSON fields: which field becomes what."""

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.ranking.schema import FieldError, Fields, as_days, as_slot, as_text
from matcher.ranking.types import (
    Availability,
    Hours,
    Importance,
    Location,
    Mode,
    NeededSkill,
    NeedInput,
    OfferedSkill,
    Per,
    Schedule,
    Times,
    VolunteerInput,
)


@dataclass(frozen=True, slots=True)
class CatalogueSkill:
    """A skill of a catalogue with its label and its alternatives by language."""

    uri: str
    labels: Mapping[str, str]
    alternatives: Mapping[str, tuple[str, ...]]


def need_from(fields: Fields) -> NeedInput:
    """Return a need; raise FieldError naming the first field that cannot be read.

    Examples
    --------
    >>> need_from(Fields({"id": "n1", "title": "Affiche", "mode": "remote"})).mode
    <Mode.REMOTE: 'remote'>
    """
    return NeedInput(
        id=fields.required_text("id"),
        title=fields.required_text("title"),
        description=fields.text("description"),
        skills=fields.each("skills", lambda value, path: _needed_skill(fields, value, path)),
        language=fields.text("language") or None,
        working_languages=fields.each("working_languages", as_text),
        mode=fields.choice("mode", Mode),
        locations=fields.each("locations", lambda value, path: _location(fields, value, path)),
        schedule=_schedule(fields.inner("schedule")),
    )


def volunteer_from(fields: Fields) -> VolunteerInput:
    """Return a volunteer; raise FieldError naming the first field that cannot be read."""
    return VolunteerInput(
        id=fields.required_text("id"),
        headline=fields.text("headline"),
        description=fields.text("description"),
        experiences=fields.each("experiences", as_text),
        skills=fields.each("skills", lambda value, path: _offered_skill(fields, value, path)),
        language=fields.text("language") or None,
        languages=fields.each("languages", as_text),
        remote=fields.flag("remote"),
        on_site=fields.flag("on_site"),
        locations=fields.each("locations", lambda value, path: _location(fields, value, path)),
        radius_km=fields.number("radius_km"),
        availability=_availability(fields.inner("availability")),
    )


def catalogue_skill_from(fields: Fields) -> CatalogueSkill:
    """Return an entry of a catalogue; languages beyond French and English are read as well."""
    uri = fields.required_text("uri")
    labels, alternatives = fields.inner("labels"), fields.inner("alternatives")
    return CatalogueSkill(
        uri=uri,
        labels={language: label for language in labels.names() if (label := labels.text(language))},
        alternatives={language: alternatives.each(language, as_text) for language in alternatives.names()},
    )


def _needed_skill(fields: Fields, value: object, path: str) -> NeededSkill:
    if not isinstance(value, dict):
        return NeededSkill(as_text(value, path))
    inner = fields.adopt(value, path)
    importance = inner.choice("importance", Importance) or Importance.REQUIRED
    return NeededSkill(inner.required_text("label"), importance)


def _offered_skill(fields: Fields, value: object, path: str) -> OfferedSkill:
    if not isinstance(value, dict):
        return OfferedSkill(as_text(value, path))
    inner = fields.adopt(value, path)
    level = inner.number("level", 1, 4)
    if level is not None and level != int(level):
        raise FieldError(inner.path("level"), "must be a whole number")
    return OfferedSkill(inner.required_text("label"), None if level is None else int(level))


def _location(fields: Fields, value: object, path: str) -> Location:
    inner = fields.adopt(value, path)
    latitude, longitude = inner.number("latitude", -90, 90), inner.number("longitude", -180, 180)
    if latitude is None or longitude is None:
        raise FieldError(inner.path("latitude" if latitude is None else "longitude"), "is missing")
    return Location(latitude, longitude)


def _schedule(fields: Fields) -> Schedule:
    starts_on, ends_on = fields.day("starts_on"), fields.day("ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        raise FieldError(fields.path("ends_on"), "ends before it starts")
    return Schedule(
        starts_on=starts_on,
        ends_on=ends_on,
        total_hours=fields.number("total_hours"),
        together_hours=fields.number("together_hours"),
        times=fields.choice("times", Times) or Times.PREFERRED,
        weekly=fields.each("weekly", as_slot),
        timezone=fields.timezone(),
    )


def _availability(fields: Fields) -> Availability:
    starts_on, ends_on = fields.day("from"), fields.day("until")
    if starts_on and ends_on and ends_on < starts_on:
        raise FieldError(fields.path("until"), "ends before it starts")
    return Availability(
        hours=_hours(fields.inner("hours")),
        committed_hours_per_week=fields.number("committed_hours_per_week"),
        starts_on=starts_on,
        ends_on=ends_on,
        weekly=fields.each("weekly", as_slot),
        unavailable=fields.each("unavailable", as_days),
        timezone=fields.timezone(),
        confirmed_on=fields.day("confirmed_on"),
    )


def _hours(fields: Fields) -> Hours | None:
    """Return the hours; an amount without its period, or the reverse, says nothing that can be counted."""
    amount, per = fields.number("amount"), fields.choice("per", Per)
    return None if amount is None or per is None else Hours(amount, per)
