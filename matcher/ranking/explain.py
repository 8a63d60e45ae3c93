"""Why a volunteer is suggested, as codes with data; the words are made where they are read."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from matcher.ranking.availability import counts_together
from matcher.ranking.fitted import Match
from matcher.ranking.people import language_codes
from matcher.ranking.score import NEUTRAL
from matcher.ranking.skills import MATCHED_FROM, SkillIndex
from matcher.ranking.text import fold
from matcher.ranking.told_words import Telling
from matcher.ranking.types import Mode, NeededSkill, NeedInput, OfferedSkill, Reason, ReasonCode, VolunteerInput
from matcher.ranking.weekly import Week, slot_names

MONTHS_UNTIL_STALE = 6
LEAST_LOSS = 0.03
TOLD_LOSSES = frozenset({"skills", "availability", "distance", "language", "level"})
OTHER_WORDS = (ReasonCode.SAME_SKILLS, ReasonCode.TRANSLATED_SKILLS, ReasonCode.NEAR_SKILLS)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was computed for one need and is looked up to explain one row."""

    need: NeedInput
    today: date
    match: Match
    skills: SkillIndex
    telling: Telling


def reasons(evidence: Evidence, row: int, volunteer: VolunteerInput) -> tuple[Reason, ...]:
    """Return the reasons for one volunteer: skills, words, hours, times, distance, languages, what holds her back.

    Examples
    --------
    >>> stale(date(2026, 1, 31), date(2026, 7, 31)), stale(date(2026, 1, 31), date(2026, 8, 1))
    (False, True)
    """
    return (
        *_skill_reasons(evidence, row),
        *_word_reasons(evidence, row),
        *_hours_reasons(evidence, row, volunteer),
        *_slot_reasons(evidence, row, volunteer),
        *_place_reasons(evidence, row),
        *_language_reasons(evidence.need, volunteer),
        *_losses(evidence, row),
    )


def stale(confirmed_on: date | None, today: date) -> bool:
    """Tell whether what was confirmed on a date was said more than six months ago."""
    if confirmed_on is None:
        return False
    months = (today.year - confirmed_on.year) * 12 + today.month - confirmed_on.month
    return (months, today.day) > (MONTHS_UNTIL_STALE, confirmed_on.day)


def _skill_reasons(evidence: Evidence, row: int) -> list[Reason]:
    """Return which needed skills are there, by which word of the person where it is another, and which are missing."""
    answers = evidence.match.content.answers
    if not answers.needed or np.isnan(answers.best[row]).any():
        return []
    found: dict[ReasonCode, tuple[list[str], list[str]]] = {}
    for column, needed in enumerate(answers.needed):
        code, said = ReasonCode.MISSING_SKILLS, ""
        if answers.best[row, column] >= MATCHED_FROM:
            offered = evidence.skills.best_answer(answers, row, column)
            code, said = _how(needed, offered, evidence.telling.is_translated(row)), offered.label
        labels, others = found.setdefault(code, ([], []))
        labels.append(needed.label)
        others.append(said)
    return [
        Reason(code, {"labels": found[code][0]} | ({"said": found[code][1]} if code in OTHER_WORDS else {}))
        for code in (ReasonCode.MATCHED_SKILLS, *OTHER_WORDS, ReasonCode.MISSING_SKILLS)
        if code in found
    ]


def _how(needed: NeededSkill, offered: OfferedSkill, is_translated: bool) -> ReasonCode:
    """Tell how a skill answers: by the same label, by another of the same meaning (catalogue), or by a like one."""
    if fold(needed.label) == fold(offered.label):
        return ReasonCode.MATCHED_SKILLS
    if needed.uri is None or needed.uri != offered.uri:
        return ReasonCode.NEAR_SKILLS
    return ReasonCode.TRANSLATED_SKILLS if is_translated else ReasonCode.SAME_SKILLS


def _word_reasons(evidence: Evidence, row: int) -> list[Reason]:
    """Return the words in common, those found by translation, and what the person shares with the best profiles."""
    shared = evidence.telling.shared(row)
    found = [Reason(ReasonCode.TEXT_ONLY_ZERO)] if shared.is_nothing else []
    if shared.matched:
        found.append(Reason(ReasonCode.MATCHED_WORDS, {"words": list(shared.matched)}))
    if shared.translated:
        words, said = (list(side) for side in zip(*shared.translated, strict=True))
        found.append(Reason(ReasonCode.TRANSLATED_WORDS, {"words": words, "said": said}))
    if similar := evidence.telling.similar(row):
        found.append(Reason(ReasonCode.SIMILAR, {"words": list(similar)}))
    return found


def _losses(evidence: Evidence, row: int) -> list[Reason]:
    """Return the part that costs most of what is known, where it costs something."""
    parts = evidence.match.parts
    lost = {
        name: weight * (1 - float(parts.values[name][row]))
        for name, weight in parts.weights.named()
        if name in TOLD_LOSSES and float(parts.values[name][row]) != getattr(NEUTRAL, name)
    }
    worst = max(lost, key=lambda name: (lost[name], name), default=None)
    if worst is None or lost[worst] < LEAST_LOSS:
        return []
    return [Reason(ReasonCode.HELD_BACK, {"part": worst, "lost": round(lost[worst], 3)})]


def _hours_reasons(evidence: Evidence, row: int, volunteer: VolunteerInput) -> list[Reason]:
    found: list[Reason] = []
    needed, hours = evidence.need.schedule.total_hours, float(evidence.match.fit.hours[row])
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
    hours = float(evidence.match.fit.shared_hours[row])
    if np.isnan(hours):
        is_asked = counts_together(evidence.need.schedule) and not volunteer.availability.weekly
        return [Reason(ReasonCode.ASK_TIMES)] if is_asked else []
    if hours == 0:
        return [Reason(ReasonCode.NO_COMMON_SLOT)]
    schedule, offer = evidence.need.schedule, volunteer.availability
    first = date.fromordinal(int(evidence.match.fit.first_days[row]))
    slots = slot_names(schedule.weekly, schedule.timezone, Week.of(offer.weekly, offer.timezone), first)
    return [Reason(ReasonCode.COMMON_SLOTS, {"slots": slots, "hours": round(hours, 1)})]


def _place_reasons(evidence: Evidence, row: int) -> list[Reason]:
    km = float(evidence.match.distances_km[row])
    if np.isnan(km) or evidence.need.mode is Mode.REMOTE:
        return []
    return [Reason(ReasonCode.DISTANCE, {"km": round(km, 1)})]


def _language_reasons(need: NeedInput, volunteer: VolunteerInput) -> list[Reason]:
    shared = language_codes(need.working_languages) & language_codes(volunteer.languages)
    return [Reason(ReasonCode.LANGUAGES, {"languages": sorted(shared)})] if shared else []
