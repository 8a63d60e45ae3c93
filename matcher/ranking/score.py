"""The formula of the score, its weights and its neutral values: the only place where they stand.

    score = weights.text · text + weights.skills · skills
          + weights.availability · availability + weights.distance · distance

Each part lies between 0 and 1 and the weights sum to 1, so the score lies between 0 and 1. No part depends on the
other volunteers who answer a need, so one volunteer's scores can be compared from need to need.
"""

from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DECIMALS = 9


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts; they sum to 1."""

    text: float = 0.45
    skills: float = 0.25
    availability: float = 0.20
    distance: float = 0.10

    def __post_init__(self) -> None:
        """Refuse weights that are negative or do not sum to 1."""
        values = asdict(self).values()
        if min(values) < 0 or abs(sum(values) - 1) > 1e-9:
            raise ValueError("weights must be positive and sum to 1")


@dataclass(frozen=True, slots=True)
class Neutral:
    """The value of a part of which one side says nothing: above no fit, below a full one."""

    text: float = 0.05
    skills: float = 0.10
    availability: float = 0.50
    distance: float = 0.50


WEIGHTS = Weights()
NEUTRAL = Neutral()


@dataclass(frozen=True, slots=True)
class Parts:
    """The four parts for every volunteer, each of shape (n_volunteers,) and between 0 and 1."""

    text: Floats
    skills: Floats
    availability: Floats
    distance: Floats
    weights: Weights = field(default=WEIGHTS)

    def scores(self) -> Floats:
        """Return the scores, shape (n_volunteers,), rounded so that equal people are exactly equal.

        Examples
        --------
        >>> one = np.ones(1)
        >>> Parts(text=one, skills=one, availability=one * 0.5, distance=one * 0.5).scores()
        array([0.85])
        """
        w = self.weights
        total = w.text * self.text + w.skills * self.skills
        total = total + w.availability * self.availability + w.distance * self.distance
        scores: Floats = np.round(total, DECIMALS)
        return scores

    def contributions(self, row: int) -> dict[str, float]:
        """Return what each part adds to the score of one volunteer; they sum to it within 1e-9."""
        return {
            "text": self.weights.text * float(self.text[row]),
            "skills": self.weights.skills * float(self.skills[row]),
            "availability": self.weights.availability * float(self.availability[row]),
            "distance": self.weights.distance * float(self.distance[row]),
        }
