"""What the parts add is the score: over seeded needs and people, under the weights of origin and under others."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from matcher.ranking.ranker import Ranker
from matcher.ranking.records import CatalogueSkill
from matcher.ranking.score import WEIGHTS, Weights
from matcher.ranking.types import NeedInput, OfferedSkill, VolunteerInput
from tests.matcher.ranking.drawn import a_need, a_person

ENGLISH = OfferedSkill("Bookkeeping", 4)
CATALOGUE = [CatalogueSkill("s1", {"fr": "Comptabilité", "en": ENGLISH.label}, {})]
OTHER_WEIGHTS = Weights(text=0.1, skills=0.3, similar=0.05, availability=0.3, distance=0.15, language=0.05, level=0.05)
TODAY = date(2026, 9, 7)


def person(random: Random, number: int) -> VolunteerInput:
    """Somebody of either language, or who does not say which."""
    drawn = a_person(random, f"v{number}")
    language = random.choice(["fr", "en", None])
    return replace(drawn, language=language, skills=(*drawn.skills, ENGLISH) if language == "en" else drawn.skills)


def need(random: Random) -> NeedInput:
    """A need of either language."""
    return replace(a_need(random), language=random.choice(["fr", "en"]))


@pytest.mark.parametrize("weights", [WEIGHTS, OTHER_WEIGHTS])
def test_the_contributions_of_each_part_add_up_to_the_score(weights: Weights) -> None:
    random = Random(20261122)
    ranker = Ranker(weights, catalogue=CATALOGUE).fit([person(random, number) for number in range(60)])
    rankings = [ranker.rank(need(random), today=TODAY) for _ in range(40)]
    suggestions = [one for ranking in rankings for one in ranking.suggestions]

    assert len(suggestions) > 400
    for one in suggestions:
        assert tuple(one.contributions) == Weights.names()
        assert abs(one.score - sum(one.contributions.values())) <= 1e-6
