"""The reasons of a suggestion in words, in both languages, and who is told which."""

import pytest

from matcher import reason_words
from matcher.i18n import LANGUAGES
from matcher.ranking.explain import TOLD_LOSSES
from matcher.ranking.score import Weights
from matcher.ranking.types import ReasonCode
from matcher.reason_words import BY_CHIPS, SHOWN, Place

REASONS = {
    ReasonCode.MATCHED_SKILLS: {"labels": ["Comptabilité associative", "Poterie"]},
    ReasonCode.SAME_SKILLS: {"labels": ["Comptabilité associative"], "said": ["comptes d’une association"]},
    ReasonCode.TRANSLATED_SKILLS: {"labels": ["Comptabilité associative"], "said": ["Charity accounts"]},
    ReasonCode.NEAR_SKILLS: {"labels": ["Poterie", "Tableur"], "said": ["Poterie d’art", "Tableurs et bases"]},
    ReasonCode.MISSING_SKILLS: {"labels": ["Poterie"]},
    ReasonCode.MATCHED_WORDS: {"words": ["bilan", "budget"]},
    ReasonCode.TRANSLATED_WORDS: {"words": ["comptes", "paie"], "said": ["accounts", "payroll"]},
    ReasonCode.SIMILAR: {"words": ["bilan", "trésorerie"]},
    ReasonCode.HOURS_FIT: {"available": 18.5, "needed": 12.0},
    ReasonCode.HOURS_SHORT: {"available": 1.0, "needed": 12.0},
    ReasonCode.RECONFIRM_AVAILABILITY: {"confirmed_on": "2026-01-01"},
    ReasonCode.COMMON_SLOTS: {"slots": ["mon 18:00-20:30", "sun 22:00-24:00"], "hours": 4.5},
    ReasonCode.DISTANCE: {"km": 4.2},
    ReasonCode.LANGUAGES: {"languages": ["en", "fr"]},
    ReasonCode.HELD_BACK: {"part": "distance", "lost": 0.057},
}
FRENCH = {
    ReasonCode.MATCHED_SKILLS: "compétences en commun\u00a0: Comptabilité associative et Poterie",
    ReasonCode.SAME_SKILLS: "même compétence sous un autre nom\u00a0: Comptabilité associative "
    "(«\u202fcomptes d’une association\u202f» dans le profil)",
    ReasonCode.TRANSLATED_SKILLS: "même compétence dans une autre langue\u00a0: Comptabilité associative "
    "(«\u202fCharity accounts\u202f» dans le profil)",
    ReasonCode.MATCHED_WORDS: "mots en commun\u00a0: «\u202fbilan\u202f» et «\u202fbudget\u202f»",
    ReasonCode.TRANSLATED_WORDS: "mots en commun par traduction\u00a0: «\u202faccounts\u202f» pour "
    "«\u202fcomptes\u202f» et «\u202fpayroll\u202f» pour «\u202fpaie\u202f»",
    ReasonCode.SIMILAR: "proche des profils qui conviennent le mieux\u00a0: «\u202fbilan\u202f» et "
    "«\u202ftrésorerie\u202f»",
    ReasonCode.HOURS_FIT: "18 heures disponibles pour 12 demandées",
    ReasonCode.RECONFIRM_AVAILABILITY: "disponibilités indiquées le jeudi 1er janvier 2026, à confirmer",
    ReasonCode.COMMON_SLOTS: "libre aux mêmes moments\u00a0: lundi de 18\u00a0h à 20\u00a0h\u00a030, "
    "dimanche de 22\u00a0h à 0\u00a0h (4,5 heures en tout)",
    ReasonCode.DISTANCE: "à 4,2\u00a0km",
    ReasonCode.LANGUAGES: "langues en commun\u00a0: anglais et français",
    ReasonCode.HELD_BACK: "ce qui abaisse le plus le score\u00a0: la distance (6 points perdus sur 100)",
}
ABOUT_OTHERS = {ReasonCode.SIMILAR}
AGAINST_HER = {
    ReasonCode.HELD_BACK,
    ReasonCode.MISSING_SKILLS,
    ReasonCode.TEXT_ONLY_ZERO,
    ReasonCode.HOURS_SHORT,
    ReasonCode.ASK_HOURS,
    ReasonCode.ASK_TIMES,
    ReasonCode.RECONFIRM_AVAILABILITY,
    ReasonCode.NO_COMMON_SLOT,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_has_words(code: ReasonCode, language: str) -> None:
    words = reason_words.reason_in_words(language, {"code": code.value, **REASONS.get(code, {})})

    assert words
    assert "%(" not in words
    if language == "fr":
        assert words == FRENCH.get(code, words)


def test_a_reason_with_an_unknown_code_is_refused() -> None:
    with pytest.raises(ValueError, match="magic"):
        reason_words.reason_in_words("fr", {"code": "magic"})


def test_a_skill_that_reads_as_the_profile_says_it_is_told_beside_the_word_that_was_asked() -> None:
    reason = {"code": "translated_skills", "labels": ["Comptabilité associative"], "said": ["Non-profit accounting"]}

    words = reason_words.reason_in_words("en", reason)

    assert words == ("the same skill in another language: Non-profit accounting, asked as “Comptabilité associative”")


def test_whatever_can_hold_a_score_back_has_words() -> None:
    assert set(reason_words.HELD_BY) == set(Weights.names()) >= TOLD_LOSSES


def test_the_coordinator_is_told_every_reason_once() -> None:
    places = (Place.DESK_WHY, Place.DESK_AGAINST, Place.DESK_TO_ASK)
    told = [code for place in places for code in SHOWN[place]]

    assert sorted([*told, *BY_CHIPS]) == sorted(ReasonCode)


@pytest.mark.parametrize("place", [Place.ANSWER_PAGE, Place.INVITATION])
def test_a_volunteer_is_told_nothing_against_her_and_nothing_of_others(place: Place) -> None:
    assert not set(SHOWN[place]) & (AGAINST_HER | ABOUT_OTHERS)


def test_reasons_are_told_in_the_order_of_their_place() -> None:
    reasons = [{"code": "held_back", "part": "level", "lost": 0.04}, {"code": "distance", "km": 2}]
    reasons.append({"code": "matched_words", "words": ["bilan"]})

    words = reason_words.reasons_in_words("en", Place.DESK_WHY, reasons)

    assert words == ("words in common: “bilan”", "2 km away")
