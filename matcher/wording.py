"""Dates, times, hours, places and skills as words, for pages and mails. Holds no mail and no markup."""

import hashlib
import math
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal

from matcher.catalogue import communes
from matcher.catalogue.skills import load_skills
from matcher.i18n import LANGUAGES, marked, translate, translate_plural
from matcher.models.need import Need
from matcher.models.volunteer import Volunteer
from matcher.ranking.types import Mode, Times, WeeklySlot

LOCALES = {"fr": "fr_FR", "en": "en_GB"}
HOME_ZONE = "Europe/Paris"
NEAR_DAYS = 180
DAYS_PER_WEEK = 7
FEW_HOURS = 10
# So many hexadecimal digits that of 10,000 volunteers six share a code, and in a line of hundreds nobody does.
PSEUDONYM_LENGTH = 6


def join_words(language: str, words: Iterable[str]) -> str:
    """Return « a, b et c »."""
    return format_list(list(words), style="standard", locale=LOCALES[language])


def quoted(language: str, text: str) -> str:
    """Return the text between the language's quotation marks."""
    return translate(language, "“%(text)s”", {"text": text})


def number_in_words(language: str, number: float) -> str:
    """Return a number with at most one decimal, as the language writes it."""
    return format_decimal(number, format="#,##0.#", locale=LOCALES[language])


def spare_hours_in_words(language: str, hours: float) -> str:
    """Return hours that were reckoned, not stated: never more than they are, in halves below ten, whole above."""
    return hours_in_words(language, math.floor(hours) if hours >= FEW_HOURS else math.floor(hours * 2) / 2)


def hours_in_words(language: str, hours: float) -> str:
    """Return « 12 heures »."""
    figure = {"hours": number_in_words(language, hours)}
    # French counts 1.5 in the singular, English in the plural: gettext decides by a whole number only.
    whole = int(hours) if language == "fr" or hours == int(hours) else 2
    return translate_plural(language, "%(hours)s hour", "%(hours)s hours", whole, figure)


def day_in_words(language: str, day: date, today: date | None = None) -> str:
    """Return « mardi 1er décembre 2026 »; the year is left out when today is given and near."""
    near = today is not None and abs((day - today).days) < NEAR_DAYS
    return _date(language, day, "EEEE d MMMM" if near else "EEEE d MMMM y")


def time_in_words(language: str, moment: time) -> str:
    """Return « 18 h 30 » or “18:30”."""
    if language != "fr":
        return format_time(moment, "HH:mm", locale=LOCALES[language])
    return f"{moment.hour}\u00a0h" + (f"\u00a0{moment.minute:02}" if moment.minute else "")


def moment_in_words(language: str, moment: datetime, timezone: str, today: date | None = None) -> str:
    """Return day and time on the clock of a zone; the zone is named when it is not that of Paris."""
    local = moment.astimezone(ZoneInfo(timezone))
    data = {"day": day_in_words(language, local.date(), today), "time": time_in_words(language, local.time())}
    if timezone == HOME_ZONE:
        return translate(language, "%(day)s at %(time)s", data)
    place = get_timezone_location(ZoneInfo(timezone), locale=LOCALES[language], return_city=True)
    return translate(language, "%(day)s at %(time)s (%(place)s time)", {**data, "place": place})


def weekly_in_words(language: str, slots: Sequence[WeeklySlot]) -> str:
    """Return weekly times, days that share one stretch together: « lundi et jeudi de 18 h à 20 h »."""
    days: dict[tuple[time, time], list[str]] = {}
    for slot in sorted(slots, key=lambda slot: (slot.weekday, slot.starts)):
        days.setdefault((slot.starts, slot.ends), []).append(weekday_in_words(language, slot.weekday))
    return ", ".join(_stretch(language, names, *stretch) for stretch, names in days.items())


def weekday_in_words(language: str, weekday: int) -> str:
    """Return the name of a day of the week, as it stands in a sentence; Monday is 0."""
    return str(Locale.parse(LOCALES[language]).days["format"]["wide"][weekday])


def period_in_words(language: str, starts_on: date | None, ends_on: date | None) -> str:
    """Return « du 1er octobre au 4 novembre 2026 », or what of it is known; empty when nothing is."""
    same_year = starts_on and ends_on and starts_on.year == ends_on.year and starts_on != ends_on
    data = {
        "start": _date(language, starts_on, "d MMMM" if same_year else "d MMMM y") if starts_on else "",
        "end": _date(language, ends_on, "d MMMM y") if ends_on else "",
    }
    if starts_on and ends_on:
        same = starts_on == ends_on
        return data["start"] if same else translate(language, "from %(start)s to %(end)s", data)
    if starts_on:
        return translate(language, "from %(start)s on", data)
    return translate(language, "until %(end)s", data) if ends_on else ""


def when_in_words(language: str, need: Need) -> str:
    """Return dates and weekly times of a need, or that they are to be agreed."""
    parts = [period_in_words(language, need.starts_on, need.ends_on)]
    if need.weekly:
        fixed = marked("%(times)s (fixed times)")
        wished = marked("%(times)s (preferred times)")
        sentence = fixed if need.times is Times.FIXED else wished
        parts.append(translate(language, sentence, {"times": weekly_in_words(language, need.weekly)}))
    semicolon = "\u202f; " if language == "fr" else "; "
    return semicolon.join(filter(None, parts)) or translate(language, "to be agreed together")


def where_in_words(language: str, need: Need) -> str:
    """Return places and mode of a need: « à Lyon 9e, une partie à distance »."""
    if need.mode is Mode.REMOTE:
        return translate(language, "remote")
    names = [commune_in_words(place.commune) for place in need.locations]
    if not names:
        return translate(language, "to be agreed together")
    places = join_words(language, names)
    return translate(language, "%(places)s, partly remote", {"places": places}) if need.mode is Mode.HYBRID else places


def roughly_where_in_words(language: str, need: Need) -> str:
    """Return the departments and the mode of a need whose exact place is not told."""
    if need.mode is Mode.REMOTE:
        return translate(language, "remote")
    names = list(dict.fromkeys(department_in_words(place.commune) for place in need.locations))
    if not names:
        return translate(language, "to be agreed together")
    places = join_words(language, names)
    return translate(language, "%(places)s, partly remote", {"places": places}) if need.mode is Mode.HYBRID else places


def department_in_words(code: str) -> str:
    """Return the department of a commune: « Ille-et-Vilaine (35) »; nothing more exact than two signs when unknown."""
    commune = communes.get(code)
    number = commune.department if commune else code[:2]
    name = {d.code: d.name for d in communes.departments()}.get(number, "")
    return f"{name} ({number})".replace("'", "’") if name else number


def commune_in_words(code: str) -> str:
    """Return a commune's name with its department: « Rennes (Ille-et-Vilaine) »; the code when it is unknown."""
    commune = communes.get(code)
    if commune is None:
        return code
    name = commune.name.replace("er Arrondissement", "er").replace("e Arrondissement", "e")
    department = {d.code: d.name for d in communes.departments()}.get(commune.department, "")
    full = name if department in {"", name, commune.name} else f"{name} ({department})"
    return full.replace("'", "’")


def effort_in_words(language: str, need: Need) -> str:
    """Return how much work a need is: « 12 heures en 5 semaines, dont 6 heures ensemble »; empty when not said."""
    if need.total_hours is None:
        return ""
    text = hours_in_words(language, need.total_hours)
    if need.starts_on and need.ends_on:
        weeks = max(1, round(((need.ends_on - need.starts_on).days + 1) / DAYS_PER_WEEK))
        data = {"effort": text}
        text = translate_plural(language, "%(effort)s in %(n)s week", "%(effort)s over %(n)s weeks", weeks, data)
    if need.together_hours and need.together_hours >= need.total_hours:
        return translate(language, "%(effort)s, all of it together", {"effort": text})
    if need.together_hours:
        data = {"effort": text, "together": hours_in_words(language, need.together_hours)}
        text = translate(language, "%(effort)s, including %(together)s together", data)
    return text


def skill_in_words(language: str, label: str, uri: str | None = None) -> str:
    """Return a skill's label in the reader's language when the catalogue knows it, else as it was written."""
    catalogue = load_skills()
    skill = catalogue.get(uri) if uri else None
    for written_in in LANGUAGES:
        skill = skill or catalogue.resolve(label, written_in)
    return skill.labels[language] if skill else label


def pseudonym(language: str, volunteer: Volunteer, *, need_id: int) -> str:
    """Return « Personne 4F2A9C »: the same on each page and mail about a need, another for the next need."""
    return pseudonym_of(language, volunteer.id, volunteer.created_at, need_id=need_id)


def pseudonym_of(language: str, volunteer_id: int, came_at: datetime, *, need_id: int) -> str:
    """Return the pseudonym of a volunteer of whom only two columns were read.

    The moment at which her profile was made, to the microsecond, is shown to herself alone: without it whoever tries
    all numbers finds no volunteer behind a code, nor the same one behind two.
    """
    facts = f"need {need_id} volunteer {volunteer_id} {came_at.astimezone(UTC).isoformat(timespec='microseconds')}"
    code = hashlib.sha256(facts.encode()).hexdigest()[:PSEUDONYM_LENGTH].upper()
    return translate(language, "Person %(code)s", {"code": code})


def _stretch(language: str, days: list[str], starts: time, ends: time) -> str:
    data = {
        "days": join_words(language, days),
        "start": time_in_words(language, starts),
        "end": time_in_words(language, ends),
    }
    return translate(language, "%(days)s %(start)s to %(end)s", data)


def _date(language: str, day: date, pattern: str) -> str:
    text = f" {format_date(day, pattern, locale=LOCALES[language])}"
    return (text.replace(" 1 ", " 1er ", 1) if language == "fr" and day.day == 1 else text).strip()
