"""The reasons of a suggestion as words, and which of them each reader is told. Holds no mail and no markup."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from enum import StrEnum

from babel import Locale

from matcher.database import WEEKDAYS, Json
from matcher.i18n import marked, translate, translate_plural
from matcher.ranking.text import fold
from matcher.ranking.types import ReasonCode, WeeklySlot
from matcher.wording import (
    LOCALES,
    day_in_words,
    join_words,
    number_in_words,
    quoted,
    skill_in_words,
    spare_hours_in_words,
    weekly_in_words,
)

Told = Mapping[str, Json]
Words = Callable[[str, Told], str]
NEAR_KM = 10
R = ReasonCode


class Place(StrEnum):
    """Where reasons are read: three lines of the coordinator's desk, and what the volunteer herself is shown."""

    DESK_WHY = "desk_why"
    DESK_AGAINST = "desk_against"
    DESK_TO_ASK = "desk_to_ask"
    ANSWER_PAGE = "answer_page"
    INVITATION = "invitation"


# Who is told what, in this order. A volunteer reads what speaks for her, never what holds her back or who else fits.
# The desk shows the skills that match or miss as chips; the invitation says elsewhere when the work is done.
SHOWN: dict[Place, tuple[ReasonCode, ...]] = {
    Place.DESK_WHY: (
        R.SAME_SKILLS,
        R.TRANSLATED_SKILLS,
        R.NEAR_SKILLS,
        R.MATCHED_WORDS,
        R.TRANSLATED_WORDS,
        R.SIMILAR,
        R.HOURS_FIT,
        R.COMMON_SLOTS,
        R.DISTANCE,
        R.LANGUAGES,
    ),
    Place.DESK_AGAINST: (R.HELD_BACK, R.TEXT_ONLY_ZERO),
    Place.DESK_TO_ASK: (R.ASK_HOURS, R.ASK_TIMES, R.HOURS_SHORT, R.RECONFIRM_AVAILABILITY, R.NO_COMMON_SLOT),
    Place.ANSWER_PAGE: (
        R.MATCHED_SKILLS,
        R.SAME_SKILLS,
        R.TRANSLATED_SKILLS,
        R.NEAR_SKILLS,
        R.MATCHED_WORDS,
        R.TRANSLATED_WORDS,
        R.HOURS_FIT,
        R.COMMON_SLOTS,
        R.DISTANCE,
        R.LANGUAGES,
    ),
    Place.INVITATION: (
        R.MATCHED_SKILLS,
        R.SAME_SKILLS,
        R.TRANSLATED_SKILLS,
        R.DISTANCE,
        R.HOURS_FIT,
        R.MATCHED_WORDS,
        R.TRANSLATED_WORDS,
        R.LANGUAGES,
    ),
}
BY_CHIPS = frozenset({R.MATCHED_SKILLS, R.MISSING_SKILLS})

# What holds a score down, by the names of the weights.
HELD_BY: dict[str, str] = {
    "text": marked("the words of the texts"),
    "skills": marked("the skills asked for"),
    "similar": marked("little in common with the profiles that fit best"),
    "availability": marked("the time available"),
    "distance": marked("the distance"),
    "language": marked("the languages"),
    "level": marked("the level of the skills"),
}


def reasons_in_words(language: str, place: Place, reasons: Iterable[Told]) -> tuple[str, ...]:
    """Return the reasons that are told at a place as words, in the order of the place; others are left out."""
    found = {str(reason.get("code")): reason for reason in reasons}
    return tuple(reason_in_words(language, found[code]) for code in SHOWN[place] if code in found)


def reason_in_words(language: str, reason: Told) -> str:
    """Return one reason of a suggestion as words; raises ValueError for an unknown code."""
    return REASONS[ReasonCode(str(reason["code"]))](language, reason)


def _texts(reason: Told, name: str) -> list[str]:
    value = reason.get(name)
    return [str(each) for each in value] if isinstance(value, list) else []


def _figure(reason: Told, name: str) -> float:
    value = reason.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


def _with_skills(sentence: str) -> Words:
    def words(language: str, reason: Told) -> str:
        labels = [skill_in_words(language, label) for label in _texts(reason, "labels")]
        return translate(language, sentence, {"skills": join_words(language, labels)})

    return words


def _with_said_skills(sentence: str) -> Words:
    def words(language: str, reason: Told) -> str:
        pairs = zip(_texts(reason, "labels"), _texts(reason, "said"), strict=True)
        skills = [_said_skill(language, label, said) for label, said in pairs]
        return translate(language, sentence, {"skills": join_words(language, skills)})

    return words


def _said_skill(language: str, label: str, said: str) -> str:
    """Return a skill in the reader's language, beside the words of the profile where they differ from that."""
    skill = skill_in_words(language, label)
    if fold(skill) == fold(said):
        return translate(language, "%(skill)s, asked as %(asked)s", {"skill": said, "asked": quoted(language, label)})
    return translate(language, "%(skill)s (%(said)s in the profile)", {"skill": skill, "said": quoted(language, said)})


def _plain(sentence: str) -> Words:
    return lambda language, _reason: translate(language, sentence)


def _with_hours(sentence: str) -> Words:
    def words(language: str, reason: Told) -> str:
        data = {
            "available": spare_hours_in_words(language, _figure(reason, "available")),
            "needed": number_in_words(language, _figure(reason, "needed")),
        }
        return translate(language, sentence, data)

    return words


def _with_words(sentence: str) -> Words:
    def words(language: str, reason: Told) -> str:
        listed = [quoted(language, word) for word in _texts(reason, "words")]
        return translate(language, sentence, {"words": join_words(language, listed)})

    return words


def _translated_words(language: str, reason: Told) -> str:
    pairs = zip(_texts(reason, "words"), _texts(reason, "said"), strict=True)
    listed = [
        translate(language, "%(said)s for %(word)s", {"said": quoted(language, said), "word": quoted(language, word)})
        for word, said in pairs
    ]
    return translate(language, "words in common by translation: %(words)s", {"words": join_words(language, listed)})


def _common_slots(language: str, reason: Told) -> str:
    slots = weekly_in_words(language, [_slot(text) for text in _texts(reason, "slots")])
    data = {"slots": slots, "hours": spare_hours_in_words(language, _figure(reason, "hours"))}
    return translate(language, "free at the same times: %(slots)s (%(hours)s in all)", data)


def _slot(text: str) -> WeeklySlot:
    day, _, stretch = text.partition(" ")
    starts, _, ends = stretch.partition("-")
    return WeeklySlot(
        WEEKDAYS.index(day), time.fromisoformat(starts), time.fromisoformat(ends.replace("24:00", "00:00"))
    )


def _stale(language: str, reason: Told) -> str:
    day = day_in_words(language, date.fromisoformat(str(reason["confirmed_on"])))
    return translate(language, "availability stated on %(day)s, to be confirmed", {"day": day})


def _distance(language: str, reason: Told) -> str:
    km = _figure(reason, "km")
    if km < 1:
        return translate(language, "less than 1 km away")
    return translate(language, "%(km)s km away", {"km": number_in_words(language, km if km < NEAR_KM else round(km))})


def _languages(language: str, reason: Told) -> str:
    names = Locale.parse(LOCALES[language]).languages
    words = [str(names.get(code, code)) for code in _texts(reason, "languages")]
    data = {"languages": join_words(language, words)}
    return translate_plural(
        language, "language in common: %(languages)s", "languages in common: %(languages)s", len(words), data
    )


def _held_back(language: str, reason: Told) -> str:
    points = round(100 * _figure(reason, "lost"))
    data = {"part": translate(language, HELD_BY[str(reason["part"])])}
    return translate_plural(
        language,
        "what lowers the score most: %(part)s (%(n)s point of 100 lost)",
        "what lowers the score most: %(part)s (%(n)s points of 100 lost)",
        points,
        data,
    )


REASONS: dict[ReasonCode, Words] = {
    R.MATCHED_SKILLS: _with_skills(marked("skills that fit: %(skills)s")),
    R.SAME_SKILLS: _with_said_skills(marked("the same skill under another name: %(skills)s")),
    R.TRANSLATED_SKILLS: _with_said_skills(marked("the same skill in another language: %(skills)s")),
    R.NEAR_SKILLS: _with_said_skills(marked("a close skill: %(skills)s")),
    R.MISSING_SKILLS: _with_skills(marked("skills not stated: %(skills)s")),
    R.MATCHED_WORDS: _with_words(marked("words in common: %(words)s")),
    R.TRANSLATED_WORDS: _translated_words,
    R.SIMILAR: _with_words(marked("close to the profiles that fit best: %(words)s")),
    R.TEXT_ONLY_ZERO: _plain(marked("the two texts have no word in common")),
    R.HOURS_FIT: _with_hours(marked("%(available)s available for %(needed)s asked")),
    R.HOURS_SHORT: _with_hours(marked("only %(available)s available for %(needed)s asked")),
    R.ASK_HOURS: _plain(marked("hours to be asked")),
    R.ASK_TIMES: _plain(marked("times of the week to be asked")),
    R.RECONFIRM_AVAILABILITY: _stale,
    R.COMMON_SLOTS: _common_slots,
    R.NO_COMMON_SLOT: _plain(marked("no time in common in the usual week")),
    R.DISTANCE: _distance,
    R.LANGUAGES: _languages,
    R.HELD_BACK: _held_back,
}
