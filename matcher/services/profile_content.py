"""What a volunteer may say about herself, as values, and what of it can never be kept. Stores nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matcher.catalogue.countries import countries, time_zones
from matcher.errors import InvalidDates, InvalidHours, InvalidValue, TextTooLong
from matcher.models.volunteer import Commitment
from matcher.ranking.types import OfferedSkill, Per, WeeklySlot

HEADLINE_MAX, DESCRIPTION_MAX, EXPERIENCE_MAX, SKILL_MAX = 160, 4000, 2000, 160
MOST_EXPERIENCES, MOST_SKILLS, MOST_PLACES, MOST_ABSENCES = 10, 20, 2, 10
MOST_RADIUS_KM, MOST_MISSIONS, HIGHEST_LEVEL = 500, 5, 4
MOST_HOURS = {Per.WEEK: 60, Per.MONTH: 250, Per.ONCE: 1000}
PER: dict[Commitment, Per] = {
    Commitment.WEEKLY: Per.WEEK,
    Commitment.MONTHLY: Per.MONTH,
    Commitment.ONCE: Per.ONCE,
    Commitment.NOT_BEFORE: Per.WEEK,
}
HOME, HOME_ZONE = "FR", "Europe/Paris"


@dataclass(frozen=True, slots=True)
class ProfileText:
    """What she does and has done, in her own words; `language` is that of the texts."""

    headline: str = ""
    description: str = ""
    experiences: tuple[str, ...] = ()
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class ProfileSkills:
    """What she can do, and the languages in which she can work."""

    skills: tuple[OfferedSkill, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfilePlaces:
    """Where she works; somebody abroad works remotely, from a country and a time zone."""

    remote: bool
    on_site: bool
    communes: tuple[str, ...] = ()
    radius_km: float | None = None
    country: str = HOME
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class ProfileTime:
    """When she has time; `hours` are a week's, a month's or all, as the commitment says."""

    commitment: Commitment
    hours: float | None = None
    available_from: date | None = None
    available_until: date | None = None
    weekly: tuple[WeeklySlot, ...] = ()
    unavailable: tuple[tuple[date, date], ...] = ()
    missions_at_once: int = 1
    is_short_notice: bool = False


def check_text(text: ProfileText) -> None:
    """Raise TextTooLong or InvalidValue for what is too long or too much."""
    _check_length("headline", text.headline, HEADLINE_MAX)
    _check_length("description", text.description, DESCRIPTION_MAX)
    _check_count("experiences", text.experiences, MOST_EXPERIENCES)
    for experience in text.experiences:
        _check_length("experiences", experience, EXPERIENCE_MAX)


def check_skills(said: ProfileSkills) -> None:
    """Raise TextTooLong or InvalidValue for too many skills, too long ones and levels that do not exist."""
    _check_count("skills", said.skills, MOST_SKILLS)
    for skill in said.skills:
        _check_length("skills", skill.label, SKILL_MAX)
        if skill.level is not None and not 1 <= skill.level <= HIGHEST_LEVEL:
            raise InvalidValue(field="skills")


def check_places(places: ProfilePlaces) -> None:
    """Raise InvalidValue for a radius, country, time zone or number of places that cannot be."""
    _check_count("communes", places.communes, MOST_PLACES)
    if places.radius_km is not None and not 0 < places.radius_km <= MOST_RADIUS_KM:
        raise InvalidValue(field="radius_km")
    if places.country == HOME:
        if not places.remote and not places.on_site:
            raise InvalidValue(field="modes")
        return
    if places.country not in {code for code, _name in countries("en")}:
        raise InvalidValue(field="country")
    if places.timezone not in time_zones():
        raise InvalidValue(field="timezone")


def check_time(time: ProfileTime, today: date) -> None:
    """Raise InvalidHours, InvalidDates or InvalidValue for a time that cannot be."""
    _check_hours(time)
    _check_dates(time, today)
    if not 1 <= time.missions_at_once <= MOST_MISSIONS:
        raise InvalidValue(field="missions_at_once")


def _check_hours(time: ProfileTime) -> None:
    per = PER.get(time.commitment)
    if time.hours is None or per is None:
        if time.commitment in {Commitment.WEEKLY, Commitment.MONTHLY, Commitment.ONCE}:
            raise InvalidHours(field="hours")
        return
    if not 0 < time.hours <= MOST_HOURS[per]:
        raise InvalidHours(field="hours")


def _check_dates(time: ProfileTime, today: date) -> None:
    starts, ends = time.available_from, time.available_until
    if time.commitment is Commitment.NOT_BEFORE and starts is None:
        raise InvalidDates(field="available_from")
    if ends is not None and ends < max(today, starts or today):
        raise InvalidDates(field="available_until")
    _check_count("unavailable", time.unavailable, MOST_ABSENCES)
    if any(last < first for first, last in time.unavailable):
        raise InvalidDates(field="unavailable")


def _check_length(field: str, text: str, most: int) -> None:
    if len(text) > most:
        raise TextTooLong(field=field, most=most)


def _check_count(field: str, rows: Sequence[object], most: int) -> None:
    if len(rows) > most:
        raise InvalidValue(field=field, most=most)
