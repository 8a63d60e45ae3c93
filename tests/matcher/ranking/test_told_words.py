"""The words that are told: strong ones that say something of a skill, translations as such, what the best share."""

from datetime import date

import pytest

from matcher.ranking.ranker import Ranker
from matcher.ranking.records import CatalogueSkill
from matcher.ranking.types import NeededSkill, NeedInput, OfferedSkill, Suggested, VolunteerInput

TODAY = date(2026, 11, 2)
CATALOGUE = [
    CatalogueSkill("s1", {"fr": "Comptabilité", "en": "Bookkeeping"}, {"fr": ("tenue de livres",)}),
    CatalogueSkill("s2", {"fr": "Paie", "en": "Payroll"}, {}),
    CatalogueSkill("s3", {"fr": "Bilan", "en": "Balance"}, {}),
    CatalogueSkill("s4", {"fr": "Trésorerie", "en": "Treasury"}, {}),
]


def told(need: NeedInput, *people: VolunteerInput, volunteer_id: str = "ana") -> dict[str, dict[str, object]]:
    """Return the reasons of one person by code, with their data."""
    ranking = Ranker(catalogue=CATALOGUE).fit(people).rank(need, today=TODAY)
    one: Suggested = next(each for each in ranking.suggestions if each.volunteer_id == volunteer_id)
    return {str(reason.code): dict(reason.data) for reason in one.reasons}


def test_a_skill_by_another_name_of_the_catalogue_is_told_as_the_same() -> None:
    need = NeedInput("n", "Nos comptes", skills=(NeededSkill("Comptabilité"),), language="fr")

    reasons = told(need, VolunteerInput("ana", skills=(OfferedSkill("Tenue de livres"),), language="fr"))

    assert reasons["same_skills"] == {"labels": ["Comptabilité"], "said": ["Tenue de livres"]}
    assert "translated_skills" not in reasons


def test_a_skill_of_a_profile_in_another_language_is_told_as_translated() -> None:
    need = NeedInput("n", "Nos comptes", skills=(NeededSkill("Comptabilité"),), language="fr")

    reasons = told(need, VolunteerInput("ana", skills=(OfferedSkill("Bookkeeping"),), language="en"))

    assert reasons["translated_skills"] == {"labels": ["Comptabilité"], "said": ["Bookkeeping"]}
    assert "same_skills" not in reasons


def test_a_word_found_by_translation_is_told_beside_the_word_of_the_profile() -> None:
    need = NeedInput("n", "Paie et bilan avec Django", language="fr")

    reasons = told(need, VolunteerInput("ana", "Payroll for charities, Django", language="en"))

    assert reasons["translated_words"] == {"words": ["paie"], "said": ["payroll"]}
    assert reasons["matched_words"] == {"words": ["django"]}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Comptable seule les dimanches, besoin d’aide en 2014"),
        ("en", "Bookkeeper alone on Sundays, help in 2014"),
    ],
)
def test_words_that_say_nothing_of_a_skill_are_not_told(language: str, text: str) -> None:
    reasons = told(NeedInput("n", text, language=language), VolunteerInput("ana", text, language=language))

    assert reasons["matched_words"] == {"words": [text.split(maxsplit=1)[0].lower()]}


def test_texts_that_share_only_untold_words_are_not_said_to_share_none() -> None:
    need = NeedInput("n", "Seule les dimanches", language="fr")

    reasons = told(need, VolunteerInput("ana", "Jardinier des dimanches", language="fr"))

    assert not {"matched_words", "text_only_zero"} & reasons.keys()


def test_texts_without_a_common_word_say_so() -> None:
    assert "text_only_zero" in told(NeedInput("n", "Reliure", language="fr"), VolunteerInput("ana", "Jardin"))


def test_what_the_best_profiles_share_is_told_where_four_others_have_it_and_the_need_does_not_say_it() -> None:
    need = NeedInput("n", "Comptabilité", language="fr")
    others = [VolunteerInput(f"v{n}", "Comptabilité, bilan et poterie", language="fr") for n in range(4)]
    ana = VolunteerInput("ana", "Comptabilité, bilan, trésorerie et dessin, ensemble", language="fr")

    reasons = told(need, ana, *others, VolunteerInput("z", "Jardin", language="fr"))

    assert reasons["similar"] == {"words": ["bilan"]}


def test_nobody_is_close_to_the_best_who_is_the_only_one() -> None:
    need = NeedInput("n", "Comptabilité", language="fr")

    reasons = told(need, VolunteerInput("ana", "Comptabilité, bilan", language="fr"), VolunteerInput("z", "Jardin"))

    assert "similar" not in reasons
