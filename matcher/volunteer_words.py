"""What a volunteer offers, as words: languages, places, hours, absences. Holds nothing that identifies her."""

from collections.abc import Iterable
from datetime import date

from babel import Locale

from matcher.i18n import marked, translate
from matcher.models.volunteer import Commitment, Volunteer
from matcher.ranking.types import Per
from matcher.wording import (
    LOCALES,
    commune_in_words,
    hours_in_words,
    join_words,
    number_in_words,
    period_in_words,
    weekly_in_words,
)

HOME = "FR"
COMMITMENTS: dict[Commitment, str] = {
    Commitment.WEEKLY: marked("a few hours a week"),
    Commitment.MONTHLY: marked("some hours or a day a month"),
    Commitment.ONCE: marked("one short thing"),
    Commitment.ASK: marked("it depends, to be asked"),
    Commitment.NOT_BEFORE: marked("not at once"),
}
AMOUNTS: dict[Per, str] = {
    Per.WEEK: marked("%(hours)s a week"),
    Per.MONTH: marked("%(hours)s a month"),
    Per.ONCE: marked("%(hours)s in all"),
}


def languages_in_words(language: str, codes: Iterable[str]) -> str:
    """Return « français et anglais »; empty when there is none."""
    names = Locale.parse(LOCALES[language]).languages
    words = [str(names.get(code, code)) for code in codes]
    return join_words(language, words) if words else ""


def country_in_words(language: str, code: str) -> str:
    """Return a country's name in a language, the code when it is unknown."""
    return str(Locale.parse(LOCALES[language]).territories.get(code, code))


def reach_in_words(language: str, volunteer: Volunteer) -> str:
    """Return where she works: « sur place, à 10 km au plus de Lyon (Rhône), ou à distance »; empty when not said."""
    if volunteer.country != HOME:
        country = country_in_words(language, volunteer.country)
        return translate(language, "remote, from %(country)s", {"country": country})
    there = _on_site(language, volunteer) if volunteer.on_site else ""
    if there and volunteer.remote:
        return translate(language, "%(places)s, or remote", {"places": there})
    return there or (translate(language, "remote only") if volunteer.remote else "")


def availability_in_words(language: str, volunteer: Volunteer, today: date) -> str:
    """Return how much time she has, from when to when and at which times; empty when she has not said."""
    parts = [
        _amount(language, volunteer),
        period_in_words(language, _ahead(volunteer.available_from, today), volunteer.available_until),
        weekly_in_words(language, volunteer.weekly),
    ]
    separator = "\u202f; " if language == "fr" else "; "
    return separator.join(filter(None, parts))


def absences_in_words(language: str, ranges: Iterable[tuple[date, date]], today: date) -> str:
    """Return the absences that are not over: « du 3 au 17 août 2026 et du … »; empty when there is none."""
    words = [period_in_words(language, first, last) for first, last in ranges if last >= today]
    return join_words(language, words) if words else ""


def _on_site(language: str, volunteer: Volunteer) -> str:
    places = [commune_in_words(place.commune) for place in volunteer.locations]
    if not places:
        return translate(language, "on site")
    data = {"places": join_words(language, places)}
    if volunteer.radius_km is None:
        return translate(language, "on site, around %(places)s", data)
    data["km"] = number_in_words(language, volunteer.radius_km)
    return translate(language, "on site, at most %(km)s km from %(places)s", data)


def _amount(language: str, volunteer: Volunteer) -> str:
    if volunteer.hours is not None and volunteer.hours_per is not None:
        hours = hours_in_words(language, volunteer.hours)
        return translate(language, AMOUNTS[volunteer.hours_per], {"hours": hours})
    return translate(language, COMMITMENTS[volunteer.commitment]) if volunteer.commitment else ""


def _ahead(day: date | None, today: date) -> date | None:
    return day if day is not None and day > today else None
