"""What the best profiles have in common beyond the words of the need: soft relevance feedback.

The twenty profiles nearest to a need, each weighing a high power of its nearness over the best one's, make one more
query: people who are like those who fit best come up, even where the need names none of their words. Nobody's decision
enters, only texts. The weights fall smoothly, so that no count of "best profiles" has to be right.

Sources: Rocchio (1971) for the direction; Lavrenko and Croft, SIGIR 2001, for weighing by nearness.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from matcher.ranking.index import TextIndex
from matcher.ranking.score import NEUTRAL, Floats
from matcher.ranking.spaces import Vector, inverse

BEST = 20
SHARPNESS = 16


@dataclass(frozen=True, slots=True)
class Ground:
    """What the best profiles in one language have in common, shape (n_terms,), and how near they are to the best."""

    vector: Vector
    share: float


@dataclass(frozen=True, slots=True)
class CommonGround:
    """What the best profiles have in common, language by language: nobody is measured by words of another language."""

    by_language: Mapping[str | None, Ground]

    def similar(self, index: TextIndex) -> Floats:
        """Return how like each profile is to the best in its language, shape (n_profiles,); neutral where unknown."""
        found = np.full(len(index.languages), NEUTRAL.similar)
        for language, mine in index.writing_in.items():
            if (ground := self.by_language.get(language)) is not None:
                likeness = ground.share * np.sqrt(index.likeness_in(language, ground.vector))
                found = np.where(mine & ~index.is_silent, np.maximum(likeness, NEUTRAL.similar), found)
        return found


def common_ground(index: TextIndex, nearness: Floats) -> CommonGround:
    """Return, for each language of the profiles, what those nearest to a need have in common.

    Parameters
    ----------
    nearness : array of shape (n_profiles,)
        How near each profile is by its own words and skills, 0 where neither says anything.

    Examples
    --------
    >>> from matcher.ranking.index import Profile
    >>> index = TextIndex.fit([Profile("comptable", "fr"), Profile("jardinier", "fr")])
    >>> common_ground(index, np.array([0.5, 0.0])).similar(index).round(3).tolist()
    [1.0, 0.05]
    """
    best = float(nearness.max(initial=0.0))
    found = {}
    for language, mine in index.writing_in.items():
        near = np.where(mine, nearness, 0.0)
        if (nearest := float(near.max(initial=0.0))) > 0:
            found[language] = Ground(_common(index, near, nearest), nearest / best)
    return CommonGround(found)


def _common(index: TextIndex, nearness: Floats, nearest: float) -> Vector:
    least = np.partition(nearness, -BEST)[-BEST] if len(nearness) > BEST else 0.0
    rows = np.flatnonzero((nearness >= least) & (nearness > 0))
    weights = (nearness[rows] / nearest) ** SHARPNESS
    return _mean(index.rows[rows], weights / weights.sum(), index.model.vectorizer.widths)


def _mean(rows: csr_array, weights: Floats, widths: list[int]) -> Vector:
    """Return the weighted mean of rows, each space of each row and of the mean having length 1, shape (n_terms,)."""
    ends = np.cumsum(widths)
    of_row = np.repeat(np.arange(len(weights)), np.diff(rows.indptr))
    places = of_row * len(ends) + np.searchsorted(ends, rows.indices, side="right")
    data = rows.data.astype(np.float64)
    sizes = np.sqrt(np.bincount(places, weights=data**2, minlength=len(weights) * len(ends)))
    shares = np.repeat(weights, len(ends)) * inverse(sizes)
    mean = np.bincount(rows.indices, weights=data * shares[places], minlength=int(ends[-1]))
    spaces = np.split(mean, ends[:-1])
    found: Vector = np.concatenate([each * inverse(np.sqrt((each**2).sum(keepdims=True))) for each in spaces])
    return found.astype(np.float32)
