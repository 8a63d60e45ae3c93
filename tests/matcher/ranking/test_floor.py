"""How good the ranking is on a small set graded by hand: it must not sink."""

import json
import math
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from matcher.ranking.ranker import Ranker
from matcher.ranking.records import need_from, volunteer_from
from matcher.ranking.schema import Fields
from matcher.ranking.types import Ranking

GRADED = json.loads((Path(__file__).parent / "graded.json").read_text(encoding="utf-8"))
FLOOR = 0.93


def gain(grades: list[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades[:10]))


def ndcg(ranking: Ranking, grades: Mapping[str, int]) -> float:
    found = [grades.get(suggested.volunteer_id, 0) for suggested in ranking.suggestions]
    return gain(found) / gain(sorted(grades.values(), reverse=True))


def test_the_people_graded_best_come_first() -> None:
    ranker = Ranker().fit(volunteer_from(Fields({"id": key, **fields})) for key, fields in GRADED["volunteers"].items())

    scores = {}
    for record in GRADED["needs"]:
        fields = {name: value for name, value in record.items() if name != "grades"}
        need = need_from(Fields({"id": record["title"], **fields}))
        scores[need.title] = ndcg(ranker.rank(need, today=date(2026, 11, 2)), record["grades"])

    assert sum(scores.values()) / len(scores) >= FLOOR, scores
