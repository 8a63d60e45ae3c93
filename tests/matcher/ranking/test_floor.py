"""How good the ranking is on the small set graded by hand: it must not sink."""

from datetime import date
from pathlib import Path

from matcher.catalogue.ranked import ranked_skills
from matcher.ranking.measures import ndcg
from matcher.ranking.ranker import Ranker
from matcher.ranking.trials import read_sets

FOLDER = Path(__file__).parent / "graded"
FLOOR = 0.66


def test_the_people_graded_best_come_first() -> None:
    [small] = read_sets(str(FOLDER))
    ranker = Ranker(catalogue=ranked_skills()).fit(small.volunteers)

    scores = {}
    for need in small.needs:
        ranking = ranker.rank(need, today=date(2026, 11, 2), top=10)
        scores[need.id] = ndcg([one.volunteer_id for one in ranking.suggestions], small.grades[need.id]) or 0.0

    assert sum(scores.values()) / len(scores) >= FLOOR, dict(sorted(scores.items(), key=lambda item: item[1]))
