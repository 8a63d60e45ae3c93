"""Decisions replayed under candidate weights: how well an order made from the frozen parts agrees with people.

Three measures, each a mean over needs with its bootstrap interval. `agreement` is the one to go by: it compares only
people on whom somebody decided. The other two treat those on whom nobody decided as not wanted, and so favour the
weights under which the lists were made: whoever stands first is read first and approved more often (position bias).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matcher.ranking.examples import Example, Verdict, comparisons, standing
from matcher.ranking.measures import Estimate, Sample, ndcg
from matcher.ranking.score import DECIMALS, Floats, Weights


class Agreement(StrEnum):
    """The measures by the names that they are stored under."""

    PAIRS = "agreement"  # share of the pairs in which the person who was wanted stands before the one who was not fit
    NDCG = "ndcg"  # of those wanted, in the whole list that was shown
    MEAN_RANK = "mean_rank"  # of those wanted in that list: the lower the better


Values = Mapping[Agreement, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Replay:
    """What weights did on some decisions: a sample over needs for each measure that any need could have."""

    samples: Mapping[Agreement, Sample]

    @classmethod
    def of(cls, values: Values) -> "Replay":
        """Return the replay whose measures have these values, by need."""
        return cls({measure: Sample.of(by_need) for measure, by_need in values.items() if by_need})

    def estimates(self) -> dict[Agreement, Estimate]:
        """Return each measure with its interval."""
        return {measure: sample.estimate() for measure, sample in self.samples.items()}

    def gains(self, other: "Replay") -> dict[Agreement, Estimate]:
        """Return the paired difference to another replay of the same decisions."""
        return {measure: sample.minus(other.samples[measure]).estimate() for measure, sample in self.samples.items()}


def replayed(examples: Sequence[Example], weights: Weights) -> Replay:
    """Return how well an order by these weights agrees with the decisions.

    Examples
    --------
    >>> shown = ("ana", "bo")
    >>> values = np.array([[0.9] * len(Weights.names()), [0.4] * len(Weights.names())])
    >>> verdicts = zip(shown, (Verdict.WANTED, Verdict.UNFIT))
    >>> examples = [Example("n1", person, verdict, shown, values) for person, verdict in verdicts]
    >>> replayed(examples, Weights()).estimates()[Agreement.PAIRS]
    Estimate(mean=1.0, low=1.0, high=1.0)
    """
    return Replay.of(measured(examples, weights))


def measured(examples: Iterable[Example], weights: Weights) -> Values:
    """Return the value of each measure for each need that can have it."""
    decided = standing(examples)
    column = vector(weights)
    lists = _last_lists(decided)
    orders = {need_id: _order(example, column) for need_id, (example, _wanted) in lists.items()}
    wanted = {need_id: people for need_id, (_example, people) in lists.items()}
    gains = {need_id: ndcg(order, dict.fromkeys(wanted[need_id], 1), len(order)) for need_id, order in orders.items()}
    return {
        Agreement.PAIRS: _agreements(decided, column),
        Agreement.NDCG: {need_id: gain for need_id, gain in gains.items() if gain is not None},
        Agreement.MEAN_RANK: {
            need_id: float(np.mean([order.index(person) + 1 for person in sorted(wanted[need_id])]))
            for need_id, order in orders.items()
        },
    }


def vector(weights: Weights) -> Floats:
    """Return weights as a vector, shape (n_parts,), in the order of `Weights.names()`."""
    return np.array([getattr(weights, name) for name in Weights.names()], dtype=float)


def _agreements(decided: Sequence[Example], column: Floats) -> dict[str, float]:
    """The share of right pairs in each need; equal scores are half right."""
    pairs = comparisons(decided)
    right = (np.sign(np.round(pairs.differences @ column, DECIMALS)) + 1) / 2
    counts = np.bincount(pairs.needs, minlength=len(pairs.need_ids))
    shares = np.bincount(pairs.needs, weights=right, minlength=len(pairs.need_ids)) / np.maximum(counts, 1)
    return dict(zip(pairs.need_ids, shares.tolist(), strict=True))


def _last_lists(decided: Sequence[Example]) -> dict[str, tuple[Example, set[str]]]:
    """The list on which each need's last approval was taken, and who of it was wanted."""
    wanted: dict[str, set[str]] = {}
    last: dict[str, Example] = {}
    for example in decided:
        if example.verdict is Verdict.WANTED:
            wanted.setdefault(example.need_id, set()).add(example.person)
            last[example.need_id] = example
    return {need_id: (example, wanted[need_id] & set(example.people)) for need_id, example in sorted(last.items())}


def _order(example: Example, column: Floats) -> list[str]:
    scores = np.round(example.values @ column, DECIMALS)
    return [example.people[row] for row in np.argsort(-scores, kind="stable")]
