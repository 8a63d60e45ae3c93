"""Rankers tried on graded needs: what each did for each need, and the summary with intervals; writes nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from matcher.ranking.contenders import Contender
from matcher.ranking.measures import MEASURES, NDCG_DEPTH, Estimate, Measure, Sample
from matcher.ranking.trials import GradedSet, Trial, trials
from matcher.ranking.types import NeedInput

NOBODY: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one ranker did for one need: its measures, the first people, and the ranks of the graded whom it listed."""

    need: NeedInput
    values: Mapping[Measure, float]
    first: tuple[str, ...]
    ranks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Result:
    """What one ranker did in one trial; a measure that no need could have is absent."""

    trial: Trial
    ranker: str
    outcomes: tuple[Outcome, ...]
    samples: Mapping[Measure, Sample]


@dataclass(frozen=True, slots=True)
class Row:
    """One ranker over one trial, or over the mean of several; the differences are against the first ranker."""

    over: str
    trials: tuple[str, ...]
    ranker: str
    estimates: Mapping[Measure, Estimate]
    differences: Mapping[Measure, Estimate]

    @property
    def is_mean(self) -> bool:
        """Whether this is a mean over several trials."""
        return len(self.trials) > 1


def results(sets: Sequence[GradedSet], rankers: Mapping[str, Contender]) -> Iterator[Result]:
    """Yield what each ranker does in each trial; a ranker is fitted once over the volunteers of each set.

    Examples
    --------
    >>> from datetime import date
    >>> from matcher.ranking.contenders import Setting, contenders
    >>> from matcher.ranking.types import VolunteerInput
    >>> people = (VolunteerInput("ana", "Comptable"), VolunteerInput("bo", "Jardinier"))
    >>> graded = GradedSet("small", (NeedInput("n1", "Un jardinier"),), people, {"n1": {"bo": 2}})
    >>> [result] = results([graded], contenders(["default"], Setting(date(2026, 11, 2))))
    >>> result.outcomes[0].ranks
    {'bo': 1}
    """
    every = trials(sets)
    for name, ranker in rankers.items():
        for graded in sets:
            ranker.fit(graded.volunteers)
            for trial in every:
                if trial.volunteers_of == graded.name:
                    yield _result(trial, name, ranker)


def in_order(found: Iterable[Result]) -> list[Result]:
    """Return the results by trial, those across languages last; rankers keep their order."""
    return sorted(found, key=lambda result: (result.trial.is_crossed, result.trial.name))


def summary(found: Iterable[Result]) -> list[Row]:
    """Return a row for each trial and ranker, then for the mean within a language and for that across languages."""
    by_trial: dict[str, list[Result]] = {}
    for result in in_order(found):
        by_trial.setdefault(result.trial.name, []).append(result)
    ordered = list(by_trial.values())
    rows = [row for group in ordered for row in _rows(group[0].trial.name, [[result] for result in group])]
    within = [group for group in ordered if not group[0].trial.is_crossed]
    across = [group for group in ordered if group[0].trial.is_crossed]
    for name, groups in (("within a language", within), ("across languages", across)):
        if len(groups) > 1:
            rows += _rows(f"mean of {len(groups)} {name}", list(zip(*groups, strict=True)))
    return rows


def left_out(result: Result) -> dict[Measure, int]:
    """Return how many needs were left out of each measure because they have nobody whom it could find."""
    counts = {measure: sum(measure not in one.values for one in result.outcomes) for measure in MEASURES}
    return {measure: count for measure, count in counts.items() if count}


def _rows(over: str, by_ranker: Sequence[Sequence[Result]]) -> Iterator[Row]:
    first = _means(by_ranker[0])
    for found in by_ranker:
        means = _means(found)
        differences = {} if found is by_ranker[0] else {m: means[m].minus(first[m]) for m in means}
        yield Row(
            over=over,
            trials=tuple(result.trial.name for result in found),
            ranker=found[0].ranker,
            estimates={measure: sample.estimate() for measure, sample in means.items()},
            differences={measure: sample.estimate() for measure, sample in differences.items()},
        )


def _means(found: Sequence[Result]) -> dict[Measure, Sample]:
    by_measure = {m: [result.samples[m] for result in found if m in result.samples] for m in MEASURES}
    return {measure: Sample.mean_of(samples) for measure, samples in by_measure.items() if samples}


def _result(trial: Trial, name: str, ranker: Contender) -> Result:
    outcomes = tuple(_outcome(need, ranker.order(need), trial.grades.get(need.id, NOBODY)) for need in trial.needs)
    by_measure = {m: {one.need.id: one.values[m] for one in outcomes if m in one.values} for m in MEASURES}
    samples = {measure: Sample.of(values) for measure, values in by_measure.items() if values}
    return Result(trial, name, outcomes, samples)


def _outcome(need: NeedInput, order: Sequence[str], grades: Mapping[str, int]) -> Outcome:
    found = {measure: compute(order, grades) for measure, compute in MEASURES.items()}
    return Outcome(
        need=need,
        values={measure: value for measure, value in found.items() if value is not None},
        first=tuple(order[:NDCG_DEPTH]),
        ranks={one: rank for rank, one in enumerate(order, start=1) if one in grades},
    )
