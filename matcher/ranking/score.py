"""The formula of the score, its weights and its neutral values: the only place where they stand.

    score = sum over the parts of  weight of the part · value of the part

Each part lies between 0 and 1 and the weights sum to 1, so the score lies between 0 and 1.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DECIMALS = 9
_SUM_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts; they sum to 1."""

    text: float = 0.36
    skills: float = 0.18
    similar: float = 0.12
    availability: float = 0.18
    distance: float = 0.08
    language: float = 0.04
    level: float = 0.04

    def __post_init__(self) -> None:
        """Refuse weights that are negative or do not sum to 1."""
        values = asdict(self).values()
        if not min(values) >= 0 or not abs(sum(values) - 1) <= _SUM_TOLERANCE:
            raise ValueError("weights must be positive and sum to 1")

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the parts, in order."""
        return tuple(part.name for part in fields(cls))

    def named(self) -> list[tuple[str, float]]:
        """Return each part's name with its weight, in order."""
        return [(name, getattr(self, name)) for name in self.names()]

    def fingerprint(self) -> str:
        """Return a short name that is the same for the same weights.

        Examples
        --------
        >>> Weights().fingerprint() == Weights(text=0.36).fingerprint()
        True
        """
        return hashlib.sha256(repr(sorted(asdict(self).items())).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Neutral:
    """The value of a part of which one side says nothing: above no fit, below a full one."""

    text: float = 0.05
    skills: float = 0.10
    similar: float = 0.05
    availability: float = 0.50
    distance: float = 0.50
    language: float = 0.50
    level: float = 0.50


WEIGHTS = Weights()
NEUTRAL = Neutral()


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts for every volunteer by name, each of shape (n_volunteers,) and between 0 and 1."""

    values: Mapping[str, Floats]
    weights: Weights = field(default=WEIGHTS)

    def scores(self) -> Floats:
        """Return the scores, shape (n_volunteers,), rounded so that equal people are exactly equal.

        Examples
        --------
        >>> one = np.ones(1)
        >>> Parts({name: one * (name == "text") for name in Weights.names()}).scores()
        array([0.36])
        """
        total = sum(weight * np.asarray(self.values[name], dtype=float) for name, weight in self.weights.named())
        scores: Floats = np.round(np.asarray(total, dtype=float), DECIMALS)
        return scores

    def contributions(self, row: int) -> dict[str, float]:
        """Return what each part adds to the score of one volunteer; they sum to it within 1e-9."""
        return {name: weight * float(self.values[name][row]) for name, weight in self.weights.named()}
