"""Why a volunteer is suggested, as codes with data; the words are made where they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matcher.ranking.availability import Fit
from matcher.ranking.index import Query
from matcher.ranking.people import language_codes
from matcher.ranking.score import Floats
from matcher.ranking.skills import MATCHED_FROM
from matcher.ranking.types import Mode, NeedInput, Reason, ReasonCode, VolunteerInput
from matcher.ranking.weekly import Week, slot_names

MOST_WORDS = 6
MONTHS_UNTIL_STALE = 6


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was computed for one need and is looked up to explain one row."""

    need: NeedInput
    today: date
    query: Query
    fit: Fit
    answers: Floats
    distances_km: Floats


def reasons(evidence: Evidence, row: int, volunteer: VolunteerInput, words: Sequence[str]) -> tuple[Reason, ...]:
    """Return the reasons for one volunteer: skills, words, hours, times, distance, languages.

    Examples
    --------
    >>> stale(date(2026, 1, 31), date(2026, 7, 31)), stale(date(2026, 1, 31), date(2026, 8, 1))
    (False, True)
    """
    return (
        *_skill_reasons(evidence, row),
        Reason(ReasonCode.MATCHED_WORDS, {"words": list(words)}) if words else Reason(ReasonCode.TEXT_ONLY_ZERO),
        *_hours_reasons(evidence, row, volunteer),
        *_slot_reasons(evidence, row, volunteer),
        *_place_reasons(evidence, row),
        *_language_reasons(evidence.need, volunteer),
    )


def stale(confirmed_on: date | None, today: date) -> bool:
    """Tell whether what was confirmed on a date was said more than six months ago."""
    if confirmed_on is None:
        return False
    months = (today.year - confirmed_on.year) * 12 + today.month - confirmed_on.month
    return (months, today.day) > (MONTHS_UNTIL_STALE, confirmed_on.day)


def _skill_reasons(evidence: Evidence, row: int) -> list[Reason]:
    labels = [skill.label for skill in evidence.need.skills]
    if not labels or np.isnan(evidence.answers[row]).any():
        return []
    matched = (evidence.answers[row] >= MATCHED_FROM).tolist()
    by_code = {
        ReasonCode.MATCHED_SKILLS: [label for label, found in zip(labels, matched, strict=True) if found],
        ReasonCode.MISSING_SKILLS: [label for label, found in zip(labels, matched, strict=True) if not found],
    }
    return [Reason(code, {"labels": found}) for code, found in by_code.items() if found]


def _hours_reasons(evidence: Evidence, row: int, volunteer: VolunteerInput) -> list[Reason]:
    found: list[Reason] = []
    needed, hours = evidence.need.schedule.total_hours, float(evidence.fit.hours[row])
    if np.isnan(hours):
        found.append(Reason(ReasonCode.ASK_HOURS))
    elif needed is not None:
        code = ReasonCode.HOURS_FIT if hours >= needed else ReasonCode.HOURS_SHORT
        found.append(Reason(code, {"available": round(hours, 1), "needed": needed}))
    confirmed_on = volunteer.availability.confirmed_on
    if confirmed_on is not None and stale(confirmed_on, evidence.today):
        found.append(Reason(ReasonCode.RECONFIRM_AVAILABILITY, {"confirmed_on": confirmed_on.isoformat()}))
    return found


def _slot_reasons(evidence: Evidence, row: int, volunteer: VolunteerInput) -> list[Reason]:
    hours = float(evidence.fit.shared_hours[row])
    if np.isnan(hours):
        return []
    if hours == 0:
        return [Reason(ReasonCode.NO_COMMON_SLOT)]
    schedule, offer = evidence.need.schedule, volunteer.availability
    first = date.fromordinal(int(evidence.fit.first_days[row]))
    slots = slot_names(schedule.weekly, schedule.timezone, Week.of(offer.weekly, offer.timezone), first)
    return [Reason(ReasonCode.COMMON_SLOTS, {"slots": slots, "hours": round(hours, 1)})]


def _place_reasons(evidence: Evidence, row: int) -> list[Reason]:
    km = float(evidence.distances_km[row])
    if np.isnan(km) or evidence.need.mode is Mode.REMOTE:
        return []
    return [Reason(ReasonCode.DISTANCE, {"km": round(km, 1)})]


def _language_reasons(need: NeedInput, volunteer: VolunteerInput) -> list[Reason]:
    shared = language_codes(need.working_languages) & language_codes(volunteer.languages)
    return [Reason(ReasonCode.LANGUAGES, {"languages": sorted(shared)})] if shared else []
