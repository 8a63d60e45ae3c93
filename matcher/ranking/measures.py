"""How good an order is against grades, and how sure that is: nDCG, MRR, recall and bootstrap intervals.

Knows neither files nor rankers. A measure is None for a need that has nobody whom it could find; such a need is left
out of the mean.
"""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from matcher.ranking.score import Floats

NDCG_DEPTH = 10
RECALL_DEPTH = 20
RELEVANT = 1
GOOD = 2
RESAMPLES = 10_000
LEVEL = 0.95
SEED = 20_261_102


class Measure(StrEnum):
    """The measures, by the names that they have in files."""

    NDCG = "ndcg_10"
    MRR = "mrr"
    RECALL = "recall_20"


def ndcg(order: Sequence[str], grades: Mapping[str, int], depth: int = NDCG_DEPTH) -> float | None:
    """Return the discounted gain of the first people over the best that was possible; None when nobody is graded.

    Gain 2^grade − 1, discount 1 / log2(rank + 1), ideal over all graded people: Järvelin and Kekäläinen,
    "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4), 2002, with the gain of Burges et al., ICML 2005.

    Examples
    --------
    >>> ndcg(["ana", "bo"], {"bo": 1})
    0.6309297535714575
    """
    ideal = _discounted(sorted(grades.values(), reverse=True)[:depth])
    return _discounted([grades.get(one, 0) for one in order[:depth]]) / ideal if ideal else None


def reciprocal_rank(order: Sequence[str], grades: Mapping[str, int]) -> float | None:
    """Return 1 / rank of the first person of grade 2 or more, 0 when none is listed; None when there is none.

    Its mean over needs is the MRR: Voorhees, "The TREC-8 question answering track report", 1999.

    Examples
    --------
    >>> reciprocal_rank(["ana", "bo", "cy"], {"ana": 1, "bo": 3})
    0.5
    """
    good = {one for one, grade in grades.items() if grade >= GOOD}
    if not good:
        return None
    return next((1 / rank for rank, one in enumerate(order, start=1) if one in good), 0.0)


def recall(order: Sequence[str], grades: Mapping[str, int], depth: int = RECALL_DEPTH) -> float | None:
    """Return the share of those of grade 1 or more who stand among the first, out of as many as can stand there.

    Examples
    --------
    >>> recall(["ana", "bo", "cy"], {"ana": 1, "cy": 2}, depth=2)
    0.5
    """
    relevant = {one for one, grade in grades.items() if grade >= RELEVANT}
    return len(relevant.intersection(order[:depth])) / min(depth, len(relevant)) if relevant else None


MEASURES: Mapping[Measure, Callable[[Sequence[str], Mapping[str, int]], float | None]] = {
    Measure.NDCG: ndcg,
    Measure.MRR: reciprocal_rank,
    Measure.RECALL: recall,
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with the bounds of its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sample:
    """A mean over needs, and the same mean over resampled needs, shape (RESAMPLES,).

    Percentile bootstrap: Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7(1), 1979.
    The same needs are always resampled in the same way, so that rankers and variants compared on them are paired; other
    needs are resampled independently, so that a mean over sets is stratified by their needs.

    Examples
    --------
    >>> first, second = Sample.of({"n1": 0.2, "n2": 0.6}), Sample.of({"n1": 0.3, "n2": 0.7})
    >>> first.estimate()
    Estimate(mean=0.4, low=0.2, high=0.6)
    >>> second.minus(first).estimate()
    Estimate(mean=0.1, low=0.1, high=0.1)
    """

    mean: float
    resampled: Floats

    @classmethod
    def of(cls, values: Mapping[str, float]) -> "Sample":
        """Return the sample of the values of some needs, by id; at least one."""
        needs = tuple(sorted(values))
        column = np.array([values[need] for need in needs])
        return cls(float(column.mean()), _shares(needs) @ column)

    @classmethod
    def mean_of(cls, samples: Sequence["Sample"]) -> "Sample":
        """Return the mean of several samples, each of the same weight whatever its number of needs."""
        resampled: Floats = np.mean([sample.resampled for sample in samples], axis=0)
        return cls(float(np.mean([sample.mean for sample in samples])), resampled)

    def minus(self, other: "Sample") -> "Sample":
        """Return the paired difference."""
        return Sample(self.mean - other.mean, self.resampled - other.resampled)

    def estimate(self) -> Estimate:
        """Return the mean and its interval, rounded to six decimals."""
        tail = 100 * (1 - LEVEL) / 2
        low, high = np.percentile(self.resampled, [tail, 100 - tail])
        return Estimate(round(self.mean, 6), round(float(low), 6), round(float(high), 6))


def _discounted(grades: Sequence[int]) -> float:
    return sum(float(2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


@lru_cache(maxsize=16)
def _shares(needs: tuple[str, ...]) -> Floats:
    """Return how much each need counts in each resample, shape (RESAMPLES, n_needs), rows summing to 1."""
    spelt = hashlib.sha256("\n".join(needs).encode()).digest()
    random = np.random.default_rng([SEED, int.from_bytes(spelt[:8])])
    counts = random.multinomial(len(needs), np.full(len(needs), 1 / len(needs)), size=RESAMPLES)
    shares: Floats = counts / len(needs)
    return shares
