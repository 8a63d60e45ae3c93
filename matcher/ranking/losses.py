"""The needs for which a ranker lost most, to be read by eye: who was missed, and who stood in their place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from matcher.ranking.contenders import need_text, volunteer_text
from matcher.ranking.evaluation import NOBODY, Outcome, Result
from matcher.ranking.measures import NDCG_DEPTH, Measure
from matcher.ranking.trials import GradedSet, Grades

MOST_NEEDS = 20
MOST_LETTERS = 120


def loss_records(found: Iterable[Result], sets: Sequence[GradedSet]) -> Iterator[dict[str, object]]:
    """Yield, for each trial and ranker, the needs of lowest nDCG@10 as they are written, the lowest first.

    Examples
    --------
    >>> from matcher.ranking.trials import Trial
    >>> from matcher.ranking.types import NeedInput, VolunteerInput
    >>> people = (VolunteerInput("ana", "Comptable"), VolunteerInput("bo", "Jardinier"))
    >>> graded = GradedSet("small", (NeedInput("n1", "Potager"),), people, {"n1": {"bo": 2}})
    >>> outcome = Outcome(graded.needs[0], {Measure.NDCG: 0.63}, ("ana", "bo"), {"bo": 2})
    >>> result = Result(Trial("small", graded.needs, "small", "small", graded.grades), "default", (outcome,), {})
    >>> [record] = loss_records([result], [graded])
    >>> record["title"], record["ndcg_10"], record["missed"]
    ('Potager', 0.63, [])
    """
    people = {graded.name: {person.id: person for person in graded.volunteers} for graded in sets}
    for result in found:
        texts = {key: _opening(volunteer_text(person)) for key, person in people[result.trial.volunteers_of].items()}
        worst = sorted(
            (one for one in result.outcomes if one.values.get(Measure.NDCG, 1.0) < 1),
            key=lambda one: (one.values[Measure.NDCG], one.need.id),
        )
        for outcome in worst[:MOST_NEEDS]:
            yield {"set": result.trial.name, "ranker": result.ranker, **_record(outcome, result.trial.grades, texts)}


def _record(outcome: Outcome, by_need: Mapping[str, Grades], texts: Mapping[str, str]) -> dict[str, object]:
    grades = by_need.get(outcome.need.id, NOBODY)
    missed = sorted(grades.keys() - set(outcome.first), key=lambda one: (-grades[one], one))[:NDCG_DEPTH]
    best = max((grades[one] for one in missed), default=0)
    instead = [one for one in outcome.first if grades.get(one, 0) < best]
    ranks = {**outcome.ranks, **{one: rank for rank, one in enumerate(outcome.first, start=1)}}

    def told(one: str) -> dict[str, object]:
        return {"volunteer_id": one, "grade": grades.get(one, 0), "rank": ranks.get(one), "text": texts[one]}

    return {
        "need_id": outcome.need.id,
        "title": outcome.need.title,
        "text": _opening(need_text(outcome.need)),
        "ndcg_10": round(outcome.values[Measure.NDCG], 6),
        "missed": [told(one) for one in missed],
        "instead": [told(one) for one in instead],
    }


def _opening(text: str) -> str:
    return " ".join(text.split())[:MOST_LETTERS]
