"""Weights learnt from decisions: a linear model that can only be moved from the present weights by evidence.

For a pair of one list, of whom the first was wanted and the second not fit, with part values x and y, the chance that
a coordinator so decides is taken to be 1 / (1 + exp(-v·(x - y))), v = scale · weights (pairwise logistic loss: Burges
et al., "Learning to rank using gradient descent", ICML 2005). v is the one minimum of a convex sum: the loss, a need
counting as many pairs as can be independent (people decided on, less one), plus strength / 2 times the squared length
of what of v does not point along the present weights. Every part keeps at least a hundredth, or what it has when that
is less: more of a part never lowers a score (monotone), and a part that is not silenced can still be learnt later.

Known bias: people shown first are read first and approved more. Pairs are made only of people on whom somebody decided
in one list, so the unread teach nothing; but who gets decided on still depends on the order of that day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import LinearConstraint, minimize
from scipy.special import expit

from matcher.ranking.examples import Comparisons, Example, comparisons, standing
from matcher.ranking.measures import LEVEL, SEED, Estimate
from matcher.ranking.replay import Agreement, Replay, measured, vector
from matcher.ranking.score import Floats, Weights

DECISIONS_NEEDED = 300
NEEDS_NEEDED = 20
STRENGTH = 10.0
LEAST_SHARE = 0.01
FOLDS = 5
REFITS = 200
WEIGHT_DECIMALS = 4
_FIRST_SCALE = 5.0
_LEAST_SCALE = 1e-2
_SCALE_RIDGE = 1e-4


class TooFewDecisions(ValueError):
    """There are fewer decisions that speak of fit than it takes to learn from them."""

    def __init__(self, n: int, needed: int) -> None:
        super().__init__(f"{n} decisions, {needed} are needed")
        self.n, self.needed = n, needed


class TooFewComparisons(ValueError):
    """In too few needs somebody was wanted and somebody else of the same list was found not fit."""

    def __init__(self, n: int, needed: int) -> None:
        super().__init__(f"{n} needs with people to compare, {needed} are needed")
        self.n, self.needed = n, needed


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights that were learnt, and what they would change.

    `shares` holds each weight with the interval of refits on resampled needs. `old`, `new` and `gains` are measured on
    needs that the weights tried on them had not learnt from.
    """

    prior: Weights
    weights: Weights
    shares: Mapping[str, Estimate]
    decisions: int
    needs: int
    pairs: int
    old: Mapping[Agreement, Estimate]
    new: Mapping[Agreement, Estimate]
    gains: Mapping[Agreement, Estimate]


def fit_weights(examples: Sequence[Example], *, prior: Weights, strength: float = STRENGTH) -> Fit:
    """Learn weights from decisions and compare them with the present ones; the same examples give the same weights.

    Raises TooFewDecisions and TooFewComparisons. Cost: REFITS + FOLDS + 1 fits, each linear in the pairs.

    Examples
    --------
    >>> from matcher.ranking.examples import Verdict
    >>> shown, said = ("ana", "bo"), (Verdict.WANTED, Verdict.UNFIT)
    >>> values = np.array([[0.9] + [0.1] * (len(Weights.names()) - 1), [0.1] + [0.9] * (len(Weights.names()) - 1)])
    >>> decided = [(f"n{number}", *each) for number in range(150) for each in zip(shown, said)]
    >>> fit = fit_weights([Example(*each, shown, values) for each in decided], prior=Weights())
    >>> fit.weights.text > Weights().text, fit.old[Agreement.PAIRS].mean, fit.new[Agreement.PAIRS].mean
    (True, 0.0, 1.0)
    """
    decided = standing(examples)
    if len(decided) < DECISIONS_NEEDED:
        raise TooFewDecisions(len(decided), DECISIONS_NEEDED)
    pairs = comparisons(decided)
    if len(pairs.need_ids) < NEEDS_NEEDED:
        raise TooFewComparisons(len(pairs.need_ids), NEEDS_NEEDED)
    problem = _Problem.of(pairs, vector(prior), strength)
    weights = _as_weights(problem.solved())
    old, new = _cross_validated(decided, prior, strength)
    return Fit(
        prior=prior,
        weights=weights,
        shares=_intervals(problem, weights),
        decisions=len(decided),
        needs=len({example.need_id for example in decided}),
        pairs=len(pairs),
        old=old.estimates(),
        new=new.estimates(),
        gains=new.gains(old),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Problem:
    """What is minimised: pairs, how much each counts, the present weights and how strongly they hold."""

    pairs: Comparisons
    counts: Floats
    prior: Floats
    strength: float

    @classmethod
    def of(cls, pairs: Comparisons, prior: Floats, strength: float) -> "_Problem":
        """Let each need count as many pairs as can be independent: n people make n - 1, whatever their pairs."""
        per_need = np.bincount(pairs.needs, minlength=len(pairs.need_ids))
        # A need with p pairs has at least 2·√p people: wanted times unfit is largest when they are as many.
        independent = np.minimum(per_need, 2 * np.sqrt(per_need) - 1)
        return cls(pairs, (independent / per_need)[pairs.needs], prior, strength)

    def resampled(self, times: Floats) -> "_Problem":
        """Return the problem in which each need stands so many times."""
        return _Problem(self.pairs, self.counts * times[self.pairs.needs], self.prior, self.strength)

    def solved(self) -> Floats:
        """Return the weights at the minimum, shape (n_parts,), summing to 1.

        They are the present ones where no weights at all would tell the wanted from the others.
        """
        least = np.minimum(LEAST_SHARE, self.prior)
        parts = len(self.prior)
        floor = LinearConstraint(np.eye(parts) - np.outer(least, np.ones(parts)), 0, np.inf)
        found = minimize(
            self._loss,
            _FIRST_SCALE * self.prior,
            jac=True,
            method="SLSQP",
            constraints=[floor],
            options={"maxiter": 500, "ftol": 1e-10},
        )
        point = np.maximum(np.asarray(found.x, dtype=float), 0)
        shares: Floats = point / point.sum() if point.sum() > _LEAST_SCALE else self.prior
        return shares

    def _loss(self, point: Floats) -> tuple[float, Floats]:
        """Return the loss and its gradient, both per pair that counts."""
        margins = self.pairs.differences @ point
        along = self.prior * (point @ self.prior) / (self.prior @ self.prior)
        astray = point - along
        total = self.counts.sum()
        loss = self.counts @ np.logaddexp(0, -margins)
        loss += self.strength / 2 * (astray @ astray) + _SCALE_RIDGE / 2 * (point @ point)
        gradient = -(self.counts * expit(-margins)) @ self.pairs.differences
        gradient = gradient + self.strength * astray + _SCALE_RIDGE * point
        return float(loss / total), gradient / total


def _intervals(problem: _Problem, weights: Weights) -> dict[str, Estimate]:
    random = np.random.default_rng(SEED)
    needs = len(problem.pairs.need_ids)
    drawn = random.multinomial(needs, np.full(needs, 1 / needs), size=REFITS)
    refits = np.array([problem.resampled(times.astype(float)).solved() for times in drawn])
    tail = 100 * (1 - LEVEL) / 2
    lows, highs = np.percentile(refits, [tail, 100 - tail], axis=0)
    rows = zip(Weights.names(), vector(weights).tolist(), lows.tolist(), highs.tolist(), strict=True)
    return {
        name: Estimate(share, round(low, WEIGHT_DECIMALS), round(high, WEIGHT_DECIMALS))
        for name, share, low, high in rows
    }


def _cross_validated(decided: Sequence[Example], prior: Weights, strength: float) -> tuple[Replay, Replay]:
    """Return the present weights and the learnt ones on all needs, each tried by weights that never saw it."""
    fold_of = {need_id: place % FOLDS for place, need_id in enumerate(sorted({one.need_id for one in decided}))}
    new: dict[Agreement, dict[str, float]] = {measure: {} for measure in Agreement}
    for fold in range(FOLDS):
        kept = [example for example in decided if fold_of[example.need_id] != fold]
        left_out = [example for example in decided if fold_of[example.need_id] == fold]
        learnt = _as_weights(_Problem.of(comparisons(kept), vector(prior), strength).solved())
        for measure, values in measured(left_out, learnt).items():
            new[measure].update(values)
    return Replay.of(measured(decided, prior)), Replay.of(new)


def _as_weights(shares: Floats) -> Weights:
    """Round; what rounding leaves over goes to the heaviest part."""
    rounded = dict(zip(Weights.names(), np.round(shares, WEIGHT_DECIMALS).tolist(), strict=True))
    heaviest = max(rounded, key=lambda name: rounded[name])
    rounded[heaviest] = round(1 - sum(share for name, share in rounded.items() if name != heaviest), WEIGHT_DECIMALS)
    return Weights(**rounded)
