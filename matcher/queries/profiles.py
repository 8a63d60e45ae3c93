"""A volunteer as an association reads her before contacts open: skills, hours and distance; no name, no contact."""

import re
from dataclasses import dataclass

import numpy as np
from babel import Locale

from matcher import wording
from matcher.i18n import marked, translate
from matcher.labels import level_label
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.volunteer import Volunteer
from matcher.published import published
from matcher.ranking.distance import haversine_km
from matcher.ranking.types import Location, Mode, Per

LEAST_KM = 5
HOURS = {
    Per.WEEK: marked("%(hours)s a week"),
    Per.MONTH: marked("%(hours)s a month"),
    Per.ONCE: marked("%(hours)s in all"),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """The pseudonymous profile; what was not said is empty."""

    name: str
    headline: str
    text: str
    lang: str
    motivation: str
    skills: tuple[tuple[str, str], ...]
    languages: str
    hours: str
    distance: str


def profile_of(language: str, pairing: Pairing) -> Profile:
    """Return the profile of a pairing's volunteer; the caller has checked who asks."""
    volunteer = pairing.volunteer
    return Profile(
        name=wording.pseudonym(language, volunteer, need_id=pairing.need_id),
        headline=_nameless(language, volunteer, volunteer.headline),
        text=_nameless(language, volunteer, volunteer.description),
        lang=volunteer.language,
        motivation=_nameless(language, volunteer, pairing.motivation or ""),
        skills=tuple(
            (
                _nameless(language, volunteer, wording.skill_in_words(language, skill.label, skill.uri)),
                level_label(language, skill.level) if skill.level else "",
            )
            for skill in volunteer.skills
        ),
        languages=_languages(language, volunteer),
        hours=_hours(language, volunteer),
        distance=_distance(language, volunteer, pairing.need),
    )


def _nameless(language: str, volunteer: Volunteer, text: str) -> str:
    """Leave contacts out, and her own name where she wrote it into her text."""
    names = [re.escape(part) for part in volunteer.account.name.split() if len(part) > 2]
    shown = published(language, text)
    return re.sub(rf"\b(?:{'|'.join(names)})\b", "…", shown) if names else shown


def _languages(language: str, volunteer: Volunteer) -> str:
    names = Locale.parse(wording.LOCALES[language]).languages
    return wording.join_words(language, [str(names.get(code, code)) for code in volunteer.languages])


def _hours(language: str, volunteer: Volunteer) -> str:
    if not volunteer.hours or volunteer.hours_per is None:
        return ""
    return translate(language, HOURS[volunteer.hours_per], {"hours": wording.hours_in_words(language, volunteer.hours)})


def _distance(language: str, volunteer: Volunteer, need: Need) -> str:
    """Say how far away she is, by steps of five kilometres: near enough to decide, too coarse to find her."""
    if need.mode is Mode.REMOTE or not need.locations or not volunteer.locations:
        return ""
    latitudes = np.array([place.latitude for place in volunteer.locations])
    longitudes = np.array([place.longitude for place in volunteer.locations])
    places = [Location(place.latitude, place.longitude) for place in need.locations]
    km = min(float(haversine_km(latitudes, longitudes, place).min()) for place in places)
    if km < LEAST_KM:
        return translate(language, "less than 5 km away")
    figure = wording.number_in_words(language, LEAST_KM * round(km / LEAST_KM))
    return translate(language, "about %(km)s km away", {"km": figure})
