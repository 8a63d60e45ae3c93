"""A change of one's profile in words, as a counterfactual names it, and the section of the profile that says it."""

from collections.abc import Callable, Mapping
from datetime import date, time

from flask_babel import gettext

from matcher import wording
from matcher.database import WEEKDAYS, Json
from matcher.i18n import translate
from matcher.labels import level_label
from matcher.queries.profiles import HOURS
from matcher.ranking.types import Per, WeeklySlot
from web.need_cards import language
from web.need_pages import language_names

Data = Mapping[str, Json]


def change_in_words(change: Data) -> tuple[str, str]:
    """Return what would be changed, as something that she does only if it is true, and the section's name."""
    section, words = CHANGES[str(change["code"])]
    return str(words(change)), section


def _hours(change: Data) -> str:
    hours = wording.hours_in_words(language(), float(str(change["hours"])))
    return translate(language(), HOURS[Per(str(change["per"]))], {"hours": hours})


def _times(change: Data) -> str:
    slots = change.get("slots")
    return wording.weekly_in_words(language(), [_slot(str(each)) for each in slots] if isinstance(slots, list) else [])


def _slot(text: str) -> WeeklySlot:
    day, _, stretch = text.partition(" ")
    starts, _, ends = stretch.partition("-")
    return WeeklySlot(WEEKDAYS.index(day), time.fromisoformat(starts), time.fromisoformat(ends))


def _skill(change: Data) -> str:
    uri = change.get("uri")
    return wording.skill_in_words(language(), str(change["label"]), str(uri) if uri else None)


def _level(change: Data) -> str:
    level = level_label(language(), int(float(str(change["level"]))))
    return str(
        gettext("Say your level for “%(skill)s”, if it is “%(level)s” or higher.", skill=_skill(change), level=level)
    )


def _period(change: Data) -> str:
    days = [date.fromisoformat(str(day)) if (day := change.get(name)) else None for name in ("starts_on", "ends_on")]
    return wording.period_in_words(language(), *days)


def _stated_hours(change: Data) -> str:
    return str(gettext("Say how much time you have, if it is at least this: %(hours)s.", hours=_hours(change)))


def _more_hours(change: Data) -> str:
    return str(gettext("Give more time, if you can: %(hours)s.", hours=_hours(change)))


def _stated_week(change: Data) -> str:
    return str(gettext("Say when you are free, if it is at these times: %(times)s.", times=_times(change)))


def _more_times(change: Data) -> str:
    return str(gettext("Add these times to your week, if you are free then: %(times)s.", times=_times(change)))


def _added_skill(change: Data) -> str:
    return str(gettext("Add the skill “%(skill)s”, if you have it.", skill=_skill(change)))


def _language(change: Data) -> str:
    name = language_names([str(change["language"])])
    return str(
        gettext("Add this language to those in which you can work, if you speak it: %(language)s.", language=name)
    )


def _radius(change: Data) -> str:
    km = wording.number_in_words(language(), float(str(change["km"])))
    return str(gettext("Go as far as %(km)s km, if you can.", km=km))


def _dates(change: Data) -> str:
    return str(gettext("Say that you are available %(period)s, if you are.", period=_period(change)))


CHANGES: dict[str, tuple[str, Callable[[Data], str]]] = {
    "state_hours": ("time", _stated_hours),
    "state_week": ("time", _stated_week),
    "add_skill": ("skills", _added_skill),
    "state_level": ("skills", _level),
    "state_language": ("skills", _language),
    "accept_remote": ("places", lambda _c: gettext("Say that you also work remotely, if that suits you.")),
    "accept_on_site": ("places", lambda _c: gettext("Say that you also work on site, if that suits you.")),
    "widen_radius": ("places", _radius),
    "more_hours": ("time", _more_hours),
    "more_times": ("time", _more_times),
    "extend_dates": ("time", _dates),
}
