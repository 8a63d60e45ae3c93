"""What the parts add is the score: over seeded needs and people, under the weights of origin and under others."""

from datetime import date
from random import Random

import pytest

from matcher.ranking.ranker import Ranker
from matcher.ranking.records import CatalogueSkill
from matcher.ranking.score import WEIGHTS, Weights
from matcher.ranking.types import (
    Availability,
    Hours,
    Location,
    Mode,
    NeededSkill,
    NeedInput,
    OfferedSkill,
    Per,
    Schedule,
    VolunteerInput,
)

WORDS = (
    "comptes",
    "bilan",
    "paie",
    "site",
    "photo",
    "affiche",
    "jardin",
    "contrat",
    "subvention",
    "podcast",
    "tableur",
)
SKILLS = ("Comptabilité", "Bookkeeping", "Paie", "Dessin", "Photographie")
CATALOGUE = [CatalogueSkill("s1", {"fr": "Comptabilité", "en": "Bookkeeping"}, {})]
OTHER_WEIGHTS = Weights(text=0.1, skills=0.3, similar=0.05, availability=0.3, distance=0.15, language=0.05, level=0.05)
TODAY = date(2026, 11, 2)


def somewhere(random: Random) -> tuple[Location, ...]:
    return (Location(random.uniform(43, 50), random.uniform(-1, 6)),) if random.random() < 0.7 else ()


def person(random: Random, number: int) -> VolunteerInput:
    hours = Hours(random.randint(1, 20), random.choice(list(Per))) if random.random() < 0.7 else None
    return VolunteerInput(
        f"v{number}",
        headline=" ".join(random.choices(WORDS, k=random.randint(0, 5))),
        skills=tuple(OfferedSkill(each, random.choice([None, 1, 4])) for each in random.sample(SKILLS, k=2)),
        language=random.choice(["fr", "en", None]),
        languages=tuple(random.sample(["fr", "en"], k=random.randint(0, 2))),
        locations=somewhere(random),
        availability=Availability(hours),
    )


def need(random: Random, number: int) -> NeedInput:
    return NeedInput(
        f"n{number}",
        " ".join(random.choices(WORDS, k=random.randint(1, 4))),
        skills=tuple(NeededSkill(each) for each in random.sample(SKILLS, k=random.randint(0, 3))),
        language=random.choice(["fr", "en"]),
        working_languages=("fr",) if random.random() < 0.5 else (),
        mode=random.choice([None, *Mode]),
        locations=somewhere(random),
        schedule=Schedule(total_hours=random.choice([None, 12.0])),
    )


@pytest.mark.parametrize("weights", [WEIGHTS, OTHER_WEIGHTS])
def test_the_contributions_of_each_part_add_up_to_the_score(weights: Weights) -> None:
    random = Random(20261122)
    ranker = Ranker(weights, catalogue=CATALOGUE).fit([person(random, number) for number in range(60)])
    rankings = [ranker.rank(need(random, number), today=TODAY) for number in range(40)]
    suggestions = [one for ranking in rankings for one in ranking.suggestions]

    assert len(suggestions) > 400
    for one in suggestions:
        assert tuple(one.contributions) == Weights.names()
        assert abs(one.score - sum(one.contributions.values())) <= 1e-6
