"""The honest changes that a person could make to her profile for a need, each with its cost, and what each changes.

Only fields that are chosen or counted change: no text is ever written for her. Cheapest first: what was not said, then
a skill that the need asks for, a level, a language, a way of working, and last what she would have to give: a longer
way, more hours, other dates. The cost is the place in that order.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from matcher.ranking.availability import HORIZON_DAYS, Window
from matcher.ranking.distance import Places
from matcher.ranking.people import language_codes
from matcher.ranking.text import fold
from matcher.ranking.types import Hours, Mode, NeededSkill, NeedInput, OfferedSkill, Per, VolunteerInput, WeeklySlot
from matcher.ranking.weekly import WEEKDAYS, Week

MOST_SKILLS, MOST_ASKED, MOST_RADIUS_KM, HIGHEST_LEVEL = 20, 6, 500, 4
MOST_HOURS = {Per.WEEK: 35.0, Per.MONTH: 140.0, Per.ONCE: 500.0}
STEP_H = 0.5
ON_SITE = frozenset({Mode.ON_SITE, Mode.HYBRID})

Value = str | float | list[str] | None


class ChangeCode(StrEnum):
    """What is changed; data beside it."""

    STATE_HOURS = "state_hours"  # hours, per
    STATE_WEEK = "state_week"  # slots
    ADD_SKILL = "add_skill"  # label, uri
    STATE_LEVEL = "state_level"  # label, uri, level
    STATE_LANGUAGE = "state_language"  # language
    ACCEPT_REMOTE = "accept_remote"
    ACCEPT_ON_SITE = "accept_on_site"
    WIDEN_RADIUS = "widen_radius"  # km
    MORE_HOURS = "more_hours"  # hours, per
    MORE_TIMES = "more_times"  # slots
    EXTEND_DATES = "extend_dates"  # starts_on, ends_on


COSTS: Mapping[ChangeCode, int] = {
    ChangeCode.STATE_HOURS: 1,
    ChangeCode.STATE_WEEK: 1,
    ChangeCode.ADD_SKILL: 2,
    ChangeCode.STATE_LEVEL: 3,
    ChangeCode.STATE_LANGUAGE: 4,
    ChangeCode.ACCEPT_REMOTE: 5,
    ChangeCode.ACCEPT_ON_SITE: 5,
    ChangeCode.WIDEN_RADIUS: 6,
    ChangeCode.MORE_HOURS: 7,
    ChangeCode.MORE_TIMES: 7,
    ChangeCode.EXTEND_DATES: 8,
}


WORDED = frozenset({ChangeCode.ADD_SKILL, ChangeCode.STATE_LEVEL})


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `amounts` are the lesser ones that may do as well, ascending, of the field named `amount`."""

    code: ChangeCode
    data: Mapping[str, Value]
    amount: str = ""
    amounts: tuple[float, ...] = ()

    @property
    def cost(self) -> int:
        """What it costs beside other changes."""
        return COSTS[self.code]

    def of(self, amount: float) -> "Change":
        """Return the same change by another amount."""
        return replace(self, data={**self.data, self.amount: amount})


def applied(volunteer: VolunteerInput, changes: Sequence[Change], need: NeedInput) -> VolunteerInput:
    """Return a person as she would be described after some changes."""
    for change in changes:
        volunteer = APPLY[change.code](volunteer, change, need)
    return volunteer


def possible_changes(
    need: NeedInput, volunteer: VolunteerInput, today: date, *, labels: Mapping[str, str]
) -> list[Change]:
    """Return the single changes that could matter, cheapest first; `labels` are the words she would choose for skills.

    Both sides bear the uris of the catalogue. Of the skills asked for, the first six that she does not state.
    """
    found = [
        *_hours(need, volunteer),
        *_week(need, volunteer),
        *_skills(need, volunteer, labels),
        *_levels(need, volunteer),
        *_languages(need, volunteer),
        *_ways(need, volunteer),
        *_radius(need, volunteer),
        *_dates(need, volunteer, today),
    ]
    return sorted(found, key=lambda change: change.cost)


def _hours(need: NeedInput, volunteer: VolunteerInput) -> list[Change]:
    if need.schedule.total_hours is None:
        return []
    stated = volunteer.availability.hours
    code = ChangeCode.STATE_HOURS if stated is None else ChangeCode.MORE_HOURS
    per = Per.WEEK if stated is None else stated.per
    first = 0 if stated is None else math.floor(stated.amount / STEP_H)
    amounts = tuple(STEP_H * n for n in range(first + 1, int(MOST_HOURS[per] / STEP_H) + 1))
    return [Change(code, {"hours": amounts[-1], "per": per.value}, "hours", amounts)] if amounts else []


def _week(need: NeedInput, volunteer: VolunteerInput) -> list[Change]:
    """Return the need's own times, where she is not free at all of them and both read the same clocks."""
    free, schedule = volunteer.availability, need.schedule
    wanted = Week.of(schedule.weekly, schedule.timezone).minutes
    lacks = wanted & ~Week.of(free.weekly, free.timezone).minutes
    if not lacks or free.timezone != schedule.timezone:
        return []
    code = ChangeCode.MORE_TIMES if free.weekly else ChangeCode.STATE_WEEK
    return [Change(code, {"slots": [_slot_name(slot) for slot in schedule.weekly]})]


def _skills(need: NeedInput, volunteer: VolunteerInput, labels: Mapping[str, str]) -> list[Change]:
    room = max(0, MOST_SKILLS - len(volunteer.skills))
    asked = [each for each in need.skills if not any(_is_same(each, own) for own in volunteer.skills)]
    return [
        Change(ChangeCode.ADD_SKILL, {"label": labels.get(each.label, each.label), "uri": each.uri})
        for each in asked[: MOST_ASKED if room >= MOST_ASKED else room]
    ]


def _levels(need: NeedInput, volunteer: VolunteerInput) -> list[Change]:
    """Return the highest level of each skill that the need asks for by name and whose level she has not said."""
    asked = [own for own in volunteer.skills if any(_is_same(each, own) for each in need.skills)]
    levels = tuple(float(level) for level in range(1, HIGHEST_LEVEL + 1))
    return [
        Change(ChangeCode.STATE_LEVEL, {"label": own.label, "uri": own.uri, "level": levels[-1]}, "level", levels)
        for own in asked[:MOST_ASKED]
        if own.level is None
    ]


def _languages(need: NeedInput, volunteer: VolunteerInput) -> list[Change]:
    """Return one language of the need, that of her own texts first."""
    wanted = language_codes(need.working_languages) or language_codes([need.language] if need.language else [])
    if not wanted or wanted & language_codes(volunteer.languages):
        return []
    own = volunteer.language if volunteer.language in wanted else min(wanted)
    return [Change(ChangeCode.STATE_LANGUAGE, {"language": own})]


def _ways(need: NeedInput, volunteer: VolunteerInput) -> list[Change]:
    """Return the way of working that the need wants; to work on site she must have named a place."""
    if need.mode is Mode.REMOTE and volunteer.remote is not True:
        return [Change(ChangeCode.ACCEPT_REMOTE, {})]
    if need.mode in ON_SITE and volunteer.on_site is not True and volunteer.locations:
        return [Change(ChangeCode.ACCEPT_ON_SITE, {})]
    return []


def _radius(need: NeedInput, volunteer: VolunteerInput) -> list[Change]:
    """Return the radius in whole kilometres that just reaches the work, where hers does not."""
    if need.mode not in ON_SITE or volunteer.radius_km is None:
        return []
    distance_km = float(Places.of([volunteer]).nearest_km(need.locations)[0])
    if not volunteer.radius_km < distance_km <= MOST_RADIUS_KM:
        return []
    return [Change(ChangeCode.WIDEN_RADIUS, {"km": float(math.ceil(distance_km))})]


def _dates(need: NeedInput, volunteer: VolunteerInput, today: date) -> list[Change]:
    """Return the days of the need at both ends, where hers begin later or end earlier."""
    window, free = Window.of(need.schedule, today), volunteer.availability
    first = date.fromordinal(window.first)
    last = date.fromordinal(window.last if window.last is not None else window.first + HORIZON_DAYS - 1)
    data: dict[str, Value] = {}
    if free.starts_on is not None and free.starts_on > first:
        data["starts_on"] = first.isoformat()
    if free.ends_on is not None and free.ends_on < last:
        data["ends_on"] = last.isoformat()
    return [Change(ChangeCode.EXTEND_DATES, data)] if data else []


def _is_same(asked: NeededSkill, own: OfferedSkill) -> bool:
    return (asked.uri is not None and asked.uri == own.uri) or fold(asked.label) == fold(own.label)


def _slot_name(slot: WeeklySlot) -> str:
    return f"{WEEKDAYS[slot.weekday]} {slot.starts:%H:%M}-{slot.ends:%H:%M}"


def _with_hours(volunteer: VolunteerInput, change: Change, _need: NeedInput) -> VolunteerInput:
    hours = Hours(float(str(change.data["hours"])), Per(str(change.data["per"])))
    return replace(volunteer, availability=replace(volunteer.availability, hours=hours))


def _with_times(volunteer: VolunteerInput, _change: Change, need: NeedInput) -> VolunteerInput:
    free = volunteer.availability
    weekly = tuple(dict.fromkeys((*free.weekly, *need.schedule.weekly)))
    return replace(volunteer, availability=replace(free, weekly=weekly))


def _with_skill(volunteer: VolunteerInput, change: Change, _need: NeedInput) -> VolunteerInput:
    uri = change.data["uri"]
    skill = OfferedSkill(str(change.data["label"]), uri=None if uri is None else str(uri))
    return replace(volunteer, skills=(*volunteer.skills, skill))


def _with_level(volunteer: VolunteerInput, change: Change, _need: NeedInput) -> VolunteerInput:
    level = int(float(str(change.data["level"])))
    skills = [replace(own, level=level) if own.label == change.data["label"] else own for own in volunteer.skills]
    return replace(volunteer, skills=tuple(skills))


def _with_language(volunteer: VolunteerInput, change: Change, _need: NeedInput) -> VolunteerInput:
    return replace(volunteer, languages=(*volunteer.languages, str(change.data["language"])))


def _with_radius(volunteer: VolunteerInput, change: Change, _need: NeedInput) -> VolunteerInput:
    return replace(volunteer, radius_km=float(str(change.data["km"])))


def _with_dates(volunteer: VolunteerInput, change: Change, _need: NeedInput) -> VolunteerInput:
    days = {name: date.fromisoformat(str(day)) for name, day in change.data.items()}
    free = volunteer.availability
    starts_on, ends_on = days.get("starts_on", free.starts_on), days.get("ends_on", free.ends_on)
    return replace(volunteer, availability=replace(free, starts_on=starts_on, ends_on=ends_on))


Apply = Callable[[VolunteerInput, Change, NeedInput], VolunteerInput]
APPLY: Mapping[ChangeCode, Apply] = {
    ChangeCode.STATE_HOURS: _with_hours,
    ChangeCode.STATE_WEEK: _with_times,
    ChangeCode.ADD_SKILL: _with_skill,
    ChangeCode.STATE_LEVEL: _with_level,
    ChangeCode.STATE_LANGUAGE: _with_language,
    ChangeCode.ACCEPT_REMOTE: lambda volunteer, _change, _need: replace(volunteer, remote=True),
    ChangeCode.ACCEPT_ON_SITE: lambda volunteer, _change, _need: replace(volunteer, on_site=True),
    ChangeCode.WIDEN_RADIUS: _with_radius,
    ChangeCode.MORE_HOURS: _with_hours,
    ChangeCode.MORE_TIMES: _with_times,
    ChangeCode.EXTEND_DATES: _with_dates,
}
