"""What the best profiles have in common beyond the words of the need: soft relevance feedback.

The twenty profiles nearest to a need, each weighing a high power of its nearness over the best one's, make one more
query: people who are like those who fit best come up, even where the need names none of their words. Nobody's decision
enters, only texts. The weights fall smoothly, so that no count of "best profiles" has to be right.

Sources: Rocchio (1971) for the direction; Lavrenko and Croft, SIGIR 2001, for weighing by nearness.
"""

from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array

from matcher.ranking.index import TextIndex
from matcher.ranking.score import Floats
from matcher.ranking.spaces import Vector, inverse, lengths, scaled

BEST = 20
SHARPNESS = 16


def feedback(index: TextIndex, nearness: Floats) -> Vector | None:
    """Return what the profiles nearest to a need have in common, shape (n_terms,); None where no profile is near.

    Parameters
    ----------
    nearness : array of shape (n_profiles,)
        How near each profile is by its own words and skills, 0 where neither says anything.

    Examples
    --------
    >>> from matcher.ranking.index import Profile
    >>> index = TextIndex.fit([Profile("comptable", "fr"), Profile("jardinier", "fr")])
    >>> index.likeness(feedback(index, np.array([0.5, 0.0]))).round(3).tolist()
    [1.0, 0.0]
    """
    best = float(nearness.max(initial=0.0))
    if best <= 0:
        return None
    least = np.partition(nearness, -BEST)[-BEST] if len(nearness) > BEST else 0.0
    rows = np.flatnonzero((nearness >= least) & (nearness > 0))
    weights = (nearness[rows] / best) ** SHARPNESS
    return common(index.rows[rows], weights / weights.sum(), index.model.vectorizer.widths)


def common(rows: csr_array, weights: Floats, widths: list[int]) -> Vector:
    """Return the weighted mean of rows, each space of each row and of the mean having length 1, shape (n_terms,)."""
    edges = np.cumsum([0, *widths])
    means = []
    for first, last in pairwise(edges.tolist()):
        space = csr_array(rows[:, first:last])
        mean = scaled(space, inverse(lengths(space))).T @ weights
        size = float(np.sqrt((mean**2).sum()))
        means.append(mean / size if size > 0 else mean)
    found: Vector = np.concatenate(means).astype(np.float32)
    return found
