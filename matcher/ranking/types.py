"""What goes into the ranking and what comes out: plain frozen values.

Nothing here identifies a person: no name, no address, no telephone number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum


class Mode(StrEnum):
    """Where the work is done; `hybrid` filters like `on_site`."""

    REMOTE = "remote"
    ON_SITE = "on_site"
    HYBRID = "hybrid"


class Times(StrEnum):
    """Whether the weekly times of a need are a wish or a condition."""

    FIXED = "fixed"
    PREFERRED = "preferred"


class Importance(StrEnum):
    """How much a need depends on a skill."""

    REQUIRED = "required"
    USEFUL = "useful"


class Per(StrEnum):
    """The period over which hours are offered."""

    WEEK = "week"
    MONTH = "month"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class Location:
    """Coordinates in decimal degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class WeeklySlot:
    """A stretch of local wall time that recurs each week; weekday 0 is Monday; `ends` 00:00 means midnight."""

    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class NeededSkill:
    """A skill that a need asks for; `uri` when it stands in the catalogue."""

    label: str
    importance: Importance = Importance.REQUIRED
    uri: str | None = None


@dataclass(frozen=True, slots=True)
class OfferedSkill:
    """A skill that a volunteer offers; level from 1 (discovering) to 4 (teaching it), None when not said."""

    label: str
    level: int | None = None
    uri: str | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the work of a need is to be done.

    Hours are totals; `together_hours` is the part done with the association.
    """

    starts_on: date | None = None
    ends_on: date | None = None
    total_hours: float | None = None
    together_hours: float | None = None
    times: Times = Times.PREFERRED
    weekly: tuple[WeeklySlot, ...] = ()
    timezone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class Hours:
    """So many hours per week, per month or once."""

    amount: float
    per: Per


@dataclass(frozen=True, slots=True)
class Mission:
    """So many hours that a mission under way takes from its first to its last day."""

    hours: float
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Availability:
    """The time that a volunteer offers.

    `unavailable` holds inclusive date ranges; `starts_on` and `ends_on` are `from` and `until` in files. What missions
    take is said by their dates (`missions`) or, where only that is known, by week (`committed_hours_per_week`).
    """

    hours: Hours | None = None
    committed_hours_per_week: float | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    weekly: tuple[WeeklySlot, ...] = ()
    unavailable: tuple[tuple[date, date], ...] = ()
    timezone: str = "Europe/Paris"
    confirmed_on: date | None = None
    missions: tuple[Mission, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedInput:
    """All that the ranking may know of a need."""

    id: str
    title: str
    description: str = ""
    skills: tuple[NeededSkill, ...] = ()
    language: str | None = None
    working_languages: tuple[str, ...] = ()
    mode: Mode | None = None
    locations: tuple[Location, ...] = ()
    schedule: Schedule = field(default_factory=Schedule)


@dataclass(frozen=True, slots=True)
class VolunteerInput:
    """All that the ranking may know of a person. Absent means unknown (None) and excludes nobody."""

    id: str
    headline: str = ""
    description: str = ""
    experiences: tuple[str, ...] = ()
    skills: tuple[OfferedSkill, ...] = ()
    language: str | None = None
    languages: tuple[str, ...] = ()
    remote: bool | None = None
    on_site: bool | None = None
    locations: tuple[Location, ...] = ()
    radius_km: float | None = None
    availability: Availability = field(default_factory=Availability)


class ReasonCode(StrEnum):
    """What a reason says; its data stand beside it."""

    MATCHED_SKILLS = "matched_skills"  # labels
    SAME_SKILLS = "same_skills"  # labels, said: the same by the catalogue, in other words
    TRANSLATED_SKILLS = "translated_skills"  # labels, said: the same by the catalogue, in another language
    NEAR_SKILLS = "near_skills"  # labels, said: alike in words
    MISSING_SKILLS = "missing_skills"  # labels
    MATCHED_WORDS = "matched_words"  # words
    TRANSLATED_WORDS = "translated_words"  # words (of the need), said (in the profile)
    SIMILAR = "similar"  # words: in common with the best profiles, though the need does not say them
    TEXT_ONLY_ZERO = "text_only_zero"  # the texts share no word
    HOURS_FIT = "hours_fit"  # available, needed
    HOURS_SHORT = "hours_short"  # available, needed
    ASK_HOURS = "ask_hours"
    ASK_TIMES = "ask_times"  # the need has weekly times done together, and the person says none
    RECONFIRM_AVAILABILITY = "reconfirm_availability"  # confirmed_on
    COMMON_SLOTS = "common_slots"  # slots, hours
    NO_COMMON_SLOT = "no_common_slot"
    DISTANCE = "distance"  # km
    LANGUAGES = "languages"  # languages
    HELD_BACK = "held_back"  # part (the name of a weight), lost (of 1)


ReasonValue = str | int | float | bool | None | list[str]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason as a code with its data; the words are made where they are read."""

    code: str
    data: Mapping[str, ReasonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggested:
    """What the ranker says of one volunteer for one need.

    Contributions sum to the score; scores are between 0 and 1.
    """

    volunteer_id: str
    rank: int
    score: float
    text_score: float
    availability_score: float
    distance_km: float | None
    contributions: Mapping[str, float]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The suggestions for one need, best first.

    `excluded` counts the people left out by the filters mode, distance, language and availability; `admissible` those
    who passed them all.
    """

    need_id: str
    version: str
    suggestions: tuple[Suggested, ...]
    excluded: Mapping[str, int]
    admissible: int = 0
